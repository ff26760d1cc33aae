//! Walks over activities that touch nothing but ranks and classes.

use std::ops::Range;

use super::Run;
use super::packed::Codes;

/// For each class whether it is looked for.
pub(crate) type Wanted = [bool];

impl Run<'_> {
    /// The places whose ranks are in a range, of a run in the order of its days.
    pub(crate) fn between(&self, ranks: &Range<u32>) -> Range<usize> {
        let (codes, _) = self.hot();
        let first = codes.first_from(self.places.clone(), ranks.start);
        let end = codes.first_from(first..self.places.end, ranks.end);
        first..end
    }

    /// The first of some places, which are in the order of their days, whose rank is not below.
    pub(crate) fn first_from(&self, places: Range<usize>, rank: u32) -> usize {
        self.hot().0.first_from(places, rank)
    }

    /// How many of some places are of a class that is wanted.
    pub(crate) fn count(&self, places: Range<usize>, wanted: &Wanted) -> usize {
        let (_, classes) = self.hot();
        match classes {
            Codes::U8(codes) => count(codes.get(places), wanted),
            Codes::U16(codes) => count(codes.get(places), wanted),
            Codes::U32(codes) => count(codes.get(places), wanted),
        }
    }

    /// The first of some places that is of a class that is wanted.
    pub(crate) fn first(&self, places: Range<usize>, wanted: &Wanted) -> Option<usize> {
        let (_, classes) = self.hot();
        let start = places.start;
        let found = match classes {
            Codes::U8(codes) => position(codes.get(places), wanted),
            Codes::U16(codes) => position(codes.get(places), wanted),
            Codes::U32(codes) => position(codes.get(places), wanted),
        };
        found.map(|place| start + place)
    }

    /// Each of some places whose rank is in a range, in whatever order their days are.
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

    /// Each of some places that is of a class that is wanted.
    pub(crate) fn each(&self, places: Range<usize>, wanted: &Wanted, each: impl FnMut(usize)) {
        let (_, classes) = self.hot();
        let start = places.start;
        match classes {
            Codes::U8(codes) => visit(codes.get(places), wanted, start, each),
            Codes::U16(codes) => visit(codes.get(places), wanted, start, each),
            Codes::U32(codes) => visit(codes.get(places), wanted, start, each),
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

fn is_wanted<C: Copy + Into<u64>>(wanted: &Wanted, code: C) -> bool {
    let place = usize::try_from(code.into()).unwrap_or(usize::MAX);
    wanted.get(place).copied().unwrap_or(false)
}

fn count<C: Copy + Into<u64>>(codes: Option<&[C]>, wanted: &Wanted) -> usize {
    codes.unwrap_or(&[]).iter().map(|code| usize::from(is_wanted(wanted, *code))).sum()
}

fn position<C: Copy + Into<u64>>(codes: Option<&[C]>, wanted: &Wanted) -> Option<usize> {
    codes.unwrap_or(&[]).iter().position(|code| is_wanted(wanted, *code))
}

fn visit<C: Copy + Into<u64>>(
    codes: Option<&[C]>,
    wanted: &Wanted,
    start: usize,
    mut each: impl FnMut(usize),
) {
    for (place, code) in (start..).zip(codes.unwrap_or(&[])) {
        if is_wanted(wanted, *code) {
            each(place);
        }
    }
}
