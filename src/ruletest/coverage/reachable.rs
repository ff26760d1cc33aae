//! What a part of a rule can come to, and which borders it has: all that its tests should reach.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::check::rules::{
    self, Adjective, Base, Compiled, DateExpr, FieldTest, Function, Path, Phrase, Window,
};
use crate::engine::{Edge, sets};
use crate::model::calendar::{Duration, Unit};
use crate::model::{Noun, Number};
use crate::plan::{Class, Cmp, Comparison, Condition, ConditionId, Measure, NumberTest, Plan};
use crate::verdict::Status;

/// Something that a test can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The part stands so, and the verdict rests on it.
    Outcome(Status),
    /// The part passes or does not, and it rests on that.
    Passes(bool),
    Edge(Edge),
    /// A thing that is not meant has no verdict.
    Silent,
    /// `prorate` leaves the whole target, or less.
    Prorated(bool),
    /// `grace` makes at risk of missed.
    Spared,
    /// `grace` is over: on its last day, and on the day after.
    GraceEnds(bool),
    /// `warn` makes at risk of met or on track.
    Warned,
    /// No verdict before `since`.
    NotYet,
    /// No verdict after `until`.
    NoLonger,
}

impl Key {
    pub(super) const PRORATE: [Key; 2] = [Key::Prorated(false), Key::Prorated(true)];
    /// Without its borders, where it is in hours: the first alone.
    pub(super) const GRACE: [Key; 3] = [Key::Spared, Key::GraceEnds(false), Key::GraceEnds(true)];
}

/// What can be reached in a rule.
pub(super) struct Reachable<'r> {
    pub(super) rules: &'r Compiled,
    pub(super) plan: &'r Plan,
    pub(super) rule: &'r rules::Rule,
}

const BOTH: [Status; 2] = [Status::Met, Status::Missed];

