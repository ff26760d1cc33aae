//! The settings of a calendar that say how much time there is for activities, and how much they
//! take.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::names::{Named, Names};
use super::rules::Work;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::calendar::Calendar;
use crate::model::{Number, Schema};
use crate::syntax::tree::{HoursPer, Item, ItemKind, Setting, Spanned, Words};

/// How many minutes a day has.
const DAY: u32 = 24 * 60;

/// What the first calendar among the items says.
pub(super) fn work(
    items: &[Item],
    names: &Names<'_>,
    schema: &Schema,
    calendar: &Calendar,
    diagnostics: &mut Vec<Diagnostic>,
) -> Work {
    let mut work = Work::default();
    let mut given: BTreeMap<String, Span> = BTreeMap::new();
    let settings = items.iter().find_map(|item| match &item.kind {
        ItemKind::Calendar(settings) => Some(settings),
        _ => None,
    });
    for setting in settings.into_iter().flatten() {
        match &setting.value {
            Setting::Hours { hours, per } => {
                let days = match per {
                    HoursPer::Workday => 1,
                    HoursPer::Week => calendar.workdays.len(),
                };
                let most = Decimal::from(24 * days);
                let what = format!("{} of {} hours", per.name(), hours.value);
                match positive(hours, most, what, "hours") {
                    Ok(hours) => work.hours_per_workday = hours.checked_div(&Number::from(days)),
                    Err(fault) => diagnostics.push(*fault),
                }
            }
            Setting::Minutes(kinds) => {
                for (kind, minutes) in kinds {
                    let found = minutes_of(kind, minutes, names, schema, &mut given);
                    match found {
                        Ok((kind, minutes)) => {
                            work.minutes.insert(kind, minutes);
                        }
                        Err(fault) => diagnostics.push(*fault),
                    }
                }
            }
            _ => {}
        }
    }
    work
}

fn minutes_of(
    kind: &Words,
    minutes: &Spanned<Decimal>,
    names: &Names<'_>,
    schema: &Schema,
    given: &mut BTreeMap<String, Span>,
) -> Result<(String, Number), Box<Diagnostic>> {
    let Some(Named::Kind(name)) = names.exact(&kind.value) else {
        let message = format!("unknown activity kind `{}`", kind.value);
        let known = schema.kinds().iter().map(String::as_str);
        let fault = Diagnostic::error(Code::K012, kind.span, message);
        return Err(fault.did_you_mean(&kind.value, known).into());
    };
    if let Some(first) = given.insert(name.clone(), kind.span) {
        let message = format!("the minutes of `{name}` are given twice");
        let fault = Diagnostic::error(Code::K010, kind.span, message);
        return Err(fault.note_at(first, "the first are here").into());
    }
    let what = format!("{} of {} minutes", kind.value, minutes.value);
    Ok((name, positive(minutes, Decimal::from(DAY), what, "minutes")?))
}

/// A number above zero.
fn positive(
    number: &Spanned<Decimal>,
    most: Decimal,
    what: String,
    unit: &str,
) -> Result<Number, Box<Diagnostic>> {
    if number.value.is_zero() || number.value > most {
        let fault = Diagnostic::error(Code::K036, number.span, format!("there is no {what}"));
        return Err(fault.help(format!("more than 0 and at most {most} {unit}")).into());
    }
    Ok(Number::from(number.value))
}
