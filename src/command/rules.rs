//! `rules`: the rules in force, the user's own included.

use super::Exit;
use super::output::Output;
use crate::job::judge::Judge;
use crate::settings::Places;
use crate::text;
use crate::verdict::Level;

/// Prints them, a line each.
pub(super) fn run(places: &Places) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let mut warnings = Vec::new();
    let judge = Judge::new(&[], &[], places, Level::default(), &mut warnings)?;
    for warning in &warnings {
        output.error(warning);
    }
    for rule in judge.ruleset().rules() {
        let line = text::rule(&rule.id, rule.category.word(), rule.weight, &rule.says);
        if !output.line(&line) {
            break;
        }
    }
    Ok(if warnings.is_empty() {
        Exit::Done
    } else {
        Exit::Reported
    })
}
