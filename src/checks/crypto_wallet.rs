//! The address of a crypto wallet in the text.

use super::{Check, Concern, Given};
use crate::mail::Message;
use crate::verdict::Evidence;
use sha2::{Digest as _, Sha256};

/// `crypto-wallet`
pub const CRYPTO_WALLET: Check = Check {
    name: "crypto-wallet",
    about: "The text holds the address of a Bitcoin, Ethereum or Monero wallet. Checksums are \
            counted, so that other long numbers do not pass for one.",
    concern: Concern::Text,
    run,
};

fn run(message: &Message, _: &Given) -> Option<Evidence> {
    message
        .text
        .as_bytes()
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| (26..=95).contains(&word.len()))
        .filter_map(|word| std::str::from_utf8(word).ok())
        .find(|word| is_base58(word) || is_bech32(word) || is_ethereum(word) || is_monero(word))
        .map(|word| Evidence::none().with("wallet", word))
}

/// A Bitcoin address of the old kinds: base 58 with a checksum.
fn is_base58(word: &str) -> bool {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if !(word.starts_with('1') || word.starts_with('3')) || word.len() > 35 {
        return false;
    }
    let mut number = [0_u8; 25];
    for byte in word.bytes() {
        let Some(digit) = ALPHABET.iter().position(|letter| *letter == byte) else {
            return false;
        };
        let mut carry = digit;
        for place in number.iter_mut().rev() {
            carry += usize::from(*place) * 58;
            *place = (carry & 0xFF) as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let Some((body, checksum)) = number.split_at_checked(21) else {
        return false;
    };
    Sha256::digest(Sha256::digest(body)).starts_with(checksum)
}

/// A Bitcoin address of the new kinds (BIP 173, BIP 350).
fn is_bech32(word: &str) -> bool {
    const ALPHABET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let lower = word.to_ascii_lowercase();
    let Some(data) = lower.strip_prefix("bc1") else {
        return false;
    };
    let step = |sum: u32, value: u32| {
        const GENERATOR: [u32; 5] = [
            0x3b6a_57b2,
            0x2650_8e6d,
            0x1ea1_19fa,
            0x3d42_33dd,
            0x2a14_62b3,
        ];
        let top = sum >> 25;
        let mixed = (sum & 0x1ff_ffff) << 5 ^ value;
        let bits = GENERATOR.iter().enumerate();
        bits.fold(mixed, |sum, (bit, generator)| {
            if top >> bit & 1 == 1 {
                sum ^ generator
            } else {
                sum
            }
        })
    };
    // The human-readable part, spread out: `b` and `c`.
    let mut sum = [3, 3, 0, 2, 3].into_iter().fold(1, step);
    for byte in data.bytes() {
        let Some(value) = ALPHABET.iter().position(|letter| *letter == byte) else {
            return false;
        };
        sum = step(sum, value as u32);
    }
    matches!(sum, 1 | 0x2bc8_30a3)
}

fn is_ethereum(word: &str) -> bool {
    word.strip_prefix("0x")
        .is_some_and(|rest| rest.len() == 40 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// 95 characters of base 58, the first a 4 or an 8; its checksum (Keccak) is left out.
fn is_monero(word: &str) -> bool {
    word.len() == 95
        && (word.starts_with('4') || word.starts_with('8'))
        && word.bytes().all(|b| !b"0OIl".contains(&b))
        && word.bytes().any(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses are those of the specifications.
    #[test]
    fn wallets_are_told_from_other_long_words() {
        assert!(is_base58("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));
        assert!(!is_base58("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
        assert!(is_bech32("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"));
        assert!(is_bech32("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"));
        assert!(!is_bech32("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"));
        assert!(is_ethereum("0x00000000219ab540356cBB839Cbe05303d7705Fa"));
        assert!(!is_ethereum("00000000219ab540356cBB839Cbe05303d7705Fa"));
    }
}
