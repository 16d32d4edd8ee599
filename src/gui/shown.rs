//! Hostile text made safe to draw: signs that steer text or are not seen stand as visible marks,
//! floods of combining signs end, what is too long is cut before it is laid out, and right-to-left
//! runs stand in the order in which they are read. Nothing of a message is drawn but through here.

mod order;

use crate::mail::{Address, scripts::mixes_scripts, text::is_invisible};
use crate::verdict::{joins, steers};
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;

/// No more combining signs than this stand on one letter (Vietnamese needs two, pointed Hebrew
/// three).
const MOST_SIGNS: usize = 3;
/// A line of text that is drawn is no longer than this.
pub const LINE: usize = 400;
/// Lines with right-to-left runs are broken here, because their order is settled before layout.
const RIGHT_TO_LEFT_LINE: usize = 72;
/// The same of a title, whose letters are larger.
const RIGHT_TO_LEFT_TITLE: usize = 38;
/// What stands where there are no words.
const NO_SUBJECT: &str = "(no subject)";
/// What stands where something was cut.
pub const CUT: char = '…';

/// One line of a message's own words (a subject, a name, a folder), of at most `most` letters.
pub fn line(text: &str, most: usize) -> String {
    let read = read(text, most);
    if let Cow::Owned(shown) = order::visual(&read) {
        return shown;
    }
    read
}

/// The same line as it is read out: in the order in which it is read, not in that of the screen.
pub fn read(text: &str, most: usize) -> String {
    let plain = |byte: u8| matches!(byte, b'!'..=b'~' | b' ');
    if text.len() <= most && text.bytes().all(plain) && !text.contains("  ") {
        return text.trim().to_owned();
    }
    marked(text, most, false)
}

/// A subject; without words it says so.
pub fn subject(text: &str, most: usize) -> String {
    or_none(line(text, most))
}

/// The same subject as it is read out.
pub fn read_subject(text: &str, most: usize) -> String {
    or_none(read(text, most))
}

fn or_none(subject: String) -> String {
    match subject.is_empty() {
        true => NO_SUBJECT.to_owned(),
        false => subject,
    }
}

/// A subject that may stand on several lines, where right-to-left runs are broken.
pub fn title(text: &str, most: usize) -> String {
    let marked = marked(text, most, false);
    match order::has_right_to_left(&marked) {
        true => visual_lines(&marked, RIGHT_TO_LEFT_TITLE),
        false => subject(text, most),
    }
}

/// Several lines, their ends kept, of at most `most` letters all together.
pub fn body(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for line in marked(text, most, true).lines() {
        if !shown.is_empty() {
            shown.push('\n');
        }
        if order::has_right_to_left(line) {
            shown.push_str(&visual_lines(line, RIGHT_TO_LEFT_LINE));
        } else {
            shown.push_str(line);
        }
    }
    shown
}

fn visual_lines(line: &str, most: usize) -> String {
    let broken = order::broken(line, most);
    let lines = broken.iter().map(|part| order::visual(part.trim()));
    lines.collect::<Vec<_>>().join("\n")
}

/// A sender's name and address, as they are shown together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sender {
    /// The name that it gives itself; empty where it gives none.
    pub name: String,
    /// The address, its domain as A-labels.
    pub address: String,
    /// Whether the name or the domain mixes alphabets, as those do that imitate others.
    pub is_odd: bool,
}

/// What is shown of a sender.
pub fn sender(from: &Address) -> Sender {
    Sender {
        name: line(&from.name, LINE),
        address: line(&from.address(), LINE),
        is_odd: mixes_scripts(&from.name) || mixes_scripts(&from.domain),
    }
}

/// An address that `fits`, cut in its local part and never in its domain: `se…@examp1e.example`.
/// Only where even the domain alone is too long its beginning goes: what it ends in tells whose it
/// is.
pub fn address_cut(address: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(address) {
        return address.to_owned();
    }
    let (local, domain) = address.rsplit_once('@').unwrap_or(("", address));
    let starts: Vec<usize> = local.char_indices().map(|(at, _)| at).collect();
    let with = |kept: usize| {
        let end = starts.get(kept).copied().unwrap_or(local.len());
        let local = local.get(..end).unwrap_or_default();
        format!("{local}{CUT}@{domain}")
    };
    if let Some(kept) = most_that(starts.len(), |kept| fits(&with(kept))) {
        return with(kept);
    }
    let ends: Vec<usize> = domain.char_indices().map(|(at, _)| at).collect();
    let without = |kept: usize| {
        let at = ends.get(ends.len() - kept).copied().unwrap_or(domain.len());
        format!("{CUT}{}", domain.get(at..).unwrap_or_default())
    };
    let kept = most_that(ends.len(), |kept| fits(&without(kept)));
    without(kept.unwrap_or_default())
}

