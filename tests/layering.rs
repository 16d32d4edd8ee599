//! Holds the table "who may import whom" of `src/lib.rs`, which is read from there, and the house
//! rules that go with it: which folder may name which wire crate, where there is no I/O, no clock
//! and no printing, how long a file may be and how it begins. `layering/cases.rs` shows that each
//! of them can fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "layering/cases.rs"]
mod cases;
#[path = "layering/source.rs"]
mod source;

use source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Crates that speak to the world, and the only places that may name them.
const WIRE: &[(&str, &[&str])] = &[
    ("imap", &["mailbox/imap/"]),
    ("imap_proto", &["mailbox/imap/"]),
    ("utf7_imap", &["mailbox/imap/"]),
    ("lettre", &["outbox/"]),
    ("keyring", &["settings/"]),
    ("rusqlite", &["store/"]),
    ("hickory_resolver", &["dns/"]),
    ("tokio", &["dns/"]),
    ("zip", &["package.rs", "package/", "content/"]),
    // Two protocols, one TLS: each opens its own connections.
    ("native_tls", &["mailbox/imap/", "outbox/"]),
    // Looks at a certificate that either of them refused.
    ("x509_parser", &["mailbox/imap/", "outbox/"]),
    // No wire, but a hundred thousand lines of code, compiled anew wherever they are called from.
    ("psl", &["mail/address.rs"]),
];

/// Modules without a file, a clock, a process or the network.
const PURE: &[&str] = &[
    "verdict",
    "mail",
    "content",
    "checks",
    "rules",
    "classifier",
    "measure",
];

/// Paths that a pure module must not name, and what they stand for.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "file"),
    ("std::net", "network"),
    ("std::process", "process"),
    ("std::env", "environment"),
    ("std::os", "system"),
    ("std::io::stdin", "terminal"),
    ("std::io::stdout", "terminal"),
    ("std::io::stderr", "terminal"),
    ("std::time::SystemTime", "clock"),
    ("std::time::Instant", "clock"),
    ("SystemTime", "clock"),
    ("Instant::now", "clock"),
    ("Timestamp::now", "clock"),
    ("jiff::Timestamp::now", "clock"),
    ("Zoned::now", "clock"),
    ("jiff::Zoned::now", "clock"),
    ("tempfile", "file"),
];

/// Plain data about the network: an address, with a port or without, is not a connection.
const PURE_AFTER_ALL: &[&str] = &[
    "std::net::IpAddr",
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
    "std::net::AddrParseError",
    "std::net::SocketAddr",
    "std::net::SocketAddrV4",
    "std::net::SocketAddrV6",
];

/// Who may print.
const PRINTERS: &[&str] = &["main", "cli", "command"];

/// "Everything below" the job is all but these.
const ABOVE_THE_JOB: &[&str] = &["main", "cli", "command", "gui", "text", "log_file"];

/// "Plain types": what is shown, never a place where something is done. `cli` is the arguments
/// as typed, which a command is given.
const PLAIN: &[&str] = &["mail", "verdict", "measure", "cli"];

/// The most lines a file may have.
const LONGEST: usize = 500;

#[test]
fn nobody_imports_whom_they_may_not_and_the_house_rules_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = BTreeMap::new();
    read_all(&root, &root, &mut sources);
    assert!(sources.len() > 30, "found only {} files", sources.len());
    let broken = judge(&sources);
    assert!(
        broken.is_empty(),
        "{} rules broken:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

fn read_all(root: &Path, folder: &Path, into: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(root, &path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            into.insert(name.replace('\\', "/"), text);
        }
    }
}

/// Every broken rule as `src/file:line: sentence`. `sources` maps a path below `src` to its text.
fn judge(sources: &BTreeMap<String, String>) -> Vec<String> {
    let table = Table::read(&sources["lib.rs"]);
    let parsed: BTreeMap<&str, Source> = sources
        .iter()
        .map(|(file, text)| (file.as_str(), Source::parse(file, text)))
        .collect();
    let test_files: Vec<&str> = parsed
        .values()
        .flat_map(|source| source.test_files.iter().map(String::as_str))
        .collect();
    let mut broken = Vec::new();
    for (file, text) in sources {
        if !text.starts_with("//!") {
            broken.push(format!(
                "src/{file}:1: begins without `//!`: say what it is for and what it must not do"
            ));
        }
        let lines = text.lines().count();
        if lines > LONGEST {
            broken.push(format!(
                "src/{file}:{lines}: {lines} lines: {LONGEST} is the end"
            ));
        }
        let source = &parsed[file.as_str()];
        if test_files
            .iter()
            .any(|test| file == &format!("{test}.rs") || file.starts_with(&format!("{test}/")))
        {
            continue;
        }
        judge_paths(file, source, &parsed, &table, &mut broken);
        for (line, name) in &source.macros {
            let prints = ["println", "eprintln", "print", "eprint", "dbg"];
            if prints.contains(&name.as_str()) && !PRINTERS.contains(&source.module()) {
                broken.push(format!(
                    "src/{file}:{line}: `{name}!`: only {} print; hand an event or an error up",
                    PRINTERS.join(", ")
                ));
            }
        }
    }
    broken
}

