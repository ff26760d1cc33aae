//! `kadence check`: what is wrong with rules.

use std::path::PathBuf;

use crate::output::{Failure, count, draw, print, tally};
use crate::{Outcome, folder, rules};

/// Say everything that is wrong with rules
///
/// Needs no data. Warnings are shown and counted, and are no failure.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence check targets.kpi
  kadence check rules/north.kpi rules/south.kpi   as one rule set
  kadence check examples/nordic                   the rule file of a folder

Exit codes: 0 no errors; 2 errors.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has a rule file
    #[arg(required = true)]
    rules: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let compilation = rules::compile(&folder::find(&args.rules)?.files)?;
    let diagnostics = &compilation.diagnostics;
    draw(diagnostics);
    if diagnostics.errors() > 0 {
        return Err(Failure(format!("the rules have {}", tally(diagnostics))));
    }
    let rules = count(compilation.rules.rules().count(), "rule");
    let found = if diagnostics.all.is_empty() {
        "no errors".to_owned()
    } else {
        format!("no errors, {}", tally(diagnostics))
    };
    print(&format!("{rules}, {found}\n"))?;
    Ok(Outcome::Done)
}
