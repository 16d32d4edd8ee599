//! The open entry: its messages one by one, and what can be done with them.

use super::line::{again_word, state_word, words_of};
use super::{by_folder, moment};
use crate::gui::icon;
use crate::gui::state::State;
use crate::gui::state::history::Ask;
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{self, Button, Chip, Note, Rows, fits, paint_cut};
use crate::gui::{Command, Intent, clock, shown};
use crate::job::{Done, Entry, MoveState, Named, Packed, Reported, Swept, Travelled};
use crate::text::window::history as words;
use crate::verdict::Category;
use eframe::egui::{Align, Frame, Layout, Margin, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// The verdict's place before a message.
const CHIP: f32 = theme::SPACE_64 + theme::SPACE_32;

/// Draws it; with a way back to the list, where it stands in the list's place.
pub(super) fn show(ui: &mut Ui, state: &State, is_alone: bool, intents: &mut Vec<Intent>) {
    let Some(entry) = state.history.open() else {
        return;
    };
    let inside = Frame::new().inner_margin(Margin::same(16));
    inside.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = theme::SPACE_8;
        if is_alone {
            let back = Button::quiet("Back to the list").icon(icon::ARROW_LEFT);
            if back.show(ui).clicked() {
                intents.push(Intent::Do(Command::Back));
            }
        }
        head(ui, state, entry, intents);
    });
    widget::separator(ui);
    match &entry.done {
        Done::Moved { messages, .. } | Done::Undone { messages } => {
            let is_free = state.review.moving.is_empty();
            let count = messages.len();
            let rows = Rows::new("Messages", count, theme::ROW_MOVED).only_shown();
            rows.show(ui, None, |ui, row| match messages.get(row.index) {
                Some(message) => travelled(ui, entry, message, is_free, row.rect, intents),
                None => String::new(),
            });
        }
        Done::Reported(packed) => names(ui, packed, &packed.names),
        Done::Packaged { packages } => {
            let all: Vec<Named> = packages.iter().flat_map(|one| one.names.clone()).collect();
            if let Some(first) = packages.first() {
                names(ui, first, &all);
            }
        }
        Done::Swept(_) => {}
    }
}

fn head(ui: &mut Ui, state: &State, entry: &Entry, intents: &mut Vec<Intent>) {
    let says = words_of(entry, &state.site.settings);
    let title = match &entry.done {
        Done::Moved { messages, .. } => words::moved_title(messages.len()),
        Done::Undone { messages } => words::undone_title(messages.len()),
        _ => says.first.clone(),
    };
    ui.spacing_mut().item_spacing.y = theme::SPACE_4;
    widget::heading(ui, &title);
    let facts = match &entry.done {
        Done::Moved { to, .. } => format!(
            "{} · {} · to “{}”",
            moment(entry.at),
            state.site.settings.shown(&entry.account),
            shown::line(to, shown::LINE)
        ),
        _ => format!("{} · {}", moment(entry.at), says.second),
    };
    widget::small(ui, &shown::line(&facts, shown::LINE));
    ui.spacing_mut().item_spacing.y = theme::SPACE_8;
    ui.add_space(theme::SPACE_4);
    match &entry.done {
        Done::Moved { messages, .. } => moved(ui, state, entry, messages, intents),
        Done::Undone { messages } => {
            review_button(ui, messages, intents);
        }
        Done::Packaged { packages } => {
            let most = ui.available_height() / 2.0;
            let area = ScrollArea::vertical().max_height(most);
            widget::scrolled(ui, area, |ui| {
                for packed in packages {
                    one_package(ui, state, entry, packed, intents);
                }
            });
        }
        Done::Reported(packed) => one_package(ui, state, entry, packed, intents),
        Done::Swept(swept) => {
            let area = ScrollArea::vertical().auto_shrink(false);
            widget::scrolled(ui, area, |ui| of_sweep(ui, swept));
        }
    }
}

