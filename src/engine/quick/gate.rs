//! Which activities a rule about activities judges.

use std::ops::Range;

use super::kinds::Classes;
use crate::check::rules::FieldTest;
use crate::engine::bound::Bound;
use crate::engine::span::Span;
use crate::engine::store::{COMPANY, kind_of, status_of};
use crate::engine::view::View;
use crate::model::calendar::{Days, plus_days};
use crate::plan::{ClassSet, Condition, State, Test};

/// What is quickly read of them: kinds, states and days.
pub(super) struct Gate<'v> {
    pub(super) classes: &'v ClassSet,
    pub(super) in_any_state: Classes,
    /// Those that pass when their day is over, if they exist.
    over: Classes,
    pub(super) ranks: Range<u32>,
}

impl<'v> Gate<'v> {
    /// With what else is asked of an activity.
    pub(super) fn new(
        view: &View<'v>,
        population: &'v Test,
        range: Days,
    ) -> Option<(Gate<'v>, Vec<Bound<'v>>)> {
        let parts = match population {
            Test::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (Test::Class(classes), rest) = parts.split_first()? else { return None };
        let mut days = range;
        let mut others = Vec::new();
        for test in rest {
            match at_in(view, test) {
                Some(window) => days = days.and(view.elapsed(window)),
                None => others.push(Bound::new(view, test)),
            }
        }
        let times = &view.store.activities.times;
        let first = times.first_from(days.first);
        let ranks = first..times.first_from(plus_days(days.last, 1)).max(first);
        let in_any_state = Gate::in_any_state(view, classes);
        let over = view.classes(|kind, status| classes.has(kind, State::when_over(status)));
        Some((Gate { classes, in_any_state, over, ranks }, others))
    }

    pub(super) fn in_any_state(view: &View<'_>, classes: &ClassSet) -> Classes {
        view.classes(|kind, _| classes.states(kind) != 0)
    }

    /// Whether some of a kind can pass.
    pub(super) fn has_kind(&self, kind: usize) -> bool {
        self.classes.states(kind) != 0
    }

    /// Of an activity with its rank and class.
    pub(super) fn holds(&self, view: &View<'_>, (row, rank, class): (u32, u32, u32)) -> bool {
        if rank < view.settled && view.store.creation_is_unknown() {
            return self.over.has(class) && self.ranks.contains(&rank);
        }
        self.in_any_state.has(class) && self.ranks.contains(&rank) && {
            let state = view.state_of(row, rank, status_of(class));
            state.is_some_and(|state| self.classes.has(kind_of(class), state))
        }
    }
}

/// The days of a test that asks whether an activity's `at` lies in a window of whole days.
fn at_in(view: &View<'_>, test: &Test) -> Option<Days> {
    let Test::Where(condition) = test else { return None };
    let Condition::Field { path, test: FieldTest::In(window) } = view.plan.condition(*condition)
    else {
        return None;
    };
    let is_at = path.steps.as_slice() == [view.store.fields.activity_at];
    if !is_at || !window.is_same_for_all() {
        return None;
    }
    Span::of(view, COMPANY, window, view.day()).ok().map(|span| span.whole)
}
