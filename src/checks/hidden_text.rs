//! Text that is there for filters and not for readers.

use super::{Check, Concern, Given};
use crate::mail::Message;
use crate::verdict::Evidence;
use unicode_security::MixedScript;

/// `hidden-text`
pub const HIDDEN_TEXT: Check = Check {
    name: "hidden-text",
    about: "The HTML hides more text than it shows, and more than a preview line needs: it is \
            meant to sway a filter.",
    concern: Concern::Text,
    run: |message, _| {
        let html = message.html.as_ref()?;
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let much = |letters: usize| letters > 400;
        much(html.hidden.len()).then_some(())?;
        let hidden = letters(&html.hidden);
        let shown = much(hidden).then(|| letters(&html.text))?;
        (hidden > shown).then(|| {
            Evidence::none()
                .with("hidden", hidden.to_string())
                .with("shown", shown.to_string())
        })
    },
};

/// `invisible-characters`
pub const INVISIBLE_CHARACTERS: Check = Check {
    name: "invisible-characters",
    about: "Invisible characters stand inside words of the subject, the author's name or the text, \
            so that filters do not know the words.",
    concern: Concern::Text,
    run: invisible,
};

/// `mixed-script-words`
pub const MIXED_SCRIPT_WORDS: Check = Check {
    name: "mixed-script-words",
    about: "Words of the subject or the author's name mix letters of several alphabets that look \
            alike, so that filters do not know the words.",
    concern: Concern::Text,
    run: |message, _| {
        let name = message.from.first().map_or("", |from| &from.name);
        message
            .subject
            .split_whitespace()
            .chain(name.split_whitespace())
            .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
            .find(|word| {
                let latin = word.chars().any(|c| c.is_ascii_alphabetic());
                latin && word.chars().any(in_disguise) && !word.is_single_script()
            })
            .map(|word| Evidence::none().with("word", word))
    },
};

/// `styled-letters`
pub const STYLED_LETTERS: Check = Check {
    name: "styled-letters",
    about: "The subject or the author's name is written with letters made for formulas and signs, \
            which look like a typeface and are other characters to a filter.",
    concern: Concern::Text,
    run: |message, _| {
        let name = message.from.first().map_or("", |from| &from.name);
        let styled = |text: &str| text.chars().filter(|c| is_styled(*c)).count();
        let text = [message.subject.as_str(), name]
            .into_iter()
            .find(|text| styled(text) >= 3)?;
        Some(Evidence::none().with("text", text))
    },
};

/// Mathematical, circled and squared letters (Unicode blocks Mathematical Alphanumeric Symbols,
/// Enclosed Alphanumerics and Enclosed Alphanumeric Supplement).
fn is_styled(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D7FF}' | '\u{24B6}'..='\u{24E9}' | '\u{1F110}'..='\u{1F189}')
}

/// A letter of Cyrillic or Greek.
fn in_disguise(c: char) -> bool {
    matches!(c, '\u{0370}'..='\u{03FF}' | '\u{0400}'..='\u{052F}')
}

/// Zero-width spaces, joiners and marks; soft hyphens; and marks of other scripts (Cyrillic,
/// Hebrew, Arabic, Syriac, Thai, signs), which stand on no Latin letter.
fn is_invisible(c: char) -> bool {
    let foreign = matches!(c, '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{06D6}'..='\u{06DC}' | '\u{0730}'..='\u{074A}' | '\u{0E31}'
        | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}' | '\u{20D0}'..='\u{20F0}');
    foreign
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{034F}' | '\u{180E}')
}

fn invisible(message: &Message, _: &Given) -> Option<Evidence> {
    let name = message.from.first().map_or("", |from| &from.name);
    let raw = message
        .html
        .as_ref()
        .map_or(&message.text, |html| &html.text);
    // One or two come from text that was pasted; a soft hyphen alone is good typesetting.
    let short = inside_words(&message.subject, |_| true) + inside_words(name, |_| true);
    let long = inside_words(raw, |c| c != '\u{00AD}');
    (short >= 2 || long >= 8).then(|| Evidence::none().with("count", (short + long).to_string()))
}

/// How many invisible characters stand between two Latin letters.
fn inside_words(text: &str, counts: impl Fn(char) -> bool) -> usize {
    if text.is_ascii() {
        return 0;
    }
    let (mut count, mut after_letter, mut pending) = (0, false, 0);
    for c in text.chars() {
        if is_invisible(c) {
            pending += usize::from(after_letter && counts(c));
            continue;
        }
        after_letter = c.is_ascii_alphabetic();
        if after_letter {
            count += pending.min(1);
        }
        pending = 0;
    }
    count
}
