//! How much of the rules their tests reach.
//!
//! A rule is taken apart ([`parts`]), each part with the cases that it can come to ([`reachable`]).
//! An expectation that is fulfilled reaches the cases that its verdict rests on ([`reached`]).

mod name;
mod parts;
mod reachable;
mod reached;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use self::parts::Parts;
use self::reachable::Key;
use self::reached::Look;
use super::{Chosen, Prepared};
use crate::check::rules::{Compiled, Expectation, ExpectationKind};
use crate::diagnostic::Span;
use crate::engine::{in_parts, part_size};
use crate::model::Number;
use crate::plan::Plan;
use crate::syntax::tree::{Item, ItemKind};

/// How much of a rule set its tests reach: each rule and list, part by part.
///
/// ```
/// use kadence::{NoFiles, RuleSet};
///
/// let text = r#"
/// customer: calls >= 1 in last 12 months   as called
///
/// test "one call is enough"
///     given   customer acme
///     given   call on acme at 2026-03-01
///     expect  called for acme is met at 2026-11-15 measured 1
/// "#;
/// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
/// let coverage = rules.coverage(|_| true);
/// let part = &coverage.items[0].parts[0];
/// assert_eq!(part.text, "calls >= 1 in last 12 months");
/// // Nobody has missed it, no customer had two calls, and no call was on the window's first day.
/// let missing: Vec<&str> = part.missing().map(|case| case.name.as_str()).collect();
/// assert_eq!(missing, ["missed", "0", "2", "day before", "first day", "last day"]);
/// assert_eq!((coverage.reached(), coverage.cases()), (2, 8));
/// # Ok::<(), kadence::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Coverage {
    /// Rules as written, then lists as written.
    pub items: Vec<ItemCoverage>,
}

/// How much is reached of a rule or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemCoverage {
    /// Which of them it is.
    pub kind: CoveredKind,
    /// The rule's id, the list's name.
    pub id: String,
    /// The file that it stands in.
    pub file: String,
    /// The line on which it starts, from one.
    pub line: u32,
    /// How many fulfilled expectations look at it.
    pub expectations: u64,
    /// In the order of writing.
    pub parts: Vec<PartCoverage>,
}

/// What is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CoveredKind {
    /// A rule.
    Rule,
    /// A list.
    List,
}

/// How much is reached of a part of a rule: who is judged, a piece of its condition, a modifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartCoverage {
    /// As written, white space folded.
    pub text: String,
    /// The line on which it starts, from one.
    pub line: u32,
    /// The column in which it starts, in characters from one.
    pub column: u32,
    /// How many characters it has on that line.
    pub width: u32,
    /// Everything that it can come to, and its borders.
    pub cases: Vec<CaseCoverage>,
}

/// A case of a part, and how often it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseCoverage {
    /// What is tried with it.
    pub kind: CaseKind,
    /// `at risk`, `4`, `last day`.
    pub name: String,
    /// How many expectations reach it.
    pub reached: u64,
}

/// What a case tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// How the part stands.
    Outcome,
    /// A number beside the threshold, or on it.
    Threshold,
    /// A day at an end of the window or deadline.
    Window,
    /// Who is judged and who is not.
    Population,
    /// What a modifier changes.
    Modifier,
    /// What a list holds.
    List,
}

impl Coverage {
    /// How many cases are reached.
    pub fn reached(&self) -> u64 {
        self.items.iter().map(ItemCoverage::reached).sum()
    }

    /// How many cases there are.
    pub fn cases(&self) -> u64 {
        self.items.iter().map(ItemCoverage::cases).sum()
    }

    /// How many percent of the cases are reached, rounded down to one decimal: 100 means all. Where
    /// there is no case, all are reached.
    pub fn percent(&self) -> Number {
        percent(self.reached(), self.cases())
    }

    /// Adds what other tests reach of the same items, or of others. Items are the same if they are
    /// called the same and stand on the same line of the same file.
    pub fn add(&mut self, other: Coverage) {
        let key = |item: &ItemCoverage| (item.kind, item.file.clone(), item.line, item.id.clone());
        let mut places: HashMap<_, usize> =
            self.items.iter().enumerate().map(|(place, item)| (key(item), place)).collect();
        for item in other.items {
            match places.get(&key(&item)).and_then(|place| self.items.get_mut(*place)) {
                Some(known) => known.add(&item),
                None => {
                    places.insert(key(&item), self.items.len());
                    self.items.push(item);
                }
            }
        }
    }
}

