//! Small whole numbers in as few bytes as they need.

use super::parallel;

/// Numbers, each in as many bytes as the greatest of them needs.
#[derive(Debug, Clone)]
pub(crate) enum Codes {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Codes {
    /// For numbers up to `most`, with room for `count` of them.
    pub(crate) fn with_room(most: u32, count: usize) -> Codes {
        if most <= u32::from(u8::MAX) {
            Codes::U8(Vec::with_capacity(count))
        } else if most <= u32::from(u16::MAX) {
            Codes::U16(Vec::with_capacity(count))
        } else {
            Codes::U32(Vec::with_capacity(count))
        }
    }

    /// So many zeros, each to become a number up to `most`.
    fn zeros(most: u32, count: usize) -> Codes {
        if most <= u32::from(u8::MAX) {
            Codes::U8(vec![0; count])
        } else if most <= u32::from(u16::MAX) {
            Codes::U16(vec![0; count])
        } else {
            Codes::U32(vec![0; count])
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen for it")]
    #[inline]
    fn set(&mut self, place: usize, code: u32) {
        match self {
            Codes::U8(codes) => put(codes, place, code as u8),
            Codes::U16(codes) => put(codes, place, code as u16),
            Codes::U32(codes) => put(codes, place, code),
        }
    }

    /// A number for each row, none above `most`.
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen for it")]
    pub(crate) fn of_rows(
        most: u32,
        count: usize,
        code: impl Fn(usize) -> u32 + Sync + Send,
    ) -> Codes {
        if most <= u32::from(u8::MAX) {
            Codes::U8(parallel::rows(count, |row| code(row) as u8))
        } else if most <= u32::from(u16::MAX) {
            Codes::U16(parallel::rows(count, |row| code(row) as u16))
        } else {
            Codes::U32(parallel::rows(count, code))
        }
    }

    /// Zero where there is none.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> u32 {
        match self {
            Codes::U8(codes) => codes.get(place).copied().map_or(0, u32::from),
            Codes::U16(codes) => codes.get(place).copied().map_or(0, u32::from),
            Codes::U32(codes) => codes.get(place).copied().unwrap_or(0),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Codes::U8(codes) => codes.capacity(),
            Codes::U16(codes) => 2 * codes.capacity(),
            Codes::U32(codes) => 4 * codes.capacity(),
        }
    }
}

/// How many values are looked at before anything is done with the known ones among them.
const PIECE: usize = 1 << 12;

/// Those that are not [`NONE`], with their places. Which they are cannot be foreseen, so each is
/// written, and the next one over it if it was none.
fn each_known(values: &[u32], place: impl Fn(usize) -> usize, mut each: impl FnMut(usize, u32)) {
    let mut known = vec![(0, NONE); PIECE.min(values.len())];
    for (first, piece) in (0..).step_by(PIECE).zip(values.chunks(PIECE)) {
        let mut n = 0;
        for (row, value) in (first..).zip(piece) {
            if let Some(slot) = known.get_mut(n) {
                *slot = (place(row), *value);
                n += usize::from(*value != NONE);
            }
        }
        known.iter().take(n).for_each(|(place, value)| each(*place, *value));
    }
}

#[inline]
fn put<T>(all: &mut [T], place: usize, value: T) {
    if let Some(slot) = all.get_mut(place) {
        *slot = value;
    }
}

/// Numbers of which some are missing.
#[derive(Debug, Clone)]
pub(crate) enum Sparse {
    /// All are missing.
    Empty,
    /// One for each row, raised by one; zero is missing. A bit for each row says the same: all of them
    /// are close together.
    Dense { codes: Codes, bits: Vec<u64> },
    /// A bit for each row, how many bits there are before each word, and a number for each bit.
    Few { bits: Vec<u64>, before: Vec<u32>, codes: Codes },
}

/// No number.
pub(crate) const NONE: u32 = u32::MAX;

impl Sparse {
    /// Packs numbers, each at its place, [`NONE`] being a missing one.
    pub(super) fn place(values: &[u32], places: &[u32]) -> Sparse {
        let place = |row: usize| places.get(row).map_or(usize::MAX, |place| *place as usize);
        Sparse::of(values, place, places.len())
    }

