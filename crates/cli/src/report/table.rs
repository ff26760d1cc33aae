//! The report for people: summary first, then what needs attention, lists and goals.

use kadence::Number;
use kadence::verdict::{NamedTally, Tally};

use super::grid::{Column, fit, grid};
use super::{By, View};
use crate::output::count;

/// How many rows of a section are shown.
pub(crate) const SHOWN: usize = 40;

impl View<'_> {
    /// The whole table.
    pub(crate) fn table(&self) -> String {
        let mut sections = vec![self.headline(), self.summary(), self.attention()];
        sections.extend(self.report.lists.iter().map(|list| self.list(list)));
        if !self.report.goals.is_empty() {
            sections.push(self.goals());
        }
        sections.join("\n")
    }

    fn headline(&self) -> String {
        let all = &self.report.scores.company;
        let rules = count(self.report.rules.len(), "rule");
        let verdicts = count(total(all), "verdict");
        let score =
            all.score.map_or("no score".to_owned(), |_| format!("score {}", percent(all.score)));
        format!("As of {}: {rules}, {verdicts}, {score}\n", self.report.day)
    }

    fn summary(&self) -> String {
        let scores = &self.report.scores;
        let (by, tallies) = match self.by {
            By::Rule => ("rule", &scores.rules),
            By::Seller => ("seller", &scores.sellers),
            By::Team => ("team", &scores.teams),
        };
        let columns = [
            (by, Column::Free),
            ("met", Column::Number),
            ("on track", Column::Number),
            ("at risk", Column::Number),
            ("missed", Column::Number),
            ("n/a", Column::Number),
            ("unknown", Column::Number),
            ("score", Column::Number),
        ];
        let all = NamedTally { id: "all".to_owned(), tally: scores.company.clone() };
        let rows = tallies.iter().chain([&all]).map(|NamedTally { id, tally }| {
            let Tally { score, met, on_track, at_risk, missed, not_applicable, unknown } = tally;
            let counts = [met, on_track, at_risk, missed, not_applicable, unknown];
            let counts = counts.into_iter().map(u64::to_string);
            [id.clone()].into_iter().chain(counts).chain([percent(*score)]).collect()
        });
        grid(self.width, 4, &columns, rows)
    }

    fn list(&self, list: &kadence::verdict::Worklist) -> String {
        let number = format!(" ({})\n", list.subjects.len());
        let title = fit(&list.name, self.width.saturating_sub(12)) + &number;
        if list.subjects.is_empty() {
            return title;
        }
        let columns =
            [("id", Column::Upto(24)), ("name", Column::Free), ("owner", Column::Upto(16))];
        let rows = list.subjects.iter().take(SHOWN).map(|listed| {
            let name = listed.subject.name.clone().unwrap_or_default();
            vec![listed.subject.id.clone(), name, listed.owner.clone().unwrap_or_default()]
        });
        let more = match list.subjects.len().checked_sub(SHOWN) {
            None | Some(0) => String::new(),
            Some(more) => format!("… and {more} more (--format json shows all)\n"),
        };
        format!("{title}{}{more}", grid(self.width, 2, &columns, rows))
    }

    fn goals(&self) -> String {
        let columns = [
            ("goal", Column::Upto(20)),
            ("status", Column::Fixed),
            ("measured", Column::Upto(14)),
            ("target", Column::Upto(14)),
            ("reached", Column::Number),
            ("", Column::Free),
        ];
        let rows = self.report.goals.iter().map(|goal| {
            let number =
                |n: &Option<Number>| n.as_ref().map_or_else(|| "–".into(), Number::to_string);
            let reached = percent(goal.attainment);
            let status = goal.status.words().to_owned();
            let said = goal.reason.as_ref().unwrap_or(&goal.sentence).clone();
            vec![
                goal.id.clone(),
                status,
                number(&goal.measured),
                number(&goal.target),
                reached,
                said,
            ]
        });
        format!("Goals\n{}", grid(self.width, 3, &columns, rows))
    }
}

/// How many verdicts a tally has counted.
pub(super) fn total(tally: &Tally) -> u64 {
    let Tally { score: _, met, on_track, at_risk, missed, not_applicable, unknown } = tally;
    met + on_track + at_risk + missed + not_applicable + unknown
}

/// A part of one as a percentage with one decimal, rounded half up.
pub(crate) fn percent(part: Option<f64>) -> String {
    let Some(part) = part else { return "–".to_owned() };
    // At most four decimals, so that this is exact and no half is lost to binary floating point.
    let hundredths = (part * 10_000.0).round() as u64;
    let tenths = (hundredths + 5) / 10;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_score_is_rounded_half_up_to_a_tenth_of_a_percent() {
        let cases = [(0.0, "0.0%"), (0.8125, "81.3%"), (0.1005, "10.1%"), (1.0, "100.0%")];
        for (part, text) in cases {
            assert_eq!(percent(Some(part)), text);
        }
        assert_eq!(percent(None), "–");
    }
}
