//! How what was measured is distributed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::model::Number;
use crate::verdict::{Report, Status, Verdict};

/// Into how many bins values go at most.
const BINS: u64 = 16;

/// How what one rule measured is distributed over its subjects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// What the values are.
    pub scale: Scale,
    /// What is asked of all of them; where that differs, 100 percent.
    pub target: Number,
    /// The value below which half of them lie: the middle one, or the mean of the middle two.
    pub median: Number,
    /// From the least value to the greatest, of equal width.
    pub bins: Vec<Bin>,
}

/// What values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// What was measured.
    Measured,
    /// What was measured in percent of the target, which is not the same for all.
    Percent,
}

/// How many values lie in a part of the scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The least value in it.
    pub from: Number,
    /// The least value beyond it; the same as `from` where a bin is one whole number.
    pub to: Number,
    /// How many verdicts of each status, in the order of [`Status::ALL`].
    pub counts: [u64; 6],
}

/// The distribution of each rule; none where nothing was measured.
pub(super) fn distributions(report: &Report) -> Vec<Option<Distribution>> {
    let mut of_rules: HashMap<&str, Vec<&Verdict>> = HashMap::new();
    for verdict in &report.verdicts {
        of_rules.entry(&verdict.rule).or_default().push(verdict);
    }
    let of_rule = |id: &str| of_rules.get(id).and_then(|verdicts| distribution(verdicts));
    report.rules.iter().map(|rule| of_rule(&rule.id)).collect()
}

fn distribution(verdicts: &[&Verdict]) -> Option<Distribution> {
    let measured = |verdict: &&Verdict| {
        let (measured, target) = verdict.measured.clone().zip(verdict.target.clone())?;
        Some((measured, target, verdict.status))
    };
    let measured: Vec<(Number, Number, Status)> = verdicts.iter().filter_map(measured).collect();
    let (_, target, _) = measured.first()?;
    let is_one = measured.iter().all(|(_, other, _)| other == target);
    let hundred = Number::from(100_u64);
    let percent = |(measured, target, status): &(Number, Number, Status)| {
        Some(((measured.clone() * hundred.clone()).checked_div(target)?, *status))
    };
    let (scale, target, mut values): (_, _, Vec<(Number, Status)>) = if is_one {
        let values = measured.iter().map(|(value, _, status)| (value.clone(), *status)).collect();
        (Scale::Measured, target.clone(), values)
    } else {
        (Scale::Percent, hundred.clone(), measured.iter().filter_map(percent).collect())
    };
    values.sort_by(|a, b| a.0.cmp(&b.0));
    let (least, most) = (values.first()?.0.clone(), values.last()?.0.clone());
    let (first, width, count) = bins(&values, &least, &most);
    let is_whole = width == Number::from(1_u64) && values.iter().all(|(value, _)| is_whole(value));
    let mut bins: Vec<Bin> = Vec::new();
    let mut from = first;
    for _ in 0..count {
        let beyond = from.clone() + width.clone();
        let to = if is_whole { from.clone() } else { beyond.clone() };
        bins.push(Bin { from, to, counts: [0; 6] });
        from = beyond;
    }
    let mut place = 0;
    for (value, status) in &values {
        while bins.get(place + 1).is_some_and(|next| next.from <= *value) {
            place += 1;
        }
        let cell = bins.get_mut(place).and_then(|bin| bin.counts.get_mut(*status as usize));
        cell.into_iter().for_each(|count| *count += 1);
    }
    Some(Distribution { scale, target, median: median(&values)?, bins })
}

/// The first bin's start, the width of all, and how many there are: a width of 1, 2 or 5 times a
/// power of ten, so that they are read easily.
fn bins(values: &[(Number, Status)], least: &Number, most: &Number) -> (Number, Number, u64) {
    let one = Number::from(1_u64);
    if least == most {
        return (least.clone(), one, 1);
    }
    let span = most.clone() - least.clone();
    let all_whole = values.iter().all(|(value, _)| is_whole(value));
    let ten = Number::from(10_u64);
    let mut width = one;
    let fits = |width: &Number| span.clone() / width.clone() < Number::from(BINS);
    while !all_whole && fits(&(width.clone() / ten.clone())) {
        width = width / ten.clone();
    }
    let finer = [5_u64, 2].map(|by| width.clone() / Number::from(by));
    if let Some(finer) = finer.into_iter().find(|finer| !all_whole && fits(finer)) {
        width = finer;
    }
    for factor in [2_u64, 5, 2].into_iter().cycle() {
        if fits(&width) {
            break;
        }
        // 1, 2, 5, 10: by 2, by 2.5, by 2.
        width = match factor {
            5 => width * Number::from(5_u64) / Number::from(2_u64),
            factor => width * Number::from(factor),
        };
    }
    let first = (least.clone() / width.clone()).floor() * width.clone();
    let mut count = 1;
    let mut from = first.clone() + width.clone();
    while from <= *most && count <= BINS {
        from = from + width.clone();
        count += 1;
    }
    (first, width, count)
}

fn is_whole(value: &Number) -> bool {
    value.floor() == *value
}

fn median(sorted: &[(Number, Status)]) -> Option<Number> {
    let at = |place: usize| sorted.get(place).map(|(value, _)| value.clone());
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return at(middle);
    }
    (at(middle.checked_sub(1)?)? + at(middle)?).checked_div(&Number::from(2_u64))
}
