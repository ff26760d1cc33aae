//! Activities of some kinds and states, found by their ranks and classes alone.

use std::ops::Range;

use chrono::NaiveDate;

use super::store::{Flow, Run, kind_of, status_of};
use super::view::View;
use crate::model::calendar::{Duration, plus_days};
use crate::model::{FieldRef, Item, Noun};
use crate::plan::{ClassSet, Dating, Set, State, Test};

/// Which activities.
pub(super) struct Kinds<'v> {
    /// By class, of those whose day is over.
    over: Vec<bool>,
    /// By class, of those that are ahead.
    ahead: Vec<bool>,
    /// The same, where what is ahead counts as done.
    kept_ahead: Vec<bool>,
    classes: &'v ClassSet,
    kept: &'v ClassSet,
    /// What else is asked of them.
    rest: &'v [Test],
}

impl<'v> Kinds<'v> {
    pub(super) fn new(view: &View<'v>, set: &'v Set) -> Option<Kinds<'v>> {
        if set.noun != Noun::Activity || set.dating != Dating::Own || set.spacing.is_some() {
            return None;
        }
        let split = |test: &'v Test| -> Option<(&'v ClassSet, &'v [Test])> {
            match test {
                Test::Class(classes) => Some((classes, &[])),
                Test::And(parts) => match parts.split_first()? {
                    (Test::Class(classes), rest) => Some((classes, rest)),
                    _ => None,
                },
                _ => None,
            }
        };
        let (classes, rest) = split(view.plan.test(set.test))?;
        let (kept, rest_of_kept) = split(view.plan.test(set.kept))?;
        let is_sure = |test: &Test| matches!(test, Test::On(..));
        if rest != rest_of_kept || !rest.iter().all(is_sure) {
            return None;
        }
        let codes = 0..4 * u32::try_from(view.store.schema.kinds().len()).ok()?;
        let over = |code| classes.has(kind_of(code), State::when_over(status_of(code)));
        let ahead = |set: &ClassSet| {
            let is_ahead = |code| {
                State::when_ahead(status_of(code)) == State::Ahead
                    && set.has(kind_of(code), State::Ahead)
            };
            codes.clone().map(is_ahead).collect()
        };
        Some(Kinds {
            over: codes.clone().map(over).collect(),
            ahead: ahead(classes),
            kept_ahead: ahead(kept),
            classes,
            kept,
            rest,
        })
    }

    /// Whether nothing but kind and state is asked.
    pub(super) fn is_by_class_alone(&self) -> bool {
        self.rest.is_empty()
    }

    /// Each activity of a subject on days of some ranks, in the order of their days within a run.
    pub(super) fn each(
        &self,
        view: &View<'_>,
        subject: Item,
        ranks: &Range<u32>,
        is_kept: bool,
        each: &mut dyn FnMut(&Run<'_>, usize),
    ) {
        let (settled, ahead) = (view.settled, view.ahead);
        let tables = (&self.over, if is_kept { &self.kept_ahead } else { &self.ahead });
        let between = |low: u32, high: u32| {
            let first = ranks.start.max(low);
            first..ranks.end.min(high).max(first)
        };
        let _ = view.store.each_run(subject, &mut |run| {
            let passes = |place: usize| {
                let item = Item { noun: Noun::Activity, row: run.row(place) };
                self.rest.iter().all(|test| view.check(item, test).is_yes())
            };
            let mut visit = |place: usize| {
                if passes(place) {
                    each(&run, place);
                }
            };
            run.each(run.between(&between(0, settled)), tables.0, &mut visit);
            for place in run.between(&between(settled, ahead)) {
                if self.is_about_now(view, &run, place, is_kept) {
                    visit(place);
                }
            }
            run.each(run.between(&between(ahead, u32::MAX)), tables.1, &mut visit);
            Flow::Continue(())
        });
    }

    /// Whether an activity, whose day is that of the view or next to it, counts: it is of these
    /// on a day that has come, or it is ahead and what is ahead counts as done.
    fn is_about_now(&self, view: &View<'_>, run: &Run<'_>, place: usize, is_kept: bool) -> bool {
        let class = run.class(place);
        let kind = kind_of(class);
        let Some(state) = view.state_of(run.row(place), run.rank(place), status_of(class)) else {
            return false;
        };
        let has_come = view.store.activities.times.day(run.rank(place)) <= view.day();
        (has_come && self.classes.has(kind, state))
            || (is_kept && state == State::Ahead && self.kept.has(kind, state))
    }

    pub(super) fn count(
        &self,
        view: &View<'_>,
        subject: Item,
        ranks: &Range<u32>,
        is_kept: bool,
    ) -> i64 {
        let mut count = 0;
        if self.rest.is_empty() && ranks.end <= view.settled {
            let _ = view.store.each_run(subject, &mut |run| {
                count += run.count(run.between(ranks), &self.over);
                Flow::Continue(())
            });
        } else {
            self.each(view, subject, ranks, is_kept, &mut |_, _| count += 1);
        }
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// How many different things a reference of theirs leads to.
    pub(super) fn distinct(
        &self,
        view: &View<'_>,
        subject: Item,
        ranks: &Range<u32>,
        kept: &Range<u32>,
        field: FieldRef,
    ) -> i64 {
        let mut seen: Vec<u32> = Vec::new();
        let mut see = |run: &Run<'_>, place: usize| {
            let item = Item { noun: Noun::Activity, row: run.row(place) };
            if let Some(other) = view.store.reference(item, field)
                && let Err(at) = seen.binary_search(&other.row)
            {
                seen.insert(at, other.row);
            }
        };
        self.each(view, subject, ranks, false, &mut see);
        self.each(view, subject, kept, true, &mut see);
        i64::try_from(seen.len()).unwrap_or(i64::MAX)
    }

    /// The longest of the first day to the first day of one, from each to the next, and from the
    /// last to the last day.
    pub(super) fn gap(
        &self,
        view: &View<'_>,
        subject: Item,
        ranks: &Range<u32>,
        (first, last): (NaiveDate, NaiveDate),
    ) -> i64 {
        let times = &view.store.activities.times;
        let mut seen: Vec<u32> = Vec::new();
        self.each(view, subject, ranks, false, &mut |run, place| {
            let rank = run.rank(place);
            if seen.last() != Some(&rank) {
                seen.push(rank);
            }
        });
        // Several runs are each in order.
        if !seen.is_sorted() {
            seen.sort_unstable();
        }
        let mut latest = first;
        let mut longest = 0;
        for day in seen.iter().map(|rank| times.day(*rank)).chain([last]) {
            longest = longest.max((day - latest).num_days());
            latest = day;
        }
        longest
    }

    /// Whether an activity is followed by one of these up to some days later: one that is later
    /// than it, and about the same opportunity (it has none: the same lead; none: the same
    /// customer).
    pub(super) fn follows(&self, view: &View<'_>, activity: u32, within: Duration) -> bool {
        let store = view.store;
        let fields = &store.fields;
        let item = Item { noun: Noun::Activity, row: activity };
        let own = store.activities.ranks.get(activity as usize);
        let last = view.calendar().plus(store.day(activity), within);
        let ranks = own..store.activities.times.first_from(plus_days(last, 1));
        // Only a day after the next is later for sure, whatever the clocks.
        let is_later = |run: &Run<'_>, place: usize| {
            run.rank(place) > own + 1 || store.at(run.row(place)) > store.at(activity)
        };
        let mut among = |one: Item| {
            store.each_run(one, &mut |run| {
                let places = run.between(&ranks);
                let settled =
                    run.between(&(ranks.start..ranks.end.min(view.settled).max(ranks.start)));
                let mut left = settled.clone();
                while let Some(place) = run.first(left.clone(), &self.over) {
                    if is_later(&run, place) {
                        return Flow::Break(());
                    }
                    left = place + 1..left.end;
                }
                let is_one = |place: &usize| {
                    let class = run.class(*place);
                    let status = status_of(class);
                    let state = view.state_of(run.row(*place), run.rank(*place), status);
                    state.is_some_and(|state| self.classes.has(kind_of(class), state))
                        && is_later(&run, *place)
                };
                let found = (settled.end..places.end).any(|place| is_one(&place));
                if found { Flow::Break(()) } else { Flow::Continue(()) }
            })
        };
        let about = store.reference(item, fields.activity_opportunity);
        let found = match about.or_else(|| store.reference(item, fields.activity_lead)) {
            Some(one) => among(one),
            None => store.each_owner(item, Noun::Customer, &mut among),
        };
        found.is_break()
    }

    /// Whether there is one that is ahead.
    pub(super) fn is_any(&self, view: &View<'_>, subject: Item, ranks: &Range<u32>) -> bool {
        let found = view.store.each_run(subject, &mut |run| {
            let passes = |place: usize| {
                let item = Item { noun: Noun::Activity, row: run.row(place) };
                self.rest.iter().all(|test| view.check(item, test).is_yes())
            };
            for place in run.between(&(ranks.start..ranks.end.min(view.ahead).max(ranks.start))) {
                let is_one = self.classes.has(kind_of(run.class(place)), State::Ahead);
                if is_one && view.is_ahead(run.row(place)) && passes(place) {
                    return Flow::Break(());
                }
            }
            let first = ranks.start.max(view.ahead);
            let mut places = run.between(&(first..ranks.end.max(first)));
            while let Some(place) = run.first(places.clone(), &self.ahead) {
                if passes(place) {
                    return Flow::Break(());
                }
                places = place + 1..places.end;
            }
            Flow::Continue(())
        });
        found.is_break()
    }
}
