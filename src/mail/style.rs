//! As much of CSS as decides whether a reader sees a text: inline styles and the simple selectors
//! of a style sheet (`tag`, `.class`, `tag.class`, `#id`). What it does not know, it takes for
//! visible.

use super::names::Names;
use super::property::Property;
use memchr::{memchr, memchr_iter, memmem};
use std::borrow::Cow;

/// Selectors of a style sheet that are kept; newsletters have about 300.
const SELECTORS: usize = 2000;

/// A colour, as far as it matters for telling text from its background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Rgb(u8, u8, u8),
    /// Nothing is painted.
    Clear,
    /// An image, a gradient, a name that is not in the list.
    Unknown,
}

/// What a declaration block says; `None` where it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    gone: Option<bool>,
    invisible: Option<bool>,
    tiny: Option<bool>,
    color: Option<Color>,
    background: Option<Color>,
    flat: bool,
    clipped: bool,
}

/// How text at a place looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    gone: bool,
    invisible: bool,
    tiny: bool,
    color: Color,
    background: Color,
}

impl Default for Look {
    /// Black on white, as a page begins.
    fn default() -> Self {
        Look {
            gone: false,
            invisible: false,
            tiny: false,
            color: Color::Rgb(0, 0, 0),
            background: Color::Rgb(255, 255, 255),
        }
    }
}

impl Look {
    /// How it looks inside an element with this style.
    pub(super) fn within(mut self, style: &Style) -> Look {
        self.gone |= style.gone == Some(true) || style.flat && style.clipped;
        self.invisible = style.invisible.unwrap_or(self.invisible);
        self.tiny = style.tiny.unwrap_or(self.tiny);
        self.color = style.color.unwrap_or(self.color);
        match style.background {
            None | Some(Color::Clear) => {}
            Some(color) => self.background = color,
        }
        self
    }

    /// Whether a reader cannot see it.
    pub(super) fn is_hidden(&self) -> bool {
        let near = |a: u8, b: u8| a.abs_diff(b) <= 6;
        let camouflaged = match (self.color, self.background) {
            (Color::Clear, _) => true,
            (Color::Rgb(r, g, b), Color::Rgb(x, y, z)) => near(r, x) && near(g, y) && near(b, z),
            _ => false,
        };
        self.gone || self.invisible || self.tiny || camouflaged
    }

    /// The same, never to be seen.
    pub(super) fn gone(self) -> Look {
        Look { gone: true, ..self }
    }
}

impl Style {
    /// Reads declarations: `color: red; display: none`.
    pub(super) fn parse(declarations: &str) -> Style {
        let mut style = Style::default();
        let text = without_comments(declarations);
        let mut start = 0;
        for end in memchr_iter(b';', text.as_bytes()).chain([text.len()]) {
            let declaration = text.get(start..end).unwrap_or_default();
            start = end + 1;
            let Some((name, value)) = parted_at(b':', declaration) else {
                continue;
            };
            if let Some(property) = Property::of(name.trim()) {
                let value = parted_at(b'!', value).map_or(value, |(value, _)| value);
                style.declare(property, &in_small_letters(value.trim()));
            }
        }
        style
    }

