//! What things are called in the data.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;
use std::ops::Range;

use super::column::MISSING;
use super::merge::Merge;
use super::names::{Names, as_text};
use super::parallel;

/// The ids of a table, by row.
#[derive(Debug, Clone)]
pub(crate) enum Ids {
    /// The same letters before a number, which has `digits` digits or, where that is zero, no zero
    /// in front.
    Numbered {
        prefix: String,
        digits: usize,
        numbers: Vec<u32>,
    },
    Texts {
        bytes: String,
        ends: Vec<u32>,
    },
}

impl Default for Ids {
    fn default() -> Self {
        Ids::Texts { bytes: String::new(), ends: Vec::new() }
    }
}

impl Ids {
    /// Packs ids, each at its place. Together they have less than 4 GiB.
    pub(super) fn place(names: &Names, codes: &[u32], places: &[u32]) -> Ids {
        if let Some((prefix, digits)) = names.pattern(codes) {
            let mut numbers = parallel::place(codes, places, 0);
            if digits > 0 {
                numbers.iter_mut().for_each(|code| *code = Names::number(*code));
            }
            return Ids::Numbered { prefix: prefix.to_owned(), digits, numbers };
        }
        Ids::texts(names, parallel::place(codes, places, MISSING).into_iter())
    }

    fn texts(names: &Names, codes: impl Iterator<Item = u32>) -> Ids {
        let mut bytes = String::new();
        let mut ends = Vec::new();
        for code in codes {
            bytes.push_str(&names.text(code));
            ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        }
        bytes.shrink_to_fit();
        ends.shrink_to_fit();
        Ids::Texts { bytes, ends }
    }

    /// With more ids, given by their codes.
    pub(super) fn merged(&self, names: &Names, codes: &[u32], merge: &Merge) -> Ids {
        if self.len() == 0 {
            return Ids::place(names, codes, &merge.places());
        }
        let code = |row: u32| codes.get(row as usize).copied();
        if let Ids::Numbered { prefix, digits, numbers } = self
            && names.follow(prefix, *digits, codes)
        {
            let numbers = merge.values(
                |row| numbers.get(row as usize).copied().unwrap_or(0),
                |row| Names::number(code(row).unwrap_or(0)),
            );
            return Ids::Numbered { prefix: prefix.clone(), digits: *digits, numbers };
        }
        let mut bytes = String::with_capacity(self.bytes());
        let mut ends = Vec::with_capacity(merge.len());
        for (rows, row) in merge.runs() {
            self.write(rows, &mut bytes, &mut ends);
            if let Some(row) = row {
                bytes.push_str(&names.text(code(row).unwrap_or(MISSING)));
                ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            }
        }
        bytes.shrink_to_fit();
        Ids::Texts { bytes, ends }
    }

    /// Adds the ids of some rows to texts.
    fn write(&self, rows: Range<u32>, bytes: &mut String, ends: &mut Vec<u32>) {
        let rows = rows.start as usize..rows.end as usize;
        let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        match self {
            Ids::Numbered { prefix, digits, numbers } => {
                for number in numbers.get(rows).unwrap_or_default() {
                    // Writing to a string does not fail.
                    let _ = write!(bytes, "{prefix}{number:0digits$}");
                    ends.push(end(bytes.len()));
                }
            }
            Ids::Texts { bytes: texts, ends: all } => {
                let before = rows.start.checked_sub(1).and_then(|row| all.get(row)).copied();
                let start = before.unwrap_or(0) as usize;
                let all = all.get(rows).unwrap_or_default();
                let shift = bytes.len();
                ends.extend(all.iter().map(|all| end(*all as usize - start + shift)));
                let last = all.last().map_or(start, |last| *last as usize);
                bytes.push_str(texts.get(start..last).unwrap_or_default());
            }
        }
    }

    /// Names that number things as these are.
    pub(super) fn names(&self) -> Names {
        match self {
            Ids::Numbered { prefix, numbers, .. } if !numbers.is_empty() => Names::after(prefix),
            _ => Names::default(),
        }
    }

