//! What is due, what is about to lapse, and what was dropped.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::model::Number;
use crate::model::calendar::plus_days;
use crate::verdict::{Outline, Report, Status, Verdict};

/// What is not met and due by the end of some days.
pub(super) fn due(report: &Report, days: u32) -> Vec<usize> {
    let last = plus_days(report.day, i64::from(days));
    let weights: HashMap<&str, &Number> =
        report.rules.iter().map(|rule| (rule.id.as_str(), &rule.weight)).collect();
    let mut due: Vec<(NaiveDate, Reverse<Option<&Number>>, usize)> = Vec::new();
    for (place, verdict) in report.verdicts.iter().enumerate() {
        let is_open = matches!(verdict.status, Status::OnTrack | Status::AtRisk | Status::Missed);
        if let Some(day) = verdict.due.filter(|day| is_open && *day <= last) {
            due.push((day, Reverse(weights.get(verdict.rule.as_str()).copied()), place));
        }
    }
    due.sort();
    due.into_iter().map(|(_, _, place)| place).collect()
}

/// What is met or on track and will not be on one of the days to come.
pub(super) fn lapsing(report: &Report, outlines: &[Outline], days: u32) -> Vec<usize> {
    let last = plus_days(report.day, i64::from(days));
    let is_good = |status| matches!(status, Status::Met | Status::OnTrack);
    let mut lapsing: Vec<(NaiveDate, usize)> = Vec::new();
    for (place, (verdict, outline)) in report.verdicts.iter().zip(outlines).enumerate() {
        let change = outline.change.filter(|change| {
            is_good(verdict.status) && !is_good(change.status) && change.day <= last
        });
        lapsing.extend(change.map(|change| (change.day, place)));
    }
    lapsing.sort();
    lapsing.into_iter().map(|(_, place)| place).collect()
}

/// What is missed for good.
pub(super) fn dropped(report: &Report) -> Vec<usize> {
    let ended = |verdict: &Verdict| verdict.period.map(|period| period.to);
    let mut dropped: Vec<(Reverse<Option<NaiveDate>>, usize)> = Vec::new();
    for (place, verdict) in report.verdicts.iter().enumerate() {
        if verdict.status == Status::Missed && verdict.is_final {
            dropped.push((Reverse(ended(verdict)), place));
        }
    }
    dropped.sort();
    dropped.into_iter().map(|(_, place)| place).collect()
}
