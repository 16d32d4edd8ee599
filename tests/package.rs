//! Packages, opened by the tools that people and vendors have: `unzip`, 7-Zip and Python.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use postsweep::mail::Digest;
use postsweep::package::{self, Cipher, Item, PackageError, Spec};
use postsweep::sample::{self, SampleError};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Samples in a folder of their own, and a folder for packages.
struct Desk {
    dir: TempDir,
    items: Vec<Item>,
}

impl Desk {
    fn new() -> Self {
        Desk {
            dir: tempfile::tempdir().unwrap(),
            items: Vec::new(),
        }
    }

    fn add(&mut self, bytes: &[u8], domain: &str) -> &Item {
        let sample = sample::keep(&self.dir.path().join("samples"), bytes).unwrap();
        self.items.push(Item {
            digest: sample.digest,
            path: sample.path,
            size: sample.size,
            date: "2026-11-20T10:11:12Z".parse().ok(),
            sender_domain: domain.to_owned(),
        });
        self.items.last().unwrap()
    }

    fn out(&self) -> std::path::PathBuf {
        self.dir.path().join("packages")
    }

    fn build(&self, cipher: Cipher, largest: u64) -> package::Built {
        package::build(&self.out(), &self.items, &spec(cipher, largest)).unwrap()
    }

    /// What lies in the folder of packages, unfinished files included.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.out()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn spec(cipher: Cipher, largest: u64) -> Spec {
    Spec {
        password: "novirus".into(),
        cipher,
        largest,
        stem: "postsweep-20261121-spam".into(),
    }
}

/// Bytes that no compressor makes smaller, the same for the same seed.
fn noise(mut seed: u64, length: usize) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn run(tool: &str, package: &str, arguments: &[&str]) -> Output {
    Command::new(tool)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}: apt-get install -y {package}"))
}

/// Opens the zip with a tool and compares every file in it with its sample.
fn opens(tool: &str, zip: &Path, into: &Path, package: &package::Package) {
    fs::create_dir_all(into).unwrap();
    let (zip, dir) = (zip.to_str().unwrap(), into.to_str().unwrap());
    let output = match tool {
        "unzip" => run("unzip", "unzip", &["-q", "-P", "novirus", zip, "-d", dir]),
        "7zz" => run("7zz", "7zip", &["x", "-pnovirus", &format!("-o{dir}"), zip]),
        "python3" => {
            let script = "import sys, zipfile\n\
                zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2], pwd=b'novirus')";
            run("python3", "python3", &["-c", script, zip, dir])
        }
        other => panic!("{other}"),
    };
    assert!(output.status.success(), "{tool}: {output:?}");
    assert_eq!(
        fs::read_dir(dir).unwrap().count(),
        package.entries.len(),
        "{tool}"
    );
    for (entry, digest) in package.entries.iter().zip(&package.digests) {
        let bytes = fs::read(into.join(entry)).unwrap();
        assert_eq!(Digest::of(&bytes), *digest, "{tool}: {entry}");
    }
}

fn odd_messages(desk: &mut Desk) {
    desk.add(b"From: a@example.com\r\n\r\nplain\r\n", "example.com");
    desk.add(b"From: b@example.org\n\nonly LF, no end", "EXAMPLE.org");
    desk.add(b"", "empty.example");
    desk.add(b"\0\xff\xfe\r\r\n.\r\n", "../../../etc/passwd");
    desk.add(&noise(7, 200_000), "C:\\NUL");
    desk.add(&b"the same again ".repeat(40_000), "xn--bcher-kva.example");
}

