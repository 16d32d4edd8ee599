//! How a message came: hops that cannot be true, and dates that cannot.

use super::known::is_own;
use super::{Check, Concern, Given, lookalike};
use crate::mail::{Message, address::organisational_domain};
use crate::verdict::Evidence;
use jiff::{SignedDuration, Timestamp};
use std::net::{IpAddr, Ipv4Addr};

/// `forged-helo`
pub const FORGED_HELO: Check = Check {
    name: "forged-helo",
    about: "A server called itself by a brand's or the owner's own name when it handed the message \
            over, while its address has another name by DNS.",
    concern: Concern::Route,
    run: forged_helo,
};

/// `hop-back-in-time`
pub const HOP_BACK_IN_TIME: Check = Check {
    name: "hop-back-in-time",
    about: "A Received line says that the message arrived more than a day after the next server \
            already had it: somebody wrote that line by hand.",
    concern: Concern::Route,
    run: back_in_time,
};

/// `date-elsewhere`
pub const DATE_ELSEWHERE: Check = Check {
    name: "date-elsewhere",
    about: "The Date is more than two days after the message was received, or more than a month \
            before. Senders do so to stand at the top of a list.",
    concern: Concern::Route,
    run: date_elsewhere,
};

/// `nameless-relay`
pub const NAMELESS_RELAY: Check = Check {
    name: "nameless-relay",
    about: "The server that handed the message to the receiver calls itself by a bare address, a \
            name without a dot, or the receiver's own name.",
    concern: Concern::Route,
    run: nameless,
};

/// `dynamic-host`
pub const DYNAMIC_HOST: Check = Check {
    name: "dynamic-host",
    about: "The host that handed the message to the receiver has its address in its name, as \
            connections at home and rented machines are named by their provider, and not by whoever \
            runs a mail server there.",
    concern: Concern::Route,
    run: dynamic,
};

fn dynamic(message: &Message, _: &Given) -> Option<Evidence> {
    let hop = message.handover()?;
    let IpAddr::V4(ip) = hop.ip?.to_canonical() else {
        return None;
    };
    let name = hop.name.as_deref()?.to_lowercase();
    let host = name.strip_suffix(organisational_domain(&name))?;
    // Mail services number the machines of a pool, too, and say what they are.
    let pieces = || host.split(|c: char| !c.is_ascii_alphanumeric());
    let says_mail = |piece: &str| {
        let word = piece.trim_end_matches(|c: char| c.is_ascii_digit());
        SERVES_MAIL.contains(&word)
    };
    (!pieces().any(says_mail) && holds_address(host, ip)).then(|| {
        Evidence::none()
            .with("name", &name)
            .with("ip", ip.to_string())
    })
}

/// What hosts that send mail for others are called.
const SERVES_MAIL: [&str; 15] = [
    "mail", "mta", "mx", "smtp", "out", "outbound", "relay", "send", "sender", "mailer", "email",
    "o", "a", "m", "mailout",
];

/// Whether a host's name holds at least the last two numbers of its address, in either order, or
/// all of it as hexadecimal digits.
fn holds_address(host: &str, ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    if host.contains(&format!("{a:02x}{b:02x}{c:02x}{d:02x}")) {
        return true;
    }
    let numbers: Vec<&str> = host
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    let is = |text: &str, number: u8| text.parse() == Ok(number);
    let glued = format!("{a:03}{b:03}{c:03}{d:03}");
    let spelt = numbers.windows(3).any(|three| match three {
        [x, y, z] => is(x, b) && is(y, c) && is(z, d) || is(x, d) && is(y, c) && is(z, b),
        _ => false,
    });
    let short = numbers.windows(2).any(|two| match two {
        [x, y] => c != d && (is(x, c) && is(y, d) || is(x, d) && is(y, c)),
        _ => false,
    });
    spelt || short || numbers.iter().any(|number| *number == glued)
}

fn forged_helo(message: &Message, given: &Given) -> Option<Evidence> {
    message.hops.iter().find_map(|hop| {
        let (helo, name) = (hop.helo.as_deref()?, hop.name.as_deref()?);
        let (helo, name) = (helo.to_lowercase(), name.to_lowercase());
        let known = name.contains('.') && name.parse::<IpAddr>().is_err();
        let claims = given.brands.owner(&helo).is_some() || is_own(&helo, given);
        let other = organisational_domain(&helo) != organisational_domain(&name);
        let same_brand = || {
            let mut brands = given.brands.iter();
            brands.any(|brand| lookalike::is_of(brand, &helo) && lookalike::is_of(brand, &name))
        };
        (known && claims && other && !same_brand()).then(|| {
            Evidence::none()
                .with("claimed", &helo)
                .with("name", &name)
                .with("by", hop.by.as_deref().unwrap_or_default())
        })
    })
}

fn back_in_time(message: &Message, _: &Given) -> Option<Evidence> {
    // Newest first: each hop should be no later than the one above it.
    let mut newer: Option<Timestamp> = None;
    for hop in &message.hops {
        let Some(date) = hop.date else { continue };
        if let Some(above) = newer
            && date.duration_since(above) > SignedDuration::from_hours(24)
        {
            return Some(
                Evidence::none()
                    .with("by", hop.by.as_deref().unwrap_or_default())
                    .with("date", date.to_string())
                    .with("next", above.to_string()),
            );
        }
        newer = Some(date);
    }
    None
}

fn date_elsewhere(message: &Message, given: &Given) -> Option<Evidence> {
    let date = message.date?;
    let received = message.hops.iter().find_map(|hop| hop.date);
    let ahead = date.duration_since(received.unwrap_or(given.now));
    let late = received.is_some() && ahead < SignedDuration::from_hours(-24 * 31);
    (ahead > SignedDuration::from_hours(48) || late).then(|| {
        Evidence::none()
            .with("date", date.to_string())
            .with("received", received.unwrap_or(given.now).to_string())
    })
}

fn nameless(message: &Message, given: &Given) -> Option<Evidence> {
    let hop = message.handover()?;
    let helo = hop.helo.as_deref()?.to_lowercase();
    let bare = helo.trim_matches(['[', ']']);
    let is_address = bare.parse::<IpAddr>().is_ok() || helo.starts_with("[ipv6:");
    let own = hop
        .by
        .as_deref()
        .is_some_and(|by| by.eq_ignore_ascii_case(&helo))
        || is_own(&helo, given);
    let local = match hop.ip? {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    (!local && (is_address || !helo.contains('.') || own)).then(|| {
        Evidence::none()
            .with("claimed", &helo)
            .with("ip", hop.ip.map(|ip| ip.to_string()).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_the_names_that_providers_give() {
        let ip = Ipv4Addr::new(203, 0, 113, 9);
        for host in [
            "203-0-113-9.dyn.",
            "9.113.0.203.static.",
            "p203000113009.",
            "host-113-9.pool.",
            "cb007109.dip.",
        ] {
            assert!(holds_address(host, ip), "{host}");
        }
        for host in ["mail9.", "srv-203.", "www.", "node-113-8.", ""] {
            assert!(!holds_address(host, ip), "{host}");
        }
    }
}
