//! What became of the rules, and how many verdicts each changes.

use std::collections::BTreeMap;

use kadence::Status;
use kadence::comparison::{Change, Counts, ItemDifference, NamedText, RuleDifference};
use kadence::verdict::Tally;

use super::super::By;
use super::super::grid::{Column, fit, grid, wrapped};
use super::{DiffView, id};
use crate::output::count;

/// Said of what has the same words and means something else.
const BUILT_ON: &str = "by the words or rules on which it is built";

fn words(change: Change) -> &'static str {
    match change {
        Change::Same => "same",
        Change::Reworded => "reworded",
        Change::Renamed => "renamed",
        Change::Changed => "changed",
        Change::Added => "added",
        Change::Removed => "removed",
    }
}

impl DiffView<'_> {
    /// The rules that are not the same, old and new.
    pub(super) fn changes(&self) -> Option<String> {
        let differ = self.report.rules.iter().filter(|rule| rule.change != Change::Same);
        let texts: Vec<String> = differ.map(|rule| self.change(rule)).collect();
        let shown = texts.get(..self.shown(texts.len())).unwrap_or(&[]).concat();
        (!texts.is_empty()).then(|| shown + &self.more(texts.len()))
    }

    /// The lists and goals that are not the same, old and new.
    pub(super) fn items(&self) -> Option<String> {
        let of = |what: &'static str, items: &[ItemDifference]| -> Vec<String> {
            let differ = items.iter().filter(|item| item.change != Change::Same);
            differ.map(|item| self.item(what, item)).collect()
        };
        let texts = [of("list", &self.report.lists), of("goal", &self.report.goals)].concat();
        let shown = texts.get(..self.shown(texts.len())).unwrap_or(&[]).concat();
        (!texts.is_empty()).then(|| shown + &self.more(texts.len()))
    }

    fn item(&self, what: &str, item: &ItemDifference) -> String {
        let name = |of: &Option<NamedText>| of.as_ref().map(|of| format!("“{}”", of.name));
        let names = match (name(&item.old), name(&item.new)) {
            (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
            (old, new) => new.or(old).unwrap_or_default(),
        };
        let title = format!("{:9} {what} {names}", words(item.change));
        let mut text = fit(&title, self.width) + "\n";
        let said = |of: &Option<NamedText>| of.as_ref().map(|of| of.text.clone());
        if said(&item.old) == said(&item.new) {
            text.push_str(&self.line(' ', BUILT_ON));
            return text;
        }
        for (sign, said) in [('-', said(&item.old)), ('+', said(&item.new))] {
            let words = said.iter().flat_map(|said| said.split_whitespace());
            let words: Vec<&str> = words.collect();
            if item.change != Change::Renamed && !words.is_empty() {
                text.push_str(&self.line(sign, &words.join(" ")));
            }
        }
        text
    }

    fn change(&self, rule: &RuleDifference) -> String {
        let title = format!("{:9} {}", words(rule.change), id(rule));
        let mut text = fit(&title, self.width) + "\n";
        let mut line = |sign, part: Option<String>| {
            if let Some(part) = part {
                text.push_str(&self.line(sign, &part));
            }
        };
        let written =
            |rule: &Option<kadence::verdict::RuleInfo>| rule.as_ref().map(|rule| rule.text.clone());
        match rule.change {
            Change::Added => line('+', written(&rule.new)),
            Change::Removed => line('-', written(&rule.old)),
            _ => {}
        }
        for part in rule.parts.iter().filter(|part| part.part != "as") {
            let said = |text: &Option<String>| {
                let text = text.as_ref()?;
                let words = if part.part == "rule" { "" } else { &part.part };
                Some(format!("{words} {text}").trim().to_owned())
            };
            if part.part == "definitions" {
                line(' ', Some(BUILT_ON.to_owned()));
            }
            line('-', said(&part.old));
            line('+', said(&part.new));
        }
        text
    }

    fn line(&self, sign: char, text: &str) -> String {
        wrapped(&format!("  {sign} "), text, self.width)
    }

    /// The words that differ.
    pub(super) fn definitions(&self) -> Option<String> {
        let all = &self.report.definitions;
        let lines = all.iter().map(|one| {
            let lines = |sign, text: &Option<String>| -> String {
                let text = text.as_deref().unwrap_or_default();
                text.lines().map(|line| self.line(sign, line)).collect()
            };
            match one.old == one.new {
                true => self.line(' ', &format!("{}, by the holidays in another file", one.kind)),
                false => lines('-', &one.old) + &lines('+', &one.new),
            }
        });
        let lines: Vec<String> = lines.collect();
        let shown = lines.get(..self.shown(lines.len())).unwrap_or(&[]).concat();
        (!lines.is_empty()).then(|| format!("definitions\n{shown}{}", self.more(lines.len())))
    }

    /// How many verdicts differ, over all as-ofs and as of the last one.
    pub(super) fn summary(&self) -> Option<String> {
        let last = self.report.as_ofs.last()?;
        let (what, rows) = match self.by {
            By::Rule => ("rule", self.by_rule()),
            By::Seller => ("seller", self.by_holder(|verdict| verdict.owner.as_deref())),
            By::Team => ("team", self.by_holder(|verdict| verdict.team.as_deref())),
        };
        if rows.is_empty() {
            return None;
        }
        let columns = [
            (what, Column::Free),
            ("better", Column::Number),
            ("worse", Column::Number),
            ("newly judged", Column::Number),
            ("no longer", Column::Number),
            ("otherwise", Column::Number),
        ];
        let cell = |all: u64, last: u64| match (all, self.report.as_ofs.len()) {
            (0, _) => "0".to_owned(),
            (all, 1) => all.to_string(),
            (all, _) => format!("{all} ({last})"),
        };
        let shown = rows.iter().take(self.shown(rows.len())).map(|(name, all, last)| {
            vec![
                name.clone(),
                cell(all.better, last.better),
                cell(all.worse, last.worse),
                cell(all.now_judged, last.now_judged),
                cell(all.no_longer_judged, last.no_longer_judged),
                cell(all.unjudged, last.unjudged),
            ]
        });
        let title = match self.report.as_ofs.len() {
            1 => format!("Verdicts that differ, by {what}\n"),
            days => format!(
                "Verdicts that differ, by {what}: as of {} (as of {})\n",
                count(days, "day"),
                last.day
            ),
        };
        Some(format!("{title}{}{}", grid(self.width, 2, &columns, shown), self.more(rows.len())))
    }

    /// The rules of both with verdicts that differ.
    fn by_rule(&self) -> Vec<(String, Counts, Counts)> {
        let mut rows = Vec::new();
        for (place, rule) in self.report.rules.iter().enumerate() {
            let mut sum = Counts::default();
            let mut last = Counts::default();
            for counts in self.report.as_ofs.iter().filter_map(|at| at.rules.get(place)) {
                sum += counts.counts;
                last = counts.counts;
            }
            if sum.differing() > 0 {
                rows.push((id(rule), sum, last));
            }
        }
        rows
    }

    fn by_holder(
        &self,
        holder: impl Fn(&kadence::Verdict) -> Option<&str>,
    ) -> Vec<(String, Counts, Counts)> {
        let mut rows: BTreeMap<String, (Counts, Counts)> = BTreeMap::new();
        let days = self.report.as_ofs.len();
        for (n, at) in self.report.as_ofs.iter().enumerate() {
            for difference in &at.differences {
                let name = difference.latest().and_then(&holder).unwrap_or("–").to_owned();
                let (sum, last) = rows.entry(name).or_default();
                sum.count(Some(difference.direction));
                if n + 1 == days {
                    last.count(Some(difference.direction));
                }
            }
        }
        rows.into_iter().map(|(name, (sum, last))| (name, sum, last)).collect()
    }

    /// The verdicts of rules that only one rule set has, as of the last day.
    pub(super) fn one_sided(&self) -> Option<String> {
        let last = self.report.as_ofs.last()?;
        let of_rule = |(rule, counts): (&RuleDifference, &kadence::comparison::RuleCounts)| {
            let tally = match rule.change {
                Change::Added => counts.new_verdicts.clone(),
                Change::Removed => counts.old_verdicts.clone(),
                _ => return None,
            }?;
            let words = if rule.change == Change::Added { "added" } else { "removed" };
            let Tally { met, on_track, at_risk, missed, not_applicable, unknown, score: _ } = tally;
            let numbers = [met, on_track, at_risk, missed, not_applicable, unknown];
            let cells = [id(rule), words.to_owned()].into_iter();
            Some(cells.chain(numbers.map(|n| n.to_string())).collect::<Vec<_>>())
        };
        let rows: Vec<_> = self.report.rules.iter().zip(&last.rules).filter_map(of_rule).collect();
        if rows.is_empty() {
            return None;
        }
        let columns = [
            ("rule", Column::Free),
            ("", Column::Fixed),
            (Status::Met.words(), Column::Number),
            (Status::OnTrack.words(), Column::Number),
            (Status::AtRisk.words(), Column::Number),
            (Status::Missed.words(), Column::Number),
            ("n/a", Column::Number),
            (Status::Unknown.words(), Column::Number),
        ];
        let (number, day) = (rows.len(), last.day);
        let shown = grid(self.width, 2, &columns, rows.into_iter().take(self.shown(number)));
        Some(format!(
            "Verdicts of rules added and removed, as of {day}\n{shown}{}",
            self.more(number)
        ))
    }
}
