//! One run after another, with nobody in between.

use super::place::{BLOCKED, Place, TARGET, files};
use postsweep::job::{self, Choices, Control, Event, Moves, Plan, Rehearse, Request, Submit};
use std::fs;

#[test]
fn hits_are_moved_packaged_and_handed_over_and_nothing_else_is_touched() {
    let place = Place::new(9);
    let before = place.contents();
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.seen, summary.judged, summary.spam, summary.moved),
        (9, 9, 3, 3),
        "{events:#?}"
    );
    assert_eq!(
        (summary.packages, summary.submissions, summary.troubles),
        (1, 1, 0),
        "{events:#?}"
    );

    let after = place.contents();
    assert_eq!(after.len(), before.len());
    for ((folder, name), kept) in &before {
        let hit = String::from_utf8_lossy(&kept.0).contains(BLOCKED);
        let folder = if hit {
            TARGET.to_owned()
        } else {
            folder.clone()
        };
        assert_eq!(after.get(&(folder, name.clone())), Some(kept), "{name}");
    }
    assert_eq!(files(&place.root.join("data/samples")).len(), 3);
    assert_eq!(place.letters().len(), 1);
}

#[test]
fn a_second_run_does_nothing() {
    let place = Place::new(9);
    place.sweep();
    let before = place.contents();
    let (summary, events) = place.sweep();
    assert_eq!(
        (
            summary.judged,
            summary.moved,
            summary.packages,
            summary.troubles
        ),
        (0, 0, 0, 0),
        "{events:#?}"
    );
    assert_eq!(summary.known, 6);
    assert_eq!(place.contents(), before);
    assert_eq!(place.letters().len(), 1);
}

#[test]
fn undo_restores_the_inbox_and_the_next_sweep_leaves_it_alone() {
    let place = Place::new(9);
    let before = place.contents();
    place.sweep();
    let (undone, events) = place.undo();
    assert_eq!((undone.undone, undone.troubles), (3, 0), "{events:#?}");
    assert_eq!(place.contents(), before);
    let (again, events) = place.sweep();
    assert_eq!(
        (again.spam, again.held, again.moved, again.packages),
        (3, 3, 0, 0),
        "{events:#?}"
    );
    assert_eq!(place.contents(), before);
}

#[test]
fn undo_without_anything_to_undo_says_so() {
    let place = Place::new(2);
    let (summary, events) = place.undo();
    assert_eq!(summary.troubles, 1);
    assert!(
        matches!(&events[0], Event::Trouble { says, .. } if says.contains("nothing was moved"))
    );
}

#[test]
fn a_message_that_its_owner_moved_back_stays() {
    let place = Place::new(4);
    place.sweep();
    let moved = place.mail().join(TARGET).join("cur");
    let path = files(&moved).remove(0);
    fs::rename(
        &path,
        place.mail().join("cur").join(path.file_name().unwrap()),
    )
    .unwrap();
    for _ in 0..2 {
        let (summary, events) = place.sweep();
        assert_eq!((summary.moved, summary.held), (0, 1), "{events:#?}");
        let says = events.iter().find_map(|event| match event {
            Event::Held { says, .. } => Some(says.clone()),
            _ => None,
        });
        assert!(says.unwrap().contains("moved it back"));
    }
}

#[test]
fn what_its_owner_flagged_or_answered_stays() {
    let place = Place::new(0);
    place.add(1, BLOCKED, "FS");
    place.add(2, BLOCKED, "RS");
    place.add(3, BLOCKED, "S");
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.spam, summary.held, summary.moved),
        (3, 2, 1),
        "{events:#?}"
    );
    // The next sweep says so again, without judging anew.
    let (again, _) = place.sweep();
    assert_eq!((again.judged, again.held, again.moved), (0, 2, 0));
}

