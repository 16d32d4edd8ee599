//! Samples that a person chose: drawn up, looked at, sent or saved, and sent again where that
//! failed. Nothing leaves twice, and what is shown is what leaves.

use super::place::{BLOCKED, Place, files};
use mail_parser::{MessageParser, MimeHeaders};
use postsweep::job::{
    self, Candidate, Choices, Control, Draft, Edits, Event, Leaves, Moves, Outcome, Plan,
    ReportError, ReportEvent, Standing, Submit, Take, Text, Wish,
};
use postsweep::mail::Digest;
use postsweep::package;
use postsweep::settings::{Sending, Settings};
use postsweep::store::{Store, SubmissionState};
use postsweep::verdict::Purpose;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;

/// A place whose hits were found and lie where they were.
fn swept(count: usize) -> (Place, Vec<Digest>) {
    let place = Place::new(count);
    let hits = sweep_only(&place);
    assert_eq!(hits.len(), count.div_ceil(3));
    (place, hits)
}

fn sweep_only(place: &Place) -> Vec<Digest> {
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    let (_, events) = place.run(&choices);
    let hits = events.iter().filter_map(|event| match event {
        Event::Hit(hit) => Some(hit.sha256),
        _ => None,
    });
    hits.collect()
}

fn plan(place: &Place, settings: Settings) -> Plan {
    let choices = Choices {
        submit: Some(Submit::Yes),
        ..Choices::default()
    };
    Plan::new(settings, &place.places(), &choices).unwrap()
}

fn wish() -> Wish {
    Wish {
        account: "pat".to_owned(),
        ..Wish::default()
    }
}

fn once(digest: &Digest, purpose: Purpose) -> Candidate {
    Candidate {
        digest: *digest,
        purpose,
        take: Take::Once,
    }
}

fn send(plan: &Plan, draft: &Draft, edits: &Edits) -> Vec<ReportEvent> {
    let all: Vec<usize> = (0..draft.letters.len()).collect();
    let mut told = Vec::new();
    let done = job::send_report(plan, draft, edits, &all, &Control::new(), &mut |event| {
        told.push(event)
    });
    done.unwrap();
    told
}

fn outcomes(told: &[ReportEvent]) -> Vec<&Outcome> {
    let ended = told.iter().filter_map(|event| match event {
        ReportEvent::Ended { outcome, .. } => Some(outcome),
        _ => None,
    });
    ended.collect()
}

fn store(place: &Place) -> Store {
    Store::open(&place.root.join("data/store.sqlite")).unwrap()
}

#[test]
fn samples_stand_newest_first_whatever_order_they_were_chosen_in() {
    let (place, hits) = swept(12);
    let plan = plan(&place, place.settings(""));
    let subjects = |order: [usize; 4]| {
        let chosen = order.map(|at| once(&hits[at], Purpose::Spam));
        let draft = job::draft(&plan, &chosen, &wish()).unwrap();
        let samples = draft.samples.iter();
        let subjects: Vec<String> = samples.map(|one| one.subject.clone()).collect();
        subjects
    };
    let newest_first = [9, 6, 3, 0].map(|number| format!("Minutes of meeting {number}"));
    assert_eq!(subjects([0, 1, 2, 3]), newest_first);
    assert_eq!(subjects([2, 0, 3, 1]), newest_first);
}

#[test]
fn what_is_drawn_up_is_what_leaves_and_nothing_leaves_before() {
    let (place, hits) = swept(9);
    let before = place.contents();
    let plan = plan(&place, place.settings(""));
    let chosen = [
        once(&hits[0], Purpose::Spam),
        once(&hits[1], Purpose::Phishing),
        Candidate {
            take: Take::No,
            ..once(&hits[2], Purpose::Spam)
        },
    ];
    let draft = job::draft(&plan, &chosen, &wish()).unwrap();
    assert_eq!(
        (draft.letters.len(), draft.password.as_str()),
        (2, "novirus")
    );
    assert!(matches!(&draft.leaves, Leaves::Outbox(folder) if folder.ends_with("outbox")));
    assert_eq!(
        draft.letters[0].letter.to,
        "antifraud@support.trendmicro.com"
    );
    let standings: Vec<_> = draft
        .samples
        .iter()
        .map(|sample| &sample.standing)
        .collect();
    assert_eq!(
        standings,
        [&Standing::Goes, &Standing::Goes, &Standing::LeftOut]
    );
    assert!(draft.samples[0].subject.starts_with("Minutes of meeting"));
    assert!(place.letters().is_empty() && store(&place).packages().unwrap().is_empty());
    assert!(
        !place.root.join("data/packages").exists()
            || files(&place.root.join("data/packages")).is_empty()
    );

    let told = send(&plan, &draft, &Edits::new());
    assert!(
        outcomes(&told).iter().all(|outcome| outcome.is_good()),
        "{told:?}"
    );
    let letters = place.letters();
    assert_eq!(letters.len(), 2);
    for shown in &draft.letters {
        let bytes = letters
            .iter()
            .map(|path| std::fs::read(path).unwrap())
            .find(|bytes| {
                let message = MessageParser::default().parse(bytes).unwrap();
                message.subject() == Some(shown.letter.subject.as_str())
            })
            .unwrap();
        assert_eq!(shown.bytes, Some(bytes.len() as u64));
        let message = MessageParser::default().parse(&bytes).unwrap();
        let text = message.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), shown.letter.body.trim_end());
        let zip = message.attachment(0).unwrap();
        assert_eq!(zip.attachment_name(), Some(shown.zip_name()));
        assert_eq!(zip.contents().len() as u64, shown.zip_bytes);
        let saved = place.root.join("received.zip");
        std::fs::write(&saved, zip.contents()).unwrap();
        let shown: Vec<Digest> = shown.entries.iter().map(|(_, digest)| *digest).collect();
        assert_eq!(package::contents(&saved, "novirus").unwrap(), shown);
    }
    // Reporting moves nothing.
    assert_eq!(place.contents(), before);
    drop(draft);
    assert!(files(&place.root.join("data/drafts")).is_empty());
}

