//! `kadence check`: what is wrong with rules.

mod feasible;
mod github;
mod json;
mod sarif;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use kadence::{Diagnostics, EvaluateError, Feasibility, Options, RuleSet};

use crate::output::{Failure, clean, count, draw, print, tally};
use crate::{Outcome, as_of, data, folder, rules};
use feasible::Doubt;

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
  kadence check targets.kpi --data crm --strict   whether people have the time for it

Exit codes: 0 no errors; 1 findings, with `--deny`, or too much to do, with `--strict`; 2 errors.")]
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
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN", requires = "data")]
    as_of: Option<String>,
    /// The last day that is reckoned with [default: the last day of the calendar's current year]
    #[arg(long, value_name = "DATE", requires = "data")]
    until: Option<String>,
    /// Fail if anybody is asked for more than there is time for, or for activities of unknown length
    #[arg(long, requires = "data")]
    strict: bool,
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
    feasibility: Option<Feasibility>,
    /// Why the rules are not shown to be possible.
    doubts: Vec<Doubt>,
}

impl Checked {
    fn failure(&self) -> Option<Failure> {
        let errors = self.diagnostics.errors() > 0;
        errors.then(|| Failure(format!("the rules have {}", tally(&self.diagnostics))))
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    if let Some(option) = args.data.without_data() {
        return Err(Failure(format!("`{option}` without `--data`: expected both")));
    }
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
        let mut text = format!("{}, no errors{tally}\n", count(checked.rules, "rule"));
        if let Some(feasibility) = &checked.feasibility {
            text.push_str(&format!("\n{}", feasible::table(feasibility)));
        }
        print(&text)?;
    }
    let failed = args.deny && !found.all.is_empty() || args.strict && !checked.doubts.is_empty();
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

fn check(args: &Args) -> Result<Checked, Failure> {
    let compilation = rules::compile(&folder::find(&args.rules)?.files)?;
    let mut diagnostics = compilation.diagnostics;
    if diagnostics.errors() == 0 {
        diagnostics.all.extend(compilation.rules.findings().all);
    }
    let rules = compilation.rules;
    let feasibility = match &args.data.data {
        Some(path) if diagnostics.errors() == 0 => Some(feasibility(args, path, &rules)?),
        _ => None,
    };
    let doubts = feasibility.as_ref().map(|found| feasible::doubts(found, &rules));
    let doubts = doubts.unwrap_or_default();
    Ok(Checked { rules: rules.rules().count(), diagnostics, feasibility, doubts })
}

fn feasibility(args: &Args, path: &Path, rules: &RuleSet) -> Result<Feasibility, Failure> {
    let as_of = args.as_of.as_deref().map(|text| as_of::parse("`--as-of`", text)).transpose()?;
    let until =
        args.until.as_deref().map(|text| as_of::parse_date("`--until`", text)).transpose()?;
    let (dataset, problems, total) = data::accept(args.data.read(path, rules.schema())?)?;
    data::say(&problems, total);
    let as_of = as_of::or_of_data(as_of, path)?;
    let found = rules.feasibility(&dataset, &Options::at(as_of), until);
    let found = found.map_err(|error| match error {
        EvaluateError::TooFarAhead { .. } => Failure(format!("`--until`: {error}")),
        error => Failure(clean(error)),
    })?;
    match until.filter(|until| *until < found.day) {
        Some(until) => Err(Failure(format!(
            "`--until` is `{until}`: expected a day from {} on, as of which it is",
            found.day
        ))),
        None => Ok(found),
    }
}