#[test]
fn every_tool_opens_a_traditional_package_and_finds_the_bytes() {
    let mut desk = Desk::new();
    odd_messages(&mut desk);
    let built = desk.build(Cipher::Traditional, 10_000_000);
    assert!(built.left_out.is_empty(), "{:?}", built.left_out);
    let [package] = built.packages.as_slice() else {
        panic!("{:?}", built.packages);
    };
    assert_eq!(package.digests.len(), 6);
    assert_eq!(package.bytes, fs::metadata(&package.path).unwrap().len());
    assert_eq!(desk.files(), ["postsweep-20261121-spam.zip"]);
    for tool in ["unzip", "7zz", "python3"] {
        opens(tool, &package.path, &desk.dir.path().join(tool), package);
    }
    let wrong = run(
        "unzip",
        "unzip",
        &["-t", "-P", "wrong", package.path.to_str().unwrap()],
    );
    assert!(!wrong.status.success(), "opened with a wrong password");
}

#[test]
fn seven_zip_opens_an_aes_package_and_finds_the_bytes() {
    let mut desk = Desk::new();
    odd_messages(&mut desk);
    let built = desk.build(Cipher::Aes256, 10_000_000);
    let package = &built.packages[0];
    opens("7zz", &package.path, &desk.dir.path().join("7zz"), package);
    let listed = run(
        "7zz",
        "7zip",
        &["l", "-slt", package.path.to_str().unwrap()],
    );
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("AES-256"), "{listed}");
}

#[test]
fn names_say_number_date_and_domain_and_are_safe_everywhere() {
    let mut desk = Desk::new();
    odd_messages(&mut desk);
    let built = desk.build(Cipher::Traditional, 10_000_000);
    assert_eq!(
        built.packages[0].entries,
        [
            "0001-2026-11-20-example.com.eml",
            "0002-2026-11-20-example.org.eml",
            "0003-2026-11-20-empty.example.eml",
            "0004-2026-11-20-etc-passwd.eml",
            "0005-2026-11-20-c-nul.eml",
            "0006-2026-11-20-xn--bcher-kva.example.eml",
        ]
    );
}

#[test]
fn packages_are_split_under_the_limit_and_hold_everything_once() {
    for cipher in [Cipher::Traditional, Cipher::Aes256] {
        let mut desk = Desk::new();
        for seed in 1..=40 {
            desk.add(&noise(seed, 5_000 + 700 * seed as usize), "example.com");
        }
        let largest = 100_000;
        let built = desk.build(cipher, largest);
        assert!(built.left_out.is_empty(), "{:?}", built.left_out);
        let packages = &built.packages;
        assert!(packages.len() >= 8, "{}", packages.len());
        let total: u64 = desk.items.iter().map(|item| item.size).sum();
        // Filled, not scattered: no two neighbours would have fitted into one.
        assert!((packages.len() as u64 - 1) * largest / 2 < total);
        let mut held: Vec<Digest> = Vec::new();
        for (index, package) in packages.iter().enumerate() {
            assert!(package.bytes <= largest, "{} bytes", package.bytes);
            assert_eq!(package.bytes, fs::metadata(&package.path).unwrap().len());
            let name = format!(
                "postsweep-20261121-spam-{}-of-{}.zip",
                index + 1,
                packages.len()
            );
            assert_eq!(
                package.path.file_name().unwrap().to_str(),
                Some(name.as_str())
            );
            opens("7zz", &package.path, &desk.dir.path().join(&name), package);
            if cipher == Cipher::Traditional {
                let dir = desk.dir.path().join(format!("unzip-{index}"));
                opens("unzip", &package.path, &dir, package);
            }
            held.extend(&package.digests);
        }
        let wanted: Vec<Digest> = desk.items.iter().map(|item| item.digest).collect();
        assert_eq!(held, wanted);
        let entries: HashSet<&String> = packages.iter().flat_map(|p| &p.entries).collect();
        assert_eq!(entries.len(), 40, "a name is used twice");
        assert_eq!(
            desk.files().len(),
            packages.len(),
            "something unfinished stays"
        );
    }
}

