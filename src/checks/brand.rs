//! Brands named in a text, by whole words.

use super::brands::Brands;
use super::context::Brand;
use super::skeleton::skeleton;
use crate::mail::text::fold;
use std::ops::Range;

/// The first brand that a short text (a display name, a subject) names, also when letters of
/// another alphabet or digits stand in for its own.
pub fn named<'b>(text: &str, brands: &'b Brands) -> Option<&'b Brand> {
    let plainly = brands.named_in(&fold(text));
    if plainly.is_some() || text.len() > 300 {
        return plainly;
    }
    // Letters with accents and those of Asia stand for nothing else; a number is no word.
    let strange = |c: char| matches!(c, '\u{0250}'..='\u{02AF}' | '\u{0370}'..='\u{058F}' | '\u{13A0}'..='\u{13FF}' | '\u{1D00}'..='\u{1DBF}');
    let among_letters = |word: &str| {
        word.chars().skip(1).any(|c| c.is_ascii_digit() || c == 'I')
            && word.chars().any(|c| c.is_ascii_lowercase())
    };
    let disguised = text.chars().any(strange) || text.split_whitespace().any(among_letters);
    disguised.then(|| brands.seen_in(&skeleton(text))).flatten()
}

/// Whether `text` holds `words` with no letter or digit right before or after.
pub fn has_words(text: &str, words: &str) -> bool {
    let mut found = text.match_indices(words);
    !words.is_empty() && found.any(|(at, _)| is_whole(text, at..at + words.len()))
}

/// Whether no letter or digit stands right before or after this part of a text.
pub fn is_whole(text: &str, part: Range<usize>) -> bool {
    let before = text.get(..part.start).and_then(|t| t.chars().next_back());
    let after = text.get(part.end..).and_then(|t| t.chars().next());
    // Chinese and Japanese put no space between words.
    let glued = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < 0x2E80);
    !glued(before) && !glued(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguised_names_are_known_and_numbers_are_none() {
        let brands = Brands::from(vec![Brand {
            id: "paypal".into(),
            names: vec!["PayPal".into()],
            domains: vec!["paypal.com".into()],
        }]);
        for text in [
            "Your PAYPAL",
            "PayPaI team",
            "Paypa1",
            "\u{0420}\u{0430}yPal",
        ] {
            assert!(named(text, &brands).is_some(), "{text}");
        }
        for text in ["Pay pals", "Invoice 2026", "Prépayé", ""] {
            assert!(named(text, &brands).is_none(), "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(has_words("your apple id", "apple"));
        assert!(has_words("【amazon】重要", "amazon"));
        assert!(has_words("アカウントamazonの", "amazon"));
        assert!(!has_words("pineapple", "apple"));
        assert!(!has_words("apples", "apple"));
        assert!(!has_words("", ""));
    }
}
