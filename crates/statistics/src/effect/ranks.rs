//! Values by their ranks.

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
}
