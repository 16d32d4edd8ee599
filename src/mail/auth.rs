//! What the receiver's own server found on SPF, DKIM and DMARC (RFC 8601), read from the
//! `Authentication-Results` that it wrote, and from no other.
//! ARC (RFC 8617) is left out: what a relay vouches for is nothing that the receiver found.

use super::Address;
use super::address::{ascii_domain, organisational_domain};
use super::message::Header;
use super::received::{Hop, Receiver, comment_end};
use super::trail::{owner, receiving_organisation};

/// One method's result (RFC 8601 section 2.7), folded to what matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// `pass`
    Pass,
    /// `fail`, `softfail`, `policy`
    Fail,
    /// `none`, `neutral`, `temperror`, `permerror`: nothing was shown either way.
    Neither,
}

/// What the receiver recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authentication {
    /// SPF, with the domain of the envelope sender that it speaks of.
    pub spf: Option<(Outcome, String)>,
    /// DKIM, each signature with its `header.d`.
    pub dkim: Vec<(Outcome, String)>,
    /// DMARC, with the From domain that it speaks of.
    pub dmarc: Option<(Outcome, String)>,
    /// Microsoft's composite authentication.
    pub compauth: Option<Outcome>,
    /// Who wrote it: the authserv-id, or the trusted host it stands above. `None`: the receiver
    /// recorded nothing.
    pub by: Option<String>,
}

/// What authentication says of the From domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// DMARC passed, or SPF or DKIM passed for the From domain's organisation.
    Pass,
    /// The receiver looked and nothing passed for the From domain, or DMARC failed.
    Fail,
    /// The receiver recorded nothing that speaks either way.
    Unrecorded,
}

impl Authentication {
    /// What the receiver's own server recorded.
    ///
    /// Its headers stand above the `Received` line of the handover. By its authserv-id, where the
    /// settings name that, one counts also right below (Postfix puts what its filters add there);
    /// without, nothing tells it there from one that the sender wrote. Nothing counts below the
    /// next `Received` line, whatever it is called.
    pub(super) fn read(headers: &[Header], hops: &[Hop], receiver: &Receiver) -> Authentication {
        let mut found = Authentication::default();
        let trusted = hops.iter().take_while(|hop| hop.trusted).count();
        let organisation = receiving_organisation(hops);
        let handover = hops
            .get(trusted.wrapping_sub(1))
            .and_then(|hop| hop.by.clone());
        let mut received = 0;
        let mut spf = None;
        for header in headers {
            if header.name.eq_ignore_ascii_case("Received") {
                received += 1;
                if received > trusted {
                    break;
                }
                continue;
            }
            let above = received < trusted;
            if header.name.eq_ignore_ascii_case("Authentication-Results") {
                let results = Results::parse(&header.value);
                let named = |id: &str| {
                    receiver
                        .authserv_ids
                        .iter()
                        .any(|own| own.eq_ignore_ascii_case(id))
                };
                let by = match (&results.id, receiver.authserv_ids.is_empty()) {
                    (Some(id), false) if named(id) => Some(id.clone()),
                    (Some(id), true) if above => {
                        let own = organisation == Some(owner(&ascii_domain(id)));
                        own.then(|| id.clone())
                    }
                    (None, _) if above => handover.clone(),
                    _ => None,
                };
                if let Some(by) = by {
                    found.add(&results);
                    found.by.get_or_insert(by);
                }
            } else if above && spf.is_none() && header.name.eq_ignore_ascii_case("Received-SPF") {
                spf = received_spf(&header.value);
            }
        }
        if found.spf.is_none() && spf.is_some() {
            found.spf = spf;
            found.by = found.by.or(handover);
        }
        found
    }

    /// The topmost word on each method counts.
    fn add(&mut self, results: &Results) {
        let first_dkim = self.dkim.is_empty();
        for result in &results.results {
            let domain = |names: &[&str]| result.domain(names);
            match result.method.as_str() {
                "spf" if self.spf.is_none() => {
                    let of = domain(&["smtp.mailfrom", "smtp.mail", "smtp.helo"]);
                    self.spf = Some((result.outcome, of));
                }
                "dkim" if first_dkim && self.dkim.len() < 20 => {
                    let of = domain(&["header.d", "header.i", "header.from"]);
                    self.dkim.push((result.outcome, of));
                }
                "dmarc" if self.dmarc.is_none() => {
                    self.dmarc = Some((result.outcome, domain(&["header.from", "from"])));
                }
                "compauth" if self.compauth.is_none() => self.compauth = Some(result.outcome),
                _ => {}
            }
        }
    }

