//! `MEASURE CMP VALUE [WINDOW]`: standing comparisons, finished periods, and pace.

use kadence::Number;
use kadence::internals::rules::{Class, Cmp, Comparison, NumberTest, Window};
use kadence::internals::sentence::{Compared, Why};
use kadence::verdict::Status;

use crate::answer::Gap;
use crate::field::holds;
use crate::lasting;
use crate::measure::{Frame, Measured, is_whole};
use crate::outcome::{self, Due, DueBy, Figures, Helps, Outcome};
use crate::rule::Scope;
use crate::span::Span;
use crate::view::View;

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

impl View<'_> {
    /// `MEASURE CMP VALUE [WINDOW]`. "A share, average, median, min or max of nothing, and a division
    /// by zero, make the rule not applicable to that subject, with that reason."
    pub(crate) fn compare(&self, scope: &Scope, comparison: &Comparison) -> Outcome {
        match self.try_compare(scope, comparison) {
            Ok(outcome) => outcome,
            Err((gap, span)) => Outcome {
                days: span.map(|span| span.whole),
                is_final: matches!(gap, Gap::NotApplicable(_))
                    && lasting::measure(&comparison.left)
                    && span.is_some_and(|s| s.is_period && self.is_over(s.whole.last)),
                ..self.gap(&gap)
            },
        }
    }

    fn try_compare(
        &self,
        scope: &Scope,
        comparison: &Comparison,
    ) -> Result<Outcome, (Gap, Option<Span>)> {
        let span = Span::of(self, scope.subject, &comparison.window, scope.period_day)
            .map_err(|gap| (gap, None))?
            .within(scope.in_force);
        let of = |gap| (gap, Some(span));
        let class = Class::of(&comparison.left);
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
        let side = |cmp, target| Side {
            cmp,
            target,
            left: &left,
            with_plans: with_plans.as_ref(),
            class,
            span: &span,
        };
        let sides = match &comparison.test {
            NumberTest::Is(Cmp::Equal, value) => {
                let value = target(value).map_err(of)?;
                vec![side(Cmp::AtLeast, value.clone()), side(Cmp::AtMost, value)]
            }
            NumberTest::Is(cmp, value) => vec![side(*cmp, target(value).map_err(of)?)],
            NumberTest::Between(low, high) => {
                let (low, high) = (target(low).map_err(of)?, target(high).map_err(of)?);
                vec![side(Cmp::AtLeast, low), side(Cmp::AtMost, high)]
            }
        };
        let has_window = !matches!(comparison.window, Window::Ever) || span.is_bounded;
        let judged = sides.into_iter().map(|side| {
            let outcome = self.judge_side(side, comparison);
            Outcome { days: has_window.then_some(span.whole), ..outcome }
        });
        let mut outcome = self.asked_of(outcome::all(judged.collect()));
        outcome.evidence = left.evidence.clone();
        outcome.evidence.sort_by(|a, b| self.by_day_and_id(*a, *b));
        outcome.evidence.dedup();
        Ok(outcome)
    }

    /// "The target of a `per UNIT` count or sum is multiplied by eligible days ÷ days of the period
    /// and rounded half up, a count to a whole number, a sum to two decimals. A target that becomes 0
    /// makes the rule not applicable."
    fn prorated(
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
        // "`> N` counts as `>= N + 1` for a count."
        let counts_whole = class == Class::Count && is_whole(&comparison.left);
        let (cmp, target) = if counts_whole && cmp == Cmp::More {
            (Cmp::AtLeast, target.map(|number| number.floor() + Number::from(1)))
        } else {
            (cmp, target)
        };
        let is_over = span.is_period && self.is_over(span.whole.last);
        let runs = span.is_period && !is_over;
        let (yes, no) = (certainly(cmp, left, &target), certainly(negated(cmp), left, &target));
        let planned = match with_plans {
            Some(both) => Some(both.value.clone() - left.value.clone()),
            None => (is_over && class != Class::Other).then(Number::zero),
        };
        let missing = matches!(cmp, Cmp::AtLeast | Cmp::More).then(|| {
            let gap = target.value.clone() - left.value.clone();
            if gap.is_negative() { Number::zero() } else { gap }
        });
        let (status, is_final) = match cmp {
            _ if !runs => settled(yes, no, is_over),
            _ if class == Class::Other => can_fall_again(yes, no),
            Cmp::AtLeast | Cmp::More => {
                asks_more(yes, no, || self.pace(class, &target.value, with_plans, left, span))
            }
            Cmp::AtMost | Cmp::Less => {
                let together = &with_plans.unwrap_or(left).value;
                asks_less(yes, no, holds(cmp, together.cmp(&target.value)))
            }
            Cmp::Equal | Cmp::Unequal => can_fall_again(yes, no),
        };
        // "`=`, `between`: the lower of both sides": asked for enough and not too much.
        let has_two_sides =
            matches!(comparison.test, NumberTest::Is(Cmp::Equal, _) | NumberTest::Between(..));
        let helps = match cmp {
            _ if has_two_sides => Helps::Other,
            Cmp::AtLeast | Cmp::More => Helps::More,
            Cmp::AtMost | Cmp::Less => Helps::Less,
            Cmp::Equal | Cmp::Unequal => Helps::Other,
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
        let sentence =
            self.words().comparison(comparison, cmp, compared, span.whole, calendar, today);
        // While the period runs, a target that is measured can still move.
        let stays = |target| {
            if runs { lasting::is_fixed(target) } else { lasting::measure(target) }
        };
        let targets = match &comparison.test {
            NumberTest::Is(_, value) => stays(value),
            NumberTest::Between(low, high) => stays(low) && stays(high),
        };
        let outcome = Outcome {
            status,
            is_final: is_final && targets && lasting::measure(&comparison.left),
            is_standing: !span.is_period,
            due: Due { by, helps },
            figures,
            ..Outcome::standing(true, sentence)
        };
        if status == Status::Unknown { outcome.uncovered(self.coverage_reason()) } else { outcome }
    }

    /// "With due-by-now = N × elapsed days ÷ days of the period (the as-of day has elapsed; rounded
    /// down for a count), on track if completed + planned on the period's days that are not over
    /// reaches it, else at risk."
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
        let elapsed = Number::from(self.elapsed(days).count());
        let due = target.clone() * elapsed / Number::from(days.count().max(1));
        let due = if class == Class::Count { due.floor() } else { due };
        if *have < due { Status::AtRisk } else { Status::OnTrack }
    }
}

