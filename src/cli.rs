//! The command line: arguments as typed and validated. It does nothing.

mod desktop;
mod measuring;

pub use desktop::{Desktop, Prefix};
pub use measuring::{Eval, Sorted, Tune};

use crate::settings::Security;
use crate::verdict::{Level, Only};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Finds the spam and phishing that a mail gateway let through, moves it out of the inbox, and
/// hands the originals to the gateway's vendor.
#[derive(Debug, Parser)]
#[command(
    name = "postsweep",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    override_usage = "postsweep\n       postsweep --batch [--account NAME]... [OPTIONS]\n       postsweep --batch --demo\n       postsweep COMMAND",
    after_help = "Exit codes: 0 done; 1 done, but something failed and was reported; 2 could not start;
\
                  3 another sweep holds the lock; 130 stopped by Ctrl-C after finishing the step in hand."
)]
pub struct Cli {
    /// Read settings from this file
    #[arg(long, value_name = "FILE", global = true, help_heading = "Places")]
    pub config: Option<PathBuf>,

    /// Keep the store, samples, packages and the log in this folder
    #[arg(long, value_name = "DIR", global = true, help_heading = "Places")]
    pub data_dir: Option<PathBuf>,

    #[command(flatten)]
    batch: BatchFlags,

    #[command(subcommand)]
    command: Option<Verb>,
}

/// `--batch` and what belongs to it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sweeping")]
struct BatchFlags {
    /// Sweep: judge what is new, move the hits, package and submit them as the settings say
    #[arg(long)]
    batch: bool,

    #[command(flatten)]
    options: Batch,

    /// Do the whole job on a built-in mailbox; needs and changes nothing of yours
    #[arg(long, requires = "batch", conflicts_with_all = ["account", "config", "data_dir"])]
    demo: bool,
}

/// How to sweep.
#[derive(Debug, Clone, Args)]
pub struct Batch {
    /// Sweep this account only; may be given several times
    #[arg(long, value_name = "NAME", requires = "batch")]
    pub account: Vec<String>,

    /// Show what would be moved, packaged and sent, to whom; change nothing
    #[arg(long, requires = "batch")]
    pub dry_run: bool,

    /// How much must speak against a message: low (fewest false alarms), medium or high
    #[arg(long, value_name = "LEVEL", value_parser = levels(), hide_possible_values = true, requires = "batch")]
    pub level: Option<Level>,

    /// Judge and keep samples, but leave every message where it is
    #[arg(long, requires = "batch")]
    pub no_move: bool,

    /// Hand packages over, whatever the settings say
    #[arg(long, requires = "batch", conflicts_with = "no_submit")]
    pub submit: bool,

    /// Hand nothing over, whatever the settings say
    #[arg(long, requires = "batch")]
    pub no_submit: bool,

    /// Print one JSON object a line, and nothing else, to standard output
    #[arg(long, requires = "batch")]
    pub json: bool,

    /// Also show the messages that are clean, with their scores
    #[arg(long, short, requires = "batch", conflicts_with_all = ["json", "quiet"])]
    pub verbose: bool,

