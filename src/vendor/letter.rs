//! The letter that goes with a zip: the vendor's template, filled in with the facts of the case.

use super::{Purpose, Route, Vendor};
use crate::mail::{Enclosure, Letter};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What the letter says beside the vendor's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The sender's address.
    pub from: String,
    /// Facts of the case as the settings name them: company, contact, domains, activation code.
    pub facts: Vec<(String, String)>,
    /// Messages in the zip.
    pub samples: usize,
    /// Which letter of how many, `(1, 1)` when there is one.
    pub part: (usize, usize),
    /// The zip's password.
    pub password: String,
    /// The submission's id, [`Letter::id`].
    pub id: String,
    /// The letter's date, [`Letter::date`].
    pub date: Timestamp,
    /// The dates of the oldest and the newest message, where they are known.
    pub span: Option<(Timestamp, Timestamp)>,
}

/// What a subject may name in braces; an upper-case first letter is kept.
pub(super) const SUBJECT_FIELDS: &[&str] = &["samples", "what", "What", "part", "id"];

/// What a body may name in braces.
pub(super) const BODY_FIELDS: &[&str] = &[
    "samples", "what", "What", "part", "id", "password", "dates", "facts",
];

pub(super) fn compose(
    vendor: &Vendor,
    purpose: Purpose,
    facts: &Facts,
    enclosure: Enclosure,
) -> Letter {
    let desk = vendor.desk(purpose);
    let what = desk.map_or("samples", |desk| desk.what.as_str());
    let to = match desk.map(|desk| &desk.route) {
        Some(Route::Mail { to }) => to.clone(),
        Some(Route::Portal { url }) => url.clone(),
        None => String::new(),
    };
    let value = |field: &str| match field {
        "samples" if facts.samples == 1 => "1 message".to_owned(),
        "samples" => format!("{} messages", facts.samples),
        "what" => what.to_owned(),
        "What" => capital(what),
        "part" if facts.part.1 > 1 => format!(" (part {} of {})", facts.part.0, facts.part.1),
        "id" => facts.id.clone(),
        "password" => facts.password.clone(),
        "dates" => dates(facts.span),
        "facts" => case(&facts.facts),
        _ => String::new(),
    };
    Letter {
        from: facts.from.clone(),
        to,
        subject: one_line(&fill(&vendor.subject, value)),
        body: tidy(&fill(&vendor.body, value)),
        id: facts.id.clone(),
        date: facts.date,
        enclosures: vec![enclosure],
    }
}

/// The first name in braces that is not one of `fields`.
pub(super) fn unknown_field(template: &str, fields: &[&str]) -> Option<String> {
    let names = template.split('{').skip(1);
    names
        .map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name))
        .find(|name| !fields.contains(name))
        .map(str::to_owned)
}

/// Fills names in braces in one pass, so that a value with braces in it stays a value.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len() + 200);
    let mut pieces = template.split('{');
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        filled.push_str(&value(name));
        filled.push_str(rest);
    }
    filled
}

fn dates(span: Option<(Timestamp, Timestamp)>) -> String {
    let Some((oldest, newest)) = span else {
        return String::new();
    };
    let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
    match (day(oldest), day(newest)) {
        (one, other) if one == other => format!("Received: {one}"),
        (from, to) => format!("Received: {from} to {to}"),
    }
}

/// `activation-code` = `x` as `Activation code: x`, one a line.
fn case(facts: &[(String, String)]) -> String {
    let line = |(name, value): &(String, String)| {
        format!(
            "{}: {}",
            capital(&name.replace(['-', '_'], " ")),
            one_line(value)
        )
    };
    facts.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// Control characters and line ends would let a value add lines to the letter, or headers.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Takes out the empty lines that an empty field left behind.
fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_some_and(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend_micro() -> Vendor {
        let (id, text) = super::super::shipped()
            .into_iter()
            .find(|(id, _)| id == "trend-micro")
            .unwrap();
        Vendor::parse(&id, &text).unwrap()
    }

    fn facts() -> Facts {
        Facts {
            from: "pat@example.com".into(),
            facts: vec![
                ("company".into(), "Example\r\nBcc: x".into()),
                ("activation-code".into(), "{password}".into()),
            ],
            samples: 12,
            part: (2, 3),
            password: "novirus".into(),
            id: "postsweep-1".into(),
            date: "2026-11-21T08:00:00Z".parse().unwrap(),
            span: Some((
                "2026-11-18T23:59:00Z".parse().unwrap(),
                "2026-11-20T00:01:00Z".parse().unwrap(),
            )),
        }
    }

    fn zip() -> Enclosure {
        Enclosure {
            name: "a.zip".into(),
            media_type: "application/zip".into(),
            path: "a.zip".into(),
        }
    }

    #[test]
    fn the_letter_for_missed_spam_reads_as_the_vendor_asks() {
        let letter = trend_micro().compose(Purpose::Spam, &facts(), zip());
        assert_eq!(letter.to, "spam@support.trendmicro.com");
        assert_eq!(letter.subject, "Undetected spam: 12 messages (part 2 of 3)");
        assert_eq!(
            letter.body,
            "Hello,\n\nthe attached zip file holds 12 messages of undetected spam (part 2 of 3). \
             Each is the original, unchanged message as an .eml file with its full header.\n\n\
             The password of the zip file is: novirus\n\n\
             Received: 2026-11-18 to 2026-11-20\n\n\
             Company: Example Bcc: x\nActivation code: {password}\n\n\
             Reference: postsweep-1\n"
        );
        assert_eq!(letter.enclosures, [zip()]);
    }

    #[test]
    fn what_is_not_known_leaves_no_gap() {
        let mut facts = facts();
        (facts.samples, facts.part, facts.span) = (1, (1, 1), None);
        facts.facts.clear();
        let letter = trend_micro().compose(Purpose::Phishing, &facts, zip());
        assert_eq!(letter.to, "antifraud@support.trendmicro.com");
        assert_eq!(letter.subject, "Undetected phishing: 1 message");
        assert!(
            letter.body.ends_with("novirus\n\nReference: postsweep-1\n"),
            "{}",
            letter.body
        );
    }

    #[test]
    fn false_positives_go_to_the_portal_and_never_by_mail() {
        let vendor = trend_micro();
        let portal = vendor.portal().unwrap();
        assert_eq!(portal.largest, 250_000_000);
        assert_eq!(
            vendor.route(Purpose::FalsePositive),
            Some(&Route::Portal {
                url: portal.url.clone()
            })
        );
        let letter = vendor.compose(Purpose::FalsePositive, &facts(), zip());
        assert_eq!(letter.to, portal.url);
    }

    #[test]
    fn the_largest_zip_still_fits_when_encoded() {
        let vendor = trend_micro();
        for limit in [
            None,
            Some(10_240_000),
            Some(1_000_000),
            Some(40_000),
            Some(5),
        ] {
            let most = limit.unwrap_or(u64::MAX).min(10_000_000);
            let zip = vendor.largest_zip(limit);
            assert!(zip.div_ceil(57) * 78 <= most, "{limit:?}: {zip}");
        }
        assert_eq!(vendor.largest_zip(Some(5)), 0);
        assert!(vendor.largest_zip(None) > 7_200_000);
    }
}
