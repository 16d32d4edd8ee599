//! What pages are made of: buttons, chips, fields, lists and the like. Each has a name that is
//! read out, and none knows of any page.

mod bar;
mod button;
mod card;
mod chip;
mod choice;
mod cut;
mod empty;
mod field;
mod key;
mod mixed;
mod note;
mod page_header;
mod read_out;
mod room;
mod rows;
mod segments;
mod table_head;
mod tabs;
mod tick;
mod words;

pub use bar::{Bar, paint_bar};
pub use button::{Button, Kind};
pub use card::{card, card_filled, card_head, separator};
pub use chip::{Chip, paint_chip};
pub use choice::Choice;
pub use cut::{Cut, about_width, cut, fits, paint_cut};
pub use empty::{Empty, good_news};
pub use field::{Field, Fielded};
pub use key::{key, paint_key};
pub use mixed::{Mixed, row_ground, row_head};
pub use note::Note;
pub use page_header::page_header;
pub use read_out::{read_changes, read_chosen, read_count, read_place};
pub use room::{room, scrolled};
pub use rows::{Row, Rowed, Rows};
pub use segments::{Segment, Segments};
pub use table_head::{Column, Sorted, Word, table_head};
pub use tabs::{Tab, tabs};
pub use tick::{Tick, Ticked};
pub use words::{
    body, body_in, heading, label, link, mono, small, small_in, soft, strong, wrapped,
};

use super::icon::{self, Icon};
use super::theme::{Meaning, Palette};
use eframe::egui::{Color32, FontId, Painter, Pos2, Rect, pos2};

/// The icon of a meaning, drawn filled.
pub fn icon_of(meaning: Meaning) -> Icon {
    match meaning {
        Meaning::Clean => icon::CLEAN,
        Meaning::Spam => icon::SPAM,
        Meaning::Phishing => icon::PHISHING,
        Meaning::Danger => icon::FAILED,
        Meaning::Info => icon::INFO,
    }
}

/// The colour of a meaning's words; without one, ink.
pub fn colour_of(palette: &Palette, meaning: Option<Meaning>) -> Color32 {
    meaning.map_or(palette.ink, |meaning| palette.tone(meaning).text)
}

/// One line of text, its left end and its middle at a point.
fn text_at(painter: &Painter, at: Pos2, text: &str, font: FontId, colour: Color32) -> Rect {
    let galley = painter.layout_no_wrap(text.to_owned(), font, colour);
    let place = Rect::from_min_size(pos2(at.x, at.y - galley.size().y / 2.0), galley.size());
    painter.galley(place.min, galley, colour);
    place
}

/// How wide one line of text is.
fn width_of(painter: &Painter, text: &str, font: FontId) -> f32 {
    let galley = painter.layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER);
    galley.size().x
}
