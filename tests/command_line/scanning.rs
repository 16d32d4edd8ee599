//! `scan`: files and folders of mail, judged without changing anything.

use super::{Home, finish, mail};
use std::process::Stdio;

fn home_with_mail() -> Home {
    let home = Home::with_settings("").with_marker();
    let folder = home.path("mail");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("1.eml"), mail("hit", "zyxmarker")).unwrap();
    std::fs::write(folder.join("2.eml"), mail("clean", "Lunch at noon?")).unwrap();
    home
}

#[test]
fn a_scan_prints_one_object_a_line_and_then_a_summary() {
    let home = home_with_mail();
    let ran = home.run(&["scan", "--json", home.path("mail").to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let objects: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(objects.len(), 3, "{}", ran.out);
    let hit = objects
        .iter()
        .find(|object| object["verdict"] == "spam")
        .unwrap();
    assert_eq!(hit["event"], "verdict");
    assert_eq!(hit["path"], home.path("mail/1.eml").to_str().unwrap());
    let digest = postsweep::mail::Digest::of(mail("hit", "zyxmarker").as_bytes());
    assert_eq!(hit["sha256"], digest.to_string());
    assert!(hit["score"].as_f64().unwrap() >= 9.5);
    assert_eq!(hit["threshold"], 7.0);
    let finding = &hit["findings"][0];
    assert_eq!(
        (&finding["rule"], &finding["weight"]),
        (&"marker".into(), &9.5.into())
    );
    assert!(finding["says"].as_str().unwrap().contains("zyxmarker"));
    let clean = objects
        .iter()
        .find(|object| object["verdict"] == "clean")
        .unwrap();
    assert!(clean["score"].as_f64().unwrap() < 5.0);
    let last = &objects[2];
    assert_eq!(
        (&last["event"], &last["spam"]),
        (&"summary".into(), &1.into())
    );
}

#[test]
fn the_level_changes_the_threshold_and_not_the_score() {
    let home = home_with_mail();
    let folder = home.path("mail");
    let scan = |level: &str| -> serde_json::Value {
        let ran = home.run(&[
            "scan",
            "--json",
            "--level",
            level,
            folder.join("2.eml").to_str().unwrap(),
        ]);
        serde_json::from_str(ran.out.lines().next().unwrap()).unwrap()
    };
    let (low, high) = (scan("low"), scan("high"));
    assert_eq!(low["score"], high["score"]);
    assert!(high["threshold"].as_f64() < low["threshold"].as_f64());
}

#[test]
fn a_person_reads_the_hits_their_reasons_and_true_numbers() {
    let home = home_with_mail();
    let folder = home.path("mail");
    let ran = home.run(&["scan", folder.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(
        ran.out.contains("Holds the marker") && ran.out.contains("1.eml"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("2.eml"), "{}", ran.out);
    assert!(
        ran.out
            .ends_with("1 of 2 messages looks like missed spam: 1 spam, 0 phishing.\n"),
        "{}",
        ran.out
    );
    let all = home.run(&["scan", "--verbose", folder.to_str().unwrap()]);
    assert!(all.out.contains("2.eml"), "{}", all.out);
}

#[test]
fn what_is_not_mail_is_one_line_each_and_the_rest_goes_on() {
    let home = home_with_mail();
    std::fs::write(home.path("empty.eml"), "").unwrap();
    std::fs::write(home.path("picture.eml"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    let paths: Vec<String> = ["nowhere", "empty.eml", "picture.eml", "mail"]
        .iter()
        .map(|name| home.path(name).to_str().unwrap().to_owned())
        .collect();
    let mut arguments = vec!["scan"];
    arguments.extend(paths.iter().map(String::as_str));
    let ran = home.run(&arguments);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.err.lines().count(), 3, "{}", ran.err);
    for (line, path) in ran.err.lines().zip(&paths) {
        assert_eq!(line.matches(path.as_str()).count(), 1, "{line}");
    }
    assert!(ran.out.contains("1 of 2 messages"), "{}", ran.out);
}

#[test]
fn a_broken_rule_of_the_users_own_is_told_and_the_rest_goes_on() {
    let home = home_with_mail();
    std::fs::write(home.path("rules/broken.toml"), "\n[[rule]]\nid = 7\n").unwrap();
    let ran = home.run(&["scan", home.path("mail").to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err.contains("broken.toml") && ran.err.contains('3'),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("1 of 2 messages"), "{}", ran.out);
}

#[test]
fn a_scan_needs_no_settings_unless_they_are_named_and_changes_nothing() {
    let home = home_with_mail();
    let path = home.path("mail/1.eml");
    let before = std::fs::read(&path).unwrap();
    let ran = finish(home.command(&["scan", path.to_str().unwrap()]), "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let made: Vec<_> = std::fs::read_dir(home.0.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(made.len(), 3, "{made:?}");
}

/// A folder whose answers do not fit a pipe that nobody reads from.
fn much_mail(home: &Home) -> std::path::PathBuf {
    let folder = home.path("much");
    std::fs::create_dir(&folder).unwrap();
    for number in 0..1500 {
        let text = format!("Lunch {number}?");
        std::fs::write(folder.join(format!("{number}.eml")), mail("lunch", &text)).unwrap();
    }
    folder
}

#[test]
fn a_reader_that_goes_away_ends_a_scan_quietly() {
    let home = Home::new();
    let folder = much_mail(&home);
    let mut command = home.command(&["scan", "--json", folder.to_str().unwrap()]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_stops_after_the_message_in_hand_with_130() {
    use std::io::{BufRead, Read};
    let home = Home::new();
    let folder = much_mail(&home);
    let mut command = home.command(&["scan", "--json", folder.to_str().unwrap()]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut err = std::io::BufReader::new(child.stderr.take().unwrap());
    // It has begun; and it cannot end before somebody reads on.
    let mut first = [0];
    out.read_exact(&mut first).unwrap();
    wait_until_it_waits(child.id());
    let interrupt = || {
        let mut kill = std::process::Command::new("kill");
        assert!(
            kill.args(["-INT", &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
    };
    // Two signals at once would be one: the second is sent when the first was answered.
    for answer in ["stopping after the step in hand", "still finishing"] {
        interrupt();
        let mut line = String::new();
        err.read_line(&mut line).unwrap();
        assert!(line.contains(answer), "{line}");
    }
    let mut text = String::from_utf8(first.to_vec()).unwrap();
    out.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(text.lines().count() < 1500, "it did not stop");
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["event"], &last["stopped"]),
        (&"summary".into(), &true.into())
    );
}

/// Until a process uses no more time: it is stuck in writing.
#[cfg(target_os = "linux")]
fn wait_until_it_waits(process: u32) {
    let used = || {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let fields: Vec<String> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        (fields[11].clone(), fields[12].clone())
    };
    let begun = std::time::Instant::now();
    let mut before = used();
    loop {
        std::thread::sleep(std::time::Duration::from_millis(500));
        let now = used();
        if now == before {
            return;
        }
        assert!(begun.elapsed().as_secs() < 60, "it never waits");
        before = now;
    }
}

/// The MIME parser asserts, in debug builds, that this does not happen.
const NESTED: &str = "From: a@example.org\nSubject: x\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=out\n\n\
    --out\nContent-Type: message/rfc822\n\n\
    Received: from a.example by b.example; Mon, 16 Nov 2026 10:00:00 +0000\n\
    Content-Type: message/rfc822\n\n\
    From: c@example.org\nSubject: z\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=in\n\n\
    --in\nContent-Type: multipart/alternative; boundary=alt\n\n\
    --alt\nContent-Type: text/plain\n\none\n--alt--\n\n\
    --in\nContent-Type: image/jpeg; name=\"x.jpg\"\nContent-Transfer-Encoding: base64\n\nAAAA\n--in--\n\n\
    --out\nContent-Type: application/octet-stream; name=\"y.exe\"\n\
    Content-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA\n--out--\n";

#[test]
fn messages_nested_oddly_are_read_to_their_end() {
    let home = Home::with_settings("");
    std::fs::write(home.path("nested.eml"), NESTED).unwrap();
    let ran = home.run(&[
        "scan",
        "--verbose",
        home.path("nested.eml").to_str().unwrap(),
    ]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.contains("y.exe"), "{}", ran.out);
}
