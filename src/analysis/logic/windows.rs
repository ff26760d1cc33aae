//! Which stretches of time lie within which, and how many of the smaller there are in a larger.
//!
//! The numbers are sure bounds: at least so many lie in any larger one, at most so many touch it.

use std::cell::RefCell;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::check::rules::Window;
use crate::model::calendar::{Calendar, Days, Duration, TimeUnit, Unit, plus_days};

/// When a demand is judged, and over which days.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Stretch {
    /// At the end of each calendar period, over its days.
    Periods(Unit),
    /// On every day, over that many days that end with it.
    Rolling(Rolling),
    /// Over the days of a window whose length cannot be told: comparable with itself alone.
    Other(Window),
}

/// How many days there are, at least and at most, and how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Rolling {
    pub(super) least: i64,
    pub(super) most: i64,
    /// Of `in last DURATION` it is that, of `every DURATION` the days are one more.
    pub(super) duration: Duration,
    pub(super) is_cadence: bool,
}

impl Rolling {
    pub(super) fn last(duration: Duration) -> Option<Rolling> {
        let (least, most) = days(duration)?;
        (least > 0).then_some(Rolling { least, most, duration, is_cadence: false })
    }

    /// The days of which one has a thing that comes every so often: the day itself counts.
    pub(super) fn every(duration: Duration) -> Option<Rolling> {
        let (least, most) = days(duration)?;
        Some(Rolling { least: least + 1, most: most + 1, duration, is_cadence: true })
    }
}

/// How many days a duration has, at least and at most.
fn days(duration: Duration) -> Option<(i64, i64)> {
    /// The least and the most days of one to eleven months that follow each other.
    const MONTHS: [(i64, i64); 12] = [
        (0, 0),
        (28, 31),
        (59, 62),
        (89, 92),
        (120, 123),
        (150, 153),
        (181, 184),
        (212, 215),
        (242, 245),
        (273, 276),
        (303, 306),
        (334, 337),
    ];
    let months = match duration.unit {
        TimeUnit::Month => duration.amount,
        TimeUnit::Quarter => 3 * duration.amount,
        TimeUnit::Year => 12 * duration.amount,
        _ => return duration.fixed_days().map(|days| (days.into(), days.into())),
    };
    let years = i64::from(months / 12);
    let (least, most) = MONTHS.get(months as usize % 12).copied()?;
    Some((365 * years + least, 366 * years + most))
}

impl Stretch {
    /// The stretch of a window; `None` of one that is measured in hours.
    pub(super) fn of(window: &Window) -> Stretch {
        match window {
            Window::Per(unit) => Stretch::Periods(*unit),
            Window::Last(duration) => match Rolling::last(*duration) {
                Some(rolling) => Stretch::Rolling(rolling),
                None => Stretch::Other(window.clone()),
            },
            other => Stretch::Other(other.clone()),
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Stretch::Periods(unit) => format!("per {}", unit.name()),
            Stretch::Rolling(rolling) if rolling.is_cadence => {
                format!("every {}", rolling.duration)
            }
            Stretch::Rolling(rolling) => format!("in the last {}", rolling.duration),
            Stretch::Other(Window::Ever) => "in all".to_owned(),
            Stretch::Other(Window::This(unit)) => format!("this {}", unit.name()),
            Stretch::Other(Window::Previous(unit)) => format!("in the previous {}", unit.name()),
            Stretch::Other(_) => "in the same days".to_owned(),
        }
    }
}

/// A calendar, and what was counted in it.
pub(super) struct Timeline {
    calendar: Calendar,
    counted: RefCell<HashMap<(Unit, Unit), (i64, i64)>>,
    lengths: RefCell<HashMap<Unit, (i64, i64)>>,
    aligned: RefCell<HashMap<(Unit, Duration), bool>>,
}

impl Timeline {
    pub(super) fn new(calendar: &Calendar) -> Self {
        Timeline {
            calendar: calendar.clone(),
            counted: RefCell::default(),
            lengths: RefCell::default(),
            aligned: RefCell::default(),
        }
    }

