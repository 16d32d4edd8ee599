//! HTML to what a reader sees: visible text, links, and marks of what is hidden.
//! Follows the tree construction of WHATWG HTML (section 13.2.6) as far as it decides who is
//! inside a hidden element, in linear time; `style` knows what hides.

use super::message::Limits;
use super::style::{Look, Sheet, Style};
use super::tag::{Kind, Tags};
use super::{Link, LinkOrigin};
use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, State, Tokenizer};
use std::convert::Infallible;
use url::Url;

/// Elements open at once; browsers stop nesting at 512, too.
const DEPTH: usize = 512;
/// Bytes of one link's shown text.
const SHOWN: usize = 1000;

/// An HTML part, read as a browser would.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Html {
    /// The visible text.
    pub text: String,
    /// Text that is in the source but that a reader does not see (by `display:none`, size 0, …).
    pub hidden: String,
    /// Links, in order; at most `Limits::links`.
    pub links: Vec<Link>,
    /// Whether it has a form with a password field, or a form at all.
    pub form: Form,
    /// Whether it has a script.
    pub script: bool,
    /// How many images it would show.
    pub images: usize,
}

/// What kind of form an HTML part has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// None.
    #[default]
    None,
    /// A form without a password field.
    Plain,
    /// A form that asks for a password.
    Password,
}

impl Html {
    /// Reads HTML, and tells in `cut` what it left out.
    pub fn read(source: &str, limits: &Limits, cut: &mut Vec<String>) -> Html {
        let mut page = Page::new(limits);
        let emitter = Switching(CallbackEmitter::new(Events(&mut page)));
        let Ok(()) = Tokenizer::new_with_emitter(source, emitter).finish();
        page.end_link();
        page.written_links();
        for (over, phrase) in [
            (page.text_over, format!("text beyond {} bytes", limits.text)),
            (page.links_over, format!("links beyond {}", limits.links)),
        ] {
            if over && !cut.contains(&phrase) {
                cut.push(phrase);
            }
        }
        page.html
    }

    /// Adds what another part of the same message shows.
    pub(super) fn append(&mut self, other: Html) {
        for (mine, its) in [
            (&mut self.text, other.text),
            (&mut self.hidden, other.hidden),
        ] {
            if !mine.is_empty() && !its.is_empty() {
                mine.push('\n');
            }
            mine.push_str(&its);
        }
        self.links.extend(other.links);
        self.form = self.form.max(other.form);
        self.script |= other.script;
        self.images += other.images;
    }
}

/// Lets the page say how the tokenizer goes on behind a tag, as a tree builder would. Not by
/// `naive_next_state`: scripts do not run in mail, so that `<noscript>` is ordinary HTML.
struct Switching<'p, 'l>(CallbackEmitter<Events<'p, 'l>, Infallible>);

impl ForwardingEmitter for Switching<'_, '_> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.0
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let _ = self.0.emit_current_tag();
        self.0.callback_mut().0.next.take()
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

struct Events<'p, 'l>(&'p mut Page<'l>);

impl Callback<Infallible, ()> for Events<'_, '_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Infallible> {
        let page = &mut *self.0;
        match event {
            CallbackEvent::OpenStartTag { name } => {
                page.tag = page.tags.intern(name);
                page.attributes.clear();
                page.in_tag = true;
            }
            CallbackEvent::AttributeName { name } if page.in_tag => page.attributes.open(name),
            CallbackEvent::AttributeValue { value } if page.in_tag => page.attributes.fill(value),
            CallbackEvent::CloseStartTag { self_closing } => {
                page.in_tag = false;
                page.start(self_closing);
            }
            CallbackEvent::EndTag { name } => {
                let tag = page.tags.intern(name);
                page.end(tag);
            }
            CallbackEvent::String { value } => page.string(&String::from_utf8_lossy(value)),
            _ => {}
        }
        None
    }
}

/// The attributes that matter.
const NAMES: [&[u8]; 20] = [
    b"href",
    b"src",
    b"alt",
    b"style",
    b"class",
    b"id",
    b"hidden",
    b"color",
    b"bgcolor",
    b"text",
    b"width",
    b"height",
    b"type",
    b"action",
    b"formaction",
    b"content",
    b"http-equiv",
    b"background",
    b"open",
    b"size",
];