    /// What all this says of the From address, by organisational domains ("relaxed", RFC 7489
    /// section 3.1).
    pub fn alignment(&self, from: &Address) -> Alignment {
        let own = |domain: &str| {
            !domain.is_empty() && organisational_domain(domain) == from.organisation()
        };
        match &self.dmarc {
            Some((Outcome::Pass, domain)) if domain.is_empty() || own(domain) => {
                return Alignment::Pass;
            }
            Some((Outcome::Fail, _)) => return Alignment::Fail,
            _ => {}
        }
        let results = || self.spf.iter().chain(&self.dkim);
        if results().any(|(outcome, domain)| *outcome == Outcome::Pass && own(domain)) {
            return Alignment::Pass;
        }
        let looked = results()
            .chain(&self.dmarc)
            .any(|(outcome, _)| *outcome != Outcome::Neither)
            || self.compauth == Some(Outcome::Fail);
        if looked {
            Alignment::Fail
        } else {
            Alignment::Unrecorded
        }
    }
}

/// One `Authentication-Results` header.
#[derive(Debug, Default)]
struct Results {
    id: Option<String>,
    results: Vec<MethodResult>,
}

#[derive(Debug)]
struct MethodResult {
    method: String,
    outcome: Outcome,
    /// `ptype.property`, lower case, and its value.
    properties: Vec<(String, String)>,
}

