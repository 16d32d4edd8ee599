//! What checks and fields read of a message, so that the rest need not be kept: of an attachment
//! what its reader found, of the plain text twin whether it quotes. The original is never changed
//! by this; a copy for the cache is.

use super::envelope;
use crate::mail::Message;

/// Takes out of a message what no check and no field of a rule reads.
pub fn trim(message: &mut Message) {
    message.raw = Vec::new();
    for attachment in &mut message.attachments {
        attachment.bytes = Vec::new();
    }
    if let Some(plain) = &mut message.plain {
        *plain = envelope::first_quoted(plain).unwrap_or_default().to_owned();
    }
}
