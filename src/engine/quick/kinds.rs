//! Activities of some kinds and states, found by their ranks and classes alone.

use std::ops::Range;

use crate::engine::store::{Column, Sparse, Stretch, Word, kind_of, status_of};
use crate::engine::view::{Bits, View, has_bit};
use crate::model::{Item, Noun};
use crate::plan::{ClassSet, Dating, Set, State, Test, TestId};

/// Which activities.
pub(super) struct Kinds<'v> {
    /// Of those whose day is over.
    over: Classes,
    /// Of those that are ahead.
    ahead: Classes,
    classes: &'v ClassSet,
    kept: &'v ClassSet,
    /// What else is asked of them.
    rest: Vec<Rest<'v>>,
}

/// Some of all classes.
pub(super) struct Classes {
    /// A bit for each of the first.
    first: u64,
    more: Vec<bool>,
}

impl Classes {
    fn new(count: u32, is_wanted: impl Fn(u32) -> bool) -> Classes {
        let bit = |class: u32| u64::from(is_wanted(class)) << class;
        let first = (0..count.min(u64::BITS)).map(bit).fold(0, |all, bit| all | bit);
        Classes { first, more: (u64::BITS..count).map(is_wanted).collect() }
    }

    pub(super) fn add(&mut self, others: &Classes) {
        self.first |= others.first;
        self.more.iter_mut().zip(&others.more).for_each(|(one, other)| *one |= other);
    }

    #[inline]
    pub(super) fn has(&self, class: u32) -> bool {
        if class < u64::BITS {
            self.first >> class & 1 != 0
        } else {
            self.more.get((class - u64::BITS) as usize).copied().unwrap_or(false)
        }
    }

    /// How many are of these.
    #[inline]
    fn count(&self, classes: impl Iterator<Item = u32>) -> u64 {
        if self.more.is_empty() {
            // Nothing to foresee.
            classes.map(|class| self.first >> (class % u64::BITS) & 1).sum()
        } else {
            classes.map(|class| u64::from(self.has(class))).sum()
        }
    }
}

