//! `kadence goal`: how much activity a goal needs.

mod csv;
pub(crate) mod page;

use clap::ValueEnum;
use kadence::funnel::NoFunnel;
use kadence::{Dataset, Options, RuleSet};
use kadence_statistics::goal::{Ask, Forecast, forecast};

use crate::inputs::{Inputs, parted};
use crate::output::{Failure, clean, print};
use crate::progress::Progress;
use crate::{Outcome, data, inputs, report, rules, sections};

/// Say how much activity a goal needs, and how likely it is reached
///
/// What went how far through the goal's funnel (`through`) says how large a share goes on from each
/// step, how long that takes and what a sale is worth. The rest of the period is then played out,
/// again and again: every number is a middle with the range that holds eight plays of ten. Rules,
/// data and as-of are found as `eval` finds them; without RULES, in the current folder.
#[derive(Debug, clap::Args)]
#[command(override_usage = "kadence goal [OPTIONS] [RULES]... [NAME]")]
#[command(after_help = "\
Examples:
  kadence goal examples/nordic                    all goals, one after the other
  kadence goal examples/nordic new-sales
  kadence goal targets.kpi new-sales --data crm --as-of 2026-11-15
  kadence goal . new-sales --format csv           a row for each step

Exit codes: 0 shown, also where the data is too young to say anything; 2 there is no such goal, or
the rules or the data are wrong.")]
pub(crate) struct Args {
    /// Rule files or one folder, then the name of a goal; without a name, all of them. A word that
    /// ends in `.kpi`, and a folder that stands alone, is rules
    #[arg(value_name = "RULES NAME")]
    words: Vec<String>,
    /// The name of a goal, whatever it looks like; all words are then rules
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// From how many days back it is learned
    #[arg(long, value_name = "DAYS", default_value_t = Ask::default().look_back, value_parser = clap::value_parser!(u32).range(1..=36_525))]
    look_back: u32,
    /// How many times the rest of the period is played out
    #[arg(long, value_name = "N", default_value_t = Ask::default().plays, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    plays: u32,
    /// Where the random numbers start: the same start gives the same answer
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Look at the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
    /// How it is written. csv has a row for each step of each goal; json has everything as it is
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
    let (given, name) = match &args.name {
        Some(name) => (args.words.as_slice(), Some(name.as_str())),
        None => parted(&args.words),
    };
    let Inputs { files, rules, data: dataset, problems: (problems, total), as_of } =
        inputs::read_named(given, &args.data, args.as_of.as_deref(), name, args.keep_going)?;
    let Args { plays, seed, look_back, .. } = *args;
    let names: Vec<&str> = name.into_iter().collect();
    let progress = Progress::start("playing out the rest of the period");
    let ask = Ask { plays, seed, look_back };
    let mut told = told(&rules, &dataset, &Options::at(as_of), (&names, ask))?;
    drop(progress);
    if told.is_empty() {
        return Err(Failure(NoFunnel::NoGoal.to_string()));
    }
    for one in &mut told {
        one.problems = problems.clone();
        rules::name_files(&mut one.supported_by, &files);
    }
    if args.format != Format::Json {
        data::say(&problems, total);
    }
    print(&match args.format {
        Format::Text => sections::text(&page::sections(&told), report::width()),
        Format::Md => sections::markdown(&page::sections(&told)),
        Format::Csv => csv::steps(&told)?,
        Format::Json => report::json(&told)?,
    })?;
    Ok(Outcome::Done)
}

/// What some goals need, or all of them.
pub(crate) fn told(
    rules: &RuleSet,
    data: &Dataset,
    options: &Options,
    (names, ask): (&[&str], Ask),
) -> Result<Vec<Forecast>, Failure> {
    let all: Vec<&str> = if names.is_empty() { rules.goals().collect() } else { names.to_vec() };
    let told = |name: &str| {
        let funnel = rules.funnel(data, options, name).map_err(|error| Failure(clean(error)))?;
        Ok(forecast(&funnel, &ask))
    };
    all.into_iter().map(told).collect()
}
