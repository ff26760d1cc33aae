//! What is told, before it is written in one form or another.

mod text;

use kadence::Number;
use kadence::campaign::Sum;

use crate::report::grid::fit;

pub(crate) use kadence_report::sections::{Block, Heading, Section, markdown};
pub(crate) use text::text;

/// At most so many of some things, and how many more there are.
pub(crate) fn first(most: usize, items: impl Iterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.collect();
    if let Some(more) = items.len().checked_sub(most).filter(|more| *more > 0) {
        items.truncate(most);
        items.push(format!("… and {more} more (--format json shows all)"));
    }
    items
}

/// In how many columns a name is shown.
const LONGEST: u16 = 50;

/// `Acme (c046)`, or the id where there is no name.
pub(crate) fn named(id: &str, name: Option<&str>) -> String {
    name.map_or_else(|| id.to_owned(), |name| format!("{} ({id})", fit(name, LONGEST)))
}

/// An amount of money: two decimals where it is not whole, its thousands apart.
pub(crate) fn money(number: &Number) -> String {
    let text = number.round_half_up(2).to_string();
    let unsigned = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            apart.push(',');
        }
        apart.push(digit);
    }
    let sign = if unsigned.len() < text.len() { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    let zero = if fraction.len() == 1 { "0" } else { "" };
    format!("{sign}{apart}{point}{fraction}{zero}")
}

/// A number in a table; `–` where it is unknown.
pub(crate) fn cell(number: Option<&Number>, written: impl Fn(&Number) -> String) -> String {
    number.map_or_else(|| "–".to_owned(), written)
}

/// A sum in a table: a `+` after what is known of one that is not known in full.
pub(crate) fn summed(sum: &Sum) -> String {
    let plus = if sum.unknown > 0 { "+?" } else { "" };
    format!("{}{plus}", money(&sum.known))
}

/// `27 of 29 (93.1%)`
pub(crate) fn part(of: u64, all: u64) -> String {
    let hundred = Number::from(of) * Number::from(100);
    match hundred.checked_div(&Number::from(all)) {
        Some(percent) => format!("{of} of {all} ({}%)", percent.round_half_up(1)),
        None => format!("{of} of {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_its_thousands_apart_and_two_decimals() {
        let shown = |text: &str| money(&text.parse().unwrap());
        let shown = ["0", "999", "1000", "-1234567.5", "12345.678", "-0.001"].map(shown);
        assert_eq!(shown, ["0", "999", "1,000", "-1,234,567.50", "12,345.68", "0"]);
    }

    #[test]
    fn a_part_of_nothing_has_no_share() {
        assert_eq!((part(0, 0).as_str(), part(2, 3).as_str()), ("0 of 0", "2 of 3 (66.7%)"));
    }
}
