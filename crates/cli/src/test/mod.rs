//! `kadence test`: the tests that rule files hold.

mod coverage;
mod files;
mod filter;
mod json;
mod junit;
mod lcov;
mod mutants;
mod run;
mod text;

use std::path::{Path, PathBuf};

use kadence::Number;

use self::run::Run;
use crate::output::{Failure, clean, complain, draw, print};
use crate::progress::Progress;
use crate::{Outcome, rules};

/// Run the tests that rule files hold
///
/// A folder stands for every `.kpi` file below it that has tests; a glob for the files that match.
/// With `--coverage` it also says what the tests do not reach: which rule, which part of it, with
/// which outcome, and which edge of a threshold or window. The rules of a folder count then even
/// where no test uses them. With `--mutants` it says which mistakes in the rules no test notices.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence test targets_test.kpi
  kadence test rules/ 'more/**/*_test.kpi'
  kadence test rules/ --filter a-contact             tests of one rule
  kadence test rules/ --format junit > tests.xml     for CI systems
  kadence test rules/ --coverage                     what no test reaches
  kadence test rules/ --coverage-out lcov.info       for editors
  kadence test rules/ --min-coverage 100
  kadence test rules/ --mutants                      which mistakes no test notices

Exit codes: 0 all passed; 1 some failed, there was none, too little is reached, or a mutant
survived; 2 a rule file has errors.")]
pub(crate) struct Args {
    /// Rule files, folders of them, or globs such as `rules/**/*_test.kpi`
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Only tests whose name, file path, rule or list contains this, in upper or lower case (a
    /// test's rules are those it expects something of); given several times, any of them
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,
    /// How to write what came of the tests
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Say what of the rules the tests do not reach; with `--format json`, all that they do
    #[arg(long)]
    coverage: bool,
    /// Write the coverage to a file: as JSON if its name ends in `.json`, else as lcov
    #[arg(long, value_name = "FILE")]
    coverage_out: Option<PathBuf>,
    /// Fail if the tests reach less of the rules than this; says what they do not reach
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_coverage: Option<Number>,
    /// Change the rules in the ways people get them wrong, one mistake at a time, and list those
    /// that no test notices; with `--format json`, all of them
    #[arg(long, conflicts_with_all = ["filter", "coverage", "coverage_out", "min_coverage"])]
    mutants: bool,
}

/// How to write what came of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// One document
    Json,
    /// JUnit XML, for CI systems; it has no coverage
    Junit,
}

fn percent(text: &str) -> Result<Number, String> {
    let within = |number: &Number| *number >= Number::zero() && *number <= Number::from(100);
    let number = text.parse().ok().filter(within);
    number.ok_or_else(|| "expected a percentage from 0 to 100".to_owned())
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    if args.mutants {
        return mutants::run(&files::find(&args.paths, true)?, args.format);
    }
    let measures = args.coverage || args.coverage_out.is_some() || args.min_coverage.is_some();
    let files = files::find(&args.paths, measures)?;
    let progress = Progress::start("running tests");
    let run = Run::of(&files, &args.filter, measures);
    drop(progress);
    run.broken().for_each(|broken| broken.diagnostics.iter().for_each(draw));
    let broken: Vec<&str> = run.broken().map(|broken| broken.message.as_str()).collect();
    let coverage = run.coverage();
    let has_said_nothing = run.tests().next().is_none() && !broken.is_empty();
    match args.format {
        Format::Json => print(&json::document(&run, coverage.as_ref())?)?,
        Format::Junit => print(&junit::document(&run)?)?,
        Format::Text if has_said_nothing => {}
        Format::Text => {
            let mut text = text::of_run(&run, &args.filter);
            if args.coverage || args.min_coverage.is_some() {
                coverage.iter().for_each(|coverage| text.push_str(&coverage::text(coverage, read)));
            }
            print(&text)?;
        }
    }
    if let (Some(path), Some(coverage)) = (&args.coverage_out, &coverage) {
        write(path, &if is_json(path) { json::coverage(coverage)? } else { lcov::text(coverage) })?;
    }
    if !broken.is_empty() {
        return Err(Failure(broken.join("; ")));
    }
    let mut failed = !run.passed();
    if let (Some(least), Some(coverage)) = (&args.min_coverage, &coverage)
        && coverage.percent() < *least
    {
        complain(&format!(
            "the tests reach {} % of the rules: `--min-coverage` asks for {least} %",
            coverage.percent()
        ));
        failed = true;
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// The text of a rule file that has been compiled; nothing if it is gone.
fn read(path: &str) -> String {
    rules::read(Path::new(path)).unwrap_or_default()
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| {
        Failure(format!("cannot write the coverage to `{}`: {error}", clean(path.display())))
    })
}
