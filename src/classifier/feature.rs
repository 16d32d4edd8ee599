//! What the learner sees of a message: numbered features, in groups that count alike.
//!
//! Taken from what the sender wrote. What differs with the receiver is left out, the recipient's own
//! address too.

use super::form;
use super::words::{hash, mix, shape, words};
use crate::mail::text::fold;
use crate::mail::{Link, Message};
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
/// Links, and words of each one's path.
const LINKS: usize = 40;
const PATH_WORDS: usize = 8;
/// A group of fewer features counts as if it had so many: one word alone proves little.
const FEW: usize = 20;

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
        Features::seen(&Sight::of(message))
    }

    pub(super) fn seen(sight: &Sight<'_>) -> Features {
        let mut groups: [Vec<u32>; SHARES.len()] = Default::default();
        let mut note = |group: Group, number, _: Name<'_>| {
            if let Some(places) = groups.get_mut(group as usize) {
                places.push(place(number));
            }
        };
        sight.each_named(&mut note);
        form::pieces(sight.message, &|text| sight.own(text), &mut note);
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

/// What is looked at of a message, made ready once.
pub(super) struct Sight<'m> {
    message: &'m Message,
    recipients: Vec<String>,
    text: String,
    subject: String,
}

impl<'m> Sight<'m> {
    pub(super) fn of(message: &'m Message) -> Sight<'m> {
        let recipients = recipients(message);
        let text = fold(beginning(&message.text, TEXT));
        let subject = fold(&message.subject);
        Sight {
            text: without(text, &recipients),
            subject: without(subject, &recipients),
            message,
            recipients,
        }
    }

    /// Text with the recipients' addresses taken out.
    fn own(&self, text: String) -> String {
        without(text, &self.recipients)
    }

    /// Hands over every feature that may have a name: its group, its number and its name. Some
    /// come more than once.
    pub(super) fn each_named(&self, sink: &mut dyn FnMut(Group, u64, Name<'_>)) {
        pairs(&words(&self.text, WORDS), 1, sink, Name::Word);
        pairs(&words(&self.subject, HEADER_WORDS), 2, sink, Name::Word);
        form::features(self.message, sink);
        for link in self.message.links.iter().take(LINKS) {
            of_link(link, &|text| self.own(text), sink);
        }
    }
}

/// The recipients' addresses, which many mails hold: whom spam is sent to tells nothing.
fn recipients(message: &Message) -> Vec<String> {
    let all = message.to.iter().chain(&message.cc).take(5);
    let addresses = all.filter(|to| !to.local.is_empty() && !to.domain.is_empty());
    addresses.map(|to| to.address().to_lowercase()).collect()
}

fn without(mut text: String, recipients: &[String]) -> String {
    for recipient in recipients {
        if text.contains(recipient.as_str()) {
            text = text.replace(recipient.as_str(), " recipient-address ");
        }
    }
    text
}

pub(super) fn beginning(text: &str, most: usize) -> &str {
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

fn of_link(
    link: &Link,
    own: &dyn Fn(String) -> String,
    sink: &mut dyn FnMut(Group, u64, Name<'_>),
) {
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
    let path = own(path_of(url).to_lowercase());
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

pub(super) fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
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
