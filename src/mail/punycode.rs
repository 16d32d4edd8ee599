//! A-labels back to the letters that a reader sees (RFC 3492).

/// A domain with each `xn--` label decoded; a label that cannot be decoded stays.
pub fn decoded(domain: &str) -> String {
    let label = |label: &str| match label.strip_prefix("xn--").and_then(decode) {
        Some(text) => text,
        None => label.to_owned(),
    };
    domain.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// RFC 3492 section 6.2, with its parameters for IDNA.
fn decode(input: &str) -> Option<String> {
    if input.len() > 63 {
        return None;
    }
    let (basic, rest) = input.rsplit_once('-').unwrap_or(("", input));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes();
    while digits.len() > 0 {
        let start = i;
        let (mut weight, mut k) = (1_u32, 36_u32);
        loop {
            let digit = match digits.next()? {
                b @ b'a'..=b'z' => u32::from(b - b'a'),
                b @ b'0'..=b'9' => u32::from(b - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        let mut delta = (i - start) / if start == 0 { 700 } else { 2 };
        delta += delta / length;
        let mut steps = 0;
        while delta > 455 {
            delta /= 35;
            steps += 36;
        }
        bias = steps + 36 * delta / (delta + 38);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_decode_and_nonsense_stays() {
        for (domain, shown) in [
            ("xn--bcher-kva.example", "bücher.example"),
            ("a.xn--80ak6aa92e.com", "a.аррӏе.com"),
            ("xn--fiqs8s.test", "中国.test"),
            ("plain.example", "plain.example"),
            ("xn--99999999.example", "xn--99999999.example"),
            ("xn--.example", ".example"),
        ] {
            assert_eq!(decoded(domain), shown);
        }
    }
}
