//! Activities of some kinds and states, found by their ranks and classes alone.

use std::ops::Range;
use std::sync::Arc;

use super::gate::Gate;
use super::marks::{Marks, Spots};
use crate::engine::store::{Column, FEW, Sparse, Stretch, Word, kind_of, status_of};
use crate::engine::view::{Bits, View, has_bit, set_bit};
use crate::model::{FieldRef, Item, Noun};
use crate::plan::{ClassSet, Dating, SetId, State, Test, TestId};

/// Which activities.
pub(super) struct Kinds<'v> {
    pub(super) id: SetId,
    /// Of those whose day is over.
    over: Classes,
    /// Of those that are ahead.
    ahead: Classes,
    /// Of those that are ahead and count as done where plans do.
    plans: Classes,
    classes: &'v ClassSet,
    kept: &'v ClassSet,
    /// What else is asked of them.
    rest: Vec<Rest<'v>>,
}

/// Which of some kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Which {
    /// Those whose day is over.
    Over,
    /// Those that are ahead.
    Ahead,
    /// Those that are ahead and count as done where plans do.
    Plans,
}

/// Some of all classes.
#[derive(Clone)]
pub(super) struct Classes {
    /// A bit for each of the first.
    first: u64,
    more: Vec<bool>,
    /// Which they are, if they are few.
    few: Option<Vec<u32>>,
}

impl Classes {
    fn new(count: u32, is_wanted: impl Fn(u32) -> bool) -> Classes {
        let bit = |class: u32| u64::from(is_wanted(class)) << class;
        let first = (0..count.min(u64::BITS)).map(bit).fold(0, |all, bit| all | bit);
        let all: Vec<u32> = (0..count).filter(|class| is_wanted(*class)).collect();
        let few = (all.len() <= FEW).then_some(all);
        Classes { first, more: (u64::BITS..count).map(is_wanted).collect(), few }
    }

    pub(super) fn add(&mut self, others: &Classes) {
        let count = u64::BITS + u32::try_from(self.more.len()).unwrap_or(0);
        *self = Classes::new(count, |class| self.has(class) || others.has(class));
    }

    #[inline]
    pub(super) fn has(&self, class: u32) -> bool {
        if class < u64::BITS {
            self.first >> class & 1 != 0
        } else {
            self.more.get((class - u64::BITS) as usize).copied().unwrap_or(false)
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<u32> {
        let count = u64::BITS + u32::try_from(self.more.len()).unwrap_or(0);
        (0..count).filter(|class| self.has(*class)).collect()
    }

    /// Which of a stretch are of these.
    pub(super) fn marks<W: Word>(&self, stretch: &Stretch<'_, W>) -> Vec<u64> {
        match &self.few {
            Some(few) => stretch.marks_of_few(few),
            None => stretch.marks(|class| self.has(class)),
        }
    }

    /// The same of a stretch that starts with a word of marks, which may be kept.
    pub(super) fn marked<W: Word>(
        &self,
        kept: Option<&Arc<Vec<u64>>>,
        stretch: &Stretch<'_, W>,
    ) -> Marks {
        match kept {
            Some(bits) => Marks::of_all(bits.clone()),
            None => Marks::of(stretch, self.marks(stretch)),
        }
    }

    /// How many are of these, of some places.
    #[inline]
    fn count<W: Word>(&self, stretch: &Stretch<'_, W>, places: Range<usize>) -> usize {
        match &self.few {
            Some(few) => stretch.count_few(places, few),
            None => stretch.classes(places).map(|class| usize::from(self.has(class))).sum(),
        }
    }
}

/// What is asked of an activity beside its class.
enum Rest<'v> {
    /// It names one of some things.
    Names(Named<'v>),
    /// It is none of those that nobody knew of.
    IsNotLate(Bits),
    Else(&'v Test),
}

/// Activities that name one of some things.
pub(super) struct Named<'v> {
    pub(super) noun: Noun,
    pub(super) test: TestId,
    pub(super) field: FieldRef,
    pub(super) rows: &'v Sparse,
    pub(super) members: Arc<Members>,
}

/// Which things of a noun pass a test.
pub(in crate::engine) struct Members {
    bits: Vec<u64>,
    /// Those that do not.
    pub(super) others: Vec<u32>,
}

impl<'v> Rest<'v> {
    fn new(view: &View<'v>, test: &'v Test) -> Rest<'v> {
        let named = |noun, test| {
            let field = view.store.link(Noun::Activity, noun)?;
            let Column::Reference(_, rows) = view.store.column(field) else { return None };
            let members = view.members(noun, test);
            Some(Rest::Names(Named { noun, test, field, rows, members }))
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
            Rest::Names(named) => named.has(activity),
            Rest::IsNotLate(late) => !has_bit(late, activity),
            Rest::Else(test) => {
                view.check(Item { noun: Noun::Activity, row: activity }, test).is_yes()
            }
        }
    }
}

impl Named<'_> {
    fn has(&self, activity: u32) -> bool {
        // Most name nothing, which is known of all of them close together.
        self.rows.has(activity) && {
            let is_member = |row: u32| has_bit(&self.members.bits, row);
            self.members.others.is_empty() || self.rows.get(activity).is_some_and(is_member)
        }
    }
}

