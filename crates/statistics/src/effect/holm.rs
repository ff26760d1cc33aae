//! Many questions asked at once.

/// Raises the p values of a family so that each can be held against one level: the chance that any of
/// them falls below it where there is nothing to be found is at most that level, however they depend on
/// each other. S. Holm, *A Simple Sequentially Rejective Multiple Test Procedure* (Scandinavian Journal
/// of Statistics 6, 1979), with its weights: a question of twice the weight needs half the evidence.
///
/// ```
/// use kadence_statistics::effect::holm;
///
/// assert_eq!(holm(&[(0.01, 1.0), (0.04, 1.0), (0.03, 1.0)]), [0.03, 0.06, 0.06]);
/// assert_eq!(holm(&[(0.25, 2.0), (0.25, 1.0)]), [0.375, 0.375]);
/// ```
pub fn holm(family: &[(f64, f64)]) -> Vec<f64> {
    let mut order: Vec<(usize, f64, f64)> = family
        .iter()
        .enumerate()
        .map(|(place, (p, weight))| (place, p / weight, *weight))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut left: f64 = order.iter().map(|(_, _, weight)| weight).sum();
    let mut adjusted = vec![1.0; family.len()];
    let mut least: f64 = 0.0;
    for (place, weighed, weight) in order {
        least = least.max((weighed * left).min(1.0));
        left -= weight;
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = least;
        }
    }
    adjusted
}
