//! `kadence list`: what to do, and the lists of the rule file.

mod columns;
mod csv;
mod text;
mod xlsx;

use std::path::PathBuf;

use clap::ValueEnum;
use kadence::worklist::{Ask, CallList, WhatToDo, WorklistError, Worklists};
use kadence::{Noun, Options, RuleSet};

use crate::inputs::{Inputs, Wanted};
use crate::output::{Failure, clean, print};
use crate::progress::Progress;
use crate::{Outcome, as_of, data, report, rules};

/// How many of each seller's the text shows unless it is said.
const SHOWN: usize = 5;

/// Say whom to call: what to do, or a list of the rule file
///
/// Without `--list`: every subject that needs an act, once, with all the rules that one act would
/// serve, by who is to act. With it: that list of the rule file. Beside each stand the last contact,
/// the next planned one, and how somebody is reached.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence list examples/nordic                    what to do, the first of each seller
  kadence list examples/nordic --seller asta      everything that one seller is to do
  kadence list examples/nordic --rule key-visit   what serves one rule
  kadence list targets.kpi --data crm --list \"Call day: pipeline\"
  kadence list targets.kpi --data crm --format xlsx --out monday.xlsx

Exit codes: 0 listed; 2 there is no such list, seller or rule, or the rules, the data or the
arguments are wrong.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has everything
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    /// A list of the rule file, by its name
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Where the range of deadlines starts [default: this year's first day]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only what this seller is to do, by its id
    #[arg(long, value_name = "ID")]
    seller: Option<String>,
    /// Only what serves this rule, by its id; may be repeated
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// How many of each seller's at most [default: 5 in text, or all with `--seller`; else all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How many days ahead what stands well is looked at: what would lapse by then is listed too.
    /// At most 400 [default: 14]
    #[arg(long, value_name = "DAYS", conflicts_with = "list",
          value_parser = clap::value_parser!(u32).range(0..=400))]
    within: Option<u32>,
    /// How the list is written. In csv, a text that a spreadsheet would run as a formula gets a `'`
    /// in front; json has everything as it is; xlsx needs `--out`
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The file to write to, instead of stdout
    #[arg(long, value_name = "FILE", required_if_eq("format", "xlsx"))]
    out: Option<PathBuf>,
    /// Evaluate the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
    Xlsx,
}

/// What is to be written.
enum List {
    WhatToDo(WhatToDo),
    Calls(CallList),
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let from = args.from.as_deref().map(|text| as_of::parse_date("`--from`", text)).transpose()?;
    let wanted = Wanted {
        rules: &args.rules,
        data: &args.data,
        as_of: args.as_of.as_deref(),
        keep_going: args.keep_going,
    };
    let Inputs { files, rules, data, problems: (problems, total), as_of } = wanted.read()?;
    let progress = Progress::start("listing");
    let options = Options { from, ..Options::at(as_of) };
    let lists = Worklists::new(&rules, &data, &options).map_err(|error| Failure(clean(error)))?;
    let list = match &args.list {
        Some(name) => lists.list(name, &args.ask()).map(List::Calls),
        None => lists.what_to_do(&args.ask()).map(List::WhatToDo),
    };
    let sellers = || data.items(Noun::Seller).map(|item| data.id(item).to_owned()).collect();
    let mut list = list.map_err(|error| refused(&error, &rules, &lists, sellers))?;
    if let List::WhatToDo(todo) = &mut list {
        rules::name_files(&mut todo.rules, &files);
    }
    drop(progress);
    if args.format != Format::Json {
        data::say(&problems, total);
    }
    match &mut list {
        List::WhatToDo(todo) => todo.problems = problems,
        List::Calls(list) => list.problems = problems,
    }
    write(args, &list)?;
    Ok(Outcome::Done)
}

impl Args {
    fn ask(&self) -> Ask {
        let usual = Ask::default();
        let shown = match (self.format, &self.list, &self.seller) {
            (Format::Text, None, None) => Some(SHOWN),
            _ => None,
        };
        Ask {
            within: self.within.unwrap_or(usual.within),
            seller: self.seller.clone(),
            rules: self.rule.clone(),
            limit: self.limit.or(shown),
        }
    }
}

fn write(args: &Args, list: &List) -> Result<(), Failure> {
    let text = match (args.format, list) {
        (Format::Text, List::WhatToDo(todo)) => text::what_to_do(todo, report::width()),
        (Format::Text, List::Calls(list)) => text::calls(list, report::width()),
        (Format::Csv, List::WhatToDo(todo)) => csv::what_to_do(todo)?,
        (Format::Csv, List::Calls(list)) => csv::calls(list)?,
        (Format::Json, List::WhatToDo(todo)) => report::json(todo)?,
        (Format::Json, List::Calls(list)) => report::json(list)?,
        (Format::Xlsx, list) => {
            let book = match list {
                List::WhatToDo(todo) => xlsx::what_to_do(todo)?,
                List::Calls(list) => xlsx::calls(list)?,
            };
            return save(args, &book);
        }
    };
    match args.out {
        Some(_) => save(args, text.as_bytes()),
        None => print(&text),
    }
}

fn save(args: &Args, bytes: &[u8]) -> Result<(), Failure> {
    let Some(path) = &args.out else {
        return Err(Failure::new("`--format xlsx` needs `--out FILE`"));
    };
    std::fs::write(path, bytes)
        .map_err(|error| Failure(format!("cannot write `{}`: {error}", clean(path.display()))))
}

/// Why there is no list, with what there is.
fn refused(
    error: &WorklistError,
    rules: &RuleSet,
    lists: &Worklists<'_>,
    sellers: impl Fn() -> Vec<String>,
) -> Failure {
    let WorklistError::Unknown { what, nearest: None, .. } = error else {
        return Failure(clean(error));
    };
    let known: Vec<String> = match *what {
        "list" => lists.lists().map(|list| list.name).collect(),
        "rule" => rules.rules().map(|rule| rule.id).collect(),
        _ => sellers(),
    };
    Failure(clean(match known.as_slice() {
        [] => format!("{error}; there are no {what}s"),
        known => format!("{error}; expected one of `{}`", known.join("`, `")),
    }))
}
