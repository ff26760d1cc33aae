//! How many days the windows of a calendar can have, and how many things fit into them.

use std::cell::RefCell;
use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use crate::check::rules::{DateExpr, Window};
use crate::model::calendar::{Calendar, Days, Duration, TimeUnit, Unit, plus_days};

/// Windows of more days are not looked at: nobody counts in them.
const LONGEST: i64 = 4_000;
/// How many windows are tried day by day; others are not looked at. A rule set has a handful.
const MOST_TRIED: usize = 500;
/// The first and the last of eight years, in which periods of every length occur.
const CYCLE: (i32, i32) = (2001, 2008);

/// The days of windows, worked out once for each that is written.
pub(super) struct Spans<'a> {
    calendar: &'a Calendar,
    lengths: RefCell<HashMap<Window, Option<Lengths>>>,
    fitting: RefCell<HashMap<(Window, Duration), Option<i64>>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lengths {
    pub(super) least: i64,
    pub(super) most: i64,
}

impl<'a> Spans<'a> {
    pub(super) fn new(calendar: &'a Calendar) -> Self {
        Spans { calendar, lengths: RefCell::default(), fitting: RefCell::default() }
    }

    /// How many days a window has; none where it has no end or is not known without data.
    pub(super) fn lengths(&self, window: &Window) -> Option<Lengths> {
        if let Some(known) = self.lengths.borrow().get(window) {
            return *known;
        }
        if self.lengths.borrow().len() >= MOST_TRIED {
            return None;
        }
        let counts = self.occurrences(window).into_iter().flatten().map(Days::count);
        let made = counts.fold(None, |found: Option<Lengths>, n| match found {
            None => Some(Lengths { least: n, most: n }),
            Some(l) => Some(Lengths { least: l.least.min(n), most: l.most.max(n) }),
        });
        let made = made.filter(|lengths| 1 <= lengths.least && lengths.most <= LONGEST);
        self.lengths.borrow_mut().insert(window.clone(), made);
        made
    }

    /// How many things fit into a window at the most, of which each lies at least `apart` after
    /// the one before.
    pub(super) fn fitting(&self, window: &Window, apart: Duration) -> Option<i64> {
        let key = (window.clone(), apart);
        if let Some(known) = self.fitting.borrow().get(&key) {
            return *known;
        }
        if self.fitting.borrow().len() >= MOST_TRIED {
            return None;
        }
        let lengths = self.lengths(window);
        let made = match (lengths, apart.fixed_days(), apart.unit) {
            (_, Some(0), _) | (_, _, TimeUnit::Workday | TimeUnit::Hour | TimeUnit::Minute) => None,
            (Some(lengths), Some(days), _) => Some((lengths.most - 1) / i64::from(days) + 1),
            (Some(_), None, _) if apart.amount > 0 => {
                let all = self.occurrences(window).into_iter().flatten();
                all.map(|days| self.fitting_in(days, apart)).max()
            }
            _ => None,
        };
        self.fitting.borrow_mut().insert(key, made);
        made
    }

