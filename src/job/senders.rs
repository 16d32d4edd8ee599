//! The lists of approved and blocked senders as a person keeps them: what each entry covers, how
//! often it matched, one more, one less. The form is checked before anything is written.

use super::desk::JobError;
use super::known::{known, made};
use crate::checks::{FREE_HOSTING, FREEMAIL};
use crate::mail::address::organisational_domain;
use crate::rules::{Refused, SenderPattern};
use crate::settings::{List, Places, Setting, Settings, SettingsError, set_all};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Whom an entry covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Covers {
    /// One address.
    Address,
    /// Everybody at a domain, and not at its servers.
    Domain,
    /// Everybody at one server of a domain.
    Server,
    /// Everybody at all servers of a domain, and not at the domain itself.
    Servers,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderLine {
    /// As it is written.
    pub entry: String,
    /// Whom it covers; or why it cannot be used, and a sweep would not start.
    pub covers: Result<Covers, Refused>,
    /// The messages known here that it matched.
    pub matched: u64,
    /// When it was put there; `None`: by hand in the settings, and nobody knows when.
    pub added: Option<Timestamp>,
}

/// Both lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderLists {
    /// Never flagged.
    pub approved: Vec<SenderLine>,
    /// Always flagged.
    pub blocked: Vec<SenderLine>,
}

impl SenderLists {
    /// One of them.
    pub fn of(&self, list: List) -> &[SenderLine] {
        match list {
            List::Approved => &self.approved,
            List::Blocked => &self.blocked,
        }
    }
}

/// Why a list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The entry is not in a form that lists take.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The settings could not be written.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// Both lists, in the order of the settings; counts come from the store where there is one.
pub fn senders(settings: &Settings, places: &Places) -> Result<SenderLists, JobError> {
    let (mut matched, mut approved, mut blocked) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    if let Some(known) = known(places)? {
        matched = known.store.matched()?;
        approved = known.store.listed(List::Approved.word())?;
        blocked = known.store.listed(List::Blocked.word())?;
    }
    let lines = |entries: &[String], added: &BTreeMap<String, Timestamp>| -> Vec<SenderLine> {
        let line = |entry: &String| SenderLine {
            entry: entry.clone(),
            covers: check_sender(entry),
            // The verdict names an entry in its normal form.
            matched: SenderPattern::parse(entry)
                .ok()
                .and_then(|pattern| matched.get(&pattern.to_string()).copied())
                .unwrap_or_default(),
            added: added.get(entry).copied(),
        };
        entries.iter().map(line).collect()
    };
    Ok(SenderLists {
        approved: lines(&settings.approved, &approved),
        blocked: lines(&settings.blocked, &blocked),
    })
}

/// The sender in what was typed or pasted: an address in angle brackets goes without the name
/// before it.
pub fn typed_sender(text: &str) -> &str {
    let text = text.trim();
    let inner = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'));
    inner.map_or(text, |(_, address)| address.trim())
}

/// Whether anybody gets an address at a domain, so that approving all who write from there says
/// nothing about any of them.
pub fn is_anybodys(domain: &str) -> bool {
    let domain = domain.to_lowercase();
    FREEMAIL.covers(&domain) || FREE_HOSTING.covers(&domain)
}

/// Whom an entry would cover, or why it is refused.
pub fn check_sender(entry: &str) -> Result<Covers, Refused> {
    Ok(match SenderPattern::parse(entry)? {
        SenderPattern::Address { .. } => Covers::Address,
        SenderPattern::Subdomains(_) => Covers::Servers,
        SenderPattern::Domain(domain) => match organisational_domain(&domain) == domain {
            true => Covers::Domain,
            false => Covers::Server,
        },
    })
}

