//! The tree of an HTML page, as far as it decides who is inside a hidden element (WHATWG HTML
//! section 13.2.6), in linear time: never a walk over what is open. It keeps no elements, only
//! how text at the present place would look.

use super::LinkOrigin;
use super::attributes::{Attributes, Name};
use super::emitter::Pieces;
use super::html::Form;
use super::message::Limits;
use super::quoted::Quoted;
use super::style::{Look, Sheet, Style};
use super::tag::{Kind, Tags};
use super::view::{Gap, View};
use html5gum::{State, Tokenizer};
use mail_parser::decoders::base64::base64_decode;
use url::Url;

/// Elements open at once; browsers stop nesting at 512, too.
const DEPTH: usize = 512;

/// The picture that a `data:` address holds (RFC 2397), of at most `most` bytes.
fn held(source: &str, most: usize) -> Option<Vec<u8>> {
    let start = source.get(..11)?;
    start.eq_ignore_ascii_case("data:image/").then_some(())?;
    let (declared, encoded) = source.split_once(',')?;
    let base64 = declared.trim_end().to_ascii_lowercase().ends_with("base64");
    (base64 && encoded.len() / 4 * 3 <= most).then_some(())?;
    let letters: Vec<u8> = encoded
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    base64_decode(&letters)
}

/// An open element.
struct Open {
    tag: usize,
    look: Look,
}

/// What text is, beside ordinary.
#[derive(PartialEq, Eq)]
enum Raw {
    No,
    Skip,
    Style,
}

/// The page as far as it is read.
pub(super) struct Page<'l> {
    view: View<'l>,
    tags: Tags,
    /// Of the tag that is being read.
    pub(super) attributes: Attributes,
    /// How the tokenizer goes on behind the last tag.
    pub(super) next: Option<State>,
    raw: Raw,
    sheet: Sheet,
    open: Vec<Open>,
    link_depth: usize,
}

