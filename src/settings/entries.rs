//! A list of texts in `config.toml`: one entry more, one less. How the list is laid out stays,
//! and so does what its owner wrote beside the other entries.

use toml_edit::{Array, Item, TableLike, Value};

/// The list of this name, made where there is none.
pub(super) fn list<'a>(table: &'a mut dyn TableLike, key: &str) -> Result<&'a mut Array, String> {
    if !table.contains_key(key) {
        table.insert(key, Item::Value(Value::Array(Array::new())));
    }
    let found = table.get_mut(key).and_then(Item::as_array_mut);
    found.ok_or_else(|| format!("`{key}` is no list; change it in an editor"))
}

/// Adds an entry at the end, unless it is there.
pub(super) fn add(list: &mut Array, entry: &str) {
    if position(list, entry).is_some() {
        return;
    }
    let Some(indent) = list.get(0).and_then(|first| indent_of(&before(first))) else {
        list.push(entry);
        return;
    };
    // A line each: what stands behind the last one, which may be a comment, comes before this.
    let behind = behind(list).trim_end().to_owned();
    if let Some(last) = list.iter_mut().last() {
        last.decor_mut().set_suffix("");
    }
    let mut value = Value::from(entry);
    value.decor_mut().set_prefix(format!("{behind}\n{indent}"));
    list.push_formatted(value);
    list.set_trailing_comma(true);
    list.set_trailing("\n");
}

/// Takes an entry out, with the comment beside it and those right above it. Whether it was there.
pub(super) fn remove(list: &mut Array, entry: &str) -> bool {
    let Some(at) = position(list, entry) else {
        return false;
    };
    let above = list.get(at).map(before).unwrap_or_default();
    // What stands in the line of the entry before belongs to that one.
    let keep = match above.split_once('\n') {
        Some((first, _)) => first.to_owned(),
        None => above,
    };
    let join = |rest: &str| match rest.find('\n') {
        Some(end) => format!("{keep}{}", rest.get(end..).unwrap_or_default()),
        None => keep.clone(),
    };
    let is_last = at + 1 == list.len();
    let after = behind(list);
    list.remove(at);
    if let Some(next) = list.get_mut(at) {
        let prefix = join(&before(next));
        next.decor_mut().set_prefix(prefix);
    } else if is_last {
        let rest = match list.is_empty() && !keep.contains('#') {
            true => String::new(),
            false => join(&after),
        };
        match list.iter_mut().last() {
            Some(last) if !after.is_empty() && rest.trim().is_empty() && !rest.contains('\n') => {
                last.decor_mut().set_suffix("");
            }
            _ => {}
        }
        if list.is_empty() {
            list.set_trailing_comma(false);
        }
        set_behind(list, rest);
    }
    true
}

/// Whether the list holds it.
fn position(list: &Array, entry: &str) -> Option<usize> {
    list.iter().position(|value| value.as_str() == Some(entry))
}

fn before(value: &Value) -> String {
    let prefix = value.decor().prefix().and_then(|prefix| prefix.as_str());
    prefix.unwrap_or_default().to_owned()
}

/// The white space that a line begins with, where the entry has a line of its own.
fn indent_of(before: &str) -> Option<String> {
    before
        .rsplit_once('\n')
        .map(|(_, indent)| indent.to_owned())
}

/// What stands between the last entry and the end of the list.
fn behind(list: &Array) -> String {
    let trailing = list.trailing().as_str().unwrap_or_default();
    if list.trailing_comma() {
        return trailing.to_owned();
    }
    let last = list.iter().last();
    let suffix = last.and_then(|last| last.decor().suffix()?.as_str());
    format!("{}{trailing}", suffix.unwrap_or_default())
}

fn set_behind(list: &mut Array, text: String) {
    // Single-line lists keep their edge as it is.
    let text = match text.contains(['\n', '#']) {
        true => text,
        false => String::new(),
    };
    if let Some(last) = list.iter_mut().last() {
        last.decor_mut().set_suffix("");
    }
    list.set_trailing(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml_edit::DocumentMut;

    fn after(text: &str, edit: impl Fn(&mut Array)) -> String {
        let mut document: DocumentMut = text.parse().unwrap();
        edit(list(document.as_table_mut(), "all").unwrap());
        let text = document.to_string();
        let _: toml::Table = toml::from_str(&text).unwrap();
        text
    }

    #[test]
    fn an_entry_is_added_in_the_way_of_the_others() {
        for (before, expected) in [
            ("", "all = [\"new\"]\n"),
            ("all = []\n", "all = [\"new\"]\n"),
            ("all = ['a']\n", "all = ['a', \"new\"]\n"),
            ("all = ['a', 'b'] # c\n", "all = ['a', 'b', \"new\"] # c\n"),
            ("all = ['new']\n", "all = ['new']\n"),
            (
                "all = [\n  'a',\n  'b', # why\n]\n",
                "all = [\n  'a',\n  'b', # why\n  \"new\",\n]\n",
            ),
            (
                "all = [\n\t'a',\n\t'b'\n]\n",
                "all = [\n\t'a',\n\t'b',\n\t\"new\",\n]\n",
            ),
        ] {
            assert_eq!(after(before, |list| add(list, "new")), expected, "{before}");
        }
    }

    #[test]
    fn an_entry_goes_with_what_is_written_of_it_alone() {
        for (before, gone, expected) in [
            ("all = ['a']\n", "a", "all = []\n"),
            ("all = ['a', 'b']\n", "a", "all = ['b']\n"),
            ("all = ['a', 'b']\n", "b", "all = ['a']\n"),
            ("all = ['a', 'b', 'c'] # d\n", "b", "all = ['a', 'c'] # d\n"),
            ("all = ['a']\n", "x", "all = ['a']\n"),
            (
                "all = [\n  'a', # of a\n  # of b\n  'b', # of b\n  'c', # of c\n]\n",
                "b",
                "all = [\n  'a', # of a\n  'c', # of c\n]\n",
            ),
            (
                "all = [\n  'a', # of a\n  'b', # of b\n]\n",
                "b",
                "all = [\n  'a', # of a\n]\n",
            ),
            (
                "all = [\n  'a', # of a\n  'b', # of b\n]\n",
                "a",
                "all = [\n  'b', # of b\n]\n",
            ),
            (
                "all = [\n  'a',\n  'b' # of b\n]\n",
                "b",
                "all = [\n  'a'\n]\n",
            ),
        ] {
            let edit = |list: &mut Array| assert_eq!(remove(list, gone), gone != "x");
            assert_eq!(after(before, edit), expected, "{before} without {gone}");
        }
    }
}
