//! The words of verdicts: the plain sentence, and the reasons why there is no verdict. They take
//! plain data, so that whoever judges says the same.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::check::rules::{Cmp, Comparison, Measure, NumberTest, Path, Phrase, Window};
use crate::model::Number;
use crate::model::calendar::{Calendar, Days, Duration};
use crate::verdict::Status;

/// What a measure has no number for.
pub const DIVISION_BY_ZERO: &str = "division by zero";
/// Why `prorate` asks nothing.
pub const PRORATED_TO_ZERO: &str = "the prorated target is 0";
/// Why `prorate` has nothing to divide by.
pub const NO_WORKDAYS: &str = "the period has no workdays";
/// Why a rule says nothing of a subject.
pub const EXEMPT: &str = "exempt by `unless`";
/// A condition of no parts.
pub const NOTHING_ASKED: &str = "nothing is asked";
/// `meets` a rule that there is not.
pub const NO_SUCH_RULE: &str = "no such rule";

/// A field has no value: `` `segment` is unknown ``.
pub fn unknown(field: &str) -> String {
    format!("`{field}` is unknown")
}

/// A field of another thing has no value: `` `created` of a1 is unknown ``.
pub fn unknown_of(field: &str, id: &str) -> String {
    format!("`{field}` of {id} is unknown")
}

/// A share or the like of nothing.
pub fn there_are_no(phrase: &Phrase) -> String {
    format!("there are no {}", phrase.text)
}

/// An average or the like of nothing.
pub fn there_are_no_with(phrase: &Phrase, field: &Path) -> String {
    format!("there are no {} with `{}`", phrase.text, field.text)
}

/// `every` has no day to count from.
pub fn never(phrase: &Phrase) -> String {
    format!("there is no {} yet, and no day of creation", phrase.text)
}

/// Why absence proves nothing, as of a day: the days from and through which activities are known.
pub fn coverage(from: Option<NaiveDate>, through: Option<NaiveDate>, today: NaiveDate) -> String {
    match (from, through) {
        (_, Some(through)) if through < today => format!("activities are known through {through}"),
        (Some(from), _) => format!("activities are known from {from}"),
        _ => "activities are not all known".to_owned(),
    }
}

/// The sentence where there is no verdict: `unknown: …`, `not applicable: …`.
pub fn gap(status: Status, reason: &str) -> String {
    format!("{}: {reason}", status.words())
}

/// The sentence of what is unknown for want of coverage.
pub fn uncovered(sentence: &str, reason: &str) -> String {
    format!("{sentence}; {reason}")
}

/// `meets RULE`: how that rule stands.
pub fn meets(rule: &str, status: Status) -> String {
    format!("{rule} is {}", status.words())
}

/// A customer that fits more than one segment.
pub fn double_segment(customer: &str, segments: &[&str], first: &str) -> String {
    let segments = segments.join(" and ");
    format!("customer `{customer}` fits the segments {segments}; it has the first, {first}")
}

/// The numbers of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'n> {
    pub measured: &'n Number,
    pub target: &'n Number,
    pub planned: Option<&'n Number>,
}

/// `3 of 4 touchpoints this year, 1 more planned`. `cmp` is the side that was judged, `days` are
/// those of the window, from [`NaiveDate::MIN`] where it has no first.
pub fn comparison(
    comparison: &Comparison,
    cmp: Cmp,
    compared: Compared<'_>,
    days: Days,
    calendar: &Calendar,
    today: NaiveDate,
) -> String {
    let Compared { measured, target, planned } = compared;
    let when = window(&comparison.window, days, calendar, today);
    let unit = unit(&comparison.left);
    let has_two_sides =
        matches!(comparison.test, NumberTest::Is(Cmp::Equal, _) | NumberTest::Between(..));
    let mut text = match (&comparison.left, cmp) {
        (left, _) if has_two_sides => {
            format!("{}{when}: {measured}{unit}, asked `{}`", name(left), comparison.text)
        }
        (Measure::Count(phrase), Cmp::AtLeast) => {
            format!("{measured} of {target} {}{when}", phrase.text)
        }
        (left, _) => {
            let asked = asked(cmp);
            format!("{}{when}: {measured}{unit}, asked {asked} {target}{unit}", name(left))
        }
    };
    if let Some(planned) = planned.filter(|planned| !planned.is_zero()) {
        text.push_str(&format!(", {planned} more planned"));
    }
    text
}

