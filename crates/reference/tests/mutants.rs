//! A mutant that is said to be equal is told apart by no data, and every mutant is what its edit
//! makes of the text.
//!
//! `KADENCE_MUTANTS_SETS` says how many random rule sets there are, `KADENCE_MUTANTS_SEED` is the
//! seed of the first.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the agreement with the reference uses more of it")]
mod support;

use std::env;

use kadence::{Fate, Mutant, NoFiles, Report, RuleSet, Verdict};
use support::Case;

/// How many rule sets are tried unless the environment says otherwise.
const SETS: u64 = 60;

fn variable(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap())
}

/// The text with the mistake.
fn mutated(text: &str, mutant: &Mutant) -> String {
    let before = text.get(..mutant.bytes.start).unwrap();
    let after = text.get(mutant.bytes.end..).unwrap();
    [before, &mutant.replacement, after].concat()
}

/// All that an expectation can look at.
fn seen(report: &Report) -> String {
    let verdict = |verdict: &Verdict| {
        let Verdict { rule, subject, period, status, .. } = verdict;
        let Verdict { measured, target, planned, missing, due, changes, .. } = verdict;
        let figures =
            format!("{measured:?} {target:?} {planned:?} {missing:?} {due:?} {changes:?}");
        format!("{rule} {} {period:?} {status:?} {figures}\n", subject.id)
    };
    let verdicts: String = report.verdicts.iter().map(verdict).collect();
    format!("{verdicts}{:?}\n{:?}", report.scores, report.lists)
}

#[test]
fn no_data_tells_an_equal_mutant_from_the_rules() {
    let first = variable("KADENCE_MUTANTS_SEED");
    let count = variable("KADENCE_MUTANTS_SETS").unwrap_or(if first.is_some() { 1 } else { SETS });
    let first = first.unwrap_or(0);
    let (mut equal, mut other, mut told_apart) = (0, 0, 0);
    let mut wrong = Vec::new();
    for seed in first..first + count {
        let case = Case::new(seed);
        let data = case.company.dataset(case.rules.schema());
        let expected = seen(&case.rules.evaluate(&data, &case.options).unwrap());
        for mutant in case.rules.mutants().mutants {
            let text = mutated(&case.text, &mutant);
            let rules = RuleSet::compile("random.kpi", &text, &NoFiles).unwrap_or_else(|faults| {
                panic!("KADENCE_MUTANTS_SEED={seed}: {}\n{faults}", mutant.change)
            });
            let is_equal = mutant.fate == Fate::Equal;
            if !is_equal && other % 8 > 0 {
                other += 1;
                continue;
            }
            let found = rules.evaluate(&data, &case.options).map(|report| seen(&report));
            let differs = found.is_ok_and(|found| found != expected);
            match is_equal {
                true => equal += 1,
                false => other += 1,
            }
            told_apart += u64::from(differs);
            if is_equal && differs {
                println!("KADENCE_MUTANTS_SEED={seed}: {}: {}", mutant.kind, mutant.change);
                let found =
                    rules.evaluate(&data, &case.options).map(|report| seen(&report)).unwrap();
                for (a, b) in expected.lines().zip(found.lines()) {
                    if a != b {
                        println!("{a}\n{b}");
                    }
                }
                wrong.push(seed);
            }
        }
    }
    println!("{count} rule sets, {equal} equal mutants, {other} others, {told_apart} told apart");
    assert!(wrong.is_empty(), "KADENCE_MUTANTS_SEED is one of {wrong:?}");
    assert!(equal >= count && told_apart >= count, "too little was put to the test");
}
