//! What the learner sees of a message: numbered features, in groups that count alike.
//!
//! Taken from what the sender wrote; `SENDERS` lists the headers. What differs with the receiver
//! is left out, the recipient's own address too.

use super::words::{hash, mix, shape, words};
use crate::mail::text::fold;
use crate::mail::{Attachment, Link, Message};
use url::{Position, Url};

/// The table's size, as a power of two.
pub(super) const BITS: u32 = 20;

/// The groups, and how much each counts beside the others. Measured by leaving out half of a
/// collection of mail in time order, both ways.
pub(super) const SHARES: [f32; 5] = [1.0, 0.8, 1.0, 0.4, 0.7];

/// The groups by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Words and pairs of words.
    Words = 0,
    /// The form: which headers, which program, dates, lengths, attachments.
    Form = 1,
    /// Pieces of the headers that name sender and subject.
    Names = 2,
    /// Pieces of the sender's other headers.
    Headers = 3,
    /// Where links lead.
    Links = 4,
}

/// Words of the text that count, and how many bytes they are looked for in.
const WORDS: usize = 1000;
const TEXT: usize = 16 << 10;
/// Words of a header.
const HEADER_WORDS: usize = 40;
/// Bytes of headers that are cut into pieces, in all and of each value.
const PIECES: usize = 1000;
const PIECE_OF: usize = 200;
/// Links, and words of each one's path.
const LINKS: usize = 40;
const PATH_WORDS: usize = 8;
/// A group of fewer features counts as if it had so many: one word alone proves little.
const FEW: usize = 20;
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