#[test]
fn what_was_reported_goes_again_only_when_asked_and_as_something_else() {
    let (place, hits) = swept(3);
    let plan = plan(&place, place.settings(""));
    let first = job::draft(&plan, &[once(&hits[0], Purpose::Spam)], &wish()).unwrap();
    let stale = job::draft(&plan, &[once(&hits[0], Purpose::Spam)], &wish()).unwrap();
    send(&plan, &first, &Edits::new());

    // Another draft of the same message, made before: it does not go a second time.
    let told = send(&plan, &stale, &Edits::new());
    assert!(
        matches!(outcomes(&told)[..], [Outcome::Untouched(_)]),
        "{told:?}"
    );
    assert_eq!(place.letters().len(), 1);

    let again = job::draft(&plan, &[once(&hits[0], Purpose::Spam)], &wish()).unwrap();
    assert_eq!(again.samples[0].standing, Standing::Reported);
    let reported = again.samples[0].reported.as_ref().unwrap();
    assert_eq!(reported.state, SubmissionState::Sent);
    assert!(again.letters.is_empty());

    let asked = Candidate {
        take: Take::Again,
        ..once(&hits[0], Purpose::Spam)
    };
    let draft = job::draft(&plan, &[asked], &wish()).unwrap();
    let told = send(&plan, &draft, &Edits::new());
    assert!(outcomes(&told)[0].is_good(), "{told:?}");
    let other = job::draft(&plan, &[once(&hits[0], Purpose::Phishing)], &wish()).unwrap();
    let told = send(&plan, &other, &Edits::new());
    assert!(outcomes(&told)[0].is_good(), "{told:?}");
    assert_eq!(place.letters().len(), 3);
    // A sweep that delivers does not report it once more.
    let (summary, events) = place.sweep();
    assert_eq!((summary.moved, summary.packages), (1, 0), "{events:#?}");
}

#[test]
fn a_letter_leaves_as_a_person_wrote_it() {
    let (place, hits) = swept(3);
    let plan = plan(&place, place.settings(""));
    let draft = job::draft(&plan, &[once(&hits[0], Purpose::Spam)], &wish()).unwrap();
    let text = Text {
        subject: "Missed:\r\nBcc: x@example.org".to_owned(),
        body: "As said on the phone.\n".to_owned(),
    };
    let edits = Edits::from([(draft.letters[0].letter.id.clone(), text)]);
    send(&plan, &draft, &edits);
    let bytes = std::fs::read(&place.letters()[0]).unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some("Missed: Bcc: x@example.org"));
    assert!(message.bcc().is_none());
    assert_eq!(
        message.body_text(0).unwrap().trim_end(),
        "As said on the phone."
    );
}

#[test]
fn zips_for_the_portal_are_saved_and_count_as_reported() {
    let (place, hits) = swept(9);
    let plan = plan(&place, place.settings(""));
    let chosen = [
        once(&hits[0], Purpose::Spam),
        once(&hits[1], Purpose::FalsePositive),
    ];
    let draft = job::draft(&plan, &chosen, &wish()).unwrap();
    // What was caught wrongly goes to this vendor by its portal alone.
    let mails: Vec<usize> = draft.mails().map(|(number, _)| number).collect();
    assert_eq!((draft.letters.len(), mails), (2, vec![0]));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(draft.letters[0].zip_name()), "mine").unwrap();
    let mut told = Vec::new();
    job::save_report(&plan, &draft, &[0, 1], folder.path(), &mut |event| {
        told.push(event)
    })
    .unwrap();
    let saved: Vec<PathBuf> = outcomes(&told)
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Saved(path) => path.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    for (letter, path) in draft.letters.iter().zip(&saved) {
        let digests: Vec<Digest> = letter.entries.iter().map(|(_, digest)| *digest).collect();
        assert_eq!(package::contents(path, "novirus").unwrap(), digests);
    }
    assert_eq!(files(folder.path()).len(), 3, "a file of the owner's stays");
    assert!(place.letters().is_empty());
    let again = job::draft(&plan, &chosen, &wish()).unwrap();
    assert!(again.letters.is_empty());
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.packages, summary.submissions),
        (1, 1),
        "{events:#?}"
    );
}

