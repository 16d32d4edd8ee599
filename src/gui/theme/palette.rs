//! The colours of the window, light and dark, by what they mean. Pages name a colour by its role
//! and never by its value. Every pair that text stands in is measured by a test here.

use eframe::egui::{Color32, Ui, Visuals};

/// What a colour, an icon and a word say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Nothing against it, or done.
    Clean,
    /// Unwanted.
    Spam,
    /// Meant to deceive.
    Phishing,
    /// Something failed, or cannot be undone.
    Danger,
    /// Worth knowing.
    Info,
}

impl Meaning {
    /// Every meaning.
    pub const ALL: [Meaning; 5] = [
        Meaning::Clean,
        Meaning::Spam,
        Meaning::Phishing,
        Meaning::Danger,
        Meaning::Info,
    ];
}

/// Text of one meaning, and the tint that it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tone {
    /// Words and icons.
    pub text: Color32,
    /// What lies behind them.
    pub tint: Color32,
}

/// All colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything on a page; head of a table.
    pub page: Color32,
    /// Cards, lists, the open message, buttons and fields.
    pub surface: Color32,
    /// Menu bar, rail and status bar.
    pub chrome: Color32,
    /// What lies under the pointer.
    pub hover: Color32,
    /// The selected row.
    pub sel: Color32,
    /// Parts one thing from the next; the empty part of a bar.
    pub line: Color32,
    /// Bounds what can be clicked or typed in.
    pub edge: Color32,
    /// Text of the first rank.
    pub ink: Color32,
    /// Text of the second rank, icons at rest.
    pub soft: Color32,
    /// Text of the third rank: labels, hints.
    pub faint: Color32,
    /// The next step, progress, what is active.
    pub accent: Color32,
    /// A filled button under the pointer or held down.
    pub pressed: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// A chosen segment, a note that informs.
    pub tint: Color32,
    /// Clean, done.
    pub clean: Tone,
    /// Spam.
    pub spam: Tone,
    /// Phishing.
    pub phishing: Tone,
    /// Failed, refused, cannot be undone.
    pub danger: Tone,
}

impl Palette {
    /// Text and tint of a meaning.
    pub const fn tone(&self, meaning: Meaning) -> Tone {
        match meaning {
            Meaning::Clean => self.clean,
            Meaning::Spam => self.spam,
            Meaning::Phishing => self.phishing,
            Meaning::Danger => self.danger,
            Meaning::Info => Tone {
                text: self.accent,
                tint: self.tint,
            },
        }
    }
}

const fn rgb(value: u32) -> Color32 {
    let [_, red, green, blue] = value.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

const fn tone(text: u32, tint: u32) -> Tone {
    Tone {
        text: rgb(text),
        tint: rgb(tint),
    }
}

/// By day.
pub const LIGHT: Palette = Palette {
    page: rgb(0xF4_F5_F7),
    surface: rgb(0xFF_FF_FF),
    chrome: rgb(0xE9_EB_EF),
    hover: rgb(0xEE_F1_F5),
    sel: rgb(0xDC_E7_F9),
    line: rgb(0xD3_D7_DE),
    edge: rgb(0x7C_85_95),
    ink: rgb(0x1A_20_2B),
    soft: rgb(0x4A_53_62),
    faint: rgb(0x5B_64_73),
    accent: rgb(0x1D_4F_A8),
    pressed: rgb(0x17_3F_87),
    on_accent: rgb(0xFF_FF_FF),
    tint: rgb(0xE2_EA_F8),
    clean: tone(0x1B_66_38, 0xE1_F2_E7),
    spam: tone(0x85_47_00, 0xFB_EE_D6),
    phishing: tone(0xA3_12_3F, 0xFB_E6_EC),
    danger: tone(0xB3_26_1E, 0xFC_E8_E6),
};

/// By night.
pub const DARK: Palette = Palette {
    page: rgb(0x17_1A_20),
    surface: rgb(0x1E_22_2A),
    chrome: rgb(0x12_15_1A),
    hover: rgb(0x27_2C_36),
    sel: rgb(0x22_34_4F),
    line: rgb(0x35_3C_48),
    edge: rgb(0x7A_84_96),
    ink: rgb(0xE7_EA_EF),
    soft: rgb(0xB9_C0_CC),
    faint: rgb(0x9B_A4_B2),
    accent: rgb(0x8D_B4_FA),
    pressed: rgb(0xAB_C8_FC),
    on_accent: rgb(0x0E_1B_33),
    tint: rgb(0x23_32_50),
    clean: tone(0x86_D4_A0, 0x19_34_23),
    spam: tone(0xF0_BD_6A, 0x3B_2D_14),
    phishing: tone(0xFF_97_B0, 0x43_20_2C),
    danger: tone(0xFF_9D_94, 0x43_22_1F),
};

/// The colours of the theme that is on.
pub fn palette(ui: &Ui) -> &'static Palette {
    palette_of(ui.visuals())
}

