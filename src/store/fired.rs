//! How often each rule fired here, and each entry of the lists of senders matched: counted over
//! what is known of judged messages, a message once wherever it lies or lay.

use super::{Store, StoreError};
use std::collections::BTreeMap;

/// What a verdict's findings say of lists of senders.
const LISTED: &str = "'approved-sender', 'approved-sender-spoofed', 'blocked-sender'";

/// What was said of every message that is known. Where one that was moved lay is forgotten, also
/// when it is put back, until a sweep sees it again: its hit stays.
const KNOWN: &str = "(SELECT sha256, verdict FROM judged UNION ALL
    SELECT sha256, verdict FROM hits
    WHERE (account, sha256) NOT IN (SELECT account, sha256 FROM judged)) AS known";

impl Store {
    /// The messages that each rule fired on, by its id.
    pub fn fired(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.sql(|db| {
            db.prepare(&format!(
                "SELECT finding.value ->> 'rule', count(DISTINCT sha256)
                 FROM {KNOWN}, json_each(known.verdict, '$.findings') AS finding
                 WHERE finding.value ->> 'rule' IS NOT NULL GROUP BY 1"
            ))?
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
                 FROM {KNOWN}, json_each(known.verdict, '$.findings') AS finding,
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
    use crate::store::{Brief, Judged};
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
    #[test]
    fn a_hit_that_was_moved_or_put_back_still_counts_and_by_what_was_said_last() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let place: Place = "uid:7:1".parse().unwrap();
        let said = |rule: &str| Judged {
            digest: Digest::of(b"a"),
            verdict: Verdict::weigh(
                vec![finding(rule, Evidence::none())],
                Vec::new(),
                Level::Low,
            ),
            brief: Some(Brief::default()),
        };
        let fired = |rule: &str| BTreeMap::from([(rule.to_owned(), 1)]);
        let judge = |folder: &str, rule: &str| {
            store
                .set_judged("pat", folder, &place, "rules", &said(rule))
                .unwrap();
        };
        judge("INBOX", "one");
        store
            .forget_moved("pat", "INBOX", &place, &Digest::of(b"a"))
            .unwrap();
        assert_eq!(store.fired().unwrap(), fired("one"));
        judge("INBOX", "two");
        assert_eq!(store.fired().unwrap(), fired("two"));
    }
}
