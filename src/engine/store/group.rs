//! Activities by whose they are, each one's in the order of their days.

use std::ops::Range;

use super::packed::Codes;

/// The activities of every owner of one noun.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Where each owner's start, and where the last one's end.
    starts: Vec<u32>,
    /// The rows; none where they are those of the table itself.
    rows: Option<Vec<u32>>,
    /// What is read first, in the order of `rows`; none where it is the table's own.
    hot: Option<(Codes, Codes)>,
}

/// Activities that stand side by side.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    ranks: &'a Codes,
    classes: &'a Codes,
    rows: Option<&'a [u32]>,
    pub(crate) places: Range<usize>,
    /// Whether they are in the order of their days.
    pub(crate) is_sorted: bool,
    /// Without those of this customer, which are in another run.
    pub(crate) not_of: Option<u32>,
}

impl Group {
    /// The table itself, whose rows stand in the order of their owners.
    pub(crate) fn of_table(starts: Vec<u32>) -> Group {
        Group { starts, rows: None, hot: None }
    }

    /// From pairs of owner and row, in the order of owners, then days, then ids.
    pub(crate) fn of_pairs(
        pairs: &[(u32, u32)],
        owners: u32,
        ranks: &Codes,
        classes: &Codes,
    ) -> Group {
        let mut starts = Vec::with_capacity(owners as usize + 1);
        let mut place = 0;
        for owner in 0..=owners {
            while pairs.get(place).is_some_and(|(other, _)| *other < owner) {
                place += 1;
            }
            starts.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        let pick = |codes: &Codes| {
            let picked = pairs.iter().map(|(_, row)| codes.get(*row as usize));
            let most = match codes {
                Codes::U8(_) => u8::MAX.into(),
                Codes::U16(_) => u16::MAX.into(),
                Codes::U32(_) => u32::MAX,
            };
            Codes::collect(most, picked)
        };
        let rows = pairs.iter().map(|(_, row)| *row).collect();
        Group { starts, rows: Some(rows), hot: Some((pick(ranks), pick(classes))) }
    }

    /// The activities of an owner, or those of nobody where there is no such owner.
    pub(crate) fn run<'a>(&'a self, owner: u32, ranks: &'a Codes, classes: &'a Codes) -> Run<'a> {
        let start = |owner: usize| self.starts.get(owner).map_or(0, |start| *start as usize);
        let owner = owner as usize;
        let (ranks, classes) = match &self.hot {
            Some((ranks, classes)) => (ranks, classes),
            None => (ranks, classes),
        };
        let places = start(owner)..start(owner + 1).max(start(owner));
        Run { ranks, classes, rows: self.rows.as_deref(), places, is_sorted: true, not_of: None }
    }

    /// Whose a place is.
    pub(crate) fn owner(&self, place: u32) -> Option<u32> {
        let owner = self.starts.partition_point(|start| *start <= place).checked_sub(1)?;
        (owner + 1 < self.starts.len()).then(|| u32::try_from(owner).unwrap_or(u32::MAX))
    }

    pub(crate) fn bytes(&self) -> usize {
        let rows = self.rows.as_ref().map_or(0, |rows| 4 * rows.capacity());
        let hot = self.hot.as_ref().map_or(0, |(a, b)| a.bytes() + b.bytes());
        4 * self.starts.capacity() + rows + hot
    }
}

impl<'a> Run<'a> {
    /// The whole table, in no order of days.
    pub(crate) fn of_table(ranks: &'a Codes, classes: &'a Codes, count: usize) -> Run<'a> {
        Run { ranks, classes, rows: None, places: 0..count, is_sorted: false, not_of: None }
    }

    /// The ranks and classes, of all places.
    pub(super) fn hot(&self) -> (&'a Codes, &'a Codes) {
        (self.ranks, self.classes)
    }

    /// Without those of a customer.
    pub(crate) fn not_of(self, customer: Option<u32>) -> Run<'a> {
        Run { not_of: customer, ..self }
    }

    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        self.ranks.get(place)
    }

    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        self.classes.get(place)
    }

    #[inline]
    pub(crate) fn row(&self, place: usize) -> u32 {
        match self.rows {
            Some(rows) => rows.get(place).copied().unwrap_or(0),
            None => u32::try_from(place).unwrap_or(u32::MAX),
        }
    }

    /// Without those of days before a rank, where they are in order.
    pub(crate) fn from(self, rank: u32) -> Run<'a> {
        if !self.is_sorted {
            return self;
        }
        let first = self.ranks.first_from(self.places.clone(), rank);
        Run { places: first..self.places.end, ..self }
    }
}
