//! Lists of domains, words and extensions that checks know, from `assets/lists`, and who sends or receives a message.

use super::Context;
use crate::mail::{Address, Alignment, Message, Outcome};
use aho_corasick::AhoCorasick;
use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

/// A list of domains, words or phrases, one a line; `#` begins a comment.
pub struct List(LazyLock<Lines>);

struct Lines {
    in_order: Vec<&'static str>,
    all: HashSet<&'static str>,
    words: OnceLock<Option<AhoCorasick>>,
}

impl List {
    /// Whether it holds just this.
    pub fn has(&self, word: &str) -> bool {
        self.0.all.contains(word)
    }

    /// The first of the list that stands in a text.
    pub fn first_in(&self, text: &str) -> Option<&'static str> {
        let lines = &*self.0;
        let make = || AhoCorasick::new(&lines.in_order).ok();
        let words = lines.words.get_or_init(make).as_ref()?;
        let found = words.find_overlapping_iter(text);
        let first = found.map(|found| found.pattern().as_usize()).min()?;
        lines.in_order.get(first).copied()
    }

    /// Whether the host, or a domain above it, is on the list.
    pub fn covers(&self, host: &str) -> bool {
        let mut rest = host;
        loop {
            if self.has(rest) {
                return true;
            }
            match rest.split_once('.') {
                Some((_, above)) => rest = above,
                None => return false,
            }
        }
    }
}

fn lines(text: &'static str) -> Lines {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let in_order: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let all = in_order.iter().copied().collect();
    Lines {
        in_order,
        all,
        words: OnceLock::new(),
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])*
        pub static $name: List =
            List(LazyLock::new(|| lines(include_str!(concat!("../../assets/lists/", $file)))));)*

        /// The text of every list: when one changes, verdicts change.
        pub const TEXTS: &[&str] = &[$(include_str!(concat!("../../assets/lists/", $file))),*];
    };
}

lists! {
    /// Where anybody gets a mailbox.
    FREEMAIL = "freemail.txt";
    /// Services that make a short link to anywhere.
    SHORTENERS = "shorteners.txt";
    /// Where anybody gets a page, a form or a file in a minute.
    FREE_HOSTING = "free-hosting.txt";
    /// Services through which honest bulk mail counts clicks.
    TRACKERS = "trackers.txt";
    /// Services that write to their customers' customers from a domain of their own.
    SEND_FOR_OTHERS = "sends-for-others.txt";
    /// Sites that anybody's mail links to.
    EVERYBODYS = "everybodys-links.txt";
    /// Services that pass mail on and seal what they found about it.
    FORWARDERS = "forwarders.txt";
    /// Words of a name that do not tell whose it is.
    NAME_FILLERS = "name-fillers.txt";
    /// Endings that cost next to nothing and are mostly abused.
    CHEAP = "cheap-suffixes.txt";
    /// Words that imitators put beside a brand's name.
    ADDED = "added-words.txt";
    /// Extensions that Windows, macOS or Office run.
    RUNS = "extensions-that-run.txt";
    /// Extensions of disk images, which carry files past the mark of the web.
    DISKS = "extensions-of-disks.txt";
    /// Extensions of documents with macros.
    MACROS = "extensions-with-macros.txt";
    /// Extensions of pages.
    PAGES = "extensions-of-pages.txt";
    /// Extensions that a reader trusts.
    TRUSTED = "extensions-trusted.txt";
    /// Words of a link that asks to sign in, pay or confirm.
    ASKS = "link-asks.txt";
    /// How a message tells a password.
    TELLS = "password-told.txt";
}

/// The organisations that this message shows as its own: of its authors, its Sender and envelope
/// sender, and of each signature that passed. A link to one of them leads nowhere else.
pub fn own_organisations(message: &Message) -> Vec<&str> {
    let written = message
        .from
        .iter()
        .chain(&message.sender)
        .chain(&message.return_path)
        .map(Address::organisation);
    let signed = message
        .authentication
        .dkim
        .iter()
        .filter(|(outcome, _)| *outcome == Outcome::Pass)
        .map(|(_, domain)| crate::mail::address::organisational_domain(domain));
    written
        .chain(signed)
        .filter(|org| !org.is_empty())
        .collect()
}

/// What authentication says of an author. Where a forwarder broke what the author's servers signed,
/// a well-known one that found it good, and whose seal the receiver confirmed, takes the failure
/// away (ARC, RFC 8617); it is no proof.
pub fn alignment(message: &Message, author: &Address) -> Alignment {
    match message.authentication.alignment(author) {
        Alignment::Fail if vouched(message, author).is_some() => Alignment::Unrecorded,
        alignment => alignment,
    }
}

/// The first author, where the receiver's server confirmed all of them.
pub fn confirmed(message: &Message) -> Option<&Address> {
    let passed = |from: &Address| message.authentication.alignment(from) == Alignment::Pass;
    let all = message.from.iter().all(passed);
    message.from.first().filter(|_| all)
}

/// The well-known forwarder that found the author confirmed.
pub fn vouched<'m>(message: &'m Message, author: &Address) -> Option<&'m str> {
    let forwarder = message.authentication.forwarder.as_ref()?;
    let by = forwarder.by.as_deref()?;
    let found = forwarder.alignment(author) == Alignment::Pass;
    (found && FORWARDERS.covers(&by.to_lowercase())).then_some(by)
}

/// Addresses of the one who received it: the owner's, or where they are not known, those it is
/// written to.
pub fn recipients(message: &Message, context: &Context) -> Vec<String> {
    if !context.own_addresses.is_empty() {
        return context.own_addresses.clone();
    }
    let all = message.to.iter().take(3);
    all.filter(|to| !to.domain.is_empty())
        .map(|to| to.address().to_lowercase())
        .collect()
}

/// Whether a domain belongs to the owner's organisation.
pub fn is_own(domain: &str, context: &Context) -> bool {
    !domain.is_empty()
        && context.own_domains.iter().any(|own| {
            domain == own
                || domain
                    .strip_suffix(own.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
}

/// Whether it came through a mailing list or a bulk sender that says so (RFC 2919, RFC 2369).
pub fn is_bulk(message: &Message) -> bool {
    message.headers.iter().any(|header| {
        header.name.eq_ignore_ascii_case("list-id")
            || header.name.eq_ignore_ascii_case("list-unsubscribe")
    })
}