/// "A standing condition is met or missed. A period whose last day is over is met or missed." The
/// latter for good. `yes` and `no` are what is certain; neither is where coverage ends.
fn settled(yes: bool, no: bool, is_over: bool) -> (Status, bool) {
    match (yes, no) {
        (true, _) => (Status::Met, is_over),
        (_, true) => (Status::Missed, is_over),
        _ => (Status::Unknown, false),
    }
}

/// "Averages, shares and everything else that can fall again: on track if the value now satisfies
/// the comparison, else at risk."
fn can_fall_again(yes: bool, no: bool) -> (Status, bool) {
    match (yes, no) {
        (true, _) => (Status::OnTrack, false),
        (_, true) => (Status::AtRisk, false),
        _ => (Status::Unknown, false),
    }
}

/// "`>=`, `>`: met as soon as reached; else" by the pace.
fn asks_more(yes: bool, no: bool, pace: impl Fn() -> Status) -> (Status, bool) {
    match (yes, no) {
        (true, _) => (Status::Met, true),
        (_, true) => (pace(), false),
        _ => (Status::Unknown, false),
    }
}

/// "`<=`, `<`: missed as soon as exceeded; else on track if completed + planned does not exceed,
/// else at risk."
fn asks_less(yes: bool, no: bool, with_plans: bool) -> (Status, bool) {
    match (yes, no) {
        (_, true) => (Status::Missed, true),
        (true, _) if with_plans => (Status::OnTrack, false),
        (true, _) => (Status::AtRisk, false),
        _ => (Status::Unknown, false),
    }
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

fn negated(cmp: Cmp) -> Cmp {
    match cmp {
        Cmp::Less => Cmp::AtLeast,
        Cmp::AtMost => Cmp::More,
        Cmp::Equal => Cmp::Unequal,
        Cmp::Unequal => Cmp::Equal,
        Cmp::AtLeast => Cmp::Less,
        Cmp::More => Cmp::AtMost,
    }
}
