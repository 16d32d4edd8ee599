//! Sentences about rules, and what they are made of.

/// The groups of the list of rules, and what stands above each: signs of a kind of mail, and what
/// speaks for a message.
pub const RULE_GROUPS: &[(Option<&str>, &str)] = &[
    (Some("phishing"), "Signs of phishing:"),
    (Some("spam"), "Signs of spam:"),
    (None, "What speaks for a message:"),
];

/// A line of the list of rules.
pub fn rule(id: &str, weight: f64, says: &str) -> String {
    format!("{id:<36} {weight:>+5.1}  {says}")
}

/// The line below it.
pub fn rule_why(why: &str) -> String {
    format!("    {why}")
}

/// Above the phrases, below the rules.
pub fn phrases_heading() -> &'static str {
    "Phrases that a rule can ask for (`phrases = [\"…\"]`):"
}

/// A set of phrases, in a list of them.
pub fn phrases(id: &str, about: &str, languages: usize) -> String {
    format!("{id:<36} {about} ({languages} languages)")
}

/// Above the checks, below the phrases.
pub fn checks_heading() -> &'static str {
    "Checks that a rule can ask for (`check = \"…\"`):"
}

/// A check, in a list of them.
pub fn check(name: &str, about: &str) -> String {
    format!("{name:<36} {about}")
}
