//! The tags of an HTML page: what each one does to the tree, and which are open where, so that
//! every question about the tree is answered without a walk over it.

use super::names::Names;

/// Different tags that are told apart; the rest, which no mail has, count as one.
const TAGS: usize = 1000;

/// What matters of a tag when the tree is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Anchor,
    Area,
    Base,
    Block,
    Body,
    Break,
    Caption,
    Cell,
    /// `button`, `nobr`: one inside another closes the other.
    Exclusive,
    /// `svg`, `math`.
    Foreign,
    Form,
    Heading,
    Image,
    Inline,
    Input,
    /// `li`, `dd`, `dt`: the next one closes it.
    Item,
    List,
    Meta,
    /// Content that is never shown and not even HTML: `iframe`, `xmp`, `noframes`.
    Opaque,
    Option,
    Paragraph,
    Plaintext,
    Row,
    /// `object` and others that end tags do not reach out of.
    Scope,
    Script,
    /// `tbody`, `thead`, `tfoot`.
    Section,
    Select,
    Style,
    Table,
    Template,
    Textarea,
    Title,
    /// Content that is there but not shown: `dialog` without `open`, `datalist`.
    Unseen,
    Void,
}

impl Kind {
    fn of(name: &[u8]) -> Kind {
        match name {
            b"a" => Kind::Anchor,
            b"area" => Kind::Area,
            b"base" => Kind::Base,
            b"body" | b"html" => Kind::Body,
            b"br" => Kind::Break,
            b"caption" => Kind::Caption,
            b"td" | b"th" => Kind::Cell,
            b"button" | b"nobr" => Kind::Exclusive,
            b"svg" | b"math" => Kind::Foreign,
            b"form" => Kind::Form,
            b"h" => Kind::Heading,
            b"img" | b"image" => Kind::Image,
            b"input" => Kind::Input,
            b"li" | b"dd" | b"dt" => Kind::Item,
            b"ul" | b"ol" | b"dl" | b"menu" | b"dir" => Kind::List,
            b"meta" => Kind::Meta,
            b"iframe" | b"xmp" | b"noembed" | b"noframes" => Kind::Opaque,
            b"option" | b"optgroup" => Kind::Option,
            b"p" => Kind::Paragraph,
            b"plaintext" => Kind::Plaintext,
            b"tr" => Kind::Row,
            b"object" | b"applet" | b"marquee" | b"foreignobject" | b"desc" => Kind::Scope,
            b"script" => Kind::Script,
            b"tbody" | b"thead" | b"tfoot" => Kind::Section,
            b"select" => Kind::Select,
            b"style" => Kind::Style,
            b"table" => Kind::Table,
            b"template" => Kind::Template,
            b"textarea" => Kind::Textarea,
            b"title" => Kind::Title,
            b"dialog" | b"datalist" => Kind::Unseen,
            b"head" | b"hr" | b"col" | b"colgroup" | b"link" | b"embed" | b"param" | b"source"
            | b"track" | b"wbr" | b"frame" | b"keygen" | b"basefont" | b"bgsound" => Kind::Void,
            b"div" | b"center" | b"blockquote" | b"pre" | b"section" | b"article" | b"header"
            | b"footer" | b"nav" | b"main" | b"aside" | b"address" | b"fieldset" | b"figure"
            | b"figcaption" | b"details" | b"summary" | b"hgroup" | b"listing" | b"legend" => {
                Kind::Block
            }
            _ => Kind::Inline,
        }
    }

