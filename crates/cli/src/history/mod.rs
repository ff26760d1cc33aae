//! `kadence history`: what was kept, over time and against what is known now.

mod freeze;
mod known;
mod known_csv;
mod known_text;
mod show;
mod trends;

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveDate};
use clap::{Subcommand, ValueEnum};
use kadence::history::{Run, RunId};
use kadence_history::{History, HistoryError};

use crate::output::{Failure, clean};
use crate::{Outcome, as_of};

/// Show what was kept: runs, trends, and what is known better now
///
/// With a FILE alone: its runs, and scores month by month, by the last run of each month. `compare`
/// holds what was said then against what is to be said now, and tells what was logged late from what was
/// corrected; `freeze` settles a period, and `corrections` lists what is known better of it since.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Examples:
  kadence history history.db
  kadence history history.db --by seller --format csv > scores.csv
  kadence history show history.db --as-of 2026-10-31 --by seller
  kadence history compare history.db --data crm
  kadence history freeze history.db 2026-10
  kadence history corrections history.db --data crm --deny   for a nightly job

Exit codes: 0 shown; 1 something differs, with `--deny`; 2 the history, the rules, the data or the
arguments are wrong.")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<HistoryCommand>,
    #[command(flatten)]
    trends: trends::Args,
}

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    Show(show::Args),
    Compare(known::CompareArgs),
    Freeze(freeze::Args),
    Corrections(known::CorrectionsArgs),
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    match &args.command {
        None => trends::run(&args.trends),
        Some(HistoryCommand::Show(args)) => show::run(args),
        Some(HistoryCommand::Compare(args)) => known::compare(args),
        Some(HistoryCommand::Freeze(args)) => freeze::run(args),
        Some(HistoryCommand::Corrections(args)) => known::corrections(args),
    }
}

/// Why a history was not opened, read or added to.
pub(crate) fn refused(error: HistoryError) -> Failure {
    Failure(clean(error))
}

/// A history that has runs.
fn open(path: &Path) -> Result<(History, Vec<Run>), Failure> {
    let history = History::open(path).map_err(refused)?;
    let runs = history.runs().map_err(refused)?;
    match runs.is_empty() {
        true => Err(refused(HistoryError::Empty(path.to_path_buf()))),
        false => Ok((history, runs)),
    }
}

/// Which run is meant.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
struct Which {
    /// This run, by its number
    #[arg(long, value_name = "N", conflicts_with = "as_of")]
    run: Option<u64>,
    /// The last run as of this day or instant
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
}

impl Which {
    /// The run that is meant; none where nothing is said.
    fn of<'r>(&self, runs: &'r [Run]) -> Result<Option<&'r Run>, Failure> {
        if let Some(number) = self.run {
            let found = runs.iter().find(|run| run.id == RunId(number));
            let last = runs.last().map(|run| run.id);
            let none = || refused(HistoryError::NoRun { run: RunId(number), last });
            return found.map(Some).ok_or_else(none);
        }
        let Some(text) = &self.as_of else { return Ok(None) };
        let is_meant = |run: &&Run| match as_of::parse("`--as-of`", text) {
            Ok(kadence::AsOf::Day(day)) => run.day == day,
            Ok(kadence::AsOf::Instant(kadence::Moment::Local(at))) => run.as_of.naive_local() == at,
            Ok(kadence::AsOf::Instant(kadence::Moment::Utc(at))) => run.as_of == at,
            Err(_) => false,
        };
        as_of::parse("`--as-of`", text)?;
        // Of several, a day that was over is meant before one that was not.
        let found = runs.iter().filter(is_meant).max_by_key(|run| (run.as_of, run.id));
        found.map(Some).ok_or_else(|| {
            let days = runs.iter().map(|run| run.day);
            let (first, last) = (days.clone().min(), days.max());
            let of = first.zip(last).map(|(first, last)| format!("{first} to {last}"));
            Failure(format!(
                "no run is as of `{}`: the history has runs as of {}",
                clean(text),
                of.unwrap_or_default()
            ))
        })
    }
}

/// A day that is over, or the moment of a day that was not.
pub(crate) fn moment(as_of: &str, day: NaiveDate) -> String {
    match as_of.parse::<DateTime<FixedOffset>>() {
        Ok(at) if at.date_naive() == day => at.format("%Y-%m-%dT%H:%M").to_string(),
        _ => day.to_string(),
    }
}

fn as_of_run(run: &Run) -> String {
    moment(&run.as_of.to_rfc3339(), run.day)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
}

/// The file of a history.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
struct HistoryFile {
    /// The history
    #[arg(value_name = "FILE")]
    file: PathBuf,
}
