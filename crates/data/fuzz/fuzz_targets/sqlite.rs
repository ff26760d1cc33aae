//! SQLite databases, byte by byte.
#![no_main]

use importing::{by_names, hold};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hold(&by_names("data.db", bytes)));
