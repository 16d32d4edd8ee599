//! The curve as a picture (SVG 1.1): honest mail flagged, on a scale of powers of ten, against
//! spam found. It can be read on white and on black, and by someone who sees no colours: lines
//! differ in their dashes too.

use super::corpus::{Corpus, Kind, Part};
use super::figures::scores;
use super::roc::curve;
use std::fmt::Write as _;

/// The least share of false alarms that is shown.
const LEAST: f64 = 0.0001;
/// The picture, and the curve's place in it, in pixels.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 44.0;
const RIGHT: f64 = 744.0;
const BOTTOM: f64 = 420.0;

/// Colours and dashes that can be told apart (Okabe and Ito's palette, made readable on both).
const STROKES: [(&str, &str); 8] = [
    ("currentColor", ""),
    ("#0b7fc4", ""),
    ("#d55e00", "6 3"),
    ("#00946b", "2 3"),
    ("#b8639a", "10 3 2 3"),
    ("#b98a00", "12 4"),
    ("#3fa2d6", "4 2 1 2"),
    ("#8a8f98", "1 2"),
];

/// A line of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// Shares of honest mail flagged and of spam found, from 0 to 1, in order.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// One for all spam, and one for each folder of it, against all honest mail; `suffix` is put
    /// behind their names.
    pub fn of(corpus: &Corpus, suffix: &str) -> Vec<Curve> {
        let ham = scores(corpus, Kind::Ham);
        let mut curves = vec![Curve {
            name: format!("all{suffix}"),
            points: curve(&ham, &scores(corpus, Kind::Spam)),
        }];
        for folder in &corpus.folders {
            if folder.kind == Kind::Spam && folder.part != Part::Aside {
                let scores: Vec<f64> = folder.messages.iter().map(|one| one.score).collect();
                curves.push(Curve {
                    name: format!("{}{suffix}", folder.name),
                    points: curve(&ham, &scores),
                });
            }
        }
        curves
    }
}

/// The picture of these lines.
pub fn plot(curves: &[Curve]) -> String {
    let mut svg = String::new();
    frame(&mut svg);
    for (place, curve) in curves.iter().enumerate() {
        let stroke = STROKES.iter().cycle().nth(place);
        let (colour, dashes) = stroke.copied().unwrap_or(("currentColor", ""));
        let points: Vec<String> = steps(&curve.points)
            .into_iter()
            .map(|(flagged, found)| format!("{:.1},{:.1}", across(flagged), up(found)))
            .collect();
        let stroke = format!(r#"stroke="{colour}" stroke-dasharray="{dashes}""#);
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            r#"<polyline class="curve" {stroke} points="{}"/>"#,
            points.join(" ")
        );
        let y = TOP + 14.0 + 18.0 * place as f64;
        let _ = writeln!(
            svg,
            r#"<line class="curve" {stroke} x1="{x1}" y1="{y}" x2="{x2}" y2="{y}"/><text x="{x3}" y="{y4}">{}</text>"#,
            escaped(&curve.name),
            x1 = LEFT + 12.0,
            x2 = LEFT + 44.0,
            x3 = LEFT + 52.0,
            y4 = y + 4.0,
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn frame(svg: &mut String) {
    let _ = write!(
        svg,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">
<title>Spam found against honest mail flagged</title>
<style>
svg {{ color: #1b1f24; background: #ffffff; font: 13px system-ui, sans-serif; }}
text {{ fill: currentColor; }}
.grid {{ stroke: currentColor; stroke-opacity: 0.15; }}
.curve {{ fill: none; stroke-width: 2; }}
@media (prefers-color-scheme: dark) {{ svg {{ color: #e6e9ee; background: #14171b; }} }}
</style>
<text x="{LEFT}" y="26" font-weight="600">Spam found against honest mail flagged</text>
"##
    );
    for share in [0.0001, 0.001, 0.005, 0.01, 0.1, 1.0] {
        let x = across(share);
        let _ = writeln!(
            svg,
            r#"<line class="grid" x1="{x:.1}" y1="{TOP}" x2="{x:.1}" y2="{BOTTOM}"/><text x="{x:.1}" y="{y}" text-anchor="middle">{} %</text>"#,
            share * 100.0,
            y = BOTTOM + 18.0
        );
    }
    for tenth in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let y = up(tenth);
        let _ = writeln!(
            svg,
            r#"<line class="grid" x1="{LEFT}" y1="{y:.1}" x2="{RIGHT}" y2="{y:.1}"/><text x="{x}" y="{t:.1}" text-anchor="end">{:.0} %</text>"#,
            tenth * 100.0,
            x = LEFT - 8.0,
            t = y + 4.0
        );
    }
    let middle = (LEFT + RIGHT) / 2.0;
    let _ = writeln!(
        svg,
        r#"<text x="{middle}" y="{y}" text-anchor="middle">honest mail flagged</text>"#,
        y = BOTTOM + 42.0
    );
}

/// The corners of the line, which is level between scores; the part below the least share that is
/// shown begins at the edge.
fn steps(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    let mut last = (0.0, 0.0);
    for point in points {
        let edge = f64::max(point.0, LEAST);
        if edge > LEAST || point.0 == 0.0 {
            corners.push((edge, last.1));
        }
        corners.push((edge, point.1));
        last = *point;
    }
    corners
}

fn across(share: f64) -> f64 {
    let decades = (share.max(LEAST) / LEAST).log10();
    LEFT + (RIGHT - LEFT) * decades / (1.0 / LEAST).log10()
}

fn up(share: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * share
}

fn escaped(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c if c.is_control() => safe.push('\u{FFFD}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::bound::tests::corpus;
    use super::*;

    #[test]
    fn the_scale_is_one_of_powers_of_ten() {
        assert_eq!(
            (across(0.0), across(0.0001), across(1.0)),
            (LEFT, LEFT, RIGHT)
        );
        assert!((across(0.01) - (LEFT + RIGHT) / 2.0).abs() < 1e-9);
        assert_eq!((up(0.0), up(1.0)), (BOTTOM, TOP));
    }

    #[test]
    fn a_line_a_folder_of_spam_and_one_for_all() {
        let names: Vec<String> = Curve::of(&corpus(), ", bare")
            .into_iter()
            .map(|curve| curve.name)
            .collect();
        assert_eq!(names, ["all, bare", "spam/a, bare", "spam/b, bare"]);
    }

    #[test]
    fn every_tag_is_closed_and_no_name_writes_into_the_picture() {
        let odd = Curve {
            name: "a & <b>\u{7}".into(),
            points: vec![(0.0, 0.0), (0.5, 0.7), (1.0, 1.0)],
        };
        let svg = plot(&[odd, Curve::of(&corpus(), "").remove(0)]);
        assert!(svg.contains("a &amp; &lt;b&gt;\u{FFFD}"));
        let mut open: Vec<&str> = Vec::new();
        for tag in svg.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let name = tag.split([' ', '/', '\n']).find(|part| !part.is_empty());
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) => assert_eq!(open.pop(), name, "{svg}"),
                (_, true) => (),
                _ => open.push(name.unwrap()),
            }
        }
        assert!(open.is_empty(), "{open:?}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        assert!(svg.contains("prefers-color-scheme: dark"));
    }
}
