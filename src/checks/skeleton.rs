//! What a word looks like, whatever it is written with (Unicode TS 39): `PayPaI`, `раураl` and
//! `paypa1` look like `paypal`.

/// What a text looks like, in small letters. Equal skeletons look alike; a skeleton is no word.
pub fn skeleton(text: &str) -> String {
    unicode_security::confusable_detection::skeleton(text)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Digits and pairs of letters that stand for a letter in a domain, undone.
pub fn undisguised(label: &str) -> String {
    let mut plain = String::with_capacity(label.len());
    for c in label.chars() {
        plain.push(match c {
            '0' => 'o',
            '1' => 'l',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            other => other,
        });
    }
    plain.replace("rn", "m").replace("vv", "w")
}

/// Whether one change (a letter more, less, another, or two exchanged) makes `a` into `b`.
pub fn one_change(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 || a == b {
        return false;
    }
    let same_start = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let same_end = short
        .iter()
        .rev()
        .zip(long.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    if same_start + same_end + 1 >= long.len() {
        return true;
    }
    let exchanged = |at: usize| {
        a.len() == b.len()
            && a.get(at).is_some()
            && a.get(at) == b.get(at + 1)
            && a.get(at + 1) == b.get(at)
    };
    exchanged(same_start) && same_start + same_end + 2 == long.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        for (a, b) in [
            ("PayPaI", "PayPal"),
            ("раураӏ", "paypal"),
            ("Amaz0n", "AmazOn"),
        ] {
            assert_eq!(skeleton(a), skeleton(b));
        }
        assert_ne!(skeleton("paypal"), skeleton("example"));
    }

    #[test]
    fn one_change_is_one_change() {
        for (a, b) in [
            ("paypal", "paypall"),
            ("paypal", "papal"),
            ("paypal", "pzypal"),
            ("paypal", "apypal"),
            ("netflix", "netfilx"),
        ] {
            assert!(one_change(a, b) && one_change(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("paypal", "paypal"),
            ("paypal", "apypla"),
            ("paypal", "paypalxx"),
        ] {
            assert!(!one_change(a, b), "{a} {b}");
        }
    }
}
