//! Whether the parts of a message belong together: the name it goes by, the domain it is sent
//! from and signed by, and where its links lead. Honest mail agrees with itself in at least one
//! of them; a throw-away sender has a brand's name, a domain bought for a day and a page on a
//! third. What the receiving server wrote is not looked at: all of this is in the message itself.

use super::context::{Brand, Context};
use super::envelope::is_reply;
use super::known::{EVERYBODYS, FREE_HOSTING, FREEMAIL, NAME_FILLERS, SEND_FOR_OTHERS, TRACKERS};
use super::link_host::has_cheap_ending;
use super::list::{before_via, list_address, poster};
use super::{brand, lookalike};
use crate::mail::address::organisational_domain;
use crate::mail::{Address, LinkOrigin, Message, address, text::fold};
use std::cell::OnceCell;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Hosts that are looked at, and words of a name: more tell nothing new.
const MOST_HOSTS: usize = 100;
const MOST_WORDS: usize = 12;

/// Who a message shows as its author, and where it leads.
pub struct Identity<'m> {
    /// The author's display name.
    pub name: String,
    /// The author; of a list that writes in its posters' name, the poster.
    pub author: Address,
    /// Each host that its links lead to, once, without those of the list it came through.
    pub hosts: Vec<&'m str>,
    /// Whether it is a new message: it quotes nothing, or refers to none.
    pub begins: bool,
    in_plain_text: bool,
    words: Vec<String>,
    initials: String,
    brand: Option<&'m Brand>,
    own: Vec<String>,
    signed: Vec<String>,
    pictures: Vec<&'m str>,
    unsubscribe: bool,
    // What several checks ask.
    persons: OnceCell<bool>,
    name_in_link: OnceCell<bool>,
    sender_in_link: OnceCell<bool>,
}

