//! Gmail's ways, on a server in memory: folders are labels of one message.

use crate::habits::{contains, contents, fill, filled};
use crate::support::account::Account;
use crate::support::quirky::{Habits, Moves, Quirky};

#[test]
fn gmail_moves_labels_alone_and_never_sweeps_what_shows_mail_once_more() {
    let quirky = Quirky::start(Habits {
        gmail: true,
        ..Habits::default()
    });
    fill(&quirky);
    // One hit has a label of its owner's, and its mark.
    {
        let mut state = quirky.state();
        state.make("Bank", "");
        let first = state.folder("INBOX").unwrap().messages[0].clone();
        state.folder("Bank").unwrap().messages.push(first.clone());
        state
            .folder("[Gmail]/Important")
            .unwrap()
            .messages
            .push(first);
    }
    let before = contents(&quirky, "INBOX");
    let folders =
        "folders = [\"INBOX\", \"[Gmail]/All Mail\", \"[Gmail]/Important\", \"[Gmail]/Starred\"]";
    let account = Account::at(quirky.port, folders);
    let run = account.sweep();
    assert_eq!(
        (run.summary.moved, run.summary.troubles),
        (4, 3),
        "{run:#?}"
    );
    for view in ["All Mail", "Important", "Starred"] {
        contains(
            &run,
            &format!("folder `[Gmail]/{view}` shows the messages of other folders"),
        );
    }
    assert_eq!(contents(&quirky, "Bank").len(), 1);
    assert_eq!(contents(&quirky, "[Gmail]/All Mail"), before);
    let heard = quirky.state().heard.clone();
    assert!(
        !heard
            .iter()
            .any(|line| line.contains("\\Deleted") || line.contains("EXPUNGE")),
        "{heard:?}"
    );
    assert_eq!(account.undo().summary.undone, 4);
    assert_eq!(contents(&quirky, "INBOX"), before);
}

#[test]
fn a_label_that_gmail_keeps_on_is_said() {
    let (quirky, account) = filled(Habits {
        gmail: true,
        moves: Moves::ByCopy,
        keeps_labels: true,
        ..Habits::default()
    });
    let run = account.sweep();
    assert_eq!(run.summary.moved, 0, "{run:#?}");
    contains(&run, "does not take the label `\\Inbox` off it");
    assert_eq!(contents(&quirky, "[Gmail]/All Mail").len(), 8);
}
