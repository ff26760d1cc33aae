//! What would be enough, and by when.

use chrono::NaiveDate;

use super::super::compare::{self, Weighed};
use super::super::deadline::Term;
use super::super::field::holds;
use super::super::measure::Measured;
use super::super::outcome::Outcome;
use super::super::rule::Scope;
use super::super::span::Span;
use super::super::store::Known;
use super::super::view::View;
use crate::check::rules::{FieldTest, Function, Path};
use crate::model::calendar::plus_days;
use crate::model::{Item, Number};
use crate::plan::{Class, Cmp, Comparison, ConditionId, Measure, Set};
use crate::sentence::{Language, Spoken};
use crate::verdict::{Enough, Need, Part, Status, What};

/// All of them: what is enough already asks nothing.
pub(super) fn all(parts: Vec<Enough>) -> Enough {
    if parts.is_empty() {
        return Enough::Open;
    }
    let stops = |part: &&Enough| matches!(part, Enough::TooLate | Enough::NotByDoing);
    if let Some(stopped) = parts.iter().find(stops) {
        return stopped.clone();
    }
    if parts.contains(&Enough::Open) {
        return Enough::Open;
    }
    let asks = |part: &Enough| !matches!(part, Enough::Already | Enough::Keep(_));
    let asks_something = parts.iter().any(asks);
    let of = parts.into_iter().filter(|part| asks(part) || !asks_something);
    joined(of.filter(|part| *part != Enough::Already).collect(), |of| Enough::All { of })
}

/// Any of them.
pub(super) fn any(parts: Vec<Enough>) -> Enough {
    let is_enough = |part: &&Enough| matches!(part, Enough::Already | Enough::Keep(_));
    if let Some(enough) = parts.iter().find(is_enough) {
        return enough.clone();
    }
    let can_be =
        |part: &Enough| matches!(part, Enough::Need(_) | Enough::All { .. } | Enough::Any { .. });
    let first = parts.first().cloned();
    let of: Vec<Enough> = parts.into_iter().filter(can_be).collect();
    if of.is_empty() { first.unwrap_or(Enough::Open) } else { joined(of, |of| Enough::Any { of }) }
}

/// One alone is itself; none is enough.
fn joined(mut of: Vec<Enough>, join: impl Fn(Vec<Enough>) -> Enough) -> Enough {
    let mut once = Vec::new();
    of.retain(|part| {
        let is_new = !once.contains(part);
        once.push(part.clone());
        is_new
    });
    match of.len() {
        0 => Enough::Already,
        1 => of.swap_remove(0),
        _ => join(of),
    }
}

fn need(what: What) -> Need {
    Need { what, from: None, by: None, planned: None, on_track: None }
}

fn more(amount: impl Into<Number>, of: &Set) -> What {
    What::More { amount: amount.into(), of: of.written.text.clone() }
}

fn ceiling(number: &Number) -> Number {
    -(-number.clone()).floor()
}

/// How many whole ones fill a gap, or more than fill it.
fn whole(gap: &Number, above: bool) -> Number {
    if above { gap.floor() + Number::from(1) } else { ceiling(gap) }
}

/// The one of two that asks for more, the latter where that cannot be said.
pub(super) fn stricter(a: Enough, b: Enough) -> Enough {
    let amount = |enough: &Enough| match enough {
        Enough::Need(Need { what: What::More { amount, .. }, .. }) => Some(amount.clone()),
        _ => None,
    };
    match (amount(&a), amount(&b)) {
        (Some(of_a), Some(of_b)) if of_a >= of_b => a,
        (Some(_), None) if matches!(b, Enough::Already | Enough::Keep(_)) => a,
        _ => b,
    }
}

/// Whether a part stands as it is wanted.
fn stands(outcome: &Outcome, negated: bool) -> bool {
    outcome.status == if negated { Status::Missed } else { Status::Met }
}

