//! What people write who know another language, or read the rule aloud.

use crate::diagnostic::{Diagnostic, nearest};

use super::grammar::Rule;
use super::hints::{Place, is_digits};
use super::scan::{TokenKind, Tokens};

/// Adds the mend, if what was found is such a slip.
pub(super) fn add(place: &Place<'_>, diagnostic: Diagnostic) -> Diagnostic {
    if let Some((right, help)) = replaced(place) {
        let span = diagnostic.primary.span;
        return diagnostic.help(help).fix(span, right);
    }
    let help = number(place).or_else(|| layout(place)).or_else(|| condition(place));
    match help {
        Some(help) => diagnostic.help(help),
        None => respelt(place, diagnostic),
    }
}

/// What another word or sign surely stands for, and why.
fn replaced(place: &Place<'_>) -> Option<(String, String)> {
    let found = place.found();
    let is = |rule| place.rule == rule;
    let right = match found {
        "daily" => "per day",
        "weekly" => "per week",
        "monthly" => "per month",
        "quarterly" => "per quarter",
        "yearly" | "annually" => "per year",
        "desc" if place.expects(Rule::k_descending) => "descending",
        "asc" if place.expects(Rule::k_ascending) => "ascending",
        "=" if is(Rule::field_item) && place.expects(Rule::colon) => ":",
        ":" if is(Rule::define_item) && place.expects(Rule::equals) => " =",
        "," if place.expects(Rule::step) => " >",
        "=" | ":" if is(Rule::given) && place.expects(Rule::given_value) => "",
        _ => return None,
    };
    let help = match right {
        "" => "a field and its value stand side by side: `segment A`".to_owned(),
        " >" => "the steps are joined by `>`".to_owned(),
        _ => format!("write `{}`", right.trim_start()),
    };
    Some((right.to_owned(), help))
}

/// Numbers, dates and money.
fn number(place: &Place<'_>) -> Option<String> {
    let found = place.found();
    let (digits, rest) =
        found.split_at(found.find(|c: char| !c.is_ascii_digit()).unwrap_or(found.len()));
    let starts_with_digit = !digits.is_empty();
    let is_word = rest.chars().all(char::is_alphabetic) && !rest.is_empty();
    let help = match found {
        "€" | "$" | "£" => NO_CURRENCY.to_owned(),
        _ if CURRENCIES.contains(&found.to_lowercase().as_str()) => NO_CURRENCY.to_owned(),
        _ if starts_with_digit
            && MONTHS.iter().any(|month| starts_alike(place.previous(), month)) =>
        {
            "a date is written `2026-11-15`".to_owned()
        }
        _ if starts_with_digit && place.expects(Rule::month) => {
            "months are written out: `1 July`".to_owned()
        }
        _ if starts_with_digit && is_word => {
            format!("a number ends in `k`, `m` (million), `bn` or `%`, as in `{digits}m`")
        }
        _ if place.expects(Rule::number) => {
            let value = NUMERALS.iter().position(|numeral| *numeral == found)?;
            format!("numbers are written in digits: `{}`", value + 1)
        }
        _ => return None,
    };
    Some(help)
}

/// How items are laid out.
fn layout(place: &Place<'_>) -> Option<String> {
    let found = place.found();
    let is = |rule| place.rule == rule;
    let is_word = place.found.is_some_and(|token| token.kind == TokenKind::Word);
    let help = match found {
        ":" if is(Rule::rule_item) && words_before(place).any(|word| word == ":") => {
            "every rule starts on a line of its own"
        }
        "by" if matches!(place.previous(), "order" | "ordered" | "sorted") => {
            "a list is sorted by `sort by`, as in `sort by amount descending`"
        }
        _ if is_word && is(Rule::list_item) && place.expects(Rule::equals) => {
            "a name of several words stands in double quotes: `list \"Call day\" = …`"
        }
        _ if is_word && matches!(place.earlier(), "as" | "meets" | "meet" | "supports") => {
            "a name is one word, such as `a-contact`, or stands in double quotes"
        }
        "" if is(Rule::expectation) && place.expects(Rule::k_at) => {
            "an expectation says as of when: `at 2026-11-15`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// How conditions are put together.
fn condition(place: &Place<'_>) -> Option<String> {
    let found = place.found();
    let previous = place.previous();
    let compares = place.expects(Rule::cmp) || place.expects(Rule::compare);
    let is_comparison = matches!(found, ">=" | "<=" | "!=" | "≥" | "≤" | "≠" | ">" | "<" | "=");
    let help = match found {
        "," if matches!(place.rule, Rule::rule_item | Rule::define_item) => {
            "conditions are joined by `and` or `or`, nouns by `|`"
        }
        _ if previous == "least" => {
            "at least is written `>=`, after what is counted: `meetings >= 8`"
        }
        _ if previous == "most" => {
            "at most is written `<=`, after what is counted: `meetings <= 8`"
        }
        _ if matches!(previous, "like" | "matches" | "includes" | "has") => {
            "a text is tested by `contains \"…\"` or `starts with \"…\"`"
        }
        _ if previous == "in" && place.expects(Rule::open) && !is_comparison => {
            "values stand in brackets, as in `in (fair, web)`; a window is `in last 30 days`"
        }
        "every" if is_digits(previous) => {
            "`every` follows activities without a comparison: `call every 14 days`"
        }
        "per" | "this" if compares => {
            "a comparison stands before the window: `touchpoints >= 4 per year`"
        }
        "" if place.expects(Rule::k_booked) => {
            "`followed by` says how soon: `followed by activity within 7 days`"
        }
        _ if compares && is_digits(found) => {
            return Some(format!("say how it compares, as in `>= {found}`"));
        }
        _ if is_comparison && matches!(place.rule, Rule::segment_item | Rule::list_item) => {
            "a condition follows `where`: `customer where revenue >= 1m`"
        }
        _ if words_before(place).any(|word| matches!(word, "if" | "when")) => {
            "there is no `if`: for whom a rule holds is said before the `:`, as in `hot lead: next activity`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// `becuase`
fn respelt(place: &Place<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let found = place.found();
    if found.chars().count() < 4 || super::is_reserved(found) {
        return diagnostic;
    }
    let names: Vec<String> = place.expected.iter().map(|rule| format!("{rule:?}")).collect();
    let keyword = |name: &'_ String| {
        let word = name.strip_prefix("k_").or_else(|| name.strip_prefix("m_"));
        word.map(str::to_owned)
    };
    let keywords: Vec<String> = names.iter().filter_map(keyword).collect();
    match nearest(found, keywords.iter().map(String::as_str)) {
        Some(_) => diagnostic.did_you_mean(found, keywords.iter().map(String::as_str)),
        None => diagnostic,
    }
}

/// The words and signs before the place.
fn words_before<'i>(place: &Place<'i>) -> impl Iterator<Item = &'i str> {
    let end = place.found.map_or(place.part.text.len(), |token| token.start);
    Tokens::new(place.part.text).take_while(move |token| token.start < end).map(|token| token.text)
}

/// `nov` and `November`
fn starts_alike(written: &str, name: &str) -> bool {
    let written = written.to_lowercase();
    written.len() >= 3 && name.starts_with(&written)
}

const NO_CURRENCY: &str = "money is a plain number, without a currency";
const CURRENCIES: [&str; 8] = ["dkk", "eur", "sek", "nok", "usd", "gbp", "kr", "euro"];
const NUMERALS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
