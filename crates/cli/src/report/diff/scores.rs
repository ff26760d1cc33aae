//! How the scores differ.

use kadence::comparison::{
    AsOfDifference, NamedScoreDifference, ScoreDifference, ScoreDifferences,
};

use super::super::grid::{Column, grid};
use super::super::table::percent;
use super::{DiffView, of_moment};

/// How wide names are, and each of the columns beside them.
const NAME: u16 = 16;
const DAY: u16 = 10;

impl DiffView<'_> {
    /// A line for each as-of: how many verdicts differ, and the company's score.
    pub(super) fn by_as_of(&self) -> Option<String> {
        let scores = |at: &AsOfDifference| {
            let ScoreDifferences { company, teams, sellers } = &at.scores;
            let named = teams.iter().chain(sellers).map(|named| named.score);
            named.chain([*company]).any(differs)
        };
        if !self.report.as_ofs.iter().any(|at| of_moment(at).differing() > 0 || scores(at)) {
            return None;
        }
        let columns = [
            ("as of", Column::Fixed),
            ("better", Column::Number),
            ("worse", Column::Number),
            ("newly judged", Column::Number),
            ("no longer", Column::Number),
            ("old score", Column::Number),
            ("new", Column::Number),
            ("change", Column::Number),
        ];
        // The last ones, where not all are shown.
        let all = &self.report.as_ofs;
        let skipped = all.len() - self.shown(all.len());
        let rows = all.iter().skip(skipped).map(|at| {
            let counts = of_moment(at);
            let numbers = [counts.better, counts.worse, counts.now_judged, counts.no_longer_judged];
            let score = at.scores.company;
            let day = [at.day.to_string()].into_iter().chain(numbers.map(|n| n.to_string()));
            day.chain([percent(score.old), percent(score.new), points(score)]).collect()
        });
        let table = grid(self.width, 1, &columns, rows);
        let earlier = match skipped {
            0 => String::new(),
            n => format!("… and {n} earlier (--all shows all)\n"),
        };
        Some(format!("Company, by the old and the new rules\n{table}{earlier}"))
    }

    /// The changes of teams and sellers whose score differs as of some day.
    pub(super) fn score_changes(&self) -> Option<String> {
        let teams = self.holders("team", |at| &at.scores.teams);
        let sellers = self.holders("seller", |at| &at.scores.sellers);
        let tables = [teams, sellers].into_iter().flatten().collect::<Vec<_>>();
        (!tables.is_empty()).then(|| {
            format!(
                "Scores of teams and sellers, change in percentage points\n{}",
                tables.join("\n")
            )
        })
    }

    fn holders(
        &self,
        what: &str,
        scores: impl Fn(&AsOfDifference) -> &[NamedScoreDifference],
    ) -> Option<String> {
        let all = &self.report.as_ofs;
        let all = all.get(all.len() - self.shown(all.len())..).unwrap_or(&[]);
        let score = |at: &AsOfDifference, id: &str| {
            scores(at).iter().find(|named| named.id == id).map(|named| named.score)
        };
        let mut ids: Vec<&str> = all
            .iter()
            .flat_map(&scores)
            .filter(|named| differs(named.score))
            .map(|named| named.id.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let shown = ids.get(..self.shown(ids.len())).unwrap_or(&[]);
        let per_block = usize::from((self.width - NAME) / DAY).max(1);
        let blocks = all.chunks(per_block).map(|days| {
            let names: Vec<String> =
                days.iter().map(|at| at.day.format("%y-%m-%d").to_string()).collect();
            let days_of = names.iter().map(|name| (name.as_str(), Column::Number));
            let columns: Vec<_> =
                [(what, Column::Upto(NAME - 2))].into_iter().chain(days_of).collect();
            let rows = shown.iter().map(|id| {
                let cells = days.iter().map(|at| score(at, id).map_or("–".to_owned(), points));
                [(*id).to_owned()].into_iter().chain(cells).collect()
            });
            grid(self.width, 1, &columns, rows)
        });
        let blocks: Vec<String> = blocks.collect();
        (!ids.is_empty()).then(|| blocks.join("\n") + &self.more(ids.len()))
    }
}

fn differs(score: ScoreDifference) -> bool {
    score.old != score.new
}

/// A change in percentage points with one decimal, rounded half away from zero; one that is there
/// and smaller keeps its sign.
pub(crate) fn points(score: ScoreDifference) -> String {
    let Some(change) = score.change else {
        return match (score.old, score.new) {
            (None, Some(_)) => "new".to_owned(),
            (Some(_), None) => "gone".to_owned(),
            _ => "–".to_owned(),
        };
    };
    // At most four decimals, so that this is exact.
    let hundredths = (change * 10_000.0).round() as i64;
    let tenths = (hundredths.unsigned_abs() + 5) / 10;
    let sign = match hundredths {
        0 => "",
        n if n < 0 => "-",
        _ => "+",
    };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}