fn moved(
    ui: &mut Ui,
    state: &State,
    entry: &Entry,
    messages: &[Travelled],
    intents: &mut Vec<Intent>,
) {
    let standing = entry.standing();
    let is_free = state.review.moving.is_empty();
    ui.horizontal(|ui| {
        if !standing.is_empty() {
            let says = words::put_all_back(standing.len());
            let keys = Command::Undo.keys(ui.ctx());
            let back = Button::normal(&says).icon(icon::UNDO).enabled(is_free);
            if back.tip(&keys).show(ui).clicked() {
                let ask = Ask::PutBack(entry.account.clone(), standing.clone());
                intents.push(Intent::History(ask));
            }
        }
        review_button(ui, messages, intents);
    });
    if !standing.is_empty() {
        let mut says = words::back_to(&by_folder(entry, true));
        let reports = || messages.iter().filter_map(|one| one.reported.as_deref());
        if reports().any(|reported| !reported.is_in_outbox()) {
            says = format!("{says} {}", words::STAYS_SENT);
        }
        if reports().any(Reported::is_in_outbox) {
            says = format!("{says} {}", words::STAYS_IN_OUTBOX);
        }
        widget::small(ui, &says);
    }
}

fn review_button(ui: &mut Ui, messages: &[Travelled], intents: &mut Vec<Intent>) {
    if Button::normal(words::SHOW_IN_REVIEW).show(ui).clicked() {
        let text = match messages {
            [only] => only.subject.clone(),
            _ => String::new(),
        };
        intents.push(Intent::History(Ask::ShowInReview(text)));
    }
}

fn of_sweep(ui: &mut Ui, swept: &Swept) {
    widget::body(ui, &shown::line(&swept.says, shown::LINE));
    if let Some(figures) = &swept.figures {
        for (label, number) in [
            ("Messages in the folders", figures.seen),
            ("Judged in this sweep", figures.judged),
            ("Judged before and unchanged", figures.known),
            ("Phishing", figures.phishing),
            ("Spam", figures.spam),
            ("Not read or done", figures.troubles),
        ] {
            ui.horizontal(|ui| {
                let p = palette(ui);
                widget::label(ui, label, theme::body(), p.soft);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    widget::label(ui, &number.to_string(), theme::body(), p.ink);
                });
            });
        }
    }
}

fn one_package(
    ui: &mut Ui,
    state: &State,
    entry: &Entry,
    packed: &Packed,
    intents: &mut Vec<Intent>,
) {
    let (word, meaning) = state_word(packed);
    let answer = shown::line(&packed.answer, shown::LINE);
    if meaning == Meaning::Danger {
        Note::danger(word).why(&answer).show(ui);
    } else {
        Chip::new(meaning, word).show(ui);
    }
    ui.horizontal(|ui| {
        if entry.unsent() == Some(packed.id) {
            let is_free = !state.history.sending.contains(&packed.id);
            let again = Button::normal(again_word(packed)).icon(icon::RETRY);
            if again.enabled(is_free).show(ui).clicked() {
                let ask = Ask::SendAgain(entry.account.clone(), packed.id);
                intents.push(Intent::History(ask));
            }
        }
        let file = packed.path.file_name().unwrap_or_default();
        let name = words::open_folder_of(&shown::line(&file.to_string_lossy(), shown::LINE));
        let open = Button::normal(words::OPEN_FOLDER).icon(icon::FOLDER_OPEN);
        if open.name(&name).show(ui).clicked() {
            intents.push(Intent::History(Ask::OpenFolder(packed.path.clone())));
        }
    });
    let path = shown::line(&packed.path.display().to_string(), shown::LINE);
    widget::small(ui, &path);
}

