//! The sentences of the window that belong to no single page.

mod numbers;
mod time;
mod widgets;

pub use numbers::*;
pub use time::*;
pub use widgets::*;

pub mod accounts;
pub mod dialog;
pub mod history;
pub mod lists;
pub mod report;
pub mod review;
pub mod settings;
pub mod sweep;

/// Whose mail is shown, where it is not the owner's.
pub const SAMPLE_MAIL: &str = "Sample mail";

/// Why no window opens, and what to do without one.
pub fn no_display(why: &str) -> String {
    format!(
        "no window can be opened: {why}; without a display, sweep with `postsweep --batch`, or try `postsweep --batch --demo`"
    )
}

/// A thread of the window ended where it should not have.
pub fn panicked(name: &str, why: &str) -> String {
    format!(
        "An error in the program ended {name}: {why}. What was kept and moved stays so; try again."
    )
}
