//! Sealed bytes: compressed, then encrypted and authenticated (XChaCha20-Poly1305), so that they
//! can lie on a disk that others may get to read. It knows no file and nothing of what it seals.

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use std::fmt;
use zeroize::Zeroizing;

/// A random nonce of this length never repeats under one key (draft-irtf-cfrg-xchacha section 2).
const NONCE: usize = 24;
const TAG: usize = 16;
/// What opens to more than this was not sealed here.
const MOST: usize = 64 << 20;

/// A key. `Debug` shows nothing of it; it is wiped when dropped.
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; 32]>);

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoRandom(String);

impl SealKey {
    /// A new one, by the system's own generator.
    pub fn random() -> Result<SealKey, NoRandom> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|error| NoRandom(error.to_string()))?;
        Ok(SealKey(bytes))
    }

    /// Reads it back from its 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<SealKey> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(SealKey(bytes))
    }

    /// As 64 hexadecimal digits.
    pub fn to_hex(&self) -> Zeroizing<String> {
        // Room from the start: a text that grows leaves copies of the secret behind.
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in self.0.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(digit.into(), 16));
            }
        }
        text
    }

    /// Seals `plain`. It opens only with the same `about`: what it belongs to.
    pub fn seal(&self, plain: &[u8], about: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let mut body = lz4_flex::block::compress_prepend_size(plain);
        let tag = self
            .cipher()
            .encrypt_inout_detached(&XNonce::from(nonce), about, body.as_mut_slice().into())
            .ok()?;
        let mut sealed = Vec::with_capacity(NONCE + TAG + body.len());
        sealed.extend(nonce);
        sealed.extend(tag);
        sealed.extend(body);
        Some(sealed)
    }

    /// Opens what was sealed; `None` where it was not, or with another key, or about another
    /// thing, or was changed since.
    pub fn open(&self, sealed: &[u8], about: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let (tag, body) = rest.split_first_chunk::<TAG>()?;
        let mut body = body.to_vec();
        self.cipher()
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                about,
                body.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        let size = u32::from_le_bytes(*body.first_chunk()?) as usize;
        if size > MOST {
            return None;
        }
        lz4_flex::block::decompress_size_prepended(&body).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_its_key_and_name_alone() {
        let (key, other) = (SealKey::random().unwrap(), SealKey::random().unwrap());
        let plain = b"Subject: the quarterly figures. ".repeat(20);
        let sealed = key.seal(&plain, b"a message").unwrap();
        assert!(sealed.len() < plain.len());
        assert!(!sealed.windows(9).any(|part| part == b"quarterly"));
        assert_eq!(key.open(&sealed, b"a message").unwrap(), plain);
        assert_eq!(other.open(&sealed, b"a message"), None);
        assert_eq!(key.open(&sealed, b"another"), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open(&changed, b"a message"), None, "byte {at}");
            assert_eq!(key.open(&sealed[..at], b"a message"), None, "cut at {at}");
        }
        assert_ne!(key.seal(&plain, b"a message").unwrap(), sealed);
    }

    #[test]
    fn a_key_is_written_and_read_and_never_shown() {
        let key = SealKey::random().unwrap();
        let text = key.to_hex();
        let read = SealKey::from_hex(&format!("{}\n", text.as_str())).unwrap();
        assert_eq!(read.to_hex(), text);
        assert_eq!(format!("{key:?}"), "SealKey(…)");
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert!(SealKey::from_hex(wrong).is_none(), "{wrong}");
        }
    }
}
