//! The plain sentence of a verdict.

use chrono::NaiveDate;

use super::deadline::Term;
use super::measure::unit;
use super::outcome::Figures;
use super::span::Span;
use super::view::View;
use super::world::Known;
use crate::check::rules::{Cmp, Comparison, Measure, NumberTest, Path, Phrase, Window};
use crate::model::calendar::{Days, Duration};
use crate::model::{Item, Number};

/// `3 of 4 touchpoints this year, 1 more planned`
pub(super) fn comparison(
    view: &View<'_>,
    comparison: &Comparison,
    cmp: Cmp,
    figures: &Figures,
    span: &Span,
) -> String {
    let number = |n: &Option<Number>| n.as_ref().map_or_else(String::new, Number::to_string);
    let (measured, target) = (number(&figures.measured), number(&figures.target));
    let when = window(view, &comparison.window, span);
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
    if let Some(planned) = figures.planned.as_ref().filter(|planned| !planned.is_zero()) {
        text.push_str(&format!(", {planned} more planned"));
    }
    text
}

/// What is measured, in words.
fn name(measure: &Measure) -> String {
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
fn window(view: &View<'_>, window: &Window, span: &Span) -> String {
    let days = span.whole;
    let range = || format!(" from {} to {}", days.first, days.last);
    match window {
        Window::Ever => match span.first_day() {
            Some(first) => format!(" since {first}"),
            None => String::new(),
        },
        Window::Per(unit) | Window::This(unit) => {
            if view.calendar().period(*unit, view.day()) == days {
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

/// `next activity on 2026-11-20`
pub(super) fn next(
    view: &View<'_>,
    phrase: &Phrase,
    within: Option<Duration>,
    first: Option<(NaiveDate, Item)>,
) -> String {
    match (first, within) {
        (Some((day, item)), _) => {
            let kind = view.world.raw(item, view.world.fields.activity_kind);
            let kind = if let Some(Known::Text(kind)) = kind { kind } else { "activity" };
            format!("next {kind} on {day}")
        }
        (None, Some(within)) => format!("no {} planned within {within}", phrase.text),
        (None, None) => format!("no {} planned", phrase.text),
    }
}

/// `followed by activity on 2026-03-05`
pub(super) fn followed(
    view: &View<'_>,
    phrase: &Phrase,
    term: &Term,
    first: Option<(NaiveDate, Item)>,
    booked: bool,
) -> String {
    let what = &phrase.text;
    let booked = if booked { " booked" } else { "" };
    match first {
        Some((day, _)) => format!("followed by {what}{booked} on {day}"),
        None => not_yet(view, &format!("followed by {what}{booked}"), term.days),
    }
}

/// `touchpoint on 2026-05-20`
pub(super) fn within(
    view: &View<'_>,
    phrase: &Phrase,
    term: &Term,
    first: Option<(NaiveDate, Item)>,
) -> String {
    let what = &phrase.text;
    match first {
        Some((day, _)) => format!("{what} on {day}"),
        None if view.is_over(term.days.last) => {
            format!("no {what} from {} to {}", term.days.first, term.days.last)
        }
        None => format!("no {what} yet since {}, due by {}", term.days.first, term.days.last),
    }
}

/// `learning is known`
pub(super) fn known_within(view: &View<'_>, field: &Path, term: &Term, is_known: bool) -> String {
    let what = &field.text;
    match (is_known, view.is_over(term.days.last)) {
        (true, _) => format!("{what} is known"),
        (false, true) => format!("{what} was not known by {}", term.days.last),
        (false, false) => format!("{what} is not yet known, due by {}", term.days.last),
    }
}

fn not_yet(view: &View<'_>, what: &str, days: Days) -> String {
    if view.is_over(days.last) {
        format!("not {what} by {}", days.last)
    } else {
        format!("not yet {what}, due by {}", days.last)
    }
}

/// `75 days, asked at most 90, since the latest visit on 2026-01-10`
pub(super) fn every(
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

/// `temperature is hot`
pub(super) fn field(view: &View<'_>, path: &Path, value: Option<Known<'_>>) -> String {
    let value = match value {
        None => "unknown".to_owned(),
        Some(Known::Text(text)) => text.to_owned(),
        Some(Known::Number(number)) => number.normalize().to_string(),
        Some(Known::Date(day) | Known::Instant(_, day)) => day.to_string(),
        Some(Known::YesNo(yes)) => if yes { "yes" } else { "no" }.to_owned(),
        Some(Known::Thing(item)) => view.world.data.id(item).to_owned(),
    };
    format!("{} is {value}", path.text)
}

/// `is overdue`
pub(super) fn is(phrase: &Phrase, yes: bool) -> String {
    let not = if yes { "" } else { "not " };
    format!("is {not}{}", phrase.text)
}
