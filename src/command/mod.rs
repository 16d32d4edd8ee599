//! The commands: each starts what its verb names, shows what the job tells, and says with which
//! code to end. They decide nothing about mail.

mod account;
mod batch;
mod config;
mod desktop;
mod eval;
mod forget;
mod history;
mod interrupt;
mod learn;
mod output;
mod report;
mod rules;
mod samples;
mod scan;
mod sorted;
mod tune;
mod undo;

use crate::cli::{Cli, Task};
use crate::job::Summary;
use crate::log_file;
use crate::settings::Places;
use crate::text;
use flexi_logger::LoggerHandle;
use output::Output;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Done, but something failed and was reported.
    Reported,
    /// It could not start.
    NotStarted,
    /// Another sweep holds the lock.
    Locked,
    /// Stopped by Ctrl-C, after finishing the step in hand.
    Stopped,
}

impl Exit {
    /// The exit code; 130 is what shells know as "ended by Ctrl-C".
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Reported => 1,
            Exit::NotStarted => 2,
            Exit::Locked => 3,
            Exit::Stopped => 130,
        }
    }

    /// What a job's numbers come to. Told warnings count as something that failed.
    fn of(summary: &Summary, warned: bool) -> Exit {
        match summary {
            Summary { locked: 1.., .. } => Exit::Locked,
            Summary { stopped: true, .. } => Exit::Stopped,
            Summary { troubles: 1.., .. } => Exit::Reported,
            _ if warned => Exit::Reported,
            _ => Exit::Done,
        }
    }
}

/// Does what was asked for. Whatever keeps it from starting is one line on standard error.
pub fn run(cli: &Cli, task: Task) -> Exit {
    start(cli, task).unwrap_or_else(|error| {
        not_started(&format!("{error:#}"));
        Exit::NotStarted
    })
}

/// The log file while a command changes something; that it cannot be written is said.
fn log(places: &Places, output: &Output) -> Option<LoggerHandle> {
    log_file::start(places)
        .inspect_err(|says| output.error(says))
        .ok()
}

/// What a build without a window does when it is started like one with it; returns the exit code.
pub fn no_window() -> u8 {
    not_started(text::NO_WINDOW)
}

/// Says why nothing was begun; returns the exit code.
pub fn not_started(says: &str) -> u8 {
    Output::plain().error(&text::failed(says));
    Exit::NotStarted.code()
}

fn start(cli: &Cli, task: Task) -> anyhow::Result<Exit> {
    let places = || Places::find(cli.config.as_deref(), cli.data_dir.as_deref());
    match task {
        Task::Batch(batch) => batch::run(&places()?, &batch),
        Task::Demo(batch) => batch::demo(&batch),
        Task::Scan(scan) => scan::run(&places()?, &scan, cli.config.is_some()),
        Task::Learn(learn) => learn::run(&places()?, &learn, cli.config.is_some()),
        Task::Undo(sweep) => undo::run(&places()?, sweep),
        Task::History => history::run(&places()?),
        Task::Rules => rules::run(&places()?),
        Task::Eval(eval) => eval::run(&places()?, &eval, cli.config.is_some()),
        Task::Tune(tune) => tune::run(&places()?, &tune),
        Task::Account(account) => account::run(&places()?, account),
        Task::Config(crate::cli::Config::Example) => config::example(),
        Task::Config(crate::cli::Config::Path) => config::path(&places()?),
        Task::Config(crate::cli::Config::Check) => config::check(&places()?),
        Task::Desktop(asked) => desktop::run(&asked),
        Task::Forget(asked) => forget::run(&places()?, &asked),
        Task::Samples(crate::cli::Samples::Purge) => samples::purge(&places()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_follows_from_the_numbers() {
        let summary = |change: fn(&mut Summary)| {
            let mut summary = Summary::default();
            change(&mut summary);
            summary
        };
        for (summary, warned, code) in [
            (summary(|_| ()), false, 0),
            (summary(|s| s.spam = 3), false, 0),
            (summary(|_| ()), true, 1),
            (summary(|s| s.troubles = 2), false, 1),
            (summary(|s| s.stopped = true), false, 130),
            (summary(|s| (s.stopped, s.troubles) = (true, 1)), true, 130),
            (summary(|s| (s.locked, s.troubles) = (1, 1)), false, 3),
        ] {
            assert_eq!(Exit::of(&summary, warned).code(), code, "{summary:?}");
        }
    }
}
