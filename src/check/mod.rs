//! From the tree to resolved, typed rules.

pub(crate) mod rules;
