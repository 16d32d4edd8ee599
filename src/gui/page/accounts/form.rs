//! The form for an account: its fields at the left, the try of what they say at the right. What
//! is typed is edited in a copy and asked for; a password's copy is wiped.

mod server;

use super::{folders, trial};
use crate::gui::Intent;
use crate::gui::icon;
use crate::gui::shown;
use crate::gui::state::accounts::{Ask, Form, Search, Step, Trial, Typed};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Field as Box, Note, Segment, Segments, page_header};
use crate::job::{FoundBy, FoundServers};
use crate::settings::{Field, Kind, Secret};
use crate::text::window::accounts as words;
use crate::text::window::accounts::{hint, label};
use eframe::egui::{Frame, Margin, ScrollArea, Ui};
use zeroize::Zeroizing;

/// Draws the form.
pub(super) fn show(ui: &mut Ui, form: &Form, intents: &mut Vec<Intent>) {
    let title = match (&form.changing, form.draft.kind) {
        (Some(name), _) => words::changing(name),
        (None, Kind::Imap) => words::NEW.to_owned(),
        (None, _) => words::NEW_FILES.to_owned(),
    };
    let facts = match form.step {
        Step::Fields => words::NOT_YET,
        Step::Folders => words::CHOOSE,
    };
    let (buttons, asks): (Vec<_>, Vec<_>) = match form.step {
        Step::Fields => buttons(form),
        Step::Folders => folders::buttons(form),
    }
    .into_iter()
    .unzip();
    let pressed = page_header(ui, &title, facts, buttons);
    let pressed = pressed.and_then(|at| asks.into_iter().nth(at));
    intents.extend(pressed.map(Intent::Accounts));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let margin = Margin::symmetric(theme::PAGE_EDGE as i8, 0);
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_12;
            if let Some(trouble) = &form.trouble {
                Note::danger(trouble).show(ui);
            }
            match form.step {
                Step::Fields => fields(ui, form, intents),
                Step::Folders => {
                    ui.set_max_width(theme::MEASURE);
                    folders::show(ui, form, intents);
                }
            }
            ui.add_space(theme::SPACE_8);
        });
    });
}

fn fields(ui: &mut Ui, form: &Form, intents: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.x = theme::SPACE_16;
    ui.columns(2, |columns| {
        let [left, right] = columns else {
            return;
        };
        left.spacing_mut().item_spacing.x = theme::SPACE_8;
        right.spacing_mut().item_spacing.x = theme::SPACE_8;
        let mut asks = Vec::new();
        widget::card(left, |ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_12;
            match form.draft.kind {
                Kind::Imap => mailbox(ui, form, &mut asks),
                Kind::Maildir | Kind::Files => files(ui, form, &mut asks),
            }
        });
        if let Some(tried) = &form.trial {
            widget::card(right, |ui| {
                ui.spacing_mut().item_spacing.y = theme::SPACE_4;
                let advice = form.candidate().and_then(|found| found.says.as_deref());
                trial::show(ui, tried, advice);
            });
        } else if let Some(found) = form.candidate() {
            advice(right, found);
        }
        intents.extend(asks.into_iter().map(Intent::Accounts));
    });
}

/// What the provider wants done first.
fn advice(ui: &mut Ui, found: &FoundServers) {
    let Some(says) = &found.says else {
        return;
    };
    let name = found.provider.as_deref().unwrap_or_default();
    let mut note = Note::info(name).why(says);
    if found.page.is_some() {
        note = note.button(words::OPEN_PAGE);
    }
    if note.show(ui)
        && let Some(page) = &found.page
    {
        ui.ctx().open_url(eframe::egui::OpenUrl::new_tab(page));
    }
}

fn mailbox(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    let first = text(
        ui,
        form,
        asks,
        Field::Address,
        label::ADDRESS,
        hint::ADDRESS,
        &form.draft.address,
    );
    if form.is_untouched() && ui.memory(|memory| memory.focused().is_none()) {
        first.request_focus();
    }
    found(ui, form);
    password(ui, form, asks);
    name(ui, form, asks);
    if form.shows_server {
        server::show(ui, form, asks);
    } else {
        let button = Button::quiet(words::SHOW_SERVER).icon(icon::CARET_DOWN);
        if button.show(ui).clicked() {
            asks.push(Ask::Server(true));
        }
    }
}

/// What is known of the server.
fn found(ui: &mut Ui, form: &Form) {
    let p = palette(ui);
    let (says, colour) = match &form.search {
        Search::Running(_) => (words::SEARCHING.to_owned(), p.faint),
        Search::Idle => return,
        Search::Found(..) => {
            let taken = |found: &&FoundServers| found.imap.server == form.draft.host;
            // A server that somebody typed is their own word.
            let Some(found) = form.candidate().filter(taken) else {
                return;
            };
            let server = shown::line(&found.imap.server, 200);
            match (found.by, &found.provider) {
                (_, Some(provider)) => (words::found_provider(provider, &server), p.clean.text),
                (FoundBy::Guess, None) => (words::guessed(&server), p.spam.text),
                (_, None) if found.elsewhere => (words::found_elsewhere(&server), p.spam.text),
                (_, None) => (words::found_by_domain(&server), p.clean.text),
            }
        }
    };
    widget::small_in(ui, &says, colour);
}