impl Reachable<'_> {
    /// The outcomes that a part of the rule's condition can have, in the order of the language
    /// reference.
    pub(super) fn statuses(&self, id: ConditionId) -> Vec<Status> {
        let mut found = self.unsorted(id);
        found.sort_by_key(|status| Status::ALL.iter().position(|other| other == status));
        found.dedup();
        found
    }

    fn unsorted(&self, id: ConditionId) -> Vec<Status> {
        match self.plan.condition(id) {
            Condition::Not(inner) => {
                self.unsorted(*inner).into_iter().map(crate::engine::opposite).collect()
            }
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().flat_map(|part| self.unsorted(*part)).collect()
            }
            Condition::Compare(comparison) => self.compared(comparison),
            Condition::Next { .. }
            | Condition::Every { .. }
            | Condition::Is { .. }
            | Condition::Meets(_) => BOTH.to_vec(),
            Condition::Field { path, test } => {
                let other = match test {
                    FieldTest::Known | FieldTest::Unknown => None,
                    FieldTest::Date(_, DateExpr::Field(other)) => Some(other),
                    _ => Some(path),
                };
                let asks = !matches!(test, FieldTest::Known | FieldTest::Unknown);
                let paths = [asks.then_some(path), other];
                self.with_unknown(BOTH.to_vec(), paths.into_iter().flatten())
            }
            Condition::Followed { within, .. } => deadline(*within),
            Condition::Within { within, of, .. } | Condition::KnownWithin { within, of, .. } => {
                self.with_unknown(deadline(*within), [of])
            }
        }
    }

    fn with_unknown<'p>(
        &self,
        mut statuses: Vec<Status>,
        paths: impl IntoIterator<Item = &'p Path>,
    ) -> Vec<Status> {
        if paths.into_iter().any(|path| self.may_be_unknown(path)) {
            statuses.push(Status::Unknown);
        }
        statuses
    }

    fn compared(&self, comparison: &Comparison) -> Vec<Status> {
        let mut statuses = BOTH.to_vec();
        // A day is over as soon as it is judged by its date.
        let runs = match comparison.window {
            Window::Per(unit) => unit != Unit::Day,
            Window::FromUntil(..) => true,
            _ => false,
        };
        if runs {
            statuses.push(Status::OnTrack);
            if self.can_be_at_risk(comparison) {
                statuses.push(Status::AtRisk);
            }
        }
        let measures = targets(comparison).into_iter().chain([&comparison.left]);
        let measures: Vec<&Measure> = measures.collect();
        if measures.iter().any(|measure| self.can_be_of_nothing(measure, &comparison.window)) {
            statuses.push(Status::NotApplicable);
        }
        let mut paths = Vec::new();
        measures.iter().for_each(|measure| fields(measure, &mut paths));
        let dates = match &comparison.window {
            Window::Since(date) => vec![date],
            Window::FromUntil(from, until) => vec![from, until],
            _ => Vec::new(),
        };
        paths.extend(dates.into_iter().filter_map(|date| match date {
            DateExpr::Field(path) => Some(path),
            _ => None,
        }));
        self.with_unknown(statuses, paths)
    }

    /// A running count of at least one is never behind before its last day, and a sum of what is
    /// not planned cannot come to exceed.
    fn can_be_at_risk(&self, comparison: &Comparison) -> bool {
        let plans = sets(comparison).into_iter().any(|set| {
            let set = self.plan.set(set);
            set.noun == Noun::Activity && set.test != set.kept
        });
        let falls_behind = |target: &Measure| match (constant(target), comparison.class) {
            (Some(target), Class::Count) => target >= Decimal::TWO,
            _ => true,
        };
        match &comparison.test {
            _ if comparison.class == Class::Other => true,
            NumberTest::Is(Cmp::More, target) => {
                let target = constant(target).map(|target| target.floor() + Decimal::ONE);
                target.is_none_or(|target| target >= Decimal::TWO)
            }
            NumberTest::Is(Cmp::AtLeast, target) => falls_behind(target),
            NumberTest::Is(Cmp::AtMost | Cmp::Less, _) => plans,
            NumberTest::Is(Cmp::Unequal, _) => true,
            NumberTest::Is(Cmp::Equal, low) | NumberTest::Between(low, _) => {
                plans || falls_behind(low)
            }
        }
    }

    /// Whether there can be no number, because there is nothing.
    fn can_be_of_nothing(&self, measure: &Measure, window: &Window) -> bool {
        match measure {
            Measure::Number(_) | Measure::Field(_) | Measure::Count(_) => false,
            Measure::Aggregate { function, .. } => {
                !matches!(function, Function::Sum | Function::Distinct)
            }
            Measure::Share { .. } | Measure::DaysSince(_) => true,
            // Without a window it starts with the subject.
            Measure::LongestGap(_) => {
                *window == Window::Ever
                    && matches!(self.rule.subject.noun, Noun::Company | Noun::Team)
            }
            Measure::Sum(parts) => {
                parts.iter().any(|(_, part)| self.can_be_of_nothing(part, window))
            }
            Measure::Product(parts) => parts.iter().any(|(divides, part)| {
                (*divides && constant(part).is_none()) || self.can_be_of_nothing(part, window)
            }),
            Measure::Negative(part) => self.can_be_of_nothing(part, window),
        }
    }

    /// Whether a subject can lack a field: the data need not have it, and who is judged does not
    /// depend on it.
    fn may_be_unknown(&self, path: &Path) -> bool {
        let noun = self.rule.subject.noun;
        let required = noun.required().iter().any(|name| *name == path.text) || path.text == "id";
        let is_certain = required && path.steps.len() == 1;
        !is_certain && !self.asks(&self.rule.subject, path)
    }

    /// Whether things of a phrase are known to have a field.
    fn asks(&self, phrase: &Phrase, path: &Path) -> bool {
        let by_base = phrase.bases.iter().all(|base| match base {
            Base::Phrase(part) => self.asks(part, path),
            Base::Segment(name) => {
                let segment = self.rules.segments.iter().find(|segment| segment.name == *name);
                match segment {
                    Some(segment) => self.asks(&segment.phrase, path),
                    None => path.text == "segment",
                }
            }
            Base::All | Base::Kind(_) => false,
        });
        let by_adjective = phrase.adjectives.iter().any(|adjective| match adjective {
            Adjective::Is(part) => self.asks(part, path),
            _ => false,
        });
        by_base || by_adjective || phrase.filter.as_ref().is_some_and(|f| self.needs(f, path))
    }

    /// Whether a condition holds only where a field is known.
    fn needs(&self, condition: &rules::Condition, path: &Path) -> bool {
        match condition {
            rules::Condition::And(parts) => parts.iter().any(|part| self.needs(part, path)),
            rules::Condition::Or(parts) => parts.iter().all(|part| self.needs(part, path)),
            rules::Condition::Not(part) => match part.as_ref() {
                rules::Condition::Field { path: own, test } => {
                    own == path && *test != FieldTest::Known
                }
                part => self.needs(part, path),
            },
            rules::Condition::Compare(comparison) => {
                matches!(&comparison.left, rules::Measure::Field(own) if own == path)
            }
            rules::Condition::Field { path: own, test } => {
                own == path && *test != FieldTest::Unknown
            }
            rules::Condition::Is(phrase) => self.asks(phrase, path),
            _ => false,
        }
    }

    /// The borders that a part has.
    pub(super) fn edges(&self, id: ConditionId) -> Vec<Edge> {
        let ends = [Edge::LastDay, Edge::DayAfter];
        match self.plan.condition(id) {
            Condition::Not(inner) => self.edges(*inner),
            Condition::Compare(comparison) => {
                let mut edges = thresholds(comparison);
                edges.extend(of_window(&comparison.window));
                edges
            }
            Condition::Next { within: Some(within), .. } if !within.is_clock() => ends.to_vec(),
            Condition::Within { within, .. } if !within.is_clock() => of_days(true),
            Condition::Within { .. } => ends.to_vec(),
            Condition::KnownWithin { within, .. } if !within.is_clock() => ends.to_vec(),
            Condition::Every { .. } => ends.to_vec(),
            Condition::Followed { booked, within, .. } if !(*booked && within.is_clock()) => {
                ends.to_vec()
            }
            Condition::Field { test: FieldTest::Date(_, date), .. }
                if !matches!(date, DateExpr::Instant(_)) =>
            {
                vec![Edge::Below(0), Edge::At(0), Edge::Above(0)]
            }
            Condition::Field { test: FieldTest::In(window), .. } => of_window(window),
            _ => Vec::new(),
        }
    }
}