    /// Say only what failed
    #[arg(long, short, requires = "batch")]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Judge .eml files, folders of them, an mbox or a Maildir; changes nothing
    Scan(Scan),
    /// Learn what you call spam and what you keep: from folders of an account, or from mail on disk
    ///
    /// What was learnt joins the score of every message, beside the rules, and stays on this
    /// machine. Messages are read and left as they are; one that was learnt already is passed over.
    /// What you put back after a sweep, by undo or by hand, is learnt as wanted, too.
    Learn(Learn),
    /// Put a sweep's messages back where they were; they are never moved again
    Undo {
        /// The sweep's number, as `history` shows it; the last one that moved something if left out
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        sweep: Option<i64>,
    },
    /// Show what was swept, moved, submitted and put back
    History,
    /// List the rules in force, and the checks that rules of your own can use
    Rules,
    /// Measure how well the rules part spam from honest mail of yours; changes nothing
    Eval(Eval),
    /// Fit the rules' weights to mail of yours, say what each rule is worth, and write them down
    Tune(Tune),
    /// Set up, try, list and remove accounts
    #[command(subcommand)]
    Account(Account),
    /// Show an example of the settings, find them, check them
    #[command(subcommand)]
    Config(Config),
    /// Remove old samples
    #[command(subcommand)]
    Samples(Samples),
    /// Remove what is kept of judged messages, so that new rules judge them without fetching them
    ///
    /// The samples, the history and what you put back stay; the next change of rules fetches the
    /// messages again. Mail is not touched.
    Forget(Forget),
    /// Put the window into the system's menu, or take it out
    #[command(subcommand)]
    Desktop(Desktop),
}

/// `scan`
#[derive(Debug, Clone, Args)]
pub struct Scan {
    /// Files and folders of mail
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// How much must speak against a message: low (fewest false alarms), medium or high
    #[arg(long, value_name = "LEVEL", value_parser = levels(), hide_possible_values = true)]
    pub level: Option<Level>,

    /// Judge by the rules alone (nothing that was learnt counts), or by the learner alone (the
    /// score is its log-odds): rules or learner
    #[arg(long, value_name = "PART", value_parser = parts(), hide_possible_values = true)]
    pub only: Option<Only>,

    /// Print one JSON object a line, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,

    /// Do not look into attachments, whatever the settings say
    #[arg(long)]
    pub no_attachments: bool,

    /// Also show the messages that are clean, with their scores
    #[arg(long, short, conflicts_with = "json")]
    pub verbose: bool,
}

/// `learn`
#[derive(Debug, Clone, Default, Args)]
pub struct Learn {
    /// The account whose folders these are; may be left out where there is one
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,

    /// Folders of mail that is spam, such as Junk; or .eml files, an mbox, a Maildir, folders of them
    #[arg(long, value_name = "FOLDER", num_args = 1.., required_unless_present_any = ["ham", "forget"])]
    pub spam: Vec<String>,

    /// Folders of mail that is wanted, such as INBOX, Archive and Sent
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    pub ham: Vec<String>,

    /// Forget all that was learnt
    #[arg(long, conflicts_with_all = ["account", "spam", "ham"])]
    pub forget: bool,

    /// Print one JSON object a line, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,
}

/// `account`
#[derive(Debug, Clone, Subcommand)]
pub enum Account {
    /// Set up an IMAP account and try it; asks for what is not given
    Add(AccountAdd),
    /// Try an account step by step: find, connect, encrypt, sign in, list folders
    Test {
        /// The account; every one if left out
        name: Option<String>,
    },
    /// List the accounts
    List,
    /// Remove an account from the settings, and its password from the keyring; mail stays
    Remove {
        /// The account
        name: String,
    },
    /// Store an account's password in the keyring, anew
    Password {
        /// The account
        #[arg(required_unless_present = "outgoing")]
        name: Option<String>,
        /// That of the server for outgoing mail
        #[arg(long, conflicts_with = "name")]
        outgoing: bool,
        /// Read it from standard input, its first line
        #[arg(long)]
        password_stdin: bool,
    },
}

/// `account add`
#[derive(Debug, Clone, Default, Args)]
pub struct AccountAdd {
    /// A name for the account
    #[arg(long)]
    pub name: Option<String>,
    /// The IMAP server
    #[arg(long, value_name = "HOST")]
    pub server: Option<String>,
    /// The user to sign in as
    #[arg(long)]
    pub user: Option<String>,
    /// How the connection is protected: tls, starttls, or none (to this machine only)
    #[arg(long, value_parser = securities(), hide_possible_values = true)]
    pub security: Option<Security>,
    /// The port, where it is not the usual one
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// One more certificate authority to trust (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// A folder to sweep; may be given several times [default: INBOX]
    #[arg(long, value_name = "NAME")]
    pub folder: Vec<String>,
    /// The folder that hits go to [default: Missed spam]
    #[arg(long, value_name = "NAME")]
    pub move_to: Option<String>,
    /// Read the password from standard input, its first line
    #[arg(long, conflicts_with = "password_command")]
    pub password_stdin: bool,
    /// A command that prints the password, instead of the keyring
    #[arg(long, value_name = "COMMAND")]
    pub password_command: Option<String>,
    /// Do not try the account
    #[arg(long)]
    pub no_test: bool,
}

