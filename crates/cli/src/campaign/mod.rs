//! `kadence campaign`: campaigns from A to Z.

mod csv;
mod overview;
mod review;

use clap::ValueEnum;
use kadence::Campaigns;

use crate::inputs::{Inputs, parted};
use crate::output::{Failure, clean, print};
use crate::{Outcome, data, inputs, report, rules, sections};

/// Show what became of a campaign, or of all of them
///
/// A campaign is shown from A to Z: prepared, carried out, followed up, learned, sold; then the
/// earlier ones of its kind. A member was reached if there was a `touchpoint` with it since the
/// campaign started, and what a touchpoint is the rules say. Rules, data and as-of are found as
/// `eval` finds them; without RULES, in the current folder.
#[derive(Debug, clap::Args)]
#[command(override_usage = "kadence campaign [OPTIONS] [RULES]... [NAME]")]
#[command(after_help = "\
Examples:
  kadence campaign fair-2026                      by the rules of the current folder
  kadence campaign examples/nordic                all campaigns in a table
  kadence campaign examples/nordic fair-2026
  kadence campaign targets.kpi \"Autumn fair\" --data crm --as-of 2026-11-15
  kadence campaign . fair-2026 --format csv       a row for each member

Exit codes: 0 shown; 2 there is no such campaign, several have the name, or the rules or the data
are wrong.")]
pub(crate) struct Args {
    /// Rule files or one folder, then the id or the name of a campaign; without a name, all of
    /// them. A word that ends in `.kpi`, and a folder that stands alone, is rules
    #[arg(value_name = "RULES NAME")]
    words: Vec<String>,
    /// The id or the name of a campaign, whatever it looks like; all words are then rules
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// How it is written. csv has a row for each member, or for each campaign; in it, a text that a
    /// spreadsheet would run as a formula gets a `'` in front. json has everything as it is
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
        inputs::read_named(given, &args.data, args.as_of.as_deref(), name, true)?;
    let campaigns =
        Campaigns::new(&rules, &dataset, as_of).map_err(|error| Failure(clean(error)))?;
    let text = match name {
        None => {
            let mut all = campaigns.overview();
            all.problems = problems.clone();
            match args.format {
                Format::Text => sections::text(&overview::sections(&all), report::width()),
                Format::Md => sections::markdown(&overview::sections(&all)),
                Format::Csv => csv::overview(&all)?,
                Format::Json => report::json(&all)?,
            }
        }
        Some(name) => {
            let review = campaigns.review(name);
            let mut one = review.map_err(|error| Failure(clean(error)))?;
            one.problems = problems.clone();
            rules::name_files(&mut one.prepared.rules, &files);
            rules::name_files(&mut one.prepared.member_rules, &files);
            match args.format {
                Format::Text => sections::text(&review::sections(&one), report::width()),
                Format::Md => sections::markdown(&review::sections(&one)),
                Format::Csv => csv::review(&one)?,
                Format::Json => report::json(&one)?,
            }
        }
    };
    if args.format != Format::Json {
        data::say(&problems, total);
    }
    print(&text)?;
    Ok(Outcome::Done)
}
