//! An `and` within an `and` is one `and`; what decides it alone is all of it.

use crate::plan::Test;

/// Joins nested tests, and leaves out those that say nothing.
pub(super) fn rewrite(test: Test) -> Test {
    match test {
        Test::And(parts) => {
            let mut all = Vec::new();
            for part in parts.into_iter().map(rewrite) {
                match part {
                    Test::And(inner) => all.extend(inner),
                    Test::Always => {}
                    Test::Never => return Test::Never,
                    other if all.contains(&other) => {}
                    other => all.push(other),
                }
            }
            alone(all, Test::Always, Test::And)
        }
        Test::Or(parts) => {
            let mut any = Vec::new();
            for part in parts.into_iter().map(rewrite) {
                match part {
                    Test::Or(inner) => any.extend(inner),
                    Test::Never => {}
                    Test::Always => return Test::Always,
                    other if any.contains(&other) => {}
                    other => any.push(other),
                }
            }
            alone(any, Test::Never, Test::Or)
        }
        other => other,
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
