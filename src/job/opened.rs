//! One hit opened for a person to look at, from its kept sample: why, where its links lead, the
//! way it took, what it carries and how it is written. Everything is bounded and plain data;
//! nothing is fetched. Of a sample that is gone, what was said of the message is still shown.

use super::desk::JobError;
use super::known::known;
use super::rebuild;
use super::said::reading_of;
use crate::checks::shown;
use crate::content;
use crate::mail::address::organisational_domain;
use crate::mail::{Digest, FileKind, Link, LinkOrigin, Mark, Message, Outcome};
use crate::sample;
use crate::settings::{Places, Settings};
use crate::verdict::{Finding, Judgement, Level, tame};
use jiff::Timestamp;
use std::path::Path;

/// What is shown of texts at most, in bytes.
const TEXT: usize = 64 << 10;
/// Of the raw source.
const SOURCE: usize = 256 << 10;
/// Of one header.
const HEADER: usize = 4 << 10;
/// Headers, links, hops, attachments and files inside one.
const MOST: usize = 200;
const INSIDE: usize = 20;

/// A hit as it is looked at.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The message.
    pub digest: Digest,
    /// The account.
    pub account: String,
    /// The folder it was found in.
    pub folder: String,
    /// What the rules call it at this level.
    pub judgement: Judgement,
    /// Its score.
    pub score: f64,
    /// The score from which it is a hit.
    pub threshold: f64,
    /// The level.
    pub level: Level,
    /// The sender's name, safe to show.
    pub name: String,
    /// The sender's address.
    pub from: String,
    /// The subject, safe to show.
    pub subject: String,
    /// When it was received.
    pub date: Option<Timestamp>,
    /// Its size in bytes.
    pub size: u64,
    /// Why.
    pub why: Why,
    /// What the sample shows; or why there is none.
    pub content: Result<Content, String>,
}

/// Why a message was judged so.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Why {
    /// What speaks against it, strongest first.
    pub against: Vec<Reason>,
    /// What speaks for it.
    pub in_favour: Vec<Reason>,
    /// Findings that are not shown.
    pub more: usize,
    /// What those add.
    pub more_weight: f64,
    /// What a reader should know beside.
    pub notes: Vec<String>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What it adds.
    pub weight: f64,
    /// The sentence.
    pub says: String,
    /// The evidence, as `name: value`; empty where the sentence says it all.
    pub evidence: String,
    /// The rule.
    pub rule: String,
}

/// What the sample shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// Whom it is to, safe to show.
    pub to: String,
    /// The sender's other addresses: where answers go, who is noted as the envelope's sender.
    pub reply_to: String,
    /// The sender that the envelope named.
    pub envelope: String,
    /// Its links, in order.
    pub links: Vec<ShownLink>,
    /// Links beyond those.
    pub more_links: usize,
    /// The way it took, oldest first.
    pub path: Vec<Hop>,
    /// The address that handed it over to the receiver's own servers.
    pub handed_over_by: Option<String>,
    /// What the receiver's own server found.
    pub authentication: Vec<Authenticated>,
    /// Which server that was.
    pub authenticated_by: Option<String>,
    /// What it carries.
    pub attachments: Vec<ShownFile>,
    /// What a reader sees of its text.
    pub text: String,
    /// Every header, decoded.
    pub headers: Vec<(String, String)>,
    /// The raw source, as far as it is shown.
    pub source: String,
    /// Whether text, headers or source go on.
    pub is_cut: bool,
    /// What was left unread for a limit.
    pub unread: Vec<String>,
}

/// Whether a link leads where it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// It shows where it leads, or nothing at all.
    Same,
    /// It shows words, and no address.
    Words,
    /// It shows one address and leads to another.
    Elsewhere,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLink {
    /// As a reader sees it.
    pub shown: String,
    /// Where it leads.
    pub target: String,
    /// The host within that.
    pub host: Option<String>,
    /// Whether the two agree.
    pub shows: Shows,
    /// Where it stands.
    pub origin: LinkOrigin,
}

/// Who vouches for a line of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HopKind {
    /// The sender's claim: nobody can verify it.
    Claimed,
    /// The receiver's own server, of whoever handed the message over to it.
    Handover,
    /// The receiver's own server.
    Own,
}