    /// The first of them on the window's first day, each other as soon as it may be.
    fn fitting_in(&self, days: Days, apart: Duration) -> i64 {
        let after = |day: &NaiveDate| Some(self.calendar.plus(*day, apart));
        let fitting = std::iter::successors(Some(days.first), after);
        let count = fitting.take_while(|day| *day <= days.last).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// Windows of every length that there is.
    fn occurrences(&self, window: &Window) -> Option<Vec<Days>> {
        match window {
            Window::Per(unit) | Window::This(unit) | Window::Previous(unit) => {
                Some(self.periods(*unit))
            }
            Window::Last(duration) => match (duration.fixed_days(), duration.unit) {
                (Some(days), _) => {
                    let first = NaiveDate::from_ymd_opt(CYCLE.0, 1, 1)?;
                    Some(vec![Days { first, last: plus_days(first, i64::from(days) - 1) }])
                }
                (None, TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year) => {
                    let days = days_of_cycle();
                    Some(days.map(|day| self.calendar.last(day, *duration)).collect())
                }
                _ => None,
            },
            Window::FromUntil(DateExpr::Date(first), DateExpr::Date(last)) => {
                Some(vec![Days { first: *first, last: *last }])
            }
            Window::Ever | Window::Since(_) | Window::FromUntil(..) => None,
        }
    }

    fn periods(&self, unit: Unit) -> Vec<Days> {
        let mut periods: Vec<Days> = Vec::new();
        for day in days_of_cycle() {
            if periods.last().is_none_or(|period| period.last < day) {
                periods.push(self.calendar.period(unit, day));
            }
        }
        periods
    }

    /// The most days that a duration can have.
    pub(super) fn longest(&self, duration: Duration) -> Option<i64> {
        match (duration.fixed_days(), duration.unit) {
            (Some(days), _) => Some(i64::from(days)),
            (None, TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year) => {
                let length = |day| (self.calendar.plus(day, duration) - day).num_days();
                days_of_cycle().map(length).max().filter(|days| *days <= LONGEST)
            }
            _ => None,
        }
    }
}

fn days_of_cycle() -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(CYCLE.0, 1, 1).unwrap_or_default();
    first.iter_days().take_while(|day| day.year() <= CYCLE.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(window: Window) -> Option<(i64, i64)> {
        let calendar = Calendar { year_start: (7, 1), ..Calendar::default() };
        Spans::new(&calendar).lengths(&window).map(|lengths| (lengths.least, lengths.most))
    }

    fn last(amount: u32, unit: TimeUnit) -> Window {
        Window::Last(Duration { amount, unit })
    }

    #[test]
    fn windows_have_as_many_days_as_the_calendar_gives_them() {
        assert_eq!(lengths(Window::Per(Unit::Day)), Some((1, 1)));
        assert_eq!(lengths(Window::This(Unit::Week)), Some((7, 7)));
        assert_eq!(lengths(Window::Per(Unit::Month)), Some((28, 31)));
        assert_eq!(lengths(Window::Previous(Unit::Quarter)), Some((90, 92)));
        assert_eq!(lengths(Window::Per(Unit::HalfYear)), Some((181, 184)));
        assert_eq!(lengths(Window::Per(Unit::Year)), Some((365, 366)));
        assert_eq!(lengths(last(14, TimeUnit::Day)), Some((14, 14)));
        assert_eq!(lengths(last(1, TimeUnit::Month)), Some((28, 31)));
        assert_eq!(lengths(last(12, TimeUnit::Month)), Some((365, 366)));
        assert_eq!(lengths(last(5, TimeUnit::Workday)), None);
        assert_eq!(lengths(last(10_000, TimeUnit::Year)), None);
        assert_eq!(lengths(Window::Ever), None);
    }

    #[test]
    fn as_many_fit_as_the_calendar_allows() {
        let calendar = Calendar::default();
        let spans = Spans::new(&calendar);
        let fits = |window: Window, amount, unit| spans.fitting(&window, Duration { amount, unit });
        assert_eq!(fits(Window::Per(Unit::Year), 30, TimeUnit::Day), Some(13));
        assert_eq!(fits(Window::Per(Unit::Year), 365, TimeUnit::Day), Some(2));
        assert_eq!(fits(Window::Per(Unit::Week), 1, TimeUnit::Week), Some(1));
        assert_eq!(fits(Window::Per(Unit::Week), 1, TimeUnit::Day), Some(7));
        assert_eq!(fits(Window::Per(Unit::Year), 1, TimeUnit::Month), Some(12));
        assert_eq!(fits(Window::Per(Unit::Quarter), 1, TimeUnit::Quarter), Some(1));
        // From 29 August to 28 February, where the last month is clamped.
        assert_eq!(fits(last(6, TimeUnit::Month), 1, TimeUnit::Month), Some(7));
        assert_eq!(fits(Window::Per(Unit::Year), 5, TimeUnit::Workday), None);
        assert_eq!(fits(Window::Ever, 30, TimeUnit::Day), None);
    }

    #[test]
    fn durations_are_as_long_as_they_can_be() {
        let calendar = Calendar::default();
        let spans = Spans::new(&calendar);
        let longest = |amount, unit| spans.longest(Duration { amount, unit });
        assert_eq!(longest(2, TimeUnit::Week), Some(14));
        assert_eq!(longest(1, TimeUnit::Month), Some(31));
        assert_eq!(longest(1, TimeUnit::Quarter), Some(92));
        assert_eq!(longest(1, TimeUnit::Year), Some(366));
        assert_eq!(longest(3, TimeUnit::Workday), None);
    }
}
