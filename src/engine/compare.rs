//! `MEASURE CMP VALUE [WINDOW]`: standing comparisons, finished periods, and pace.

use chrono::NaiveDate;

use super::answer::Gap;
use super::field::holds;
use super::measure::{Frame, Measured};
use super::outcome::{Due, DueBy, Figures, Helps, Joined, Outcome};
use super::rule::Scope;
use super::span::Span;
use super::view::View;
use crate::check::rules::Window;
use crate::model::Number;
use crate::model::calendar::{Days, plus_days};
use crate::plan::{Class, Cmp, Comparison, Drift, NumberTest};
use crate::sentence::{Compared, Why};
use crate::verdict::Status;

/// One side of a comparison, with what it takes to judge it.
struct Side<'s> {
    cmp: Cmp,
    target: Measured,
    left: &'s Measured,
    /// Measured and planned together, while a period of a count or sum runs.
    with_plans: Option<&'s Measured>,
    class: Class,
    span: &'s Span,
}

/// Both sides of a comparison, taken.
pub(super) struct Weighed {
    pub(super) span: Span,
    pub(super) left: Measured,
    /// Measured and planned together, while a period of a count or sum runs.
    pub(super) with_plans: Option<Measured>,
    /// Each with what it is held against.
    pub(super) sides: Vec<(Cmp, Measured)>,
}

