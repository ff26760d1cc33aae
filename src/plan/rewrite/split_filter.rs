//! A `where` of several parts becomes a test for each field that it names and one for the rest:
//! of `customer where revenue >= 5m and touchpoints >= 4 per year`, whose revenue is too small the
//! touchpoints are not counted.
//!
//! As a condition all parts are judged, since a verdict tells of them; as tests the first that
//! fails is the last that is asked. The answers are the same only where nothing can be not
//! applicable: such a part is left out of an `and` and fails a test. A field is known and passes,
//! or it is not and nothing passes; so fields can be asked by themselves, and what is left stays
//! together.

use crate::check::rules::{Function, Window};
use crate::plan::{Arena, Comparison, Condition, ConditionId, Measure, NumberTest, Test};

/// Splits the filters of a test.
pub(super) fn rewrite(test: Test, conditions: &mut Arena<Condition>) -> Test {
    let mut all = |parts: Vec<Test>| parts.into_iter().map(|p| rewrite(p, conditions)).collect();
    match test {
        Test::And(parts) => Test::And(all(parts)),
        Test::Or(parts) => Test::Or(all(parts)),
        Test::Where(condition) => split(condition, conditions),
        other => other,
    }
}

fn split(condition: ConditionId, conditions: &mut Arena<Condition>) -> Test {
    let whole = Test::Where(condition);
    let Condition::And(parts) = conditions.get(condition) else { return whole };
    let (fields, rest): (Vec<ConditionId>, Vec<ConditionId>) =
        parts.iter().partition(|part| is_of_fields(conditions.get(**part)));
    if fields.is_empty() || !rest.iter().all(|part| always_applies(*part, conditions)) {
        return whole;
    }
    let rest = match rest.as_slice() {
        [] => None,
        [one] => Some(*one),
        _ => Some(conditions.insert(Condition::And(rest))),
    };
    Test::And(fields.into_iter().chain(rest).map(Test::Where).collect())
}

/// Whether it is met, missed, or unknown for want of a field.
fn is_of_fields(condition: &Condition) -> bool {
    match condition {
        Condition::Field { .. } => true,
        Condition::Compare(comparison) => {
            comparison.window == Window::Ever && sides(comparison).iter().all(|side| is_plain(side))
        }
        _ => false,
    }
}

fn is_plain(measure: &Measure) -> bool {
    matches!(measure, Measure::Number(_) | Measure::Field(_))
}

/// Whether it is never not applicable.
fn always_applies(condition: ConditionId, conditions: &Arena<Condition>) -> bool {
    match conditions.get(condition) {
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().all(|part| always_applies(*part, conditions))
        }
        Condition::Not(part) => always_applies(*part, conditions),
        Condition::Next { .. } => true,
        Condition::Compare(comparison) => sides(comparison).iter().all(|side| has_number(side)),
        condition => is_of_fields(condition),
    }
}

/// Whether there is a number even of nothing: none is divided by it.
fn has_number(measure: &Measure) -> bool {
    match measure {
        Measure::Count(_)
        | Measure::Aggregate { function: Function::Sum | Function::Distinct, .. } => true,
        Measure::Sum(parts) => parts.iter().all(|(_, part)| has_number(part)),
        Measure::Product(parts) => parts.iter().all(|(divides, part)| !divides && has_number(part)),
        Measure::Negative(part) => has_number(part),
        measure => is_plain(measure),
    }
}

fn sides(comparison: &Comparison) -> Vec<&Measure> {
    match &comparison.test {
        NumberTest::Is(_, value) => vec![&comparison.left, value],
        NumberTest::Between(low, high) => vec![&comparison.left, low, high],
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{self, NoFiles};
    use crate::plan::{Condition, Plan, Test};

    /// How many tests the population's filter is, and how many conditions the last of them is.
    fn parts(filter: &str) -> (usize, usize) {
        let rule = format!("customer where {filter}: next call");
        let (compiled, found) = check::compile("split.kpi", &rule, &NoFiles, 1 << 20);
        assert!(found.is_empty(), "{found:?}");
        let plan = Plan::new(&compiled, compiled.schema.kinds());
        let tests = match plan.test(plan.rules[0].population) {
            Test::And(tests) => tests.clone(),
            test => vec![test.clone()],
        };
        let Some(Test::Where(last)) = tests.last() else { panic!("{tests:?}") };
        let last = match plan.condition(*last) {
            Condition::And(parts) => parts.len(),
            _ => 1,
        };
        (tests.len(), last)
    }

    #[test]
    fn fields_are_asked_first_and_the_rest_together() {
        assert_eq!(parts("calls >= 4 per year and revenue >= 5"), (2, 1));
        assert_eq!(parts("calls >= 4 and revenue >= 5 and owner is known and next visit"), (3, 2));
        assert_eq!(parts("revenue >= 5 and owner is known"), (2, 1));
        assert_eq!(parts("calls >= 4"), (1, 1));
        assert_eq!(parts("calls >= 4 and next visit"), (1, 2));
    }

    #[test]
    fn what_may_not_apply_is_not_split() {
        for part in [
            "calls / visits >= 1",
            "days since calls >= 9",
            "average amount of offers >= 2 per year",
            "not share of offers that (amount > 1) >= 2%",
            "visit every 20 days",
        ] {
            assert_eq!(parts(&format!("revenue >= 5 and {part}")), (1, 2), "{part}");
        }
    }
}
