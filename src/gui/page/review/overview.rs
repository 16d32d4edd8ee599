//! Why a hit was found, where its links lead, the way it took and what its sender's domain says of
//! it. Everything is text: nothing of it can be opened.

use crate::gui::theme::{self, palette};
use crate::gui::widget::{Note, body, body_in, label, small};
use crate::gui::{clock as watch, shown};
use crate::job::{Content, Hop, HopKind, Method, Opened, Reason, ShownLink, Shows};
use crate::text::window::clock;
use crate::text::window::review as words;
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Color32, FontId, Label, Layout, Rect, Sense, TextFormat, Ui, UiBuilder, vec2,
};
use jiff::tz::TimeZone;

/// Draws it.
pub fn show(ui: &mut Ui, opened: &Opened) {
    // Titles are no taller than their words.
    ui.spacing_mut().interact_size.y = theme::BODY_LINE;
    why(ui, opened);
    match &opened.content {
        Ok(content) => {
            links(ui, content);
            path(ui, content);
            authentication(ui, content);
        }
        Err(why) => {
            ui.add_space(theme::SPACE_16);
            let why = shown::line(why, theme::NOTE_LETTERS);
            Note::info(words::NO_SAMPLE).why(&why).show(ui);
        }
    }
}

/// A title with a few words beside it.
fn title(ui: &mut Ui, name: &str, beside: &str) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        label(ui, name, theme::body_strong(), p.ink);
        label(ui, beside, theme::small(), p.faint);
    });
    ui.add_space(theme::SPACE_4);
}

fn why(ui: &mut Ui, opened: &Opened) {
    let p = palette(ui);
    title(ui, words::WHY, &words::adds_up(opened.score));
    for one in &opened.why.against {
        reason(ui, one, shown::line(&one.says, theme::SAYS_LETTERS), p.ink);
    }
    if opened.why.more > 0 {
        let weight = words::weight(opened.why.more_weight);
        weighed(ui, &weight, p.ink, |ui| {
            body(ui, &words::and_more(opened.why.more));
        });
    }
    for one in &opened.why.in_favour {
        let says = words::in_favour(&shown::line(&one.says, theme::SAYS_LETTERS));
        reason(ui, one, says, p.clean.text);
    }
    for note in &opened.why.notes {
        weighed(ui, "", p.ink, |ui| {
            small(ui, &shown::line(note, theme::SAYS_LETTERS));
        });
    }
}

fn reason(ui: &mut Ui, reason: &Reason, says: String, colour: Color32) {
    weighed(ui, &words::weight(reason.weight), colour, |ui| {
        body(ui, &says);
        if !reason.evidence.is_empty() {
            small(ui, &shown::line(&reason.evidence, theme::SAYS_LETTERS));
        }
    });
}

/// A weight at the left, and what it is for.
fn weighed(ui: &mut Ui, weight: &str, colour: Color32, says: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_12;
        let size = vec2(theme::REVIEW_WEIGHT, theme::BODY_LINE);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.set_min_width(theme::REVIEW_WEIGHT);
            label(ui, weight, theme::body_strong(), colour);
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            says(ui);
        });
    });
    ui.add_space(theme::SPACE_4);
}

fn links(ui: &mut Ui, content: &Content) {
    if content.links.is_empty() {
        return;
    }
    let p = palette(ui);
    ui.add_space(theme::SPACE_12);
    let number = content.links.len() + content.more_links;
    title(ui, words::LINKS, &words::links(number));
    for link in &content.links {
        let differs = link.shows == Shows::Elsewhere;
        if link.shows == Shows::Same {
            labelled(
                ui,
                words::SAME,
                theme::small(),
                p.faint,
                target(ui, link, false),
            );
        } else {
            let shown = shown::line(&link.shown, theme::SAYS_LETTERS);
            let format = TextFormat::simple(theme::small(), p.ink);
            let job = LayoutJob::single_section(shown, format);
            labelled(ui, words::SHOWS, theme::small(), p.faint, job);
            let (font, colour) = match differs {
                true => (theme::small_strong(), p.phishing.text),
                false => (theme::small(), p.faint),
            };
            labelled(ui, words::LEADS_TO, font, colour, target(ui, link, differs));
        }
        ui.add_space(theme::SPACE_4);
    }
    if content.more_links > 0 {
        small(ui, &words::and_more(content.more_links));
    }
}

