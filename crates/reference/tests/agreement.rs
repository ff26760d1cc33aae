//! The engine says what the reference says.
//!
//! `KADENCE_AGREEMENT_SEED` is the seed of the first case, `KADENCE_AGREEMENT_CASES` says how many
//! there are: with the seed alone, the one case is run again.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::{Path, PathBuf};
use std::{env, fs};

use chrono::NaiveDate;
use kadence::{
    AsOf, Batch, Dataset, Moment, NoFiles, Noun, Options, Prepared, RuleSet, Status, Texts, Values,
    internals,
};
use kadence_data::Folder;
use support::Case;
use support::compare::difference;
use support::constructs::{self, Counts};
use support::dice::{Dice, plus};
use support::many::Many;

/// How many cases are tried unless the environment says otherwise.
const CASES: u64 = 1000;

/// Whether `changes` of the verdict at a place is looked for: of every `n`th.
fn every(n: u64, seed: u64) -> impl Fn(usize) -> bool {
    move |place| (place as u64 + seed).is_multiple_of(n)
}

fn variable(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn random_rules_on_random_companies() {
    let first = variable("KADENCE_AGREEMENT_SEED");
    let cases = variable("KADENCE_AGREEMENT_CASES");
    let count = cases.unwrap_or(if first.is_some() { 1 } else { CASES });
    let first = first.unwrap_or(0);
    let mut counts = Counts::new();
    let mut refused = 0;
    let mut verdicts = 0;
    let mut different = Vec::new();
    for seed in first..first + count {
        let case = Case::new(seed);
        refused += case.refused;
        let data = case.company.dataset(case.rules.schema());
        let (report, found) = difference(&case.rules, &data, &case.options, every(3, seed));
        verdicts += report.verdicts.len();
        constructs::count(&mut counts, &case.rules, &report);
        if let Some(found) = found {
            different.push(seed);
            println!("{case}\n{found}\n");
        }
    }
    println!("{count} cases, {verdicts} verdicts, {refused} rule files refused");
    assert!(different.is_empty(), "KADENCE_AGREEMENT_SEED is one of {different:?}");
    assert!(refused <= count / 50, "{refused} of {count} rule files were refused");
    if count >= CASES {
        let rare = |name: &&str| counts.get(name).is_none_or(|count| count.decided == 0);
        let missing: Vec<&str> = constructs::ALL.iter().copied().filter(rare).collect();
        assert!(missing.is_empty(), "never reached or never decided: {missing:?}");
    }
}

/// What the tests of the conformance files are given, as of each moment at which they expect.
#[test]
fn the_conformance_files() {
    let mut files = kpi_files(&root().join("tests/meaning"));
    let shared = root().join("../shared/conformance");
    if shared.is_dir() {
        files.append(&mut kpi_files(&shared));
    } else {
        println!("skipped: {} is not there", shared.display());
    }
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let rules = RuleSet::compile("rules.kpi", &text, &NoFiles).unwrap();
        let givens = internals::givens(rules.compiled());
        assert!(!givens.is_empty(), "{} gives nothing", path.display());
        for given in givens {
            for at in given.at {
                let options = Options::at(Moment::Utc(at));
                let (_, found) = difference(&rules, &given.data, &options, |_| true);
                let place = format!("{}: {} at {at}", path.display(), given.test);
                assert!(found.is_none(), "{place}\n{}", found.unwrap_or_default());
            }
        }
    }
}

/// All rules of the example company.
#[test]
fn the_example_company() {
    let folder = root().join("examples/nordic");
    let text = fs::read_to_string(folder.join("targets.kpi")).unwrap();
    let rules = RuleSet::compile("targets.kpi", &text, &Folder::new(&folder)).unwrap();
    let builder = kadence_data::read(&folder.join("data"), rules.schema()).unwrap();
    let data = builder.build().unwrap().0;
    let options = Options::at("2026-11-15".parse::<AsOf>().unwrap());
    let (report, found) = difference(&rules, &data, &options, every(40, 0));
    assert!(report.verdicts.len() > 1000, "{}", report.verdicts.len());
    assert!(found.is_none(), "{}", found.unwrap_or_default());
}

/// Activities that name a lead, where a few of many leads are still to come: random companies have but
/// three leads.
#[test]
fn what_names_one_of_nearly_all() {
    let text = "calendar\n    timezone UTC\n\n\
        seller: meetings on lead >= 2 per month as meetings\n\
        seller: calls on lead <= 3 this year as calls\n\
        seller: longest gap of calls on lead <= 20 days this year as gap\n\
        lead: next activity as step\n";
    let rules = RuleSet::compile("rules.kpi", text, &NoFiles).unwrap();
    let middle = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
    let from = NaiveDate::from_ymd_opt(2026, 1, 1);
    let mut verdicts = 0;
    for seed in 0..30 {
        let mut dice = Dice::new(seed);
        let mut builder = Dataset::builder(rules.schema());
        let mut add = |noun, cells: &[(&str, String)]| {
            let cells: Vec<_> =
                cells.iter().map(|(name, text)| (*name, text.as_str(), 1)).collect();
            builder.row(noun, &cells, "random", 1);
        };
        (0..3).for_each(|n| add(Noun::Seller, &[("id", format!("s{n}"))]));
        for n in 0..24 {
            // Two of them, of whom activities tell before they are there.
            let created = if n % 12 == 0 { "2026-09-01" } else { "2025-11-01" };
            add(Noun::Lead, &[("id", format!("l{n}")), ("created", created.to_owned())]);
        }
        for n in 0..150 {
            let mut cells = vec![
                ("id", format!("a{n}")),
                ("kind", dice.pick(&["meeting", "call"]).to_owned()),
                ("status", dice.pick(&["completed", "completed", "planned"]).to_owned()),
                ("at", plus(middle, dice.between(-220, 60)).to_string()),
                ("seller", format!("s{}", dice.below(3))),
            ];
            if !dice.one_in(4) {
                cells.push(("lead", format!("l{}", dice.below(24))));
            }
            add(Noun::Activity, &cells);
        }
        let data = builder.build().unwrap().0;
        let options = Options { history: true, from, ..Options::at(middle) };
        let (report, found) = difference(&rules, &data, &options, every(10, seed));
        verdicts += report.verdicts.len();
        assert!(found.is_none(), "seed {seed}\n{}", found.unwrap_or_default());
    }
    assert!(verdicts > 1000, "{verdicts}");
}