impl<'l> Page<'l> {
    /// Reads a page to its end.
    pub(super) fn read(source: &str, limits: &'l Limits) -> View<'l> {
        let mut page = Page {
            view: View::new(limits),
            tags: Tags::default(),
            attributes: Attributes::default(),
            next: None,
            raw: Raw::No,
            sheet: Sheet::default(),
            open: Vec::new(),
            link_depth: 0,
        };
        let source = Quoted::new(source);
        let Ok(()) = Tokenizer::new_with_emitter(source, Pieces::new(&mut page)).finish();
        page.view.finish();
        page.view
    }

    /// How text here looks. What stands in a table but in no cell is shown in front of the table
    /// ("foster parenting", WHATWG HTML 13.2.6.1), so that a hidden table does not hide it.
    fn look(&self) -> Look {
        let top = self.open.last();
        let outside = top.is_some_and(|top| self.tags.kind(top.tag).is_table_structure());
        let element = if outside {
            let table = self.tags.last(Kind::Table).unwrap_or(0);
            table.checked_sub(1).and_then(|at| self.open.get(at))
        } else {
            top
        };
        element.map_or_else(Look::default, |element| element.look)
    }

    fn pop_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(element) = self.open.pop() {
                self.tags.closed(element.tag);
            }
        }
        if self.view.link.is_some() && self.open.len() < self.link_depth {
            self.view.end_link();
        }
    }

    /// Closes the innermost open element of this tag, if it stands above `floor`.
    fn close(&mut self, tag: usize, floor: Option<usize>) {
        if let Some(at) = self
            .tags
            .last_of(tag)
            .filter(|at| floor.is_none_or(|floor| *at > floor))
        {
            self.pop_to(at);
        }
    }

    fn close_kind(&mut self, kind: Kind, floor: Option<usize>) {
        if let Some(at) = self
            .tags
            .last(kind)
            .filter(|at| floor.is_none_or(|floor| *at > floor))
        {
            self.pop_to(at);
        }
    }

    /// Takes a start tag, with its attributes.
    pub(super) fn start(&mut self, name: &[u8], self_closing: bool) {
        let tag = self.tags.intern(name);
        let kind = self.tags.kind(tag);
        let scope = self.tags.last_scope();
        let table = self.tags.last(Kind::Table);
        if kind.is_block() {
            self.view.gap = self.view.gap.max(Gap::Line);
            self.close_kind(Kind::Paragraph, scope);
        }
        let foreign = self.tags.last(Kind::Foreign);
        if kind.breaks_out() {
            self.close_kind(Kind::Foreign, self.tags.last(Kind::Scope));
        }
        match kind {
            Kind::Section | Kind::Row | Kind::Cell | Kind::Caption => {
                let Some(table) = table else {
                    return; // without a table there is no row, and its style means nothing
                };
                self.view.gap = self.view.gap.max(if kind == Kind::Cell {
                    Gap::Space
                } else {
                    Gap::Line
                });
                self.close_kind(Kind::Cell, Some(table));
                self.close_kind(Kind::Caption, Some(table));
                if kind != Kind::Cell {
                    self.close_kind(Kind::Row, Some(table));
                }
                if matches!(kind, Kind::Section | Kind::Caption) {
                    self.close_kind(Kind::Section, Some(table));
                }
            }
            Kind::Item => self.close(tag, scope.max(self.tags.last(Kind::List))),
            Kind::Anchor | Kind::Exclusive => self.close(tag, scope),
            Kind::Heading if self.open.last().is_some_and(|top| top.tag == tag) => {
                self.close(tag, scope);
            }
            Kind::Option if self.open.last().is_some_and(|top| top.tag == tag) => {
                self.close(tag, scope);
            }
            Kind::Input => self.close_kind(Kind::Select, scope),
            // A form in a form, a second body: not made.
            Kind::Form | Kind::Body if self.tags.last_of(tag).is_some() => {
                if kind == Kind::Form {
                    self.act(kind, Look::default());
                }
                return;
            }
            _ => {}
        }
        let parent = match (kind, self.open.last()) {
            (Kind::Section | Kind::Row | Kind::Cell | Kind::Caption, Some(top)) => top.look,
            _ => self.look(),
        };
        let look = parent.within(&self.style(tag));
        let hidden = kind == Kind::Template
            || kind == Kind::Unseen && self.attributes.get(Name::Open).is_none()
            || self.attributes.get(Name::Hidden).is_some();
        let look = if hidden { look.gone() } else { look };
        self.act(kind, look);
        self.raw = match kind {
            Kind::Script | Kind::Opaque => Raw::Skip,
            Kind::Style => Raw::Style,
            Kind::Title => Raw::Skip,
            _ => Raw::No,
        };
        self.next = match kind {
            Kind::Script => Some(State::ScriptData),
            Kind::Style | Kind::Opaque => Some(State::RawText),
            Kind::Title | Kind::Textarea => Some(State::RcData),
            Kind::Plaintext => Some(State::PlainText),
            _ => None,
        };
        let empty = kind.is_void() || self_closing && (foreign.is_some() || kind == Kind::Foreign);
        if !empty && self.raw == Raw::No && self.open.len() < DEPTH {
            self.tags.opened(tag, self.open.len());
            self.open.push(Open { tag, look });
            if kind == Kind::Anchor && self.view.link.is_some() {
                self.link_depth = self.open.len();
            }
        }
    }

    fn style(&self, tag: usize) -> Style {
        let get = |name| self.attributes.get(name);
        let mut style = Style::default();
        let color = get(Name::Color).filter(|_| self.tags.name(tag) == "font");
        let text = get(Name::Text).filter(|_| self.tags.kind(tag) == Kind::Body);
        style.attributes(color.or(text), get(Name::Bgcolor));
        if get(Name::Background).is_some() {
            style.pictured();
        }
        style = style.overlaid(&self.sheet.style(
            self.tags.name(tag),
            get(Name::Class).unwrap_or_default(),
            get(Name::Id).unwrap_or_default(),
        ));
        match get(Name::Style) {
            Some(inline) => style.overlaid(&Style::parse(inline)),
            None => style,
        }
    }

    /// What a start tag does beside opening an element.
    fn act(&mut self, kind: Kind, look: Look) {
        let attributes = std::mem::take(&mut self.attributes);
        let get = |name| attributes.get(name);
        match kind {
            Kind::Break => self.view.gap = Gap::Line,
            Kind::Anchor => {
                self.view.end_link();
                if let Some(href) = get(Name::Href) {
                    self.view.begin_link(href);
                }
            }
            Kind::Area => {
                if let Some(href) = get(Name::Href) {
                    let shown = get(Name::Alt).unwrap_or_default();
                    self.view.push_link(href, shown, LinkOrigin::Anchor);
                }
            }
            Kind::Base if self.view.base.is_none() => {
                self.view.base = get(Name::Href).and_then(|href| Url::parse(href.trim()).ok());
            }
            Kind::Image => self.image(&attributes, look),
            Kind::Form => self.form(&attributes),
            Kind::Input | Kind::Exclusive => {
                if let Some(action) = get(Name::FormAction) {
                    self.view.push_link(action, "", LinkOrigin::Form);
                }
                if get(Name::Type).is_some_and(|kind| kind.trim().eq_ignore_ascii_case("password"))
                {
                    self.view.html.form = Form::Password;
                }
            }
            Kind::Script => self.view.html.script = true,
            Kind::Meta
                if get(Name::HttpEquiv).is_some_and(|of| of.eq_ignore_ascii_case("refresh")) =>
            {
                let content = get(Name::Content).unwrap_or_default();
                // "0; url='https://…'"
                let target = content
                    .to_ascii_lowercase()
                    .find("url")
                    .and_then(|at| content.get(at + 3..))
                    .map(|rest| {
                        rest.trim_start_matches([' ', '='])
                            .trim_matches(['\'', '"', ' '])
                    });
                if let Some(target) = target.filter(|target| !target.is_empty()) {
                    self.view.push_link(target, "", LinkOrigin::Anchor);
                }
            }
            _ => {}
        }
        self.attributes = attributes; // its room is of use again
    }

    fn form(&mut self, attributes: &Attributes) {
        self.view.html.form = self.view.html.form.max(Form::Plain);
        if let Some(action) = attributes.get(Name::Action) {
            self.view.push_link(action, "", LinkOrigin::Form);
        }
    }

    fn image(&mut self, attributes: &Attributes, look: Look) {
        let source = attributes.get(Name::Src).unwrap_or_default().trim();
        if !look.is_hidden() {
            if let Some(alt) = attributes.get(Name::Alt) {
                self.view.show_in_link(alt);
            }
            let small = |name| {
                let size = attributes
                    .get(name)
                    .and_then(|size| size.trim().parse::<u32>().ok());
                size.is_some_and(|size| size <= 1)
            };
            if !source.is_empty() && !small(Name::Width) && !small(Name::Height) {
                self.view.html.images += 1;
            }
        }
        if let Some(picture) = self
            .view
            .html
            .room_for_picture()
            .and_then(|room| held(source, room))
        {
            self.view.html.pictures.push(picture);
        }
        let fetched = source
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("http"))
            || source.starts_with("//");
        // Pictures get a part of the room, so that they cannot push out what can be clicked.
        if fetched && self.view.pictures < self.view.limits.links / 4 {
            self.view.pictures += 1;
            self.view.push_link(source, "", LinkOrigin::Image);
        }
    }

    /// Takes an end tag.
    pub(super) fn end(&mut self, name: &[u8]) {
        // Most close what was opened last.
        let last = self.open.last().map(|open| open.tag);
        let last = last.filter(|tag| self.tags.name(*tag).as_bytes() == name);
        let tag = last.unwrap_or_else(|| self.tags.intern(name));
        let kind = self.tags.kind(tag);
        self.raw = Raw::No;
        if kind.is_block() {
            self.view.gap = self.view.gap.max(Gap::Line);
        }
        match kind {
            Kind::Body => {} // what follows still belongs to the page
            Kind::Break | Kind::Paragraph if self.tags.last_of(tag).is_none() => {
                self.view.gap = self.view.gap.max(Gap::Line); // </p> and </br> alone make an empty one
            }
            Kind::Table | Kind::Template => self.close(tag, None),
            Kind::Section | Kind::Row | Kind::Cell | Kind::Caption => {
                self.view.gap = self.view.gap.max(if kind == Kind::Cell {
                    Gap::Space
                } else {
                    Gap::Line
                });
                let table = self.tags.last(Kind::Table);
                if kind == Kind::Row {
                    self.close_kind(Kind::Row, table);
                } else {
                    self.close(tag, table);
                }
            }
            _ => {
                let scope = match kind {
                    Kind::Scope => None,
                    _ => self.tags.last_scope(),
                };
                self.close(tag, scope);
                if kind == Kind::Anchor && self.tags.last_of(tag).is_none() {
                    self.view.end_link();
                }
            }
        }
    }

    /// Takes a comment.
    pub(super) fn comment(&mut self, comment: &[u8]) {
        self.view.comment(comment);
    }

    /// Takes a run of text.
    pub(super) fn string(&mut self, text: &str) {
        match self.raw {
            Raw::Skip => {}
            Raw::Style => self.sheet.add(text),
            Raw::No => {
                let look = self.look();
                if look.is_hidden() {
                    self.view.hide(text);
                } else {
                    self.view.show(text);
                }
            }
        }
    }
}