/// A text that `fits`, cut at its end.
pub fn end_cut(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let with = |kept: usize| {
        let end = starts.get(kept).copied().unwrap_or(text.len());
        let text = text.get(..end).unwrap_or_default();
        format!("{}{CUT}", text.trim_end())
    };
    let kept = most_that(starts.len(), |kept| fits(&with(kept)));
    with(kept.unwrap_or_default())
}

/// A shown line that is read from right to left and does not fit, cut at its left, where it ends;
/// `None` of any other line. Whole words go, for within a word it is the font that turns letters.
pub fn left_cut(text: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    if !order::begins_at_right(text) {
        return None;
    }
    let starts: Vec<usize> = text.rmatch_indices(' ').map(|(at, _)| at + 1).collect();
    let rest = |more: usize| {
        let at = starts.get(more).copied().unwrap_or(text.len());
        format!("{CUT} {}", text.get(at..).unwrap_or_default())
    };
    if let Some(more) = most_that(starts.len(), |more| fits(&rest(more))) {
        return Some(rest(more));
    }
    let last = text.rsplit(' ').next().unwrap_or(text);
    let ends: Vec<usize> = last.char_indices().map(|(at, _)| at).collect();
    let part = |kept: usize| {
        let end = ends.get(kept).copied().unwrap_or(last.len());
        format!("{CUT}{}", last.get(..end).unwrap_or_default())
    };
    most_that(ends.len(), |kept| fits(&part(kept))).map(part)
}

/// The greatest number below `end` that something holds for, if it holds for 0 and ceases to hold
/// somewhere.
fn most_that(end: usize, holds: impl Fn(usize) -> bool) -> Option<usize> {
    if end == 0 || !holds(0) {
        return None;
    }
    let (mut low, mut high) = (0, end);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(low)
}

/// The text with visible marks, white space folded, and cut at `most` letters.
fn marked(text: &str, most: usize, keeps_lines: bool) -> String {
    let mut shown = String::with_capacity(text.len().min(most * 2));
    let (mut letters, mut signs, mut gap) = (0, 0, false);
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(letter) = chars.next() {
        if letters >= most {
            shown.truncate(shown.trim_end().len());
            shown.push(CUT);
            break;
        }
        if letter == '\n' && keeps_lines {
            shown.push('\n');
            (letters, signs, gap, before) = (letters + 1, 0, false, None);
            continue;
        }
        if letter.is_whitespace() {
            // Leading white space of a line of text is its form; elsewhere it hides what follows.
            gap = keeps_lines || !shown.is_empty();
            before = before.map(|_| letter);
            continue;
        }
        if std::mem::take(&mut gap) {
            shown.push(' ');
            letters += 1;
        }
        if is_combining_mark(letter) {
            signs += 1;
            if signs > MOST_SIGNS || before.is_none() {
                continue;
            }
        } else {
            signs = 0;
        }
        if is_mark(letter, before, chars.peek().copied()) {
            let mut times = 1;
            while chars.next_if_eq(&letter).is_some() {
                times += 1;
            }
            let mark = mark(letter, times);
            letters += mark.chars().count();
            shown.push_str(&mark);
        } else {
            shown.push(letter);
            letters += 1;
        }
        before = Some(letter);
    }
    shown
}

/// Whether a letter has to be shown as a mark; not so the sign that chooses a picture's look behind
/// one.
fn is_mark(letter: char, before: Option<char>, behind: Option<char>) -> bool {
    match letter {
        '\u{200C}' | '\u{200D}' => !joins(before, letter, behind),
        '\u{FE0E}' | '\u{FE0F}' => before.is_none_or(|before| before.is_alphabetic()),
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => true,
        _ => steers(letter) || is_invisible(letter),
    }
}

