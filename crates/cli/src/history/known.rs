//! `kadence history compare` and `corrections`: what was said then against what is to be said now.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kadence::history::{Frozen, Known, Run, by_month, known};
use kadence::verdict::{Period, ReportProblem};
use kadence::{Dataset, RuleSet};
use kadence_history::History;
use serde::Serialize;

use super::freeze::period;
use super::known_csv::csv;
use super::known_text::KnownView;
use super::{Format, HistoryFile, Which, open, refused};
use crate::output::{Failure, draw, print, tally};
use crate::progress::Progress;
use crate::{Outcome, data, folder, report, rules};

/// Hold what was said then against what is to be said now
///
/// What was kept as of a moment is held against what the data says today of the same moment, with
/// what was logged since counted as if it had been logged in time. Each verdict that differs is told
/// with why: something was logged late, or the data was corrected. Without `--run` and `--as-of`, the
/// last run of each month is looked at.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence history compare history.db --data crm
  kadence history compare history.db --data crm --as-of 2026-10-31
  kadence history compare history.db --rules targets.kpi --data crm   by the rules of now
  kadence history compare history.db --data crm --format csv > differences.csv

Exit codes: 0 compared; 1 something differs, with `--deny`; 2 the history, the rules, the data or
the arguments are wrong.")]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    file: HistoryFile,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    today: Today,
}

/// List what is known better of frozen periods
///
/// The final verdicts of each period that was frozen are held against what is to be said of it today,
/// as `kadence history compare` does. They stay what they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence history corrections history.db --data crm
  kadence history corrections history.db --data crm --period 2026-10 --format csv
  kadence history corrections history.db --data crm --deny   for a nightly job

Exit codes: 0 looked through; 1 there are corrections, with `--deny`; 2 the history, the rules, the
data or the arguments are wrong.")]
pub(crate) struct CorrectionsArgs {
    #[command(flatten)]
    file: HistoryFile,
    /// Only of this period: a month, `2026-10`, or the first and the last day,
    /// `2026-07-01..2026-09-30` [default: all that are frozen]
    #[arg(long)]
    period: Option<String>,
    #[command(flatten)]
    today: Today,
}

/// What is known today, and how it is told.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
struct Today {
    /// Judge by these rules [default: those by which each run was judged, which are kept with it]
    #[arg(long, num_args = 1..)]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    data: data::Args,
    /// How the result is written. In csv, a text that a spreadsheet would run as a formula gets a
    /// `'` in front; json has everything as it is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show every row of the text, however many
    #[arg(long)]
    all: bool,
    /// Fail if anything differs
    #[arg(long)]
    deny: bool,
}

/// What is known of some runs: the stable JSON of `docs/known.schema.json`.
#[derive(Debug, Serialize)]
pub(super) struct KnownReport {
    schema: u32,
    pub(super) known: Vec<Known>,
    /// What was wrong with the data, or is worth saying about it.
    problems: Vec<ReportProblem>,
}

pub(crate) fn compare(args: &CompareArgs) -> Result<Outcome, Failure> {
    let (history, runs) = open(&args.file.file)?;
    let frozen = history.frozen().map_err(refused)?;
    let asked: Vec<(&Run, Option<Period>)> = match args.which.of(&runs)? {
        Some(run) => vec![(run, None)],
        None => by_month(&runs, &frozen).into_iter().map(|run| (run, None)).collect(),
    };
    args.today.tell(&history, &asked)
}

pub(crate) fn corrections(args: &CorrectionsArgs) -> Result<Outcome, Failure> {
    let (history, runs) = open(&args.file.file)?;
    let only = args.period.as_deref().map(period).transpose()?;
    let mut frozen = history.frozen().map_err(refused)?;
    frozen.sort_by_key(|frozen| (frozen.period.to, frozen.period.from));
    let is_asked = |frozen: &&Frozen| only.is_none_or(|only| only == frozen.period);
    let run_of = |frozen: &Frozen| runs.iter().find(|run| run.id == frozen.run);
    let asked: Vec<(&Run, Option<Period>)> = frozen
        .iter()
        .filter(is_asked)
        .filter_map(|frozen| Some((run_of(frozen)?, Some(frozen.period))))
        .collect();
    if asked.is_empty() {
        let period =
            only.map_or("no period".to_owned(), |only| format!("{} to {}", only.from, only.to));
        let (is, it) = if only.is_some() { ("is not", "it") } else { ("is", "one") };
        let freeze = "`kadence history freeze FILE PERIOD`";
        return Err(Failure(format!("{period} {is} frozen: {freeze} freezes {it}")));
    }
    args.today.tell(&history, &asked)
}

