//! What coverage claims of tests, the reference finds in them; and more tests never reach less.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "support/dice.rs"]
#[expect(dead_code, reason = "random cases draw more of it")]
mod dice;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dice::Dice;
use kadence::{CaseKind, Coverage, ItemCoverage, Moment, NoFiles, Options, RuleSet, internals};
use kadence_data::Folder;
use kadence_reference::Reference;

/// Rule sets with tests: the conformance files and the example company.
fn rule_sets() -> Vec<(PathBuf, RuleSet)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let meaning = fs::read_dir(root.join("tests/meaning")).unwrap();
    let mut files: Vec<PathBuf> = meaning.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "kpi"));
    files.sort();
    let mut sets: Vec<(PathBuf, RuleSet)> = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let rules = RuleSet::compile("rules.kpi", &text, &NoFiles).unwrap();
        sets.push((path, rules));
    }
    let folder = root.join("examples/nordic");
    for name in ["targets_test.kpi", "edges_test.kpi"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let rules = RuleSet::compile(name, &text, &Folder::new(&folder)).unwrap();
        sets.push((folder.join(name), rules));
    }
    sets
}

/// The outcomes that are reached of a rule that is one condition without modifiers: its verdicts.
/// None for any other.
fn outcomes<'c>(item: &'c ItemCoverage, text: &str) -> Option<Vec<&'c str>> {
    let cases = |kind: CaseKind| {
        let parts = item.parts.iter();
        parts.filter(move |part| part.cases.iter().any(|case| case.kind == kind))
    };
    let mut judged = cases(CaseKind::Outcome);
    let (Some(part), None) = (judged.next(), judged.next()) else { return None };
    let is_whole = text.strip_suffix(&part.text).is_some_and(|rest| rest.trim_end().ends_with(':'));
    if !is_whole || cases(CaseKind::Modifier).next().is_some() {
        return None;
    }
    let reached = part.cases.iter().filter(|case| case.kind == CaseKind::Outcome);
    Some(reached.filter(|case| case.reached > 0).map(|case| case.name.as_str()).collect())
}

#[test]
fn an_outcome_that_is_reached_is_one_that_the_reference_finds() {
    let mut claimed: BTreeMap<String, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (path, rules) in rule_sets() {
        for given in internals::givens(rules.compiled()) {
            let coverage = rules.coverage(|test| test.name == given.test);
            let mut found: BTreeSet<(String, &str)> = BTreeSet::new();
            for at in &given.at {
                let options = Options::at(Moment::Utc(*at));
                let reference = Reference::new(&rules, &given.data, &options).unwrap();
                let verdicts = reference.report(|_| false).verdicts;
                found.extend(verdicts.into_iter().map(|one| (one.rule, one.status.words())));
            }
            for rule in rules.rules() {
                let mut items = coverage.items.iter();
                let Some(item) = items.find(|item| item.id == rule.id) else { continue };
                for outcome in outcomes(item, &rule.text).unwrap_or_default() {
                    *claimed.entry(outcome.to_owned()).or_default() += 1;
                    if !found.iter().any(|(id, status)| *id == rule.id && *status == outcome) {
                        let test = &given.test;
                        wrong.push(format!("{}: {test}: {} {outcome}", path.display(), rule.id));
                    }
                }
            }
        }
    }
    println!("{claimed:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all = ["met", "on track", "at risk", "missed", "not applicable", "unknown"];
    assert!(all.iter().all(|outcome| claimed.get(*outcome) > Some(&1)), "{claimed:?}");
}

/// How often each case is reached.
fn reached(coverage: &Coverage) -> Vec<u64> {
    let parts = coverage.items.iter().flat_map(|item| &item.parts);
    parts.flat_map(|part| part.cases.iter().map(|case| case.reached)).collect()
}

#[test]
fn coverage_never_falls_when_tests_are_added() {
    let mut dice = Dice::new(4);
    let (mut compared, mut grew) = (0, 0);
    for (path, rules) in rule_sets() {
        let tests: Vec<String> = rules.test().tests.into_iter().map(|test| test.name).collect();
        for _ in 0..20 {
            let some = |dice: &mut Dice, part: usize| -> BTreeSet<&str> {
                tests.iter().filter(|_| dice.one_in(part)).map(String::as_str).collect()
            };
            let few = some(&mut dice, 3);
            let more: BTreeSet<&str> = few.union(&some(&mut dice, 3)).copied().collect();
            let of = |chosen: &BTreeSet<&str>| rules.coverage(|test| chosen.contains(test.name));
            let (few, more) = (of(&few), of(&more));
            let (before, after) = (reached(&few), reached(&more));
            assert_eq!(before.len(), after.len(), "{}", path.display());
            assert!(before.iter().zip(&after).all(|(few, more)| few <= more), "{}", path.display());
            for (few, more) in few.items.iter().zip(&more.items) {
                assert!(few.percent() <= more.percent(), "{}: {}", path.display(), few.id);
                compared += 1;
                grew += u32::from(few.percent() < more.percent());
            }
        }
    }
    println!("{compared} rules and lists compared, {grew} are reached more");
    assert!(compared > 1000 && grew > compared / 10, "{compared}, {grew}");
}