impl<'m> Identity<'m> {
    /// `None` where nobody is named as author.
    pub fn of(message: &'m Message, context: &'m Context) -> Option<Identity<'m>> {
        let from = message.from.first()?;
        let posts_to = list_address(message);
        let list = posts_to.is_some();
        let mut name = from.name.clone();
        let mut author = from;
        if let Some(post) = &posts_to
            && let Some(poster) = poster(message, from, post)
        {
            author = poster;
            name = match poster.name.is_empty() {
                true => before_via(&name).to_owned(),
                false => poster.name.clone(),
            };
        }
        let lists = posts_to
            .as_deref()
            .map(|post| organisational_domain(post).to_owned());
        let belongs_to_list = |organisation: &str| lists.as_deref() == Some(organisation);
        let signed: Vec<String> = signers(message)
            .map(|domain| organisational_domain(&domain).to_owned())
            .filter(|organisation| !belongs_to_list(organisation))
            .collect();
        let mut own = signed.clone();
        own.insert(0, author.organisation().to_owned());
        // A domain that many send from is nobody's.
        own.retain(|own| own.contains('.') && !FREEMAIL.covers(own) && !TRACKERS.covers(own));
        let hosts = |pictures: bool| {
            let mut hosts: Vec<&str> = message
                .links
                .iter()
                .filter(|link| (link.origin == LinkOrigin::Image) == pictures)
                .filter_map(|link| link.host())
                .filter(|host| !host.is_empty())
                .collect();
            hosts.sort_unstable();
            hosts.dedup();
            hosts.retain(|host| !belongs_to_list(organisational_domain(host)));
            hosts.truncate(MOST_HOSTS);
            hosts
        };
        let (words, initials) = words(&name);
        Some(Identity {
            brand: brand::named(&name, &context.brands),
            words,
            initials,
            author: author.clone(),
            name,
            hosts: hosts(false),
            pictures: hosts(true),
            begins: !is_reply(message),
            in_plain_text: message.html.is_none(),
            own,
            signed,
            unsubscribe: !list && message.header("List-Unsubscribe").is_some(),
            persons: OnceCell::new(),
            name_in_link: OnceCell::new(),
            sender_in_link: OnceCell::new(),
        })
    }

    /// Whether the name belongs to the domain that it is sent from or signed by, or is a person's
    /// and the address is that person's.
    pub fn name_fits_sender(&self) -> bool {
        self.own.iter().any(|own| self.name_fits(own))
            || tenant(&self.author.domain).is_some_and(|tenant| self.name_fits(tenant))
            || self.is_persons()
    }

    /// Whether it was signed in the name of one of these domains (DKIM), as the message says.
    pub fn is_signed_by(&self, is_one: impl Fn(&str) -> bool) -> bool {
        self.signed.iter().any(|domain| is_one(domain))
    }

    /// Whether the author is a person under their own name.
    pub fn is_persons(&self) -> bool {
        *self.persons.get_or_init(|| self.find_person())
    }

    fn find_person(&self) -> bool {
        // A brand is no person, and who buys a domain for a day calls it as he likes.
        if self.brand.is_some()
            || !self.author.domain.contains('.')
            || has_cheap_ending(&self.author.domain)
        {
            return false;
        }
        // `Doe, Pat (Example Ltd)`; `Pat Doe <pat.doe@…>`, `P. Doe <pdoe@…>`, `Pat Doe <pd@…>`.
        let name = self.name.split('(').next().unwrap_or_default();
        let local = plain(&self.author.local);
        let person =
            (2..=4).contains(&name.split_whitespace().count()) && name.chars().all(is_of_names);
        let own = self.words.iter().any(|word| local.contains(word.as_str()));
        person && (own || self.initials.len() >= 2 && local == self.initials)
    }

    /// Whether a link or a picture leads to whom the name names. What is a brand's by its name
    /// must lead there and nowhere else: a link to its site stands in many an imitation.
    pub fn name_fits_link(&self) -> bool {
        *self.name_in_link.get_or_init(|| self.find_name_in_link())
    }

    fn find_name_in_link(&self) -> bool {
        if let Some(brand) = self.brand {
            let told_nothing = |host: &str| EVERYBODYS.covers(host) || TRACKERS.covers(host);
            let mut told = self
                .hosts
                .iter()
                .filter(|host| !told_nothing(host))
                .peekable();
            return told.peek().is_some() && told.all(|host| lookalike::is_of(brand, host));
        }
        // A page that anybody can have is called as its maker likes, a mailbox is nobody's.
        let told_nothing = [&EVERYBODYS, &FREE_HOSTING, &FREEMAIL];
        let telling = |host: &str| told_nothing.iter().all(|list| !list.covers(host));
        let mut all = self.hosts.iter().chain(&self.pictures);
        all.any(|host| telling(host) && self.name_fits(organisational_domain(host)))
    }

    /// Whether a link leads to the organisation that it is sent from or signed by, under the same
    /// or a like name.
    pub fn sender_fits_link(&self) -> bool {
        let found = self
            .sender_in_link
            .get_or_init(|| self.find_sender_in_link());
        *found
    }

    fn find_sender_in_link(&self) -> bool {
        self.hosts.iter().any(|host| {
            let organisation = organisational_domain(host);
            self.own.iter().any(|own| {
                let (a, b) = (label(own), label(organisation));
                own == organisation
                    || a == b
                    || !FREE_HOSTING.covers(host)
                        && (a.len() >= 5 && b.len() >= 5)
                        && (a.contains(&b) || b.contains(&a))
            })
        })
    }

    /// Whether it is sent as honest senders have others send for them: it can be unsubscribed
    /// from, and its links lead to the sender or through a service that counts clicks for many;
    /// or the sender's domain is that of a service that writes in its customers' names.
    pub fn is_sent_for_others(&self) -> bool {
        [&SEND_FOR_OTHERS, &TRACKERS]
            .iter()
            .any(|list| list.covers(&self.author.domain))
            || self.is_bulk()
    }

    /// Whether it can be unsubscribed from, and its links lead to the sender or through a service
    /// that counts clicks for many.
    pub fn is_bulk(&self) -> bool {
        let counted = || self.hosts.iter().any(|host| TRACKERS.covers(host));
        self.unsubscribe && (counted() || self.sender_fits_link())
    }

    fn name_fits(&self, organisation: &str) -> bool {
        let label = label(organisation);
        if label.is_empty() {
            return false;
        }
        if let Some(brand) = self.brand
            && lookalike::is_of(brand, organisation)
        {
            return true;
        }
        let joined = self.words.concat();
        self.words
            .iter()
            .any(|word| label.contains(word.as_str()) || label.len() >= 4 && word.contains(&label))
            || joined.len() >= 3 && label.contains(&joined)
            || label.len() >= 4 && joined.contains(&label)
            || self.initials.len() >= 3 && label.contains(&self.initials)
    }

    /// Whether it is a letter in plain text that a person writes under their own name, who may
    /// point wherever they like.
    pub fn is_letter(&self) -> bool {
        self.in_plain_text && self.is_persons()
    }
}