impl View<'_> {
    /// What is wanted of a condition that is there or not, and for whose opposite nothing can be
    /// done.
    fn unless_done(
        &self,
        outcome: &Outcome,
        negated: bool,
        needed: impl FnOnce() -> Enough,
    ) -> Enough {
        match outcome.status {
            _ if stands(outcome, negated) => Enough::Already,
            Status::NotApplicable => Enough::Open,
            Status::Unknown if !outcome.is_uncovered => Enough::Open,
            _ if negated => Enough::NotByDoing,
            Status::Missed if outcome.is_final => Enough::TooLate,
            _ => needed(),
        }
    }

    pub(super) fn enough_next(
        &self,
        set: &Set,
        limit: Option<NaiveDate>,
        outcome: &Outcome,
        negated: bool,
    ) -> Enough {
        self.unless_done(outcome, negated, || {
            let of = set.written.text.clone();
            let from = Some(self.now.first_open_day());
            Enough::Need(Need { from, by: limit, ..need(What::Plan { of }) })
        })
    }

    pub(super) fn enough_following(
        &self,
        set: &Set,
        booked: bool,
        term: Option<Term>,
        outcome: &Outcome,
        negated: bool,
    ) -> Enough {
        self.unless_done(outcome, negated, || {
            let what = What::Follow { of: set.written.text.clone(), booked };
            self.by_the_end(term, what)
        })
    }

    pub(super) fn enough_within(
        &self,
        set: &Set,
        term: Option<Term>,
        outcome: &Outcome,
        negated: bool,
    ) -> Enough {
        self.unless_done(outcome, negated, || self.by_the_end(term, more(1, set)))
    }

    pub(super) fn enough_known(
        &self,
        field: &Path,
        of: &Path,
        term: Option<Term>,
        outcome: &Outcome,
        negated: bool,
    ) -> Enough {
        if term.is_none() {
            return Enough::Need(need(What::Fill { field: of.text.clone() }));
        }
        let what = What::Fill { field: field.text.clone() };
        self.unless_done(outcome, negated, || self.by_the_end(term, what))
    }

    fn by_the_end(&self, term: Option<Term>, what: What) -> Enough {
        let Some(term) = term else { return Enough::Open };
        let is_over = match term.clock {
            Some((_, end)) => self.now.instant > end,
            None => self.is_over(term.days.last),
        };
        if is_over {
            return Enough::TooLate;
        }
        let from = Some(term.days.first).filter(|first| *first > self.day());
        Enough::Need(Need { from, by: Some(term.days.last), ..need(what) })
    }

    pub(super) fn enough_every(&self, set: &Set, outcome: &Outcome, negated: bool) -> Enough {
        let one = need(more(1, set));
        match (outcome.status, outcome.due.by) {
            (Status::Met, super::super::outcome::DueBy::Day(day)) if !negated => {
                Enough::Keep(Need { by: Some(day), ..one })
            }
            (Status::Unknown | Status::Missed, _) if !negated => Enough::Need(one),
            _ => self.unless_done(outcome, negated, || Enough::Open),
        }
    }

    pub(super) fn enough_field(
        &self,
        path: &Path,
        test: &FieldTest,
        (id, outcome): (ConditionId, &Outcome),
        negated: bool,
    ) -> Enough {
        if *test == FieldTest::Known && outcome.status == Status::Missed && !negated {
            return Enough::Need(need(What::Fill { field: path.text.clone() }));
        }
        self.enough_change(id, outcome.sentence.clone(), outcome, negated)
    }

    pub(super) fn enough_change(
        &self,
        id: ConditionId,
        found: String,
        outcome: &Outcome,
        negated: bool,
    ) -> Enough {
        if stands(outcome, negated) {
            return Enough::Already;
        }
        if outcome.is_uncovered {
            return Enough::Open;
        }
        let asks = self.asks(id);
        let asked = if negated { format!("not ({asks})") } else { asks };
        let found = if found.is_empty() { outcome.sentence.clone() } else { found };
        Enough::Need(need(What::Change { asked, found }))
    }

    pub(super) fn enough_compared(
        &self,
        comparison: &Comparison,
        weighed: &Weighed,
        (outcome, part): (&Outcome, &Part),
        negated: bool,
        scope: &Scope,
    ) -> Enough {
        let Weighed { left, sides, .. } = weighed;
        // What is not known of a count or sum can only be more.
        let is_clear = left.is_exact() || comparison.class != Class::Other;
        if !comparison.target_is_fixed || !is_clear || outcome.status == Status::NotApplicable {
            return if stands(outcome, negated) { Enough::Already } else { Enough::Open };
        }
        match sides.as_slice() {
            [(cmp, target)] => {
                let (cmp, target) = compare::counted(comparison, *cmp, target.clone());
                let cmp = if negated { compare::negated(cmp) } else { cmp };
                self.enough_side(comparison, weighed, (cmp, &target), part, scope)
            }
            sides if !negated => {
                // What is planned happens: more than what is missing then is too much.
                let planned = weighed.with_plans.clone();
                let weighed = &Weighed {
                    span: weighed.span,
                    left: planned.unwrap_or_else(|| left.clone()),
                    with_plans: None,
                    sides: Vec::new(),
                };
                let side = |(cmp, target): &(Cmp, Measured)| {
                    self.enough_side(comparison, weighed, (*cmp, target), part, scope)
                };
                all(sides.iter().map(side).collect())
            }
            _ if stands(outcome, negated) => Enough::Already,
            _ => Enough::NotByDoing,
        }
    }

    fn enough_side(
        &self,
        comparison: &Comparison,
        weighed: &Weighed,
        (cmp, target): (Cmp, &Measured),
        part: &Part,
        scope: &Scope,
    ) -> Enough {
        let Weighed { span, left, .. } = weighed;
        let holds = holds(cmp, left.value.cmp(&target.value));
        let above = matches!(cmp, Cmp::More | Cmp::Less);
        let is_over = !span.whole.contains(self.day()) && span.whole.last <= self.day();
        let is_over = is_over || (span.is_period && self.is_over(span.whole.last));
        match cmp {
            Cmp::AtLeast | Cmp::More if holds => Enough::Already,
            Cmp::AtLeast | Cmp::More if is_over => Enough::TooLate,
            Cmp::AtLeast | Cmp::More => {
                let what =
                    self.grown(&comparison.left, weighed, (target, above), scope, comparison);
                let Some((what, from)) = what else { return Enough::NotByDoing };
                let last = span.is_period.then_some(span.whole.last);
                if last.is_some_and(|last| from.is_some_and(|from| from > last)) {
                    return Enough::TooLate;
                }
                Enough::Need(Need { from, by: last, ..self.paced(what, part) })
            }
            Cmp::AtMost | Cmp::Less => {
                self.kept_low(comparison, weighed, (target, above), (holds, is_over))
            }
            Cmp::Equal | Cmp::Unequal if holds => Enough::Already,
            Cmp::Equal | Cmp::Unequal => Enough::NotByDoing,
        }
    }

    /// With what is planned, and what would be on track.
    fn paced(&self, what: What, part: &Part) -> Need {
        let Some(pace) = &part.pace else { return need(what) };
        let planned = part.measured.as_ref().map(|measured| pace.have.clone() - measured.clone());
        let short = pace.due.clone() - pace.have.clone();
        let on_track =
            (part.status == Status::AtRisk && !short.is_negative()).then(|| match &what {
                What::More { .. } | What::Different { .. } => ceiling(&short),
                _ => short,
            });
        Need { planned, on_track, ..need(what) }
    }

    /// What makes a measure large enough, and from which day on; none where doing does not.
    fn grown(
        &self,
        measure: &Measure,
        weighed: &Weighed,
        (target, above): (&Measured, bool),
        scope: &Scope,
        comparison: &Comparison,
    ) -> Option<(What, Option<NaiveDate>)> {
        let Weighed { span, left, .. } = weighed;
        let gap = target.value.clone() - left.value.clone();
        let text = |set: &Set| set.written.text.clone();
        let now = |what| Some((what, None));
        match measure {
            Measure::Count(set) => {
                let set = self.plan.set(*set);
                let amount = whole(&gap, above);
                let from = match &set.spacing {
                    None => None,
                    Some(_) => self.first_spaced(set, &left.evidence, span, &amount)?,
                };
                Some((What::More { amount, of: text(set) }, from))
            }
            Measure::Aggregate { function, field, of } => {
                let set = self.plan.set(*of);
                let (field_name, of) = (field.text.clone(), text(set));
                let large = |amount: Number, least: Number| {
                    now(What::Large {
                        amount,
                        field: field_name.clone(),
                        of: of.clone(),
                        least,
                        above,
                    })
                };
                let values = self.numbers(&left.evidence, field);
                let target = target.value.clone();
                match function {
                    Function::Distinct => {
                        now(What::Different { amount: whole(&gap, above), field: field_name, of })
                    }
                    Function::Sum => now(What::Sum { amount: gap, above, field: field_name, of }),
                    Function::Max => large(Number::from(1), target),
                    Function::Average => {
                        let sum = values.iter().cloned().fold(Number::zero(), |a, b| a + b);
                        let asked = target * Number::from(values.len() + 1);
                        large(Number::from(1), asked - sum)
                    }
                    Function::Median => {
                        let is_large = |value: &&Number| match above {
                            true => **value > target,
                            false => **value >= target,
                        };
                        let large_ones = values.iter().filter(is_large).count();
                        let amount = (values.len() - large_ones + 1).saturating_sub(large_ones);
                        large(Number::from(amount.max(1)), target)
                    }
                    Function::Min => None,
                }
            }
            Measure::Share { of, that } => {
                let set = self.plan.set(*of);
                let total = self.find(scope.subject, set, span, None).items.len();
                let yes = left.evidence.len();
                let asked = target.value.clone() * Number::from(total) / Number::from(100);
                let amount = whole(&(asked - Number::from(yes)), above);
                let that = self.asks(*that);
                let open = Number::from(total - yes.min(total));
                let of = text(set);
                (amount <= open).then_some((What::Pass { amount, of, that }, None))
            }
            Measure::Field(path) => now(What::Change {
                asked: comparison.written.text.clone(),
                found: Language::English.words().field(path, Spoken::Text(&left.value.to_string())),
            }),
            Measure::Sum(_) | Measure::Product(_) if comparison.class != Class::Other => {
                let amount = if comparison.is_whole { whole(&gap, above) } else { gap };
                let above = above && !comparison.is_whole;
                now(What::Grow {
                    amount,
                    above,
                    measure: Language::English.words().name(&comparison.written.left),
                })
            }
            _ => None,
        }
    }

    /// From which day on so many more, as far apart as they must be, count in time.
    fn first_spaced(
        &self,
        set: &Set,
        counted: &[(NaiveDate, Item)],
        span: &Span,
        amount: &Number,
    ) -> Option<Option<NaiveDate>> {
        let spacing = set.spacing.as_ref().filter(|spacing| spacing.parts.is_empty())?;
        let apart = spacing.apart?;
        let last = counted.last().map(|(day, _)| self.calendar().plus(*day, apart));
        let first = last.map_or(self.day(), |day| day.max(self.day()));
        let mut day = first;
        for _ in 1..amount.to_whole()? {
            day = self.calendar().plus(day, apart);
            if span.is_period && day > span.whole.last {
                return None;
            }
        }
        // Without an end there is always time; with a window that slides there may not be.
        let fits = span.is_period || *amount == Number::from(1) || !span.is_bounded;
        fits.then_some(Some(first).filter(|first| *first > self.day()))
    }

    fn numbers(&self, items: &[(NaiveDate, Item)], field: &Path) -> Vec<Number> {
        let number = |(_, item): &(NaiveDate, Item)| match self.follow(*item, field) {
            Some(Known::Number(number)) => Some(Number::from(number)),
            _ => None,
        };
        items.iter().filter_map(number).collect()
    }

    /// What keeps or makes a measure small enough.
    fn kept_low(
        &self,
        comparison: &Comparison,
        weighed: &Weighed,
        (target, above): (&Measured, bool),
        (holds, is_over): (bool, bool),
    ) -> Enough {
        let Weighed { span, left, .. } = weighed;
        // The latest day on which one keeps a gap from growing too long.
        let latest = || {
            let days = target.value.floor().to_whole()? - i64::from(above);
            let from = left.evidence.last().map(|one| one.0).or_else(|| span.first_day())?;
            Some(plus_days(from, days))
        };
        match &comparison.left {
            Measure::LongestGap(set) if holds && !is_over => {
                let Some(by) = latest() else { return Enough::Already };
                let end = span.is_period.then_some(span.whole.last);
                if end.is_some_and(|end| end <= by) {
                    return Enough::Already;
                }
                Enough::Keep(Need { by: Some(by), ..need(more(1, self.plan.set(*set))) })
            }
            Measure::DaysSince(set) if holds => {
                let Some(by) = latest() else { return Enough::Already };
                Enough::Keep(Need { by: Some(by), ..need(more(1, self.plan.set(*set))) })
            }
            Measure::DaysSince(set) => Enough::Need(need(more(1, self.plan.set(*set)))),
            _ if holds && (is_over || !span.is_period) => Enough::Already,
            Measure::Count(set) => {
                let of = self.plan.set(*set).written.text.clone();
                let have = weighed.with_plans.as_ref().unwrap_or(left);
                let room = target.value.clone() - have.value.clone();
                let planned = have.value.clone() - left.value.clone();
                if !holds && span.is_period {
                    return Enough::TooLate;
                }
                let is_too_much = room.is_negative() || (above && room.is_zero());
                let planned = Some(planned).filter(|planned| !planned.is_zero());
                if is_too_much {
                    let what = What::Fewer { amount: whole(&-room, above), of };
                    return Enough::Need(Need { planned, ..need(what) });
                }
                let amount = if above { ceiling(&room) - Number::from(1) } else { room.floor() };
                let by = Some(span.whole.last);
                Enough::Keep(Need { by, planned, ..need(What::AtMost { amount, of }) })
            }
            _ if holds => Enough::Already,
            _ if span.is_period && comparison.class != Class::Other => Enough::TooLate,
            _ => Enough::NotByDoing,
        }
    }
}
