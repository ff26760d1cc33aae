//! Whole numbers that rules rest on: how many, how many different ones, how long without one.

use std::ops::Range;

use super::kinds::Kinds;
use super::target::Target;
use crate::check::rules::Function;
use crate::engine::store::{Codes, Column, Owned, Sparse, Stretch, Word};
use crate::engine::view::View;
use crate::plan::{Comparison, Measure};

/// What is measured.
pub(super) enum Of<'v> {
    Count(Kinds<'v>),
    Distinct(Kinds<'v>, Others<'v>),
    Gap(Kinds<'v>),
}

/// To what activities refer by one field.
pub(super) struct Others<'v> {
    /// None where no activity refers to any.
    rows: Option<&'v Sparse>,
    count: usize,
}

/// What is reused from subject to subject.
pub(super) struct Seen {
    /// By row of what is referred to, in which turn it was last seen.
    turns: Vec<u32>,
    turn: u32,
    /// The ranks of days that were seen.
    days: Vec<u32>,
}

impl<'v> Of<'v> {
    pub(super) fn new(view: &View<'v>, comparison: &'v Comparison) -> Option<Of<'v>> {
        let kinds = |set| {
            let kinds = Kinds::new(view, view.plan.set(set))?;
            // What else is asked may not be known where activities are not.
            (view.is_all_covered() || kinds.is_by_class_alone()).then_some(kinds)
        };
        match &comparison.left {
            Measure::Count(set) => kinds(*set).map(Of::Count),
            Measure::Aggregate { function: Function::Distinct, field, of } => {
                let [field] = field.steps.as_slice() else { return None };
                let fields = &view.store.fields;
                let is_known = [fields.activity_seller, fields.activity_contact].contains(field);
                let rows = match view.store.column(*field) {
                    Column::Reference(noun, rows) => {
                        Others { rows: Some(rows), count: view.store.count(*noun) as usize }
                    }
                    Column::Empty if is_known => Others { rows: None, count: 0 },
                    _ => return None,
                };
                Some(Of::Distinct(kinds(*of)?, rows))
            }
            Measure::LongestGap(set) => kinds(*set).map(Of::Gap),
            _ => None,
        }
    }

    pub(super) fn kinds(&self) -> &Kinds<'v> {
        match self {
            Of::Count(kinds) | Of::Distinct(kinds, _) | Of::Gap(kinds) => kinds,
        }
    }

    /// What is told apart, where that is counted.
    pub(super) fn others(&self) -> Option<&Others<'v>> {
        if let Of::Distinct(_, others) = self { Some(others) } else { None }
    }

    /// What a reusable memory must have room for.
    pub(super) fn seen(&self) -> Seen {
        let count = if let Of::Distinct(_, others) = self { others.count } else { 0 };
        Seen { turns: vec![0; count], turn: 0, days: Vec::new() }
    }

    /// The number, and the same where what is planned counts as well. Where a subject has but one
    /// stretch, it may be known which places are those of days that are over for everybody.
    #[inline]
    pub(super) fn measure<W: Word>(
        &self,
        view: &View<'_>,
        owned: &Owned<'_, W>,
        subject: u32,
        (period, settled): (&Target, Option<Range<usize>>),
        seen: &mut Seen,
    ) -> (i64, i64) {
        let settled = |stretch: &Stretch<'_, W>| match &settled {
            Some(places) => places.clone(),
            None => view.settled(stretch, &period.elapsed),
        };
        let end = period.elapsed.end;
        match self {
            Of::Count(kinds) => {
                let mut sum = (0, 0);
                owned.each(subject, |stretch| {
                    let ends = (end, period.plans_end);
                    let more = kinds.count(view, &stretch, settled(&stretch), ends);
                    sum = (sum.0 + more.0, sum.1 + more.1);
                });
                sum
            }
            Of::Distinct(kinds, others) => {
                seen.turn += 1;
                let mut distinct = |ranks: &Range<u32>, is_kept| match others.rows {
                    Some(Sparse::Dense(Codes::U8(codes))) => {
                        let other = |row: u32| codes.get(row as usize)?.checked_sub(1);
                        let other = |row| other(row).map(u32::from);
                        seen.count(view, kinds, owned, subject, (ranks, is_kept), other)
                    }
                    Some(rows) => {
                        let other = |row| rows.get(row);
                        seen.count(view, kinds, owned, subject, (ranks, is_kept), other)
                    }
                    None => 0,
                };
                let done = distinct(&period.elapsed, false);
                if period.plans_end == 0 {
                    return (done, done);
                }
                (done, done + distinct(&period.ahead(view), true))
            }
            Of::Gap(kinds) => {
                let times = &view.store.activities.times;
                let (mut latest, mut longest) = (period.days.0, 0);
                let mut next = |day: i32| {
                    longest = longest.max(day - latest);
                    latest = day;
                };
                if owned.is_single() {
                    owned.each(subject, |stretch| {
                        let settled = settled(&stretch);
                        kinds.each_from(view, &stretch, settled, end, false, |place| {
                            next(times.number(stretch.rank(place)));
                        });
                    });
                } else {
                    seen.days.clear();
                    owned.each(subject, |stretch| {
                        let settled = settled(&stretch);
                        kinds.each_from(view, &stretch, settled, end, false, |place| {
                            seen.days.push(stretch.rank(place));
                        });
                    });
                    seen.days.sort_unstable();
                    seen.days.iter().for_each(|rank| next(times.number(*rank)));
                }
                next(period.days.1);
                (longest.into(), longest.into())
            }
        }
    }
}

impl Others<'_> {
    /// Whether an activity refers to one.
    pub(super) fn is_named_by(&self, activity: u32) -> bool {
        self.rows.is_some_and(|rows| rows.has(activity))
    }
}

impl Seen {
    /// To how many things activities refer that were not seen in this turn.
    #[inline]
    fn count<W: Word>(
        &mut self,
        view: &View<'_>,
        kinds: &Kinds<'_>,
        owned: &Owned<'_, W>,
        subject: u32,
        (ranks, is_kept): (&Range<u32>, bool),
        other: impl Fn(u32) -> Option<u32>,
    ) -> i64 {
        let mut count = 0;
        owned.each(subject, |stretch| {
            kinds.each(view, &stretch, ranks, is_kept, |place| {
                let other = other(stretch.row(place));
                count += i64::from(other.is_some_and(|other| self.is_new(other)));
            });
        });
        count
    }

    /// Whether it was not seen in this turn.
    #[inline]
    fn is_new(&mut self, other: u32) -> bool {
        match self.turns.get_mut(other as usize) {
            Some(turn) => std::mem::replace(turn, self.turn) != self.turn,
            None => false,
        }
    }
}
