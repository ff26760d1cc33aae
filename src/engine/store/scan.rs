//! Walks over activities in whatever order their days are.

use std::ops::Range;

use super::Run;
use super::packed::Codes;

impl Run<'_> {
    /// Each of some places whose rank is in a range.
    pub(crate) fn each_within(
        &self,
        places: Range<usize>,
        ranks: &Range<u32>,
        mut each: impl FnMut(usize),
    ) {
        let (codes, _) = self.hot();
        let start = places.start;
        match codes {
            Codes::U8(codes) => within(codes.get(places), ranks, |n| each(start + n)),
            Codes::U16(codes) => within(codes.get(places), ranks, |n| each(start + n)),
            Codes::U32(codes) => within(codes.get(places), ranks, |n| each(start + n)),
        }
    }
}

/// Chunk by chunk: in most of them there is none.
fn within<C: Copy + Into<u32>>(
    codes: Option<&[C]>,
    ranks: &Range<u32>,
    mut each: impl FnMut(usize),
) {
    let is_in = |code: &C| (*code).into().wrapping_sub(ranks.start) < ranks.end - ranks.start;
    for (n, chunk) in codes.unwrap_or(&[]).chunks(32).enumerate() {
        if chunk.iter().fold(false, |any, code| any | is_in(code)) {
            let found = chunk.iter().enumerate().filter(|(_, code)| is_in(code));
            found.for_each(|(place, _)| each(32 * n + place));
        }
    }
}
