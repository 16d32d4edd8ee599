//! Names and addresses of senders that no person and no organisation goes by.

use super::known::{FREE_HOSTING, FREEMAIL};
use super::{Check, Concern};
use crate::verdict::Evidence;

/// `decorated-name`
pub const DECORATED_NAME: Check = Check {
    name: "decorated-name",
    about: "The author's display name shouts or is padded: exclamation or question marks, runs of \
            signs, pictures, or a long number.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.from.iter().find(|from| is_decorated(&from.name))?;
        Some(Evidence::none().with("name", &from.name))
    },
};

/// `numbered-address`
pub const NUMBERED_ADDRESS: Check = Check {
    name: "numbered-address",
    about: "The author's address is words and a number strung together (first_last_48213@…) or a \
            run of letters without a sense: a program makes a new one for each message.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message
            .from
            .iter()
            .find(|from| is_numbered(&from.local) || is_scrambled(&from.local))?;
        Some(Evidence::none().with("address", from.address()))
    },
};

/// `tenant-sender`
pub const TENANT_SENDER: Check = Check {
    name: "tenant-sender",
    about: "The author's domain is one that a provider gives to every new customer \
            (something.onmicrosoft.com), or a page that anybody can have. Organisations write \
            under a domain of their own.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.from.iter().find(|from| {
            let given = ["onmicrosoft.com", "gappssmtp.com"];
            let is_given = |end: &&str| {
                let rest = from.domain.strip_suffix(*end);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            given.iter().any(is_given)
                || FREE_HOSTING.covers(&from.domain) && !FREEMAIL.covers(&from.domain)
        })?;
        Some(Evidence::none().with("address", from.address()))
    },
};

fn is_decorated(name: &str) -> bool {
    // Some are called so.
    let name = name.replace("Yahoo!", "").replace("Jeopardy!", "");
    let picture = |c: char| matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}');
    let sign = |c: char| c.is_ascii_punctuation() && !matches!(c, '.' | '"' | '\'' | '(' | ')');
    let mut run = (None, 0);
    let padded = name.chars().any(|c| {
        run = if run.0 == Some(c) {
            (run.0, run.1 + 1)
        } else {
            (Some(c), 1)
        };
        run.1 >= 3 && sign(c)
    });
    let mut digits = 0;
    let numbered = name.chars().any(|c| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        digits >= 6
    });
    let address = name.contains('@');
    let trademark = |c: char| matches!(c, '™' | '®' | '©');
    !address
        && (name.contains(['!', '?', '¡', '¿', '‼', '❗'])
            || padded
            || numbered
            || name.chars().any(|c| picture(c) && !trademark(c)))
}

/// Two words or more and a number of three digits or more, with `_`, `.` or `-` between.
fn is_numbered(local: &str) -> bool {
    let mut parts = local.split(['_', '.', '-']).rev();
    let number = parts.next().unwrap_or_default();
    let is_notice = |word: &&str| matches!(*word, "no" | "not" | "reply" | "noreply" | "bounce");
    let words =
        parts.filter(|word| word.len() >= 2 && word.chars().all(|c| c.is_ascii_alphabetic()));
    (3..=8).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && !is_year(number)
        && words.filter(|word| !is_notice(word)).count() >= 2
}

fn is_year(number: &str) -> bool {
    matches!(number.parse(), Ok(1900..=2100))
}

/// One word in which capitals and small letters take turns, or of which nothing can be spoken.
fn is_scrambled(local: &str) -> bool {
    let letters = local.bytes().all(|byte| byte.is_ascii_alphabetic());
    let pairs = local.bytes().zip(local.bytes().skip(1));
    let raised = pairs.filter(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
    let turns = raised.count();
    let mut run = 0;
    let mut longest = 0;
    for byte in local.bytes() {
        let spoken = b"aeiouyAEIOUY".contains(&byte);
        run = if byte.is_ascii_alphabetic() && !spoken {
            run + 1
        } else {
            0
        };
        longest = longest.max(run);
    }
    letters && local.len() >= 8 && (turns >= 4 || longest >= 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_and_firms_are_not_decorated() {
        for name in [
            "Win Big Today!",
            "Prize desk ***",
            "____Offers",
            "🎁 Gift",
            "Protocol: 573882197",
            "Are you ready?",
        ] {
            assert!(is_decorated(name), "{name}");
        }
        for name in [
            "Pat Doe",
            "Doe, Pat (IT)",
            "Larkmill & Sons - Garden | Tools",
            "Yahoo! Mail",
            "Weekly #42",
            "TotalAV™",
            "Order 12345",
            "pat.doe!@example.com",
            "C++ Users",
            "",
        ] {
            assert!(!is_decorated(name), "{name}");
        }
    }

    #[test]
    fn made_up_addresses_are_told_from_peoples() {
        for local in [
            "first_last_48213",
            "mary.jane-772",
            "YdTdHDoOLwYDjl",
            "qzxkrtpvbnm",
        ] {
            assert!(is_numbered(local) || is_scrambled(local), "{local}");
        }
        for local in [
            "pat.doe",
            "pat.doe88",
            "pat_doe_1984",
            "no-reply-123",
            "e070832",
            "bounce+12345",
            "PatDoeFromAccounting",
            "newsletter",
            "",
        ] {
            assert!(!is_numbered(local) && !is_scrambled(local), "{local}");
        }
    }
}