impl<'v> View<'v> {
    /// Which things of a noun pass a test.
    fn members(&self, noun: Noun, test: TestId) -> Arc<Members> {
        let known = self.members.borrow().get(&(noun, test)).cloned();
        known.unwrap_or_else(|| {
            let mut members = Members {
                bits: vec![0; (self.store.count(noun) as usize).div_ceil(64)],
                others: Vec::new(),
            };
            for item in self.store.items(noun) {
                if !self.is_one_of(item, test).is_yes() {
                    members.others.push(item.row);
                } else {
                    set_bit(&mut members.bits, item.row);
                }
            }
            let members = Arc::new(members);
            self.members.borrow_mut().insert((noun, test), members.clone());
            members
        })
    }
}

impl<'v> Kinds<'v> {
    pub(super) fn new(view: &View<'v>, id: SetId) -> Option<Kinds<'v>> {
        let set = view.plan.set(id);
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
        let is_kept = |kind, status| {
            State::when_ahead(status) == State::Ahead && kept.has(kind, State::Ahead)
        };
        Some(Kinds {
            id,
            over: view.classes(|kind, status| classes.has(kind, State::when_over(status))),
            ahead: view.classes(is_ahead),
            plans: view.classes(is_kept),
            classes,
            kept,
            rest: late.chain(rest.iter().map(|test| Rest::new(view, test))).collect(),
        })
    }

    /// Those that are of these in any state.
    pub(super) fn in_any_state(&self, view: &View<'_>) -> Classes {
        Gate::in_any_state(view, self.classes)
    }

    /// Whether nothing but kind and state is asked.
    pub(super) fn is_by_class_alone(&self) -> bool {
        self.rest.iter().all(|rest| matches!(rest, Rest::IsNotLate(_)))
    }

    /// Whether nothing but the class is asked.
    pub(super) fn is_by_class(&self) -> bool {
        self.rest.is_empty()
    }

    /// What has to be named, where nothing else is asked beside the class.
    pub(super) fn named(&self) -> Option<&Named<'v>> {
        match self.rest.as_slice() {
            [Rest::Names(named)] => Some(named),
            _ => None,
        }
    }

    pub(super) fn classes(&self, which: Which) -> &Classes {
        match which {
            Which::Over => &self.over,
            Which::Ahead => &self.ahead,
            Which::Plans => &self.plans,
        }
    }

    #[inline]
    pub(super) fn passes(&self, view: &View<'_>, activity: u32) -> bool {
        self.rest.iter().all(|rest| rest.holds(view, activity))
    }

