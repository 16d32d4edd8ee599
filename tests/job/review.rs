//! What a person at a window does with hits of any sweep: sees them, opens one, moves it, takes it
//! back and says what it is; without a window.

use super::place::{Place, TARGET};
use postsweep::job::{
    self, Choices, Chosen, Control, Event, HitState, KnownHit, Moves, Plan, Request, Said, Sources,
    Summary,
};
use postsweep::mail::Digest;
use postsweep::verdict::Category;

fn looked_through(count: usize) -> Place {
    let place = Place::new(count);
    let (summary, _) = place.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    assert_eq!(summary.moved, 0);
    place
}

fn hits(place: &Place) -> Vec<KnownHit> {
    let mut hits = job::hits(&place.settings(""), &place.places()).unwrap();
    hits.sort_by(|a, b| a.subject.cmp(&b.subject));
    hits
}

fn digests(hits: &[KnownHit]) -> Vec<Digest> {
    hits.iter().map(|hit| hit.digest).collect()
}

fn inbox() -> String {
    "INBOX".to_owned()
}

fn serve(place: &Place, request: Request) -> (Summary, Vec<String>) {
    let plan = place.plan(&Choices::default());
    let mut says = Vec::new();
    let summary = job::serve(
        &plan,
        vec![request],
        &Control::new(),
        &mut |event| match event {
            Event::Trouble { says: why, .. } | Event::Settled { says: why, .. } => says.push(why),
            _ => {}
        },
    );
    (summary, says)
}

fn say(place: &Place, hit: &KnownHit, said: Option<Said>) -> job::Heard {
    let chosen = Chosen {
        account: hit.account.to_string(),
        digest: hit.digest,
    };
    job::say(&place.settings(""), &place.places(), &[chosen], said).unwrap()
}

#[test]
fn before_the_first_sweep_there_are_no_hits_and_nothing_is_made() {
    let place = Place::new(3);
    assert!(hits(&place).is_empty());
    assert!(!place.places().data_dir.exists());
}

#[test]
fn every_hit_is_listed_with_its_sender_reason_and_rules() {
    let place = looked_through(6);
    let hits = hits(&place);
    assert_eq!(hits.len(), 2);
    let first = &hits[0];
    assert_eq!((&*first.account, &*first.folder), ("pat", "INBOX"));
    assert_eq!((&*first.name, &*first.from), ("Sam", "sam0@spam.example"));
    assert_eq!(&*first.subject, "Minutes of meeting 0");
    assert_eq!(first.date, Some(1_790_000_000));
    assert_eq!(
        (first.category, first.meant()),
        (Category::Spam, Some(Category::Spam))
    );
    assert!(first.score >= 7.0 && first.size > 300);
    assert!(first.rules.iter().any(|rule| &**rule == "blocked-sender"));
    assert!(!first.reason.is_empty());
    assert_eq!(
        (&first.state, first.said, &first.reported),
        (&HitState::LiesThere, None, &None)
    );
}

#[test]
fn hits_of_an_earlier_sweep_are_moved_without_a_report_and_put_back_and_moved_again() {
    let place = looked_through(9);
    let before = place.contents();
    let all = digests(&hits(&place));
    let (summary, says) = serve(&place, Request::MoveFrom(inbox(), all.clone()));
    assert_eq!((summary.moved, summary.troubles), (3, 0), "{says:?}");
    assert_eq!((summary.packages, summary.submissions), (0, 0));
    assert!(place.letters().is_empty());
    assert_eq!(place.names(TARGET).len(), 3);
    for hit in hits(&place) {
        assert_eq!(hit.state, HitState::Moved("Missed spam".to_owned()));
        assert!(!hit.can_move() && !hit.reason.is_empty());
    }
    let (again, says) = serve(&place, Request::MoveFrom(inbox(), all[..1].to_vec()));
    assert_eq!((again.moved, again.troubles), (0, 0));
    assert!(
        says[0].contains("was moved to `Missed spam` before"),
        "{says:?}"
    );
    let (undone, _) = serve(&place, Request::Undo(all.clone()));
    assert_eq!((undone.undone, undone.troubles), (3, 0));
    assert_eq!(place.contents(), before);
    assert!(
        hits(&place)
            .iter()
            .all(|hit| hit.state == HitState::PutBack && hit.can_move())
    );
    // No sweep has seen them there since.
    let (moved, says) = serve(&place, Request::MoveFrom(inbox(), all[..2].to_vec()));
    assert_eq!((moved.moved, moved.troubles), (2, 0), "{says:?}");
    assert_eq!(place.names(TARGET).len(), 2);
    assert_eq!(place.undo().0.undone, 2);
    assert_eq!(place.contents(), before);
    assert!(place.letters().is_empty());
}

