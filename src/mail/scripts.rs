//! Words whose letters are of several alphabets, such as Latin and Cyrillic: honest names have
//! none, and those that imitate others often do (Unicode TS 39).

use super::punycode::decoded;
use unicode_security::MixedScript;

/// Whether a word of a name, or a label of a domain, mixes alphabets. Domains may come as A-labels.
pub fn mixes_scripts(text: &str) -> bool {
    let mixes = |text: &str| {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        words
            .into_iter()
            .any(|word| !word.is_ascii() && !word.is_single_script())
    };
    match text.contains("xn--") {
        true => mixes(&decoded(text)),
        false => mixes(text),
    }
}

#[cfg(test)]
mod tests {
    use super::mixes_scripts;

    #[test]
    fn words_of_two_alphabets_are_told_from_names_of_two_words() {
        for (text, mixed) in [
            ("Pat Doe", false),
            ("Jürgen Müller", false),
            ("Анна Ivanova", false),
            ("Pаypal", true), // the second letter is Cyrillic
            ("東京スーパー", false),
            ("xn--mnchen-3ya.example", false),
            ("xn--pypal-4ve.example", true),
        ] {
            assert_eq!(mixes_scripts(text), mixed, "{text}");
        }
    }
}
