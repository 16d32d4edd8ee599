//! The parts of a message that patterns look at, as folded text. Several values (links, names
//! of attachments) are one a line, so that `^` and `$` speak of one value.

use super::plain::plain;
use crate::checks::Concern;
use crate::mail::{Address, FileKind, Message, text::fold};
use std::fmt;

/// One part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `from`: name and address of each author, `pat doe <pat@example.com>`.
    From,
    /// `from-name`: the display names alone.
    FromName,
    /// `from-address`: the addresses alone.
    FromAddress,
    /// `reply-to`: like `from`.
    ReplyTo,
    /// `to`: To and Cc, like `from`.
    To,
    /// `subject`
    Subject,
    /// `text`: what a reader sees of the body.
    Text,
    /// `words`: the subject, and on the next line the text.
    Words,
    /// `html-hidden`: text that the HTML holds and a reader does not see.
    HtmlHidden,
    /// `link`: where links lead, as written.
    Link,
    /// `link-host`: the hosts they lead to, IDN as A-labels.
    LinkHost,
    /// `link-shown`: what is shown for them.
    LinkShown,
    /// `attachment-name`
    AttachmentName,
    /// `attachment-text`: what attached documents, pages and calendar entries say.
    AttachmentText,
    /// `header:NAME`: every value of that header.
    Header(String),
}

impl Field {
    /// The fields with a fixed name.
    pub const NAMED: [Field; 14] = [
        Field::From,
        Field::FromName,
        Field::FromAddress,
        Field::ReplyTo,
        Field::To,
        Field::Subject,
        Field::Text,
        Field::Words,
        Field::HtmlHidden,
        Field::Link,
        Field::LinkHost,
        Field::LinkShown,
        Field::AttachmentName,
        Field::AttachmentText,
    ];

    /// The field that a rule file calls so.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(header) = name.strip_prefix("header:") {
            let lower = header.trim().to_ascii_lowercase();
            return (!lower.is_empty()).then_some(Field::Header(lower));
        }
        Field::NAMED
            .into_iter()
            .find(|field| field.to_string() == name)
    }

    /// What it speaks of: an approved sender never outweighs links and attachments.
    pub fn concern(&self) -> Concern {
        match self {
            Field::From | Field::FromName | Field::FromAddress | Field::ReplyTo => Concern::Sender,
            Field::To | Field::Header(_) => Concern::Route,
            Field::Subject | Field::Text | Field::Words | Field::HtmlHidden => Concern::Text,
            Field::Link | Field::LinkHost | Field::LinkShown => Concern::Link,
            Field::AttachmentName | Field::AttachmentText => Concern::Attachment,
        }
    }

    /// Whether it is sentences, in which a pattern's match begins where a word does: `pill` is
    /// found in `pills` and not in `caterpillar`.
    pub fn is_prose(&self) -> bool {
        matches!(
            self,
            Field::FromName
                | Field::Subject
                | Field::Text
                | Field::Words
                | Field::HtmlHidden
                | Field::LinkShown
                | Field::AttachmentText
        )
    }

    /// Its folded text in this message, prose as it is meant to be read; empty where there is none.
    pub fn of(&self, message: &Message) -> String {
        let folded = self.folded(message);
        if self.is_prose() {
            plain(folded)
        } else {
            folded
        }
    }

    fn folded(&self, message: &Message) -> String {
        match self {
            Field::From => addresses(&message.from),
            Field::FromName => lines(message.from.iter().map(|from| from.name.as_str())),
            Field::FromAddress => lines(message.from.iter().map(Address::address)),
            Field::ReplyTo => addresses(&message.reply_to),
            Field::To => addresses(message.to.iter().chain(&message.cc)),
            Field::Subject => fold(&message.subject),
            Field::Text => fold(&message.text),
            Field::Words => format!("{}\n{}", fold(&message.subject), fold(&message.text)),
            Field::HtmlHidden => fold(message.html.as_ref().map_or("", |html| &html.hidden)),
            Field::Link => lines(message.links.iter().map(|link| link.target.as_str())),
            Field::LinkHost => lines(message.links.iter().filter_map(|link| link.host())),
            Field::LinkShown => lines(message.links.iter().map(|link| link.shown.as_str())),
            Field::AttachmentName => {
                lines(message.attachments.iter().filter_map(|a| a.name.as_deref()))
            }
            Field::AttachmentText => {
                let read = message.attachments.iter().filter(|one| is_read(one.kind));
                lines(read.map(|one| one.holds.text.as_str()))
            }
            Field::Header(name) => lines(
                message
                    .headers
                    .iter()
                    .filter(|header| header.name.eq_ignore_ascii_case(name))
                    .map(|header| header.value.as_str()),
            ),
        }
    }
}

/// Whether an attachment is read as a text. What an attached message says was said by another.
fn is_read(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Pdf | FileKind::Office | FileKind::Html | FileKind::Svg | FileKind::Calendar
    )
}

fn addresses<'a>(all: impl IntoIterator<Item = &'a Address>) -> String {
    lines(
        all.into_iter()
            .map(|one| format!("{} <{}>", one.name, one.address())),
    )
}

fn lines(values: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut all = String::new();
    for value in values {
        all.push_str(&fold(value.as_ref()));
        all.push('\n');
    }
    all
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Field::From => "from",
            Field::FromName => "from-name",
            Field::FromAddress => "from-address",
            Field::ReplyTo => "reply-to",
            Field::To => "to",
            Field::Subject => "subject",
            Field::Text => "text",
            Field::Words => "words",
            Field::HtmlHidden => "html-hidden",
            Field::Link => "link",
            Field::LinkHost => "link-host",
            Field::LinkShown => "link-shown",
            Field::AttachmentName => "attachment-name",
            Field::AttachmentText => "attachment-text",
            Field::Header(name) => return write!(f, "header:{name}"),
        })
    }
}
