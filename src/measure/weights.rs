//! The weights file that a fit makes, as `rules` reads it.

use super::bound::Fitted;
use super::corpus::Corpus;
use std::fmt::Write as _;

/// The file's text: `head` as comments, the constant of the probability, and a line a rule that
/// fired, in order of id.
pub fn weights_file(head: &[String], corpus: &Corpus, fitted: &Fitted, constant: f64) -> String {
    let mut file = String::new();
    for line in head.iter().flat_map(|line| line.split('\n')) {
        // Writing to a String cannot fail.
        let _ = writeln!(file, "{}", format!("# {line}").trim_end());
    }
    let _ = write!(
        file,
        "\n[probability]\nconstant = {constant:.2}\n\n[weights]\n"
    );
    for (name, weight) in corpus.names.iter().zip(&fitted.weights) {
        if let Some(weight) = weight {
            let _ = writeln!(file, "{} = {weight:.2}", name.id);
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::super::bound::tests::corpus;
    use super::*;
    use crate::measure::fit_within_bounds;

    #[test]
    fn a_rule_that_never_fired_is_not_in_it_and_nothing_breaks_out_of_a_comment() {
        let corpus = corpus();
        let fitted = fit_within_bounds(&corpus, None, None);
        let file = weights_file(
            &["a\n[weights]".into(), String::new()],
            &corpus,
            &fitted,
            -6.0,
        );
        assert!(file.starts_with("# a\n# [weights]\n#\n\n[probability]\nconstant = -6.00\n"));
        let lines: Vec<_> = file.split("[weights]\n").last().unwrap().lines().collect();
        assert_eq!(lines.len(), 2, "{file}");
        assert!(lines[0].starts_with("sure = ") && lines[1].starts_with("unsure = "));
    }
}
