//! Measures: how many, how much, which share.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kadence::Number;
use kadence::internals::Item;
use kadence::internals::calendar::plus_days;
use kadence::internals::rules::{Condition, Function, Measure, Path, Phrase};
use kadence::internals::sentence::Why;

use crate::answer::{Answer, Gap};
use crate::phrase::{Found, More};
use crate::span::Span;
use crate::view::View;
use crate::world::Known;

/// A measured number.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    /// What is known to be so.
    pub(crate) value: Number,
    /// Within which bounds it lies when activities are not all known; without, there is none.
    pub(crate) least: Option<Number>,
    pub(crate) most: Option<Number>,
    /// What counted, with its days.
    pub(crate) evidence: Vec<(NaiveDate, Item)>,
}

impl Measured {
    fn exact(value: Number) -> Self {
        Measured { least: Some(value.clone()), most: Some(value.clone()), value, evidence: vec![] }
    }

    fn at_least(value: Number) -> Self {
        Measured { most: None, ..Measured::exact(value) }
    }

    fn with(self, evidence: Vec<(NaiveDate, Item)>) -> Self {
        Measured { evidence, ..self }
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.least.is_some() && self.least == self.most
    }

    /// The same number, known only to be a number.
    fn unbounded(self) -> Self {
        Measured { least: None, most: None, ..self }
    }

    pub(crate) fn map(self, change: impl Fn(Number) -> Number) -> Self {
        Measured {
            value: change(self.value),
            least: self.least.map(&change),
            most: self.most.map(&change),
            evidence: self.evidence,
        }
    }
}

/// What a measure is to be taken of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'s> {
    pub(crate) subject: Item,
    pub(crate) span: &'s Span,
    /// Planned activities that can still take place until that day count as completed.
    pub(crate) plans_until: Option<NaiveDate>,
}

