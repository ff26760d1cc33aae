//! Activities put in the order of their owners: by blocks of slots first, then within each block. What
//! is written at a time then mostly fits the cache, however many activities there are.

use super::column::MISSING;
use super::group::{Group, Slots, sums};
use super::parallel;
use super::words::Words;

/// How many rows a block has where owners have equally many: few enough to stay in the cache with what
/// is read of them.
const BLOCK: usize = 1 << 17;

/// How many rows are moved at a time.
const PIECE: usize = 1 << 13;

/// Activities by partition, in the order of days and ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct InTime<'a> {
    pub(super) rows: &'a [(u32, &'a [u32])],
    /// By row: whose it is, [`MISSING`] where it is nobody's.
    pub(super) owners: &'a [u32],
    pub(super) words: &'a Words,
    /// By row: what it is in the store.
    pub(super) places: &'a [u32],
}

/// Those that are somebody's, in the order of blocks.
struct InBlocks {
    /// How many bits of a slot say which one of its block it is.
    bits: u32,
    /// Where those of each block start, and where the last one's end.
    starts: Vec<u32>,
    /// Rows of the store.
    rows: Vec<u32>,
    words: Words,
    /// Which slot of its block each is of.
    within: Vec<u16>,
}

impl Group {
    /// Each slot's own in the order of days and ids.
    pub(super) fn new(in_time: InTime<'_>, slots: Slots) -> Group {
        InBlocks::new(in_time, slots, BLOCK).sorted(slots)
    }
}

impl InBlocks {
    fn new(in_time: InTime<'_>, slots: Slots, of_block: usize) -> InBlocks {
        let InTime { rows: all, owners, words, places } = in_time;
        let blocks = u32::try_from(owners.len() / of_block).unwrap_or(u32::MAX);
        let bits = (0..u16::BITS).find(|bits| slots.count() >> bits <= blocks);
        let bits = bits.unwrap_or(u16::BITS);
        let owner = |row: u32| owners.get(row as usize).copied().unwrap_or(MISSING);
        let block_and_count = |partition: u32, owner: u32| {
            (slots.of(partition, owner) >> bits, u32::from(slots.has(owner)))
        };
        let counts = all.iter().flat_map(|(partition, rows)| {
            rows.iter().map(|row| block_and_count(*partition, owner(*row)))
        });
        let starts = sums(counts, (slots.count() >> bits) + 1);
        let count = starts.last().map_or(0, |end| *end as usize);
        let (mut rows, mut within) = (vec![0; count], vec![0; count]);
        let mut own_words = words.zeros(count);
        let mut next = starts.clone();
        let mut moves = vec![(0, 0); PIECE.min(owners.len())];
        let pieces = all
            .iter()
            .flat_map(|(partition, rows)| rows.chunks(PIECE).map(|piece| (*partition, piece)));
        for (partition, piece) in pieces {
            let mut n = 0;
            for row in piece {
                let (block, count) = block_and_count(partition, owner(*row));
                if let (Some(next), Some(to)) = (next.get_mut(block as usize), moves.get_mut(n)) {
                    *to = (*row, *next);
                    // What is nobody's is written over: whose a row is cannot be foreseen.
                    *next += count;
                    n += count as usize;
                }
            }
            let moves = moves.get(..n).unwrap_or(&[]);
            for (row, to) in moves {
                let to = *to as usize;
                if let (Some(slot), Some(within)) = (rows.get_mut(to), within.get_mut(to)) {
                    *slot = places.get(*row as usize).copied().unwrap_or(MISSING);
                    *within = lowest(slots.of(partition, owner(*row)), bits);
                }
            }
            own_words.copy(words, moves);
        }
        InBlocks { bits, starts, rows, words: own_words, within }
    }

    fn sorted(self, slots: Slots) -> Group {
        let InBlocks { bits, starts: blocks, mut rows, mut words, within } = self;
        let mut starts = vec![0; slots.count() as usize + 1];
        let mut next = vec![0; 1 << bits];
        let mut targets = Vec::new();
        for (block, starts) in blocks.windows(2).zip(starts.chunks_mut(1 << bits)) {
            let [first, end] = block else { continue };
            let places = *first as usize..*end as usize;
            let within = within.get(places.clone()).unwrap_or(&[]);
            next.fill(0);
            for slot in within {
                if let Some(count) = next.get_mut(usize::from(*slot)) {
                    *count += 1;
                }
            }
            let mut sum = 0;
            for (start, next) in starts.iter_mut().zip(&mut next) {
                *start = first + sum;
                sum += std::mem::replace(next, sum);
            }
            // Then a block has but one slot.
            if bits == 0 {
                continue;
            }
            targets.clear();
            targets.extend(within.iter().filter_map(|slot| {
                let next = next.get_mut(usize::from(*slot))?;
                *next += 1;
                Some(*next - 1)
            }));
            parallel::arrange(rows.get_mut(places.clone()).unwrap_or_default(), &targets);
            words.arrange(places, &targets);
        }
        Group::of_sorted(slots, starts, rows, words)
    }
}

/// The lowest bits of a slot.
#[expect(clippy::cast_possible_truncation, reason = "there are at most 16 of them")]
fn lowest(slot: u32, bits: u32) -> u16 {
    (slot & ((1 << bits) - 1)) as u16
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::words::Layout;
    use super::*;

    proptest! {
        #[test]
        fn each_owner_has_its_own_in_order_whatever_the_blocks(
            owners_of_rows in prop::collection::vec(
                prop_oneof![6 => 0_u32..9, 2 => Just(MISSING), 1 => 39_998_u32..40_000, 1 => Just(69_999)],
                0..200,
            ),
            owners in prop_oneof![6 => 1_u32..9, 1 => Just(40_000), 1 => Just(70_000)],
            later in 0_usize..200,
            of_block in 1_usize..100,
        ) {
            let count = owners_of_rows.len();
            let slots = Slots::new(2, owners);
            let of_row = |row: usize| u32::try_from(row).unwrap();
            let place = |row: u32| 1000 + 7 * row;
            let rows: Vec<u32> = (0..count).rev().map(of_row).collect();
            let (first, second) = rows.split_at(later.min(count));
            let by_partition = [(0, first), (1, second)];
            let places: Vec<u32> = (0..count).map(|row| place(of_row(row))).collect();
            let words = Words::of_rows(Layout::new(300, 4), count, |row| (of_row(row), 1));
            let in_time = InTime {
                rows: &by_partition,
                owners: &owners_of_rows,
                words: &words,
                places: &places,
            };
            let group = InBlocks::new(in_time, slots, of_block).sorted(slots);

            let mut expected = Vec::new();
            for (partition, rows) in by_partition {
                for owner in BTreeSet::from_iter(owners_of_rows.clone()).range(..owners) {
                    let owner = *owner;
                    let is_own = |row: &&u32| owners_of_rows.get(**row as usize) == Some(&owner);
                    let own: Vec<u32> = rows.iter().filter(is_own).copied().collect();
                    let run = group.run(partition, owner, &words);
                    let found: Vec<u32> = run.places.clone().map(|place| run.row(place)).collect();
                    let ranks: Vec<u32> = run.places.clone().map(|place| run.rank(place)).collect();
                    let of_own = own.iter().map(|row| place(*row)).collect::<Vec<u32>>();
                    prop_assert_eq!(found, of_own);
                    prop_assert_eq!(&ranks, &own);
                    expected.extend(own);
                }
            }
            prop_assert_eq!(group.rows().map(<[u32]>::len), Some(expected.len()));
        }
    }
}