impl ItemCoverage {
    /// How many of its cases are reached.
    pub fn reached(&self) -> u64 {
        let parts = self.parts.iter().flat_map(|part| &part.cases);
        parts.map(|case| u64::from(case.reached > 0)).sum()
    }

    /// How many cases it has.
    pub fn cases(&self) -> u64 {
        self.parts.iter().map(|part| part.cases.len() as u64).sum()
    }

    /// As [`Coverage::percent`].
    pub fn percent(&self) -> Number {
        percent(self.reached(), self.cases())
    }

    fn add(&mut self, other: &ItemCoverage) {
        self.expectations += other.expectations;
        let cases = self.parts.iter_mut().flat_map(|part| &mut part.cases);
        let others = other.parts.iter().flat_map(|part| &part.cases);
        cases.zip(others).for_each(|(case, other)| case.reached += other.reached);
    }
}

impl PartCoverage {
    /// The cases that nothing reaches.
    pub fn missing(&self) -> impl Iterator<Item = &CaseCoverage> {
        self.cases.iter().filter(|case| case.reached == 0)
    }
}

fn percent(reached: u64, of: u64) -> Number {
    let tenths = Number::from(1000 * reached).checked_div(&Number::from(of));
    let tenths = tenths.map_or_else(|| Number::from(1000), |tenths| tenths.floor());
    (tenths / Number::from(10)).round_half_up(1)
}

/// What the tests that are chosen reach of all rules and lists.
pub(crate) fn measure(rules: &Compiled, chosen: Chosen<'_>) -> Coverage {
    // As the rules are written: without rewrites, conditions are where they stand.
    let plan = std::sync::Arc::new(Plan::with(rules, rules.schema.kinds(), &[]));
    let parts = parts::of_rules(rules, &plan);
    let by_rule: HashMap<usize, &Parts> = parts.iter().map(|parts| (parts.rule, parts)).collect();
    let tests: Vec<_> = rules.tests.iter().filter(|test| chosen(&test.info(rules))).collect();
    let looked = in_parts(tests.len(), part_size(tests.len(), 256), |range| {
        let tests = tests.get(range).unwrap_or_default();
        let looks = tests.iter().flat_map(|test| {
            let prepared = Prepared::new(rules, &plan, test).ok();
            prepared.map(|prepared| of_test(&prepared, &by_rule)).unwrap_or_default()
        });
        looks.collect::<Vec<_>>()
    });
    let mut rules_seen: HashMap<(usize, usize, Key), u64> = HashMap::new();
    let mut lists_seen: HashMap<(usize, ListCase), u64> = HashMap::new();
    let mut expectations: HashMap<(CoveredKind, usize), u64> = HashMap::new();
    for look in looked.into_iter().flatten() {
        match look {
            Seen::Rule(rule, reached) => {
                *expectations.entry((CoveredKind::Rule, rule)).or_default() += 1;
                for (part, key) in reached {
                    *rules_seen.entry((rule, part, key)).or_default() += 1;
                }
            }
            Seen::List(list, cases) => {
                *expectations.entry((CoveredKind::List, list)).or_default() += 1;
                for case in cases {
                    *lists_seen.entry((list, case)).or_default() += 1;
                }
            }
        }
    }
    let count = |kind, place| expectations.get(&(kind, place)).copied().unwrap_or(0);
    let of_rule = |of: &Parts| {
        let rule = rules.rules.get(of.rule)?;
        let part = |(place, part): (usize, &parts::Part)| {
            let case = |(key, name): &(Key, String)| CaseCoverage {
                kind: kind(*key),
                name: name.clone(),
                reached: rules_seen.get(&(of.rule, place, *key)).copied().unwrap_or(0),
            };
            at(rules, part.span, part.cases.iter().map(case).collect())
        };
        let place = rules.sources.position(rule.span);
        Some(ItemCoverage {
            kind: CoveredKind::Rule,
            id: rule.id.clone(),
            file: place.file.to_owned(),
            line: place.line,
            expectations: count(CoveredKind::Rule, of.rule),
            parts: of.all.iter().enumerate().map(part).collect(),
        })
    };
    let of_list = |(place, list): (usize, &crate::check::rules::List)| {
        let span = list_span(rules, &list.name)?;
        let case = |case: &ListCase| CaseCoverage {
            kind: CaseKind::List,
            name: case.name().to_owned(),
            reached: lists_seen.get(&(place, *case)).copied().unwrap_or(0),
        };
        let cases = ListCase::ALL.iter().filter(|case| case.is_of(list)).map(case).collect();
        let position = rules.sources.position(span);
        Some(ItemCoverage {
            kind: CoveredKind::List,
            id: list.name.clone(),
            file: position.file.to_owned(),
            line: position.line,
            expectations: count(CoveredKind::List, place),
            parts: vec![at(rules, span, cases)],
        })
    };
    let items = parts.iter().filter_map(of_rule);
    let items = items.chain(rules.lists.iter().enumerate().filter_map(of_list));
    Coverage { items: items.collect() }
}

