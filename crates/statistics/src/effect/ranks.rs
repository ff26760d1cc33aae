//! Values by their ranks.

use rand::SeedableRng;
use rand::seq::SliceRandom;

use crate::Random;

/// How often what belongs to what is made up anew.
const SHUFFLES: u32 = 10_000;

/// The rank of each value from the lowest, counted from one; equal ones have the mean of theirs.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for equal in order.chunk_by(|a, b| a.1 == b.1) {
        let mean = below as f64 + (equal.len() as f64 + 1.0) / 2.0;
        below += equal.len();
        for (place, _) in equal {
            ranks.get_mut(*place).into_iter().for_each(|rank| *rank = mean);
        }
    }
    ranks
}

/// Spearman's: the correlation of ranks. None where all values of one of both are equal.
pub(super) fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let left = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let right = ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>());
    let mean = (pairs.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum()
    };
    let spread = product(&left, &left) * product(&right, &right);
    (spread > 0.0).then(|| product(&left, &right) / spread.sqrt())
}

/// How seldom ranks would be correlated as much, either way, if it were chance what belongs to what.
pub(super) fn rank_p(pairs: &[(f64, f64)]) -> Option<f64> {
    let seen = rank_correlation(pairs)?.abs();
    let mut random = Random::seed_from_u64(0);
    let mut right: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
    let mut as_much = || {
        right.shuffle(&mut random);
        let made: Vec<_> = pairs.iter().map(|pair| pair.0).zip(right.iter().copied()).collect();
        rank_correlation(&made).is_some_and(|made| made.abs() >= seen - 1e-9)
    };
    let count = (0..SHUFFLES).filter(|_| as_much()).count();
    Some((count as f64 + 1.0) / (f64::from(SHUFFLES) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(ranks(&[]), Vec::<f64>::new());
    }

    #[test]
    fn ranks_count_and_not_how_far_apart_values_are() {
        let up = [(0.1, 0.1), (0.2, 0.5), (0.3, 0.9), (0.9, 0.91), (0.95, 1.0)];
        assert_eq!(rank_correlation(&up), Some(1.0));
        let down = up.map(|(a, b)| (a, -b));
        assert_eq!(rank_correlation(&down), Some(-1.0));
        assert_eq!(rank_correlation(&up.map(|(a, _)| (a, 0.5))), None);
        // scipy.stats.spearmanr([1, 2, 2, 3], [2, 1, 3, 4])
        let tied = [(1.0, 2.0), (2.0, 1.0), (2.0, 3.0), (3.0, 4.0)];
        assert!((rank_correlation(&tied).unwrap() - 0.632_455_532).abs() < 1e-9);
    }

    #[test]
    fn of_five_in_one_order_two_of_the_hundred_and_twenty_are_as_much() {
        let up = [1.0, 2.0, 3.0, 4.0, 5.0].map(|n| (n, n * n));
        let p = rank_p(&up).unwrap();
        assert!((p - 2.0 / 120.0).abs() < 0.005, "{p}");
        assert!(
            rank_p(&[(1.0, 2.0), (2.0, 1.0), (3.0, 2.0), (4.0, 1.0), (5.0, 2.0)]).unwrap() > 0.5
        );
    }
}
