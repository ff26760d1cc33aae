//! The words of verdicts: the plain sentence, and the reasons why there is no verdict. They take
//! plain data, so that whoever judges says the same. What every language says alike is here; the
//! rest is in a file for each.

mod danish;
mod english;
mod language;
mod when;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::check::rules::{Cmp, Comparison, Function, Measure, NumberTest, Path, Phrase};
use crate::model::Number;
use crate::model::calendar::{Calendar, Days, Duration};
use crate::verdict::Status;

pub use language::{Language, UnknownLanguage};
pub use when::When;

/// Why a rule says nothing of a subject, where there is no more to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A measure has no number.
    DivisionByZero,
    /// `prorate` asks nothing.
    ProratedToZero,
    /// `prorate` has nothing to divide by.
    NoWorkdays,
    /// `unless` holds.
    Exempt,
    /// A condition of no parts.
    NothingAsked,
    /// `meets` a rule that there is not.
    NoSuchRule,
}

/// The numbers of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'n> {
    pub measured: &'n Number,
    pub target: &'n Number,
    pub planned: Option<&'n Number>,
}

/// What a number counts, as it follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// What is measured says so.
    None,
    Percent,
    Days,
}

impl Unit {
    fn of(measure: &Measure) -> Unit {
        match measure {
            Measure::Share { .. } => Unit::Percent,
            Measure::LongestGap(_) | Measure::DaysSince(_) => Unit::Days,
            _ => Unit::None,
        }
    }
}

/// A field's value, as it is read out.
#[derive(Debug, Clone, Copy)]
pub enum Spoken<'a> {
    Unknown,
    /// A text, or a thing's id.
    Text(&'a str),
    Number(Decimal),
    Date(NaiveDate),
    YesNo(bool),
}

/// What a language says. What is given as text is as it was written, or made by the same language.
pub trait Words: Sync {
    fn status(&self, status: Status) -> &'static str;

    fn day(&self, day: NaiveDate) -> String;

    /// The short name of a day's month.
    fn month(&self, day: NaiveDate) -> &'static str;

    fn number(&self, number: &Number) -> String;

    /// `75 days`
    fn amount(&self, number: &Number, unit: Unit) -> String;

    fn why(&self, why: Why) -> &'static str;

    /// A field has no value: `` `segment` is unknown ``.
    fn unknown(&self, field: &str) -> String;

    /// A field of another thing has no value: `` `created` of a1 is unknown ``.
    fn unknown_of(&self, field: &str, id: &str) -> String;

    /// A share or the like of nothing.
    fn there_are_no(&self, phrase: &Phrase) -> String;

    /// An average or the like of nothing.
    fn there_are_no_with(&self, phrase: &Phrase, field: &Path) -> String;

    /// `every` has no day to count from.
    fn never(&self, phrase: &Phrase) -> String;

    /// Activities are known through a day, from a day, or not all of them.
    fn known(&self, from: Option<NaiveDate>, through: Option<NaiveDate>) -> String;

    /// `meets RULE`: how that rule stands.
    fn meets(&self, rule: &str, status: Status) -> String;

    /// A customer that fits more than one segment.
    fn double_segment(&self, customer: &str, segments: &[&str], first: &str) -> String;

    /// `3 of 4 touchpoints`
    fn counted(&self, measured: &str, target: &str, what: &str) -> String;

    /// `` asked `calls = 4 per year` ``
    fn asked_as_written(&self, text: &str) -> String;

    /// `asked at most 4`
    fn asked(&self, cmp: Cmp, target: &str) -> String;

    /// `1 more planned`, of things that are counted or of something that is summed.
    fn more_planned(&self, planned: &Number, is_count: bool) -> String;

    /// ` this year`, ` in the last 30 days`; with a space before it, empty where there is no window.
    fn when(&self, when: When) -> String;

    fn aggregate(&self, function: Function, field: &str, of: &str) -> String;

    fn longest_gap(&self, of: &str) -> String;

    fn days_since(&self, of: &str) -> String;

    fn share(&self, of: &str) -> String;

    /// `next call on 2026-11-20`: the first one's day and kind.
    fn next(
        &self,
        phrase: &Phrase,
        within: Option<Duration>,
        first: Option<(NaiveDate, &str)>,
    ) -> String;

    /// `followed by activity on 2026-03-05`. `last` is the last day on which it may be.
    fn followed(
        &self,
        phrase: &Phrase,
        booked: bool,
        first: Option<NaiveDate>,
        last: NaiveDate,
        last_is_over: bool,
    ) -> String;

