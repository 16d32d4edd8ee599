//! The form for an account: its fields at the left, the try of what they say at the right. What
//! is typed is edited in a copy and asked for; a password's copy is wiped.

mod advice;
mod server;

use super::{folders, trial};
use crate::gui::Intent;
use crate::gui::icon;
use crate::gui::shown;
use crate::gui::state::accounts::{Ask, Form, Search, Step, Trial, Typed};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Field as Box, Note, Segment, Segments, page_header};
use crate::job::{FoundBy, FoundServers};
use crate::settings::{Field, Kind, Secret, SignIn};
use crate::text::window::accounts as words;
use crate::text::window::accounts::{hint, label};
use eframe::egui::{Frame, Margin, Response, ScrollArea, Ui};
use zeroize::Zeroizing;

/// Draws the form.
pub(super) fn show(ui: &mut Ui, form: &Form, intents: &mut Vec<Intent>) {
    let title = match (&form.changing, form.draft.kind) {
        (Some(_), _) => words::changing(&form.called),
        (None, Kind::Imap) => words::NEW.to_owned(),
        (None, _) => words::NEW_FILES.to_owned(),
    };
    let way = way(form);
    let facts = match form.step {
        Step::Fields => way.not_yet,
        Step::Folders => way.choose,
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
    widget::scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
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
            advice::show(right, found);
        }
        intents.extend(asks.into_iter().map(Intent::Accounts));
    });
}

/// The words of a try of this kind of mailbox.
fn way(form: &Form) -> &'static words::Way {
    match form.draft.kind {
        Kind::Imap => &words::SERVER,
        Kind::Maildir | Kind::Files => &words::FILES,
    }
}

fn mailbox(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    first(ui, form, asks, Field::Address);
    found(ui, form);
    password(ui, form, asks);
    text(ui, form, asks, Field::Name);
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
    let takes = form.takes();
    let (hint, below) = match (takes, &form.changing) {
        (SignIn::Oauth, _) => ("", words::TAKES_NONE),
        (_, Some(_)) => (hint::KEPT, words::TO_KEYRING),
        (SignIn::AppPassword, None) => (hint::APP_PASSWORD, words::APP_PASSWORD),
        (SignIn::Password, None) => ("", words::TO_KEYRING),
    };
    let field = Box::new(label::PASSWORD)
        .secret()
        .hint(hint)
        .enabled(!form.is_busy() && takes != SignIn::Oauth)
        .refused(form.flaw(Field::Password))
        .show(ui, &mut typed);
    if *typed != before {
        asks.push(Ask::Password(Typed(Secret::new(typed.to_string()))));
    }
    left(&field.response, Field::Password, asks);
    entered(field.is_entered, form, asks);
    widget::small(ui, below);
}

fn files(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    first(ui, form, asks, Field::Path);
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
    text(ui, form, asks, Field::Name);
    text(ui, form, asks, Field::Address);
}

/// Whether nothing typed here can lead to a mailbox, and another form is offered. What is changed of
/// a known account must not go with this one.
fn has_no_way(form: &Form) -> bool {
    form.changing.is_none() && form.takes() == SignIn::Oauth
}

/// The buttons in the head of the page, and what each asks for.
fn buttons(form: &Form) -> Vec<(Button<'static>, Ask)> {
    let can = !form.tells_flaw() && !form.is_busy();
    let mut buttons = vec![(Button::normal(words::CANCEL), Ask::Cancel)];
    if form.changing.is_some() {
        let button = Button::normal(words::SAVE_CHANGE).enabled(can);
        buttons.push((button, Ask::Save));
    }
    let way = way(form);
    buttons.push(if has_no_way(form) {
        let button = Button::filled(words::NEW_FILES).icon(icon::FOLDER_OPEN);
        (button, Ask::AddFiles)
    } else if form.is_trying() {
        (Button::normal(way.stop).icon(icon::STOP), Ask::StopTry)
    } else if form.trial.as_ref().is_some_and(Trial::reached) {
        (
            Button::filled(words::GO_ON).icon(icon::ARROW_RIGHT),
            Ask::GoOn,
        )
    } else {
        let says = match form.trial {
            Some(_) => way.again,
            None => way.go,
        };
        (Button::filled(says).enabled(can), Ask::Try)
    });
    buttons
}

/// A field of one line, by what it is for.
fn text(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>, field: Field) -> Response {
    let draft = &form.draft;
    let usual = server::usual_port(draft.security);
    let (label, hint, before) = match field {
        Field::Name => (label::NAME, "", &draft.name),
        Field::Path => (label::PATH, "", &draft.path),
        Field::Host => (label::HOST, hint::HOST, &draft.host),
        Field::Port => (label::PORT, usual, &draft.port),
        Field::User => (label::USER, hint::USER, &draft.user),
        Field::CaFile => (label::CA_FILE, hint::CA_FILE, &draft.ca_file),
        _ => (label::ADDRESS, hint::ADDRESS, &draft.address),
    };
    let mut typed = before.clone();
    let shown = Box::new(label)
        .width(ui.available_width())
        .hint(hint)
        .most(1_000)
        .enabled(!form.is_busy())
        .refused(form.flaw(field))
        .show(ui, &mut typed);
    if typed != *before {
        asks.push(Ask::Typed(field, typed));
    }
    left(&shown.response, field, asks);
    entered(shown.is_entered, form, asks);
    shown.response
}

/// The field that a new form begins with.
fn first(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>, field: Field) {
    let first = text(ui, form, asks, field);
    if form.is_untouched() && ui.memory(|memory| memory.focused().is_none()) {
        first.request_focus();
    }
}

fn left(response: &Response, field: Field, asks: &mut Vec<Ask>) {
    if response.lost_focus() {
        asks.push(Ask::Left(field));
    }
}

/// Enter in a field goes on as the filled button does.
fn entered(is_entered: bool, form: &Form, asks: &mut Vec<Ask>) {
    if is_entered && !form.is_busy() && !has_no_way(form) {
        asks.push(
            match form.trial.as_ref().is_some_and(|trial| trial.reached()) {
                true => Ask::GoOn,
                false => Ask::Try,
            },
        );
    }
}