#[test]
fn a_message_that_alone_is_too_large_is_left_out_and_splits_nothing() {
    let mut desk = Desk::new();
    for seed in 1..=6 {
        desk.add(&noise(seed, 8_000), "example.com");
        desk.add(&noise(seed + 100, 300_000), "large.example");
    }
    let compressible = desk.add(&vec![b'a'; 3_000_000], "example.net").digest;
    let built = desk.build(Cipher::Traditional, 100_000);
    assert_eq!(built.packages.len(), 1);
    let package = &built.packages[0];
    assert_eq!(package.digests.len(), 7);
    assert!(package.digests.contains(&compressible), "small once packed");
    assert!(
        package.bytes < 60_000,
        "what was taken out still takes room"
    );
    opens(
        "unzip",
        &package.path,
        &desk.dir.path().join("out"),
        package,
    );
    assert_eq!(built.left_out.len(), 6);
    for (_, why) in &built.left_out {
        assert!(
            matches!(
                why,
                PackageError::TooLarge {
                    largest: 100_000,
                    ..
                }
            ),
            "{why}"
        );
        assert!(why.to_string().contains("portal"), "{why}");
    }
}

#[test]
fn nothing_fits_into_a_limit_of_nothing() {
    let mut desk = Desk::new();
    desk.add(b"mail", "example.com");
    let built = desk.build(Cipher::Traditional, 0);
    assert_eq!((built.packages.len(), built.left_out.len()), (0, 1));
    assert!(desk.files().is_empty(), "{:?}", desk.files());
    let empty = package::build(&desk.out(), &[], &spec(Cipher::Traditional, 1000)).unwrap();
    assert!(empty.packages.is_empty() && empty.left_out.is_empty());
}

#[test]
fn a_message_is_packed_once_however_often_it_is_named() {
    let mut desk = Desk::new();
    desk.add(b"same", "example.com");
    desk.add(b"same", "example.org");
    desk.add(b"other", "example.net");
    let built = desk.build(Cipher::Traditional, 10_000);
    assert_eq!(built.packages[0].digests.len(), 2);
}

#[test]
fn a_sample_that_was_changed_or_removed_is_left_out_and_named() {
    let mut desk = Desk::new();
    let changed = desk.add(&noise(1, 90_000), "a.example").clone();
    let removed = desk.add(b"eaten", "b.example").clone();
    let good = desk.add(b"good", "c.example").digest;
    fs::write(&changed.path, noise(2, 90_000)).unwrap();
    fs::remove_file(&removed.path).unwrap();
    let built = desk.build(Cipher::Traditional, 1_000_000);
    let package = &built.packages[0];
    assert_eq!(package.digests, [good]);
    assert_eq!(package.entries, ["0001-2026-11-20-c.example.eml"]);
    assert!(package.bytes < 1_000);
    opens(
        "python3",
        &package.path,
        &desk.dir.path().join("out"),
        package,
    );
    let [(first, why_first), (second, why_second)] = built.left_out.as_slice() else {
        panic!("{:?}", built.left_out);
    };
    assert_eq!((*first, *second), (changed.digest, removed.digest));
    let sample_error = |why: &PackageError| match why {
        PackageError::Sample(SampleError::Changed { .. }) => "changed",
        PackageError::Sample(SampleError::Missing { .. }) => "missing",
        _ => "something else",
    };
    assert_eq!(
        (sample_error(why_first), sample_error(why_second)),
        ("changed", "missing")
    );
}

#[test]
fn a_package_that_is_already_there_is_never_overwritten() {
    let mut desk = Desk::new();
    desk.add(b"first", "example.com");
    let first = desk.build(Cipher::Traditional, 10_000).packages.remove(0);
    let before = fs::read(&first.path).unwrap();
    desk.add(b"second", "example.com");
    let second = desk.build(Cipher::Traditional, 10_000).packages.remove(0);
    assert_ne!(first.path, second.path);
    assert_eq!(fs::read(&first.path).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&second.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "others can read it");
    }
}

#[test]
fn an_empty_password_is_no_password() {
    for cipher in [Cipher::Traditional, Cipher::Aes256] {
        let mut desk = Desk::new();
        desk.add(b"mail", "example.com");
        let mut spec = spec(cipher, 10_000);
        spec.password.clear();
        assert!(package::build(&desk.out(), &desk.items, &spec).is_err());
        assert!(desk.files().is_empty(), "{:?}", desk.files());
    }
}