/// One line of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// When.
    pub at: Option<Timestamp>,
    /// The client's address, or else the name it gave itself.
    pub from: String,
    /// The server that took it.
    pub by: String,
    /// Who vouches for it.
    pub kind: HopKind,
    /// Seconds since the line before, where both tell.
    pub after: Option<i64>,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// SPF.
    Spf,
    /// DKIM.
    Dkim,
    /// DMARC.
    Dmarc,
}

/// One result of the receiver's own server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// What was looked at.
    pub method: Method,
    /// What was found.
    pub outcome: Outcome,
    /// For which domain.
    pub domain: String,
}

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    /// Its name, safe to show; may be empty.
    pub name: String,
    /// The type that the message declares.
    pub media_type: String,
    /// What it is by its content.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: u64,
    /// What it can do, or hides.
    pub marks: Vec<Mark>,
    /// Files inside, by name; some of them.
    pub inside: Vec<String>,
    /// Where it leads.
    pub links: Vec<String>,
    /// Whether it is shown within the text.
    pub inline: bool,
}

/// Opens a hit.
pub fn open(
    settings: &Settings,
    places: &Places,
    account: &str,
    digest: &Digest,
) -> Result<Opened, JobError> {
    let unknown = || JobError::Unknown(digest.short());
    let hit = match known(places)? {
        Some(known) => known.store.hit(account, digest)?,
        None => None,
    };
    let hit = hit.ok_or_else(unknown)?;
    let mut verdict = hit.verdict;
    verdict.turn(settings.level);
    let explanation = verdict.explain();
    let why = Why {
        against: explanation.against.into_iter().map(reason).collect(),
        in_favour: explanation.in_favour.into_iter().map(reason).collect(),
        more: explanation.more,
        more_weight: explanation.more_weight,
        notes: verdict.notes.iter().map(|note| tame(note)).collect(),
    };
    let samples = places.data_dir.join("samples");
    let (mut size, mut content) = (hit.brief.size, Err(String::new()));
    match read(settings, &samples, account, digest) {
        Ok((bytes, shown)) => {
            size = bytes;
            content = Ok(shown);
        }
        Err(error) => content = content.map_err(|_: String| error.to_string()),
    }
    Ok(Opened {
        digest: *digest,
        account: account.to_owned(),
        folder: hit.folder,
        judgement: verdict.judgement,
        score: verdict.score,
        threshold: verdict.threshold,
        level: settings.level,
        name: hit.brief.name,
        from: hit.brief.from,
        subject: hit.brief.subject,
        date: hit.brief.date,
        size,
        why,
        content,
    })
}

fn reason(finding: &Finding) -> Reason {
    // What the sentence says already is not said again.
    let values = finding.evidence.0.iter();
    let evidence: Vec<String> = values
        .filter(|(_, value)| !finding.says.contains(value.as_str()))
        .map(|(name, value)| format!("{}: {value}", name.replace(['-', '_'], " ")))
        .collect();
    Reason {
        weight: finding.weight,
        says: finding.says.clone(),
        evidence: evidence.join(", "),
        rule: finding.rule.clone(),
    }
}

fn read(
    settings: &Settings,
    samples: &Path,
    account: &str,
    digest: &Digest,
) -> Result<(u64, Content), JobError> {
    let sample = sample::verify(samples, digest)?;
    let (bytes, coverage) = rebuild::read(&sample.path, sample.size)?;
    let reading = reading_of(settings, account);
    let mut message = Message::parse(bytes, coverage, &reading);
    content::open(&mut message, &reading);
    Ok((sample.size, Content::of(&message, sample.size)))
}