impl View<'_> {
    pub(super) fn compare(&self, scope: &Scope, comparison: &Comparison) -> Outcome {
        match self.try_compare(scope, comparison) {
            Ok(outcome) => outcome,
            Err((gap, span)) => Outcome {
                days: span.map(|span| span.whole),
                is_final: matches!(gap, Gap::NotApplicable(_))
                    && comparison.left_lasts
                    && span.is_some_and(|s| s.is_period && self.is_over(s.whole.last)),
                ..self.gap(gap)
            },
        }
    }

    /// Takes both sides of a comparison.
    ///
    /// # Errors
    ///
    /// There is no number, or no window.
    pub(super) fn weigh(
        &self,
        scope: &Scope,
        comparison: &Comparison,
    ) -> Result<Weighed, (Gap, Option<Span>)> {
        let span = Span::of(self, scope.subject, &comparison.window, scope.period_day)
            .map_err(|gap| (gap, None))?
            .within(scope.in_force);
        let of = |gap| (gap, Some(span));
        let class = comparison.class;
        let frame = Frame { subject: scope.subject, span: &span, plans_until: None };
        let left = self.measure(&comparison.left, frame).map_err(of)?;
        let runs = span.is_period && !self.is_over(span.whole.last);
        let with_plans = if runs && class != Class::Other {
            let frame = Frame { plans_until: Some(span.whole.last), ..frame };
            Some(self.measure(&comparison.left, frame).map_err(of)?)
        } else {
            None
        };
        let target = |measure| {
            let target = self.measure(measure, frame)?;
            self.prorated(scope, &comparison.window, class, target)
        };
        let sides = match &comparison.test {
            NumberTest::Is(Cmp::Equal, value) => {
                let value = target(value).map_err(of)?;
                vec![(Cmp::AtLeast, value.clone()), (Cmp::AtMost, value)]
            }
            NumberTest::Is(cmp, value) => vec![(*cmp, target(value).map_err(of)?)],
            NumberTest::Between(low, high) => {
                let (low, high) = (target(low).map_err(of)?, target(high).map_err(of)?);
                vec![(Cmp::AtLeast, low), (Cmp::AtMost, high)]
            }
        };
        Ok(Weighed { span, left, with_plans, sides })
    }

    fn try_compare(
        &self,
        scope: &Scope,
        comparison: &Comparison,
    ) -> Result<Outcome, (Gap, Option<Span>)> {
        let Weighed { span, left, with_plans, sides } = self.weigh(scope, comparison)?;
        let class = comparison.class;
        let side = |cmp, target| Side {
            cmp,
            target,
            left: &left,
            with_plans: with_plans.as_ref(),
            class,
            span: &span,
        };
        let sides: Vec<_> = sides.into_iter().map(|(cmp, target)| side(cmp, target)).collect();
        self.note_drift(comparison, &left, &sides);
        let has_window = !matches!(comparison.window, Window::Ever) || span.is_bounded;
        let judged = sides.into_iter().map(|side| {
            let outcome = self.judge_side(side, comparison);
            Outcome { days: has_window.then_some(span.whole), ..outcome }
        });
        let mut outcome = self.together(Joined::All, judged.collect());
        if self.shows() {
            outcome.evidence = left.evidence;
            outcome.evidence.sort_by(|a, b| self.by_day_and_id(*a, *b));
            outcome.evidence.dedup();
        }
        Ok(outcome)
    }

    /// Notes when a value that grows as days pass may reach what it is compared with.
    fn note_drift(&self, comparison: &Comparison, left: &Measured, sides: &[Side<'_>]) {
        match comparison.drift {
            (Drift::Not, Drift::Not) => {}
            (Drift::ByOneADay, Drift::Not) => {
                // Where not all is known, each bound moves by itself.
                let distance = |side: &Side<'_>| {
                    let bounds = [Some(&left.value), left.least.as_ref(), left.most.as_ref()];
                    let days = bounds.into_iter().flatten().map(|bound| {
                        let by = bound.clone() - side.target.value.clone();
                        let by = if by.is_negative() { -by } else { by };
                        (by.floor().to_i64().unwrap_or(1) - side.span.leap()).max(1)
                    });
                    days.min().unwrap_or(1)
                };
                let days = sides.iter().map(distance).min().unwrap_or(1);
                self.note(plus_days(self.day(), days));
                if days == 1 {
                    self.note_tomorrow();
                }
            }
            _ => self.note_tomorrow(),
        }
    }

    /// `prorate`: the target × eligible days ÷ days of the period, rounded half up.
    pub(super) fn prorated(
        &self,
        scope: &Scope,
        window: &Window,
        class: Class,
        target: Measured,
    ) -> Result<Measured, Gap> {
        let (Window::Per(unit), true, true) = (window, scope.prorate, class != Class::Other) else {
            return Ok(target);
        };
        let period = self.calendar().period(*unit, scope.period_day);
        let (eligible, all) = self.eligible_days(scope, period);
        let Some(part) = Number::from(eligible).checked_div(&Number::from(all)) else {
            return Err(self.why(Why::NoWorkdays));
        };
        let decimals = if class == Class::Count { 0 } else { 2 };
        let was_zero = target.value.is_zero();
        let target = target.map(|number| (number * part.clone()).round_half_up(decimals));
        if target.value.is_zero() && !was_zero {
            return Err(self.why(Why::ProratedToZero));
        }
        Ok(target)
    }

    fn judge_side(&self, side: Side<'_>, comparison: &Comparison) -> Outcome {
        let Side { cmp, target, left, with_plans, class, span } = side;
        let (cmp, target) = counted(comparison, cmp, target);
        let is_over = span.is_period && self.is_over(span.whole.last);
        let runs = span.is_period && !is_over;
        let (yes, no) = (certainly(cmp, left, &target), certainly(negated(cmp), left, &target));
        let planned = match with_plans {
            Some(both) => Some(both.value.clone() - left.value.clone()),
            None => (is_over && class != Class::Other).then(Number::zero),
        };
        let asks_more = matches!(cmp, Cmp::AtLeast | Cmp::More);
        let asks_less = matches!(cmp, Cmp::AtMost | Cmp::Less);
        let missing = asks_more.then(|| {
            let gap = target.value.clone() - left.value.clone();
            if gap.is_negative() { Number::zero() } else { gap }
        });
        let (status, is_final) = if !runs {
            match (yes, no) {
                (true, _) => (Status::Met, is_over),
                (_, true) => (Status::Missed, is_over),
                _ => (Status::Unknown, false),
            }
        } else if class == Class::Other || !(asks_more || asks_less) {
            match (yes, no) {
                (true, _) => (Status::OnTrack, false),
                (_, true) => (Status::AtRisk, false),
                _ => (Status::Unknown, false),
            }
        } else if asks_more {
            match (yes, no) {
                (true, _) => (Status::Met, true),
                (_, true) => (self.pace(class, &target.value, with_plans, left, span), false),
                _ => (Status::Unknown, false),
            }
        } else {
            let have = with_plans.unwrap_or(left);
            match (yes, no) {
                (_, true) => (Status::Missed, true),
                (true, _) if holds(cmp, have.value.cmp(&target.value)) => (Status::OnTrack, false),
                (true, _) => (Status::AtRisk, false),
                _ => (Status::Unknown, false),
            }
        };
        // `=` and `between` ask for enough and not too much.
        let has_two_sides =
            matches!(comparison.test, NumberTest::Is(Cmp::Equal, _) | NumberTest::Between(..));
        let helps = match (asks_more, asks_less) {
            _ if has_two_sides => Helps::Other,
            (true, _) => Helps::More,
            (_, true) => Helps::Less,
            _ => Helps::Other,
        };
        let by = if span.is_period { DueBy::Day(span.whole.last) } else { DueBy::Standing };
        let figures = Figures {
            measured: Some(left.value.clone()),
            target: Some(target.value.clone()),
            planned,
            missing,
        };
        let compared = Compared {
            measured: &left.value,
            target: &target.value,
            planned: figures.planned.as_ref(),
        };
        let (calendar, today) = (self.calendar(), self.day());
        let sentence = self.words(|words| {
            let written = &comparison.written;
            words.comparison(written, cmp, compared, span.whole, calendar, today)
        });
        // While the period runs, a target that is measured can still move.
        let targets = if runs { comparison.target_is_fixed } else { comparison.target_lasts };
        let outcome = Outcome {
            status,
            is_final: is_final && targets && comparison.left_lasts,
            is_standing: !span.is_period,
            due: Due { by, helps },
            figures,
            ..Outcome::standing(true, sentence)
        };
        if status == Status::Unknown { outcome.uncovered(self.coverage_reason()) } else { outcome }
    }

    /// On track if what is done and planned reaches what is due by now: the target × elapsed days
    /// ÷ days of the period, rounded down for a count.
    fn pace(
        &self,
        class: Class,
        target: &Number,
        with_plans: Option<&Measured>,
        left: &Measured,
        span: &Span,
    ) -> Status {
        let have = &with_plans.unwrap_or(left).value;
        let days = span.whole;
        let due = |elapsed: i64| due(class, target, days, elapsed);
        if *have < due(self.elapsed(days).count()) {
            return Status::AtRisk;
        }
        if let Some(day) = first_day_due(days, |elapsed| *have < due(elapsed)) {
            self.note(day);
        }
        Status::OnTrack
    }
}

