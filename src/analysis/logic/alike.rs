//! Rule sets that differ in one item: which rules and lists that can change, and whether it
//! provably changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Logic;
use super::bare::Bare;
use super::shape::{Alternative, Shape};
use crate::check::Mentions;
use crate::check::rules::{self, Base, Compiled, Condition, List, Phrase, Rule, Segment};
use crate::diagnostic::{FileId, Span};
use crate::model::Noun;
use crate::plan::{self, ClassSet, ConditionId, Measure, NumberTest, Plan, SetId, State, TestId};
use crate::verdict::Severity;

/// A rule set to which others are held.
pub(crate) struct Ground {
    bare: Compiled,
    lists: Vec<List>,
    rules_mention: Vec<Mentions>,
    lists_mention: Vec<Mentions>,
    /// Of each rule, and of each list, whether it asks for a customer's segment as for a field.
    rules_read: Vec<bool>,
    lists_read: Vec<bool>,
}

/// What another rule set may judge otherwise, by its places.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// The rules, those included that meet others which changed.
    pub(crate) rules: BTreeSet<usize>,
    pub(crate) lists: BTreeSet<usize>,
    /// The rules and lists that say something else themselves, by the names that they use too.
    said: (BTreeSet<usize>, BTreeSet<usize>),
    segments: BTreeSet<usize>,
    /// The other rule set without its wording.
    bare: Option<(Compiled, Vec<List>)>,
}

impl Difference {
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.lists.is_empty()
    }
}

impl Ground {
    pub(crate) fn new(rules: &Compiled) -> Self {
        let (bare, lists) = without_wording(rules);
        let mention = |rule: &Rule| {
            let mut mentions = Mentions::default();
            mentions.rule(rule);
            mentions
        };
        let list_mentions = |list: &List| {
            let mut mentions = Mentions::default();
            mentions.phrase(&list.phrase);
            mentions
        };
        let segment = bare.schema.field_ref(Noun::Customer, "segment");
        let list_reads = |list: &List| {
            let mut sorts = list.sort.iter().flat_map(|(path, _)| &path.steps);
            let population = Rule { subject: list.phrase.clone(), ..nothing() };
            sorts.any(|step| Some(*step) == segment) || reads_segment(&bare, population)
        };
        Ground {
            rules_read: bare.rules.iter().map(|rule| reads_segment(&bare, rule.clone())).collect(),
            lists_read: lists.iter().map(list_reads).collect(),
            rules_mention: bare.rules.iter().map(mention).collect(),
            lists_mention: lists.iter().map(list_mentions).collect(),
            bare,
            lists,
        }
    }

    /// What a rule set with the same rules and lists in the same places may judge otherwise.
    pub(crate) fn difference(&self, other: &Compiled) -> Difference {
        let (bare, lists) = without_wording(other);
        let pairs = self.bare.segments.iter().zip(&bare.segments).enumerate();
        let segments: BTreeSet<usize> =
            pairs.filter(|(_, (a, b))| a.phrase != b.phrase).map(|(place, _)| place).collect();
        // Whoever comes into a segment leaves those after it.
        let first = segments.first().copied().unwrap_or(usize::MAX);
        let later = self.bare.segments.iter().skip(first).map(|segment| &segment.name);
        let later: BTreeSet<&String> = later.collect();
        let is_built_on_them = |mentions: &Mentions, reads: bool| {
            mentions.segments.iter().any(|name| later.contains(name))
                || (reads && !segments.is_empty())
        };
        let pairs = self.bare.rules.iter().zip(&bare.rules).enumerate();
        let said: BTreeSet<usize> =
            pairs.filter(|(_, (a, b))| !says_the_same(a, b)).map(|(place, _)| place).collect();
        let mut rules = said.clone();
        for (place, (mentions, reads)) in
            self.rules_mention.iter().zip(&self.rules_read).enumerate()
        {
            if is_built_on_them(mentions, *reads) {
                rules.insert(place);
            }
        }
        loop {
            let before = rules.len();
            for (place, mentions) in self.rules_mention.iter().enumerate() {
                if !mentions.rules.is_disjoint(&rules) {
                    rules.insert(place);
                }
            }
            if rules.len() == before {
                break;
            }
        }
        let pairs = self.lists.iter().zip(&lists).enumerate();
        let said_lists: BTreeSet<usize> = pairs
            .filter(|(_, (a, b))| (&a.phrase, &a.sort, a.limit) != (&b.phrase, &b.sort, b.limit))
            .map(|(place, _)| place)
            .collect();
        let mut changed_lists = said_lists.clone();
        for (place, (mentions, reads)) in
            self.lists_mention.iter().zip(&self.lists_read).enumerate()
        {
            if is_built_on_them(mentions, *reads) || !mentions.rules.is_disjoint(&rules) {
                changed_lists.insert(place);
            }
        }
        Difference {
            rules,
            lists: changed_lists,
            said: (said, said_lists),
            segments,
            bare: Some((bare, lists)),
        }
    }