/// A mailbox with one hit, which lies in INBOX and in Archive; looked through.
fn in_two_folders() -> (Place, Plan) {
    let place = Place::new(3);
    let archive = place.mail().join(".Archive");
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(archive.join(part)).unwrap();
    }
    let hit = place.mail().join("cur/1790000000.M0.host:2,S");
    std::fs::copy(hit, archive.join("cur/1790000009.M9.host:2,S")).unwrap();
    let mut settings = place.settings("");
    settings.accounts[0].folders.push("Archive".to_owned());
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    let plan = Plan::new(settings, &place.places(), &choices).unwrap();
    job::run(&plan, &Control::new(), &mut |_| {});
    (place, plan)
}

fn only_hit(place: &Place) -> KnownHit {
    let known = hits(place);
    assert_eq!(known.len(), 1);
    known.into_iter().next().unwrap()
}

/// Does what is asked; the folders that messages were moved out of, or put back into.
fn done(plan: &Plan, request: Request) -> Vec<String> {
    let mut folders = Vec::new();
    job::serve(
        plan,
        vec![request],
        &Control::new(),
        &mut |event| match event {
            Event::Moved { from, .. } => folders.push(from.folder),
            Event::Undone { folder, .. } => folders.push(folder),
            Event::Trouble { says, .. } => panic!("{says}"),
            _ => {}
        },
    );
    folders
}

/// The folder that the row names, and the other one.
fn named_first(place: &Place) -> (&'static str, &'static str) {
    match &*only_hit(place).folder {
        "INBOX" => ("INBOX", "Archive"),
        _ => ("Archive", "INBOX"),
    }
}

fn moved_there() -> HitState {
    HitState::Moved("Missed spam".to_owned())
}

#[test]
fn the_same_message_in_another_folder_stays_there_until_it_is_chosen_itself() {
    let (place, plan) = in_two_folders();
    let before = place.contents();
    let row = || only_hit(&place);
    let moved_from = |folder: &str| {
        let digests = vec![row().digest];
        done(&plan, Request::MoveFrom(folder.to_owned(), digests))
    };
    let (first, second) = named_first(&place);
    assert!(!row().is_moved);
    assert_eq!(moved_from(first), [first]);
    assert_eq!(place.names(TARGET).len(), 1);
    // The row is now the one that is left; that one was moved is known of it.
    assert_eq!((&*row().folder, row().state), (second, HitState::LiesThere));
    assert!(row().is_moved && row().can_move());
    assert!(moved_from(first).is_empty());
    assert_eq!(moved_from(second), [second]);
    assert_eq!(row().state, moved_there());
    serve(&place, Request::Undo(vec![row().digest]));
    assert!(!row().is_moved);
    assert_eq!(place.contents(), before);
}

#[test]
fn what_was_put_back_is_named_where_it_lies_again_and_moved_from_there() {
    let (place, plan) = in_two_folders();
    let digest = only_hit(&place).digest;
    let (first, second) = named_first(&place);
    for _ in 0..2 {
        let request = Request::MoveFrom(first.to_owned(), vec![digest]);
        assert_eq!(done(&plan, request), [first]);
        let row = only_hit(&place);
        assert_eq!((&*row.folder, row.state), (second, HitState::LiesThere));
        assert_eq!(done(&plan, Request::Undo(vec![digest])), [first]);
        let row = only_hit(&place);
        assert_eq!((&*row.folder, row.state), (first, HitState::PutBack));
    }
}

