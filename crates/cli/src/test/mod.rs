//! `kadence test`: the tests that rule files hold.

mod files;
mod mutants;
mod text;

use std::path::PathBuf;

use crate::output::{Failure, clean, draw, print, tally};
use crate::progress::Progress;
use crate::{Outcome, rules};

/// Run the tests that rule files hold
///
/// A folder stands for every `.kpi` file below it that has tests.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence test targets_test.kpi
  kadence test rules/
  kadence test --mutants rules/     which mistakes in the rules no test would notice

Exit codes: 0 all passed; 1 some failed, a mutant survived, or there was no test; 2 a rule file has
errors.")]
pub(crate) struct Args {
    /// Rule files, or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Change the rules in the ways people get them wrong, one mistake at a time, and list those
    /// that no test notices
    #[arg(long)]
    mutants: bool,
    /// How mutants are listed
    #[arg(long, value_enum, default_value_t, requires = "mutants")]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Survivors as one-line diffs, and a table
    #[default]
    Text,
    /// Every mutant and what came of it
    Json,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let files = files::find(&args.paths)?;
    let progress = Progress::start(if args.mutants { "trying mutants" } else { "running tests" });
    let mut text = String::new();
    let mut tests = Vec::new();
    let mut sound = Vec::new();
    let mut broken = Vec::new();
    let mut diagnostics = Vec::new();
    for path in &files {
        let shown = clean(path.display());
        match rules::compile(std::slice::from_ref(path)) {
            Err(Failure(message)) => broken.push(message),
            Ok(compilation) if compilation.diagnostics.errors() > 0 => {
                broken.push(format!("`{shown}` has {}", tally(&compilation.diagnostics)));
                diagnostics.push(compilation.diagnostics);
            }
            Ok(compilation) if args.mutants => sound.push((path.clone(), compilation.rules)),
            Ok(compilation) => {
                let results = compilation.rules.test().tests;
                text.push_str(&text::of_file(&shown, &results));
                tests.extend(results);
            }
        }
    }
    let mutants = (args.mutants && broken.is_empty()).then(|| mutants::run(&sound, args.format));
    drop(progress);
    diagnostics.iter().for_each(draw);
    if let Some((text, outcome)) = mutants.transpose()? {
        print(&text)?;
        return Ok(outcome);
    }
    if !args.mutants && (!tests.is_empty() || broken.is_empty()) {
        text.push_str(&text::summary(&tests));
        print(&text)?;
    }
    if !broken.is_empty() {
        return Err(Failure(broken.join("; ")));
    }
    let failed = tests.is_empty() || tests.iter().any(|test| !test.failures.is_empty());
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}
