//! Values as rule files write them: each is read as what it must be, or is a mistake with its place
//! and what would be right.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The most that one rule can add or take away.
pub(super) const MOST_WEIGHT: f64 = 10.0;

/// A mistake and where it stands.
pub(super) type Wrong = (Range<usize>, String);
pub(super) type Item<'a, 'i> = &'a Spanned<DeValue<'i>>;

pub(super) fn wrong<T>(at: Range<usize>, reason: impl Into<String>) -> Result<T, Wrong> {
    Err((at, reason.into()))
}

/// A number, whole or not; `None` where it is none, or not finite.
pub(super) fn number(value: Item) -> Option<f64> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => number.as_str().parse().ok(),
        DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

pub(super) fn weight_of(value: Item) -> Result<f64, Wrong> {
    match number(value) {
        Some(weight) if weight.abs() <= MOST_WEIGHT => Ok(weight),
        _ => wrong(
            value.span(),
            format!("a weight is a number from -{MOST_WEIGHT} to {MOST_WEIGHT}"),
        ),
    }
}

pub(super) fn count(value: Item) -> Result<usize, Wrong> {
    let number = value
        .get_ref()
        .as_integer()
        .and_then(|n| n.as_str().parse().ok());
    match number {
        Some(count) if count > 0 => Ok(count),
        _ => wrong(value.span(), "`at-least` is a whole number from 1"),
    }
}

pub(super) fn identifier(value: Item) -> Result<String, Wrong> {
    let id = string(value)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.len() > 60 || !id.chars().all(plain) {
        let reason = format!("`{id}` is no id: small letters, digits and `-`, at most 60");
        return wrong(value.span(), reason);
    }
    Ok(id.to_owned())
}

pub(super) fn string<'a>(value: Item<'a, '_>) -> Result<&'a str, Wrong> {
    match value.get_ref().as_str() {
        Some(text) if !text.trim().is_empty() => Ok(text),
        Some(_) => wrong(value.span(), "this text is empty"),
        None => wrong(value.span(), "expected a text in quotes"),
    }
}

pub(super) fn strings(value: Item) -> Result<Vec<String>, Wrong> {
    let all: Vec<_> = list(value)?
        .iter()
        .map(|one| string(one).map(str::to_owned))
        .collect::<Result<_, _>>()?;
    if all.is_empty() {
        return wrong(value.span(), "this list is empty");
    }
    Ok(all)
}

pub(super) fn list<'a, 'i>(value: Item<'a, 'i>) -> Result<&'a [Spanned<DeValue<'i>>], Wrong> {
    match value.get_ref().as_array() {
        Some(array) => Ok(&**array),
        None => wrong(value.span(), "expected a list: [ … ]"),
    }
}

pub(super) fn table<'a, 'i>(value: Item<'a, 'i>) -> Result<&'a DeTable<'i>, Wrong> {
    match value.get_ref().as_table() {
        Some(table) => Ok(table),
        None => wrong(value.span(), "expected a table: { … }"),
    }
}