    fn declare(&mut self, property: Property, value: &str) {
        match property {
            Property::Display => self.gone = Some(value == "none"),
            Property::Visibility => self.invisible = Some(matches!(value, "hidden" | "collapse")),
            Property::Opacity => {
                let number = value.trim_end_matches('%').parse::<f32>();
                if number.is_ok_and(|number| number <= 0.05) {
                    self.gone = Some(true);
                }
            }
            Property::FontSize => self.font_size(value),
            Property::Font => {
                for word in value.split_whitespace() {
                    let size = word.split('/').next().unwrap_or_default();
                    if size.starts_with(|letter: char| letter.is_ascii_digit())
                        && (size == "0" || size.ends_with(|letter: char| !letter.is_ascii_digit()))
                    {
                        self.font_size(size);
                        break;
                    }
                }
            }
            Property::Color => self.color = Some(color(value)),
            Property::BackgroundColor => self.background = Some(color(value)),
            Property::Background => self.painted(value),
            Property::Size => self.flat |= is_zero(value),
            Property::MostSize if is_zero(value) => {
                self.flat = true;
                self.clipped = true;
            }
            Property::Overflow => self.clipped |= value != "visible",
            Property::Indent if length(value).is_some_and(|(number, _)| number <= -900.0) => {
                self.gone = Some(true);
            }
            Property::Clip
                if value.starts_with("rect(0") && !value.contains(['1', '2', '5', 'a']) =>
            {
                self.gone = Some(true);
            }
            Property::Transform if value.starts_with("scale(0)") => self.gone = Some(true),
            Property::MostSize | Property::Indent | Property::Clip | Property::Transform => {}
        }
    }

    fn font_size(&mut self, value: &str) {
        let Some((number, unit)) = length(value) else {
            self.tiny = Some(false); // a keyword: `small`, `inherit`
            return;
        };
        // What is relative to nothing stays nothing.
        self.tiny = match unit {
            "em" | "rem" | "ex" | "vw" => (number <= 0.1).then_some(true),
            "%" => (number <= 10.0).then_some(true),
            _ => Some(number <= 1.0),
        };
    }

    fn painted(&mut self, value: &str) {
        if value.contains('(') && !value.starts_with("rgb") {
            self.background = Some(Color::Unknown);
        } else if value.starts_with("rgb") {
            self.background = Some(color(value));
        } else {
            let known = value.split_whitespace().map(color);
            if let Some(found) = known.into_iter().find(|color| *color != Color::Unknown) {
                self.background = Some(found);
            }
        }
    }

    /// The attributes that say the same as styles (HTML section 15.3).
    pub(super) fn attributes(&mut self, text: Option<&str>, background: Option<&str>) {
        if let Some(text) = text {
            self.color = Some(legacy(text));
        }
        if let Some(background) = background {
            self.background = Some(legacy(background));
        }
    }

    /// A background image, of whatever colour.
    pub(super) fn pictured(&mut self) {
        self.background = Some(Color::Unknown);
    }

    /// What `stronger` says goes before what this says.
    pub(super) fn overlaid(self, stronger: &Style) -> Style {
        Style {
            gone: stronger.gone.or(self.gone),
            invisible: stronger.invisible.or(self.invisible),
            tiny: stronger.tiny.or(self.tiny),
            color: stronger.color.or(self.color),
            background: stronger.background.or(self.background),
            flat: self.flat || stronger.flat,
            clipped: self.clipped || stronger.clipped,
        }
    }
}

