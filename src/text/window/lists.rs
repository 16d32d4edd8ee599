//! The sentences of the page for senders and rules.

use crate::text::parted;

/// The page's title.
pub const TITLE: &str = "Lists and rules";
/// Below the title.
pub const FACTS: &str = "Senders that are never or always flagged, and the rules that judge the rest. Changes count from the next sweep.";
/// After a change.
pub const SAVED: &str = "Lists saved";
/// What approved senders are.
pub const APPROVED: &str = "Never flagged, unless the message fails the sender’s own checks: then it is a spoof, and says so.";
/// What blocked senders are.
pub const BLOCKED: &str = "Always flagged as spam, whatever the score.";
/// Above the forms.
pub const FORMS: &str = "Forms you can use, and forms that are refused";
/// What a field for a sender shows while it is empty.
pub const HINT: &str = "name@example.com or *@example.com";

/// Forms, what each means, and whether it is taken.
pub const FORM_LIST: [(&str, &str, bool); 7] = [
    ("name@example.com", "one address", true),
    ("*@example.com", "everyone at this domain", true),
    ("*@server.example.com", "everyone at this server", true),
    ("*@*.example.com", "every server of this domain", true),
    ("*@*", "everyone: too wide", false),
    (
        "*@*.com, *@*.co.uk",
        "a whole public ending: too wide",
        false,
    ),
    ("name@*.example.com", "a name needs a full domain", false),
];

/// The reason for a refusal, as a sentence, and what to write instead.
pub fn refused(reason: &str) -> String {
    let reason = reason.split(": ").next().unwrap_or(reason);
    format!(
        "Refused: it {reason}. Name the domain: name@example.com, *@example.com or *@*.example.com."
    )
}

/// After an import.
pub fn brought(new: usize, known: usize, refused: usize) -> String {
    let mut text = match new {
        1 => "1 sender was added".to_owned(),
        new => format!("{new} senders were added"),
    };
    if known > 0 {
        text.push_str(&format!(", {known} were there already"));
    }
    if refused > 0 {
        text.push_str(&format!(", {refused} were refused"));
    }
    text + "."
}

/// A line that an import refused.
pub fn refused_line(line: usize, entry: &str, reason: &str) -> String {
    format!("Line {line}: “{entry}” {reason}")
}

/// A list was written out.
pub fn exported(count: usize, path: &str) -> String {
    match count {
        1 => format!("1 sender saved in {path}"),
        count => format!("{count} senders saved in {path}"),
    }
}

/// A change to a list was taken back.
pub const UNDONE: &str = "Taken back";

/// A sender was put on a list.
pub fn added(entry: &str, list: &str) -> String {
    format!("{entry} is {list}")
}

/// A sender was taken off a list.
pub fn removed(entry: &str, list: &str) -> String {
    format!("{entry} is not {list} any more")
}

/// A rule was switched.
pub fn switched(id: &str, on: bool) -> String {
    match on {
        true => format!("{id} is on again"),
        false => format!("{id} is off"),
    }
}

/// What a person's own rules are.
pub const OWN_FACTS: &str = "Your own rules are files beside the settings. They judge together with the others, and a rule with the id of a shipped one takes its place.";

/// A rule to begin with.
pub const FIRST_RULE: &str = r#"[[rule]]
id = "my-rule"
category = "spam"
weight = 3.0
says = "Speaks of {words}"
why = "Why this speaks against a message."
when = { subject = ['free ?trial'] }
"#;

/// Own rules were kept.
pub fn kept(name: &str) -> String {
    format!("Rules “{name}” saved; they count from the next sweep")
}

/// Own rules were taken out of force.
pub fn taken_out(path: &str) -> String {
    format!("Taken out of force; kept as {path}")
}

/// The question before own rules are taken out of force.
pub fn take_out(name: &str) -> String {
    format!(
        "Take the rules “{name}” out of force? The file stays beside the others under another name."
    )
}

/// A mistake in own rules.
pub fn mistake(line: usize, column: usize, reason: &str) -> String {
    format!("Line {line}, letter {column}: {reason}")
}

/// What own rules found in a message.
pub fn tried(fired: usize, silent: usize) -> String {
    match (fired, silent) {
        (0, 0) => "No rule is written yet.".to_owned(),
        (0, 1) => "The rule does not fire on this message.".to_owned(),
        (0, silent) => format!("None of the {silent} rules fires on this message."),
        (fired, silent) => format!("{fired} of {} fire on this message.", fired + silent),
    }
}

