//! The demo: a Maildir of hand-written messages in a folder of its own, with settings to sweep
//! it. It needs and changes nothing of the user's.

use super::desk::JobError;
use crate::mail::{Coverage, Message, Reading};
use crate::platform::{self, FLAGS_MARK};
use crate::settings::{Places, Settings, SettingsError};
use include_dir::{Dir, File, include_dir};
use std::path::{Path, PathBuf};

static MAIL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/demo");

/// A demo, laid out and ready to be swept.
pub struct Demo {
    /// Its folder, which stays for the user to look at.
    pub folder: PathBuf,
    /// Its settings: one account, the outbox folder, the shipped vendor.
    pub settings: Settings,
    /// Its places, all in `folder`.
    pub places: Places,
}

/// Why the demo could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Its folder or mail could not be written.
    #[error(transparent)]
    Job(#[from] JobError),
    /// Its settings were refused.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// Lays the demo out in a fresh folder in the system's place for temporary files.
pub fn demo() -> Result<Demo, DemoError> {
    let at = std::env::temp_dir();
    let made = tempfile::Builder::new().prefix("postsweep-demo-").tempdir();
    let folder = made
        .map_err(|source| JobError::File { path: at, source })?
        .keep();
    let maildir = folder.join("mail");
    for part in ["cur", "new", "tmp"] {
        super::desk::make_private(&maildir.join(part))?;
    }
    for file in mail() {
        lay_down(&maildir.join("cur"), file)?;
    }
    let text = format!(
        "[[account]]\nname = \"demo\"\nsource = \"maildir\"\npath = {maildir:?}\nfolders = [\"INBOX\"]\n\
         move-to = \"Missed spam\"\naddresses = [\"pat.doe@example.net\"]\n\n\
         [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat.doe@example.net\"\n"
    );
    let places = Places::within(&folder);
    write(&places.config_file, text.as_bytes())?;
    let mut settings = Settings::parse(&places.config_file, &text)?;
    // Nothing of it outlasts the demo, and the keyring is the user's.
    settings.cache.size = 0;
    Ok(Demo {
        folder,
        settings,
        places,
    })
}

fn mail() -> impl Iterator<Item = &'static File<'static>> {
    let is_mail = |file: &&File<'_>| file.path().extension().is_some_and(|end| end == "eml");
    MAIL.files().filter(is_mail)
}

/// The messages of the demo.
pub(super) fn messages() -> impl Iterator<Item = &'static [u8]> {
    mail().map(File::contents)
}

/// How many messages the demo has.
pub fn demo_messages() -> usize {
    mail().count()
}

/// A Maildir name: what the file is called, seen by its owner (`S`), and flagged (`F`) or
/// answered (`R`) where its name says so.
fn unique_name(name: &str) -> String {
    let mut flags = String::new();
    if name.contains("-flagged") {
        flags.push('F');
    }
    if name.contains("-answered") {
        flags.push('R');
    }
    flags.push('S');
    format!("{name}.demo{FLAGS_MARK}2,{flags}")
}

/// Puts one message into the Maildir, received when its Date says.
fn lay_down(folder: &Path, file: &File<'_>) -> Result<(), JobError> {
    let name = file
        .path()
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let path = folder.join(unique_name(&name));
    write(&path, file.contents())?;
    let message = Message::parse(
        file.contents().to_vec(),
        Coverage::Whole,
        &Reading::default(),
    );
    let Some(date) = message.date else {
        return Ok(());
    };
    let written = std::fs::OpenOptions::new().append(true).open(&path);
    let dated = written.and_then(|file| file.set_modified(date.into()));
    dated.map_err(|source| JobError::File { path, source })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), JobError> {
    let error = |source| JobError::File {
        path: path.to_owned(),
        source,
    };
    let mut file = platform::private_file(path).map_err(error)?;
    std::io::Write::write_all(&mut file, bytes).map_err(error)
}