/// On track while it runs; at risk only within its last day.
fn deadline(within: Duration) -> Vec<Status> {
    let mut statuses = BOTH.to_vec();
    if within.amount > 0 {
        statuses.push(Status::OnTrack);
    }
    statuses
}

fn of_days(has_end: bool) -> Vec<Edge> {
    let mut edges = vec![Edge::DayBefore, Edge::FirstDay, Edge::LastDay];
    if has_end {
        edges.push(Edge::DayAfter);
    }
    edges
}

/// The day after the last is a border only where it can be over: the day after a period is the
/// first of the next, and what ends with the as-of day has none.
fn of_window(window: &Window) -> Vec<Edge> {
    match window {
        Window::Ever => Vec::new(),
        Window::Last(duration) if duration.is_clock() => Vec::new(),
        Window::Last(Duration { amount: 1, unit: crate::model::calendar::TimeUnit::Day })
        | Window::Per(Unit::Day)
        | Window::This(Unit::Day) => vec![Edge::DayBefore, Edge::LastDay],
        Window::Previous(Unit::Day) => vec![Edge::DayBefore, Edge::LastDay, Edge::DayAfter],
        Window::Previous(_) | Window::FromUntil(..) => of_days(true),
        Window::Per(_) | Window::This(_) | Window::Last(_) | Window::Since(_) => of_days(false),
    }
}

pub(super) fn targets(comparison: &Comparison) -> Vec<&Measure> {
    match &comparison.test {
        NumberTest::Is(_, target) => vec![target],
        NumberTest::Between(low, high) => vec![low, high],
    }
}

