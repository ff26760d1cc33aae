//! What is found in a folder that stands for rules, data and as-of together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kadence::Noun;

use crate::output::{Failure, clean};
use crate::rules;

/// What the arguments `RULES…` stand for.
#[derive(Debug)]
pub(crate) struct Found {
    /// The rule files: at least one.
    pub(crate) files: Vec<PathBuf>,
    /// The data beside them, where a folder was given that has some.
    pub(crate) data: Option<PathBuf>,
}

/// The rule files that the arguments name, or the one rule file of the folder that they name.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Found, Failure> {
    match paths {
        [folder] if folder.is_dir() => {
            Ok(Found { files: vec![rule_file(folder)?], data: data_in(folder) })
        }
        _ => match paths.iter().find(|path| path.is_dir()) {
            Some(folder) => Err(Failure(format!(
                "`{}` is a folder: expected rule files, or one folder alone",
                clean(folder.display())
            ))),
            None => Ok(Found { files: paths.to_vec(), data: None }),
        },
    }
}

/// What is said where neither `--data` nor a folder among the paths has data.
pub(crate) fn missing_data(paths: &[PathBuf]) -> Failure {
    match paths.iter().find(|path| path.is_dir()) {
        Some(folder) => Failure(format!(
            "no data in `{}`: expected `data/` or tables such as `customers.csv`; or say `--data PATH`",
            clean(folder.display())
        )),
        None => {
            Failure::new("no data: say where it is with `--data PATH`, a folder or a JSON file")
        }
    }
}

/// The entries of a folder with their paths, by name.
pub(crate) fn entries(folder: &Path) -> Result<Vec<std::fs::DirEntry>, Failure> {
    let cannot = |error: std::io::Error| {
        Failure(format!("cannot read the folder `{}`: {error}", clean(folder.display())))
    };
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder).map_err(cannot)?.collect();
    let mut entries = entries.map_err(cannot)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    Ok(entries)
}

/// The rule files below a folder, by name; what is hidden is left out.
pub(crate) fn rule_files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut open = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in entries(&folder)? {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // The type of a link itself, so that a link to a folder above ends here.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            match entry.path() {
                folder if is_folder && !hidden => open.push(folder),
                file if is_rule_file(&file) => found.push(file),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_rule_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "kpi") && !path.is_dir()
}

fn is_test_file(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_test"))
}

/// The one rule file that holds no tests beside another's rules and that no other one uses.
fn rule_file(folder: &Path) -> Result<PathBuf, Failure> {
    let shown = clean(folder.display());
    let paths = entries(folder)?.into_iter().map(|entry| entry.path());
    let files: Vec<PathBuf> =
        paths.filter(|path| is_rule_file(path) && !is_test_file(path)).collect();
    let mut used = BTreeSet::new();
    for file in &files {
        // A file that cannot be read uses nothing here; it is refused where it is needed.
        let text = rules::read(file).unwrap_or_default();
        let others = rules::uses(&text).map(|name| plain(&folder.join(name)));
        used.extend(others.filter(|other| other != file));
    }
    let roots: Vec<&PathBuf> = files.iter().filter(|file| !used.contains(*file)).collect();
    match (roots.as_slice(), files.as_slice()) {
        ([file], _) => Ok((*file).clone()),
        ([], []) => Err(Failure(format!(
            "no rule file in `{shown}`: expected a `.kpi` that is no `_test.kpi`"
        ))),
        ([], files) => Err(Failure(format!(
            "the rule files in `{shown}` use each other in a circle: {}; name the one that is meant",
            names(files)
        ))),
        (roots, _) => Err(Failure(format!(
            "several rule files in `{shown}`: {}; name the one that is meant, or let it `use` the others",
            names(roots)
        ))),
    }
}

/// Without `./` inside.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}

fn names<P: AsRef<Path>>(paths: &[P]) -> String {
    let name = |path: &P| path.as_ref().file_name().map(|name| clean(name.to_string_lossy()));
    let names: Vec<String> = paths.iter().filter_map(name).map(|n| format!("`{n}`")).collect();
    names.join(", ")
}

/// `data/`, or the folder itself if it has tables.
fn data_in(folder: &Path) -> Option<PathBuf> {
    let data = folder.join("data");
    if data.is_dir() {
        return Some(data);
    }
    let has_table =
        Noun::ALL.iter().any(|noun| folder.join(format!("{}.csv", noun.table())).is_file());
    has_table.then(|| folder.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        dir
    }

    fn found(files: &[(&str, &str)]) -> Result<(String, Option<String>), String> {
        let dir = folder(files);
        let name = |path: PathBuf| path.strip_prefix(dir.path()).unwrap().display().to_string();
        match find(&[dir.path().to_owned()]) {
            Ok(Found { mut files, data }) => Ok((name(files.remove(0)), data.map(name))),
            Err(Failure(message)) => Err(message.replace(&dir.path().display().to_string(), "DIR")),
        }
    }

    #[test]
    fn the_rule_file_is_the_one_that_no_other_uses() {
        let files = [
            ("segments.kpi", ""),
            ("targets.kpi", "use \"./segments.kpi\"\n"),
            ("targets_test.kpi", "use \"targets.kpi\"\n"),
            ("data/customers.csv", ""),
        ];
        assert_eq!(found(&files), Ok(("targets.kpi".into(), Some("data".into()))));
    }

    #[test]
    fn tables_may_lie_beside_the_rules() {
        let files = [("a.kpi", ""), ("activities.csv", "")];
        assert_eq!(found(&files), Ok(("a.kpi".into(), Some(String::new()))));
        assert_eq!(found(&[("a.kpi", ""), ("notes.csv", "")]), Ok(("a.kpi".into(), None)));
    }

    #[test]
    fn none_several_and_a_circle_are_refused_in_words() {
        insta::assert_snapshot!(found(&[("a_test.kpi", "")]).unwrap_err(), @"no rule file in `DIR`: expected a `.kpi` that is no `_test.kpi`");
        insta::assert_snapshot!(found(&[("a.kpi", ""), ("b.kpi", "")]).unwrap_err(), @"several rule files in `DIR`: `a.kpi`, `b.kpi`; name the one that is meant, or let it `use` the others");
        insta::assert_snapshot!(found(&[("a.kpi", "use \"b.kpi\""), ("b.kpi", "use \"a.kpi\"")]).unwrap_err(), @"the rule files in `DIR` use each other in a circle: `a.kpi`, `b.kpi`; name the one that is meant");
    }
}
