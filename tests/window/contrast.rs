//! Every letter that is drawn can be read on what really lies under it, on every page and in both
//! themes: at least 4.5:1, an icon at least 3:1 (WCAG 2.2). What the palette promises pair by pair
//! is measured beside it; here it is seen that pages keep to such pairs.

use super::everywhere::all;
use super::place::SIZE;
use eframe::egui::epaint::{Mesh, Shape, TextShape};
use eframe::egui::{Color32, Frame as EguiFrame, Pos2, Rect, Rgba, RichText, Theme};
use egui_kittest::Harness;
use postsweep::gui::font;
use std::collections::BTreeSet;

const TEXT: f32 = 4.5;
const ICON: f32 = 3.0;

/// Something that covers a part of the window.
struct Fill {
    number: usize,
    clip: Rect,
    what: What,
}

enum What {
    Rect(Rect, Color32),
    Path(Vec<Pos2>, Color32),
    Mesh(Mesh),
}

/// A letter, at its middle.
struct Letter {
    number: usize,
    at: Pos2,
    letter: char,
    colour: Color32,
    says: String,
}

#[derive(Default)]
struct Frame {
    number: usize,
    fills: Vec<Fill>,
    letters: Vec<Letter>,
}

impl Frame {
    fn of<S>(window: &Harness<'_, S>) -> Frame {
        let mut frame = Frame::default();
        for clipped in &window.output().shapes {
            frame.gather(clipped.clip_rect, &clipped.shape);
        }
        frame
    }

    fn gather(&mut self, clip: Rect, shape: &Shape) {
        self.number += 1;
        let number = self.number;
        let what = match shape {
            Shape::Vec(shapes) => {
                for shape in shapes {
                    self.gather(clip, shape);
                }
                return;
            }
            Shape::Text(text) => return self.text(clip, text),
            Shape::Rect(rect) => What::Rect(rect.rect, rect.fill),
            Shape::Circle(circle) => What::Rect(circle.visual_bounding_rect(), circle.fill),
            Shape::Path(path) => What::Path(path.points.clone(), path.fill),
            Shape::Mesh(mesh) => What::Mesh((**mesh).clone()),
            _ => return,
        };
        self.fills.push(Fill { number, clip, what });
    }

    fn text(&mut self, clip: Rect, text: &TextShape) {
        for placed in &text.galley.rows {
            let from = text.pos + placed.pos.to_vec2();
            let mesh = &placed.row.visuals.mesh;
            // What is marked within a text lies below its letters.
            let mut ground = mesh.clone();
            ground
                .indices
                .truncate(placed.row.visuals.glyph_index_start);
            ground.translate(from.to_vec2());
            self.number += 1;
            let number = self.number;
            let what = What::Mesh(ground);
            self.fills.push(Fill { number, clip, what });
            for glyph in &placed.row.glyphs {
                let Some(vertex) = mesh.vertices.get(glyph.first_vertex as usize) else {
                    continue;
                };
                let at = from + glyph.logical_rect().center().to_vec2();
                if glyph.chr.is_whitespace() || glyph.uv_rect.is_nothing() || !clip.contains(at) {
                    continue;
                }
                let colour = match (text.override_text_color, vertex.color) {
                    (Some(colour), _) => colour,
                    (None, Color32::PLACEHOLDER) => text.fallback_color,
                    (None, colour) => colour,
                };
                self.letters.push(Letter {
                    number,
                    at,
                    letter: glyph.chr,
                    colour: colour.gamma_multiply(text.opacity_factor),
                    says: text.galley.text().chars().take(40).collect(),
                });
            }
        }
    }

    /// What lies at a point under what was drawn as the `number`th.
    fn ground(&self, at: Pos2, number: usize) -> Color32 {
        let below = self.fills.iter().take_while(|fill| fill.number <= number);
        let colours = below.filter_map(|fill| fill.colour(at));
        colours.fold(Color32::BLACK, |ground, over| ground.blend(over))
    }

    /// Whether something lies over a letter: it is hidden, or waits behind what must be answered.
    fn is_covered(&self, letter: &Letter) -> bool {
        let above = self.fills.iter().rev();
        let mut above = above.take_while(|fill| fill.number > letter.number);
        above.any(|fill| fill.colour(letter.at).is_some())
    }
}

