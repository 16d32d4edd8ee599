//! What the page for senders and rules shows: both lists with what is typed beside them, every
//! rule with a filter, and the editor of a person's own rules.

use crate::job::{
    Covers, OwnFile, Refused, RefusedLine, RuleError, RuleLine, RuleList, SenderLists, TrialMail,
    Tried, check_sender, typed_sender,
};
use crate::settings::{List, Setting};
use crate::verdict::Category;
use std::path::PathBuf;

/// The parts of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// Approved and blocked senders.
    #[default]
    Senders,
    /// Every rule.
    Rules,
    /// A person's own rules.
    Own,
}

/// Which rules are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Which {
    /// All.
    #[default]
    All,
    /// Signs of phishing.
    Phishing,
    /// Signs of spam.
    Spam,
    /// What speaks for a message.
    For,
    /// Those that are switched off.
    Off,
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Another part of the page.
    Tab(Tab),
    /// A sender is typed.
    Type(List, String),
    /// What is typed is put on the list.
    Add(List),
    /// An entry is chosen.
    Choose(List, String),
    /// An entry is taken off.
    Remove(List, String),
    /// A file with senders is asked for.
    Import(List),
    /// Senders are read from a file.
    ImportFrom(List, PathBuf),
    /// A place for a list is asked for.
    Export(List),
    /// A list is written into a file.
    ExportTo(List, PathBuf),
    /// What the import said is read.
    Read,
    /// Rules with this in them.
    Filter(String),
    /// Rules of this kind.
    Which(Which),
    /// A rule is opened.
    Rule(String),
    /// A rule is switched on or off.
    Switch(String, bool),
    /// A file of own rules is opened in the editor.
    Open(String),
    /// A new file.
    New,
    /// The file's name is typed.
    Name(String),
    /// The rules are typed.
    Text(String),
    /// They are kept.
    Save,
    /// The file is taken out of force.
    RemoveOwn(String),
    /// They are tried on another message.
    Mail(usize),
    /// A message is asked for to try them on.
    OpenMail,
    /// They are tried on the message in a file.
    MailFrom(PathBuf),
}

/// What is typed beside a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// As typed.
    pub text: String,
    /// Whom it covers, or why it is refused; `None`: nothing is typed.
    pub checked: Option<Result<Covers, Refused>>,
    /// Whether it was to be put on the list as it is: then it is not merely unfinished.
    pub is_meant: bool,
}

/// The editor of a person's own rules.
#[derive(Debug, Default)]
pub struct Editor {
    /// The name of the file that was opened; `None`: a new one.
    pub opened: Option<String>,
    /// Its name as typed.
    pub name: String,
    /// Its text as typed.
    pub text: String,
    /// Its text as it is kept.
    pub kept: String,
    /// Why it was not kept.
    pub failed: Option<String>,
    /// What the rules found in the message; `None`: not tried yet.
    pub tried: Option<Result<Tried, RuleError>>,
    /// Whether a try is under way.
    pub is_trying: bool,
    /// Whether the text or message changed since that try began.
    pub is_stale: bool,
}

impl Editor {
    /// Whether something is typed that is not kept.
    pub fn is_changed(&self) -> bool {
        self.text != self.kept || self.opened.as_deref().unwrap_or_default() != self.name
    }
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Into which list.
    pub list: List,
    /// How many are new.
    pub new: usize,
    /// How many were there already.
    pub known: usize,
    /// What was refused.
    pub refused: Vec<RefusedLine>,
}

/// A change that can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// What is taken back, in words.
    pub says: String,
    /// The settings that do it.
    pub settings: Vec<Setting>,
}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {
    /// The part that is open.
    pub tab: Tab,
    /// Both lists; `None`: not read yet.
    pub senders: Option<SenderLists>,
    /// What is typed to approve.
    pub approve: Entry,
    /// What is typed to block.
    pub block: Entry,
    /// The chosen entry.
    pub chosen: Option<(List, String)>,
    /// What an import brought.
    pub brought: Option<Brought>,
    /// Every rule; `None`: not read yet.
    pub rules: Option<RuleList>,
    /// Rules with this in them are shown.
    pub filter: String,
    /// Rules of this kind are shown.
    pub which: Which,
    /// The rule that is open.
    pub rule: Option<String>,
    /// The user's own files; `None`: not read yet.
    pub own: Option<Vec<OwnFile>>,
    /// The editor; `None`: nothing is open.
    pub editor: Option<Editor>,
    /// Messages to try rules on.
    pub mail: Vec<TrialMail>,
    /// The one they are tried on.
    pub mail_at: usize,
    /// Why something could not be done.
    pub failed: Option<String>,
    /// What can be taken back, the newest last.
    pub undo: Vec<Undo>,
}

impl State {
    /// What is typed beside a list.
    pub fn entry(&self, list: List) -> &Entry {
        match list {
            List::Approved => &self.approve,
            List::Blocked => &self.block,
        }
    }

    /// The same, to be changed.
    pub fn entry_mut(&mut self, list: List) -> &mut Entry {
        match list {
            List::Approved => &mut self.approve,
            List::Blocked => &mut self.block,
        }
    }

