//! What is asked for again and again: at least one every so many days, and a next step.

use chrono::NaiveDate;

use super::{Ahead, Asks, NotKnown, Worths, points};
use crate::engine::answer::Gap;
use crate::engine::measure::Frame;
use crate::engine::rule::Scope;
use crate::engine::span::Span;
use crate::model::Number;
use crate::model::calendar::{Days, Duration, plus_days};
use crate::plan::{Cmp, Comparison, Measure, NumberTest, SetId};
use crate::verdict::Status;

impl Ahead<'_> {
    /// `PHRASE every DURATION`
    pub(super) fn every(
        &self,
        scope: &Scope,
        set: SetId,
        every: Duration,
        kinds: Worths,
        days: Days,
    ) -> Asks {
        let created = self.now.creation_day(scope.subject);
        let first = |day| Some(self.now.calendar().minus(day, every));
        let missing = self.cadence(scope, set, days, first, created)?;
        match missing {
            Some(missing) => Ok(points(Number::from(missing), kinds)),
            None => Err(NotKnown),
        }
    }

    /// `days since PHRASE <= N` and `longest gap of PHRASE <= N`
    pub(super) fn gap(
        &self,
        scope: &Scope,
        comparison: &Comparison,
        (set, most, is_longest): (SetId, &Measure, bool),
        kinds: Worths,
        days: Days,
    ) -> Asks {
        let subject = scope.subject;
        let span = |day| {
            let view = self.on(day);
            let span = Span::of(&view, subject, &comparison.window, day)?;
            Ok::<_, Gap>(span.within(scope.in_force))
        };
        let at_end = span(days.last).map_err(|_| NotKnown)?;
        let frame = Frame { subject, span: &at_end, plans_until: None };
        let most = match self.on(days.last).measure(most, frame) {
            Ok(most) if most.is_exact() => most.value,
            Err(Gap::NotApplicable(_)) => return Ok(None),
            _ => return Err(NotKnown),
        };
        let is_less = matches!(comparison.test, NumberTest::Is(Cmp::Less, _));
        let most = if is_less { -((-most).floor()) - Number::from(1) } else { most.floor() };
        let Some(most) = most.to_i64().filter(|most| *most >= 0) else { return Ok(None) };
        // A gap that starts with the window starts with none.
        let first = |day: NaiveDate| {
            let first = plus_days(day, -most);
            let holds = !is_longest || span(day).is_ok_and(|span| span.whole.first <= first);
            holds.then_some(first)
        };
        match self.cadence(scope, set, days, first, None)? {
            Some(missing) => Ok(points(Number::from(missing), kinds)),
            // The gap since nothing is not applicable.
            None if !is_longest => Ok(None),
            None => Err(NotKnown),
        }
    }

    /// How many are missing where there must be one from the first day of each window to its last.
    /// `first` gives the first day of the window that ends with a day, if there must be one in it.
    /// None where there is neither a latest one nor a day from which it is reckoned.
    fn cadence(
        &self,
        scope: &Scope,
        set: SetId,
        days: Days,
        first: impl Fn(NaiveDate) -> Option<NaiveDate>,
        created: Option<NaiveDate>,
    ) -> Result<Option<u32>, NotKnown> {
        let set = self.now.plan.set(set);
        let mut latest: Option<NaiveDate> = None;
        let mut missing = 0;
        let mut day = days.last;
        while day >= days.first {
            let Some(from) = first(day) else { break };
            // The latest of a later day is that of all days from it on.
            if latest.is_none_or(|latest| latest > day) {
                let view = self.on(day);
                let found = view.latest(scope.subject, set).map(|(day, _)| day).or(created);
                let Some(found) = found else {
                    let is_known = !view.reaches_beyond_coverage(Days { first: from, last: day });
                    return if is_known { Ok(None) } else { Err(NotKnown) };
                };
                latest = Some(found);
            }
            if latest.is_none_or(|latest| latest < from) {
                if self.on(day).reaches_beyond_coverage(Days { first: from, last: day }) {
                    return Err(NotKnown);
                }
                missing += 1;
            }
            day = plus_days(from, -1).min(plus_days(day, -1));
        }
        Ok(Some(missing))
    }

    /// `next PHRASE [within DURATION]`: one for every stretch of that length that has none planned,
    /// from now on. One that is missing now is asked for wherever it may come to lie.
    pub(super) fn next(
        &self,
        scope: &Scope,
        set: SetId,
        within: Option<Duration>,
        kinds: Worths,
        days: Days,
    ) -> Asks {
        let plan = self.now.plan;
        let (mut day, later) = self.before(days);
        let mut missing = 0;
        let mut status =
            later.as_deref().unwrap_or(&self.now).next(scope, plan.set(set), within).status;
        loop {
            match status {
                Status::Missed => missing += 1,
                Status::Unknown => return Err(NotKnown),
                _ => {}
            }
            let Some(within) = within.filter(|within| !within.is_clock()) else { break };
            let calendar = self.now.calendar();
            day = calendar.plus(day, within).max(plus_days(day, 1));
            if calendar.plus(day, within).max(plus_days(day, 1)) > days.last {
                break;
            }
            status = self.on(day).next(scope, plan.set(set), Some(within)).status;
        }
        Ok(points(Number::from(missing), kinds))
    }
}
