//! One line of the history: when, what, in two lines of words, how it ended, and what can be done
//! about it at once.

use super::{by_folder, time};
use crate::gui::icon::{self, Icon};
use crate::gui::state::State;
use crate::gui::state::history::{Ask, id_of};
use crate::gui::theme::{self, Meaning, Palette, palette};
use crate::gui::widget::{self, Button, icon_of, paint_cut, row_ground};
use crate::gui::{Command, Intent, shown};
use crate::job::{Done, End, Entry, MoveState, Packed, SubmissionState, Swept, Travelled, Way};
use crate::settings::Settings;
use crate::text;
use crate::text::window::{history as words, took};
use eframe::egui::{Align, Color32, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};
use std::path::Path;

/// What a line says.
pub(super) struct Words {
    pub(super) icon: Icon,
    pub(super) what: &'static str,
    pub(super) first: String,
    pub(super) second: String,
    pub(super) end: String,
    /// What its end means; `None`: neither good nor bad.
    pub(super) meaning: Option<Meaning>,
}

/// Draws a line.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    entry: &Entry,
    is_open: bool,
    rect: Rect,
    intents: &mut Vec<Intent>,
) {
    let p = palette(ui);
    let says = words_of(entry, &state.site.settings);
    let at = time(entry.at);
    let name = format!(
        "{at} {}: {}, {}, {}",
        says.what, says.first, says.second, says.end
    );
    if row_ground(ui, rect, is_open, &name).clicked() {
        intents.push(Intent::History(Ask::Select(id_of(entry))));
    }
    let inner = rect.shrink2(vec2(theme::PAGE_EDGE, 0.0));
    let row = UiBuilder::new()
        .max_rect(inner)
        .layout(Layout::right_to_left(Align::Center));
    let rest = ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_12;
        let named = |button: &str| words::of_line(button, &at, &says.first);
        button(ui, state, entry, named, intents);
        end(ui, &says, p);
        ui.min_rect().left() - theme::SPACE_8
    });
    let [when, sign, what] = theme::HISTORY_COLUMNS;
    let (middle, painter) = (inner.center().y, ui.painter());
    let soft = if is_open { p.soft } else { p.faint };
    let column = |left: f32, right: f32| {
        let (top, bottom) = (rect.top(), rect.bottom());
        Rect::from_min_max(pos2(left, top), pos2(right.max(left), bottom))
    };
    let left = inner.left();
    let place = column(left, left + when);
    paint_cut(painter, place, &at, theme::small(), soft, Align::Min);
    let center = pos2(left + when + theme::ICON_ROW / 2.0, middle);
    says.icon
        .paint(painter, center, theme::ICON_ROW, false, p.soft);
    let left = left + when + sign;
    let place = column(left, left + what);
    paint_cut(painter, place, says.what, theme::body(), p.ink, Align::Min);
    let left = left + what;
    let (top, lines) = (
        middle - (theme::BODY_LINE + theme::SMALL_LINE) / 2.0,
        rest.inner,
    );
    let first = Rect::from_min_max(
        pos2(left, top),
        pos2(lines.max(left), top + theme::BODY_LINE),
    );
    let second = Rect::from_min_size(first.left_bottom(), vec2(first.width(), theme::SMALL_LINE));
    let cut = paint_cut(
        painter,
        first,
        &says.first,
        theme::body(),
        p.ink,
        Align::Min,
    );
    let more = paint_cut(
        painter,
        second,
        &says.second,
        theme::small(),
        soft,
        Align::Min,
    );
    if cut.is_cut || more.is_cut {
        let id = ui.scope_id().with("whole");
        let response = ui.interact(first.union(second), id, Sense::hover());
        response.on_hover_text(format!("{}\n{}", says.first, says.second));
    }
}

