//! To whom it was sent, and whether it pretends to be an answer.

use super::known::is_bulk;
use super::{Check, Concern};
use crate::mail::Message;
use crate::verdict::Evidence;

/// `undisclosed-recipients`
pub const UNDISCLOSED_RECIPIENTS: Check = Check {
    name: "undisclosed-recipients",
    about: "Nobody is named in To and Cc, and no mailing list stands between: it went to many at \
            once.",
    concern: Concern::Route,
    run: |message, _| {
        let named = message.to.iter().chain(&message.cc);
        let nobody = named.filter(|to| to.domain.contains('.')).count() == 0;
        (nobody && !is_bulk(message)).then(Evidence::none)
    },
};

/// `list-mail`
pub const LIST_MAIL: Check = Check {
    name: "list-mail",
    about: "It came through a mailing list that says so (List-Id, List-Post). Spammers can write \
            that too.",
    concern: Concern::Route,
    run: |message, _| {
        let list = ["List-Id", "List-Post"]
            .iter()
            .any(|name| message.header(name).is_some());
        list.then(Evidence::none)
    },
};

/// `bulk-mail`
pub const BULK_MAIL: Check = Check {
    name: "bulk-mail",
    about: "It can be unsubscribed from (List-Unsubscribe). Newsletters can, and some spam; letters \
            from one stranger to one reader cannot.",
    concern: Concern::Route,
    run: |message, _| message.header("List-Unsubscribe").map(|_| Evidence::none()),
};

/// `reply-to-nothing`
pub const REPLY_TO_NOTHING: Check = Check {
    name: "reply-to-nothing",
    about: "The subject says that it answers or passes something on, but no earlier message is \
            referred to. Some programs leave that out, so it counts only beside other signs.",
    concern: Concern::Route,
    run: |message, _| {
        (claims_to_answer(message) && message.references.is_empty() && !quotes(message))
            .then(|| Evidence::none().with("subject", &message.subject))
    },
};

/// `thread-claimed`
pub const THREAD_CLAIMED: Check = Check {
    name: "thread-claimed",
    about: "A page refers to an earlier message, but its subject answers nothing and it quotes \
            nothing: the reference is there to pass for a conversation.",
    concern: Concern::Route,
    run: |message, _| {
        let listed = ["List-Id", "List-Post", "List-Unsubscribe"];
        let pretends = message.html.is_some()
            && !message.references.is_empty()
            && !has_reply_mark(&message.subject)
            && !quotes(message)
            && listed.iter().all(|name| message.header(name).is_none());
        pretends.then(|| Evidence::none().with("subject", &message.subject))
    },
};

/// Whether a subject begins as answers and messages that are passed on do, in any of the usual
/// languages (`Re:`, `[list] AW:`, `回复：`).
pub(super) fn has_reply_mark(subject: &str) -> bool {
    const MARKS: &[&str] = &[
        "re",
        "aw",
        "sv",
        "vs",
        "vá",
        "rv",
        "res",
        "rif",
        "odp",
        "antw",
        "ynt",
        "atb",
        "ref",
        "r",
        "fw",
        "fwd",
        "wg",
        "tr",
        "enc",
        "i",
        "rvs",
        "doorst",
        "pd",
        "továbbítás",
        "答复",
        "回复",
        "回覆",
        "转发",
        "轉寄",
        "ответ",
        "отв",
        "на",
    ];
    let subject = subject.trim_start();
    let behind_list = match subject.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(_, rest)| rest),
        None => subject,
    };
    let mark = behind_list.split([':', '：']).next().unwrap_or_default();
    let mark = mark.trim().to_lowercase();
    let mark = mark.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^".contains(c));
    behind_list.contains([':', '：']) && MARKS.contains(&mark)
}

/// `is-reply`
pub const IS_REPLY: Check = Check {
    name: "is-reply",
    about: "It refers to an earlier message, by its number or, in plain text, by its subject, and \
            quotes it. Conversations do.",
    concern: Concern::Route,
    run: |message, _| is_reply(message).then(Evidence::none),
};

/// `shouting-subject`
pub const SHOUTING_SUBJECT: Check = Check {
    name: "shouting-subject",
    about: "The subject is written in capitals from end to end.",
    concern: Concern::Text,
    run: |message, _| {
        let letters = message.subject.chars().filter(|c| c.is_alphabetic());
        let (mut capital, mut small) = (0, 0);
        for c in letters {
            capital += usize::from(c.is_uppercase());
            small += usize::from(c.is_lowercase());
        }
        (capital >= 12 && small * 10 < capital)
            .then(|| Evidence::none().with("subject", &message.subject))
    },
};

/// The first line of a plain text that is quoted, or stands above what is passed on.
pub(super) fn first_quoted(plain: &str) -> Option<&str> {
    let mut lines = plain.lines();
    lines.find(|line| line.starts_with('>') || line.starts_with("-----"))
}

/// Whether it answers an earlier message. Old mail programs answer without a reference.
pub(super) fn is_reply(message: &Message) -> bool {
    let refers = !message.references.is_empty();
    (refers || message.html.is_none() && claims_to_answer(message)) && quotes(message)
}

/// Whether the subject says that it answers.
fn claims_to_answer(message: &Message) -> bool {
    let subject = message.subject.trim_start().to_lowercase();
    let marks = ["re:", "aw:", "sv:", "rv:", "res:", "rif:"];
    marks.iter().any(|mark| subject.starts_with(mark))
}

/// Whether it quotes, or passes on, an earlier message.
pub(super) fn quotes(message: &Message) -> bool {
    message.plain.as_deref().and_then(first_quoted).is_some()
        || [
            "wrote:",
            "schrieb",
            "écrit",
            "escribió",
            "From:",
            "Von:",
            "De :",
        ]
        .iter()
        .any(|mark| message.text.contains(mark))
}
