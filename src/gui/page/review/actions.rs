//! What can be done with the open hit: a word on what it is, its evidence, and the rest behind
//! three dots; all of it in a menu at the pointer as well.

use super::list::meaning;
use crate::gui::menu::entries;
use crate::gui::state::State;
use crate::gui::state::review::Ask;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{Button, Segment, Segments};
use crate::gui::{Command, Intent, icon};
use crate::job::{self, HitState, KnownHit, Said};
use crate::text::window::review as words;
use eframe::egui::{Align, Layout, Popup, Response, Ui};

const WORDS: [Said; 3] = [Said::Phishing, Said::Spam, Said::NotSpam];

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, hit: &KnownHit, intents: &mut Vec<Intent>) {
    let line = theme::line(palette(ui).line);
    let full = ui.clip_rect().x_range();
    ui.painter().hline(full, ui.max_rect().top(), line);
    let row = Layout::left_to_right(Align::Center);
    ui.with_layout(row, |ui| {
        let segments: Vec<Segment> = WORDS
            .into_iter()
            .map(|said| {
                let meant = said.category();
                match meant == hit.meant() {
                    true => Segment::of(meaning(meant), words::meaning(meant)),
                    false => Segment::new(words::meaning(meant)),
                }
            })
            .collect();
        let now = WORDS
            .into_iter()
            .position(|said| said.category() == hit.meant());
        let clicked = Segments::new(&segments, now).show(ui);
        if let Some(said) = clicked.and_then(|at| WORDS.get(at)) {
            intents.push(Intent::Review(Ask::Say(Some(*said))));
        }
        let keys = Command::CopyEvidence.keys(ui.ctx());
        let copy = Button::normal(Command::CopyEvidence.label())
            .icon(icon::COPY)
            .tip(&keys)
            .enabled(Command::CopyEvidence.is_enabled(state));
        if copy.show(ui).clicked() {
            intents.push(Intent::Do(Command::CopyEvidence));
        }
        let more = Button::normal("")
            .icon(icon::MORE)
            .name(words::MORE)
            .tip(words::MORE)
            .show(ui);
        Popup::menu(&more)
            .gap(theme::SPACE_4)
            .show(|ui| menu(ui, state, hit, intents));
    });
}

/// All of it in a menu at the pointer, once the other button was pressed on the hit's row.
pub fn at_pointer(row: &Response, state: &State, hit: &KnownHit, intents: &mut Vec<Intent>) {
    Popup::context_menu(row).show(|ui| {
        let words = [Command::Phishing, Command::Spam, Command::NotSpam];
        entries(ui, words, state, intents);
        ui.separator();
        entries(ui, [Command::CopyEvidence], state, intents);
        menu(ui, state, hit, intents);
    });
}

fn menu(ui: &mut Ui, state: &State, hit: &KnownHit, intents: &mut Vec<Intent>) {
    let files = [Command::SaveOriginal, Command::Report];
    entries(ui, files, state, intents);
    let mut entry = |ui: &mut Ui, says: &str, intent: Intent| {
        if ui.button(says).clicked() {
            intents.push(intent);
            ui.close();
        }
    };
    if matches!(hit.state, HitState::Moved(_)) {
        entry(ui, words::PUT_BACK, Intent::Review(Ask::PutBack));
    }
    if hit.said.is_some() {
        entry(ui, words::TAKE_BACK, Intent::Review(Ask::Say(None)));
    }
    let may_approve = Command::ApproveSender.is_enabled(state);
    if let Some((_, domain)) = hit.from.rsplit_once('@').filter(|_| may_approve) {
        ui.separator();
        let address = hit.from.to_string();
        let mut forms = vec![(words::approve_address(&address), address)];
        if !job::is_anybodys(domain) {
            forms.push((words::approve_domain(domain), format!("*@{domain}")));
        }
        for (says, form) in forms {
            entry(ui, &says, Intent::Review(Ask::Approve(form)));
        }
    }
}
