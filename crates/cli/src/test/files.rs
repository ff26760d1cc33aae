//! The files whose tests are run.

use std::path::{Path, PathBuf};

use crate::output::Failure;
use crate::{folder, rules};

/// The files that are named, and those with tests below the folders that are named.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = folder::rule_files_below(path)?;
        files.extend(found.into_iter().filter(|file| may_have_tests(file)));
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// A file that cannot be read may: it is told of where the tests are run.
fn may_have_tests(file: &Path) -> bool {
    rules::read(file).map_or(true, |text| has_tests(&text))
}

/// Whether an item of the text is a test.
fn has_tests(text: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.strip_prefix("test");
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|c: char| c == '"' || c.is_whitespace())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_tests_if_an_item_is_one() {
        assert!(has_tests("calendar\ntest \"a\"\n"));
        assert!(has_tests("test\n    \"a\"\n") && has_tests("test\"a\""));
        assert!(!has_tests("# test \"a\"\n  test \"a\"\ntested lead: next call\n"));
    }
}
