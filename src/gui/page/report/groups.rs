//! The chosen messages, in groups by where they go: each can be left out, and what was reported
//! before stands unticked with the day.

use super::{is_bad, outcome_word, word};
use crate::gui::act::report::open_groups;
use crate::gui::state::State;
use crate::gui::state::report::Ask;
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{self, Button, Chip, Mixed, Tick, Ticked, paint_cut, row_ground};
use crate::gui::{Intent, clock, icon, shown};
use crate::job::{Draft, DraftSample, Outcome, Standing};
use crate::text;
use crate::text::window::report as words;
use crate::verdict::Purpose;
use eframe::egui::{
    Align, Frame, Layout, Margin, Panel, Rect, Role, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use jiff::Timestamp;

/// A line of the list.
enum Line {
    Group(Purpose),
    Sample(usize),
    /// Room below the samples of a group.
    End,
}

/// Draws the list, and what stands under it.
pub fn show(ui: &mut Ui, state: &State, draft: &Draft, intents: &mut Vec<Intent>) {
    let p = palette(ui);
    let foot = Panel::bottom("report-list-foot").exact_size(theme::ROW_LIST);
    foot.resizable(false)
        .frame(
            Frame::NONE
                .fill(p.surface)
                .inner_margin(Margin::symmetric(16, 0)),
        )
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let at = ui.cursor().left_center() + vec2(theme::ICON_CHIP / 2.0, 0.0);
                let middle = pos2(at.x, ui.max_rect().center().y);
                icon::INFO.paint(ui.painter(), middle, theme::ICON_CHIP, false, p.soft);
                ui.add_space(theme::SPACE_20);
                let width = ui.available_width();
                let says = match state.report.is_over() {
                    true => words::ALL_WENT,
                    false => words::ONE_EACH,
                };
                widget::cut(ui, says, theme::small(), p.soft, width);
            });
        });
    let open = open_groups(state);
    let mut lines = Vec::new();
    for purpose in Purpose::ALL {
        let of_it = |(_, sample): &(usize, &DraftSample)| sample.chosen.purpose == purpose;
        let samples: Vec<usize> = draft
            .samples
            .iter()
            .enumerate()
            .filter(of_it)
            .map(|(at, _)| at)
            .collect();
        if samples.is_empty() {
            continue;
        }
        lines.push(Line::Group(purpose));
        if open.contains(&purpose) {
            lines.extend(samples.into_iter().map(Line::Sample));
            lines.push(Line::End);
        }
    }
    let heights: Vec<f32> = lines
        .iter()
        .map(|line| match line {
            Line::Group(_) => theme::ROW_GROUP,
            Line::Sample(_) => theme::ROW_SAMPLE,
            Line::End => theme::SPACE_8,
        })
        .collect();
    let others = lines.iter().enumerate();
    let others = others.filter(|(_, line)| !matches!(line, Line::Group(_)));
    let list = Mixed::new(words::LIST, &heights).heads(others.map(|(at, _)| at));
    list.show(ui, |ui, at, rect| match lines.get(at) {
        Some(Line::Group(purpose)) => {
            group(
                ui,
                state,
                draft,
                *purpose,
                open.contains(purpose),
                rect,
                intents,
            );
        }
        Some(Line::Sample(at)) => {
            if let Some(one) = draft.samples.get(*at) {
                sample(ui, state, one, rect, intents);
            }
        }
        Some(Line::End) => {
            let line = theme::line(palette(ui).line);
            let y = rect.bottom() - theme::LINE / 2.0;
            ui.painter().hline(rect.x_range(), y, line);
        }
        None => {}
    });
}

/// The chip of a purpose.
fn chip(purpose: Purpose) -> Chip<'static> {
    match purpose {
        Purpose::Phishing => Chip::new(Meaning::Phishing, word(purpose)),
        Purpose::Spam => Chip::new(Meaning::Spam, word(purpose)),
        Purpose::FalsePositive => {
            Chip::new(Meaning::Clean, word(purpose)).tip(words::FALSE_POSITIVE)
        }
    }
}