impl View<'_> {
    /// Takes a measure.
    ///
    /// # Errors
    ///
    /// There is no number: a field is unknown, or a share, average or the like of nothing.
    pub(crate) fn measure(&self, measure: &Measure, frame: Frame<'_>) -> Result<Measured, Gap> {
        match measure {
            Measure::Number(number) => Ok(Measured::exact(Number::from(*number))),
            Measure::Field(path) => match self.follow(frame.subject, path) {
                Some(Known::Number(number)) => Ok(Measured::exact(Number::from(number))),
                _ => Err(self.unknown(path)),
            },
            Measure::Count(phrase) => {
                let found = self.found(phrase, frame);
                Ok(count(found.items.len(), found.more).with(found.items))
            }
            Measure::Aggregate { function: Function::Distinct, field, of } => {
                Ok(self.distinct(field, of, frame))
            }
            Measure::Aggregate { function, field, of } => {
                self.aggregate(*function, field, of, frame)
            }
            Measure::LongestGap(phrase) => self.longest_gap(phrase, frame),
            Measure::DaysSince(phrase) => self.days_since(phrase, frame),
            Measure::Share { of, that } => self.share(of, that, frame),
            Measure::Sum(terms) => {
                let zero = Ok(Measured::exact(Number::zero()));
                terms.iter().fold(zero, |sum, (minus, term)| {
                    let term = self.measure(term, frame);
                    let (sum, term) = (sum?, term?);
                    Ok(add(sum, if *minus { negative(term) } else { term }))
                })
            }
            Measure::Product(factors) => {
                let one = Ok(Measured::exact(Number::from(1)));
                factors.iter().fold(one, |product, (divides, factor)| {
                    let factor = self.measure(factor, frame);
                    let (product, factor) = (product?, factor?);
                    if !divides {
                        return Ok(multiply(product, factor));
                    }
                    divide(product, factor).ok_or_else(|| self.why(Why::DivisionByZero))
                })
            }
            Measure::Negative(measure) => Ok(negative(self.measure(measure, frame)?)),
        }
    }

    /// "`share of P that CONDITION`: in percent."
    fn share(&self, of: &Phrase, that: &Condition, frame: Frame<'_>) -> Result<Measured, Gap> {
        let found = self.found(of, frame);
        let total = found.items.len();
        let mut yes = found.items;
        let mut unclear = 0;
        yes.retain(|(_, item)| {
            let answer = self.passes(*item, that);
            unclear += usize::from(answer == Answer::Uncovered);
            answer.is_yes()
        });
        let of_all =
            |n: usize| (Number::from(100) * Number::from(n)).checked_div(&Number::from(total));
        let Some(share) = of_all(yes.len()) else {
            return Err(self.nothing(of, found.more));
        };
        let measured = match found.more {
            More::None => {
                let most = of_all(yes.len() + unclear);
                Measured { most, ..Measured::exact(share) }
            }
            _ => {
                let most = Some(Number::from(100));
                Measured { least: Some(Number::zero()), most, ..Measured::exact(share) }
            }
        };
        Ok(measured.with(yes))
    }

    fn found(&self, phrase: &Phrase, frame: Frame<'_>) -> Found {
        self.find(frame.subject, phrase, frame.span, frame.plans_until)
    }

    /// Why there is no number of nothing.
    fn nothing(&self, phrase: &Phrase, more: More) -> Gap {
        match more {
            More::None => Gap::NotApplicable(self.words().there_are_no(phrase)),
            _ => Gap::Uncovered(self.coverage_reason()),
        }
    }

    /// "`distinct F of P`: how many different known values."
    fn distinct(&self, field: &Path, of: &Phrase, frame: Frame<'_>) -> Measured {
        let found = self.found(of, frame);
        let mut values = BTreeSet::new();
        let mut evidence = found.items;
        evidence.retain(|(_, item)| match self.follow(*item, field) {
            Some(value) => {
                values.insert(self.key(value));
                true
            }
            None => false,
        });
        count(values.len(), found.more).with(evidence)
    }

    /// "`sum F of P`, `average F of P`, `median F of P`, `min F of P`, `max F of P`: over field F;
    /// those whose F is unknown are left out."
    fn aggregate(
        &self,
        function: Function,
        field: &Path,
        of: &Phrase,
        frame: Frame<'_>,
    ) -> Result<Measured, Gap> {
        let found = self.found(of, frame);
        let mut numbers = Vec::new();
        let mut evidence = found.items;
        evidence.retain(|(_, item)| match self.follow(*item, field) {
            Some(Known::Number(number)) => {
                numbers.push(Number::from(number));
                true
            }
            _ => false,
        });
        let n = numbers.len();
        numbers.sort_unstable();
        let none = || match found.more {
            More::None => Gap::NotApplicable(self.words().there_are_no_with(of, field)),
            _ => Gap::Uncovered(self.coverage_reason()),
        };
        let sum = || numbers.iter().cloned().fold(Number::zero(), |a, b| a + b);
        let value = match function {
            Function::Sum | Function::Distinct => sum(),
            Function::Average => sum().checked_div(&Number::from(n)).ok_or_else(none)?,
            Function::Median => {
                let lower = numbers.get(n.wrapping_sub(1) / 2).cloned().ok_or_else(none)?;
                let upper = numbers.get(n / 2).cloned().ok_or_else(none)?;
                if lower == upper { lower } else { (lower + upper) / Number::from(2) }
            }
            Function::Min => numbers.first().cloned().ok_or_else(none)?,
            Function::Max => numbers.last().cloned().ok_or_else(none)?,
        };
        let exact = Measured::exact(value);
        let measured = match (found.more, function) {
            (More::None, _) => exact,
            (_, Function::Sum | Function::Max) => Measured { most: None, ..exact },
            (_, Function::Min) => Measured { least: None, ..exact },
            _ => exact.unbounded(),
        };
        Ok(measured.with(evidence))
    }

    /// What tells one value from another.
    fn key(&self, value: Known<'_>) -> String {
        match value {
            Known::Text(text) => text.to_owned(),
            Known::Number(number) => number.normalize().to_string(),
            Known::Date(day) => day.to_string(),
            Known::Instant(at, _) => at.to_rfc3339(),
            Known::YesNo(yes) => yes.to_string(),
            Known::Thing(item) => self.world.data.id(item).to_owned(),
        }
    }

    /// "`longest gap of P`, in days: the longest of the window's first day to the first day of one,
    /// from each to the next, and from the last to the window's last day or the as-of day, whichever
    /// is earlier." Without a window it starts with the subject, else with the first one.
    fn longest_gap(&self, phrase: &Phrase, frame: Frame<'_>) -> Result<Measured, Gap> {
        let found = self.found(phrase, frame);
        let end = frame.span.whole.last.min(self.day());
        let days: Vec<NaiveDate> = found.items.iter().map(|(day, _)| *day).collect();
        let start = frame.span.first_day().or_else(|| self.creation_day(frame.subject));
        let Some(start) = start.or_else(|| days.first().copied()) else {
            return Err(self.nothing(phrase, found.more));
        };
        let longest = |from: NaiveDate, to: NaiveDate| {
            let mut latest = from;
            let mut gap = 0;
            let between = |day: &NaiveDate| from <= *day && *day <= to;
            for day in days.iter().copied().filter(between).chain([to]) {
                gap = gap.max((day - latest).num_days());
                latest = day;
            }
            Number::from(gap.max(0))
        };
        let most = longest(start, end);
        // At best there was one on every day that is not covered.
        let covered_from = self.world.data.complete_from().map_or(start, |from| start.max(from));
        let covered_to = self.known_through().map_or(end, |through| end.min(through));
        let least = match found.more {
            More::None => most.clone(),
            _ => longest(covered_from, covered_to),
        };
        let measured = Measured {
            value: most.clone(),
            least: Some(least),
            most: Some(most),
            evidence: found.items,
        };
        Ok(measured)
    }

    /// "`days since P`: from the latest one to the as-of day."
    fn days_since(&self, phrase: &Phrase, frame: Frame<'_>) -> Result<Measured, Gap> {
        let found = self.found(phrase, frame);
        let Some(latest) = found.items.last().copied() else {
            return Err(self.nothing(phrase, found.more));
        };
        let value = Number::from((self.day() - latest.0).num_days());
        let measured = Measured::exact(value);
        // There may have been a later one on a day that is not covered.
        let late = self.known_through().is_some_and(|through| through < self.day());
        let early = self.world.data.complete_from().filter(|from| latest.0 < plus_days(*from, -1));
        let least = match early {
            _ if late => Number::zero(),
            Some(from) => Number::from((self.day() - plus_days(from, -1)).num_days().max(0)),
            None => measured.value.clone(),
        };
        let measured = Measured { least: Some(least), ..measured };
        Ok(measured.with(vec![latest]))
    }
}

