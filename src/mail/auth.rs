//! What the receiver's own server found on SPF, DKIM and DMARC (RFC 8601), read from the
//! `Authentication-Results` that it wrote, and from no other. What a forwarder found before it
//! (ARC, RFC 8617) is kept apart, and only where the receiver confirmed the seal: whether that
//! forwarder is to be believed is for others to say.

use super::Address;
use super::address::{ascii_domain, organisational_domain};
use super::message::Header;
use super::received::{Hop, Receiver};
use super::results::{MethodResult, Results, domain_of, outcome};
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
    /// What the last forwarder found, as it sealed it, where the receiver found the seals whole
    /// (`arc=pass`). Anybody can seal anything: it is worth what `by` in it is worth.
    pub forwarder: Option<Box<Authentication>>,
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
        let mut sealed = false;
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
                    sealed |= results.results.iter().any(MethodResult::is_whole_seal);
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
        if sealed {
            found.forwarder = forwarder(headers, organisation).map(Box::new);
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

/// What the last forwarder that is not of the receiver's organisation wrote into its
/// `ARC-Authentication-Results` (RFC 8617 section 4.1.1).
fn forwarder(headers: &[Header], organisation: Option<&str>) -> Option<Authentication> {
    /// A chain is no longer (section 4.2.1).
    const MOST: usize = 50;
    let named = |header: &&Header| {
        let name = "ARC-Authentication-Results";
        header.name.eq_ignore_ascii_case(name)
    };
    let sealed = headers.iter().filter(named).take(MOST);
    let sealed = sealed.filter_map(|header| {
        let (instance, results) = header.value.split_once(';')?;
        let instance: u8 = instance.trim().strip_prefix("i=")?.trim().parse().ok()?;
        let results = Results::parse(results);
        let by = results.id.clone()?;
        let own = organisation == Some(owner(&ascii_domain(&by)));
        (!own).then_some((instance, by, results))
    });
    let (_, by, results) = sealed.max_by_key(|(instance, ..)| *instance)?;
    let mut found = Authentication {
        by: Some(by),
        ..Authentication::default()
    };
    found.add(&results);
    Some(found)
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

    #[test]
    fn a_forwarder_counts_where_the_receiver_found_its_seal_whole() {
        let sealed = "ARC-Authentication-Results: i=2; lists.forward.example;\n dkim=pass header.d=sender.example; dmarc=pass header.from=sender.example\n\
                      ARC-Authentication-Results: i=1; first.example; dmarc=fail header.from=sender.example\n\
                      ARC-Authentication-Results: i=3; mx.example.com; dmarc=fail header.from=sender.example";
        for (found, whole) in [("arc=pass (i=2)", true), ("arc=fail", false), ("", false)] {
            let own = format!(
                "Authentication-Results: mx.example.com; dmarc=fail header.from=sender.example; {found}"
            );
            let found = read(&format!("{own}\n{EDGE}\n{sealed}"), &[]);
            assert_eq!(found.forwarder.is_some(), whole);
            let from = Address::new("", "a@sender.example");
            assert_eq!(found.alignment(&from), Alignment::Fail);
            if let Some(forwarder) = found.forwarder {
                assert_eq!(forwarder.by.as_deref(), Some("lists.forward.example"));
                assert_eq!(forwarder.alignment(&from), Alignment::Pass);
            }
        }
        // A seal that the sender says was whole is none.
        let claimed = "Authentication-Results: mx.example.com; arc=pass";
        assert_eq!(
            read(&format!("{EDGE}\n{claimed}\n{sealed}"), &[]).forwarder,
            None
        );
    }
}
