//! `rules`: the rules in force, the user's own included, and the phrases and checks they are made
//! of.

use super::Exit;
use super::output::Output;
use crate::job::judge::Judge;
use crate::settings::Places;
use crate::text;
use crate::verdict::Level;
use std::collections::BTreeSet;

/// Prints them, each with its reason; stops where nobody reads on.
pub(super) fn run(places: &Places) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let mut warnings = Vec::new();
    let judge = Judge::new(&[], &[], places, Level::default(), &mut warnings)?;
    for warning in &warnings {
        output.error(warning);
    }
    let all = judge.ruleset().rules();
    let rules = text::RULE_GROUPS.iter().flat_map(|(group, title)| {
        let own = all.iter().filter(move |rule| {
            let of = (rule.weight > 0.0).then_some(rule.category.word());
            *group == of
        });
        let lines = own.flat_map(|rule| {
            let line = text::rule(&rule.id, rule.weight, &rule.says);
            [line, text::rule_why(&rule.why)]
        });
        [(*title).to_owned()]
            .into_iter()
            .chain(lines)
            .chain([String::new()])
    });
    let phrases = judge.ruleset().wordings().map(|wording| {
        let languages = wording.said.iter().map(|(language, _)| language.as_str());
        let languages: BTreeSet<_> = languages.collect();
        text::phrases(&wording.id, &wording.about, languages.len())
    });
    let checks = judge.checks().map(|(name, about)| text::check(name, about));
    let heading = |text: &str| [String::new(), text.to_owned()];
    let _ = rules
        .chain([text::phrases_heading().to_owned()])
        .chain(phrases)
        .chain(heading(text::checks_heading()))
        .chain(checks)
        .all(|line| output.line(&line));
    Ok(if warnings.is_empty() {
        Exit::Done
    } else {
        Exit::Reported
    })
}
