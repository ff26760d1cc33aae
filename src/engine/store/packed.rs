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

    /// Adds a number that is not above the greatest that was said to come.
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen for it")]
    pub(crate) fn push(&mut self, code: u32) {
        match self {
            Codes::U8(codes) => codes.push(code as u8),
            Codes::U16(codes) => codes.push(code as u16),
            Codes::U32(codes) => codes.push(code),
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

/// Numbers of which some are missing.
#[derive(Debug, Clone)]
pub(crate) enum Sparse {
    /// All are missing.
    Empty,
    /// One for each row, raised by one; zero is missing.
    Dense(Codes),
    /// A bit for each row, how many bits there are before each word, and a number for each bit.
    Few { bits: Vec<u64>, before: Vec<u32>, codes: Codes },
}

/// No number.
pub(crate) const NONE: u32 = u32::MAX;

impl Sparse {
    /// Packs the numbers of these rows, [`NONE`] being a missing one.
    pub(crate) fn pick(values: &[u32], rows: &[u32]) -> Sparse {
        let value = |place: usize| {
            let row = rows.get(place).map_or(0, |row| *row as usize);
            values.get(row).copied().unwrap_or(NONE)
        };
        Sparse::of(values, rows.len(), value)
    }

    /// Packs numbers, [`NONE`] being a missing one.
    pub(crate) fn pack(values: &[u32]) -> Sparse {
        let value = |place: usize| values.get(place).copied().unwrap_or(NONE);
        Sparse::of(values, values.len(), value)
    }

    /// Packs values, of which `value` says where they come to stand.
    fn of(values: &[u32], places: usize, value: impl Fn(usize) -> u32 + Sync + Send) -> Sparse {
        let most = values.iter().map(|value| value.wrapping_add(1)).max().unwrap_or(0);
        let count = values.iter().filter(|value| **value != NONE).count();
        if most == 0 {
            return Sparse::Empty;
        }
        if count * 2 >= values.len() {
            let raised = |place: usize| value(place).wrapping_add(1);
            return Sparse::Dense(Codes::of_rows(most, places, raised));
        }
        let mut bits = Vec::with_capacity(places.div_ceil(64));
        let mut codes = Codes::with_room(most - 1, count);
        for start in (0..places).step_by(64) {
            let mut word = 0;
            for place in start..(start + 64).min(places) {
                let value = value(place);
                if value != NONE {
                    word |= 1_u64 << (place - start);
                    codes.push(value);
                }
            }
            bits.push(word);
        }
        let mut sum = 0;
        let before = bits.iter().map(|word: &u64| {
            let here = sum;
            sum += word.count_ones();
            here
        });
        let before = before.collect();
        Sparse::Few { bits, before, codes }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> Option<u32> {
        let row = row as usize;
        match self {
            Sparse::Empty => None,
            Sparse::Dense(codes) => codes.get(row).checked_sub(1),
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
    pub(crate) fn has(&self, row: u32) -> bool {
        match self {
            Sparse::Empty => false,
            Sparse::Dense(codes) => codes.get(row as usize) != 0,
            Sparse::Few { bits, .. } => {
                let word = bits.get(row as usize / 64).copied().unwrap_or(0);
                word & (1 << (row % 64)) != 0
            }
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Sparse::Empty => 0,
            Sparse::Dense(codes) => codes.bytes(),
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
            for (row, value) in values.iter().enumerate() {
                let expected = (*value != NONE).then_some(*value);
                prop_assert_eq!(packed.get(u32::try_from(row).unwrap()), expected);
            }
        }
    }
}
