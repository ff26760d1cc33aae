//! Activities of some kinds and states, found by their ranks and classes alone.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::store::{Column, Flow, Run, Sparse, kind_of, status_of};
use super::view::{Bits, View};
use crate::model::calendar::{Duration, plus_days};
use crate::model::{FieldRef, Item, Noun};
use crate::plan::{ClassSet, Dating, Set, State, Test, TestId};

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
    rest: Vec<Rest<'v>>,
}

/// What is asked of an activity beside its class.
enum Rest<'v> {
    /// It names one of these.
    Names(&'v Sparse, Bits),
    Else(&'v Test),
}

impl<'v> Rest<'v> {
    fn new(view: &View<'v>, test: &'v Test) -> Rest<'v> {
        let named = |noun, test| {
            let field = view.store.link(Noun::Activity, noun)?;
            let Column::Reference(_, rows) = view.store.column(field) else { return None };
            Some(Rest::Names(rows, view.members(noun, test)))
        };
        match test {
            Test::On(noun, others) if *noun != Noun::Activity => {
                named(*noun, *others).unwrap_or(Rest::Else(test))
            }
            _ => Rest::Else(test),
        }
    }

    fn holds(&self, view: &View<'_>, activity: u32) -> bool {
        match self {
            Rest::Names(rows, members) => rows.get(activity).is_some_and(|row| {
                let word = members.get(row as usize / 64).copied().unwrap_or(0);
                word & (1 << (row % 64)) != 0
            }),
            Rest::Else(test) => {
                view.check(Item { noun: Noun::Activity, row: activity }, test).is_yes()
            }
        }
    }
}

impl<'v> View<'v> {
    /// Which things of a noun pass a test, a bit for each.
    fn members(&self, noun: Noun, test: TestId) -> Bits {
        let known = self.members.borrow().get(&(noun, test)).cloned();
        known.unwrap_or_else(|| {
            let mut bits = vec![0_u64; (self.store.count(noun) as usize).div_ceil(64)];
            for item in self.store.items(noun) {
                if let Some(word) = bits.get_mut(item.row as usize / 64)
                    && self.is_one_of(item, test).is_yes()
                {
                    *word |= 1 << (item.row % 64);
                }
            }
            let bits: Bits = bits.into();
            self.members.borrow_mut().insert((noun, test), bits.clone());
            bits
        })
    }
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
            rest: rest.iter().map(|test| Rest::new(view, test)).collect(),
        })
    }

    /// By class, whether it is of these in any state.
    pub(super) fn in_any_state(&self) -> Vec<bool> {
        let codes = (0_u32..).take(self.over.len());
        codes.map(|code| self.classes.states(kind_of(code)) != 0).collect()
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
        let _ = view.store.each_run(subject, &mut |run| {
            let mut visit = |place: usize| {
                if self.passes(view, run.row(place)) {
                    each(&run, place);
                }
            };
            let places = run.between(ranks);
            if ranks.end <= settled {
                run.each(places, tables.0, &mut visit);
                return Flow::Continue(());
            }
            let open = run.first_from(places.clone(), settled);
            let far = run.first_from(open..places.end, ahead);
            run.each(places.start..open, tables.0, &mut visit);
            for place in open..far {
                if self.is_about_now(view, &run, place, is_kept) {
                    visit(place);
                }
            }
            run.each(far..places.end, tables.1, &mut visit);
            Flow::Continue(())
        });
    }

    fn passes(&self, view: &View<'_>, activity: u32) -> bool {
        self.rest.iter().all(|rest| rest.holds(view, activity))
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

    /// How many there are on days that have elapsed, and how many with what is ahead on days before
    /// `end` and counts as done.
    pub(super) fn count(
        &self,
        view: &View<'_>,
        subject: Item,
        elapsed: &Range<u32>,
        end: u32,
    ) -> (i64, i64) {
        let (mut sure, mut done, mut kept) = (0, 0, 0);
        let _ = view.store.each_run(subject, &mut |run| {
            let start = run.first_from(run.places.clone(), elapsed.start);
            let settled = elapsed.end.min(view.settled).max(elapsed.start);
            let open = run.first_from(start..run.places.end, settled);
            if self.rest.is_empty() {
                sure += run.count(start..open, &self.over);
            } else {
                run.each(start..open, &self.over, |place| {
                    sure += usize::from(self.passes(view, run.row(place)));
                });
            }
            let last = elapsed.end.max(end);
            for place in open..run.places.end {
                let (rank, class) = (run.rank(place), run.class(place));
                if rank >= last {
                    break;
                }
                let kind = kind_of(class);
                if self.kept.states(kind) == 0 {
                    continue;
                }
                let Some(state) = view.state_of(run.row(place), rank, status_of(class)) else {
                    continue;
                };
                let is_done = rank < elapsed.end && self.classes.has(kind, state);
                let is_kept = rank < end && state == State::Ahead && self.kept.has(kind, state);
                if (is_done || is_kept) && self.passes(view, run.row(place)) {
                    done += i64::from(is_done);
                    kept += 1;
                }
            }
            Flow::Continue(())
        });
        let sure = i64::try_from(sure).unwrap_or(i64::MAX);
        (sure + done, sure + kept)
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
        let Column::Reference(noun, others) = view.store.column(field) else { return 0 };
        let mut seen = vec![0_u64; (view.store.count(*noun) as usize).div_ceil(64)];
        let mut see = |run: &Run<'_>, place: usize| {
            if let Some(other) = others.get(run.row(place))
                && let Some(word) = seen.get_mut(other as usize / 64)
            {
                *word |= 1 << (other % 64);
            }
        };
        self.each(view, subject, ranks, false, &mut see);
        self.each(view, subject, kept, true, &mut see);
        seen.iter().map(|word| i64::from(word.count_ones())).sum()
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
        let mut latest = first.num_days_from_ce();
        let mut longest = 0;
        for day in seen.iter().map(|rank| times.number(*rank)).chain([last.num_days_from_ce()]) {
            longest = longest.max(day - latest);
            latest = day;
        }
        i64::from(longest)
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
        let end = store.activities.times.first_from(plus_days(last, 1));
        let mut among = |one: Item| {
            store.each_run(one, &mut |run| {
                let first = run.first_from(run.places.clone(), own);
                let found = self.is_later_in(view, &run, first, (activity, own), end);
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

    /// Whether from a place of a run on, before the rank `end`, there is one that is later than an
    /// activity of a rank.
    pub(super) fn is_later_in(
        &self,
        view: &View<'_>,
        run: &Run<'_>,
        first: usize,
        (activity, own): (u32, u32),
        end: u32,
    ) -> bool {
        for place in first..run.places.end {
            let rank = run.rank(place);
            if rank >= end {
                return false;
            }
            let class = run.class(place);
            let is_one = if rank < view.settled {
                self.over.get(class as usize) == Some(&true)
            } else {
                let state = view.state_of(run.row(place), rank, status_of(class));
                state.is_some_and(|state| self.classes.has(kind_of(class), state))
            };
            // Only a day after the next is later for sure, whatever the clocks.
            let is_later = || {
                let activities = &view.store.activities;
                rank > own + 1 || {
                    let row = run.row(place);
                    let same_day = rank == own;
                    row != activity && activities.is_later(row, activity, same_day)
                }
            };
            if is_one && is_later() {
                return true;
            }
        }
        false
    }

    /// Whether there is one that is ahead.
    pub(super) fn is_any(&self, view: &View<'_>, subject: Item, ranks: &Range<u32>) -> bool {
        let found = view.store.each_run(subject, &mut |run| {
            let passes = |place: usize| self.passes(view, run.row(place));
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
