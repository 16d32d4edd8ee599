//! No word is cut off, and none lies on another, in any window that somebody may have: the
//! smallest, the usual, on a dense screen and with larger text.

use super::everywhere::{self, Look, Window};
use super::place::{SIZE, settle};
use eframe::egui::accesskit::Role;
use eframe::egui::epaint::{ClippedShape, Shape};
use eframe::egui::{
    Event, Modifiers, MouseWheelSource, MouseWheelUnit, Rect, TouchPhase, Vec2, vec2,
};
use egui_kittest::kittest::Queryable;
use postsweep::gui::theme;

/// What may overlap, in points: signs of two fonts touch without anybody seeing it.
const SLACK: f32 = 1.0;

/// A window in which everything must fit.
struct Fit {
    name: &'static str,
    /// Its size in points of the screen.
    size: Vec2,
    /// Pixels a point of the screen.
    scale: f32,
    /// The size of text.
    zoom: f32,
}

const FITS: [Fit; 10] = [
    Fit {
        name: "960×640",
        size: theme::SMALLEST,
        scale: 1.0,
        zoom: 1.0,
    },
    Fit {
        name: "1280×800",
        size: SIZE,
        scale: 1.0,
        zoom: 1.0,
    },
    Fit {
        name: "1280×800 at 2×",
        size: SIZE,
        scale: 2.0,
        zoom: 1.0,
    },
    Fit {
        name: "1920×1280, text at 200 %",
        size: vec2(1920.0, 1280.0),
        scale: 1.0,
        zoom: 2.0,
    },
    Fit {
        name: "1280×800, text at 150 %",
        size: SIZE,
        scale: 1.0,
        zoom: 1.5,
    },
    Fit {
        name: "960×640, text at 150 %",
        size: theme::SMALLEST,
        scale: 1.0,
        zoom: 1.5,
    },
    Fit {
        name: "960×640, text at 200 %",
        size: theme::SMALLEST,
        scale: 1.0,
        zoom: 2.0,
    },
    Fit {
        name: "1280×720",
        size: vec2(1280.0, 720.0),
        scale: 1.0,
        zoom: 1.0,
    },
    Fit {
        name: "1920×1080",
        size: vec2(1920.0, 1080.0),
        scale: 1.0,
        zoom: 1.0,
    },
    Fit {
        name: "3840×2160",
        size: vec2(3840.0, 2160.0),
        scale: 1.0,
        zoom: 1.0,
    },
];

/// A painted text: what is seen of its letters, and where it may be seen.
struct Painted {
    says: String,
    ink: Rect,
    clip: Rect,
    /// How many shapes were painted before it.
    number: usize,
}

/// All texts of the frame in front, with the places that were filled after them.
fn painted(window: &Window) -> (Vec<Painted>, Vec<(usize, Rect)>) {
    let screen = window.ctx.content_rect();
    let (mut texts, mut fills) = (Vec::new(), Vec::new());
    let shapes = &window.output().shapes;
    for (
        number,
        ClippedShape {
            clip_rect, shape, ..
        },
    ) in shapes.iter().enumerate()
    {
        gather(number, *clip_rect, shape, &mut texts, &mut fills);
    }
    // What lies under a veil is not read.
    let veil = fills.iter().rfind(|(_, rect)| rect.contains_rect(screen));
    if let Some((veil, _)) = veil {
        texts.retain(|text| text.number > *veil);
    }
    (texts, fills)
}

/// Every text that is painted in front.
pub fn texts(window: &Window) -> Vec<String> {
    let (texts, _) = painted(window);
    texts.into_iter().map(|text| text.says).collect()
}

fn gather(
    number: usize,
    clip: Rect,
    shape: &Shape,
    texts: &mut Vec<Painted>,
    fills: &mut Vec<(usize, Rect)>,
) {
    match shape {
        Shape::Vec(shapes) => {
            for shape in shapes {
                gather(number, clip, shape, texts, fills);
            }
        }
        Shape::Rect(rect) if rect.fill.a() > 0 => fills.push((number, rect.rect.intersect(clip))),
        Shape::Text(text) if text.galley.mesh_bounds.is_positive() => texts.push(Painted {
            says: text.galley.text().to_owned(),
            ink: text.galley.mesh_bounds.translate(text.pos.to_vec2()),
            clip,
            number,
        }),
        _ => {}
    }
}

/// Turns the wheel over a text, or over what is in sight beside it.
fn turn(window: &mut Window, text: &Painted, delta: Vec2) {
    let screen = window.ctx.content_rect();
    let at = text.clip.intersect(screen).center();
    let at = screen.shrink(theme::MENU_BAR).clamp(at);
    window.input_mut().events.extend([
        Event::PointerMoved(at),
        Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            source: MouseWheelSource::Unknown,
            delta,
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        },
    ]);
    settle(window);
}

/// Whether the wheel moves what is seen there.
fn scrolls(window: &mut Window, text: &Painted) -> bool {
    let before = places(window, text);
    let ways = [vec2(0.0, -30.0), vec2(0.0, 30.0), vec2(-30.0, 0.0)];
    let moved = ways.into_iter().any(|delta| {
        turn(window, text, delta);
        let moved = places(window, text) != before;
        if moved {
            turn(window, text, -delta);
        }
        moved
    });
    window.input_mut().events.push(Event::PointerGone);
    settle(window);
    moved
}

