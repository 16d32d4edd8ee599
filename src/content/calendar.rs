//! Calendar entries (RFC 5545): what they say, where they lead, and who organises. An invitation
//! lands in many calendars without a click, its links with it.

use super::opened::{Opened, as_text};

/// Bytes that are read.
const MOST: usize = 256 << 10;

/// Reads a calendar.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let bytes = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    let text = as_text(bytes).replace("\r\n", "\n");
    // A line that begins with a space goes on with the one before (section 3.1).
    let text = text.replace("\n ", "").replace("\n\t", "");
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let name = name.split(';').next().unwrap_or_default();
        match name.to_ascii_uppercase().as_str() {
            "URL" | "ATTACH" | "CONFERENCE" | "X-GOOGLE-CONFERENCE" => opened.link(value, ""),
            "ORGANIZER" => opened.link(value, "organizer"),
            "SUMMARY" | "DESCRIPTION" | "LOCATION" | "COMMENT" | "X-ALT-DESC" => {
                // Section 3.3.11.
                let said = value
                    .replace("\\n", "\n")
                    .replace("\\N", "\n")
                    .replace('\\', "");
                opened.links_in(&said);
                opened.text(&said);
            }
            _ => {}
        }
    }
}
