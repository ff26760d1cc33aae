//! Text to spanned tree, with every error at once.

pub(crate) mod tree;
