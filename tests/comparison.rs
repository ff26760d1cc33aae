//! Two rule sets over the same data: laws on random companies, and which rules belong together.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "the laws use more of it")]
mod support;

use std::collections::BTreeMap;

use kadence::comparison::{
    AsOfDifference, BacktestReport, Change, Counts, Direction, ItemDifference, RuleDifference,
    ScoreDifference, Side, VerdictDifference,
};
use kadence::{
    AsOf, Backtest, Dataset, EvaluateError, NoFiles, Noun, Options, Report, RuleSet, Verdict,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::{Row, as_of, company, coverage, dataset};

const RULES: &str = include_str!("support/every_construct.kpi");

fn compile(name: &str, text: &str) -> RuleSet {
    RuleSet::compile(name, text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

fn old_rules() -> RuleSet {
    compile("old.kpi", RULES)
}

/// The rules with other thresholds, periods, definitions and names, one gone and one new.
fn changed() -> String {
    let text = RULES
        .replace(">= 2 per quarter", ">= 1 per month")
        .replace("revenue >= 5m", "revenue >= 100")
        .replace("within 14 days", "within 40 days")
        .replace("calls <= 2", "calls <= 0")
        .replace("customer: touchpoints >= 1 ", "A-customer: touchpoints >= 1 ")
        .replace("unless revenue < 1k", "unless revenue < 1m")
        .replace("as wake-up", "as woken");
    let kept = text.lines().filter(|line| !line.ends_with("as ever"));
    kept.collect::<Vec<_>>().join("\n") + "\nlead: calls >= 1 per month   as called\n"
}

fn new_rules() -> RuleSet {
    compile("new.kpi", &changed())
}

/// The report of all that differs, as of some moments.
fn report(
    rules: (&RuleSet, &RuleSet),
    data: (&Dataset, &Dataset),
    as_ofs: &[&str],
) -> BacktestReport {
    let (old, new) = (rules.0.prepare(data.0).unwrap(), rules.1.prepare(data.1).unwrap());
    let (old, new) = (Side { rules: rules.0, data: &old }, Side { rules: rules.1, data: &new });
    let as_ofs: Vec<AsOf> = as_ofs.iter().map(|text| text.parse().unwrap()).collect();
    Backtest::new(old, new).report(&as_ofs, usize::MAX).unwrap()
}

fn of_rows(old: &RuleSet, new: &RuleSet, rows: &[Row], as_ofs: &[&str]) -> BacktestReport {
    let none = (None, None);
    report((old, new), (&dataset(old, rows, none), &dataset(new, rows, none)), as_ofs)
}

fn differing(report: &BacktestReport) -> u64 {
    let counts = report.as_ofs.iter().flat_map(|at| &at.rules);
    counts.map(|rule| rule.counts.differing()).sum()
}

/// The same, seen from the other side.
fn mirrored(difference: &VerdictDifference) -> VerdictDifference {
    let direction = match difference.direction {
        Direction::Better => Direction::Worse,
        Direction::Worse => Direction::Better,
        Direction::NowJudged => Direction::NoLongerJudged,
        Direction::NoLongerJudged => Direction::NowJudged,
        Direction::Unjudged => Direction::Unjudged,
    };
    let VerdictDifference { old, new, .. } = difference.clone();
    VerdictDifference { direction, old: new, new: old }
}

fn mirrored_counts(counts: Counts) -> Counts {
    let Counts { better, worse, now_judged, no_longer_judged, unjudged, same } = counts;
    Counts {
        better: worse,
        worse: better,
        now_judged: no_longer_judged,
        no_longer_judged: now_judged,
        unjudged,
        same,
    }
}

fn mirrored_score(score: ScoreDifference) -> ScoreDifference {
    let ScoreDifference { old, new, change } = score;
    ScoreDifference { old: new, new: old, change: change.map(|change| 0.0 - change) }
}

/// Verdicts by new id and subject, so that the order of rules plays no part.
fn sorted(mut differences: Vec<VerdictDifference>) -> Vec<VerdictDifference> {
    differences.sort_by_key(|difference| {
        let verdict = difference.latest().unwrap();
        (verdict.rule.clone(), verdict.subject.id.clone())
    });
    differences
}

/// What differs between two reports, rule by rule that both have and subject by subject.
fn by_hand(rules: &[RuleDifference], old: &Report, new: &Report) -> Vec<VerdictDifference> {
    let of = |report: &Report, rule: &str| -> BTreeMap<String, Verdict> {
        let verdicts = report.verdicts.iter().filter(|verdict| verdict.rule == rule);
        verdicts.map(|verdict| (verdict.subject.id.clone(), verdict.clone())).collect()
    };
    let mut found = Vec::new();
    for rule in rules {
        let (Some(before), Some(after)) = (&rule.old, &rule.new) else { continue };
        let (mut before, mut after) = (of(old, &before.id), of(new, &after.id));
        let ids: std::collections::BTreeSet<String> =
            before.keys().chain(after.keys()).cloned().collect();
        for id in ids {
            let (old, new) = (before.remove(&id), after.remove(&id));
            let status = |verdict: &Option<Verdict>| verdict.as_ref().map(|v| v.status);
            if let Some(direction) = Direction::of(status(&old), status(&new)) {
                found.push(VerdictDifference { direction, old, new });
            }
        }
    }
    found
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 16;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn rules_differ_in_nothing_from_themselves(rows in company(), as_of in as_of()) {
        let rules = old_rules();
        let found = of_rows(&rules, &rules, &rows, &[&as_of, "2026-12-31"]);
        prop_assert!(found.rules.iter().all(|rule| rule.change == Change::Same));
        prop_assert!(found.definitions.is_empty());
        prop_assert_eq!(differing(&found), 0);
        for at in &found.as_ofs {
            prop_assert!(at.differences.is_empty());
            let scores = at.scores.teams.iter().chain(&at.scores.sellers).map(|named| named.score);
            for score in scores.chain([at.scores.company]) {
                prop_assert_eq!(score.old, score.new);
            }
        }
    }

    #[test]
    fn what_differs_is_what_two_evaluations_differ_in(
        rows in company(), as_of in as_of(), coverage in coverage(),
    ) {
        let (old, new) = (old_rules(), new_rules());
        let (of_old, of_new) = (dataset(&old, &rows, coverage), dataset(&new, &rows, coverage));
        let found = report((&old, &new), (&of_old, &of_new), &[&as_of]);
        let options = Options::at(as_of.parse::<AsOf>().unwrap());
        let (before, after) =
            (old.evaluate(&of_old, &options).unwrap(), new.evaluate(&of_new, &options).unwrap());
        let [at] = found.as_ofs.as_slice() else { panic!("one moment") };
        let AsOfDifference { as_of, day, rules, scores, differences } = at;
        prop_assert_eq!((as_of, day), (&after.as_of, &after.day));
        prop_assert_eq!(differences, &by_hand(&found.rules, &before, &after));

        prop_assert_eq!(scores.company.old, before.scores.company.score);
        prop_assert_eq!(scores.company.new, after.scores.company.score);
        for named in scores.teams.iter().chain(&scores.sellers) {
            let of = |report: &Report| {
                let all = report.scores.teams.iter().chain(&report.scores.sellers);
                all.filter(|one| one.id == named.id).find_map(|one| one.tally.score)
            };
            prop_assert_eq!((named.score.old, named.score.new), (of(&before), of(&after)));
            let change = named.score.old.zip(named.score.new).map(|(old, new)| new - old);
            let apart = change.unwrap_or(0.0) - named.score.change.unwrap_or(0.0);
            prop_assert!(apart.abs() < 1e-9);
        }

        let tally = |report: &Report, id: &Option<String>| {
            let all = report.scores.rules.iter();
            all.clone().find(|one| Some(&one.id) == id.as_ref()).map(|one| one.tally.clone())
        };
        for rule in rules {
            prop_assert_eq!(&rule.old_verdicts, &tally(&before, &rule.old));
            prop_assert_eq!(&rule.new_verdicts, &tally(&after, &rule.new));
            let count = |direction| {
                let of_rule = differences.iter().filter(|difference| {
                    let is = |verdict: &Option<Verdict>, id: &Option<String>| {
                        verdict.as_ref().is_some_and(|v| Some(&v.rule) == id.as_ref())
                    };
                    let of_it = is(&difference.old, &rule.old) || is(&difference.new, &rule.new);
                    of_it && difference.direction == direction
                });
                of_rule.count() as u64
            };
            let counts = Counts {
                better: count(Direction::Better),
                worse: count(Direction::Worse),
                now_judged: count(Direction::NowJudged),
                no_longer_judged: count(Direction::NoLongerJudged),
                unjudged: count(Direction::Unjudged),
                same: rule.counts.same,
            };
            prop_assert_eq!(rule.counts, counts);
        }
    }

    #[test]
    fn what_differs_one_way_differs_the_other_way_round(rows in company(), as_of in as_of()) {
        let (old, new) = (old_rules(), new_rules());
        let there = of_rows(&old, &new, &rows, &[&as_of]);
        let back = of_rows(&new, &old, &rows, &[&as_of]);
        let (there_at, back_at) = (&there.as_ofs[0], &back.as_ofs[0]);
        let seen = there_at.differences.iter().map(mirrored).collect();
        prop_assert_eq!(sorted(seen), sorted(back_at.differences.clone()));
        prop_assert_eq!(mirrored_score(there_at.scores.company), back_at.scores.company);
        for (rule, counts) in there.rules.iter().zip(&there_at.rules) {
            let is_it = |other: &RuleDifference| other.old == rule.new && other.new == rule.old;
            let place = back.rules.iter().position(is_it).unwrap();
            let change = match rule.change {
                Change::Added => Change::Removed,
                Change::Removed => Change::Added,
                other => other,
            };
            prop_assert_eq!(back.rules[place].change, change);
            prop_assert_eq!(back_at.rules[place].counts, mirrored_counts(counts.counts));
        }
    }
}

#[test]
fn the_changes_of_the_laws_are_found_and_make_differences() {
    let (old, new) = (old_rules(), new_rules());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut sum = Counts::default();
    for _ in 0..20 {
        let rows = company().new_tree(&mut runner).unwrap().current();
        let found = of_rows(&old, &new, &rows, &["2026-06-15"]);
        found.as_ofs[0].rules.iter().for_each(|rule| sum += rule.counts);
    }
    let Counts { better, worse, now_judged, no_longer_judged, unjudged, same } = sum;
    let all = [better, worse, now_judged, no_longer_judged, unjudged, same];
    assert!(all.iter().all(|n| *n > 0), "{sum:?}");
}

/// What became of each rule, by the id that it has now or had.
fn changes(old: &str, new: &str) -> Vec<(String, Change, Vec<String>)> {
    let (old, new) = (compile("old.kpi", old), compile("new.kpi", new));
    let found = of_rows(&old, &new, &[], &["2026-06-15"]);
    let told = |rule: &RuleDifference| {
        let id = rule.new.as_ref().or(rule.old.as_ref()).unwrap().id.clone();
        (id, rule.change, rule.parts.iter().map(|part| part.part.clone()).collect())
    };
    found.rules.iter().map(told).collect()
}

fn change(old: &str, new: &str) -> (Change, Vec<String>) {
    let mut all = changes(old, new);
    assert_eq!(all.len(), 1, "{all:?}");
    let (_, change, parts) = all.remove(0);
    (change, parts)
}

#[test]
fn a_rule_that_is_set_differently_is_the_same() {
    let old = "customer: touchpoints >= 4 per year as a because \"b\" weight 2\n";
    let new = "# why\ncustomer :  touchpoints ≥ 4 per year\n    weight   2\n    because  \"b\"\n    as  a\n";
    assert_eq!(change(old, new), (Change::Same, Vec::new()));
}

#[test]
fn a_rule_is_found_by_its_id_then_by_its_words() {
    let old = "customer: calls >= 4 per year as a\nlead: next call as b\nlead: next visit\n";
    let new = "lead: next call as a\nlead: next visit as c\ncustomer: calls >= 4 per year as d\n";
    let told = changes(old, new);
    let told: Vec<(&str, Change)> = told.iter().map(|(id, change, _)| (&**id, *change)).collect();
    assert_eq!(
        told,
        [
            ("a", Change::Changed),
            ("c", Change::Renamed),
            ("d", Change::Added),
            ("b", Change::Removed),
        ]
    );
}

#[test]
fn a_rule_that_is_worded_differently_and_means_the_same_is_reworded() {
    let rule = "customer: touchpoints >= 1_000 per year as a because";
    let parts = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
    let found = change(&format!("{rule} \"one\""), &format!("{rule} \"two\""));
    assert_eq!(found, (Change::Reworded, parts(&["because"])));
    let found = change(&format!("{rule} \"one\""), &format!("{rule} \"one\" weight 2"));
    assert_eq!(found, (Change::Changed, parts(&["weight"])));
    let found = change("customer: calls >= 1 as a", "customers: call >= 1.0 as a");
    assert_eq!(found.0, Change::Reworded);
}

#[test]
fn a_rule_changes_with_the_words_and_rules_on_which_it_is_built() {
    let rules = "customer: efforts >= 4 per year as a\nlead: next call as other\n\
                 seller: share of customers that meet a >= 50% as b\n";
    let with = |define: &str| format!("define effort, efforts = {define}\n{rules}");
    let (old, new) = (with("call | visit"), with("call"));
    let definitions = vec!["definitions".to_owned()];
    assert_eq!(
        changes(&old, &new),
        [
            ("a".to_owned(), Change::Changed, definitions.clone()),
            ("other".to_owned(), Change::Same, Vec::new()),
            ("b".to_owned(), Change::Changed, definitions),
        ]
    );
    let (old, new) = (compile("old.kpi", &old), compile("new.kpi", &new));
    let found = of_rows(&old, &new, &[], &["2026-06-15"]).definitions;
    let [define] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((define.kind.as_str(), define.name.as_str()), ("define", "effort, efforts"));
    assert_eq!(define.new.as_deref(), Some("define effort, efforts = call"));
}

/// What became of each list and goal, by the name that it has now or had.
fn items(old: &str, new: &str) -> Vec<(String, Change)> {
    let (old, new) = (compile("old.kpi", old), compile("new.kpi", new));
    let found = of_rows(&old, &new, &[], &["2026-06-15"]);
    let told = |item: &ItemDifference| {
        assert_eq!(item.old.is_none(), item.change == Change::Added);
        assert_eq!(item.new.is_none(), item.change == Change::Removed);
        let name = item.new.as_ref().or(item.old.as_ref()).unwrap().name.clone();
        (name, item.change)
    };
    found.lists.iter().chain(&found.goals).map(told).collect()
}

fn item(old: &str, new: &str) -> Change {
    let mut all = items(old, new);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0).1
}

#[test]
fn lists_belong_together_by_name_then_by_what_they_mean() {
    let old = "list \"a\" = open lead\nlist \"b\" = hot lead\nlist \"c\" = open opportunity\n";
    let new = "list \"d\" = hot lead\nlist \"a\" = open lead limit 3\nlist \"e\" = warm lead\n";
    let expected = [
        ("d", Change::Renamed),
        ("a", Change::Changed),
        ("e", Change::Added),
        ("c", Change::Removed),
    ];
    assert_eq!(items(old, new), expected.map(|(name, change)| (name.to_owned(), change)));
}

#[test]
fn a_list_changes_with_its_things_their_order_and_how_many_there_are() {
    let list = |rest: &str| format!("list \"a\" = open opportunity {rest}\n");
    let all = [
        "",
        "where amount >= 5",
        "where amount >= 6",
        "sort by amount",
        "sort by amount descending",
        "sort by margin",
        "limit 3",
        "limit 4",
        "limit 3 per seller",
        "limit 3 per team",
    ];
    for old in all {
        for new in all {
            let expected = if old == new { Change::Same } else { Change::Changed };
            assert_eq!(item(&list(old), &list(new)), expected, "{old} and {new}");
        }
    }
    let spelt = "list  \"a\" =  open   opportunity   limit 3  # so\n";
    assert_eq!(item(&list("limit 3"), spelt), Change::Same);
    let reworded = "list \"a\" = open opportunities where amount >= 5.0\n";
    assert_eq!(item(&list("where amount >= 5"), reworded), Change::Reworded);
}

#[test]
fn a_goal_changes_with_its_target_and_its_funnel() {
    let goal = |rest: &str| format!("goal sales = sum amount of won opportunities {rest}\n");
    let all = [
        ">= 5m per year",
        ">= 6m per year",
        "> 5m per year",
        ">= 5m per quarter",
        ">= 5m per year through lead > won opportunity",
        ">= 5m per year through hot lead > won opportunity",
    ];
    for old in all {
        for new in all {
            let expected = if old == new { Change::Same } else { Change::Changed };
            assert_eq!(item(&goal(old), &goal(new)), expected, "{old} and {new}");
        }
    }
    assert_eq!(item(&goal(">= 5m per year"), &goal(">= 5_000_000 per year")), Change::Same);
    let reworded = goal(">= 5m per year").replace("opportunities", "opportunity");
    assert_eq!(item(&goal(">= 5m per year"), &reworded), Change::Reworded);
    let renamed = goal(">= 5m per year").replace("sales", "won");
    assert_eq!(items(&goal(">= 5m per year"), &renamed), [("won".to_owned(), Change::Renamed)]);
}

#[test]
fn lists_and_goals_change_with_the_words_segments_and_rules_on_which_they_are_built() {
    let items_of = |define: &str, segment: &str, count: u32| {
        format!(
            "define effort, efforts = {define}\nsegment A = customer where revenue >= {segment}\n\
             customer: calls >= {count} per year as a\n\
             list \"by words\" = customer where (efforts >= 1 per year)\n\
             list \"by segment\" = A-customer\n\
             list \"by rule\" = customer where (not meets a)\n\
             list \"by none\" = open lead\n\
             goal efforts-goal = efforts >= 9 per year\n"
        )
    };
    let changed = |define: &str, segment: &str, count: u32| -> Vec<String> {
        let (old, new) = (items_of("call | visit", "5", 2), items_of(define, segment, count));
        let all = items(&old, &new).into_iter();
        let changed = all.filter(|(_, change)| match change {
            Change::Same => false,
            Change::Changed => true,
            other => panic!("{other:?}"),
        });
        changed.map(|(name, _)| name).collect()
    };
    assert_eq!(changed("call | visit", "5", 2), Vec::<String>::new());
    assert_eq!(changed("call", "5", 2), ["by words", "efforts-goal"]);
    assert_eq!(changed("call | visit", "6", 2), ["by segment"]);
    assert_eq!(changed("call | visit", "5", 3), ["by rule"]);
}

#[test]
fn a_rule_changes_with_the_segment_that_it_is_about() {
    let rules =
        "A-customer: next call as a\nB-customer: next call as b\ncustomer: segment is B as c\n";
    let with = |from: &str| {
        format!(
            "segment A = customer where revenue >= {from}\nsegment B = customer where revenue < 2\n{rules}"
        )
    };
    let told = changes(&with("2"), &with("3"));
    let told: Vec<(&str, Change)> = told.iter().map(|(id, change, _)| (&**id, *change)).collect();
    assert_eq!(told, [("a", Change::Changed), ("b", Change::Same), ("c", Change::Changed)]);
    assert!(changes(&with("2"), &with("2.0")).iter().all(|(_, change, _)| *change == Change::Same));
}

#[test]
fn a_rule_stays_the_same_where_others_and_fields_come_before_it() {
    let rule = "field customer.tier : text\nlead: next call as c\n\
                customer: tier is gold as a\ncustomer: meets a as b\n";
    let before = "field customer.region : text\ncustomer: region is known as r\n";
    let told = changes(rule, &format!("{before}{rule}"));
    let told: Vec<(&str, Change)> = told.iter().map(|(id, change, _)| (&**id, *change)).collect();
    let same = |id| (id, Change::Same);
    assert_eq!(told, [("r", Change::Added), same("c"), same("a"), same("b")]);
    let found = changes(
        "field customer.x : text\nfield customer.y : text\ncustomer: x is known as a\n",
        "field customer.y : text\nfield customer.x : text\ncustomer: y is known as a\n",
    );
    assert_eq!(found[0].1, Change::Changed);
}

fn customers(rules: &RuleSet, activities: &[(&str, &str)]) -> Dataset {
    let mut data = Dataset::builder(rules.schema());
    for id in ["acme", "zeta"] {
        data.row(Noun::Customer, &[("id", id, 1)], "customers", 1);
    }
    for (n, (kind, at)) in activities.iter().enumerate() {
        let id = format!("a{n}");
        let cells = [
            ("id", id.as_str(), 1),
            ("kind", kind, 1),
            ("status", "completed", 1),
            ("at", at, 1),
            ("customer", "acme", 1),
        ];
        data.row(Noun::Activity, &cells, "activities", 1);
    }
    data.build().unwrap().0
}

#[test]
fn the_rule_sets_may_have_other_zones_kinds_and_subjects() {
    let old = compile(
        "old.kpi",
        "customer: calls >= 1 per month as a\ncall: followed by visit within 2 days as b\n",
    );
    let new = compile(
        "new.kpi",
        "calendar\n    timezone Asia/Tokyo\nactivity audit\n\
         customer: calls + audits >= 1 per month as a\ncustomer: calls >= 0 per year as b\n",
    );
    let of_old = customers(&old, &[("call", "2026-05-31T20:00Z")]);
    let of_new = customers(&new, &[("call", "2026-05-31T20:00Z"), ("audit", "2026-06-30T02:00Z")]);
    let found = report((&old, &new), (&of_old, &of_new), &["2026-05-31", "2026-06-30"]);
    // In Tokyo it was June.
    let told: Vec<Vec<(Direction, &str)>> = found
        .as_ofs
        .iter()
        .map(|at| {
            let of_a = at.differences.iter().filter(|one| one.latest().unwrap().rule == "a");
            of_a.map(|one| (one.direction, one.latest().unwrap().subject.id.as_str())).collect()
        })
        .collect();
    assert_eq!(told, [vec![(Direction::Worse, "acme")], vec![(Direction::Better, "acme")]]);
    assert_eq!(found.as_ofs[0].as_of, "2026-06-01T00:00:00+09:00");
    // An activity is no customer, whatever their ids are.
    let counts = found.as_ofs[1].rules.iter().find(|rule| rule.new.as_deref() == Some("b"));
    assert_eq!(counts.unwrap().counts.same, 0);
    let kinds = found.definitions.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>();
    assert_eq!(kinds, ["activity", "calendar"]);
}

#[test]
fn things_belong_together_by_their_ids_wherever_they_lie() {
    let rules = compile("r.kpi", "customer: calls >= 1 per year as a\n");
    let of_old = customers(&rules, &[("call", "2026-02-01")]);
    let mut data = Dataset::builder(rules.schema());
    for id in ["aaa", "acme", "zeta"] {
        data.row(Noun::Customer, &[("id", id, 1)], "customers", 1);
    }
    let of_new = data.build().unwrap().0;
    let found = report((&rules, &rules), (&of_old, &of_new), &["2026-12-31"]);
    let told = |one: &VerdictDifference| (one.direction, one.latest().unwrap().subject.id.clone());
    let told: Vec<_> = found.as_ofs[0].differences.iter().map(told).collect();
    assert_eq!(
        told,
        [(Direction::NowJudged, "aaa".to_owned()), (Direction::Worse, "acme".to_owned())]
    );
    assert_eq!(found.as_ofs[0].rules[0].counts.same, 1);
}

#[test]
fn some_rules_alone_are_looked_at_by_either_of_their_ids() {
    let old = compile("old.kpi", "customer: calls >= 1 per year as a\nlead: next call as gone\n");
    let new = compile("new.kpi", "customer: calls >= 1 per year as b\nlead: next visit as fresh\n");
    let data = customers(&old, &[]);
    let (of_old, of_new) = (old.prepare(&data).unwrap(), new.prepare(&data).unwrap());
    let backtest =
        || Backtest::new(Side { rules: &old, data: &of_old }, Side { rules: &new, data: &of_new });
    let as_of: AsOf = "2026-12-31".parse().unwrap();
    for id in ["a", "b"] {
        let only = backtest().only(&[id.to_owned()]).unwrap();
        assert_eq!(only.rules().len(), 1);
        assert_eq!(only.at(as_of).unwrap().counts().same, 2);
    }
    let gone = backtest().only(&["gone".to_owned()]).unwrap();
    let told = gone.report(&[as_of], usize::MAX).unwrap();
    assert_eq!(told.as_ofs[0].scores.company.new, None);
    assert!(told.as_ofs[0].rules[0].old_verdicts.is_some());
    assert!(told.as_ofs[0].rules[0].new_verdicts.is_none());
    let wrong = backtest().only(&["c".to_owned()]).unwrap_err();
    assert_eq!(wrong, EvaluateError::UnknownRule("c".to_owned()));
}

#[test]
fn no_more_verdicts_are_told_than_asked_for_and_the_last_first() {
    let old = compile("old.kpi", "customer: calls >= 0 per year as a\n");
    let new = compile("new.kpi", "customer: calls >= 1 per year as a\n");
    let data = customers(&old, &[]);
    let (of_old, of_new) = (old.prepare(&data).unwrap(), new.prepare(&data).unwrap());
    let backtest =
        Backtest::new(Side { rules: &old, data: &of_old }, Side { rules: &new, data: &of_new });
    let as_ofs = ["2025-12-31", "2026-12-31"].map(|day| day.parse::<AsOf>().unwrap());
    for (most, told) in [(0, [0, 0]), (1, [0, 1]), (3, [1, 2]), (9, [2, 2])] {
        let found = backtest.report(&as_ofs, most).unwrap();
        assert_eq!(found.as_ofs.iter().map(|at| at.differences.len()).collect::<Vec<_>>(), told);
        assert!(found.as_ofs.iter().all(|at| at.rules[0].counts.worse == 2));
    }
}