/// What stands before and behind the first of a mark of ASCII.
fn parted_at(mark: u8, text: &str) -> Option<(&str, &str)> {
    let at = memchr(mark, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn in_small_letters(text: &str) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

fn without_comments(text: &str) -> Cow<'_, str> {
    let slash = memchr(b'/', text.as_bytes());
    if slash.is_none() || memmem::find(text.as_bytes(), b"/*").is_none() {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        cleaned.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    cleaned.push_str(rest);
    Cow::Owned(cleaned)
}

/// Without the marks of a comment that hide a style sheet from browsers of long ago.
fn without_marks(mut css: Cow<'_, str>) -> Cow<'_, str> {
    for mark in ["<!--", "-->"] {
        if memmem::find(css.as_bytes(), mark.as_bytes()).is_some() {
            css = Cow::Owned(css.replace(mark, ""));
        }
    }
    css
}

fn length(value: &str) -> Option<(f32, &str)> {
    let end = value
        .find(|letter: char| !matches!(letter, '0'..='9' | '.' | '-' | '+'))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(end)?;
    Some((number.parse().ok()?, unit.trim()))
}

fn is_zero(value: &str) -> bool {
    length(value).is_some_and(|(number, unit)| number.abs() < 0.5 && unit != "em")
        || length(value).is_some_and(|(number, _)| number == 0.0)
}

/// A colour by CSS (CSS Color 3), in lower case.
fn color(value: &str) -> Color {
    let value = value.trim();
    if let Some(digits) = value.strip_prefix('#') {
        return hexadecimal(digits);
    }
    if let Some(inside) = value
        .strip_prefix("rgba(")
        .or_else(|| value.strip_prefix("rgb("))
    {
        let mut numbers = inside
            .trim_end_matches(')')
            .split([',', ' ', '/'])
            .filter(|part| !part.is_empty())
            .map(|part| match part.strip_suffix('%') {
                Some(percent) => percent.parse::<f32>().map(|number| number * 2.55),
                None => part.parse::<f32>(),
            });
        let mut next = || numbers.next().and_then(Result::ok);
        let (Some(r), Some(g), Some(b)) = (next(), next(), next()) else {
            return Color::Unknown;
        };
        return match next() {
            Some(alpha) if alpha <= 0.05 => Color::Clear,
            Some(alpha) if alpha < 0.9 => Color::Unknown,
            _ => Color::Rgb(r as u8, g as u8, b as u8),
        };
    }
    match value {
        "transparent" => Color::Clear,
        "white" => Color::Rgb(255, 255, 255),
        "snow" => Color::Rgb(255, 250, 250),
        "ivory" => Color::Rgb(255, 255, 240),
        "floralwhite" => Color::Rgb(255, 250, 240),
        "ghostwhite" => Color::Rgb(248, 248, 255),
        "whitesmoke" => Color::Rgb(245, 245, 245),
        "black" => Color::Rgb(0, 0, 0),
        "red" => Color::Rgb(255, 0, 0),
        "green" => Color::Rgb(0, 128, 0),
        "lime" => Color::Rgb(0, 255, 0),
        "blue" => Color::Rgb(0, 0, 255),
        "yellow" => Color::Rgb(255, 255, 0),
        "navy" => Color::Rgb(0, 0, 128),
        "orange" => Color::Rgb(255, 165, 0),
        "gray" | "grey" => Color::Rgb(128, 128, 128),
        "silver" => Color::Rgb(192, 192, 192),
        "lightgray" | "lightgrey" => Color::Rgb(211, 211, 211),
        "gainsboro" => Color::Rgb(220, 220, 220),
        _ => Color::Unknown,
    }
}

/// A colour of an old attribute: the `#` may be missing.
fn legacy(value: &str) -> Color {
    let value = value.trim().to_ascii_lowercase();
    match color(&value) {
        Color::Unknown => hexadecimal(&value),
        known => known,
    }
}

fn hexadecimal(digits: &str) -> Color {
    let pair = |at: usize, width: usize| {
        let part = digits.get(at * width..(at + 1) * width)?;
        let number = u8::from_str_radix(part, 16).ok()?;
        Some(if width == 1 { number * 17 } else { number })
    };
    let width = match digits.len() {
        3 | 4 => 1,
        6 | 8 => 2,
        _ => return Color::Unknown,
    };
    match (
        pair(0, width),
        pair(1, width),
        pair(2, width),
        pair(3, width),
    ) {
        (_, _, _, Some(alpha)) if alpha < 13 => Color::Clear,
        (Some(r), Some(g), Some(b), _) => Color::Rgb(r, g, b),
        _ => Color::Unknown,
    }
}

/// The simple selectors of a message's style sheets, in lower case.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Names<Style>,
}

impl Sheet {
    /// Adds a style sheet. Rules for some media only are left out: they are about small screens,
    /// print and dark colours.
    pub(super) fn add(&mut self, css: &str) {
        let css = without_marks(without_comments(css));
        let mut rest: &str = &css;
        while let Some((prelude, after)) = rest.split_once('{') {
            // `@import "x";` and the like stand before the selectors.
            let selectors = prelude.rsplit(';').next().unwrap_or_default().trim();
            if selectors.starts_with('@') {
                rest = behind_block(after);
                continue;
            }
            let (declarations, behind) = after.split_once('}').unwrap_or((after, ""));
            rest = behind;
            let style = Style::parse(declarations);
            if style == Style::default() {
                continue;
            }
            for selector in selectors.split(',') {
                let selector = selector.trim();
                let simple = !selector.is_empty()
                    && selector.bytes().all(|byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'#' | b'-' | b'_')
                    });
                if simple && self.rules.len() < SELECTORS {
                    let selector = selector.to_ascii_lowercase();
                    let rule = self.rules.get(selector.as_bytes()).copied();
                    let rule = rule.unwrap_or_default().overlaid(&style);
                    self.rules.insert(selector.as_bytes(), rule);
                }
            }
        }
    }

    /// The style of an element by its tag, classes and id, weakest selector first.
    pub(super) fn style(&self, tag: &str, classes: &str, id: &str) -> Style {
        let mut style = Style::default();
        if self.rules.len() == 0 {
            return style;
        }
        let mut apply = |selector: &str| {
            if let Some(rule) = self.rules.get(selector.as_bytes()) {
                style = style.overlaid(rule);
            }
        };
        apply(tag);
        let mut selector = String::new();
        for class in classes.split_ascii_whitespace().take(20) {
            selector.clear();
            selector.push_str(tag);
            selector.push('.');
            selector.push_str(class);
            selector.make_ascii_lowercase();
            apply(selector.get(tag.len()..).unwrap_or_default());
            apply(&selector);
        }
        if !id.is_empty() {
            selector.clear();
            selector.push('#');
            selector.push_str(id);
            selector.make_ascii_lowercase();
            apply(&selector);
        }
        style
    }
}