#[test]
fn a_vendors_small_limit_makes_several_letters() {
    let place = Place::new(0);
    for number in 0..6 {
        place.add(number, BLOCKED, "S");
        let path = files(&place.mail().join("cur")).remove(number);
        let mut seed = number as u64 + 1;
        let noise = (0..12_000).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'!' + (seed >> 33) as u8 % 90)
        });
        let lines: Vec<char> = noise.collect();
        let lines: Vec<String> = lines.chunks(70).map(|line| line.iter().collect()).collect();
        let mail = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{mail}{}\r\n", lines.join("\r\n"))).unwrap();
    }
    let hits = sweep_only(&place);
    assert_eq!(hits.len(), 6);
    let vendors = place.root.join("vendors");
    std::fs::create_dir_all(&vendors).unwrap();
    std::fs::write(
        vendors.join("small.toml"),
        "name = \"Small\"\nform = \"zip\"\npassword = \"infected\"\naccepted-passwords = [\"infected\"]\n\
         [mail]\nlargest = 70000\nwhy = \"a test\"\n[spam]\nmail = \"spam@small.example\"\nwhat = \"missed spam\"\n\
         [letter]\nsubject = \"{What}: {samples}{part}\"\nbody = \"{samples}{part}, {password}\"\n",
    )
    .unwrap();
    let plan = plan(&place, place.settings(""));
    assert!(
        job::vendors(&plan).iter().any(|(id, _)| id == "small"),
        "{:?}",
        plan.warnings
    );
    let chosen: Vec<Candidate> = hits.iter().map(|hit| once(hit, Purpose::Spam)).collect();
    let wish = Wish {
        vendor: Some("small".to_owned()),
        ..wish()
    };
    let draft = job::draft(&plan, &chosen, &wish).unwrap();
    assert!(draft.letters.len() > 1, "{:#?}", draft.letters);
    for letter in &draft.letters {
        assert!(letter.bytes.unwrap() <= letter.limit && letter.limit == 70_000);
    }
    let told = send(&plan, &draft, &Edits::new());
    assert!(
        outcomes(&told).iter().all(|outcome| outcome.is_good()),
        "{told:?}"
    );
    assert_eq!(place.letters().len(), draft.letters.len());
    // It takes no phishing: that is said before anything is made.
    let draft = job::draft(&plan, &[once(&hits[0], Purpose::Phishing)], &wish).unwrap();
    assert!(matches!(&draft.samples[0].standing, Standing::Cannot(says) if says.contains("Small")));
}

/// A server for outgoing mail that answers each letter with the next of these; its port.
fn server(size: usize, answers: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut answers = answers.iter();
        for stream in listener.incoming().flatten() {
            let mut out = stream.try_clone().unwrap();
            let mut lines = BufReader::new(stream).lines();
            let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes());
            let _ = say("220 mail.example.test");
            while let Some(Ok(line)) = lines.next() {
                let said = match line.split(' ').next().unwrap_or_default() {
                    "EHLO" => say(&format!("250-mail.example.test\r\n250 SIZE {size}")),
                    "DATA" => {
                        let _ = say("354 go on");
                        while lines
                            .next()
                            .is_some_and(|line| line.is_ok_and(|line| line != "."))
                        {
                        }
                        match answers.next() {
                            Some(&"") | None => break,
                            Some(answer) => say(answer),
                        }
                    }
                    "QUIT" => break,
                    _ => say("250 fine"),
                };
                if said.is_err() {
                    break;
                }
            }
        }
    });
    port
}

fn by_smtp(place: &Place, port: u16) -> Plan {
    let extra = format!("[outgoing]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n");
    let mut settings = place.settings(&extra);
    settings.submission.send = Sending::Smtp;
    plan(place, settings)
}

