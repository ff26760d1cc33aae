//! Times of day.

use chrono::TimeDelta;

use super::merge::Merge;
use super::parallel;

/// The time of each row since its day's start, as exact as they are.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    Minutes(Vec<u16>),
    Milliseconds(Vec<u32>),
    Nanoseconds(Vec<u64>),
}

const MINUTE: u64 = 60_000_000_000;
const MILLISECOND: u64 = 1_000_000;

impl Default for Clock {
    fn default() -> Self {
        Clock::Minutes(Vec::new())
    }
}

impl Clock {
    pub(super) fn len(&self) -> usize {
        match self {
            Clock::Minutes(times) => times.len(),
            Clock::Milliseconds(times) => times.len(),
            Clock::Nanoseconds(times) => times.len(),
        }
    }

    /// Of times in units of so many nanoseconds.
    pub(super) fn of(times: &[u64], unit: u64) -> Clock {
        let are_all = |length: u64, most: u64| {
            let units = length / unit;
            units > 0 && times.iter().all(|time| time % units == 0 && time / units <= most)
        };
        let in_units = |length: u64| times.iter().map(move |time| time / (length / unit));
        if are_all(MINUTE, u16::MAX.into()) {
            let minutes = in_units(MINUTE).map(|time| u16::try_from(time).unwrap_or(u16::MAX));
            return Clock::Minutes(minutes.collect());
        }
        if are_all(MILLISECOND, u32::MAX.into()) {
            let times = in_units(MILLISECOND).map(|time| u32::try_from(time).unwrap_or(u32::MAX));
            return Clock::Milliseconds(times.collect());
        }
        Clock::Nanoseconds(times.iter().map(|time| time * unit).collect())
    }

    /// Adds a time in nanoseconds.
    #[inline]
    pub(super) fn push(&mut self, time: u64) {
        match self {
            Clock::Minutes(times) if time.is_multiple_of(MINUTE) => {
                if let Ok(minutes) = u16::try_from(time / MINUTE) {
                    return times.push(minutes);
                }
            }
            Clock::Milliseconds(times) if time.is_multiple_of(MILLISECOND) => {
                if let Ok(milliseconds) = u32::try_from(time / MILLISECOND) {
                    return times.push(milliseconds);
                }
            }
            Clock::Nanoseconds(times) => return times.push(time),
            _ => {}
        }
        self.refine();
        self.push(time);
    }

    /// To the next finer unit.
    fn refine(&mut self) {
        *self = match self {
            Clock::Minutes(times) => {
                Clock::Milliseconds(times.iter().map(|m| u32::from(*m) * 60_000).collect())
            }
            Clock::Milliseconds(times) => {
                Clock::Nanoseconds(times.iter().map(|m| u64::from(*m) * MILLISECOND).collect())
            }
            Clock::Nanoseconds(times) => Clock::Nanoseconds(std::mem::take(times)),
        };
    }

    /// Adds those of another one.
    pub(super) fn extend(&mut self, more: &Clock) {
        match (&mut *self, more) {
            (Clock::Minutes(times), Clock::Minutes(more)) => times.extend_from_slice(more),
            (Clock::Milliseconds(times), Clock::Milliseconds(more)) => {
                times.extend_from_slice(more)
            }
            (Clock::Nanoseconds(times), Clock::Nanoseconds(more)) => times.extend_from_slice(more),
            _ => (0..more.len()).for_each(|place| self.push(more.nanoseconds(place))),
        }
    }

    fn nanoseconds(&self, place: usize) -> u64 {
        match self {
            Clock::Minutes(times) => times.get(place).map_or(0, |m| u64::from(*m) * MINUTE),
            Clock::Milliseconds(times) => {
                times.get(place).map_or(0, |m| u64::from(*m) * MILLISECOND)
            }
            Clock::Nanoseconds(times) => times.get(place).copied().unwrap_or(0),
        }
    }

    /// Zero where there is none.
    #[inline]
    pub(super) fn get(&self, place: usize) -> TimeDelta {
        TimeDelta::nanoseconds(i64::try_from(self.nanoseconds(place)).unwrap_or(i64::MAX))
    }

    /// Whether one is later in its day than another.
    #[inline]
    pub(super) fn is_later(&self, place: usize, other: usize) -> bool {
        match self {
            Clock::Minutes(times) => times.get(place) > times.get(other),
            Clock::Milliseconds(times) => times.get(place) > times.get(other),
            Clock::Nanoseconds(times) => times.get(place) > times.get(other),
        }
    }

    /// The times, each at its place.
    pub(super) fn place(&self, places: &[u32]) -> Clock {
        match self {
            Clock::Minutes(times) => Clock::Minutes(parallel::place(times, places, 0)),
            Clock::Milliseconds(times) => Clock::Milliseconds(parallel::place(times, places, 0)),
            Clock::Nanoseconds(times) => Clock::Nanoseconds(parallel::place(times, places, 0)),
        }
    }

    /// The times of both, as exact as the more exact ones.
    pub(super) fn merged(mut self, mut more: Clock, merge: &Merge) -> Clock {
        while self.fineness() < more.fineness() {
            self.refine();
        }
        while more.fineness() < self.fineness() {
            more.refine();
        }
        match (self, more) {
            (Clock::Minutes(a), Clock::Minutes(b)) => Clock::Minutes(merge.pick(&a, &b)),
            (Clock::Milliseconds(a), Clock::Milliseconds(b)) => {
                Clock::Milliseconds(merge.pick(&a, &b))
            }
            (a, b) => {
                let of = |clock: &Clock, row: u32| clock.nanoseconds(row as usize);
                Clock::Nanoseconds(merge.values(|row| of(&a, row), |row| of(&b, row)))
            }
        }
    }

    fn fineness(&self) -> u8 {
        match self {
            Clock::Minutes(_) => 0,
            Clock::Milliseconds(_) => 1,
            Clock::Nanoseconds(_) => 2,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Clock::Minutes(times) => 2 * times.capacity(),
            Clock::Milliseconds(times) => 4 * times.capacity(),
            Clock::Nanoseconds(times) => 8 * times.capacity(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_as_exact_as_its_times() {
        let mut clock = Clock::default();
        let mut times = vec![0, 1439 * MINUTE];
        times.iter().for_each(|time| clock.push(*time));
        assert!(matches!(clock, Clock::Minutes(_)));
        for (time, is_fine) in [(MILLISECOND, false), (25 * 60 * MINUTE, false), (1, true)] {
            clock.push(time);
            times.push(time);
            assert_eq!(matches!(clock, Clock::Nanoseconds(_)), is_fine);
            let mut joined = Clock::default();
            joined.extend(&clock);
            for (place, time) in times.iter().enumerate() {
                assert_eq!(clock.nanoseconds(place), *time);
                assert_eq!(joined.nanoseconds(place), *time);
            }
            let all = Clock::of(&times, 1);
            assert_eq!(all.fineness(), clock.fineness());
            assert!((0..times.len()).all(|n| all.nanoseconds(n) == clock.nanoseconds(n)));
        }
    }
}
