//! `kadence check`: what is wrong with rules.

use std::path::PathBuf;

use crate::output::{Failure, count, draw, print, tally};
use crate::{Outcome, folder, rules};

/// Say everything that is wrong with rules
///
/// Needs no data. Rules without errors are also looked through for what is probably not meant;
/// what is found is shown and counted, and is no failure unless `--deny` says so. A comment
/// `# allow K054: REASON` on an item silences a finding; `kadence explain K054` says what it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence check targets.kpi
  kadence check rules/north.kpi rules/south.kpi   as one rule set
  kadence check examples/nordic                   the rule file of a folder

  kadence check --deny targets.kpi                fail on findings too

Exit codes: 0 no errors; 1 findings, with `--deny`; 2 errors.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has a rule file
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    /// Fail if anything is found, errors or not
    #[arg(long)]
    deny: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let compilation = rules::compile(&folder::find(&args.rules)?.files)?;
    let diagnostics = &compilation.diagnostics;
    draw(diagnostics);
    if diagnostics.errors() > 0 {
        return Err(Failure(format!("the rules have {}", tally(diagnostics))));
    }
    let findings = compilation.rules.findings();
    draw(&findings);
    let rules = count(compilation.rules.rules().count(), "rule");
    let found = if findings.all.is_empty() {
        "no errors".to_owned()
    } else {
        format!("no errors, {}", tally(&findings))
    };
    print(&format!("{rules}, {found}\n"))?;
    Ok(if args.deny && !findings.all.is_empty() { Outcome::Failed } else { Outcome::Done })
}
