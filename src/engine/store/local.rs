//! Local days and times of many instants.

use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Offset, TimeZone};

use crate::model::calendar::Calendar;

const DAY: i64 = 86_400;

/// The days that a date can be written in: the years 0 to 9999.
const DAYS: std::ops::RangeInclusive<i64> = -719_528..=2_932_896;

/// How many instants a day must have for it to be worth knowing whether its offset changes.
const DAYS_WORTH: usize = 256;

/// Instants, of whose unit there are `UNIT` in a second, such as microseconds since 1970-01-01T00:00Z, to local days and times.
///
/// A zone's offset hardly ever changes, so it is asked once for each day of Coordinated Universal
/// Time, and for each instant on a day on which it does change.
#[derive(Debug)]
pub(super) struct LocalTimes<'c, const UNIT: i64> {
    calendar: &'c Calendar,
    first: i64,
    days: Vec<OnceLock<UtcDay>>,
    /// The offset in units, where it is known to be always the same.
    constant: Option<i64>,
}

#[derive(Debug)]
struct UtcDay {
    /// In seconds; none where it changes during the day.
    offset: Option<i64>,
    /// When the local days that it touches start, in seconds: the one before, the same, the next.
    starts: [i64; 3],
}

/// A local day, as days since 1970-01-01, and the units since its start.
pub(super) type DayAndTime = (i32, u64);

impl<'c, const UNIT: i64> LocalTimes<'c, UNIT> {
    /// For so many instants from the first to the last.
    pub(super) fn new(calendar: &'c Calendar, count: usize, first: i64, last: i64) -> Self {
        let day = |instant: i64| instant.div_euclid(DAY * UNIT).clamp(*DAYS.start(), *DAYS.end());
        let (first, last) = (day(first), day(last));
        let length = usize::try_from(last - first + 1).unwrap_or(0);
        let days = std::iter::repeat_with(OnceLock::new).take(length).collect();
        let mut times = LocalTimes { calendar, first, days, constant: None };
        if length * DAYS_WORTH <= count {
            times.constant = times.constant(last);
        }
        times
    }

    /// The offset in units, where it is the same from the day before the first to the day after
    /// the last, and all these days start at midnight.
    fn constant(&self, last: i64) -> Option<i64> {
        let offset = self.utc_day(self.first).offset?;
        let is_plain = |day: i64| {
            let of_day = self.utc_day(day);
            let starts = [day - 1, day, day + 1].map(|day| day * DAY - offset);
            of_day.offset == Some(offset) && of_day.starts == starts
        };
        (self.first - 1..=last + 1).all(is_plain).then_some(offset * UNIT)
    }

    /// None where no date could be written for it.
    #[inline]
    pub(super) fn get(&self, instant: i64) -> Option<DayAndTime> {
        let length = DAY * UNIT;
        let utc_day = instant.div_euclid(length);
        let place = usize::try_from(utc_day - self.first).ok().filter(|n| *n < self.days.len())?;
        if let Some(offset) = self.constant {
            let local = instant + offset;
            let day = i32::try_from(local.div_euclid(length)).ok()?;
            return Some((day, local.rem_euclid(length).unsigned_abs()));
        }
        self.looked_up(instant, utc_day, place)
    }

    fn looked_up(&self, instant: i64, utc_day: i64, place: usize) -> Option<DayAndTime> {
        let length = DAY * UNIT;
        let day = self.days.get(place)?.get_or_init(|| self.utc_day(utc_day));
        let since_midnight = instant - utc_day * length;
        let offset = match day.offset {
            Some(offset) => offset,
            None => self.offset_at(instant.div_euclid(UNIT)),
        };
        let local = since_midnight + offset * UNIT;
        let shift = i64::from(local >= length) - i64::from(local < 0);
        let [before, same, next] = day.starts;
        let start = match shift {
            0 => same,
            1 => next,
            _ => before,
        };
        let since_start = instant - start * UNIT;
        Some((i32::try_from(utc_day + shift).ok()?, u64::try_from(since_start).unwrap_or(0)))
    }

    fn offset_at(&self, seconds: i64) -> i64 {
        let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
        self.calendar.zone.offset_from_utc_datetime(&utc).fix().local_minus_utc().into()
    }

    fn utc_day(&self, day: i64) -> UtcDay {
        let midnight = day * DAY;
        let offset = self.offset_at(midnight);
        let is_constant = (1..=24).all(|hour| self.offset_at(midnight + hour * 3600) == offset);
        let start = |day: i64| {
            let date = i32::try_from(day).ok().and_then(date);
            date.map_or(day * DAY, |date| self.calendar.start_of(date).timestamp())
        };
        let starts = [start(day - 1), start(day), start(day + 1)];
        UtcDay { offset: is_constant.then_some(offset), starts }
    }
}

/// The day that lies so many days after 1970-01-01.
pub(super) fn date(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(719_163)?)
}

/// The same, if it is a date that can be written.
pub(super) fn written_date(day: i32) -> Option<NaiveDate> {
    date(day).filter(|_| DAYS.contains(&day.into()))
}

/// How many days it lies after 1970-01-01.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    use chrono::Datelike;
    date.num_days_from_ce() - 719_163
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_and_times_are_those_of_the_calendar(
            zone in prop::sample::select(vec![
                Tz::UTC, Tz::Europe__Copenhagen, Tz::America__St_Johns, Tz::Pacific__Apia,
                Tz::Australia__Lord_Howe, Tz::Africa__Cairo,
            ]),
            near in prop::sample::select(vec![
                0_i64, 1_774_746_000, 1_792_890_000, 1_325_239_200, 1_161_999_060, 1_793_485_860,
            ]),
            around in prop::collection::vec(-400_000_i64..400_000, 1..40),
        ) {
            let calendar = Calendar { zone, ..Calendar::default() };
            let instants: Vec<i64> = around.iter().map(|s| (near + s) * 1000 + 7).collect();
            let (first, last) = (instants.iter().min().unwrap(), instants.iter().max().unwrap());
            let few = LocalTimes::<1000>::new(&calendar, 1, *first, *last);
            let many = LocalTimes::<1000>::new(&calendar, 1 << 20, *first, *last);
            prop_assert_eq!(few.constant, None);
            for instant in instants {
                let at = DateTime::from_timestamp_millis(instant).unwrap();
                let day = calendar.day_of(at);
                let since = (at - calendar.start_of(day)).num_milliseconds().max(0);
                let expected = (day_number(day), u64::try_from(since).unwrap());
                prop_assert_eq!(few.get(instant), Some(expected), "{} {}", zone, at);
                prop_assert_eq!(many.get(instant), Some(expected), "{} {}", zone, at);
            }
        }
    }

    #[test]
    fn what_lies_outside_of_the_calendar_has_no_day() {
        let calendar = Calendar::default();
        let times = LocalTimes::<1_000_000>::new(&calendar, 2, i64::MIN, i64::MAX);
        assert_eq!(times.get(i64::MIN), None);
        assert_eq!(times.get(i64::MAX), None);
        assert_eq!(times.get(0), Some((0, 0)));
        assert_eq!(times.get(-1), Some((-1, 86_399_999_999)));
    }

    #[test]
    fn numbers_of_days_are_dates() {
        let day = "2026-11-15".parse().unwrap();
        assert_eq!(date(day_number(day)), Some(day));
        assert_eq!(date(0), "1970-01-01".parse().ok());
        assert_eq!(date(i32::MAX), None);
    }
}
