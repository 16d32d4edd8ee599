//! Every rule as a person reads it: what it looks at, why that matters, what it weighs, how often
//! it fired here, and whether it is switched off. It judges nothing.

use super::desk::JobError;
use super::known::known;
use super::plan::own_files;
use crate::rules::{self, Looks, Ruleset, Source};
use crate::settings::{Places, Setting, Settings, SettingsError, set_all};
use crate::verdict::Category;
use std::collections::BTreeMap;

/// A rule, in a list of them.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleLine {
    /// Its id.
    pub id: String,
    /// The kind of mail it speaks of.
    pub category: Category,
    /// What it adds to the score; 0 or less: it speaks for a message.
    pub weight: f64,
    /// Its sentence, in which "…" stands for what it finds.
    pub says: String,
    /// Why it speaks against a message.
    pub why: String,
    /// What it looks at, and what keeps it from firing.
    pub looks_at: Looks,
    /// Whether it is of the user's own.
    pub own: bool,
    /// Whether it judges.
    pub on: bool,
    /// The messages known here that it fired on.
    pub fired: u64,
}

/// Every rule, and what was wrong in the user's own files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleList {
    /// The rules, in order of id.
    pub rules: Vec<RuleLine>,
    /// Files that were left out, and why.
    pub warnings: Vec<String>,
}

/// Every rule, those that are switched off too.
pub fn rule_list(settings: &Settings, places: &Places) -> Result<RuleList, JobError> {
    let fired = match known(places)? {
        Some(known) => known.store.fired()?,
        None => BTreeMap::new(),
    };
    let mut warnings = Vec::new();
    let own = own_files(&places.config_dir.join("rules"), &mut warnings);
    let own = own.into_iter().map(|(name, text)| Source::own(name, text));
    let sources: Vec<Source> = rules::shipped().into_iter().chain(own).collect();
    let (ruleset, refused) = Ruleset::load(&sources);
    warnings.extend(refused.iter().map(ToString::to_string));
    let line = |rule: &rules::Rule| RuleLine {
        id: rule.id.clone(),
        category: rule.category,
        weight: rule.weight,
        says: without_names(&rule.says),
        why: rule.why.clone(),
        looks_at: ruleset.looks(rule),
        own: rule.own,
        on: !settings.rules_off.contains(&rule.id),
        fired: fired.get(&rule.id).copied().unwrap_or_default(),
    };
    Ok(RuleList {
        rules: ruleset.rules().iter().map(line).collect(),
        warnings,
    })
}

/// Switches a rule on or off. Messages are judged again at the next sweep.
pub fn switch_rule(places: &Places, id: &str, on: bool) -> Result<Settings, SettingsError> {
    set_all(&places.config_file, &[Setting::Rule(id.to_owned(), on)])
}

