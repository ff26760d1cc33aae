//! Merge files, which say what ids are one.
#![no_main]

use std::cell::LazyCell;
use std::fs;

use importing::{by_names, hold};
use tempfile::TempDir;

const DATA: &str = include_str!("../src/data.json");

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| TempDir::new().expect("a folder"));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| FOLDER.with(|folder| {
    let path = folder.path().join("merge.csv");
    fs::write(&path, bytes).expect("a file");
    hold(&by_names("data.json", DATA.as_bytes()).merge(path));
}));