/// How it ended, an icon and a word.
fn end(ui: &mut Ui, says: &Words, p: &Palette) {
    let (icon, colour, filled): (Icon, Color32, bool) = match says.meaning {
        Some(meaning) => (icon_of(meaning), p.tone(meaning).text, true),
        None => (icon::STOP, p.soft, true),
    };
    let ink = match says.meaning {
        Some(Meaning::Danger) => p.danger.text,
        _ => p.ink,
    };
    let font = match says.meaning {
        Some(Meaning::Danger) => theme::small_strong(),
        _ => theme::small(),
    };
    ui.spacing_mut().item_spacing.x = theme::CHIP_ICON_GAP;
    widget::label(ui, &says.end, font, ink);
    let size = vec2(theme::ICON_CHIP, theme::ICON_CHIP);
    let (place, _) = ui.allocate_exact_size(size, Sense::hover());
    icon.paint(
        ui.painter(),
        place.center(),
        theme::ICON_CHIP,
        filled,
        colour,
    );
}

/// What can be done about it at once; `named` says what is read out of a button of this line.
fn button(
    ui: &mut Ui,
    state: &State,
    entry: &Entry,
    named: impl Fn(&str) -> String,
    intents: &mut Vec<Intent>,
) {
    let is_free = state.review.moving.is_empty();
    let standing = entry.standing();
    if !standing.is_empty() {
        let name = named(words::UNDO);
        let undo = Button::normal(words::UNDO).icon(icon::UNDO).name(&name);
        let undo = undo.height(theme::BUTTON_IN_ROW).enabled(is_free);
        if undo.show(ui).clicked() {
            let ask = Ask::PutBack(entry.account.clone(), standing);
            intents.push(Intent::History(ask));
        }
    } else if let Some(package) = entry.unsent() {
        let is_free = !state.history.sending.contains(&package);
        // The next step is filled, once a page.
        let is_next = state
            .history
            .unsent()
            .is_some_and(|(_, next)| next == package);
        let says = match &entry.done {
            Done::Reported(packed) => again_word(packed),
            _ => words::SEND_AGAIN,
        };
        let again = match is_next {
            true => Button::filled(says),
            false => Button::normal(says),
        };
        let keys = Command::SendAgain.keys(ui.ctx());
        let name = named(says);
        let again = again
            .name(&name)
            .height(theme::BUTTON_IN_ROW)
            .enabled(is_free)
            .tip(&keys);
        if again.show(ui).clicked() {
            let ask = Ask::SendAgain(entry.account.clone(), package);
            intents.push(Intent::History(ask));
        }
    } else if let Done::Packaged { packages } = &entry.done
        && let Some(first) = packages.first()
    {
        let name = named(words::OPEN_FOLDER);
        let open = Button::normal(words::OPEN_FOLDER).icon(icon::FOLDER_OPEN);
        let open = open.name(&name);
        if open.height(theme::BUTTON_IN_ROW).show(ui).clicked() {
            intents.push(Intent::History(Ask::OpenFolder(first.path.clone())));
        }
    }
}

/// What a line says.
pub(super) fn words_of(entry: &Entry, settings: &Settings) -> Words {
    let account = shown::line(settings.shown(&entry.account), shown::LINE);
    match &entry.done {
        Done::Swept(swept) => of_sweep(swept, &account),
        Done::Moved { to, messages } => {
            let standing = entry.standing().len();
            Words {
                icon: icon::FOLDER,
                what: "Moved",
                first: words::moved(messages.len(), &shown::line(to, shown::LINE)),
                second: words::from(&account, &by_folder(entry, false)),
                end: moved_word(messages),
                meaning: (standing > 0).then_some(Meaning::Clean),
            }
        }
        Done::Undone { messages } => {
            let folders: Vec<String> = by_folder(entry, false)
                .into_iter()
                .map(|(folder, _)| folder)
                .collect();
            let second = match messages.as_slice() {
                [only] => words::subject_of(&account, &shown::subject(&only.subject, shown::LINE)),
                _ => account,
            };
            Words {
                icon: icon::UNDO,
                what: "Undone",
                first: words::undone(messages.len(), &folders.join(", ")),
                second,
                end: words::undone_word(messages.len()),
                meaning: Some(Meaning::Clean),
            }
        }
        Done::Packaged { packages } => {
            let originals = packages.iter().map(|one| one.messages).sum();
            let bytes = packages.iter().map(|one| one.bytes).sum();
            let folder = packages.first().and_then(|first| first.path.parent());
            let folder = folder.unwrap_or(Path::new("")).display().to_string();
            Words {
                icon: icon::ZIP,
                what: "Package",
                first: words::packaged(packages.len(), originals, bytes),
                second: shown::line(&folder, shown::LINE),
                end: "Saved".to_owned(),
                meaning: Some(Meaning::Clean),
            }
        }
        Done::Reported(packed) => of_report(packed, &account),
    }
}

