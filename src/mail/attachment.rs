//! What a message carries beside its text.

use super::{FileKind, Holding};

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attachment {
    /// The name that the message gives it, decoded; never used as a path.
    pub name: Option<String>,
    /// The declared media type, lower case: `application/pdf`.
    pub media_type: String,
    /// What it is by its content.
    pub kind: FileKind,
    /// Whether it is shown in the text (an image by `cid:`) rather than attached.
    pub inline: bool,
    /// The decoded content. For a nested message: its exact original bytes. Empty in a message that
    /// was kept: what checks read of it is in `holds`.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// What it holds, as the readers of `content` found it; empty until they looked.
    pub holds: Holding,
}
