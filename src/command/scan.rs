//! `scan`: judges files and folders of mail, and changes nothing.

use super::output::{Form, Output};
use super::{Exit, interrupt, report};
use crate::cli::Scan;
use crate::job::judge::Judge;
use crate::job::{self, Event, Scanned, Summary};
use crate::mail::Digest;
use crate::settings::{Places, Settings, SettingsError};
use crate::text;
use crate::verdict::{Finding, Judgement, Verdict};
use serde::Serialize;

/// Judges every path. Settings are used where there are some; asked for by name, they must be.
pub(super) fn run(places: &Places, scan: &Scan, settings_named: bool) -> anyhow::Result<Exit> {
    let settings = match Settings::load(&places.config_file) {
        Err(SettingsError::Missing { path }) if !settings_named => Settings::parse(&path, "")?,
        loaded => loaded?,
    };
    let level = scan.level.unwrap_or(settings.level);
    let (approved, blocked) = (&settings.approved, &settings.blocked);
    let mut warnings = Vec::new();
    let judge = Judge::new(approved, blocked, places, level, &mut warnings)?
        .without(&settings.rules_off, &mut warnings)?
        .by(scan.only)?;
    let mut limits = settings.limits.clone();
    limits.attachments &= !scan.no_attachments;
    let control = interrupt::control()?;
    let form = if scan.json { Form::Json } else { Form::Lines };
    let mut output = Output::new(form);
    for warning in &warnings {
        output.error(warning);
    }
    let mut summary = Summary::default();
    // Whether somebody still reads: `| head` is no Ctrl-C.
    let mut read = true;
    output.begin(text::scanning(), None);
    for path in &scan.paths {
        let mut found = false;
        job::scan(&judge, path, &limits, &control, &mut |scanned| {
            found = true;
            output.step();
            read &= show(&output, scan.verbose, &scanned, &mut summary);
            if !read {
                control.stop();
            }
        });
        if control.is_stopped() {
            break;
        }
        if !found {
            summary.troubles += 1;
            output.error(&text::no_mail_in(&path.display().to_string()));
        }
    }
    summary.stopped = read && control.is_stopped();
    output.end();
    output.line(&text::looks_like(
        summary.judged,
        summary.spam,
        summary.phishing,
    ));
    let exit = Exit::of(&summary, !warnings.is_empty());
    output.object(&Event::Summary(summary));
    Ok(exit)
}

/// One object of `scan --json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    event: &'static str,
    path: &'a str,
    sha256: Digest,
    verdict: Judgement,
    score: f64,
    probability: f64,
    threshold: f64,
    findings: Vec<Reason<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Debug, Serialize)]
struct Reason<'a> {
    rule: &'a str,
    weight: f64,
    says: &'a str,
}

impl<'a> Reason<'a> {
    fn of(finding: &'a Finding) -> Self {
        Reason {
            rule: &finding.rule,
            weight: finding.weight,
            says: &finding.says,
        }
    }
}

/// Shows and counts one message. Returns whether anybody still reads.
fn show(output: &Output, verbose: bool, scanned: &Scanned, summary: &mut Summary) -> bool {
    let path = scanned.path.as_str();
    let (digest, verdict) = match &scanned.result {
        Ok(judged) => judged,
        Err(reason) => {
            summary.troubles += 1;
            output.error(reason);
            return true;
        }
    };
    summary.seen += 1;
    summary.judged += 1;
    match verdict.judgement {
        Judgement::Clean => (),
        Judgement::Spam => summary.spam += 1,
        Judgement::Phishing => summary.phishing += 1,
    }
    lines(output, verbose, path, verdict) && output.object(&object(path, *digest, verdict))
}

fn lines(output: &Output, verbose: bool, path: &str, verdict: &Verdict) -> bool {
    if verdict.judgement == Judgement::Clean && !verbose {
        return true;
    }
    let word = verdict.judgement.word();
    let reads = output.line(&text::scanned(word, verdict.score, path));
    report::reasons(output, verdict);
    reads
}

fn object<'a>(path: &'a str, sha256: Digest, verdict: &'a Verdict) -> Line<'a> {
    Line {
        event: "verdict",
        path,
        sha256,
        verdict: verdict.judgement,
        score: verdict.score,
        probability: verdict.probability,
        threshold: verdict.threshold,
        findings: verdict.findings.iter().map(Reason::of).collect(),
        notes: &verdict.notes,
    }
}
