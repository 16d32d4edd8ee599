//! `desktop`: the window among the system's programs.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with the entry.
#[derive(Debug, Clone, Subcommand)]
pub enum Desktop {
    /// Add the window to the system's menu: its entry, its description and its icons
    Install(Prefix),
    /// Remove what `install` added
    Remove(Prefix),
}

/// Where programs of this system look.
#[derive(Debug, Clone, Args)]
pub struct Prefix {
    /// Under this folder's `share`, as packages do (/usr/local); else for you alone
    #[arg(long, value_name = "DIR")]
    pub prefix: Option<PathBuf>,
}
