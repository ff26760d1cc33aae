//! Rule files as people write them, wrong and right.
//!
//! Every file of `corpus/wrong` holds one mistake, after which it is named; what is said of it is
//! its snapshot. The files of `corpus/right` go through every stage.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kadence::diagnostic::{Level, Renderer};
use kadence::{Code, Compilation, Compiler, Dataset, Options, Resolver, RuleSet, Tables};

/// Room for everything in the corpus but the file that is too large.
const LIMIT: usize = 4_000;

/// The files beside a rule file, and one calendar.
struct Shelf(PathBuf);

impl Resolver for Shelf {
    fn read(&self, name: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(name)).map_err(|_| "no such file".to_owned())
    }

    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String> {
        match name {
            "dk.ics" => Ok(NaiveDate::from_ymd_opt(2026, 12, 25).into_iter().collect()),
            _ => Err("no such file".to_owned()),
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rule files of a folder, by name; none if it is not there.
fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "kpi"));
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The stage that finds a fault.
fn stage(code: Code) -> &'static str {
    use Code::*;
    match code {
        K001 | K002 | K003 | K004 | K005 | K006 | K007 | K008 | K009 | K010 => "parse",
        K011 | K012 | K013 | K014 | K015 | K016 | K017 | K018 | K019 | K020 | K021 | K022
        | K023 | K037 | K041 | K042 => "name",
        _ => "type",
    }
}

fn drawn(compilation: &Compilation) -> String {
    let renderer = Renderer::plain();
    let found = &compilation.diagnostics;
    let drawings: Vec<_> =
        found.all.iter().map(|diagnostic| renderer.render(diagnostic, &found.sources)).collect();
    drawings.join("\n\n")
}

fn wrong(stage: &str) -> Vec<(String, Compilation)> {
    let shelf = Shelf(root().join("tests/corpus/shelf"));
    let files = rule_files(&root().join("tests/corpus/wrong").join(stage));
    let compile = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let compilation = Compiler::new().limit(LIMIT).compile(&name(path), &text, &shelf);
        (path.file_stem().unwrap().to_string_lossy().into_owned(), compilation)
    };
    files.iter().map(compile).collect()
}

fn is_said_as_before(wanted: &str) {
    for (mistake, compilation) in wrong(wanted) {
        let found = &compilation.diagnostics.all;
        let first = found.iter().find(|diagnostic| diagnostic.level == Level::Error);
        let first = first.unwrap_or_else(|| panic!("{mistake}: nothing is wrong with it"));
        assert_eq!(stage(first.code), wanted, "{mistake} belongs elsewhere");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("corpus/wrong/{wanted}/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(mistake, drawn(&compilation)));
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    is_said_as_before("parse");
}

#[test]
fn names_that_mean_nothing_are_said() {
    is_said_as_before("name");
}

#[test]
fn what_does_not_fit_together_is_said() {
    is_said_as_before("type");
}

#[test]
fn every_code_has_a_mistake_that_provokes_it() {
    let mistakes = ["parse", "name", "type"].into_iter().flat_map(wrong);
    let provoked: BTreeSet<Code> = mistakes
        .flat_map(|(_, compilation)| compilation.diagnostics.all)
        .map(|diagnostic| diagnostic.code)
        .collect();
    let errors = Code::ALL.iter().filter(|code| !code.is_finding());
    let missing: Vec<_> = errors.filter(|code| !provoked.contains(code)).collect();
    assert!(missing.is_empty(), "no file of the corpus provokes {missing:?}");
}

#[test]
fn what_is_sure_to_mend_a_mistake_leaves_one_fault_less() {
    let shelf = Shelf(root().join("tests/corpus/shelf"));
    let mut mended = 0;
    for (mistake, compilation) in ["parse", "name", "type"].into_iter().flat_map(wrong) {
        let found = &compilation.diagnostics;
        for diagnostic in &found.all {
            let Some(fix) = &diagnostic.fix else { continue };
            if found.sources.name(fix.span.file) != format!("{mistake}.kpi") {
                continue;
            }
            let mut text = found.sources.text(fix.span.file).to_owned();
            text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
            let again = Compiler::new().limit(LIMIT).compile("mended.kpi", &text, &shelf);
            let place = |d: &kadence::Diagnostic| (d.code, d.primary.span.start);
            assert!(
                !again.diagnostics.all.iter().any(|other| place(other) == place(diagnostic)),
                "{mistake}: still wrong after the mend:\n{text}\n{}",
                drawn(&again)
            );
            mended += 1;
        }
    }
    assert!(mended > 20, "only {mended} mistakes have a mend");
}

/// The files that are right: those of the corpus, the example company's, and those by example.
fn right() -> Vec<PathBuf> {
    let mut files = rule_files(&root().join("tests/corpus/right"));
    assert!(files.len() >= 10);
    files.extend(rule_files(&root().join("examples/nordic")));
    files.extend(rule_files(&root().join("../shared/conformance")));
    files
}

/// The company of `corpus/right/company.json`, as data for these rules.
fn company(rules: &RuleSet) -> Dataset {
    let text = fs::read_to_string(root().join("tests/corpus/right/company.json")).unwrap();
    let tables: Tables = serde_json::from_str(&text).unwrap();
    let mut builder = Dataset::builder(rules.schema());
    builder.tables(tables);
    builder.build().unwrap_or_else(|problems| panic!("{problems}")).0
}

#[test]
fn what_is_right_goes_through_every_stage() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 15).unwrap();
    for path in right() {
        let text = fs::read_to_string(&path).unwrap();
        let shelf = Shelf(path.parent().unwrap().to_owned());
        let compilation = Compiler::new().compile(&name(&path), &text, &shelf);
        assert_eq!(compilation.diagnostics.all, [], "{}", compilation.diagnostics);
        let rules = compilation.rules;

        for test in rules.test().tests {
            assert!(test.failures.is_empty(), "{}: {:?}", path.display(), test.failures);
        }

        let options = Options { history: true, ..Options::at(day) };
        let json = || {
            let report = rules.evaluate(&company(&rules), &options).unwrap();
            assert_eq!(report.problems, [], "{}", path.display());
            serde_json::to_string_pretty(&report).unwrap()
        };
        assert_eq!(json(), json(), "{}", path.display());
    }
}

#[test]
fn what_is_right_judges_the_company() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 15).unwrap();
    for path in rule_files(&root().join("tests/corpus/right")) {
        let shelf = Shelf(path.parent().unwrap().to_owned());
        let text = fs::read_to_string(&path).unwrap();
        let rules = RuleSet::compile(&name(&path), &text, &shelf).unwrap_or_else(|d| panic!("{d}"));
        let report = rules.evaluate(&company(&rules), &Options::at(day)).unwrap();
        let verdict = |v: &kadence::Verdict| {
            let subject = &v.subject.id;
            format!("{} {subject}: {}, {}", v.rule, v.status.words(), v.sentence)
        };
        let list = |l: &kadence::verdict::Worklist| {
            let ids: Vec<_> = l.subjects.iter().map(|listed| listed.subject.id.as_str()).collect();
            format!("{:?}: {}", l.name, ids.join(", "))
        };
        let said: Vec<_> =
            report.verdicts.iter().map(verdict).chain(report.lists.iter().map(list)).collect();
        let mistake = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("corpus/right/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(mistake, said.join("\n")));
    }
}