/// What a person is told of all decisions: what was decided, what counted, the scores.
fn told(rules: &RuleSet, prepared: &Prepared, options: &Options) -> Vec<String> {
    let evaluation = rules.judge(prepared, options).unwrap();
    let mut told: Vec<String> = Vec::new();
    evaluation.each_evidence(|one, evidence| {
        let figures = (one.measured(), one.target(), one.status(), one.is_final());
        let ids: Vec<_> = evidence.ids().collect();
        let about = (one.rule().to_owned(), one.subject().into_owned(), one.period());
        told.push(format!("{about:?}: {figures:?} {ids:?}"));
    });
    // Activities that were added stand elsewhere.
    told.sort_unstable();
    told.push(format!("{:?}", evaluation.scores()));
    told
}

/// Activities as columns.
fn appended(prepared: &mut Prepared, rows: &[(Noun, Vec<(&str, String)>)]) {
    let names = rows.first().map(|(_, cells)| cells.iter().map(|(name, _)| *name));
    let columns: Vec<(&str, Vec<&str>)> = names
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(n, name)| (name, rows.iter().map(|(_, cells)| cells[n].1.as_str()).collect()))
        .collect();
    let batch = Batch::new(Noun::Activity, rows.len());
    let batch = columns
        .iter()
        .fold(batch, |batch, (name, texts)| batch.column(name, Values::Texts(Texts::List(texts))));
    prepared.append(&batch).unwrap_or_else(|problems| panic!("{problems}"));
}

/// What follows by the clock on the wall is not all that follows.
#[test]
fn a_follower_on_the_day_before_where_clocks_are_set_back_over_midnight() {
    let text = "calendar\n    timezone America/St_Johns\n\n\
        meeting: followed by call within 7 days as progress\n\
        seller: share of meetings that (followed by call within 7 days) >= 50% this year as part\n";
    let rules = RuleSet::compile("rules.kpi", text, &NoFiles).unwrap();
    let mut builder = Dataset::builder(rules.schema());
    builder.row(Noun::Seller, &[("id", "s", 1)], "sellers", 1);
    builder.row(Noun::Customer, &[("id", "c", 1)], "customers", 1);
    // At one minute past midnight it was 23:01 of the day before again.
    let rows = [
        ("a", "meeting", "2010-11-07T00:00:30-02:30"),
        ("b", "call", "2010-11-06T23:30:00-03:30"),
        ("c", "meeting", "2010-11-07T00:00:30-03:30"),
    ];
    for (id, kind, at) in rows {
        let cells = [
            ("id", id),
            ("kind", kind),
            ("status", "completed"),
            ("at", at),
            ("customer", "c"),
            ("seller", "s"),
        ];
        builder.row(Noun::Activity, &cells.map(|(name, text)| (name, text, 1)), "activities", 1);
    }
    let data = builder.build().unwrap().0;
    let options = Options::at("2010-12-31".parse::<AsOf>().unwrap());
    let (report, found) = difference(&rules, &data, &options, |_| true);
    assert!(found.is_none(), "{}", found.unwrap_or_default());
    let told: Vec<_> = report.verdicts.iter().map(|v| (&*v.subject.id, v.status)).collect();
    let expected = [("a", Status::Met), ("c", Status::Missed), ("s", Status::Met)];
    assert_eq!(told, expected);
}

/// Companies that need more than one word of marks, partition and group; and data that is judged again,
/// as of another moment and with more activities, as if it were new.
#[test]
fn many_activities() {
    let first = variable("KADENCE_MANY_SEED").unwrap_or(0);
    let count = variable("KADENCE_MANY_CASES").unwrap_or(30);
    let mut verdicts = 0;
    for seed in first..first + count {
        let mut dice = Dice::new(seed);
        let many = Many::new(&mut dice);
        let data = many.dataset(&[]);
        let (report, found) = difference(&many.rules, &data, &many.options, |_| false);
        verdicts += report.verdicts.len();
        assert!(found.is_none(), "seed {seed}\n{many}\n{}", found.unwrap_or_default());

        let mut prepared = many.rules.prepare(&data).unwrap();
        for days in [0, -20, 3] {
            let as_of = plus(many.day, days).into();
            let options = Options { as_of, ..many.options.clone() };
            let new = many.rules.prepare(&data).unwrap();
            let (again, new) =
                (told(&many.rules, &prepared, &options), told(&many.rules, &new, &options));
            assert_eq!(again, new, "seed {seed}, {days} days later\n{many}");
        }
        let more = many.more(&mut dice);
        appended(&mut prepared, &more);
        let new = many.rules.prepare(&many.dataset(&more)).unwrap();
        let (again, new) =
            (told(&many.rules, &prepared, &many.options), told(&many.rules, &new, &many.options));
        assert_eq!(again, new, "seed {seed}, with more\n{many}");
    }
    assert!(verdicts > 10_000, "{verdicts}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn kpi_files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "kpi")).collect()
}
