//! How many activities are asked for, and how long they take.

use crate::engine::{Asked, Demand};
use crate::model::{Item, Number};

use super::minutes::Minutes;

/// Activities that a rule asks for one subject.
#[derive(Debug, Clone)]
pub(super) struct Priced {
    /// The place of the rule among those that were asked for.
    pub(super) rule: usize,
    pub(super) subject: Item,
    pub(super) activities: Number,
    /// Any of these, in their order: those with minutes, unless none has.
    pub(super) kinds: Vec<usize>,
    /// Minutes; none where no kind has any.
    pub(super) least: Option<Number>,
    pub(super) most: Option<Number>,
}

/// Each thing that is asked for.
pub(super) fn of(asked: &Asked, demand: &Demand, minutes: &Minutes) -> Vec<Priced> {
    match demand {
        Demand::Points { points, kinds } => vec![of_points(asked, points, kinds, minutes)],
        Demand::All(all) => all.iter().flat_map(|one| of(asked, one, minutes)).collect(),
        Demand::Any(options) => {
            let options = options.iter().map(|option| of(asked, option, minutes)).collect();
            any(options).into_iter().collect()
        }
    }
}

/// The kind that takes least for what it is worth, and that which takes longest.
fn of_points(
    asked: &Asked,
    points: &Number,
    kinds: &[(usize, Number)],
    minutes: &Minutes,
) -> Priced {
    let ceiling = |number: Number| -(-number).floor();
    let count = |worth: &Number| points.checked_div(worth).unwrap_or_else(Number::zero);
    let mut least: Option<(Number, Number)> = None;
    let mut most: Option<Number> = None;
    for (kind, worth) in kinds {
        let Some(each) = minutes.of(*kind) else { continue };
        let takes = count(worth) * each;
        if least.as_ref().is_none_or(|(least, _)| takes < *least) {
            least = Some((takes, ceiling(count(worth))));
        }
        most = most.max(Some(ceiling(count(worth)) * each));
    }
    let is_measured = |kind: &usize| minutes.of(*kind).is_some();
    let all = || kinds.iter().map(|(kind, _)| *kind);
    let fewest = || kinds.iter().map(|(_, worth)| ceiling(count(worth))).min();
    let (least, activities) = match least {
        Some((least, activities)) => (Some(least), activities),
        None => (None, fewest().unwrap_or_else(Number::zero)),
    };
    Priced {
        rule: asked.rule,
        subject: asked.subject,
        activities,
        kinds: if least.is_some() { all().filter(is_measured).collect() } else { all().collect() },
        least,
        most,
    }
}

/// One of several is enough: that which takes least, if it is known of any.
fn any(options: Vec<Vec<Priced>>) -> Option<Priced> {
    let mut all: Vec<Priced> = options.into_iter().filter_map(together).collect();
    all.sort_by(|a, b| match (&a.least, &b.least) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    let mut rest = all.into_iter();
    let mut best = rest.next()?;
    for other in rest {
        if best.least.is_some() && other.least.is_none() {
            continue;
        }
        best.kinds.extend(other.kinds);
        best.most = best.most.max(other.most);
    }
    best.kinds.sort_unstable();
    best.kinds.dedup();
    Some(best)
}

/// What is asked for together, as one: at least that which takes most.
fn together(all: Vec<Priced>) -> Option<Priced> {
    let mut all = all.into_iter();
    let first = all.next()?;
    Some(all.fold(first, |mut sum, other| {
        sum.activities = sum.activities + other.activities;
        sum.kinds.extend(other.kinds);
        sum.least = sum.least.max(other.least);
        sum.most = match (sum.most, other.most) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        sum
    }))
}
