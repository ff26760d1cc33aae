//! What every importer is held to, whatever it is fed with.

use std::sync::LazyLock;

use chrono::NaiveDate;
use kadence::{NoFiles, Options, RuleSet};
use kadence_data::{Import, Mapping, ReadError};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::compile("rules.kpi", include_str!("rules.kpi"), &NoFiles).expect("the rules are right")
});

/// A mapping that takes one table for activities, with what it says of customers and sellers.
static MAPPING: LazyLock<Mapping> = LazyLock::new(|| {
    Mapping::parse("kadence.toml", include_str!("kadence.toml")).expect("the mapping is right")
});

/// The data of a file whose tables are named like nouns, or known to a preset.
pub fn by_names(name: &str, bytes: &[u8]) -> Import {
    Import::of_bytes(name, bytes.to_vec())
}

/// The data of a file with one table of activities.
pub fn by_mapping(name: &str, bytes: &[u8]) -> Import {
    by_names(name, bytes).mapping(MAPPING.clone())
}

/// For targets of libraries that panic where a file is broken, which kadence catches: then what breaks
/// the target is what it does not catch.
pub fn let_panics_be_caught() {
    std::panic::set_hook(Box::new(|what| eprintln!("{what}")));
}

/// Reads it twice, once for all of it and once for what can be used, and judges this.
///
/// # Panics
///
/// If the two times differ, if an error has no file or no line, if something is wrong and the data
/// is built as if it were whole, or if it cannot be judged.
pub fn hold(import: &Import) {
    let read = || import.read(RULES.schema());
    let (whole, usable) = match (read(), read()) {
        (Ok(whole), Ok(usable)) => (whole, usable),
        (whole, usable) => {
            let error = |read: Result<_, ReadError>| read.err().map(|error| error.to_string());
            assert_eq!(error(whole), error(usable), "the second time differs");
            return;
        }
    };
    let (data, problems) = usable.build_lenient();
    for problem in &problems.errors {
        let place = problem.place.as_ref().expect("an error has a place");
        assert!(!place.file.is_empty() && place.line > 0, "an error of no place: {problem}");
    }
    match whole.build() {
        Ok((whole, notes)) => {
            assert!(problems.is_usable(), "half of it is passed on as whole: {problems}");
            assert_eq!((&whole, &notes), (&data, &problems.notes), "the second time differs");
        }
        // What refers to a row that is left out is left out too, and said.
        Err(wrong) => assert!(wrong.total <= problems.total, "the second time differs"),
    }
    let day = NaiveDate::from_ymd_opt(2026, 11, 15).expect("a day");
    if let Err(error) = RULES.evaluate(&data, &Options::at(day)) {
        panic!("what was read cannot be judged: {error}");
    }
}
