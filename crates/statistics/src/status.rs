//! By when something had happened, where it is only known whether it has by now.

use serde::{Deserialize, Serialize};

/// The share to whom it has happened, by age: of each it is known how old it is and whether it has
/// happened, and not when. The shares that rise with age and fit best are found by pooling neighbours
/// (Ayer, Brunk, Ewing, Reid and Silverman, *An Empirical Distribution Function for Sampling with
/// Incomplete Information*, Annals of Mathematical Statistics 26, 1955).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CurrentStatus {
    /// Ages in days, each with the share from it on.
    steps: Vec<(u32, f64)>,
}

impl CurrentStatus {
    /// From ages, and whether it has happened by then, in any order.
    ///
    /// ```
    /// use kadence_statistics::CurrentStatus;
    ///
    /// let seen = [(1, false), (2, true), (3, false), (9, true)];
    /// let status = CurrentStatus::new(seen.to_vec());
    /// // One of two at two and three days, since the share cannot fall.
    /// assert_eq!([0, 1, 2, 3, 9].map(|age| status.share(age)), [0.0, 0.0, 0.5, 0.5, 1.0]);
    /// ```
    pub fn new(mut seen: Vec<(u32, bool)>) -> Self {
        seen.sort_unstable();
        // Pools of ages: the first age, how many, to how many of them it has happened.
        let mut pools: Vec<(u32, f64, f64)> = Vec::new();
        for ages in seen.chunk_by(|a, b| a.0 == b.0) {
            let happened = ages.iter().filter(|(_, happened)| *happened).count();
            let first = ages.first().map_or(0, |(age, _)| *age);
            let mut pool = (first, ages.len() as f64, happened as f64);
            while let Some((first, of, hits)) = pools.pop() {
                if hits * pool.1 <= pool.2 * of {
                    pools.push((first, of, hits));
                    break;
                }
                pool = (first, pool.1 + of, pool.2 + hits);
            }
            pools.push(pool);
        }
        CurrentStatus { steps: pools.into_iter().map(|(age, of, hits)| (age, hits / of)).collect() }
    }

    /// The share to whom it has happened at an age.
    pub fn share(&self, age: u32) -> f64 {
        let after = self.steps.partition_point(|(from, _)| *from <= age);
        after
            .checked_sub(1)
            .and_then(|place| self.steps.get(place))
            .map_or(0.0, |(_, share)| *share)
    }
}
