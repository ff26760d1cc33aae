//! CSV in any encoding.
#![no_main]

use importing::{by_mapping, by_names, hold};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    hold(&by_mapping("activities.csv", bytes));
    // Perhaps the export of a system.
    hold(&by_names("export.csv", bytes));
});
