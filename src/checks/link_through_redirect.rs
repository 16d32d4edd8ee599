//! Links through a well-known site that sends everybody on.

use super::{Check, Concern, Given, carried};
use crate::mail::address::organisational_domain;
use crate::mail::{LinkOrigin, Message};
use crate::verdict::Evidence;
use url::Url;

/// Sites whose address can be made to lead anywhere: host ending, start of path.
const REDIRECTS: &[(&str, &str)] = &[
    ("google.com", "/url"),
    ("google.com", "/amp"),
    ("adservice.google.com", "/"),
    ("googleadservices.com", "/pagead"),
    ("doubleclick.net", "/"),
    ("bing.com", "/ck/a"),
    ("youtube.com", "/redirect"),
    ("linkedin.com", "/slink"),
    ("linkedin.com", "/redir"),
    ("facebook.com", "/l.php"),
    ("baidu.com", "/link"),
    ("yandex.ru", "/clck"),
    ("translate.goog", "/"),
    ("web.archive.org", "/web"),
];

/// `link-through-redirect`
pub const LINK_THROUGH_REDIRECT: Check = Check {
    name: "link-through-redirect",
    about: "A link goes through a well-known site that sends on to anywhere (google.com/url?q=…), \
            so that it shows a good name. The site's own mail does not count.",
    concern: Concern::Link,
    run,
};

fn run(message: &Message, given: &Given) -> Option<Evidence> {
    let own = given.own_organisations();
    message
        .links
        .iter()
        .filter(|link| link.origin != LinkOrigin::Image)
        .chain(carried::links(message))
        .find_map(|link| {
            let url = link.url.as_ref()?;
            let host = url.host_str()?;
            let through = REDIRECTS.iter().any(|(end, path)| {
                (host == *end
                    || host
                        .strip_suffix(end)
                        .is_some_and(|rest| rest.ends_with('.')))
                    && url.path().starts_with(path)
            });
            if !through || own.contains(&organisational_domain(host)) {
                return None;
            }
            let to = goes_on(url)?;
            Some(Evidence::none().with("host", host).with("target", to))
        })
}

/// The address inside the address.
fn goes_on(url: &Url) -> Option<String> {
    let inside = url.query_pairs().find_map(|(_, value)| {
        let value = value.trim();
        (value.starts_with("http") || value.starts_with("//")).then(|| value.to_owned())
    });
    inside.or_else(|| {
        let path = url.path();
        path.match_indices("http")
            .last()
            .and_then(|(at, _)| path.get(at..))
            .map(str::to_owned)
    })
}
