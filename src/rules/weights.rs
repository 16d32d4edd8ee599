//! A weights file: what rules are worth, as `postsweep tune` measured it. It replaces the weight
//! that an expert gave a rule in its file; a rule that it does not name keeps that one. Like a
//! rule file it is refused whole where it has a mistake, with the line and the reason.
//!
//! ```toml
//! [probability]
//! constant = -6.1            # a score and this are log-odds, of which a probability is made
//!
//! [weights]
//! gift-card-request = 2.87
//! ```
//!
//! The file that is compiled in weighs shipped rules only; a user's own weighs their rules too.
//! An id that no rule has is passed over: rules come and go, and are switched off.

use super::Source;
use super::file::{Rule, RuleError, line_of};
use super::value::{Item, MOST_WEIGHT, Wrong, number, table, wrong};
use crate::verdict::CONSTANT;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// What a weights file says.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    file: String,
    shipped: bool,
    constant: f64,
    /// Of each rule that it names the weight, and the line.
    of: BTreeMap<String, (f64, usize)>,
}

/// Reads it; the line breaks of `source` count its lines.
pub(super) fn read(top: &DeTable<'_>, source: &Source) -> Result<Weights, Wrong> {
    let mut weights = Weights {
        file: source.name.clone(),
        shipped: source.shipped,
        constant: CONSTANT,
        of: BTreeMap::new(),
    };
    for (key, value) in top.iter() {
        match key.get_ref().as_ref() {
            "weights" => {
                for (id, value) in table(value)?.iter() {
                    let line = line_of(&source.text, id.span().start);
                    let id = id.get_ref().as_ref().to_owned();
                    weights.of.insert(id, (weight(value)?, line));
                }
            }
            "probability" => {
                for (key, value) in table(value)?.iter() {
                    if key.get_ref() != "constant" {
                        let reason = format!("unknown key `{}`: expected constant", key.get_ref());
                        return wrong(key.span(), reason);
                    }
                    weights.constant = constant(value)?;
                }
            }
            other => {
                let reason = format!(
                    "unknown key `{other}`: a weights file holds [weights] and [probability]"
                );
                return wrong(key.span(), reason);
            }
        }
    }
    Ok(weights)
}

/// Gives rules the weights of the last of these files that is right, and tells of each behind it
/// what is wrong with it. Returns the constant.
pub(super) fn apply(
    all: &[Weights],
    rules: &mut BTreeMap<String, Rule>,
    refused: &mut Vec<RuleError>,
) -> f64 {
    for weights in all.iter().rev() {
        match weights.objection(rules) {
            Some(error) => refused.push(error),
            None => {
                weights.give(rules);
                return weights.constant;
            }
        }
    }
    CONSTANT
}

impl Weights {
    fn weighs(&self, rule: &Rule) -> bool {
        !(self.shipped && rule.own)
    }

    fn objection(&self, rules: &BTreeMap<String, Rule>) -> Option<RuleError> {
        let named = self.of.iter();
        let mut named = named.filter_map(|(id, weight)| Some((rules.get(id)?, weight)));
        let (rule, (_, line)) = named.find(|(rule, (weight, _))| {
            *weight < 0.0 && rule.fact.is_none() && self.weighs(rule)
        })?;
        Some(RuleError {
            file: self.file.clone(),
            line: *line,
            column: 1,
            reason: format!(
                "`{}` weighs less than nothing, but names no `fact` that the sender cannot write",
                rule.id
            ),
        })
    }

    fn give(&self, rules: &mut BTreeMap<String, Rule>) {
        for (id, (weight, _)) in &self.of {
            if let Some(rule) = rules.get_mut(id)
                && self.weighs(rule)
            {
                rule.weight = *weight;
            }
        }
    }
}

fn weight(value: Item) -> Result<f64, Wrong> {
    match number(value) {
        Some(weight) if weight.abs() <= MOST_WEIGHT => Ok(weight),
        _ => wrong(
            value.span(),
            format!("a weight is a number from -{MOST_WEIGHT} to {MOST_WEIGHT}"),
        ),
    }
}

fn constant(value: Item) -> Result<f64, Wrong> {
    /// Beyond it every probability would be 0 or 1.
    const MOST: f64 = 50.0;
    match number(value) {
        Some(constant) if constant.abs() <= MOST => Ok(constant),
        _ => wrong(
            value.span(),
            format!("the constant is a number from -{MOST} to {MOST}"),
        ),
    }
}
