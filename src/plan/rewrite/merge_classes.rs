//! Kinds and states of activities are one look into a table: `completed call | visit | meeting` is
//! one test, not four.

use super::flatten::alone;
use crate::plan::{ClassSet, Test};

/// Joins the tests of kind and state that stand side by side. What is left of them stands first,
/// being the cheapest.
pub(super) fn rewrite(test: Test) -> Test {
    match test {
        Test::And(parts) => {
            let (class, mut rest) = split(parts, ClassSet::and);
            match class {
                Some(class) if class.is_empty() => return Test::Never,
                Some(class) => rest.insert(0, Test::Class(class)),
                None => {}
            }
            alone(rest, Test::Always, Test::And)
        }
        Test::Or(parts) => {
            let (class, mut rest) = split(parts, ClassSet::or);
            match class {
                Some(class) if class.is_empty() => {}
                Some(class) => rest.insert(0, Test::Class(class)),
                None => {}
            }
            alone(rest, Test::Never, Test::Or)
        }
        other => other,
    }
}

/// The classes, joined, and the other parts.
fn split(
    parts: Vec<Test>,
    join: impl Fn(&ClassSet, &ClassSet) -> ClassSet,
) -> (Option<ClassSet>, Vec<Test>) {
    let mut joined: Option<ClassSet> = None;
    let mut rest = Vec::new();
    for part in parts.into_iter().map(rewrite) {
        match (part, &joined) {
            (Test::Class(class), Some(before)) => joined = Some(join(before, &class)),
            (Test::Class(class), None) => joined = Some(class),
            (other, _) => rest.push(other),
        }
    }
    (joined, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_states_side_by_side_are_one_test() {
        let kind = |kind| Test::Class(ClassSet::one(3, kind, 15));
        let completed = Test::Class(ClassSet::all(3, 1));
        let touchpoints = Test::Or(vec![kind(0), kind(2)]);
        let both = ClassSet::one(3, 0, 1).or(&ClassSet::one(3, 2, 1));
        let asked = Test::And(vec![Test::OverdueOpportunity, touchpoints, completed]);
        let merged = Test::And(vec![Test::Class(both), Test::OverdueOpportunity]);
        assert_eq!(rewrite(asked), merged);
    }

    #[test]
    fn no_activity_is_of_two_kinds() {
        let kind = |kind| Test::Class(ClassSet::one(2, kind, 15));
        assert_eq!(rewrite(Test::And(vec![kind(0), Test::Always, kind(1)])), Test::Never);
    }
}