    /// Whether the difference provably makes none: what is said otherwise means the same.
    pub(crate) fn means_the_same(&self, difference: &Difference) -> bool {
        let Some((other, other_lists)) = &difference.bare else { return true };
        let (said, said_lists) = &difference.said;
        // Both of each pair in one plan, so that what means the same is the same there. Rules that
        // say the same keep their places, for those that are met, and nothing else.
        let keep = |(place, rule): (usize, &Rule)| {
            if said.contains(&place) { rule.clone() } else { nothing() }
        };
        let mut asked: Vec<Rule> = self.bare.rules.iter().enumerate().map(keep).collect();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for place in said {
            let Some(rule) = other.rules.get(*place) else { return false };
            pairs.push((*place, asked.len()));
            asked.push(rule.clone());
        }
        let mut populations = |a: &Arc<Phrase>, b: &Arc<Phrase>| {
            let of = |phrase: &Arc<Phrase>| Rule { subject: phrase.clone(), ..nothing() };
            pairs.push((asked.len(), asked.len() + 1));
            asked.extend([of(a), of(b)]);
        };
        for place in &difference.segments {
            let segment = |of: &[Segment]| of.get(*place).map(|segment| segment.phrase.clone());
            if let (Some(a), Some(b)) = (segment(&self.bare.segments), segment(&other.segments)) {
                populations(&a, &b);
            }
        }
        for place in said_lists {
            let (Some(a), Some(b)) = (self.lists.get(*place), other_lists.get(*place)) else {
                return false;
            };
            if (&a.sort, a.limit) != (&b.sort, b.limit) {
                return false;
            }
            populations(&a.phrase, &b.phrase);
        }
        let both = Compiled { rules: asked, ..self.bare.clone() };
        let logic = Logic::plain(&both);
        pairs.into_iter().all(|(a, b)| logic.are_alike(a, b))
    }
}

fn without_wording(rules: &Compiled) -> (Compiled, Vec<List>) {
    let mut wording = Bare::default();
    let bare = wording.compiled(rules);
    let lists = rules.lists.iter().map(|list| List {
        phrase: wording.phrase(&list.phrase),
        sort: list.sort.as_ref().map(|(path, down)| (wording.path(path), *down)),
        ..list.clone()
    });
    (bare, lists.collect())
}

/// Whether a rule asks for the segment of a customer as for any field.
fn reads_segment(bare: &Compiled, rule: Rule) -> bool {
    let alone = Compiled { segments: Vec::new(), rules: vec![rule], ..bare.clone() };
    let reads = Plan::new(&alone, bare.schema.kinds()).reads();
    let segment = bare.schema.field_ref(Noun::Customer, "segment");
    segment.is_some_and(|segment| reads.fields.contains(&segment))
}

/// Whether two rules say the same; they may mean the same even where they do not.
fn says_the_same(a: &Rule, b: &Rule) -> bool {
    (&a.subject, &a.condition, &a.unless) == (&b.subject, &b.condition, &b.unless)
        && has_the_same_frame(a, b)
}