/// A rule's sentence before it found anything: "…" in place of each `{name}`, unless all that
/// stands there is what it finds.
fn without_names(says: &str) -> String {
    let mut text = String::new();
    let mut rest = says;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after.split_once('}') {
            Some((_, after)) => {
                text.push('…');
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    for (beside, alone) in [(" (…)", ""), (" (“…”)", ""), ("… …", "…")] {
        text = text.replace(beside, alone);
    }
    // What a sentence only ends in, "…: …", tells nothing before it found anything.
    let is_found = |end: &str| end.chars().all(|c| "…“”.".contains(c));
    match text.rsplit_once(": ") {
        Some((says, end)) if is_found(end) => says.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::judge::Judge;
    use crate::rules::Look;
    use crate::settings::Account;
    use crate::verdict::Level;

    fn places() -> (tempfile::TempDir, Places) {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::within(dir.path());
        (dir, places)
    }

    fn account(places: &Places) -> Account {
        let text = "[[account]]\nname = 'pat'\nsource = 'files'\npath = 'mail'\n";
        let settings = Settings::parse(&places.config_file, text).unwrap();
        settings.accounts.into_iter().next().unwrap()
    }

    #[test]
    fn a_sentence_shows_where_its_findings_go() {
        let says = "A link shows {shown} but leads to {target}";
        assert_eq!(without_names(says), "A link shows … but leads to …");
        assert_eq!(
            without_names("Presses for haste: {words}"),
            "Presses for haste"
        );
        for (says, shown) in [
            ("Hides what it is: “.{end}”", "Hides what it is"),
            (
                "Presses ({words}), but {who} is a stranger",
                "Presses, but … is a stranger",
            ),
            (
                "Is locked, and tells how (“{words}”)",
                "Is locked, and tells how",
            ),
            (
                "The domain {name} {how}: it is not {brand}'s",
                "The domain …: it is not …'s",
            ),
            ("100 {% sure", "100 {% sure"),
        ] {
            assert_eq!(without_names(says), shown);
        }
    }

    #[test]
    fn every_rule_says_what_it_looks_at_and_why() {
        let (_dir, places) = places();
        let settings = Settings::parse(&places.config_file, "").unwrap();
        let list = rule_list(&settings, &places).unwrap();
        assert!(list.rules.len() > 30 && list.warnings.is_empty());
        for rule in &list.rules {
            let whole =
                !rule.looks_at.there.is_empty() && !rule.why.is_empty() && rule.on && !rule.own;
            assert!(whole, "{rule:?}");
        }
    }

    #[test]
    fn what_a_person_reads_of_rules_has_no_words_of_rule_files() {
        let (_dir, places) = places();
        let settings = Settings::parse(&places.config_file, "").unwrap();
        let list = rule_list(&settings, &places).unwrap();
        for rule in &list.rules {
            let about = |look: &Look| match look {
                Look::Check(_, about) | Look::Phrases(about, _) => about.clone(),
                Look::Patterns(_) => String::new(),
            };
            let looks = rule.looks_at.there.iter().chain(&rule.looks_at.absent);
            let texts = [rule.says.clone(), rule.why.clone()];
            for text in looks.map(about).chain(texts) {
                let is_plain = !text.contains(['`', '{', '}']) && !text.contains("for use ");
                assert!(is_plain, "{}: {text}", rule.id);
            }
        }
    }

    #[test]
    fn what_keeps_a_rule_from_firing_is_told_apart() {
        let (_dir, places) = places();
        std::fs::create_dir_all(places.config_dir.join("rules")).unwrap();
        let text = "[[rule]]\nid = 'mine'\ncategory = 'spam'\nweight = 1.0\nsays = 'Says so'\n\
                    why = 'It does.'\nwhen = { all = [ { subject = ['offer'] }, { none = [\n\
                    { check = 'is-reply' } ] } ] }\n";
        std::fs::write(places.config_dir.join("rules/mine.toml"), text).unwrap();
        let settings = Settings::parse(&places.config_file, "").unwrap();
        let list = rule_list(&settings, &places).unwrap();
        assert_eq!(list.warnings, Vec::<String>::new());
        let mine = list.rules.iter().find(|rule| rule.id == "mine").unwrap();
        assert!(matches!(&mine.looks_at.there[..], [Look::Patterns(field)] if field == "subject"));
        assert!(matches!(&mine.looks_at.absent[..], [Look::Check(name, _)] if name == "is-reply"));
    }

    #[test]
    fn a_rule_that_is_switched_off_does_not_judge_and_messages_are_judged_again() {
        let (_dir, places) = places();
        let account = account(&places);
        let judge = |off: &[String]| {
            let mut warnings = Vec::new();
            let judge = Judge::new(&[], &[], &places, Level::Low, &mut warnings).unwrap();
            (judge.without(off, &mut warnings).unwrap(), warnings)
        };
        let (all, _) = judge(&[]);
        let id = all.ruleset().rules().first().unwrap().id.clone();
        let settings = switch_rule(&places, &id, false).unwrap();
        let (fewer, warnings) = judge(&settings.rules_off);
        assert!(warnings.is_empty());
        assert!(!fewer.ruleset().rules().iter().any(|rule| rule.id == id));
        assert_ne!(all.fingerprint(&account), fewer.fingerprint(&account));
        let list = rule_list(&settings, &places).unwrap();
        let off: Vec<_> = list.rules.iter().filter(|rule| !rule.on).collect();
        assert_eq!(off.iter().map(|rule| &rule.id).collect::<Vec<_>>(), [&id]);
        let settings = switch_rule(&places, &id, true).unwrap();
        let (again, _) = judge(&settings.rules_off);
        assert_eq!(all.fingerprint(&account), again.fingerprint(&account));
    }

    #[test]
    fn a_misspelt_rule_is_told_and_all_rules_cannot_be_off() {
        let (_dir, places) = places();
        let mut warnings = Vec::new();
        let judge = Judge::new(&[], &[], &places, Level::Low, &mut warnings).unwrap();
        let ids: Vec<String> = judge
            .ruleset()
            .rules()
            .iter()
            .map(|rule| rule.id.clone())
            .collect();
        let judge = judge
            .without(&["gift-crad".to_owned()], &mut warnings)
            .unwrap();
        assert!(warnings.concat().contains("gift-crad"), "{warnings:?}");
        assert!(judge.without(&ids, &mut warnings).is_err());
    }
}