/// `config`
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Config {
    /// Print a settings file that shows and explains every key
    Example,
    /// Print where the settings file is
    Path,
    /// Check the settings, and your own rules and vendors
    Check,
}

/// `forget`
#[derive(Debug, Clone, Args)]
pub struct Forget {
    /// Of this account only; else of all, and the key that it is encrypted with
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,

    /// Show how much is kept, of all accounts; remove nothing
    #[arg(long, conflicts_with = "account")]
    pub dry_run: bool,
}

/// `samples`
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Samples {
    /// Remove samples and packages that are older than the settings keep them
    Purge,
}

/// What is to be done.
#[derive(Debug)]
pub enum Task {
    /// `--batch`
    Batch(Batch),
    /// `--batch --demo`
    Demo(Batch),
    /// `scan`
    Scan(Scan),
    /// `learn`
    Learn(Learn),
    /// `undo`, of this sweep or the last
    Undo(Option<i64>),
    /// `history`
    History,
    /// `rules`
    Rules,
    /// `eval`
    Eval(Eval),
    /// `tune`
    Tune(Tune),
    /// `account`
    Account(Account),
    /// `config`
    Config(Config),
    /// `samples`
    Samples(Samples),
    /// `forget`
    Forget(Forget),
    /// `desktop`
    Desktop(Desktop),
}

impl Cli {
    /// Reads the arguments, the program's name first. The error is also how help and version come
    /// out: it knows where it belongs and with which code to end. No task is the window.
    pub fn read<T: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = T>,
    ) -> Result<(Cli, Option<Task>), clap::Error> {
        let mut cli = Cli::try_parse_from(arguments)?;
        let task = match (cli.command.take(), cli.batch.batch) {
            (Some(_), true) => {
                let says = "--batch sweeps and takes no command beside it";
                return Err(Cli::command().error(ErrorKind::ArgumentConflict, says));
            }
            (None, false) => return Ok((cli, None)),
            (None, true) if cli.batch.demo => Task::Demo(cli.batch.options.clone()),
            (None, true) => Task::Batch(cli.batch.options.clone()),
            (Some(Verb::Scan(scan)), _) => Task::Scan(scan),
            (Some(Verb::Learn(learn)), _) => Task::Learn(learn),
            (Some(Verb::Undo { sweep }), _) => Task::Undo(sweep),
            (Some(Verb::History), _) => Task::History,
            (Some(Verb::Rules), _) => Task::Rules,
            (Some(Verb::Eval(eval)), _) => Task::Eval(eval),
            (Some(Verb::Tune(tune)), _) => Task::Tune(tune),
            (Some(Verb::Account(account)), _) => Task::Account(account),
            (Some(Verb::Config(config)), _) => Task::Config(config),
            (Some(Verb::Samples(samples)), _) => Task::Samples(samples),
            (Some(Verb::Forget(forget)), _) => Task::Forget(forget),
            (Some(Verb::Desktop(desktop)), _) => Task::Desktop(desktop),
        };
        Ok((cli, Some(task)))
    }
}

fn levels() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(["low", "medium", "high"]).map(|word| match word.as_str() {
        "high" => Level::High,
        "medium" => Level::Medium,
        _ => Level::Low,
    })
}

