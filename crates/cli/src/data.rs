//! From a path to a dataset, with everything that is wrong with it said.

use std::path::Path;

use kadence::verdict::ReportProblem;
use kadence::{Dataset, Problem, Problems, Schema};

use crate::output::{Failure, clean, complain, count};

/// How many problems are listed.
const LISTED: usize = 50;

/// Reads data: the rows that can be used, and what is wrong with the others.
pub(crate) fn read(path: &Path, schema: &Schema) -> Result<(Dataset, Problems), Failure> {
    let builder = kadence_data::read(path, schema).map_err(|error| Failure(clean(error)))?;
    Ok(builder.build_lenient())
}

/// The problems as a report carries them. Without `lenient` errors stop it, all of them said.
pub(crate) fn accept(problems: &Problems, lenient: bool) -> Result<Vec<ReportProblem>, Failure> {
    if !problems.is_usable() && !lenient {
        let (lines, failure) = refusal(&problems.errors);
        lines.iter().for_each(|line| complain(line));
        return Err(failure);
    }
    let errors = problems.errors.iter().map(|problem| reported(problem, "error"));
    let notes = problems.notes.iter().map(|problem| reported(problem, "note"));
    Ok(errors.chain(notes).collect())
}

/// The first problems, and how many there are.
fn refusal(errors: &[Problem]) -> (Vec<String>, Failure) {
    let lines = errors.iter().take(LISTED).map(clean).collect();
    let found = count(errors.len(), "problem");
    let listed = match errors.len() > LISTED {
        true => format!(", of which the first {LISTED} are listed"),
        false => String::new(),
    };
    let mend = "mend them, or leave those rows out with `--lenient`";
    (lines, Failure(format!("the data has {found}{listed}; {mend}")))
}

fn reported(problem: &Problem, level: &str) -> ReportProblem {
    let place = problem.place.as_ref();
    // Its `Display` without the place, which has fields of its own.
    let message = Problem { place: None, ..problem.clone() }.to_string();
    ReportProblem {
        level: level.to_owned(),
        file: place.map(|place| place.file.clone()),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        message,
    }
}

/// Says what a report in a form without them would keep to itself: how many rows were left out,
/// and the notes.
pub(crate) fn say(problems: &[ReportProblem]) {
    let (errors, notes): (Vec<_>, Vec<_>) = problems.iter().partition(|p| p.level == "error");
    if !errors.is_empty() {
        let found = count(errors.len(), "problem");
        complain(&format!(
            "warning: {found} in the data, those rows were left out (`--format json` lists all)"
        ));
    }
    for note in notes.iter().take(LISTED) {
        let parts = [note.line, note.column].into_iter().flatten().map(|n| format!(":{n}"));
        let place = note.file.as_ref().map(|file| format!("{file}{}: ", parts.collect::<String>()));
        complain(&clean(format!("note: {}{}", place.unwrap_or_default(), note.message)));
    }
    if let Some(more) = notes.len().checked_sub(LISTED).filter(|more| *more > 0) {
        complain(&format!("note: … and {more} more (`--format json` lists all)"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kadence::Place;

    fn problem(line: u32) -> Problem {
        Problem {
            place: Some(Place { file: "customers.csv".into(), line, column: 14 }),
            subject: "customers acme".into(),
            message: "revenue is `much`".into(),
            expected: Some("expected a number".into()),
        }
    }

    #[test]
    fn the_first_fifty_problems_are_listed_with_how_many_there_are() {
        let errors: Vec<Problem> = (2..53).map(problem).collect();
        let (lines, Failure(message)) = refusal(&errors);
        assert_eq!(lines.len(), 50);
        insta::assert_snapshot!(lines[0], @"customers.csv:2:14: customers acme: revenue is `much` (expected a number)");
        insta::assert_snapshot!(message, @"the data has 51 problems, of which the first 50 are listed; mend them, or leave those rows out with `--lenient`");
        let (lines, Failure(message)) = refusal(&errors[..1]);
        assert_eq!(lines.len(), 1);
        insta::assert_snapshot!(message, @"the data has 1 problem; mend them, or leave those rows out with `--lenient`");
    }

    #[test]
    fn problems_stop_unless_lenient_and_notes_never_do() {
        let mut problems = Problems { errors: vec![problem(2)], notes: vec![problem(1)] };
        assert!(accept(&problems, false).is_err());
        let levels = |problems: &[ReportProblem]| -> Vec<String> {
            problems.iter().map(|problem| problem.level.clone()).collect()
        };
        assert_eq!(levels(&accept(&problems, true).unwrap()), ["error", "note"]);
        problems.errors.clear();
        assert_eq!(levels(&accept(&problems, false).unwrap()), ["note"]);
    }

    #[test]
    fn a_problem_keeps_its_place_and_its_words_in_the_report() {
        let reported = reported(&problem(3), "error");
        assert_eq!(reported.message, "customers acme: revenue is `much` (expected a number)");
        assert_eq!((reported.line, reported.column), (Some(3), Some(14)));
        assert_eq!(reported.file.as_deref(), Some("customers.csv"));
    }
}
