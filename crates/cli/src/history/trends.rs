//! `kadence history FILE`: runs, and scores month by month.

use std::path::PathBuf;

use clap::ValueEnum;
use kadence::history::{Frozen, Run, Trend, Trends, by_month};
use kadence::verdict::Tally;
use serde::Serialize;

use super::{Format, as_of_run, open, refused};
use crate::Outcome;
use crate::output::{Failure, count, print};
use crate::report::grid::{Column, grid};
use crate::report::{self, SHOWN, csv_table, inert, percent, rows_cut, rows_shown, shown};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    /// The history
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// Whose scores are shown month by month
    #[arg(long, value_enum, default_value_t = By::Company)]
    by: By,
    /// How the result is written. csv has a row for each month and holder of `--by`, json everything
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show every row of the text, however many
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Company,
    Team,
    Seller,
    Rule,
}

/// Everything that is in a history but the verdicts: the stable JSON of `docs/history.schema.json`.
#[derive(Debug, Serialize)]
struct Contents {
    schema: u32,
    runs: Vec<Run>,
    frozen: Vec<Frozen>,
    trends: Trends,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let Some(file) = &args.file else { return Ok(Outcome::Done) };
    let (history, runs) = open(file)?;
    let frozen = history.frozen().map_err(refused)?;
    let mut scored = Vec::new();
    for run in by_month(&runs, &frozen) {
        scored.push((run, history.scores(run.id).map_err(refused)?));
    }
    let trends = Trends::new(&scored, &frozen);
    let contents = Contents { schema: 1, frozen, trends, runs };
    let text = match args.format {
        Format::Text => contents.text(args, report::width()),
        Format::Csv => contents.csv(args.by)?,
        Format::Json => report::json(&contents)?,
    };
    print(&text)?;
    Ok(Outcome::Done)
}

/// How wide the columns of the trends are, with what is between them.
const NAME: u16 = 18;
const MONTH: u16 = 9;
const CHANGE: u16 = 8;
/// How many months a curve goes back.
const CURVE: usize = 12;

impl Contents {
    fn text(&self, args: &Args, width: u16) -> String {
        let sections = [Some(self.headline()), Some(self.runs(args.all, width))];
        let trends = (!self.trends(args.by).is_empty()).then(|| self.curves(args, width));
        sections.into_iter().flatten().chain(trends).collect::<Vec<_>>().join("\n")
    }

