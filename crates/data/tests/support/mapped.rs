//! Data through a mapping, beside the data that it stands for.

use kadence::{Dataset, NoFiles, RuleSet, Schema};
use kadence_data::{Import, read};

pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn folder(files: Files<'_>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

pub(crate) fn schema(rules: &str) -> Schema {
    RuleSet::compile("fields.kpi", rules, &NoFiles).unwrap().schema().clone()
}

/// The dataset of files among which is `kadence.toml`, and all that is said of it.
pub(crate) fn mapped(files: Files<'_>, schema: &Schema) -> (Dataset, Vec<String>) {
    let dir = folder(files);
    let builder = Import::new(dir.path()).read(schema).unwrap_or_else(|wrong| panic!("{wrong}"));
    let (dataset, problems) = builder.build_lenient();
    let said = problems.errors.iter().chain(&problems.notes).map(ToString::to_string).collect();
    (dataset, said)
}

/// That files with a mapping are the data of other files, with nothing to be said of either.
#[track_caller]
pub(crate) fn assert_same(files: Files<'_>, expected: Files<'_>) {
    assert_same_with("", files, expected);
}

#[track_caller]
pub(crate) fn assert_same_with(rules: &str, files: Files<'_>, expected: Files<'_>) {
    let schema = schema(rules);
    let (found, said) = mapped(files, &schema);
    assert_eq!(said, Vec::<String>::new());
    let dir = folder(expected);
    let (expected, notes) = read(dir.path(), &schema).unwrap().build().unwrap();
    assert_eq!(notes, []);
    assert_eq!(found, expected);
}
