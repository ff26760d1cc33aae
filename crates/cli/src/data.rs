//! From a path to a dataset, with everything that is wrong with it said.

use std::path::Path;

use kadence::verdict::ReportProblem;
use kadence::{Dataset, Problem, Schema};

use crate::output::{Failure, clean, complain, count};

/// How many problems are listed.
const LISTED: usize = 50;

/// Reads data. Rows with problems are left out if `lenient`, else they stop it, all of them said.
pub(crate) fn read(
    path: &Path,
    schema: &Schema,
    lenient: bool,
) -> Result<(Dataset, Vec<ReportProblem>), Failure> {
    let builder = kadence_data::read(path, schema).map_err(|error| Failure(clean(error)))?;
    let (dataset, problems) = builder.build_lenient();
    if !problems.is_usable() && !lenient {
        list(&problems.errors);
        let found = count(problems.errors.len(), "problem");
        let listed = match problems.errors.len() > LISTED {
            true => format!(", of which the first {LISTED} are listed"),
            false => String::new(),
        };
        return Err(Failure(format!(
            "the data has {found}{listed}; mend them, or leave those rows out with `--lenient`"
        )));
    }
    let errors = problems.errors.iter().map(|problem| reported(problem, "error"));
    let notes = problems.notes.iter().map(|problem| reported(problem, "note"));
    Ok((dataset, errors.chain(notes).collect()))
}

fn list(problems: &[Problem]) {
    for problem in problems.iter().take(LISTED) {
        complain(&clean(problem));
    }
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

    #[test]
    fn a_problem_keeps_its_place_and_its_words_in_the_report() {
        let problem = Problem {
            place: Some(Place { file: "customers.csv".into(), line: 3, column: 14 }),
            subject: "customers acme".into(),
            message: "revenue is `much`".into(),
            expected: Some("expected a number".into()),
        };
        let reported = reported(&problem, "error");
        assert_eq!(reported.message, "customers acme: revenue is `much` (expected a number)");
        assert_eq!((reported.line, reported.column), (Some(3), Some(14)));
        assert_eq!(reported.file.as_deref(), Some("customers.csv"));
    }
}
