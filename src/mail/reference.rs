//! Which message: by what it is (its SHA-256) and by where it lies (a place in a folder).
//! A place is valid until the message is moved; the digest is the same wherever it goes.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

/// The SHA-256 of a message's original bytes: its identity across moves.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// The digest of bytes hashed piece by piece.
    pub fn finish(hasher: Sha256) -> Self {
        Digest(hasher.finalize().into())
    }

    /// The first eight hexadecimal digits, enough to name it to a person.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.short())
    }
}

/// A text that is not 64 hexadecimal digits, or not a place.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not {1}")]
pub struct NotOne(String, &'static str);

impl FromStr for Digest {
    type Err = NotOne;

    fn from_str(text: &str) -> Result<Self, NotOne> {
        let wrong = || NotOne(text.to_owned(), "a SHA-256 in hexadecimal");
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Digest(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Where in a folder a message lies. As text (`Display` and `FromStr`) it is a key of the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// IMAP: valid as long as the folder's UIDVALIDITY is (RFC 3501 section 2.3.1.1).
    Uid {
        /// The folder's UIDVALIDITY.
        validity: u32,
        /// The message's UID.
        uid: u32,
    },
    /// Maildir: the unique part of the file's name, before the flags.
    Name(String),
    /// A file, by its path relative to the folder.
    Path(String),
    /// A part of an mbox, in bytes.
    Offset {
        /// Where the message's first header begins.
        start: u64,
        /// How long it is.
        length: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Uid { validity, uid } => write!(f, "uid:{validity}:{uid}"),
            Place::Name(name) => write!(f, "name:{name}"),
            Place::Path(path) => write!(f, "path:{path}"),
            Place::Offset { start, length } => write!(f, "offset:{start}:{length}"),
        }
    }
}

impl FromStr for Place {
    type Err = NotOne;

    fn from_str(text: &str) -> Result<Self, NotOne> {
        let wrong = || NotOne(text.to_owned(), "a place in a folder");
        let (kind, rest) = text.split_once(':').ok_or_else(wrong)?;
        let pair = || rest.split_once(':').ok_or_else(wrong);
        match kind {
            "name" => Ok(Place::Name(rest.to_owned())),
            "path" => Ok(Place::Path(rest.to_owned())),
            "uid" => {
                let (validity, uid) = pair()?;
                Ok(Place::Uid {
                    validity: validity.parse().map_err(|_| wrong())?,
                    uid: uid.parse().map_err(|_| wrong())?,
                })
            }
            "offset" => {
                let (start, length) = pair()?;
                Ok(Place::Offset {
                    start: start.parse().map_err(|_| wrong())?,
                    length: length.parse().map_err(|_| wrong())?,
                })
            }
            _ => Err(wrong()),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One message in one account, whole: account, folder and place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MessageRef {
    /// The account's name in the settings.
    pub account: String,
    /// The folder's name, as people read it.
    pub folder: String,
    /// Where in the folder.
    pub place: Place,
}

impl fmt::Display for MessageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.account, self.folder, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_digests_read_back_what_they_write() {
        for place in [
            Place::Uid {
                validity: 7,
                uid: 4_294_967_295,
            },
            Place::Name("1700000000.M1P2.host:odd".into()),
            Place::Path("a/b c.eml".into()),
            Place::Offset {
                start: 0,
                length: 12,
            },
        ] {
            assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        }
        let digest = Digest::of(b"mail");
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    }

    #[test]
    fn what_is_not_a_place_or_digest_is_refused() {
        for text in ["", "uid:1", "uid:a:b", "offset:1:-2", "other:1:2"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
        assert!("zz".repeat(32).parse::<Digest>().is_err());
        assert!("é".repeat(32).parse::<Digest>().is_err());
    }
}
