//! The page for what was done: sweeps, moves, zips and reports under their days, and beside them
//! the one that is open, from where it can be taken back or sent again.

mod detail;
mod line;

use crate::gui::state::history::{Ask, Line, id_of};
use crate::gui::state::{Page, State};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{
    self, Button, Choice, Empty, Field, Mixed, Note, Segment, Segments, page_header, row_head,
};
use crate::gui::{Command, Intent, clock, icon};
use crate::job::{Entry, Kind};
use crate::text::window::history as words;
use eframe::egui::{Align, CentralPanel, Frame, Id, Layout, Margin, Panel, Ui};
use jiff::Timestamp;
use jiff::civil::Date;

/// The kinds, as they stand in the segments.
const KINDS: [Kind; 5] = [
    Kind::All,
    Kind::Sweeps,
    Kind::Moves,
    Kind::Packages,
    Kind::Reports,
];

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let history = &state.history;
    let can = history.shown > 0;
    let export = Button::normal(words::EXPORT)
        .icon(icon::EXPORT)
        .enabled(can);
    let mut facts = words::facts(state.site.settings.keep_days);
    if is_narrow(ui) && history.entries.is_some() {
        facts = format!("{}. {facts}", shown(state));
    }
    if page_header(ui, "History", &facts, vec![export]).is_some() {
        intents.push(Intent::History(Ask::Export));
    }
    tools(ui, state, intents);
    widget::separator(ui);
    if let Some(why) = &history.failed {
        let inside = Frame::new().inner_margin(Margin::symmetric(20, 8));
        let pressed = inside.show(ui, |ui| {
            let note = Note::danger(words::FAILED).why(why).button("Dismiss");
            note.show(ui)
        });
        if pressed.inner {
            intents.push(Intent::History(Ask::Dismiss));
        }
    }
    let Some(entries) = &history.entries else {
        if history.failed.is_none() {
            Empty::new(icon::HISTORY, words::READING).show(ui);
        }
        return;
    };
    if entries.is_empty() {
        let empty = Empty::new(icon::HISTORY, words::NOTHING);
        if empty.button(words::SWEEP, icon::SWEEP).show(ui) {
            intents.push(Intent::Do(Command::Go(Page::Sweep)));
        }
        return;
    }
    if history.shown == 0 {
        let says = words::no_match(&history.filter);
        if Empty::new(icon::FILTER, &says)
            .way_back(words::CLEAR)
            .show(ui)
        {
            intents.push(Intent::Do(Command::Back));
        }
        return;
    }
    let p = palette(ui);
    let is_narrow = is_narrow(ui);
    if is_narrow && history.is_open {
        CentralPanel::default()
            .frame(Frame::NONE.fill(p.surface))
            .show(ui, |ui| detail::show(ui, state, true, intents));
        return;
    }
    if !is_narrow {
        let panel = Panel::right("history-detail").exact_size(theme::DETAIL_HISTORY);
        panel
            .resizable(false)
            .frame(Frame::NONE.fill(p.surface))
            .show(ui, |ui| detail::show(ui, state, false, intents));
    }
    CentralPanel::default()
        .frame(Frame::NONE.fill(p.surface))
        .show(ui, |ui| list(ui, state, intents));
}

/// Filter, kinds and accounts; how many that leaves at the right.
fn tools(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let history = &state.history;
    let inside = Frame::new().inner_margin(Margin {
        left: 20,
        right: 20,
        top: 0,
        bottom: 12,
    });
    inside.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = theme::SPACE_8;
            let id = Id::unique("history-filter");
            let keys = Command::Filter.keys(ui.ctx());
            let width = match ui.available_width() < theme::NARROW - theme::RAIL {
                true => theme::FILTER_SMALL,
                false => theme::FILTER_HISTORY,
            };
            let mut typed = history.filter.clone();
            let field = Field::unlabelled(words::FILTER)
                .hint(words::FILTER_HINT)
                .icon(icon::FILTER)
                .keys(&keys)
                .width(width)
                .id(id);
            let fielded = field.show(ui, &mut typed);
            if state.wants_filter {
                fielded.response.request_focus();
                intents.push(Intent::History(Ask::Focused));
            }
            if typed != history.filter {
                intents.push(Intent::History(Ask::Filter(typed)));
            }
            let segments = words::KINDS.map(Segment::new);
            let at = KINDS.iter().position(|kind| *kind == history.kind);
            if let Some(kind) = Segments::new(&segments, at)
                .show(ui)
                .and_then(|at| KINDS.get(at))
            {
                intents.push(Intent::History(Ask::Kind(*kind)));
            }
            accounts(ui, state, intents);
            // In a narrow window it stands in the page's head.
            if is_narrow(ui) {
                return;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let says = shown(state);
                let width = ui.available_width();
                widget::cut(ui, &says, theme::small(), palette(ui).faint, width);
            });
        });
    });
}