/// A start tag's attributes.
#[derive(Default)]
struct Attributes {
    values: [Option<String>; NAMES.len()],
    current: Option<usize>,
}

impl Attributes {
    fn clear(&mut self) {
        self.values = Default::default();
        self.current = None;
    }

    fn open(&mut self, name: &[u8]) {
        // Of two attributes of one name the first counts (WHATWG HTML 13.2.5.33).
        self.current = NAMES
            .iter()
            .position(|known| *known == name)
            .filter(|at| matches!(self.values.get(*at), Some(None)));
        if let Some(slot) = self.current.and_then(|at| self.values.get_mut(at)) {
            *slot = Some(String::new());
        }
    }

    fn fill(&mut self, value: &[u8]) {
        if let Some(slot) = self.current.and_then(|at| self.values.get_mut(at)) {
            *slot = Some(String::from_utf8_lossy(value).into_owned());
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let at = NAMES.iter().position(|known| *known == name.as_bytes())?;
        self.values.get(at)?.as_deref()
    }
}

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
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

struct Page<'l> {
    limits: &'l Limits,
    html: Html,
    tags: Tags,
    tag: usize,
    in_tag: bool,
    attributes: Attributes,
    next: Option<State>,
    raw: Raw,
    sheet: Sheet,
    base: Option<Url>,
    open: Vec<Open>,
    gap: Gap,
    hidden_gap: bool,
    link: Option<usize>,
    link_gap: bool,
    link_depth: usize,
    anchored: Vec<(usize, usize)>,
    link_text: usize,
    text_over: bool,
    links_over: bool,
    pictures: usize,
}

