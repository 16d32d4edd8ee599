//! Headers written as mail programs do not write them.

use super::{Check, Concern};
use crate::verdict::Evidence;
use regex::Regex;
use std::sync::LazyLock;

/// `author-miswritten`
pub const AUTHOR_MISWRITTEN: Check = Check {
    name: "author-miswritten",
    about: "From is not written as any mail program writes it: a comma in the name without quotes, \
            or the name running into the address. Somebody's own script put it together.",
    concern: Concern::Sender,
    run: |message, _| {
        let how = match (message.marks.author_unquoted, message.marks.author_glued) {
            (true, _) => "a comma in the name without quotes",
            (false, true) => "no space between name and address",
            (false, false) => return None,
        };
        let from = message.header("From")?;
        Some(Evidence::none().with("from", from).with("how", how))
    },
};

/// `author-not-encoded`
pub const AUTHOR_NOT_ENCODED: Check = Check {
    name: "author-not-encoded",
    about: "The author's name has letters beyond ASCII as bare bytes. Mail programs encode them \
            (RFC 2047); scripts forget to.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.header("From")?;
        message
            .marks
            .author_unencoded
            .then(|| Evidence::none().with("from", from))
    },
};

/// `needless-encoding`
pub const NEEDLESS_ENCODING: Check = Check {
    name: "needless-encoding",
    about: "The subject or the text is encoded as base64 although it is plain ASCII: whoever reads \
            the bytes, as simple filters do, finds no words.",
    concern: Concern::Text,
    run: |message, _| {
        let what = match (message.marks.subject_encoded, message.marks.text_encoded) {
            (true, true) => "subject and text",
            (true, false) => "subject",
            (false, true) => "text",
            (false, false) => return None,
        };
        Some(Evidence::none().with("what", what))
    },
};

/// `date-malformed`
pub const DATE_MALFORMED: Check = Check {
    name: "date-malformed",
    about: "The Date is not in the form of mail (RFC 5322 section 3.3), as every mail program \
            writes it.",
    concern: Concern::Route,
    run: |message, _| {
        static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(
                r"(?i)^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? *)?\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]\d{2,4},? +\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)? *(?:[+-]\d{4}|[a-z]{1,5}|[+-]\d{2}:\d{2})?(?: *\([^)]*\))?$",
            )
            .ok()
        });
        let date = message.header("Date")?.trim();
        let well = date.is_empty() || DATE.as_ref()?.is_match(date);
        (!well).then(|| Evidence::none().with("date", date))
    },
};

/// `message-id-malformed`
pub const MESSAGE_ID_MALFORMED: Check = Check {
    name: "message-id-malformed",
    about: "The Message-ID is not one word with an @ between angle brackets (RFC 5322 section \
            3.6.4), as every mail program and server writes it.",
    concern: Concern::Route,
    run: |message, _| {
        let id = message.header("Message-ID")?.trim();
        let inside = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
        let well = inside.is_some_and(|id| {
            let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>');
            let quoted = id.starts_with('"');
            id.split_once('@').is_some_and(|(left, right)| {
                !left.is_empty() && !right.is_empty() && (quoted || !right.contains('@'))
            }) && !id.contains(odd)
        });
        (!well && !id.is_empty()).then(|| Evidence::none().with("id", id))
    },
};

/// `parts-missing`
pub const PARTS_MISSING: Check = Check {
    name: "parts-missing",
    about: "It says that it has several parts, and the line that would part them is nowhere (RFC \
            2046 section 5.1.1): a script put it together.",
    concern: Concern::Text,
    run: |message, _| message.marks.parts_missing.then(Evidence::none),
};

/// `lone-alternative`
pub const LONE_ALTERNATIVE: Check = Check {
    name: "lone-alternative",
    about: "It says that the same text is there in several forms, and is there in one: whoever made \
            it left out the plain text that mail programs write beside a page. Some newsletters' \
            makers do, too.",
    concern: Concern::Text,
    run: |message, _| message.marks.lone_alternative.then(Evidence::none),
};

/// `header-repeated`
pub const HEADER_REPEATED: Check = Check {
    name: "header-repeated",
    about: "From, Subject or Date stands twice and says two things (RFC 5322 section 3.6): filters \
            may read the one, and people the other.",
    concern: Concern::Sender,
    run: |message, _| {
        let name = message.marks.repeated.as_deref()?;
        Some(Evidence::none().with("header", name))
    },
};

/// `twins-differ`
pub const TWINS_DIFFER: Check = Check {
    name: "twins-differ",
    about: "The plain text and the page, which should say the same (RFC 2046 section 5.1.4), have \
            hardly a word in common: one is for filters, the other for people.",
    concern: Concern::Text,
    run: |message, _| message.marks.twins_differ.then(Evidence::none),
};

/// `comment-flood`
pub const COMMENT_FLOOD: Check = Check {
    name: "comment-flood",
    about: "Comments in the page, which nobody sees, hold more prose than the page shows: it is \
            meant to sway a filter.",
    concern: Concern::Text,
    run: |message, _| {
        let html = message.html.as_ref().filter(|html| html.commented > 1000)?;
        let shown = html.text.chars().filter(|c| c.is_alphabetic()).count();
        (html.commented > shown).then(|| {
            Evidence::none()
                .with("letters", html.commented.to_string())
                .with("shown", shown.to_string())
        })
    },
};

#[cfg(test)]
mod tests {
    use super::super::{Check, Context, Given};
    use super::*;
    use crate::mail::{Coverage, Message, Reading};
    use std::sync::Arc;

    fn holds(check: &Check, header: &str) -> bool {
        let raw = format!("Subject: x\r\n{header}\r\n\r\n").into_bytes();
        let message = Message::parse(raw, Coverage::Whole, &Reading::default());
        let context = Context {
            now: "2026-06-01T12:00:00Z".parse().unwrap(),
            own_addresses: Vec::new(),
            own_domains: Vec::new(),
            brands: Arc::default(),
            correspondence: Arc::default(),
        };
        (check.run)(&message, &Given::new(&message, &context)).is_some()
    }

    #[test]
    fn dates_and_ids_as_programs_write_them_are_well_formed() {
        for date in [
            "Mon, 1 Jun 2026 11:12:05 +0200",
            "Mon,  1 Jun 2026 11:12:05 +0200 (CEST)",
            "1 Jun 2026 11:12 GMT",
            "Mon, 01 Jun 26 11:12:05 EST",
            "Monday, 1-Jun-2026 11:12:05 -0000",
            "",
        ] {
            assert!(!holds(&DATE_MALFORMED, &format!("Date: {date}")), "{date}");
        }
        for date in [
            "2026-06-01 11:12:05",
            "Mon Jun 1 11:12:05 2026",
            "Mon, 1 Juni 2026 um elf",
            "{date}",
            "06/01/2026",
        ] {
            assert!(holds(&DATE_MALFORMED, &format!("Date: {date}")), "{date}");
        }
        for id in [
            "<1@example.com>",
            "<a.b$c@[192.0.2.1]>",
            "<\"a b\"@x>",
            "<x@y@z>",
            "",
        ] {
            let odd = id.contains(' ') || id == "<x@y@z>";
            assert_eq!(
                holds(&MESSAGE_ID_MALFORMED, &format!("Message-ID: {id}")),
                odd,
                "{id}"
            );
        }
        for id in [
            "1@example.com",
            "<1>",
            "<@example.com>",
            "<1@>",
            "<<1@example.com>>",
            "x",
        ] {
            assert!(
                holds(&MESSAGE_ID_MALFORMED, &format!("Message-ID: {id}")),
                "{id}"
            );
        }
    }
}