fn parts() -> impl TypedValueParser<Value = Only> {
    PossibleValuesParser::new(["rules", "learner"]).map(|word| match word.as_str() {
        "learner" => Only::Learner,
        _ => Only::Rules,
    })
}

fn securities() -> impl TypedValueParser<Value = Security> {
    PossibleValuesParser::new(["tls", "starttls", "none"]).map(|word| match word.as_str() {
        "starttls" => Security::Starttls,
        "none" => Security::None,
        _ => Security::Tls,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<(Cli, Option<Task>), clap::Error> {
        Cli::read(line.split_whitespace())
    }

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_form_of_the_manual_is_read() {
        for line in [
            "postsweep --batch",
            "postsweep --batch --account a --account b --dry-run --level high --no-move --submit --json",
            "postsweep --batch --no-submit --config c.toml --data-dir d",
            "postsweep --config c.toml --batch",
            "postsweep --batch --demo",
            "postsweep --batch --demo --json",
            "postsweep --config c.toml scan a b --level low --json",
            "postsweep scan a --config c.toml",
            "postsweep scan a --only rules",
            "postsweep scan a --only learner --json",
            "postsweep learn --account a --spam Junk --ham INBOX --ham Sent",
            "postsweep learn --spam a b --ham c d --json",
            "postsweep learn --ham INBOX",
            "postsweep learn --forget",
            "postsweep undo",
            "postsweep undo 7",
            "postsweep history",
            "postsweep rules",
            "postsweep eval --ham a b --spam c --aside b --json --without-received",
            "postsweep eval --spam c --ham a --only rules --plot p.svg",
            "postsweep eval --spam c --ham a --leave-one-out",
            "postsweep tune --ham a --ham b --spam c d --old d --out w.toml",
            "postsweep account add --name a --server s --user u --security none --port 143 --folder A --folder B --move-to C --password-stdin",
            "postsweep account test",
            "postsweep account test a",
            "postsweep account list",
            "postsweep account remove a",
            "postsweep account password a",
            "postsweep account password --outgoing",
            "postsweep config example",
            "postsweep config path",
            "postsweep config check",
            "postsweep samples purge",
            "postsweep forget",
            "postsweep forget --account a",
            "postsweep forget --dry-run",
        ] {
            read(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for line in [
            "postsweep --json",
            "postsweep --dry-run",
            "postsweep --demo",
            "postsweep --batch --submit --no-submit",
            "postsweep --batch --level lowest",
            "postsweep --batch --demo --account a",
            "postsweep --batch scan a",
            "postsweep --batch a",
            "postsweep scan",
            "postsweep scan a --only both",
            "postsweep eval",
            "postsweep eval --ham a",
            "postsweep eval --ham a --spam b --only taste",
            "postsweep eval --ham a --spam b --only rules --leave-one-out",
            "postsweep tune --spam b",
            "postsweep learn",
            "postsweep learn --forget --spam a",
            "postsweep learn Junk",
            "postsweep undo last",
            "postsweep undo 0",
            "postsweep account",
            "postsweep account remove",
            "postsweep account password",
            "postsweep account add --port 0",
            "postsweep account add --password-stdin --password-command x",
            "postsweep forget a",
            "postsweep sweep",
            "postsweep --bacth",
        ] {
            let error = read(line)
                .err()
                .unwrap_or_else(|| panic!("accepted: {line}"));
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn a_task_carries_what_was_typed() {
        let (cli, task) =
            read("postsweep --batch --account a --level medium --config c.toml").unwrap();
        assert_eq!(cli.config, Some(PathBuf::from("c.toml")));
        let Some(Task::Batch(batch)) = task else {
            panic!("{task:?}")
        };
        assert_eq!(
            (batch.account, batch.level),
            (vec!["a".to_owned()], Some(Level::Medium))
        );
        assert!(matches!(
            read("postsweep undo 7").unwrap().1,
            Some(Task::Undo(Some(7)))
        ));
    }
}