fn password(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    let before = form.password.expose();
    // Room from the start: a text that grows leaves copies of the secret behind.
    let mut typed = Zeroizing::new(String::with_capacity(before.len() + 256));
    typed.push_str(before);
    let kept = match form.changing {
        Some(_) => hint::KEPT,
        None => "",
    };
    let field = Box::new(label::PASSWORD)
        .secret()
        .hint(kept)
        .enabled(!form.is_busy())
        .refused(form.flaw(Field::Password))
        .show(ui, &mut typed);
    if *typed != before {
        asks.push(Ask::Password(Typed(Secret::new(typed.to_string()))));
    }
    left(&field.response, Field::Password, asks);
    entered(field.is_entered, form, asks);
    widget::small(ui, words::TO_KEYRING);
}

fn name(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    if form.changing.is_none() {
        text(
            ui,
            form,
            asks,
            Field::Name,
            label::NAME,
            "",
            &form.draft.name,
        );
    }
}

fn files(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    let path = text(
        ui,
        form,
        asks,
        Field::Path,
        label::PATH,
        "",
        &form.draft.path,
    );
    if form.is_untouched() && ui.memory(|memory| memory.focused().is_none()) {
        path.request_focus();
    }
    ui.horizontal_wrapped(|ui| {
        let button = Button::normal(words::CHOOSE_FOLDER).icon(icon::FOLDER_OPEN);
        if button.show(ui).clicked() {
            asks.push(Ask::Choose(Field::Path, false));
        }
        let button = Button::normal(words::CHOOSE_FILE).icon(icon::FILE);
        if button.show(ui).clicked() {
            asks.push(Ask::Choose(Field::Path, true));
        }
    });
    let kinds = [Segment::new(words::MAILDIR), Segment::new(words::EML)];
    let chosen = usize::from(form.draft.kind == Kind::Files);
    if let Some(at) = Segments::new(&kinds, chosen)
        .enabled(form.changing.is_none())
        .show(ui)
    {
        asks.push(Ask::Kind(if at == 0 { Kind::Maildir } else { Kind::Files }));
    }
    name(ui, form, asks);
    text(
        ui,
        form,
        asks,
        Field::Address,
        label::ADDRESS,
        hint::ADDRESS,
        &form.draft.address,
    );
}

/// The buttons in the head of the page, and what each asks for.
fn buttons(form: &Form) -> Vec<(Button<'static>, Ask)> {
    let can = !form.tells_flaw() && !form.is_busy();
    let mut buttons = vec![(Button::normal(words::CANCEL), Ask::Cancel)];
    if form.changing.is_some() {
        let button = Button::normal(words::SAVE_CHANGE).enabled(can);
        buttons.push((button, Ask::Save));
    }
    buttons.push(if form.is_trying() {
        (
            Button::normal(words::STOP_TRY).icon(icon::STOP),
            Ask::StopTry,
        )
    } else if form.trial.as_ref().is_some_and(Trial::reached) {
        (
            Button::filled(words::GO_ON).icon(icon::ARROW_RIGHT),
            Ask::GoOn,
        )
    } else {
        let says = match form.trial {
            Some(_) => words::TRY_AGAIN,
            None => words::TRY,
        };
        (Button::filled(says).enabled(can), Ask::Try)
    });
    buttons
}

/// A field of one line.
fn text(
    ui: &mut Ui,
    form: &Form,
    asks: &mut Vec<Ask>,
    field: Field,
    label: &str,
    hint: &str,
    before: &str,
) -> eframe::egui::Response {
    let width = ui.available_width();
    let mut typed = before.to_owned();
    let shown = Box::new(label)
        .width(width)
        .hint(hint)
        .most(1_000)
        .enabled(!form.is_busy())
        .refused(form.flaw(field))
        .show(ui, &mut typed);
    if typed != before {
        asks.push(Ask::Typed(field, typed));
    }
    left(&shown.response, field, asks);
    entered(shown.is_entered, form, asks);
    shown.response
}

fn left(response: &eframe::egui::Response, field: Field, asks: &mut Vec<Ask>) {
    if response.lost_focus() {
        asks.push(Ask::Left(field));
    }
}

/// Enter in a field goes on as the filled button does.
fn entered(is_entered: bool, form: &Form, asks: &mut Vec<Ask>) {
    if is_entered && !form.is_busy() {
        asks.push(
            match form.trial.as_ref().is_some_and(|trial| trial.reached()) {
                true => Ask::GoOn,
                false => Ask::Try,
            },
        );
    }
}
