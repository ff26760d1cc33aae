//! `kadence history freeze`: settles a period.

use chrono::{Months, NaiveDate};
use kadence::history::{Frozen, RunId};
use kadence::verdict::Period;
use kadence_history::HistoryError;

use super::{HistoryFile, open, refused};
use crate::output::{Failure, clean, count, print};
use crate::{Outcome, as_of};

/// Settle the final verdicts of a period that is over
///
/// They stay what the run as of the end of the period says. What is known better later is listed by
/// `kadence history corrections`. Nothing that is frozen can be thawed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence history freeze history.db 2026-10
  kadence history freeze history.db 2026-07-01..2026-09-30
  kadence history freeze history.db 2026-10 --run 14   not the last run as of its end")]
pub(crate) struct Args {
    #[command(flatten)]
    file: HistoryFile,
    /// A month, `2026-10`, or the first and the last day, `2026-07-01..2026-09-30`
    period: String,
    /// As this run has it [default: the last one as of the end of the period]
    #[arg(long, value_name = "N")]
    run: Option<u64>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let period = period(&args.period)?;
    let (mut history, runs) = open(&args.file.file)?;
    let run = match args.run {
        Some(number) => RunId(number),
        None => {
            let closes = runs.iter().rev().find(|run| Frozen::is_closed_by(period, run));
            let to = period.to;
            let none = || {
                Failure(format!(
                    "no run is as of the end of {to}: keep one with `kadence snapshot … --as-of {to}`"
                ))
            };
            closes.ok_or_else(none)?.id
        }
    };
    let frozen = history.freeze(period, run, as_of::clock()).map_err(refused)?;
    let verdicts = count(frozen.verdicts, "final verdict");
    print(&format!("Froze {} to {} as run {run} has it: {verdicts}\n", period.from, period.to))?;
    Ok(Outcome::Done)
}

/// Reads a month or two days.
pub(super) fn period(text: &str) -> Result<Period, Failure> {
    let wrong = || {
        Failure(format!(
            "`{}` is no period: expected a month such as 2026-10, or days such as 2026-07-01..2026-09-30",
            clean(text)
        ))
    };
    if let Some((from, to)) = text.split_once("..") {
        let day = |text| as_of::parse_date("a day of the period", text);
        let period = Period { from: day(from)?, to: day(to)? };
        let is_empty = period.from > period.to;
        return if is_empty { Err(refused(HistoryError::NoDays(period))) } else { Ok(period) };
    }
    let is_month = text.len() == 7;
    let from: NaiveDate = format!("{text}-01").parse().map_err(|_| wrong())?;
    let next = from.checked_add_months(Months::new(1)).filter(|_| is_month).ok_or_else(wrong)?;
    Ok(Period { from, to: next.pred_opt().ok_or_else(wrong)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month_or_its_days() {
        let days = |text: &str| {
            let Period { from, to } = period(text).map_err(|Failure(message)| message)?;
            Ok::<_, String>(format!("{from}..{to}"))
        };
        assert_eq!(days("2024-02"), Ok("2024-02-01..2024-02-29".to_owned()));
        assert_eq!(days("2026-12"), Ok("2026-12-01..2026-12-31".to_owned()));
        assert_eq!(days("2026-07-01..2026-09-30"), Ok("2026-07-01..2026-09-30".to_owned()));
        for wrong in ["", "2026", "2026-13", "2026-Q3", "26-10", "2026-1", "october", "2026-10-01"]
        {
            let said = days(wrong).unwrap_err();
            assert!(said.starts_with(&format!("`{wrong}` is no period: expected")), "{said}");
        }
        let reversed =
            "a period from 2026-07-02 to 2026-07-01 has no day: expected the first day first";
        assert_eq!(days("2026-07-02..2026-07-01"), Err(reversed.to_owned()));
        assert!(days("2026-07-01..now").unwrap_err().contains("expected a date"));
    }
}
