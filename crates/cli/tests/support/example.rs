//! The example company, for the tests that change it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// The example company, to work on.
pub(crate) fn company() -> TempDir {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic");
    let dir = tempfile::tempdir().unwrap();
    for folder in ["", "data"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
        for entry in fs::read_dir(example.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, dir.path().join(folder).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    dir
}
