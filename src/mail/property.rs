//! The properties of CSS that decide whether a reader sees a text, by name.

/// What a declaration is about; what comes to the same is one.
#[derive(Clone, Copy)]
pub(super) enum Property {
    /// Of whatever kind, or a picture.
    Background,
    BackgroundColor,
    Clip,
    Color,
    Display,
    Font,
    FontSize,
    /// How far it stands from where it would.
    Indent,
    /// How large it can be at most.
    MostSize,
    Opacity,
    Overflow,
    Size,
    Transform,
    Visibility,
}

impl Property {
    /// The property of a name in any letters; `None` for nearly all, which are about something
    /// else.
    pub(super) fn of(name: &str) -> Option<Property> {
        let mut small = [0; 16];
        let small = small.get_mut(..name.len())?; // none has a longer name
        small.copy_from_slice(name.as_bytes());
        small.make_ascii_lowercase();
        Some(match &*small {
            b"background" | b"background-image" => Property::Background,
            b"background-color" => Property::BackgroundColor,
            b"clip" => Property::Clip,
            b"color" => Property::Color,
            b"display" => Property::Display,
            b"font" => Property::Font,
            b"font-size" => Property::FontSize,
            b"left" | b"margin-left" | b"margin-top" | b"text-indent" | b"top" => Property::Indent,
            b"max-height" | b"max-width" => Property::MostSize,
            b"opacity" => Property::Opacity,
            b"overflow" | b"overflow-x" | b"overflow-y" => Property::Overflow,
            b"height" | b"width" => Property::Size,
            b"transform" => Property::Transform,
            b"visibility" => Property::Visibility,
            _ => return None,
        })
    }
}
