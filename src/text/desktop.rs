//! Sentences about the window's place among the system's programs.

use super::count;

/// The entry was added.
pub fn desktop_installed(files: usize, share: &str) -> String {
    format!(
        "Postsweep stands in the menu now: {} written under {share}. `postsweep desktop remove` takes them away.",
        count(files, "file")
    )
}

/// The entry was removed.
pub fn desktop_removed(files: usize, share: &str) -> String {
    format!("{} removed from {share}.", count(files, "file"))
}
