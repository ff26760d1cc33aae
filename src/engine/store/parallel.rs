//! Work shared among threads where the feature `parallel` is on. What comes out does not depend on
//! how many there are.

use std::ops::Range;

#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// How many rows one thread takes at once.
const PORTION: usize = 1 << 16;

/// From how many rows on it is worth waking another thread for each of their columns.
#[cfg(feature = "parallel")]
const MANY: usize = 1 << 12;

/// What is made of each thing, in their order.
#[cfg(feature = "parallel")]
pub(super) fn each<T: Send, U: Send>(
    things: Vec<T>,
    make: impl Fn(T) -> U + Sync + Send,
) -> Vec<U> {
    things.into_par_iter().with_max_len(1).map(make).collect()
}

#[cfg(not(feature = "parallel"))]
pub(super) fn each<T, U>(things: Vec<T>, make: impl Fn(T) -> U) -> Vec<U> {
    things.into_iter().map(make).collect()
}

/// What is made by both.
#[cfg(feature = "parallel")]
pub(super) fn both<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "parallel"))]
pub(super) fn both<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

/// What is made of each thing of so many rows, in their order.
#[cfg(feature = "parallel")]
pub(super) fn each_of_many<T: Send, U: Send>(
    rows: usize,
    things: Vec<T>,
    make: impl Fn(T) -> U + Sync + Send,
) -> Vec<U> {
    if rows < MANY { things.into_iter().map(make).collect() } else { each(things, make) }
}

#[cfg(not(feature = "parallel"))]
pub(super) fn each_of_many<T, U>(_: usize, things: Vec<T>, make: impl Fn(T) -> U) -> Vec<U> {
    each(things, make)
}

/// What is made of each row.
#[cfg(feature = "parallel")]
pub(super) fn rows<U: Send>(count: usize, make: impl Fn(usize) -> U + Sync + Send) -> Vec<U> {
    // To wake another thread for little would take longer.
    if count <= PORTION {
        return (0..count).map(make).collect();
    }
    (0..count).into_par_iter().with_min_len(PORTION).map(make).collect()
}

#[cfg(not(feature = "parallel"))]
pub(super) fn rows<U>(count: usize, make: impl Fn(usize) -> U) -> Vec<U> {
    (0..count).map(make).collect()
}

/// What is made of each portion of rows.
#[cfg(feature = "parallel")]
pub(super) fn portions<U: Send>(
    count: usize,
    make: impl Fn(Range<usize>) -> U + Sync + Send,
) -> Vec<U> {
    let of = |n: usize| n * PORTION..((n + 1) * PORTION).min(count);
    if count <= PORTION {
        return (0..count.div_ceil(PORTION)).map(|n| make(of(n))).collect();
    }
    (0..count.div_ceil(PORTION)).into_par_iter().map(|n| make(of(n))).collect()
}

#[cfg(not(feature = "parallel"))]
pub(super) fn portions<U>(count: usize, make: impl Fn(Range<usize>) -> U) -> Vec<U> {
    let of = |n: usize| n * PORTION..((n + 1) * PORTION).min(count);
    (0..count.div_ceil(PORTION)).map(|n| make(of(n))).collect()
}

/// Changes portions of values; `change` is told the row of the first. What it returns of them.
#[cfg(feature = "parallel")]
pub(super) fn change<T: Send, U: Send>(
    values: &mut [T],
    change: impl Fn(usize, &mut [T]) -> Vec<U> + Sync + Send,
) -> Vec<U> {
    let portions = values.par_chunks_mut(PORTION).enumerate();
    portions.flat_map_iter(|(n, portion)| change(n * PORTION, portion)).collect()
}

#[cfg(not(feature = "parallel"))]
pub(super) fn change<T, U>(values: &mut [T], change: impl Fn(usize, &mut [T]) -> Vec<U>) -> Vec<U> {
    let portions = values.chunks_mut(PORTION).enumerate();
    portions.flat_map(|(n, portion)| change(n * PORTION, portion)).collect()
}

/// The values, each at its place; what has none is `missing`.
pub(super) fn place<T: Copy>(values: &[T], places: &[u32], missing: T) -> Vec<T> {
    let mut placed = vec![missing; places.len()];
    for (value, place) in values.iter().zip(places) {
        if let Some(slot) = placed.get_mut(*place as usize) {
            *slot = *value;
        }
    }
    placed
}

/// Puts values from places there to places here.
pub(super) fn copy<T: Copy>(to: &mut [T], from: &[T], places: &[(u32, u32)]) {
    for (source, target) in places {
        if let (Some(slot), Some(code)) = (to.get_mut(*target as usize), from.get(*source as usize))
        {
            *slot = *code;
        }
    }
}

/// Puts values in another order: each to its target among them.
pub(super) fn arrange<T: Copy>(values: &mut [T], targets: &[u32]) {
    let before = values.to_vec();
    for (value, target) in before.into_iter().zip(targets) {
        if let Some(slot) = values.get_mut(*target as usize) {
            *slot = value;
        }
    }
}

/// The values of these rows.
pub(super) fn pick<T: Copy + Default + Send + Sync>(values: &[T], places: &[u32]) -> Vec<T> {
    let value = |row: Option<&u32>| values.get(*row? as usize).copied();
    rows(places.len(), |place| value(places.get(place)).unwrap_or_default())
}
