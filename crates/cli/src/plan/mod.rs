//! `kadence plan`: books what rules ask for into workdays.

mod earlier;
pub(crate) mod page;
mod save;
mod text;

use std::path::PathBuf;

use chrono::NaiveTime;
use clap::ValueEnum;
use kadence::{Number, Options};
use kadence_plan::{Ask, Schedule, plan, rows};

use crate::inputs::{Inputs, Wanted};
use crate::output::{Failure, clean, complain, count};
use crate::progress::Progress;
use crate::report::csv_table;
use crate::{Outcome, as_of, data, rules};

/// Book what rules ask for into workdays
///
/// Per seller: within the hours of a workday, around what is planned already, absences and holidays, no
/// two at a time, one activity for several rules where it can be. What does not fit is listed, with the
/// rule and the reason.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence plan examples/nordic --until 2026-11-27                 what each seller does when
  kadence plan examples/nordic --until 2026-11-27 --seller asta --out asta.ics
  kadence plan targets.kpi --data crm --until 2026-12-18 --out plans/     a calendar for each
  kadence plan targets.kpi --data crm --until 2026-12-18 --out new.ics --replaces old.ics
  kadence plan targets.kpi --data crm --until 2026-12-18 --as-activities planned.csv

Exit codes: 0 planned, whether all fits or not; 2 not planned: the rules, the data or the arguments
are wrong.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has everything
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Where the range of deadlines starts [default: this year's first day]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The last day on which something is booked; the next steps that rules ask for then are booked
    /// in the week after it
    #[arg(long, value_name = "DATE")]
    until: String,
    /// Only this seller, by its id
    #[arg(long, value_name = "ID")]
    seller: Option<String>,
    /// How many hours of a workday there are for activities [default: as the calendar of the rules
    /// says, else 8]
    #[arg(long, value_name = "N")]
    hours: Option<Number>,
    /// When a workday starts
    #[arg(long, value_name = "TIME", default_value = "09:00", value_parser = time)]
    starts: NaiveTime,
    /// When it ends
    #[arg(long, value_name = "TIME", default_value = "17:00", value_parser = time)]
    ends: NaiveTime,
    /// How many minutes a slot has; each activity starts with one
    #[arg(long, value_name = "MINUTES", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(5..=480))]
    slot: u32,
    /// How the plan is written [default: as the ending of `--out` says, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write to, instead of stdout; a folder (`plans/`) gets a calendar for each seller
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// The calendar of the plan before this, or the folder of them: its events are moved, and what
    /// is no longer wanted is written as cancelled
    #[arg(long, value_name = "PATH")]
    replaces: Option<PathBuf>,
    /// A file for what is booked as rows of activities.csv, with the status `planned`
    #[arg(long, value_name = "FILE")]
    as_activities: Option<PathBuf>,
    /// Plan by the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    /// Rows of activities.csv
    Csv,
    /// iCalendar
    Ics,
}

fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "expected a time such as 09:00".to_owned())
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let date = |source: &str, text: &str| as_of::parse_date(source, text);
    let until = date("`--until`", &args.until)?;
    let from = args.from.as_deref().map(|text| date("`--from`", text)).transpose()?;
    let target = save::Target::new(args)?;
    let wanted = Wanted {
        rules: &args.rules,
        data: &args.data,
        as_of: args.as_of.as_deref(),
        keep_going: args.keep_going,
    };
    let Inputs { files, rules, data, problems: (problems, total), as_of } = wanted.read()?;
    let now = as_of.instant(rules.compiled());
    let earlier = args.replaces.as_deref().map(|path| earlier::read(path, now)).transpose()?;
    let progress = Progress::start("planning");
    let options = Options { from, ..Options::at(as_of) };
    let ask = Ask {
        seller: args.seller.clone(),
        hours: args.hours.clone(),
        starts: args.starts,
        ends: args.ends,
        slot: args.slot,
        earlier: earlier.unwrap_or_default(),
        ..Ask::until(until)
    };
    let schedule = plan(&rules, &data, &options, &ask);
    let mut schedule = schedule.map_err(|error| Failure(clean(error)))?;
    rules::name_files(&mut schedule.rules, &files);
    drop(progress);
    schedule.problems.splice(0..0, problems);
    if target.format != Format::Json {
        data::say(&schedule.problems, total);
    }
    target.write(&schedule, &ask.earlier)?;
    Ok(Outcome::Done)
}

/// The rows of activities.csv.
fn activities(schedule: &Schedule) -> Result<String, Failure> {
    let activities = schedule.activities();
    // They are read again as data: ids stay as they are.
    csv_table(rows::COLUMNS, activities.iter().map(rows::cells))
}

/// What was written, and what does not fit, in a line.
fn say(schedule: &Schedule, to: &str) {
    let booked: usize = schedule.sellers.iter().map(|seller| seller.booked.len()).sum();
    let unmet = match schedule.unmet.len() {
        0 => "all is kept".to_owned(),
        n => format!("{} not kept, which the text lists", count(n, "verdict")),
    };
    let booked = text::activities(booked);
    complain(&format!("{booked} booked in {to}; {unmet}"));
}
