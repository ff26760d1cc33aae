//! Whole columns of a batch, where their type is the field's.

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;

use super::batch::{Column, Values};
use super::cells::{MICROSECONDS, NANOSECONDS};
use super::clock::Clock;
use super::column::MISSING;
use super::draft::LocalInstant;
use super::local::{LocalTimes, date, written_date};
use super::names::Names;
use super::parallel;
use crate::model::calendar::Calendar;

/// How a column is read at once.
#[derive(Debug)]
pub(super) enum Way {
    /// Numbers are the codes of ids.
    Ids,
    YesNo,
    /// A dictionary's texts have these codes.
    Texts(Vec<u32>),
    /// When activities take place.
    Times,
    /// Not by codes.
    Cells,
}

/// What was found in a column at once.
#[derive(Debug)]
pub(super) enum Found {
    /// A code for each row, [`MISSING`] where there is none and [`ASK`] where the cell is to be
    /// looked at.
    Codes(Vec<u32>),
    Times(Vec<Times>),
    Nothing,
}

/// Stands for a code that is not known before the cell is looked at.
pub(super) const ASK: u32 = MISSING - 1;

impl Way {
    pub(super) fn read(&self, calendar: &Calendar, column: &Column<'_>, rows: usize) -> Found {
        match (self, column.values) {
            (Way::Ids, Values::I64(ids)) => codes(column, rows, |row| {
                ids.get(row).and_then(|id| Names::code_of_number(*id)).unwrap_or(ASK)
            }),
            (Way::Ids, Values::I32(ids)) => codes(column, rows, |row| {
                ids.get(row).and_then(|id| Names::code_of_number((*id).into())).unwrap_or(ASK)
            }),
            (Way::YesNo, Values::Booleans(values)) => {
                codes(column, rows, |row| values.get(row).map_or(MISSING, |yes| u32::from(*yes)))
            }
            (Way::Texts(of_texts), Values::Dictionary { codes: places, .. }) => {
                codes(column, rows, |row| {
                    let place = places.get(row).and_then(|place| usize::try_from(*place).ok());
                    place.and_then(|place| of_texts.get(place)).copied().unwrap_or(ASK)
                })
            }
            (Way::Times, Values::Microseconds(instants)) => {
                Found::Times(days_and_times::<MICROSECONDS>(calendar, column, instants))
            }
            (Way::Times, Values::Nanoseconds(instants)) => {
                Found::Times(days_and_times::<NANOSECONDS>(calendar, column, instants))
            }
            _ => Found::Nothing,
        }
    }
}

fn codes(column: &Column<'_>, rows: usize, code: impl Fn(usize) -> u32 + Sync + Send) -> Found {
    Found::Codes(match column.known {
        None => parallel::rows(rows, code),
        // To read what is not known as well costs less than to foresee what is.
        Some(known) => parallel::rows(rows, |row| {
            let code = code(row);
            if known.has(row) { code } else { MISSING }
        }),
    })
}

/// Days, times and the rows that have none.
pub(super) type Times = (Vec<i32>, Clock, Vec<usize>);

fn days_and_times<const UNIT: i64>(
    calendar: &Calendar,
    column: &Column<'_>,
    instants: &[i64],
) -> Vec<Times> {
    let times = local_times::<UNIT>(calendar, column, instants);
    let nanoseconds = u64::try_from(NANOSECONDS / UNIT).unwrap_or(0);
    parallel::portions(instants.len(), |portion| {
        let mut days = Vec::with_capacity(portion.len());
        let mut of_day = Vec::with_capacity(portion.len());
        let mut ask = Vec::new();
        for row in portion {
            let instant = instants.get(row).filter(|_| column.is_known(row));
            let time = instant.and_then(|instant| times.get(*instant));
            if time.is_none() {
                ask.push(row);
            }
            let (day, time) = time.unwrap_or_default();
            days.push(day);
            of_day.push(time);
        }
        (days, Clock::of(&of_day, nanoseconds), ask)
    })
}

pub(super) fn local_instants<const UNIT: i64>(
    calendar: &Calendar,
    column: &Column<'_>,
    instants: &[i64],
    rows: usize,
) -> Option<Vec<Option<LocalInstant>>> {
    let times = local_times::<UNIT>(calendar, column, instants);
    at_once(column, rows, |row| {
        let instant = *instants.get(row)?;
        let (day, _) = times.get(instant)?;
        let rest = u32::try_from(instant.rem_euclid(UNIT) * (NANOSECONDS / UNIT)).ok()?;
        let at = DateTime::from_timestamp(instant.div_euclid(UNIT), rest)?;
        Some((at, date(day)?))
    })
}

/// Where the instants of a column lie.
fn local_times<'c, const UNIT: i64>(
    calendar: &'c Calendar,
    column: &Column<'_>,
    instants: &[i64],
) -> LocalTimes<'c, UNIT> {
    let extent = parallel::portions(instants.len(), |rows| {
        let known = rows.filter(|row| column.is_known(*row)).filter_map(|row| instants.get(row));
        let either = |(least, most): (i64, i64), at: &i64| (least.min(*at), most.max(*at));
        known.fold((i64::MAX, i64::MIN), either)
    });
    let last = extent.iter().map(|(_, most)| *most).max().unwrap_or(0);
    let first = extent.iter().map(|(least, _)| *least).min().unwrap_or(0).min(last);
    LocalTimes::new(calendar, instants.len(), first, last)
}

/// The values of a whole column; none if one that is known cannot be read in this way.
fn at_once<T: Send>(
    column: &Column<'_>,
    rows: usize,
    value: impl Fn(usize) -> Option<T> + Sync + Send,
) -> Option<Vec<Option<T>>> {
    let read = |rows: std::ops::Range<usize>| -> Option<Vec<Option<T>>> {
        let cell = |row| if column.is_known(row) { value(row).map(Some) } else { Some(None) };
        rows.map(cell).collect()
    };
    let portions: Option<Vec<_>> = parallel::portions(rows, read).into_iter().collect();
    Some(portions?.into_iter().flatten().collect())
}

pub(super) fn numbers(column: &Column<'_>, rows: usize) -> Option<Vec<Option<Decimal>>> {
    let scaled = |number: i128, scale| Decimal::try_from_i128_with_scale(number, scale).ok();
    match column.values {
        Values::I32(values) => at_once(column, rows, |row| values.get(row).map(|n| (*n).into())),
        Values::I64(values) => at_once(column, rows, |row| values.get(row).map(|n| (*n).into())),
        Values::Decimals { mantissas, scale } => {
            at_once(column, rows, |row| scaled((*mantissas.get(row)?).into(), scale))
        }
        Values::WideDecimals { mantissas, scale } => {
            at_once(column, rows, |row| scaled(*mantissas.get(row)?, scale))
        }
        _ => None,
    }
}

pub(super) fn dates(column: &Column<'_>, rows: usize) -> Option<Vec<Option<NaiveDate>>> {
    let Values::Dates(days) = column.values else { return None };
    at_once(column, rows, |row| written_date(*days.get(row)?))
}
