//! Random numbers that are the same for a seed on every machine.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// A stream of its own for each table, so that a change in one leaves the others alone.
pub(super) struct Random(pub(super) Pcg64);

impl Random {
    pub(super) fn new(seed: u64, table: u64) -> Self {
        Random(Pcg64::seed_from_u64(seed.wrapping_mul(1000).wrapping_add(table)))
    }

    /// From 0 to `n` − 1.
    pub(super) fn below(&mut self, n: i64) -> i64 {
        self.0.random_range(0..n.max(1))
    }

    /// Both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// A text, as often as its weight says; the weights make a hundred.
    pub(super) fn one_of(&mut self, texts: &[(&'static str, i64)]) -> &'static str {
        let mut left = self.below(100);
        for (text, weight) in texts {
            left -= weight;
            if left < 0 {
                return text;
            }
        }
        texts.last().map_or("", |(text, _)| text)
    }
}
