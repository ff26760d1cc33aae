//! From paths to a compiled rule set.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kadence::verdict::RuleInfo;
use kadence::{Compilation, Compiler, EvaluateError, Resolver, RuleSet};
use kadence_data::Folder;

use crate::output::{Failure, clean};

/// The most bytes that a rule file may have.
const LIMIT: usize = 1024 * 1024;

/// Compiles one rule file, or several as one rule set that uses them all.
pub(crate) fn compile(files: &[PathBuf]) -> Result<Compilation, Failure> {
    let mut texts = Vec::new();
    for path in files {
        texts.push((path.as_path(), read(path)?));
    }
    let roots = roots(texts);
    let compiler = Compiler::new().limit(LIMIT);
    if let [(path, text)] = roots.as_slice() {
        return Ok(compiler.compile(&name(path)?, text, &Folder::new(parent(path))));
    }
    let mut root = String::new();
    let mut given = Vec::new();
    for (path, _) in &roots {
        let name = name(path)?;
        root.push_str(&format!("use \"{}\"\n", name.replace('\\', "\\\\").replace('"', "\\\"")));
        given.push((name, path.to_path_buf()));
    }
    let folders: BTreeSet<&Path> = roots.iter().map(|(path, _)| parent(path)).collect();
    let folders = folders.into_iter().map(|path| (path.to_path_buf(), Folder::new(path))).collect();
    Ok(compiler.compile("<arguments>", &root, &Several { given, folders }))
}

/// Names rule files as seen from the folder of the one that was named, so that the report is the
/// same wherever that folder lies.
pub(crate) fn name_files(rules: &mut [RuleInfo], files: &[PathBuf]) {
    let [file] = files else { return };
    for rule in rules {
        let relative = Path::new(&rule.file).strip_prefix(parent(file));
        if let Some(name) = relative.ok().and_then(|path| path.to_str()) {
            rule.file = name.to_owned();
        }
    }
}

/// Compiles a text as a rule file of a folder.
pub(crate) fn compile_text(name: &str, text: &str, folder: &Path) -> Compilation {
    Compiler::new().limit(LIMIT).compile(name, without_mark(text), &Folder::new(folder))
}

/// Why rule sets did not judge data.
pub(crate) fn refused(error: EvaluateError, rules: &[&RuleSet]) -> Failure {
    match error {
        EvaluateError::UnknownRule(id) => {
            let ids = rules.iter().flat_map(|rules| rules.rules()).map(|rule| clean(rule.id));
            let mut seen = BTreeSet::new();
            let known: Vec<String> = ids.filter(|id| seen.insert(id.clone())).collect();
            let expected = match known.as_slice() {
                [] => "there are no rules".to_owned(),
                known => format!("expected one of {}", known.join(", ")),
            };
            Failure(format!("`--only` names no rule: `{}`; {expected}", clean(id)))
        }
        error => Failure(clean(error)),
    }
}

/// The text of a rule file, without a byte order mark.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    read_as_it_is(path).map(|text| without_mark(&text).to_owned())
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}

/// The text of a rule file.
pub(crate) fn read_as_it_is(path: &Path) -> Result<String, Failure> {
    let shown = clean(path.display());
    let cannot = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => {
            Failure(format!("no file `{shown}`: expected a rule file such as `targets.kpi`"))
        }
        _ => Failure(format!("cannot read the rule file `{shown}`: {error}")),
    };
    let file = File::open(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.is_dir() {
        return Err(Failure(format!("`{shown}` is a folder: expected a rule file")));
    }
    let bytes = at_most(file).map_err(cannot)?;
    text(bytes).map_err(|fault| Failure(format!("the rule file `{shown}` {fault}")))
}

/// The text on standard input.
pub(crate) fn standard_input() -> Result<String, Failure> {
    let cannot = |error| Failure(format!("cannot read standard input: {error}"));
    let bytes = at_most(std::io::stdin().lock()).map_err(cannot)?;
    text(bytes).map_err(|fault| Failure(format!("standard input {fault}")))
}

