//! The attributes of one start tag, as far as they decide what a reader sees and where links lead.

use std::borrow::Cow;

/// Bytes of a page as text; nearly always they are.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// The attributes that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Action,
    Alt,
    Background,
    Bgcolor,
    Class,
    Color,
    Content,
    FormAction,
    Height,
    Hidden,
    Href,
    HttpEquiv,
    Id,
    Open,
    Src,
    Style,
    Text,
    Type,
    Width,
}

impl Name {
    fn of(name: &[u8]) -> Option<Name> {
        Some(match name {
            b"action" => Name::Action,
            b"alt" => Name::Alt,
            b"background" => Name::Background,
            b"bgcolor" => Name::Bgcolor,
            b"class" => Name::Class,
            b"color" => Name::Color,
            b"content" => Name::Content,
            b"formaction" => Name::FormAction,
            b"height" => Name::Height,
            b"hidden" => Name::Hidden,
            b"href" => Name::Href,
            b"http-equiv" => Name::HttpEquiv,
            b"id" => Name::Id,
            b"open" => Name::Open,
            b"src" => Name::Src,
            b"style" => Name::Style,
            b"text" => Name::Text,
            b"type" => Name::Type,
            b"width" => Name::Width,
            _ => return None,
        })
    }
}

/// A start tag's attributes that matter. A page has thousands of tags: the room that one tag's
/// values took is used for the next one's.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// The values, those of this tag first.
    values: Vec<(Name, String)>,
    /// How many are of this tag.
    count: usize,
}

impl Attributes {
    /// Begins a tag.
    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    /// Notes an attribute, and tells whether its value is asked for.
    pub(super) fn open(&mut self, name: &[u8]) -> bool {
        // Of two attributes of one name the first counts (WHATWG HTML 13.2.5.33).
        let new = Name::of(name).filter(|name| self.get(*name).is_none());
        let Some(name) = new else { return false };
        match self.values.get_mut(self.count) {
            Some((place, value)) => {
                *place = name;
                value.clear();
            }
            None => self.values.push((name, String::new())),
        }
        self.count += 1;
        true
    }

    /// Notes the value of the last one that was noted.
    pub(super) fn fill(&mut self, value: &[u8]) {
        let last = self.count.checked_sub(1);
        if let Some((_, slot)) = last.and_then(|last| self.values.get_mut(last)) {
            slot.push_str(&text(value));
        }
    }

    /// The value of an attribute, if the tag has it.
    pub(super) fn get(&self, name: Name) -> Option<&str> {
        let mut values = self.values.iter().take(self.count);
        let found = values.find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }
}
