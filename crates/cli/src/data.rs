//! From a path to a dataset, with everything that is wrong with it said.

use std::path::{Path, PathBuf};

use kadence::verdict::ReportProblem;
use kadence::{Dataset, DatasetBuilder, Prepared, Problem, Problems, RuleSet, Schema};
use kadence_data::{Import, Mapping, ReadError};

use crate::output::{Failure, clean, complain, count};
use crate::progress::{Loading, Progress};
use crate::rules;

/// Which data, and how it is to be understood.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    /// The data: a folder, a file, an archive or a database
    #[arg(long, value_name = "PATH")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    how: How,
    /// Leave out rows that something is wrong with, instead of stopping
    #[arg(long)]
    lenient: bool,
}

/// How data is to be understood.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(crate) struct How {
    /// What its tables and columns are [default: `kadence.toml` beside the data, if it is there]
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The system that it was exported from: `kadence init --presets` lists them
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Which ids are one: CSV with the columns table, id and same_as
    #[arg(long, value_name = "FILE")]
    merge: Option<PathBuf>,
}

/// Files of more bytes are prepared by columns, without a dataset between.
const LARGE: u64 = 16 << 20;

/// Data with what a report says of it, and how many problems there are.
pub(crate) type Accepted<D> = (D, Vec<ReportProblem>, usize);

/// How many problems are listed.
const LISTED: usize = 50;

/// A dataset with what is to be said of it, or what is wrong with it.
pub(crate) type Read = Result<(Dataset, Problems), Problems>;

impl Args {
    /// The first option that means nothing without data.
    pub(crate) fn without_data(&self) -> Option<&'static str> {
        match self {
            Args { data: Some(_), .. } => None,
            Args { how: How { mapping: Some(_), .. }, .. } => Some("--mapping"),
            Args { how: How { preset: Some(_), .. }, .. } => Some("--preset"),
            Args { how: How { merge: Some(_), .. }, .. } => Some("--merge"),
            Args { lenient: true, .. } => Some("--lenient"),
            _ => None,
        }
    }

    /// Reads data; with `--lenient`, without the rows that something is wrong with.
    pub(crate) fn read(&self, path: &Path, schema: &Schema) -> Result<Read, Failure> {
        let builder = self.how.builder(path, schema)?;
        if self.lenient {
            return Ok(Ok(builder.build_lenient()));
        }
        let built = builder.build();
        Ok(built.map(|(dataset, notes)| (dataset, Problems { notes, ..Problems::default() })))
    }
}

impl How {
    /// The data at a path as these options say.
    pub(crate) fn import(&self, path: &Path) -> Result<Import, Failure> {
        let mut import = Import::new(path);
        if let Some(path) = &self.mapping {
            import = import.mapping(Mapping::open(path).map_err(cannot_read)?);
        }
        if let Some(preset) = &self.preset {
            import = import.preset(preset);
        }
        if let Some(merge) = &self.merge {
            import = import.merge(merge);
        }
        Ok(import)
    }

    /// Reads data, with what is wrong with it kept.
    pub(crate) fn builder(&self, path: &Path, schema: &Schema) -> Result<DatasetBuilder, Failure> {
        self.import(path)?.read(schema).map_err(cannot_read)
    }
}

impl Args {
    /// Data prepared for rules. What stops the evaluation is said.
    pub(crate) fn prepare(
        &self,
        path: &Path,
        rules: &RuleSet,
    ) -> Result<Accepted<Prepared>, Failure> {
        let import = self.how.import(path)?;
        if import.size() > LARGE {
            let loading = Loading::start();
            let prepared = import.prepare(rules, &mut |progress| loading.show(&progress));
            drop(loading);
            if let Some((data, notes)) = prepared.map_err(cannot_read)? {
                let said = reported_all(&Problems { notes, ..Problems::default() });
                return Ok((data, said, 0));
            }
        }
        let progress = Progress::start("reading data");
        let read = self.read(path, rules.schema())?;
        drop(progress);
        let (dataset, problems, total) = accept(read)?;
        let data = rules.prepare(&dataset).map_err(|error| rules::refused(error, &[rules]))?;
        Ok((data, problems, total))
    }
}

/// Says why data cannot be read; all that is wrong with a mapping.
pub(crate) fn cannot_read(error: ReadError) -> Failure {
    let problems = match error {
        ReadError::Mapping(problems) => problems,
        error => return Failure(clean(error)),
    };
    problems.iter().take(LISTED).for_each(|problem| complain(&clean(problem)));
    let listed = match problems.len() > LISTED {
        true => format!(", of which the first {LISTED} are listed"),
        false => String::new(),
    };
    Failure(format!("the mapping has {}{listed}", count(problems.len(), "problem")))
}

/// The dataset, and the problems as a report carries them. What stops the evaluation is said.
///
/// Besides them how many problems there are: only so many are kept.
pub(crate) fn accept(read: Read) -> Result<Accepted<Dataset>, Failure> {
    let (dataset, problems) = read.map_err(|problems| {
        let (lines, failure) = refusal(&problems);
        lines.iter().for_each(|line| complain(line));
        failure
    })?;
    Ok((dataset, reported_all(&problems), problems.total))
}

