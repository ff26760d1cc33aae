//! What a period asks of a whole number, the same for every subject.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::engine::answer::Gap;
use crate::engine::decisions::{Decision, Mark};
use crate::engine::field::holds;
use crate::engine::outcome::{Figures, Outcome};
use crate::engine::span::Span;
use crate::engine::store::COMPANY;
use crate::engine::view::View;
use crate::model::Number;
use crate::model::calendar::plus_days;
use crate::plan::{Class, Cmp, Comparison, Measure, NumberTest, Rule};
use crate::verdict::Status;

/// What is asked in a period.
pub(super) struct Target {
    /// The ranks of the days of the window that have elapsed.
    pub(super) elapsed: Range<u32>,
    /// Of these, those of days that are over for everybody.
    pub(super) over: Range<u32>,
    /// The ranks of the days that are ahead for everybody on which what is planned counts as well;
    /// none of a period that does not run.
    pub(super) plans: Range<u32>,
    /// The first day, and the last that has come, as numbers of days.
    pub(super) days: (i32, i32),
    pub(super) target: i64,
    cmp: Cmp,
    /// What is due by now, of a period that runs.
    due: Option<i64>,
    runs: bool,
    is_over: bool,
    class: Class,
    lasts: bool,
}

impl Target {
    pub(super) fn new(
        view: &View<'_>,
        rule: &Rule,
        comparison: &Comparison,
        day: NaiveDate,
    ) -> Option<Target> {
        let NumberTest::Is(cmp, Measure::Number(number)) = &comparison.test else { return None };
        let target = Number::from(*number);
        let class = comparison.class;
        let is_count = class == Class::Count && comparison.is_whole;
        // A count above N is a count of at least N + 1.
        let (cmp, target) = match cmp {
            Cmp::More if is_count => (Cmp::AtLeast, target.floor() + Number::from(1)),
            cmp => (*cmp, target),
        };
        if matches!(cmp, Cmp::Equal) {
            return None;
        }
        let target = target.to_whole()?;
        // The window must be the same for every subject, and measured in days.
        let window = &comparison.window;
        if !window.is_same_for_all() {
            return None;
        }
        let span = Span::of(view, COMPANY, window, day).ok()?.within(rule.in_force);
        let whole = span.whole;
        if !span.is_bounded && class == Class::Other {
            return None;
        }
        let times = &view.store.activities.times;
        let ranks = |first: NaiveDate, last: NaiveDate| {
            let start = times.first_from(first);
            start..times.first_from(plus_days(last, 1)).max(start)
        };
        let elapsed = view.elapsed(whole);
        if view.reaches_beyond_coverage(elapsed) {
            return None;
        }
        let is_over = span.is_period && view.is_over(whole.last);
        let runs = span.is_period && !is_over;
        let due = || {
            let due = Number::from(target) * Number::from(elapsed.count());
            (due / Number::from(whole.count().max(1))).floor().to_whole()
        };
        let open = ranks(view.now.first_open_day().max(whole.first), whole.last);
        let elapsed_days = (whole.first.num_days_from_ce(), elapsed.last.num_days_from_ce());
        let elapsed = ranks(elapsed.first, elapsed.last);
        let ahead = view.ahead.max(elapsed.start);
        Some(Target {
            over: view.settled_ranks(&elapsed),
            plans: if runs && !open.is_empty() { ahead..open.end } else { 0..0 },
            elapsed,
            days: elapsed_days,
            cmp,
            target,
            due: if runs { Some(due()?) } else { None },
            runs,
            is_over,
            class,
            lasts: comparison.left_lasts,
        })
    }

    /// Whether the hour decides of any activity whether it counts.
    pub(super) fn is_in_doubt(&self, view: &View<'_>) -> bool {
        view.is_in_doubt((self.elapsed.end, self.plans.end))
    }

    /// As [`View::compare`] decides, of a number that is known, by whether it is as is asked.
    /// `is_enough` says whether what is done and planned is, of what is due by now or at all.
    fn decide(&self, is_so: bool, is_enough: impl FnOnce() -> bool) -> (Status, bool) {
        let moves = self.class == Class::Other || self.cmp == Cmp::Unequal;
        let asks_more = matches!(self.cmp, Cmp::AtLeast | Cmp::More);
        let (status, is_final) = match (self.runs, is_so) {
            (false, true) => (Status::Met, self.is_over),
            (false, false) => (Status::Missed, self.is_over),
            (true, true) if moves => (Status::OnTrack, false),
            (true, false) if moves => (Status::AtRisk, false),
            (true, true) if asks_more => (Status::Met, true),
            (true, false) if !asks_more => (Status::Missed, true),
            (true, _) => (if is_enough() { Status::OnTrack } else { Status::AtRisk }, false),
        };
        (status, is_final && self.lasts)
    }

    /// What is decided of whole numbers.
    pub(super) fn whole(&self) -> Whole {
        let asks_more = matches!(self.cmp, Cmp::AtLeast | Cmp::More);
        let so = Band::new(self.cmp, self.target);
        let enough = match self.due {
            Some(due) if asks_more => Band::new(Cmp::AtLeast, due),
            _ => so,
        };
        let decide = |is_so, is_enough| self.decide(is_so, || is_enough);
        let decisions = [false, true].map(|is_so| [false, true].map(|is| decide(is_so, is)));
        Whole { so, enough, decisions }
    }

