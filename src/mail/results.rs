//! One `Authentication-Results` header (RFC 8601 section 2.2) as servers write it: methods, what came
//! of each, and of whom it speaks. Whether it can be believed is for `auth` to say.

use super::address::ascii_domain;
use super::auth::Outcome;
use super::received::comment_end;

/// One `Authentication-Results` header.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) id: Option<String>,
    pub(super) results: Vec<MethodResult>,
}

#[derive(Debug)]
pub(super) struct MethodResult {
    pub(super) method: String,
    pub(super) outcome: Outcome,
    /// `ptype.property`, lower case, and its value.
    properties: Vec<(String, String)>,
}

impl MethodResult {
    /// Whether it says that every seal on the message's way was found whole.
    pub(super) fn is_whole_seal(&self) -> bool {
        self.method == "arc" && self.outcome == Outcome::Pass
    }

    /// The domain in the first of these properties that is there.
    pub(super) fn domain(&self, names: &[&str]) -> String {
        let value = names.iter().find_map(|name| {
            let property = self
                .properties
                .iter()
                .find(|(property, _)| property == name);
            property.map(|(_, value)| value.as_str())
        });
        domain_of(value.unwrap_or_default())
    }
}

/// The domain of an address, of `@example.com`, or of a bare name; Microsoft writes `none`.
pub(super) fn domain_of(value: &str) -> String {
    let value = value.trim_matches(['<', '>', '"', ' ']);
    let domain = value.rsplit_once('@').map_or(value, |(_, domain)| domain);
    match ascii_domain(domain) {
        none if none == "none" => String::new(),
        domain => domain,
    }
}

impl Results {
    /// Reads a value (RFC 8601 section 2.2) as servers write it; Microsoft's begins with a method,
    /// without an authserv-id.
    pub(super) fn parse(value: &str) -> Results {
        let mut parsed = Results::default();
        for (at, section) in sections(value).into_iter().take(100).enumerate() {
            let mut words = section.into_iter();
            let Some(first) = words.next() else { continue };
            let Some((method, result)) = first.split_once('=') else {
                if at == 0 {
                    parsed.id = Some(first);
                }
                continue;
            };
            let method = method.split('/').next().unwrap_or_default();
            let properties = words.filter_map(|word| {
                let (name, value) = word.split_once('=')?;
                Some((name.to_ascii_lowercase(), value.to_owned()))
            });
            parsed.results.push(MethodResult {
                method: method.to_ascii_lowercase(),
                outcome: outcome(result),
                properties: properties.collect(),
            });
        }
        parsed
    }
}

pub(super) fn outcome(result: &str) -> Outcome {
    match result.to_ascii_lowercase().as_str() {
        "pass" => Outcome::Pass,
        "fail" | "softfail" | "hardfail" | "policy" | "reject" => Outcome::Fail,
        _ => Outcome::Neither,
    }
}

/// Cuts a value at semicolons into words, leaving comments out, undoing quotes and taking
/// `name = value` together.
fn sections(value: &str) -> Vec<Vec<String>> {
    let mut sections: Vec<Vec<String>> = vec![Vec::new()];
    let mut word = String::new();
    let mut rest = value;
    let mut ended = false;
    while let Some(letter) = rest.chars().next() {
        let mut after = rest.get(letter.len_utf8()..).unwrap_or_default();
        match letter {
            '(' => {
                after = after.get(comment_end(after) + 1..).unwrap_or_default();
                ended = true;
            }
            '"' => {
                let (quoted, behind) = after.split_once('"').unwrap_or((after, ""));
                word.push_str(&quoted.replace('\\', ""));
                after = behind;
            }
            ';' => {
                if let Some(section) = sections.last_mut().filter(|_| !word.is_empty()) {
                    section.push(std::mem::take(&mut word));
                }
                sections.push(Vec::new());
                ended = false;
            }
            _ if letter.is_whitespace() => ended = true,
            '=' => {
                word.push('=');
                ended = false;
                after = after.trim_start();
            }
            _ => {
                let complete = ended && !word.is_empty() && !word.ends_with('=');
                if let Some(section) = sections.last_mut().filter(|_| complete) {
                    section.push(std::mem::take(&mut word));
                }
                ended = false;
                word.push(letter);
            }
        }
        rest = after;
    }
    if let Some(section) = sections.last_mut().filter(|_| !word.is_empty()) {
        section.push(word);
    }
    sections
}
