//! The log file of the window: what a job tells stands in it, and that there is none is said.

use super::place::{SIZE, settle, window};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable;
use postsweep::gui::state::Page;
use postsweep::gui::{Command, Start};
use postsweep::{job, log_file};
use std::fs;

#[test]
fn what_the_window_sweeps_moves_and_reports_stands_in_the_log_without_senders_and_subjects() {
    let demo = job::demo().unwrap();
    let places = demo.places.clone();
    let log = log_file::start(&places).unwrap();
    let start = Start {
        log: Some(Ok(log)),
        ..Start::demo(demo)
    };
    let mut window = window(start, SIZE);
    window.key_press(Key::F5);
    settle(&mut window);
    let hit = window.state().state().sweep.run.as_ref().unwrap().latest[0].clone();
    let ctx = window.ctx.clone();
    for command in [
        Command::Go(Page::Review),
        Command::Move,
        Command::Report,
        Command::Send,
    ] {
        window.state_mut().carry_out(&ctx, command.into());
        settle(&mut window);
    }
    let report = &window.state().state().report;
    assert!(report.is_over());
    let draft = report.draft.clone().unwrap();
    drop(window);
    let folder = log_file::folder(&places).unwrap();
    let files = fs::read_dir(folder).unwrap();
    let text: String = files
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(
        text.contains("demo/INBOX") || text.contains("INBOX"),
        "{text}"
    );
    assert!(
        text.contains(": phishing ") || text.contains(": spam "),
        "{text}"
    );
    assert!(
        text.contains(": was moved") || text.contains(" moved "),
        "{text}"
    );
    // The log is the whole process's, and other tests report in it at the same time.
    let outbox = places.data_dir.join("outbox");
    for letter in &draft.letters {
        let says = format!(
            "{}, {}: put into the outbox folder",
            draft.vendor,
            letter.zip_name()
        );
        let lines = text
            .lines()
            .filter(|line| line.contains(&says) && line.contains(outbox.to_str().unwrap()));
        assert_eq!(lines.count(), 1, "{says}: {text}");
    }
    assert!(!text.contains(&draft.password), "{text}");
    assert!(
        !text.contains(&hit.from) && !text.contains(&hit.subject),
        "{text}"
    );
}

#[test]
fn that_no_log_is_written_is_said_in_the_status_line_and_all_else_goes_on() {
    let start = Start {
        log: Some(Err("no log is written: the disk is full".to_owned())),
        ..Start::demo(job::demo().unwrap())
    };
    let window = window(start, SIZE);
    window.get_by_label_contains("no log is written: the disk is full");
    let state = window.state().state();
    assert!(Command::Sweep.is_enabled(state) && Command::ShowLog.is_enabled(state));
}
