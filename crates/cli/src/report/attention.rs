//! The verdicts that the table shows: what needs attention, due soonest first.

use std::cmp::Reverse;
use std::collections::HashMap;

use kadence::verdict::RuleInfo;
use kadence::{Severity, Status, Verdict};

use super::View;
use super::grid::{Column, fit, grid};
use super::table::SHOWN;

impl View<'_> {
    pub(super) fn attention(&self) -> String {
        let statuses = match self.statuses {
            [] => &[Status::Missed, Status::AtRisk],
            statuses => statuses,
        };
        let words: Vec<&str> = statuses.iter().map(|status| status.words()).collect();
        let shown = self.sorted(statuses);
        let mut text = match (shown.as_slice(), self.statuses) {
            ([], []) => "Nothing is missed or at risk\n".to_owned(),
            ([], _) => format!("No verdict is {}\n", words.join(" or ")),
            (shown, []) => format!("Needs attention ({})\n{}", shown.len(), self.rows(shown)),
            (shown, _) => {
                format!("Verdicts: {} ({})\n{}", words.join(", "), shown.len(), self.rows(shown))
            }
        };
        if let Some(more) = shown.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let options: Vec<String> = statuses.iter().map(|status| option(*status)).collect();
            let options = options.join(" ");
            text.push_str(&format!("… and {more} more ({options} --format csv shows all)\n"));
        }
        let unknown = self.report.scores.company.unknown;
        if unknown > 0 && !statuses.contains(&Status::Unknown) {
            let what = if unknown == 1 { "verdict is" } else { "verdicts are" };
            text.push_str(&format!("{unknown} {what} unknown (--status unknown shows why)\n"));
        }
        text
    }

    /// Due soonest first, without a day last; then the graver, then rules as written, subjects by
    /// id and periods by date.
    fn sorted(&self, statuses: &[Status]) -> Vec<&Verdict> {
        let rules: HashMap<&str, (usize, Severity)> =
            self.report.rules.iter().enumerate().map(|(i, rule)| ranked(i, rule)).collect();
        let verdicts = self.report.verdicts.iter();
        let mut shown: Vec<&Verdict> = verdicts.filter(|v| statuses.contains(&v.status)).collect();
        shown.sort_by_key(|verdict| {
            let known = rules.get(verdict.rule.as_str()).copied();
            let (rule, severity) = known.unwrap_or((usize::MAX, Severity::Info));
            let from = verdict.period.map(|period| period.from);
            let due = (verdict.due.is_none(), verdict.due);
            (due, Reverse(severity), rule, &verdict.subject.id, from)
        });
        shown
    }

    fn rows(&self, verdicts: &[&Verdict]) -> String {
        let columns = [
            ("due", Column::Fixed),
            ("status", Column::Fixed),
            ("subject", Column::Upto(self.width / 4)),
            ("owner", Column::Upto(self.width / 8)),
            ("rule and why", Column::Free),
        ];
        let rows = verdicts.iter().take(SHOWN).map(|verdict| {
            let subject = verdict.subject.name.as_ref().unwrap_or(&verdict.subject.id);
            let said = verdict.reason.as_ref().unwrap_or(&verdict.sentence);
            vec![
                verdict.due.map_or_else(|| "–".to_owned(), |due| due.to_string()),
                verdict.status.words().to_owned(),
                subject.clone(),
                verdict.owner.clone().unwrap_or_else(|| "–".to_owned()),
                format!("{}: {said}", fit(&verdict.rule, self.width / 4)),
            ]
        });
        grid(self.width, 3, &columns, rows)
    }
}

fn ranked(place: usize, rule: &RuleInfo) -> (&str, (usize, Severity)) {
    (rule.id.as_str(), (place, rule.severity))
}

/// How the command is asked for a status.
fn option(status: Status) -> String {
    format!("--status {}", status.words().replace(' ', "-"))
}
