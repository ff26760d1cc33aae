//! Which rows belong together, by way of others too.

use std::collections::BTreeMap;

use super::Why;

/// Rows in groups: what is linked to one of a group is in it.
pub(super) struct Links {
    /// The row that a row leads to; itself, if it stands for its group.
    parents: Vec<u32>,
    why: BTreeMap<u32, Vec<Why>>,
}

impl Links {
    pub(super) fn new(rows: usize) -> Links {
        Links {
            parents: (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect(),
            why: BTreeMap::new(),
        }
    }

    /// The row that stands for a row's group.
    fn root(&mut self, mut row: u32) -> u32 {
        while let Some(parent) = self.parents.get(row as usize).copied() {
            if parent == row {
                break;
            }
            let above = self.parents.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(row as usize) {
                *slot = above;
            }
            row = above;
        }
        row
    }

    /// Links all of these, which have that in common.
    pub(super) fn link(&mut self, rows: &[u32], why: &Why) {
        let [first, others @ ..] = rows else { return };
        if others.is_empty() {
            return;
        }
        for row in others {
            let (a, b) = (self.root(*first), self.root(*row));
            if let Some(parent) = self.parents.get_mut(a.max(b) as usize) {
                *parent = a.min(b);
            }
        }
        for row in rows {
            self.why.entry(*row).or_default().push(why.clone());
        }
    }

    /// For each row, that which stands for its group.
    pub(super) fn roots(&mut self) -> Vec<u32> {
        let rows = 0..u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        rows.map(|row| self.root(row)).collect()
    }

    /// The groups of several.
    pub(super) fn groups(&mut self) -> Vec<Vec<u32>> {
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let linked: Vec<u32> = self.why.keys().copied().collect();
        for row in linked {
            groups.entry(self.root(row)).or_default().push(row);
        }
        groups.into_values().collect()
    }

    /// What a row has in common with others of its group.
    pub(super) fn why(&self, row: u32) -> Vec<Why> {
        let mut why = self.why.get(&row).cloned().unwrap_or_default();
        why.sort();
        why.dedup();
        why
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reason;
    use super::*;

    #[test]
    fn what_is_linked_by_way_of_another_is_in_one_group() {
        let mut links = Links::new(6);
        let why = |value: &str| Why { reason: Reason::SameMail, value: value.to_owned() };
        links.link(&[4, 2], &why("a"));
        links.link(&[0, 5], &why("b"));
        links.link(&[1], &why("c"));
        links.link(&[2, 5], &why("d"));
        assert_eq!(links.groups(), [[0, 2, 4, 5]]);
        assert_eq!(links.why(2), [why("a"), why("d")]);
        assert_eq!(links.why(1), []);
        assert_eq!(links.roots(), [0, 1, 0, 3, 0, 0]);
    }
}
