//! What is claimed of rules without data is refuted by no data.
//!
//! Random rule sets whose rules are often of the same things, and for each of them histories that
//! come as near to what the rules ask as they can. `KADENCE_CLAIMS_SETS` says how many rule sets
//! there are, `KADENCE_CLAIMS_SEED` is the seed of the first.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the agreement with the reference uses more of it")]
#[path = "support/dice.rs"]
mod dice;
#[path = "claims/history.rs"]
mod history;
#[path = "claims/rules.rs"]
mod rules;

use std::collections::BTreeMap;
use std::env;

use chrono::NaiveDate;
use dice::{Dice, plus};
use history::History;
use kadence::internals::calendar::Unit;
use kadence::internals::{Claims, claims};
use kadence::{Code, NoFiles, Options, RuleSet, Status};
use rules::Written;

/// How many rule sets are tried unless the environment says otherwise.
const SETS: u64 = 400;

/// How many histories each of them is held against.
const HISTORIES: usize = 2;

/// For how many days rules are judged: two years, of which the second has a year before it.
const DAYS: i64 = 731;

/// How long before a verdict another rule must have been met.
const BEFORE: usize = 400;

fn variable(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap())
}

/// How a rule stood for a subject on each day; none where it did not judge it.
type Days = Vec<Option<Status>>;

/// What was tried.
#[derive(Debug, Default)]
struct Tried {
    claims: BTreeMap<&'static str, u64>,
    /// Claims of a pair that a history could have refuted, by the one rule being met throughout.
    put_to_the_test: BTreeMap<&'static str, u64>,
    verdicts: u64,
    /// Rule sets with an error.
    refused: u64,
}

/// A rule set, a history, and how its rules stood.
struct Trial<'t> {
    rules: &'t RuleSet,
    written: &'t [Written],
    first: NaiveDate,
    /// By rule and subject.
    stood: BTreeMap<(usize, String), Days>,
}

impl<'t> Trial<'t> {
    fn new(
        rules: &'t RuleSet,
        written: &'t [Written],
        history: &History,
        tried: &mut Tried,
    ) -> Self {
        let data = rules.prepare(&history.dataset(rules.schema())).unwrap();
        let places: BTreeMap<&str, usize> =
            written.iter().map(|rule| rule.id.as_str()).zip(0..).collect();
        let mut stood: BTreeMap<(usize, String), Days> = BTreeMap::new();
        for n in 0..DAYS {
            let judged = rules.judge(&data, &Options::at(plus(history.first, n))).unwrap();
            for decision in judged.decisions() {
                let key = (places[decision.rule()], decision.subject().into_owned());
                let days = stood.entry(key).or_insert_with(|| vec![None; DAYS as usize]);
                days[n as usize] = Some(decision.status());
                tried.verdicts += 1;
            }
        }
        Trial { rules, written, first: history.first, stood }
    }

    fn of(&self, rule: usize, subject: &str) -> Option<&Days> {
        self.stood.get(&(rule, subject.to_owned()))
    }

    fn subjects(&self, rule: usize) -> impl Iterator<Item = &str> {
        let of_rule = self.stood.keys().filter(move |(other, _)| *other == rule);
        of_rule.map(|(_, subject)| subject.as_str())
    }

    /// Whether a rule is judged at the end of a day: of one that has periods, the last of them.
    fn is_judged(&self, rule: usize, day: usize) -> bool {
        let unit: Option<Unit> = self.written[rule].unit;
        let day = plus(self.first, day as i64);
        unit.is_none_or(|unit| self.rules.compiled().calendar.period(unit, day).last == day)
    }

    fn judged(&self, rule: usize) -> impl Iterator<Item = usize> {
        (0..DAYS as usize).filter(move |day| self.is_judged(rule, *day))
    }

    /// A subject that met both rules on all days.
    fn meets_both(&self, (more, less): (usize, usize), tried: &mut Tried) -> Option<String> {
        self.subjects(more).find_map(|subject| {
            let meets = |rule: usize| {
                let days = self.of(rule, subject)?;
                Some(self.judged(rule).all(|day| days[day] == Some(Status::Met)))
            };
            let (more, less) = (meets(more)?, meets(less)?);
            *tried.put_to_the_test.entry("contradiction").or_default() += u64::from(more || less);
            (more && less).then(|| subject.to_owned())
        })
    }

    /// A subject and a day on which a rule did not hold though the one that implies it did.
    fn misses(&self, (rule, by): (usize, usize), tried: &mut Tried) -> Option<String> {
        let is_same = self.written[rule].window == self.written[by].window;
        let mut found = None;
        let mut tested = 0;
        for subject in self.subjects(rule) {
            let days = self.of(rule, subject)?;
            let Some(given) = self.of(by, subject) else {
                return Some(format!("{subject} is judged by the one rule alone"));
            };
            let broken: Vec<usize> =
                self.judged(by).filter(|day| given[*day] != Some(Status::Met)).collect();
            let is_met = |day: usize| {
                if is_same {
                    return given[day] == Some(Status::Met);
                }
                let is_settled = day >= BEFORE && day + 7 < DAYS as usize;
                let near = |broken: &&usize| (day - BEFORE..=day + 7).contains(*broken);
                is_settled && history::is_old(subject) && !broken.iter().any(|day| near(&day))
            };
            for day in self.judged(rule) {
                let Some(status) = days[day] else { continue };
                if given[day].is_none() {
                    let day = plus(self.first, day as i64);
                    return Some(format!("{subject} is judged by the one rule alone on {day}"));
                }
                if (!is_same || self.is_judged(by, day)) && is_met(day) {
                    tested += 1;
                    if !matches!(status, Status::Met | Status::NotApplicable) {
                        let day = plus(self.first, day as i64);
                        found = Some(format!("{subject} is {} on {day}", status.words()));
                    }
                }
            }
        }
        *tried.put_to_the_test.entry("implication").or_default() += u64::from(tested > 0);
        found
    }

