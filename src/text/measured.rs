//! What `eval` and `tune` say.

/// What stands beside the counter while messages are judged without some headers.
pub fn scanning_bare() -> &'static str {
    "judged without what receiving servers wrote"
}

/// What stands beside the counter while weights are fitted.
pub fn fitting() -> &'static str {
    "fitting"
}

/// A folder is marked that was not given.
pub fn not_among(path: &str) -> String {
    format!(
        "{path} is neither a folder of --ham nor of --spam: --old and --aside mark one of those"
    )
}

/// A folder was given twice.
pub fn named_twice(path: &str) -> String {
    format!("{path} is named twice: a folder counts once, as --ham or as --spam")
}

/// There is not both.
pub fn nothing_to_fit() -> &'static str {
    "weights are fitted to honest mail and spam, and one of them is missing"
}

/// Above the table of folders.
pub fn folders_heading(beside: bool) -> String {
    let lost = if beside {
        "  lost: low medium   high"
    } else {
        ""
    };
    format!(
        "{:<32} {:>8} {:>12} {:>12} {:>12}  recall at 0.1 % 0.5 %   1 %  1-ROCA{lost}",
        "hits at each level", "messages", "low", "medium", "high"
    )
}

/// A folder's figures; `recall` (and 1-ROCA) where it holds spam, `before` what was hit with all
/// headers.
pub fn folder_figures(
    name: &str,
    aside: bool,
    messages: usize,
    hits: [usize; 3],
    recall: Option<([f64; 3], f64)>,
    before: Option<[usize; 3]>,
) -> String {
    let percent = |hits: usize| 100.0 * hits as f64 / messages.max(1) as f64;
    let name = if aside {
        format!("{name} (aside)")
    } else {
        name.to_owned()
    };
    let [low, medium, high] =
        hits.map(|hits| format!("{hits} {:>5}", format!("{:.1}%", percent(hits))));
    let mut line = format!("{name:<32} {messages:>8} {low:>12} {medium:>12} {high:>12}");
    if let Some(([tenth, half, one], area)) = recall {
        line.push_str(&format!(
            "  {:>14.1}% {:>4.1}% {:>4.1}% {:>6.2}%",
            tenth * 100.0,
            half * 100.0,
            one * 100.0,
            area * 100.0
        ));
    }
    if let Some(before) = before {
        let mut lost = before
            .iter()
            .zip(hits)
            .map(|(before, now)| percent(*before) - percent(now));
        let mut next = || lost.next().unwrap_or_default() + 0.0;
        let gap = if recall.is_none() { 37 } else { 0 };
        line.push_str(&format!(
            "{:gap$} {:>10.1} {:>6.1} {:>6.1}",
            "",
            next(),
            next(),
            next()
        ));
    }
    line
}

/// All honest mail.
pub fn all_ham() -> &'static str {
    "all ham"
}

/// All spam.
pub fn all_spam() -> &'static str {
    "all spam"
}

/// Above the table without what receiving servers wrote.
pub fn without_received_heading() -> &'static str {
    "Without what receiving servers wrote into the headers (points lost beside):"
}

/// Behind the name of a curve of such mail.
pub fn bare_suffix() -> &'static str {
    ", without receivers' headers"
}

/// Above what weights find that were fitted on other folders.
pub fn left_out_heading() -> &'static str {
    "Each folder by weights that were fitted on all the others:"
}

/// How far probabilities are off.
pub fn calibration(spam_share: f64, brier: f64, off: f64) -> String {
    format!(
        "Probabilities, where {:.0} % of mail is spam: off by {:.1} points in the mean, Brier score {brier:.4}.",
        spam_share * 100.0,
        off * 100.0
    )
}

/// Messages that are called about as likely.
pub fn calibration_bin((from, to): (f64, f64), messages: usize, stated: f64, found: f64) -> String {
    format!(
        "    {:>3.0} to {:>3.0} %  {messages:>6} messages: {:>5.1} % said, {:>5.1} % so",
        from * 100.0,
        to * 100.0,
        stated * 100.0,
        found * 100.0
    )
}

/// Above the rules that find most.
pub fn deciding_heading() -> &'static str {
    "Rules that decide: spam that is found at level low thanks to each"
}

/// Above the rules that cost most.
pub fn costing_heading() -> &'static str {
    "Rules that cost: honest mail that is flagged at level high because of each"
}

/// Above the rules that fired nowhere.
pub fn silent_heading() -> &'static str {
    "Rules that never fire:"
}

/// Above the rules that decide nothing.
pub fn earn_nothing_heading() -> &'static str {
    "Rules that fire and earn nothing:"
}

/// Above the honest mail with the highest scores.
pub fn worst_ham_heading() -> &'static str {
    "Honest mail with the highest scores:"
}

/// Above the spam with the lowest.
pub fn worst_spam_heading() -> &'static str {
    "Spam with the lowest scores:"
}

/// A rule and a number of messages.
pub fn counted_rule(messages: usize, rule: &str) -> String {
    format!("    {messages:>6}  {rule}")
}

/// Ids, on one line.
pub fn listed(ids: &[String]) -> String {
    format!("    {}", ids.join(", "))
}

/// A message that is judged badly.
pub fn miss(score: f64, path: &str, rules: &[String]) -> String {
    format!("    {score:>5.1}  {path}  {}", rules.join(", "))
}

/// The folders, with the numbers they have in the table of rules.
pub fn numbered_folders<'a>(
    folders: impl Iterator<Item = (usize, &'a str)>,
) -> impl Iterator<Item = String> {
    folders.map(|(number, name)| format!("[{number}] {name}"))
}

/// Above what each rule is worth.
pub fn worth_heading(folders: usize) -> String {
    let hits: String = (1..=folders)
        .map(|number| format!(" {:>5}", format!("[{number}]")))
        .collect();
    format!(
        "{:<36} {:>6} {:>6}  lost without: low medium  high  alarms {hits}",
        "rule", "weight", "prior"
    )
}

/// What a rule is worth: the points of recall that are lost without it, the honest messages that
/// it alone lifts above level high, and in how many of each folder it fires.
pub fn worth(
    rule: &str,
    weight: f64,
    prior: f64,
    lost: [f64; 3],
    alarms: usize,
    hits: &[usize],
) -> String {
    let [low, medium, high] = lost.map(|lost| format!("{:.1}", lost * 100.0));
    let hits: String = hits.iter().map(|hits| format!(" {hits:>5}")).collect();
    format!(
        "{rule:<36} {weight:>6.2} {prior:>6.2}  {low:>17} {medium:>6} {high:>5}  {alarms:>6} {hits}"
    )
}

/// A bound that could not be kept.
pub fn beyond_bound(folder: &str, level: &str, has: usize, may: usize) -> String {
    format!("{folder}: {has} false alarms at level {level}, where {may} are allowed")
}

/// The first line of a weights file.
pub fn weights_head() -> &'static str {
    "What each rule is worth: made by the following command, not by hand."
}

/// The weights were written.
pub fn weights_written(path: &str, own: bool) -> String {
    match own {
        true => format!(
            "The weights are in {path}, and count from now on; remove it to go back to the shipped ones."
        ),
        false => format!("The weights are in {path}."),
    }
}
