//! A rule in its parts: where each is written, and how the parts make up the whole.

use crate::check::rules::{Compiled, Rule, Window};
use crate::diagnostic::Span;
use crate::engine::{all, any, opposite};
use crate::model::Number;
use crate::plan::{Condition, ConditionId, Measure, NumberTest, Plan, SetId, Test};
use crate::syntax::tree::{self, Expr, ExprKind, ItemKind, Modifiers};
use crate::verdict::Status;

use super::name::name;
use super::reachable::{Key, Reachable, step};

/// A rule, its parts in the order of writing.
pub(super) struct Parts {
    /// Its place among the rules.
    pub(super) rule: usize,
    pub(super) all: Vec<Part>,
    /// Who is judged: each of these asks something of them.
    pub(super) population: Vec<Unit>,
    pub(super) condition: Node,
    pub(super) unless: Option<Node>,
    pub(super) prorate: Option<usize>,
    pub(super) grace: Option<usize>,
    pub(super) warn: Option<usize>,
    pub(super) since: Option<usize>,
    pub(super) until: Option<usize>,
}

/// A piece of a rule that can come to something by itself.
pub(super) struct Part {
    pub(super) span: Span,
    /// Each with its name.
    pub(super) cases: Vec<(Key, String)>,
}

/// What a subject must be.
pub(super) enum Unit {
    /// The words of its phrase; what they are `on`. No part where everything passes.
    Tests(Vec<Test>, Option<usize>),
    /// The `where`.
    Where(Node),
}

/// How parts make up a condition.
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Leaf(Leaf),
}

pub(super) struct Leaf {
    /// The place of its part.
    pub(super) part: usize,
    pub(super) condition: ConditionId,
    /// By how much its measure moves at least.
    pub(super) step: Option<Number>,
    pub(super) inner: Vec<Inner>,
}

/// What a leaf asks of each thing that it counts.
pub(super) struct Inner {
    pub(super) set: SetId,
    pub(super) window: Window,
    /// Whether the things are what may follow the subject, rather than what is the subject's.
    pub(super) follows: bool,
    /// What else a thing must pass: all of the phrase for a `that`, all but its `where` for that.
    pub(super) tests: Vec<Test>,
    pub(super) node: Node,
}

impl Node {
    /// How the whole stands, if each leaf stands as said.
    pub(super) fn status(&self, of: &dyn Fn(&Leaf) -> Status) -> Status {
        match self {
            Node::All(parts) => all(parts.iter().map(|part| part.status(of))),
            Node::Any(parts) => any(parts.iter().map(|part| part.status(of))),
            Node::Not(part) => opposite(part.status(of)),
            Node::Leaf(leaf) => of(leaf),
        }
    }

    pub(super) fn each_leaf<'n>(&'n self, each: &mut dyn FnMut(&'n Leaf)) {
        match self {
            Node::All(parts) | Node::Any(parts) => {
                parts.iter().for_each(|part| part.each_leaf(each));
            }
            Node::Not(part) => part.each_leaf(each),
            Node::Leaf(leaf) => each(leaf),
        }
    }
}

/// The rules of a rule set in their parts. The plan is one without rewrites, so that its conditions
/// are as the rules are written.
pub(super) fn of_rules(rules: &Compiled, plan: &Plan) -> Vec<Parts> {
    let written = |rule: &Rule| {
        rules.items.iter().find_map(|item| match &item.kind {
            ItemKind::Rule(written) if written.span == rule.span => Some(written.as_ref()),
            _ => None,
        })
    };
    let places = rules.rules.iter().enumerate();
    places.filter_map(|(place, rule)| Make::rule(rules, plan, place, written(rule)?)).collect()
}

/// What is asked where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// How things stand.
    Status,
    /// Yes or no.
    Answer,
}

struct Make<'r> {
    plan: &'r Plan,
    reachable: Reachable<'r>,
    parts: Vec<Part>,
}

