//! Vendors: where samples go and in what form. All knowledge is in `assets/vendors/*.toml` and
//! in the user's own files of the same format; here they are read, and a letter is composed.
//! Nothing is sent from here.

mod file;
mod letter;

pub use crate::verdict::Purpose;
pub use file::VendorError;
pub use letter::Facts;

use crate::mail::{Enclosure, Letter};
use include_dir::{Dir, include_dir};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/vendors");

/// The vendor files that come with the program: name without `.toml` (the vendor's id), and
/// text; in order of the names.
pub fn shipped() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = SHIPPED
        .files()
        .filter_map(|file| {
            let id = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
            Some((id.to_owned(), file.contents_utf8()?.to_owned()))
        })
        .collect();
    files.sort();
    files
}

/// How samples reach the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// By e-mail to this address.
    Mail {
        /// The address.
        to: String,
    },
    /// By hand, at this page.
    Portal {
        /// The page.
        url: String,
    },
}

/// The vendor's page for uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// The page.
    pub url: String,
    /// The most bytes of one upload.
    pub largest: u64,
    /// What to choose there, in a sentence.
    pub how: String,
}

/// Where a statement of a vendor file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The page.
    pub url: String,
    /// What it says.
    pub says: String,
    /// The day on which it was read, `2026-11-21`.
    pub checked: String,
}

/// One vendor, checked: what is here can be used as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Vendor {
    /// Its id: the name of its file.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The password of zip files.
    pub password: String,
    /// Where its statements come from.
    pub sources: Vec<Citation>,
    portal: Option<Portal>,
    largest_mail: u64,
    desks: Vec<(Purpose, Desk)>,
    subject: String,
    body: String,
}

/// Who takes samples of one purpose, and what they are called in the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Desk {
    route: Route,
    what: String,
}

/// Bytes of an e-mail that are left for its header and text beside the zip.
const LETTER_ROOM: u64 = 32 << 10;

impl Vendor {
    /// Reads a vendor file. `name` is the file's name, with or without `.toml`; without it, it is
    /// the vendor's id.
    pub fn parse(name: &str, text: &str) -> Result<Vendor, VendorError> {
        file::parse(name, text)
    }

    /// How samples of this purpose reach the vendor; `None` where it takes none.
    pub fn route(&self, purpose: Purpose) -> Option<&Route> {
        self.desk(purpose).map(|desk| &desk.route)
    }

    /// The page for uploads, as good a way as e-mail where there is one.
    pub fn portal(&self) -> Option<&Portal> {
        self.portal.as_ref()
    }

    /// The most bytes that a zip may have to go by e-mail: what is left of the smaller of the
    /// vendor's limit and `server_limit` (the server's SIZE, in bytes) once the zip is encoded in
    /// base64 with a line end each 76 characters (RFC 2045 section 6.8) and the letter is around
    /// it. 0: nothing fits.
    pub fn largest_zip(&self, server_limit: Option<u64>) -> u64 {
        let limit = self.largest_mail.min(server_limit.unwrap_or(u64::MAX));
        // 57 bytes make a line of 76 characters and CRLF.
        limit.saturating_sub(LETTER_ROOM) / 78 * 57
    }

    /// The most bytes of an e-mail, encoded, that the vendor takes.
    pub fn largest_mail(&self) -> u64 {
        self.largest_mail
    }

    /// Writes the letter that goes with a zip. Where the route is the portal, `to` is the page
    /// and the text is what to paste into the case; no outbox takes such a letter.
    pub fn compose(&self, purpose: Purpose, facts: &Facts, enclosure: Enclosure) -> Letter {
        letter::compose(self, purpose, facts, enclosure)
    }

    fn desk(&self, purpose: Purpose) -> Option<&Desk> {
        self.desks
            .iter()
            .find_map(|(of, desk)| (*of == purpose).then_some(desk))
    }
}
