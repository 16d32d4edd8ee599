//! The whole story on the sample mail, as somebody goes through it who has never seen the window:
//! from the first frame to a finished report in at most eight actions, then the move is taken back.

use super::place::{Place, settle};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use mail_parser::{MessageParser, MimeHeaders};
use postsweep::gui::App;
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// From the first frame to a finished report.
const MOST_ACTIONS: usize = 8;

/// A person, whose clicks and keys are counted.
struct Person {
    window: Harness<'static, App>,
    actions: usize,
}

impl Person {
    /// Clicks the button whose words begin so.
    fn click(&mut self, words: &str) {
        let label = |button: &egui_kittest::Node<'_>| {
            let label = button.accesskit_node().label();
            label.unwrap_or_default()
        };
        let buttons: Vec<_> = self.window.get_all_by_role(Role::Button).collect();
        let all: Vec<String> = buttons.iter().map(label).collect();
        let button = buttons
            .iter()
            .find(|button| label(button).starts_with(words));
        button
            .unwrap_or_else(|| panic!("no button “{words}” of {all:?}"))
            .click();
        self.acted();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.acted();
    }

    fn acted(&mut self) {
        self.actions += 1;
        settle(&mut self.window);
    }

    fn sees(&self, part: &str) -> bool {
        let mut seen = self.window.query_all_by_label_contains(part);
        seen.next().is_some()
    }
}

/// The demo's folder, which goes when the test ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Each message of a folder of the Maildir: its flags, and its bytes.
fn messages(folder: &Path) -> BTreeSet<(String, Vec<u8>)> {
    let listing = fs::read_dir(folder.join("cur"));
    let files = listing.into_iter().flatten().map(|file| {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let (_, flags) = name.split_once("2,").unwrap();
        (flags.to_owned(), fs::read(file.path()).unwrap())
    });
    files.collect()
}

fn bytes(messages: &BTreeSet<(String, Vec<u8>)>) -> BTreeSet<Vec<u8>> {
    messages.iter().map(|(_, bytes)| bytes.clone()).collect()
}

/// What the zips in the letters of an outbox hold.
fn packed(outbox: &Path, password: &str) -> Vec<Vec<u8>> {
    let mut packed = Vec::new();
    for letter in fs::read_dir(outbox).unwrap() {
        let letter = fs::read(letter.unwrap().path()).unwrap();
        let letter = MessageParser::default().parse(&letter).unwrap();
        let is_zip = |name: &str| name.ends_with(".zip");
        let zip = letter
            .attachments()
            .find(|part| part.attachment_name().is_some_and(is_zip))
            .unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(zip.contents())).unwrap();
        for index in 0..zip.len() {
            let mut bytes = Vec::new();
            let mut entry = zip.by_index_decrypt(index, password.as_bytes()).unwrap();
            entry.read_to_end(&mut bytes).unwrap();
            packed.push(bytes);
        }
    }
    packed
}

#[test]
fn from_the_first_frame_to_a_finished_report_and_back() {
    let place = Place::new("");
    let mut person = Person {
        window: place.window(),
        actions: 0,
    };
    assert!(person.sees("Nothing is moved or sent until you say so"));

    person.click("Try it on sample mail");
    let site = &person.window.state().state().site;
    let folder = Folder(site.places.config_dir.clone());
    let (inbox, data) = (folder.0.join("mail"), site.places.data_dir.clone());
    let target = inbox.join(".Missed spam");
    let before = messages(&inbox);
    let run = person.window.state().state().sweep.run.clone().unwrap();
    assert_eq!(run.judged(), before.len());
    assert!(person.sees("Sweep done"));

    let hits = run.all_hits();
    person.click(&format!("Review {hits} hits"));
    assert!(person.sees("Why"));
    let rows = person.window.state().state().review.table.len();
    assert_eq!(rows, hits);

    // What its owner flagged or answered is left where it is, unless it is ticked.
    let ticked = person.window.state().state().review.table.counts().to_move;
    assert!((10..=hits).contains(&ticked), "{ticked} of {hits}");
    person.click(&format!("Move {ticked} hits"));
    let moved = messages(&target);
    assert_eq!(moved.len(), ticked);
    let left = messages(&inbox);
    assert!(left.is_disjoint(&moved) && before == &left | &moved);
    assert!(!data.join("outbox").exists(), "nothing is sent by moving");

    person.click(&format!("Report {ticked} hits"));
    assert!(person.sees("Nothing has left this computer yet."));
    let draft = person.window.state().state().report.draft.clone().unwrap();

    person.click("Put ");
    assert!(person.sees("put into the outbox folder; nothing was sent"));
    assert!(person.window.state().state().report.is_over());
    assert!(person.actions <= MOST_ACTIONS, "{} actions", person.actions);

    let letters = fs::read_dir(data.join("outbox")).unwrap().count();
    assert_eq!(letters, draft.mails().count());
    let packed = packed(&data.join("outbox"), &draft.password);
    assert_eq!(packed.len(), ticked, "each hit is in one zip");
    assert_eq!(packed.into_iter().collect::<BTreeSet<_>>(), bytes(&moved));

    person.press(Modifiers::COMMAND, Key::Num2);
    person.press(Modifiers::COMMAND, Key::Z);
    assert!(messages(&target).is_empty());
    assert_eq!(messages(&inbox), before);
    assert_eq!(
        fs::read_dir(data.join("outbox")).unwrap().count(),
        letters,
        "what was written stays written"
    );
    // What was reported stays marked.
    let table = &person.window.state().state().review.table;
    let all = (0..table.len()).filter_map(|at| table.at(at));
    assert_eq!(all.filter(|hit| hit.reported.is_some()).count(), ticked);
}