fn judge_paths(
    file: &str,
    source: &Source,
    parsed: &BTreeMap<&str, Source>,
    table: &Table,
    broken: &mut Vec<String>,
) {
    let module = source.module();
    if module != "lib" && !table.rows.contains_key(module) {
        broken.push(format!(
            "src/{file}:1: `{module}` is not in the table of src/lib.rs: say whom it may import"
        ));
        return;
    }
    let mut seen = BTreeSet::new();
    for (line, path) in &source.paths {
        if !seen.insert((line, path)) {
            continue;
        }
        let shown = path.join("::");
        if path[0] == "crate" {
            let (Some(target), inner) = (path.get(1), path.get(2)) else {
                continue;
            };
            let is_module = parsed.contains_key(format!("{target}.rs").as_str())
                || parsed.contains_key(format!("{target}/mod.rs").as_str());
            if !is_module || target == module || module == "lib" {
                continue;
            }
            let home = parsed.get(format!("{target}/mod.rs").as_str());
            if let Err(rule) = table.allows(module, target, inner.map(String::as_str), home) {
                broken.push(format!(
                    "src/{file}:{line}: `{shown}`: {module} may not import {target}: {rule}"
                ));
            }
            continue;
        }
        if let Some((name, places)) = WIRE.iter().find(|(name, _)| *name == path[0])
            && !places.iter().any(|place| file.starts_with(place))
        {
            broken.push(format!(
                "src/{file}:{line}: `{shown}`: the crate {name} is named only in {}",
                places.join(" and ")
            ));
        }
        let starts = |prefix: &str| format!("{shown}::").starts_with(&format!("{prefix}::"));
        if PURE.contains(&module)
            && !PURE_AFTER_ALL.iter().any(|pure| starts(pure))
            && let Some((_, what)) = IMPURE.iter().find(|(impure, _)| starts(impure))
        {
            broken.push(format!(
                "src/{file}:{line}: `{shown}`: {module} is pure and knows no {what}"
            ));
        }
    }
}

/// The table of `src/lib.rs`: a module, and whom it may import.
struct Table {
    rows: BTreeMap<String, Row>,
}

struct Row {
    /// As it stands in the table.
    says: String,
    /// A module, and the parts of it that are meant where not all of it is.
    may: BTreeMap<String, Option<Vec<String>>>,
    /// Whether it may import everything below the job.
    below: bool,
}

impl Table {
    /// Reads the fenced block under "Who may import whom". A row is `names → names`; two rows on
    /// a line are two spaces or more apart; a line without an arrow belongs to the row above.
    fn read(lib: &str) -> Table {
        let lines = lib.lines().filter_map(|line| line.strip_prefix("//!"));
        let block: Vec<&str> = lines
            .skip_while(|line| line.trim() != "# Who may import whom")
            .skip_while(|line| line.trim() != "```text")
            .skip(1)
            .take_while(|line| line.trim() != "```")
            .collect();
        let mut rows = BTreeMap::new();
        for line in block {
            // Columns: the spaces that line the arrows up do not part a row.
            let mut line = line.trim().to_owned();
            while line.contains("  →") {
                line = line.replace("  →", " →");
            }
            for row in line.split("  ").filter(|row| row.contains('→')) {
                let (who, whom) = row.split_once('→').unwrap();
                for name in who.split(',') {
                    rows.insert(name.trim().to_owned(), Row::read(row.trim(), whom));
                }
            }
        }
        assert!(rows.len() > 8, "src/lib.rs has no table that can be read");
        Table { rows }
    }

    fn allows(
        &self,
        module: &str,
        target: &str,
        inner: Option<&str>,
        home: Option<&Source>,
    ) -> Result<(), String> {
        let row = &self.rows[module];
        match row.may.get(target) {
            Some(None) => return Ok(()),
            Some(Some(parts)) => {
                // `settings::Server` is `settings::account::Server`, if it is re-exported so.
                let origin = |name: &str| {
                    home.and_then(|home| home.reexports.get(name).cloned())
                        .unwrap_or_else(|| name.to_owned())
                };
                if inner.is_some_and(|name| parts.contains(&origin(name))) {
                    return Ok(());
                }
            }
            None if row.below && !ABOVE_THE_JOB.contains(&target) => return Ok(()),
            None => {}
        }
        Err(row.says.clone())
    }
}

impl Row {
    fn read(says: &str, whom: &str) -> Row {
        let mut row = Row {
            says: says.to_owned(),
            may: BTreeMap::new(),
            below: whom.contains("everything below"),
        };
        if whom.contains("plain types") {
            let plain = PLAIN.iter().map(|name| ((*name).to_owned(), None));
            row.may.extend(plain);
        }
        let mut whom = whom.split('(').next().unwrap().trim().to_owned();
        if row.below || whom.starts_with("nothing") {
            return row;
        }
        // `settings::{account, secret}` holds commas of its own.
        if let Some((before, rest)) = whom.clone().split_once("::{") {
            let (parts, after) = rest.split_once('}').unwrap();
            let name = before.rsplit(',').next().unwrap().trim();
            let parts = parts.split(',').map(|part| part.trim().to_owned());
            row.may.insert(name.to_owned(), Some(parts.collect()));
            whom = format!("{}{after}", before.strip_suffix(name).unwrap());
        }
        for name in whom.split(',').map(str::trim).filter(|n| !n.is_empty()) {
            row.may.insert(name.to_owned(), None);
        }
        row
    }
}
