//! The vocabulary of mail: a message's original bytes, and a view parsed from them.
//! Pure: no file, clock or network. The bytes are never rewritten; every limit is stated.

pub mod address;
mod attachment;
mod attributes;
mod auth;
mod body;
mod emitter;
pub mod excerpt;
mod file_kind;
mod flags;
mod header;
mod holding;
mod html;
mod kept;
mod letter;
mod link;
mod marks;
mod message;
mod names;
mod page;
mod property;
mod received;
mod reference;
mod results;
mod stripped;
mod structure;
mod style;
mod tag;
pub mod text;
mod trail;
mod view;

pub use address::Address;
pub use attachment::Attachment;
pub use auth::{Alignment, Authentication, Outcome};
pub use file_kind::FileKind;
pub use flags::Flags;
pub use holding::{Holding, Inside, Mark};
pub use html::{Form, Html};
pub use kept::kept_by;
pub use letter::{Enclosure, Letter};
pub use link::{Link, LinkOrigin};
pub use marks::Marks;
pub use message::{Coverage, Header, Limits, Message, Reading};
pub use received::{Hop, Receiver};
pub use reference::{Digest, MessageRef, Place};
pub use stripped::without_headers;
