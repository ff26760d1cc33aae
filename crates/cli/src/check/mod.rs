//! `kadence check`: what is wrong with rules.

mod github;
mod json;
mod sarif;

use std::path::PathBuf;

use clap::ValueEnum;
use kadence::Diagnostics;

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
  kadence check --format github targets.kpi       marks on the lines of a pull request

Exit codes: 0 no errors; 1 findings, with `--deny`; 2 errors.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has a rule file
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    /// Fail if anything is found, errors or not
    #[arg(long)]
    deny: bool,
    /// How what is found is written: for people, as JSON, as SARIF 2.1.0 for code scanning, or as
    /// the commands with which a GitHub workflow marks lines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

/// Rules that could be read, with all that is wrong with them: errors, or else findings.
struct Checked {
    rules: usize,
    diagnostics: Diagnostics,
}

impl Checked {
    fn failure(&self) -> Option<Failure> {
        let errors = self.diagnostics.errors() > 0;
        errors.then(|| Failure(format!("the rules have {}", tally(&self.diagnostics))))
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let checked = check(args);
    match args.format {
        Format::Text => {}
        Format::Json => print(&json::write(&checked)?)?,
        Format::Sarif => print(&sarif::write(&checked)?)?,
        Format::Github => print(&github::write(&checked))?,
    }
    let checked = checked?;
    let found = &checked.diagnostics;
    if args.format == Format::Text {
        draw(found);
    }
    if let Some(failure) = checked.failure() {
        return Err(failure);
    }
    if args.format == Format::Text {
        let tally =
            if found.all.is_empty() { String::new() } else { format!(", {}", tally(found)) };
        print(&format!("{}, no errors{tally}\n", count(checked.rules, "rule")))?;
    }
    Ok(if args.deny && !found.all.is_empty() { Outcome::Failed } else { Outcome::Done })
}

fn check(args: &Args) -> Result<Checked, Failure> {
    let compilation = rules::compile(&folder::find(&args.rules)?.files)?;
    let mut diagnostics = compilation.diagnostics;
    if diagnostics.errors() == 0 {
        diagnostics.all.extend(compilation.rules.findings().all);
    }
    Ok(Checked { rules: compilation.rules.rules().count(), diagnostics })
}
