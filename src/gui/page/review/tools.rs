//! What the list shows: words to look for, what hits are, of which account, by which rule.

use crate::gui::state::State;
use crate::gui::state::review::{Ask, Filter, Kind};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{Choice, Field, Segment, Segments, label};
use crate::gui::{Command, Intent, icon, shown};
use crate::text::window::review as words;
use eframe::egui::{Align, Id, Layout, Sense, Ui, UiBuilder, vec2};

/// The filter's field.
fn field() -> Id {
    Id::unique("review-filter")
}

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let size = vec2(ui.available_width(), theme::TOOL_ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let line = theme::line(palette(ui).line);
    let foot = rect.bottom() - theme::LINE / 2.0;
    ui.painter().hline(rect.x_range(), foot, line);
    let mut place = rect.shrink2(vec2(theme::PAGE_EDGE, 0.0));
    place.max.y -= theme::SPACE_12;
    let row = UiBuilder::new()
        .max_rect(place)
        .layout(Layout::left_to_right(Align::Center));
    // A child takes no room: the row has it already.
    let ui = &mut ui.new_child(row);
    {
        let before = &state.review.filter;
        let mut filter = before.clone();
        text(ui, state, &mut filter, intents);
        kinds(ui, state, &mut filter);
        choices(ui, state, &mut filter);
        if filter != *before {
            intents.push(Intent::Review(Ask::Filter(filter)));
        }
        if is_narrow(ui) {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let table = &state.review.table;
            let says = words::shown(table.len(), total(state));
            label(ui, &says, theme::small(), palette(ui).faint);
        });
    }
}

/// How many there are of what could be shown.
pub fn total(state: &State) -> usize {
    let [all, .., moved] = state.review.table.counts().kinds;
    match state.review.filter.kind {
        Kind::Moved => moved,
        _ => all,
    }
}

/// Whether there is no room for everything.
pub fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < theme::FIRST.x
}

fn text(ui: &mut Ui, state: &State, filter: &mut Filter, intents: &mut Vec<Intent>) {
    let keys = Command::Filter.keys(ui.ctx());
    let width = match is_narrow(ui) {
        true => theme::FILTER_NARROW,
        false => theme::FILTER,
    };
    let fielded = Field::unlabelled(words::FILTER)
        .hint(words::FILTER)
        .icon(icon::FILTER)
        .keys(&keys)
        .width(width)
        .id(field())
        .most(theme::FILTER_LETTERS)
        .show(ui, &mut filter.text);
    if state.wants_filter {
        fielded.response.request_focus();
        intents.push(Intent::Review(Ask::Focused));
    }
}

fn kinds(ui: &mut Ui, state: &State, filter: &mut Filter) {
    let counts = state.review.table.counts();
    let segments: Vec<Segment> = Kind::ALL
        .into_iter()
        .zip(counts.kinds)
        .map(|(kind, count)| {
            let word = words::kind_of_row(word(kind), count);
            match meaning(kind).filter(|_| !is_narrow(ui)) {
                Some(meaning) => Segment::of(meaning, word),
                None => Segment::new(word),
            }
        })
        .collect();
    let chosen = Kind::ALL.into_iter().position(|kind| kind == filter.kind);
    let all = Segments::new(&segments, chosen);
    let lists = 1 + usize::from(state.review.table.accounts().len() > 1);
    let others = lists as f32 * (theme::CHOICE_NARROW + ui.spacing().item_spacing.x);
    let has_room = all.whole_width(ui) + others <= ui.available_width();
    let clicked = match has_room || !is_narrow(ui) {
        true => all.show(ui),
        // Large text, or large numbers: only the chosen one is seen.
        false => {
            let words: Vec<String> = segments.iter().map(|one| one.word.clone()).collect();
            Choice::new(words::KIND, &words, chosen.unwrap_or(0)).show(ui)
        }
    };
    if let Some(kind) = clicked.and_then(|at| Kind::ALL.get(at)) {
        filter.kind = *kind;
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::All => words::ALL,
        Kind::Phishing => words::PHISHING,
        Kind::Spam => words::SPAM,
        Kind::NotSpam => words::NOT_SPAM,
        Kind::Moved => words::MOVED,
    }
}

fn meaning(kind: Kind) -> Option<Meaning> {
    match kind {
        Kind::All | Kind::Moved => None,
        Kind::Phishing => Some(Meaning::Phishing),
        Kind::Spam => Some(Meaning::Spam),
        Kind::NotSpam => Some(Meaning::Clean),
    }
}

fn choices(ui: &mut Ui, state: &State, filter: &mut Filter) {
    let table = &state.review.table;
    let width = is_narrow(ui).then_some(theme::CHOICE_NARROW);
    let sized = |choice: Choice<'_>, ui: &mut Ui| match width {
        Some(width) => choice.width(width).show(ui),
        None => choice.show(ui),
    };
    let accounts = table.accounts();
    if accounts.len() > 1 {
        let names = accounts
            .iter()
            .map(|one| shown::line(state.site.settings.shown(one), theme::NAME_LETTERS));
        let options: Vec<String> = std::iter::once(words::ALL_ACCOUNTS.to_owned())
            .chain(names)
            .collect();
        let of = filter.account.as_ref();
        let chosen = of.and_then(|of| accounts.iter().position(|one| one == of));
        let chosen = chosen.map_or(0, |at| at + 1);
        let choice = Choice::new(words::ACCOUNT, &options, chosen);
        if let Some(at) = sized(choice, ui) {
            filter.account = at.checked_sub(1).and_then(|at| accounts.get(at)).cloned();
        }
    }
    let rules = table.rules();
    let options: Vec<String> = std::iter::once(words::ALL_RULES.to_owned())
        .chain(rules.iter().map(|(rule, count)| words::rule(rule, *count)))
        .collect();
    let of = filter.rule.as_ref();
    let chosen = of.and_then(|of| rules.iter().position(|(rule, _)| rule == of));
    let choice = Choice::new(words::RULE, &options, chosen.map_or(0, |at| at + 1));
    if let Some(at) = sized(choice, ui) {
        let rule = at.checked_sub(1).and_then(|at| rules.get(at));
        filter.rule = rule.map(|(rule, _)| rule.clone());
    }
}
