//! Carries out what the page for what goes to the vendor asks for: the report is drawn up anew
//! whenever something is changed, so that what is shown is what leaves.

mod leave;

use super::dialog::{Want, ask_for};
use crate::gui::Command;
use crate::gui::state::report::{Ask, Item, Origin};
use crate::gui::state::{Page, State, Tone};
use crate::gui::worker::{Kind, Tell, Worker};
use crate::job::{self, Draft, KnownHit, Plan, PlanError, Summary, Wish};
use crate::mail::Digest;
use crate::platform;
use crate::settings::{Places, Settings};
use crate::text::window::report as words;
use crate::verdict::Purpose;
use eframe::egui::Context;
use leave::{save, send, send_again, settle};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The most messages that are offered by themselves.
const MOST_OFFERED: usize = 1000;

/// The page was opened: what was moved and not reported is offered, unless a person chose.
pub fn opened(state: &mut State, worker: &mut Worker) {
    if state.report.busy.is_some() {
        return;
    }
    if state.report.outcomes.is_empty() && state.report.origin == Origin::Offered {
        offer(state, worker);
    } else if state.report.draft.is_none() {
        draw_up(state, worker);
    }
}

/// Takes messages that a person picked, and opens the page.
pub fn pick(
    state: &mut State,
    worker: &mut Worker,
    picked: impl IntoIterator<Item = (Digest, Purpose)>,
) {
    state.report.pick(picked);
    state.report.draft = None;
    super::open(state, worker, Page::Report);
}

/// Looks for what was moved and not reported yet.
fn offer(state: &mut State, worker: &mut Worker) {
    if state.site.settings.accounts.is_empty() {
        return;
    }
    state.report.drafting = state.report.draft.is_none();
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.task("what can be reported", move |tell: &Tell| {
        let hits = job::hits(&settings, &places);
        tell.apply(move |state, worker| {
            state.report.drafting = false;
            if state.report.origin == Origin::Picked || state.report.busy.is_some() {
                return;
            }
            let hits = match hits {
                Ok(hits) => hits,
                Err(error) => {
                    state.report.failed = Some(error.to_string());
                    return;
                }
            };
            let moved = hits
                .into_iter()
                .filter(|hit| hit.is_moved && hit.reported.is_none());
            let items = offered(moved.collect());
            let before = &state.report.items;
            let same = before.len() == items.len()
                && (before.iter().zip(&items)).all(|(a, b)| a.digest == b.digest);
            if !same || state.report.draft.is_none() {
                state.report.items = items;
                draw_up(state, worker);
            }
        });
    });
}

/// What is offered of these hits: each message once, the newest where there are too many.
fn offered(mut hits: Vec<KnownHit>) -> Vec<Item> {
    hits.sort_by_key(|hit| (Reverse(hit.date), hit.digest));
    let mut known = HashSet::new();
    let items = hits.into_iter().filter_map(|hit| {
        let purpose = hit.meant()?.into();
        known.insert(hit.digest).then_some(Item {
            digest: hit.digest,
            purpose,
            ticked: true,
            again: false,
        })
    });
    items.take(MOST_OFFERED).collect()
}

/// What a report is drawn up with.
struct Made {
    plan: Arc<Plan>,
    draft: Arc<Draft>,
    by_hand: Option<String>,
    vendors: Vec<(String, String)>,
}

/// Draws the report up; whatever was drawn up before stays to be looked at until then.
fn draw_up(state: &mut State, worker: &mut Worker) {
    let report = &mut state.report;
    report.turn += 1;
    report.failed = None;
    if report.items.is_empty() {
        report.draft = None;
        report.drafting = false;
        return;
    }
    let account = sender(&report.account, &state.site.settings);
    let Some(account) = account else {
        return;
    };
    report.drafting = true;
    let wish = Wish {
        account,
        vendor: report.vendor.clone(),
        server_limit: report.server_limit,
    };
    let (candidates, turn) = (report.candidates(), report.turn);
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.task("the report", move |tell: &Tell| {
        let made = make(&settings, &places, &candidates, &wish);
        tell.apply(move |state, _| {
            let report = &mut state.report;
            if report.turn != turn {
                return;
            }
            report.drafting = false;
            match made {
                Ok(made) => {
                    report.plan = Some(made.plan);
                    report.by_hand = made.by_hand;
                    report.vendors = made.vendors;
                    let last = made.draft.letters.len().saturating_sub(1);
                    report.shown = report.shown.min(last);
                    report.draft = Some(made.draft);
                }
                Err(why) => {
                    report.draft = None;
                    report.failed = Some(why.clone());
                    state.say(Tone::Failed, why);
                }
            }
        });
    });
}

