//! The fonts of the window: IBM Plex Sans in two weights, Hack for source, Phosphor for icons,
//! Noto Emoji; and behind them the system's own for every other script, each loaded when text of
//! its script is first laid out, on a thread, so that no frame waits for it.

mod script;
mod system;

pub use script::Script;
pub use system::Loading;

use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};
use std::sync::{Arc, LazyLock};

const SEMIBOLD: &str = "semibold";
const ICON: &str = "icon";
const ICON_FILL: &str = "icon-fill";

const PLEX: &str = "IBM Plex Sans";
const PLEX_SEMIBOLD: &str = "IBM Plex Sans SemiBold";
const HACK: &str = "Hack";
const EMOJI: &str = "Noto Emoji";
const PHOSPHOR: &str = "Phosphor";
const PHOSPHOR_FILL: &str = "Phosphor Fill";

const FILES: [(&str, &[u8]); 6] = [
    (
        PLEX,
        include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf"),
    ),
    (
        PLEX_SEMIBOLD,
        include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf"),
    ),
    (HACK, include_bytes!("../../assets/fonts/Hack-Regular.ttf")),
    (
        EMOJI,
        include_bytes!("../../assets/fonts/NotoEmoji-Regular.ttf"),
    ),
    (
        PHOSPHOR,
        include_bytes!("../../assets/fonts/Phosphor-Regular.ttf"),
    ),
    (
        PHOSPHOR_FILL,
        include_bytes!("../../assets/fonts/Phosphor-Fill.ttf"),
    ),
];

/// Which fonts a family tries, in order. Icons come last in those of text: a message's own letters
/// of private use never get there, because `shown` marks them first.
const FAMILIES: [(&str, &[&str]); 3] = [
    (SEMIBOLD, &[PLEX_SEMIBOLD, HACK, EMOJI, PHOSPHOR]),
    (ICON, &[PHOSPHOR]),
    (ICON_FILL, &[PHOSPHOR_FILL]),
];

/// The family of text that stands out.
pub fn semibold() -> FontFamily {
    named(SEMIBOLD)
}

/// The family of icons at rest.
pub fn icon() -> FontFamily {
    named(ICON)
}

/// The family of icons that are active, or that are a state.
pub fn icon_fill() -> FontFamily {
    named(ICON_FILL)
}

fn named(name: &str) -> FontFamily {
    static NAMES: LazyLock<[Arc<str>; 3]> =
        LazyLock::new(|| FAMILIES.map(|(name, _)| Arc::from(name)));
    let known = NAMES.iter().find(|known| &***known == name);
    FontFamily::Name(known.cloned().unwrap_or_else(|| Arc::from(name)))
}

/// Gives a window its fonts; other scripts follow as they are met.
pub fn install(ctx: &Context) {
    install_with(ctx, Loading::Behind);
}

/// The same, and when fonts of other scripts are loaded.
pub fn install_with(ctx: &Context, loading: Loading) {
    ctx.set_fonts(definitions());
    system::install(ctx, loading);
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in FILES {
        let data = Arc::new(FontData::from_static(bytes));
        fonts.font_data.insert(name.to_owned(), data);
    }
    let mut family = |family: FontFamily, of: &[&str]| {
        let of = of.iter().map(|name| (*name).to_owned()).collect();
        fonts.families.insert(family, of);
    };
    family(FontFamily::Proportional, &[PLEX, HACK, EMOJI, PHOSPHOR]);
    family(FontFamily::Monospace, &[HACK, PLEX, EMOJI, PHOSPHOR]);
    for (name, of) in FAMILIES {
        family(named(name), of);
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::{icon, icon_fill, install, semibold};
    use eframe::egui::{Context, FontFamily, FontId, RawInput};

    #[test]
    fn every_family_has_its_letters_and_icons() {
        let ctx = Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            ui.ctx().fonts_mut(|fonts| {
                for family in [FontFamily::Proportional, FontFamily::Monospace, semibold()] {
                    let text = "Ag 0123456789 “…” − → Ωж";
                    assert!(fonts.has_glyphs(&FontId::new(14.0, family), text));
                }
                for family in [icon(), icon_fill()] {
                    for one in crate::gui::icon::ALL {
                        let font = FontId::new(16.0, family.clone());
                        assert!(fonts.has_glyph(&font, one.letter()), "{one:?}");
                    }
                }
            });
        });
        output.textures_delta.clear();
    }

    #[test]
    fn digits_are_all_one_width() {
        let ctx = Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            ui.ctx().fonts_mut(|fonts| {
                let font = FontId::new(28.0, semibold());
                let widths = ('0'..='9').map(|digit| fonts.glyph_width(&font, digit));
                let widths: Vec<f32> = widths.collect();
                assert!(widths.windows(2).all(|two| two[0] == two[1]), "{widths:?}");
            });
        });
        output.textures_delta.clear();
    }
}
