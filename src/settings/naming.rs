//! What an account is called: its name, which is for good, since all that was swept and moved is
//! kept under it, and the label that is shown in its place once somebody calls it otherwise.

use super::account::Account;
use super::check::{Check, Checked};
use super::{Settings, SettingsError};
use std::ops::Range;
use toml::Spanned;

impl Account {
    /// What people call it.
    pub fn shown(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Whether it is called so, in any case of letters, or is kept under this name.
    pub fn is_called(&self, name: &str) -> bool {
        let same = |own: &str| own.to_lowercase() == name.to_lowercase();
        same(&self.name) || same(self.shown())
    }
}

impl Settings {
    /// What people call the account of this name; of one that is not there any more, its name.
    pub fn shown<'a>(&'a self, name: &'a str) -> &'a str {
        self.account(name).map_or(name, Account::shown)
    }
}

impl Check<'_> {
    /// An account's name is a key of the store and a word on the command line.
    pub(super) fn name(&self, name: Spanned<String>) -> Checked<String> {
        let at = name.span();
        let name = name.into_inner();
        let fits = |c: char| c.is_alphanumeric() || "-_.@+ ".contains(c);
        let edges = name.trim() == name && !name.starts_with(['.', '-']);
        if name.is_empty() || name.chars().count() > 64 || !edges || !name.chars().all(fits) {
            return Err(self.wrong(at, "an account's name is 1 to 64 letters, digits, spaces or any of - _ . @ +, and begins with a letter or digit"));
        }
        Ok(name)
    }

    /// No two accounts are called alike: neither by name nor by label.
    pub(super) fn is_its_own(
        &self,
        at: Range<usize>,
        account: &Account,
        others: &[Account],
    ) -> Result<(), SettingsError> {
        for name in [&account.name, account.shown()] {
            if others.iter().any(|other| other.is_called(name)) {
                let says = format!("there are two accounts named \"{name}\"");
                return Err(self.wrong(at, says));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;
    use std::path::Path;

    fn parse(names: &[(&str, &str)]) -> Result<Settings, String> {
        let text: String = names
            .iter()
            .map(|(name, label)| {
                let label = match *label {
                    "" => String::new(),
                    label => format!("label = '{label}'\n"),
                };
                format!("[[account]]\nname = '{name}'\n{label}source = 'files'\npath = '/{name}'\n")
            })
            .collect();
        Settings::parse(Path::new("config.toml"), &text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_label_is_shown_and_the_name_stays() {
        let settings = parse(&[("pat", "Work"), ("kim", "")]).unwrap();
        assert_eq!(settings.shown("pat"), "Work");
        assert_eq!(settings.shown("kim"), "kim");
        assert_eq!(settings.shown("gone"), "gone");
        assert_eq!(settings.account("pat").unwrap().name, "pat");
        assert!(settings.account("Work").is_none());
    }

    #[test]
    fn nobody_is_called_as_another_is() {
        for names in [
            [("pat", "Work"), ("work", "")],
            [("pat", "Work"), ("kim", "WORK")],
            [("pat", ""), ("kim", "Pat")],
        ] {
            let says = parse(&names).unwrap_err();
            assert!(says.contains("two accounts named"), "{says}");
        }
        let says = parse(&[("pat", "a/b")]).unwrap_err();
        assert!(
            says.contains(":3:") && says.contains("1 to 64 letters"),
            "{says}"
        );
        assert!(parse(&[("pat", "Pat")]).is_ok());
    }
}
