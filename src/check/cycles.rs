//! Rules and segments that go in a circle, and what falls with what cannot be made.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::names::DEEPEST;
use super::rule::Entry;
use super::rules::{
    Adjective, Base, Comparison, Condition, Measure, NumberTest, Phrase, Rule, Segment,
};
use crate::diagnostic::{Code, Diagnostic, Span};

/// The rules and segments that something is built on.
#[derive(Default)]
pub(crate) struct Mentions {
    pub(crate) rules: BTreeSet<usize>,
    pub(crate) segments: BTreeSet<String>,
    seen: HashSet<usize>,
}

impl Mentions {
    pub(crate) fn rule(&mut self, rule: &Rule) {
        self.phrase(&rule.subject);
        self.condition(&rule.condition);
        if let Some(unless) = &rule.unless {
            self.condition(unless);
        }
    }

    pub(crate) fn phrase(&mut self, phrase: &Arc<Phrase>) {
        if !self.seen.insert(Arc::as_ptr(phrase) as usize) {
            return;
        }
        for base in &phrase.bases {
            match base {
                Base::Segment(segment) => {
                    self.segments.insert(segment.clone());
                }
                Base::Phrase(inner) => self.phrase(inner),
                Base::All | Base::Kind(_) => {}
            }
        }
        for adjective in &phrase.adjectives {
            if let Adjective::Is(inner) = adjective {
                self.phrase(inner);
            }
        }
        if let Some(on) = &phrase.on {
            self.phrase(on);
        }
        if let Some(filter) = &phrase.filter {
            self.condition(filter);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not(inner) => self.condition(inner),
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Next { phrase, .. }
            | Condition::Followed { phrase, .. }
            | Condition::Within { phrase, .. }
            | Condition::Every { phrase, .. }
            | Condition::Is(phrase) => self.phrase(phrase),
            Condition::KnownWithin { .. } | Condition::Field { .. } => {}
            Condition::Meets(rule) => {
                self.rules.insert(*rule);
            }
        }
    }

    pub(crate) fn comparison(&mut self, comparison: &Comparison) {
        self.measure(&comparison.left);
        match &comparison.test {
            NumberTest::Is(_, right) => self.measure(right),
            NumberTest::Between(low, high) => {
                self.measure(low);
                self.measure(high);
            }
        }
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Number(_) | Measure::Field(_) => {}
            Measure::Count(of)
            | Measure::LongestGap(of)
            | Measure::DaysSince(of)
            | Measure::Aggregate { of, .. } => self.phrase(of),
            Measure::Share { of, that } => {
                self.phrase(of);
                self.condition(that);
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                for (_, part) in parts {
                    self.measure(part);
                }
            }
            Measure::Negative(inner) => self.measure(inner),
        }
    }
}

/// What cannot be made.
#[derive(Default)]
pub(super) struct Fallen {
    pub(super) rules: BTreeSet<usize>,
    pub(super) segments: BTreeSet<String>,
}

impl Fallen {
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.segments.is_empty()
    }
}

/// The rules and segments of a rule set, and which is built on which.
pub(super) struct Graph<'a> {
    entries: &'a [Entry<'a>],
    meets: &'a [(usize, Span)],
    rules: Vec<Option<Mentions>>,
    segments: Vec<(String, Span, Option<Mentions>)>,
}

