//! The page for the hits: the list at the left, the open hit at the right; in a narrow window one
//! takes the other's place. It opens nothing and fetches nothing.

mod actions;
mod detail;
mod head;
mod list;
mod overview;
mod parts;
mod tools;

use crate::gui::Intent;
use crate::gui::state::State;
use crate::gui::state::review::{Ask, Load, Width};
use crate::gui::theme::{self, palette};
use crate::gui::widget::Note;
use crate::text::window::review as words;
use eframe::egui::{CentralPanel, Frame, Margin, Panel, Ui};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let width = width_of(ui);
    if width != review.width {
        intents.push(Intent::Review(Ask::Width(width)));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    head::show(ui, state, intents);
    trouble(ui, state, intents);
    tools::show(ui, state, intents);
    let surface = Frame::NONE.fill(palette(ui).surface);
    if review.shows_detail() {
        let line = theme::line(palette(ui).line);
        let detail = |ui: &mut Ui| {
            if review.shows_list() {
                let left = ui.max_rect().left_top();
                ui.painter().vline(left.x, ui.max_rect().y_range(), line);
            }
            detail::show(ui, state, intents);
        };
        if review.shows_list() {
            let [usual, least, most] = theme::DETAIL;
            let shown = Panel::right("review-detail")
                .resizable(true)
                .default_size(review.detail.unwrap_or(usual))
                .size_range(least..=most)
                .show_separator_line(false)
                .frame(surface)
                .show(ui, detail);
            let width = shown.response.rect.width().round();
            if review.detail.unwrap_or(usual) != width {
                intents.push(Intent::Review(Ask::Detail(width)));
            }
        } else {
            CentralPanel::default().frame(surface).show(ui, detail);
            return;
        }
    }
    CentralPanel::default()
        .frame(surface)
        .show(ui, |ui| list::show(ui, state, intents));
}

fn width_of(ui: &Ui) -> Width {
    let width = ui.ctx().content_rect().width();
    if width < theme::NARROW {
        Width::Narrow
    } else if width < theme::WIDE {
        Width::Usual
    } else {
        Width::Wide
    }
}

/// What failed, with the way out.
fn trouble(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let (what, why, button, ask) = match (&review.load, &review.trouble) {
        (Load::Failed(why), _) => (words::NOT_READ, why, words::TRY_AGAIN, Ask::Reload),
        (_, Some(why)) => (words::NOT_DONE, why, words::SEEN, Ask::Dismiss),
        _ => return,
    };
    let why = crate::gui::shown::line(why, theme::NOTE_LETTERS);
    let edge = Margin {
        left: theme::PAGE_EDGE as i8,
        right: theme::PAGE_EDGE as i8,
        top: 0,
        bottom: theme::SPACE_8 as i8,
    };
    Frame::NONE.inner_margin(edge).show(ui, |ui| {
        if Note::danger(what).why(&why).button(button).show(ui) {
            intents.push(Intent::Review(ask));
        }
    });
}
