//! Text as people read it: folded white space, invisible characters undone.
//! Only for matching: what is shown to a person is the text as it came.

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Combining marks kept on one letter; more are a trick (text that climbs over its line), while
/// Vietnamese needs two and pointed Hebrew three.
const MARKS: usize = 3;

/// Folds text for matching: invisible characters and floods of combining marks are gone, letters
/// that only look styled (fullwidth, mathematical, circled) are the plain ones (NFKC, Unicode
/// Annex 15), white space is one space, and all is lower case. Linear; folding twice changes
/// nothing more.
pub fn fold(text: &str) -> String {
    let mut folded = Squeezed::with_capacity(text.len());
    let mut rest = text;
    // Letters join those before them, but none of ASCII does: ASCII is passed on, and each run of
    // other letters is folded on its own, with the one before it.
    let is_other = |byte: u8| !byte.is_ascii();
    while let Some(first) = rest.bytes().position(is_other) {
        let (ascii, others) = rest.split_at(first);
        let before = ascii.bytes().rposition(is_apart).unwrap_or(0);
        let end = others.bytes().position(is_apart);
        let end = end.map_or(rest.len(), |end| first + end);
        let (done, behind) = rest.split_at(end);
        let (ascii, run) = done.split_at(before);
        folded.push_ascii(ascii);
        fold_run(run, &mut folded);
        rest = behind;
    }
    folded.push_ascii(rest);
    folded.text
}

/// Whether text falls apart before this byte. What has no width does not hold letters apart.
fn is_apart(byte: u8) -> bool {
    byte.is_ascii() && byte != 0
}

/// Folds what hangs together.
fn fold_run(run: &str, folded: &mut Squeezed) {
    let (length, gap) = (folded.text.len(), folded.gap);
    let steady = |letter: char| {
        letter.is_ascii()
            || canonical_combining_class(letter) == 0
                && is_nfkc_quick(std::iter::once(letter)) == IsNormalized::Yes
    };
    for letter in run.chars() {
        if letter.is_whitespace() {
            folded.push(' ');
        } else if !is_invisible(letter) {
            // Most text in other scripts is in this form but for its capitals.
            if !letter.to_lowercase().all(steady) {
                folded.text.truncate(length);
                folded.gap = gap;
                fold_slowly(run, folded);
                return;
            }
            letter.to_lowercase().for_each(|small| folded.push(small));
        }
    }
}

/// As [`fold`], whatever the text holds.
fn fold_slowly(text: &str, folded: &mut Squeezed) {
    // NFKC can bring forth what has a lower case, and lower case what NFKC takes together: both
    // are done twice, after which nothing is left to do.
    let once: String = Marks::of(text.chars())
        .nfkc()
        .flat_map(char::to_lowercase)
        .collect();
    let twice: String = Marks::of(once.chars())
        .nfkc()
        .flat_map(char::to_lowercase)
        .collect();
    twice.nfkc().for_each(|letter| folded.push(letter));
}

/// Text that grows letter by letter: white space is folded, what cannot be seen is dropped, ASCII
/// is in small letters.
struct Squeezed {
    text: String,
    gap: bool,
}

impl Squeezed {
    fn with_capacity(length: usize) -> Squeezed {
        let (text, gap) = (String::with_capacity(length), false);
        Squeezed { text, gap }
    }

    /// Adds text that is ASCII: what is seen of it goes word by word.
    fn push_ascii(&mut self, ascii: &str) {
        let mut rest = ascii;
        let unseen = |byte: u8| !byte.is_ascii_graphic();
        while !rest.is_empty() {
            let end = rest.bytes().position(unseen).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            if !word.is_empty() {
                self.part();
                let start = self.text.len();
                self.text.push_str(word);
                if let Some(word) = self.text.get_mut(start..) {
                    word.make_ascii_lowercase();
                }
            }
            let mut letters = behind.chars();
            letters
                .by_ref()
                .take(1)
                .for_each(|letter| self.push(letter));
            rest = letters.as_str();
        }
    }

    /// Sets off what follows from what stands before the gap.
    fn part(&mut self) {
        if self.gap {
            self.text.push(' ');
            self.gap = false;
        }
    }

    fn push(&mut self, letter: char) {
        if letter.is_whitespace() {
            self.gap = !self.text.is_empty();
        } else if !is_invisible(letter) {
            self.part();
            self.text.push(letter.to_ascii_lowercase());
        }
    }
}

/// Whether a character leaves nothing on the screen: controls, joiners, marks of direction, soft
/// hyphens, fillers, variation selectors, tags (mostly Unicode's Default_Ignorable_Code_Point).
pub fn is_invisible(letter: char) -> bool {
    match letter {
        '\t'..='\r' | ' '..='~' => false,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => letter != '\u{85}',
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => {
            true
        }
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' => true,
        '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' => true,
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{E0000}'..='\u{E0FFF}' => true,
        _ => false,
    }
}

/// Passes on what can be seen, and of combining marks in a row the first few.
struct Marks<I> {
    chars: I,
    run: usize,
}

