//! `kadence plan-of`: what is run for rules.

use std::path::PathBuf;

use crate::output::{Failure, clean, draw, print, tally};
use crate::{Outcome, folder, rules};

/// Show what is run for rules: what is counted, over which days, and which rules share it
///
/// Needs no data. Each noun's rules are one pass over its activities: sets (s1), the windows in
/// which they are counted, and the rules (#1) as comparisons over them. A window within another
/// one stands below it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence plan-of targets.kpi
  kadence plan-of examples/nordic                   the rule file of a folder

Exit codes: 0 done; 2 the rules have errors.")]
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
    let plan = compilation.rules.plan().to_string();
    let lines: String = plan.lines().map(|line| format!("{}\n", clean(line))).collect();
    print(&lines)?;
    Ok(Outcome::Done)
}