fn make(
    settings: &Settings,
    places: &Places,
    candidates: &[job::Candidate],
    wish: &Wish,
) -> Result<Made, String> {
    let planned = job::report_plan(settings, places, &wish.account);
    let (plan, by_hand) = planned.map_err(|error| error.to_string())?;
    let draft = job::draft(&plan, candidates, wish).map_err(|error| error.to_string())?;
    Ok(Made {
        vendors: job::vendors(&plan),
        plan: Arc::new(plan),
        draft: Arc::new(draft),
        by_hand: by_hand.as_ref().map(why_by_hand),
    })
}

/// Why letters cannot leave, in the words of the settings' page and not of the file.
fn why_by_hand(why: &PlanError) -> String {
    match why {
        PlanError::NoSender(_) => words::NO_SENDER.to_owned(),
        PlanError::NoOutgoing(_) => words::NO_SERVER.to_owned(),
        PlanError::NoPortal(vendor) => words::no_portal(vendor),
        other => other.to_string(),
    }
}

/// The account that sends: the one that was chosen, as long as it is there, or else the first.
pub fn sender(chosen: &Option<String>, settings: &Settings) -> Option<String> {
    let mut accounts = settings.accounts.iter().map(|account| &account.name);
    let chosen = chosen
        .as_ref()
        .filter(|name| settings.account(name).is_some());
    chosen.or_else(|| accounts.next()).cloned()
}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, worker: &mut Worker, _ctx: &Context, ask: Ask) {
    let report = &mut state.report;
    // What is on its way is not changed.
    let changes = !matches!(
        ask,
        Ask::Fold(_) | Ask::Show(_) | Ask::OpenFolder(_) | Ask::Stop
    );
    if changes && report.busy.is_some() {
        return;
    }
    match ask {
        Ask::Tick(digest, purpose) => report.tick(&digest, purpose),
        Ask::TickAll(purpose) => report.tick_all(purpose),
        Ask::Vendor(id) => {
            report.vendor = Some(id);
            report.changed();
        }
        Ask::Account(name) => {
            report.account = Some(name);
            report.server_limit = None;
            report.changed();
        }
        Ask::Again => report.changed(),
        Ask::Fold(purpose) => {
            let mut open = open_groups(state);
            if !open.remove(&purpose) {
                open.insert(purpose);
            }
            state.report.open = Some(open);
            return;
        }
        Ask::Show(number) => {
            report.shown = number;
            report.writing = None;
            return;
        }
        Ask::Edit => {
            report.writing = report.text(report.shown);
            return;
        }
        Ask::Typed(text) => {
            report.writing = Some(text);
            return;
        }
        Ask::Written => return keep_written(state),
        Ask::AsDrafted => {
            report.writing = None;
            if let Some(letter) = shown_letter(state) {
                state.report.edits.remove(&letter);
            }
            return;
        }
        Ask::OpenFolder(path) => return open_folder(worker, path),
        Ask::SaveTo(folder) => return save(state, worker, folder),
        Ask::Stop => {
            if let Some(busy) = &mut report.busy {
                busy.stops = true;
            }
            if let Some(control) = worker.control(Kind::Report) {
                control.stop();
            }
            return;
        }
        Ask::PutAway => {
            report.put_away();
            report.notes.clear();
            report.server_limit = None;
            if report.items.is_empty() {
                return offer(state, worker);
            }
        }
    }
    draw_up(state, worker);
}

