//! Work in parts, on as many threads as there are, or on one.

use std::ops::Range;

/// Does `work` for parts of `0..count` of at most `size`, and returns what came of each, in order.
pub(crate) fn in_parts<T: Send>(
    count: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> T + Sync + Send,
) -> Vec<T> {
    let size = size.max(1);
    let part = |n: usize| work(n * size..(n * size + size).min(count));
    let parts = 0..count.div_ceil(size);
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        // None waits for another that takes long.
        parts.into_par_iter().with_max_len(1).map(part).collect()
    }
    #[cfg(not(feature = "parallel"))]
    parts.map(part).collect()
}

/// How many parts are worked on at a time.
pub(super) fn threads() -> usize {
    #[cfg(feature = "parallel")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "parallel"))]
    1
}

/// A good size for parts: enough of them to keep every thread busy, few enough to cost little.
pub(crate) fn part_size(count: usize, most: usize) -> usize {
    (count / 64).clamp(1, most)
}