/// What is read, up to the first byte that is too much.
fn at_most(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of bytes, which must be UTF-8 and not too many.
fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() > LIMIT {
        let mend = "split it into files that it names with `use`";
        return Err(format!("is larger than 1 MiB: {mend}"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let (before, rest) = error.as_bytes().split_at_checked(valid).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = rest.first().copied().unwrap_or_default();
        format!("is not UTF-8: byte 0x{byte:02X} on line {line}; save it as UTF-8")
    })
}

/// The names that a rule file uses, found without compiling it.
pub(crate) fn uses(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let rest = line.strip_prefix("use")?.trim_start().strip_prefix('"')?;
        rest.split_once('"').map(|(name, _)| name)
    })
}

/// The files that no other of them uses, each once: a glob such as `*.kpi` gives the used files
/// too, and what they define must not count twice.
fn roots(files: Vec<(&Path, String)>) -> Vec<(&Path, String)> {
    let mut seen = BTreeSet::new();
    let files: Vec<_> =
        files.into_iter().filter(|(path, _)| seen.insert(canonical(path))).collect();
    let mut used = BTreeSet::new();
    for (path, text) in &files {
        let mut reached = reached_from(path, text);
        reached.remove(&canonical(path));
        used.extend(reached);
    }
    if files.iter().all(|(path, _)| used.contains(&canonical(path))) {
        return files; // A circle: the compiler says so.
    }
    files.into_iter().filter(|(path, _)| !used.contains(&canonical(path))).collect()
}

/// The files that a file uses, those that they use, and so on.
pub(crate) fn reached_from(path: &Path, text: &str) -> BTreeSet<PathBuf> {
    let folder = parent(path);
    let mut reached = BTreeSet::new();
    let mut open: Vec<PathBuf> = uses(text).map(|name| folder.join(name)).collect();
    while let Some(path) = open.pop() {
        if reached.insert(canonical(&path))
            && let Ok(text) = read(&path)
        {
            open.extend(uses(&text).map(|name| folder.join(name)));
        }
    }
    reached
}

pub(crate) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// The folder of a file.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn name(path: &Path) -> Result<String, Failure> {
    let name = path.to_str().map(str::to_owned);
    name.ok_or_else(|| Failure(format!("the file name `{}` is not UTF-8", clean(path.display()))))
}

/// Finds the files that several rule files use, each from its own folder.
struct Several {
    given: Vec<(String, PathBuf)>,
    folders: Vec<(PathBuf, Folder)>,
}

impl Several {
    /// The folder that has the file. A name that means two files is an error, not a choice.
    fn folder_of(&self, name: &str) -> Result<&Folder, String> {
        let mut found: Vec<(PathBuf, &Path, &Folder)> = Vec::new();
        for (path, folder) in &self.folders {
            let file = path.join(name);
            let real = canonical(&file);
            if file.is_file() && found.iter().all(|(other, ..)| *other != real) {
                found.push((real, path, folder));
            }
        }
        match found.as_slice() {
            [] => Err("there is no such file in the folders of the rule files".to_owned()),
            [(_, _, folder)] => Ok(folder),
            [(_, first, _), (_, second, _), ..] => Err(format!(
                "it is in `{}` and in `{}`: give the rule files of one folder",
                clean(first.display()),
                clean(second.display())
            )),
        }
    }
}

impl Resolver for Several {
    fn read(&self, name: &str) -> Result<String, String> {
        match self.given.iter().find(|(given, _)| given == name) {
            Some((_, path)) if self.folders.iter().any(|(dir, _)| is_other(dir, name, path)) => {
                Err(format!("there is another one beside `{}`", clean(path.display())))
            }
            Some((_, path)) => read(path).map_err(|Failure(message)| message),
            None => self.folder_of(name)?.read(name),
        }
    }

    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String> {
        self.folder_of(name)?.holidays(name)
    }
}

