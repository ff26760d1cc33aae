//! How long it takes to compile rules, and to judge a million activities by them.

mod company;

use std::fmt::Write;
use std::hint::black_box;

use company::Company;
use criterion::Criterion;
use kadence::comparison::Side;
use kadence::{AsOf, Backtest, Every, NoFiles, Options, RuleSet};

const RULES: &str = "\
customer: touchpoints >= 4 per year
customer: meetings >= 1 per quarter
customer: longest gap of touchpoints <= 120 days in last 12 months
customer: distinct seller of touchpoints <= 3 this year
lead: next activity
meeting where at in last 90 days: followed by activity within 7 days
seller: meetings on lead >= 8 per month
seller: share of meetings that (followed by activity within 7 days) >= 60% this quarter
";

fn compile(criterion: &mut Criterion) {
    let mut text = String::new();
    let kinds = ["calls", "visits", "meetings", "touchpoints"].into_iter().cycle();
    let units = ["week", "month", "quarter", "half-year", "year"].into_iter().cycle();
    for ((n, kind), unit) in (0..1_000).zip(kinds).zip(units) {
        let _ = writeln!(text, "customer: {kind} >= {} per {unit}   as r{n}", n % 9 + 1);
    }
    criterion.bench_function("compile a thousand rules", |bencher| {
        bencher.iter(|| black_box(RuleSet::compile("targets.kpi", &text, &NoFiles).is_ok()));
    });
}

fn judge(criterion: &mut Criterion) {
    let Ok(rules) = RuleSet::compile("targets.kpi", RULES, &NoFiles) else { return };
    let Some(data) = Company::new(1_000_000).prepared(&rules) else { return };
    let Ok(day) = "2025-11-15".parse::<AsOf>() else { return };
    let options = Options::at(day);
    let mut group = criterion.benchmark_group("judge a million activities");
    group.sample_size(20);
    group.bench_function("decisions", |bencher| {
        bencher.iter(|| black_box(rules.judge(&data, &options).map(|all| all.len())));
    });
    group.bench_function("decisions and scores", |bencher| {
        bencher.iter(|| black_box(rules.judge(&data, &options).map(|all| all.scores())));
    });
    group.bench_function("decisions and all evidence", |bencher| {
        bencher.iter(|| {
            let evaluation = rules.judge(&data, &options);
            let count = |all: kadence::Evaluation<'_>| {
                let mut count = 0;
                all.each_evidence(|_, evidence| count += evidence.len());
                count
            };
            black_box(evaluation.map(count))
        });
    });
    group.finish();
}

fn backtest(criterion: &mut Criterion) {
    let changed = RULES.replace(">= 4 per year", ">= 6 per year").replace("7 days", "14 days");
    let compile = |text: &str| RuleSet::compile("targets.kpi", text, &NoFiles);
    let (Ok(old), Ok(new)) = (compile(RULES), compile(&changed)) else { return };
    let company = Company::new(1_000_000);
    let (Some(of_old), Some(of_new)) = (company.prepared(&old), company.prepared(&new)) else {
        return;
    };
    let Ok(day) = "2025-11-15".parse::<AsOf>() else { return };
    let mut as_ofs: Vec<AsOf> = Every::Month.ends(&new, day).take(12).map(AsOf::Day).collect();
    as_ofs.reverse();
    let backtest =
        Backtest::new(Side { rules: &old, data: &of_old }, Side { rules: &new, data: &of_new });
    let mut group = criterion.benchmark_group("backtest of twelve months, a million activities");
    group.sample_size(10);
    group.bench_function("all counted, forty told", |bencher| {
        bencher.iter(|| black_box(backtest.report(&as_ofs, 40).is_ok()));
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    compile(&mut criterion);
    judge(&mut criterion);
    backtest(&mut criterion);
    criterion.final_summary();
}
