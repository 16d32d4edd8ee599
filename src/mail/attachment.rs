//! What a message carries beside its text.

/// What a file is by its content, folded to what checks ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A program: PE, ELF, Mach-O, Java class.
    Program,
    /// A script by its content (`#!`, `<script>`, WScript, PowerShell).
    Script,
    /// A Windows shortcut (LNK).
    Shortcut,
    /// A disk image (ISO, IMG, VHD).
    DiskImage,
    /// ZIP, RAR, 7z, gzip, tar, CAB, ACE …
    Archive,
    /// HTML or XHTML.
    Html,
    /// SVG.
    Svg,
    /// PDF.
    Pdf,
    /// Word, Excel, PowerPoint, OneNote or OpenDocument.
    Office,
    /// An image.
    Image,
    /// A message (RFC 822).
    Message,
    /// A calendar entry.
    Calendar,
    /// Plain text.
    Text,
    /// Anything else.
    Other,
}

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name that the message gives it, decoded; never used as a path.
    pub name: Option<String>,
    /// The declared media type, lower case: `application/pdf`.
    pub media_type: String,
    /// What it is by its content.
    pub kind: FileKind,
    /// Whether it is shown in the text (an image by `cid:`) rather than attached.
    pub inline: bool,
    /// The decoded content. For a nested message: its exact original bytes.
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// The last extension of the name, lower case, without the dot.
    pub fn extension(&self) -> Option<String> {
        let (stem, extension) = self.name.as_deref()?.trim().rsplit_once('.')?;
        (!stem.is_empty()).then(|| extension.trim().to_lowercase())
    }
}