/// Puts senders on a list, and takes them off the other; what is there already stays where it is.
/// All or none. Gives the settings, and how many are new.
pub fn list_senders(
    places: &Places,
    list: List,
    entries: &[String],
) -> Result<(Settings, usize), ListError> {
    // By their normal form; in the order in which they came.
    let mut patterns: HashMap<String, (usize, String)> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let pattern = SenderPattern::parse(entry)?.to_string();
        patterns
            .entry(pattern)
            .or_insert_with(|| (at, entry.trim().to_owned()));
    }
    let before = match Settings::load(&places.config_file) {
        Err(SettingsError::Missing { path }) => Settings::parse(&path, "")?,
        loaded => loaded?,
    };
    let normal = |entry: &String| {
        let pattern = SenderPattern::parse(entry).ok()?;
        Some((pattern.to_string(), entry.clone()))
    };
    let there: HashSet<String> = entries_of(&before, list)
        .iter()
        .filter_map(|entry| Some(normal(entry)?.0))
        .collect();
    let mut changes = Vec::new();
    for (other, entry) in entries_of(&before, list.other()).iter().filter_map(normal) {
        if patterns.contains_key(&other) {
            changes.push(Setting::NoSender(list.other(), entry));
        }
    }
    let mut fresh: Vec<(&String, &(usize, String))> = patterns
        .iter()
        .filter(|(pattern, _)| !there.contains(*pattern))
        .collect();
    fresh.sort_by_key(|(_, (at, _))| *at);
    let fresh: Vec<String> = fresh
        .into_iter()
        .map(|(_, (_, entry))| entry.clone())
        .collect();
    let set = |entry: &String| Setting::Sender(list, entry.clone());
    changes.extend(fresh.iter().map(set));
    if changes.is_empty() {
        return Ok((before, 0));
    }
    let settings = write_settings(places, &changes)?;
    // The list is what counts; without its date it is as good.
    let noted = made(places).and_then(|mut known| {
        let now = Timestamp::now();
        Ok(known.store.note_listed(list.word(), &fresh, now)?)
    });
    if let Err(error) = noted {
        log::warn!("when senders were listed is not kept: {error}");
    }
    Ok((settings, fresh.len()))
}

/// Takes entries off a list, as they are written there.
pub fn unlist_senders(
    places: &Places,
    list: List,
    entries: &[String],
) -> Result<Settings, SettingsError> {
    let changes = entries
        .iter()
        .map(|entry| Setting::NoSender(list, entry.clone()));
    write_settings(places, &changes.collect::<Vec<_>>())
}

/// Writes settings, all or none. An entry that is taken off a list loses its date; one that is put
/// back has it again.
pub fn write_settings(places: &Places, changes: &[Setting]) -> Result<Settings, SettingsError> {
    let settings = set_all(&places.config_file, changes)?;
    let is_of_lists =
        |change: &Setting| matches!(change, Setting::Sender(..) | Setting::NoSender(..));
    if changes.iter().any(is_of_lists)
        && let Err(error) = follow(places, changes, &settings)
    {
        log::warn!("when senders were listed is not kept: {error}");
    }
    Ok(settings)
}

/// Lets the dates follow what was written, and what was taken off by hand before.
fn follow(places: &Places, changes: &[Setting], settings: &Settings) -> Result<(), JobError> {
    let Some(mut known) = known(places)? else {
        return Ok(());
    };
    for list in [List::Approved, List::Blocked] {
        let (mut off, mut on) = (Vec::new(), Vec::new());
        for change in changes {
            match change {
                Setting::NoSender(of, entry) if *of == list => off.push(entry.clone()),
                Setting::Sender(of, entry) if *of == list => on.push(entry.clone()),
                _ => {}
            }
        }
        known.store.set_listed_aside(list.word(), &off)?;
        known.store.take_listed_back(list.word(), &on)?;
        let there = entries_of(settings, list);
        known.store.keep_listed(list.word(), there)?;
    }
    Ok(())
}

