//! Which row has which id.

use super::column::MISSING;
use super::names::PARTS;

/// Rows by the codes of their ids.
#[derive(Debug, Default)]
pub(super) struct Lookup(Vec<Part>);

/// Codes of one of [`PARTS`].
#[derive(Debug)]
enum Part {
    /// Where they lie close together: a row for each code from the first.
    Dense { first: u32, rows: Vec<u32> },
    /// In the order of codes.
    Sparse(Vec<(u32, u32)>),
}

/// How many times as many codes as rows may be in a dense part.
const SPREAD: u64 = 8;

/// The least and the greatest code of a part, and how many there are.
fn extent(codes: &[u32], part: &std::ops::Range<u32>) -> Option<(u32, u32, u64)> {
    let mut known = codes.iter().copied().filter(|code| part.contains(code));
    let first = known.next()?;
    let grown = |(least, most, count): (u32, u32, u64), code: u32| {
        (least.min(code), most.max(code), count + 1)
    };
    Some(known.fold((first, first, 1), grown))
}

fn is_dense((least, most, count): (u32, u32, u64)) -> bool {
    u64::from(most - least) < SPREAD * count + 1024
}

impl Lookup {
    /// The first row of each code; a missing code is nobody's. Tells `twice` of rows whose code
    /// one before them has, with that one.
    pub(super) fn new(codes: &[u32], mut twice: impl FnMut(u32, u32)) -> Lookup {
        let mut parts = Vec::new();
        for range in &PARTS {
            let Some(extent) = extent(codes, range) else { continue };
            let known = codes.iter().zip(0_u32..).filter(|(code, _)| range.contains(code));
            if is_dense(extent) {
                let (first, most, _) = extent;
                let mut rows = vec![MISSING; (most - first) as usize + 1];
                for (code, row) in known {
                    match rows.get_mut((code - first) as usize) {
                        Some(slot) if *slot == MISSING => *slot = row,
                        Some(slot) => twice(row, *slot),
                        None => {}
                    }
                }
                parts.push(Part::Dense { first, rows });
            } else {
                let mut rows: Vec<(u32, u32)> = known.map(|(code, row)| (*code, row)).collect();
                rows.sort_unstable();
                let mut first = None;
                for (code, row) in &rows {
                    match first {
                        Some((other, before)) if other == *code => twice(*row, before),
                        _ => first = Some((*code, *row)),
                    }
                }
                rows.dedup_by_key(|(code, _)| *code);
                parts.push(Part::Sparse(rows));
            }
        }
        Lookup(parts)
    }

    /// Puts what stands for it, or [`MISSING`], in the place of each code that is not missing. Tells
    /// `nowhere` of places and codes for which nothing stands.
    pub(super) fn resolve(&self, codes: &mut [u32], nowhere: impl FnMut(usize, u32)) {
        match self.0.as_slice() {
            // Of numbers there is but one part.
            [Part::Dense { first, rows }] => {
                let get = |code: u32| rows.get(code.wrapping_sub(*first) as usize).copied();
                resolve(codes, |code| get(code).unwrap_or(MISSING), nowhere);
            }
            _ => resolve(codes, |code| self.get(code), nowhere),
        }
    }

    /// What stands for a code, [`MISSING`] if nothing does.
    #[inline]
    pub(super) fn get(&self, code: u32) -> u32 {
        for part in &self.0 {
            let found = match part {
                Part::Dense { first, rows } => {
                    rows.get(code.wrapping_sub(*first) as usize).copied()
                }
                Part::Sparse(rows) => {
                    let place = rows.binary_search_by_key(&code, |(code, _)| *code).ok();
                    place.and_then(|place| rows.get(place)).map(|(_, row)| *row)
                }
            };
            if let Some(row) = found {
                return row;
            }
        }
        MISSING
    }

    /// Puts something else in the place of each row.
    pub(super) fn replace(&mut self, by: impl Fn(u32) -> u32) {
        for part in &mut self.0 {
            match part {
                Part::Dense { rows, .. } => {
                    rows.iter_mut().filter(|row| **row != MISSING).for_each(|row| *row = by(*row));
                }
                Part::Sparse(rows) => rows.iter_mut().for_each(|(_, row)| *row = by(*row)),
            }
        }
    }
}

fn resolve(codes: &mut [u32], get: impl Fn(u32) -> u32, mut nowhere: impl FnMut(usize, u32)) {
    for (place, code) in codes.iter_mut().enumerate() {
        let row = get(*code);
        if row == MISSING && *code != MISSING {
            nowhere(place, *code);
        }
        *code = row;
    }
}

/// Whether no code is there twice, without a table of rows.
pub(super) fn are_unique(codes: &[u32]) -> bool {
    // As most systems number things.
    if codes.is_sorted_by(|a, b| a < b) {
        return true;
    }
    PARTS.iter().all(|range| {
        let Some(extent) = extent(codes, range) else { return true };
        let mut known = codes.iter().copied().filter(|code| range.contains(code));
        if is_dense(extent) {
            let (first, most, _) = extent;
            let mut seen = vec![0_u64; (most - first) as usize / 64 + 1];
            return known.all(|code| {
                let place = code - first;
                let bit = 1_u64 << (place % 64);
                let Some(word) = seen.get_mut((place / 64) as usize) else { return false };
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            });
        }
        let mut sorted: Vec<u32> = known.collect();
        sorted.sort_unstable();
        sorted.windows(2).all(|pair| !matches!(pair, [a, b] if a == b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_row_of_each_code_is_found(
            codes in prop::collection::vec(
                prop_oneof![3 => 0_u32..40, 1 => any::<u32>(), 1 => (1_u32 << 31)..(1 << 31) + 9, 1 => Just(MISSING)],
                0..60,
            ),
        ) {
            let mut twice = Vec::new();
            let lookup = Lookup::new(&codes, |row, first| twice.push((row, first)));
            let first = |code| codes.iter().position(|c| *c == code && code != MISSING);
            let mut expected = Vec::new();
            for (row, code) in codes.iter().enumerate() {
                let found = first(*code).map_or(MISSING, |row| u32::try_from(row).unwrap());
                prop_assert_eq!(lookup.get(*code), found);
                let (mut resolved, mut nowhere) = ([MISSING, *code], Vec::new());
                lookup.resolve(&mut resolved, |place, code| nowhere.push((place, code)));
                prop_assert_eq!(resolved, [MISSING, found]);
                let is_nowhere = found == MISSING && *code != MISSING;
                prop_assert_eq!(nowhere, if is_nowhere { vec![(1, *code)] } else { vec![] });
                if found != MISSING && found as usize != row {
                    expected.push((u32::try_from(row).unwrap(), found));
                }
            }
            prop_assert_eq!(lookup.get(41), first(41).map_or(MISSING, |row| u32::try_from(row).unwrap()));
            twice.sort_unstable();
            prop_assert_eq!(are_unique(&codes), twice.is_empty());
            prop_assert_eq!(twice, expected);
        }
    }
}
