//! Mail as real mailboxes have it, in sizes and make, from a fixed seed: nobody's words. Sizes are
//! log-normal; the mean is about 20 kB and the median about 8 kB.
//!
//! | kind | share | what it is |
//! |---|---|---|
//! | letter | 35 % | text, every second with its HTML twin; what was answered is quoted below |
//! | notice | 25 % | text and HTML of about 8 kB |
//! | newsletter | 30 % | text and HTML of about 20 kB, links, images elsewhere |
//! | with attachments | 10 % | a letter and a PDF, a picture or a zip of about 50 kB as sent |

use std::f64::consts::TAU;

/// A message every so many is one that the shipped rules find.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub hit_every: usize,
}

/// splitmix64: small, and the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// Between 0 and 1, never 0.
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    /// Log-normal with this median and spread, at most 40 times the median.
    fn size(&mut self, median: f64, sigma: f64) -> usize {
        let normal = (-2.0 * self.unit().ln()).sqrt() * (TAU * self.unit()).cos();
        (median * (sigma * normal).exp()).min(median * 40.0) as usize
    }
}

const WORDS: [&str; 96] = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "for",
    "is",
    "on",
    "that",
    "we",
    "with",
    "you",
    "this",
    "it",
    "be",
    "are",
    "as",
    "at",
    "by",
    "from",
    "have",
    "our",
    "will",
    "meeting",
    "project",
    "report",
    "please",
    "Monday",
    "week",
    "budget",
    "draft",
    "team",
    "review",
    "garden",
    "bridge",
    "library",
    "train",
    "summer",
    "schedule",
    "question",
    "answer",
    "notes",
    "minutes",
    "plan",
    "office",
    "paper",
    "photo",
    "lunch",
    "concert",
    "museum",
    "harbour",
    "lecture",
    "printer",
    "station",
    "committee",
    "proposal",
    "winter",
    "evening",
    "morning",
    "chapter",
    "agenda",
    "weather",
    "bicycle",
    "kitchen",
    "neighbour",
    "school",
    "teacher",
    "result",
    "figure",
    "version",
    "number",
    "window",
    "river",
    "market",
    "village",
    "season",
    "ticket",
    "journey",
    "coffee",
    "letter",
    "history",
    "science",
    "method",
    "sample",
    "measure",
    "change",
    "detail",
    "archive",
    "course",
    "theatre",
    "volunteer",
    "workshop",
    "newsletter",
    "Zürich",
    "café",
];

/// Text of about this many bytes, in lines of mail.
fn text(dice: &mut Dice, bytes: usize, prefix: &str) -> String {
    let mut all = String::with_capacity(bytes + 100);
    let mut line = prefix.len();
    all.push_str(prefix);
    while all.len() < bytes {
        // Words are as unequal as they are in language.
        let word = dice.below(WORDS.len()).min(dice.below(WORDS.len()));
        let word = WORDS[word];
        if line + word.len() > 72 {
            all.push('\n');
            all.push_str(prefix);
            line = prefix.len();
            if dice.below(8) == 0 {
                all.push('\n');
                all.push_str(prefix);
            }
        }
        all.push_str(word);
        all.push(if dice.below(14) == 0 { '.' } else { ' ' });
        line += word.len() + 1;
        if dice.below(40) == 0 {
            let number = dice.next() % 100_000;
            all.push_str(&format!("{number} "));
            line += 6;
        }
    }
    all.push('\n');
    all
}

