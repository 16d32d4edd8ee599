//! A page as the tokenizer reads it: letter by letter, but for the white space behind a quoted
//! value. The tokenizer calls itself once for each quoted attribute that follows another behind
//! white space, so that a tag of many thousands would use up the stack. Without the white space,
//! which tells nothing there (WHATWG HTML 13.2.5.39), it goes back to its loop each time.

use html5gum::{Readable, Reader, StringReader};
use std::convert::Infallible;

/// Reads a page.
pub(super) struct Quoted<'p> {
    page: StringReader<'p>,
    /// Whether a quotation mark was read last, where one ends what is read.
    ends: bool,
}

impl<'p> Quoted<'p> {
    pub(super) fn new(page: &'p str) -> Self {
        let (page, ends) = (page.to_reader(), false);
        Quoted { page, ends }
    }
}

impl Reader for Quoted<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        let mut byte = self.page.read_byte()?;
        if std::mem::take(&mut self.ends) {
            while byte.is_some_and(|byte| byte.is_ascii_whitespace()) {
                byte = self.page.read_byte()?;
            }
        }
        Ok(byte)
    }

    #[inline(always)]
    fn try_read_string(&mut self, text: &[u8], exactly: bool) -> Result<bool, Infallible> {
        self.ends = false;
        self.page.try_read_string(text, exactly)
    }

    #[inline(always)]
    fn read_until<'b>(
        &'b mut self,
        ends: &[u8],
        letter: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, Infallible> {
        let read = self.page.read_until(ends, letter)?;
        self.ends = read == Some(b"\"") && ends.contains(&b'"');
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use crate::mail::{Coverage, Message, Reading};

    fn text_of(page: &str) -> (String, Option<String>) {
        let mail = format!("From: a@example.com\r\nContent-Type: text/html\r\n\r\n{page}");
        let message = Message::parse(mail.into_bytes(), Coverage::Whole, &Reading::default());
        let link = message.links.first().map(|link| link.target.clone());
        (message.text.trim().to_owned(), link)
    }

    #[test]
    fn a_tag_may_have_any_number_of_quoted_attributes() {
        for attribute in [
            " x=\"y\"",
            " x='y'",
            " x=\"y\"/",
            "x=\"y\"/ ",
            " x=\"y\"=\n",
        ] {
            let page = format!(
                "<a href=\"http://a.example/\"{}>hi</a>",
                attribute.repeat(200_000)
            );
            let read = ("hi".to_owned(), Some("http://a.example/".to_owned()));
            assert_eq!(text_of(&page), read, "{attribute}");
        }
    }

    #[test]
    fn white_space_tells_as_much_as_before() {
        for (page, text) in [
            ("<p title=\"a\"  > b \" c</p>", "b \" c"),
            ("<p title=\" a \"\n\tclass=\"b\">c</p>", "c"),
            ("<p a\" hidden>shown \" too</p>", ""),
            ("<p title=\"a\"hidden>b</p>c", "c"),
            ("say \"  so\"", "say \" so\""),
        ] {
            assert_eq!(text_of(page).0, text, "{page}");
        }
    }
}
