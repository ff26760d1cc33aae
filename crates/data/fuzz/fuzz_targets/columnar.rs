//! Parquet, and Arrow as a file and as a stream.
#![no_main]

use std::panic;

use importing::{by_mapping, by_names, hold};

libfuzzer_sys::fuzz_target!(
    // The libraries that decode these forms panic where a file is broken, and kadence catches that:
    // what breaks the target is what it does not catch.
    init: panic::set_hook(Box::new(|what| eprintln!("{what}"))),
    |bytes: &[u8]| {
        hold(&by_mapping("activities.parquet", bytes));
        // Perhaps the export of a system.
        hold(&by_names("export.arrow", bytes));
    }
);
