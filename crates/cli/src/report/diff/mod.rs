//! What two rule sets judge differently: for people, and as rows.

mod csv;
mod rules;
mod scores;
mod verdicts;

use kadence::comparison::{
    AsOfDifference, BacktestReport, Change, Counts, ItemDifference, RuleDifference,
};

use super::{By, rows_cut, rows_shown};
use crate::output::count;

pub(crate) use csv::csv;
pub(crate) use scores::points;
pub(crate) use verdicts::said;

/// How a backtest is shown as text.
#[derive(Debug)]
pub(crate) struct DiffView<'a> {
    pub(crate) report: &'a BacktestReport,
    /// Whose verdicts the summary counts; by seller and team, all differences are in the report.
    pub(crate) by: By,
    /// Whether everything is shown, however long it is.
    pub(crate) all: bool,
    /// In columns of the terminal.
    pub(crate) width: u16,
}

impl DiffView<'_> {
    /// The whole text: the rules first, then how many, the scores, and who.
    pub(crate) fn text(&self) -> String {
        let mut sections = vec![self.headline()];
        let parts = [self.changes(), self.items(), self.definitions(), self.summary()];
        sections.extend(parts.into_iter().flatten());
        sections.extend(self.one_sided());
        sections.extend([self.by_as_of(), self.score_changes()].into_iter().flatten());
        sections.extend(self.who());
        sections.join("\n")
    }

    fn headline(&self) -> String {
        let rules = &self.report.rules;
        let in_common = rules.iter().any(|rule| rule.old.is_some() && rule.new.is_some());
        let none = match in_common || rules.is_empty() {
            true => "",
            false => "No rule is in both: no verdict can be held against another\n",
        };
        let rules = match rules.as_slice() {
            [] => "No rules\n".to_owned(),
            rules => tally("rule", rules.iter().map(|rule| rule.change)),
        };
        let changes_of = |items: &[ItemDifference]| -> Vec<Change> {
            items.iter().map(|item| item.change).collect()
        };
        let (lists, goals) = (changes_of(&self.report.lists), changes_of(&self.report.goals));
        let items = [("list", lists), ("goal", goals)].into_iter();
        let differ = |changes: &[Change]| changes.iter().any(|change| *change != Change::Same);
        let items = items.filter(|(_, changes)| differ(changes));
        let items: String = items.map(|(what, changes)| tally(what, changes.into_iter())).collect();
        let days = match self.report.as_ofs.as_slice() {
            [first, .., last] => format!(
                "As of {}, {} to {}: ",
                count(self.report.as_ofs.len(), "day"),
                first.day,
                last.day
            ),
            [only] => format!("As of {}: ", only.day),
            [] => String::new(),
        };
        let differing: u64 = self.report.as_ofs.iter().map(|at| of_moment(at).differing()).sum();
        let differ = match differing {
            0 => "no verdict differs".to_owned(),
            1 => "1 verdict differs".to_owned(),
            n => format!("{n} verdicts differ"),
        };
        format!("{rules}{items}{none}{days}{differ}\n")
    }

    /// How many of so many rows are shown.
    fn shown(&self, rows: usize) -> usize {
        rows_shown(self.all, rows)
    }

    /// The line below rows that were cut.
    fn more(&self, rows: usize) -> String {
        rows_cut(self.all, rows)
    }
}

/// `40 rules: 37 the same, 3 changed`
fn tally(what: &str, changes: impl Iterator<Item = Change> + Clone) -> String {
    let words = [
        (Change::Same, "the same"),
        (Change::Reworded, "worded differently"),
        (Change::Renamed, "renamed"),
        (Change::Changed, "changed"),
        (Change::Added, "added"),
        (Change::Removed, "removed"),
    ];
    let number = |of| changes.clone().filter(|change| *change == of).count();
    let said = words.into_iter().map(|(change, words)| (number(change), words));
    let said: Vec<String> =
        said.filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")).collect();
    format!("{}: {}\n", count(changes.clone().count(), what), said.join(", "))
}

/// How many verdicts differ as of a moment.
fn of_moment(at: &AsOfDifference) -> Counts {
    let mut sum = Counts::default();
    at.rules.iter().for_each(|rule| sum += rule.counts);
    sum
}

/// The id that a rule has, or had; both where it has another one.
fn id(rule: &RuleDifference) -> String {
    match (rule.old.as_ref(), rule.new.as_ref()) {
        (Some(old), Some(new)) if old.id != new.id => format!("{} → {}", old.id, new.id),
        (old, new) => new.or(old).map(|rule| rule.id.clone()).unwrap_or_default(),
    }
}
