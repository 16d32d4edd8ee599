//! A map from some tens of names that is asked thousands of times, as the tags of a page are.

/// Values by name: sorted, short names first, so that most comparisons are of lengths alone.
#[derive(Debug)]
pub(super) struct Names<V>(Vec<(Vec<u8>, V)>);

impl<V> Default for Names<V> {
    fn default() -> Self {
        Names(Vec::new())
    }
}

impl<V> Names<V> {
    /// Where a name stands, or else would.
    fn place(&self, name: &[u8]) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| {
            let length = known.len().cmp(&name.len());
            length.then_with(|| known.as_slice().cmp(name))
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, name: &[u8]) -> Option<&V> {
        let at = self.place(name).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// Sets the value of a name. Moves those behind it: names must be few.
    pub(super) fn insert(&mut self, name: &[u8], value: V) {
        match self.place(name) {
            Ok(at) => {
                if let Some((_, known)) = self.0.get_mut(at) {
                    *known = value;
                }
            }
            Err(place) => self.0.insert(place, (name.to_vec(), value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_whatever_order_they_came() {
        let mut names = Names::default();
        for (value, name) in ["td", "a", "table", "tr", "b", "td"]
            .into_iter()
            .enumerate()
        {
            names.insert(name.as_bytes(), value);
        }
        for (name, value) in [
            ("a", Some(1)),
            ("b", Some(4)),
            ("td", Some(5)),
            ("tr", Some(3)),
            ("table", Some(2)),
            ("c", None),
            ("", None),
        ] {
            assert_eq!(names.get(name.as_bytes()).copied(), value, "{name}");
        }
        assert_eq!(names.len(), 5);
    }
}
