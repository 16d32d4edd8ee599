//! The other parts of the open hit: its text, what it carries, its headers and its source, as text.

use crate::gui::shown;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{Note, body, card, mono, small, strong};
use crate::job::{Content, Opened, ShownFile};
use crate::text;
use crate::text::window::review as words;
use eframe::egui::TextFormat;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Label, Ui};

/// The content, or a note that there is none.
fn content<'o>(ui: &mut Ui, opened: &'o Opened) -> Option<&'o Content> {
    match &opened.content {
        Ok(content) => {
            if content.is_cut {
                small(ui, words::CUT);
                ui.add_space(theme::SPACE_8);
            }
            Some(content)
        }
        Err(why) => {
            let why = shown::line(why, theme::NOTE_LETTERS);
            Note::info(words::NO_SAMPLE).why(&why).show(ui);
            None
        }
    }
}

/// What a reader sees of it.
pub fn text(ui: &mut Ui, opened: &Opened) {
    let Some(content) = content(ui, opened) else {
        return;
    };
    match content.text.trim() {
        "" => drop(small(ui, words::NO_TEXT)),
        text => paragraphs(ui, text, false),
    }
}

/// Long text in pieces, each laid out by itself and only where it is seen.
fn paragraphs(ui: &mut Ui, text: &str, is_mono: bool) {
    let (font, line) = match is_mono {
        true => (theme::mono(), theme::MONO_LINE),
        false => (theme::body(), theme::BODY_LINE),
    };
    let colour = palette(ui).ink;
    let shown = shown::body(text, theme::TEXT_LETTERS);
    let lines: Vec<&str> = shown.lines().collect();
    for piece in lines.chunks(theme::LINES_AT_ONCE) {
        let format = TextFormat {
            line_height: Some(line),
            ..TextFormat::simple(font.clone(), colour)
        };
        let mut job = LayoutJob::single_section(piece.join("\n"), format);
        job.wrap.break_anywhere = is_mono;
        ui.add(Label::new(job).wrap().selectable(true));
    }
}

/// What it carries.
pub fn attachments(ui: &mut Ui, opened: &Opened) {
    let Some(content) = content(ui, opened) else {
        return;
    };
    if content.attachments.is_empty() {
        small(ui, words::NO_ATTACHMENTS);
    }
    for file in &content.attachments {
        card(ui, |ui| attachment(ui, file));
        ui.add_space(theme::SPACE_8);
    }
}

fn attachment(ui: &mut Ui, file: &ShownFile) {
    let name = shown::line(&file.name, shown::LINE);
    strong(
        ui,
        if name.is_empty() {
            words::NO_NAME
        } else {
            &name
        },
    );
    let declared = shown::line(&file.media_type, theme::NAME_LETTERS);
    let facts = words::file(words::kind(file.kind), &declared, &text::size(file.size));
    small(ui, &facts);
    for mark in &file.marks {
        body(ui, words::mark(*mark));
    }
    if !file.inside.is_empty() {
        let names = words::inside(&file.inside);
        small(ui, &shown::line(&names, theme::SAYS_LETTERS));
    }
    for link in &file.links {
        mono(ui, &shown::line(link, theme::TARGET_LETTERS));
    }
}

/// Every header.
pub fn headers(ui: &mut Ui, opened: &Opened) {
    let Some(content) = content(ui, opened) else {
        return;
    };
    let p = palette(ui);
    for (name, value) in &content.headers {
        let format = |font, colour| TextFormat {
            line_height: Some(theme::MONO_LINE),
            ..TextFormat::simple(font, colour)
        };
        let mut job = LayoutJob::default();
        let name = shown::line(name, theme::NAME_LETTERS);
        job.append(&format!("{name}: "), 0.0, format(theme::mono(), p.soft));
        let value = shown::line(value, theme::TARGET_LETTERS);
        job.append(&value, 0.0, format(theme::mono(), p.ink));
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap().selectable(true));
        ui.add_space(theme::SPACE_4);
    }
}

/// The raw source.
pub fn source(ui: &mut Ui, opened: &Opened) {
    if let Some(content) = content(ui, opened) {
        paragraphs(ui, &content.source, true);
    }
}