/// What is asked of an activity beside its class.
enum Rest<'v> {
    /// It names something.
    NamesAny(&'v Sparse),
    /// It names one of these.
    Names(&'v Sparse, Bits),
    /// It is none of those that nobody knew of.
    IsNotLate(Bits),
    Else(&'v Test),
}

impl<'v> Rest<'v> {
    fn new(view: &View<'v>, test: &'v Test) -> Rest<'v> {
        let named = |noun, test| {
            let field = view.store.link(Noun::Activity, noun)?;
            let Column::Reference(_, rows) = view.store.column(field) else { return None };
            let members = view.members(noun, test);
            let all: u32 = members.iter().map(|word| word.count_ones()).sum();
            Some(if all == view.store.count(noun) {
                Rest::NamesAny(rows)
            } else {
                Rest::Names(rows, members)
            })
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
            Rest::NamesAny(rows) => rows.has(activity),
            Rest::Names(rows, members) => {
                rows.get(activity).is_some_and(|row| has_bit(members, row))
            }
            Rest::IsNotLate(late) => !has_bit(late, activity),
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
        let is_ahead = |kind, status| {
            State::when_ahead(status) == State::Ahead && classes.has(kind, State::Ahead)
        };
        let late = view.late().into_iter().map(Rest::IsNotLate);
        Some(Kinds {
            over: view.classes(|kind, status| classes.has(kind, State::when_over(status))),
            ahead: view.classes(is_ahead),
            classes,
            kept,
            rest: late.chain(rest.iter().map(|test| Rest::new(view, test))).collect(),
        })
    }

    /// Those that are of these in any state.
    pub(super) fn in_any_state(&self, view: &View<'_>) -> Classes {
        view.classes(|kind, _| self.classes.states(kind) != 0)
    }

    /// Whether nothing but kind and state is asked.
    pub(super) fn is_by_class_alone(&self) -> bool {
        self.rest.iter().all(|rest| matches!(rest, Rest::IsNotLate(_)))
    }

    #[inline]
    fn passes(&self, view: &View<'_>, activity: u32) -> bool {
        if let [Rest::NamesAny(rows)] = self.rest.as_slice() {
            return rows.has(activity);
        }
        self.rest.iter().all(|rest| rest.holds(view, activity))
    }

    /// The place of each activity on days of some ranks, in the order of their days.
    #[inline]
    pub(super) fn each<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        ranks: &Range<u32>,
        is_kept: bool,
        each: impl FnMut(usize),
    ) {
        self.each_from(view, stretch, view.settled(stretch, ranks), ranks.end, is_kept, each);
    }

    /// The same where it is known which places are those of days that are over for everybody.
    #[inline]
    pub(super) fn each_from<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        settled: Range<usize>,
        end: u32,
        is_kept: bool,
        mut each: impl FnMut(usize),
    ) {
        let open = settled.end;
        self.each_of(&self.over, view, stretch, settled, &mut each);
        for place in open..stretch.len() {
            if stretch.rank(place) >= end {
                break;
            }
            if self.is_about_now(view, stretch, place, is_kept)
                && self.passes(view, stretch.row(place))
            {
                each(place);
            }
        }
    }

    #[inline]
    fn each_of<W: Word>(
        &self,
        wanted: &Classes,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        places: Range<usize>,
        each: &mut impl FnMut(usize),
    ) {
        if self.rest.is_empty() {
            return stretch.each_of(places, |class| wanted.has(class), each);
        }
        stretch.each_of(
            places,
            |class| wanted.has(class),
            |place| {
                if self.passes(view, stretch.row(place)) {
                    each(place);
                }
            },
        );
    }

    /// Whether an activity, whose state has to be asked, counts: it is of these on a day that has
    /// come, or it is ahead and what is ahead counts as done.
    fn is_about_now<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        place: usize,
        is_kept: bool,
    ) -> bool {
        let (rank, class) = (stretch.rank(place), stretch.class(place));
        let kind = kind_of(class);
        let Some(state) = view.state_of(stretch.row(place), rank, status_of(class)) else {
            return false;
        };
        let has_come = view.store.activities.times.day(rank) <= view.day();
        (has_come && self.classes.has(kind, state))
            || (is_kept && state == State::Ahead && self.kept.has(kind, state))
    }

    /// How many there are on days that have elapsed, before those of the rank `elapsed`, and how many
    /// with what is ahead on days before `end` and counts as done. The places are those of days that
    /// are over for everybody.
    #[inline]
    pub(super) fn count<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        settled: Range<usize>,
        (elapsed, end): (u32, u32),
    ) -> (i64, i64) {
        let open = settled.end;
        let sure = if self.rest.is_empty() {
            self.over.count(stretch.classes(settled))
        } else {
            let mut count = 0;
            let is_over = |class| self.over.has(class);
            stretch.each_of(settled, is_over, |place| {
                count += u64::from(self.passes(view, stretch.row(place)));
            });
            count
        };
        let sure = i64::try_from(sure).unwrap_or(i64::MAX);
        if open == stretch.len() || stretch.rank(open) >= elapsed.max(end) {
            return (sure, sure);
        }
        let (done, kept) = self.count_about_now(view, stretch, open, (elapsed, end));
        (sure + done, sure + kept)
    }

    /// The same of those whose state has to be asked, from a place on.
    #[cold]
    fn count_about_now<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        first: usize,
        (elapsed, end): (u32, u32),
    ) -> (i64, i64) {
        let (mut done, mut kept) = (0, 0);
        for place in first..stretch.len() {
            let (rank, class) = (stretch.rank(place), stretch.class(place));
            if rank >= elapsed.max(end) {
                break;
            }
            let kind = kind_of(class);
            if self.kept.states(kind) == 0 {
                continue;
            }
            let row = stretch.row(place);
            let Some(state) = view.state_of(row, rank, status_of(class)) else { continue };
            let is_done = rank < elapsed && self.classes.has(kind, state);
            let is_kept = rank < end && state == State::Ahead && self.kept.has(kind, state);
            if (is_done || is_kept) && self.passes(view, row) {
                done += i64::from(is_done);
                kept += 1;
            }
        }
        (done, kept)
    }

    /// Whether an activity, whatever it names, is one of these as of now.
    #[inline]
    pub(super) fn is_one<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        place: usize,
    ) -> bool {
        let (rank, class) = (stretch.rank(place), stretch.class(place));
        if rank < view.settled {
            return self.over.has(class) && self.passes(view, stretch.row(place));
        }
        let state = view.state_of(stretch.row(place), rank, status_of(class));
        state.is_some_and(|state| self.classes.has(kind_of(class), state))
    }

    /// The place of the first that is ahead on days of some ranks.
    #[inline]
    pub(super) fn first_ahead<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        ranks: &Range<u32>,
    ) -> Option<usize> {
        let places = stretch.between(ranks);
        let is_one = |(place, class): &(usize, u32)| {
            let row = stretch.row(*place);
            let is_ahead = || stretch.rank(*place) >= view.ahead || view.is_ahead(row);
            self.ahead.has(*class) && is_ahead() && self.passes(view, row)
        };
        let found = places.clone().zip(stretch.classes(places)).find(is_one);
        found.map(|(place, _)| place)
    }
}

impl View<'_> {
    /// The places of a stretch on days of some ranks that are over for everybody.
    #[inline]
    pub(super) fn settled<W: Word>(
        &self,
        stretch: &Stretch<'_, W>,
        ranks: &Range<u32>,
    ) -> Range<usize> {
        stretch.between(&self.settled_ranks(ranks))
    }

    /// Those of some ranks.
    pub(super) fn settled_ranks(&self, ranks: &Range<u32>) -> Range<u32> {
        ranks.start..ranks.end.min(self.settled).max(ranks.start)
    }

    /// Those classes whose kinds, by their places in the schema, and statuses pass.
    pub(super) fn classes(
        &self,
        is_wanted: impl Fn(usize, crate::check::rules::ActivityStatus) -> bool,
    ) -> Classes {
        Classes::new(self.class_count(), |class| is_wanted(kind_of(class), status_of(class)))
    }

    /// How many classes there can be.
    pub(super) fn class_count(&self) -> u32 {
        4 * u32::try_from(self.store.schema.kinds().len()).unwrap_or(u32::MAX / 4)
    }
}
