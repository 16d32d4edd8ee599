//! `[window]`: how the window looks and whether it tells of a long sweep's end. A program without
//! a window reads it all the same, so that one file serves both.

use super::check::{Check, Checked};
use serde::Deserialize;
use toml::Spanned;

/// The smallest text size.
pub const SMALLEST_TEXT: f32 = 0.8;
/// The largest text size.
pub const LARGEST_TEXT: f32 = 2.0;

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Light or dark.
    pub theme: Theme,
    /// How large everything is drawn, from [`SMALLEST_TEXT`] to [`LARGEST_TEXT`]; 1 is usual.
    pub text_size: f32,
    /// Whether the end of a long sweep is told where the window is not looked at.
    pub notify: bool,
}

impl Default for Window {
    fn default() -> Self {
        Window {
            theme: Theme::default(),
            text_size: 1.0,
            notify: true,
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The word used in settings.
    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// `[window]` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WindowTable {
    theme: Option<Theme>,
    text_size: Option<Spanned<f32>>,
    notify: Option<bool>,
}

/// `[rules]` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RulesTable {
    /// The ids of rules that are switched off.
    #[serde(default)]
    pub off: Vec<String>,
}

impl Check<'_> {
    pub(super) fn window(&self, table: WindowTable) -> Checked<Window> {
        let usual = Window::default();
        let text_size = match table.text_size {
            Some(size) if !(SMALLEST_TEXT..=LARGEST_TEXT).contains(size.get_ref()) => {
                return Err(self.wrong(size.span(), "`text-size` is a number from 0.8 to 2.0"));
            }
            size => size.map_or(usual.text_size, Spanned::into_inner),
        };
        Ok(Window {
            theme: table.theme.unwrap_or(usual.theme),
            text_size,
            notify: table.notify.unwrap_or(usual.notify),
        })
    }
}
