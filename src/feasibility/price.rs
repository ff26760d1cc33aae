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
    /// None where the length of some is unknown.
    pub(super) most: Option<Number>,
    pub(super) unmeasured: Option<Unmeasured>,
}

/// Activities that are asked for and may only be of kinds without minutes.
#[derive(Debug, Clone)]
pub(super) struct Unmeasured {
    pub(super) activities: Number,
    pub(super) kinds: Vec<usize>,
}

impl Unmeasured {
    fn of(&mut self, more: &[usize]) {
        self.kinds.extend(more);
        self.kinds.sort_unstable();
        self.kinds.dedup();
    }
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
    let (rule, subject) = (asked.rule, asked.subject);
    match least {
        Some((least, activities)) => {
            let kinds = all().filter(is_measured).collect();
            Priced { rule, subject, activities, kinds, least: Some(least), most, unmeasured: None }
        }
        None => {
            let activities = fewest().unwrap_or_else(Number::zero);
            let kinds: Vec<usize> = all().collect();
            let unmeasured = Unmeasured { activities: activities.clone(), kinds: kinds.clone() };
            let unmeasured = Some(unmeasured);
            Priced { rule, subject, activities, kinds, least: None, most: None, unmeasured }
        }
    }
}

/// One of several is enough: that which takes least, if it is known of any.
fn any(options: Vec<Vec<Priced>>) -> Option<Priced> {
    let mut all: Vec<Priced> = options.into_iter().filter_map(together).collect();
    let rank = |one: &Priced| (one.unmeasured.is_some(), one.least.is_none(), one.least.clone());
    all.sort_by_cached_key(rank);
    let mut rest = all.into_iter();
    let mut best = rest.next()?;
    for other in rest {
        match (&mut best.unmeasured, &other.unmeasured) {
            (None, Some(_)) => continue,
            (Some(best), Some(other)) => best.of(&other.kinds),
            _ => {}
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
            _ => None,
        };
        sum.unmeasured = match (sum.unmeasured, other.unmeasured) {
            (Some(mut a), Some(b)) => {
                a.activities = a.activities + b.activities;
                a.of(&b.kinds);
                Some(a)
            }
            (a, b) => a.or(b),
        };
        sum
    }))
}
