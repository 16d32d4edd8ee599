//! Office documents in a zip (ECMA-376): macros, what they fetch from elsewhere, what is embedded,
//! their links and the beginning of their text. Relationships say where a document leads (part 2
//! section 9): hyperlinks are followed by a click, a template is fetched without one.

use super::opened::Opened;
use super::zip;
use crate::mail::Mark;
use html5gum::Tokenizer;

/// Bytes of one part that are read.
const PART: usize = 1 << 20;
/// Parts that are read.
const PARTS: usize = 60;

/// Reads a document.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let entries = zip::entries(bytes);
    let mut read = 0;
    for entry in &entries {
        let name = entry.name.to_ascii_lowercase();
        let last = name.rsplit('/').next().unwrap_or_default();
        if entry.locked {
            opened.mark(Mark::Locked);
        }
        if last == "vbaproject.bin" || name.contains("/macrosheets/") {
            opened.mark(Mark::Macros);
        }
        if name.contains("/embeddings/") || name.contains("/activex/") {
            opened.mark(Mark::Embedded);
        }
        let relations = last.ends_with(".rels");
        let shows = matches!(
            name.as_str(),
            "word/document.xml" | "xl/sharedstrings.xml" | "content.xml"
        ) || name.starts_with("ppt/slides/slide") && last.ends_with(".xml");
        let object = name.contains("/embeddings/") && !last.ends_with(".xlsx");
        if read >= PARTS || !relations && !shows && !object && !is_picture(&name) {
            continue;
        }
        read += 1;
        let part = zip::unpack(bytes, entry, PART, opened);
        if relations {
            relationships(&String::from_utf8_lossy(&part), opened);
        } else if shows {
            words(&String::from_utf8_lossy(&part), opened);
        } else {
            opened.look(&part, crate::mail::FileKind::of(&part));
        }
    }
}

fn is_picture(name: &str) -> bool {
    name.contains("/media/")
        && [".png", ".jpg", ".jpeg", ".gif"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// The relationships that lead out of the document.
fn relationships(xml: &str, opened: &mut Opened) {
    for element in xml.split("<Relationship ").skip(1) {
        let element = element.split('>').next().unwrap_or_default();
        let value = |name: &str| {
            let (_, rest) = element.split_once(name)?;
            let quote = rest
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''))?;
            rest.get(1..)?.split(quote).next()
        };
        if value("TargetMode=").is_none_or(|mode| mode != "External") {
            continue;
        }
        let target = value("Target=").unwrap_or_default().replace("&amp;", "&");
        let kind = value("Type=").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.rsplit('/').next().unwrap_or_default();
        let lower = target.to_ascii_lowercase();
        let elsewhere = ["http:", "https:", "ftp:", "\\\\", "file:", "mhtml:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme));
        // Old templates on a company's own server are honest: a share without a dot in its name.
        let inside = lower.starts_with("file:") || lower.starts_with("\\\\");
        let fetched = matches!(
            kind,
            "attachedtemplate" | "oleobject" | "frame" | "subdocument"
        );
        if fetched && elsewhere && !inside {
            opened.mark(Mark::RemotePart);
        }
        if elsewhere {
            opened.link(&target, "");
        }
    }
}

/// The text between tags.
fn words(xml: &str, opened: &mut Opened) {
    let mut text = String::new();
    let room = opened.room();
    for token in Tokenizer::new(xml).flatten() {
        match token {
            html5gum::Token::String(piece) => {
                text.push_str(&String::from_utf8_lossy(&piece));
            }
            html5gum::Token::EndTag(tag)
                if matches!(tag.name.as_slice(), b"w:p" | b"a:p" | b"si" | b"text:p") =>
            {
                text.push('\n');
            }
            _ => {}
        }
        if text.len() >= room {
            break;
        }
    }
    // Links may stand in fields: HYPERLINK "http://…".
    opened.links_in(&text);
    opened.text(&text);
}
