//! An explanation that a person reads: a few findings, strongest first, without saying one thing
//! twice, and what speaks for the message. It weighs nothing.

use super::{Finding, Verdict};

/// Sentences in all.
const SENTENCES: usize = 5;
/// Of them, at most so many speak for the message.
const IN_FAVOUR: usize = 2;

/// Why a message was judged as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'v> {
    /// What speaks against it, strongest first.
    pub against: Vec<&'v Finding>,
    /// What speaks for it, strongest first.
    pub in_favour: Vec<&'v Finding>,
    /// Findings against it that are not among them.
    pub more: usize,
    /// What those add to the score.
    pub more_weight: f64,
}

impl Verdict {
    /// The explanation: at most five sentences.
    pub fn explain(&self) -> Explanation<'_> {
        let (against, mut for_it): (Vec<_>, Vec<_>) = self
            .findings
            .iter()
            .partition(|finding| finding.weight > 0.0);
        for_it.sort_by(|a, b| a.weight.total_cmp(&b.weight));
        for_it.truncate(IN_FAVOUR);
        let room = SENTENCES - for_it.len();
        let mut shown: Vec<&Finding> = Vec::new();
        let (mut more, mut more_weight) = (0, 0.0);
        for finding in against {
            if shown.len() < room && !shown.iter().any(|stronger| covers(stronger, finding)) {
                shown.push(finding);
            } else {
                more += 1;
                more_weight += finding.weight;
            }
        }
        Explanation {
            against: shown,
            in_favour: for_it,
            more,
            more_weight,
        }
    }
}

/// Whether the stronger finding shows all that the weaker one would: the same evidence.
fn covers(stronger: &Finding, weaker: &Finding) -> bool {
    let mut values = weaker.evidence.0.iter();
    !weaker.evidence.0.is_empty() && values.all(|value| stronger.evidence.0.contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Category, Evidence, Level};

    fn finding(rule: &str, weight: f64, words: &str) -> Finding {
        Finding {
            rule: rule.into(),
            category: Category::Spam,
            weight,
            says: format!("{rule}: {words}"),
            evidence: Evidence::none().with("words", words),
        }
    }

    #[test]
    fn it_has_five_sentences_and_says_nothing_twice() {
        let mut findings: Vec<_> = (1..=6)
            .map(|n| finding(&format!("rule-{n}"), f64::from(n) / 2.0, &n.to_string()))
            .collect();
        findings.push(finding("same-words", 2.9, "6"));
        findings.push(finding("speaks-for-it", 0.0, "list"));
        findings.push(finding("speaks-more", -1.0, "thread"));
        let verdict = Verdict::weigh(findings, vec![], Level::Low);
        let explanation = verdict.explain();
        let ids = |findings: &[&Finding]| -> Vec<String> {
            findings.iter().map(|one| one.rule.clone()).collect()
        };
        assert_eq!(ids(&explanation.against), ["rule-6", "rule-5", "rule-4"]);
        assert_eq!(
            ids(&explanation.in_favour),
            ["speaks-more", "speaks-for-it"]
        );
        assert_eq!(
            (explanation.more, explanation.more_weight),
            (4, 2.9 + 1.5 + 1.0 + 0.5)
        );
    }

    #[test]
    fn of_a_message_of_which_nothing_was_found_nothing_is_said() {
        let verdict = Verdict::weigh(vec![], vec![], Level::Low);
        let explanation = verdict.explain();
        assert!(explanation.against.is_empty() && explanation.in_favour.is_empty());
        assert_eq!((explanation.more, explanation.more_weight), (0, 0.0));
    }
}