#[test]
fn an_answer_to_the_owners_own_message_stays() {
    let place = Place::new(0);
    let sent = place.mail().join(".Sent");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(sent.join(part)).unwrap();
    }
    fs::write(
        sent.join("cur/1.M1.host:2,S"),
        "From: pat@example.net\r\nTo: sam@spam.example\r\nMessage-ID: <mine@example.net>\r\nSubject: Offer\r\n\r\nHi\r\n",
    )
    .unwrap();
    let head = "Authentication-Results: mx.example.net; dmarc=pass header.from=spam.example\r\n\
                Received: from m.spam.example (m.spam.example [203.0.113.5]) by mx.example.net; \
                Tue, 3 Feb 2026 10:00:00 +0000\r\n";
    let answer = format!(
        "{head}From: Sam@spam.example\r\nTo: pat@example.net\r\nSubject: Re: Offer\r\n\
         In-Reply-To: <mine@example.net>\r\nMessage-ID: <a@spam.example>\r\n\r\nYes.\r\n"
    );
    fs::write(place.mail().join("cur/2.M2.host:2,"), answer).unwrap();
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.spam, summary.held, summary.moved),
        (1, 1, 0),
        "{events:#?}"
    );
    let speaks_for_it: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Judged { verdict, .. } => Some(verdict.findings.iter()),
            _ => None,
        })
        .flatten()
        .filter(|finding| finding.weight < 0.0)
        .map(|finding| finding.rule.as_str())
        .collect();
    assert_eq!(speaks_for_it, ["from-a-correspondent", "answers-the-owner"]);
}

#[test]
fn a_dry_run_shows_everything_and_changes_nothing() {
    let place = Place::new(9);
    let before = place.contents();
    let choices = Choices {
        rehearse: Rehearse::Yes,
        ..Choices::default()
    };
    let (summary, events) = place.run(&choices);
    assert_eq!(
        (summary.moved, summary.packages, summary.submissions),
        (3, 1, 1),
        "{events:#?}"
    );
    assert!(summary.dry_run);
    assert_eq!(place.contents(), before);
    assert_eq!(files(&place.root).len(), 1, "only the mail is there");
    let letter = events.iter().find_map(|event| match event {
        Event::Submitted { to, body, .. } => Some((to.clone(), body.clone())),
        _ => None,
    });
    let (to, body) = letter.unwrap();
    assert_eq!(to, "spam@support.trendmicro.com");
    assert!(body.contains("novirus"), "{body}");
    // And it did not change what the real run then does.
    let (summary, _) = place.sweep();
    assert_eq!((summary.judged, summary.moved, summary.packages), (9, 3, 1));
}

#[test]
fn nothing_moves_or_leaves_when_that_was_chosen() {
    let place = Place::new(6);
    let before = place.contents();
    let (summary, _) = place.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    assert_eq!((summary.spam, summary.moved), (2, 0));
    assert_eq!(place.contents(), before);
    let (summary, _) = place.run(&Choices {
        submit: Some(Submit::No),
        ..Choices::default()
    });
    // What was found before is moved now, without being judged again.
    assert_eq!((summary.judged, summary.moved, summary.packages), (0, 2, 0));
    assert!(place.letters().is_empty());
}

#[test]
fn more_hits_than_max_moves_moves_nothing() {
    let place = Place::new(9);
    let before = place.contents();
    let plan = Plan::new(
        place.settings("max-moves = 2"),
        &place.places(),
        &Choices::default(),
    );
    let mut events = Vec::new();
    let control = Control::new();
    let summary = job::run(&plan.unwrap(), &control, &mut |event| events.push(event));
    assert_eq!(
        (summary.spam, summary.moved, summary.troubles),
        (3, 0, 1),
        "{events:#?}"
    );
    assert_eq!(place.contents(), before);
}

#[test]
fn a_sample_that_was_eaten_keeps_its_message_in_place() {
    let place = Place::new(3);
    place.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let sample = files(&place.root.join("data/samples")).remove(0);
    fs::write(&sample, "removed by the scanner").unwrap();
    let before = place.contents();
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.moved, summary.troubles, summary.packages),
        (0, 1, 0),
        "{events:#?}"
    );
    assert_eq!(place.contents(), before);
    // Gone altogether, it is kept anew.
    fs::remove_file(&sample).unwrap();
    let (summary, events) = place.sweep();
    assert_eq!((summary.moved, summary.troubles), (1, 0), "{events:#?}");
}

