//! The readers of what mail carries: what each finds in a file made for it, that they are bounded
//! whatever they are given, and that switching them off keeps attachments closed. The files are the
//! seeds of the fuzz targets, `fuzz/seeds/<reader>`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use postsweep::content::{self, Reader};
use postsweep::mail::{Coverage, FileKind, Holding, LinkOrigin, Mark, Message, Reading};
use proptest::prelude::*;
use std::path::Path;
use std::time::{Duration, Instant};

fn seed(name: &str) -> Vec<u8> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    std::fs::read(seeds.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn reader(name: &str) -> Reader {
    let named = |reader: &Reader| format!("{reader:?}").to_lowercase() == name;
    let found = Reader::ALL.into_iter().find(named);
    found.unwrap_or_else(|| panic!("no reader {name}"))
}

fn find(name: &str) -> Holding {
    reader(name.split('/').next().unwrap()).find(&seed(name))
}

fn targets(holding: &Holding) -> Vec<&str> {
    holding
        .links
        .iter()
        .map(|link| link.target.as_str())
        .collect()
}

const A: &str = "https://files.example.net/a";
const Q: &str = "https://files.example.net/q";

#[test]
fn each_reader_finds_links_and_marks() {
    use Mark::*;
    for (name, links, marks) in [
        (
            "calendar/attachment",
            &[A, "https://files.example.net/b"][..],
            &[][..],
        ),
        ("nested/notice", &["https://secure.example.net/q"], &[]),
        ("nested/report", &["https://files.example.net/"], &[Report]),
        ("ole/macros", &[A], &[Macros]),
        ("ole/locked", &[A], &[Locked]),
        ("ole/equation", &[A], &[Equation, Embedded]),
        ("onenote/a-script", &[A], &[Note, Embedded]),
        ("onenote/empty", &[], &[Note]),
        (
            "ooxml/template-from-elsewhere",
            &["https://files.example.net/t.dotm"],
            &[RemotePart],
        ),
        ("ooxml/macros", &[], &[Macros]),
        ("ooxml/a-code", &["https://files.example.net/q"], &[QrCode]),
        ("ooxml/sheet", &[A], &[]),
        (
            "page/sign-in",
            &["https://files.example.net/p"],
            &[Password],
        ),
        ("page/moves-on", &[A], &[MovesOn]),
        (
            "page/hidden",
            &["https://files.example.net/p"],
            &[Script, HiddenScript, Password],
        ),
        (
            "page/escaped",
            &["https://files.example.net/"],
            &[Script, HiddenScript],
        ),
        ("page/svg", &[A], &[Script, MovesOn]),
        ("page/a-code-inside", &[Q], &[QrCode]),
        ("pdf/a-link", &["https://pay.example.net/q"], &[]),
        (
            "pdf/objects-packed",
            &[A, "https://files.example.net/b"],
            &[],
        ),
        ("pdf/encrypted", &[], &[Locked]),
        ("pdf/launch", &[], &[Launches]),
        ("pdf/a-code-as-picture", &[Q], &[QrCode]),
        ("pdf/a-code-with-predictor", &[Q], &[QrCode]),
        ("picture/png", &[Q], &[QrCode]),
        ("picture/alpha.png", &[Q], &[QrCode]),
        ("picture/light-on-dark.png", &[Q], &[QrCode]),
        ("picture/turned.png", &[Q], &[QrCode]),
        ("picture/a-code.jpeg", &[Q], &[QrCode]),
        ("picture/progressive.jpeg", &[Q], &[QrCode]),
        ("picture/a-code.gif", &[Q], &[QrCode]),
        ("rtf/old-equation", &[], &[Embedded, Equation]),
        ("rtf/package", &[], &[Embedded]),
        (
            "rtf/template",
            &["https://files.example.net/t.dotm", A],
            &[RemotePart],
        ),
        ("shortcut/windows", &[A], &[Launches]),
        ("shortcut/internet", &[A], &[Launches]),
        ("archive/locked-7z", &[], &[Locked]),
    ] {
        let holding = find(name);
        assert_eq!(targets(&holding), links, "{name}");
        assert_eq!(holding.marks, marks, "{name}");
    }
}

#[test]
fn names_and_kinds_of_files_inside_are_told() {
    for (name, file, kind) in [
        ("archive/zip", "invoice.pdf.exe", Some(FileKind::Program)),
        ("archive/zip-in-zip", "b.lnk", Some(FileKind::Shortcut)),
        ("archive/rar4", "a.exe", None),
        ("archive/rar5", "x.y", None),
        ("archive/gzip", "", Some(FileKind::Program)),
        ("archive/tar", "a.exe", Some(FileKind::Program)),
        ("archive/cabinet", "c.js", None),
        ("disk/iso", "INVOICE.EXE", Some(FileKind::Program)),
        ("disk/fat", "INVOICE.EXE", None),
        ("onenote/a-script", "", Some(FileKind::Script)),
    ] {
        let files = find(name).files;
        let found = files.iter().any(|one| one.name == file && one.kind == kind);
        assert!(found, "{name}: {files:?}");
    }
}

#[test]
fn text_is_read() {
    for (name, text) in [
        ("pdf/a-link", "Your document"),
        ("pdf/letters-through-a-map", "Hi abc"),
        ("rtf/package", "A letter"),
        ("ooxml/sheet", "Sum https://files.example.net/a"),
        (
            "calendar/invitation",
            "Pay review\nJoin at https://files.example.net/join",
        ),
        (
            "nested/notice",
            "Notice\nOpen https://secure.example.net/q to go on.",
        ),
    ] {
        assert_eq!(find(name).text, text, "{name}");
    }
    assert_eq!(find("pdf/objects-packed").pages, 1);
    assert_eq!(find("pdf/encrypted").ways, 1);
}

#[test]
fn what_is_carried_is_not_the_messages_own_and_can_be_left_closed() {
    let parse = |name: &str, attachments: bool| {
        let reading = Reading {
            attachments,
            ..Reading::default()
        };
        let mut message = Message::parse(seed(name), Coverage::Whole, &reading);
        content::open(&mut message, &reading);
        message
    };
    let message = parse("verdict/document", true);
    assert!(message.links.is_empty() && !message.text.contains("document"));
    let link = &message.attachments[0].holds.links[0];
    assert_eq!(link.origin, LinkOrigin::Attachment);
    assert_eq!(link.host(), Some("pay.example.net"));
    let closed = parse("verdict/document", false);
    assert_eq!(closed.attachments[0].holds, Holding::default());

    let code = parse("verdict/code", true);
    assert_eq!(
        code.attachments[0].holds.links[0].origin,
        LinkOrigin::QrCode
    );
    let drawn = parse("verdict/drawn", true).drawn;
    assert!(drawn.has(Mark::DrawnCode));
    assert_eq!(targets(&drawn), [Q]);
}

/// That what is kept of a file is bounded, and that reading it took no time to speak of.
fn bounded(reader: Reader, bytes: &[u8]) -> Result<(), TestCaseError> {
    let start = Instant::now();
    let holding = reader.find(bytes);
    prop_assert!(holding.links.len() <= 50 && holding.files.len() <= 1000);
    prop_assert!(holding.text.len() <= 16 << 10);
    prop_assert!(start.elapsed() < Duration::from_secs(5));
    Ok(())
}

fn seeds() -> Vec<(Reader, Vec<u8>)> {
    let mut all = Vec::new();
    for reader in Reader::ALL {
        let name = format!("{reader:?}").to_lowercase();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/seeds")
            .join(&name);
        let before = all.len();
        for entry in std::fs::read_dir(folder).unwrap() {
            all.push((reader, std::fs::read(entry.unwrap().path()).unwrap()));
        }
        assert!(all.len() > before, "{name} has no seed");
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_within_bounds(
        number in 0..Reader::ALL.len(), bytes in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        bounded(Reader::ALL[number], &bytes)?;
    }

    #[test]
    fn damaged_files_are_read_within_bounds(
        choice: prop::sample::Index, cut: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        twice: bool,
    ) {
        let (reader, mut bytes) = choice.get(&seeds()).clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if twice {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        bounded(reader, &bytes)?;
    }
}

#[test]
fn every_beginning_of_a_small_file_is_read() {
    for (reader, bytes) in seeds().into_iter().filter(|(_, bytes)| bytes.len() < 1500) {
        for length in (0..bytes.len()).step_by(5) {
            reader.find(&bytes[..length]);
        }
    }
}

#[test]
fn hostile_files_take_no_time() {
    let many = |piece: &str, times: usize| piece.repeat(times).into_bytes();
    let many_letters = |fonts: usize, lines: usize| {
        let lines = "<0000><2700><0041>\n".repeat(lines);
        let font = |number| format!("{number} 0 obj<<>>stream\nbegincmap\n{lines}endstream\n");
        (0..fonts).map(font).collect::<String>().into_bytes()
    };
    let wall = {
        // Finder patterns side by side: a picture full of corners of codes.
        let pattern = [
            "1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111",
        ];
        let mut rows = Vec::new();
        for y in 0..640 {
            rows.push(0);
            rows.extend((0..640).map(|x| match (x % 9, y % 9) {
                (x, y) if x < 7 && y < 7 && pattern[y].as_bytes()[x] == b'1' => 0,
                _ => 255,
            }));
        }
        use std::io::Write;
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(&rows).unwrap();
        let mut pdf = b"1 0 obj\n<</Subtype/Image/Width 640/Height 640/BitsPerComponent 8\
            /Filter/FlateDecode/Predictor 15>>\nstream\n"
            .to_vec();
        pdf.extend(zlib.finish().unwrap());
        pdf.extend(b"\nendstream");
        pdf
    };
    for (reader, bytes) in [
        (Reader::Pdf, many("/URI(http://a.example/", 200_000)),
        (
            Reader::Pdf,
            many("1 0 obj<</ToUnicode 1 0 R>>stream\nendstream ", 100_000),
        ),
        (Reader::Pdf, many("(((((((((", 200_000)),
        // Each line asks for ten thousand letters; so does each of many fonts.
        (Reader::Pdf, many_letters(1, 20_000)),
        (Reader::Pdf, many_letters(2_000, 1)),
        // Strings in strings.
        (
            Reader::Pdf,
            many(&("(http".repeat(100) + " stream\nendstream "), 8_000),
        ),
        (Reader::Pdf, wall),
        (
            Reader::Rtf,
            many("{\\*\\template http://a{\\objdata 4", 100_000),
        ),
        (
            Reader::Page,
            many("%3c%3c%3c<a href=http://a.example/>", 100_000),
        ),
        (
            Reader::Page,
            many(
                "<script>atob('QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD')",
                50_000,
            ),
        ),
        (
            Reader::Calendar,
            many("DESCRIPTION:http://a.example/\n", 100_000),
        ),
        (Reader::Ole, many("http://a.example/ ", 200_000)),
        (Reader::Ole, many("http", 250_000)),
        (Reader::Ole, many("http://", 250_000)),
        (Reader::OneNote, many("h\0t\0t\0p\0", 250_000)),
        (
            Reader::Archive,
            many("PK\x03\x04PK\x05\x06PK\x01\x02", 200_000),
        ),
    ] {
        let start = Instant::now();
        reader.find(&bytes);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(10), "{reader:?} took {took:?}");
    }
}
