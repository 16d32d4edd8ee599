//! The main pages, light and dark, look as they did: each is compared with its picture in
//! `tests/window/snapshots`. `POSTSWEEP_WRITE_SNAPSHOTS=1 cargo test --test window snapshots` draws
//! the pictures anew; where one differs, what is drawn now and what differs are left in
//! `target/screenshots`. The clock stands still, and only the window's own fonts are used, so that
//! the pictures are the same on any day and on any machine.

use super::place::{Place, SIZE, drawn_with, settle};
use super::raster::{Picture, Textures};
use eframe::egui::{Color32, Theme};
use egui_kittest::Harness;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use postsweep::gui::state::{Page, accounts, history, lists, review};
use postsweep::gui::{App, Command, Intent, Start, clock, font};
use postsweep::job::{self, Done, Moves};
use postsweep::settings::{Field, List, Places};
use postsweep::verdict::Purpose;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A part of a colour that differs by more than this is seen; rounding never differs by as much.
const SEEN: u8 = 48;
/// Fewer pixels than this may differ so: a sign or two that another processor rounds elsewhere.
const FEW: usize = 100;
/// By more than this no pixel of a plain colour differs unless the colour was changed.
const TINT: u8 = 6;
/// The share of the pixels that may, at the edges of letters.
const EDGES: f32 = 0.02;
/// Colours of a picture, which is all that a window without photographs needs.
const COLOURS: usize = 256;
/// Of those, the ones that are most of it.
const PLAIN: usize = 64;

type Window = Harness<'static, App>;

/// A window whose pictures are the same everywhere.
fn still(start: Start) -> (Window, Textures) {
    let at: Timestamp = "2026-11-22T09:41:00Z".parse().unwrap();
    clock::stand_still(at.to_zoned(TimeZone::UTC));
    let (mut window, textures) = drawn_with(start, SIZE, 1.0, font::Loading::Never);
    let blinks = |style: &mut eframe::egui::Style| style.visuals.text_cursor.blink = false;
    window.ctx.all_styles_mut(blinks);
    settle(&mut window);
    (window, textures)
}

fn ask(window: &mut Window, intent: impl Into<Intent>) {
    super::everywhere::ask(window, intent);
}

