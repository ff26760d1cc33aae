//! What is known better now, for people.

use kadence::comparison::Change;
use kadence::history::{Known, KnownDifference, LateActivity};
use kadence::verdict::RuleInfo;

use super::as_of_run;
use super::known::KnownReport;
use crate::output::count;
use crate::report::grid::{Column, fit, grid};
use crate::report::{SHOWN, percent, points, rows_cut, rows_shown, said};

/// How it is shown as text.
pub(super) struct KnownView<'a> {
    pub(super) report: &'a KnownReport,
    /// Whether everything is shown, however long it is.
    pub(super) all: bool,
    /// In columns of the terminal.
    pub(super) width: u16,
}

impl KnownView<'_> {
    /// The whole text: how many first, then what was logged late, and what differs.
    pub(super) fn text(&self) -> String {
        let mut sections = vec![self.headline()];
        sections.extend(self.rules());
        sections.push(self.runs());
        sections.extend(self.late());
        sections.extend(self.who());
        sections.join("\n")
    }

    fn headline(&self) -> String {
        let known = &self.report.known;
        let differing: usize = known.iter().map(|known| known.differences.len()).sum();
        let late = self.late_activities().len();
        let is_frozen = known.iter().any(|known| known.within.is_some());
        let what = match is_frozen {
            true => count(known.len(), "frozen period"),
            false => count(known.len(), "run"),
        };
        let differ = match (differing, is_frozen) {
            (0, true) => "no corrections".to_owned(),
            (n, true) => count(n, "correction"),
            (0, false) => "no verdict is another now".to_owned(),
            (1, false) => "1 verdict is another now".to_owned(),
            (n, false) => format!("{n} verdicts are others now"),
        };
        let late = match late {
            0 => String::new(),
            1 => "1 activity was logged late\n".to_owned(),
            n => format!("{n} activities were logged late\n"),
        };
        let rules = match known.iter().all(Known::is_by_same_rules) {
            true => "the rules of then",
            false => "the rules of now",
        };
        format!("{what}, judged again by {rules}: {differ}\n{late}")
    }

    /// What became of the rules, where others judged.
    fn rules(&self) -> Option<String> {
        let mut lines: Vec<String> = Vec::new();
        for rule in self.report.known.iter().flat_map(|known| &known.changes) {
            let id = |rule: &Option<RuleInfo>| rule.as_ref().map(|rule| rule.id.clone());
            let (old, new) = (id(&rule.old), id(&rule.new));
            let words = match (rule.change, old, new) {
                (Change::Added, _, Some(new)) => format!("added     {new}"),
                (Change::Removed, Some(old), _) => format!("removed   {old}"),
                (Change::Renamed, Some(old), Some(new)) => format!("renamed   {old} → {new}"),
                (Change::Reworded, _, Some(new)) => format!("reworded  {new}"),
                (_, _, Some(new)) => format!("changed   {new}"),
                _ => continue,
            };
            let line = fit(&words, self.width) + "\n";
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        (!lines.is_empty()).then(|| {
            let shown = lines.get(..self.shown(lines.len())).unwrap_or(&[]).concat();
            format!("{shown}{}", self.more(lines.len()))
        })
    }

    fn runs(&self) -> String {
        let columns = [
            ("run", Column::Number),
            ("as of", Column::Fixed),
            ("better", Column::Number),
            ("worse", Column::Number),
            ("otherwise", Column::Number),
            ("figures", Column::Number),
            ("then", Column::Number),
            ("now", Column::Number),
            ("change", Column::Number),
        ];
        let rows = self.report.known.iter().map(|known| {
            let (counts, figures) = known.sum();
            let otherwise = counts.differing() - counts.better - counts.worse;
            let score = known.scores.company;
            let head = [known.run.id.to_string(), as_of_run(&known.run)].into_iter();
            let numbers = [counts.better, counts.worse, otherwise, figures].map(|n| n.to_string());
            let scores = [percent(score.old), percent(score.new), points(score)];
            head.chain(numbers).chain(scores).collect()
        });
        format!("Then and now\n{}", grid(self.width, 1, &columns, rows))
    }

    /// Each once, whichever runs it comes too late for.
    fn late_activities(&self) -> Vec<&LateActivity> {
        let mut late: Vec<&LateActivity> =
            self.report.known.iter().flat_map(|known| &known.late).collect();
        late.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        late.dedup_by(|a, b| a.id == b.id && a.at == b.at);
        late
    }

    fn late(&self) -> Option<String> {
        let late = self.late_activities();
        let columns = [
            ("activity", Column::Upto(self.width / 4)),
            ("kind", Column::Upto(12)),
            ("seller", Column::Upto(self.width / 5)),
            ("happened", Column::Fixed),
            ("logged", Column::Fixed),
        ];
        let rows = late.iter().take(self.shown(late.len())).map(|activity| {
            vec![
                activity.id.clone(),
                activity.kind.clone(),
                activity.seller.clone().unwrap_or_else(|| "–".to_owned()),
                activity.at.format("%Y-%m-%d %H:%M").to_string(),
                activity.created.format("%Y-%m-%d %H:%M").to_string(),
            ]
        });
        (!late.is_empty()).then(|| {
            let table = grid(self.width, 1, &columns, rows);
            format!("Logged late ({})\n{table}{}", late.len(), self.more(late.len()))
        })
    }

    /// The last run first; so many in all.
    fn who(&self) -> Option<String> {
        let mut left = if self.all { usize::MAX } else { SHOWN };
        let mut texts = Vec::new();
        let mut more = 0;
        for known in self.report.known.iter().rev() {
            let shown = known.differences.len().min(left);
            left -= shown;
            more += known.differences.len() - shown;
            if shown > 0 {
                texts.push(self.of_run(known, shown));
            }
        }
        if more > 0 {
            texts.push(format!("… and {more} more (--all shows all, --format csv too)\n"));
        }
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    fn of_run(&self, known: &Known, shown: usize) -> String {
        let columns = [
            ("subject", Column::Upto(self.width / 5)),
            ("owner", Column::Upto(self.width / 8)),
            ("why", Column::Fixed),
            ("rule, then and now", Column::Free),
        ];
        // Another status before other figures.
        let mut sorted: Vec<&KnownDifference> = known.differences.iter().collect();
        sorted.sort_by_key(|difference| difference.direction.is_none());
        let rows = sorted.into_iter().take(shown).filter_map(|difference| {
            let verdict = difference.latest()?;
            let subject = verdict.subject.name.as_ref().unwrap_or(&verdict.subject.id);
            let rule = fit(&verdict.rule, self.width / 4);
            let said = said(difference.then.as_ref(), difference.now.as_ref());
            Some(vec![
                subject.clone(),
                owner(difference),
                difference.cause.words().to_owned(),
                format!("{rule}: {said}"),
            ])
        });
        let table = grid(self.width, 4, &columns, rows);
        let number = known.differences.len();
        match known.within {
            Some(period) => {
                format!("Corrections of {} to {} ({number})\n{table}", period.from, period.to)
            }
            None => format!("Known better as of {} ({number})\n{table}", as_of_run(&known.run)),
        }
    }

    fn shown(&self, rows: usize) -> usize {
        rows_shown(self.all, rows)
    }

    fn more(&self, rows: usize) -> String {
        rows_cut(self.all, rows)
    }
}

/// Whose verdict it is; both where it is somebody else's now.
fn owner(difference: &KnownDifference) -> String {
    let of = |verdict: &Option<kadence::Verdict>| {
        verdict.as_ref().map(|verdict| verdict.owner.clone().unwrap_or_else(|| "–".to_owned()))
    };
    match (of(&difference.then), of(&difference.now)) {
        (Some(then), Some(now)) if then != now => format!("{then} → {now}"),
        (then, now) => now.or(then).unwrap_or_default(),
    }
}
