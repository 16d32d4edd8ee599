//! Reads as much of a Rust file as the layering test asks for: the paths it names, the macros it
//! calls and what it re-exports. It knows comments, strings, `#[cfg(test)]`, inner modules and
//! `use` trees, and nothing of types or of what macros make.

use std::collections::{BTreeMap, BTreeSet};

/// What one file names.
#[derive(Debug, Default)]
pub struct Source {
    /// Its path as modules: `mailbox`, `imap`, `wire`.
    modules: Vec<String>,
    /// Paths with their lines: `crate::…` with `super` and `self` resolved, or those that begin
    /// with a crate's or an imported name.
    pub paths: Vec<(usize, Vec<String>)>,
    /// Macros that are called, with their lines.
    pub macros: Vec<(usize, String)>,
    /// What `pub use part::Name` shows under this module: the name, and the part it is from.
    pub reexports: BTreeMap<String, String>,
    /// Files (below `src`, without `.rs`) that are modules for tests only.
    pub test_files: Vec<String>,
}

/// A word, `::`, or one other character.
type Token = (usize, String);

impl Source {
    pub fn module(&self) -> &str {
        &self.modules[0]
    }

    pub fn parse(file: &str, text: &str) -> Source {
        let mut modules: Vec<String> = file
            .strip_suffix(".rs")
            .unwrap()
            .split('/')
            .map(str::to_owned)
            .collect();
        if modules.len() > 1 && modules.last().is_some_and(|last| last == "mod") {
            modules.pop();
        }
        let mut source = Source {
            modules,
            ..Source::default()
        };
        let tokens = tokens(text);
        // Modules that are declared here hide crates of the same name (`mod imap;`).
        let mut own: BTreeSet<String> = BTreeSet::new();
        for pair in tokens.windows(2) {
            if pair[0].1 == "mod" {
                own.insert(pair[1].1.clone());
            }
        }
        let mut imported: BTreeSet<String> = BTreeSet::new();
        let mut inner: Vec<(String, usize)> = Vec::new();
        let mut depth = 0;
        let mut at = 0;
        while at < tokens.len() {
            let word = |ahead: usize| tokens.get(at + ahead).map_or("", |token| token.1.as_str());
            if word(0) == "#" && is_test_attribute(&tokens[at..]) {
                let end = end_of_item(&tokens, at);
                let name = tokens[at..end]
                    .windows(3)
                    .find(|three| three[0].1 == "mod" && three[2].1 == ";");
                if let Some(three) = name {
                    let mut home = source.modules.clone();
                    if home == ["lib"] {
                        home.clear();
                    }
                    home.push(three[1].1.clone());
                    source.test_files.push(home.join("/"));
                }
                at = end;
                continue;
            }
            match word(0) {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    inner.retain(|(_, open)| *open <= depth);
                }
                "mod" if word(2) == "{" => inner.push((word(1).to_owned(), depth + 1)),
                "use" => {
                    let end = (at..tokens.len()).find(|&end| tokens[end].1 == ";");
                    let end = end.unwrap_or(tokens.len());
                    let public = at > 0 && (tokens[at - 1].1 == "pub" || tokens[at - 1].1 == ")");
                    let mut leaves = Vec::new();
                    use_tree(&tokens[at + 1..end], &[], &mut leaves);
                    for (line, path) in leaves {
                        if public && path.len() == 2 {
                            let path = path.clone();
                            source.reexports.insert(path[1].clone(), path[0].clone());
                        }
                        let ours = ["crate", "self", "super"].contains(&path[0].as_str());
                        if ours && let Some(name) = path.last() {
                            imported.insert(name.clone());
                        }
                        source.note(line, path, &inner, &own);
                    }
                    at = end;
                    continue;
                }
                _ => {}
            }
            if is_word(word(0)) && word(1) == "!" && word(2) != "=" {
                source.macros.push((tokens[at].0, word(0).to_owned()));
            }
            // A path begins at a word before which no path goes on.
            let goes_on = at > 1 && tokens[at - 1].1 == "::" && {
                let before = tokens[at - 2].1.as_str();
                is_word(before) || before == ">"
            };
            if is_word(word(0)) && word(1) == "::" && !goes_on {
                let mut path = vec![word(0).to_owned()];
                let mut ahead = 1;
                while word(ahead) == "::" && is_word(word(ahead + 1)) {
                    path.push(word(ahead + 1).to_owned());
                    ahead += 2;
                }
                // `crate::{…}` in a macro's own syntax, or the like.
                if word(ahead) == "::" && word(ahead + 1) == "{" {
                    let mut leaves = Vec::new();
                    let close = closing(&tokens, at + ahead + 1);
                    use_tree(&tokens[at..close + 1], &[], &mut leaves);
                    for (line, path) in leaves {
                        source.note(line, path, &inner, &own);
                    }
                } else {
                    source.note(tokens[at].0, path, &inner, &own);
                }
                at += 1;
                continue;
            }
            at += 1;
        }
        // So do names that are imported from our own modules (`use crate::mailbox::imap`).
        source
            .paths
            .retain(|(_, path)| !imported.contains(&path[0]));
        source
    }

    /// Keeps a path, resolved as far as this file shows.
    fn note(
        &mut self,
        line: usize,
        mut path: Vec<String>,
        inner: &[(String, usize)],
        own: &BTreeSet<String>,
    ) {
        let mut here: Vec<String> = self.modules.clone();
        if here == ["lib"] || here == ["main"] {
            here.clear();
        }
        here.extend(inner.iter().map(|(name, _)| name.clone()));
        match path[0].as_str() {
            "super" | "self" => {
                while path.first().is_some_and(|part| part == "super") {
                    path.remove(0);
                    here.pop();
                }
                if path.first().is_some_and(|part| part == "self") {
                    path.remove(0);
                }
                path = [vec!["crate".to_owned()], here, path].concat();
            }
            "postsweep" => path[0] = "crate".to_owned(),
            first if own.contains(first) => return,
            _ => {}
        }
        self.paths.push((line, path));
    }
}

