//! What reading must not change: mail that was unread stays unread, whatever the server does; and
//! folders that only show again what lies in others are left alone. Moves nothing.

use super::desk::{Desk, JobError};
use super::event::Event;
use crate::mailbox::Entry;

impl Desk<'_> {
    /// Has the mailbox mark as unread again what it marked as read only because it was looked at.
    pub(super) fn keep_unread(&mut self, folder: &str, read: &[Entry]) -> Result<(), JobError> {
        let Some(marked) = self.mailbox.after_reading(folder, read)? else {
            return Ok(());
        };
        let messages = match marked.messages {
            1 => "1 unread message".to_owned(),
            number => format!("{number} unread messages"),
        };
        let says = format!(
            "folder `{folder}`: the server marked {messages} as read when they were only looked at, though \
             it was asked not to (EXAMINE, BODY.PEEK)"
        );
        match marked.kept {
            None => {
                let account = self.work.name();
                let says = format!("{says}; they were marked unread again");
                self.work.tell(Event::Noticed { account, says });
            }
            Some(why) => self.work.trouble(format!(
                "{says}; they could not all be marked unread again: {why}"
            )),
        }
        Ok(())
    }

    /// Whether a folder shows every message of others once more, so that it is not swept; that is
    /// told.
    pub(super) fn is_view(&mut self, folder: &str) -> Result<bool, JobError> {
        let is_view = self.mailbox.is_view(folder)?;
        if is_view {
            self.work.trouble(format!(
                "folder `{folder}` shows the messages of other folders once more (all mail, or what is \
                 starred or important), so it is never swept: take it out of `folders`, and name the \
                 folders that the mail is in"
            ));
        }
        Ok(is_view)
    }
}
