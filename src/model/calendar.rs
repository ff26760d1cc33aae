//! Days, periods and durations in a company's calendar.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{
    DateTime, Datelike, Days as DayCount, LocalResult, Months, NaiveDate, NaiveTime, TimeZone, Utc,
    Weekday,
};
use chrono_tz::Tz;

use super::Moment;

/// The unit of a calendar period, as in `per month`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
}

impl Unit {
    pub(crate) const ALL: [Unit; 6] =
        [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::HalfYear, Unit::Year];

    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::HalfYear => "half-year",
            Unit::Year => "year",
        }
    }
}

/// The unit of a duration, as in `14 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    Minute,
    Hour,
    Day,
    Workday,
    Week,
    Month,
    Quarter,
    Year,
}

impl TimeUnit {
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Minute => "minute",
            TimeUnit::Hour => "hour",
            TimeUnit::Day => "day",
            TimeUnit::Workday => "workday",
            TimeUnit::Week => "week",
            TimeUnit::Month => "month",
            TimeUnit::Quarter => "quarter",
            TimeUnit::Year => "year",
        }
    }
}

/// A length of time, as in `14 days`. At most [`Duration::MOST`] of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    pub amount: u32,
    pub unit: TimeUnit,
}

impl Duration {
    /// Ten thousand: enough for every rule, and no date arithmetic overflows.
    pub const MOST: u32 = 10_000;

    /// Whether it is measured between instants rather than between local days.
    pub fn is_clock(self) -> bool {
        matches!(self.unit, TimeUnit::Hour | TimeUnit::Minute)
    }

    /// In minutes, for hours and minutes.
    pub fn clock(self) -> Option<chrono::TimeDelta> {
        let amount = i64::from(self.amount);
        match self.unit {
            TimeUnit::Hour => Some(chrono::TimeDelta::hours(amount)),
            TimeUnit::Minute => Some(chrono::TimeDelta::minutes(amount)),
            _ => None,
        }
    }

    /// The number of days, where every such duration has the same.
    pub fn fixed_days(self) -> Option<u32> {
        match self.unit {
            TimeUnit::Day => Some(self.amount),
            TimeUnit::Week => Some(self.amount * 7),
            _ => None,
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.amount, self.unit.name())
    }
}

/// Whole local days, both ends included; empty where `last` is before `first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Days {
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    pub fn is_empty(self) -> bool {
        self.last < self.first
    }

    /// The days that lie in both.
    pub fn and(self, other: Days) -> Days {
        Days { first: self.first.max(other.first), last: self.last.min(other.last) }
    }

    /// How many days there are.
    pub fn count(self) -> i64 {
        ((self.last - self.first).num_days() + 1).max(0)
    }

    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }
}

/// Time zone, fiscal year, week, workdays and holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub zone: Tz,
    /// The month and day on which years, half-years and quarters start.
    pub year_start: (u32, u32),
    pub week_start: Weekday,
    /// Never empty.
    pub workdays: Vec<Weekday>,
    pub holidays: BTreeSet<NaiveDate>,
}

impl Default for Calendar {
    fn default() -> Self {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        Calendar {
            zone: Tz::UTC,
            year_start: (1, 1),
            week_start: Mon,
            workdays: vec![Mon, Tue, Wed, Thu, Fri],
            holidays: BTreeSet::new(),
        }
    }
}

