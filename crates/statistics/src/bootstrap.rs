//! Between what and what a mean lies, by drawing samples from a sample.

use rand::RngExt;

use crate::{Interval, Random, quantile};

/// How many samples are drawn.
const SAMPLES: usize = 1000;

/// The range of the mean of what values were drawn from: the bootstrap-t of Efron and Tibshirani
/// (*An Introduction to the Bootstrap*, 1993, chapter 12). From so many samples as large as the
/// values, drawn from them with replacement, it is seen by how many standard errors a sample's mean
/// is off; where sales of very different sizes are few, the plain quantiles of the means would be too
/// narrow. None of fewer than two values; of equal ones, that value.
///
/// ```
/// use kadence_statistics::{Random, mean_interval};
/// use rand::SeedableRng;
///
/// let sales = [20.0, 35.0, 50.0, 80.0, 400.0];
/// let range = mean_interval(&sales, 0.8, &mut Random::seed_from_u64(0)).unwrap();
/// assert!(range.low < 117.0 && 117.0 < range.high);
/// // The large one may not have been the largest that there are.
/// assert!(range.high - 117.0 > 117.0 - range.low);
/// ```
pub fn mean_interval(values: &[f64], level: f64, random: &mut Random) -> Option<Interval> {
    let (mean, error) = mean_and_error(values)?;
    let mut off: Vec<f64> = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let drawn = sample(values, random);
        if let Some((of_sample, its_error)) = mean_and_error(&drawn).filter(|(_, e)| *e > 0.0) {
            off.push((of_sample - mean) / its_error);
        }
    }
    off.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    let at = |part: f64| quantile(&off, part).map_or(mean, |off| mean - off * error);
    Some(Interval { low: at(1.0 - tail), high: at(tail) })
}

/// The mean, and its standard error.
fn mean_and_error(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (mean, (squares / (n - 1.0) / n).sqrt()))
}

/// As many values as there are, drawn from them with replacement.
pub(crate) fn sample<T: Copy>(values: &[T], random: &mut Random) -> Vec<T> {
    (0..values.len()).filter_map(|_| pick(values, random)).collect()
}

/// One of some values; none of none.
pub(crate) fn pick<T: Copy>(values: &[T], random: &mut Random) -> Option<T> {
    let place = if values.is_empty() { 0 } else { random.random_range(0..values.len()) };
    values.get(place).copied()
}