impl<I: Iterator<Item = char>> Marks<I> {
    fn of(chars: I) -> Self {
        Marks { chars, run: 0 }
    }
}

impl<I: Iterator<Item = char>> Iterator for Marks<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            let letter = self.chars.next()?;
            if letter.is_ascii() && letter != '\0' {
                self.run = 0;
                return Some(letter);
            }
            if is_invisible(letter) {
                continue;
            }
            if canonical_combining_class(letter) == 0 {
                self.run = 0;
                return Some(letter);
            }
            self.run += 1;
            if self.run <= MARKS {
                return Some(letter);
            }
        }
    }
}

/// The words of a text, as `str::split_whitespace` cuts them. Text is mostly ASCII, which is looked
/// at byte by byte.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let text = rest.trim_start();
        let (word, behind) = text.split_at_checked(word_end(text))?;
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

/// Where the word ends that a text begins with.
pub(super) fn word_end(text: &str) -> usize {
    let ends = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ') || !byte.is_ascii();
    let ascii = text.as_bytes().iter().position(ends).unwrap_or(text.len());
    let rest = text.get(ascii..).unwrap_or_default();
    ascii + rest.find(char::is_whitespace).unwrap_or(rest.len())
}

/// The white space of a text folded as HTML does: runs within a line are one space, lines are
/// trimmed, and of empty lines in a row one is left.
pub fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let before = tidied.len();
        for word in words(line) {
            if tidied.len() > before {
                tidied.push(' ');
            } else if before > 0 {
                tidied.push_str(if empty > 0 { "\n\n" } else { "\n" });
            }
            tidied.push_str(word);
        }
        empty = if tidied.len() > before { 0 } else { empty + 1 };
    }
    tidied
}

/// Cuts `text` to at most `limit` bytes, between letters; tells whether it had to.
pub(super) fn truncate(text: &mut String, limit: usize) -> bool {
    let cut = text.len() > limit;
    if cut {
        text.truncate(text.floor_char_boundary(limit));
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_cut_at_any_white_space() {
        for text in [
            "",
            " \t\r\n ",
            "one",
            " one  two\nthree ",
            "a\u{B}b\u{C}c\u{1C}d",
            "grün\u{A0}und \u{3000}weiß\u{85}\u{2028}x\u{200B}y",
        ] {
            assert!(words(text).eq(text.split_whitespace()), "{text:?}");
        }
    }

    #[test]
    fn text_is_folded_for_matching() {
        for (text, folded) in [
            ("Hello  World\r\n again ", "hello world again"),
            (
                "ver\u{200B}ify\u{AD} your\u{FE0F} acc\u{202E}ount",
                "verify your account",
            ),
            ("Ｐａｙ 𝐏𝐚𝐲 𝓟𝓪𝔂 ⓟⓐⓨ", "pay pay pay pay"),
            ("ﬁnance ½ ２４", "finance 1⁄2 24"),
            ("no\u{A0}break\u{3000}wide\u{2003}em", "no break wide em"),
            ("GRÜSSE Straße", "grüsse straße"),
            ("GRU\u{308}SSE", "grüsse"),
            ("a\0b\u{7F}c", "abc"),
            ("\u{200B}\u{200B}", ""),
            ("ПРИВЕТ ΟΔΟΣ", "привет οδοσ"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_flood_of_marks_is_capped() {
        let flood = format!("a{}b", "\u{316}".repeat(100_000));
        assert_eq!(fold(&flood).chars().count(), 2 + MARKS);
    }

    #[test]
    fn white_space_is_tidied() {
        assert_eq!(tidy(" a \t b\r\n\r\n \n\nc\nd \n\n"), "a b\n\nc\nd");
        assert_eq!(tidy("\n\n"), "");
    }

    fn slowly(text: &str) -> String {
        let mut folded = Squeezed::with_capacity(0);
        fold_slowly(text, &mut folded);
        folded.text
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn the_short_way_leads_where_the_long_one_does(text in any::<String>()) {
            prop_assert_eq!(fold(&text), slowly(&text));
        }

        #[test]
        fn the_short_way_holds_for_letters_and_marks(text in "[aAÄäÉéİıſßẞΣσςИй\u{212A}\u{212B}\u{300}-\u{308}\u{345}ǅǆ가-각あアｱ]{0,12}") {
            prop_assert_eq!(fold(&text), slowly(&text));
        }

        #[test]
        fn the_short_way_holds_where_scripts_and_marks_meet(text in "[a-cA \\x00\\x01\u{A0}\u{E9}\u{2026}\u{2122}\u{200B}\u{300}-\u{302}\u{316}\u{B4}\u{FB01}\u{43F}\u{1100}\u{1161}\u{11A8}\u{AC00}]{0,14}") {
            prop_assert_eq!(fold(&text), slowly(&text));
        }

        #[test]
        fn folding_marks_twice_is_folding_once(text in "[a\u{300}-\u{36F}\u{590}-\u{5C7}\u{1D400}-\u{1D7FF}\u{130}\u{200B} K]{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