    /// Packs numbers, [`NONE`] being a missing one.
    pub(crate) fn pack(values: &[u32]) -> Sparse {
        Sparse::of(values, |row| row, values.len())
    }

    fn of(values: &[u32], place: impl Fn(usize) -> usize, count: usize) -> Sparse {
        let (most, known) = values.iter().fold((0, 0), |(most, known), value| {
            (value.wrapping_add(1).max(most), known + u32::from(*value != NONE))
        });
        let known = known as usize;
        if most == 0 {
            return Sparse::Empty;
        }
        if known * 2 >= count {
            let mut codes = Codes::zeros(most, count);
            for (row, value) in values.iter().enumerate() {
                codes.set(place(row), value.wrapping_add(1));
            }
            let bit = |place: usize| u64::from(codes.get(place) != 0) << (place % 64);
            let word = |word: usize| (64 * word..64 * word + 64).fold(0, |all, n| all | bit(n));
            let bits = parallel::rows(count.div_ceil(64), word);
            return Sparse::Dense { codes, bits };
        }
        let mut bits = vec![0_u64; count.div_ceil(64)];
        each_known(values, &place, |place, _| {
            if let Some(word) = bits.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        });
        let mut sum = 0;
        let before = bits.iter().map(|word: &u64| {
            let here = sum;
            sum += word.count_ones();
            here
        });
        let before: Vec<u32> = before.collect();
        let rank = |place: usize| {
            let word = bits.get(place / 64).copied().unwrap_or(0);
            let of_word = (word & ((1 << (place % 64)) - 1)).count_ones();
            (before.get(place / 64).copied().unwrap_or(0) + of_word) as usize
        };
        let mut codes = Codes::zeros(most - 1, known);
        each_known(values, &place, |place, value| {
            if place < count {
                codes.set(rank(place), value);
            }
        });
        Sparse::Few { bits, before, codes }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> Option<u32> {
        let row = row as usize;
        match self {
            Sparse::Empty => None,
            Sparse::Dense { codes, .. } => codes.get(row).checked_sub(1),
            Sparse::Few { bits, before, codes } => {
                let word = *bits.get(row / 64)?;
                let bit = 1_u64 << (row % 64);
                if word & bit == 0 {
                    return None;
                }
                let rank = before.get(row / 64)? + (word & (bit - 1)).count_ones();
                Some(codes.get(rank as usize))
            }
        }
    }

    /// Whether a row has a number.
    #[inline]
    pub(crate) fn has(&self, row: u32) -> bool {
        let word = self.bits().get(row as usize / 64).copied().unwrap_or(0);
        word & (1 << (row % 64)) != 0
    }

    /// A bit for each row, whether it has a value; of the rows at the end that have none there may be none.
    pub(crate) fn bits(&self) -> &[u64] {
        match self {
            Sparse::Empty => &[],
            Sparse::Dense { bits, .. } | Sparse::Few { bits, .. } => bits,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Sparse::Empty => 0,
            Sparse::Dense { codes, bits } => codes.bytes() + 8 * bits.capacity(),
            Sparse::Few { bits, before, codes } => {
                8 * bits.capacity() + 4 * before.capacity() + codes.bytes()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_read_again(
            values in prop::collection::vec(prop_oneof![4 => Just(NONE), 1 => 0_u32..300, 1 => 0..NONE], 0..300),
        ) {
            let packed = Sparse::pack(&values);
            let places: Vec<u32> = (0..).take(values.len()).collect();
            let backwards: Vec<u32> = places.iter().copied().rev().collect();
            let placed = Sparse::place(&values, &backwards);
            for ((value, row), place) in values.iter().zip(places).zip(backwards) {
                let expected = (*value != NONE).then_some(*value);
                prop_assert_eq!(packed.get(row), expected);
                prop_assert_eq!(placed.get(place), expected);
            }
        }
    }
}
