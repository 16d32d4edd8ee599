//! What is said of a message: findings, each with its evidence, and what they add up to.
//! Plain data; it knows nothing of how a message was read or judged.

mod explanation;
mod purpose;

pub use explanation::Explanation;
pub use purpose::Purpose;

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of missed mail a rule speaks of. Each goes to its own address at the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Unwanted bulk mail and frauds that ask for money.
    Spam,
    /// Mail that pretends to come from somebody else to get a secret, a click or a payment.
    Phishing,
}

impl Category {
    /// Both, in the order in which they are shown.
    pub const ALL: [Category; 2] = [Category::Spam, Category::Phishing];

    /// The word used in files, on the command line and in `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Category::Spam => "spam",
            Category::Phishing => "phishing",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Named values that show why a check fired, in the order the check gave them:
/// `shown = "paypal.com"`, `target = "evil.example"`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence(pub Vec<(String, String)>);

impl Evidence {
    /// No value: the fact itself says it all.
    pub fn none() -> Self {
        Evidence::default()
    }

    /// Adds a named value. Values come from the mail: they are cut to 200 characters, and
    /// control and direction-changing characters are shown as `\u{…}`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.push((name.to_owned(), tame(value.as_ref())));
        self
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// `sentence` with each `{name}` replaced by its value; a name that is not here stays.
    pub fn fill(&self, sentence: &str) -> String {
        let mut filled = String::with_capacity(sentence.len() + 40);
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            match after
                .split_once('}')
                .map(|(name, tail)| (self.get(name), tail))
            {
                Some((Some(value), tail)) => {
                    filled.push_str(value);
                    rest = tail;
                }
                _ => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

/// Text from a mail, made safe to show on one line of a terminal or window: at most 200
/// characters, white space folded, control and direction-changing characters escaped.
pub fn tame(value: &str) -> String {
    const MOST: usize = 200;
    let mut tamed = String::with_capacity(value.len().min(MOST));
    let mut count = 0;
    let mut space = false;
    let mut before = None;
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            space = !tamed.is_empty();
            before = Some(c);
            continue;
        }
        if count >= MOST {
            tamed.push('…');
            break;
        }
        if std::mem::take(&mut space) {
            tamed.push(' ');
            count += 1;
        }
        if steers(c) && !joins(before, c, chars.peek().copied()) {
            tamed.extend(c.escape_unicode());
        } else {
            tamed.push(c);
        }
        before = Some(c);
        count += 1;
    }
    tamed
}

/// Controls, and characters that change the direction of text or are not seen at all: they can
/// make a line read as something it is not (Unicode UAX 9).
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a character is a joiner where honest text has one: between letters of scripts that need
/// them (Arabic, those of India, Burmese, Khmer), and between pictures.
pub fn joins(before: Option<char>, c: char, behind: Option<char>) -> bool {
    let needs_one = |letter: Option<char>| {
        letter.is_some_and(|letter| {
            let code = u32::from(letter);
            matches!(code, 0x0600..=0x0DFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2600..=0x27BF
                | 0xFE0F | 0x1F000..=0x1FAFF)
        })
    };
    matches!(c, '\u{200C}' | '\u{200D}') && needs_one(before) && needs_one(behind)
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The kind of mail that the rule speaks of.
    pub category: Category,
    /// What it adds to the score; what adds nothing, or less than nothing, speaks for the message.
    pub weight: f64,
    /// The sentence for a person, with the evidence filled in.
    pub says: String,
    /// The evidence itself.
    #[serde(default)]
    pub evidence: Evidence,
}

/// What a message was judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// Nothing, or not enough, speaks against it.
    Clean,
    /// Missed spam.
    Spam,
    /// Missed phishing.
    Phishing,
}

impl Judgement {
    /// The category of a hit; `None` for a clean message.
    pub fn category(self) -> Option<Category> {
        match self {
            Judgement::Clean => None,
            Judgement::Spam => Some(Category::Spam),
            Judgement::Phishing => Some(Category::Phishing),
        }
    }

    /// The word used on the command line and in `--json`.
    pub fn word(self) -> &'static str {
        self.category().map_or("clean", Category::word)
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How much must speak against a message before it is a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Fewest false alarms: the default.
    #[default]
    Low,
    /// A moderate chance of false alarms.
    Medium,
    /// Finds most, with most false alarms.
    High,
}

impl Level {
    /// The score from which a message is a hit at this level.
    pub fn threshold(self) -> f64 {
        match self {
            Level::Low => 7.0,
            Level::Medium => 5.0,
            Level::High => 3.0,
        }
    }

    /// The word used in settings and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
        }
    }
}

/// One of the two that judge, asked alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// The rules: nothing that was learnt counts.
    Rules,
    /// The learner: the score is its log-odds, not capped.
    Learner,
}

/// The constant where none was measured: even odds at level low.
pub const CONSTANT: f64 = -5.0;

/// How likely a score is to be that of spam or phishing, from 0 to 1: the logistic function of the
/// score and a constant, in thousandths of a thousandth.
pub fn probability(score: f64, constant: f64) -> f64 {
    let exact = 1.0 / (1.0 + (-(score + constant)).exp());
    (exact * 1e6).round() / 1e6
}

