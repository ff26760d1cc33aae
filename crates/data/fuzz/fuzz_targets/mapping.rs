//! Mapping files, right and wrong ones.
#![no_main]

use importing::{by_names, hold};
use kadence_data::Mapping;

/// What they explain.
const DATA: &str = include_str!("../src/data.json");

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(mapping) = Mapping::parse("kadence.toml", text) {
        hold(&by_names("data.json", DATA.as_bytes()).mapping(mapping));
    }
});