fn is_of_names(c: char) -> bool {
    c.is_alphabetic() || c.is_whitespace() || matches!(c, '.' | ',' | '\'' | '-' | '’' | '(' | ')')
}

/// Domains that signed it (DKIM, RFC 6376 section 3.5), as the message says.
fn signers(message: &Message) -> impl Iterator<Item = String> {
    message
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("DKIM-Signature"))
        .take(10)
        .filter_map(|header| {
            let mut tags = header.value.split(';').map(str::trim);
            let domain = tags.find_map(|tag| tag.strip_prefix("d="))?;
            Some(address::ascii_domain(domain))
        })
}

/// The words of a name that can tell whose it is, and the initials of all its words.
fn words(name: &str) -> (Vec<String>, String) {
    let plain = plain(name);
    let all = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS);
    let initials = all.clone().filter_map(|word| word.chars().next()).collect();
    let telling = all
        .filter(|word| word.len() >= 3 && !NAME_FILLERS.has(word))
        .map(str::to_owned)
        .collect();
    (telling, initials)
}

/// Small letters without accents.
fn plain(text: &str) -> String {
    let folded = fold(text);
    match folded.is_ascii() {
        true => folded,
        false => folded.nfkd().filter(|c| !is_combining_mark(*c)).collect(),
    }
}

/// The part of a domain that names the customer, where a service gives each one below its own.
fn tenant(domain: &str) -> Option<&str> {
    let services = [
        ".zendesk.com",
        ".freshdesk.com",
        ".onmicrosoft.com",
        ".myshopify.com",
    ];
    services
        .iter()
        .find_map(|service| domain.strip_suffix(service))
}

