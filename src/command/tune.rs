//! `tune`: fits the rules' weights to folders of mail, says what each rule is worth, and writes
//! the weights down.

use super::Exit;
use super::output::{Form, Output};
use super::sorted::Measuring;
use crate::cli::{Sorted, Tune};
use crate::job::judge::Judge;
use crate::job::measuring::Headers;
use crate::measure::{
    Corpus, Figures, Fitted, Kind, Part, best_constant, figures, fit_within_bounds, weights_file,
    worth,
};
use crate::settings::{Bounds, Places};
use crate::text;
use crate::verdict::{Level, Only};
use anyhow::Context as _;
use std::io::Write;
use std::path::Path;

/// Judges the folders, fits, shows and writes.
pub(super) fn run(places: &Places, tune: &Tune) -> anyhow::Result<Exit> {
    let mut warnings = Vec::new();
    // What lists of senders say, and what was learnt, is no rule's merit.
    let judge = Judge::new(&[], &[], places, Level::default(), &mut warnings)?;
    let judge = judge.by(Some(Only::Rules))?;
    let output = Output::new(Form::Lines);
    for warning in &warnings {
        output.error(warning);
    }
    let bounds = Bounds::default();
    let mut measuring = Measuring::new(&judge, &tune.sorted, &bounds, output)?;
    let Some(corpus) = measuring.judged(Headers::No) else {
        return Ok(Exit::Stopped);
    };
    let Some(bare) = measuring.judged(Headers::WithoutReceived) else {
        return Ok(Exit::Stopped);
    };
    for kind in [Kind::Ham, Kind::Spam] {
        let mut folders = corpus.folders.iter();
        if !folders.any(|folder| folder.kind == kind && !folder.messages.is_empty()) {
            anyhow::bail!(text::nothing_to_fit());
        }
    }
    let left = measuring.left_out(&corpus, Some(&bare));
    let fitted = fit_within_bounds(&corpus, Some(&bare), None);
    if measuring.is_stopped() {
        return Ok(Exit::Stopped);
    }
    let constant = best_constant(&left.corpus);
    let seen = figures(&left.corpus, constant);
    let seen_bare = left.bare.map(|bare| figures(&bare, constant));

    let output = &measuring.output;
    rules(output, &corpus, &fitted);
    let table = report(&seen, seen_bare.as_ref());
    output.line("");
    for line in &table {
        output.line(line);
    }
    for (folder, level, has, may) in &fitted.beyond {
        output.line(&text::beyond_bound(folder, level.word(), *has, *may));
    }

    let head = head(&tune.sorted, table);
    let file = weights_file(&head, &corpus, &fitted, constant);
    let own = places.weights_file();
    let path = tune.out.as_deref().unwrap_or(&own);
    write(path, &file).with_context(|| path.display().to_string())?;
    output.line("");
    output.line(&text::weights_written(
        &path.display().to_string(),
        path == own,
    ));
    Ok(match measuring.troubles == 0 && warnings.is_empty() {
        true => Exit::Done,
        false => Exit::Reported,
    })
}

/// What each rule is worth.
fn rules(output: &Output, corpus: &Corpus, fitted: &Fitted) {
    let folders = corpus.folders.iter().enumerate();
    let folders = folders.map(|(number, folder)| (number + 1, folder.name.as_str()));
    for line in text::numbered_folders(folders) {
        output.line(&line);
    }
    output.line(&text::worth_heading(corpus.folders.len()));
    let all = worth(corpus, fitted);
    for one in all.iter().filter(|one| one.weight.is_some()) {
        output.line(&text::worth(
            &one.rule,
            one.weight.unwrap_or_default(),
            one.prior,
            one.lost_without,
            one.false_alarms,
            &one.hits,
        ));
    }
    let silent = all.iter().filter(|one| one.weight.is_none());
    let idle = all.iter();
    let idle = idle.filter(|one| one.weight.is_some() && one.earns_nothing());
    for (heading, rules) in [
        (
            text::earn_nothing_heading(),
            idle.map(|one| one.rule.clone()).collect::<Vec<_>>(),
        ),
        (
            text::silent_heading(),
            silent.map(|one| one.rule.clone()).collect(),
        ),
    ] {
        if !rules.is_empty() {
            output.line("");
            output.line(heading);
            output.line(&text::listed(&rules));
        }
    }
}

/// What is found in each folder by weights that did not see it.
fn report(seen: &Figures, bare: Option<&Figures>) -> Vec<String> {
    let mut lines = vec![text::left_out_heading().to_owned()];
    lines.extend(table_lines(seen, None));
    if let Some(bare) = bare {
        lines.push(String::new());
        lines.push(text::without_received_heading().to_owned());
        lines.extend(table_lines(bare, Some(seen)));
    }
    let calibration = &seen.calibration;
    lines.push(String::new());
    lines.push(text::calibration(
        calibration.spam_share,
        calibration.brier,
        calibration.off,
    ));
    lines
}

/// The table of folders; beside `before`, with the points of recall that are lost.
pub(super) fn table_lines(figures: &Figures, before: Option<&Figures>) -> Vec<String> {
    let mut lines = vec![text::folders_heading(before.is_some())];
    for (number, folder) in figures.folders.iter().enumerate() {
        let was = before.and_then(|before| before.folders.get(number));
        lines.push(text::folder_figures(
            &folder.name,
            folder.part == Part::Aside,
            folder.messages,
            folder.hits,
            (folder.kind == Kind::Spam).then_some((folder.recall_at, folder.one_less_area)),
            was.map(|was| was.hits),
        ));
    }
    let all = &figures.all;
    lines.push(text::folder_figures(
        text::all_ham(),
        false,
        all.ham,
        all.false_alarms,
        None,
        before.map(|before| before.all.false_alarms),
    ));
    lines.push(text::folder_figures(
        text::all_spam(),
        false,
        all.spam,
        all.found,
        Some((all.recall_at, all.one_less_area)),
        before.map(|before| before.all.found),
    ));
    lines
}

/// What stands at the head of the file: how it was made, and how good it is.
fn head(sorted: &Sorted, table: Vec<String>) -> Vec<String> {
    let mut command = "postsweep tune".to_owned();
    for (flag, paths) in [
        ("--ham", &sorted.ham),
        ("--spam", &sorted.spam),
        ("--old", &sorted.old),
        ("--aside", &sorted.aside),
    ] {
        if !paths.is_empty() {
            let paths: Vec<String> = paths
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            command.push_str(&format!(" {flag} {}", paths.join(" ")));
        }
    }
    let mut head = vec![
        text::weights_head().to_owned(),
        String::new(),
        format!("    {command}"),
        String::new(),
    ];
    head.extend(table);
    head
}

/// Writes it whole or not at all.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