impl<'a> Graph<'a> {
    /// `rules` by their place in `entries`; `segments` by name and place.
    pub(super) fn new(
        entries: &'a [Entry<'a>],
        meets: &'a [(usize, Span)],
        rules: &[Option<Rule>],
        segments: &[(String, Span, Option<Segment>)],
    ) -> Self {
        let rules = rules.iter().map(|rule| {
            let mut mentions = Mentions::default();
            mentions.rule(rule.as_ref()?);
            Some(mentions)
        });
        let segments = segments.iter().map(|(name, span, segment)| {
            let mentions = segment.as_ref().map(|segment| {
                let mut mentions = Mentions::default();
                mentions.phrase(&segment.phrase);
                mentions
            });
            (name.clone(), *span, mentions)
        });
        Graph { entries, meets, rules: rules.collect(), segments: segments.collect() }
    }

    /// Notes every circle, and says what cannot be made.
    pub(super) fn check(&self, diagnostics: &mut Vec<Diagnostic>) -> Fallen {
        let mut fallen = Fallen::default();
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.is_none() {
                fallen.rules.insert(index);
            }
        }
        for (name, span, mentions) in &self.segments {
            let read = match mentions {
                Some(mentions) => self.segments_read(mentions),
                None => {
                    fallen.segments.insert(name.clone());
                    continue;
                }
            };
            if let Some(read) = read {
                let message = format!("segment `{name}` is built on segment `{read}`");
                diagnostics.push(
                    Diagnostic::error(Code::K018, *span, message)
                        .label("while segments are decided, there are none yet"),
                );
                fallen.segments.insert(name.clone());
            }
        }
        self.rule_circles(&mut fallen, diagnostics);
        self.spread(&mut fallen);
        fallen
    }

    fn mentions(&self, rule: usize) -> Option<&Mentions> {
        self.rules.get(rule)?.as_ref()
    }

    /// A segment that is read, directly or by way of rules that are met.
    fn segments_read(&self, mentions: &Mentions) -> Option<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![mentions];
        while let Some(mentions) = open.pop() {
            if let Some(segment) = mentions.segments.first() {
                return Some(segment.clone());
            }
            for rule in &mentions.rules {
                if seen.insert(*rule) {
                    open.extend(self.mentions(*rule));
                }
            }
        }
        None
    }

    fn rule_circles(&self, fallen: &mut Fallen, diagnostics: &mut Vec<Diagnostic>) {
        // How many rules meet each other from here; none while that is being found out.
        let mut depths: Vec<Option<usize>> = vec![None; self.rules.len()];
        let mut entered = vec![false; self.rules.len()];
        for root in 0..self.rules.len() {
            let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
            let mut next = Some(root);
            loop {
                if let Some(rule) = next.take()
                    && let Some(entered) = entered.get_mut(rule).filter(|entered| !**entered)
                {
                    *entered = true;
                    let met = self.mentions(rule).map(|m| m.rules.iter().rev().copied().collect());
                    path.push((rule, met.unwrap_or_default()));
                }
                let Some((rule, left)) = path.last_mut() else { break };
                let rule = *rule;
                if let Some(met) = left.pop() {
                    let start = path.iter().position(|(open, _)| *open == met);
                    match start {
                        None => next = Some(met),
                        Some(start) => {
                            let circle: Vec<usize> =
                                path.iter().skip(start).map(|(rule, _)| *rule).collect();
                            self.report_circle(&circle, fallen, diagnostics);
                        }
                    }
                    continue;
                }
                path.pop();
                let met = || self.mentions(rule).into_iter().flat_map(|m| &m.rules);
                if met().any(|met| fallen.rules.contains(met)) {
                    fallen.rules.insert(rule);
                    continue;
                }
                let below = met().filter_map(|met| depths.get(*met).copied().flatten());
                let depth = below.max().map_or(0, |deepest| deepest + 1);
                if depth >= DEEPEST {
                    let (span, id) = self.place(rule);
                    let message = format!("rules meet each other more than {DEEPEST} deep");
                    let label = format!("`{id}` is the first that is too deep");
                    diagnostics.push(Diagnostic::error(Code::K040, span, message).label(label));
                    fallen.rules.insert(rule);
                }
                if let Some(place) = depths.get_mut(rule) {
                    *place = Some(depth);
                }
            }
        }
    }

    fn place(&self, rule: usize) -> (Span, &str) {
        let nowhere = Span { file: crate::diagnostic::FileId(0), start: 0, end: 0 };
        self.entries.get(rule).map_or((nowhere, ""), |entry| (entry.rule.span, entry.id.as_str()))
    }

    fn report_circle(
        &self,
        circle: &[usize],
        fallen: &mut Fallen,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if circle.iter().any(|rule| fallen.rules.contains(rule)) {
            return;
        }
        fallen.rules.extend(circle);
        let Some(first) = circle.iter().enumerate().min_by_key(|(_, rule)| **rule) else { return };
        let mut circle = circle.to_vec();
        circle.rotate_left(first.0);
        let Some(first) = circle.first().copied() else { return };
        let next = circle.get(1).copied().unwrap_or(first);
        let names: Vec<String> = circle
            .iter()
            .chain([&first])
            .map(|rule| format!("`{}`", self.place(*rule).1))
            .collect();
        let own = self.place(first).0;
        let met = self.meets.iter().find(|(rule, span)| *rule == next && super::holds(own, *span));
        let span = met.map_or(own, |(_, span)| *span);
        let message = format!("rules meet each other in a circle: {}", names.join(" → "));
        diagnostics.push(
            Diagnostic::error(Code::K019, span, message)
                .label("no verdict of these can come first"),
        );
    }

    /// Adds what is built on what has fallen.
    fn spread(&self, fallen: &mut Fallen) {
        let mut built_on_rule: Vec<Vec<usize>> = vec![Vec::new(); self.rules.len()];
        let mut open: Vec<usize> = fallen.rules.iter().copied().collect();
        for (name, _, mentions) in &self.segments {
            let rules = mentions.iter().flat_map(|mentions| &mentions.rules);
            if rules.into_iter().any(|rule| fallen.rules.contains(rule)) {
                fallen.segments.insert(name.clone());
            }
        }
        for (index, mentions) in self.rules.iter().enumerate() {
            let Some(mentions) = mentions else { continue };
            for rule in &mentions.rules {
                if let Some(users) = built_on_rule.get_mut(*rule) {
                    users.push(index);
                }
            }
            if !mentions.segments.is_disjoint(&fallen.segments) && fallen.rules.insert(index) {
                open.push(index);
            }
        }
        while let Some(rule) = open.pop() {
            for user in built_on_rule.get(rule).into_iter().flatten() {
                if fallen.rules.insert(*user) {
                    open.push(*user);
                }
            }
        }
    }
}