fn group(
    ui: &mut Ui,
    state: &State,
    draft: &Draft,
    purpose: Purpose,
    is_open: bool,
    rect: Rect,
    intents: &mut Vec<Intent>,
) {
    let p = palette(ui);
    let of_it = |sample: &&DraftSample| sample.chosen.purpose == purpose;
    let samples: Vec<&DraftSample> = draft.samples.iter().filter(of_it).collect();
    let going = samples
        .iter()
        .filter(|one| one.standing == Standing::Goes)
        .count();
    let free = samples
        .iter()
        .filter(|one| matches!(one.standing, Standing::Goes | Standing::LeftOut))
        .count();
    let mut letters = draft.letters.iter().enumerate();
    let first = letters.find(|(_, letter)| letter.purpose == purpose);
    let is_shown = draft
        .letters
        .get(state.report.shown)
        .is_some_and(|letter| letter.purpose == purpose);
    let to = first.map_or(words::NOTHING_GOES, |(_, letter)| letter.letter.to.as_str());
    let to = shown::line(to, shown::LINE);
    let name = words::group(word(purpose), going, &to);
    let ground = row_ground(ui, rect, is_shown, &name);
    if let (true, Some((number, _))) = (ground.clicked(), first) {
        intents.push(Intent::Report(Ask::Show(number)));
    }
    let inner = rect.shrink2(vec2(theme::SPACE_16, theme::SPACE_8));
    let top = Rect::from_min_size(inner.min, vec2(inner.width(), theme::SPACE_24));
    let row = UiBuilder::new()
        .max_rect(top)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_8;
        let is_free = state.report.busy.is_none() && free > 0;
        let tick = Tick::alone(Ticked::of(going, free), word(purpose)).enabled(is_free);
        if tick.show(ui).clicked() {
            intents.push(Intent::Report(Ask::TickAll(purpose)));
        }
        chip(purpose).show(ui);
        let says = text::count(going, "sample");
        widget::label(ui, &says, theme::body_strong(), p.ink);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let caret = match is_open {
                true => icon::CARET_DOWN,
                false => icon::CARET_RIGHT,
            };
            let says = words::fold(word(purpose), is_open);
            let fold = Button::of_icon(caret, &says).height(theme::SPACE_24);
            if fold.show(ui).clicked() {
                intents.push(Intent::Report(Ask::Fold(purpose)));
            }
            match outcome(state, draft, purpose) {
                Some(outcome) => {
                    let meaning = match is_bad(outcome) {
                        true => Meaning::Danger,
                        false => Meaning::Clean,
                    };
                    let to_folder = state.report.goes_to_folder();
                    Chip::new(meaning, outcome_word(outcome, to_folder)).show(ui);
                }
                None => {
                    let letters = draft.letters.iter();
                    let of_it = letters.filter(|letter| letter.purpose == purpose);
                    let bytes: u64 = of_it.map(|letter| letter.zip_bytes).sum();
                    if bytes > 0 {
                        widget::label(ui, &text::size(bytes), theme::small(), p.faint);
                    }
                }
            }
        });
    });
    let left = top.left() + theme::TICK + theme::SPACE_8;
    let y = inner.bottom() - theme::SMALL_LINE / 2.0;
    let sign = pos2(left + theme::ICON_CHIP / 2.0, y);
    icon::REPORT.paint(ui.painter(), sign, theme::ICON_CHIP, false, p.soft);
    let place = Rect::from_min_max(
        pos2(left + theme::SPACE_20, y - theme::SMALL_LINE / 2.0),
        pos2(inner.right(), y + theme::SMALL_LINE / 2.0),
    );
    paint_cut(ui.painter(), place, &to, theme::small(), p.soft, Align::Min);
}

/// What came of the letters of a purpose: the worst of it.
fn outcome<'a>(state: &'a State, draft: &Draft, purpose: Purpose) -> Option<&'a Outcome> {
    let letters = draft.letters.iter().enumerate();
    let of_it = letters.filter(|(_, letter)| letter.purpose == purpose);
    let known = of_it.filter_map(|(number, _)| state.report.outcomes.get(&number));
    known.max_by_key(|outcome| is_bad(outcome))
}

fn sample(ui: &mut Ui, state: &State, sample: &DraftSample, rect: Rect, intents: &mut Vec<Intent>) {
    let p = palette(ui);
    let inner = Rect::from_min_max(
        pos2(rect.left() + theme::SAMPLE_INDENT, rect.top()),
        pos2(rect.right() - theme::SPACE_16, rect.bottom()),
    );
    let row = UiBuilder::new()
        .max_rect(inner)
        .layout(Layout::left_to_right(Align::Center));
    let subject = shown::subject(&sample.subject, shown::LINE);
    let read = shown::read_subject(&sample.subject, shown::LINE);
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_8;
        let goes = sample.standing == Standing::Goes;
        let can = !matches!(sample.standing, Standing::Cannot(_)) && state.report.busy.is_none();
        let name = words::sample(&read, &shown::read(&sample.sender, shown::LINE));
        if Tick::alone(goes, &name).enabled(can).show(ui).clicked() {
            let chosen = sample.chosen;
            intents.push(Intent::Report(Ask::Tick(chosen.digest, chosen.purpose)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            facts(ui, sample);
            let colour = if goes { p.ink } else { p.faint };
            let width = ui.available_width();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let response = widget::cut(ui, &subject, theme::body(), colour, width);
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
            });
        });
    });
}

/// The size, or why it does not go.
fn facts(ui: &mut Ui, sample: &DraftSample) {
    let p = palette(ui);
    match (&sample.standing, &sample.reported) {
        (Standing::Cannot(why), _) => {
            let response = widget::label(ui, words::CANNOT, theme::small(), p.danger.text);
            response.on_hover_text(shown::line(why, shown::LINE));
        }
        (_, Some(reported)) => {
            let says = match reported.is_in_outbox() {
                true => words::in_outbox(&day(reported.at)),
                false => words::reported(&day(reported.at)),
            };
            widget::label(ui, &says, theme::small(), p.faint);
        }
        _ => {
            let says = text::size(sample.size);
            widget::label(ui, &says, theme::small(), p.faint);
        }
    }
}

/// `12 Nov`
fn day(at: Timestamp) -> String {
    let at = at.to_zoned(clock::zone());
    at.strftime("%-d %b").to_string()
}