/// Whether the name in that folder is a file, and another one than `path`.
fn is_other(folder: &Path, name: &str, path: &Path) -> bool {
    let file = folder.join(name);
    file.is_file() && canonical(&file) != canonical(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_uses_is_found_without_compiling_it() {
        let text =
            "use \"a.kpi\"\n  use \"no.kpi\"\n# use \"no.kpi\"\nuse   \"b/c.kpi\" # why\nused\n";
        assert_eq!(uses(text).collect::<Vec<_>>(), ["a.kpi", "b/c.kpi"]);
    }

    #[test]
    fn a_file_that_another_uses_is_no_root_however_far_away() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let a = file("a.kpi", "use \"b.kpi\"\n");
        let b = file("b.kpi", "use \"c.kpi\"\n");
        let c = file("c.kpi", "");
        let other = file("other.kpi", "");
        let found = |paths: &[&PathBuf]| {
            let files = paths.iter().map(|path| (path.as_path(), read(path).unwrap()));
            roots(files.collect()).into_iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found(&[&c, &a, &other, &a]), [a.clone(), other]);
        std::fs::write(&c, "use \"b.kpi\"\n").unwrap();
        assert_eq!(found(&[&b, &c]), [b, c]);
    }

    #[test]
    fn latin_1_is_refused_with_its_byte_and_line() {
        let fault = text(b"# first\ndefine m\xF8de = meeting\n".to_vec()).unwrap_err();
        assert_eq!(fault, "is not UTF-8: byte 0xF8 on line 2; save it as UTF-8");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_rules() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "\u{FEFF}use").unwrap();
        assert_eq!(read(file.path()).unwrap(), "use");
        assert_eq!(read_as_it_is(file.path()).unwrap(), "\u{FEFF}use");
    }

    #[test]
    fn one_name_for_two_files_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
            std::fs::write(dir.path().join(folder).join("shared.kpi"), "# text\n").unwrap();
        }
        std::fs::write(dir.path().join("b/own.kpi"), "# own\n").unwrap();
        let folders = ["a", "b"].map(|name| dir.path().join(name));
        let folders = folders.map(|path| (path.clone(), Folder::new(path))).into();
        let given = vec![
            ("b/own.kpi".to_owned(), dir.path().join("b/own.kpi")),
            ("shared.kpi".to_owned(), dir.path().join("a/shared.kpi")),
        ];
        let mut several = Several { given, folders };
        assert_eq!(several.read("b/own.kpi").unwrap(), "# own\n");
        assert!(several.read("shared.kpi").unwrap_err().contains("there is another one"));
        several.given.clear();
        assert_eq!(several.read("own.kpi").unwrap(), "# own\n");
        assert!(several.read("shared.kpi").unwrap_err().contains("give the rule files of one"));
        assert!(several.read("missing.kpi").unwrap_err().contains("no such file"));
    }

    #[test]
    fn rule_files_are_named_as_seen_from_the_folder_of_the_one_given() {
        let report = include_str!("../tests/fixtures/report.json");
        let report: kadence::Report = serde_json::from_str(report).unwrap();
        let named = |rule_file: &str, given: &[&str]| {
            let mut rules = report.rules.clone();
            rules.truncate(1);
            rules[0].file = rule_file.to_owned();
            let given: Vec<PathBuf> = given.iter().map(PathBuf::from).collect();
            name_files(&mut rules, &given);
            rules.remove(0).file
        };
        assert_eq!(named("/some/where/a.kpi", &["/some/where/a.kpi"]), "a.kpi");
        assert_eq!(named("b.kpi", &["where/a.kpi"]), "b.kpi");
        assert_eq!(named("a.kpi", &["a.kpi"]), "a.kpi");
        assert_eq!(named("x/a.kpi", &["x/a.kpi", "y/b.kpi"]), "x/a.kpi");
    }
}
