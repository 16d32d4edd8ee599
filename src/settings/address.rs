//! What passes for an address or a domain in the settings. Looks nothing up.

/// Enough to catch a slip; the server has the last word.
pub(super) fn is_address(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
    match text.rsplit_once('@') {
        Some((local, domain)) => {
            !local.is_empty() && !local.contains('@') && is_domain(domain) && !text.contains(odd)
        }
        None => false,
    }
}

/// Labels with dots in between, in any letters.
pub(super) fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    text.split('.').all(label)
}
