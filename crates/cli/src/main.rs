//! The command `kadence`.

fn main() {}
