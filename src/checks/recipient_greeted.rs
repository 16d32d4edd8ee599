//! A greeting that knows no more of the reader than the address.

use super::known::recipients;
use super::{Check, Concern, Given};
use crate::mail::{Message, text::fold};
use crate::verdict::Evidence;

/// `recipient-greeted-by-address`
pub const RECIPIENT_GREETED_BY_ADDRESS: Check = Check {
    name: "recipient-greeted-by-address",
    about: "The text begins with a greeting to the recipient's address, or to the part of it before \
            the @ where that is no name (\"Dear pat.doe@example.com\", \"Hello pat.doe88\").",
    concern: Concern::Text,
    run,
};

/// Greetings stand at the beginning; what is quoted further down is nobody's greeting.
const BEGINNING: usize = 600;

/// Words that greet, as folded text has them.
const GREETINGS: &[&str] = &[
    "dear",
    "hello",
    "hi",
    "hey",
    "greetings",
    "attn",
    "attention",
    "good day",
    "welcome",
    "hallo",
    "guten tag",
    "liebe",
    "lieber",
    "sehr geehrte",
    "sehr geehrter",
    "sehr geehrter kunde",
    "bonjour",
    "cher",
    "chère",
    "hola",
    "estimado",
    "estimada",
    "estimado/a",
    "buenos días",
    "ciao",
    "gentile",
    "gentile cliente",
    "egregio",
    "prezado",
    "prezada",
    "olá",
    "caro",
    "cara",
    "beste",
    "geachte",
    "witaj",
    "drogi",
    "szanowny",
    "szanowna",
    "cześć",
    "kære",
    "hej",
    "bästa",
    "здравствуйте",
    "уважаемый",
    "уважаемая",
    "привет",
    "merhaba",
    "sayın",
    "dobrý den",
    "vážený",
    "dear user",
    "dear customer",
    "dear client",
    "dear member",
    "尊敬的",
    "亲爱的",
    "您好",
];

fn run(message: &Message, given: &Given) -> Option<Evidence> {
    let end = message.text.floor_char_boundary(BEGINNING);
    let text = fold(message.text.get(..end).unwrap_or_default());
    recipients(message, given).into_iter().find_map(|address| {
        let (local, _) = address.split_once('@')?;
        // A local part that is a name is what a friend would write, too.
        let telling = local.len() >= 5 && local.contains(|c: char| !c.is_alphabetic());
        let greeted = greets(&text, &address) || telling && greets(&text, local);
        (address.len() > 5 && greeted).then(|| Evidence::none().with("address", &address))
    })
}

/// Whether `whom` stands right behind a word that greets.
fn greets(text: &str, whom: &str) -> bool {
    text.match_indices(whom).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
        let after = text
            .get(at + whom.len()..)
            .and_then(|rest| rest.chars().next());
        let whole = after.is_none_or(|c| !c.is_alphanumeric() && c != '@');
        whole
            && GREETINGS.iter().any(|greeting| {
                before.strip_suffix(greeting).is_some_and(|rest| {
                    rest.chars()
                        .next_back()
                        .is_none_or(|c| !c.is_alphanumeric())
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::greets;

    #[test]
    fn greetings_are_told_from_mentions() {
        for text in [
            "dear pat.doe@example.com, your",
            "mail notice hello, pat.doe@example.com!",
            "尊敬的 pat.doe@example.com",
        ] {
            assert!(greets(text, "pat.doe@example.com"), "{text}");
        }
        for text in [
            "this was sent to pat.doe@example.com",
            "pat.doe@example.com",
            "dear pat, your address pat.doe@example.com",
            "dear pat.doe@example.community",
            "",
        ] {
            assert!(!greets(text, "pat.doe@example.com"), "{text}");
        }
    }
}