fn has_the_same_frame(a: &Rule, b: &Rule) -> bool {
    (a.since, a.until, a.prorate, a.grace, a.warn, a.weight)
        == (b.since, b.until, b.prorate, b.grace, b.warn, b.weight)
}

/// The same, where `prorate` may make no difference.
fn has_alike_frame(a: &Rule, b: &Rule) -> bool {
    let frame = |rule: &Rule| Rule { prorate: false, ..rule.clone() };
    has_the_same_frame(a, b)
        || (is_never_prorated(a)
            && is_never_prorated(b)
            && has_the_same_frame(&frame(a), &frame(b)))
}

/// Whether all days of every period count for every subject, and whole numbers stay what they are:
/// nobody creates a team.
fn is_never_prorated(rule: &Rule) -> bool {
    let is_always_in_force = rule.since.is_none() && rule.until.is_none();
    let has_no_start = matches!(rule.subject.noun, Noun::Team | Noun::Company);
    is_always_in_force && has_no_start && has_whole_targets(&rule.condition)
}

fn has_whole_targets(condition: &Condition) -> bool {
    let is_whole =
        |target: &rules::Measure| matches!(target, rules::Measure::Number(n) if n.is_integer());
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().all(has_whole_targets),
        Condition::Not(inner) => has_whole_targets(inner),
        Condition::Compare(comparison) => match &comparison.test {
            rules::NumberTest::Is(_, target) => is_whole(target),
            rules::NumberTest::Between(low, high) => is_whole(low) && is_whole(high),
        },
        _ => true,
    }
}

/// A rule that asks nothing of the company.
fn nothing() -> Rule {
    let company = Phrase {
        noun: Noun::Company,
        bases: vec![Base::All],
        adjectives: Vec::new(),
        on: None,
        filter: None,
        dated: None,
        spaced: None,
        text: String::new(),
    };
    Rule {
        id: String::new(),
        text: String::new(),
        span: Span { file: FileId(0), start: 0, end: 0 },
        subject: Arc::new(company),
        condition: Condition::And(Vec::new()),
        because: None,
        supports: None,
        weight: Decimal::ONE,
        severity: Severity::default(),
        since: None,
        until: None,
        unless: None,
        prorate: false,
        grace: None,
        warn: None,
    }
}

