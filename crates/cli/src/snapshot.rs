//! `kadence snapshot`: judge, and keep what was judged.

use std::path::PathBuf;

use chrono::{DateTime, NaiveTime, Utc};
use kadence::history::{Coverage, Snapshot};
use kadence::{AsOf, Moment, Options, Prepared, RuleSet};
use kadence_history::{Added, History};

use crate::every::EveryArg;
use crate::history::refused;
use crate::inputs::{Inputs, Wanted};
use crate::output::{Failure, clean, count, print};
use crate::progress::Progress;
use crate::report::percent;
use crate::{Outcome, as_of, data, rules};

/// Judge data by rules, and keep what was judged
///
/// The run is added to a history, a small file that is made where there is none yet: verdicts, scores,
/// and the rules themselves. What was kept before is never changed. A run that says what the last one
/// as of the same moment says is not kept again.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence snapshot examples/nordic --to history.db
  kadence snapshot targets.kpi --data crm --to history.db   for a nightly job
  kadence snapshot targets.kpi --data crm --to history.db --every month --from 2026-01-01
  kadence snapshot old.kpi --data backup.zip --to history.db --as-of 2025-12-31 --taken 2026-01-02

Exit codes: 0 kept, or there already; 2 the rules, the data or the arguments are wrong, or the
history cannot be written.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has everything
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    data: data::Args,
    /// The history; it is made where there is none
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Keep a run as of the last day of each period that is over, from what the data says today
    #[arg(long, value_enum)]
    every: Option<EveryArg>,
    /// The first day as of which runs are kept [default: as many as make a year]
    #[arg(long, value_name = "DATE", requires = "every")]
    from: Option<String>,
    /// When the data was as it is, such as the day of a backup [default: now]
    #[arg(long, value_name = "WHEN")]
    taken: Option<String>,
    /// Evaluate the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let from = args.from.as_deref().map(|text| as_of::parse_date("`--from`", text)).transpose()?;
    let taken = args.taken.as_deref().map(|text| as_of::parse("`--taken`", text)).transpose()?;
    // What is no history is said before anything is read, and none is made before there is a run.
    let open = || History::open_or_create(&args.to).map_err(refused);
    let history = args.to.exists().then(open).transpose()?;
    let wanted = Wanted {
        rules: &args.rules,
        data: &args.data,
        as_of: args.as_of.as_deref(),
        keep_going: args.keep_going,
    };
    let Inputs { files, rules, data, problems: (problems, total), as_of } = wanted.prepare()?;
    let as_ofs = match args.every {
        Some(every) => every.days(&rules, from, as_of, "no `--every`")?,
        None => vec![as_of],
    };
    let taken = taken.map_or_else(as_of::clock, |taken| moment(taken, &rules));
    data::say_where(&problems, total, "`kadence history show` with `--format json`");
    let mut history = history.map_or_else(open, Ok)?;
    for as_of in as_ofs {
        let progress = Progress::start("evaluating");
        let mut snapshot = judged(&rules, &data, as_of, taken)?;
        snapshot.report.problems.splice(0..0, problems.iter().cloned());
        rules::name_files(&mut snapshot.report.rules, &files);
        let added = history.add(&snapshot).map_err(refused)?;
        drop(progress);
        print(&said(added, &snapshot))?;
    }
    Ok(Outcome::Done)
}

fn judged(
    rules: &RuleSet,
    data: &Prepared,
    as_of: AsOf,
    taken: DateTime<Utc>,
) -> Result<Snapshot, Failure> {
    let options = Options::at(as_of);
    let evaluation =
        rules.judge(data, &options).map_err(|error| rules::refused(error, &[rules]))?;
    let coverage = Coverage { from: data.complete_from(), through: data.complete_through() };
    Ok(Snapshot::new(taken, rules, &options, coverage, evaluation.report()))
}

/// A line for each run, when it is kept.
fn said(added: Added, snapshot: &Snapshot) -> String {
    let Added { run, is_new } = added;
    let as_of = crate::history::moment(&snapshot.report.as_of, snapshot.report.day);
    if !is_new {
        return format!("Run {run} as of {as_of} says the same: nothing was added\n");
    }
    let verdicts = count(snapshot.report.verdicts.len(), "verdict");
    let score = percent(snapshot.report.scores.company.score);
    clean(format!("Kept run {run} as of {as_of}: {verdicts}, score {score}")) + "\n"
}

/// A date is noon of that day, in the zone of the rules.
fn moment(at: AsOf, rules: &RuleSet) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let at = match at {
        AsOf::Day(day) => Moment::from(day.and_time(noon)),
        AsOf::Instant(at) => at,
    };
    at.resolve(rules.zone())
}
