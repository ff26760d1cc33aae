//! What makes a plan cheaper and keeps its verdicts: one file each.

mod cheap_first;
mod flatten;
mod fold_numbers;
mod merge_classes;
mod split_filter;

use super::{Arena, Condition, Measure, Test};

/// A rewrite. The laws evaluate with each of them left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewrite {
    /// A `where` of several parts is asked part by part.
    SplitFilter,
    /// Tests within tests are joined.
    Flatten,
    /// Tests of kind and state become one.
    MergeClasses,
    /// Tests of fields come before walks over activities.
    CheapFirst,
    /// Arithmetic of numbers is done once.
    FoldNumbers,
}

impl Rewrite {
    /// All of them, in the order in which they are applied.
    pub const ALL: [Rewrite; 5] = [
        Rewrite::SplitFilter,
        Rewrite::Flatten,
        Rewrite::MergeClasses,
        Rewrite::CheapFirst,
        Rewrite::FoldNumbers,
    ];
}

/// Makes a test as simple as it can be.
pub(super) fn test(test: Test, conditions: &mut Arena<Condition>, chosen: &[Rewrite]) -> Test {
    let apply = |test, rewrite: &Rewrite| match rewrite {
        Rewrite::SplitFilter => split_filter::rewrite(test, conditions),
        Rewrite::Flatten => flatten::rewrite(test),
        Rewrite::MergeClasses => merge_classes::rewrite(test),
        Rewrite::CheapFirst => cheap_first::rewrite(test, conditions),
        Rewrite::FoldNumbers => test,
    };
    chosen.iter().fold(test, apply)
}

/// The same of a measure.
pub(super) fn measure(measure: Measure, chosen: &[Rewrite]) -> Measure {
    if chosen.contains(&Rewrite::FoldNumbers) { fold_numbers::rewrite(measure) } else { measure }
}