/// Rules with the data that was read for them.
struct Read {
    rules: RuleSet,
    data: Dataset,
}

impl Today {
    fn tell(
        &self,
        history: &History,
        asked: &[(&Run, Option<Period>)],
    ) -> Result<Outcome, Failure> {
        let of_now = match self.rules.as_slice() {
            [] => None,
            rules => Some(self.rules_of_now(rules)?),
        };
        let found = match self.rules.as_slice() {
            [] => None,
            rules => folder::find(rules)?.data,
        };
        let path = self.data.data.clone().or(found).ok_or_else(|| {
            Failure::new("no data to hold the history against: expected `--data PATH`")
        })?;
        let mut report = KnownReport { schema: 1, known: Vec::new(), problems: Vec::new() };
        let mut total = 0;
        let mut read: BTreeMap<String, Read> = BTreeMap::new();
        for (run, within) in asked {
            let then = rules_of_then(history, run, of_now.is_some())?;
            let rules = of_now.as_ref().unwrap_or(&then);
            let key = kadence::history::fingerprint(rules);
            if !read.contains_key(&key) {
                let progress = Progress::start("reading data");
                let found = self.data.read(&path, rules.schema())?;
                drop(progress);
                let (data, problems, of_data) = data::accept(found)?;
                let is_new = |problem: &ReportProblem| !report.problems.contains(problem);
                let problems: Vec<_> = problems.into_iter().filter(is_new).collect();
                report.problems.extend(problems);
                total = total.max(of_data);
                read.insert(key.clone(), Read { rules: rules.clone(), data });
            }
            let Some(Read { rules, data }) = read.get(&key) else { continue };
            let progress = Progress::start("evaluating");
            let kept = history.report(run.id).map_err(refused)?;
            let known = known(run, &kept, &then, rules, data, *within)
                .map_err(|error| rules::refused(error, &[rules]))?;
            drop(progress);
            report.known.push(known);
        }
        let text = match self.format {
            Format::Text => {
                KnownView { report: &report, all: self.all, width: report::width() }.text()
            }
            Format::Csv => csv(&report)?,
            Format::Json => report::json(&report)?,
        };
        if self.format != Format::Json {
            data::say(&report.problems, total);
        }
        print(&text)?;
        let differs = report.known.iter().any(|known| !known.differences.is_empty());
        Ok(if self.deny && differs { Outcome::Failed } else { Outcome::Done })
    }

    fn rules_of_now(&self, paths: &[PathBuf]) -> Result<RuleSet, Failure> {
        let compilation = rules::compile(&folder::find(paths)?.files)?;
        draw(&compilation.diagnostics);
        match compilation.diagnostics.errors() {
            0 => Ok(compilation.rules),
            _ => Err(Failure(format!("the rules have {}", tally(&compilation.diagnostics)))),
        }
    }
}

/// The rules of a run, compiled again. Those with errors were left out then too. Where other rules
/// judge, these only say what a rule was called.
fn rules_of_then(history: &History, run: &Run, others_judge: bool) -> Result<RuleSet, Failure> {
    let compilation = history.rules(run.id).map_err(refused)?.compile();
    if others_judge || kadence::history::fingerprint(&compilation.rules) == run.rules {
        return Ok(compilation.rules);
    }
    draw(&compilation.diagnostics);
    Err(Failure(format!(
        "the rules of run {} are not what they were: kadence {} judged by them; name rules with `--rules`",
        run.id, run.version
    )))
}
