//! What an expectation reaches of a rule: the parts that its verdict rests on.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::parts::{Inner, Leaf, Node, Parts, Unit};
use super::reachable::Key;
use crate::engine::{Probe, Whom};
use crate::model::{Item, Noun};
use crate::verdict::Status;

/// What was reached of the parts of a rule.
pub(super) type Reached = HashSet<(usize, Key)>;

/// As how a part is tried out to see whether anything rests on it.
const TRIED: [Status; 4] = [Status::Met, Status::OnTrack, Status::AtRisk, Status::Missed];

/// An expectation that was fulfilled, looked at part by part.
pub(super) struct Look<'p, 'v> {
    pub(super) probe: &'p Probe<'v>,
    pub(super) parts: &'p Parts,
    pub(super) subject: Item,
    pub(super) reached: Reached,
}

/// Whether the whole counts as a yes.
fn is_yes(status: Status) -> bool {
    matches!(status, Status::Met | Status::OnTrack)
}

impl Look<'_, '_> {
    /// A verdict of that status was expected, and came.
    pub(super) fn verdict(mut self, status: Status) -> Reached {
        let (parts, subject) = (self.parts, self.subject);
        for unit in &parts.population {
            if let Unit::Where(node) = unit {
                self.answer(node, subject);
            }
        }
        let whom = Whom { item: subject, rule: Some(parts.rule) };
        if let Some(unless) = &parts.unless {
            let is_exempt = is_yes(self.whole(unless, Whom { item: subject, rule: None }));
            if is_exempt || status != Status::NotApplicable {
                self.answer(unless, subject);
            }
            if is_exempt {
                return self.reached;
            }
        }
        let own = self.whole(&parts.condition, whom);
        parts.condition.each_leaf(&mut |leaf| self.leaf(leaf, whom));
        self.modifiers(own, status);
        self.reached
    }

    /// No verdict was expected, and none came.
    pub(super) fn silence(mut self) -> Reached {
        let (parts, subject) = (self.parts, self.subject);
        match self.probe.in_force(parts.rule) {
            Some(Ordering::Less) => self.reach(parts.since, Key::NotYet),
            Some(Ordering::Greater) => self.reach(parts.until, Key::NoLonger),
            _ if self.probe.is_within_reach(parts.rule, subject) => self.outsider(),
            _ => {}
        }
        self.reached
    }

    /// A thing that is not of the population, and would be but for one of the units.
    fn outsider(&mut self) {
        let (parts, subject) = (self.parts, self.subject);
        let passes = |unit: &Unit| match unit {
            Unit::Tests(tests, _) => self.probe.passes(subject, tests),
            Unit::Where(node) => is_yes(self.whole(node, Whom { item: subject, rule: None })),
        };
        let failed: Vec<&Unit> = parts.population.iter().filter(|unit| !passes(unit)).collect();
        match failed.as_slice() {
            [Unit::Tests(_, part)] => self.reach(*part, Key::Silent),
            [Unit::Where(node)] => self.answer(node, subject),
            _ => {}
        }
    }

    fn reach(&mut self, part: Option<usize>, key: Key) {
        self.reached.extend(part.map(|part| (part, key)));
    }

    fn whole(&self, node: &Node, whom: Whom) -> Status {
        node.status(&|leaf| self.probe.status(whom, leaf.condition))
    }

    /// How the whole would stand if one leaf stood otherwise.
    fn if_it_were(&self, node: &Node, whom: Whom, tried: &Leaf, status: Status) -> Status {
        node.status(&|leaf| {
            if leaf.part == tried.part { status } else { self.probe.status(whom, leaf.condition) }
        })
    }

    /// A leaf of the rule's condition, if the verdict rests on it.
    fn leaf(&mut self, leaf: &Leaf, whom: Whom) {
        let node = &self.parts.condition;
        let (whole, own) = (self.whole(node, whom), self.probe.status(whom, leaf.condition));
        let decides = |status: &Status| self.if_it_were(node, whom, leaf, *status) != whole;
        if TRIED.iter().any(decides) {
            self.reach(Some(leaf.part), Key::Outcome(own));
            self.borders(leaf, whom);
        }
    }

    /// The leaves of something that is only asked whether it passes.
    fn answer(&mut self, node: &Node, item: Item) {
        let whom = Whom { item, rule: None };
        let passes = is_yes(self.whole(node, whom));
        node.each_leaf(&mut |leaf| {
            let own = is_yes(self.probe.status(whom, leaf.condition));
            let other = if own { Status::Missed } else { Status::Met };
            if is_yes(self.if_it_were(node, whom, leaf, other)) != passes {
                self.reach(Some(leaf.part), Key::Passes(own));
                self.borders(leaf, whom);
            }
        });
    }

    fn borders(&mut self, leaf: &Leaf, whom: Whom) {
        for edge in self.probe.edges(whom, leaf.condition, leaf.step.as_ref()) {
            self.reach(Some(leaf.part), Key::Edge(edge));
        }
        for inner in &leaf.inner {
            for item in self.counted(inner, whom.item) {
                self.answer(&inner.node, item);
            }
        }
    }

    /// The things of which something is asked.
    fn counted(&self, inner: &Inner, of: Item) -> Vec<Item> {
        let mut items = if inner.follows {
            self.probe.followers(of)
        } else {
            self.probe.candidates(of, inner.set, &inner.window)
        };
        items.retain(|item| {
            let is_there = item.noun == Noun::Activity || self.probe.is_present(*item);
            is_there && self.probe.passes(*item, &inner.tests)
        });
        items
    }

    /// What the modifiers make of how the condition stands.
    fn modifiers(&mut self, own: Status, status: Status) {
        let (parts, subject) = (self.parts, self.subject);
        if let Some((is_young, end)) = self.probe.grace(parts.rule, subject)
            && own == Status::Missed
        {
            match (is_young, end) {
                (true, end) => {
                    self.reach(parts.grace, Key::Spared);
                    let is_last = end == Some(crate::engine::Edge::LastDay);
                    self.reach(parts.grace.filter(|_| is_last), Key::GraceEnds(false));
                }
                (false, Some(crate::engine::Edge::DayAfter)) => {
                    self.reach(parts.grace, Key::GraceEnds(true));
                }
                (false, _) => {}
            }
        }
        if is_yes(own) && status == Status::AtRisk {
            self.reach(parts.warn, Key::Warned);
        }
        if let Some(is_less) = self.probe.is_prorated(parts.rule, subject) {
            self.reach(parts.prorate, Key::Prorated(is_less));
        }
    }
}
