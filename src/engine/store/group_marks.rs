//! What is asked of each activity of a group, a bit for each: worked out when first asked for, and kept
//! as long as the activities stay as they are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many answers are kept, at an eighth of a byte an activity each.
const MOST: usize = 32;

/// What does not depend on the moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// Whether it is of one of these classes.
    Classes(Vec<u32>),
    /// Whether it names anything in a field, by the field's place.
    Names(usize),
}

/// Bits for the activities of a group, in its order, by what is asked.
#[derive(Debug, Default)]
pub(super) struct GroupMarks(Mutex<KeptMarks>);

impl Clone for GroupMarks {
    fn clone(&self) -> Self {
        GroupMarks(Mutex::new(self.known().clone()))
    }
}

type KeptMarks = BTreeMap<Asked, Arc<Vec<u64>>>;

impl GroupMarks {
    /// The answers, if they are kept or there is room to.
    pub(super) fn of(
        &self,
        asked: Asked,
        mark: impl FnOnce() -> Vec<u64>,
    ) -> Option<Arc<Vec<u64>>> {
        let known = self.known();
        if let Some(marks) = known.get(&asked) {
            return Some(marks.clone());
        }
        if known.len() >= MOST {
            return None;
        }
        // Not while others wait: they may be needed for it.
        drop(known);
        let marks = Arc::new(mark());
        Some(self.known().entry(asked).or_insert(marks).clone())
    }

    fn known(&self) -> MutexGuard<'_, KeptMarks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn bytes(&self) -> usize {
        self.known().values().map(|marks| 8 * marks.capacity()).sum()
    }
}
