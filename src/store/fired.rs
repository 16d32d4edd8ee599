//! How often each rule fired here, and each entry of the lists of senders matched: counted over
//! what is known of judged messages, a message once wherever it lies.

use super::{Store, StoreError};
use std::collections::BTreeMap;

/// What a verdict's findings say of lists of senders.
const LISTED: &str = "'approved-sender', 'approved-sender-spoofed', 'blocked-sender'";

impl Store {
    /// The messages that each rule fired on, by its id.
    pub fn fired(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.sql(|db| {
            db.prepare(
                "SELECT finding.value ->> 'rule', count(DISTINCT sha256)
                 FROM judged, json_each(judged.verdict, '$.findings') AS finding
                 WHERE finding.value ->> 'rule' IS NOT NULL GROUP BY 1",
            )?
            .query_map([], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?
            .collect()
        })
    }

    /// The messages that each entry of the lists of senders matched.
    pub fn matched(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.sql(|db| {
            db.prepare(&format!(
                "SELECT evidence.value ->> 1, count(DISTINCT sha256)
                 FROM judged, json_each(judged.verdict, '$.findings') AS finding,
                      json_each(finding.value, '$.evidence') AS evidence
                 WHERE finding.value ->> 'rule' IN ({LISTED})
                   AND evidence.value ->> 0 = 'entry' GROUP BY 1"
            ))?
            .query_map([], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?
            .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Digest, Place};
    use crate::store::Judged;
    use crate::verdict::{Category, Evidence, Finding, Level, Verdict};

    fn finding(rule: &str, evidence: Evidence) -> Finding {
        Finding {
            rule: rule.to_owned(),
            category: Category::Spam,
            weight: 2.0,
            says: String::new(),
            evidence,
        }
    }

    #[test]
    fn a_message_counts_once_wherever_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let listed = Evidence::none()
            .with("address", "a@b.example")
            .with("entry", "*@b.example");
        let of = |rules: &[&str]| {
            let findings = rules.iter().map(|rule| finding(rule, listed.clone()));
            Verdict::weigh(findings.collect(), Vec::new(), Level::Low)
        };
        for (uid, bytes, verdict) in [
            (1, "a", of(&["one", "two"])),
            (2, "a", of(&["one", "two"])),
            (3, "b", of(&["one", "blocked-sender"])),
            (4, "c", of(&[])),
        ] {
            let judged = Judged {
                digest: Digest::of(bytes.as_bytes()),
                verdict,
                brief: None,
            };
            let place: Place = format!("uid:7:{uid}").parse().unwrap();
            store
                .set_judged("pat", "INBOX", &place, "rules", &judged)
                .unwrap();
        }
        let counts = [("blocked-sender", 1), ("one", 2), ("two", 1)];
        let counts = counts.map(|(rule, count)| (rule.to_owned(), count));
        assert_eq!(store.fired().unwrap(), BTreeMap::from(counts));
        let entry = ("*@b.example".to_owned(), 1);
        assert_eq!(store.matched().unwrap(), BTreeMap::from([entry]));
    }
}
