//! What the tokenizer cuts a page into, put together again as far as the page asks for it: tags
//! with the attributes that matter, runs of text, comments. The rest is dropped where it comes.

use super::attributes::text;
use super::page::Page;
use html5gum::{Emitter, Error, State};
use std::convert::Infallible;

/// The tag that is being read.
#[derive(PartialEq, Eq)]
enum Tag {
    Start,
    End,
}

/// Hands a page its tags, texts and comments as they are complete. The page says how the tokenizer
/// goes on behind a tag, as a tree builder would. Not by `naive_next_state`: scripts do not run in
/// mail, so that `<noscript>` is ordinary HTML.
pub(super) struct Pieces<'p, 'l> {
    page: &'p mut Page<'l>,
    /// Text since the last tag or comment.
    text: Vec<u8>,
    comment: Vec<u8>,
    tag: Tag,
    name: Vec<u8>,
    closes_itself: bool,
    /// The name of the start tag before, if no end tag came since.
    started: Vec<u8>,
    attribute: Vec<u8>,
    /// Whether the attribute's name is complete.
    named: bool,
    /// Whether the attribute's value is asked for.
    asked: bool,
    value: Vec<u8>,
}

impl<'p, 'l> Pieces<'p, 'l> {
    pub(super) fn new(page: &'p mut Page<'l>) -> Self {
        Pieces {
            page,
            text: Vec::new(),
            comment: Vec::new(),
            tag: Tag::Start,
            name: Vec::new(),
            closes_itself: false,
            started: Vec::new(),
            attribute: Vec::new(),
            named: true,
            asked: false,
            value: Vec::new(),
        }
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.page.string(&text(&self.text));
            self.text.clear();
        }
    }

    /// Notes the attribute whose name was read; an end tag's mean nothing.
    fn end_name(&mut self) {
        if !self.named {
            self.named = true;
            self.asked = self.tag == Tag::Start && self.page.attributes.open(&self.attribute);
        }
    }

    fn end_attribute(&mut self) {
        self.end_name();
        if !self.value.is_empty() {
            self.page.attributes.fill(&self.value);
            self.value.clear();
        }
    }
}

impl Emitter for Pieces<'_, '_> {
    type Token = Infallible;

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _: Error) {}

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.started.clear();
        self.started.extend_from_slice(name.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.end_text();
    }

    fn emit_string(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn init_start_tag(&mut self) {
        self.tag = Tag::Start;
        self.name.clear();
        self.closes_itself = false;
        self.page.attributes.clear();
    }

    fn init_end_tag(&mut self) {
        self.tag = Tag::End;
        self.name.clear();
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.extend_from_slice(name);
    }

    fn set_self_closing(&mut self) {
        self.closes_itself = true;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        self.end_text();
        match self.tag {
            Tag::Start => {
                self.page.start(&self.name, self.closes_itself);
                std::mem::swap(&mut self.started, &mut self.name);
            }
            Tag::End => {
                self.page.end(&self.name);
                self.started.clear();
            }
        }
        self.page.next.take()
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag == Tag::End && !self.started.is_empty() && self.started == self.name
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
        self.attribute.clear();
        self.named = false;
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attribute.extend_from_slice(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.end_name();
        if self.asked {
            self.value.extend_from_slice(value);
        }
    }

    fn init_comment(&mut self) {
        self.end_text();
        self.comment.clear();
    }

    fn push_comment(&mut self, text: &[u8]) {
        self.comment.extend_from_slice(text);
    }

    fn emit_current_comment(&mut self) {
        self.page.comment(&self.comment);
    }

    fn init_doctype(&mut self) {
        self.end_text();
    }

    // What a page declares itself to be changes nothing that is seen.
    fn emit_current_doctype(&mut self) {}
    fn set_force_quirks(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
}
