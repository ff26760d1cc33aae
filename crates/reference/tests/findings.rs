//! Rules of every construct are looked through, and what is shown of them is so.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the agreement with the reference uses more of it")]
mod support;

use kadence::{NoFiles, RuleSet};
use support::Case;

/// How many rule files are looked through.
const FILES: u64 = 1500;

#[test]
fn what_is_shown_of_random_rules_passes_as_a_test() {
    let mut found = 0;
    for seed in 0..FILES {
        let case = Case::new(seed);
        let findings = case.rules.findings();
        found += findings.all.len();
        for test in findings.all.iter().filter_map(|finding| finding.example.as_ref()) {
            let text = format!("{}{test}", case.text);
            let shown = RuleSet::compile("shown.kpi", &text, &NoFiles);
            let run = shown.unwrap_or_else(|found| panic!("{found}\n{text}")).test();
            assert!(run.passed(), "{run:?}\n{text}");
        }
    }
    assert!(found > 100, "{found} findings in {FILES} files");
}