    /// How many of the smaller stretches lie in any larger one, and have no day in common.
    pub(super) fn apart(&self, small: &Stretch, large: &Stretch) -> i64 {
        match (small, large) {
            _ if small == large => 1,
            (Stretch::Periods(small), Stretch::Periods(large)) => self.count(*small, *large).0,
            (Stretch::Periods(small), Stretch::Rolling(large)) => {
                let (_, longest) = self.length(*small);
                ((large.least - (longest - 1)) / longest).max(0)
            }
            (Stretch::Rolling(small), Stretch::Periods(large)) => {
                let fit = self.length(*large).0 / small.most;
                if self.is_aligned(*large, small) { fit.max(1) } else { fit }
            }
            (Stretch::Rolling(small), Stretch::Rolling(large)) => large.least / small.most,
            _ => 0,
        }
    }

    /// How many of the smaller stretches are enough to cover any larger one; none where that
    /// cannot be told.
    pub(super) fn cover(&self, small: &Stretch, large: &Stretch) -> Option<i64> {
        Some(match (small, large) {
            _ if small == large => 1,
            (Stretch::Periods(small), Stretch::Periods(large)) => self.count(*small, *large).1,
            (Stretch::Periods(small), Stretch::Rolling(large)) => {
                let (shortest, _) = self.length(*small);
                (large.most + shortest - 2) / shortest + 1
            }
            (Stretch::Rolling(small), Stretch::Periods(large)) => {
                let (_, longest) = self.length(*large);
                if self.is_aligned(*large, small) { 1 } else { up(longest, small.least) }
            }
            (Stretch::Rolling(small), Stretch::Rolling(large)) => up(large.most, small.least),
            _ => return None,
        })
    }

    /// Whether on the last day of each such period the rolling days are those of the period.
    pub(super) fn is_aligned(&self, unit: Unit, rolling: &Rolling) -> bool {
        if rolling.is_cadence {
            return false;
        }
        let key = (unit, rolling.duration);
        if let Some(known) = self.aligned.borrow().get(&key) {
            return *known;
        }
        let is_so = |period: Days| self.calendar.last(period.last, rolling.duration) == period;
        let aligned = self.all_periods(unit).all(is_so);
        self.aligned.borrow_mut().insert(key, aligned);
        aligned
    }

    /// How many days there are in any such stretch, at least.
    pub(super) fn shortest(&self, stretch: &Stretch) -> Option<i64> {
        match stretch {
            Stretch::Periods(unit) => Some(self.length(*unit).0),
            Stretch::Rolling(rolling) => Some(rolling.least),
            Stretch::Other(_) => None,
        }
    }

    /// Whether a stretch has more days than another.
    pub(super) fn is_longer(&self, stretch: &Stretch, other: &Stretch) -> bool {
        self.shortest(stretch) > self.shortest(other)
    }

    fn length(&self, unit: Unit) -> (i64, i64) {
        if let Some(known) = self.lengths.borrow().get(&unit) {
            return *known;
        }
        let bounds = self.all_periods(unit).fold((i64::MAX, 1), |(least, most), period| {
            (least.min(period.count()), most.max(period.count()))
        });
        self.lengths.borrow_mut().insert(unit, bounds);
        bounds
    }

    /// Of the smaller periods: how many lie in a larger one, at least, and touch it, at most.
    fn count(&self, small: Unit, large: Unit) -> (i64, i64) {
        if let Some(known) = self.counted.borrow().get(&(small, large)) {
            return *known;
        }
        let mut bounds = (i64::MAX, 0);
        for large in self.all_periods(large) {
            let (mut inside, mut touching) = (0, 0);
            let mut period = self.calendar.period(small, large.first);
            while period.first <= large.last {
                touching += 1;
                inside += i64::from(large.first <= period.first && period.last <= large.last);
                period = self.calendar.period(small, plus_days(period.last, 1));
            }
            bounds = (bounds.0.min(inside), bounds.1.max(touching));
        }
        self.counted.borrow_mut().insert((small, large), bounds);
        bounds
    }

