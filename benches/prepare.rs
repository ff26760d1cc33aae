//! How long it takes to prepare a million activities.

mod company;

use std::hint::black_box;

use company::Company;
use criterion::Criterion;
use kadence::{NoFiles, RuleSet};

const RULES: &str =
    "calendar\n  timezone Europe/Copenhagen\n\ncustomer: touchpoints >= 4 per year\n";

fn prepare(criterion: &mut Criterion) {
    let Ok(rules) = RuleSet::compile("targets.kpi", RULES, &NoFiles) else { return };
    let company = Company::new(1_000_000);
    let mut group = criterion.benchmark_group("prepare");
    group.sample_size(20);
    group.bench_function("a million activities", |bencher| {
        bencher.iter(|| black_box(company.prepared(&rules)));
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    prepare(&mut criterion);
    criterion.final_summary();
}