#[test]
fn what_the_server_refused_is_sent_again_when_asked_and_what_may_have_arrived_is_not() {
    let (place, hits) = swept(9);
    let port = server(0, &["250 taken", "451 try later", "", "250 taken now"]);
    let plan = by_smtp(&place, port);
    let chosen = [
        once(&hits[0], Purpose::Phishing),
        once(&hits[1], Purpose::Spam),
    ];
    let draft = job::draft(&plan, &chosen, &wish()).unwrap();
    let told = send(&plan, &draft, &Edits::new());
    let package = match outcomes(&told)[..] {
        [
            Outcome::Accepted(answer),
            Outcome::NotSent { package, says },
        ] => {
            assert!(
                answer.contains("taken") && says.contains("try later"),
                "{told:?}"
            );
            *package
        }
        _ => panic!("{told:?}"),
    };
    // No answer: nobody knows.
    let outcome = job::send_again(&plan, package, &mut |_| {}).unwrap();
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    let error = job::send_again(&plan, package, &mut |_| {}).unwrap_err();
    assert!(matches!(error, ReportError::NotWaiting), "{error}");
    let states: Vec<_> = store(&place)
        .packages()
        .unwrap()
        .into_iter()
        .map(|package| package.state)
        .collect();
    assert_eq!(states, [SubmissionState::Unknown, SubmissionState::Sent]);
}

#[test]
fn a_server_that_takes_less_than_the_vendor_is_said_before_anything_is_sent() {
    let (place, hits) = swept(30);
    let port = server(0, &["250 taken"; 20]);
    let plan = by_smtp(&place, port);
    let chosen: Vec<Candidate> = hits.iter().map(|hit| once(hit, Purpose::Spam)).collect();
    let draft = job::draft(&plan, &chosen, &wish()).unwrap();
    let bytes = draft.letters[0].bytes.unwrap();
    assert!(outcomes(&send(&plan, &draft, &Edits::new()))[0].is_good());
    let small = server(bytes as usize - 1, &["250 taken"; 20]);
    let (place, hits) = swept(30);
    let plan = by_smtp(&place, small);
    let chosen: Vec<Candidate> = hits.iter().map(|hit| once(hit, Purpose::Spam)).collect();
    let draft = job::draft(&plan, &chosen, &wish()).unwrap();
    let told = send(&plan, &draft, &Edits::new());
    let limit = told.iter().find_map(|event| match event {
        ReportEvent::ServerLimit(limit) => Some(*limit),
        _ => None,
    });
    assert_eq!(limit, Some(bytes - 1), "{told:?}");
    assert!(store(&place).packages().unwrap().is_empty());
}

#[test]
fn a_server_that_is_not_there_leaves_everything_as_it_was() {
    let (place, hits) = swept(3);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let plan = by_smtp(&place, port);
    let draft = job::draft(&plan, &[once(&hits[0], Purpose::Spam)], &wish()).unwrap();
    let told = send(&plan, &draft, &Edits::new());
    assert!(
        matches!(outcomes(&told)[..], [Outcome::Untouched(says)] if says.contains("cannot connect")),
        "{told:?}"
    );
    assert!(store(&place).packages().unwrap().is_empty());
}

#[test]
fn where_letters_cannot_leave_the_zips_can_be_saved() {
    let (place, hits) = swept(3);
    let mut settings = place.settings("");
    settings.submission.send = Sending::Smtp;
    let (plan, why) = job::report_plan(&settings, &place.places(), "pat").unwrap();
    assert!(why.unwrap().to_string().contains("[outgoing]"));
    let draft = job::draft(&plan, &[once(&hits[0], Purpose::Spam)], &wish()).unwrap();
    assert_eq!((&draft.leaves, draft.mails().count()), (&Leaves::ByHand, 0));
    let folder = tempfile::tempdir().unwrap();
    job::save_report(&plan, &draft, &[0], folder.path(), &mut |_| {}).unwrap();
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn what_was_caught_wrongly_and_failed_waits_for_a_person() {
    let (place, hits) = swept(3);
    let mut settings = place.settings("");
    settings.submission.vendor = "f-secure".into();
    let plan = plan(&place, settings);
    let draft = job::draft(&plan, &[once(&hits[0], Purpose::FalsePositive)], &wish()).unwrap();
    send(&plan, &draft, &Edits::new());
    for letter in place.letters() {
        std::fs::remove_file(letter).unwrap();
    }
    let known = store(&place).packages().unwrap().remove(0);
    assert_eq!(known.purpose, Purpose::FalsePositive);
    store(&place)
        .set_submission(known.id, SubmissionState::Failed, "try later")
        .unwrap();
    let mut events = Vec::new();
    let summary = job::run(&plan, &Control::new(), &mut |event| events.push(event));
    assert_eq!(
        (summary.packages, summary.submissions),
        (0, 0),
        "{events:#?}"
    );
    let outcome = job::send_again(&plan, known.id, &mut |_| {}).unwrap();
    assert!(matches!(outcome, Outcome::Written(_)), "{outcome:?}");
    assert_eq!(place.letters().len(), 1);
}
