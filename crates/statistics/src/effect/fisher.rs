//! Two rates held against each other, exactly.

use statrs::distribution::{Discrete, Hypergeometric};

/// How seldom two rates would be as far apart as they are, or farther, if they were one: Fisher's exact
/// test, both ends together, with what is as likely as what was seen or less. Of each stratum there is how
/// many did and of how many, on the one side and on the other; only those of one are compared.
///
/// ```
/// use kadence_statistics::effect::fisher;
///
/// // Fisher's lady and her tea: three of four cups told right.
/// assert!((fisher(&[[(3, 4), (1, 4)]]) - 0.485_714).abs() < 1e-6);
/// assert_eq!(fisher(&[[(5, 10), (5, 10)]]), 1.0);
/// // Those of C buy less, whoever sells to them.
/// assert!(fisher(&[[(10, 40), (45, 100)]]) < 0.05);
/// assert!(fisher(&[[(5, 10), (45, 90)], [(5, 30), (1, 10)]]) > 0.999_999);
/// ```
pub fn fisher(strata: &[[(u64, u64); 2]]) -> f64 {
    let mut chances = vec![1.0];
    let mut seen = 0;
    for [(hits, of), (other_hits, others)] in strata {
        let did = hits + other_hits;
        let Ok(own) = Hypergeometric::new(of + others, did, *of) else { continue };
        let (least, most) = (did.saturating_sub(*others), did.min(*of));
        seen += hits - least;
        let own: Vec<f64> = (least..=most).map(|n| own.ln_pmf(n).exp()).collect();
        chances = together(&chances, &own);
    }
    // Equal ones are equal but for rounding.
    let limit = chances.get(seen as usize).copied().unwrap_or(1.0) * (1.0 + 1e-9);
    chances.iter().filter(|chance| **chance <= limit).sum::<f64>().min(1.0)
}

/// The chances of sums.
fn together(all: &[f64], own: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; all.len() + own.len() - 1];
    for (start, chance) in all.iter().enumerate() {
        let sums = sums.iter_mut().skip(start);
        sums.zip(own).for_each(|(sum, own)| *sum += chance * own);
    }
    sums
}