/// Where a link leads, its host marked where it is another than what is shown.
fn target(ui: &Ui, link: &ShownLink, differs: bool) -> LayoutJob {
    let p = palette(ui);
    let plain = TextFormat::simple(theme::mono(), p.ink);
    let shown = shown::line(&link.target, theme::TARGET_LETTERS);
    let host = link.host.as_deref().filter(|_| differs);
    let mut job = LayoutJob::default();
    match host.and_then(|host| shown.split_once(host).map(|rest| (host, rest))) {
        Some((host, (before, after))) => {
            let marked = TextFormat {
                background: p.phishing.tint,
                ..TextFormat::simple(theme::mono(), p.phishing.text)
            };
            job.append(before, 0.0, plain.clone());
            job.append(host, 0.0, marked);
            job.append(after, 0.0, plain);
        }
        None => job.append(&shown, 0.0, plain),
    }
    job.wrap.break_anywhere = true;
    job
}

fn labelled(ui: &mut Ui, name: &str, font: FontId, colour: Color32, says: LayoutJob) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let size = vec2(theme::REVIEW_LINK, theme::MONO_LINE);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(theme::REVIEW_LINK);
            label(ui, name, font, colour);
        });
        ui.add(Label::new(says).wrap());
    });
}

fn path(ui: &mut Ui, content: &Content) {
    if content.path.is_empty() {
        return;
    }
    ui.add_space(theme::SPACE_12);
    let beside = content
        .handed_over_by
        .as_deref()
        .map_or_else(String::new, words::handed_over);
    title(ui, words::PATH, &beside);
    let zone = watch::zone();
    for hop in &content.path {
        line_of_path(ui, hop, &zone);
    }
}

fn line_of_path(ui: &mut Ui, hop: &Hop, zone: &TimeZone) {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::CHIP);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let is_handover = hop.kind == HopKind::Handover;
    if is_handover {
        let around = rect.expand2(vec2(theme::SPACE_8, 0.0));
        ui.painter().rect_filled(around, theme::RADIUS_CHIP, p.tint);
    }
    let colour = match hop.kind {
        HopKind::Claimed => p.faint,
        HopKind::Handover | HopKind::Own => p.ink,
    };
    let mut place = rect;
    let at = hop.at.map_or_else(String::new, |at| clock(at, zone));
    let row = |rect: Rect, layout| UiBuilder::new().max_rect(rect).layout(layout);
    let left = Layout::left_to_right(Align::Center);
    label(
        &mut ui.new_child(row(place, left)),
        &at,
        theme::small(),
        colour,
    );
    let right = match (hop.kind, hop.after) {
        (HopKind::Claimed, _) => words::NOT_VERIFIABLE.to_owned(),
        (HopKind::Handover, _) => words::YOUR_GATEWAY.to_owned(),
        (HopKind::Own, Some(after)) if after >= 0 => words::seconds(after),
        (HopKind::Own, _) => String::new(),
    };
    let at_right = Layout::right_to_left(Align::Center);
    let drawn = label(
        &mut ui.new_child(row(place, at_right)),
        &right,
        theme::small(),
        colour,
    );
    place.min.x += theme::REVIEW_TIME;
    place.max.x = (drawn.rect.left() - theme::SPACE_8).max(place.min.x);
    let ui = &mut ui.new_child(row(place, left));
    {
        let from = shown::line(&hop.from, theme::NAME_LETTERS);
        let by = shown::line(&hop.by, theme::NAME_LETTERS);
        let mut job = LayoutJob::default();
        let plain = TextFormat::simple(theme::small(), colour);
        match hop.kind {
            HopKind::Claimed => job.append(&words::claims(&from), 0.0, plain),
            HopKind::Handover => {
                let strong = TextFormat::simple(theme::small_strong(), colour);
                job.append(&from, 0.0, strong);
                job.append(&words::to(&by), 0.0, plain);
            }
            HopKind::Own => {
                job.append(&from, 0.0, plain.clone());
                job.append(&words::to(&by), 0.0, plain);
            }
        }
        ui.add(Label::new(job).truncate());
    }
}

fn authentication(ui: &mut Ui, content: &Content) {
    ui.add_space(theme::SPACE_12);
    let by = content.authenticated_by.as_deref();
    let by = by.map(|by| shown::line(by, theme::NAME_LETTERS));
    let beside = by.map_or_else(
        || words::NOT_RECORDED.to_owned(),
        |by| words::recorded_by(&by),
    );
    title(ui, words::AUTHENTICATION, &beside);
    let p = palette(ui);
    for found in &content.authentication {
        let method = match found.method {
            Method::Spf => "SPF",
            Method::Dkim => "DKIM",
            Method::Dmarc => "DMARC",
        };
        let domain = shown::line(&found.domain, theme::NAME_LETTERS);
        let says = words::authenticated(method, found.outcome, &domain);
        body_in(ui, &says, p.ink);
    }
}