impl Fill {
    fn colour(&self, at: Pos2) -> Option<Color32> {
        if !self.clip.contains(at) {
            return None;
        }
        let colour = match &self.what {
            What::Rect(rect, colour) if rect.contains(at) => *colour,
            What::Path(points, colour) if is_within(points, at) => *colour,
            What::Mesh(mesh) => mesh.indices.chunks_exact(3).find_map(|corners| {
                let corners = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize]);
                let points = corners.map(|corner| corner.pos);
                is_within(&points, at).then_some(corners[0].color)
            })?,
            _ => return None,
        };
        (colour.a() > 0).then_some(colour)
    }
}

/// Whether a point lies within a shape (by how often its edge is crossed on the way out).
fn is_within(points: &[Pos2], at: Pos2) -> bool {
    let ends = points.iter().cycle().skip(1);
    let edges = points.iter().zip(ends);
    let crossed = edges.filter(|(from, to)| {
        let is_beside = (from.y > at.y) != (to.y > at.y);
        is_beside && at.x < (to.x - from.x) * (at.y - from.y) / (to.y - from.y) + from.x
    });
    crossed.count() % 2 == 1
}

fn contrast(one: Color32, other: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let linear = Rgba::from(colour);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Letters of private use are the icons of the window: `shown` marks those of a message.
fn least(letter: char) -> f32 {
    match letter {
        '\u{E000}'..='\u{F8FF}' => ICON,
        _ => TEXT,
    }
}

/// Every pair that is drawn of a letter and what lies under it, with what can be read too badly.
fn faults<S>(window: &Harness<'_, S>) -> (usize, BTreeSet<String>) {
    let frame = Frame::of(window);
    let (mut measured, mut known, mut faults) = (0, BTreeSet::new(), BTreeSet::new());
    for letter in frame.letters.iter().filter(|one| !frame.is_covered(one)) {
        let ground = frame.ground(letter.at, letter.number);
        let (colour, least) = (ground.blend(letter.colour), least(letter.letter));
        measured += 1;
        if !known.insert((colour.to_array(), ground.to_array(), least == ICON)) {
            continue;
        }
        let is = contrast(colour, ground);
        if is < least {
            let says = &letter.says;
            faults.insert(format!("{colour:?} on {ground:?} is {is:.2}: “{says}”"));
        }
    }
    (measured, faults)
}

#[test]
fn every_letter_that_is_drawn_can_be_read_on_what_lies_under_it() {
    let (mut all_faults, mut letters) = (Vec::new(), 0);
    all(SIZE, &mut |page, window| {
        for theme in [Theme::Dark, Theme::Light] {
            window.ctx.set_theme(theme);
            window.run_ok();
            let (measured, faults) = faults(window);
            letters += measured;
            all_faults.extend(
                faults
                    .iter()
                    .map(|fault| format!("{page}, {theme:?}: {fault}")),
            );
        }
    });
    assert!(letters > 50_000, "{letters} letters");
    assert!(all_faults.is_empty(), "{}", all_faults.join("\n"));
}

#[test]
fn what_cannot_be_read_is_found_by_what_it_really_lies_on() {
    let grey = Color32::from_gray;
    let drawn = |text: Color32, fill: Color32, marked: Color32| {
        let builder = Harness::builder().with_context_setup(font::install);
        let window = builder.build_ui(move |ui| {
            EguiFrame::new().fill(fill).show(ui, |ui| {
                let words = RichText::new("words").color(text);
                ui.label(words.background_color(marked))
            });
        });
        faults(&window).1.len()
    };
    let none = Color32::TRANSPARENT;
    assert_eq!(drawn(grey(255), grey(40), none), 0);
    assert_eq!(drawn(grey(120), grey(40), none), 1);
    assert_eq!(drawn(grey(255), grey(255), none), 1);
    assert_eq!(drawn(grey(255), grey(255), grey(20)), 0);
    assert_eq!(drawn(grey(255), grey(20), grey(255)), 1);
    let half = Color32::from_white_alpha(128);
    assert_eq!(drawn(grey(255), grey(20), half), 1);
}
