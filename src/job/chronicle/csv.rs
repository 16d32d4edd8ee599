//! The history as CSV (RFC 4180), one line a message or sweep, for a spreadsheet: what mail says
//! must not be taken for a formula there.

use super::{Done, Entry};
use crate::job::desk::JobError;
use crate::store::SubmissionState;
use std::path::Path;

/// The columns.
const HEAD: [&str; 9] = [
    "time", "account", "what", "state", "from", "to", "sender", "subject", "details",
];

/// Writes these entries as a table into a file that a person chose.
pub fn save_history(path: &Path, entries: &[&Entry]) -> Result<(), JobError> {
    std::fs::write(path, history_as_csv(entries)).map_err(|source| JobError::File {
        path: path.to_owned(),
        source,
    })
}

/// These entries as a table, in their order, with a head.
pub fn history_as_csv(entries: &[&Entry]) -> String {
    let mut table = String::new();
    push(&mut table, &HEAD.map(str::to_owned));
    for entry in entries {
        let row = |what: &str, cells: [String; 6]| {
            let [state, from, to, sender, subject, details] = cells;
            let time = entry.at.to_string();
            let (account, what) = (entry.account.clone(), what.to_owned());
            [
                time, account, what, state, from, to, sender, subject, details,
            ]
        };
        let none = String::new;
        match &entry.done {
            Done::Swept(swept) => {
                let state = format!("{:?}", swept.end).to_lowercase();
                let cells = [state, none(), none(), none(), none(), swept.says.clone()];
                push(&mut table, &row("sweep", cells));
            }
            Done::Moved { messages, .. } | Done::Undone { messages } => {
                let what = match &entry.done {
                    Done::Undone { .. } => "put back",
                    _ => "move",
                };
                for message in messages {
                    let cells = [
                        message.state.word().to_owned(),
                        message.from.clone(),
                        message.to.clone(),
                        message.sender.clone(),
                        message.subject.clone(),
                        message
                            .category
                            .map_or_else(none, |category| category.to_string()),
                    ];
                    push(&mut table, &row(what, cells));
                }
            }
            Done::Packaged { packages } => {
                for packed in packages {
                    report(&mut table, packed, |cells| row("package", cells));
                }
            }
            Done::Reported(packed) => report(&mut table, packed, |cells| row("report", cells)),
        }
    }
    table
}

fn report(table: &mut String, packed: &super::Packed, row: impl Fn([String; 6]) -> [String; 9]) {
    let state = match packed.state {
        SubmissionState::Unknown | SubmissionState::Sending => "unknown",
        state => state.word(),
    };
    for name in &packed.names {
        let details = format!("{}: {}", packed.purpose, packed.path.display());
        let cells = [
            state.to_owned(),
            String::new(),
            packed.to.clone(),
            name.sender.clone(),
            name.subject.clone(),
            details,
        ];
        push(table, &row(cells));
    }
}

fn push(table: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    table.push_str(&cells.join(","));
    table.push_str("\r\n");
}

/// A cell: quoted where it must be, and never beginning as a formula does.
fn quoted(cell: &str) -> String {
    let is_formula = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = match is_formula {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    };
    match safe.contains(['"', ',', '\n', '\r', '\'']) {
        true => format!("\"{}\"", safe.replace('"', "\"\"")),
        false => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two() {
        for (cell, written) in [
            ("plain", "plain"),
            ("a, b", "\"a, b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            (" @SUM(1)", "\"' @SUM(1)\""),
            ("-1", "\"'-1\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
