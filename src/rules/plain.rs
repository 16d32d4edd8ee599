//! Folded text as it is meant to be read, whatever it is spelt with: letters of another alphabet
//! inside a Latin word, digits inside a word, letters spaced out, accents left out or put on.
//! Only for matching; evidence that is shown is made of it, so it must stay readable.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Single letters in a row that are one word spaced out; fewer are initials.
const SPACED: usize = 4;
/// Letters that a word has at least in which a digit stands for one.
const LETTERS: usize = 4;
/// Digits that it has at most: more are a code.
const DIGITS: usize = 3;

/// Folded text with the spelling undone. Linear.
pub fn plain(folded: String) -> String {
    if folded.is_ascii() && !is_odd(folded.as_bytes()) {
        return folded;
    }
    let mut plain = String::with_capacity(folded.len());
    for (number, line) in folded.split('\n').enumerate() {
        if number > 0 {
            plain.push('\n');
        }
        if line.is_ascii() && !is_odd(line.as_bytes()) {
            plain.push_str(line);
        } else {
            said(line, &mut plain);
        }
    }
    plain
}

/// A pattern's source in the same spelling: without accents on Latin letters.
pub fn spelling(source: &str) -> Cow<'_, str> {
    if source.is_ascii() {
        return Cow::Borrowed(source);
    }
    let mut spelt = String::with_capacity(source.len());
    source.chars().for_each(|c| bare(c, &mut spelt));
    Cow::Owned(spelt)
}

/// Whether text in ASCII holds a digit between letters, or single letters set apart.
fn is_odd(text: &[u8]) -> bool {
    let mut before = (b' ', b' ', b' ');
    for &byte in text {
        let (third, second, first) = before;
        let digit = second.is_ascii_alphabetic() && first.is_ascii_digit();
        let apart = |byte: u8| matches!(byte, b' ' | b'.' | b'-' | b'_' | b'*');
        let single = apart(third) && second.is_ascii_alphabetic() && apart(first);
        if (digit || single) && byte.is_ascii_alphabetic() {
            return true;
        }
        before = (second, first, byte);
    }
    false
}

/// One line, word by word.
fn said(line: &str, plain: &mut String) {
    let mut letters: Vec<&str> = Vec::new();
    let mut between = "";
    let flush = |letters: &mut Vec<&str>, plain: &mut String, between: &mut &str| {
        let joint = if letters.len() < SPACED { " " } else { "" };
        for (number, letter) in letters.drain(..).enumerate() {
            plain.push_str(if number == 0 { between } else { joint });
            plain.push_str(letter);
            *between = " ";
        }
    };
    for word in line.split(' ') {
        let mut chars = word.chars();
        let single = chars.next().is_some_and(char::is_alphabetic) && chars.as_str().is_empty();
        if single && word.chars().all(is_latin) {
            letters.push(word);
            continue;
        }
        flush(&mut letters, plain, &mut between);
        plain.push_str(between);
        between = " ";
        spell(word, plain);
    }
    flush(&mut letters, plain, &mut between);
}

/// One word.
fn spell(word: &str, plain: &mut String) {
    let joined: String;
    let word = match set_apart(word) {
        Some(letters) => {
            joined = letters;
            joined.as_str()
        }
        None => word,
    };
    let mixed = !word.is_ascii()
        && word.chars().any(|c| c.is_ascii_alphabetic())
        && word.chars().any(|c| c.is_alphabetic() && !is_latin(c));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let disguised = (1..=DIGITS).contains(&digits) && letters >= LETTERS;
    let mut chars = word.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().is_some_and(|c| c.is_alphabetic());
        let inside = before.is_alphabetic() && next;
        let read = match c {
            '0'..='9' if disguised && inside => letter_of(c),
            _ if mixed && c.is_alphabetic() && !is_latin(c) => lookalike(c),
            _ => c,
        };
        bare(read, plain);
        before = c;
    }
}

/// `v.e.r.i.f.y` as one word; `None` where it is none of that kind.
fn set_apart(word: &str) -> Option<String> {
    let mark = word
        .chars()
        .nth(1)
        .filter(|c| matches!(c, '.' | '-' | '_' | '*'))?;
    let mut letters = String::new();
    for part in word.split(mark) {
        let mut chars = part.chars();
        letters.push(chars.next().filter(|c| c.is_alphabetic())?);
        if chars.next().is_some() {
            return None;
        }
    }
    (letters.chars().count() >= SPACED).then_some(letters)
}

/// The letter that a digit stands for inside a word.
fn letter_of(digit: char) -> char {
    match digit {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// The Latin letter that another alphabet's looks like (Unicode TS 39), else itself.
fn lookalike(letter: char) -> char {
    let mut buffer = [0; 4];
    let text: &str = letter.encode_utf8(&mut buffer);
    let mut looks = unicode_security::confusable_detection::skeleton(text);
    match (looks.next(), looks.next()) {
        (Some(like), None) if like.is_ascii_alphabetic() => like.to_ascii_lowercase(),
        _ => letter,
    }
}

/// Latin letters, with and without accents.
fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// The letter without its accent, if it is a Latin one; ligatures are their letters.
fn bare(letter: char, plain: &mut String) {
    match letter {
        'ß' => plain.push_str("ss"),
        'æ' => plain.push_str("ae"),
        'œ' => plain.push_str("oe"),
        'ø' => plain.push('o'),
        'ł' => plain.push('l'),
        'đ' | 'ð' => plain.push('d'),
        'ı' => plain.push('i'),
        _ if letter.is_ascii() || !is_latin(letter) => plain.push(letter),
        _ => plain.push(std::iter::once(letter).nfd().next().unwrap_or(letter)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tricks_of_spelling_are_undone() {
        for (folded, meant) in [
            ("verify your account", "verify your account"),
            ("vеrify yоur аccount", "verify your account"), // Cyrillic е, о, а
            (
                "ver1fy your acc0unt, p4ssword",
                "verify your account, password",
            ),
            ("v e r i f y your a b c", "verify your a b c"),
            ("v.e.r.i.f.y and v-i-a-g-r-a", "verify and viagra"),
            ("u.s.a. and e.g. a b", "u.s.a. and e.g. a b"),
            (
                "vérifiez, größe, łódź, œuvre",
                "verifiez, grosse, lodz, oeuvre",
            ),
            ("привет сосед", "привет сосед"),
            ("й ё", "й ё"),
            ("パスワード", "パスワード"),
            ("a1b2c3d4 b2b 3d covid19 mp3", "a1b2c3d4 b2b 3d covid19 mp3"),
            ("one line\ns p a c e d\nthree", "one line\nspaced\nthree"),
            ("", ""),
        ] {
            assert_eq!(plain(folded.to_owned()), meant);
        }
        assert_eq!(spelling("(bestätigen|größe)"), "(bestatigen|grosse)");
    }

    proptest! {
        #[test]
        fn only_what_is_odd_changes(text in "[a-z]{2,9}( [a-z]{2,9}){0,9}") {
            prop_assert_eq!(plain(text.clone()), text);
        }

        #[test]
        fn the_short_way_leads_where_the_long_one_does(text in "[a-d0-1 .\n-]{0,30}") {
            let mut slowly = String::new();
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    slowly.push('\n');
                }
                said(line, &mut slowly);
            }
            prop_assert_eq!(plain(text), slowly);
        }

        #[test]
        fn any_text_can_be_read(text in any::<String>()) {
            plain(text);
        }
    }
}
