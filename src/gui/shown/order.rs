//! The order of right-to-left text (Unicode UAX 9). The library that draws lays out pieces of one
//! font from left to right, and letters of a right-to-left script within such a piece from right
//! to left: so words stay as they are stored, and their order is what is settled here.

use std::borrow::Cow;
use unicode_bidi::{BidiInfo, Level};

/// Whether a line has letters that are read from right to left.
pub fn has_right_to_left(line: &str) -> bool {
    !line.is_ascii() && line.chars().any(is_right_to_left)
}

fn is_right_to_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC
        | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

/// Whether a line that stands in the order of the screen is read from right to left. One that ends
/// in Latin letters is not known from one that begins with them.
pub fn begins_at_right(shown: &str) -> bool {
    let mut letters = shown.chars().filter(|letter| letter.is_alphabetic());
    letters.next().is_some_and(is_right_to_left)
}

/// A line in the order in which its words and signs stand on the screen.
pub fn visual(line: &str) -> Cow<'_, str> {
    if !has_right_to_left(line) {
        return Cow::Borrowed(line);
    }
    let info = BidiInfo::new(line, None);
    let mut shown = String::with_capacity(line.len());
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let level = levels.get(run.start).copied().unwrap_or(Level::ltr());
            let text = line.get(run).unwrap_or_default();
            match level.is_rtl() {
                true => pieces(text).iter().rev().for_each(|piece| match piece {
                    Piece::Word(word) => shown.push_str(word),
                    Piece::Sign(sign) => shown.push(mirrored(*sign)),
                }),
                false => shown.push_str(text),
            }
        }
    }
    Cow::Owned(shown)
}

enum Piece<'a> {
    /// Letters that are drawn from one font, which turns them itself.
    Word(&'a str),
    /// Drawn by the font of Latin text, from left to right.
    Sign(char),
}

fn pieces(run: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = run;
    while let Some(first) = rest.chars().next() {
        let belongs = |letter: char| is_right_to_left(letter) || !is_drawn_apart(letter);
        if is_right_to_left(first) {
            let end = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            pieces.push(Piece::Word(word));
            rest = behind;
        } else {
            pieces.push(Piece::Sign(first));
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    pieces
}

/// Whether a letter that follows a right-to-left one is drawn apart from it: joiners and combining
/// signs are not.
fn is_drawn_apart(letter: char) -> bool {
    let joiner = matches!(letter, '\u{200C}' | '\u{200D}');
    !joiner && !unicode_normalization::char::is_combining_mark(letter)
}

/// Brackets open to the other side between right-to-left letters.
fn mirrored(sign: char) -> char {
    match sign {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        sign => sign,
    }
}

/// A line as several of at most `most` letters, broken between words where there are any.
pub fn broken(line: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut letters = 0;
    for word in line.split_inclusive(' ') {
        let length = word.chars().count();
        if letters > 0 && letters + length > most {
            lines.push(String::new());
            letters = 0;
        }
        for letter in word.chars() {
            if letters >= most {
                lines.push(String::new());
                letters = 0;
            }
            letters += 1;
            if let Some(last) = lines.last_mut() {
                last.push(letter);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{broken, visual};

    #[test]
    fn words_stand_in_the_order_in_which_they_are_read() {
        for (stored, shown) in [
            ("plain words", "plain words"),
            ("שלום", "שלום"),
            // The first word stands at the right.
            ("שלום עולם", "עולם שלום"),
            ("Re: שלום עולם ok", "Re: עולם שלום ok"),
            ("חשבון (דחוף)", "(דחוף) חשבון"),
            ("חשבון 2024 לתשלום", "לתשלום 2024 חשבון"),
        ] {
            assert_eq!(visual(stored), shown, "{stored}");
        }
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        assert_eq!(broken("one two three", 8), ["one two ", "three"]);
        assert_eq!(broken("abcdef", 4), ["abcd", "ef"]);
    }
}