    /// The rules that the filter lets through, in order of how often they fired.
    pub fn shown(&self) -> Vec<&RuleLine> {
        let words = self.filter.trim().to_lowercase();
        let all = self.rules.iter().flat_map(|list| &list.rules);
        let mut shown: Vec<&RuleLine> = all
            .filter(|rule| self.which.has(rule))
            .filter(|rule| {
                words.is_empty()
                    || [&rule.id, &rule.says, &rule.why]
                        .iter()
                        .any(|text| text.to_lowercase().contains(&words))
            })
            .collect();
        shown.sort_by(|a, b| {
            let order = b.fired.cmp(&a.fired);
            order
                .then(b.weight.total_cmp(&a.weight))
                .then(a.id.cmp(&b.id))
        });
        shown
    }

    /// How many rules there are of a kind.
    pub fn count(&self, which: Which) -> usize {
        let all = self.rules.iter().flat_map(|list| &list.rules);
        all.filter(|rule| which.has(rule)).count()
    }

    /// The rule that is open.
    pub fn open_rule(&self) -> Option<&RuleLine> {
        let id = self.rule.as_ref()?;
        let list = self.rules.as_ref()?;
        list.rules.iter().find(|rule| rule.id == *id)
    }

    /// The entry that a key moves to from the chosen one: of the same list, the one below or above.
    pub fn beside(&self, list: List, entry: &str, down: bool) -> Option<String> {
        let lines = self.senders.as_ref()?.of(list);
        let at = lines.iter().position(|line| line.entry == entry)?;
        let at = match down {
            true => at + 1,
            false => at.checked_sub(1)?,
        };
        lines.get(at).map(|line| line.entry.clone())
    }
}

impl Entry {
    /// What is typed, checked at once.
    pub fn of(text: String) -> Entry {
        let checked = (!text.trim().is_empty()).then(|| check_sender(typed_sender(&text)));
        Entry {
            text,
            checked,
            is_meant: false,
        }
    }

    /// What is typed after that: what was refused once says why until it is right.
    pub fn typed(&mut self, text: String) {
        let is_meant = self.is_meant;
        *self = Entry::of(text);
        self.is_meant = is_meant && matches!(self.checked, Some(Err(_)));
    }

    /// The sender in what is typed.
    pub fn sender(&self) -> &str {
        typed_sender(&self.text)
    }

    /// Whether it can be put on a list.
    pub fn is_good(&self) -> bool {
        matches!(self.checked, Some(Ok(_)))
    }

    /// Why it is refused, where it is not merely unfinished: nobody is scolded in the middle of a
    /// word.
    pub fn refusal(&self) -> Option<&Refused> {
        match &self.checked {
            Some(Err(refused)) if self.is_meant || self.text.contains('@') => Some(refused),
            _ => None,
        }
    }
}

impl Which {
    /// Every kind, in order.
    pub const ALL: [Which; 5] = [
        Which::All,
        Which::Phishing,
        Which::Spam,
        Which::For,
        Which::Off,
    ];

    /// Whether a rule is of this kind.
    pub fn has(self, rule: &RuleLine) -> bool {
        let is_sign = rule.weight > 0.0;
        match self {
            Which::All => true,
            Which::Phishing => is_sign && rule.category == Category::Phishing,
            Which::Spam => is_sign && rule.category == Category::Spam,
            Which::For => !is_sign,
            Which::Off => !rule.on,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Looks;

    fn rule(id: &str, weight: f64, fired: u64) -> RuleLine {
        RuleLine {
            id: id.to_owned(),
            category: Category::Spam,
            weight,
            says: format!("Says {id}"),
            why: String::new(),
            looks_at: Looks::default(),
            own: false,
            on: id != "off",
            fired,
        }
    }

    #[test]
    fn rules_are_filtered_and_those_that_fired_most_come_first() {
        let list = RuleList {
            rules: vec![
                rule("a", 1.0, 0),
                rule("b", 2.0, 7),
                rule("off", 3.0, 0),
                rule("ok", -1.0, 0),
            ],
            warnings: Vec::new(),
        };
        let mut state = State {
            rules: Some(list),
            ..State::default()
        };
        let ids = |state: &State| -> Vec<String> {
            state.shown().iter().map(|rule| rule.id.clone()).collect()
        };
        assert_eq!(ids(&state), ["b", "off", "a", "ok"]);
        state.which = Which::For;
        assert_eq!(
            (ids(&state), state.count(Which::For)),
            (vec!["ok".to_owned()], 1)
        );
        state.which = Which::All;
        state.filter = " SAYS OFF ".to_owned();
        assert_eq!(ids(&state), ["off"]);
    }

    #[test]
    fn an_entry_is_refused_only_once_it_could_be_one() {
        assert_eq!(Entry::of("exa".to_owned()).refusal(), None);
        assert!(!Entry::of("exa".to_owned()).is_good());
        let refused = Entry::of("*@*.com".to_owned());
        assert!(refused.refusal().unwrap().reason.contains("public suffix"));
        assert!(Entry::of(" *@example.com ".to_owned()).is_good());
        assert_eq!(Entry::of("  ".to_owned()).checked, None);
        // Once it was to be on the list, and until it can be.
        let mut meant = Entry::of("exa".to_owned());
        meant.is_meant = true;
        assert!(meant.refusal().is_some());
        meant.typed("exam".to_owned());
        assert!(meant.refusal().is_some());
        meant.typed("Pat <exam@example.com>".to_owned());
        assert_eq!(
            (meant.refusal(), meant.sender()),
            (None, "exam@example.com")
        );
        meant.typed("exam".to_owned());
        assert_eq!(meant.refusal(), None);
    }
}
