//! What a reader of an HTML page gets to see, gathered piece by piece: text, links, images.

use super::message::Limits;
use super::text::{is_invisible, words};
use super::{Html, Link, LinkOrigin};
use std::borrow::Cow;
use url::Url;

/// Bytes of one link's shown text.
const SHOWN: usize = 1000;
/// Links before a link, among which one to the same place is looked for.
const NEAR: usize = 4;

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Line,
}

/// The page as it is seen so far.
pub(super) struct View<'l> {
    pub(super) limits: &'l Limits,
    pub(super) html: Html,
    /// `<base href>`.
    pub(super) base: Option<Url>,
    /// What the next word is set off by.
    pub(super) gap: Gap,
    hidden_gap: bool,
    /// The link whose text is being shown.
    pub(super) link: Option<usize>,
    link_gap: bool,
    link_text: usize,
    /// Where links stand in the text.
    anchored: Vec<(usize, usize)>,
    /// Images among the links.
    pub(super) pictures: usize,
    /// Whether there was more text than the limit.
    pub(super) text_over: bool,
    /// Whether there were more links than the limit.
    pub(super) links_over: bool,
}

impl<'l> View<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        View {
            limits,
            html: Html::default(),
            base: None,
            gap: Gap::None,
            hidden_gap: false,
            link: None,
            link_gap: false,
            link_text: 0,
            anchored: Vec::new(),
            pictures: 0,
            text_over: false,
            links_over: false,
        }
    }

    pub(super) fn finish(&mut self) {
        self.end_link();
        self.written_links();
    }

    /// A comment: prose in it counts, where it is no condition and holds no code.
    pub(super) fn comment(&mut self, comment: &[u8]) {
        let code = comment.trim_ascii_start().starts_with(b"[if")
            || comment.iter().any(|byte| b"<>{};".contains(byte));
        if !code {
            let letter = |byte: &&u8| byte.is_ascii_alphabetic() || **byte >= 0x80;
            self.html.commented += comment.iter().filter(letter).count();
        }
    }

    pub(super) fn show(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.gap = self.gap.max(Gap::Space);
        }
        // Half the room is for what is seen alone: a page of invisible letters in front must not
        // use it up. The first half is as it came, since such letters tell something too.
        let text = match self.html.text.len() + text.len() > self.limits.text / 2 {
            true => Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect()),
            false => Cow::Borrowed(text),
        };
        let text: &str = &text;
        for word in words(text) {
            if self.html.text.len() + word.len() >= self.limits.text {
                self.text_over = true;
                break;
            }
            if !self.html.text.is_empty() {
                match self.gap {
                    Gap::None => {}
                    Gap::Space => self.html.text.push(' '),
                    Gap::Line => self.html.text.push('\n'),
                }
            }
            self.html.text.push_str(word);
            self.gap = Gap::Space;
        }
        if !text.ends_with(char::is_whitespace) {
            self.gap = Gap::None;
        }
        self.show_in_link(text);
    }

    pub(super) fn show_in_link(&mut self, text: &str) {
        let Some(link) = self.link.and_then(|at| self.html.links.get_mut(at)) else {
            return;
        };
        self.link_gap |= text.starts_with(char::is_whitespace);
        for word in words(text) {
            if link.shown.len() + word.len() >= SHOWN {
                break;
            }
            if self.link_gap && !link.shown.is_empty() {
                link.shown.push(' ');
            }
            link.shown.push_str(word);
            self.link_gap = true;
        }
        self.link_gap = text.ends_with(char::is_whitespace);
    }

    pub(super) fn hide(&mut self, text: &str) {
        self.hidden_gap |= text.starts_with(char::is_whitespace);
        for word in words(text) {
            if self.html.hidden.len() + word.len() >= self.limits.text {
                self.text_over = true;
                return;
            }
            if self.hidden_gap && !self.html.hidden.is_empty() {
                self.html.hidden.push(' ');
            }
            self.html.hidden.push_str(word);
            self.hidden_gap = true;
        }
        self.hidden_gap = text.ends_with(char::is_whitespace);
    }

    pub(super) fn begin_link(&mut self, href: &str) {
        self.link_gap = false;
        self.link_text = self.html.text.len();
        self.link = self.push_link(href, "", LinkOrigin::Anchor);
    }

    pub(super) fn end_link(&mut self) {
        if self.link.take().is_some() {
            self.anchored.push((self.link_text, self.html.text.len()));
        }
    }

    pub(super) fn push_link(
        &mut self,
        target: &str,
        shown: &str,
        origin: LinkOrigin,
    ) -> Option<usize> {
        let target = target.trim();
        if target.is_empty() || target.starts_with('#') {
            return None; // leads to the page itself
        }
        if self.html.links.len() >= self.limits.links {
            self.links_over = true;
            return None;
        }
        // Pictures and words beside each other often lead to the same place; what stood before a
        // `<base>` was relative to something else.
        let mut near = self.html.links.iter().rev().take(NEAR);
        let mut link = match near.find(|link| self.base.is_none() && link.target == target) {
            Some(same) => Link {
                shown: String::new(),
                target: same.target.clone(),
                url: same.url.clone(),
                origin,
            },
            None => Link::new(target, self.base.as_ref(), origin),
        };
        link.shown = super::text::tidy(shown).replace('\n', " ");
        self.html.links.push(link);
        Some(self.html.links.len() - 1)
    }

    /// Web addresses in the text that no anchor holds: mail programs make links of them.
    fn written_links(&mut self) {
        let text = std::mem::take(&mut self.html.text);
        let mut anchored = std::mem::take(&mut self.anchored).into_iter().peekable();
        for (at, target) in super::link::written_in(&text) {
            while anchored.next_if(|(_, end)| *end <= at).is_some() {}
            if anchored.peek().is_some_and(|(start, _)| *start <= at) {
                continue;
            }
            if let Some(link) = self
                .push_link(target, target, LinkOrigin::Text)
                .and_then(|at| self.html.links.get_mut(at))
            {
                link.url = link.url.take().filter(Url::has_host);
            }
        }
        self.html.text = text;
    }
}