/// What is measured, in words.
pub(crate) fn name(measure: &Measure) -> String {
    let joined = |parts: &[(bool, Measure)], plus: &str, minus: &str| {
        let mut text = String::new();
        for (i, (inverse, part)) in parts.iter().enumerate() {
            let sign = if *inverse { minus } else { plus };
            let sign = if i == 0 && !*inverse { "" } else { sign };
            text.push_str(sign);
            let bracket = matches!(part, Measure::Sum(_)) && plus == " * ";
            let part = name(part);
            text.push_str(&if bracket { format!("({part})") } else { part });
        }
        text
    };
    match measure {
        Measure::Number(number) => number.normalize().to_string(),
        Measure::Field(path) => path.text.clone(),
        Measure::Count(phrase) => phrase.text.clone(),
        Measure::Aggregate { function, field, of } => {
            format!("{} {} of {}", function.name(), field.text, of.text)
        }
        Measure::LongestGap(phrase) => format!("longest gap of {}", phrase.text),
        Measure::DaysSince(phrase) => format!("days since {}", phrase.text),
        Measure::Share { of, .. } => format!("share of {}", of.text),
        Measure::Sum(parts) => joined(parts, " + ", " - "),
        Measure::Product(parts) => joined(parts, " * ", " / "),
        Measure::Negative(part) => format!("-{}", name(part)),
    }
}

/// What a measure is counted in, as it follows the number.
fn unit(measure: &Measure) -> &'static str {
    match measure {
        Measure::Share { .. } => "%",
        Measure::LongestGap(_) | Measure::DaysSince(_) => " days",
        _ => "",
    }
}

fn asked(cmp: Cmp) -> &'static str {
    match cmp {
        Cmp::Less => "less than",
        Cmp::AtMost => "at most",
        Cmp::Equal => "exactly",
        Cmp::Unequal => "not",
        Cmp::AtLeast => "at least",
        Cmp::More => "more than",
    }
}

/// ` this year`, ` in the last 30 days`; with a space before it, empty where there is no window.
fn window(window: &Window, days: Days, calendar: &Calendar, today: NaiveDate) -> String {
    let range = || format!(" from {} to {}", days.first, days.last);
    match window {
        Window::Ever if days.first > NaiveDate::MIN => format!(" since {}", days.first),
        Window::Ever => String::new(),
        Window::Per(unit) | Window::This(unit) => {
            if calendar.period(*unit, today) == days {
                format!(" this {}", unit.name())
            } else {
                range()
            }
        }
        Window::Previous(unit) => format!(" in the previous {}", unit.name()),
        Window::Last(duration) => format!(" in the last {duration}"),
        Window::Since(_) => format!(" since {}", days.first),
        Window::FromUntil(..) => range(),
    }
}

/// `next call on 2026-11-20`: the first one's day and kind.
pub fn next(phrase: &Phrase, within: Option<Duration>, first: Option<(NaiveDate, &str)>) -> String {
    match (first, within) {
        (Some((day, kind)), _) => format!("next {kind} on {day}"),
        (None, Some(within)) => format!("no {} planned within {within}", phrase.text),
        (None, None) => format!("no {} planned", phrase.text),
    }
}

/// `followed by activity on 2026-03-05`. `last` is the last day on which it may be.
pub fn followed(
    phrase: &Phrase,
    booked: bool,
    first: Option<NaiveDate>,
    last: NaiveDate,
    last_is_over: bool,
) -> String {
    let booked = if booked { " booked" } else { "" };
    let what = format!("followed by {}{booked}", phrase.text);
    match first {
        Some(day) => format!("{what} on {day}"),
        None if last_is_over => format!("not {what} by {last}"),
        None => format!("not yet {what}, due by {last}"),
    }
}

/// `touchpoint on 2026-05-20`
pub fn within(phrase: &Phrase, first: Option<NaiveDate>, days: Days, last_is_over: bool) -> String {
    let what = &phrase.text;
    match first {
        Some(day) => format!("{what} on {day}"),
        None if last_is_over => format!("no {what} from {} to {}", days.first, days.last),
        None => format!("no {what} yet since {}, due by {}", days.first, days.last),
    }
}

/// `learning is known`
pub fn known_within(field: &Path, is_known: bool, last: NaiveDate, last_is_over: bool) -> String {
    let what = &field.text;
    match (is_known, last_is_over) {
        (true, _) => format!("{what} is known"),
        (false, true) => format!("{what} was not known by {last}"),
        (false, false) => format!("{what} is not yet known, due by {last}"),
    }
}

/// `75 days, asked at most 90, since the latest visit on 2026-01-10`. `from` is the day that is
/// counted from.
pub fn every(
    phrase: &Phrase,
    latest: Option<NaiveDate>,
    from: NaiveDate,
    gap: &Number,
    target: &Number,
) -> String {
    let what = &phrase.text;
    match latest {
        Some(day) => {
            format!("{gap} days, asked at most {target}, since the latest {what} on {day}")
        }
        None => format!("no {what} in the {gap} days since {from}, asked every {target}"),
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

/// `temperature is hot`
pub fn field(path: &Path, value: Spoken<'_>) -> String {
    let value = match value {
        Spoken::Unknown => "unknown".to_owned(),
        Spoken::Text(text) => text.to_owned(),
        Spoken::Number(number) => number.normalize().to_string(),
        Spoken::Date(day) => day.to_string(),
        Spoken::YesNo(yes) => if yes { "yes" } else { "no" }.to_owned(),
    };
    format!("{} is {value}", path.text)
}

/// `is overdue`
pub fn is(phrase: &Phrase, yes: bool) -> String {
    let not = if yes { "" } else { "not " };
    format!("is {not}{}", phrase.text)
}