/// How many, and how many more there may be.
fn count(n: usize, more: More) -> Measured {
    match more {
        More::None => Measured::exact(Number::from(n)),
        More::AtMost(others) => {
            Measured { most: Some(Number::from(n + others)), ..Measured::exact(Number::from(n)) }
        }
        More::Unlimited => Measured::at_least(Number::from(n)),
    }
}

fn join(mut a: Vec<(NaiveDate, Item)>, b: Vec<(NaiveDate, Item)>) -> Vec<(NaiveDate, Item)> {
    a.extend(b);
    a
}

fn add(a: Measured, b: Measured) -> Measured {
    let both = |a: Option<Number>, b: Option<Number>| Some(a? + b?);
    Measured {
        value: a.value + b.value,
        least: both(a.least, b.least),
        most: both(a.most, b.most),
        evidence: join(a.evidence, b.evidence),
    }
}

fn negative(a: Measured) -> Measured {
    Measured {
        value: -a.value,
        least: a.most.map(|n| -n),
        most: a.least.map(|n| -n),
        evidence: a.evidence,
    }
}

fn multiply(a: Measured, b: Measured) -> Measured {
    let evidence = join(a.evidence.clone(), b.evidence.clone());
    let (fixed, other) = if a.is_exact() { (a, b) } else { (b, a) };
    let scaled = if !fixed.is_exact() {
        let value = fixed.value * other.value;
        Measured::exact(value).unbounded()
    } else if fixed.value.is_negative() {
        let factor = -fixed.value;
        negative(other).map(|n| n * factor.clone())
    } else {
        let factor = fixed.value;
        // Nothing times anything is nothing, however much of it there may be.
        if factor.is_zero() { Measured::exact(factor) } else { other.map(|n| n * factor.clone()) }
    };
    scaled.with(evidence)
}

/// None by zero.
fn divide(a: Measured, b: Measured) -> Option<Measured> {
    let quotient = a.value.checked_div(&b.value)?;
    let evidence = join(a.evidence.clone(), b.evidence.clone());
    let measured = if b.is_exact() {
        let by = |n: Option<Number>| n.and_then(|n| n.checked_div(&b.value));
        let (low, high) = (by(a.least), by(a.most));
        let (least, most) = if b.value.is_negative() { (high, low) } else { (low, high) };
        Measured { least, most, ..Measured::exact(quotient) }
    } else {
        Measured::exact(quotient).unbounded()
    };
    Some(measured.with(evidence))
}

/// Whether a count can only be a whole number: none of its weights is a fraction.
pub(crate) fn is_whole(measure: &Measure) -> bool {
    match measure {
        Measure::Number(number) => number.fract().is_zero(),
        Measure::Sum(terms) => terms.iter().all(|(_, term)| is_whole(term)),
        Measure::Product(factors) => {
            factors.iter().all(|(divides, factor)| !divides && is_whole(factor))
        }
        Measure::Negative(part) => is_whole(part),
        Measure::Count(_) | Measure::Aggregate { function: Function::Distinct, .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_keep_what_is_certain() {
        let some = Measured::at_least(Number::from(3));
        let sum = add(some.clone(), Measured::exact(Number::from(2)));
        assert_eq!((sum.least, sum.most), (Some(Number::from(5)), None));
        let flipped = negative(some.clone());
        assert_eq!((flipped.least, flipped.most), (None, Some(Number::from(-3))));
        let none = multiply(some.clone(), Measured::exact(Number::zero()));
        assert!(none.is_exact());
        let half = divide(some, Measured::exact(Number::from(2))).unwrap();
        assert_eq!(half.least.map(|n| n.to_string()).as_deref(), Some("1.5"));
    }
}
