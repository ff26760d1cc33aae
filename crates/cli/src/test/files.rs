//! The files whose tests are run.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::output::{Failure, clean};
use crate::{folder, rules};

/// A rule file to be looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// It has no tests, and no test uses it: it was found because all rules are to be covered.
    pub(super) is_for_coverage: bool,
}

/// The files that are named, those that match a glob, and those with tests below the folders that
/// are named. With `everything` also those below that no other of them uses.
pub(super) fn find(paths: &[PathBuf], everything: bool) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    let mut others = Vec::new();
    for path in paths {
        for path in matching(path)? {
            if !path.is_dir() {
                files.push(path);
                continue;
            }
            let (with, without): (Vec<_>, Vec<_>) =
                folder::rule_files_below(&path)?.into_iter().partition(|file| may_have_tests(file));
            files.extend(with);
            others.extend(without);
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    others.retain(|file| everything && seen.insert(file.clone()));
    let used: BTreeSet<PathBuf> = if others.is_empty() {
        BTreeSet::new()
    } else {
        // A file that cannot be read uses nothing here; it is told of where the tests are run.
        let used = |file| rules::reached_from(file, &rules::read(file).unwrap_or_default());
        files.iter().chain(&others).flat_map(|file| used(file)).collect()
    };
    others.retain(|file| !used.contains(&rules::canonical(file)));
    let file = |is_for_coverage| move |path| File { path, is_for_coverage };
    Ok(files.into_iter().map(file(false)).chain(others.into_iter().map(file(true))).collect())
}

/// The path itself, or what matches it if it is none and looks like a glob.
fn matching(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let glob = path.to_str().filter(|text| text.contains(['*', '?', '[']) && !path.exists());
    let Some(glob) = glob else { return Ok(vec![path.to_path_buf()]) };
    let shown = clean(glob);
    let wrong = |error: glob::PatternError| {
        Failure(format!("`{shown}` is no glob: {} at character {}", error.msg, error.pos + 1))
    };
    let options = glob::MatchOptions { require_literal_separator: true, ..Default::default() };
    let found: Result<Vec<PathBuf>, _> = glob::glob_with(glob, options).map_err(wrong)?.collect();
    let found = found.map_err(|error| {
        let path = clean(error.path().display());
        Failure(format!("cannot read the folder `{path}`: {}", error.error()))
    })?;
    if found.is_empty() {
        return Err(Failure(format!("no file matches `{shown}`: expected rule files")));
    }
    Ok(found)
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

/// What a file that a rule file names is called from here, or the rule file itself.
pub(super) fn called(path: &Path, name: &str) -> String {
    if Path::new(name) == path { plain(path) } else { plain(&rules::parent(path).join(name)) }
}

/// Without `.` and `..` inside, so that one file has one name.
fn plain(path: &Path) -> String {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let is_named = matches!(plain.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if is_named => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain.display().to_string()
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

    #[test]
    fn one_file_has_one_name() {
        assert_eq!(called(Path::new("./r/a_test.kpi"), "../r/./a.kpi"), "r/a.kpi");
        assert_eq!(called(Path::new("../r/a_test.kpi"), "a.kpi"), "../r/a.kpi");
        assert_eq!(called(Path::new("./r/a.kpi"), "./r/a.kpi"), "r/a.kpi");
    }

    #[test]
    fn folders_give_what_has_tests_and_globs_what_matches() {
        let dir = tempfile::tempdir().unwrap();
        let rules = "use \"words.kpi\"\n";
        for (name, text) in [
            ("a.kpi", "use \"words.kpi\"\n"),
            ("a_test.kpi", "use \"a.kpi\"\ntest \"a\"\n"),
            ("words.kpi", ""),
            ("alone.kpi", rules),
            ("deep/b_test.kpi", "test \"b\"\n"),
        ] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let found = |path: &str, everything| match find(&[dir.path().join(path)], everything) {
            Ok(files) => files.iter().map(|file| shown(dir.path(), file)).collect::<Vec<_>>(),
            Err(Failure(message)) => {
                vec![message.replace(dir.path().to_str().unwrap(), "DIR")]
            }
        };
        assert_eq!(found("", false), ["a_test.kpi", "deep/b_test.kpi"]);
        assert_eq!(found("", true), ["a_test.kpi", "deep/b_test.kpi", "(alone.kpi)"]);
        assert_eq!(found("**/*_test.kpi", false), ["a_test.kpi", "deep/b_test.kpi"]);
        assert_eq!(found("*_test.kpi", false), ["a_test.kpi"]);
        assert_eq!(found("d*", true), ["deep/b_test.kpi"]);
        assert_eq!(found("x*", true), ["no file matches `DIR/x*`: expected rule files"]);
        assert!(found("a[", true).concat().contains("is no glob"));
    }

    fn shown(dir: &Path, file: &File) -> String {
        let name = file.path.strip_prefix(dir).unwrap().display().to_string();
        if file.is_for_coverage { format!("({name})") } else { name }
    }
}
