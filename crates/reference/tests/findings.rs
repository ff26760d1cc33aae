//! Rules of every construct are looked through, and what is shown of them is so.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the agreement with the reference uses more of it")]
mod support;

use kadence::{Code, NoFiles, RuleSet, Status};
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

#[test]
fn what_is_said_of_one_rule_is_so_for_random_companies() {
    let (mut verdicts, mut wrong) = (0, Vec::new());
    for seed in 0..FILES {
        let case = Case::new(seed);
        let findings = case.rules.findings().all;
        if !findings.iter().any(|finding| finding.code >= Code::K072) {
            continue;
        }
        let data = case.company.dataset(case.rules.schema());
        let report = case.rules.evaluate(&data, &case.options).unwrap();
        for finding in findings {
            let refutes = |status: Status| match finding.code {
                Code::K072 => status == Status::Met,
                Code::K073 => status == Status::Missed,
                Code::K074 => true,
                _ => false,
            };
            for verdict in &report.verdicts {
                if finding.message.starts_with(&format!("`{}` ", verdict.rule)) {
                    verdicts += 1;
                    if refutes(verdict.status) {
                        let said = &finding.message;
                        let text =
                            &report.rules.iter().find(|r| r.id == verdict.rule).unwrap().text;
                        wrong.push(format!("seed {seed}: {said}: {text}: {}", verdict.sentence));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(verdicts > 50, "{verdicts} verdicts");
}