#[test]
fn of_two_copies_that_were_moved_each_is_put_back_by_itself() {
    let (place, plan) = in_two_folders();
    let before = place.contents();
    let digest = only_hit(&place).digest;
    let (first, second) = named_first(&place);
    for folder in [first, second] {
        let request = Request::MoveFrom(folder.to_owned(), vec![digest]);
        assert_eq!(done(&plan, request), [folder]);
    }
    // History names each with the folder that it came from.
    let standing = || {
        let entries = job::chronicle(&place.places()).unwrap();
        let mut all: Vec<_> = entries.iter().flat_map(job::Entry::standing).collect();
        all.sort();
        all
    };
    let mut both = [(digest, first.to_owned()), (digest, second.to_owned())];
    both.sort();
    assert_eq!(standing(), both);
    let undo_to = |folder: &str| Request::UndoTo(folder.to_owned(), vec![digest]);
    assert_eq!(done(&plan, undo_to(first)), [first]);
    assert_eq!(standing(), [(digest, second.to_owned())]);
    let row = only_hit(&place);
    assert_eq!((&*row.folder, row.state), (first, HitState::PutBack));
    assert!(row.is_moved);
    // Nothing of it is left to be put back there.
    assert!(done(&plan, undo_to(first)).is_empty());
    assert_eq!(done(&plan, undo_to(second)), [second]);
    assert!(standing().is_empty());
    assert_eq!(place.contents(), before);
}

#[test]
fn one_copy_that_is_gone_is_told_of_in_the_folder_that_was_asked_for() {
    let (place, plan) = in_two_folders();
    std::fs::remove_file(place.mail().join("cur/1790000000.M0.host:2,S")).unwrap();
    let digest = only_hit(&place).digest;
    let mut says = Vec::new();
    let request = Request::MoveFrom(inbox(), vec![digest]);
    job::serve(&plan, vec![request], &Control::new(), &mut |event| {
        if let Event::Settled { says: why, .. } = event {
            says.push(why);
        }
    });
    assert_eq!(says.len(), 1, "{says:?}");
    assert!(says[0].contains("folder `INBOX`"), "{says:?}");
    assert!(
        place
            .mail()
            .join(".Archive/cur/1790000009.M9.host:2,S")
            .exists()
    );
}

#[test]
fn what_was_moved_by_hand_is_told_and_nothing_else_is_touched() {
    let place = looked_through(6);
    let known = hits(&place);
    let gone = place.mail().join("cur/1790000000.M0.host:2,S");
    std::fs::rename(&gone, place.root.join("elsewhere")).unwrap();
    let (summary, says) = serve(&place, Request::MoveFrom(inbox(), digests(&known)));
    assert_eq!((summary.moved, summary.troubles), (1, 0), "{says:?}");
    assert!(says[0].contains("by another program"), "{says:?}");
    assert!(place.root.join("elsewhere").exists());
}

#[test]
fn a_message_that_no_sweep_found_is_told() {
    let place = looked_through(3);
    let (summary, says) = serve(
        &place,
        Request::MoveFrom(inbox(), vec![Digest::of(b"something else")]),
    );
    assert_eq!((summary.moved, summary.troubles), (0, 1));
    assert!(says[0].contains("not among the hits"), "{says:?}");
    let unknown = Chosen {
        account: "pat".to_owned(),
        digest: Digest::of(b"something else"),
    };
    let said = job::say(
        &place.settings(""),
        &place.places(),
        &[unknown],
        Some(Said::Spam),
    );
    assert!(said.unwrap_err().to_string().contains("not among the hits"));
}

