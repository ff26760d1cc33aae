//! Of tests that must all pass, those come first that are a look into a table: in `overdue
//! opportunities where amount >= 1m`, the amount is looked at before the activities are.
//!
//! The answer to all and to any does not depend on the order, and tests have no figures that the
//! first of equals would decide, as conditions have. So the order of conditions stays.

use std::cmp::max;

use crate::plan::{Arena, Condition, ConditionId, Measure, NumberTest, Test};

/// Puts the cheap tests before the dear ones.
pub(super) fn rewrite(test: Test, conditions: &Arena<Condition>) -> Test {
    let sorted = |parts: Vec<Test>| {
        let mut parts: Vec<Test> =
            parts.into_iter().map(|part| rewrite(part, conditions)).collect();
        parts.sort_by_key(|part| cost(part, conditions));
        parts
    };
    match test {
        Test::And(parts) => Test::And(sorted(parts)),
        Test::Or(parts) => Test::Or(sorted(parts)),
        other => other,
    }
}

/// What has to be looked at, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cost {
    Class,
    Fields,
    /// Those that a thing belongs to.
    Owners,
    /// The activities or other things of a thing.
    Things,
    /// Every campaign.
    All,
}

fn cost(test: &Test, conditions: &Arena<Condition>) -> Cost {
    match test {
        Test::Always | Test::Never | Test::Class(_) => Cost::Class,
        Test::Segment(_) => Cost::Fields,
        Test::On(..) => Cost::Owners,
        Test::OverdueOpportunity => Cost::Things,
        Test::Latest(_) => Cost::All,
        Test::Where(condition) => condition_cost(*condition, conditions),
        Test::And(parts) | Test::Or(parts) => {
            parts.iter().map(|part| cost(part, conditions)).fold(Cost::Class, max)
        }
    }
}

fn condition_cost(condition: ConditionId, conditions: &Arena<Condition>) -> Cost {
    match conditions.get(condition) {
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().map(|part| condition_cost(*part, conditions)).fold(Cost::Fields, max)
        }
        Condition::Not(part) => condition_cost(*part, conditions),
        Condition::Field { .. } | Condition::KnownWithin { .. } => Cost::Fields,
        Condition::Compare(comparison) => match (&comparison.left, &comparison.test) {
            (Measure::Field(_), NumberTest::Is(..)) if comparison.target_is_fixed => Cost::Fields,
            _ => Cost::Things,
        },
        _ => Cost::Things,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rules::{FieldTest, Path};
    use crate::model::Noun;
    use crate::plan::{Arena, ClassSet};

    #[test]
    fn what_is_dear_comes_last_and_equals_keep_their_order() {
        let mut conditions = Arena::default();
        let mut field = |text: &str| {
            let path = Path { steps: Vec::new(), text: text.to_owned() };
            Test::Where(conditions.insert(Condition::Field { path, test: FieldTest::Known }))
        };
        let (a, b) = (field("a"), field("b"));
        let on = Test::On(Noun::Lead, Arena::default().insert(Test::Always));
        let class = Test::Class(ClassSet::all(2, 1));
        let latest = Test::Latest(Box::new(Test::Always));
        let overdue = Test::OverdueOpportunity;
        let dear = Test::Or(vec![overdue.clone(), a.clone()]);
        let cheaper = Test::Or(vec![a.clone(), overdue.clone()]);
        let given = vec![
            latest.clone(),
            dear,
            overdue.clone(),
            on.clone(),
            b.clone(),
            a.clone(),
            class.clone(),
        ];
        let sorted = vec![class, b, a, on, cheaper, overdue, latest];
        assert_eq!(rewrite(Test::And(given), &conditions), Test::And(sorted));
    }
}