impl Make<'_> {
    fn rule(rules: &Compiled, plan: &Plan, place: usize, written: &tree::Rule) -> Option<Parts> {
        let (rule, lowered) = (rules.rules.get(place)?, plan.rules.get(place)?);
        let reachable = Reachable { rules, plan, rule };
        let mut make = Make { plan, reachable, parts: Vec::new() };
        let population = make.population(&written.subject, plan.test(lowered.population));
        let condition = make.node(&written.condition, lowered.condition, Asks::Status);
        let Modifiers { unless, prorate, grace, warn, since, until, .. } = &written.modifiers;
        let unless = unless.as_ref().zip(lowered.unless);
        let unless = unless.map(|(unless, id)| make.node(unless, id, Asks::Answer));
        let prorate = prorate.map(|span| make.part(span, Key::PRORATE.to_vec()));
        let by_days = |grace: &tree::Spanned<crate::model::calendar::Duration>| {
            if grace.value.is_clock() { Key::GRACE.get(..1) } else { Key::GRACE.get(..) }
        };
        let grace = grace.as_ref().map(|grace| {
            let cases = by_days(grace).unwrap_or_default().to_vec();
            make.part(grace.span, cases)
        });
        let warn = warn.as_ref().map(|warn| make.part(warn.span, vec![Key::Warned]));
        let since = since.as_ref().map(|since| make.part(since.span, vec![Key::NotYet]));
        let until = until.as_ref().map(|until| make.part(until.span, vec![Key::NoLonger]));
        let all = make.parts;
        Some(Parts {
            rule: place,
            all,
            population,
            condition,
            unless,
            prorate,
            grace,
            warn,
            since,
            until,
        })
    }

    fn part(&mut self, span: Span, cases: Vec<Key>) -> usize {
        self.part_of(span, cases, None)
    }

    fn part_of(&mut self, span: Span, cases: Vec<Key>, condition: Option<ConditionId>) -> usize {
        let named = |key: Key| (key, name(self.plan, key, condition));
        let cases = cases.into_iter().map(named).collect();
        self.parts.push(Part { span, cases });
        self.parts.len() - 1
    }

    /// Who is judged. A phrase is lowered to what its words ask, what its `on` asks and what its
    /// `where` asks, in this order.
    fn population(&mut self, written: &tree::Phrase, test: &Test) -> Vec<Unit> {
        let Split { words, on, filter } = Split::of(written, test);
        let everything = [Test::Or(vec![Test::Always])];
        let first = written.alternatives.first().map_or(written.span, |words| words.span);
        let span = written.alternatives.last().map_or(first, |last| first.to(last.span));
        let part = (words != everything).then(|| self.part(span, vec![Key::Silent]));
        let mut units = vec![Unit::Tests(words.to_vec(), part)];
        if let (Some(test), Some(phrase)) = (on, &written.on) {
            let part = self.part(phrase.span, vec![Key::Silent]);
            units.push(Unit::Tests(vec![test.clone()], Some(part)));
        }
        if let (Some(condition), Some(filter)) = (filter, &written.filter) {
            units.push(Unit::Where(self.node(filter, condition, Asks::Answer)));
        }
        units
    }

    fn node(&mut self, expr: &Expr, id: ConditionId, asks: Asks) -> Node {
        let plan = self.plan;
        match (&expr.kind, plan.condition(id)) {
            (ExprKind::Paren(inner), _) => self.node(inner, id, asks),
            (ExprKind::And(exprs), Condition::And(ids)) if exprs.len() == ids.len() => {
                Node::All(self.nodes(exprs, ids, asks))
            }
            (ExprKind::Or(exprs), Condition::Or(ids)) if exprs.len() == ids.len() => {
                Node::Any(self.nodes(exprs, ids, asks))
            }
            (ExprKind::Not(inner), Condition::Not(id)) => {
                Node::Not(Box::new(self.node(inner, *id, asks)))
            }
            _ => Node::Leaf(self.leaf(expr, id, asks)),
        }
    }

    fn nodes(&mut self, exprs: &[Expr], ids: &[ConditionId], asks: Asks) -> Vec<Node> {
        exprs.iter().zip(ids).map(|(expr, id)| self.node(expr, *id, asks)).collect()
    }

    fn leaf(&mut self, expr: &Expr, condition: ConditionId, asks: Asks) -> Leaf {
        let mut cases: Vec<Key> = match asks {
            Asks::Answer => vec![Key::Passes(true), Key::Passes(false)],
            Asks::Status => {
                self.reachable.statuses(condition).into_iter().map(Key::Outcome).collect()
            }
        };
        cases.extend(self.reachable.edges(condition).into_iter().map(Key::Edge));
        let part = self.part_of(expr.span, cases, Some(condition));
        let mut inner = Vec::new();
        self.inner(expr, condition, &mut inner);
        Leaf { part, condition, step: step(self.plan, condition), inner }
    }

    /// What a leaf asks of the things that it counts.
    fn inner(&mut self, expr: &Expr, id: ConditionId, found: &mut Vec<Inner>) {
        let plan = self.plan;
        match (&expr.kind, plan.condition(id)) {
            (
                ExprKind::Compare { left, right, .. } | ExprKind::Is { left, value: right, .. },
                Condition::Compare(comparison),
            ) => {
                self.measured(left, &comparison.left, &comparison.window, found);
                if let NumberTest::Is(_, target) = &comparison.test {
                    self.measured(right, target, &comparison.window, found);
                }
            }
            (ExprKind::Between { left, low, high, .. }, Condition::Compare(comparison)) => {
                self.measured(left, &comparison.left, &comparison.window, found);
                if let NumberTest::Between(from, to) = &comparison.test {
                    self.measured(low, from, &comparison.window, found);
                    self.measured(high, to, &comparison.window, found);
                }
            }
            (ExprKind::Is { not: true, .. }, Condition::Not(id)) => self.inner(expr, *id, found),
            (ExprKind::Next { phrase, .. }, Condition::Next { set, .. })
            | (ExprKind::Within { phrase, .. }, Condition::Within { set, .. })
            | (ExprKind::Every { phrase, .. }, Condition::Every { set, .. }) => {
                self.filtered(phrase, *set, &Window::Ever, false, found);
            }
            (ExprKind::Followed { phrase, .. }, Condition::Followed { set, .. }) => {
                self.filtered(phrase, *set, &Window::Ever, true, found);
            }
            _ => {}
        }
    }

    fn measured(
        &mut self,
        expr: &Expr,
        measure: &Measure,
        window: &Window,
        found: &mut Vec<Inner>,
    ) {
        match (&expr.kind, measure) {
            (ExprKind::Paren(inner), _) => self.measured(inner, measure, window, found),
            (ExprKind::Sum(terms), Measure::Sum(parts))
            | (ExprKind::Product(terms), Measure::Product(parts))
                if terms.len() == parts.len() =>
            {
                for (term, (_, part)) in terms.iter().zip(parts) {
                    self.measured(&term.expr, part, window, found);
                }
            }
            (ExprKind::Negative(inner), Measure::Negative(part)) => {
                self.measured(inner, part, window, found);
            }
            (ExprKind::Phrase(phrase), Measure::Count(set))
            | (ExprKind::Aggregate { of: phrase, .. }, Measure::Aggregate { of: set, .. })
            | (ExprKind::LongestGap(phrase), Measure::LongestGap(set))
            | (ExprKind::DaysSince(phrase), Measure::DaysSince(set)) => {
                self.filtered(phrase, *set, window, false, found);
            }
            (ExprKind::Share { of, that }, Measure::Share { of: set, that: condition }) => {
                self.filtered(of, *set, window, false, found);
                let tests = vec![self.plan.test(self.plan.set(*set).test).clone()];
                let node = self.node(that, *condition, Asks::Answer);
                let window = window.clone();
                found.push(Inner { set: *set, window, follows: false, tests, node });
            }
            _ => {}
        }
    }

    fn filtered(
        &mut self,
        phrase: &tree::Phrase,
        set: SetId,
        window: &Window,
        follows: bool,
        found: &mut Vec<Inner>,
    ) {
        let plan = self.plan;
        let Split { words, on, filter } = Split::of(phrase, plan.test(plan.set(set).test));
        if let (Some(condition), Some(filter)) = (filter, &phrase.filter) {
            let tests = words.iter().chain(on).cloned().collect();
            let node = self.node(filter, condition, Asks::Answer);
            found.push(Inner { set, window: window.clone(), follows, tests, node });
        }
    }
}

/// The test of a phrase, as it was lowered.
struct Split<'t> {
    words: &'t [Test],
    on: Option<&'t Test>,
    filter: Option<ConditionId>,
}

impl<'t> Split<'t> {
    fn of(phrase: &tree::Phrase, test: &'t Test) -> Self {
        let mut words = match test {
            Test::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut split = Split { words, on: None, filter: None };
        if let (true, [before @ .., Test::Where(condition)]) = (phrase.filter.is_some(), words) {
            split.filter = Some(*condition);
            words = before;
        }
        if let (true, [before @ .., on @ Test::On(..)]) = (phrase.on.is_some(), words) {
            split.on = Some(on);
            words = before;
        }
        Split { words, ..split }
    }
}