/// What follows the block whose `{` was just taken, with the blocks inside it.
fn behind_block(text: &str) -> &str {
    let mut depth = 1_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_tell_what_is_hidden() {
        for (style, hidden) in [
            ("", false),
            ("color: #333; font-size: 14px", false),
            ("display:none", true),
            ("DISPLAY : None !important", true),
            ("display:/* no */none", true),
            ("display:block", false),
            ("visibility:hidden", true),
            ("opacity:0", true),
            ("opacity:0.5", false),
            ("font-size:0", true),
            ("font-size:1px", true),
            ("font-size:1pt;", true),
            ("font-size:2px", false),
            ("font-size:0.9em", false),
            ("font: 0/0 a", true),
            ("font: bold 12px/1.5 Arial", false),
            ("color:#fff", true),
            ("color:#FEFEFE", true),
            ("color:white; background:#000", false),
            ("color:#123456; background-color:rgb(18, 52, 86)", true),
            ("color:transparent", true),
            ("color:rgba(0,0,0,0)", true),
            ("color:#ffffff; background:url(x.png)", false),
            ("max-height:0", true),
            ("height:0;overflow:hidden", true),
            ("height:0", false),
            ("text-indent:-9999px", true),
            ("mso-hide:all", false),
        ] {
            let look = Look::default().within(&Style::parse(style));
            assert_eq!(look.is_hidden(), hidden, "{style}");
        }
    }

    #[test]
    fn style_sheets_apply_by_simple_selectors() {
        let mut sheet = Sheet::default();
        sheet.add(
            "@import 'x'; .a, TD.b { display:none } #c { color:#fff } \
             @media (max-width:600px) { .d { display:none } } .e { color: red } \
             div .f { display:none }",
        );
        for (tag, class, id, hidden) in [
            ("p", "a", "", true),
            ("td", "x b", "", true),
            ("p", "b", "", false),
            ("p", "", "c", true),
            ("p", "d", "", false),
            ("p", "e", "", false),
            ("p", "f", "", false),
        ] {
            let look = Look::default().within(&sheet.style(tag, class, id));
            assert_eq!(look.is_hidden(), hidden, "{tag}.{class}#{id}");
        }
    }
}