fn of_sweep(swept: &Swept, account: &str) -> Words {
    let took = swept.took.map_or_else(String::new, took);
    let (first, second) = match (&swept.figures, swept.end) {
        (Some(figures), End::Done | End::Stopped) => (
            words::swept(figures.seen, figures.spam + figures.phishing),
            words::swept_more(account, &figures.level, &took, figures.troubles),
        ),
        _ => {
            let says = match swept.says.as_str() {
                "" => "It runs, or it was cut off",
                says => says,
            };
            let second = words::swept_more(account, "", &took, 0);
            (shown::line(says, shown::LINE), second)
        }
    };
    let (end, meaning) = match swept.end {
        End::Done => ("Done", Some(Meaning::Clean)),
        End::Stopped => ("Stopped", None),
        End::Open => ("Not ended", None),
        End::NotOpened => ("Failed", Some(Meaning::Danger)),
    };
    Words {
        icon: icon::SWEEP,
        what: "Sweep",
        first,
        second,
        end: end.to_owned(),
        meaning,
    }
}

/// How many of the messages were moved, and what became of them since.
fn moved_word(messages: &[Travelled]) -> String {
    let count = |is: fn(&MoveState) -> bool| {
        let of_it = messages.iter().filter(|message| is(&message.state));
        of_it.count()
    };
    let moved = count(|state| !matches!(state, MoveState::Gone | MoveState::Intended));
    let back = count(|state| *state == MoveState::Undone);
    let gone = count(|state| matches!(state, MoveState::Gone | MoveState::Lost));
    words::moved_word(moved, back, gone)
}

/// What hands a package over once more.
pub(super) fn again_word(packed: &Packed) -> &'static str {
    match packed.way {
        Some(Way::Outbox) => words::TRY_AGAIN,
        _ => words::SEND_AGAIN,
    }
}

/// What became of a package, in a word.
pub(super) fn state_word(packed: &Packed) -> (&'static str, Meaning) {
    match (packed.state, packed.way) {
        (SubmissionState::Sent, Some(Way::Portal)) => ("Saved", Meaning::Clean),
        (SubmissionState::Sent, Some(Way::Outbox)) => ("In the outbox", Meaning::Clean),
        (SubmissionState::Sent, _) => ("Accepted", Meaning::Clean),
        (SubmissionState::Ready | SubmissionState::Failed, Some(Way::Outbox)) => {
            ("Not written", Meaning::Danger)
        }
        (SubmissionState::Ready | SubmissionState::Failed, _) => ("Not sent", Meaning::Danger),
        (SubmissionState::Sending | SubmissionState::Unknown, _) => ("Not known", Meaning::Danger),
        (SubmissionState::Withdrawn, _) => ("Withdrawn", Meaning::Danger),
    }
}

fn of_report(packed: &Packed, account: &str) -> Words {
    let (end, meaning) = state_word(packed);
    let purpose = match packed.purpose.category() {
        Some(category) => category.word(),
        None => "wrongly caught",
    };
    let to = shown::line(&packed.to, shown::LINE);
    let answer = shown::line(&packed.answer, shown::LINE);
    let is_file = packed.way == Some(Way::Outbox) && packed.state == SubmissionState::Sent;
    let second = match (is_file, answer.is_empty()) {
        (true, _) => words::in_outbox(account),
        (false, true) => account.to_owned(),
        (false, false) => format!("{account} · {answer}"),
    };
    Words {
        icon: icon::REPORT,
        what: "Report",
        first: words::reported(packed.messages, purpose, &to),
        second: text::visible(&second),
        end: end.to_owned(),
        meaning: Some(meaning),
    }
}
