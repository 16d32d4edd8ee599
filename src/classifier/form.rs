//! The form of a mail: who it says it is from, which headers its program wrote and how, its parts
//! and its attachments. What receiving servers wrote is not looked at.

use super::feature::{Group, Name, beginning, ending};
use super::words::{hash, mix, shape, words};
use crate::mail::text::fold;
use crate::mail::{Attachment, Message};

/// Bytes of headers that are cut into pieces, in all and of each value.
const PIECES: usize = 1000;
const PIECE_OF: usize = 200;

/// Headers that are looked at.
const HEADERS: usize = 60;

/// Headers that are written on the sender's side, and by no receiver's server.
const SENDERS: &[&str] = &[
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-language",
    "content-id",
    "content-description",
    "content-class",
    "user-agent",
    "x-mailer",
    "x-priority",
    "x-msmail-priority",
    "x-mimeole",
    "importance",
    "priority",
    "sensitivity",
    "thread-index",
    "thread-topic",
    "organization",
    "organisation",
    "newsgroups",
    "comments",
    "keywords",
    "disposition-notification-to",
    "return-receipt-to",
    "mail-followup-to",
    "accept-language",
    "auto-submitted",
    // Whoever passes it on writes these (RFC 5322 section 3.6.6), bulk senders the others.
    "resent-from",
    "resent-sender",
    "resent-to",
    "resent-date",
    "resent-message-id",
    "errors-to",
    "feedback-id",
];

/// The sender, the form of the mail and its attachments.
pub(super) fn features(message: &Message, sink: &mut dyn FnMut(Group, u64, Name<'_>)) {
    let mut say = |what: &str, value: &str, name: Name<'_>| {
        let number = mix(hash(what.as_bytes(), 7), hash(value.as_bytes(), 7));
        sink(Group::Form, number, name);
    };
    for from in message.from.iter().take(3) {
        let local = from.local.to_lowercase();
        let organisation = from.organisation();
        let name = fold(&from.name);
        for word in words(&name, 8) {
            say("from word", word, Name::Sender(word));
        }
        say("from name", &name, Name::Sender(&name));
        say("from local", &local, Name::Sender(&local));
        say("from domain", &from.domain, Name::Sender(&from.domain));
        say(
            "from organisation",
            organisation,
            Name::Sender(organisation),
        );
        say("from ending", ending(&from.domain), Name::Form);
        say("from shape", &shape(&from.local), Name::Form);
        let both = format!("{} {}", shape(&from.name), shape(&from.local));
        say("from shapes", &both, Name::Form);
    }
    for reply in message.reply_to.iter().take(3) {
        say("reply domain", &reply.domain, Name::Sender(&reply.domain));
        say("reply local", &reply.local.to_lowercase(), Name::Form);
    }
    match &message.message_id {
        Some(id) => {
            let (local, domain) = id.rsplit_once('@').unwrap_or((id, ""));
            let domain = domain.to_lowercase();
            say("id shape", &shape(local), Name::Form);
            say("id domain", &domain, Name::Sender(&domain));
            say("id domain shape", &shape(&domain), Name::Form);
            let from = message.from.first();
            let same = from.is_some_and(|from| domain.ends_with(from.organisation()));
            say("id same", yes(same), Name::Form);
        }
        None => say("id", "none", Name::Form),
    }
    let mut before = "^";
    let theirs = || {
        message
            .headers
            .iter()
            .filter(|header| is_senders(&header.name))
    };
    for header in theirs().take(HEADERS) {
        say("header", &header.name, Name::Form);
        say("headers", &format!("{before} {}", header.name), Name::Form);
        before = &header.name;
    }
    say("headers", &format!("{before} $"), Name::Form);
    for header in theirs().take(HEADERS) {
        of_header(&header.name.to_ascii_lowercase(), &header.value, &mut say);
    }
    say("subject", &shape(&message.subject), Name::Form);
    say(
        "answers",
        &message.references.len().min(4).to_string(),
        Name::Form,
    );
    let to = message.to.iter().chain(&message.cc);
    say("recipients", &to.count().min(5).to_string(), Name::Form);
    let parts = format!("{} {}", message.html.is_some(), message.plain.is_some());
    say("parts", &parts, Name::Form);
    if let Some(html) = &message.html {
        say(
            "form",
            &format!("{:?} {}", html.form, html.script),
            Name::Form,
        );
        say("images", &html.images.min(8).to_string(), Name::Form);
        say("hidden", yes(!html.hidden.trim().is_empty()), Name::Form);
    }
    say("length", &magnitude(message.text.len()), Name::Form);
    say("links", &magnitude(message.links.len()), Name::Form);
    for attachment in message.attachments.iter().take(10) {
        of_attachment(attachment, &mut say);
    }
}