impl Calendar {
    /// The local day on which an instant lies.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.zone.from_utc_datetime(&instant.naive_utc()).date_naive()
    }

    /// The instant at which a local day starts.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        Moment::Local(day.and_time(NaiveTime::MIN)).resolve(self.zone)
    }

    /// Whether clocks show the first moment of a day once: then nothing on it is earlier than
    /// anything on the days before.
    pub(crate) fn starts_once(&self, day: NaiveDate) -> bool {
        self.zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).single().is_some()
    }

    /// Whether clocks show the first moment of a day a second time: then something on it is earlier
    /// than something on the day before.
    pub(crate) fn starts_twice(&self, day: NaiveDate) -> bool {
        let starts = self.zone.from_local_datetime(&day.and_time(NaiveTime::MIN));
        matches!(starts, LocalResult::Ambiguous(..))
    }

    /// The instant at which a local day is over.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.start_of(plus_days(day, 1))
    }

    /// A day + a duration that is measured in days: months clamp, the n-th workday after it.
    pub fn plus(&self, day: NaiveDate, duration: Duration) -> NaiveDate {
        let n = i64::from(duration.amount);
        match duration.unit {
            TimeUnit::Minute | TimeUnit::Hour => day,
            TimeUnit::Day => plus_days(day, n),
            TimeUnit::Week => plus_days(day, 7 * n),
            TimeUnit::Month => plus_months(day, n),
            TimeUnit::Quarter => plus_months(day, 3 * n),
            TimeUnit::Year => plus_months(day, 12 * n),
            TimeUnit::Workday => self.nth_workday(day, duration.amount, 1),
        }
    }

    /// A day − a duration that is measured in days.
    pub fn minus(&self, day: NaiveDate, duration: Duration) -> NaiveDate {
        let n = i64::from(duration.amount);
        match duration.unit {
            TimeUnit::Minute | TimeUnit::Hour => day,
            TimeUnit::Day => plus_days(day, -n),
            TimeUnit::Week => plus_days(day, -7 * n),
            TimeUnit::Month => plus_months(day, -n),
            TimeUnit::Quarter => plus_months(day, -3 * n),
            TimeUnit::Year => plus_months(day, -12 * n),
            TimeUnit::Workday => self.nth_workday(day, duration.amount, -1),
        }
    }

    fn nth_workday(&self, from: NaiveDate, n: u32, step: i64) -> NaiveDate {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            day = plus_days(day, step);
            if self.is_workday(day) || day == NaiveDate::MAX || day == NaiveDate::MIN {
                left -= 1;
            }
        }
        day
    }

    pub fn is_workday(&self, day: NaiveDate) -> bool {
        self.workdays.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// The days of `in last DURATION`, which end with `day`: for workdays, as many of them.
    pub fn last(&self, day: NaiveDate, duration: Duration) -> Days {
        let first = match duration.unit {
            TimeUnit::Workday => self.minus(plus_days(day, 1), duration),
            _ => plus_days(self.minus(day, duration), 1),
        };
        Days { first, last: day }
    }

    /// The calendar period that holds a day.
    pub fn period(&self, unit: Unit, day: NaiveDate) -> Days {
        match unit {
            Unit::Day => Days { first: day, last: day },
            Unit::Week => {
                let back = day.weekday().days_since(self.week_start);
                let first = plus_days(day, -i64::from(back));
                Days { first, last: plus_days(first, 6) }
            }
            Unit::Month => {
                let first = day.with_day(1).unwrap_or(day);
                Days { first, last: plus_days(plus_months(first, 1), -1) }
            }
            Unit::Quarter => self.part_of_year(3, day),
            Unit::HalfYear => self.part_of_year(6, day),
            Unit::Year => self.part_of_year(12, day),
        }
    }

    /// The period before one.
    pub fn previous(&self, unit: Unit, period: Days) -> Days {
        self.period(unit, plus_days(period.first, -1))
    }

    fn part_of_year(&self, months: i64, day: NaiveDate) -> Days {
        let (month, start) = self.year_start;
        let in_year = |year| NaiveDate::from_ymd_opt(year, month, start);
        let this_year = in_year(day.year()).filter(|first| *first <= day);
        let year = this_year.or_else(|| in_year(day.year() - 1)).unwrap_or(day);
        // Counted from the year's start, so that a start on the 31st clamps once and does not drift.
        let mut first = year;
        let mut part = 1;
        while plus_months(year, part * months) <= day && part * months < 12 {
            first = plus_months(year, part * months);
            part += 1;
        }
        Days { first, last: plus_days(plus_months(year, part * months), -1) }
    }

    /// How many workdays there are among some days.
    pub fn workdays_in(&self, days: Days) -> i64 {
        let count = days.iter().filter(|day| self.is_workday(*day)).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}

/// A day some days later, or earlier; the ends of the calendar are the limit.
pub fn plus_days(day: NaiveDate, days: i64) -> NaiveDate {
    let count = DayCount::new(days.unsigned_abs());
    if days < 0 {
        day.checked_sub_days(count).unwrap_or(NaiveDate::MIN)
    } else {
        day.checked_add_days(count).unwrap_or(NaiveDate::MAX)
    }
}

/// A day some months later, or earlier, clamped to the length of the month.
pub fn plus_months(day: NaiveDate, months: i64) -> NaiveDate {
    let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    if months < 0 {
        day.checked_sub_months(count).unwrap_or(NaiveDate::MIN)
    } else {
        day.checked_add_months(count).unwrap_or(NaiveDate::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(first: &str, last: &str) -> Days {
        Days { first: day(first), last: day(last) }
    }

    fn duration(amount: u32, unit: TimeUnit) -> Duration {
        Duration { amount, unit }
    }

    #[test]
    fn a_window_of_days_or_months_ends_with_the_day_itself() {
        let calendar = Calendar::default();
        let last = |text, amount, unit| calendar.last(day(text), duration(amount, unit));
        assert_eq!(last("2026-11-15", 30, TimeUnit::Day).count(), 30);
        assert_eq!(last("2026-11-15", 12, TimeUnit::Month), days("2025-11-16", "2026-11-15"));
        assert_eq!(last("2026-03-31", 1, TimeUnit::Month), days("2026-03-01", "2026-03-31"));
        assert_eq!(last("2024-03-31", 1, TimeUnit::Month), days("2024-03-01", "2024-03-31"));
    }

    #[test]
    fn workdays_skip_weekends_and_holidays() {
        let holidays = BTreeSet::from([day("2026-12-25")]);
        let calendar = Calendar { holidays, ..Calendar::default() };
        let workdays = |n| duration(n, TimeUnit::Workday);
        assert_eq!(calendar.plus(day("2026-12-24"), workdays(2)), day("2026-12-29"));
        assert_eq!(calendar.minus(day("2026-12-28"), workdays(1)), day("2026-12-24"));
        assert_eq!(calendar.plus(day("2026-12-26"), workdays(0)), day("2026-12-26"));
        assert_eq!(calendar.workdays_in(days("2026-12-21", "2026-12-27")), 4);
    }

    #[test]
    fn five_workdays_back_hold_five_workdays() {
        let calendar = Calendar::default();
        for text in ["2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16"] {
            let window = calendar.last(day(text), duration(5, TimeUnit::Workday));
            assert_eq!(calendar.workdays_in(window), 5, "{text}");
        }
    }

    #[test]
    fn years_and_their_parts_follow_the_fiscal_year() {
        let calendar = Calendar { year_start: (7, 1), ..Calendar::default() };
        let period = |unit| calendar.period(unit, day("2026-11-15"));
        assert_eq!(period(Unit::Year), days("2026-07-01", "2027-06-30"));
        assert_eq!(period(Unit::HalfYear), days("2026-07-01", "2026-12-31"));
        assert_eq!(period(Unit::Quarter), days("2026-10-01", "2026-12-31"));
        assert_eq!(period(Unit::Month), days("2026-11-01", "2026-11-30"));
        assert_eq!(period(Unit::Week), days("2026-11-09", "2026-11-15"));
    }

    #[test]
    fn periods_join_without_gap_or_overlap() {
        for year_start in [(1, 1), (7, 1), (1, 31), (8, 30), (4, 15)] {
            let calendar = Calendar { year_start, ..Calendar::default() };
            for unit in
                [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::HalfYear, Unit::Year]
            {
                for at in days("2023-12-25", "2026-03-05").iter() {
                    let period = calendar.period(unit, at);
                    assert!(period.contains(at), "{unit:?} {at} {period:?}");
                    let before = calendar.previous(unit, period);
                    assert_eq!(plus_days(before.last, 1), period.first, "{unit:?} {at}");
                    assert_eq!(calendar.period(unit, period.first), period, "{unit:?} {at}");
                }
            }
        }
    }
}