    /// The place of each activity on days of some ranks that have come, in the order of their days. Those
    /// whose day is over may be marked.
    #[inline]
    pub(super) fn each<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        (ranks, marks): (&Range<u32>, Option<&Marks>),
        mut each: impl FnMut(usize),
    ) {
        let over = view.settled_ranks(ranks);
        let spots = Spots { places: stretch.between(&over), marks };
        self.each_of(Which::Over, view, stretch, spots, &mut each);
        self.each_in_doubt(view, stretch, (over.end, (ranks.end, 0)), |place, is_done| {
            if is_done {
                each(place);
            }
        });
    }

    /// Each of some places, which may be marked.
    #[inline]
    pub(super) fn each_of<W: Word>(
        &self,
        which: Which,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        Spots { places, marks }: Spots<'_>,
        mut each: impl FnMut(usize),
    ) {
        let first = stretch.first;
        if let Some(marks) = marks {
            return marks.each(stretch.all(places), |place| each(place - first));
        }
        let wanted = self.classes(which);
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

    /// How many of some places, which may be marked.
    #[inline]
    pub(super) fn count_of<W: Word>(
        &self,
        which: Which,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        Spots { places, marks }: Spots<'_>,
    ) -> i64 {
        let count = match marks {
            Some(marks) => marks.count(stretch.all(places)) as usize,
            None if self.rest.is_empty() => self.classes(which).count(stretch, places),
            None => {
                let mut count = 0;
                let spots = Spots { places, marks: None };
                self.each_of(which, view, stretch, spots, |_| count += 1);
                count
            }
        };
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// The place of each, from a rank on, of which the hour decides whether it has taken place: whether it
    /// is done, on a day before those of the rank `elapsed`, or it is ahead, on a day before those of
    /// `plans`, and counts as done where plans do.
    #[inline]
    pub(super) fn each_in_doubt<W: Word>(
        &self,
        view: &View<'_>,
        stretch: &Stretch<'_, W>,
        (first, (elapsed, plans)): (u32, (u32, u32)),
        mut each: impl FnMut(usize, bool),
    ) {
        if !view.is_in_doubt((elapsed, plans)) {
            return;
        }
        let end = view.ahead.min(elapsed.max(plans));
        for place in stretch.first_from(first)..stretch.len() {
            let (rank, class) = (stretch.rank(place), stretch.class(place));
            if rank >= end {
                break;
            }
            let kind = kind_of(class);
            if self.kept.states(kind) == 0 {
                continue;
            }
            let row = stretch.row(place);
            let Some(state) = view.state_of(row, rank, status_of(class)) else { continue };
            let is_done = rank < elapsed && self.classes.has(kind, state);
            let is_kept = rank < plans && state == State::Ahead && self.kept.has(kind, state);
            if (is_done || is_kept) && self.passes(view, row) {
                each(place, is_done);
            }
        }
    }

    /// Whether an activity with its rank and class is one of these as of now, where nothing is asked but
    /// kind and state.
    #[inline]
    pub(super) fn is_one(&self, view: &View<'_>, (row, rank, class): (u32, u32, u32)) -> bool {
        if rank < view.settled {
            return self.over.has(class) && self.passes(view, row);
        }
        let state = view.state_of(row, rank, status_of(class));
        state.is_some_and(|state| self.classes.has(kind_of(class), state))
    }

    /// Whether one of a class whose day is to come may be one of these.
    #[inline]
    pub(super) fn may_be_to_come(&self, class: u32) -> bool {
        self.classes.has(kind_of(class), State::when_ahead(status_of(class)))
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
    /// Whether the hour decides of activities on days before these ranks whether they have taken place.
    #[inline]
    pub(super) fn is_in_doubt(&self, (elapsed, plans): (u32, u32)) -> bool {
        self.settled < self.ahead.min(elapsed.max(plans))
    }

    /// Of some ranks those of days that are over for everybody.
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