/// A page of about this many bytes, as programs that send mail write them.
fn page(dice: &mut Dice, bytes: usize) -> String {
    let mut all = String::from(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><style>\nbody { margin: 0; font-family: Arial, sans-serif; }\n.button { background-color: #1a73e8; color: #ffffff; padding: 12px 24px; border-radius: 4px; }\n@media only screen and (max-width: 600px) { .column { width: 100% !important; } }\n</style></head>\n<body bgcolor=\"#f4f4f4\"><table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" align=\"center\">\n",
    );
    while all.len() < bytes {
        let token = dice.next();
        match dice.below(4) {
            0 => all.push_str(&format!(
                "<tr><td align=\"center\" style=\"padding:16px 24px 0 24px;\"><a href=\"https://news.example.org/c/{token:016x}?utm_source=mail&amp;utm_medium=weekly\" style=\"color:#1a73e8;text-decoration:none;\">{}</a></td></tr>\n",
                text(dice, 30, "").trim_end()
            )),
            1 => all.push_str(&format!(
                "<tr><td class=\"column\" style=\"padding:0;line-height:0;\"><img src=\"https://img.example.org/{token:016x}.jpg\" width=\"600\" height=\"240\" alt=\"{}\" style=\"display:block;border:0;\"></td></tr>\n",
                text(dice, 20, "").trim_end()
            )),
            _ => {
                let size = 200 + dice.below(500);
                all.push_str(&format!(
                    "<tr><td style=\"font-size:14px;line-height:22px;color:#333333;padding:8px 24px;\"><p style=\"margin:0 0 12px 0;\">{}</p></td></tr>\n",
                    text(dice, size, "").trim_end()
                ));
            }
        }
    }
    all.push_str("</table></body></html>\n");
    all
}

fn base64(dice: &mut Dice, bytes: usize, start: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut all = String::with_capacity(bytes * 4 / 3 + bytes / 50 + 8);
    let mut group = [0u8; 3];
    let mut bits = 0;
    for (index, at) in (0..bytes.div_ceil(3) * 3).zip((0..3).cycle()) {
        if bits == 0 {
            bits = dice.next();
        }
        group[at] = match start.get(index) {
            Some(byte) => *byte,
            None => (bits & 0xff) as u8,
        };
        bits >>= 8;
        if at == 2 {
            let n =
                usize::from(group[0]) << 16 | usize::from(group[1]) << 8 | usize::from(group[2]);
            for shift in [18, 12, 6, 0] {
                all.push(DIGITS[n >> shift & 63] as char);
            }
            if index % 57 == 56 {
                all.push('\n');
            }
        }
    }
    all.push('\n');
    all
}

/// The headers that a message has by the time it lies in an inbox.
fn headers(dice: &mut Dice, number: usize, from: &str, subject: &str) -> String {
    let mut all = String::new();
    let day = 1 + number % 28;
    for hop in 0..3 {
        let id = dice.next();
        all.push_str(&format!(
            "Received: from mx{hop}.example.org (mx{hop}.example.org [192.0.2.{}])\n\tby gateway{hop}.example.com (Postfix) with ESMTPS id {id:016X}\n\tfor <pat@example.com>; {day} Oct 2026 10:{:02}:{:02} +0000 (UTC)\n",
            1 + dice.below(250),
            number / 60 % 60,
            number % 60
        ));
    }
    all.push_str("Authentication-Results: gateway0.example.com; spf=pass smtp.mailfrom=example.org;\n\tdkim=pass header.d=example.org; dmarc=pass header.from=example.org\n");
    all.push_str(&format!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=mail;\n\th=from:to:subject:date:message-id; bh=K3p0nH0qj1n6mJ0s4W5y7V8u9T1r2E3w4Q5t6Y7u8I9=;\n\tb={}",
        base64(dice, 256, b"").trim_end().replace('\n', "\n\t ") + "\n"
    ));
    all.push_str(&format!(
        "From: {from}\nTo: Pat Doe <pat@example.com>\nSubject: {subject}\nDate: {day} Oct 2026 10:{:02}:{:02} +0000\nMessage-ID: <{number}.{:016x}@example.org>\nMIME-Version: 1.0\n",
        number / 60 % 60,
        number % 60,
        dice.next()
    ));
    all
}

fn part(kind: &str, body: &str) -> String {
    format!("Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}")
}

fn multipart(kind: &str, boundary: &str, parts: &[String]) -> String {
    let mut all = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\n\n");
    for part in parts {
        all.push_str(&format!("--{boundary}\n{part}\n"));
    }
    all.push_str(&format!("--{boundary}--\n"));
    all
}