    /// A subject whose verdicts are not as a finding says that they all are.
    fn differs(&self, code: Code, message: &str, tried: &mut Tried) -> Option<String> {
        let is_about = |rule: &&Written| message.starts_with(&format!("`{}` ", rule.id));
        let place = self.written.iter().position(|rule| is_about(&rule))?;
        *tried.claims.entry(code.name()).or_default() += 1;
        let is_wrong = |status: Status| match code {
            Code::K072 => status == Status::Met,
            Code::K073 => matches!(status, Status::Missed | Status::AtRisk),
            _ => true,
        };
        self.subjects(place).find_map(|subject| {
            let days = self.of(place, subject)?;
            let wrong = days.iter().flatten().find(|status| is_wrong(**status))?;
            *tried.put_to_the_test.entry(code.name()).or_default() += 1;
            Some(format!("{code}: {message}, and {subject} is {}", wrong.words()))
        })
    }
}

/// What refutes a claim that is made of the rules of a seed.
fn refuted(seed: u64, tried: &mut Tried) -> Option<String> {
    let mut dice = Dice::new(seed);
    let (text, written) = rules::rule_set(&mut dice);
    let Ok(rules) = RuleSet::compile("random.kpi", &text, &NoFiles) else {
        tried.refused += 1;
        return None;
    };
    let Claims { contradictions, implications } = claims(rules.compiled());
    let alone = rules.findings().all;
    let alone = || alone.iter().filter(|found| found.code >= Code::K072);
    *tried.claims.entry("contradiction").or_default() += contradictions.len() as u64;
    *tried.claims.entry("implication").or_default() += implications.len() as u64;
    for found in &contradictions {
        let shown =
            RuleSet::compile("shown.kpi", &format!("{text}{}", found.witness.text), &NoFiles);
        let shown = shown.unwrap_or_else(|found| panic!("{found}\n{text}"));
        let run = shown.test();
        assert!(run.passed(), "{text}{}\n{:?}", found.witness.text, run.tests);
    }
    if contradictions.is_empty() && implications.is_empty() && alone().next().is_none() {
        return None;
    }
    for _ in 0..HISTORIES {
        let history = History::random(&mut dice, &rules, &written);
        let trial = Trial::new(&rules, &written, &history, tried);
        let mut wrong = None;
        for found in &contradictions {
            let pair = (found.more, found.less);
            wrong =
                wrong.or_else(|| trial.meets_both(pair, tried).map(|s| format!("{pair:?}: {s}")));
        }
        for found in &implications {
            let pair = (found.rule, found.by);
            wrong = wrong.or_else(|| trial.misses(pair, tried).map(|s| format!("{pair:?}: {s}")));
        }
        for found in alone() {
            wrong = wrong.or_else(|| trial.differs(found.code, &found.message, tried));
        }
        if let Some(wrong) = wrong {
            return Some(format!("{wrong}\n{text}{history}"));
        }
    }
    None
}

#[test]
fn no_claim_is_refuted_by_random_data() {
    let first = variable("KADENCE_CLAIMS_SEED");
    let sets = variable("KADENCE_CLAIMS_SETS");
    let count = sets.unwrap_or(if first.is_some() { 1 } else { SETS });
    let first = first.unwrap_or(0);
    let mut tried = Tried::default();
    let mut wrong = Vec::new();
    for seed in first..first + count {
        if let Some(refutation) = refuted(seed, &mut tried) {
            println!("KADENCE_CLAIMS_SEED={seed}\n{refutation}\n");
            wrong.push(seed);
        }
    }
    println!("{count} rule sets from seed {first}, {} refused", tried.refused);
    assert!(tried.refused <= count / 50);
    println!("claims: {:?}", tried.claims);
    println!("put to the test: {:?}; verdicts: {}", tried.put_to_the_test, tried.verdicts);
    assert!(wrong.is_empty(), "KADENCE_CLAIMS_SEED is one of {wrong:?}");
    if count >= SETS {
        for kind in ["contradiction", "implication", "K072", "K073", "K074"] {
            let claims = tried.claims.get(kind).copied().unwrap_or_default();
            assert!(claims * 100 >= count, "{kind}: {claims} claims");
        }
        for kind in ["contradiction", "implication"] {
            let tests = tried.put_to_the_test.get(kind).copied().unwrap_or_default();
            assert!(tests * 20 >= count, "{kind}: {tests} put to the test");
        }
    }
}
