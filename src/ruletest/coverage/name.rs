//! What cases are called.

use rust_decimal::Decimal;

use super::reachable::{Key, step, targets, written_bound};
use crate::engine::Edge;
use crate::plan::{Condition, ConditionId, Plan};

/// The name of a case of a part: a status, a number, a day.
pub(super) fn name(plan: &Plan, key: Key, condition: Option<ConditionId>) -> String {
    let unit = condition.and_then(|id| clock(plan, id));
    let words = match key {
        Key::Edge(Edge::LastDay) if unit.is_some() => {
            return format!("last {}", unit.unwrap_or_default());
        }
        Key::Edge(Edge::DayAfter) if unit.is_some() => {
            return format!("{} after", unit.unwrap_or_default());
        }
        Key::Outcome(status) => status.words(),
        Key::Passes(true) => "yes",
        Key::Passes(false) => "no",
        Key::Silent => "silent",
        Key::Prorated(false) => "whole",
        Key::Prorated(true) => "in part",
        Key::Spared | Key::Warned => "at risk",
        Key::GraceEnds(false) | Key::Edge(Edge::LastDay) => "last day",
        Key::GraceEnds(true) | Key::Edge(Edge::DayAfter) => "day after",
        Key::NotYet => "silent before",
        Key::NoLonger => "silent after",
        Key::Edge(Edge::DayBefore) => "day before",
        Key::Edge(Edge::FirstDay) => "first day",
        Key::Edge(edge @ (Edge::Below(place) | Edge::At(place) | Edge::Above(place))) => {
            return condition.map_or_else(String::new, |id| threshold(plan, edge, place, id));
        }
    };
    words.to_owned()
}

/// Hours or minutes, where a deadline is measured in them.
fn clock(plan: &Plan, id: ConditionId) -> Option<&'static str> {
    match plan.condition(id) {
        Condition::Not(inner) => clock(plan, *inner),
        Condition::Within { within, .. } | Condition::Followed { within, .. } => {
            within.is_clock().then(|| within.unit.name())
        }
        _ => None,
    }
}

/// The number itself where the measure moves in steps, `below 90` where it does not.
fn threshold(plan: &Plan, edge: Edge, place: usize, id: ConditionId) -> String {
    let comparison = match plan.condition(id) {
        Condition::Not(inner) => return threshold(plan, edge, place, *inner),
        Condition::Compare(comparison) => comparison,
        _ => {
            let words = match edge {
                Edge::Below(_) => "the day before",
                Edge::Above(_) => "the day after",
                _ => "that day",
            };
            return words.to_owned();
        }
    };
    let bound = targets(comparison).get(place).and_then(|bound| written_bound(comparison, bound));
    let step = step(plan, id).and_then(|step| step.to_whole()).map(Decimal::from);
    match (bound, step) {
        (Some(bound), Some(step)) => {
            let over = bound % step;
            let number = match edge {
                Edge::Below(_) if over.is_zero() => bound - step,
                Edge::Below(_) => bound - over,
                Edge::Above(_) => bound - over + step,
                _ => bound,
            };
            number.normalize().to_string()
        }
        (Some(bound), None) => match edge {
            Edge::Below(_) => format!("below {}", bound.normalize()),
            Edge::Above(_) => format!("above {}", bound.normalize()),
            _ => bound.normalize().to_string(),
        },
        (None, _) => match edge {
            Edge::Below(_) => "below the target".to_owned(),
            Edge::Above(_) => "above the target".to_owned(),
            _ => "at the target".to_owned(),
        },
    }
}