    /// `touchpoint on 2026-05-20`
    fn within(
        &self,
        phrase: &Phrase,
        first: Option<NaiveDate>,
        days: Days,
        last_is_over: bool,
    ) -> String;

    /// `learning is known`
    fn known_within(
        &self,
        field: &Path,
        is_known: bool,
        last: NaiveDate,
        last_is_over: bool,
    ) -> String;

    /// `75 days, asked at most 90, since the latest visit on 2026-01-10`. `from` is the day that is
    /// counted from.
    fn every(
        &self,
        phrase: &Phrase,
        latest: Option<NaiveDate>,
        from: NaiveDate,
        gap: &Number,
        target: &Number,
    ) -> String;

    /// `temperature is hot`
    fn field(&self, path: &Path, value: Spoken<'_>) -> String;

    /// `is overdue`
    fn is(&self, phrase: &Phrase, yes: bool) -> String;

    /// The sentence where there is no verdict: `unknown: …`, `not applicable: …`.
    fn gap(&self, status: Status, reason: &str) -> String {
        format!("{}: {reason}", self.status(status))
    }

    /// Why absence proves nothing, as of a day: the days from and through which activities are
    /// known.
    fn coverage(
        &self,
        from: Option<NaiveDate>,
        through: Option<NaiveDate>,
        today: NaiveDate,
    ) -> String {
        match through.filter(|through| *through < today) {
            Some(through) => self.known(None, Some(through)),
            None => self.known(from, None),
        }
    }

    /// `3 of 4 touchpoints this year, 1 more planned`. `cmp` is the side that was judged, `days`
    /// are those of the window, from [`NaiveDate::MIN`] where it has no first.
    fn comparison(
        &self,
        comparison: &Comparison,
        cmp: Cmp,
        compared: Compared<'_>,
        days: Days,
        calendar: &Calendar,
        today: NaiveDate,
    ) -> String {
        let Compared { measured, target, planned } = compared;
        let Comparison { left, test, text, window, .. } = comparison;
        let when = self.when(When::of(window, days, calendar, today));
        let unit = Unit::of(left);
        let is_count = matches!(left, Measure::Count(_));
        let has_two_sides = matches!(test, NumberTest::Is(Cmp::Equal, _) | NumberTest::Between(..));
        let mut said = match (left, cmp) {
            (Measure::Count(phrase), Cmp::AtLeast) if !has_two_sides => {
                let of = self.counted(&self.number(measured), &self.number(target), &phrase.text);
                format!("{of}{when}")
            }
            _ => {
                let asked = if has_two_sides {
                    self.asked_as_written(text)
                } else {
                    self.asked(cmp, &self.amount(target, unit))
                };
                format!("{}{when}: {}, {asked}", self.name(left), self.amount(measured, unit))
            }
        };
        if let Some(planned) = planned.filter(|planned| !planned.is_zero()) {
            said.push_str(&format!(", {}", self.more_planned(planned, is_count)));
        }
        said
    }

    /// What is measured.
    fn name(&self, measure: &Measure) -> String {
        match measure {
            Measure::Number(number) => self.number(&Number::from(*number)),
            Measure::Field(path) => path.text.clone(),
            Measure::Count(phrase) => phrase.text.clone(),
            Measure::Aggregate { function, field, of } => {
                self.aggregate(*function, &field.text, &of.text)
            }
            Measure::LongestGap(phrase) => self.longest_gap(&phrase.text),
            Measure::DaysSince(phrase) => self.days_since(&phrase.text),
            Measure::Share { of, .. } => self.share(&of.text),
            Measure::Sum(parts) => {
                let name = |part: &Measure| self.name(part);
                joined(parts, (" + ", " - "), name)
            }
            Measure::Product(parts) => joined(parts, (" * ", " / "), |part| {
                let name = self.name(part);
                if matches!(part, Measure::Sum(_)) { format!("({name})") } else { name }
            }),
            Measure::Negative(part) => format!("-{}", self.name(part)),
        }
    }
}

/// The parts of a measure with a sign before each, but before the first only where it is the other
/// one.
fn joined(
    parts: &[(bool, Measure)],
    (sign, inverse): (&str, &str),
    name: impl Fn(&Measure) -> String,
) -> String {
    let mut text = String::new();
    for (i, (is_inverse, part)) in parts.iter().enumerate() {
        text.push_str(match is_inverse {
            true => inverse,
            false if i == 0 => "",
            false => sign,
        });
        text.push_str(&name(part));
    }
    text
}

/// The sentence of what is unknown for want of coverage.
pub fn uncovered(sentence: &str, reason: &str) -> String {
    format!("{sentence}; {reason}")
}
