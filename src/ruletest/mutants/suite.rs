//! Rules with all tests that there are of them, and their mutants.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Edit, edits};
use super::scope::{Asked, Links, Scope};
use super::{Change, Fate, Key, Mutant, MutantKind, MutatedItem, UselessAllowance};
use crate::analysis::items::Places;
use crate::analysis::logic::Difference;
use crate::analysis::silence::{Allowance, allowances};
use crate::check::rules::{Compiled, Expectation, ExpectationKind, Test};
use crate::diagnostic::{FileId, Span};
use crate::engine::{self, Evaluation, Store, in_parts};
use crate::model::Dataset;
use crate::plan::{Plan, Reads};
use crate::ruletest::{dataset, failure};
use crate::syntax;
use crate::syntax::tree::{Item, ItemKind};

/// How many edits of an item are tried at a time.
const RUN: usize = 8;

/// Rule sets that hold the same rules and differ in their tests alone.
pub(super) struct Suite<'r> {
    /// The first of them.
    rules: &'r Compiled,
    whole: Scope<'r>,
    links: Links,
    reads: Reads,
    /// Of the first rule set: what its files are called, and their texts without comments.
    files: Vec<(String, String)>,
    tests: Vec<Ready<'r>>,
    failing: usize,
    /// The comments that allow mutants, by item and kind.
    allowed: BTreeMap<(usize, MutantKind), Allowance>,
}

/// A test whose data is made.
struct Ready<'r> {
    name: &'r str,
    file: String,
    data: Dataset,
    store: Store,
}

/// A place where a mutant can be made.
struct Site<'s> {
    item: usize,
    name: &'s (MutatedItem, String),
    edit: Edit,
}