    /// Whether it begins a line, and ends an open paragraph.
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            Kind::Block
                | Kind::Form
                | Kind::Heading
                | Kind::Item
                | Kind::List
                | Kind::Paragraph
                | Kind::Table
                | Kind::Unseen
        )
    }

    /// Whether it has no content (WHATWG HTML 13.1.2).
    pub(super) fn is_void(self) -> bool {
        matches!(
            self,
            Kind::Void
                | Kind::Break
                | Kind::Area
                | Kind::Base
                | Kind::Image
                | Kind::Input
                | Kind::Meta
        )
    }

    /// Whether text right inside belongs in front of the table.
    pub(super) fn is_table_structure(self) -> bool {
        matches!(self, Kind::Table | Kind::Section | Kind::Row)
    }

    /// Whether it ends an open `svg` or `math` (WHATWG HTML 13.2.6.5).
    pub(super) fn breaks_out(self) -> bool {
        self.is_block() || matches!(self, Kind::Body | Kind::Break | Kind::Image | Kind::Meta)
    }

    /// Whether end tags do not reach out of it (WHATWG HTML 13.2.4.2).
    fn is_scope(self) -> bool {
        matches!(
            self,
            Kind::Cell | Kind::Caption | Kind::Table | Kind::Template | Kind::Scope
        )
    }
}

#[derive(Debug)]
struct Tag {
    name: String,
    kind: Kind,
    /// Where on the stack it is open, outermost first.
    open: Vec<usize>,
}

/// The tags of one page.
#[derive(Debug, Default)]
pub(super) struct Tags {
    numbers: Names<usize>,
    tags: Vec<Tag>,
    /// The same by kind, in the order of [`Kind`].
    kinds: Vec<Vec<usize>>,
    scopes: Vec<usize>,
}

impl Tags {
    /// The number of a tag. All headings are one: any heading's end tag closes any heading.
    pub(super) fn intern(&mut self, name: &[u8]) -> usize {
        let name: &[u8] = match name {
            [b'h', b'1'..=b'6'] => b"h",
            b"image" => b"img",
            // No element has a longer name that matters.
            long => long.get(..long.len().min(40)).unwrap_or_default(),
        };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        if self.tags.len() >= TAGS {
            return self.tags.len() - 1;
        }
        let number = self.tags.len();
        self.numbers.insert(name, number);
        self.tags.push(Tag {
            name: String::from_utf8_lossy(name).into_owned(),
            kind: Kind::of(name),
            open: Vec::new(),
        });
        number
    }

    pub(super) fn kind(&self, tag: usize) -> Kind {
        self.tags.get(tag).map_or(Kind::Inline, |tag| tag.kind)
    }

    pub(super) fn name(&self, tag: usize) -> &str {
        self.tags.get(tag).map_or("", |tag| &tag.name)
    }

    /// Notes that an element opened at this place of the stack.
    pub(super) fn opened(&mut self, tag: usize, at: usize) {
        if let Some(tag) = self.tags.get_mut(tag) {
            tag.open.push(at);
            let kind = tag.kind as usize;
            if self.kinds.len() <= kind {
                self.kinds.resize_with(kind + 1, Vec::new);
            }
            if let Some(places) = self.kinds.get_mut(kind) {
                places.push(at);
            }
            if tag.kind.is_scope() {
                self.scopes.push(at);
            }
        }
    }

    /// Notes that the topmost element of the stack closed.
    pub(super) fn closed(&mut self, tag: usize) {
        if let Some(tag) = self.tags.get_mut(tag) {
            tag.open.pop();
            if let Some(places) = self.kinds.get_mut(tag.kind as usize) {
                places.pop();
            }
            if tag.kind.is_scope() {
                self.scopes.pop();
            }
        }
    }

    /// Where the innermost element of this tag stands.
    pub(super) fn last_of(&self, tag: usize) -> Option<usize> {
        self.tags.get(tag)?.open.last().copied()
    }

    /// Where the innermost element of this kind stands.
    pub(super) fn last(&self, kind: Kind) -> Option<usize> {
        self.kinds.get(kind as usize)?.last().copied()
    }

    /// Where the innermost element stands that end tags do not reach out of.
    pub(super) fn last_scope(&self) -> Option<usize> {
        self.scopes.last().copied()
    }
}
