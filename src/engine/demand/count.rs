//! Counts: how many are missing in each window.

use chrono::NaiveDate;

use super::{Ahead, Asks, NotKnown, Worths, points};
use crate::check::rules::Window;
use crate::engine::answer::Gap;
use crate::engine::compare::{Weighed, counted, due};
use crate::engine::rule::Scope;
use crate::engine::span::Span;
use crate::model::Number;
use crate::model::calendar::{Days, plus_days};
use crate::plan::Comparison;

impl Ahead<'_> {
    /// How many are missing, window by window.
    pub(super) fn count(
        &self,
        scope: &Scope,
        comparison: &Comparison,
        kinds: Worths,
        days: Days,
    ) -> Asks {
        let mut missing = Number::zero();
        for day in self.checks(scope, &comparison.window, days)? {
            let scope = Scope { period_day: day, ..*scope };
            match self.missing(&scope, comparison, day, days) {
                Ok(more) if more.is_negative() => {}
                Ok(more) => missing = missing + more,
                Err(Gap::NotApplicable(_)) => {}
                Err(Gap::Unknown(_) | Gap::Uncovered(_)) => return Err(NotKnown),
            }
        }
        Ok(points(missing, kinds))
    }

    /// The days on which windows end that have no day in common, as far as they can still be
    /// filled.
    fn checks(
        &self,
        scope: &Scope,
        window: &Window,
        days: Days,
    ) -> Result<Vec<NaiveDate>, NotKnown> {
        let calendar = self.now.calendar();
        let mut checks = Vec::new();
        match window {
            Window::Per(unit) | Window::This(unit) => {
                let mut period = calendar.period(*unit, days.first);
                while period.first <= days.last {
                    checks.push(period.last.min(days.last));
                    period = calendar.period(*unit, plus_days(period.last, 1));
                }
            }
            // A period is judged on the first day after it.
            Window::Previous(unit) => {
                let mut period = calendar.period(*unit, days.first);
                while period.last < days.last {
                    checks.push(plus_days(period.last, 1));
                    period = calendar.period(*unit, plus_days(period.last, 1));
                }
            }
            Window::Last(duration) => {
                let mut day = days.last;
                while day >= days.first {
                    checks.push(day);
                    let before = plus_days(calendar.last(day, *duration).first, -1);
                    day = before.min(plus_days(day, -1));
                }
            }
            Window::Since(_) | Window::Ever => checks.push(days.last),
            Window::FromUntil(..) => {
                let span = Span::of(&self.now, scope.subject, window, days.last);
                let whole = span.map_err(|_| NotKnown)?.whole;
                let last = whole.last.min(days.last);
                checks.extend((whole.first <= last && days.first <= last).then_some(last));
            }
        }
        Ok(checks)
    }

    /// How many are missing when a day is over: of a period that goes on after the last day, those
    /// that are due by then.
    fn missing(
        &self,
        scope: &Scope,
        comparison: &Comparison,
        day: NaiveDate,
        days: Days,
    ) -> Result<Number, Gap> {
        let view = self.on(day);
        let weighed = view.weigh(scope, comparison).map_err(|(gap, _)| gap)?;
        let Weighed { span, left, sides, .. } = weighed;
        // Of two sides the first asks for more.
        let Some((cmp, target)) = sides.into_iter().next() else { return Ok(Number::zero()) };
        let (_, target) = counted(comparison, cmp, target);
        if !left.is_exact() || !target.is_exact() {
            return Err(Gap::Uncovered(String::new()));
        }
        let target = target.value;
        let whole = span.whole;
        if !span.is_period || whole.last <= days.last {
            return Ok(target - left.value);
        }
        let elapsed = Days { last: day, ..whole }.count();
        Ok(due(comparison.class, &target, whole, elapsed) - left.value)
    }
}
