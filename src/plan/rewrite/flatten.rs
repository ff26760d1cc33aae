//! An `and` within an `and` is one `and`; what decides it alone is all of it.
//!
//! `hot lead` is an open lead where the temperature is hot, and an open lead is a lead where the
//! status is open: three tests within each other, which become two beside each other. What is said
//! twice is asked once, and rewrites that look at neighbours see them all.

use crate::plan::Test;

/// Joins nested tests, and leaves out those that say nothing.
pub(super) fn rewrite(test: Test) -> Test {
    match test {
        Test::And(parts) => {
            let mut all = Vec::new();
            for part in parts.into_iter().map(rewrite) {
                match part {
                    Test::And(inner) => inner.into_iter().for_each(|part| add(&mut all, part)),
                    Test::Always => {}
                    Test::Never => return Test::Never,
                    other => add(&mut all, other),
                }
            }
            alone(all, Test::Always, Test::And)
        }
        Test::Or(parts) => {
            let mut any = Vec::new();
            for part in parts.into_iter().map(rewrite) {
                match part {
                    Test::Or(inner) => inner.into_iter().for_each(|part| add(&mut any, part)),
                    Test::Never => {}
                    Test::Always => return Test::Always,
                    other => add(&mut any, other),
                }
            }
            alone(any, Test::Never, Test::Or)
        }
        other => other,
    }
}

fn add(parts: &mut Vec<Test>, part: Test) {
    if !parts.contains(&part) {
        parts.push(part);
    }
}

pub(super) fn alone(
    mut parts: Vec<Test>,
    none: Test,
    many: impl FnOnce(Vec<Test>) -> Test,
) -> Test {
    match (parts.pop(), parts.is_empty()) {
        (None, _) => none,
        (Some(one), true) => one,
        (Some(last), false) => {
            parts.push(last);
            many(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_tests_stand_beside_each_other_once() {
        let segment = |name: &str| Test::Segment(name.to_owned());
        let inner = Test::And(vec![segment("A"), Test::Always, segment("B")]);
        let nested = Test::And(vec![segment("B"), Test::Or(vec![inner]), Test::And(Vec::new())]);
        assert_eq!(rewrite(nested), Test::And(vec![segment("B"), segment("A")]));
    }

    #[test]
    fn what_decides_alone_is_all_of_it() {
        let overdue = || Test::OverdueOpportunity;
        assert_eq!(rewrite(Test::And(vec![overdue(), Test::Never])), Test::Never);
        assert_eq!(rewrite(Test::Or(vec![overdue(), Test::Always])), Test::Always);
        assert_eq!(rewrite(Test::Or(vec![overdue(), Test::Never])), overdue());
        assert_eq!(rewrite(Test::And(Vec::new())), Test::Always);
        assert_eq!(rewrite(Test::Or(Vec::new())), Test::Never);
    }
}
