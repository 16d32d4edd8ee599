//! Draws what egui would have a graphics card draw: its triangles, on the processor, the same on
//! every machine. For screenshots and for tests that look at pixels.

use eframe::egui::epaint::{ClippedPrimitive, Primitive, Vertex};
use eframe::egui::{Color32, ImageData, Pos2, Rect, TextureId, TexturesDelta};
use egui_kittest::{Harness, TestRenderer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

/// The textures that the window has set so far.
#[derive(Debug, Clone, Default)]
pub struct Textures(Rc<RefCell<HashMap<TextureId, Texture>>>);

#[derive(Debug, Default)]
struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
}

impl TestRenderer for Textures {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let mut textures = self.0.borrow_mut();
        for (id, images) in delta.set.drain() {
            for image in images {
                let ImageData::Color(new) = &image.image;
                let texture = textures.entry(id).or_default();
                match image.pos {
                    None => {
                        texture.size = new.size;
                        texture.pixels = new.pixels.clone();
                    }
                    Some([left, top]) => {
                        for row in 0..new.size[1] {
                            let from = row * new.size[0];
                            let to = (top + row) * texture.size[0] + left;
                            texture.pixels[to..to + new.size[0]]
                                .copy_from_slice(&new.pixels[from..from + new.size[0]]);
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            textures.remove(&id);
        }
    }
}

/// A picture, row by row.
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Premultiplied.
    pub pixels: Vec<Color32>,
}

impl Textures {
    /// What the window shows now.
    pub fn picture<State>(&self, harness: &Harness<'_, State>) -> Picture {
        let output = harness.output();
        let scale = output.pixels_per_point;
        let size = harness.ctx.content_rect().size() * scale;
        let mut picture = Picture {
            width: size.x.round() as usize,
            height: size.y.round() as usize,
            pixels: Vec::new(),
        };
        picture.pixels = vec![Color32::BLACK; picture.width * picture.height];
        let textures = self.0.borrow();
        for ClippedPrimitive {
            clip_rect,
            primitive,
        } in harness.ctx.tessellate(output.shapes.clone(), scale)
        {
            let Primitive::Mesh(mesh) = primitive else {
                continue;
            };
            let Some(texture) = textures.get(&mesh.texture_id) else {
                continue;
            };
            let clip = Rect::from_min_max(
                (clip_rect.min.to_vec2() * scale).to_pos2(),
                (clip_rect.max.to_vec2() * scale).to_pos2(),
            );
            for corners in mesh.indices.chunks_exact(3) {
                let corner = |at: usize| {
                    let mut vertex: Vertex = mesh.vertices[corners[at] as usize];
                    vertex.pos = (vertex.pos.to_vec2() * scale).to_pos2();
                    vertex
                };
                picture.triangle([corner(0), corner(1), corner(2)], texture, clip);
            }
        }
        picture
    }
}

fn cross(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

impl Texture {
    /// The colour between pixels, by their shares.
    fn at(&self, uv: Pos2) -> [f32; 4] {
        let [width, height] = self.size;
        let x = (uv.x * width as f32 - 0.5).clamp(0.0, (width - 1) as f32);
        let y = (uv.y * height as f32 - 0.5).clamp(0.0, (height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let (across, down) = (x - left as f32, y - top as f32);
        let mut mixed = [0.0; 4];
        for (column, row, share) in [
            (left, top, (1.0 - across) * (1.0 - down)),
            (right, top, across * (1.0 - down)),
            (left, below, (1.0 - across) * down),
            (right, below, across * down),
        ] {
            let pixel = self.pixels[row * width + column].to_array();
            for (mixed, part) in mixed.iter_mut().zip(pixel) {
                *mixed += f32::from(part) * share;
            }
        }
        mixed
    }
}

impl Picture {
    fn triangle(&mut self, [a, mut b, mut c]: [Vertex; 3], texture: &Texture, clip: Rect) {
        let mut area = cross(a.pos, b.pos, c.pos);
        if area < 0.0 {
            std::mem::swap(&mut b, &mut c);
            area = -area;
        }
        if area == 0.0 {
            return;
        }
        let xs = [a.pos.x, b.pos.x, c.pos.x];
        let ys = [a.pos.y, b.pos.y, c.pos.y];
        let low =
            |of: [f32; 3], clip: f32| of.into_iter().fold(f32::MAX, f32::min).max(clip).max(0.0);
        let high = |of: [f32; 3], clip: f32, most: usize| {
            of.into_iter()
                .fold(f32::MIN, f32::max)
                .min(clip)
                .min(most as f32)
        };
        let (left, top) = (low(xs, clip.min.x), low(ys, clip.min.y));
        let right = high(xs, clip.max.x, self.width);
        let bottom = high(ys, clip.max.y, self.height);
        // An edge belongs to the triangle above or left of it, so that none is drawn twice.
        let owns = |from: Pos2, to: Pos2| to.y < from.y || (to.y == from.y && to.x > from.x);
        let edges = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
        // Most of a window is of one colour, which is looked up once.
        let is_flat = [&b, &c].iter().all(|v| v.uv == a.uv && v.color == a.color);
        let colour = |shares: [f32; 3]| {
            let mix = |of: fn(&Vertex) -> f32| {
                shares[0] * of(&a) + shares[1] * of(&b) + shares[2] * of(&c)
            };
            let texel = texture.at(Pos2::new(mix(|v| v.uv.x), mix(|v| v.uv.y)));
            let tint = [
                mix(|v| f32::from(v.color.r())),
                mix(|v| f32::from(v.color.g())),
                mix(|v| f32::from(v.color.b())),
                mix(|v| f32::from(v.color.a())),
            ];
            [0, 1, 2, 3].map(|part| tint[part] * texel[part] / 255.0)
        };
        let flat = is_flat.then(|| colour([1.0, 0.0, 0.0]));
        for y in (top.floor() as usize)..(bottom.ceil() as usize).min(self.height) {
            let (mut from, mut to) = (left, right);
            for (start, end) in edges {
                let slope = start.y - end.y;
                let at_left = cross(start, end, Pos2::new(left, y as f32 + 0.5));
                if slope > 0.0 {
                    from = from.max(left - at_left / slope - 1.0);
                } else if slope < 0.0 {
                    to = to.min(left - at_left / slope + 1.0);
                }
            }
            let last = (to.max(0.0).ceil() as usize).min(self.width);
            for x in (from.max(0.0).floor() as usize)..last {
                let middle = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
                if !clip.contains(middle) {
                    continue;
                }
                let parts = edges.map(|(from, to)| cross(from, to, middle));
                let is_inside = edges
                    .iter()
                    .zip(parts)
                    .all(|((from, to), part)| part > 0.0 || (part == 0.0 && owns(*from, *to)));
                if !is_inside {
                    continue;
                }
                let over = flat.unwrap_or_else(|| colour(parts.map(|part| part / area)));
                let pixel = &mut self.pixels[y * self.width + x];
                let below = pixel.to_array();
                let mut drawn = [0_u8; 4];
                for part in 0..4 {
                    let under = f32::from(below[part]) * (1.0 - over[3] / 255.0);
                    drawn[part] = (over[part] + under).round().clamp(0.0, 255.0) as u8;
                }
                let [r, g, b, a] = drawn;
                *pixel = Color32::from_rgba_premultiplied(r, g, b, a);
            }
        }
    }

    /// Writes it as a PNG.
    pub fn save(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let bytes: Vec<u8> = self
            .pixels
            .iter()
            .flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()])
            .collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&bytes).unwrap();
    }
}
