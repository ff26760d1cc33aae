//! Data as it comes out of other systems: what is said of each is its snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use kadence::Schema;
use kadence_data::read;

#[test]
fn what_is_wrong_with_data_is_said() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut datasets: Vec<PathBuf> =
        fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    datasets.retain(|path| !path.ends_with("snapshots"));
    datasets.sort();
    assert!(datasets.len() >= 15);
    let mut silent = Vec::new();
    for path in datasets {
        let mistake = path.file_stem().unwrap().to_string_lossy().into_owned();
        let said = match read(&path, &Schema::default()) {
            Ok(builder) => builder.build_lenient().1.to_string(),
            Err(error) => error.to_string().replace(&corpus.display().to_string(), "corpus"),
        };
        if said.is_empty() {
            silent.push(mistake);
            continue;
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("corpus/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(mistake, said));
    }
    assert_eq!(silent, [""; 0], "nothing is said of them");
}