    fn headline(&self) -> String {
        let days = self.runs.iter().map(|run| run.day);
        let (first, last) = (days.clone().min(), days.max());
        let days = match (first, last) {
            (Some(first), Some(last)) if first != last => format!("as of {first} to {last}"),
            (_, last) => format!("as of {}", last.map(|day| day.to_string()).unwrap_or_default()),
        };
        let mut rules: Vec<&str> = self.runs.iter().map(|run| run.rules.as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        let frozen = match self.frozen.len() {
            0 => String::new(),
            n => format!(", {} frozen", count(n, "period")),
        };
        let (runs, rules) = (count(self.runs.len(), "run"), count(rules.len(), "rule set"));
        format!("{runs} {days}, by {rules}{frozen}\n")
    }

    /// The last ones, where not all are shown.
    fn runs(&self, all: bool, width: u16) -> String {
        let columns = [
            ("run", Column::Number),
            ("as of", Column::Fixed),
            ("taken", Column::Fixed),
            ("rules", Column::Fixed),
            ("verdicts", Column::Number),
            ("score", Column::Number),
            ("frozen", Column::Free),
        ];
        let skipped = if all { 0 } else { self.runs.len().saturating_sub(SHOWN) };
        let rows = self.runs.iter().skip(skipped).map(|run| {
            let frozen = self.frozen.iter().filter(|frozen| frozen.run == run.id);
            let frozen =
                frozen.map(|frozen| format!("{} to {}", frozen.period.from, frozen.period.to));
            vec![
                run.id.to_string(),
                as_of_run(run),
                run.taken.with_timezone(run.as_of.offset()).date_naive().to_string(),
                run.rules.chars().take(7).collect(),
                run.verdicts.to_string(),
                percent(run.company.score),
                frozen.collect::<Vec<_>>().join(", "),
            ]
        });
        let table = grid(width, 4, &columns, rows);
        match skipped {
            0 => table,
            n => format!("{table}… and {n} earlier (--all shows all)\n"),
        }
    }

    fn trends(&self, by: By) -> Vec<(&str, &[Option<Tally>])> {
        fn of(trends: &[Trend]) -> Vec<(&str, &[Option<Tally>])> {
            trends.iter().map(|trend| (trend.id.as_str(), trend.tallies.as_slice())).collect()
        }
        match by {
            By::Company => vec![("company", self.trends.company.as_slice())],
            By::Team => of(&self.trends.teams),
            By::Seller => of(&self.trends.sellers),
            By::Rule => of(&self.trends.rules),
        }
    }

    /// A curve over the last year, the months that there is room for, and how much the last one differs
    /// from the one before.
    fn curves(&self, args: &Args, width: u16) -> String {
        let months = &self.trends.months;
        let curve = months.len().min(CURVE);
        let taken = NAME + CHANGE + u16::try_from(CURVE).unwrap_or_default() + 2;
        let room = usize::from(width.saturating_sub(taken) / MONTH).max(1);
        let shown = months.len().saturating_sub(room);
        let names: Vec<String> = months
            .iter()
            .skip(shown)
            .map(|month| {
                let frozen = if month.frozen { "*" } else { "" };
                format!("{}{frozen}", month.month.format("%Y-%m"))
            })
            .collect();
        let all = self.trends(args.by);
        let scores = |tallies: &[Option<Tally>]| -> Vec<Option<f64>> {
            tallies.iter().map(|tally| tally.as_ref()?.score).collect()
        };
        let in_curves = |tallies: &[Option<Tally>]| {
            let scores = scores(tallies);
            scores.get(scores.len() - curve..).unwrap_or(&[]).to_vec()
        };
        let scale = Scale::of(all.iter().flat_map(|(_, tallies)| in_curves(tallies)).flatten());
        let by = args.by.to_possible_value();
        let by = by.map(|value| value.get_name().to_owned()).unwrap_or_default();
        let columns = [(by.as_str(), Column::Upto(NAME - 2)), ("trend", Column::Fixed)].into_iter();
        let columns = columns.chain(names.iter().map(|name| (name.as_str(), Column::Number)));
        let columns: Vec<_> = columns.chain([("change", Column::Number)]).collect();
        let rows = rows_shown(args.all, all.len());
        let cells = all.iter().take(rows).map(|(id, tallies)| {
            let scores = scores(tallies);
            let shown = scores.iter().skip(shown).map(|score| percent(*score));
            let head = [(*id).to_owned(), scale.curve(&in_curves(tallies))].into_iter();
            head.chain(shown).chain([change(&scores)]).collect()
        });
        let table = grid(width, 2, &columns, cells);
        let more = rows_cut(args.all, all.len());
        let frozen = match months.iter().skip(shown).any(|month| month.frozen) {
            true => "* frozen\n",
            false => "",
        };
        format!("Score by month, as of the last run of each\n{table}{more}{frozen}")
    }

    fn csv(&self, by: By) -> Result<String, Failure> {
        const HEADER: [&str; 13] = [
            "month",
            "as_of",
            "run",
            "frozen",
            "rules",
            "id",
            "score",
            "met",
            "on_track",
            "at_risk",
            "missed",
            "not_applicable",
            "unknown",
        ];
        let rows = self.trends.months.iter().enumerate().flat_map(|(place, month)| {
            self.trends(by).into_iter().filter_map(move |(id, tallies)| {
                let tally = tallies.get(place)?.as_ref()?;
                let Tally { score, met, on_track, at_risk, missed, not_applicable, unknown } =
                    tally;
                let counts = [met, on_track, at_risk, missed, not_applicable, unknown];
                let [met, on_track, at_risk, missed, not_applicable, unknown] =
                    counts.map(u64::to_string);
                Some([
                    month.month.format("%Y-%m").to_string(),
                    shown(month.day),
                    shown(month.run),
                    month.frozen.to_string(),
                    month.rules.clone().unwrap_or_default(),
                    inert(id),
                    shown(*score),
                    met,
                    on_track,
                    at_risk,
                    missed,
                    not_applicable,
                    unknown,
                ])
            })
        });
        csv_table(HEADER, rows)
    }
}

/// Of the last month and the one before it, in percentage points.
fn change(scores: &[Option<f64>]) -> String {
    let mut last = scores.iter().rev();
    let (new, old) = (last.next().copied().flatten(), last.next().copied().flatten());
    match (old, new) {
        (Some(_), Some(_)) => report::points(kadence::comparison::ScoreDifference::new(old, new)),
        _ => "–".to_owned(),
    }
}

/// From the lowest score to the highest, in ten-thousandths.
struct Scale {
    lowest: i64,
    highest: i64,
}

impl Scale {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

    fn of(scores: impl Iterator<Item = f64> + Clone) -> Scale {
        let whole = scores.map(ten_thousandths);
        let lowest = whole.clone().min().unwrap_or_default();
        Scale { lowest, highest: whole.max().unwrap_or_default() }
    }

    /// A step for each month; a point where there is no score.
    fn curve(&self, scores: &[Option<f64>]) -> String {
        let last = i64::try_from(Scale::STEPS.len()).unwrap_or_default() - 1;
        let range = (self.highest - self.lowest).max(1);
        let step = |score: &Option<f64>| {
            let above = score.map(|score| ten_thousandths(score) - self.lowest)?;
            let place = usize::try_from((above * last + range / 2) / range).ok()?;
            Scale::STEPS.get(place).copied()
        };
        scores.iter().map(|score| step(score).unwrap_or('·')).collect()
    }
}

/// A score has four decimals at most, so that this is exact.
fn ten_thousandths(score: f64) -> i64 {
    (score * 10_000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_goes_from_the_lowest_score_to_the_highest_and_shows_gaps() {
        let scores = [Some(0.5), None, Some(0.6), Some(0.75), Some(1.0)];
        let scale = Scale::of(scores.into_iter().flatten());
        assert_eq!(scale.curve(&scores), "▁·▂▅█");
        assert_eq!(Scale::of([0.5].into_iter()).curve(&[Some(0.5), Some(0.5)]), "▁▁");
        assert_eq!(Scale::of([].into_iter()).curve(&[None]), "·");
    }
}
