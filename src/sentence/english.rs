//! English.

use chrono::{Datelike, NaiveDate};

use super::{Spoken, Unit, When, Why, Words};
use crate::check::rules::{Cmp, Function, Path, Phrase};
use crate::model::Number;
use crate::model::calendar::{Days, Duration};
use crate::verdict::Status;

pub(super) struct English;

impl Words for English {
    fn status(&self, status: Status) -> &'static str {
        status.words()
    }

    fn day(&self, day: NaiveDate) -> String {
        day.to_string()
    }

    fn month(&self, day: NaiveDate) -> &'static str {
        match day.month() {
            1 => "Jan",
            2 => "Feb",
            3 => "Mar",
            4 => "Apr",
            5 => "May",
            6 => "Jun",
            7 => "Jul",
            8 => "Aug",
            9 => "Sep",
            10 => "Oct",
            11 => "Nov",
            _ => "Dec",
        }
    }

    fn number(&self, number: &Number) -> String {
        number.to_string()
    }

    fn amount(&self, number: &Number, unit: Unit) -> String {
        match unit {
            Unit::None => number.to_string(),
            Unit::Percent => format!("{number}%"),
            Unit::Days => format!("{number} days"),
        }
    }

    fn why(&self, why: Why) -> &'static str {
        match why {
            Why::DivisionByZero => "division by zero",
            Why::ProratedToZero => "the prorated target is 0",
            Why::NoWorkdays => "the period has no workdays",
            Why::Exempt => "exempt by `unless`",
            Why::NothingAsked => "nothing is asked",
            Why::NoSuchRule => "no such rule",
        }
    }

    fn unknown(&self, field: &str) -> String {
        format!("`{field}` is unknown")
    }

    fn unknown_of(&self, field: &str, id: &str) -> String {
        format!("`{field}` of {id} is unknown")
    }

    fn there_are_no(&self, phrase: &Phrase) -> String {
        format!("there are no {}", phrase.text)
    }

    fn there_are_no_with(&self, phrase: &Phrase, field: &Path) -> String {
        format!("there are no {} with `{}`", phrase.text, field.text)
    }

    fn never(&self, phrase: &Phrase) -> String {
        format!("there is no {} yet, and no day of creation", phrase.text)
    }

    fn known(&self, from: Option<NaiveDate>, through: Option<NaiveDate>) -> String {
        match (from, through) {
            (_, Some(through)) => format!("activities are known through {through}"),
            (Some(from), None) => format!("activities are known from {from}"),
            (None, None) => "activities are not all known".to_owned(),
        }
    }

    fn meets(&self, rule: &str, status: Status) -> String {
        format!("{rule} is {}", status.words())
    }

    fn double_segment(&self, customer: &str, segments: &[&str], first: &str) -> String {
        let segments = segments.join(" and ");
        format!("customer `{customer}` fits the segments {segments}; it has the first, {first}")
    }

    fn counted(&self, measured: &str, target: &str, what: &str) -> String {
        format!("{measured} of {target} {what}")
    }

    fn asked_as_written(&self, text: &str) -> String {
        format!("asked `{text}`")
    }

    fn asked(&self, cmp: Cmp, target: &str) -> String {
        let asked = match cmp {
            Cmp::Less => "less than",
            Cmp::AtMost => "at most",
            Cmp::Equal => "exactly",
            Cmp::Unequal => "not",
            Cmp::AtLeast => "at least",
            Cmp::More => "more than",
        };
        format!("asked {asked} {target}")
    }

    fn more_planned(&self, planned: &Number, _is_count: bool) -> String {
        format!("{planned} more planned")
    }

    fn when(&self, when: When) -> String {
        match when {
            When::Ever => String::new(),
            When::Since(day) => format!(" since {day}"),
            When::Range(days) => format!(" from {} to {}", days.first, days.last),
            When::This(unit) => format!(" this {}", unit.name()),
            When::Previous(unit) => format!(" in the previous {}", unit.name()),
            When::Last(duration) => format!(" in the last {duration}"),
        }
    }

    fn aggregate(&self, function: Function, field: &str, of: &str) -> String {
        format!("{} {field} of {of}", function.name())
    }

    fn longest_gap(&self, of: &str) -> String {
        format!("longest gap of {of}")
    }

    fn days_since(&self, of: &str) -> String {
        format!("days since {of}")
    }

    fn share(&self, of: &str) -> String {
        format!("share of {of}")
    }

    fn next(
        &self,
        phrase: &Phrase,
        within: Option<Duration>,
        first: Option<(NaiveDate, &str)>,
    ) -> String {
        match (first, within) {
            (Some((day, kind)), _) => format!("next {kind} on {day}"),
            (None, Some(within)) => format!("no {} planned within {within}", phrase.text),
            (None, None) => format!("no {} planned", phrase.text),
        }
    }

    fn followed(
        &self,
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

    fn within(
        &self,
        phrase: &Phrase,
        first: Option<NaiveDate>,
        days: Days,
        last_is_over: bool,
    ) -> String {
        let what = &phrase.text;
        match first {
            Some(day) => format!("{what} on {day}"),
            None if last_is_over => format!("no {what} from {} to {}", days.first, days.last),
            None => format!("no {what} yet since {}, due by {}", days.first, days.last),
        }
    }

    fn known_within(
        &self,
        field: &Path,
        is_known: bool,
        last: NaiveDate,
        last_is_over: bool,
    ) -> String {
        let what = &field.text;
        match (is_known, last_is_over) {
            (true, _) => format!("{what} is known"),
            (false, true) => format!("{what} was not known by {last}"),
            (false, false) => format!("{what} is not yet known, due by {last}"),
        }
    }

    fn every(
        &self,
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

    fn field(&self, path: &Path, value: Spoken<'_>) -> String {
        let value = match value {
            Spoken::Unknown => "unknown".to_owned(),
            Spoken::Text(text) => text.to_owned(),
            Spoken::Number(number) => Number::from(number).to_string(),
            Spoken::Date(day) => day.to_string(),
            Spoken::YesNo(yes) => if yes { "yes" } else { "no" }.to_owned(),
        };
        format!("{} is {value}", path.text)
    }

    fn is(&self, phrase: &Phrase, yes: bool) -> String {
        let not = if yes { "" } else { "not " };
        format!("is {not}{}", phrase.text)
    }
}
