//! Whole numbers that rules rest on: how many, how many different ones, how long without one.

use super::kinds::{Kinds, Which};
use super::marks::{Marks, Spots};
use super::target::Target;
use super::things::Known;
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
    pub(super) count: usize,
}

/// What is reused from subject to subject.
pub(super) struct Seen {
    /// By row of what is referred to, raised by one, in which turn it was last seen; nothing is at zero.
    turns: Vec<u32>,
    turn: u32,
    /// The ranks of days that were seen.
    days: Vec<u32>,
    /// What planned ones refer to.
    planned: Vec<u32>,
}

impl<'v> Of<'v> {
    pub(super) fn new(view: &View<'v>, comparison: &'v Comparison) -> Option<Of<'v>> {
        let kinds = |set| {
            let kinds = Kinds::new(view, set)?;
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

    /// Whether what is planned can count.
    pub(super) fn counts_plans(&self) -> bool {
        !matches!(self, Of::Gap(_))
    }

    /// What is told apart, where that is counted.
    pub(super) fn others(&self) -> Option<&Others<'v>> {
        if let Of::Distinct(_, others) = self { Some(others) } else { None }
    }

    /// What a reusable memory must have room for.
    pub(super) fn seen(&self) -> Seen {
        let count = if let Of::Distinct(_, others) = self { others.count } else { 0 };
        Seen { turns: vec![0; count + 1], turn: 0, days: Vec::new(), planned: Vec::new() }
    }

    /// The number, and the same where what is planned counts as well. It may be known where the activities
    /// are that count, or those may be marked of all things that are done and that are planned.
    #[inline]
    pub(super) fn measure<W: Word>(
        &self,
        view: &View<'_>,
        owned: &Owned<'_, W>,
        subject: u32,
        (period, (known, of_all)): (&Target, (Option<&Known>, [Option<&Marks>; 2])),
        seen: &mut Seen,
    ) -> (i64, i64) {
        let kinds = self.kinds();
        let ranks = period.elapsed.start..period.elapsed.end.max(period.plans.end);
        let ends = (period.elapsed.end, period.plans.end);
        let spots = |stretch: &Stretch<'_, W>| match known {
            Some(known) => (known.done.spots(stretch), known.planned.spots(stretch)),
            None => {
                let [over, plans] = of_all;
                let spots = |ranks, marks| Spots { places: stretch.between(ranks), marks };
                (spots(&period.over, over), spots(&period.plans, plans))
            }
        };
        match self {
            Of::Count(_) => {
                let (mut done, mut planned) = (0, 0);
                owned.each(subject, &ranks, |stretch| {
                    let (over, plans) = spots(&stretch);
                    done += kinds.count_of(Which::Over, view, &stretch, over);
                    kinds.each_in_doubt(view, &stretch, (period.over.end, ends), |_, is_done| {
                        let count = if is_done { &mut done } else { &mut planned };
                        *count += 1;
                    });
                    if !plans.places.is_empty() {
                        planned += kinds.count_of(Which::Plans, view, &stretch, plans);
                    }
                });
                (done, done + planned)
            }
            Of::Distinct(_, others) => {
                seen.start();
                seen.planned.clear();
                let mut done = 0;
                owned.each(subject, &ranks, |stretch| {
                    let (over, plans) = spots(&stretch);
                    kinds.each_of(Which::Over, view, &stretch, over, |place| {
                        done += seen.count(others.get(stretch.row(place)));
                    });
                    kinds.each_in_doubt(
                        view,
                        &stretch,
                        (period.over.end, ends),
                        |place, is_done| {
                            let other = others.get(stretch.row(place));
                            if is_done {
                                done += seen.count(other);
                            } else {
                                seen.planned.extend(other);
                            }
                        },
                    );
                    if !plans.places.is_empty() {
                        kinds.each_of(Which::Plans, view, &stretch, plans, |place| {
                            seen.planned.extend(others.get(stretch.row(place)));
                        });
                    }
                });
                let planned = std::mem::take(&mut seen.planned);
                let more: u32 = planned.iter().map(|other| seen.count(Some(*other))).sum();
                seen.planned = planned;
                (done.into(), (done + more).into())
            }
            Of::Gap(_) => {
                let times = &view.store.activities.times;
                let (mut latest, mut longest) = (period.days.0, 0);
                let mut next = |day: i32| {
                    longest = longest.max(day - latest);
                    latest = day;
                };
                let days = &mut seen.days;
                days.clear();
                owned.each(subject, &period.elapsed, |stretch| {
                    let (over, _) = spots(&stretch);
                    let mut day = |place| {
                        let rank = stretch.rank(place);
                        if owned.is_in_order() {
                            next(times.number(rank));
                        } else {
                            days.push(rank);
                        }
                    };
                    kinds.each_of(Which::Over, view, &stretch, over, &mut day);
                    let doubt = (period.over.end, (ends.0, 0));
                    kinds.each_in_doubt(view, &stretch, doubt, |place, _| day(place));
                });
                days.sort_unstable();
                days.iter().for_each(|rank| next(times.number(*rank)));
                next(period.days.1);
                (longest.into(), longest.into())
            }
        }
    }
}

impl Others<'_> {
    /// To what an activity refers.
    #[inline]
    pub(super) fn get(&self, activity: u32) -> Option<u32> {
        self.rows?.get(activity)
    }

    /// The same of all activities, raised by one, where they can refer to so few.
    pub(super) fn few(&self) -> Option<&[u8]> {
        match self.rows? {
            Sparse::Dense { codes: Codes::U8(codes), .. } => Some(codes),
            _ => None,
        }
    }

    /// Whether an activity refers to one.
    pub(super) fn is_named_by(&self, activity: u32) -> bool {
        self.rows.is_some_and(|rows| rows.has(activity))
    }
}

impl Seen {
    /// Starts a turn.
    pub(super) fn start(&mut self) {
        self.turn += 1;
        // Nothing counts as seen.
        if let Some(nothing) = self.turns.first_mut() {
            *nothing = self.turn;
        }
    }

    /// One for what was not seen in this turn, and nothing else.
    #[inline]
    pub(super) fn count(&mut self, other: Option<u32>) -> u32 {
        self.count_raised(other.map_or(0, |other| other as usize + 1))
    }

    /// The same of a row raised by one.
    #[inline]
    pub(super) fn count_raised(&mut self, other: usize) -> u32 {
        match self.turns.get_mut(other) {
            Some(turn) => u32::from(std::mem::replace(turn, self.turn) != self.turn),
            None => 0,
        }
    }
}
