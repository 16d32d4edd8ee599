//! The line: sweep, keep, move, package, submit, and take back. Written once; commands and any
//! window listen to it. It prints nothing, and draws nothing.

mod again;
mod control;
mod event;
mod evidence;
mod exchange;
mod forget;
pub mod judge;
pub mod measuring;
pub mod plan;

mod accounts;
mod chronicle;
mod deliver;
mod demo;
mod desk;
mod history;
mod hit;
mod hits;
mod journal;
mod judging;
mod known;
mod learn;
mod learnt;
mod lines;
mod lock;
mod news;
mod opened;
mod outgoing;
mod own_rules;
mod parcel;
mod probe;
mod purge;
mod reading;
mod rebuild;
mod report;
mod rule_list;
mod said;
mod scan;
mod senders;
mod serve;
mod servers;
mod setting_up;
mod steady;
mod submit;
mod sweep;
mod threads;
mod typed_path;
mod undo;
mod unread;
mod views;

pub use crate::mailbox::imap::Step;
pub use crate::mailbox::{Folder, SpecialUse, Stop};
pub use crate::rules::{Look, Looks, Refused, RuleError};
pub use crate::store::{Figures, MoveState, SubmissionState, Way};
pub use crate::store::{HitState, Said};
pub use chronicle::{
    Done, End, Entry, Kind, Named, Packed, Swept, Travelled, chronicle, history_as_csv,
    save_history,
};
pub use control::{Control, Request};
pub use demo::{Demo, DemoError, demo, demo_messages};
pub use desk::JobError;
pub use event::{Event, Hit, Submitted, Summary};
pub use evidence::{evidence, save_original};
pub use exchange::{
    Imported, ListForm, RefusedLine, import_senders, read_senders, save_text, write_senders,
};
pub use forget::{forget, kept};
pub use history::{HistoryLine, history};
pub use hits::{KnownHit, Reported, Stamp, hits, stamp};
pub use learn::{Sources, learn_files, learn_folders};
pub use learnt::unlearn;
pub use lock::{AlreadyOpen, Window, only_window};
pub use opened::{
    Authenticated, Content, Hop, HopKind, Method, Opened, Reason, ShownFile, ShownLink, Shows, Why,
    open,
};
pub use outgoing::{VendorLine, set_outgoing, vendor_list};
pub use own_rules::{
    OwnFile, RulesError, TrialMail, Tried, own_rules, read_trial_mail, remove_rules, save_rules,
    trial_mail, try_rules,
};
pub use plan::{AccountPlan, Choices, Moves, Plan, PlanError, Rehearse, Submit};
pub use probe::{Failed, Hindrance, Probed, Stage, probe, probe_drafted};
pub use purge::purge;
pub use report::{
    Candidate, Draft, DraftLetter, DraftSample, Edits, Leaves, Outcome, ReportError, ReportEvent,
    ReportedBefore, Standing, Take, Text, Wish, draft, report_plan, save_report, send_again,
    send_report, vendors,
};
pub use rule_list::{RuleLine, RuleList, rule_list, switch_rule};
pub use said::{Chosen, Heard, say};
pub use scan::{Scanned, scan};
pub use senders::{
    Covers, ListError, SenderLine, SenderLists, check_sender, is_anybodys, list_senders, senders,
    typed_sender, unlist_senders, write_settings,
};
pub use serve::serve;
pub use servers::{FoundBy, FoundServers, Servers, find_servers, kind_of};
pub use setting_up::{
    SetUp, SetUpError, add_account, change_account, drafted, keyring_name, remove_account,
};
pub use typed_path::{PathFlaw, PathFor, typed_path};

use crate::store::{Store, SweepId};
use accounts::each_account;
use deliver::{By, Then};
use desk::{Desk, store_path};

/// Sweeps every account of the plan and, where the plan moves at once, delivers its hits. What
/// fails is told and the rest goes on; the last event is the summary.
pub fn run(plan: &Plan, control: &Control, on: &mut dyn FnMut(Event)) -> Summary {
    each_account(plan, &plan.accounts, control, on, |desk| {
        desk.steadily(control, Desk::settle)?;
        desk.steadily(control, Desk::search_target)?;
        desk.sweep(control)?;
        if plan.moves == Moves::AtOnce && !desk.work.summary.stopped {
            let hits = desk.work.deliverable();
            desk.deliver(hits, By::Sweep, Then::Submit, control)?;
        }
        // What was asked for while the last step ran.
        desk.gap(control).map(|_| ())
    })
}

/// Puts back what a sweep moved; without a number, the newest that moved something.
pub fn undo(
    plan: &Plan,
    sweep: Option<SweepId>,
    control: &Control,
    on: &mut dyn FnMut(Event),
) -> Summary {
    let (sweep, account) = match find_sweep(plan, sweep, on) {
        Ok(found) => found,
        Err(says) => {
            let summary = Summary {
                troubles: 1,
                dry_run: plan.is_rehearsal(),
                ..Summary::default()
            };
            on(Event::Trouble {
                account: None,
                says,
            });
            on(Event::Summary(summary.clone()));
            return summary;
        }
    };
    let of_sweep = plan
        .accounts
        .iter()
        .filter(|plan| plan.account.name == account);
    each_account(plan, of_sweep, control, on, |desk| {
        desk.steadily(control, Desk::settle)?;
        desk.steadily(control, Desk::search_target)?;
        desk.undo_sweep(sweep, control)
    })
}

/// The sweep to undo, and its account; or why there is none.
fn find_sweep(
    plan: &Plan,
    sweep: Option<SweepId>,
    on: &mut dyn FnMut(Event),
) -> Result<(SweepId, String), String> {
    let path = store_path(&plan.places.data_dir);
    let nothing = || "nothing was moved that could be put back".to_owned();
    if !path.exists() {
        return Err(nothing());
    }
    // A rehearsal leaves even a damaged one as it is.
    let (store, _lock) = match plan.is_rehearsal() {
        true => (Store::rehearsal(&path).map_err(|e| e.to_string())?, None),
        false => {
            let opened = rebuild::open_store(plan, on).map_err(|error| error.to_string())?;
            (opened.store, Some(opened.lock))
        }
    };
    let newest = store
        .last_sweep_with_moves()
        .map_err(|error| error.to_string())?;
    let number = sweep.or(newest).ok_or_else(nothing)?;
    let sweeps = store.sweeps().map_err(|error| error.to_string())?;
    let known = sweeps.into_iter().find(|known| known.id == number);
    let account = known
        .ok_or_else(|| format!("there is no sweep {number}: `postsweep history` lists them"))?
        .account;
    if !plan
        .accounts
        .iter()
        .any(|plan| plan.account.name == account)
    {
        return Err(format!(
            "sweep {number} is of account `{account}`, which is not in the settings any more"
        ));
    }
    Ok((number, account))
}
