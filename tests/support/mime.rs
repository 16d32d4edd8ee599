//! Messages made up by chance, in all the shapes that mail has and some that it should not have:
//! the same seed makes the same message.

use std::io::{Cursor, Write};
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

/// Makes messages up: as odd as may be, with at most `room` bytes of attachments.
pub struct Maker {
    state: u64,
    /// Whether the shape is odd as well as the content.
    pub odd: bool,
    /// Bytes of attachments that may still be made.
    room: usize,
    used: Vec<String>,
}

impl Maker {
    pub fn new(seed: u64, odd: bool, room: usize) -> Maker {
        Maker {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            odd,
            room,
            used: Vec::new(),
        }
    }

    /// splitmix64
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// Whether something with this chance in a hundred happens.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// As `chance`, for what is odd.
    fn oddly(&mut self, percent: usize) -> bool {
        let happens = self.chance(percent);
        self.odd && happens
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn noise(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }

    /// A message, with line ends of one kind or another.
    pub fn message(&mut self) -> Vec<u8> {
        let from = self.pick(&[
            "Kim <kim@example.org>",
            "PayPal <desk@mailer.example>",
            "IT <it@example.com>",
        ]);
        let subject = self.pick(&[
            "Sunday",
            "Your account has been suspended",
            "Invoice 4711",
            "You have won",
        ]);
        let mut message = format!(
            "From: {from}\nTo: pat@example.com\nSubject: {subject}\n\
             Date: Mon, 1 Jun 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
        )
        .into_bytes();
        if self.oddly(3) {
            message.extend(b"X-Long: ");
            message.extend(vec![b'x'; 70_000]);
            message.extend(b"\n");
        }
        message.extend(self.entity(3));
        if self.oddly(8) {
            let cut = self.below(message.len());
            message.truncate(cut.max(100));
        }
        let as_travels = self.chance(60);
        let mixed = self.oddly(10);
        let mut ended = Vec::with_capacity(message.len() + message.len() / 50);
        for byte in message {
            if byte == b'\n' && (as_travels && !(mixed && self.chance(10))) {
                ended.push(b'\r');
            }
            ended.push(byte);
        }
        ended
    }

    /// The content headers and the body of a message or part.
    fn entity(&mut self, depth: usize) -> Vec<u8> {
        if depth > 0 && self.chance(75) {
            return self.multipart(depth);
        }
        if depth > 0 && self.chance(8) {
            let mut nested =
                b"Content-Type: message/rfc822\n\nFrom: a@example.com\nSubject: x\n".to_vec();
            nested.extend(self.entity(depth - 1));
            return nested;
        }
        self.leaf()
    }

    fn multipart(&mut self, depth: usize) -> Vec<u8> {
        let number = self.below(1000);
        let mut boundary = format!("=_b{number}");
        if self.oddly(10) {
            boundary = self.used.last().cloned().unwrap_or_else(|| "b".to_owned());
            if self.chance(50) {
                boundary.push('x');
            }
        }
        if self.oddly(5) {
            boundary.push_str(self.pick(&[" b", "'()+_,-./:=?", "--", "\u{e4}"]));
        }
        self.used.push(boundary.clone());
        let parameter = match self.below(20) {
            0 if self.odd => format!("boundary*0=\"{boundary}\""),
            1 if self.odd => String::new(),
            2 if self.odd => format!("boundary=\"{boundary}\"; boundary=c"),
            3 if self.odd => format!("boundary=\"{boundary}\" (comment)"),
            4 => format!("charset=utf-8;\n boundary=\"{boundary}\""),
            _ => format!("boundary=\"{boundary}\""),
        };
        let kind = self.pick(&["mixed", "mixed", "alternative", "related"]);
        let mut all = format!("Content-Type: multipart/{kind};\n\t{parameter}\n\n").into_bytes();
        if self.chance(30) {
            all.extend(b"A message in several parts.\n");
        }
        if self.oddly(5) {
            all.extend(format!("not --{boundary}\n").as_bytes());
        }
        for _ in 0..self.below(4) + 1 {
            let after = match self.oddly(6) {
                true => self.pick(&[" ", "\t ", "x", "--x", " x"]),
                false => "",
            };
            all.extend(format!("--{boundary}{after}\n").as_bytes());
            all.extend(self.entity(depth - 1));
            if !self.oddly(3) {
                all.extend(b"\n");
            }
        }
        if !self.oddly(15) {
            all.extend(format!("--{boundary}--\n").as_bytes());
        }
        if self.chance(20) {
            all.extend(b"And that was it.\n");
        }
        all
    }

    fn leaf(&mut self) -> Vec<u8> {
        match self.below(10) {
            0 | 1 => self.text(),
            2 | 3 => self.page(),
            _ => self.file(),
        }
    }

    fn text(&mut self) -> Vec<u8> {
        let says = self.pick(&[
            "Shall we meet on Sunday?\n",
            "Your account has been suspended. Confirm: https://paypal.example.net/#pat@example.com\n",
            "The password is 1234.\n",
        ]);
        let times = match self.chance(5) {
            true => 4000,
            false => 1 + self.below(5),
        };
        format!(
            "Content-Type: text/plain; charset=utf-8\n\n{}",
            says.repeat(times)
        )
        .into_bytes()
    }

    fn page(&mut self) -> Vec<u8> {
        let name = match self.chance(30) {
            true => "; name=\"page.html\"",
            false => "",
        };
        let page = "<p>Hello <a href=\"https://evil.test/\">https://www.paypal.com/</a>\
                    <form action=\"https://evil.test/\"><input type=\"password\"></form>\n";
        format!("Content-Type: text/html{name}\n\n{page}").into_bytes()
    }

    /// A file in base64, of any kind and size.
    fn file(&mut self) -> Vec<u8> {
        let size = match self.below(4) {
            0 => self.below(2000),
            1 => self.below(60_000),
            _ => 60_000 + self.below(340_000),
        };
        let size = size.min(self.room / 2 + 1);
        self.room -= size.min(self.room);
        let mut bytes = self.noise(size);
        let (media, name, start): (&str, &str, &[u8]) = match self.below(14) {
            0 => ("video/mp4", "film.mp4", b"\0\0\0\x18ftypmp42"),
            1 => ("audio/mpeg", "song.mp3", b"ID3\x03\0\0\0"),
            2 => ("application/pdf", "paper.pdf", b"%PDF-1.7\n"),
            3 => ("image/png", "picture.png", b"\x89PNG\r\n\x1A\n\0\0"),
            4 => ("application/octet-stream", "invoice.pdf.exe", b"MZ\x90\0"),
            5 => ("application/octet-stream", "data.bin", b"\0\x01\x02\x03"),
            6 => (
                "application/x-rar",
                "a.rar",
                b"Rar!\x1A\x07\0\0\0\x73\x80\0\x0D\0\0\0\0\0\0\0",
            ),
            7 => (
                "application/octet-stream",
                "page.dat",
                b"<html><script>x</script>",
            ),
            8 => ("image/jpeg", "film.jpg", b"\0\0\0\x18ftypmp42"),
            9 => {
                let header = 10 + self.below(5000);
                let mut seven = b"7z\xBC\xAF\x27\x1C\0\x04\0\0\0\0".to_vec();
                seven.extend((size as u64).to_le_bytes());
                seven.extend((header as u64).to_le_bytes());
                seven.extend([0; 4]);
                seven.extend(&bytes);
                seven.push(0x17);
                let more = self.noise(header - 5);
                seven.extend(more);
                seven.extend(b"\x06\xF1\x07\x01");
                bytes = seven;
                ("application/x-7z-compressed", "a.7z", b"")
            }
            10 => {
                bytes.resize(bytes.len().max(0x8010), 0);
                bytes[..0x8000].fill(0);
                bytes[0x8000..0x8007].copy_from_slice(b"\x01CD001\x01");
                ("application/octet-stream", "disk.bin", b"")
            }
            _ => {
                bytes = self.zip(bytes);
                ("application/zip", "files.zip", b"")
            }
        };
        let length = start.len().min(bytes.len());
        bytes[..length].copy_from_slice(&start[..length]);
        if self.oddly(10) {
            let cut = self.below(bytes.len() + 1);
            bytes.truncate(cut);
        }
        let disposition = self.pick(&["attachment", "inline"]);
        let encoding = match self.oddly(8) {
            true => self.pick(&[
                "BASE64",
                "base64 ",
                "x-base64",
                "8bit",
                "base64\nContent-Transfer-Encoding: 7bit",
            ]),
            false => "base64",
        };
        let mut part = format!(
            "Content-Type: {media}; name=\"{name}\"\nContent-Disposition: {disposition};\n \
             filename=\"{name}\"\nContent-Transfer-Encoding: {encoding}\n\n"
        )
        .into_bytes();
        part.extend(self.base64(&bytes));
        part
    }

    fn zip(&mut self, content: Vec<u8>) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let stored =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let files = match self.chance(10) {
            true => 1500,
            false => 1 + self.below(4),
        };
        for number in 0..files {
            let name = self.pick(&["notes.txt", "invoice.exe", "a.js", "word/vbaProject.bin"]);
            let options = match self.chance(10) {
                true => stored.with_deprecated_encryption(b"secret").unwrap(),
                false => stored,
            };
            writer
                .start_file(format!("{number}/{name}"), options)
                .unwrap();
            if number == 0 {
                writer.write_all(&content).unwrap();
            }
        }
        if self.chance(20) {
            let comment = "c".repeat(self.below(65_000));
            writer.set_comment(comment).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Encodes in lines, which may be odd ones, with odd ones between.
    fn base64(&mut self, bytes: &[u8]) -> Vec<u8> {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut letters = Vec::with_capacity(bytes.len() * 4 / 3 + 4);
        for three in bytes.chunks(3) {
            let all = [
                three[0],
                *three.get(1).unwrap_or(&0),
                *three.get(2).unwrap_or(&0),
            ];
            let all = u32::from_be_bytes([0, all[0], all[1], all[2]]);
            for place in 0..4 {
                letters.push(match place <= three.len() {
                    true => LETTERS[(all >> (18 - 6 * place) & 63) as usize],
                    false => b'=',
                });
            }
        }
        let width = match self.oddly(30) {
            true => [4, 5, 60, 75, 998, 100_000][self.below(6)],
            false => 76,
        };
        let strange = self
            .oddly(25)
            .then(|| self.below(letters.len() / width + 1));
        let mut lines = Vec::with_capacity(letters.len() + letters.len() / 30);
        for (number, line) in letters.chunks(width).enumerate() {
            if strange == Some(number) {
                let chosen = self.below(self.used.len().max(1));
                let used = self.used.get(chosen).cloned().unwrap_or_default();
                let line = match self.below(9) {
                    0 => format!("--{used}"),
                    1 => format!("--{used}x"),
                    2 => format!("--{used}--"),
                    3 => format!("AA--{used}"),
                    4 => {
                        format!("--{used}\nContent-Type: text/html\n\n<form><input type=password>")
                    }
                    5 => format!("AAAA\r--{used}\r"),
                    6 => String::new(),
                    7 => "-- \n".to_owned(),
                    _ => "strange, this".to_owned(),
                };
                lines.extend(line.as_bytes());
                lines.push(b'\n');
            }
            lines.extend(line);
            lines.push(b'\n');
        }
        if self.oddly(5) {
            lines.extend(b"\n\n");
        }
        lines
    }
}