/// The groups of which the messages are shown: the first, until a person chose.
pub fn open_groups(state: &State) -> HashSet<Purpose> {
    if let Some(open) = &state.report.open {
        return open.clone();
    }
    let purposes = Purpose::ALL.into_iter();
    let mut there = purposes.filter(|purpose| {
        state
            .report
            .items
            .iter()
            .any(|item| item.purpose == *purpose)
    });
    there.next().into_iter().collect()
}

fn shown_letter(state: &State) -> Option<String> {
    let draft = state.report.draft.as_ref()?;
    let letter = draft.letters.get(state.report.shown)?;
    Some(letter.letter.id.clone())
}

fn keep_written(state: &mut State) {
    let Some(letter) = shown_letter(state) else {
        return;
    };
    if let Some(text) = state.report.writing.take() {
        state.report.edits.insert(letter, text);
    }
}

/// Opens the folder that a file lies in.
pub fn open_folder(worker: &mut Worker, path: PathBuf) {
    worker.task("a folder", move |tell: &Tell| {
        let folder = match path.is_dir() {
            true => Some(path.as_path()),
            false => path.parent(),
        };
        let opened = folder.map(platform::open_folder);
        if let Some(Err(error)) = opened {
            let says = format!("{}: {error}", path.display());
            tell.apply(move |state, _| state.say(Tone::Failed, says));
        }
    });
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) -> bool {
    if state.page == Page::Review && command == Command::Report {
        let picked = picked(state);
        pick(state, worker, picked);
        return true;
    }
    if state.page != Page::Report || is_enabled(command, state) != Some(true) {
        return false;
    }
    match command {
        Command::Send => send(state, worker),
        Command::SaveZips => ask_for_folder(state, worker),
        Command::SendAgain => send_again(state, worker),
        Command::CopyPassword => copy_password(state, ctx),
        Command::Back => state.report.writing = None,
        _ => return false,
    }
    true
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    let report = &state.report;
    if state.page == Page::Review && command == Command::Report {
        return Some(report.busy.is_none() && !picked(state).is_empty());
    }
    if state.page != Page::Report {
        return None;
    }
    let is_free = report.busy.is_none() && !report.drafting && report.writing.is_none();
    match command {
        Command::Send => Some(is_free && !report.to_send().is_empty()),
        Command::SaveZips => Some(is_free && !report.to_save().is_empty()),
        Command::SendAgain => Some(is_free && !report.unsent().is_empty()),
        Command::CopyPassword => Some(report.draft.is_some()),
        Command::Back => report.writing.is_some().then_some(true),
        _ => None,
    }
}

/// What is ticked in Review, or else the hit that is open there, as what it counts.
fn picked(state: &State) -> Vec<(Digest, Purpose)> {
    let review = &state.review;
    let meant = |hit: &KnownHit| {
        let purpose = hit.meant().map_or(Purpose::FalsePositive, Purpose::from);
        (hit.digest, purpose)
    };
    let ticked: Vec<_> = review.table.chosen().map(meant).collect();
    match ticked.is_empty() {
        true => review.row().map(meant).into_iter().collect(),
        false => ticked,
    }
}

fn copy_password(state: &mut State, ctx: &Context) {
    if let Some(draft) = &state.report.draft {
        ctx.copy_text(draft.password.clone());
        state.say(Tone::Done, words::COPIED);
    }
}

fn ask_for_folder(state: &mut State, worker: &mut Worker) {
    ask_for(state, worker, Want::folder(), save);
}

/// A job has ended: what it moved can be reported.
pub fn ended(state: &mut State, worker: &mut Worker, kind: Kind, summary: &Summary) {
    match kind {
        // Only where its thread ended before its time.
        Kind::Report => settle(state),
        Kind::Sweep | Kind::Serve => {
            let is_offered = state.report.origin == Origin::Offered;
            let is_free = state.report.busy.is_none() && state.report.outcomes.is_empty();
            if is_offered && is_free && summary.moved + summary.undone > 0 {
                offer(state, worker);
            }
        }
    }
}
