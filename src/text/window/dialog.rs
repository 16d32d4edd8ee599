//! The sentences that ask for a path where no file dialog can be opened.

use std::path::Path;

/// What is asked for.
pub const TITLE_FILE: &str = "Which file?";
/// As above.
pub const TITLE_FOLDER: &str = "Which folder?";
/// As above.
pub const TITLE_NEW: &str = "Save where?";
/// Why it is asked so.
pub const WHY: &str = "This system opens no file dialog: it has neither a desktop portal nor zenity. Type the path instead; ~ is your home folder.";
/// The field.
pub const PATH: &str = "Path";
/// The button for a file or folder.
pub const TAKE: &str = "Use this path";
/// The button for a file that is written.
pub const SAVE: &str = "Save there";
/// Puts it away.
pub const LEAVE: &str = "Cancel";

/// A file was chosen when the mail it was for was not shown any more.
pub fn other_mail(path: &Path) -> String {
    format!(
        "{} was not used: the window shows other mail now.",
        path.display()
    )
}
/// Nothing is typed.
pub const EMPTY: &str = "Type a path.";
/// It begins nowhere.
pub const RELATIVE: &str = "Type the whole path, from / or from ~ on.";
/// There is nothing.
pub fn missing(path: &Path) -> String {
    format!("{} is not there.", path.display())
}
/// There is something else.
pub fn not_a_file(path: &Path) -> String {
    format!("{} is not a file.", path.display())
}
/// As above.
pub fn not_a_folder(path: &Path) -> String {
    format!("{} is not a folder.", path.display())
}
/// Something is there.
pub fn taken(path: &Path) -> String {
    format!("{} is there already: choose another name.", path.display())
}