    /// Of a share: so many of so many.
    pub(super) fn decide_share(&self, (yes, all): (u32, u32)) -> Outcome {
        let share = (Number::from(100) * Number::from(yes)).checked_div(&Number::from(all));
        let Some(share) = share else {
            let is_final = self.is_over && self.lasts;
            return Outcome { is_final, ..Outcome::gap(Gap::NotApplicable(String::new())) };
        };
        let target = Number::from(self.target);
        let (status, is_final) = self.decide(holds(self.cmp, share.cmp(&target)), || false);
        let figures = Figures { measured: Some(share), target: Some(target), ..Figures::default() };
        Outcome { status, is_final, figures, ..Outcome::standing(true, String::new()) }
    }
}

/// What is asked in each of some periods.
pub(super) fn targets(periods: &[Target]) -> Vec<i64> {
    periods.iter().map(|period| period.target).collect()
}

/// What is decided of whole numbers in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    /// Which are as is asked.
    so: Band,
    /// Which are enough with what is planned.
    enough: Band,
    /// What is decided, by whether it is as is asked and whether it is enough.
    decisions: [[(Status, bool); 2]; 2],
}

impl Whole {
    /// Of a number, and the same where what is planned counts as well.
    #[inline]
    pub(super) fn decide(&self, left: i64, with_plans: i64) -> Decision {
        let [not_so, so] = &self.decisions;
        let [not_enough, enough] = if self.so.has(left) { so } else { not_so };
        let (status, is_final) = *if self.enough.has(with_plans) { enough } else { not_enough };
        Decision { status, is_final, measured: left }
    }

    /// The same for numbers that are no more than 32 bits and not negative: how those stand that are and are
    /// not as is asked, and with what is planned are and are not enough.
    pub(super) fn marks(&self) -> impl Fn(u32, u32) -> Mark + use<> {
        let marks =
            self.decisions.map(|of| of.map(|(status, is_final)| Mark::new(status, is_final)));
        let (is_so, is_enough) = (self.so.of_counts(), self.enough.of_counts());
        move |left, with_plans| Mark::one_of(&marks, is_so(left), is_enough(with_plans))
    }
}

/// All whole numbers between two of them, or all others.
#[derive(Debug, Clone, Copy)]
struct Band {
    low: i64,
    high: i64,
    is_in: bool,
}

impl Band {
    /// Those that compare so with a number.
    fn new(cmp: Cmp, with: i64) -> Band {
        let (low, high) = match cmp {
            Cmp::AtLeast | Cmp::Less => (with, i64::MAX),
            Cmp::AtMost | Cmp::More => (i64::MIN, with),
            Cmp::Equal | Cmp::Unequal => (with, with),
        };
        let is_in = matches!(cmp, Cmp::AtLeast | Cmp::AtMost | Cmp::Equal);
        Band { low, high, is_in }
    }

    /// Which counts are in it.
    fn of_counts(self) -> impl Fn(u32) -> bool {
        let none = (u32::MAX, 0);
        let low = if self.low < 0 { Ok(0) } else { u32::try_from(self.low) };
        let high = if self.high < 0 { None } else { Some(u32::try_from(self.high)) };
        let (low, high) = match (low, high) {
            (Ok(low), Some(high)) => (low, high.unwrap_or(u32::MAX)),
            _ => none,
        };
        let is_in = self.is_in;
        move |count| ((low <= count) & (count <= high)) == is_in
    }

    #[inline]
    fn has(self, number: i64) -> bool {
        ((self.low <= number) & (number <= self.high)) == self.is_in
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn band() -> impl Strategy<Value = Band> {
        let cmps = [Cmp::AtLeast, Cmp::AtMost, Cmp::More, Cmp::Less, Cmp::Equal, Cmp::Unequal];
        let edges = [i64::MIN, -1, 0, 1, u32::MAX.into(), i64::from(u32::MAX) + 1, i64::MAX];
        let with = prop_oneof![3 => 0..6_i64, 1 => prop::sample::select(edges.to_vec())];
        (prop::sample::select(cmps.to_vec()), with).prop_map(|(cmp, with)| Band::new(cmp, with))
    }

    fn count() -> impl Strategy<Value = u32> {
        prop_oneof![3 => 0..6_u32, 1 => Just(u32::MAX)]
    }

    proptest! {
        #[test]
        fn counts_are_decided_as_all_whole_numbers(
            so in band(), enough in band(), left in count(), with_plans in count(),
        ) {
            let decisions = [
                [(Status::Missed, true), (Status::OnTrack, false)],
                [(Status::AtRisk, false), (Status::Met, true)],
            ];
            let whole = Whole { so, enough, decisions };
            let decision = whole.decide(left.into(), with_plans.into());
            let mark = Mark::new(decision.status, decision.is_final);
            prop_assert_eq!(whole.marks()(left, with_plans), mark);
        }
    }
}
