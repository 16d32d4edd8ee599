//! The user's own rules: the files they are in, trying a text on a message before it is kept, and
//! keeping it. A file is written whole or not at all, only when every rule in it can be used.

use super::desk::JobError;
use super::plan::own_files;
use super::{demo, desk};
use crate::checks::Context;
use crate::content;
use crate::mail::{Coverage, Message, Reading};
use crate::platform;
use crate::rules::senders::Senders;
use crate::rules::{self, RuleError, Ruleset, Source};
use crate::settings::Places;
use crate::verdict::{Finding, Level};
use jiff::Timestamp;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A file of the user's own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Its name, without folder and `.toml`.
    pub name: String,
    /// What it says.
    pub text: String,
    /// The ids of the rules in it; or why it is left out.
    pub rules: Result<Vec<String>, RuleError>,
}

/// What the rules of a text found in a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The rules that fired, with what they found.
    pub fired: Vec<Finding>,
    /// The ids of those that did not.
    pub silent: Vec<String>,
}

/// A message to try rules on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialMail {
    /// Its subject, made safe to show.
    pub subject: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Why rules were not kept.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A rule cannot be used.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The name is none for a file.
    #[error(
        "“{0}” cannot be a file's name: use letters, digits, - and _, beginning with a letter or digit"
    )]
    Name(String),
    /// The file could not be written.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// The user's own files, by name. One that cannot be read is a warning.
pub fn own_rules(places: &Places, warnings: &mut Vec<String>) -> Vec<OwnFile> {
    let files = own_files(&folder(places), warnings);
    let file = |(path, text): (String, String)| {
        let name = Path::new(&path).file_stem().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let rules = ruleset_of(places, &name, &text);
        let rules = rules.map(|ruleset| ids(&ruleset).collect());
        OwnFile { name, text, rules }
    };
    files.into_iter().map(file).collect()
}

/// Tries the rules of a text on a message; without one, only whether they can be used. They may
/// ask for phrases of the shipped files and of the user's other ones.
pub fn try_rules(
    places: &Places,
    name: &str,
    text: &str,
    message: Option<&[u8]>,
) -> Result<Tried, RuleError> {
    let ruleset = ruleset_of(places, name, text)?;
    let fired = message.map(|bytes| {
        let reading = Reading::default();
        let mut message = Message::parse(bytes.to_vec(), Coverage::Whole, &reading);
        content::open(&mut message, &reading);
        let context = Context {
            now: Timestamp::now(),
            brands: ruleset.brands(),
            own_addresses: Vec::new(),
            own_domains: Vec::new(),
            correspondence: Default::default(),
        };
        let verdict = ruleset.judge(&message, &context, &Senders::default(), Level::default());
        verdict.findings
    });
    let fired = fired.unwrap_or_default();
    let is_silent = |id: &String| !fired.iter().any(|finding| finding.rule == *id);
    let silent = ids(&ruleset).filter(is_silent).collect();
    Ok(Tried { fired, silent })
}

/// Keeps a text as the user's rules of this name, in place of what was kept so before.
pub fn save_rules(places: &Places, name: &str, text: &str) -> Result<PathBuf, RulesError> {
    let path = path_of(places, name)?;
    ruleset_of(places, name, text)?;
    let folder = folder(places);
    desk::make_private(&folder)?;
    let save = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        platform::sync_dir(&folder)
    };
    save().map_err(|source| JobError::File {
        path: path.clone(),
        source,
    })?;
    Ok(path)
}

/// Takes a file of the user's rules out of force. It stays beside the others, under a name that is
/// not read: where it is kept is returned.
pub fn remove_rules(places: &Places, name: &str) -> Result<PathBuf, RulesError> {
    let path = path_of(places, name)?;
    let folder = folder(places);
    let mut number = 1;
    loop {
        let kept = folder.join(match number {
            1 => format!("{name}.toml.removed"),
            number => format!("{name}.toml.removed-{number}"),
        });
        match platform::rename_new(&path, &kept) {
            Ok(()) => return Ok(kept),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 1000 => {
                number += 1;
            }
            Err(source) => return Err(JobError::File { path, source }.into()),
        }
    }
}

/// Messages to try rules on: the demo's, which are shipped.
pub fn trial_mail() -> Vec<TrialMail> {
    demo::messages()
        .map(|bytes| of_bytes(bytes.to_vec()))
        .collect()
}

/// A message in a file, to try rules on.
pub fn read_trial_mail(path: &Path) -> Result<TrialMail, JobError> {
    let most = Reading::default().limits.bytes as u64;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(of_bytes(bytes)),
        Err(source) => Err(JobError::File {
            path: path.to_owned(),
            source,
        }),
    }
}

fn of_bytes(bytes: Vec<u8>) -> TrialMail {
    let message = Message::parse(bytes.clone(), Coverage::Whole, &Reading::default());
    TrialMail {
        subject: crate::verdict::tame(&message.subject),
        bytes,
    }
}

fn folder(places: &Places) -> PathBuf {
    places.config_dir.join("rules")
}

