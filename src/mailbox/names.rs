//! Folder names on the wire and as people read them: modified UTF-7 (RFC 3501 section 5.1.3), and
//! the well-known names of folders that a server does not mark. Pure. The `utf7-imap` crate is
//! not used because it panics on a name that is not well formed, and names come from the server.

use crate::mailbox::SpecialUse;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes a name for a server that knows ASCII only.
pub(super) fn encode(name: &str) -> String {
    let mut encoded = String::new();
    let mut shifted: Vec<u8> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            unshift(&mut shifted, &mut encoded);
            match c {
                '&' => encoded.push_str("&-"),
                c => encoded.push(c),
            }
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                shifted.extend(unit.to_be_bytes());
            }
        }
    }
    unshift(&mut shifted, &mut encoded);
    encoded
}

/// Writes what is due in base 64 and clears it.
fn unshift(shifted: &mut Vec<u8>, encoded: &mut String) {
    if !shifted.is_empty() {
        encoded.push('&');
        encoded.push_str(&base64(shifted).replace('/', ","));
        encoded.push('-');
        shifted.clear();
    }
}

/// Base 64 without padding (RFC 4648 section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for digit in 0..=group.len() {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(ALPHABET.get(index).copied().map_or('A', char::from));
        }
    }
    text
}

/// Decodes a name from the wire; what is not well formed is left as it stands, so that every name
/// can be shown.
pub(super) fn decode(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    if !text.is_ascii() {
        return text.into_owned(); // a server that sends UTF-8 unasked
    }
    let mut decoded = String::new();
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let Some((inner, behind)) = after.split_once('-') else {
            decoded.push('&');
            rest = after;
            continue;
        };
        match (inner, shifted(inner)) {
            ("", _) => decoded.push('&'),
            (_, Some(part)) => decoded.push_str(&part),
            (_, None) => {
                decoded.push('&');
                rest = after;
                continue;
            }
        }
        rest = behind;
    }
    decoded.push_str(rest);
    decoded
}

