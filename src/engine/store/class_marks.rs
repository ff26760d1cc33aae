//! Which activities are of some classes, a bit for each: worked out when first asked for, and kept as
//! long as the activities stay as they are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many sets of classes are kept: at an eighth of a byte an activity they are small beside it.
const MOST: usize = 32;

/// Bits for the activities of a group, in its order, by the classes that they are of.
#[derive(Debug, Default)]
pub(super) struct ClassMarks(Mutex<Known>);

impl Clone for ClassMarks {
    fn clone(&self) -> Self {
        ClassMarks(Mutex::new(self.known().clone()))
    }
}

type Known = BTreeMap<Vec<u32>, Arc<Vec<u64>>>;

impl ClassMarks {
    /// Those of some classes, if they are kept or there is room to.
    pub(super) fn of(
        &self,
        classes: &[u32],
        mark: impl FnOnce() -> Vec<u64>,
    ) -> Option<Arc<Vec<u64>>> {
        let known = self.known();
        if let Some(marks) = known.get(classes) {
            return Some(marks.clone());
        }
        if known.len() >= MOST {
            return None;
        }
        // Not while others wait: they may be needed for it.
        drop(known);
        let marks = Arc::new(mark());
        Some(self.known().entry(classes.to_vec()).or_insert(marks).clone())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn bytes(&self) -> usize {
        self.known().values().map(|marks| 8 * marks.capacity()).sum()
    }
}