/// The message of this number, with bare line ends as it lies on disk; `large`: with an
/// attachment of this many bytes.
pub fn message(seed: u64, number: usize, share: Share, large: Option<usize>) -> Vec<u8> {
    let mut dice = Dice::new(seed ^ (number as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
    if share.hit_every > 0 && number % share.hit_every == share.hit_every - 1 {
        return hit(&mut dice, number);
    }
    let boundary = format!("=_{:016x}", dice.next());
    let subject = text(&mut dice, 30, "");
    let subject = subject.trim_end();
    let kind = dice.below(100);
    let plain = dice.size(1_500.0, 0.9);
    let (from, html) = match kind {
        0..35 => ("Kim Lee <kim@example.org>", dice.size(4_000.0, 0.8)),
        35..60 => ("Notices <notices@example.org>", dice.size(8_000.0, 0.6)),
        60..90 => ("The Weekly <news@example.org>", dice.size(18_000.0, 0.6)),
        _ => ("Kim Lee <kim@example.org>", dice.size(4_000.0, 0.8)),
    };
    let mut words = text(&mut dice, plain, "");
    let is_letter = !(35..90).contains(&kind);
    if is_letter && dice.below(2) == 0 {
        let quoted = dice.size(2_000.0, 1.0);
        words.push_str("\nOn Friday Pat Doe wrote:\n");
        words.push_str(&text(&mut dice, quoted, "> "));
    }
    let mut all = headers(&mut dice, number, from, subject);
    if (60..90).contains(&kind) {
        all.push_str("List-Id: <weekly.example.org>\nList-Unsubscribe: <https://news.example.org/u>\nPrecedence: bulk\n");
    }
    let body = match is_letter && dice.below(2) == 0 {
        true => part("text/plain", &words),
        false => {
            let twin = part("text/html", &page(&mut dice, html));
            multipart(
                "alternative",
                &boundary,
                &[part("text/plain", &words), twin],
            )
        }
    };
    if kind < 90 && large.is_none() {
        all.push_str(&body);
        return all.into_bytes();
    }
    let (kind, name, start): (&str, &str, &[u8]) = match dice.below(3) {
        0 => ("application/pdf", "minutes.pdf", b"%PDF-1.7\n"),
        1 => ("image/jpeg", "photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
        _ => (
            "application/zip",
            "notes.zip",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        ),
    };
    let size = large.unwrap_or_else(|| dice.size(32_000.0, 0.9));
    let attachment = format!(
        "Content-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}",
        base64(&mut dice, size, start)
    );
    let outer = format!("{boundary}_");
    all.push_str(&multipart("mixed", &outer, &[body, attachment]));
    all.into_bytes()
}

/// A fraud that the shipped rules find.
fn hit(dice: &mut Dice, number: usize) -> Vec<u8> {
    let token = dice.next();
    let mut all = String::new();
    all.push_str(&format!(
        "Received: from host.example.net (host.example.net [198.51.100.{}])\n\tby gateway0.example.com (Postfix) with ESMTP id {token:016X}\n\tfor <pat@example.com>; 1 Oct 2026 10:00:00 +0000 (UTC)\n",
        1 + dice.below(250)
    ));
    all.push_str(&format!(
        "Authentication-Results: gateway0.example.com; spf=fail smtp.mailfrom=mailer.example;\n\tdkim=none; dmarc=fail header.from=mailer.example\nFrom: PayPal <desk@mailer.example>\nReply-To: <box{number}@elsewhere.example>\nTo: pat@example.com\nSubject: Your account has been suspended {number}\nDate: Thu, 1 Oct 2026 10:00:00 +0000\nMessage-ID: <{number}.{token:016x}@mailer.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Dear customer, your account has been suspended. Please confirm your information within 24 hours: <a href=\"https://paypal-login.example.net/{token:x}#pat@example.com\">https://www.paypal.com/</a></p>\n<p>{}</p>\n",
        text(dice, 1_500, "").trim_end()
    ));
    all.into_bytes()
}
