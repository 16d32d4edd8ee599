//! The page for senders and rules: both lists, every rule with its switch, and the editor of a
//! person's own rules.

mod own;
mod rules;
mod senders;

use crate::gui::state::State;
use crate::gui::state::lists::{Ask, Tab};
use crate::gui::widget::{self, Button, Note, page_header, tabs};
use crate::gui::{Command, Intent, icon, theme};
use crate::text::window::lists as words;
use eframe::egui::{Frame, Margin, Rect, Ui, UiBuilder, pos2};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let judge = Button::normal(words::JUDGE_AGAIN)
        .icon(icon::SWEEP)
        .enabled(Command::Sweep.is_enabled(state));
    if page_header(ui, words::TITLE, words::FACTS, vec![judge]).is_some() {
        intents.push(Command::Go(crate::gui::state::Page::Sweep).into());
        intents.push(Command::Sweep.into());
    }
    let lists = &state.lists;
    let counted = |word: &str, count: Option<usize>| match count {
        Some(count) => widget::Tab::counted(word, count),
        None => widget::Tab::new(word),
    };
    let parts = [
        widget::Tab::new(words::SENDERS),
        counted(
            words::RULES,
            lists.rules.as_ref().map(|list| list.rules.len()),
        ),
        counted(words::OWN, lists.own.as_ref().map(Vec::len)),
    ];
    let all = [Tab::Senders, Tab::Rules, Tab::Own];
    let open = all.iter().position(|tab| *tab == lists.tab).unwrap_or(0);
    if let Some(tab) = tabs(ui, theme::PAGE_EDGE, &parts, open).and_then(|at| all.get(at)) {
        intents.push(Intent::Lists(Ask::Tab(*tab)));
    }
    let edge = Margin::symmetric(theme::PAGE_EDGE as i8, theme::SPACE_16 as i8);
    Frame::NONE.inner_margin(edge).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::SPACE_8;
        notes(ui, state, intents);
        match lists.tab {
            Tab::Senders => senders::show(ui, state, intents),
            Tab::Rules => rules::show(ui, state, intents),
            Tab::Own => own::show(ui, state, intents),
        }
    });
}

/// What could not be done, and what an import brought.
fn notes(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let lists = &state.lists;
    let mut read = false;
    if let Some(why) = &lists.failed {
        let note = Note::danger(words::FAILED).why(why).button(words::CLOSE);
        read |= note.show(ui);
    }
    if let Some(brought) = &lists.brought {
        let what = words::brought(brought.new, brought.known, brought.refused.len());
        let refused = brought.refused.iter().take(MOST_REFUSED);
        let mut why: Vec<String> = refused
            .map(|one| words::refused_line(one.line, &one.entry, &one.reason))
            .collect();
        if brought.refused.len() > MOST_REFUSED {
            why.push(words::and_more(brought.refused.len() - MOST_REFUSED));
        }
        let why = why.join("\n");
        read |= Note::info(&what).why(&why).button(words::CLOSE).show(ui);
    }
    if read {
        intents.push(Intent::Lists(Ask::Read));
    }
}

/// Lines of an import that are shown with the reason for their refusal.
const MOST_REFUSED: usize = 5;

/// Two columns over all that is free: the right one `right` wide, or half of it.
fn two_columns(ui: &mut Ui, right: Option<f32>, mut draw: impl FnMut(&mut Ui, usize)) {
    let whole = ui.available_rect_before_wrap();
    let right = right.unwrap_or((whole.width() - theme::SPACE_16) / 2.0);
    let middle = whole.right() - right;
    let left = Rect::from_min_max(whole.min, pos2(middle - theme::SPACE_16, whole.bottom()));
    let right = Rect::from_min_max(pos2(middle, whole.top()), whole.max);
    for (at, place) in [left, right].into_iter().enumerate() {
        ui.scope_builder(
            UiBuilder::new().max_rect(place).id_salt(("column", at)),
            |ui| {
                ui.set_clip_rect(place.expand(theme::LINE).intersect(ui.clip_rect()));
                draw(ui, at);
            },
        );
    }
}
