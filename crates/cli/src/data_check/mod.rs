//! `kadence data check`: what to mend in data before anybody is judged by it.

mod json;
mod merge;
mod text;

use std::path::{Path, PathBuf};

use chrono::{NaiveDate, TimeDelta};
use clap::ValueEnum;
use kadence::{AsOf, NoFiles, Problems, RuleSet};
use kadence_data::Quality;

use crate::output::{Failure, draw, print, tally};
use crate::progress::Progress;
use crate::{Outcome, as_of, data, folder, report, rules};

/// Say what to mend in data
///
/// Likely duplicates, activities about nobody, owners who left, dates that are none, and how much
/// is known of each field. Rows that cannot be read are listed, and the others looked through. A
/// folder with rules is read by these; without rules there are the standard kinds and fields.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence data check crm/
  kadence data check examples/nordic              rules, data and as-of found in a folder
  kadence data check export.json --rules targets.kpi --all
  kadence data check crm/ --format merge > merge.csv
  kadence eval targets.kpi --data crm/ --merge merge.csv

Exit codes: 0 looked through; 1 something was found, with `--deny`; 2 the rules, the data or the
arguments are wrong.")]
pub(crate) struct Args {
    /// The data: a folder, a file, an archive or a database
    path: PathBuf,
    /// The rules that the data is for: their kinds, fields and zone
    #[arg(long, num_args = 1..)]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    how: data::How,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// How what is found is written: for people, as JSON, or the likely duplicates alone as the
    /// CSV that `--merge` reads
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// List all that is found, not only the first of each
    #[arg(long)]
    all: bool,
    /// Fail if anything is found
    #[arg(long)]
    deny: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Merge,
}

/// Data that was looked through.
#[derive(Debug)]
struct Checked {
    quality: Quality,
    /// What cannot be read, and what is worth saying of the rest.
    problems: Problems,
    has_rules: bool,
}

impl Checked {
    fn is_clean(&self) -> bool {
        self.problems.total == 0 && self.quality.is_clean()
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let checked = check(args)?;
    print(&match args.format {
        Format::Text => text::write(&checked, args.all),
        Format::Json => report::json(&json::document(&checked))?,
        Format::Merge => merge::write(&checked.quality)?,
    })?;
    Ok(if args.deny && !checked.is_clean() { Outcome::Failed } else { Outcome::Done })
}

fn check(args: &Args) -> Result<Checked, Failure> {
    let said = args.as_of.as_deref().map(|text| as_of::parse("`--as-of`", text)).transpose()?;
    let (rules, path) = rules_and_data(args)?;
    let has_rules = rules.is_some();
    let rules = match rules {
        Some(rules) => rules,
        None => {
            RuleSet::compile("no rules", "", &NoFiles).map_err(|e| Failure::new(e.to_string()))?
        }
    };
    let progress = Progress::start("reading data");
    let (dataset, problems) = args.how.builder(&path, rules.schema())?.build_lenient();
    let day = day(as_of::or_of_data(said, &path)?, &rules);
    let mut quality = kadence_data::quality(&dataset, day);
    drop(progress);
    if has_rules {
        quality.mark_read(&rules);
    }
    Ok(Checked { quality, problems, has_rules })
}

/// The rules that are named, or that lie in a folder beside the data.
fn rules_and_data(args: &Args) -> Result<(Option<RuleSet>, PathBuf), Failure> {
    if !args.rules.is_empty() {
        let found = folder::find(&args.rules)?;
        return Ok((Some(compile(&found.files)?), args.path.clone()));
    }
    if !has_rules(&args.path) {
        return Ok((None, args.path.clone()));
    }
    let found = folder::find(std::slice::from_ref(&args.path))?;
    Ok((Some(compile(&found.files)?), found.data.unwrap_or_else(|| args.path.clone())))
}

fn has_rules(folder: &Path) -> bool {
    let entries = folder::entries(folder).unwrap_or_default();
    entries.iter().any(|entry| entry.path().extension().is_some_and(|ending| ending == "kpi"))
}

fn compile(files: &[PathBuf]) -> Result<RuleSet, Failure> {
    let compilation = rules::compile(files)?;
    if compilation.diagnostics.errors() > 0 {
        draw(&compilation.diagnostics);
        return Err(Failure(format!("the rules have {}", tally(&compilation.diagnostics))));
    }
    Ok(compilation.rules)
}

/// The local day of the last moment that has happened.
fn day(as_of: AsOf, rules: &RuleSet) -> NaiveDate {
    match as_of {
        AsOf::Day(day) => day,
        AsOf::Instant(moment) => {
            let last = moment.resolve(rules.zone()) - TimeDelta::nanoseconds(1);
            last.with_timezone(&rules.zone()).date_naive()
        }
    }
}
