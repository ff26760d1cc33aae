//! Activities by kind and state.

/// An activity's state as of a moment; none while it does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Completed = 1,
    /// Planned, on a day that is not over.
    Ahead = 2,
    /// Planned, and its day is over.
    Overdue = 4,
    Cancelled = 8,
}

/// Some states, one bit each.
pub(crate) type States = u8;

/// Every state.
pub(crate) const EVERY: States = 15;

impl State {
    pub(crate) const ALL: [State; 4] =
        [State::Completed, State::Ahead, State::Overdue, State::Cancelled];

    pub(crate) fn word(self) -> &'static str {
        match self {
            State::Completed => "completed",
            State::Ahead => "ahead",
            State::Overdue => "overdue",
            State::Cancelled => "cancelled",
        }
    }
}

/// Which kinds of activities in which states: a row of states for every kind of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ClassSet(Box<[States]>);

impl ClassSet {
    /// All kinds, in some states.
    pub(crate) fn all(kinds: usize, states: States) -> Self {
        ClassSet(vec![states; kinds].into())
    }

    /// One kind, in some states.
    pub(crate) fn one(kinds: usize, kind: usize, states: States) -> Self {
        let states = |k| if k == kind { states } else { 0 };
        ClassSet((0..kinds).map(states).collect())
    }

    /// Those that are in both.
    pub(crate) fn and(&self, other: &ClassSet) -> ClassSet {
        ClassSet(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    /// Those that are in either.
    pub(crate) fn or(&self, other: &ClassSet) -> ClassSet {
        ClassSet(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|states| *states == 0)
    }

    /// In which states a kind is in it.
    pub(crate) fn states(&self, kind: usize) -> States {
        self.0.get(kind).copied().unwrap_or(0)
    }

    pub(crate) fn has(&self, kind: usize, state: State) -> bool {
        self.states(kind) & state as u8 != 0
    }
}