/// A count above N is a count of at least N + 1.
pub(super) fn counted(comparison: &Comparison, cmp: Cmp, target: Measured) -> (Cmp, Measured) {
    let counts_whole = comparison.class == Class::Count && comparison.is_whole;
    if counts_whole && cmp == Cmp::More {
        (Cmp::AtLeast, target.map(|number| number.floor() + Number::from(1)))
    } else {
        (cmp, target)
    }
}

/// What is due of a target when some days of a period have elapsed.
pub(super) fn due(class: Class, target: &Number, days: Days, elapsed: i64) -> Number {
    let due = target.clone() * Number::from(elapsed) / Number::from(days.count().max(1));
    if class == Class::Count { due.floor() } else { due }
}

/// The first day of a period on which, when it has elapsed, more is due than there is. What is due
/// only grows.
pub(super) fn first_day_due(days: Days, is_short: impl Fn(i64) -> bool) -> Option<NaiveDate> {
    let (mut low, mut high) = (0, days.count());
    if !is_short(high) {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if is_short(middle) { high = middle } else { low = middle }
    }
    Some(plus_days(days.first, high - 1))
}

/// Whether a comparison holds whatever the numbers are within their bounds.
fn certainly(cmp: Cmp, left: &Measured, right: &Measured) -> bool {
    let ordered = |a: &Option<Number>, b: &Option<Number>| match (a, b) {
        (Some(a), Some(b)) => holds(cmp, a.cmp(b)),
        _ => false,
    };
    match cmp {
        Cmp::AtLeast | Cmp::More => ordered(&left.least, &right.most),
        Cmp::AtMost | Cmp::Less => ordered(&left.most, &right.least),
        Cmp::Equal => left.is_exact() && right.is_exact() && left.value == right.value,
        Cmp::Unequal => certainly(Cmp::Less, left, right) || certainly(Cmp::More, left, right),
    }
}

pub(super) fn negated(cmp: Cmp) -> Cmp {
    match cmp {
        Cmp::Less => Cmp::AtLeast,
        Cmp::AtMost => Cmp::More,
        Cmp::Equal => Cmp::Unequal,
        Cmp::Unequal => Cmp::Equal,
        Cmp::AtLeast => Cmp::Less,
        Cmp::More => Cmp::AtMost,
    }
}