/// The text of one shifted part.
fn shifted(inner: &str) -> Option<String> {
    let (mut bits, mut held, mut units) = (0u32, 0u32, Vec::new());
    for byte in inner.bytes() {
        let byte = match byte {
            b',' => b'/',
            b'/' => return None,
            byte => byte,
        };
        let digit = ALPHABET.iter().position(|own| *own == byte)?;
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    if held >= 6 || bits != 0 {
        return None;
    }
    String::from_utf16(&units).ok()
}

/// What a folder of this name is for, where the server does not say: the names that mail
/// programs and providers give in the main languages, the last level of the name alone.
pub(super) fn well_known(leaf: &str) -> Option<SpecialUse> {
    let leaf = leaf.to_lowercase();
    let kinds: [(SpecialUse, &[&str]); 5] = [
        (
            SpecialUse::Junk,
            &[
                "junk",
                "spam",
                "junk email",
                "junk e-mail",
                "junk mail",
                "bulk mail",
                "[gmail]/spam",
                "junk-e-mail",
                "spamverdacht",
                "unerwünscht",
                "courrier indésirable",
                "indésirables",
                "pourriel",
                "correo no deseado",
                "posta indesiderata",
                "ongewenste e-mail",
                "ongewenst",
                "lixo eletrônico",
                "lixo eletrónico",
                "спам",
                "нежелательная почта",
                "wiadomości-śmieci",
                "skräppost",
                "uønsket e-post",
                "roskaposti",
                "uønsket mail",
                "nevyžádaná pošta",
                "nevyžiadaná pošta",
                "levélszemét",
                "önemsiz e-posta",
                "ανεπιθύμητη αλληλογραφία",
                "correu brossa",
                "דואר זבל",
                "البريد الإلكتروني غير الهام",
                "垃圾邮件",
                "垃圾郵件",
                "迷惑メール",
                "스팸",
            ],
        ),
        (
            SpecialUse::Sent,
            &[
                "sent",
                "sent items",
                "sent mail",
                "sent messages",
                "gesendet",
                "gesendete elemente",
                "gesendete objekte",
                "gesendete nachrichten",
                "postausgang",
                "envoyés",
                "éléments envoyés",
                "messages envoyés",
                "enviados",
                "elementos enviados",
                "posta inviata",
                "inviata",
                "verzonden",
                "verzonden items",
                "itens enviados",
                "отправленные",
                "wysłane",
                "elementy wysłane",
                "skickat",
                "sendt",
                "lähetetyt",
                "sendt post",
                "sendte elementer",
                "odeslaná pošta",
                "odoslaná pošta",
                "elküldött elemek",
                "gönderilmiş öğeler",
                "απεσταλμένα",
                "已发送",
                "已发送邮件",
                "寄件備份",
                "送信済み",
                "送信済みアイテム",
                "보낸 편지함",
            ],
        ),
        (
            SpecialUse::Trash,
            &[
                "trash",
                "deleted",
                "deleted items",
                "deleted messages",
                "bin",
                "papierkorb",
                "gelöscht",
                "gelöschte elemente",
                "gelöschte objekte",
                "corbeille",
                "éléments supprimés",
                "papelera",
                "elementos eliminados",
                "cestino",
                "posta eliminata",
                "prullenbak",
                "verwijderde items",
                "lixeira",
                "itens excluídos",
                "корзина",
                "удаленные",
                "kosz",
                "elementy usunięte",
                "papperskorg",
                "slettet post",
                "roskakori",
                "slettede elementer",
                "borttaget",
                "poistetut",
                "itens eliminados",
                "odstraněná pošta",
                "odstránená pošta",
                "törölt elemek",
                "silinmiş öğeler",
                "διαγραμμένα",
                "削除済みアイテム",
                "지운 편지함",
                "已删除邮件",
                "ゴミ箱",
                "휴지통",
            ],
        ),
        (
            SpecialUse::Drafts,
            &[
                "drafts",
                "draft",
                "entwürfe",
                "brouillons",
                "borradores",
                "bozze",
                "concepten",
                "rascunhos",
                "черновики",
                "robocze",
                "wersje robocze",
                "utkast",
                "kladder",
                "luonnokset",
                "koncepty",
                "piszkozatok",
                "taslaklar",
                "πρόχειρα",
                "草稿",
                "草稿箱",
                "下書き",
                "임시 보관함",
            ],
        ),
        (
            SpecialUse::Archive,
            &[
                "archive",
                "archives",
                "archiv",
                "archivo",
                "archivio",
                "archief",
                "arquivo",
                "архив",
                "archiwum",
                "arkiv",
                "arkisto",
                "アーカイブ",
            ],
        ),
    ];
    let mut known = kinds
        .iter()
        .filter(|(_, names)| names.contains(&leaf.as_str()));
    known.next().map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_travel_both_ways() {
        for (name, wire) in [
            ("Müll", "M&APw-ll"),
            ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
            ("Šiukšliadėžė", "&AWA-iuk&AWE-liad&ARcBfgEX-"),
            ("Tom & Jerry", "Tom &- Jerry"),
            ("📫 in", "&2D3c6w- in"),
            ("tab\there", "tab&AAk-here"),
            ("plain \"quoted\" \\", "plain \"quoted\" \\"),
            ("", ""),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire.as_bytes()), name);
        }
    }

    #[test]
    fn malformed_names_are_shown_as_they_stand() {
        for name in [
            "&", "a&b", "&!!!-", "&A-", "&2D0-", "&AAAAA-x", "&-&", "&AP",
        ] {
            let shown = decode(name.as_bytes());
            assert!(!shown.is_empty(), "{name}");
        }
        assert_eq!(decode(b"&!!!-"), "&!!!-");
        assert_eq!(decode(b"M\xc3\xbcll"), "Müll");
        assert_eq!(decode(b"M\xfcll"), "M\u{fffd}ll");
    }

    proptest::proptest! {
        #[test]
        fn any_name_survives(name in ".{0,20}") {
            proptest::prop_assert_eq!(decode(encode(&name).as_bytes()), name);
        }

        #[test]
        fn any_bytes_decode(raw: Vec<u8>) {
            decode(&raw);
        }
    }

    #[test]
    fn folders_are_known_by_name() {
        assert_eq!(well_known("Sent Items"), Some(SpecialUse::Sent));
        assert_eq!(well_known("GESENDET"), Some(SpecialUse::Sent));
        assert_eq!(well_known("Junk Email"), Some(SpecialUse::Junk));
        assert_eq!(well_known("Deleted Items"), Some(SpecialUse::Trash));
        assert_eq!(well_known("Entwürfe"), Some(SpecialUse::Drafts));
        // As Exchange names them where its owner writes in another language.
        for (name, special) in [
            ("Courrier indésirable", SpecialUse::Junk),
            ("Nevyžádaná pošta", SpecialUse::Junk),
            ("Önemsiz E-posta", SpecialUse::Junk),
            ("Sendt post", SpecialUse::Sent),
            ("削除済みアイテム", SpecialUse::Trash),
            ("ΠΡΌΧΕΙΡΑ", SpecialUse::Drafts),
        ] {
            assert_eq!(well_known(name), Some(special), "{name}");
        }
        assert_eq!(well_known("Sentinel"), None);
    }
}
