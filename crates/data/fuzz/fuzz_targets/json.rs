//! JSON with an array for each table, and JSON on each line.
#![no_main]

use importing::{by_mapping, by_names, hold};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    hold(&by_names("data.json", bytes));
    hold(&by_mapping("activities.ndjson", bytes));
});