fn entries_of(settings: &Settings, list: List) -> &[String] {
    match list {
        List::Approved => &settings.approved,
        List::Blocked => &settings.blocked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> (tempfile::TempDir, Places) {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::within(dir.path());
        (dir, places)
    }

    #[test]
    fn an_entry_says_whom_it_covers() {
        for (entry, covers) in [
            ("news@garden.example.org", Covers::Address),
            ("*@example.com", Covers::Domain),
            ("*@example.co.uk", Covers::Domain),
            ("*@lists.example.org", Covers::Server),
            ("*@*.example.com", Covers::Servers),
        ] {
            assert_eq!(check_sender(entry), Ok(covers), "{entry}");
        }
        let refused = check_sender("*@*.com").unwrap_err();
        assert!(refused.reason.contains("public suffix"), "{refused}");
    }

    #[test]
    fn of_a_pasted_sender_the_address_is_taken() {
        for (typed, sender) in [
            (" bob@example.org ", "bob@example.org"),
            ("Bob Smith <bob@example.org>", "bob@example.org"),
            ("<bob@example.org>", "bob@example.org"),
            ("*@example.org", "*@example.org"),
            ("Bob <bob@example.org", "Bob <bob@example.org"),
        ] {
            assert_eq!(typed_sender(typed), sender);
        }
    }

    #[test]
    fn where_anybody_gets_an_address_is_known() {
        assert!(is_anybodys("Gmail.com"));
        assert!(!is_anybodys("garden.example.org"));
    }

    #[test]
    fn a_sender_goes_from_one_list_to_the_other_however_it_is_written() {
        let (_dir, places) = places();
        let list = |list, entry: &str| list_senders(&places, list, &[entry.to_owned()]).unwrap();
        let (settings, new) = list(List::Blocked, " *@Example.com ");
        assert_eq!(
            (settings.blocked, new),
            (vec!["*@Example.com".to_owned()], 1)
        );
        let (settings, new) = list(List::Blocked, "*@EXAMPLE.com");
        assert_eq!((settings.blocked.len(), new), (1, 0));
        let (settings, new) = list(List::Approved, "*@example.com");
        assert_eq!(
            (settings.blocked.len(), settings.approved.len(), new),
            (0, 1, 1)
        );
        let entries = ["*@example.com".to_owned()];
        let settings = unlist_senders(&places, List::Approved, &entries).unwrap();
        assert_eq!(settings.approved.len(), 0);
    }

    #[test]
    fn what_is_put_on_a_list_has_its_date_and_what_was_written_by_hand_has_none() {
        let (_dir, places) = places();
        let text = "[senders]\nblocked = ['a@example.com']\n";
        std::fs::write(&places.config_file, text).unwrap();
        let before = Timestamp::now();
        let entries = ["b@example.com", "a@EXAMPLE.com"].map(str::to_owned);
        let (settings, new) = list_senders(&places, List::Blocked, &entries).unwrap();
        assert_eq!(new, 1);
        let lists = senders(&settings, &places).unwrap();
        let added: Vec<_> = lists.blocked.iter().map(|line| line.added).collect();
        assert_eq!((added.len(), added[0]), (2, None));
        assert!(added[1].is_some_and(|at| at >= before && at <= Timestamp::now()));
        // On the other list it is anew.
        let entries = ["b@example.com".to_owned()];
        let (settings, _) = list_senders(&places, List::Approved, &entries).unwrap();
        let lists = senders(&settings, &places).unwrap();
        assert!(lists.approved[0].added > added[1]);
    }

    #[test]
    fn a_date_goes_with_its_entry_and_comes_back_when_that_is_taken_back() {
        let (_dir, places) = places();
        let entry = "x@example.com".to_owned();
        let listed = || list_senders(&places, List::Blocked, std::slice::from_ref(&entry)).unwrap();
        let off = || unlist_senders(&places, List::Blocked, std::slice::from_ref(&entry)).unwrap();
        let undo = || {
            let back = [Setting::Sender(List::Blocked, entry.clone())];
            write_settings(&places, &back).unwrap()
        };
        let by_hand = |blocked: &str| {
            let text = format!("[senders]\nblocked = [{blocked}]\n");
            std::fs::write(&places.config_file, text).unwrap();
            Settings::load(&places.config_file).unwrap()
        };
        let added = |settings: &Settings| senders(settings, &places).unwrap().blocked[0].added;

        let first = added(&listed().0);
        assert!(first.is_some());
        off();
        assert_eq!(added(&undo()), first, "as if it had never been taken off");
        off();
        assert_eq!(added(&by_hand("'x@example.com'")), None);
        off();
        assert_eq!(
            added(&undo()),
            None,
            "the older date is not the one by hand"
        );

        // On the other list, and by hand on this one again.
        off();
        let first = added(&listed().0);
        list_senders(&places, List::Approved, std::slice::from_ref(&entry)).unwrap();
        assert_eq!(added(&by_hand("'x@example.com'")), None);
        assert!(first.is_some());

        // Taken off by hand: forgotten with the next that is written.
        off();
        listed();
        by_hand("");
        list_senders(&places, List::Blocked, &["y@example.com".to_owned()]).unwrap();
        assert_eq!(added(&by_hand("'x@example.com'")), None);
    }

    #[test]
    fn a_list_is_kept_where_its_dates_cannot_be() {
        let (_dir, places) = places();
        std::fs::write(&places.data_dir, "no folder").unwrap();
        let entries = ["b@example.com".to_owned()];
        let (settings, new) = list_senders(&places, List::Blocked, &entries).unwrap();
        assert_eq!((settings.blocked.len(), new), (1, 1));
    }

    #[test]
    fn of_several_entries_with_a_wrong_one_none_is_written() {
        let (_dir, places) = places();
        let entries = ["a@example.com".to_owned(), "*@*".to_owned()];
        let error = list_senders(&places, List::Approved, &entries).unwrap_err();
        assert!(error.to_string().contains("every sender"), "{error}");
        assert!(!places.config_file.exists());
    }

    #[test]
    fn what_the_settings_hold_wrong_is_listed_with_the_reason() {
        let (_dir, places) = places();
        let text = "[senders]\napproved = ['a@example.com', '*@*']\n";
        let settings = Settings::parse(&places.config_file, text).unwrap();
        let lists = senders(&settings, &places).unwrap();
        let covers: Vec<bool> = lists
            .approved
            .iter()
            .map(|line| line.covers.is_ok())
            .collect();
        assert_eq!(covers, [true, false]);
        assert!(!places.data_dir.exists(), "nothing was made only to look");
    }
}
