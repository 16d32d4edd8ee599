//! The icons of the window: Phosphor's, by what they stand for here. At rest they are drawn as
//! lines, filled when something is active or is a state.

use super::font;
use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, RichText};

/// One icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Icon(u16);

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: Icon = Icon($code);)*
        /// Every icon there is.
        pub const ALL: &[Icon] = &[$($name),*];
    };
}

icons! {
    /// The page Sweep, and a sweep.
    SWEEP = 0xEC54;
    /// The page Review.
    REVIEW = 0xEBE0;
    /// The page Report, and sending.
    REPORT = 0xE398;
    /// The page History.
    HISTORY = 0xE1A0;
    /// The page Lists and rules.
    LISTS = 0xEADC;
    /// The page Accounts.
    ACCOUNTS = 0xE4D6;
    /// The page Settings.
    SETTINGS = 0xE270;
    /// Phishing.
    PHISHING = 0xE72A;
    /// Spam.
    SPAM = 0xE642;
    /// Clean, done.
    CLEAN = 0xE184;
    /// Something failed.
    FAILED = 0xE4E0;
    /// Something was refused, or is odd.
    REFUSED = 0xE4E2;
    /// Worth knowing.
    INFO = 0xE2CE;
    /// Blocked.
    BLOCKED = 0xE3DE;
    /// Take back.
    UNDO = 0xE08A;
    /// Try again.
    RETRY = 0xE036;
    /// Pause.
    PAUSE = 0xE39E;
    /// Stop.
    STOP = 0xE46C;
    /// Start, go on.
    PLAY = 0xE3D0;
    /// A folder.
    FOLDER = 0xE24A;
    /// Open a folder.
    FOLDER_OPEN = 0xE256;
    /// A zip.
    ZIP = 0xE958;
    /// A password.
    KEY = 0xE2D6;
    /// Copy.
    COPY = 0xE1CA;
    /// Save, import.
    SAVE = 0xE20C;
    /// Export.
    EXPORT = 0xEAF0;
    /// Filter, search.
    FILTER = 0xE30C;
    /// More below; sorted downwards.
    CARET_DOWN = 0xE136;
    /// Less; sorted upwards.
    CARET_UP = 0xE13C;
    /// The one before.
    CARET_LEFT = 0xE138;
    /// The one after.
    CARET_RIGHT = 0xE13A;
    /// Chosen, accepted.
    TICK = 0xE182;
    /// Remove, close, not accepted.
    X = 0xE4F6;
    /// Add.
    PLUS = 0xE3D4;
    /// Some of several.
    MINUS = 0xE32A;
    /// More that can be done.
    MORE = 0xE1FE;
    /// Edit.
    EDIT = 0xE3B4;
    /// Samples.
    SAMPLES = 0xE79E;
    /// An address.
    ADDRESS = 0xE0AC;
    /// Go there.
    ARROW_RIGHT = 0xE06C;
    /// Go back.
    ARROW_LEFT = 0xE058;
    /// Show what is hidden.
    EYE = 0xE220;
    /// Hide what is shown.
    EYE_CLOSED = 0xE224;
    /// A message.
    MESSAGE = 0xE218;
    /// Leads out of the window.
    OUTSIDE = 0xE5DE;
    /// Remove for good.
    REMOVE = 0xE4A6;
    /// An attachment.
    ATTACHMENT = 0xE39A;
    /// A file.
    FILE = 0xE230;
    /// A link.
    LINK = 0xE2E2;
    /// A server.
    SERVER = 0xE548;
    /// Encrypted.
    LOCK = 0xE308;
    /// Waits.
    WAITING = 0xE2B8;
    /// A date.
    DATE = 0xE10A;
    /// A question.
    QUESTION = 0xE3E8;
}

impl Icon {
    /// Its letter in the fonts of icons.
    pub fn letter(self) -> char {
        char::from_u32(u32::from(self.0)).unwrap_or('\u{FFFD}')
    }

    /// As text in a line; it is `filled` when something is active or is a state.
    pub fn text(self, size: f32, filled: bool) -> RichText {
        RichText::new(self.letter()).font(Self::font(size, filled))
    }

    /// Drawn with its middle at a point.
    pub fn paint(self, painter: &Painter, middle: Pos2, size: f32, filled: bool, colour: Color32) {
        let font = Self::font(size, filled);
        painter.text(middle, Align2::CENTER_CENTER, self.letter(), font, colour);
    }

    /// Drawn in the middle of what is free of `rect` at its left; returns where that ends.
    pub fn paint_left(
        self,
        painter: &Painter,
        rect: Rect,
        size: f32,
        filled: bool,
        colour: Color32,
    ) -> f32 {
        let middle = Pos2::new(rect.left() + size / 2.0, rect.center().y);
        self.paint(painter, middle, size, filled, colour);
        rect.left() + size
    }

    /// The font that it is drawn with.
    pub fn font(size: f32, filled: bool) -> FontId {
        let family = if filled {
            font::icon_fill()
        } else {
            font::icon()
        };
        FontId::new(size, family)
    }
}
