//! Loads the system's font of a script when a letter of it is met that no font here has. What is
//! loaded stays within a bound, and a script that has no font is asked for once.

use super::{Script, semibold};
use crate::platform;
use eframe::egui::epaint::text::{FontInsert, FontPriority, InsertFontFamily};
use eframe::egui::{Context, FallbackRequest, FontData, FontFamily, FontProvider, Plugin, Ui};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// All fonts that are loaded together take no more memory than this.
const MOST_BYTES: usize = 64 << 20;

/// When a font is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// On a thread; its letters show a frame or two later.
    Behind,
    /// Before the frame goes on: for pictures of the window.
    AtOnce,
    /// Not at all: what is drawn depends on no font of the machine.
    Never,
}

/// What is asked for, and what is there.
#[derive(Default)]
struct Shelf {
    wanted: Mutex<BTreeSet<Script>>,
    asked: Mutex<BTreeSet<Script>>,
    /// By the names of their files: one font may be that of several scripts.
    loaded: Mutex<BTreeSet<String>>,
    bytes: AtomicUsize,
}

impl Shelf {
    /// The font of a script, unless it was asked for before or is there for another one.
    fn fetch(&self, script: Script) -> Option<FontInsert> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.insert(script) {
            return None;
        }
        drop(asked);
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        for name in script.fonts() {
            if loaded.contains(*name) {
                return None;
            }
            let Some((name, bytes)) = platform::font(&[name]) else {
                continue;
            };
            let taken = self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
            if taken + bytes.len() > MOST_BYTES {
                self.bytes.fetch_sub(bytes.len(), Ordering::Relaxed);
                continue;
            }
            loaded.insert(name.clone());
            return Some(insert(&name, bytes));
        }
        None
    }

    fn want(&self, script: Script) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.contains(&script) {
            drop(asked);
            let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.insert(script);
        }
    }

    fn take_wanted(&self) -> BTreeSet<Script> {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *wanted)
    }
}

/// A font for all families of text, behind their own.
fn insert(name: &str, bytes: Vec<u8>) -> FontInsert {
    let families = [FontFamily::Proportional, FontFamily::Monospace, semibold()];
    let families = families.map(|family| InsertFontFamily {
        family,
        priority: FontPriority::Lowest,
    });
    FontInsert::new(name, FontData::from_owned(bytes), families.into())
}

pub(super) fn install(ctx: &Context, loading: Loading) {
    let shelf = Arc::new(Shelf::default());
    let asked = shelf.clone();
    let provider = move |request: &FallbackRequest<'_>| {
        let script = Script::of(request.cluster.chars().next()?);
        match loading {
            Loading::AtOnce => {
                let (name, bytes) = platform::font(script.fonts())?;
                Some(insert(&name, bytes))
            }
            Loading::Never => None,
            Loading::Behind => {
                asked.want(script);
                None
            }
        }
    };
    let provider: Arc<dyn FontProvider> = Arc::new(provider);
    ctx.set_font_providers(vec![provider]);
    ctx.add_plugin(Librarian { shelf });
}

/// Sends for the fonts that a frame asked for, after the frame.
struct Librarian {
    shelf: Arc<Shelf>,
}

impl Plugin for Librarian {
    fn debug_name(&self) -> &'static str {
        "fonts of other scripts"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let wanted = self.shelf.take_wanted();
        if wanted.is_empty() {
            return;
        }
        let (shelf, ctx) = (self.shelf.clone(), ui.ctx().clone());
        let load = move || {
            for font in wanted.into_iter().filter_map(|script| shelf.fetch(script)) {
                ctx.add_font(font);
                ctx.request_repaint();
            }
        };
        // Without a thread the letters stay boxes; nothing else is lost.
        let thread = std::thread::Builder::new().name("fonts".into());
        if let Err(error) = thread.spawn(load) {
            log::warn!("no font is loaded: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Loading, Script, Shelf, install};
    use crate::gui::font;
    use crate::platform;
    use eframe::egui::{Context, RawInput};

    #[test]
    fn a_letter_without_a_font_costs_no_frame_and_is_asked_for_once() {
        let ctx = Context::default();
        font::install(&ctx);
        install(&ctx, Loading::Behind);
        for _ in 0..3 {
            let input = RawInput::default();
            let mut output = ctx.run_ui(input, |ui| {
                ui.label("שלום and \u{10FFFD}");
            });
            output.textures_delta.clear();
        }
    }

    #[test]
    fn a_font_of_several_scripts_is_loaded_once() {
        let shelf = Shelf::default();
        let scripts = [Script::Han, Script::Kana, Script::Hangul];
        let fonts = scripts.map(|script| platform::font(script.fonts()).map(|(name, _)| name));
        let loaded = scripts.map(|script| shelf.fetch(script).map(|font| font.name));
        let mut known = Vec::new();
        for (font, loaded) in fonts.into_iter().zip(loaded) {
            let is_new = font.is_some() && !known.contains(&font);
            assert_eq!(loaded, font.clone().filter(|_| is_new));
            known.push(font);
        }
    }
}