/// A message that was moved or put back; what is read out of it.
fn travelled(
    ui: &mut Ui,
    entry: &Entry,
    message: &Travelled,
    is_free: bool,
    rect: Rect,
    intents: &mut Vec<Intent>,
) -> String {
    let inner = rect.shrink2(vec2(theme::SPACE_16, 0.0));
    let subject = shown::subject(&message.subject, shown::LINE);
    let read = shown::read_subject(&message.subject, shown::LINE);
    let mut right = inner.right();
    let row = UiBuilder::new()
        .max_rect(inner)
        .layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(row, |ui| {
        let is_moved = matches!(entry.done, Done::Moved { .. });
        if is_moved && message.state.stands() {
            let name = words::put_back(&read);
            let back = Button::quiet(words::PUT_BACK).icon(icon::UNDO).name(&name);
            let back = back.height(theme::BUTTON_IN_ROW).enabled(is_free);
            if back.show(ui).clicked() {
                let ask = Ask::PutBack(
                    entry.account.clone(),
                    vec![(message.digest, message.from.clone())],
                );
                intents.push(Intent::History(ask));
            }
        } else if is_moved {
            let says = state_of(message.state);
            widget::label(ui, says, theme::small(), palette(ui).faint);
        }
        right = ui.min_rect().left() - theme::SPACE_8;
    });
    if let Some(category) = message.category {
        let (meaning, word) = match category {
            Category::Phishing => (Meaning::Phishing, "Phishing"),
            Category::Spam => (Meaning::Spam, "Spam"),
        };
        Chip::new(meaning, word).paint(ui, inner.left_center());
    }
    let reported = message.reported.as_ref().map(|reported| {
        let at = reported.at.to_zoned(clock::zone());
        match reported.is_in_outbox() {
            true => words::IN_OUTBOX.to_owned(),
            false => words::reported_on(&at.strftime("%-d %b").to_string()),
        }
    });
    let sender = shown::line(&message.sender, shown::LINE);
    let with = |sender: &str| match &reported {
        Some(reported) => format!("{reported} · {sender}"),
        None => sender.to_owned(),
    };
    let left = inner.left() + CHIP;
    let cut = address_in(ui, &sender, right - left, &with);
    two_lines(ui, left, right, rect, &subject, &cut);
    format!(
        "{read}, {}",
        with(&shown::read(&message.sender, shown::LINE))
    )
}

fn state_of(state: MoveState) -> &'static str {
    match state {
        MoveState::Undone => "put back",
        MoveState::Gone => "was gone",
        MoveState::Lost => "not there any more",
        MoveState::Intended | MoveState::Undoing => "on its way",
        MoveState::Moved | MoveState::Copied | MoveState::Stayed => "",
    }
}

/// The messages in a package.
fn names(ui: &mut Ui, packed: &Packed, names: &[Named]) {
    let rows = Rows::new("Messages", names.len(), theme::ROW_MOVED).only_shown();
    rows.show(ui, None, |ui, row| {
        let Some(name) = names.get(row.index) else {
            return String::new();
        };
        let inner = row.rect.shrink2(vec2(theme::SPACE_16, 0.0));
        let either = |subject: fn(&str, usize) -> String| match name.subject.is_empty()
            && name.sender.is_empty()
        {
            true => format!("message {}", name.digest.short()),
            false => subject(&name.subject, shown::LINE),
        };
        let (subject, read) = (either(shown::subject), either(shown::read_subject));
        let sender = shown::line(&name.sender, shown::LINE);
        let (left, right) = (inner.left(), inner.right());
        let cut = address_in(ui, &sender, right - left, &str::to_owned);
        two_lines(ui, left, right, row.rect, &subject, &cut);
        let sender = shown::read(&name.sender, shown::LINE);
        format!("{read}, {sender}, {}", packed.purpose)
    });
}

/// A second line in which the address is cut in its local part, so that its domain is seen.
fn address_in(ui: &Ui, whole: &str, width: f32, line: &dyn Fn(&str) -> String) -> String {
    let colour = palette(ui).soft;
    let cut = shown::address_cut(whole, |address| {
        fits(ui.painter(), &line(address), theme::small(), colour, width)
    });
    line(&cut)
}

fn two_lines(ui: &Ui, left: f32, right: f32, rect: Rect, first: &str, second: &str) {
    let p = palette(ui);
    let height = theme::BODY_LINE + theme::SMALL_LINE;
    let top = rect.center().y - height / 2.0;
    let place = |from: f32, height: f32| {
        let max = pos2(right.max(left), from + height);
        Rect::from_min_max(pos2(left, from), max)
    };
    let upper = place(top, theme::BODY_LINE);
    let lower = place(top + theme::BODY_LINE, theme::SMALL_LINE);
    let painter = ui.painter();
    paint_cut(painter, upper, first, theme::body(), p.ink, Align::Min);
    paint_cut(painter, lower, second, theme::small(), p.soft, Align::Min);
}
