//! The letters that go to each vendor, read as a person would read them: `vendors/<id>.txt` has
//! what is expected. A vendor without a case fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use postsweep::mail::Enclosure;
use postsweep::vendor::{self, Facts, Purpose, Route, Vendor};
use std::fs;
use std::path::Path;

/// Every letter to a vendor, as text.
fn letters(vendor: &Vendor) -> String {
    let facts = Facts {
        from: "pat@example.com".into(),
        facts: vec![
            ("company".into(), "Example Ltd".into()),
            ("contact".into(), "Pat Example".into()),
            ("activation-code".into(), "XX-0000".into()),
        ],
        samples: 12,
        part: (1, 2),
        password: vendor.password.clone(),
        id: "postsweep-20261121-1".into(),
        date: "2026-11-21T08:00:00Z".parse().unwrap(),
        span: Some((
            "2026-11-18T12:00:00Z".parse().unwrap(),
            "2026-11-20T12:00:00Z".parse().unwrap(),
        )),
    };
    let enclosure = Enclosure {
        name: "postsweep-20261121.zip".into(),
        media_type: "application/zip".into(),
        path: "postsweep-20261121.zip".into(),
    };
    let mut text = String::new();
    for purpose in [Purpose::Spam, Purpose::Phishing, Purpose::FalsePositive] {
        let by = match vendor.route(purpose) {
            Some(Route::Mail { .. }) => "mail",
            Some(Route::Portal { .. }) => "portal",
            None => continue,
        };
        let letter = vendor.compose(purpose, &facts, enclosure.clone());
        text += &format!(
            "{purpose:?} by {by}\nTo: {}\nSubject: {}\n\n{}\n",
            letter.to, letter.subject, letter.body
        );
    }
    text
}

#[test]
fn letters_read_as_expected_and_every_vendor_has_a_case() {
    let shipped = vendor::shipped();
    assert!(shipped.len() >= 2, "the vendor files are not compiled in");
    for (id, text) in &shipped {
        let vendor = Vendor::parse(id, text).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/vendors/{id}.txt"));
        let expected = fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; it should be:\n{}",
                path.display(),
                letters(&vendor)
            )
        });
        assert_eq!(letters(&vendor), expected, "{id}");
    }
    for case in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendors")).unwrap() {
        let name = case.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".txt").unwrap();
        assert!(
            shipped.iter().any(|(own, _)| own == id),
            "{name} has no vendor"
        );
    }
}