/// Below, at and above each bound, as far as there are such numbers. Between two bounds, nothing
/// but the bounds themselves is a border.
fn thresholds(comparison: &Comparison) -> Vec<Edge> {
    let step = grid(&comparison.left);
    let is_share = matches!(comparison.left, Measure::Share { .. });
    let least = (step.is_some() || is_share).then_some(Decimal::ZERO);
    let most = is_share.then_some(Decimal::ONE_HUNDRED);
    let of = |place: usize, bound: &Measure, below: bool, above: bool| {
        let bound = written_bound(comparison, bound);
        let has_below = bound.is_none_or(|bound| least.is_none_or(|least| bound > least));
        let has_above = bound.is_none_or(|bound| most.is_none_or(|most| bound < most));
        let is_hit = match (bound, step) {
            (Some(bound), Some(step)) => (bound % Decimal::from(step)).is_zero(),
            _ => true,
        };
        let edges = [
            (below && has_below).then_some(Edge::Below(place)),
            is_hit.then_some(Edge::At(place)),
            (above && has_above).then_some(Edge::Above(place)),
        ];
        edges.into_iter().flatten()
    };
    match &comparison.test {
        NumberTest::Is(_, bound) => of(0, bound, true, true).collect(),
        NumberTest::Between(low, high) => {
            of(0, low, true, false).chain(of(1, high, false, true)).collect()
        }
    }
}

/// The number on which a comparison turns, where it is written: a count above N is a count of at
/// least N + 1.
pub(super) fn written_bound(comparison: &Comparison, bound: &Measure) -> Option<Decimal> {
    let bound = constant(bound)?;
    let is_count = comparison.class == Class::Count && comparison.is_whole;
    let is_more = matches!(comparison.test, NumberTest::Is(Cmp::More, _));
    Some(if is_count && is_more { bound.floor() + Decimal::ONE } else { bound })
}

/// By how much the measure of a part moves at least.
pub(super) fn step(plan: &Plan, id: ConditionId) -> Option<Number> {
    match plan.condition(id) {
        Condition::Not(inner) => step(plan, *inner),
        Condition::Compare(comparison) => grid(&comparison.left).map(Number::from),
        _ => None,
    }
}

/// What every value of a measure is a multiple of, where there is such a number: one for a count,
/// a day for a gap, the greatest common divisor of the weights of a sum of counts.
fn grid(measure: &Measure) -> Option<u64> {
    match measure {
        Measure::Count(_)
        | Measure::LongestGap(_)
        | Measure::DaysSince(_)
        | Measure::Aggregate { function: Function::Distinct, .. } => Some(1),
        Measure::Sum(terms) => terms.iter().try_fold(0, |divisor, (minus, term)| {
            (!minus).then_some(())?;
            Some(gcd(divisor, grid(term)?))
        }),
        Measure::Product(factors) => {
            let mut product = 1_u64;
            let mut counts = 0;
            for (divides, factor) in factors {
                (!divides).then_some(())?;
                product = product.checked_mul(match constant(factor) {
                    Some(weight) if weight.fract().is_zero() => {
                        weight.to_u64().filter(|weight| *weight > 0)?
                    }
                    Some(_) => return None,
                    None => {
                        counts += 1;
                        grid(factor)?
                    }
                })?;
            }
            (counts == 1).then_some(product)
        }
        _ => None,
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A number that is written.
pub(super) fn constant(measure: &Measure) -> Option<Decimal> {
    match measure {
        Measure::Number(number) => Some(*number),
        Measure::Negative(part) => constant(part).map(|number| -number),
        _ => None,
    }
}

fn fields<'m>(measure: &'m Measure, found: &mut Vec<&'m Path>) {
    match measure {
        Measure::Field(path) => found.push(path),
        Measure::Sum(parts) | Measure::Product(parts) => {
            parts.iter().for_each(|(_, part)| fields(part, found));
        }
        Measure::Negative(part) => fields(part, found),
        _ => {}
    }
}
