//! Between what and what a value lies.

use serde::{Deserialize, Serialize};

/// A range, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The middle part of values, of which as much is left out below as above: `0.8` is from the
    /// 10 % quantile to the 90 % quantile. None of no values.
    ///
    /// ```
    /// use kadence_statistics::Interval;
    ///
    /// let middle = Interval::of_values(&mut [3.0, 1.0, 2.0, 5.0, 4.0], 0.5).unwrap();
    /// assert_eq!((middle.low, middle.high), (2.0, 4.0));
    /// ```
    pub fn of_values(values: &mut [f64], level: f64) -> Option<Interval> {
        values.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - level) / 2.0;
        Some(Interval { low: quantile(values, tail)?, high: quantile(values, 1.0 - tail)? })
    }

    /// Whether a value lies in it.
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// A quantile of sorted values, straight between two of them: type 7 of Hyndman and Fan, *Sample
/// Quantiles in Statistical Packages* (The American Statistician 50, 1996). None of no values.
///
/// ```
/// use kadence_statistics::quantile;
///
/// assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.5), Some(3.0));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    let place = at.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let (below, part) = (place.floor(), place.fract());
    let low = sorted.get(below as usize)?;
    let high = sorted.get(place.ceil() as usize)?;
    Some(low + part * (high - low))
}
