//! Two rates held against each other, exactly.

use statrs::distribution::{Discrete, Hypergeometric};

/// How seldom two rates would be as far apart as they are, or farther, if they were one: Fisher's exact
/// test, both ends together, with what is as likely as what was seen or less. `a` and `b` are how many
/// did and of how many.
///
/// ```
/// use kadence_statistics::effect::fisher;
///
/// // Fisher's lady and her tea: three of four cups told right.
/// assert!((fisher((3, 4), (1, 4)) - 0.485_714).abs() < 1e-6);
/// assert_eq!(fisher((5, 10), (5, 10)), 1.0);
/// ```
pub fn fisher((hits, of): (u64, u64), (other_hits, others): (u64, u64)) -> f64 {
    let did = hits + other_hits;
    let Ok(chances) = Hypergeometric::new(of + others, did, of) else { return 1.0 };
    let seen = chances.ln_pmf(hits);
    let possible = did.saturating_sub(others)..=did.min(of);
    // Equal ones are equal but for the rounding of logarithms.
    let as_unlikely = possible.map(|n| chances.ln_pmf(n)).filter(|other| *other <= seen + 1e-9);
    as_unlikely.map(f64::exp).sum::<f64>().min(1.0)
}
