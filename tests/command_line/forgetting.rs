//! `forget`: what is kept of judged messages, and its removal.

use super::{Home, mail};

fn home() -> Home {
    let home = Home::new();
    let folder = home.path("mail/cur");
    std::fs::create_dir_all(&folder).unwrap();
    for part in ["new", "tmp"] {
        std::fs::create_dir(home.path("mail").join(part)).unwrap();
    }
    for number in 0..5 {
        let text = mail(&format!("Minutes {number}"), "See you on Sunday.");
        std::fs::write(folder.join(format!("{number}.host:2,S")), text).unwrap();
    }
    let settings = format!(
        "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = {:?}\n",
        home.path("mail")
    );
    std::fs::write(home.config(), settings).unwrap();
    home
}

#[test]
fn what_is_kept_is_shown_and_removed() {
    let home = home();
    let empty = home.run(&["forget", "--dry-run"]);
    assert_eq!(
        empty.out,
        "0 bytes kept of judged messages, of at most 1.1 GB.\n"
    );
    assert_eq!(
        home.run(&["forget"]).out,
        "Nothing was kept of judged messages.\n"
    );
    let swept = home.run(&["--batch"]);
    assert_eq!(swept.code, 0, "{swept:?}");
    // There is no keyring here: the key is in a file, and the log says so once.
    assert!(home.path("data/cache.key").exists());
    let told = |home: &Home| {
        let mut logs = String::new();
        for file in std::fs::read_dir(home.path("data/logs")).unwrap() {
            logs += &std::fs::read_to_string(file.unwrap().path()).unwrap();
        }
        logs.matches("the key of what is kept").count()
    };
    assert_eq!(told(&home), 1);
    let kept = home.run(&["forget", "--dry-run"]);
    assert!(kept.out.contains("kB kept of judged messages"), "{kept:?}");
    assert!(home.path("data/cache.sqlite").exists());
    let other = home.run(&["forget", "--account", "kim"]);
    assert_eq!(
        other.out,
        "Nothing was kept of judged messages of account kim.\n"
    );
    let gone = home.run(&["forget"]);
    assert!(
        gone.out.starts_with("removed ") && gone.code == 0,
        "{gone:?}"
    );
    assert!(!home.path("data/cache.sqlite").exists() && !home.path("data/cache.key").exists());
    // It forgot no verdict.
    let again = home.run(&["--batch", "--json"]);
    assert!(again.out.contains("\"known\":5"), "{again:?}");
    assert!(!home.path("data/cache.sqlite").exists());
}
