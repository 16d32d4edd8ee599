//! What can be done with the open hit: a word on what it is, its evidence, and the rest behind
//! three dots.

use super::list::meaning;
use crate::gui::state::State;
use crate::gui::state::review::Ask;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{Button, Segment, Segments};
use crate::gui::{Command, Intent, icon};
use crate::job::{self, HitState, KnownHit, Said};
use crate::text::window::review as words;
use eframe::egui::{self, Align, Layout, Popup, Ui};

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

fn menu(ui: &mut Ui, state: &State, hit: &KnownHit, intents: &mut Vec<Intent>) {
    ui.set_min_width(theme::MENU);
    let mut entry = |ui: &mut Ui, says: &str, keys: String, is_enabled: bool, intent: Intent| {
        let button = egui::Button::new(says).shortcut_text(keys);
        if ui.add_enabled(is_enabled, button).clicked() {
            intents.push(intent);
            ui.close();
        }
    };
    for command in [Command::SaveOriginal, Command::Report] {
        let keys = command.keys(ui.ctx());
        let is_enabled = command.is_enabled(state);
        entry(ui, command.label(), keys, is_enabled, Intent::Do(command));
    }
    if matches!(hit.state, HitState::Moved(_)) {
        let intent = Intent::Review(Ask::PutBack);
        entry(ui, words::PUT_BACK, String::new(), true, intent);
    }
    if hit.said.is_some() {
        let intent = Intent::Review(Ask::Say(None));
        entry(ui, words::TAKE_BACK, String::new(), true, intent);
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
            let intent = Intent::Review(Ask::Approve(form));
            entry(ui, &says, String::new(), true, intent);
        }
    }
}
