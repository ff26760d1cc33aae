//! The committed data is what the generator makes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_committed_files_are_what_the_generator_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic/data");
    let made = kadence_nordic::files().unwrap();
    for (name, text) in &made {
        let committed = fs::read_to_string(folder.join(name)).unwrap();
        assert!(
            committed == *text,
            "{name} differs: cargo run -p kadence-nordic -- examples/nordic/data"
        );
    }
    let made: BTreeSet<String> = made.iter().map(|(name, _)| (*name).to_owned()).collect();
    let committed: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(committed, made);
}
