//! `eval`: how well the rules part spam from honest mail, in figures.

use super::Exit;
use super::output::{Form, Output};
use super::sorted::Measuring;
use crate::cli::Eval;
use crate::job::judge::Judge;
use crate::job::measuring::Headers;
use crate::measure::{Corpus, Curve, Figures, Measured, figures, plot};
use crate::settings::{Places, Settings, SettingsError};
use crate::text;
use crate::verdict::Only;
use anyhow::Context as _;
use serde::Serialize;

/// The object of `eval --json`.
#[derive(Serialize)]
struct Object<'a> {
    event: &'static str,
    leave_one_out: bool,
    #[serde(flatten)]
    measured: &'a Measured,
}

/// Judges the folders and shows the figures.
pub(super) fn run(places: &Places, eval: &Eval, settings_named: bool) -> anyhow::Result<Exit> {
    let settings = match Settings::load(&places.config_file) {
        Err(SettingsError::Missing { path }) if !settings_named => Settings::parse(&path, "")?,
        loaded => loaded?,
    };
    let (approved, blocked) = (&settings.approved, &settings.blocked);
    let mut warnings = Vec::new();
    let judge = Judge::new(approved, blocked, places, settings.level, &mut warnings)?
        .without(&settings.rules_off, &mut warnings)?;
    // Weights of rules cannot be fitted to what was learnt.
    let only = if eval.leave_one_out {
        Some(Only::Rules)
    } else {
        eval.only
    };
    let judge = judge.by(only)?;
    let form = if eval.json { Form::Json } else { Form::Lines };
    let output = Output::new(form);
    for warning in &warnings {
        output.error(warning);
    }
    let mut measuring = Measuring::new(&judge, &eval.sorted, &settings.limits, output)?;
    let Some(mut corpus) = measuring.judged(Headers::No) else {
        return Ok(Exit::Stopped);
    };
    let mut bare = None;
    if eval.without_received || eval.leave_one_out {
        bare = measuring.judged(Headers::WithoutReceived);
        if bare.is_none() {
            return Ok(Exit::Stopped);
        }
    }
    if eval.leave_one_out {
        let left = measuring.left_out(&corpus, bare.as_ref());
        (corpus, bare) = (left.corpus, left.bare);
    }
    let bare = bare.filter(|_| eval.without_received);
    if let Some(path) = &eval.plot {
        let picture = plot(&curves(&corpus, bare.as_ref()));
        std::fs::write(path, picture).with_context(|| path.display().to_string())?;
    }
    let learner = only == Some(Only::Learner);
    // What was learnt is log-odds as it is.
    let constant = match learner {
        true => 0.0,
        false => judge.ruleset().constant(),
    };
    let said = |corpus: &Corpus| {
        let mut figures = figures(corpus, constant);
        if learner {
            figures.silent.clear();
        }
        figures
    };
    let measured = Measured {
        as_they_are: said(&corpus),
        without_received: bare.as_ref().map(said),
    };
    let output = &measuring.output;
    output.object(&Object {
        event: "eval",
        leave_one_out: eval.leave_one_out,
        measured: &measured,
    });
    show(output, &measured);
    Ok(match measuring.troubles == 0 && warnings.is_empty() {
        true => Exit::Done,
        false => Exit::Reported,
    })
}

fn curves(corpus: &Corpus, bare: Option<&Corpus>) -> Vec<Curve> {
    let mut curves = Curve::of(corpus, "");
    if let Some(bare) = bare {
        let bare = Curve::of(bare, text::bare_suffix());
        curves.extend(bare.into_iter().take(1));
    }
    curves
}

fn show(output: &Output, measured: &Measured) {
    let figures = &measured.as_they_are;
    table(output, figures, None);
    if let Some(bare) = &measured.without_received {
        output.line("");
        output.line(text::without_received_heading());
        table(output, bare, Some(figures));
    }
    calibration(output, figures);
    let counted = |heading: &str, all: &[crate::measure::Counted]| {
        if !all.is_empty() {
            output.line("");
            output.line(heading);
        }
        for one in all {
            output.line(&text::counted_rule(one.messages, &one.rule));
        }
    };
    counted(text::deciding_heading(), &figures.deciding);
    counted(text::costing_heading(), &figures.costing);
    if !figures.silent.is_empty() {
        output.line("");
        output.line(text::silent_heading());
        output.line(&text::listed(&figures.silent));
    }
    for (heading, all) in [
        (text::worst_ham_heading(), &figures.worst_ham),
        (text::worst_spam_heading(), &figures.worst_spam),
    ] {
        if !all.is_empty() {
            output.line("");
            output.line(heading);
        }
        for miss in all {
            output.line(&text::miss(miss.score, &miss.path, &miss.rules));
        }
    }
}

/// The table of folders; beside `before`, with the points of recall that are lost.
pub(super) fn table(output: &Output, figures: &Figures, before: Option<&Figures>) {
    for line in super::tune::table_lines(figures, before) {
        output.line(&line);
    }
}

fn calibration(output: &Output, figures: &Figures) {
    let calibration = &figures.calibration;
    output.line("");
    output.line(&text::calibration(
        calibration.spam_share,
        calibration.brier,
        calibration.off,
    ));
    for bin in &calibration.bins {
        output.line(&text::calibration_bin(
            (bin.from, bin.to),
            bin.messages,
            bin.stated,
            bin.found,
        ));
    }
}
