//! Times and sizes as people write them in settings: `"30 days"`, `"8 MiB"`.

use jiff::{Span, SpanRelativeTo, Unit};
use std::time::Duration;

/// A time such as `"30 days"`, `"2 weeks"`, `"90 s"`. A day has 24 hours; months and years,
/// which differ in length, are refused.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "\"{text}\" is not a time; write a number and a unit, such as \"30 days\", \"12 hours\" or \"60 seconds\""
        )
    };
    let span: Span = text.trim().parse().map_err(|_| wrong())?;
    if span.get_months() != 0 || span.get_years() != 0 {
        return Err(format!(
            "\"{text}\": months and years differ in length; write days or weeks"
        ));
    }
    let seconds = span
        .total((Unit::Second, SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| wrong())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| format!("\"{text}\" must be more than nothing"))
}

/// A size such as `"8 MiB"`, `"500 kB"` or `"4096"`, in bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("\"{text}\" is not a size; write a number and a unit, such as \"8 MiB\"");
    let digits = text.trim();
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let (number, unit) = digits.split_at_checked(end).ok_or_else(wrong)?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "bytes" => 1,
        "kb" => 1_000,
        "kib" => 1 << 10,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("30 days", 30 * 86_400),
            ("2 weeks", 14 * 86_400),
            ("12 hours", 43_200),
            ("1h30m", 5_400),
            ("60 s", 60),
            (" 5 minutes ", 300),
        ] {
            assert_eq!(time(text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in ["", "soon", "30", "1 month", "2 years", "-3 days", "0 days"] {
            assert!(time(text).unwrap_err().contains(text), "{text}");
        }
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("8 MiB", 8 << 20),
            ("500kB", 500_000),
            ("4096", 4096),
            ("1 gib", 1 << 30),
        ] {
            assert_eq!(size(text).unwrap(), bytes, "{text}");
        }
        for text in [
            "",
            "MB",
            "-1 MB",
            "1.5 MB",
            "8 parsecs",
            "99999999999 GiB",
            "8é",
        ] {
            assert!(size(text).unwrap_err().contains(text), "{text}");
        }
    }
}