/// What a feature is called where it decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name<'m> {
    /// A word of the text or the subject.
    Word(&'m str),
    /// Two words, and whether they stand side by side.
    Pair(&'m str, &'m str, bool),
    /// A name or domain of the sender.
    Sender(&'m str),
    /// A host that a link leads to.
    Host(&'m str),
    /// The program that the sender names.
    Program(&'m str),
    /// Anything that has no word of its own.
    Form,
}

/// The features of one message, each once in its group, and where each group ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    pub(super) places: Vec<u32>,
    pub(super) ends: [usize; SHARES.len()],
}

impl Features {
    /// Those of a message; takes a view that was kept as well.
    pub fn of(message: &Message) -> Features {
        let mut groups: [Vec<u32>; SHARES.len()] = Default::default();
        each(message, &mut |group, number, _| {
            if let Some(places) = groups.get_mut(group as usize) {
                places.push(place(number));
            }
        });
        let (mut places, mut ends) = (Vec::new(), [0; SHARES.len()]);
        for (group, end) in groups.iter_mut().zip(&mut ends) {
            group.sort_unstable();
            group.dedup();
            places.append(group);
            *end = places.len();
        }
        Features { places, ends }
    }

    /// Each group: its places in the table, and what one of them counts.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&[u32], f32)> {
        let mut begin = 0;
        self.ends.iter().zip(SHARES).map(move |(end, share)| {
            let places = self.places.get(begin..*end).unwrap_or_default();
            begin = *end;
            (places, value(places.len(), share))
        })
    }
}

/// What one feature of a group of so many counts: together they are as long as the share.
fn value(features: usize, share: f32) -> f32 {
    share / (features.max(FEW) as f32).sqrt()
}

/// The place of a number in the table.
pub(super) fn place(number: u64) -> u32 {
    (number >> (64 - BITS)) as u32
}

/// Hands over every feature: its group, its number and its name. Some come more than once.
pub(super) fn each<'m>(message: &'m Message, sink: &mut dyn FnMut(Group, u64, Name<'_>)) {
    let recipients = recipients(message);
    let own = |text: &str| without(text, &recipients);
    let text = own(&fold(beginning(&message.text, TEXT)));
    pairs(&words(&text, WORDS), 1, sink, Name::Word);
    let subject = own(&fold(&message.subject));
    pairs(&words(&subject, HEADER_WORDS), 2, sink, Name::Word);
    form(message, sink);
    headers(message, &own, sink);
    for link in message.links.iter().take(LINKS) {
        of_link(link, &own, sink);
    }
}

/// The recipients' addresses, which many mails hold: whom spam is sent to tells nothing.
fn recipients(message: &Message) -> Vec<String> {
    let all = message.to.iter().chain(&message.cc).take(5);
    let addresses = all.filter(|to| !to.local.is_empty() && !to.domain.is_empty());
    addresses.map(|to| to.address().to_lowercase()).collect()
}

/// Folded text with the recipients' addresses taken out.
fn without(text: &str, recipients: &[String]) -> String {
    let mut text = text.to_owned();
    for recipient in recipients {
        if text.contains(recipient.as_str()) {
            text = text.replace(recipient.as_str(), " recipient-address ");
        }
    }
    text
}

fn beginning(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

/// Words, and each with the two that follow it (sparse orthogonal bigrams).
fn pairs<'w>(
    words: &[&'w str],
    seed: u64,
    sink: &mut dyn FnMut(Group, u64, Name<'_>),
    name: fn(&'w str) -> Name<'w>,
) {
    let numbers: Vec<u64> = words
        .iter()
        .map(|word| hash(word.as_bytes(), seed))
        .collect();
    for (at, (word, number)) in words.iter().zip(&numbers).enumerate() {
        sink(Group::Words, *number, name(word));
        let following = words.iter().zip(&numbers).skip(at + 1).take(2);
        for (gap, (next, other)) in (1..).zip(following) {
            let number = mix(mix(*number, gap), *other);
            sink(Group::Words, number, Name::Pair(word, next, gap == 1));
        }
    }
}

/// The sender, the form of the mail and its attachments.
fn form(message: &Message, sink: &mut dyn FnMut(Group, u64, Name<'_>)) {
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
fn headers(
    message: &Message,
    own: &dyn Fn(&str) -> String,
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
        let text = own(&text);
        let bytes = text.as_bytes();
        let bytes = bytes.get(..PIECES).unwrap_or(bytes);
        for piece in bytes.windows(4) {
            sink(group, hash(piece, 20 + group as u64), Name::Form);
        }
    }
}

fn of_link(link: &Link, own: &dyn Fn(&str) -> String, sink: &mut dyn FnMut(Group, u64, Name<'_>)) {
    let mut say = |what: &str, value: &str, name: Name<'_>| {
        let number = mix(hash(what.as_bytes(), 9), hash(value.as_bytes(), 9));
        sink(Group::Links, number, name);
    };
    say("origin", &format!("{:?}", link.origin), Name::Form);
    let Some(url) = &link.url else { return };
    say("scheme", url.scheme(), Name::Form);
    if let Some(host) = link.host() {
        say("host", host, Name::Host(host));
        let organisation = link.organisation().unwrap_or(host);
        say("organisation", organisation, Name::Host(organisation));
        say("ending", ending(host), Name::Form);
        say("host shape", &shape(host), Name::Form);
    }
    let path = own(&path_of(url).to_lowercase());
    say(
        "path shape",
        &shape(beginning(path_of(url), 60)),
        Name::Form,
    );
    for word in words(&path, PATH_WORDS) {
        if word.len() <= 20 {
            say("path word", word, Name::Form);
        }
    }
}

/// What of a link follows its host, as much of it as counts.
fn path_of(url: &Url) -> &str {
    beginning(&url[Position::BeforePath..], 150)
}

fn is_senders(name: &str) -> bool {
    SENDERS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// How many, by powers of two.
fn magnitude(number: usize) -> String {
    (usize::BITS - number.leading_zeros()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Coverage, Reading};

    fn features(raw: &str) -> Features {
        let raw = raw.as_bytes().to_vec();
        Features::of(&Message::parse(raw, Coverage::Whole, &Reading::default()))
    }

    const MAIL: &str = "From: Sam <sam@example.org>\r\nTo: pat@example.com\r\nSubject: Lunch\r\n\
        Date: Tue, 3 Feb 2026 10:00:00 +0100\r\nMessage-ID: <1.ab@example.org>\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\n\
        Dear pat@example.com, see https://www.example.net/menu?day=2\r\n";

    #[test]
    fn every_group_is_there_and_each_feature_once() {
        let features = features(MAIL);
        for (places, value) in features.groups() {
            assert!(!places.is_empty() && value > 0.0);
            assert!(places.is_sorted_by(|one, next| one < next));
        }
    }

    #[test]
    fn what_receivers_write_and_whom_it_is_for_makes_no_difference() {
        let elsewhere = format!(
            "Received: from a by b; Tue, 3 Feb 2026 10:00:00 +0100\r\nX-Spam-Flag: YES\r\n\
             Authentication-Results: mx.test; spf=pass\r\nReturn-Path: <x@y.test>\r\nList-Id: <l.test>\r\n\
             Delivered-To: kim@example.net\r\nDKIM-Signature: v=1\r\n{}",
            MAIL.replace("pat@example.com", "kim@example.net")
        );
        assert_eq!(features(&elsewhere), features(MAIL));
    }

    #[test]
    fn a_huge_message_counts_no_more_than_an_ordinary_one() {
        let length = |features: &Features| -> f32 {
            let squares = features
                .groups()
                .map(|(places, value)| places.len() as f32 * value * value);
            squares.sum::<f32>().sqrt()
        };
        let most = SHARES.iter().map(|share| share * share).sum::<f32>().sqrt() + 0.001;
        let words: String = (0..200_000)
            .map(|number| format!("word{number} "))
            .collect();
        let links: String = (0..5_000)
            .map(|n| format!("http://h{n}.test/p{n} "))
            .collect();
        let headers: String = (0..500).map(|n| format!("Comments: c{n}\r\n")).collect();
        let huge = features(&format!("{headers}{MAIL}{links}{words}"));
        assert!(length(&huge) <= most && length(&features(MAIL)) <= most);
        assert!(huge.places.len() < 8_000, "{}", huge.places.len());
    }

    #[test]
    fn the_path_of_a_link_is_what_follows_its_host() {
        for (url, path) in [
            ("https://a.test/b/c?d=e#f", "/b/c?d=e#f"),
            ("https://a.test/b", "/b"),
            ("https://a.test", "/"),
            ("mailto:x@a.test", "x@a.test"),
        ] {
            assert_eq!(path_of(&Url::parse(url).unwrap()), path);
        }
    }
}
