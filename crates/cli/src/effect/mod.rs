//! `kadence effect`: whether targets work.

mod csv;
mod effort;
mod figures;
pub(crate) mod page;
mod rule;
mod sources;

use std::path::PathBuf;

use clap::ValueEnum;
use kadence::effect::{Asked, NoEffect};
use kadence_statistics::effect::Effects;

use crate::inputs::{Inputs, Wanted};
use crate::output::{Failure, clean, print};
use crate::progress::Progress;
use crate::{Outcome, data, report, rules, sections};

/// Show whether targets work: what comes of meeting them, and which effort yields nothing
///
/// Those that met a rule in earlier periods are compared with their like that missed it: the same
/// segment, owner, size and age, in the same period. Results are those of the months after. It says
/// how sure that is, and what cannot be concluded. Rules, data and as-of are found as `eval` finds
/// them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence effect examples/nordic                  all rules that support a goal
  kadence effect targets.kpi --data crm --goal new-sales
  kadence effect examples/nordic --rule key-visit --months 3
  kadence effect targets.kpi --data crm --format json > effect.json

Exit codes: 0 shown; 2 no rule supports a goal, there is no such rule or goal, or the rules or the
data are wrong.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has everything [default: the
    /// current folder]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Only the rules that support this goal, and its funnel
    #[arg(long, value_name = "NAME")]
    goal: Option<String>,
    /// Only this rule, by its id, whether it supports a goal or not; may be repeated
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// How many months after a period results count
    #[arg(long, value_name = "MONTHS", default_value_t = Asked::default().months)]
    months: u32,
    /// Look at the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
    /// How it is written. csv has a row for each rule and result; json has everything
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
    Md,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let here = [PathBuf::from(".")];
    let given = if args.rules.is_empty() { here.as_slice() } else { args.rules.as_slice() };
    let as_of = args.as_of.as_deref();
    let keep_going = args.keep_going;
    let wanted = Wanted { rules: given, data: &args.data, as_of, keep_going };
    let Inputs { files, rules, data: dataset, problems: (problems, total), as_of } =
        wanted.read()?;
    let progress = Progress::start("comparing");
    let asked = Asked { goal: args.goal.clone(), rules: args.rule.clone(), months: args.months };
    let mut effects =
        Effects::new(&rules, &dataset, as_of, &asked).map_err(|error| refused(&error))?;
    drop(progress);
    effects.problems = problems.clone();
    for rule in &mut effects.rules {
        rules::name_files(std::slice::from_mut(&mut rule.rule), &files);
    }
    let text = match args.format {
        Format::Text => sections::text(&page::sections(&effects), report::width()),
        Format::Md => sections::markdown(&page::sections(&effects)),
        Format::Csv => csv::csv(&effects)?,
        Format::Json => report::json(&effects)?,
    };
    if args.format != Format::Json {
        data::say(&problems, total);
    }
    print(&text)?;
    Ok(Outcome::Done)
}

/// Why nothing is shown, and what to do about it.
fn refused(error: &NoEffect) -> Failure {
    let how = match error {
        NoEffect::NothingSupports | NoEffect::NothingSupportsIt(_) => " with `--rule`",
        _ => "",
    };
    Failure(clean(format!("{error}{how}")))
}