fn at(rules: &Compiled, span: Span, cases: Vec<CaseCoverage>) -> PartCoverage {
    let written = rules.sources.slice(span);
    let place = rules.sources.position(span);
    let width = written.lines().next().unwrap_or_default().trim_end().chars().count();
    PartCoverage {
        text: super::fold(written),
        line: place.line,
        column: place.column,
        width: u32::try_from(width).unwrap_or(u32::MAX),
        cases,
    }
}

fn kind(key: Key) -> CaseKind {
    use crate::engine::Edge;
    match key {
        Key::Outcome(_) => CaseKind::Outcome,
        Key::Passes(_) | Key::Silent => CaseKind::Population,
        Key::Edge(Edge::Below(_) | Edge::At(_) | Edge::Above(_)) => CaseKind::Threshold,
        Key::Edge(_) => CaseKind::Window,
        Key::Prorated(_)
        | Key::Spared
        | Key::GraceEnds(_)
        | Key::Warned
        | Key::NotYet
        | Key::NoLonger => CaseKind::Modifier,
    }
}

fn list_span(rules: &Compiled, name: &str) -> Option<Span> {
    rules.items.iter().find_map(|Item { kind, span }| match kind {
        ItemKind::List(list) if list.name.value == name => Some(*span),
        _ => None,
    })
}

/// What can be tried with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum ListCase {
    /// Something is on it.
    Something,
    /// Something that there is of its noun is not on it.
    LeavesOut,
    /// Two are on it, in their order.
    InOrder,
}

impl ListCase {
    const ALL: [ListCase; 3] = [ListCase::Something, ListCase::LeavesOut, ListCase::InOrder];

    fn name(self) -> &'static str {
        match self {
            ListCase::Something => "lists something",
            ListCase::LeavesOut => "leaves something out",
            ListCase::InOrder => "lists two in order",
        }
    }

    fn is_of(self, list: &crate::check::rules::List) -> bool {
        self != ListCase::InOrder || list.sort.is_some()
    }
}

/// What an expectation has looked at.
enum Seen {
    Rule(usize, HashSet<(usize, Key)>),
    List(usize, Vec<ListCase>),
}

/// What the expectations of a test that are fulfilled look at.
fn of_test(test: &Prepared<'_>, rules: &HashMap<usize, &Parts>) -> Vec<Seen> {
    let of = |expected: &Expectation| {
        let evaluation = test.evaluation(expected);
        let probe = evaluation.probe();
        let look = |rule: usize, subject: &str| {
            let parts = *rules.get(&rule)?;
            let noun = test.rules.rules.get(rule)?.subject.noun;
            let subject = probe.find(noun, subject)?;
            Some(Look { probe: &probe, parts, subject, reached: HashSet::new() })
        };
        let seen = match &expected.kind {
            ExpectationKind::Verdict { rule, subject, status, .. } => {
                Seen::Rule(*rule, look(*rule, subject)?.verdict(*status))
            }
            ExpectationKind::Silent { rule, subject } => {
                Seen::Rule(*rule, look(*rule, subject)?.silence())
            }
            ExpectationKind::Lists { list, ids } => {
                let noun = test.rules.lists.get(*list)?.phrase.noun;
                let cases = [
                    (!ids.is_empty()).then_some(ListCase::Something),
                    (probe.present(noun) > ids.len()).then_some(ListCase::LeavesOut),
                    (ids.len() > 1).then_some(ListCase::InOrder),
                ];
                Seen::List(*list, cases.into_iter().flatten().collect())
            }
            ExpectationKind::Score { .. } => return None,
        };
        Some(seen)
    };
    let met = test.test.expectations.iter().filter(|expected| test.unmet(expected).is_none());
    met.filter_map(of).collect()
}
