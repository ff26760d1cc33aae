//! Parquet, and Arrow as a file and as a stream.
#![no_main]

use importing::{by_mapping, by_names, hold, let_panics_be_caught};

libfuzzer_sys::fuzz_target!(init: let_panics_be_caught(), |bytes: &[u8]| {
    hold(&by_mapping("activities.parquet", bytes));
    // Perhaps the export of a system.
    hold(&by_names("export.arrow", bytes));
});
