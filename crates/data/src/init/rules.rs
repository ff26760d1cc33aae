//! The text of a rule file, from what a dataset has.

use std::collections::BTreeMap;
use std::fmt::Write;

use kadence::internals::{Item, Value};
use kadence::{Dataset, Noun};
use rust_decimal::Decimal;

use crate::{Import, ReadError};

/// Segments by revenue: how many of a hundred customers are of it or of one before.
const PARTS: [usize; 2] = [20, 50];
const NAMES: [&str; 3] = ["A", "B", "C"];

/// More segments than this are no segments.
const MOST_SEGMENTS: usize = 6;

/// How often a year somebody of a segment should hear from us; the last for all that follow.
const TOUCHES: [u32; 3] = [4, 2, 1];

pub(super) fn of(
    import: &Import,
    fields: &[String],
    kinds: &[String],
) -> Result<String, ReadError> {
    let lines: Vec<&str> = fields.iter().chain(kinds).map(String::as_str).collect();
    let schema = super::schema(&lines);
    let (data, _) = import.read(&schema)?.build_lenient();
    let mut text = "\
# Rules to start from, written by `kadence init` from what it saw. Change the numbers to what is
# meant; docs/language.md has all that can be said here.
"
    .to_owned();
    for lines in [kinds, fields] {
        if !lines.is_empty() {
            let _ = write!(text, "\n{}\n", lines.join("\n"));
        }
    }
    let segments = segments(&data, &mut text);
    customers(&data, &segments, &mut text);
    the_rest(&data, &mut text);
    Ok(kadence::format("start.kpi", &text).unwrap_or(text))
}

fn value<'d>(data: &'d Dataset, item: Item, field: &str) -> &'d Value {
    match data.schema().field_ref(item.noun, field) {
        Some(field) => data.value(item, field),
        None => &Value::Unknown,
    }
}

/// How many things of a noun have a text in a field.
fn texts(data: &Dataset, noun: Noun, field: &str) -> BTreeMap<String, usize> {
    let mut texts = BTreeMap::new();
    for item in data.items(noun) {
        if let Value::Text(text) = value(data, item, field) {
            *texts.entry(text.to_string()).or_default() += 1;
        }
    }
    texts
}

fn segments(data: &Dataset, text: &mut String) -> Vec<String> {
    let given = texts(data, Noun::Customer, "segment");
    if !given.is_empty() {
        let is_name = |name: &String| name.chars().all(char::is_alphanumeric);
        let segments: Vec<String> = given.into_keys().filter(is_name).take(MOST_SEGMENTS).collect();
        return segments;
    }
    let mut revenues: Vec<Decimal> = Vec::new();
    for item in data.items(Noun::Customer) {
        if let Value::Number(revenue) = value(data, item, "revenue") {
            revenues.push(*revenue);
        }
    }
    revenues.sort();
    revenues.reverse();
    let mut limits = Vec::new();
    for percent in PARTS {
        let place = (revenues.len() * percent).div_ceil(100).checked_sub(1);
        let limit = place.and_then(|place| revenues.get(place)).map(|limit| rounded(*limit));
        if let Some(limit) =
            limit.filter(|limit| limits.last().is_none_or(|last| limit < last) && *limit > 0)
        {
            limits.push(limit);
        }
    }
    let Some(least) = limits.last().copied() else { return Vec::new() };
    let _ = write!(
        text,
        "\n# The data has no segments. Guessed from the revenue of {} customers: a fifth of them are A,\n\
         # half of them A or B.\n",
        revenues.len()
    );
    let mut above: Option<u64> = None;
    let mut names = Vec::new();
    for (name, limit) in NAMES.into_iter().zip(limits) {
        let below = above.map(|above| format!(" and revenue < {above}")).unwrap_or_default();
        let _ = writeln!(text, "segment {name} = customer where revenue >= {limit}{below}");
        above = Some(limit);
        names.push(name.to_owned());
    }
    let last = NAMES.get(names.len()).copied().unwrap_or("Z");
    let _ = writeln!(text, "segment {last} = customer where revenue < {least}");
    names.push(last.to_owned());
    names
}

/// Down to two digits and zeros.
fn rounded(number: Decimal) -> u64 {
    let text = number.to_string();
    let whole: u64 = text.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0);
    let digits = u32::try_from(whole.to_string().len()).unwrap_or(1);
    let step = 10_u64.saturating_pow(digits.saturating_sub(2));
    whole / step * step
}

fn customers(data: &Dataset, segments: &[String], text: &mut String) {
    if data.count(Noun::Customer) == 0 || data.count(Noun::Activity) == 0 {
        if data.count(Noun::Customer) > 0 {
            rule(text, ("customer: touchpoints >= 1 per year", "contact"), QUIET);
        }
        return;
    }
    text.push_str("\n# Nobody whom we live by hears nothing from us.\n");
    for (place, segment) in segments.iter().enumerate() {
        let times = TOUCHES.get(place).or(TOUCHES.last()).copied().unwrap_or(1);
        let id = segment.to_lowercase();
        let asked = format!("{segment}-customer: touchpoints >= {times} per year");
        rule(text, (&asked, &format!("{id}-contact")), QUIET);
    }
    if segments.is_empty() {
        rule(text, ("customer: touchpoints >= 1 per year", "contact"), QUIET);
    }
}

const QUIET: &str = "Whoever hears nothing from us buys from somebody else";

/// A rule with its id and why it is there.
fn rule(text: &mut String, (asked, id): (&str, &str), because: &str) {
    let _ = writeln!(text, "{asked} as {id}\n    because \"{because}\"");
}

fn the_rest(data: &Dataset, text: &mut String) {
    let has = |noun| data.count(noun) > 0;
    let is_hot = |item: Item| matches!(value(data, item, "temperature"), Value::Text(text) if **text == *"hot");
    let kinds = texts(data, Noun::Activity, "kind");
    let has_talks = kinds.contains_key("meeting") || kinds.contains_key("visit");
    let has_hot = data.items(Noun::Lead).any(is_hot);
    let rules = [
        (
            has_hot,
            ("hot lead: next activity", "hot-next"),
            "Without a date in the calendar a hot lead cools down",
        ),
        (
            has(Noun::Lead) && !has_hot,
            ("open lead: next activity within 14 days", "lead-next"),
            "A lead without a next step is a name in a table",
        ),
        (
            has(Noun::Opportunity),
            ("open opportunity: next activity within 14 days", "in-motion"),
            "A deal without a next step is a wish",
        ),
        (
            has(Noun::Opportunity),
            ("open opportunity: not (expected_close before today)", "honest-dates"),
            "A day that has passed is no forecast",
        ),
        (
            has_talks,
            ("meeting | visit: followed by activity within 7 days", "follow-up"),
            "A meeting that leads to nothing was a chat",
        ),
        (
            has(Noun::Seller) && has(Noun::Activity),
            ("seller: overdue activities <= 0", "nothing-overdue"),
            "What is planned is done, or planned anew",
        ),
    ];
    if rules.iter().any(|(is_meant, _, _)| *is_meant) {
        text.push_str("\n# What is open has a next step, and what was done leads to something.\n");
    }
    for (_, asked, because) in rules.into_iter().filter(|(is_meant, _, _)| *is_meant) {
        rule(text, asked, because);
    }
}