impl Logic<'_> {
    fn are_alike(&self, a: usize, b: usize) -> bool {
        let rules = self.rules.rules.get(a).zip(self.rules.rules.get(b));
        let planned = self.plan.rules.get(a).zip(self.plan.rules.get(b));
        let (Some((rule, other)), Some((a, b))) = (rules, planned) else { return false };
        let unless = match (a.unless, b.unless) {
            (None, None) => true,
            (Some(a), Some(b)) => self.asks_alike(a, b),
            _ => false,
        };
        unless
            && a.unless_lasts == b.unless_lasts
            && has_alike_frame(rule, other)
            && self.tests_alike(a.population, b.population)
            && self.asks_alike(a.condition, b.condition)
    }

    /// Whether whatever passes the one passes the other.
    fn tests_alike(&self, a: TestId, b: TestId) -> bool {
        self.test_is_within(a, b) && self.test_is_within(b, a)
    }

    fn sets_alike(&self, a: SetId, b: SetId) -> bool {
        let (one, other) = (self.plan.set(a), self.plan.set(b));
        a == b
            || (one.noun == other.noun
                && one.lasts == other.lasts
                && one.dating == other.dating
                && one.spacing == other.spacing
                && self.tests_alike(one.test, other.test)
                && self.tests_alike(one.kept, other.kept))
    }

    /// The same after `next`, where only what is planned and not over is looked for.
    fn next_alike(&self, a: SetId, b: SetId) -> bool {
        let (one, other) = (self.plan.set(a), self.plan.set(b));
        let ahead = ClassSet::all(self.plan_kinds(), State::Ahead as u8);
        let ahead = Shape(vec![Alternative { class: Some(ahead), ..Alternative::default() }]);
        let is_within = |inner, outer| {
            let shapes = self.shape(inner).zip(self.shape(outer));
            let inner = shapes.and_then(|(inner, outer)| Some((inner.and(&ahead)?, outer)));
            inner.is_some_and(|(inner, outer)| self.is_within(&inner, &outer))
        };
        self.sets_alike(a, b)
            || ((&one.dating, &one.spacing, one.lasts)
                == (&other.dating, &other.spacing, other.lasts)
                && is_within(one.test, other.test)
                && is_within(other.test, one.test))
    }

    /// Whether two conditions ask the same of the same things.
    fn asks_alike(&self, a: ConditionId, b: ConditionId) -> bool {
        use plan::Condition::{And, Compare, Every, Followed, Is, Next, Not, Or, Within};
        if a == b {
            return true;
        }
        match (self.plan.condition(a), self.plan.condition(b)) {
            (And(a), And(b)) | (Or(a), Or(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.asks_alike(*a, *b))
            }
            (Not(a), Not(b)) => self.asks_alike(*a, *b),
            (Compare(a), Compare(b)) => {
                let tests = match (&a.test, &b.test) {
                    (NumberTest::Is(one, a), NumberTest::Is(other, b)) => {
                        one == other && self.measures_alike(a, b)
                    }
                    (
                        NumberTest::Between(low, high),
                        NumberTest::Between(other_low, other_high),
                    ) => {
                        self.measures_alike(low, other_low) && self.measures_alike(high, other_high)
                    }
                    _ => false,
                };
                let lasts = |comparison: &plan::Comparison| {
                    (comparison.left_lasts, comparison.target_lasts, comparison.target_is_fixed)
                };
                tests
                    && lasts(a) == lasts(b)
                    && a.window == b.window
                    && self.measures_alike(&a.left, &b.left)
            }
            (Next { set: a, within: one }, Next { set: b, within: other }) => {
                one == other && self.next_alike(*a, *b)
            }
            (
                Followed { set: a, booked: one, within: short },
                Followed { set: b, booked: other, within: long },
            ) => one == other && short == long && self.sets_alike(*a, *b),
            (
                Within { set: a, within: short, before: one, of: anchor },
                Within { set: b, within: long, before: other, of },
            ) => one == other && short == long && anchor == of && self.sets_alike(*a, *b),
            (Every { set: a, every: short }, Every { set: b, every: long }) => {
                short == long && self.sets_alike(*a, *b)
            }
            (Is { test: a, .. }, Is { test: b, .. }) => self.tests_alike(*a, *b),
            _ => false,
        }
    }

    fn measures_alike(&self, a: &Measure, b: &Measure) -> bool {
        use Measure::{Aggregate, Count, DaysSince, LongestGap, Negative, Product, Share, Sum};
        let parts = |a: &[(bool, Measure)], b: &[(bool, Measure)]| {
            let pairs = a.iter().zip(b);
            a.len() == b.len()
                && pairs
                    .into_iter()
                    .all(|((one, a), (other, b))| one == other && self.measures_alike(a, b))
        };
        match (a, b) {
            (Count(a), Count(b))
            | (LongestGap(a), LongestGap(b))
            | (DaysSince(a), DaysSince(b)) => self.sets_alike(*a, *b),
            (
                Aggregate { function: one, field, of: a },
                Aggregate { function: other, field: other_field, of: b },
            ) => one == other && field == other_field && self.sets_alike(*a, *b),
            (Share { of: a, that: one }, Share { of: b, that: other }) => {
                self.sets_alike(*a, *b) && self.asks_alike(*one, *other)
            }
            (Sum(a), Sum(b)) | (Product(a), Product(b)) => parts(a, b),
            (Negative(a), Negative(b)) => self.measures_alike(a, b),
            (a, b) => a == b,
        }
    }
}
