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

Exit codes: 0 all passed; 1 some failed, or there was none; 2 a rule file has errors.")]
pub(crate) struct Args {
    /// Rule files, or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Change the rules in the ways people get them wrong, and list what no test notices
    #[arg(long)]
    mutants: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let files = files::find(&args.paths)?;
    let progress = Progress::start("running tests");
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
    if args.mutants && broken.is_empty() {
        return mutants::run(&sound, false);
    }
    drop(progress);
    diagnostics.iter().for_each(draw);
    if !tests.is_empty() || broken.is_empty() {
        text.push_str(&text::summary(&tests));
        print(&text)?;
    }
    if !broken.is_empty() {
        return Err(Failure(broken.join("; ")));
    }
    let failed = tests.is_empty() || tests.iter().any(|test| !test.failures.is_empty());
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}
