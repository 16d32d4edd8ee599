//! HTML to what a reader sees: visible text, links, and marks of what is hidden.
//! What is visible is found by `page`; what hides, by `style`.

use super::Link;
use super::message::Limits;
use super::page::Page;

/// An HTML part, read as a browser would.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Html {
    /// The visible text. Of a message that was kept it is the message's text, where it is the same.
    pub text: String,
    /// Text that is in the source but that a reader does not see (by `display:none`, size 0, …).
    pub hidden: String,
    /// How many letters of prose stand in comments, which no reader sees; conditions for mail
    /// programs (`<!--[if …`) and pieces of code do not count.
    pub commented: usize,
    /// Links, in order; at most `Limits::links`. A message has taken them to `Message::links`.
    #[serde(skip)]
    pub links: Vec<Link>,
    /// Whether it has a form with a password field, or a form at all.
    pub form: Form,
    /// Whether it has a script.
    pub script: bool,
    /// How many images it would show.
    pub images: usize,
    /// Pictures that it holds itself (`data:`), decoded; at most 8, and 1 MiB of them.
    #[serde(skip)]
    pub pictures: Vec<Vec<u8>>,
}

/// What kind of form an HTML part has.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
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
        let view = Page::read(source, limits);
        let text = || format!("text beyond {} bytes", limits.text);
        let links = || format!("links beyond {}", limits.links);
        let over = view.text_over.then(text).into_iter();
        for phrase in over.chain(view.links_over.then(links)) {
            if !cut.contains(&phrase) {
                cut.push(phrase);
            }
        }
        view.html
    }

    /// How many more bytes of pictures are kept.
    pub(super) fn room_for_picture(&self) -> Option<usize> {
        const PICTURES: usize = 8;
        const BYTES: usize = 1 << 20;
        let held: usize = self.pictures.iter().map(Vec::len).sum();
        (self.pictures.len() < PICTURES).then(|| BYTES.saturating_sub(held))
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
        self.commented += other.commented;
        self.links.extend(other.links);
        self.form = self.form.max(other.form);
        self.script |= other.script;
        self.images += other.images;
        self.pictures.extend(other.pictures);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::LinkOrigin;
    use std::time::{Duration, Instant};

    fn read(source: &str) -> Html {
        Html::read(source, &Limits::default(), &mut Vec::new())
    }

    #[test]
    fn what_is_shown_is_told_from_what_is_hidden() {
        for (source, text, hidden) in [
            (
                "<p>Hello &amp; <b>wel</b>come&nbsp;you</p><p>Next",
                "Hello & welcome you\nNext",
                "",
            ),
            ("a<br>b<div>c</div>d<li>e", "a\nb\nc\nd\ne", ""),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc", ""),
            (
                "<title>t</title><style>x{}</style><script>y</script>z<!-- c -->",
                "z",
                "",
            ),
            ("<noscript>seen</noscript><iframe>not</iframe>", "seen", ""),
            ("a<span style='display:none'>b</span>c", "ac", "b"),
            ("a<span hidden>b</span>c", "ac", "b"),
            ("a<font color=white>b</font>c", "ac", "b"),
            (
                "<td bgcolor=#000><font color=#fff>outside a table</font>",
                "",
                "outside a table",
            ),
            (
                "<table bgcolor=black><tr><td><font color='#FFFFFF'>a</font></table>",
                "a",
                "",
            ),
            (
                "<body bgcolor='#123456' text='#123456'>a<p style='color:red'>b",
                "b",
                "a",
            ),
            (
                "<style>.x{display:none}</style>a<i class='y X'>b</i>",
                "a",
                "b",
            ),
            (
                "<div style='font-size:0'>a<span style='font-size:12px'>b</span></div>",
                "b",
                "a",
            ),
            (
                "<div style='visibility:hidden'>a<b style='visibility:visible'>b",
                "b",
                "a",
            ),
            (
                "<div style='display:none'>a<b style='display:block'>b",
                "",
                "ab",
            ),
            (
                "<template>a</template><datalist>b</datalist><dialog open>c",
                "c",
                "ab",
            ),
            // A browser ends these elements by itself; what follows is seen.
            ("<p style='display:none'>a<p>b", "b", "a"),
            ("<p style='display:none'>a<div>b</div>", "b", "a"),
            ("<ul><li style='display:none'>a<li>b</ul>", "b", "a"),
            ("<h1 style='display:none'>a</h2>b", "b", "a"),
            (
                "<table><tr style='display:none'><td>a<tr><td>b</table>",
                "b",
                "a",
            ),
            (
                "<table><tr><td style='display:none'>a<td>b</table>",
                "b",
                "a",
            ),
            ("<table style='display:none'>b<tr><td>a</table>", "b", "a"),
            ("<td style='display:none'>b", "b", ""),
            ("<form><form style='display:none'>b", "b", ""),
            ("<button style='display:none'>a<button>b", "b", "a"),
            ("<select style='display:none'><option>a<input>b", "b", "a"),
            ("<svg style='display:none'><p>b", "b", ""),
            ("<svg style='display:none'/>b", "b", ""),
            ("<br style='display:none'>b", "b", ""),
            ("<head style='display:none'>b</head>", "b", ""),
            // End tags that a browser ignores do not end what hides.
            (
                "<div style='display:none'><table><tr><td></div>a</table>",
                "",
                "a",
            ),
            ("<div style='display:none'>a</span>b</body>c", "", "abc"),
            ("a</div></p>b", "a\nb", ""),
        ] {
            let html = read(source);
            assert_eq!(
                (html.text.as_str(), html.hidden.as_str()),
                (text, hidden),
                "{source}"
            );
        }
    }

    #[test]
    fn links_are_found_with_what_they_show() {
        for (source, links) in [
            (
                "<a href='http://a.test/'>Click <b>here</b> now</a>",
                "Click here now > http://a.test/ Anchor",
            ),
            (
                "<a href=http://a.test><img src='cid:1' alt='Sign in'></a>",
                "Sign in > http://a.test Anchor",
            ),
            (
                "<a href=http://a.test>x<span style='display:none'>y</span></a>",
                "x > http://a.test Anchor",
            ),
            (
                "<a href=http://a.test>one<a href=http://b.test>two",
                "one > http://a.test Anchor, two > http://b.test Anchor",
            ),
            (
                "<a href=http://a.test><div>x</div></a>y",
                "x > http://a.test Anchor",
            ),
            (
                "<a href=http://a.test>http://b.test/</a> http://c.test/.",
                "http://b.test/ > http://a.test Anchor, http://c.test/ > http://c.test/ Text",
            ),
            (
                "<map><area href=http://a.test alt='A  b'></map>",
                "A b > http://a.test Anchor",
            ),
            (
                "<img src=http://a.test/x.png>",
                " > http://a.test/x.png Image",
            ),
            ("<img src=cid:x><img src=data:image/png;base64,x>", ""),
            (
                "<form action=http://a.test><input type=password></form>",
                " > http://a.test Form",
            ),
            (
                "<meta http-equiv=refresh content=\"0; URL='http://a.test/'\">",
                " > http://a.test/ Anchor",
            ),
            ("<a href='#top'>up</a><a name=x>y</a>", ""),
            (
                "<a HREF='http://a.test' href='http://b.test'>x</a>",
                "x > http://a.test Anchor",
            ),
            (
                "<a href='&#104;ttp://a.test'>x</a>",
                "x > http://a.test Anchor",
            ),
        ] {
            let shown: Vec<String> = read(source)
                .links
                .iter()
                .map(|link| format!("{} > {} {:?}", link.shown, link.target, link.origin))
                .collect();
            assert_eq!(shown.join(", "), links, "{source}");
        }
        let based = read("<base href='https://a.test/x/'><a href='y'>z</a>");
        assert_eq!(
            based.links[0].url.as_ref().unwrap().as_str(),
            "https://a.test/x/y"
        );
    }

    #[test]
    fn forms_scripts_and_images_are_counted() {
        let html = read(
            "<form><input type=text></form><img src=a.png><img src=b.png width=1 height=1>\
             <img src=c.png style='display:none'><script>x</script>",
        );
        assert_eq!(
            (html.form, html.script, html.images),
            (Form::Plain, true, 1)
        );
        assert_eq!(read("<input type=PASSWORD>").form, Form::Password);
        assert_eq!(read("<p>").form, Form::None);
    }

    #[test]
    fn limits_hold_and_are_told() {
        let limits = Limits {
            text: 100,
            links: 8,
            ..Limits::default()
        };
        let source = "<img src=http://i.test/><a href=http://a.test>word word</a> ".repeat(50);
        let mut cut = Vec::new();
        let html = Html::read(&source, &limits, &mut cut);
        assert!(html.text.len() <= 100);
        assert_eq!(html.links.len(), 8);
        let anchors = html
            .links
            .iter()
            .filter(|link| link.origin == LinkOrigin::Anchor);
        assert_eq!(anchors.count(), 6);
        assert_eq!(cut, ["text beyond 100 bytes", "links beyond 8"]);
    }

    /// Times are generous, for slow machines; a quadratic reader would miss them by far.
    #[test]
    fn nesting_takes_linear_time() {
        for piece in [
            "<div>",
            "</div>",
            "<div><p><b>",
            "<table><tr><td>",
            "<a href=x>",
            "</x><y>",
            "<style>.a{color:red}</style>",
            "<p style='display:none'>x",
            "<",
            "<svg><p>",
            "<select><input>",
            "<!--",
            "<a ",
            "<b x=\"",
            "&#x41;",
            "http://a.b/",
            "www.(((",
            "<a1><a2>",
        ] {
            let source = piece.repeat((256 << 10) / piece.len());
            let start = Instant::now();
            read(&source);
            let took = start.elapsed();
            assert!(took < Duration::from_secs(10), "{piece}: {took:?}");
        }
    }
}