/// Whether there is no room for everything.
fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < theme::NARROW
}

/// How many entries are shown of how many.
fn shown(state: &State) -> String {
    let all = state.history.entries.as_ref();
    words::shown(state.history.shown, all.map_or(0, |entries| entries.len()))
}

fn accounts(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let accounts = &state.site.settings.accounts;
    let names = accounts.iter().map(|account| account.shown().to_owned());
    let all = std::iter::once(words::ALL_ACCOUNTS.to_owned());
    let names: Vec<String> = all.chain(names).collect();
    let chosen = state.history.account.as_ref();
    let at = chosen.and_then(|name| accounts.iter().position(|account| account.name == *name));
    let mut choice = Choice::new(words::ACCOUNT, &names, at.map_or(0, |at| at + 1));
    if is_narrow(ui) {
        choice = choice.width(theme::CHOICE_NARROW);
    }
    if let Some(at) = choice.show(ui) {
        let account = at.checked_sub(1).and_then(|at| accounts.get(at));
        let account = account.map(|account| account.name.clone());
        intents.push(Intent::History(Ask::Account(account)));
    }
}

fn list(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let history = &state.history;
    let heights: Vec<f32> = history
        .lines
        .iter()
        .map(|line| match line {
            Line::Day(_) => theme::ROW_DAY,
            Line::Entry(_) => theme::ROW_HISTORY,
        })
        .collect();
    let today = clock::here().date();
    let to = history.position().filter(|_| history.scroll);
    let heads = history.lines.iter().enumerate();
    let heads = heads.filter(|(_, line)| matches!(line, Line::Day(_)));
    let list = Mixed::new(words::LIST, &heights)
        .heads(heads.map(|(at, _)| at))
        .scroll_to(to);
    list.show(ui, |ui, at, rect| match history.lines.get(at) {
        Some(Line::Day(day)) => row_head(ui, rect, &day_head(*day, today)),
        Some(entry) => {
            if let Some(entry) = history.entry_at(entry) {
                let is_open = history.selected == Some(id_of(entry));
                line::show(ui, state, entry, is_open, rect, intents);
            }
        }
        None => {}
    });
    if history.scroll {
        intents.push(Intent::History(Ask::Scrolled));
    }
}

/// `Today, Friday 21 November`; of another year with the year.
fn day_head(day: Date, today: Date) -> String {
    let form = match day.year() == today.year() {
        true => "%A %-d %B",
        false => "%A %-d %B %Y",
    };
    let says = day.strftime(form).to_string();
    match day == today {
        true => format!("Today, {says}"),
        false => says,
    }
}

/// `09:31`
fn time(at: Timestamp) -> String {
    at.to_zoned(clock::zone()).strftime("%H:%M").to_string()
}

/// `Today 09:31`, `12 Nov 10:20`
fn moment(at: Timestamp) -> String {
    let at = at.to_zoned(clock::zone());
    let form = match at.date() == clock::here().date() {
        true => "Today %H:%M",
        false => "%-d %b %Y %H:%M",
    };
    at.strftime(form).to_string()
}

/// Folders and how many messages came from each, in the order in which they come first.
fn by_folder(entry: &Entry, standing: bool) -> Vec<(String, usize)> {
    use crate::job::Done;
    let messages = match &entry.done {
        Done::Moved { messages, .. } | Done::Undone { messages } => messages.as_slice(),
        _ => &[],
    };
    let mut folders: Vec<(String, usize)> = Vec::new();
    for message in messages {
        if standing && !message.state.stands() {
            continue;
        }
        let name = crate::gui::shown::line(&message.from, crate::gui::shown::LINE);
        match folders.iter_mut().find(|(folder, _)| *folder == name) {
            Some((_, number)) => *number += 1,
            None => folders.push((name, 1)),
        }
    }
    folders
}
