//! Why something is not one of those that are meant.

use super::super::rule::Scope;
use super::super::store::{Known, kind_of, status_of};
use super::super::view::View;
use crate::model::{Item, Noun};
use crate::plan::{ClassSet, Condition, ConditionId, State, Test, TestId};
use crate::verdict::{self, Reason};

/// A state as a story has it.
fn told(state: State) -> verdict::State {
    match state {
        State::Completed => verdict::State::Completed,
        State::Ahead => verdict::State::Planned,
        State::Overdue => verdict::State::Overdue,
        State::Cancelled => verdict::State::Cancelled,
    }
}

impl View<'_> {
    /// What would have to be otherwise for a thing to pass a test, whether it exists yet or not:
    /// nothing if it passes. Of several ways the one that asks least; none where there is no way.
    pub(super) fn faults(&self, item: Item, test: &Test) -> Option<Vec<Reason>> {
        let differs = |asked: &str, found: String| {
            Some(vec![Reason::Where { asked: asked.to_owned(), found }])
        };
        match test {
            Test::Always => Some(Vec::new()),
            Test::Never => None,
            Test::Class(classes) => Some(self.class_faults(item, classes)),
            Test::And(parts) => {
                let faults: Option<Vec<_>> =
                    parts.iter().map(|part| self.faults(item, part)).collect();
                faults.map(|faults| faults.concat())
            }
            Test::Or(parts) => {
                let faults = parts.iter().filter_map(|part| self.faults(item, part));
                faults.min_by_key(Vec::len)
            }
            Test::Where(condition) => Some(self.where_faults(item, *condition)),
            _ if self.check(item, test).is_yes() => Some(Vec::new()),
            Test::Segment(name) => Some(self.segment_faults(item, name)),
            Test::OverdueOpportunity => differs("is overdue", "is not overdue".to_owned()),
            Test::Latest(_) => differs("is latest", "is not the latest".to_owned()),
            Test::On(noun, test) => Some(vec![self.on_fault(item, *noun, *test)]),
        }
    }

    fn class_faults(&self, item: Item, classes: &ClassSet) -> Vec<Reason> {
        let class = self.store.activities.class(item.row);
        let rank = self.store.activities.rank(item.row);
        let state = self.state_if_known(item.row, rank, status_of(class));
        let kind = kind_of(class);
        let kinds = self.plan.schema.kinds();
        if classes.has(kind, state) {
            return Vec::new();
        }
        if classes.states(kind) != 0 {
            let asked = State::ALL.into_iter().filter(|state| classes.has(kind, *state));
            return vec![Reason::Status { found: told(state), asked: asked.map(told).collect() }];
        }
        let found = kinds.get(kind).cloned().unwrap_or_default();
        let of = |is_asked: &dyn Fn(usize) -> bool| {
            let named = kinds.iter().enumerate().filter(|(place, _)| is_asked(*place));
            named.map(|(_, name)| name.clone()).collect::<Vec<_>>()
        };
        let asked = of(&|place| classes.has(place, state));
        if !asked.is_empty() {
            return vec![Reason::Kind { found, asked }];
        }
        let asked = of(&|place| classes.states(place) != 0);
        let states = State::ALL.into_iter();
        let states = states.filter(|state| (0..kinds.len()).any(|k| classes.has(k, *state)));
        vec![
            Reason::Kind { found, asked },
            Reason::Status { found: told(state), asked: states.map(told).collect() },
        ]
    }

    /// The parts of a condition that do not hold.
    fn where_faults(&self, item: Item, id: ConditionId) -> Vec<Reason> {
        if self.passes(item, id).is_yes() {
            return Vec::new();
        }
        if let Condition::And(parts) = self.plan.condition(id) {
            return parts.iter().flat_map(|part| self.where_faults(item, *part)).collect();
        }
        vec![Reason::Where { asked: self.asks(id), found: self.says(item, id) }]
    }

    /// How a condition stands for a thing, in words.
    pub(super) fn says(&self, item: Item, id: ConditionId) -> String {
        let outcome = self.condition(&Scope::plain(self, item), id);
        outcome.reason.unwrap_or(outcome.sentence)
    }

    fn segment_faults(&self, item: Item, name: &str) -> Vec<Reason> {
        let by_rule = self.plan.segments.iter().find(|(segment, _)| segment == name);
        if let Some((_, test)) = by_rule {
            let faults = self.faults(item, self.plan.test(*test)).unwrap_or_default();
            if !faults.is_empty() {
                return faults;
            }
        }
        let found = match self.value(item, self.store.fields.customer_segment) {
            Some(Known::Text(segment)) => format!("segment is {segment}"),
            _ => "segment is unknown".to_owned(),
        };
        vec![Reason::Where { asked: format!("segment is {name}"), found }]
    }

    fn on_fault(&self, item: Item, noun: Noun, test: TestId) -> Reason {
        let owner = self.store.owners(item, noun).first().copied();
        let because = owner.and_then(|owner| {
            if !self.is_present(owner) {
                return Some("does not exist on that day".to_owned());
            }
            let faults = self.faults(owner, self.plan.test(test)).unwrap_or_default();
            let faults: Vec<String> = faults.iter().map(Reason::to_string).collect();
            (!faults.is_empty()).then(|| faults.join("; "))
        });
        Reason::On {
            noun: noun.singular().to_owned(),
            found: owner.map(|owner| self.store.id(owner).into_owned()),
            because,
        }
    }
}
