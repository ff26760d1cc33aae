//! `kadence history show`: a run as it was kept.

use super::{HistoryFile, Which, open, refused};
use crate::output::{Failure, print};
use crate::shown::Shown;
use crate::{Outcome, data};

/// Show a run as `eval` showed it then
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence history show history.db                 the last run
  kadence history show history.db --run 3 --by seller
  kadence history show history.db --as-of 2026-10-31 --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    file: HistoryFile,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    shown: Shown,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let (history, runs) = open(&args.file.file)?;
    let run = args.which.of(&runs)?.or(runs.last());
    let Some(run) = run else { return Ok(Outcome::Done) };
    let report = history.report(run.id).map_err(refused)?;
    if !args.shown.is_json() {
        data::say(&report.problems, data::total(&report.problems));
    }
    print(&args.shown.write(report)?)?;
    Ok(Outcome::Done)
}