impl Content {
    fn of(message: &Message, size: u64) -> Content {
        let listed = |addresses: &[crate::mail::Address]| {
            let shown = addresses.iter().take(10).map(|address| address.address());
            tame(&shown.collect::<Vec<_>>().join(", "))
        };
        let (text, text_cut) = cut(&message.text, TEXT);
        let raw = message.raw.get(..SOURCE).unwrap_or(&message.raw);
        let held: usize = message.links.len();
        let results = &message.authentication;
        let results_of = |method, found: &[(Outcome, String)]| -> Vec<Authenticated> {
            let found = found.iter().take(MOST);
            let result = |(outcome, domain): &(Outcome, String)| Authenticated {
                method,
                outcome: *outcome,
                domain: tame(domain),
            };
            found.map(result).collect()
        };
        let mut authentication = results_of(Method::Spf, results.spf.as_slice());
        authentication.extend(results_of(Method::Dkim, &results.dkim));
        authentication.extend(results_of(Method::Dmarc, results.dmarc.as_slice()));
        Content {
            to: listed(&message.to),
            reply_to: listed(&message.reply_to),
            envelope: listed(message.return_path.as_slice()),
            links: message.links.iter().take(MOST).map(link).collect(),
            more_links: held.saturating_sub(MOST),
            path: path(message),
            handed_over_by: message
                .handover()
                .and_then(|hop| hop.ip)
                .map(|ip| ip.to_string()),
            authentication,
            authenticated_by: results.by.as_deref().map(tame),
            attachments: message.attachments.iter().take(MOST).map(file).collect(),
            text: text.to_owned(),
            headers: message
                .headers
                .iter()
                .take(MOST)
                .map(|header| (tame(&header.name), cut(&header.value, HEADER).0.to_owned()))
                .collect(),
            source: String::from_utf8_lossy(raw).into_owned(),
            is_cut: text_cut || (raw.len() as u64) < size,
            unread: message.cut.iter().map(|cut| tame(cut)).collect(),
        }
    }
}

fn cut(text: &str, most: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(most);
    (text.get(..end).unwrap_or_default(), end < text.len())
}

fn link(link: &Link) -> ShownLink {
    let host = link.host().map(str::to_owned);
    let shows = match (link.shown.trim(), &host) {
        ("", _) => Shows::Same,
        (text, _) if text == link.target => Shows::Same,
        (text, host) => match (shown::host(text), host) {
            (None, _) => Shows::Words,
            (Some(shown), Some(host))
                if organisational_domain(&shown) == organisational_domain(host) =>
            {
                Shows::Same
            }
            (Some(_), _) => Shows::Elsewhere,
        },
    };
    let target = link
        .url
        .as_ref()
        .map_or(link.target.as_str(), url::Url::as_str);
    ShownLink {
        shown: tame(&link.shown),
        target: tame(cut(target, HEADER).0),
        host,
        shows,
        origin: link.origin,
    }
}

fn path(message: &Message) -> Vec<Hop> {
    let handover = message.hops.iter().take_while(|hop| hop.trusted).count();
    let mut path: Vec<Hop> = Vec::new();
    for (number, hop) in message.hops.iter().enumerate().take(MOST).rev() {
        let ip = hop.ip.map(|ip| ip.to_string());
        let named = hop.helo.as_deref().or(hop.name.as_deref());
        let kind = match handover.checked_sub(number + 1) {
            None => HopKind::Claimed,
            Some(0) => HopKind::Handover,
            Some(_) => HopKind::Own,
        };
        // What the sender claims of itself is the name; of our own servers' clients the address is known.
        let from = match kind {
            HopKind::Handover => ip.or(named.map(tame)),
            HopKind::Claimed | HopKind::Own => named.map(tame).or(ip),
        };
        let before = path.last().and_then(|before| before.at);
        path.push(Hop {
            at: hop.date,
            from: from.unwrap_or_default(),
            by: hop.by.as_deref().map(tame).unwrap_or_default(),
            kind,
            after: before
                .zip(hop.date)
                .map(|(before, now)| now.as_second() - before.as_second()),
        });
    }
    path
}

fn file(attachment: &crate::mail::Attachment) -> ShownFile {
    let holds = &attachment.holds;
    ShownFile {
        name: attachment.name.as_deref().map(tame).unwrap_or_default(),
        media_type: tame(&attachment.media_type),
        kind: attachment.kind,
        size: attachment.bytes.len() as u64,
        marks: holds.marks.clone(),
        inside: holds
            .files
            .iter()
            .take(INSIDE)
            .map(|inside| tame(&inside.name))
            .collect(),
        links: holds
            .links
            .iter()
            .take(INSIDE)
            .map(|link| tame(&link.target))
            .collect(),
        inline: attachment.inline,
    }
}