#[test]
fn a_change_of_lists_judges_again_and_a_change_of_level_does_not() {
    let place = Place::new(6);
    place.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let level = Some(postsweep::verdict::Level::High);
    let (summary, _) = place.run(&Choices {
        level,
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    assert_eq!((summary.judged, summary.known), (0, 6));
    let mut settings = place.settings("");
    settings.blocked.clear();
    let plan = Plan::new(settings, &place.places(), &Choices::default()).unwrap();
    let summary = job::run(&plan, &Control::new(), &mut |_| {});
    assert_eq!((summary.judged, summary.moved), (6, 0));
}

#[test]
fn the_same_message_is_never_submitted_twice() {
    let place = Place::new(1);
    place.sweep();
    place.undo();
    // Asked for by name, it moves again; the vendor has it already.
    let plan = place.plan(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let control = Control::new();
    let mut moved = 0;
    let summary = job::run(&plan, &control, &mut |event| match event {
        Event::Held { hit, .. } => control.ask(Request::Deliver(vec![hit.sha256])),
        Event::Moved { .. } => moved += 1,
        _ => {}
    });
    assert_eq!((moved, summary.packages, summary.submissions), (1, 0, 0));
    assert_eq!(place.letters().len(), 1);
}

#[test]
fn two_sweeps_of_one_account_never_run_at_once() {
    let place = Place::new(3);
    let mut inner = None;
    let plan = place.plan(&Choices::default());
    job::run(&plan, &Control::new(), &mut |event| {
        if matches!(event, Event::Folder { .. }) {
            inner = Some(place.sweep().0);
        }
    });
    let inner = inner.unwrap();
    assert_eq!((inner.locked, inner.seen), (1, 0));
}

#[test]
fn a_folder_that_is_not_there_is_told_and_the_rest_goes_on() {
    let place = Place::new(3);
    let mut settings = place.settings("");
    settings.accounts[0].folders = vec!["No such".into(), "INBOX".into()];
    let plan = Plan::new(settings, &place.places(), &Choices::default()).unwrap();
    let mut troubles = Vec::new();
    let summary = job::run(&plan, &Control::new(), &mut |event| {
        if let Event::Trouble { says, .. } = event {
            troubles.push(says);
        }
    });
    assert_eq!((summary.moved, summary.troubles), (1, 1), "{troubles:?}");
    assert!(troubles[0].contains("`No such`"), "{troubles:?}");
}

#[test]
fn only_mail_of_the_chosen_time_is_looked_at() {
    let place = Place::new(3);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let recent = usize::try_from(now - 1_790_000_000 - 3600).unwrap();
    place.add(recent, BLOCKED, "");
    let settings = place.settings("since = \"30 days\"");
    let plan = Plan::new(settings, &place.places(), &Choices::default()).unwrap();
    let summary = job::run(&plan, &Control::new(), &mut |_| {});
    assert_eq!((summary.seen, summary.judged, summary.moved), (1, 1, 1));
}

#[test]
fn samples_and_packages_go_when_their_time_is_over_and_undo_needs_neither() {
    let place = Place::new(3);
    let before = place.contents();
    let mut settings = place.settings("");
    settings.keep_days = 0;
    let plan = Plan::new(settings.clone(), &place.places(), &Choices::default()).unwrap();
    let mut purged = 0;
    job::run(&plan, &Control::new(), &mut |event| {
        if let Event::Purged { files } = event {
            purged += files;
        }
    });
    assert_eq!(purged, 2, "one sample and one package");
    assert!(files(&place.root.join("data/samples")).is_empty());
    assert!(files(&place.root.join("data/packages")).is_empty());
    assert_eq!(
        place.letters().len(),
        1,
        "a letter in the outbox is its owner's"
    );
    place.undo();
    assert_eq!(place.contents(), before);
    // What waits to be sent is not purged.
    let kept = Place::new(3);
    kept.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    settings.keep_days = 90;
    assert_eq!(job::purge(&settings, &kept.places()).unwrap(), 0);
    assert_eq!(files(&kept.root.join("data/samples")).len(), 1);
}
