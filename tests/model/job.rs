//! The program's job, run in this process on the world's mailbox, with plans that are made once.

use super::operation::Rules;
use super::world::{SWEPT, TARGET};
use postsweep::job::{self, Choices, Control, Event, Moves, Plan, Rehearse, Request};
use postsweep::mail::Digest;
use postsweep::settings::{Places, Settings};
use postsweep::store::Store;
use std::path::{Path, PathBuf};

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sweep,
    Rehearse,
    Judge,
}

/// What a run told.
#[derive(Debug, Default)]
pub struct Told {
    /// Its sweep's number.
    pub sweep: Option<i64>,
    pub troubles: Vec<String>,
}

pub struct Job {
    places: Places,
    plans: Vec<((Kind, Rules), Plan)>,
}

impl Job {
    pub fn new(root: &Path, account: &str) -> Job {
        let places = Places::within(root);
        let mut plans = Vec::new();
        for kind in [Kind::Sweep, Kind::Rehearse, Kind::Judge] {
            for rules in [Rules::Usual, Rules::Strict] {
                plans.push(((kind, rules), plan(&places, account, kind, rules)));
            }
        }
        Job { places, plans }
    }

    /// Forgets everything.
    pub fn wipe(&self) {
        let _ = std::fs::remove_dir_all(&self.places.data_dir);
    }

    fn plan(&self, kind: Kind, rules: Rules) -> &Plan {
        let found = self.plans.iter().find(|(key, _)| *key == (kind, rules));
        &found.unwrap().1
    }

    pub fn samples(&self) -> PathBuf {
        self.places.data_dir.join("samples")
    }

    pub fn run(&self, kind: Kind, rules: Rules) -> Told {
        run(self.plan(kind, rules), &Control::new(), &mut |_, _| {})
    }

    /// Judges, and asks for a hit to be delivered once it is shown.
    pub fn deliver(&self, wanted: Digest) -> Told {
        let mut is_asked = false;
        let plan = self.plan(Kind::Judge, Rules::Usual);
        run(plan, &Control::new(), &mut |event, control| {
            let (Event::Hit(hit) | Event::Held { hit, .. }) = event else {
                return;
            };
            if hit.sha256 == wanted && !std::mem::replace(&mut is_asked, true) {
                control.ask(Request::Deliver(vec![wanted]));
            }
        })
    }

    /// Asks for what was moved to be put back, or for a hit to be left where it is.
    pub fn undo(&self, wanted: Digest) -> Told {
        let control = Control::new();
        control.ask(Request::Undo(vec![wanted]));
        let plan = self.plan(Kind::Judge, Rules::Usual);
        run(plan, &control, &mut |event, control| {
            if let Event::Hit(hit) | Event::Held { hit, .. } = event
                && hit.sha256 == wanted
            {
                control.ask(Request::Undo(vec![wanted]));
            }
        })
    }

    /// Sweeps, and stops after so many events.
    pub fn stop(&self, after: usize) -> Told {
        let mut count = 0;
        let plan = self.plan(Kind::Sweep, Rules::Usual);
        run(plan, &Control::new(), &mut |_, control| {
            count += 1;
            if count == after {
                control.stop();
            }
        })
    }

    /// Sweeps another way to the mailbox.
    pub fn sweep_by(&self, account: &str) -> Told {
        let plan = plan(&self.places, account, Kind::Sweep, Rules::Usual);
        run(&plan, &Control::new(), &mut |_, _| {})
    }

    /// Undoes the last sweep that moved something.
    pub fn undo_sweep(&self) -> Told {
        let mut told = Told::default();
        let plan = self.plan(Kind::Sweep, Rules::Usual);
        job::undo(plan, None, &Control::new(), &mut |event| told.hear(&event));
        told
    }

    /// The sweep that `undo_sweep` would undo.
    pub fn newest(&self) -> Option<i64> {
        let path = self.places.data_dir.join("store.sqlite");
        let store = path.exists().then(|| Store::open(&path).unwrap())?;
        store.last_sweep_with_moves().unwrap()
    }
}

impl Told {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Opened { sweep, .. } => self.sweep = *sweep,
            Event::Trouble { says, .. } => self.troubles.push(says.clone()),
            _ => {}
        }
    }
}

fn run(plan: &Plan, control: &Control, each: &mut dyn FnMut(&Event, &Control)) -> Told {
    let mut told = Told::default();
    job::run(plan, control, &mut |event| {
        told.hear(&event);
        each(&event, control);
    });
    told
}

fn plan(places: &Places, account: &str, kind: Kind, rules: Rules) -> Plan {
    let blocked = match rules {
        Rules::Usual => "\"*@spam.example\"",
        Rules::Strict => "\"*@spam.example\", \"*@grey.example\"",
    };
    let text = format!(
        "[[account]]\nname = \"pat\"\n{account}\nfolders = {SWEPT:?}\nmove-to = \"{TARGET}\"\n\
         [senders]\nblocked = [{blocked}]\n"
    );
    let settings = Settings::parse(&places.config_file, &text).unwrap();
    let choices = Choices {
        rehearse: match kind {
            Kind::Rehearse => Rehearse::Yes,
            Kind::Sweep | Kind::Judge => Rehearse::No,
        },
        moves: match kind {
            Kind::Judge => Moves::WhenAsked,
            Kind::Sweep | Kind::Rehearse => Moves::AtOnce,
        },
        ..Choices::default()
    };
    Plan::new(settings, places, &choices).unwrap()
}
