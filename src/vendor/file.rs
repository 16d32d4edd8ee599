//! A vendor file: TOML text to a checked [`Vendor`], or file, line and reason. It reads no file
//! itself.

use super::letter::{BODY_FIELDS, SUBJECT_FIELDS, unknown_field};
use super::{Citation, Desk, LETTER_ROOM, Portal, Purpose, Route, Vendor};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// Why a vendor file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {reason}")]
pub struct VendorError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what is allowed.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct VendorFile {
    name: Spanned<String>,
    #[serde(rename = "form")]
    _form: Form,
    password: Spanned<String>,
    /// Every password that the vendor's tools try: `password` must be among them.
    #[serde(default)]
    accepted_passwords: Vec<String>,
    portal: Option<PortalTable>,
    mail: MailTable,
    spam: Option<Spanned<DeskTable>>,
    phishing: Option<Spanned<DeskTable>>,
    false_positive: Option<Spanned<DeskTable>>,
    letter: LetterTable,
    #[serde(default, rename = "source")]
    sources: Vec<SourceTable>,
}

/// The form of samples. There is one so far; a file that asks for another is refused by name.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    Zip,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PortalTable {
    url: Spanned<String>,
    largest: u64,
    how: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct MailTable {
    largest: Spanned<u64>,
    /// For whoever reads the file.
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DeskTable {
    mail: Option<Spanned<String>>,
    #[serde(default)]
    portal: bool,
    what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LetterTable {
    subject: Spanned<String>,
    body: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SourceTable {
    url: String,
    says: String,
    checked: String,
}

/// The id in a file's name, in whichever folder it lies.
fn id_of(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file).to_owned()
}

pub(super) fn parse(name: &str, text: &str) -> Result<Vendor, VendorError> {
    let refuse = |span: Range<usize>, reason: String| VendorError {
        file: name.to_owned(),
        line: line(text, span.start),
        reason,
    };
    let file: VendorFile = toml::from_str(text)
        .map_err(|error| refuse(error.span().unwrap_or_default(), error.message().to_owned()))?;
    let span_of_name = file.name.span();
    if file.name.get_ref().trim().is_empty() {
        return Err(refuse(span_of_name, "`name` is empty".into()));
    }
    let password = file.password.get_ref();
    if password.is_empty() {
        return Err(refuse(file.password.span(), "`password` is empty".into()));
    }
    if !file.accepted_passwords.is_empty() && !file.accepted_passwords.contains(password) {
        let reason = format!("`password` is none of {:?}", file.accepted_passwords);
        return Err(refuse(file.password.span(), reason));
    }
    if *file.mail.largest.get_ref() < 2 * LETTER_ROOM {
        let reason = format!("`largest` is below {} bytes", 2 * LETTER_ROOM);
        return Err(refuse(file.mail.largest.span(), reason));
    }
    if let Some(portal) = &file.portal
        && !portal.url.get_ref().starts_with("https://")
    {
        let reason = "the portal's `url` does not begin with https://".into();
        return Err(refuse(portal.url.span(), reason));
    }
    for (template, fields) in [
        (&file.letter.subject, SUBJECT_FIELDS),
        (&file.letter.body, BODY_FIELDS),
    ] {
        if let Some(field) = unknown_field(template.get_ref(), fields) {
            let reason = format!("`{{{field}}}` is not one of {fields:?}");
            return Err(refuse(template.span(), reason));
        }
    }
    let mut desks = Vec::new();
    for (purpose, table) in [
        (Purpose::Spam, &file.spam),
        (Purpose::Phishing, &file.phishing),
        (Purpose::FalsePositive, &file.false_positive),
    ] {
        let Some(table) = table else { continue };
        let DeskTable { mail, portal, what } = table.get_ref();
        let route = match (mail, portal, &file.portal) {
            (Some(to), false, _) if is_address(to.get_ref()) => Route::Mail {
                to: to.get_ref().clone(),
            },
            (Some(to), false, _) => {
                let reason = format!("`{}` is not an e-mail address", to.get_ref());
                return Err(refuse(to.span(), reason));
            }
            (None, true, Some(portal)) => Route::Portal {
                url: portal.url.get_ref().clone(),
            },
            (None, true, None) => {
                let reason = "`portal = true`, but there is no [portal]".into();
                return Err(refuse(table.span(), reason));
            }
            _ => {
                let reason = "either `mail = \"address\"` or `portal = true` is needed".into();
                return Err(refuse(table.span(), reason));
            }
        };
        let what = what.clone();
        desks.push((purpose, Desk { route, what }));
    }
    if desks.is_empty() {
        let reason = "none of [spam], [phishing] and [false-positive] is there".into();
        return Err(refuse(span_of_name, reason));
    }
    Ok(Vendor {
        id: id_of(name),
        name: file.name.into_inner(),
        password: file.password.into_inner(),
        sources: file.sources.into_iter().map(citation).collect(),
        portal: file.portal.map(|portal| Portal {
            url: portal.url.into_inner(),
            largest: portal.largest,
            how: portal.how,
        }),
        largest_mail: file.mail.largest.into_inner(),
        desks,
        subject: file.letter.subject.into_inner(),
        body: file.letter.body.into_inner(),
    })
}

fn citation(source: SourceTable) -> Citation {
    Citation {
        url: source.url,
        says: source.says,
        checked: source.checked,
    }
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// A plain address: what a vendor's is. No name, no comment, no quoting.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c))
    };
    text.split_once('@')
        .is_some_and(|(local, domain)| plain(local) && plain(domain) && domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = \"V\"\nform = \"zip\"\npassword = \"p\"\n\
        [mail]\nlargest = 1_000_000\nwhy = \"w\"\n\
        [spam]\nmail = \"spam@vendor.example\"\nwhat = \"spam\"\n\
        [letter]\nsubject = \"{samples}\"\nbody = \"{password}\"\n";

    #[test]
    fn every_shipped_file_is_a_vendor_with_its_sources() {
        let shipped = super::super::shipped();
        assert!(shipped.iter().any(|(id, _)| id == "trend-micro"));
        for (id, text) in shipped {
            let vendor = Vendor::parse(&id, &text).unwrap();
            assert_eq!(vendor.id, id);
            assert!(!vendor.sources.is_empty(), "{id} cites nothing");
            for source in &vendor.sources {
                assert!(source.url.starts_with("https://"), "{id}");
                assert!(source.checked.parse::<jiff::civil::Date>().is_ok(), "{id}");
            }
            for purpose in [Purpose::Spam, Purpose::Phishing] {
                assert!(vendor.route(purpose).is_some(), "{id} {purpose:?}");
            }
        }
    }

    #[test]
    fn a_broken_file_is_refused_with_line_and_reason() {
        assert!(Vendor::parse("v.toml", GOOD).is_ok());
        for (from, to, at, word) in [
            ("form = \"zip\"", "form = \"arf\"", 2, "arf"),
            ("password = \"p\"", "password = \"\"", 3, "empty"),
            (
                "password = \"p\"",
                "password = \"p\"\naccepted-passwords = [\"q\"]",
                3,
                "none of",
            ),
            ("password = \"p\"", "pasword = \"p\"", 3, "pasword"),
            ("largest = 1_000_000", "largest = 10", 5, "below"),
            ("spam@vendor.example", "spam at vendor", 8, "address"),
            (
                "mail = \"spam@vendor.example\"",
                "portal = true",
                7,
                "no [portal]",
            ),
            ("mail = \"spam@vendor.example\"", "", 7, "is needed"),
            ("{samples}", "{sample}", 11, "{sample}"),
            ("{password}", "{pasword}", 12, "{pasword}"),
            (
                "[letter]",
                "[portal]\nurl = \"http://x\"\nlargest = 1\nhow = \"\"\n[letter]",
                11,
                "https",
            ),
        ] {
            let text = GOOD.replace(from, to);
            assert_ne!(text, GOOD, "{from}");
            let error = Vendor::parse("v.toml", &text).unwrap_err();
            assert!(error.reason.contains(word), "{from}: {error}");
            assert_eq!((error.line, error.file.as_str()), (at, "v.toml"), "{error}");
        }
    }
}
