//! QR codes drawn in a message's text with block characters: a way past readers of pictures that
//! no honest program goes.

use super::opened::Opened;
use super::qr::{self, Grey};
use crate::mail::{Mark, Message};

/// Lines of the smallest code: 21 modules, two in a line.
const LINES: usize = 11;
/// Characters of a line, and lines, that are looked at.
const LONGEST: usize = 200;
/// How many times a module is enlarged.
const SCALE: usize = 4;

/// Looks for codes in the text, plain or not.
pub(super) fn read(message: &Message, opened: &mut Opened) {
    let plain = message.plain.as_deref().unwrap_or_default();
    for text in [plain, &message.text] {
        // Most text holds no block at all: three bytes each, which begin alike.
        if memchr::memmem::find_iter(text.as_bytes(), b"\xE2\x96")
            .nth(100)
            .is_none()
        {
            continue;
        }
        let mut lines = Vec::new();
        for line in text.lines().chain([""]) {
            if is_drawn(line) && lines.len() < LONGEST {
                lines.push(line);
                continue;
            }
            if lines.len() >= LINES {
                opened.mark(Mark::DrawnCode);
                for says in qr::read(&picture(&lines)) {
                    opened.code(&says);
                }
            }
            lines.clear();
        }
    }
}

/// Whether a character is black in its upper and lower half; `None` for what is no drawing.
fn halves(letter: char) -> Option<(bool, bool)> {
    Some(match letter {
        '█' | '▓' | '■' => (true, true),
        '▀' => (true, false),
        '▄' => (false, true),
        ' ' | '\u{A0}' | '░' | '□' | '\u{2003}' => (false, false),
        _ => return None,
    })
}

/// Whether a line is one of a drawing: of little but blocks.
fn is_drawn(line: &str) -> bool {
    let (mut black, mut other) = (0, 0);
    for letter in line.chars().take(LONGEST) {
        match halves(letter) {
            Some((false, false)) => {}
            Some(_) => black += 1,
            None => other += 1,
        }
    }
    black >= 6 && black > 10 * other
}

/// The drawing as a picture, with a light edge.
fn picture(lines: &[&str]) -> Grey {
    let longest = lines.iter().map(|line| line.chars().count()).max();
    let columns = longest.unwrap_or_default().min(LONGEST) + 8;
    let width = columns * SCALE;
    let mut levels = vec![255; width * 4 * SCALE];
    for line in lines {
        let letters: Vec<_> = line
            .chars()
            .take(columns - 8)
            .map(|letter| halves(letter).unwrap_or_default())
            .collect();
        for half in [0, 1] {
            let mut row = vec![255; width];
            for (x, (upper, lower)) in letters.iter().enumerate() {
                let black = if half == 0 { *upper } else { *lower };
                let start = (x + 4) * SCALE;
                if let Some(module) = row.get_mut(start..start + SCALE).filter(|_| black) {
                    module.fill(0);
                }
            }
            for _ in 0..SCALE {
                levels.extend(&row);
            }
        }
    }
    levels.extend(vec![255; width * 4 * SCALE]);
    Grey { width, levels }
}
