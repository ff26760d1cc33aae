//! Every phrase and condition of compiled rules, with the item that it stands in.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check::rules::{
    Adjective, Base, Comparison, Compiled, Condition, Measure, NumberTest, Phrase, Rule,
};
use crate::diagnostic::Span;
use crate::syntax::tree::{Item, ItemKind, Modifiers};

pub(super) enum Part<'a> {
    Phrase(&'a Arc<Phrase>),
    Condition(&'a Condition),
}

/// The rules, each with its item and modifiers as they are written.
pub(super) fn rules(rules: &Compiled) -> impl Iterator<Item = (&Rule, &Item, &Modifiers)> {
    let written = rules.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Rule(rule) => Some((rule.span, (item, &rule.modifiers))),
        _ => None,
    });
    let written: HashMap<Span, (&Item, &Modifiers)> = written.collect();
    rules.rules.iter().filter_map(move |rule| {
        let (item, modifiers) = written.get(&rule.span).copied()?;
        Some((rule, item, modifiers))
    })
}

/// Visits what is written in every item: not what the names that stand there are defined to be.
pub(super) fn written<'a>(compiled: &'a Compiled, mut visit: impl FnMut(&'a Item, Part<'a>)) {
    for (rule, item, _) in rules(compiled) {
        Walk::written(&mut |part| visit(item, part)).rule(rule);
    }
    let mut lists =
        compiled.lists.iter().map(|list| (list.name.as_str(), list)).collect::<HashMap<_, _>>();
    let mut goals: HashMap<_, _> =
        compiled.goals.iter().map(|goal| (goal.name.as_str(), goal)).collect();
    let mut segments: HashMap<_, _> =
        compiled.segments.iter().map(|segment| (segment.name.as_str(), segment)).collect();
    let mut defines: HashMap<_, _> =
        compiled.defines.iter().map(|define| (define.span, define)).collect();
    for item in &compiled.items {
        let mut each = |part| visit(item, part);
        let mut walk = Walk::written(&mut each);
        match &item.kind {
            ItemKind::List(list) => {
                if let Some(list) = lists.remove(list.name.value.as_str()) {
                    walk.phrase(&list.phrase);
                }
            }
            ItemKind::Goal(goal) => {
                if let Some(goal) = goals.remove(goal.name.value.as_str()) {
                    walk.comparison(&goal.target);
                    goal.through.iter().for_each(|step| walk.phrase(step));
                }
            }
            ItemKind::Segment { name, .. } => {
                if let Some(segment) = segments.remove(name.value.as_str()) {
                    walk.phrase(&segment.phrase);
                }
            }
            ItemKind::Define { names, .. } => {
                let define = names.iter().find_map(|name| defines.remove(&name.span));
                if let Some(phrase) = define.and_then(|define| define.phrase.as_ref()) {
                    walk.phrase(phrase);
                }
            }
            _ => {}
        }
    }
}

/// Visits everything that rules, lists and goals look at, once: what is defined too.
pub(super) fn looked_at<'a>(compiled: &'a Compiled, mut visit: impl FnMut(Part<'a>)) {
    let mut walk = Walk { visit: &mut visit, seen: Some(HashSet::new()) };
    compiled.rules.iter().for_each(|rule| walk.rule(rule));
    compiled.lists.iter().for_each(|list| walk.phrase(&list.phrase));
    for goal in &compiled.goals {
        walk.comparison(&goal.target);
        goal.through.iter().for_each(|step| walk.phrase(step));
    }
}

struct Walk<'w, 'a> {
    visit: &'w mut dyn FnMut(Part<'a>),
    /// Where definitions are entered: the phrases that were visited.
    seen: Option<HashSet<*const Phrase>>,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn written(visit: &'w mut dyn FnMut(Part<'a>)) -> Self {
        Walk { visit, seen: None }
    }

    fn rule(&mut self, rule: &'a Rule) {
        self.phrase(&rule.subject);
        self.condition(&rule.condition);
        if let Some(unless) = &rule.unless {
            self.condition(unless);
        }
    }

    fn phrase(&mut self, phrase: &'a Arc<Phrase>) {
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(Arc::as_ptr(phrase))) {
            return;
        }
        (self.visit)(Part::Phrase(phrase));
        if self.seen.is_some() {
            let bases = phrase.bases.iter().filter_map(|base| match base {
                Base::Phrase(inner) => Some(inner),
                _ => None,
            });
            let adjectives = phrase.adjectives.iter().filter_map(|adjective| match adjective {
                Adjective::Is(inner) => Some(inner),
                _ => None,
            });
            bases.chain(adjectives).for_each(|inner| self.phrase(inner));
        }
        if let Some(on) = &phrase.on {
            self.phrase(on);
        }
        if let Some(filter) = &phrase.filter {
            self.condition(filter);
        }
    }

    fn condition(&mut self, condition: &'a Condition) {
        (self.visit)(Part::Condition(condition));
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Not(inner) => self.condition(inner),
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Next { phrase, .. }
            | Condition::Followed { phrase, .. }
            | Condition::Within { phrase, .. }
            | Condition::Every { phrase, .. }
            | Condition::Is(phrase) => self.phrase(phrase),
            Condition::KnownWithin { .. } | Condition::Field { .. } | Condition::Meets(_) => {}
        }
    }

    fn comparison(&mut self, comparison: &'a Comparison) {
        self.measure(&comparison.left);
        match &comparison.test {
            NumberTest::Is(_, right) => self.measure(right),
            NumberTest::Between(low, high) => {
                self.measure(low);
                self.measure(high);
            }
        }
    }

    fn measure(&mut self, measure: &'a Measure) {
        match measure {
            Measure::Number(_) | Measure::Field(_) => {}
            Measure::Count(of)
            | Measure::Aggregate { of, .. }
            | Measure::LongestGap(of)
            | Measure::DaysSince(of) => self.phrase(of),
            Measure::Share { of, that } => {
                self.phrase(of);
                self.condition(that);
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().for_each(|(_, part)| self.measure(part));
            }
            Measure::Negative(inner) => self.measure(inner),
        }
    }
}