fn path_of(places: &Places, name: &str) -> Result<PathBuf, RulesError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    match begins && name.len() <= 60 && name.chars().all(plain) {
        true => Ok(folder(places).join(format!("{name}.toml"))),
        false => Err(RulesError::Name(name.to_owned())),
    }
}

/// The rules of a text alone, which may ask for phrases of all other files.
fn ruleset_of(places: &Places, name: &str, text: &str) -> Result<Ruleset, RuleError> {
    // Rules of the shipped files cannot be asked for, and they take longest to read.
    static SHIPPED: OnceLock<Vec<Source>> = OnceLock::new();
    let shipped = SHIPPED.get_or_init(rules::shipped);
    let path = folder(places).join(format!("{name}.toml"));
    let path = path.display().to_string();
    let others = own_files(&folder(places), &mut Vec::new());
    let others = others.into_iter().filter(|(other, _)| *other != path);
    let mut sources = shipped.clone();
    sources.extend(others.map(|(name, text)| Source::own(name, text)));
    sources.push(Source::own(path.clone(), text.to_owned()));
    let (ruleset, refused) = Ruleset::load(&sources);
    match refused.into_iter().find(|error| error.file == path) {
        Some(error) => Err(error),
        None => Ok(ruleset.of_file(&path)),
    }
}

fn ids(ruleset: &Ruleset) -> impl Iterator<Item = String> {
    ruleset.rules().iter().map(|rule| rule.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "[[rule]]\nid = \"my-rule\"\ncategory = \"spam\"\nweight = 2.0\n\
        says = \"Speaks of {words}\"\nwhy = \"It is mine.\"\nwhen = { subject = 'zebras?' }\n";
    const ZEBRA: &[u8] = b"From: a@b.example\r\nSubject: Cheap zebras\r\n\r\nHello\r\n";

    fn places() -> (tempfile::TempDir, Places) {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::within(dir.path());
        (dir, places)
    }

    #[test]
    fn a_rule_is_tried_on_a_message_before_it_is_kept() {
        let (_dir, places) = places();
        let tried = try_rules(&places, "mine", RULE, Some(ZEBRA)).unwrap();
        let says: Vec<_> = tried
            .fired
            .iter()
            .map(|finding| finding.says.as_str())
            .collect();
        assert_eq!((says, tried.silent.len()), (vec!["Speaks of “zebras”"], 0));
        let other = b"From: a@b.example\r\nSubject: Horses\r\n\r\nHello\r\n";
        let tried = try_rules(&places, "mine", RULE, Some(other)).unwrap();
        assert_eq!(
            (tried.fired.len(), tried.silent),
            (0, vec!["my-rule".to_owned()])
        );
        assert!(!places.config_dir.join("rules").exists());
    }

    #[test]
    fn a_mistake_has_its_line_and_column() {
        let (_dir, places) = places();
        let text = RULE.replace("weight = 2.0", "weight = 2000");
        let error = try_rules(&places, "mine", &text, None).unwrap_err();
        assert_eq!((error.line, error.column), (4, 10), "{error}");
        let error = try_rules(&places, "mine", "[[rule]]\nid = é\n", None).unwrap_err();
        assert_eq!(error.line, 2, "{error}");
    }

    #[test]
    fn rules_are_kept_whole_or_not_at_all_and_read_back() {
        let (_dir, places) = places();
        for name in ["", "../x", "a/b", "a b", ".x", "con.toml"] {
            let error = save_rules(&places, name, RULE).unwrap_err();
            assert!(matches!(error, RulesError::Name(_)), "{name}");
        }
        assert!(save_rules(&places, "mine", "[[rule]]\n").is_err());
        assert!(!places.config_dir.join("rules").exists());
        save_rules(&places, "mine", RULE).unwrap();
        let kept = own_rules(&places, &mut Vec::new());
        let first = kept.first().unwrap();
        assert_eq!((first.name.as_str(), first.text.as_str()), ("mine", RULE));
        assert_eq!(first.rules, Ok(vec!["my-rule".to_owned()]));
    }

    #[test]
    fn rules_may_ask_for_phrases_of_other_files() {
        let (_dir, places) = places();
        let phrases =
            "[[phrases]]\nid = \"animals\"\nabout = \"Names animals\"\nen = ['zebras?']\n";
        save_rules(&places, "animals", phrases).unwrap();
        let rule = RULE.replace("subject = 'zebras?'", "phrases = ['animals']");
        let tried = try_rules(&places, "mine", &rule, Some(ZEBRA)).unwrap();
        assert_eq!(tried.fired.len(), 1);
    }

    #[test]
    fn removed_rules_are_kept_under_another_name() {
        let (_dir, places) = places();
        for _ in 0..2 {
            save_rules(&places, "mine", RULE).unwrap();
            let kept = remove_rules(&places, "mine").unwrap();
            assert_eq!(std::fs::read_to_string(kept).unwrap(), RULE);
        }
        assert_eq!(own_rules(&places, &mut Vec::new()), []);
        assert!(remove_rules(&places, "mine").is_err());
    }

    #[test]
    fn there_is_mail_to_try_rules_on() {
        let mail = trial_mail();
        assert!(mail.len() > 20 && mail.iter().all(|one| !one.bytes.is_empty()));
    }
}