/// What a header says that the sender's program wrote.
fn of_header(name: &str, value: &str, say: &mut dyn FnMut(&str, &str, Name<'_>)) {
    let value = beginning(value, PIECE_OF);
    match name {
        "date" => {
            say("date", &shape(value), Name::Form);
            let zone: Vec<&str> = value.split_whitespace().skip(5).collect();
            say("zone", &zone.join(" "), Name::Form);
        }
        "content-type" => {
            let lower = value.to_ascii_lowercase();
            // ASCII alone was lowered: what is found in one stands there in the other.
            let boundary = lower.find("boundary=");
            let form = boundary.and_then(|at| value.get(at + 9..));
            say("boundary", &shape(form.unwrap_or_default()), Name::Form);
            let kind = boundary.and_then(|at| lower.get(..at)).unwrap_or(&lower);
            say("type", kind.trim_end_matches([';', ' ']), Name::Form);
            for word in words(kind, 12) {
                say("type word", word, Name::Form);
            }
        }
        "x-mailer" | "user-agent" => {
            say("program", value, Name::Program(value));
            let value = fold(value);
            for word in words(&value, 12) {
                say("program word", word, Name::Program(word));
            }
        }
        "mime-version"
        | "content-transfer-encoding"
        | "x-priority"
        | "x-msmail-priority"
        | "x-mimeole"
        | "importance"
        | "content-language"
        | "organization" => {
            say(name, value, Name::Form);
        }
        "to" if value.to_ascii_lowercase().contains("undisclosed") => {
            say("undisclosed", "", Name::Form);
        }
        _ => {}
    }
}

fn of_attachment(attachment: &Attachment, say: &mut dyn FnMut(&str, &str, Name<'_>)) {
    say("attachment type", &attachment.media_type, Name::Form);
    let kind = format!("{:?} {}", attachment.kind, attachment.inline);
    say("attachment kind", &kind, Name::Form);
    if let Some(name) = &attachment.name {
        say(
            "attachment ending",
            &ending(name).to_lowercase(),
            Name::Form,
        );
        say("attachment name", &shape(name), Name::Form);
    }
}

/// Pieces of four letters of the sender's headers: who it says it is and its subject, and the
/// others, whose marks betray the program that wrote them.
pub(super) fn pieces(
    message: &Message,
    own: &dyn Fn(String) -> String,
    sink: &mut dyn FnMut(Group, u64, Name<'_>),
) {
    let (mut names, mut others) = (String::new(), String::new());
    for header in message.headers.iter().take(2 * HEADERS) {
        let lower = header.name.to_ascii_lowercase();
        let into = match lower.as_str() {
            "to" | "cc" => continue,
            "from" | "subject" | "message-id" | "reply-to" => &mut names,
            _ if is_senders(&lower) => &mut others,
            _ => continue,
        };
        into.extend([
            header.name.as_str(),
            ":",
            beginning(&header.value, PIECE_OF),
            "\n",
        ]);
    }
    for (group, text) in [(Group::Names, names), (Group::Headers, others)] {
        let text = own(text);
        let bytes = text.as_bytes();
        let bytes = bytes.get(..PIECES).unwrap_or(bytes);
        for piece in bytes.windows(4) {
            sink(group, hash(piece, 20 + group as u64), Name::Form);
        }
    }
}

fn is_senders(name: &str) -> bool {
    SENDERS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// How many, by powers of two.
fn magnitude(number: usize) -> String {
    (usize::BITS - number.leading_zeros()).to_string()
}