/// The colours of the theme that some visuals belong to.
pub fn palette_of(visuals: &Visuals) -> &'static Palette {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}

#[cfg(test)]
mod tests {
    use super::{Color32, DARK, LIGHT, Meaning, Palette};

    /// Relative luminance (WCAG 2.2).
    fn luminance(colour: Color32) -> f64 {
        let channel = |value: u8| {
            let part = f64::from(value) / 255.0;
            match part <= 0.04045 {
                true => part / 12.92,
                false => ((part + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
    }

    fn contrast(one: Color32, other: Color32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Every pair of colours that the window puts together, and the least that it needs.
    fn pairs(p: &Palette) -> Vec<(&'static str, Color32, Color32, f64)> {
        let mut pairs = Vec::new();
        for (name, text) in [("ink", p.ink), ("faint", p.faint)] {
            for ground in [p.page, p.surface, p.chrome, p.hover, p.sel] {
                pairs.push((name, text, ground, 4.5));
            }
        }
        for (name, text) in [("soft", p.soft), ("accent", p.accent)] {
            for ground in [p.page, p.surface, p.chrome, p.hover, p.sel, p.tint] {
                pairs.push((name, text, ground, 4.5));
            }
        }
        for ground in [p.page, p.surface, p.hover] {
            pairs.push(("edge", p.edge, ground, 3.0));
        }
        for ground in [p.accent, p.pressed, p.danger.text] {
            pairs.push(("on accent", p.on_accent, ground, 4.5));
        }
        for meaning in Meaning::ALL {
            let tone = p.tone(meaning);
            pairs.push(("a meaning on its tint", tone.text, tone.tint, 4.5));
            pairs.push(("a meaning on surface", tone.text, p.surface, 4.5));
            pairs.push(("a meaning on page", tone.text, p.page, 4.5));
            pairs.push(("a meaning on sel", tone.text, p.sel, 4.5));
            pairs.push(("a meaning on hover", tone.text, p.hover, 4.5));
            pairs.push(("ink on a tint", p.ink, tone.tint, 10.5));
            pairs.push(("soft on a tint", p.soft, tone.tint, 4.5));
            pairs.push(("a meaning on chrome", tone.text, p.chrome, 4.5));
        }
        pairs
    }

    #[test]
    fn every_text_can_be_read_on_what_it_stands_on() {
        for (theme, palette) in [("light", &LIGHT), ("dark", &DARK)] {
            for (name, text, ground, least) in pairs(palette) {
                let measured = contrast(text, ground);
                assert!(
                    measured >= least,
                    "{theme}: {name}: {text:?} on {ground:?} is {measured:.2}, needs {least}"
                );
            }
        }
    }

    #[test]
    fn the_measured_contrasts_are_those_that_were_designed() {
        for (one, other, designed) in [
            (LIGHT.ink, LIGHT.page, 14.98),
            (LIGHT.accent, LIGHT.surface, 7.68),
            (LIGHT.edge, LIGHT.page, 3.41),
            (LIGHT.phishing.text, LIGHT.phishing.tint, 6.49),
            (DARK.ink, DARK.sel, 10.41),
            (DARK.faint, DARK.hover, 5.57),
            (DARK.on_accent, DARK.pressed, 10.14),
        ] {
            let measured = contrast(one, other);
            assert!(
                (measured - designed).abs() < 0.01,
                "{measured:.2}, not {designed}"
            );
        }
    }
}