impl<'l> Page<'l> {
    fn new(limits: &'l Limits) -> Self {
        Page {
            limits,
            html: Html::default(),
            tags: Tags::default(),
            tag: 0,
            in_tag: false,
            attributes: Attributes::default(),
            next: None,
            raw: Raw::No,
            sheet: Sheet::default(),
            base: None,
            open: Vec::new(),
            gap: Gap::None,
            hidden_gap: false,
            link: None,
            link_gap: false,
            link_depth: 0,
            anchored: Vec::new(),
            link_text: 0,
            text_over: false,
            links_over: false,
            pictures: 0,
        }
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
        if self.link.is_some() && self.open.len() < self.link_depth {
            self.end_link();
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

    fn start(&mut self, self_closing: bool) {
        let tag = self.tag;
        let kind = self.tags.kind(tag);
        let scope = self.tags.last_scope();
        let table = self.tags.last(Kind::Table);
        if kind.is_block() {
            self.gap = self.gap.max(Gap::Line);
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
                self.gap = self.gap.max(if kind == Kind::Cell {
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
        let look = self.look().within(&self.style(tag));
        let hidden = kind == Kind::Unseen && self.attributes.get("open").is_none()
            || self.attributes.get("hidden").is_some();
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
            if kind == Kind::Anchor && self.link.is_some() {
                self.link_depth = self.open.len();
            }
        }
    }

    fn style(&self, tag: usize) -> Style {
        let get = |name| self.attributes.get(name);
        let mut style = Style::default();
        let color = get("color").filter(|_| self.tags.name(tag) == "font");
        let text = get("text").filter(|_| self.tags.kind(tag) == Kind::Body);
        style.attributes(color.or(text), get("bgcolor"));
        if get("background").is_some() {
            style.pictured();
        }
        style = style.overlaid(&self.sheet.style(
            self.tags.name(tag),
            get("class").unwrap_or_default(),
            get("id").unwrap_or_default(),
        ));
        match get("style") {
            Some(inline) => style.overlaid(&Style::parse(inline)),
            None => style,
        }
    }

    /// What a start tag does beside opening an element.
    fn act(&mut self, kind: Kind, look: Look) {
        let attributes = std::mem::take(&mut self.attributes);
        let get = |name: &str| attributes.get(name);
        match kind {
            Kind::Break => self.gap = Gap::Line,
            Kind::Anchor => {
                self.end_link();
                if let Some(href) = get("href") {
                    self.begin_link(href);
                }
            }
            Kind::Area => {
                if let Some(href) = get("href") {
                    let shown = get("alt").unwrap_or_default();
                    self.push_link(href, shown, LinkOrigin::Anchor);
                }
            }
            Kind::Base if self.base.is_none() => {
                self.base = get("href").and_then(|href| Url::parse(href.trim()).ok());
            }
            Kind::Image => self.image(&attributes, look),
            Kind::Form => self.form(&attributes),
            Kind::Input | Kind::Exclusive => {
                if let Some(action) = get("formaction") {
                    self.push_link(action, "", LinkOrigin::Form);
                }
                if get("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("password")) {
                    self.html.form = Form::Password;
                }
            }
            Kind::Script => self.html.script = true,
            Kind::Meta
                if get("http-equiv").is_some_and(|of| of.eq_ignore_ascii_case("refresh")) =>
            {
                let content = get("content").unwrap_or_default();
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
                    self.push_link(target, "", LinkOrigin::Anchor);
                }
            }
            _ => {}
        }
    }

    fn form(&mut self, attributes: &Attributes) {
        self.html.form = self.html.form.max(Form::Plain);
        if let Some(action) = attributes.get("action") {
            self.push_link(action, "", LinkOrigin::Form);
        }
    }

    fn image(&mut self, attributes: &Attributes, look: Look) {
        let source = attributes.get("src").unwrap_or_default().trim();
        if !look.is_hidden() {
            if let Some(alt) = attributes.get("alt") {
                self.show_in_link(alt);
            }
            let small = |name| {
                let size = attributes
                    .get(name)
                    .and_then(|size| size.trim().parse::<u32>().ok());
                size.is_some_and(|size| size <= 1)
            };
            if !source.is_empty() && !(small("width") || small("height")) {
                self.html.images += 1;
            }
        }
        let fetched = source
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("http"))
            || source.starts_with("//");
        // Pictures get a part of the room, so that they cannot push out what can be clicked.
        if fetched && self.pictures < self.limits.links / 4 {
            self.pictures += 1;
            self.push_link(source, "", LinkOrigin::Image);
        }
    }

    fn end(&mut self, tag: usize) {
        let kind = self.tags.kind(tag);
        self.raw = Raw::No;
        if kind.is_block() {
            self.gap = self.gap.max(Gap::Line);
        }
        match kind {
            Kind::Body => {} // what follows still belongs to the page
            Kind::Break | Kind::Paragraph if self.tags.last_of(tag).is_none() => {
                self.gap = self.gap.max(Gap::Line); // </p> and </br> alone make an empty one
            }
            Kind::Table | Kind::Template => self.close(tag, None),
            Kind::Section | Kind::Row | Kind::Cell | Kind::Caption => {
                self.gap = self.gap.max(if kind == Kind::Cell {
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
                    self.end_link();
                }
            }
        }
    }

    fn string(&mut self, text: &str) {
        match self.raw {
            Raw::Skip => {}
            Raw::Style => self.sheet.add(text),
            Raw::No => {
                let look = self.look();
                if look.is_hidden() {
                    self.hide(text);
                } else {
                    self.show(text);
                }
            }
        }
    }

    fn show(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.gap = self.gap.max(Gap::Space);
        }
        for word in text.split_whitespace() {
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

    fn show_in_link(&mut self, text: &str) {
        let Some(link) = self.link.and_then(|at| self.html.links.get_mut(at)) else {
            return;
        };
        self.link_gap |= text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
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

    fn hide(&mut self, text: &str) {
        self.hidden_gap |= text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
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

    fn begin_link(&mut self, href: &str) {
        self.link_gap = false;
        self.link_text = self.html.text.len();
        self.link_depth = 0;
        self.link = self.push_link(href, "", LinkOrigin::Anchor);
    }

    fn end_link(&mut self) {
        if self.link.take().is_some() {
            self.anchored.push((self.link_text, self.html.text.len()));
        }
    }

    fn push_link(&mut self, target: &str, shown: &str, origin: LinkOrigin) -> Option<usize> {
        let target = target.trim();
        if target.is_empty() || target.starts_with('#') {
            return None; // leads to the page itself
        }
        if self.html.links.len() >= self.limits.links {
            self.links_over = true;
            return None;
        }
        let mut link = Link::new(target, self.base.as_ref(), origin);
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
