//! What makes a plan cheaper and keeps its verdicts: one file each.

mod flatten;
mod merge_classes;

use super::Test;

/// Makes a test as simple as it can be.
pub(super) fn test(test: Test) -> Test {
    merge_classes::rewrite(flatten::rewrite(test))
}