/// Whether the wheel brings into sight what is hidden of a text at its left and at its right.
fn scrolls_across(window: &mut Window, text: &Painted) -> bool {
    let [left, right] = hidden(window, text);
    turn(window, text, vec2(-30.0, 0.0));
    let at_right = right <= SLACK || hidden(window, text)[1] < right - SLACK;
    turn(window, text, vec2(30.0, 0.0));
    turn(window, text, vec2(30.0, 0.0));
    let at_left = left <= SLACK || hidden(window, text)[0] < left - SLACK;
    turn(window, text, vec2(-30.0, 0.0));
    window.input_mut().events.push(Event::PointerGone);
    settle(window);
    at_left && at_right
}

/// How much of a text is out of sight, at its left and at its right.
fn hidden(window: &Window, of: &Painted) -> [f32; 2] {
    let (texts, _) = painted(window);
    let same = texts.into_iter().filter(|text| text.says == of.says);
    same.fold([0.0; 2], |[left, right], text| {
        let (ink, clip) = (text.ink, text.clip);
        [
            left + (clip.left() - ink.left()).max(0.0),
            right + (ink.right() - clip.right()).max(0.0),
        ]
    })
}

fn places(window: &Window, of: &Painted) -> Vec<(String, Rect)> {
    let (texts, _) = painted(window);
    let same = texts.into_iter().filter(|text| text.says == of.says);
    same.map(|text| (text.says, text.ink)).collect()
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The places of the fields: what is typed there is moved with the caret.
fn fields(window: &Window) -> Vec<Rect> {
    let roles = [Role::TextInput, Role::MultilineTextInput];
    let fields = roles
        .into_iter()
        .flat_map(|role| window.query_all_by_role(role));
    fields.map(|field| field.rect().expand(SLACK)).collect()
}

fn cut_off(window: &mut Window, faults: &mut Vec<String>) {
    let (mut texts, _) = painted(window);
    let fields = fields(window);
    texts.retain(|text| !fields.iter().any(|field| field.contains_rect(text.clip)));
    let mut known: Vec<(Rect, bool, bool)> = Vec::new();
    for text in &texts {
        let (ink, clip) = (text.ink, text.clip.expand(SLACK));
        if clip.contains_rect(ink) {
            continue;
        }
        let is_wide = ink.left() < clip.left() || ink.right() > clip.right();
        let is_wide = is_wide && ink.intersects(clip);
        let mut before = known.iter();
        let before = before.find(|(of, wide, _)| (*of, *wide) == (text.clip, is_wide));
        let is_reached = before.map(|(_, _, reached)| *reached).unwrap_or_else(|| {
            let reached = match is_wide {
                true => scrolls_across(window, text),
                false => scrolls(window, text),
            };
            known.push((text.clip, is_wide, reached));
            reached
        });
        if is_reached {
            continue;
        }
        let says = shorten(&text.says);
        faults.push(format!("“{says}” at {ink:?} is cut off by {:?}", text.clip));
    }
}

fn overlapping(window: &Window, faults: &mut Vec<String>) {
    let (texts, fills) = painted(window);
    for (at, one) in texts.iter().enumerate() {
        for other in texts.iter().skip(at + 1) {
            let seen = one.ink.intersect(one.clip);
            let both = seen.intersect(other.ink.intersect(other.clip));
            if both.width() <= SLACK || both.height() <= SLACK {
                continue;
            }
            let between = one.number..other.number;
            let is_covered = fills
                .iter()
                .any(|(number, rect)| between.contains(number) && rect.contains_rect(both));
            if !is_covered {
                faults.push(format!(
                    "“{}” at {:?} lies on “{}” at {:?}",
                    shorten(&other.says),
                    other.ink,
                    shorten(&one.says),
                    one.ink
                ));
            }
        }
    }
}

/// Gives a window another size.
fn resize(window: &mut Window, fit: &Fit) {
    window.ctx.set_zoom_factor(fit.zoom);
    window
        .input_mut()
        .viewports
        .entry(eframe::egui::ViewportId::ROOT)
        .or_default()
        .native_pixels_per_point = Some(fit.scale);
    window.step();
    window.set_size(fit.size / fit.zoom);
    settle(window);
    let (is, meant) = (window.ctx.content_rect().size(), fit.size / fit.zoom);
    assert!((is - meant).length() < 1.0, "{}: {is:?}", fit.name);
    assert!((window.ctx.pixels_per_point() - fit.scale * fit.zoom).abs() < 0.01);
}

fn look(page: &str, window: &mut Window, all: &mut Vec<String>) {
    for fit in &FITS {
        resize(window, fit);
        let mut faults = Vec::new();
        overlapping(window, &mut faults);
        cut_off(window, &mut faults);
        let faults = faults.into_iter();
        all.extend(faults.map(|fault| format!("{page}, {}: {fault}", fit.name)));
    }
    resize(window, &FITS[1]);
}

fn fits(visit: fn(Vec2, Look<'_>)) {
    let mut faults = Vec::new();
    visit(SIZE, &mut |page, window| look(page, window, &mut faults));
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn nothing_is_cut_off_or_overlaps_without_an_account() {
    fits(everywhere::nobody);
}

#[test]
fn nothing_is_cut_off_or_overlaps_before_a_sweep() {
    fits(everywhere::unswept);
}

#[test]
fn nothing_is_cut_off_or_overlaps_once_hits_were_moved() {
    fits(everywhere::moved);
}

#[test]
fn nothing_is_cut_off_or_overlaps_from_a_sweep_to_a_report() {
    fits(everywhere::sampled);
}