/// Words, `::` and single characters with their lines; comments, strings, characters and
/// lifetimes left out.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let from = i;
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    if at(i) == '/' && at(i + 1) == '*' {
                        depth += 1;
                        i += 2;
                    } else if at(i) == '*' && at(i + 1) == '/' {
                        depth -= 1;
                        i += 2;
                    } else {
                        i += 1;
                    }
                    if depth == 0 || i >= chars.len() {
                        break;
                    }
                }
            }
            '"' => i = end_of_string(&chars, i),
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            '\'' => {
                i += 1;
                while at(i).is_alphanumeric() || at(i) == '_' {
                    i += 1;
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                while at(i).is_alphanumeric() || at(i) == '_' {
                    i += 1;
                }
                let word: String = chars[from..i].iter().collect();
                let raw = ["r", "br", "cr"].contains(&word.as_str());
                let hashes = (i..).take_while(|&k| at(k) == '#').count();
                if raw && at(i + hashes) == '"' {
                    let close: Vec<char> = std::iter::once('"')
                        .chain(std::iter::repeat_n('#', hashes))
                        .collect();
                    i += hashes + 1;
                    while i < chars.len() && !chars[i..].starts_with(&close) {
                        i += 1;
                    }
                    i += close.len();
                } else if raw && hashes == 1 {
                    i += 1; // `r#type`: the word itself follows
                } else {
                    tokens.push((line, word));
                }
            }
            ':' if at(i + 1) == ':' => {
                tokens.push((line, "::".to_owned()));
                i += 2;
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push((line, c.to_string()));
                }
                i += 1;
            }
        }
        let passed = &chars[from..i.min(chars.len())];
        line += passed.iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn end_of_string(chars: &[char], open: usize) -> usize {
    let mut i = open + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Whether `#[cfg(test)]` or `#[cfg(all(test, …))]` stands here.
fn is_test_attribute(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().take(7).map(|t| t.1.as_str()).collect();
    words.starts_with(&["#", "[", "cfg", "(", "test", ")"])
        || words.starts_with(&["#", "[", "cfg", "(", "all", "(", "test"])
}

/// Behind the item that begins with the attribute at `from`: its `;`, or the end of its braces.
fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while at < tokens.len() {
        match tokens[at].1.as_str() {
            "[" | "(" => at = closing(tokens, at),
            "{" => return closing(tokens, at) + 1,
            ";" => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Where the bracket that opens at `open` closes.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, (_, token)) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len() - 1
}

/// The leaves of a `use` tree: `a::{b, c::d as e, self}` is `a::b`, `a::c::d` and `a`.
fn use_tree(tokens: &[Token], prefix: &[String], leaves: &mut Vec<(usize, Vec<String>)>) {
    let mut path = prefix.to_vec();
    let mut line = tokens.first().map_or(0, |token| token.0);
    let mut at = 0;
    let mut keep = |line: usize, path: &mut Vec<String>| {
        if path.len() > prefix.len() || (path.is_empty() && prefix.is_empty()) {
            let leaf = std::mem::replace(path, prefix.to_vec());
            if !leaf.is_empty() {
                leaves.push((line, leaf));
            }
        }
    };
    let mut groups = Vec::new();
    while at < tokens.len() {
        match tokens[at].1.as_str() {
            "::" | "*" => {}
            "as" => at += 1,
            "," => keep(line, &mut path),
            "{" => {
                let close = closing(tokens, at);
                groups.push((at + 1, close, path.clone()));
                path = prefix.to_vec();
                at = close;
            }
            "self" if !prefix.is_empty() => {
                groups.push((at, at, prefix.to_vec()));
            }
            word => {
                line = tokens[at].0;
                path.push(word.to_owned());
            }
        }
        at += 1;
    }
    keep(line, &mut path);
    for (from, to, path) in groups {
        if from == to {
            leaves.push((tokens[from].0, path));
        } else {
            use_tree(&tokens[from..to], &path, leaves);
        }
    }
}