/// What is said of one message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Clean, spam or phishing, at the level it was judged at.
    #[serde(rename = "verdict")]
    pub judgement: Judgement,
    /// The sum of the findings' weights; comparable over messages whatever the level.
    pub score: f64,
    /// How likely it is, from 0 to 1, that the message is spam or phishing, where as much of the
    /// mail is as where the weights were measured: the score is log-odds but for a constant.
    #[serde(default)]
    pub probability: f64,
    /// The score from which it would be a hit.
    pub threshold: f64,
    /// What fired, strongest first.
    pub findings: Vec<Finding>,
    /// What a reader should know beside the findings: that only a part was judged, that an
    /// approved sender decided.
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Verdict {
    /// Adds findings up. A hit is phishing when its phishing findings weigh at least as much as
    /// its spam findings: the graver word wins a tie.
    pub fn weigh(mut findings: Vec<Finding>, notes: Vec<String>, level: Level) -> Self {
        findings.sort_by(|a, b| {
            b.weight
                .total_cmp(&a.weight)
                .then_with(|| a.rule.cmp(&b.rule))
        });
        let sum: f64 = findings.iter().map(|finding| finding.weight).sum();
        // Weights are decimal fractions, which binary ones only come near: a sum that is 5 on
        // paper must reach 5. Adding zero turns the -0.0 of an empty sum into 0.0.
        let score = (sum * 1000.0).round() / 1000.0 + 0.0;
        let mut verdict = Verdict {
            judgement: Judgement::Clean,
            score,
            probability: 0.0,
            threshold: 0.0,
            findings,
            notes,
        };
        verdict.turn(level);
        verdict.state(CONSTANT)
    }

    /// The same, with the probability that this constant makes of its score.
    #[must_use]
    pub fn state(mut self, constant: f64) -> Self {
        self.probability = probability(self.score, constant);
        self
    }

    /// The same findings at another level.
    pub fn turn(&mut self, level: Level) {
        let weight_of = |category| -> f64 {
            let of = |finding: &&Finding| finding.category == category && finding.weight > 0.0;
            self.findings
                .iter()
                .filter(of)
                .map(|finding| finding.weight)
                .sum()
        };
        self.threshold = level.threshold();
        self.judgement = if self.score < self.threshold {
            Judgement::Clean
        } else if weight_of(Category::Phishing) >= weight_of(Category::Spam) {
            Judgement::Phishing
        } else {
            Judgement::Spam
        };
    }

    /// Leaves out what speaks for a message against which nothing speaks: of all mail that is
    /// kept on record most is such, and nobody asks.
    pub fn shorten(&mut self) {
        if !self.findings.iter().any(|finding| finding.weight > 0.0) {
            self.findings.retain(|finding| finding.weight < 0.0);
        }
    }

    /// The strongest reason, for one line.
    pub fn reason(&self) -> &str {
        let strongest = self.findings.first();
        strongest
            .filter(|finding| finding.weight > 0.0)
            .map_or("", |finding| finding.says.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(category: Category, weight: f64) -> Finding {
        Finding {
            rule: "r".into(),
            category,
            weight,
            says: "s".into(),
            evidence: Evidence::none(),
        }
    }

    #[test]
    fn joiners_stay_where_a_script_or_a_picture_needs_them() {
        for honest in ["می\u{200C}شود", "क्\u{200D}ष", "👩\u{200D}💻"] {
            assert_eq!(super::tame(honest), honest);
        }
        assert_eq!(super::tame("pass\u{200D}word"), "pass\\u{200d}word");
        assert_eq!(super::tame("\u{200C}می"), "\\u{200c}می");
        assert_eq!(super::tame("می \u{200C}شود"), "می \\u{200c}شود");
    }

    #[test]
    fn the_level_turns_a_verdict_and_not_its_score() {
        let mut verdict = Verdict::weigh(vec![finding(Category::Spam, 5.5)], vec![], Level::Low);
        assert_eq!(verdict.judgement, Judgement::Clean);
        verdict.turn(Level::Medium);
        assert_eq!((verdict.judgement, verdict.score), (Judgement::Spam, 5.5));
    }

    #[test]
    fn the_probability_follows_from_the_score_and_the_constant() {
        let verdict = Verdict::weigh(vec![finding(Category::Spam, 4.0)], vec![], Level::Low);
        assert_eq!(verdict.probability, 0.268941);
        assert_eq!(verdict.state(-4.0).probability, 0.5);
        assert_eq!((probability(1e9, 0.0), probability(-1e9, 0.0)), (1.0, 0.0));
    }

    #[test]
    fn the_heavier_category_names_a_hit_and_phishing_wins_a_tie() {
        let both = |spam, phishing| {
            let findings = vec![
                finding(Category::Spam, spam),
                finding(Category::Phishing, phishing),
            ];
            Verdict::weigh(findings, vec![], Level::Low).judgement
        };
        assert_eq!(both(4.0, 4.0), Judgement::Phishing);
        assert_eq!(both(4.0, 3.0), Judgement::Spam);
        assert_eq!(both(1.0, 1.0), Judgement::Clean);
    }

    #[test]
    fn weights_add_up_as_on_paper() {
        let weights = |weights: &[f64]| {
            let findings = weights
                .iter()
                .map(|weight| finding(Category::Spam, *weight));
            Verdict::weigh(findings.collect(), vec![], Level::Low)
        };
        assert_eq!(weights(&[4.6, 1.2, 1.2]).judgement, Judgement::Spam);
        assert_eq!(weights(&[1.4, 1.2]).score, 2.6);
        assert!(weights(&[]).score.is_sign_positive());
    }

    #[test]
    fn evidence_fills_a_sentence_and_cannot_break_its_line() {
        let evidence = Evidence::none()
            .with("shown", "a\r\n{target}")
            .with("target", "\u{202E}b");
        assert_eq!(
            evidence.fill("Shows {shown}, leads to {target}, {unknown} and {"),
            "Shows a {target}, leads to \\u{202e}b, {unknown} and {"
        );
        assert_eq!(tame(&"x".repeat(500)).chars().count(), 201);
    }
}
