//! What is found in rules without data, and what is not.
//!
//! Every file of `findings` is about one code. It holds rule sets, each under a line `=== TITLE`;
//! a line that ends in `#= K054` has such a finding, every other line has none. What a person sees
//! of the first rule set is a snapshot.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kadence::diagnostic::Renderer;
use kadence::{Code, Compiler, Diagnostics, NoFiles, RuleSet};

const MARK: &str = "#= ";

struct Case {
    title: String,
    /// Without marks, under as many blank lines as stand above it in the file.
    text: String,
    /// The lines that are marked, each with a code.
    marks: BTreeSet<(u32, String)>,
}

fn cases(code: Code) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/findings/{code}.cases"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut cases: Vec<Case> = Vec::new();
    for (above, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("=== ") {
            let text = "\n".repeat(above + 1);
            cases.push(Case { title: title.to_owned(), text, marks: BTreeSet::new() });
        } else if let Some(case) = cases.last_mut() {
            let (line, marks) = line.split_once(MARK).unwrap_or((line, ""));
            let number = u32::try_from(above + 1).unwrap();
            case.marks.extend(marks.split_whitespace().map(|mark| (number, mark.to_owned())));
            case.text += line.trim_end();
            case.text.push('\n');
        }
    }
    cases
}

impl Case {
    fn rules(&self, code: Code, text: &str) -> RuleSet {
        let compilation = Compiler::new().compile(&format!("{code}.kpi"), text, &NoFiles);
        let wrong = &compilation.diagnostics;
        assert!(wrong.all.is_empty(), "{code}, {}: {wrong}", self.title);
        compilation.rules
    }

    fn findings(&self, code: Code) -> Diagnostics {
        self.rules(code, &self.text).findings()
    }

    /// The lines that are marked with the code.
    fn marked(&self, code: Code) -> BTreeSet<u32> {
        let of_code = self.marks.iter().filter(|(_, mark)| mark == code.name());
        of_code.map(|(line, _)| *line).collect()
    }
}

fn findings() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| code.is_finding() && code.name() < "K070")
}

#[test]
fn what_is_marked_is_found_and_nothing_else() {
    let mut faults = Vec::new();
    for code in findings() {
        let cases = cases(code);
        for case in &cases {
            let found = case.findings(code);
            let lines = found.all.iter().filter(|finding| finding.code == code);
            let lines = lines.map(|finding| found.sources.position(finding.primary.span).line);
            let (lines, marked): (BTreeSet<u32>, _) = (lines.collect(), case.marked(code));
            if lines != marked {
                let title = &case.title;
                faults.push(format!("{code}, {title}: expected lines {marked:?}, found\n{found}"));
            }
        }
        let with = cases.iter().filter(|case| !case.marked(code).is_empty()).count();
        if with < 3 || cases.len() - with < 3 {
            faults.push(format!("{code}: expected three cases with it and three without"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn what_is_found_is_shown_with_its_mend() {
    for code in findings() {
        let first = cases(code).into_iter().next().unwrap();
        let found = first.findings(code);
        let of_code = found.all.iter().filter(|finding| finding.code == code);
        let drawn: Vec<String> =
            of_code.map(|finding| Renderer::plain().render(finding, &found.sources)).collect();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("findings/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(code.name(), drawn.join("\n\n")));
    }
}

/// Some cases prove by a test that what is not found can be.
#[test]
fn what_the_cases_expect_of_their_rules_is_so() {
    let mut proven = 0;
    for (code, case) in findings().flat_map(|code| cases(code).into_iter().map(move |c| (code, c)))
    {
        for test in case.rules(code, &case.text).test().tests {
            assert!(test.failures.is_empty(), "{code}, {}: {:?}", case.title, test.failures);
            proven += 1;
        }
    }
    assert!(proven >= 20, "{proven} tests");
}

#[test]
fn what_is_found_does_not_depend_on_how_the_file_is_set() {
    for (code, case) in findings().flat_map(|code| cases(code).into_iter().map(move |c| (code, c)))
    {
        let formatted = kadence::format("a.kpi", &case.text).unwrap();
        let again = case.rules(code, &formatted).findings();
        let messages = |found: &Diagnostics| -> Vec<(Code, String)> {
            found.all.iter().map(|finding| (finding.code, finding.message.clone())).collect()
        };
        assert_eq!(messages(&again), messages(&case.findings(code)), "{code}:\n{formatted}");
    }
}

#[test]
fn every_case_is_about_a_code_that_there_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.to_string_lossy().into_owned());
    let names: BTreeSet<String> = names.filter(|name| name.ends_with(".cases")).collect();
    let known: BTreeSet<String> = findings().map(|code| format!("{code}.cases")).collect();
    assert_eq!(names, known);
}