    /// The periods of as many years as it takes for days of the week and leap years to come again.
    fn all_periods(&self, unit: Unit) -> impl Iterator<Item = Days> {
        let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        let last = day(2029);
        let first = self.calendar.period(unit, day(2000));
        let next = move |period: &Days| {
            let next = self.calendar.period(unit, plus_days(period.last, 1));
            (next.first <= last).then_some(next)
        };
        std::iter::successors(Some(first), next)
    }
}

/// Divided and rounded up.
fn up(days: i64, by: i64) -> i64 {
    days / by + i64::from(days % by > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(amount: u32, unit: TimeUnit) -> Stretch {
        Stretch::of(&Window::Last(Duration { amount, unit }))
    }

    fn bounds(small: &Stretch, large: &Stretch) -> (i64, Option<i64>) {
        let timeline = Timeline::new(&Calendar::default());
        (timeline.apart(small, large), timeline.cover(small, large))
    }

    #[test]
    fn calendar_periods_nest() {
        let per = Stretch::Periods;
        assert_eq!(bounds(&per(Unit::Quarter), &per(Unit::Year)), (4, Some(4)));
        assert_eq!(bounds(&per(Unit::Month), &per(Unit::Quarter)), (3, Some(3)));
        assert_eq!(bounds(&per(Unit::Year), &per(Unit::Month)), (0, Some(1)));
    }

    #[test]
    fn weeks_lie_across_the_ends_of_longer_periods() {
        let per = Stretch::Periods;
        assert_eq!(bounds(&per(Unit::Week), &per(Unit::Year)), (51, Some(54)));
        assert_eq!(bounds(&per(Unit::Week), &per(Unit::Month)), (3, Some(6)));
        assert_eq!(bounds(&per(Unit::Day), &per(Unit::Month)), (28, Some(31)));
    }

    #[test]
    fn rolling_days_fit_into_periods() {
        let year = Stretch::Periods(Unit::Year);
        assert_eq!(bounds(&last(30, TimeUnit::Day), &year), (12, Some(13)));
        assert_eq!(bounds(&last(12, TimeUnit::Month), &year), (1, Some(1)));
        assert_eq!(bounds(&last(3, TimeUnit::Month), &Stretch::Periods(Unit::Quarter)).0, 0);
        let month = Stretch::Periods(Unit::Month);
        assert_eq!(bounds(&month, &last(90, TimeUnit::Day)), (1, Some(5)));
        assert_eq!(bounds(&last(30, TimeUnit::Day), &last(90, TimeUnit::Day)), (3, Some(3)));
        assert_eq!(bounds(&last(5, TimeUnit::Workday), &year), (0, None));
    }

    #[test]
    fn the_bounds_hold_on_every_day_of_four_years() {
        let calendar = Calendar { year_start: (4, 15), ..Calendar::default() };
        let timeline = Timeline::new(&calendar);
        let rolling = [
            Duration { amount: 30, unit: TimeUnit::Day },
            Duration { amount: 2, unit: TimeUnit::Month },
            Duration { amount: 14, unit: TimeUnit::Month },
        ];
        let first: NaiveDate = "2024-01-01".parse().unwrap();
        for duration in rolling {
            let large = Stretch::of(&Window::Last(duration));
            for unit in [Unit::Week, Unit::Month, Unit::Quarter] {
                let small = Stretch::Periods(unit);
                let (apart, cover) =
                    (timeline.apart(&small, &large), timeline.cover(&small, &large));
                for n in 0..1461 {
                    let days = calendar.last(plus_days(first, n), duration);
                    let (mut inside, mut touching) = (0, 0);
                    let mut period = calendar.period(unit, days.first);
                    while period.first <= days.last {
                        touching += 1;
                        inside +=
                            i64::from(days.contains(period.first) && days.contains(period.last));
                        period = calendar.period(unit, plus_days(period.last, 1));
                    }
                    assert!(inside >= apart, "{unit:?} {duration} {days:?}");
                    assert!(cover.is_some_and(|cover| touching <= cover), "{unit:?} {days:?}");
                }
            }
        }
    }
}