#[test]
fn hits_of_an_earlier_sweep_are_moved_while_another_one_runs() {
    let place = looked_through(30);
    let wanted = digests(&hits(&place))[..2].to_vec();
    for number in 30..60 {
        place.add(number, "example.org", "");
    }
    let plan = place.plan(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let control = Control::new();
    control.ask(Request::MoveFrom(inbox(), wanted.clone()));
    let mut moved = Vec::new();
    let summary = job::run(&plan, &control, &mut |event| {
        if let Event::Moved { sha256, .. } = event {
            moved.push(sha256);
        }
    });
    moved.sort();
    let mut wanted = wanted;
    wanted.sort();
    assert_eq!(moved, wanted);
    assert_eq!(
        (summary.moved, summary.submissions, summary.troubles),
        (2, 0, 0)
    );
}

#[test]
fn what_is_called_wanted_stays_and_is_to_be_put_back_where_it_was_moved() {
    let place = looked_through(6);
    let known = hits(&place);
    assert_eq!(say(&place, &known[0], Some(Said::NotSpam)).moved, []);
    let (summary, _) = place.sweep();
    assert_eq!((summary.moved, summary.held), (1, 1));
    let now = hits(&place);
    assert_eq!((now[0].said, now[0].meant()), (Some(Said::NotSpam), None));
    let heard = say(&place, &now[1], Some(Said::NotSpam));
    assert_eq!(heard.moved, [now[1].digest]);
    let (undone, _) = serve(&place, Request::Undo(heard.moved));
    assert_eq!(undone.undone, 1);
    assert_eq!(place.sweep().0.moved, 0);
    // Taken back, the first is a hit as before.
    say(&place, &now[0], None);
    assert_eq!(hits(&place)[0].said, None);
    assert_eq!(place.sweep().0.moved, 1);
}

#[test]
fn what_is_called_phishing_goes_where_phishing_goes() {
    let place = looked_through(3);
    say(&place, &hits(&place)[0], Some(Said::Phishing));
    assert_eq!(hits(&place)[0].meant(), Some(Category::Phishing));
    let (_, events) = place.sweep();
    let packaged = events.iter().find_map(|event| match event {
        Event::Packaged { category, .. } => Some(*category),
        _ => None,
    });
    assert_eq!(packaged, Some(Category::Phishing));
    let reported = hits(&place)[0].reported.clone().unwrap();
    assert!(reported.to.contains('@'), "{reported:?}");
}

#[test]
fn a_word_is_learnt_at_once_and_unlearnt_when_taken_back() {
    let place = looked_through(6);
    let lessons = place.root.join("lessons");
    for (kind, word) in [("spam", "pills"), ("ham", "minutes")] {
        std::fs::create_dir_all(lessons.join(kind)).unwrap();
        let text = format!("From: a@example.com\r\nSubject: {word}\r\n\r\n{word} {word}\r\n");
        std::fs::write(lessons.join(kind).join("1.eml"), text).unwrap();
    }
    let from = Sources {
        spam: vec![lessons.join("spam")],
        ham: vec![lessons.join("ham")],
    };
    let bounds = place.settings("").limits;
    job::learn_files(
        &place.places(),
        &bounds,
        &from,
        &Control::new(),
        &mut |_| {},
    );
    let hit = &hits(&place)[0];
    assert_eq!(say(&place, hit, Some(Said::NotSpam)).learnt, 1);
    assert_eq!(say(&place, hit, Some(Said::NotSpam)).learnt, 0);
    assert_eq!(say(&place, hit, Some(Said::Spam)).learnt, 1);
    assert_eq!(say(&place, hit, None).learnt, 1);
    assert_eq!(say(&place, hit, None).learnt, 0);
    let counts = job::unlearn(&place.places().data_dir).unwrap().unwrap();
    assert_eq!((counts.spam, counts.ham), (1, 1));
}

const PHISH: &str = "Received: from mx.example.net (mx.example.net [198.51.100.2])\r\n\
    \tby mail.example.net with ESMTPS; Mon, 16 Nov 2026 08:00:03 +0000\r\n\
    Received: from mail.spam.example (mail.spam.example [192.0.2.7])\r\n\
    \tby mx.example.net with ESMTPS; Mon, 16 Nov 2026 08:00:00 +0000\r\n\
    Received: from bank.example (bank.example [203.0.113.9])\r\n\
    \tby relay.bank.example with ESMTP; Mon, 16 Nov 2026 07:59:00 +0000\r\n\
    Authentication-Results: mx.example.net; spf=fail smtp.mailfrom=spam.example\r\n\
    From: =?utf-8?q?Bank=E2=80=AE?= <service@spam.example>\r\nTo: Pat <pat@example.net>\r\n\
    Subject: Locked\r\nMessage-ID: <9@spam.example>\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/html\r\n\r\n<p>Hello \
    <a href=\"https://evil.example.org/s\">https://www.bank.com/login</a> \
    <a href=\"https://evil.example.org/t\">Click here</a></p>\r\n\
    --b\r\nContent-Type: application/octet-stream\r\n\
    Content-Disposition: attachment; filename=\"a.html\"\r\n\r\n<form><input type=password></form>\r\n\
    --b--\r\n";

#[test]
fn an_opened_hit_shows_why_its_links_path_attachments_and_source() {
    let place = Place::new(0);
    std::fs::write(place.mail().join("cur/9.M9.host:2,"), PHISH).unwrap();
    place.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let hit = hits(&place).remove(0);
    let open = || job::open(&place.settings(""), &place.places(), "pat", &hit.digest).unwrap();
    let opened = open();
    assert!((opened.score - f64::from(hit.score)).abs() < 0.001);
    let sum: f64 = opened.why.against.iter().map(|reason| reason.weight).sum();
    let favour: f64 = opened
        .why
        .in_favour
        .iter()
        .map(|reason| reason.weight)
        .sum();
    assert!(sum + favour + opened.why.more_weight - opened.score < 0.001);
    assert!(opened.name.contains("\\u{202e}"), "{}", opened.name);
    let content = opened.content.as_ref().unwrap();
    assert_eq!(content.to, "pat@example.net");
    assert_eq!(content.handed_over_by.as_deref(), Some("192.0.2.7"));
    let kinds: Vec<job::HopKind> = content.path.iter().map(|hop| hop.kind).collect();
    use job::HopKind::{Claimed, Handover, Own};
    assert_eq!(kinds, [Claimed, Handover, Own]);
    assert_eq!(content.path[1].from, "192.0.2.7");
    assert_eq!(content.path[2].after, Some(3));
    let shows: Vec<job::Shows> = content.links.iter().map(|link| link.shows).collect();
    assert_eq!(shows, [job::Shows::Elsewhere, job::Shows::Words]);
    assert_eq!(content.links[0].host.as_deref(), Some("evil.example.org"));
    assert_eq!(content.attachments[0].name, "a.html");
    assert!(content.attachments[0].size > 20);
    assert!(content.text.contains("Hello") && content.source.starts_with("Received:"));
    assert!(
        content
            .headers
            .iter()
            .any(|(name, value)| name == "Subject" && value == "Locked")
    );
    let evidence = job::evidence(&opened);
    assert!(
        evidence.contains("leads to hxxps://evil.example.org/s"),
        "{evidence}"
    );
    assert!(evidence.contains(&hit.digest.to_string()));
    let saved = place.root.join("saved.eml");
    job::save_original(&place.places(), &hit.digest, &saved).unwrap();
    assert_eq!(std::fs::read_to_string(&saved).unwrap(), PHISH);
    let samples = place.places().data_dir.join("samples");
    std::fs::remove_dir_all(samples).unwrap();
    let without = open();
    assert_eq!(without.why, opened.why);
    assert!(without.content.unwrap_err().contains("was removed"));
    assert!(job::save_original(&place.places(), &hit.digest, &saved).is_err());
    assert_eq!(std::fs::read_to_string(&saved).unwrap(), PHISH, "as it was");
}

#[test]
fn what_is_held_is_listed_and_can_be_opened() {
    let place = Place::new(0);
    place.add(0, super::place::BLOCKED, "FS");
    place.run(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let hit = hits(&place).remove(0);
    let opened = job::open(&place.settings(""), &place.places(), "pat", &hit.digest).unwrap();
    assert!(opened.content.is_ok());
    assert_eq!(hit.held.as_deref(), Some("you starred it in your mailbox"));
    let (summary, says) = serve(&place, Request::MoveFrom(inbox(), vec![hit.digest]));
    assert_eq!((summary.moved, summary.troubles), (1, 0), "{says:?}");
}
