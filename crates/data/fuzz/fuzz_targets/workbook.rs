//! Workbooks by their parts, so that it is not the archive around them that stops every change.
//!
//! The input is a text: `--- NAME` on a line of its own, then the content of that part.
#![no_main]

use std::io::{Cursor, Write};

use importing::{by_mapping, by_names, hold, let_panics_be_caught};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

libfuzzer_sys::fuzz_target!(init: let_panics_be_caught(), |text: &str| {
    if let Some(bytes) = packed(text) {
        hold(&by_names("data.xlsx", &bytes));
        hold(&by_mapping("data.xlsx", &bytes));
    }
});

/// None if a name is there twice, or is none.
fn packed(text: &str) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in text.strip_prefix("--- ")?.split("\n--- ") {
        let (name, content) = part.split_once('\n')?;
        archive.start_file(name, options).ok()?;
        archive.write_all(content.as_bytes()).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}
