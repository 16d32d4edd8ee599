//! Messages that are little but a picture or a link.

use super::{Check, Concern};
use crate::mail::{LinkOrigin, Message};
use crate::verdict::Evidence;

/// `picture-with-link`
pub const PICTURE_WITH_LINK: Check = Check {
    name: "picture-with-link",
    about: "There is next to no text, but a picture and a link: the words are in the picture, \
            where filters do not read.",
    concern: Concern::Link,
    run: |message, _| {
        let images = message.html.as_ref().map_or(0, |html| html.images);
        let target = leads_to(message).filter(|_| images > 0)?;
        let letters = letters(message, 60);
        (letters < 60).then(|| {
            Evidence::none()
                .with("letters", letters.to_string())
                .with("target", target)
        })
    },
};

/// `lone-link`
pub const LONE_LINK: Check = Check {
    name: "lone-link",
    about: "A few words and one link, nothing else. Friends write so, and stolen accounts do.",
    concern: Concern::Link,
    run: |message, _| {
        let mut targets: Vec<_> = message
            .links
            .iter()
            .filter(|link| link.origin != LinkOrigin::Image)
            .filter_map(|link| link.host())
            .collect();
        targets.dedup();
        let few = || letters(message, 120) < 120 && message.attachments.is_empty();
        match targets.as_slice() {
            [target] if few() => Some(Evidence::none().with("target", target)),
            _ => None,
        }
    },
};

/// How many letters and digits a reader sees at the beginning of the text, up to so many.
fn letters(message: &Message, most: usize) -> usize {
    let text = message.text.chars().take(4096);
    text.filter(|c| c.is_alphanumeric()).take(most).count()
}

fn leads_to(message: &Message) -> Option<&str> {
    let mut links = message.links.iter();
    links
        .find(|link| link.origin == LinkOrigin::Anchor && link.host().is_some())
        .and_then(|link| link.host())
}
