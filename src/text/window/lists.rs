//! The sentences of the page for senders and rules.

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

/// The reason for a refusal, as a sentence.
pub fn refused(reason: &str) -> String {
    let reason = reason.split(": write").next().unwrap_or(reason);
    format!("Refused: it {reason}.")
}

/// What to write in place of what was refused.
pub const REFUSED_WAY_OUT: &str =
    "Name the domain: name@example.com, *@example.com or *@*.example.com.";

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