/// What follows the number of problems that are only counted.
const MORE: &str = " more problems, those rows were left out too";

/// How many problems there are by what a report says of them.
pub(crate) fn total(problems: &[ReportProblem]) -> usize {
    let errors = problems.iter().filter(|problem| problem.level == "error");
    let counted = |problem: &ReportProblem| problem.message.strip_suffix(MORE)?.parse().ok();
    errors.map(|problem| counted(problem).unwrap_or(1)).sum()
}

fn reported_all(problems: &Problems) -> Vec<ReportProblem> {
    let errors = problems.errors.iter().map(|problem| reported(problem, "error"));
    let notes = problems.notes.iter().map(|problem| reported(problem, "note"));
    let more = problems.total.saturating_sub(problems.errors.len());
    let more = (more > 0).then(|| ReportProblem {
        level: "error".to_owned(),
        file: None,
        line: None,
        column: None,
        message: format!("{more}{MORE}"),
    });
    errors.chain(more).chain(notes).collect()
}

/// The first problems, and how many there are.
fn refusal(problems: &Problems) -> (Vec<String>, Failure) {
    let lines = problems.errors.iter().take(LISTED).map(clean).collect();
    let found = count(problems.total, "problem");
    let listed = match problems.total > LISTED {
        true => format!(", of which the first {LISTED} are listed"),
        false => String::new(),
    };
    let mend = "mend them, or leave those rows out with `--lenient`";
    (lines, Failure(format!("the data has {found}{listed}; {mend}")))
}

/// A problem as a report carries it.
pub(crate) fn reported(problem: &Problem, level: &str) -> ReportProblem {
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
pub(crate) fn say(problems: &[ReportProblem], total: usize) {
    say_where(problems, total, "`--format json`");
}

/// The same, with what lists all of them.
pub(crate) fn say_where(problems: &[ReportProblem], total: usize, all: &str) {
    let notes: Vec<_> = problems.iter().filter(|problem| problem.level != "error").collect();
    if total > 0 {
        let found = count(total, "problem");
        complain(&format!(
            "warning: {found} in the data, those rows were left out ({all} lists them)"
        ));
    }
    for note in notes.iter().take(LISTED) {
        let parts = [note.line, note.column].into_iter().flatten().map(|n| format!(":{n}"));
        let place = note.file.as_ref().map(|file| format!("{file}{}: ", parts.collect::<String>()));
        complain(&clean(format!("note: {}{}", place.unwrap_or_default(), note.message)));
    }
    if let Some(more) = notes.len().checked_sub(LISTED).filter(|more| *more > 0) {
        complain(&format!("note: … and {more} more ({all} lists all)"));
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
        let problems = |errors: &[Problem]| Problems {
            errors: errors.to_vec(),
            total: errors.len(),
            notes: Vec::new(),
        };
        let (lines, Failure(message)) = refusal(&problems(&errors));
        assert_eq!(lines.len(), 50);
        insta::assert_snapshot!(lines[0], @"customers.csv:2:14: customers acme: revenue is `much` (expected a number)");
        insta::assert_snapshot!(message, @"the data has 51 problems, of which the first 50 are listed; mend them, or leave those rows out with `--lenient`");
        let (lines, Failure(message)) = refusal(&problems(&errors[..1]));
        assert_eq!(lines.len(), 1);
        insta::assert_snapshot!(message, @"the data has 1 problem; mend them, or leave those rows out with `--lenient`");
    }

    #[test]
    fn problems_are_reported_with_those_that_are_only_counted() {
        let problems = Problems { errors: vec![problem(2)], total: 3, notes: vec![problem(1)] };
        let reported = reported_all(&problems);
        let levels: Vec<&str> = reported.iter().map(|problem| problem.level.as_str()).collect();
        assert_eq!(levels, ["error", "error", "note"]);
        assert!(reported[1].message.starts_with("2 more problems"));
        assert_eq!(total(&reported), 3);
    }

    #[test]
    fn problems_stop_unless_lenient() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("sellers.csv"), "id,fte\nkim,half\nbob,1\n").unwrap();
        let accepted = |lenient| {
            let args = Args { lenient, ..Args::default() };
            accept(args.read(dir.path(), &Schema::default()).unwrap())
        };
        assert!(accepted(false).is_err());
        let (dataset, problems, total) = accepted(true).unwrap();
        assert_eq!((dataset.count(kadence::Noun::Seller), problems.len(), total), (1, 1, 1));
    }

    #[test]
    fn a_problem_keeps_its_place_and_its_words_in_the_report() {
        let reported = reported(&problem(3), "error");
        assert_eq!(reported.message, "customers acme: revenue is `much` (expected a number)");
        assert_eq!((reported.line, reported.column), (Some(3), Some(14)));
        assert_eq!(reported.file.as_deref(), Some("customers.csv"));
    }
}
