//! Chance that can be had again.

use chrono::{Days, NaiveDate};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a seed decides.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// From 0 to one less than `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most)
    }

    /// One time in `n`.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A day about another: near most times, far away at times. Half of the days are of a few, so
    /// that much happens on one day, or just a duration of rules before or after another.
    pub(crate) fn day(&mut self, middle: NaiveDate) -> NaiveDate {
        if self.one_in(2) {
            return self.usual_day(middle);
        }
        let reach = self.pick(&[3, 20, 45, 45, 45, 120, 450]);
        plus(middle, self.between(-reach, reach))
    }

    pub(crate) fn usual_day(&mut self, middle: NaiveDate) -> NaiveDate {
        let days = self.pick(&[-30, -14, -7, -3, -2, -1, 0, 0, 1, 2, 3, 7, 14, 30]);
        plus(middle, days)
    }

    /// A moment as the data writes it: at the edges of days, in hours that the clock skips or
    /// repeats, with an offset, or a bare date.
    pub(crate) fn moment(&mut self, middle: NaiveDate) -> String {
        let day = self.day(middle);
        let offset = self.pick(&["", "", "", "", "", "", "Z", "+05:30", "-03:00"]);
        match self.pick(&["", "00:00", "00:00", "00:30", "02:30", "12:00", "12:00", "23:59"]) {
            "" => day.to_string(),
            clock => format!("{day}T{clock}{offset}"),
        }
    }
}

pub(crate) fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { day - count } else { day + count }
}
