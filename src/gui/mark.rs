//! The mark of the program: an envelope on its way, three strokes behind it. The same lines make
//! the picture in the rail and the icon of the window; `assets/icon` holds them as SVG.

use super::theme;
use eframe::egui::{Color32, CornerRadius, Painter, Pos2, Rect, Stroke, pos2};

/// The side of the square in which the lines are given.
const SIDE: f32 = 36.0;
/// How thick they are.
const THICK: f32 = 2.0;
/// The square's corners.
const CORNER: f32 = 8.0;

/// Open lines, from point to point.
const LINES: [&[[f32; 2]]; 5] = [
    // The envelope, open where it comes from, and its flap.
    &[[13.4, 11.4], [28.0, 11.4], [28.0, 24.6], [14.6, 24.6]],
    &[[13.4, 11.4], [20.7, 18.0], [28.0, 11.4]],
    // What it leaves behind.
    &[[7.6, 15.0], [12.4, 15.0]],
    &[[9.8, 19.2], [15.4, 19.2]],
    &[[7.6, 23.4], [12.0, 23.4]],
];

/// Draws the mark into a square.
pub fn paint(painter: &Painter, square: Rect, ground: Color32, lines: Color32) {
    let scale = square.width() / SIDE;
    let corner = CornerRadius::same((CORNER * scale).round().clamp(0.0, 255.0) as u8);
    painter.rect_filled(square, corner, ground);
    let stroke = Stroke::new(THICK * scale, lines);
    for line in LINES {
        let points: Vec<Pos2> = line
            .iter()
            .map(|[x, y]| square.min + scale * pos2(*x, *y).to_vec2())
            .collect();
        for end in points.first().into_iter().chain(points.last()) {
            painter.circle_filled(*end, THICK * scale / 2.0, lines);
        }
        painter.add(eframe::egui::Shape::line(points, stroke));
    }
}

/// The mark as an icon of so many pixels a side: RGBA, rows from the top.
pub fn pixels(size: u32) -> Vec<u8> {
    let scale = SIDE / size as f32;
    let (ground, ink) = (theme::LIGHT.accent, theme::LIGHT.on_accent);
    let middles = |row: u32| (0..size).map(move |column| (column, row));
    (0..size)
        .flat_map(middles)
        .flat_map(|(column, row)| {
            let at = [(column as f32 + 0.5) * scale, (row as f32 + 0.5) * scale];
            let cover = |distance: f32| (0.5 - distance / scale).clamp(0.0, 1.0);
            let inside = cover(outside(at));
            let line = cover(to_lines(at) - THICK / 2.0);
            let mix = |ground: u8, ink: u8| {
                (f32::from(ground) + line * (f32::from(ink) - f32::from(ground))).round() as u8
            };
            [
                mix(ground.r(), ink.r()),
                mix(ground.g(), ink.g()),
                mix(ground.b(), ink.b()),
                (inside * 255.0).round() as u8,
            ]
        })
        .collect()
}

/// How far a point is outside of the rounded square; less than nothing inside.
fn outside([x, y]: [f32; 2]) -> f32 {
    let reach = SIDE / 2.0 - CORNER;
    let over = |at: f32| (at - SIDE / 2.0).abs() - reach;
    let (x, y) = (over(x), over(y));
    x.max(0.0).hypot(y.max(0.0)) + x.max(y).min(0.0) - CORNER
}

/// How far a point is from the nearest of the lines.
fn to_lines(at: [f32; 2]) -> f32 {
    let segments = LINES.iter().flat_map(|line| line.windows(2));
    let far = segments.filter_map(|ends| match ends {
        [from, to] => Some(to_segment(at, *from, *to)),
        _ => None,
    });
    far.fold(f32::INFINITY, f32::min)
}

fn to_segment([x, y]: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let ([x0, y0], [x1, y1]) = (from, to);
    let (dx, dy) = (x1 - x0, y1 - y0);
    let along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy);
    let along = along.clamp(0.0, 1.0);
    (x - x0 - along * dx).hypot(y - y0 - along * dy)
}

#[cfg(test)]
mod tests {
    use super::{LINES, pixels};

    #[test]
    fn the_icon_has_round_corners_and_white_lines_on_blue() {
        let size = 64;
        let pixels = pixels(size);
        assert_eq!(pixels.len(), 64 * 64 * 4);
        let at = |x: usize, y: usize| &pixels[(y * 64 + x) * 4..][..4];
        assert_eq!(at(0, 0)[3], 0);
        assert_eq!(at(4, 32), [0x1D, 0x4F, 0xA8, 255]);
        assert_eq!(at(40, 20), [255, 255, 255, 255]);
    }

    #[test]
    fn the_svg_has_the_same_lines() {
        let svg = include_str!("../../assets/icon/postsweep.svg");
        for line in LINES {
            let points = line.iter().map(|[x, y]| format!("{x} {y}"));
            let path = format!("M{}", points.collect::<Vec<_>>().join("L"));
            assert!(svg.contains(&path), "{path}");
        }
    }
}
