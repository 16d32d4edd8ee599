//! All brands, prepared so that no question about a text or a host looks at each of them: there
//! are hundreds, and a message has dozens of hosts. What counts as named is said in `brand`, what
//! as imitated in `lookalike`.

use super::brand::is_whole;
use super::context::Brand;
use super::skeleton::skeleton;
use crate::mail::text::fold;
use aho_corasick::AhoCorasick;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

/// The brands that are imitated, in order of id: where several fit, the first is meant.
#[derive(Clone, Default)]
pub struct Brands {
    all: Vec<Brand>,
    index: OnceLock<Index>,
}

/// A domain of a brand.
#[derive(Debug, Clone)]
pub struct Domain {
    /// The domain.
    pub name: String,
    /// Its first label, by which people know it.
    pub key: String,
    /// What the key looks like.
    pub looks: String,
    brand: usize,
}

/// Made when it is first asked: many runs judge nothing.
#[derive(Clone)]
struct Index {
    names: Words,
    /// What the longer names look like.
    looks: Words,
    /// The first brand of each domain.
    owners: HashMap<String, usize>,
    /// Every domain with a key, brand by brand.
    domains: Vec<Domain>,
    /// The keys of `domains`.
    keys: Option<AhoCorasick>,
    /// Where in `domains` the keys stand that begin with a byte.
    initials: HashMap<u8, Vec<usize>>,
}

impl Brands {
    /// The first brand of which a name stands in a folded text as a whole word.
    pub fn named_in(&self, folded: &str) -> Option<&Brand> {
        self.all.get(self.index().names.first_in(folded)?)
    }

    /// The first brand of which a longer name looks like a word of a text with this skeleton.
    pub fn seen_in(&self, looks: &str) -> Option<&Brand> {
        self.all.get(self.index().looks.first_in(looks)?)
    }

    /// The first brand whose own this host is.
    pub fn owner(&self, host: &str) -> Option<&Brand> {
        let owners = &self.index().owners;
        let above = host
            .match_indices('.')
            .filter_map(|(at, _)| host.get(at + 1..));
        let found = above.chain([host]).filter_map(|domain| owners.get(domain));
        self.all.get(*found.min()?)
    }

    /// Every domain that can have to do with a label: its key stands in one of the texts, or
    /// begins as the label does and is as long, give or take one letter; or the label has letters
    /// of another alphabet.
    pub fn resembled(&self, label: &str, texts: &[&str]) -> Vec<(&Brand, &Domain)> {
        let index = self.index();
        let mut found: Vec<usize> = match label.is_ascii() {
            true => Vec::new(),
            false => (0..index.domains.len()).collect(),
        };
        if let Some(keys) = &index.keys {
            let inside = texts
                .iter()
                .flat_map(|text| keys.find_overlapping_iter(text));
            found.extend(inside.map(|key| key.pattern().as_usize()));
        }
        let initial = label.as_bytes().first();
        let alike = initial.and_then(|initial| index.initials.get(initial));
        let is_near = |at: &&usize| {
            let domain = index.domains.get(**at);
            domain.is_some_and(|domain| domain.key.len().abs_diff(label.len()) <= 1)
        };
        found.extend(alike.into_iter().flatten().filter(is_near));
        found.sort_unstable();
        found.dedup();
        let domains = found.iter().filter_map(|at| index.domains.get(*at));
        domains
            .filter_map(|domain| Some((self.all.get(domain.brand)?, domain)))
            .collect()
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.all))
    }
}

impl From<Vec<Brand>> for Brands {
    fn from(all: Vec<Brand>) -> Self {
        Brands {
            all,
            index: OnceLock::new(),
        }
    }
}

impl std::ops::Deref for Brands {
    type Target = [Brand];

    fn deref(&self) -> &[Brand] {
        &self.all
    }
}

/// The brands alone: it is part of what tells one ruleset from another.
impl fmt::Debug for Brands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all.fmt(f)
    }
}

impl Index {
    fn of(brands: &[Brand]) -> Index {
        let numbered = || brands.iter().enumerate();
        let names =
            || numbered().flat_map(|(at, brand)| brand.names.iter().map(move |name| (at, name)));
        let long = names().filter(|(_, name)| name.chars().count() >= 5);
        let mut owners = HashMap::new();
        let mut domains = Vec::new();
        let mut initials: HashMap<u8, Vec<usize>> = HashMap::new();
        for (brand, name) in
            numbered().flat_map(|(at, brand)| brand.domains.iter().map(move |name| (at, name)))
        {
            owners.entry(name.clone()).or_insert(brand);
            let Some((key, _)) = name.split_once('.') else {
                continue;
            };
            if let Some(initial) = key.as_bytes().first() {
                initials.entry(*initial).or_default().push(domains.len());
            }
            domains.push(Domain {
                name: name.clone(),
                key: key.to_owned(),
                looks: skeleton(key),
                brand,
            });
        }
        Index {
            names: Words::of(names().map(|(at, name)| (at, fold(name)))),
            looks: Words::of(long.map(|(at, name)| (at, skeleton(name)))),
            owners,
            keys: AhoCorasick::new(domains.iter().map(|domain| &domain.key)).ok(),
            domains,
            initials,
        }
    }
}

/// Words, each some brand's.
#[derive(Clone)]
struct Words {
    words: Option<AhoCorasick>,
    brands: Vec<usize>,
}

impl Words {
    fn of(all: impl Iterator<Item = (usize, String)>) -> Words {
        let (brands, words): (Vec<usize>, Vec<String>) =
            all.filter(|(_, word)| !word.is_empty()).unzip();
        let words = AhoCorasick::new(words).ok();
        Words { words, brands }
    }

    /// The first brand of which a word stands in the text with no letter right before or after.
    fn first_in(&self, text: &str) -> Option<usize> {
        let found = self
            .words
            .iter()
            .flat_map(|words| words.find_overlapping_iter(text));
        let whole = found.filter(|found| is_whole(text, found.range()));
        whole
            .filter_map(|found| self.brands.get(found.pattern().as_usize()).copied())
            .min()
    }
}
