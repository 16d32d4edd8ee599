//! Where lines go: what was asked for to standard output, what failed to standard error, and a
//! progress bar between them where there is a terminal. Nothing that mail or a server wrote can
//! steer the terminal. A reader that went away is no reason to end.

use crate::text;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// The form of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines for people.
    Lines,
    /// One JSON object a line.
    Json,
    /// Only what failed.
    Quiet,
}

/// Both streams and the bar.
pub(super) struct Output {
    form: Form,
    bar: ProgressBar,
}

impl Output {
    pub fn new(form: Form) -> Self {
        Output {
            form,
            bar: ProgressBar::hidden(),
        }
    }

    /// Lines for people, and no bar.
    pub fn plain() -> Self {
        Output::new(Form::Lines)
    }

    /// A line for people. Returns whether anybody still reads.
    pub fn line(&self, line: &str) -> bool {
        if self.form != Form::Lines {
            return true;
        }
        self.write(&text::visible(line))
    }

    /// Text of our own, as it is: not for what came from mail.
    pub fn raw(&self, text: &str) -> bool {
        self.write(text.trim_end_matches('\n'))
    }

    /// An object for programs. Returns whether anybody still reads.
    pub fn object(&self, object: &impl Serialize) -> bool {
        if self.form != Form::Json {
            return true;
        }
        match serde_json::to_string(object) {
            Ok(line) => self.write(&line),
            Err(error) => {
                self.error(&error.to_string());
                true
            }
        }
    }

    /// What failed, in every form.
    pub fn error(&self, says: &str) {
        for line in says.lines() {
            let line = text::visible(line);
            self.bar.suspend(|| {
                let _ = writeln!(std::io::stderr(), "{line}");
            });
        }
    }

    fn write(&self, line: &str) -> bool {
        self.bar
            .suspend(|| writeln!(std::io::stdout(), "{line}").is_ok())
    }

    /// Begins to count, up to `count` where that is known; shown where standard error is a
    /// terminal.
    pub fn begin(&mut self, label: &str, count: Option<usize>) {
        self.end();
        if self.form != Form::Lines || !std::io::stderr().is_terminal() {
            return;
        }
        let form = if count.is_some() {
            text::BAR
        } else {
            text::COUNTER
        };
        let count = count.map(|count| u64::try_from(count).unwrap_or(u64::MAX));
        let target = ProgressDrawTarget::stderr();
        self.bar = ProgressBar::with_draw_target(count, target);
        if let Ok(style) = ProgressStyle::with_template(form) {
            let rate = |state: &ProgressState, into: &mut dyn std::fmt::Write| {
                let _ = write!(into, "{:.0}", state.per_sec());
            };
            self.bar.set_style(style.with_key("rate", rate));
        }
        self.bar.set_prefix(text::visible(label));
    }

    /// Counts further with the same bar.
    pub fn more(&self, label: &str, count: usize) {
        self.bar
            .inc_length(u64::try_from(count).unwrap_or(u64::MAX));
        self.bar.set_prefix(text::visible(label));
    }

    /// One more.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn end(&mut self) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::hidden();
    }
}
