//! `desktop install` and `remove`: the window's entry in the system's menu (freedesktop.org Desktop
//! Entry 1.5), its AppStream description and its icons, for one user or under a prefix.

use super::Exit;
use super::output::Output;
use crate::cli::Desktop;
use crate::text;
use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

/// The name of the program's files there, and of its windows.
const ID: &str = "org.postsweep.Postsweep";

const ENTRY: &str = include_str!("../../assets/desktop/org.postsweep.Postsweep.desktop");
const DESCRIPTION: &[u8] =
    include_bytes!("../../assets/desktop/org.postsweep.Postsweep.metainfo.xml");
const SCALABLE: &[u8] = include_bytes!("../../assets/icon/postsweep.svg");

/// One picture a size, `16.png` to `512.png`.
static PICTURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/icon/sizes");

/// Adds or removes the entry.
pub(super) fn run(asked: &Desktop) -> anyhow::Result<Exit> {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        bail!("this system keeps its menu in another way: start the program from where it lies");
    }
    let (Desktop::Install(at) | Desktop::Remove(at)) = asked;
    let share = match &at.prefix {
        Some(prefix) => prefix.join("share"),
        None => directories::BaseDirs::new()
            .context("this system names no home folder; say where with --prefix DIR")?
            .data_dir()
            .to_owned(),
    };
    let files = files(&share)?;
    let output = Output::plain();
    match asked {
        Desktop::Install(_) => {
            for (path, bytes) in &files {
                write(path, bytes)?;
            }
            output.line(&text::desktop_installed(
                files.len(),
                &share.display().to_string(),
            ));
        }
        Desktop::Remove(_) => {
            let mut removed = 0;
            for (path, _) in &files {
                match std::fs::remove_file(path) {
                    Ok(()) => removed += 1,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error).context(path.display().to_string()),
                }
            }
            output.line(&text::desktop_removed(
                removed,
                &share.display().to_string(),
            ));
        }
    }
    Ok(Exit::Done)
}

/// Every file of the entry, by where it goes.
fn files(share: &Path) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let program = std::env::current_exe().context("this program's own place")?;
    let entry = ENTRY.replace("Exec=postsweep", &format!("Exec={}", quoted(&program)?));
    let icons = share.join("icons/hicolor");
    let mut files = vec![
        (
            share.join(format!("applications/{ID}.desktop")),
            entry.into_bytes(),
        ),
        (
            share.join(format!("metainfo/{ID}.metainfo.xml")),
            DESCRIPTION.to_vec(),
        ),
        (
            icons.join(format!("scalable/apps/{ID}.svg")),
            SCALABLE.to_vec(),
        ),
    ];
    for picture in PICTURES.files() {
        let size = picture
            .path()
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        let path = icons.join(format!("{size}x{size}/apps/{ID}.png"));
        files.push((path, picture.contents().to_vec()));
    }
    Ok(files)
}

/// A path as an entry's `Exec` takes it ("The Exec key", quoting), where `%` begins a field too.
fn quoted(path: &Path) -> anyhow::Result<String> {
    let path = path
        .to_str()
        .with_context(|| format!("{}: its name is not Unicode", path.display()))?;
    let mut quoted = String::from("\"");
    for letter in path.chars() {
        match letter {
            // A backslash of the quoting is itself escaped, for it stands in a string.
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            '\\' => quoted.push_str("\\\\\\"),
            '%' => quoted.push('%'),
            _ => {}
        }
        quoted.push(letter);
    }
    quoted.push('"');
    Ok(quoted)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, bytes)
    };
    write().with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_as_the_specification_asks() {
        for (path, expected) in [
            ("/usr/bin/postsweep", r#""/usr/bin/postsweep""#),
            ("/home/a b/postsweep", r#""/home/a b/postsweep""#),
            ("/tmp/100%/$x", r#""/tmp/100%%/\\$x""#),
        ] {
            assert_eq!(quoted(Path::new(path)).unwrap(), expected);
        }
    }
}
