//! Text cut into words, and words into numbers. It knows nothing of mail.

/// Letters of a word that count: what is longer is no word, and begins alike.
const LETTERS: usize = 30;

/// The words of folded text, at most so many. Scripts that set no space between words (Chinese,
/// Japanese, Thai …) give single letters: in pairs they are what words are elsewhere.
pub(super) fn words(text: &str, most: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begin = None;
    for (at, letter) in text.char_indices() {
        let alone = has_no_spaces(letter);
        if let Some(start) = begin
            && (alone || !is_of_word(letter))
        {
            words.extend(text.get(start..at).map(cut));
            begin = None;
        }
        if alone {
            words.extend(text.get(at..at + letter.len_utf8()));
        } else if begin.is_none() && is_of_word(letter) {
            begin = Some(at);
        }
        if words.len() >= most {
            words.truncate(most);
            return words;
        }
    }
    words.extend(begin.and_then(|start| text.get(start..)).map(cut));
    words
}

fn cut(word: &str) -> &str {
    match word.char_indices().nth(LETTERS) {
        Some((end, _)) => word.get(..end).unwrap_or(word),
        None => word,
    }
}

/// Money, shouting and addresses are part of words: `$100`, `free!`, `me@example.com`.
fn is_of_word(letter: char) -> bool {
    match letter {
        'a'..='z' | '0'..='9' | '\'' | '-' | '$' | '%' | '!' | '@' => true,
        _ if letter.is_ascii() => letter.is_ascii_alphanumeric(),
        '€' | '£' => true,
        _ => letter.is_alphanumeric(),
    }
}

fn has_no_spaces(letter: char) -> bool {
    matches!(letter, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{2FFF}' | '\u{3005}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The shape of a name, a number or a date: `a` for letters, `A` for capitals, `9` for digits,
/// `u` for letters that are not ASCII, marks as they are; `+` where one goes on for 3, 6 and 13.
pub(super) fn shape(text: &str) -> String {
    let (mut shape, mut last, mut run) = (String::new(), None, 0);
    for letter in text.chars().take(120) {
        let kind = match letter {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            'a'..='z' => 'a',
            _ if letter.is_alphabetic() => 'u',
            _ => letter,
        };
        if last == Some(kind) {
            run += 1;
            if matches!(run, 2 | 5 | 12) {
                shape.push('+');
            }
        } else {
            shape.push(kind);
            (last, run) = (Some(kind), 0);
        }
    }
    shape
}

/// A number for some bytes, the same on every machine and in every version (FNV-1a, and then
/// mixed, since its upper bits alone are used).
pub(super) fn hash(bytes: &[u8], seed: u64) -> u64 {
    let mut hash = seed ^ 0xCBF2_9CE4_8422_2325;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    }
    mix(hash, hash >> 32)
}

/// One number of two, of which the order counts.
pub(super) fn mix(one: u64, other: u64) -> u64 {
    let mixed = (one.rotate_left(23) ^ other).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_into_words() {
        for (text, cut) in [
            ("", ""),
            ("free! win $100, now", "free!|win|$100|now"),
            ("it's a.b@example.com", "it's|a|b@example|com"),
            ("größe на русском", "größe|на|русском"),
            ("请点击 here 这里", "请|点|击|here|这|里"),
            ("<>()…", ""),
        ] {
            assert_eq!(words(text, 100).join("|"), cut, "{text}");
        }
        assert_eq!(words("a b c d", 2), ["a", "b"]);
        assert_eq!(words(&"x".repeat(500), 9)[0].len(), LETTERS);
        assert_eq!(words(&"ü".repeat(500), 9)[0].len(), 2 * LETTERS);
    }

    #[test]
    fn a_shape_forgets_what_changes_from_mail_to_mail() {
        assert_eq!(shape("20260222.AB12@x"), "9++.A9@a");
        assert_eq!(shape("19991231.ZZ77@y"), shape("20260222.AB12@x"));
        assert_ne!(shape("a-b"), shape("ab"));
        assert!(shape(&"x".repeat(100_000)).len() < 10);
    }

    #[test]
    fn numbers_are_the_same_everywhere() {
        assert_eq!(hash(b"postsweep", 1), hash(b"postsweep", 1));
        assert_ne!(hash(b"postsweep", 1), hash(b"postsweep", 2));
        assert_ne!(mix(1, 2), mix(2, 1));
        // A model on disk is of no use where these change: raise its version then.
        assert_eq!(hash(b"postsweep", 1), 0x3D7B_CAA0_46AE_2568);
        assert_eq!(mix(1, 2), 0x192E_98B1_C060_3DA2);
    }
}