impl MethodResult {
    /// The domain in the first of these properties that is there.
    fn domain(&self, names: &[&str]) -> String {
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
fn domain_of(value: &str) -> String {
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
    fn parse(value: &str) -> Results {
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

fn outcome(result: &str) -> Outcome {
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

/// A `Received-SPF` header (RFC 7208 section 9.1).
fn received_spf(value: &str) -> Option<(Outcome, String)> {
    let result = value.split([' ', '(']).next()?;
    let after = |mark: &str| {
        let (_, rest) = value.split_once(mark)?;
        rest.split([' ', ';', ')']).find(|word| !word.is_empty())
    };
    let domain = after("envelope-from=")
        .or_else(|| after("domain of transitioning "))
        .or_else(|| after("domain of "))
        .or_else(|| after("helo="))
        .unwrap_or_default();
    Some((outcome(result), domain_of(domain)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Coverage, Message, Reading};

    const EDGE: &str =
        "Received: from x.test (x.sender.test [203.0.113.9]) by mx.example.com with ESMTP; x";

    fn read(head: &str, ids: &[&str]) -> Authentication {
        let reading = Reading {
            receiver: Receiver {
                authserv_ids: ids.iter().map(|id| (*id).into()).collect(),
                ..Receiver::default()
            },
            ..Reading::default()
        };
        let raw = format!("{head}\nFrom: a@sender.example\n\nbody").into_bytes();
        Message::parse(raw, Coverage::Whole, &reading).authentication
    }

    fn shown(found: &Authentication) -> String {
        let one = |(outcome, domain): &(Outcome, String)| format!("{outcome:?}:{domain}");
        let or = |value: &Option<(Outcome, String)>| value.as_ref().map_or("-".into(), one);
        let dkim: Vec<String> = found.dkim.iter().map(one).collect();
        let compauth = found.compauth.map_or("-".into(), |of| format!("{of:?}"));
        format!(
            "{} [{}] {} {compauth}",
            or(&found.spf),
            dkim.join(" "),
            or(&found.dmarc)
        )
    }

    #[test]
    fn results_are_read_as_servers_write_them() {
        for (value, expected) in [
            (
                "mx.example.com; spf=pass (sender IP; is 1) smtp.mailfrom=bounce@mail.sender.example; dkim=pass (2048-bit key) header.d=sender.example header.i=@x header.s=k; dmarc=pass (p=REJECT) header.from=sender.example",
                "Pass:mail.sender.example [Pass:sender.example] Pass:sender.example -",
            ),
            (
                "mx.example.com 1;\r\n\tdkim=pass header.i=@a.example header.s=s header.b=\"x;y\";\r\n\tdkim=fail reason=\"bad; signature\" header.d=b.example; spf=softfail (x) smtp.mailfrom=\"c@c.example\"",
                "Fail:c.example [Pass:a.example Fail:b.example] - -",
            ),
            ("mx.example.com; none", "- [] - -"),
            (
                "mx.example.com; SPF = Neutral smtp.helo = h.example; dmarc/1=temperror header.from=d.example",
                "Neither:h.example [] Neither:d.example -",
            ),
            (
                "spf=fail (sender IP is 203.0.113.9) smtp.mailfrom=sender.example; dkim=none (message not signed) header.d=none;dmarc=fail action=quarantine header.from=sender.example;compauth=fail reason=000",
                "Fail:sender.example [Neither:] Fail:sender.example Fail",
            ),
            ("", "- [] - -"),
            ("mx.example.com; ;;= ;(unclosed", "- [] - -"),
        ] {
            let head = format!("Authentication-Results: {value}\n{EDGE}");
            assert_eq!(shown(&read(&head, &[])), expected, "{value}");
        }
    }

    #[test]
    fn only_the_receivers_own_results_count() {
        let results =
            |id: &str| format!("Authentication-Results: {id}dmarc=pass header.from=sender.example");
        let own = results("mx.example.com; ");
        let other = results("mx.evil.test; ");
        let nameless = results("");
        let arc = "ARC-Authentication-Results: i=1; mx.example.com; dmarc=pass header.from=sender.example";
        let inner = "Received: from mx.example.com ([10.0.0.1]) by store.example.com with LMTP; x";
        let earlier = "Received: from y by relay.sender.test; x";
        let named = &["mx.example.com"][..];
        for (lines, ids, by) in [
            (vec![&own, EDGE], &[][..], Some("mx.example.com")),
            (vec![&own, EDGE], named, Some("mx.example.com")),
            (vec![inner, &own, EDGE], &[], Some("mx.example.com")),
            (vec![&other, EDGE], &[], None),
            (vec![&own, EDGE], &["another.example"], None),
            // Microsoft: no name, but above the handover.
            (vec![inner, &nameless, EDGE], &[], Some("mx.example.com")),
            (vec![EDGE, &nameless], &[], None),
            (vec![EDGE, &nameless], named, None),
            // Below the handover the sender can write what it likes.
            (vec![EDGE, &own], &[], None),
            (vec![EDGE, earlier, &own], &[], None),
            (vec![EDGE, earlier, &own], named, None),
            // Where the settings name the server, it is taken to have removed forged ones.
            (vec![EDGE, &own], named, Some("mx.example.com")),
            (vec![arc, EDGE], &[], None),
            (vec![&own], &[], None),
            (vec![&own], named, Some("mx.example.com")),
        ] {
            let found = read(&lines.join("\n"), ids);
            assert_eq!(found.by.as_deref(), by, "{lines:?} {ids:?}");
            assert_eq!(found.dmarc.is_some(), by.is_some(), "{lines:?} {ids:?}");
        }
    }

    #[test]
    fn received_spf_counts_when_nothing_else_does() {
        let spf = "Received-SPF: Pass (mx.example.com: domain of b@sender.example designates 203.0.113.9 as permitted sender) client-ip=203.0.113.9; envelope-from=b@mail.sender.example; helo=x;";
        for (lines, expected) in [
            (vec![spf, EDGE], "Pass:mail.sender.example [] - -"),
            (vec![EDGE, spf], "- [] - -"),
            (
                vec![
                    "Received-SPF: softfail (x: domain of transitioning b@sender.example does not designate)",
                    EDGE,
                ],
                "Fail:sender.example [] - -",
            ),
            (
                vec![
                    spf,
                    "Authentication-Results: mx.example.com; spf=fail smtp.mailfrom=o.example",
                    EDGE,
                ],
                "Fail:o.example [] - -",
            ),
        ] {
            assert_eq!(shown(&read(&lines.join("\n"), &[])), expected, "{lines:?}");
        }
    }

    #[test]
    fn alignment_is_by_organisation() {
        for (results, alignment) in [
            ("dmarc=pass header.from=sender.example", Alignment::Pass),
            ("dmarc=pass header.from=evil.test", Alignment::Fail),
            (
                "dmarc=fail header.from=sender.example; spf=pass smtp.mailfrom=sender.example",
                Alignment::Fail,
            ),
            (
                "spf=pass smtp.mailfrom=a@bounce.sender.example",
                Alignment::Pass,
            ),
            ("spf=pass smtp.mailfrom=a@evil.test", Alignment::Fail),
            (
                "dkim=pass header.d=evil.test; dkim=pass header.d=sender.example",
                Alignment::Pass,
            ),
            ("dkim=pass header.d=evilsender.example", Alignment::Fail),
            (
                "dkim=fail header.d=sender.example; spf=none; dmarc=none",
                Alignment::Fail,
            ),
            (
                "spf=none; dkim=none; dmarc=none header.from=sender.example",
                Alignment::Unrecorded,
            ),
            ("compauth=fail reason=000", Alignment::Fail),
            ("compauth=pass reason=109", Alignment::Unrecorded),
            ("none", Alignment::Unrecorded),
        ] {
            let found = read(
                &format!("Authentication-Results: mx.example.com; {results}\n{EDGE}"),
                &[],
            );
            let from = Address::new("", "a@mail.sender.example");
            assert_eq!(found.alignment(&from), alignment, "{results}");
        }
    }
}