/// The name of an organisational domain: letters and digits of its first label.
fn label(organisation: &str) -> String {
    let first = organisation.split('.').next().unwrap_or_default();
    first.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::super::brands::Brands;
    use super::*;
    use crate::mail::{Coverage, Reading};
    use std::sync::Arc;

    fn context() -> Context {
        Context {
            now: "2026-06-01T12:00:00Z".parse().unwrap(),
            own_addresses: Vec::new(),
            own_domains: Vec::new(),
            brands: Arc::new(Brands::from(vec![Brand {
                id: "rakuten".into(),
                names: vec!["楽天".into(), "Rakuten".into()],
                domains: vec!["rakuten.co.jp".into()],
            }])),
            correspondence: Arc::default(),
        }
    }

    /// Whether the name fits the sender, the name a link, and the sender a link.
    fn fits(from: &str, more: &str, link: &str) -> [bool; 3] {
        let raw = format!(
            "From: {from}\r\n{more}Content-Type: text/html; charset=utf-8\r\n\r\n<a href='https://{link}/'>x</a>"
        );
        let message = Message::parse(raw.into_bytes(), Coverage::Whole, &Reading::default());
        let context = context();
        let identity = Identity::of(&message, &context).unwrap();
        [
            identity.name_fits_sender(),
            identity.name_fits_link(),
            identity.sender_fits_link(),
        ]
    }

    #[test]
    fn what_belongs_together_is_told_from_what_does_not() {
        const SIGNED: &str = "DKIM-Signature: v=1; a=rsa-sha256; d=news.larkmill.example; b=x\r\n";
        for (from, more, link, [sender, by_link, leads]) in [
            // An organisation under its own name, whole or in part, also by its initials.
            (
                "Larkmill Tools <a@larkmill.example>",
                "",
                "www.larkmill.example",
                [true, true, true],
            ),
            (
                "The Old Mill <a@oldmill.example>",
                "",
                "t.counter.example",
                [true, false, false],
            ),
            (
                "Café Größe <a@cafe-grosse.example>",
                "",
                "t.counter.example",
                [true, false, false],
            ),
            (
                "Union of Blue Herons <a@ubh.example>",
                "",
                "t.counter.example",
                [false, false, false],
            ),
            (
                "Blue Heron Trust <a@bht.example>",
                "",
                "t.counter.example",
                [true, false, false],
            ),
            // Known by where it leads, or by who signed.
            (
                "Larkmill <a@sends.example>",
                "",
                "www.larkmill.example",
                [false, true, false],
            ),
            (
                "Weekly <a@sends.example>",
                SIGNED,
                "larkmill.example",
                [false, false, true],
            ),
            (
                "Larkmill <a@sends.example>",
                SIGNED,
                "t.counter.example",
                [true, false, false],
            ),
            // The same name under another ending, or within a longer one.
            (
                "x <a@larkmill.example>",
                "",
                "larkmill.test",
                [false, false, true],
            ),
            (
                "x <a@larkmill.example>",
                "",
                "larkmill-media.test",
                [false, false, true],
            ),
            // A person by the local part, but not what is no person's name.
            (
                "Pat Doe <pdoe@gmail.com>",
                "",
                "x.test",
                [true, false, false],
            ),
            (
                "DOE, Pat <pat.doe@firm.example>",
                "",
                "x.test",
                [true, false, false],
            ),
            (
                "Pat <pat@firm.example>",
                "",
                "x.test",
                [false, false, false],
            ),
            (
                "Win 500 <win.500@firm.example>",
                "",
                "x.test",
                [false, false, false],
            ),
            (
                "Quinn R <quinnar@gmail.com>",
                "",
                "x.test",
                [true, false, false],
            ),
            // Throw-away senders.
            (
                "Garden Rewards <q@quillfern.example>",
                "",
                "x.test",
                [false, false, false],
            ),
            (
                "Garden Rewards <q@quillfern.example>",
                "",
                "t.co",
                [false, false, false],
            ),
            (
                "Garden Rewards <garden@quillfern>",
                "",
                "x.test",
                [false, false, false],
            ),
            // Where anybody has a page or a mailbox, the name proves nothing.
            (
                "Garden Rewards <q@quillfern.example>",
                "",
                "garden.pages.dev",
                [false, false, false],
            ),
            (
                "Outlook Mail <q9@outlook.com>",
                "",
                "outlook.com",
                [false, false, false],
            ),
            // A brand is only what its own domain says.
            (
                "楽天市場 <a@mail.rakuten.co.jp>",
                "",
                "x.test",
                [true, false, false],
            ),
            (
                "楽天 <a@mail.rakuten.co.jp>",
                "",
                "x.test",
                [true, false, false],
            ),
            (
                "Rakuten <a@quillfern.example>",
                "",
                "www.rakuten.co.jp",
                [false, true, false],
            ),
        ] {
            assert_eq!(
                fits(from, more, link),
                [sender, by_link, leads],
                "{from} {link}"
            );
        }
    }

    #[test]
    fn a_list_that_writes_in_its_own_name_is_not_the_author() {
        const LIST: &str = "Reply-To: Pat Doe <pat.doe@firm.example>\r\nList-Post: <mailto:talk@lists.club.example>\r\n";
        let via = "Pat Doe via Talk <talk@lists.club.example>";
        assert_eq!(fits(via, LIST, "x.test"), [true, false, false]);
        let raw = format!("From: {via}\r\n{LIST}\r\nhttps://lists.club.example/1 https://x.test/");
        let message = Message::parse(raw.into_bytes(), Coverage::Whole, &Reading::default());
        let context = context();
        let identity = Identity::of(&message, &context).unwrap();
        assert_eq!(identity.author.address(), "pat.doe@firm.example");
        assert_eq!(identity.hosts, ["x.test"]);
    }
}