fn mark(letter: char, times: usize) -> String {
    let code = u32::from(letter);
    match times {
        1 => format!("[U+{code:04X}]"),
        _ => format!("[{times} × U+{code:04X}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::{address_cut, body, end_cut, left_cut, line, sender, subject, title};
    use crate::mail::Address;
    use std::cell::Cell;

    #[test]
    fn what_steers_text_or_is_not_seen_stands_as_a_mark() {
        for (text, shown) in [
            ("Invoice_\u{202E}fdp.exe", "Invoice_[U+202E]fdp.exe"),
            ("pay\u{200B}pal", "pay[U+200B]pal"),
            (&"\u{200B}".repeat(5000), "[5000 × U+200B]"),
            ("a\u{0}b", "a[U+0000]b"),
            ("  two \t\u{A0}\u{2003} words \n", "two words"),
            ("all \u{E184} clean", "all [U+E184] clean"),
            ("👩\u{200D}💻", "👩\u{200D}💻"),
            ("❤\u{FE0F}", "❤\u{FE0F}"),
            ("pass\u{200D}word", "pass[U+200D]word"),
            ("👩 \u{200D}💻", "👩 [U+200D]💻"),
        ] {
            assert_eq!(line(text, 200), shown, "{text:?}");
        }
    }

    #[test]
    fn floods_end_and_long_words_are_cut_before_layout() {
        let flood = format!("a{}b", "\u{301}".repeat(10_000));
        assert_eq!(line(&flood, 200).chars().count(), 5);
        let word = "w".repeat(10_000);
        let shown = line(&word, 200);
        assert_eq!(shown.chars().count(), 201);
        assert!(shown.ends_with('…'));
        assert!(line(&"🦀".repeat(10_000), 50).chars().count() <= 51);
        assert_eq!(subject(" \u{A0} ", 50), "(no subject)");
    }

    #[test]
    fn lines_of_a_text_stay_lines() {
        assert_eq!(body("one\n\n  two\n", 100), "one\n\n two");
        assert_eq!(body("one two three", 5), "one t…");
    }

    #[test]
    fn an_address_is_cut_in_its_local_part_and_never_in_its_domain() {
        let most = |letters: usize| move |text: &str| text.chars().count() <= letters;
        let address = "service@examp1e-bank.example";
        assert_eq!(address_cut(address, most(40)), address);
        assert_eq!(address_cut(address, most(24)), "se…@examp1e-bank.example");
        assert_eq!(address_cut(address, most(22)), "…@examp1e-bank.example");
        assert_eq!(address_cut(address, most(12)), "…ank.example");
        assert_eq!(address_cut("", most(0)), "");
        assert_eq!(end_cut("a sentence", most(5)), "a se…");
    }

    #[test]
    fn what_is_read_from_the_right_is_cut_at_its_left() {
        let most = |letters: usize| move |text: &str| text.chars().count() <= letters;
        let shown = line("חשבון מספר אחד לתשלום", 100);
        assert_eq!(shown, "לתשלום אחד מספר חשבון");
        assert_eq!(left_cut(&shown, most(13)), Some("… מספר חשבון".to_owned()));
        assert_eq!(left_cut(&shown, most(8)), Some("… חשבון".to_owned()));
        assert_eq!(left_cut(&shown, most(4)), Some("…חשב".to_owned()));
        assert_eq!(left_cut("Re: חשבון", most(4)), None);
        assert_eq!(left_cut("a bill", most(4)), None);
        assert_eq!(
            title(&"חשבון מספר ".repeat(5), 100).lines().count(),
            2,
            "the first words stand on the first line"
        );
    }

    #[test]
    fn a_line_of_many_words_is_cut_with_few_trials() {
        let shown = line(&"א ".repeat(500), 400);
        let tried = Cell::new(0);
        let most = |letters: usize| {
            let tried = &tried;
            move |text: &str| {
                tried.set(tried.get() + 1);
                text.chars().count() <= letters
            }
        };
        for letters in [1, 20, 200] {
            tried.set(0);
            let cut = left_cut(&shown, most(letters)).unwrap();
            assert!(cut.chars().count() <= letters, "{cut}");
            assert!(tried.get() <= 12, "{letters}: {}", tried.get());
        }
    }

    #[test]
    fn senders_that_mix_alphabets_are_odd() {
        let honest = sender(&Address::new("Pat Doe", "pat@example.com"));
        assert!(!honest.is_odd);
        let odd = sender(&Address::new("Pаyments", "pat@example.com"));
        assert!(odd.is_odd);
        let odd = sender(&Address::new("Pat", "pat@pаypal.example"));
        assert!(odd.is_odd && odd.address.contains("xn--"), "{odd:?}");
    }
}