/// Compares what the window shows, in both themes, with its picture.
fn compare(window: &mut Window, textures: &Textures, name: &str) {
    let mut faults = Vec::new();
    for (theme, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window.ctx.set_theme(theme);
        window.run_ok();
        faults.extend(differs(
            &textures.picture(window),
            &format!("{name}-{word}"),
        ));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn differs(now: &Picture, name: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stored = root.join(format!("tests/window/snapshots/{name}.png"));
    if std::env::var_os("POSTSWEEP_WRITE_SNAPSHOTS").is_some() {
        write(now, &stored);
    }
    let shots = root.join("target/screenshots");
    let left = |what: &str| shots.join(format!("snapshot-{name}-{what}.png"));
    let Some(before) = read(&stored) else {
        now.save(&left("now"));
        return Some(format!(
            "{name}: there is no {}; what is drawn is {}",
            stored.display(),
            left("now").display()
        ));
    };
    let said = compared(now, &before)?;
    now.save(&left("now"));
    difference(now, &before).save(&left("difference"));
    let (now, difference) = (left("now"), left("difference"));
    Some(format!(
        "{name}: {said}; see {} and {}. If it is meant: POSTSWEEP_WRITE_SNAPSHOTS=1",
        now.display(),
        difference.display()
    ))
}

/// By how much two colours differ, where they differ most.
fn apart(one: Color32, other: Color32) -> u8 {
    let parts = one.to_array().into_iter().zip(other.to_array());
    parts.map(|(a, b)| a.abs_diff(b)).max().unwrap_or_default()
}

/// How two pictures differ, if anybody can see it.
fn compared(now: &Picture, before: &Picture) -> Option<String> {
    if (now.width, now.height) != (before.width, before.height) {
        return Some("its size is another".to_owned());
    }
    let pairs = || now.pixels.iter().zip(&before.pixels);
    let more_than = |least: u8| pairs().filter(|(a, b)| apart(**a, **b) > least).count();
    let (seen, tinted) = (more_than(SEEN), more_than(TINT));
    let most = (now.pixels.len() as f32 * EDGES) as usize;
    (seen > FEW || tinted > most).then(|| format!("{seen} pixels differ, {tinted} a little"))
}

/// What is drawn now, pale, and in red what differs.
fn difference(now: &Picture, before: &Picture) -> Picture {
    let pixel = |at: usize| {
        let (a, b) = (now.pixels[at], before.pixels.get(at));
        match b.is_none_or(|b| apart(a, *b) > TINT) {
            true => Color32::from_rgb(220, 0, 0),
            false => Color32::from_gray(160 + a.g() / 3),
        }
    };
    Picture {
        width: now.width,
        height: now.height,
        pixels: (0..now.pixels.len()).map(pixel).collect(),
    }
}

fn read(path: &Path) -> Option<Picture> {
    let file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
    let mut decoder = png::Decoder::new(file);
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let pixels = bytes[..info.buffer_size()].chunks_exact(3);
    Some(Picture {
        width: info.width as usize,
        height: info.height as usize,
        pixels: pixels
            .map(|rgb| Color32::from_rgb(rgb[0], rgb[1], rgb[2]))
            .collect(),
    })
}

/// Writes it in the colours that are most of it; plain ones are exact.
fn write(picture: &Picture, path: &Path) {
    let mut counts: HashMap<Color32, usize> = HashMap::new();
    for pixel in &picture.pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<(usize, [u8; 4])> = counts
        .iter()
        .map(|(colour, count)| (*count, colour.to_array()))
        .collect();
    colours.sort_unstable_by(|a, b| b.cmp(a));
    let mut others: Vec<(u8, Color32)> = colours
        .into_iter()
        .map(|(_, [r, g, b, _])| (u8::MAX, Color32::from_rgb(r, g, b)))
        .collect();
    let mut palette = Vec::new();
    while palette.len() < COLOURS && !others.is_empty() {
        // Plain colours, and then always the one that is farthest from those there are.
        let next = match palette.len() < PLAIN {
            true => 0,
            false => (0..others.len()).max_by_key(|at| others[*at].0).unwrap(),
        };
        let (_, colour) = others.remove(next);
        palette.push(colour);
        for (least, other) in &mut others {
            *least = (*least).min(apart(*other, colour));
        }
    }
    let nearest = |colour: Color32| {
        let places = 0..palette.len();
        places.min_by_key(|at| apart(palette[*at], colour)).unwrap() as u8
    };
    let places: HashMap<Color32, u8> = counts.keys().map(|one| (*one, nearest(*one))).collect();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut encoder = png::Encoder::new(file, picture.width as u32, picture.height as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let rgb = palette.iter().flat_map(|one| [one.r(), one.g(), one.b()]);
    encoder.set_palette(rgb.collect::<Vec<u8>>());
    let mut writer = encoder.write_header().unwrap();
    let bytes: Vec<u8> = picture.pixels.iter().map(|one| places[one]).collect();
    writer.write_image_data(&bytes).unwrap();
}

#[test]
fn the_pages_of_whoever_has_no_account() {
    let place = Place::new("");
    let (mut window, textures) = still(Start::of(place.places()));
    compare(&mut window, &textures, "welcome");
    ask(&mut window, Command::AddMailbox);
    let typed = accounts::Ask::Typed(Field::Address, "pat@gmail.com".to_owned());
    ask(&mut window, Intent::Accounts(typed));
    compare(&mut window, &textures, "account");
}

#[test]
fn a_sweep_that_goes_on() {
    let place = Place::new(super::sweep::TWO);
    let (mut window, textures) = still(Start::of(place.places()));
    super::sweep::pretend(&mut window);
    compare(&mut window, &textures, "sweep");
}

#[test]
fn the_hits_of_the_sample_mail() {
    let demo = super::place::swept_sample();
    let folder = demo.folder.clone();
    let (mut window, textures) = still(Start::demo(demo));
    ask(&mut window, Command::Go(Page::Review));
    ask(&mut window, Intent::Review(review::Ask::Select(1)));
    compare(&mut window, &textures, "review");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_report_and_what_was_done() {
    let (place, hits) = super::swept::swept(Moves::AtOnce);
    let (mut window, textures) = still(Start::of(place.places()));
    let items = [
        (hits[0], Purpose::Phishing),
        (hits[1], Purpose::Spam),
        (hits[2], Purpose::FalsePositive),
    ];
    window.state_mut().state_mut().report.pick(items);
    ask(&mut window, Command::Go(Page::Report));
    let report = &mut window.state_mut().state_mut().report;
    let mut draft = report.draft.as_deref().unwrap().clone();
    for letter in &mut draft.letters {
        let letter = &mut letter.letter;
        let names = letter.enclosures.iter_mut().map(|one| &mut one.name);
        for text in names.chain([&mut letter.body]) {
            *text = undated(text);
        }
    }
    report.draft = Some(draft.into());
    compare(&mut window, &textures, "report");
    ask(&mut window, Command::Send);
    ask(&mut window, Command::Go(Page::History));
    // As if all of it had been done at fixed times: what happens when is not tested here.
    let history = &mut window.state_mut().state_mut().history;
    let mut entries = history.entries.as_deref().unwrap().to_vec();
    for (number, entry) in entries.iter_mut().enumerate() {
        dated(entry, number);
    }
    history.take(entries);
    let entries = history.entries.clone().unwrap();
    let moved = entries.iter().find(|entry| !entry.standing().is_empty());
    let id = history::id_of(moved.unwrap());
    ask(&mut window, Intent::History(history::Ask::Select(id)));
    compare(&mut window, &textures, "history");
}

/// A text with one day in place of the one it was written on, and one reference.
fn undated(text: &str) -> String {
    let changes = [
        (r"\b\d{4}-\d\d-\d\d\b", "2026-11-22"),
        (r"-\d{8}-", "-20261122-"),
        (r"(report\d+-[a-z-]+)-[0-9a-f]{8}\b", "$1-0a1b2c3d"),
    ];
    changes
        .into_iter()
        .fold(text.to_owned(), |text, (from, to)| {
            let from = regex::Regex::new(from).unwrap();
            from.replace_all(&text, to).into_owned()
        })
}

/// An entry as if it was made so many hours ago, and took three seconds.
fn dated(entry: &mut job::Entry, hours: usize) {
    let at = |hours: usize| clock::now() - (hours as i64).hours();
    entry.at = at(hours * 5);
    match &mut entry.done {
        Done::Moved { messages, .. } | Done::Undone { messages } => {
            for message in messages {
                if let Some(reported) = &mut message.reported {
                    Arc::make_mut(reported).at = at(0);
                }
            }
        }
        Done::Swept(swept) => swept.took = Some(Duration::from_secs(3)),
        _ => {}
    }
}

#[test]
fn lists_rules_and_settings() {
    let place = Place::new(super::screenshots::FILLED);
    let (mut window, textures) = still(Start::of(place.places()));
    ask(&mut window, Command::Go(Page::Lists));
    let chosen = "*@seo-growth.example".to_owned();
    let choose = lists::Ask::Choose(List::Blocked, chosen);
    ask(&mut window, Intent::Lists(choose));
    compare(&mut window, &textures, "lists");
    ask(&mut window, Command::Go(Page::Settings));
    window.state_mut().state_mut().site.places = Places::within(&PathBuf::from("/home/pat"));
    compare(&mut window, &textures, "settings");
}

#[test]
fn a_word_or_a_colour_that_changes_is_seen_and_rounding_is_not() {
    let plain = |colour: Color32| Picture {
        width: 100,
        height: 100,
        pixels: vec![colour; 10_000],
    };
    let before = plain(Color32::from_gray(100));
    assert_eq!(compared(&plain(Color32::from_gray(103)), &before), None);
    assert!(compared(&plain(Color32::from_gray(110)), &before).is_some());
    let mut word = plain(Color32::from_gray(100));
    word.pixels[..FEW].fill(Color32::BLACK);
    assert_eq!(compared(&word, &before), None);
    word.pixels[..=FEW].fill(Color32::BLACK);
    assert!(compared(&word, &before).is_some());
}
