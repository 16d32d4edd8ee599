//! What is written is read: addresses, hops, links and pages made of parts come apart into them.

use super::parse;
use postsweep::mail::LinkOrigin;
use proptest::prelude::*;

/// A name as it may stand in quotes, with what separates addresses and parts in it.
fn name() -> impl Strategy<Value = String> {
    "[A-Za-zÄéЖ中][A-Za-zÄéЖ中,;:@<>()\"\\\\. ]{0,20}[a-zß文]".prop_map(|name| {
        // Runs of spaces are one space to a reader.
        name.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

fn host() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?\\.(example|test|example\\.org|co\\.uk)"
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Z]{2,9}"
}

/// A piece of a page: how it is written, and the words in it that are seen and that are not.
fn piece() -> impl Strategy<Value = (String, Vec<String>, Vec<String>)> {
    let frames = [
        ("<p>", "</p>", true),
        ("<div class=a><b>", "</b></div>", true),
        ("<table><tr><td>", "</td></tr></table>", true),
        ("<span style='display:none'>", "</span>", false),
        ("<div style=\"font-size:0\">", "</div>", false),
        ("<p hidden>", "</p>", false),
    ];
    let words = prop::collection::vec(word(), 1..6);
    (prop::sample::select(frames.to_vec()), words).prop_map(|((open, close, seen), words)| {
        let written = format!("{open}{} {close}", words.join(" "));
        match seen {
            true => (written, words, Vec::new()),
            false => (written, Vec::new(), words),
        }
    })
}

proptest! {
    #[test]
    fn addresses_are_read_as_they_were_written(
        all in prop::collection::vec((name(), "[a-z][a-z0-9.+_-]{0,9}[a-z]", host()), 1..6),
        folded in any::<bool>(),
    ) {
        let written = all.iter().map(|(name, local, domain)| {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!("\"{quoted}\" <{local}@{domain}>")
        });
        let between = if folded { ",\r\n " } else { ", " };
        let to = written.collect::<Vec<_>>().join(between);
        let message = parse(format!("To: {to}\r\nSubject: x\r\n\r\n").as_bytes());
        let read = message.to.iter().map(|to| (to.name.clone(), to.local.clone(), to.domain.clone()));
        prop_assert_eq!(read.collect::<Vec<_>>(), all);
    }

    #[test]
    fn hops_are_read_as_servers_write_them(
        hops in prop::collection::vec((host(), host(), any::<[u8; 4]>(), host(), 0..4_usize), 1..6),
    ) {
        let lines = hops.iter().map(|(helo, name, [a, b, c, d], by, form)| {
            let ip = format!("{a}.{b}.{c}.{d}");
            let from = match form {
                0 => format!("from {helo} ({name} [{ip}]) by {by} (Postfix) with ESMTPS id 4A1"),
                1 => format!("from {name} ([{ip}] helo={helo}) by {by} with esmtps (Exim 4.96) id 1a"),
                2 => format!("from {helo} ({name} [{ip}]) by {by} (8.17/8.17) with ESMTP id x"),
                _ => format!("from {helo} ({name}. [{ip}]) by {by} with ESMTPS id x for <a@{by}>"),
            };
            format!("Received: {from};\r\n\tTue, 3 Feb 2026 10:00:00 +0100\r\n")
        });
        let raw = lines.collect::<String>() + "Subject: x\r\n\r\n";
        let message = parse(raw.as_bytes());
        prop_assert_eq!(message.hops.len(), hops.len());
        for (hop, (helo, name, ip, by, _)) in message.hops.iter().zip(&hops) {
            prop_assert_eq!(hop.helo.as_deref(), Some(helo.as_str()));
            prop_assert_eq!(hop.name.as_deref(), Some(name.as_str()));
            prop_assert_eq!(hop.ip, Some(std::net::IpAddr::from(*ip)));
            prop_assert_eq!(hop.by.as_deref(), Some(by.as_str()));
            prop_assert!(hop.date.is_some());
        }
    }

    #[test]
    fn links_lead_where_they_were_written_to(
        links in prop::collection::vec((host(), "[a-z0-9/_.-]{0,12}", word(), any::<bool>()), 1..8),
    ) {
        let page = links.iter().map(|(host, path, shown, encoded)| {
            let target = format!("https://{host}/{path}?a=1&amp;b=2");
            let target = if *encoded { target.replace('/', "&#47;") } else { target };
            format!("<p><a class=x HREF = \"{target}\">{shown}</a>")
        });
        let page = page.collect::<String>();
        let raw = format!("Subject: x\r\nContent-Type: text/html\r\n\r\n{page}");
        let message = parse(raw.as_bytes());
        for (host, path, shown, _) in &links {
            let target = format!("https://{host}/{path}?a=1&b=2");
            let found = message.links.iter().any(|link| {
                link.target == target
                    && link.shown == *shown
                    && link.host() == Some(host)
                    && link.origin == LinkOrigin::Anchor
            });
            prop_assert!(found, "{target} {:?}", message.links);
        }
        prop_assert!(message.links.len() <= links.len());
    }

    #[test]
    fn a_page_shows_what_is_seen_and_hides_the_rest(
        pieces in prop::collection::vec(piece(), 1..12),
    ) {
        let page: String = pieces.iter().map(|(written, ..)| written.as_str()).collect();
        let raw = format!("Subject: x\r\nContent-Type: text/html\r\n\r\n{page}");
        let html = parse(raw.as_bytes()).html.unwrap_or_default();
        let seen: Vec<&String> = pieces.iter().flat_map(|(_, seen, _)| seen).collect();
        let hidden: Vec<&String> = pieces.iter().flat_map(|(.., hidden)| hidden).collect();
        prop_assert_eq!(html.text.split_whitespace().collect::<Vec<_>>(), seen);
        prop_assert_eq!(html.hidden.split_whitespace().collect::<Vec<_>>(), hidden);
    }
}
