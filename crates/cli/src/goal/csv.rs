//! The steps of goals as rows.

use kadence_statistics::goal::{Estimate, Forecast, StepForecast};

use crate::output::Failure;
use crate::report::{csv_table, inert};

const COLUMNS: [&str; 26] = [
    "goal",
    "step",
    "so_far",
    "open",
    "things_per_case",
    "cases",
    "went_on",
    "lost",
    "rate",
    "rate_low",
    "rate_high",
    "is_assumed",
    "days_in_the_middle",
    "days_of_nine_in_ten",
    "needed",
    "needed_low",
    "needed_high",
    "needed_a_month",
    "at_pace",
    "at_pace_low",
    "at_pace_high",
    "measured",
    "target",
    "measured_at_the_end",
    "chance",
    "day",
];

/// A row for each step of each goal.
pub(super) fn steps(forecasts: &[Forecast]) -> Result<String, Failure> {
    let rows = forecasts.iter().flat_map(|one| one.steps.iter().map(|step| row(one, step)));
    csv_table(COLUMNS, rows)
}

fn row(of: &Forecast, step: &StepForecast) -> [String; 26] {
    let on = step.on.as_ref();
    let seen = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
    let range = on.and_then(|on| on.range);
    let [needed, needed_low, needed_high] = parts(step.needed);
    let [at_pace, at_pace_low, at_pace_high] = parts(step.at_pace);
    let number = |number: &Option<kadence::Number>| {
        number.as_ref().map_or_else(String::new, ToString::to_string)
    };
    [
        inert(&of.goal.id),
        inert(&step.text),
        step.so_far.to_string(),
        step.open.to_string(),
        written(step.things_per_case, 2),
        seen(on.map(|on| on.cases)),
        seen(on.map(|on| on.went)),
        seen(on.map(|on| on.lost)),
        written(on.and_then(|on| on.rate), 4),
        written(range.map(|range| range.low), 4),
        written(range.map(|range| range.high), 4),
        on.map_or_else(String::new, |on| on.is_assumed.to_string()),
        seen(on.and_then(|on| on.days).map(u64::from)),
        seen(on.and_then(|on| on.days_of_most).map(u64::from)),
        needed,
        needed_low,
        needed_high,
        written(step.needed_per_month.map(|needed| needed.median), 1),
        at_pace,
        at_pace_low,
        at_pace_high,
        number(&of.goal.measured),
        number(&of.goal.target),
        written(of.at_pace.map(|sum| sum.median), 2),
        written(of.chance, 4),
        of.day.to_string(),
    ]
}

fn parts(estimate: Option<Estimate>) -> [String; 3] {
    let of = |part: fn(Estimate) -> Option<f64>| written(estimate.and_then(part), 1);
    [of(|one| Some(one.median)), of(|one| Some(one.low)), of(|one| one.high)]
}

fn written(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(String::new, |value| format!("{value:.decimals$}"))
}
