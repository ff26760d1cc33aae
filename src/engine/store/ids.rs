//! What things are called in the data.

use std::borrow::Cow;
use std::cmp::Ordering;

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
    /// Packs ids, in the order of rows. Together they have less than 4 GiB.
    pub(crate) fn pack<'i>(ids: impl ExactSizeIterator<Item = &'i str> + Clone) -> Ids {
        Ids::numbered(ids.clone()).unwrap_or_else(|| {
            let mut bytes = String::new();
            let mut ends = Vec::with_capacity(ids.len());
            for id in ids {
                bytes.push_str(id);
                ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            }
            Ids::Texts { bytes, ends }
        })
    }

    fn numbered<'i>(ids: impl ExactSizeIterator<Item = &'i str> + Clone) -> Option<Ids> {
        let first = ids.clone().next()?;
        let split = first.len() - first.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (prefix, rest) = first.split_at(split);
        let same_length = ids.clone().all(|id| id.len() == first.len());
        let digits = if same_length { rest.len() } else { 0 };
        let mut numbers = Vec::with_capacity(ids.len());
        for id in ids {
            let number = id.strip_prefix(prefix)?;
            let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            let is_plain = digits > 0 || !number.starts_with('0') || number.len() == 1;
            if !is_number || !is_plain {
                return None;
            }
            numbers.push(number.parse().ok()?);
        }
        Some(Ids::Numbered { prefix: prefix.to_owned(), digits, numbers })
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
        if let Ids::Numbered { digits, numbers, .. } = self
            && let (Some(x), Some(y)) = (numbers.get(a as usize), numbers.get(b as usize))
            && (*digits > 0 || x.checked_ilog10() == y.checked_ilog10())
        {
            return x.cmp(y);
        }
        self.get(a).cmp(&self.get(b))
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
            let packed = Ids::pack(ids.iter().copied());
            assert_eq!(packed.len(), ids.len());
            for (a, x) in (0..).zip(ids) {
                assert_eq!(packed.get(a), *x);
                for (b, y) in (0..).zip(ids) {
                    assert_eq!(packed.compare(a, b), x.cmp(y), "{x} {y}");
                }
            }
        }
        assert!(matches!(Ids::pack(tables[0].iter().copied()), Ids::Numbered { .. }));
        assert!(matches!(Ids::pack(tables[1].iter().copied()), Ids::Numbered { .. }));
    }
}
