//! A table in which each thing is once.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

/// The place of a thing in its [`Arena`].
pub(crate) struct Id<T> {
    place: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    pub(crate) fn index(self) -> usize {
        self.place as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl<T> Eq for Id<T> {}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.place.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.place)
    }
}

/// Things by their [`Id`]s; what is equal has one.
#[derive(Debug, Clone)]
pub(crate) struct Arena<T> {
    things: Vec<Arc<T>>,
    ids: HashMap<Arc<T>, u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena { things: Vec::new(), ids: HashMap::new() }
    }
}

impl<T: Hash + Eq> Arena<T> {
    /// Puts a thing in, if it is not there, and says where it is.
    pub(crate) fn insert(&mut self, thing: T) -> Id<T> {
        let thing = Arc::new(thing);
        let next = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        let place = *self.ids.entry(thing.clone()).or_insert(next);
        if place == next {
            self.things.push(thing);
        }
        Id { place, of: PhantomData }
    }
}

impl<T> Arena<T> {
    #[expect(clippy::indexing_slicing, reason = "an id is made by inserting")]
    pub(crate) fn get(&self, id: Id<T>) -> &T {
        &self.things[id.index()]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        let id = |place| Id { place, of: PhantomData };
        (0..).map(id).zip(self.things.iter().map(AsRef::as_ref))
    }
}