/// A field's name in rule files, for a person.
pub fn field(name: &str) -> String {
    match name {
        "from" => "the sender".to_owned(),
        "from-name" => "the sender’s name".to_owned(),
        "from-address" => "the sender’s address".to_owned(),
        "reply-to" => "where answers go".to_owned(),
        "to" => "the recipients".to_owned(),
        "subject" => "the subject".to_owned(),
        "text" => "the text".to_owned(),
        "words" => "subject and text".to_owned(),
        "html-hidden" => "hidden text".to_owned(),
        "link" => "links".to_owned(),
        "link-host" => "where links lead".to_owned(),
        "link-shown" => "what links show".to_owned(),
        "attachment-name" => "attachments’ names".to_owned(),
        "attachment-text" => "attachments’ text".to_owned(),
        other => match other.strip_prefix("header:") {
            Some(header) => format!("the header {header}"),
            None => other.to_owned(),
        },
    }
}

/// The tab of both lists.
pub const SENDERS: &str = "Approved and blocked";
/// The tab of all rules.
pub const RULES: &str = "Rules";
/// The tab of a person's own.
pub const OWN: &str = "My rules";
/// Sweeps with what was changed.
pub const JUDGE_AGAIN: &str = "Judge again with these lists";
/// Something failed.
pub const FAILED: &str = "That could not be done.";
/// Puts a note away.
pub const CLOSE: &str = "Close";
/// The title of one list.
pub const APPROVED_TITLE: &str = "Approved senders";
/// The title of the other.
pub const BLOCKED_TITLE: &str = "Blocked senders";
/// A list without an entry.
pub const NONE_APPROVED: &str = "Nobody is approved yet.";
/// A list without an entry.
pub const NONE_BLOCKED: &str = "Nobody is blocked yet.";
/// Reads senders from a file.
pub const IMPORT: &str = "Import…";
/// The same, as it is read out.
pub const IMPORT_APPROVED: &str = "Import approved senders…";
/// The same, as it is read out.
pub const IMPORT_BLOCKED: &str = "Import blocked senders…";
/// Writes senders into a file.
pub const EXPORT: &str = "Export…";
/// The same, as it is read out.
pub const EXPORT_APPROVED: &str = "Export approved senders…";
/// The same, as it is read out.
pub const EXPORT_BLOCKED: &str = "Export blocked senders…";
/// The field for one sender more.
pub const APPROVE_ONE: &str = "Approve a sender";
/// The field for one sender more.
pub const BLOCK_ONE: &str = "Block a sender";
/// Its button.
pub const APPROVE: &str = "Approve";
/// Its button.
pub const BLOCK: &str = "Block";
/// A column.
pub const SENDER: &str = "Sender";
/// A column.
pub const COVERS: &str = "Covers";
/// A column.
pub const ADDED: &str = "Added";
/// It was put there by hand.
pub const UNKNOWN: &str = "–";
/// A column.
pub const MATCHED: &str = "Matched";
/// A column.
pub const ON: &str = "On";
/// A column.
pub const RULE: &str = "Rule";
/// A column.
pub const WEIGHT: &str = "Weight";
/// A column.
pub const FIRED: &str = "Fired here";
/// The filter of rules.
pub const FILTER_RULES: &str = "Filter rules";
/// Takes the filter away.
pub const CLEAR_FILTER: &str = "Clear filter";
/// No rule of this kind.
pub const NO_RULE: &str = "No rule of this kind.";
/// Beside the list, while no rule is open.
pub const CHOOSE_RULE: &str = "Choose a rule to see what it looks at and why it matters.";
/// A rule that speaks for a message.
pub const SPEAKS_FOR: &str = "Speaks for it";
/// A rule on phishing.
pub const PHISHING: &str = "Phishing";
/// A rule on spam.
pub const SPAM: &str = "Spam";
/// A rule's switch.
pub const SWITCH: &str = "This rule judges messages";
/// What switching a rule off means.
pub const OFF_MEANS: &str = "Off: messages are judged without it from the next sweep.";
/// Above the reason for a rule.
pub const WHY: &str = "Why it matters";
/// Above what a rule looks at.
pub const LOOKS_AT: &str = "What it looks at";
/// Above what keeps a rule from firing.
pub const NOT_WHERE: &str = "It does not fire where";
/// A rule of a person's own.
pub const IS_OWN: &str = "It is one of your own rules.";
/// Above the files.
pub const FILES: &str = "Files";
/// A new file.
pub const NEW: &str = "New";
/// No file yet.
pub const NO_OWN: &str = "No rules of your own yet.";
/// A first file.
pub const WRITE_RULE: &str = "Write a rule";
/// The editor's text.
pub const TEXT: &str = "Rules";
/// The file's name.
pub const NAME: &str = "Name of the file";
/// Keeps it.
pub const SAVE: &str = "Save rules";
/// Takes it out of force.
pub const TAKE_OUT: &str = "Take out…";
/// It was not kept.
pub const NOT_KEPT: &str = "The rules are not saved.";
/// Above what the rules find.
pub const TRY_ON: &str = "Try on";
/// The message that they are tried on.
pub const MESSAGE: &str = "Message to try on";
/// Another message.
pub const OPEN_MESSAGE: &str = "Open a message…";
/// While they are tried.
pub const TRYING: &str = "Trying the rules…";
/// The text has a mistake.
pub const MISTAKE: &str = "There is a mistake in the rules.";