    /// The codes that ids have among these names, with their rows.
    pub(super) fn each_code(&self, names: &Names, mut each: impl FnMut(u32, u32)) {
        match self {
            Ids::Numbered { prefix, digits, numbers } if names.are_after(prefix) => {
                for (row, number) in (0..).zip(numbers) {
                    each(Names::code_of_digits(*number, *digits), row);
                }
            }
            _ => {
                for row in (0..).take(self.len()) {
                    if let Some(code) = names.known(&self.get(row)) {
                        each(code, row);
                    }
                }
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Ids::Numbered { numbers, .. } => numbers.len(),
            Ids::Texts { ends, .. } => ends.len(),
        }
    }

    /// Empty where there is no such row.
    pub(crate) fn get(&self, row: u32) -> Cow<'_, str> {
        let row = row as usize;
        match self {
            Ids::Numbered { prefix, digits, numbers } => match numbers.get(row) {
                Some(number) => Cow::Owned(format!("{prefix}{number:0digits$}")),
                None => Cow::Borrowed(""),
            },
            Ids::Texts { bytes, ends } => {
                let end = ends.get(row).copied().unwrap_or(0) as usize;
                let start = row.checked_sub(1).and_then(|row| ends.get(row)).copied().unwrap_or(0);
                Cow::Borrowed(bytes.get(start as usize..end).unwrap_or(""))
            }
        }
    }

    /// The order of two rows' ids as texts.
    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        if let (Some(x), Some(y)) = (self.key(a), self.key(b)) {
            return x.cmp(&y);
        }
        self.get(a).cmp(&self.get(b))
    }

    /// A number for each row whose order is that of the ids as texts, where all have one.
    #[inline]
    pub(crate) fn key(&self, row: u32) -> Option<u64> {
        let Ids::Numbered { digits, numbers, .. } = self else { return None };
        let number = *numbers.get(row as usize)?;
        Some(if *digits > 0 { number.into() } else { as_text(number) })
    }

    /// The row of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let row = match self {
            Ids::Numbered { prefix, digits, numbers } => {
                let number: u32 = id.strip_prefix(prefix.as_str())?.parse().ok()?;
                (format!("{prefix}{number:0digits$}") == id).then_some(())?;
                numbers.iter().position(|other| *other == number)
            }
            Ids::Texts { .. } => {
                (0..self.len()).find(|row| u32::try_from(*row).is_ok_and(|row| self.get(row) == id))
            }
        };
        u32::try_from(row?).ok()
    }

    /// The row of an id where rows are in the order of ids.
    pub(super) fn find_sorted(&self, id: &str) -> Option<u32> {
        if let Ids::Numbered { prefix, digits, numbers } = self {
            let number: u32 = id.strip_prefix(prefix.as_str())?.parse().ok()?;
            let key = |number: u32| if *digits > 0 { number.into() } else { as_text(number) };
            let place = numbers.binary_search_by_key(&key(number), |n| key(*n)).ok()?;
            let row = u32::try_from(place).ok()?;
            return (self.get(row) == id).then_some(row);
        }
        let (mut low, mut high) = (0, u32::try_from(self.len()).ok()?);
        while low < high {
            let middle = low + (high - low) / 2;
            if &*self.get(middle) < id { low = middle + 1 } else { high = middle }
        }
        ((low as usize) < self.len() && self.get(low) == id).then_some(low)
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Ids::Numbered { numbers, .. } => 4 * numbers.capacity(),
            Ids::Texts { bytes, ends } => bytes.capacity() + 4 * ends.capacity(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(ids: &[&str]) -> Ids {
        let mut names = Names::default();
        let codes: Vec<u32> = ids.iter().map(|id| names.code(id)).collect();
        let rows: Vec<u32> = (0..).take(ids.len()).collect();
        Ids::place(&names, &codes, &rows)
    }

    #[test]
    fn ids_are_what_they_were_and_compare_as_texts() {
        let tables: [&[&str]; 8] = [
            &["a1", "a2", "a10", "a0"],
            &["a01", "a02", "a10"],
            &["1", "22", "3"],
            &["x", "y2", "y10", "æ"],
            &["a1", "a01"],
            &["7", "99999999999"],
            &["a", "a1"],
            &[],
        ];
        for ids in tables {
            let packed = packed(ids);
            assert_eq!(packed.len(), ids.len());
            assert_eq!(packed.find("a3"), None);
            for (a, x) in (0..).zip(ids) {
                assert_eq!(packed.get(a), *x);
                assert_eq!(packed.find(x), Some(a));
                for (b, y) in (0..).zip(ids) {
                    assert_eq!(packed.compare(a, b), x.cmp(y), "{x} {y}");
                }
            }
        }
        assert!(matches!(packed(tables[0]), Ids::Numbered { .. }));
        assert!(matches!(packed(tables[1]), Ids::Numbered { .. }));
    }
}
