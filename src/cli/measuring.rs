//! The arguments of `eval` and `tune`.

use super::parts;
use crate::verdict::Only;
use clap::Args;
use std::path::PathBuf;

/// Folders of mail of which it is known what they hold.
#[derive(Debug, Clone, Args)]
pub struct Sorted {
    /// Folders of honest mail
    #[arg(long, value_name = "DIR", num_args = 1.., required = true)]
    pub ham: Vec<PathBuf>,

    /// Folders of spam and phishing
    #[arg(long, value_name = "DIR", num_args = 1.., required = true)]
    pub spam: Vec<PathBuf>,

    /// Those of them that are of another time: they count half when weights are fitted
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub old: Vec<PathBuf>,

    /// Those of them that are shown apart, in no total: honest mail that quotes spam, for one
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub aside: Vec<PathBuf>,
}

/// `eval`
#[derive(Debug, Clone, Args)]
pub struct Eval {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would take it for the command's help")]
    pub sorted: Sorted,

    /// Judge by one part alone: rules or learner
    #[arg(long, value_name = "PART", value_parser = parts(), hide_possible_values = true)]
    pub only: Option<Only>,

    /// Print one JSON object, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,

    /// Do it again without the headers that receiving servers write, and show the difference
    #[arg(long)]
    pub without_received: bool,

    /// Judge each folder by weights that were fitted on all the others
    #[arg(long, conflicts_with = "only")]
    pub leave_one_out: bool,

    /// Draw the curve of spam found against honest mail flagged (SVG)
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
}

/// `tune`
#[derive(Debug, Clone, Args)]
pub struct Tune {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would take it for the command's help")]
    pub sorted: Sorted,

    /// Write the weights to this file [default: weights.toml beside your settings, where they
    /// replace the shipped ones]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
