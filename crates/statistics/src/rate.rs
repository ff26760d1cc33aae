//! How many of how many.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, ContinuousCDF};

use crate::Interval;

/// So many of so many did something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How many did. A fraction where they are weighed.
    pub hits: f64,
    /// Of how many.
    pub of: f64,
}

impl Rate {
    /// The share; none of nothing.
    pub fn share(self) -> Option<f64> {
        (self.of > 0.0).then(|| self.hits / self.of)
    }

    /// What is believed of the rate after this was seen, when nothing was believed before: a Beta
    /// distribution with ½ added to both counts (Jeffreys' prior; Brown, Cai and DasGupta, *Interval
    /// Estimation for a Binomial Proportion*, Statistical Science 16, 2001).
    pub fn belief(self) -> (f64, f64) {
        (self.hits.max(0.0) + 0.5, (self.of - self.hits).max(0.0) + 0.5)
    }

    /// The middle part of that distribution; `0.8` leaves a tenth out on either side. Where nobody
    /// did, it reaches down to 0, and where all did, up to 1.
    ///
    /// ```
    /// use kadence_statistics::Rate;
    ///
    /// let interval = Rate { hits: 8.0, of: 20.0 }.interval(0.8);
    /// assert!(interval.contains(0.4) && !interval.contains(0.6));
    /// assert_eq!(Rate { hits: 0.0, of: 20.0 }.interval(0.8).low, 0.0);
    /// ```
    pub fn interval(self, level: f64) -> Interval {
        let tail = (1.0 - level.clamp(0.0, 1.0)) / 2.0;
        let (hits, misses) = self.belief();
        let Ok(belief) = Beta::new(hits, misses) else { return Interval { low: 0.0, high: 1.0 } };
        Interval {
            low: if self.hits <= 0.0 { 0.0 } else { belief.inverse_cdf(tail) },
            high: if self.hits >= self.of { 1.0 } else { belief.inverse_cdf(1.0 - tail) },
        }
    }
}