/// Lines that are not shown.
pub fn and_more(count: usize) -> String {
    format!("and {count} more")
}

/// A sender's row, as it is read out.
pub fn sender_row(entry: &str, covers: &str, added: Option<&str>, matched: u64) -> String {
    let added = added.map_or_else(String::new, |at| format!(", added {at}"));
    format!("{entry}, {covers}{added}, matched {matched}")
}

/// The button that takes a sender off.
pub fn remove(entry: &str) -> String {
    format!("Remove {entry}")
}

/// A kind of rules, by its place.
pub fn which(place: usize) -> &'static str {
    match place {
        1 => "Phishing",
        2 => "Spam",
        3 => "In favour",
        4 => "Off",
        _ => "All",
    }
}

/// How many of how many are shown.
pub fn of_shown(count: usize, all: usize) -> String {
    format!("{} of {} shown", parted(count), parted(all))
}

/// No rule has these words.
pub fn no_rule_matches(filter: &str) -> String {
    format!("No rule matches “{filter}”.")
}

/// A rule's row, as it is read out.
pub fn rule_row(id: &str, says: &str, on: bool, fired: u64) -> String {
    let state = if on { "on" } else { "off" };
    format!("{id}, {state}: {says}, fired {fired}")
}

/// A rule's switch in its row, as it is read out.
pub fn judges(id: &str) -> String {
    format!("{id} judges messages")
}

/// A rule of a person's own, in a list.
pub fn of_own(id: &str) -> String {
    format!("{id} · your own")
}

/// What a rule weighs.
pub fn weight(weight: f64) -> String {
    match weight == 0.0 {
        true => "0".to_owned(),
        false => format!("{weight:+.1}").replace('-', "−"),
    }
}

/// What a rule weighs and how often it fired.
pub fn facts(weight_of: f64, fired: u64) -> String {
    let times = match fired {
        0 => "never fired here".to_owned(),
        1 => "fired on 1 message here".to_owned(),
        fired => format!(
            "fired on {} messages here",
            parted(usize::try_from(fired).unwrap_or(usize::MAX))
        ),
    };
    format!("{} · {times}", weight(weight_of))
}

/// What finds it.
pub fn by_check(name: &str) -> String {
    format!("The check {name}")
}

/// Patterns of a rule's own.
pub fn by_patterns(field_name: &str) -> String {
    format!("Words and patterns in {}", field(field_name))
}

/// Phrases, and where they are looked for.
pub fn by_phrases<'a>(field_names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = field_names.collect();
    // Subject and text are one field too.
    if names.contains(&"words") {
        names.retain(|name| !["subject", "text"].contains(name));
    }
    let fields: Vec<String> = names.into_iter().map(field).collect();
    format!("Phrases in {}", fields.join(", "))
}

/// How many rules a file holds.
pub fn rules(count: usize) -> String {
    match count {
        0 => "no rule".to_owned(),
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    }
}

/// A file with a mistake.
pub fn left_out(line: usize) -> String {
    format!("Left out: a mistake in line {line}")
}

/// A rule that did not fire.
pub fn silent(id: &str) -> String {
    format!("{id} does not fire")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence() {
        let reason = "has no `@`: write name@example.com, *@example.com or *@*.example.com";
        assert_eq!(
            refused(reason),
            "Refused: it has no `@`. Name the domain: name@example.com, *@example.com or *@*.example.com."
        );
        assert_eq!(weight(-2.0), "−2.0");
        let fields = ["from-name", "subject", "words"].into_iter();
        assert_eq!(
            by_phrases(fields),
            "Phrases in the sender’s name, subject and text"
        );
    }
}
