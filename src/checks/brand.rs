//! Brands named in a text, by whole words.

use super::context::Brand;
use super::skeleton::skeleton;
use crate::mail::text::fold;

/// The first brand that a short text (a display name, a subject) names, also when letters of
/// another alphabet or digits stand in for its own.
pub fn named<'b>(text: &str, brands: &'b [Brand]) -> Option<&'b Brand> {
    let folded = fold(text);
    let pairs = Pairs::of(&folded);
    let plainly = brands.iter().find(|brand| {
        brand
            .names
            .iter()
            .any(|name| pairs.may_hold(name) && has_words(&folded, &fold(name)))
    });
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
    if !disguised {
        return None;
    }
    let looks = skeleton(text);
    let long = |name: &&String| name.chars().count() >= 5;
    brands.iter().find(|brand| {
        let mut names = brand.names.iter().filter(long);
        names.any(|name| has_words(&looks, &skeleton(name)))
    })
}

/// Which two bytes stand behind each other in a folded text, as bits. Most texts name no brand, and
/// there are hundreds of names: nearly all of them are ruled out by how they begin.
struct Pairs {
    bits: [u64; 64],
    is_ascii: bool,
}

impl Pairs {
    fn of(folded: &str) -> Pairs {
        let mut bits = [0; 64];
        for pair in folded.as_bytes().windows(2) {
            let (word, bit) = place(pair);
            if let Some(word) = bits.get_mut(word) {
                *word |= bit;
            }
        }
        let is_ascii = folded.is_ascii();
        Pairs { bits, is_ascii }
    }

    /// Whether it is worth looking closer for a name, which is not folded yet.
    fn may_hold(&self, name: &str) -> bool {
        match name.as_bytes() {
            // A name in other letters folds to other letters.
            _ if !name.is_ascii() => !self.is_ascii,
            [first, second, ..] if !second.is_ascii_whitespace() => {
                let (word, bit) = place(&[first.to_ascii_lowercase(), second.to_ascii_lowercase()]);
                self.bits.get(word).is_some_and(|word| word & bit != 0)
            }
            _ => true,
        }
    }
}

/// The bit of a pair: five bits of the first byte, seven of the second.
fn place(pair: &[u8]) -> (usize, u64) {
    let (first, second) = match pair {
        [first, second, ..] => (usize::from(*first), usize::from(*second)),
        _ => (0, 0),
    };
    let number = (first & 31) << 7 | second & 127;
    (number >> 6, 1 << (number & 63))
}

/// Whether `text` holds `words` with no letter or digit right before or after.
pub fn has_words(text: &str, words: &str) -> bool {
    if words.is_empty() {
        return false;
    }
    text.match_indices(words).any(|(at, found)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|t| t.chars().next());
        // Chinese and Japanese put no space between words.
        let glued = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < 0x2E80);
        !glued(before) && !glued(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguised_names_are_known_and_numbers_are_none() {
        let brands = vec![Brand {
            id: "paypal".into(),
            names: vec!["PayPal".into()],
            domains: vec!["paypal.com".into()],
        }];
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