impl<'r> Suite<'r> {
    /// The suites of several rule sets.
    pub(super) fn of(sets: &[&'r Compiled], name: &dyn Fn(usize, &str) -> String) -> Vec<Self> {
        let mut suites: Vec<(Vec<(String, &str)>, Suite<'r>)> = Vec::new();
        for (at, rules) in sets.iter().enumerate() {
            let called = |file: &str| name(at, file);
            let written: Vec<(String, &str)> = without_tests(rules)
                .map(|item| {
                    let file = called(rules.sources.name(item.span.file));
                    (file, rules.sources.slice(item.span))
                })
                .collect();
            match suites.iter_mut().find(|(known, _)| *known == written) {
                Some((_, suite)) => suite.add(rules, &called),
                None => suites.push((written, Suite::new(rules, &called))),
            }
        }
        suites.into_iter().map(|(_, suite)| suite).collect()
    }

    fn new(rules: &'r Compiled, called: &dyn Fn(&str) -> String) -> Self {
        let file = |at| {
            let id = FileId(at);
            let text = rules.sources.text(id);
            (called(rules.sources.name(id)), syntax::without_comments(text).into_owned())
        };
        let last = rules.items.iter().map(|item| item.span.file.0).max();
        let mut suite = Suite {
            rules,
            whole: Scope::whole(rules),
            links: Links::new(rules),
            reads: Plan::new(rules, rules.schema.kinds()).reads(),
            files: (0..last.map_or(0, |last| last + 1)).map(file).collect(),
            tests: Vec::new(),
            failing: 0,
            allowed: allowed(rules),
        };
        suite.add(rules, called);
        suite
    }

    /// Adds the tests of a rule set with the same rules.
    fn add(&mut self, rules: &'r Compiled, called: &dyn Fn(&str) -> String) {
        let plan = Arc::new(Plan::new(rules, rules.schema.kinds()));
        for test in &rules.tests {
            // Data that cannot be had fulfils nothing.
            let Ok(data) = dataset(rules, &test.rows) else {
                self.failing += test.expectations.len();
                continue;
            };
            let store = Store::new(&data, &plan.calendar, &plan.reads().fields);
            let is_fulfilled = |expected: &&Expectation| is_met(rules, &plan, &store, expected);
            let (fulfilled, failing): (Vec<&Expectation>, Vec<_>) =
                test.expectations.iter().partition(is_fulfilled);
            self.failing += failing.len();
            let test_place = self.tests.len();
            self.whole.asked.extend(fulfilled.into_iter().map(|written| Asked {
                test: test_place,
                line: line_of(rules, written),
                expected: written.clone(),
                written,
            }));
            let file = called(file_of(rules, test));
            self.tests.push(Ready { name: &test.name, file, data, store });
        }
    }

    pub(super) fn failing(&self) -> usize {
        self.failing
    }

    fn text(&self, span: Span) -> &str {
        self.files.get(span.file.0 as usize).map_or("", |(_, text)| text)
    }

    fn called(&self, span: Span) -> String {
        self.files.get(span.file.0 as usize).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// What came of each mutant that is still open.
    pub(super) fn run(&self, is_open: &dyn Fn(&Key) -> bool) -> Vec<(Key, Mutant)> {
        let names = self.names();
        let mut sites: Vec<(Key, Site<'_>)> = Vec::new();
        for (place, item) in self.whole.variants.items().iter().enumerate() {
            let Some(Some(name)) = names.get(place) else { continue };
            let file = self.called(item.span);
            for edit in edits(item, self.text(item.span)) {
                let Span { start, end, .. } = edit.span;
                let key = (file.clone(), start, end, edit.kind, edit.text.clone());
                if is_open(&key) {
                    sites.push((key, Site { item: place, name, edit }));
                }
            }
        }
        let runs: Vec<&[(Key, Site<'_>)]> = sites
            .chunk_by(|(_, site), (_, next)| site.item == next.item)
            .flat_map(|of_item| of_item.chunks(RUN))
            .collect();
        let fates = in_parts(runs.len(), 1, |part| {
            let runs = runs.get(part).unwrap_or(&[]);
            runs.iter().flat_map(|sites| self.fates(sites)).collect::<Vec<_>>()
        });
        let fates: Vec<Option<Fate>> = fates.into_iter().flatten().collect();
        let told = sites.into_iter().zip(fates);
        told.filter_map(|((key, site), fate)| Some((key, self.mutant(&site, fate?)))).collect()
    }

    /// The comments that allow mutants, with what is to be told of each if none of these is allowed
    /// by it.
    pub(super) fn allowances(&self, mutants: &[Mutant]) -> Vec<UselessAllowance> {
        let names = self.names();
        let useless = |((item, kind), allowance): (&(usize, MutantKind), &Allowance)| {
            let (_, name) = names.get(*item)?.as_ref()?;
            let file = self.called(allowance.span);
            let is_used = mutants.iter().any(|mutant| {
                mutant.kind == *kind
                    && mutant.item == *name
                    && mutant.file == file
                    && matches!(mutant.fate, Fate::Allowed { .. })
            });
            let line = self.rules.sources.position(allowance.span).line;
            let has_reason = allowance.reason.is_some();
            (!is_used).then_some(UselessAllowance { file, line, kind: *kind, has_reason })
        };
        self.allowed.iter().filter_map(useless).collect()
    }

    fn mutant(&self, site: &Site<'_>, fate: Fate) -> Mutant {
        let span = site.edit.span;
        let text = self.text(span);
        let written = self.whole.variants.sources().slice(span);
        let space = written.len() - written.trim_start().len();
        let start = span.start + u32::try_from(space).unwrap_or(0);
        let at = self.whole.variants.sources().position(Span { start, ..span });
        Mutant {
            item: site.name.1.clone(),
            what: site.name.0,
            kind: site.edit.kind,
            file: self.called(span),
            line: at.line,
            column: at.column,
            bytes: span.start as usize..span.end as usize,
            replacement: site.edit.text.clone(),
            change: Change::of(&site.edit, text),
            fate,
        }
    }

    /// What each item is called, of those that can be changed.
    fn names(&self) -> Vec<Option<(MutatedItem, String)>> {
        let mut ids = self.rules.rules.iter().map(|rule| rule.id.clone());
        let name = |item: &Item| {
            Some(match &item.kind {
                ItemKind::Rule(_) => (MutatedItem::Rule, ids.next()?),
                ItemKind::List(list) => (MutatedItem::List, list.name.value.clone()),
                ItemKind::Segment { name, .. } => (MutatedItem::Segment, name.value.clone()),
                ItemKind::Define { names, .. } => {
                    (MutatedItem::Define, names.first()?.value.clone())
                }
                _ => return None,
            })
        };
        self.whole.variants.items().iter().map(name).collect()
    }

    /// What comes of edits of one item.
    fn fates(&self, sites: &[(Key, Site<'_>)]) -> Vec<Option<Fate>> {
        let Some((_, first)) = sites.first() else { return Vec::new() };
        let part = self.whole.part(first.item, self.rules, &self.links);
        let (scope, item) =
            part.as_ref().map_or((&self.whole, first.item), |(part, item)| (part, *item));
        sites.iter().map(|(_, site)| self.fate(site, scope, item)).collect()
    }

    /// What comes of an edit of an item that has its place in a scope; none if it does not make a
    /// rule set.
    fn fate(&self, site: &Site<'_>, scope: &Scope<'r>, item: usize) -> Option<Fate> {
        let mutant = Mutated::new(self.compile(site, scope, item)?, &self.reads);
        let difference = scope.ground.difference(&mutant.rules);
        if difference.is_empty() {
            return Some(Fate::Equal);
        }
        let mut stores: Stores = BTreeMap::new();
        let mut whole: Option<(Mutated, Stores)> = None;
        let mut is_looked_at = false;
        for asked in scope.asked.iter().filter(|asked| looks_at(&asked.expected, &difference)) {
            is_looked_at = true;
            let Some(test) = self.tests.get(asked.test) else { continue };
            let is_score = matches!(asked.expected.kind, ExpectationKind::Score { .. });
            let is_met = match &scope.part {
                Some(before) if is_score => {
                    let store = mutant.store(asked.test, test, &mut stores);
                    mutant.scores_as(before, test, store, asked) || {
                        if whole.is_none() {
                            let all = self.compile(site, &self.whole, site.item)?;
                            whole = Some((Mutated::new(all, &self.reads), Stores::new()));
                        }
                        whole.as_mut().is_some_and(|(whole, stores)| {
                            let store = whole.store(asked.test, test, stores);
                            is_met(&whole.rules, &whole.plan, store, asked.written)
                        })
                    }
                }
                _ => {
                    let store = mutant.store(asked.test, test, &mut stores);
                    is_met(&mutant.rules, &mutant.plan, store, &asked.expected)
                }
            };
            if !is_met {
                let (test, file) = (test.name.to_owned(), test.file.clone());
                return Some(Fate::Killed { test, file, line: asked.line });
            }
        }
        if scope.ground.means_the_same(&difference) {
            return Some(Fate::Equal);
        }
        let allowance = self.allowed.get(&(site.item, site.edit.kind));
        Some(match allowance.and_then(|allowance| allowance.reason.clone()) {
            Some(reason) => Fate::Allowed { reason },
            None => Fate::Survived { is_looked_at },
        })
    }

    /// The rules of a scope with an edit of the item in that place.
    fn compile(&self, site: &Site<'_>, scope: &Scope<'r>, place: usize) -> Option<Compiled> {
        let item = scope.variants.items().get(place)?;
        let text = self.text(item.span);
        let Span { start, end, .. } = site.edit.span;
        let before = text.get(item.span.start as usize..start as usize)?;
        let after = text.get(end as usize..item.span.end as usize)?;
        let mut sources = scope.variants.sources().clone();
        let changed = [before, site.edit.text.as_str(), after].concat();
        let file = sources.add(self.called(item.span), changed);
        let (read, faults) = syntax::parse(&sources, file, usize::MAX);
        let mut items = read.items.into_iter();
        let (Some(mut item), None, true) = (items.next(), items.next(), faults.is_empty()) else {
            return None;
        };
        if let ItemKind::Rule(rule) = &mut item.kind {
            // An id that is made from the text stays, for those that meet the rule.
            let span = rule.span;
            let (_, id) = (site.name.0 == MutatedItem::Rule).then_some(site.name)?;
            rule.modifiers.id.get_or_insert(syntax::tree::Spanned { value: id.clone(), span });
        }
        scope.variants.with(place, item, sources)
    }
}

/// Data of tests with the fields that a mutant reads and the rules do not, by the test's place.
type Stores = BTreeMap<usize, Store>;

/// A mutant, ready to judge.
struct Mutated {
    rules: Compiled,
    plan: Arc<Plan>,
    /// Whether it reads no field that the rules do not.
    has_fields: bool,
}

impl Mutated {
    fn new(rules: Compiled, reads: &Reads) -> Self {
        let plan = Arc::new(Plan::new(&rules, rules.schema.kinds()));
        let has_fields = plan.reads().fields.is_subset(&reads.fields);
        Mutated { rules, plan, has_fields }
    }

    /// The data of a test.
    fn store<'s>(&self, place: usize, test: &'s Ready<'_>, stores: &'s mut Stores) -> &'s Store {
        if self.has_fields {
            return &test.store;
        }
        let new = || Store::new(&test.data, &self.plan.calendar, &self.plan.reads().fields);
        stores.entry(place).or_insert_with(new)
    }

    /// Whether the rules of the part make the scores that they made before.
    fn scores_as(
        &self,
        (rules, plan): &(Compiled, Arc<Plan>),
        test: &Ready<'_>,
        store: &Store,
        asked: &Asked<'_>,
    ) -> bool {
        let as_of = asked.expected.at;
        let options = engine::Options { as_of, from: None, history: false, only: &[] };
        let before = Evaluation::new(rules, plan.clone(), &test.store, &options).decide();
        let after = Evaluation::new(&self.rules, self.plan.clone(), store, &options).decide();
        after.scores_as(&before)
    }
}

/// Whether an expectation can come out otherwise.
fn looks_at(expected: &Expectation, difference: &Difference) -> bool {
    match &expected.kind {
        ExpectationKind::Verdict { rule, .. } | ExpectationKind::Silent { rule, .. } => {
            difference.rules.contains(rule)
        }
        ExpectationKind::Lists { list, .. } => difference.lists.contains(list),
        ExpectationKind::Score { .. } => !difference.rules.is_empty(),
    }
}

/// Whether an expectation is fulfilled.
fn is_met(rules: &Compiled, plan: &Arc<Plan>, store: &Store, expected: &Expectation) -> bool {
    // A verdict and a list are looked up; a score rests on all rules.
    let one = match &expected.kind {
        ExpectationKind::Verdict { rule, .. } | ExpectationKind::Silent { rule, .. } => {
            rules.rules.get(*rule).map(|rule| rule.id.clone())
        }
        ExpectationKind::Lists { .. } => rules.rules.first().map(|rule| rule.id.clone()),
        ExpectationKind::Score { .. } => None,
    };
    let only = one.as_slice();
    let options = engine::Options { as_of: expected.at, from: None, history: false, only };
    failure::of(Evaluation::new(rules, plan.clone(), store, &options), expected).is_none()
}

/// The comments that allow mutants, by the place of the item among those that can be changed.
fn allowed(rules: &Compiled) -> BTreeMap<(usize, MutantKind), Allowance> {
    let places = Places::new(&rules.sources, &rules.items);
    let is_test = |item: &&Item| matches!(item.kind, ItemKind::Test(_));
    let mut allowed = BTreeMap::new();
    for (item, allowance) in allowances(&places) {
        let Some(item) = item else { continue };
        let tests_before = rules.items.iter().take(item).filter(is_test).count();
        for (word, _) in &allowance.words {
            if let Some(kind) = MutantKind::ALL.into_iter().find(|kind| kind.name() == word) {
                allowed.insert((item - tests_before, kind), allowance.clone());
            }
        }
    }
    allowed
}

fn without_tests(rules: &Compiled) -> impl Iterator<Item = &Item> {
    rules.items.iter().filter(|item| !matches!(item.kind, ItemKind::Test(_)))
}

fn line_of(rules: &Compiled, expected: &Expectation) -> u32 {
    rules.sources.position(expected.span).line
}

fn file_of<'r>(rules: &'r Compiled, test: &Test) -> &'r str {
    rules.sources.name(test.span.file)
}
