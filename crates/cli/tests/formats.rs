//! What `kadence check` finds, in the forms that programs read.

#![cfg(test)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;
use support::{Ran, folder};
use tempfile::TempDir;

fn check(dir: &Path, format: &str, file: &str) -> Ran {
    support::run(dir, &["check", "--format", format, file], "")
}

fn file(text: &str) -> TempDir {
    folder(&[("sales.kpi", text)])
}

fn as_json(text: &str) -> Value {
    serde_json::from_str(&check(file(text).path(), "json", "sales.kpi").out).unwrap()
}

/// Read by types that were made of the schema of the standard, and that take no other fields.
fn as_sarif(text: &str) -> Sarif {
    serde_json::from_str(&check(file(text).path(), "sarif", "sales.kpi").out).unwrap()
}

#[test]
fn the_page_shows_what_is_printed() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ci.md");
    let page = fs::read_to_string(page).unwrap();
    let block = |fence: &str| {
        let (_, rest) = page.split_once(&format!("```{fence}\n")).expect("the block");
        rest.split_once("```").expect("its end").0.to_owned()
    };
    let dir = file(&block("kpi"));
    let show = |format| {
        let ran = check(dir.path(), format, "sales.kpi");
        assert_eq!((ran.code, ran.err.as_str()), (2, "error: the rules have 1 error\n"));
        ran.out
    };
    assert_eq!(
        block("console"),
        format!("$ kadence check --format github sales.kpi\n{}", show("github"))
    );
    assert_eq!(block("json"), show("json"));
}

#[test]
fn columns_are_characters_and_the_end_is_after_the_last() {
    let text = "define møde = meeting\nlist \"æ𝄞\" = custmer\n";
    let found = as_json(text);
    let place = &found["diagnostics"][0]["primary"];
    let at = |key: &str| place[key].as_u64().unwrap();
    assert_eq!((at("line"), at("column"), at("end_line"), at("end_column")), (2, 13, 2, 20));
    let run = &as_sarif(text).runs[0];
    assert_eq!(run.column_kind, Some(json!("unicodeCodePoints")));
    let location = run.results.as_ref().unwrap()[0].locations.as_ref().unwrap()[0].clone();
    let region = location.physical_location.unwrap().region.unwrap();
    assert_eq!((region.start_line, region.start_column), (Some(2), Some(13)));
    assert_eq!((region.end_line, region.end_column), (Some(2), Some(20)));
    let line = check(file(text).path(), "github", "sales.kpi").out;
    assert!(
        line.starts_with(
            "::error file=sales.kpi,line=2,col=13,endLine=2,endColumn=20,title=K012::"
        ),
        "{line}"
    );
}

#[test]
fn what_goes_over_lines_has_no_columns_in_a_workflow_command() {
    let text = "customer: calls >= 1\n    per fortnight\n    because \"a\"\n    because \"b\"\n";
    let out = check(file(text).path(), "github", "sales.kpi").out;
    for line in out.lines() {
        let (place, _) = line.split_once(",title=").unwrap();
        let lines: Vec<&str> = place
            .split([' ', ','])
            .filter_map(|part| part.strip_prefix("line=").or(part.strip_prefix("endLine=")))
            .collect();
        assert_eq!(place.contains("ol"), lines[0] == lines[1], "{line}");
    }
    let found =
        as_sarif("customer: calls >= 4 per year as some\ncustomer: calls <= 3 per year as few\n");
    let results = found.runs[0].results.as_ref().unwrap();
    let shown = results.iter().find(|result| result.rule_id.as_deref() == Some("K070")).unwrap();
    let example = &shown.properties.as_ref().unwrap().additional_properties["example"];
    assert!(example.as_str().unwrap().starts_with("test "), "{example}");
}

#[test]
fn a_fix_mends_the_text() {
    let text = "# ø\nA-customer: touchpionts >= 4 per year   because \"they leave\"\n";
    let found = as_sarif(text);
    let fix = &found.runs[0].results.as_ref().unwrap()[0].fixes.as_ref().unwrap()[0];
    let replacement = &fix.artifact_changes[0].replacements[0];
    let region = &replacement.deleted_region;
    let at = |line: i64, column: i64| {
        let before: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
        let columns = text[before..].char_indices().nth(column as usize - 1).unwrap().0;
        before + columns
    };
    let start = at(region.start_line.unwrap(), region.start_column.unwrap());
    let end = at(region.end_line.unwrap(), region.end_column.unwrap());
    let new = replacement.inserted_content.as_ref().unwrap().text.as_ref().unwrap();
    let mended = format!("{}{new}{}", &text[..start], &text[end..]);
    assert_eq!(mended, text.replace("touchpionts", "touchpoints"));
    assert_eq!(as_json(&mended)["errors"], 0);
}

#[test]
fn what_cannot_be_read_is_told_in_the_form_too() {
    let dir = tempfile::tempdir().unwrap();
    let text = check(dir.path(), "text", "no.kpi");
    let said = text.err.strip_prefix("error: ").unwrap().trim_end().to_owned();
    let json = check(dir.path(), "json", "no.kpi");
    let found: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(found["failure"], json!(said));
    let sarif = check(dir.path(), "sarif", "no.kpi");
    let found: Sarif = serde_json::from_str(&sarif.out).unwrap();
    let invocation = &found.runs[0].invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful);
    let told = &invocation.tool_execution_notifications.as_ref().unwrap()[0];
    assert_eq!(told.message.text.as_deref(), Some(said.as_str()));
    let github = check(dir.path(), "github", "no.kpi");
    assert_eq!(github.out, format!("::error::{said}\n"));
    for ran in [json, sarif, github] {
        assert_eq!((ran.code, &ran.err), (2, &text.err));
    }
}

#[test]
fn exit_codes_do_not_depend_on_the_form() {
    let texts = [
        ("customer: calls >= 4 per year   because \"so\"\n", 0),
        ("customer: calls >= 4 per year\n", 0),
        ("customer: cals >= 4 per year\n", 2),
        ("", 0),
    ];
    for (text, code) in texts {
        let dir = file(text);
        for format in ["text", "json", "sarif", "github"] {
            assert_eq!(check(dir.path(), format, "sales.kpi").code, code, "{format}: {text}");
        }
    }
}

/// The rule files of the corpus, right and wrong.
fn corpus() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let mut folders = vec![corpus];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(ending) if ending == "kpi" => found.push(path),
                _ => {}
            }
        }
    }
    assert!(found.len() > 100, "{}", found.len());
    found
}

#[test]
fn every_form_tells_the_same_of_every_file_of_the_corpus() {
    let schema = include_str!("../../../docs/diagnostics.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for path in corpus() {
        let (folder, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
        let [json, sarif, github] =
            ["json", "sarif", "github"].map(|format| check(folder, format, name).out);
        let json: Value = serde_json::from_str(&json).unwrap();
        let faults: Vec<String> = schema.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{}: {}", path.display(), faults.join("\n"));
        let codes: Vec<&str> = json["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["code"].as_str().unwrap())
            .collect();
        let sarif: Sarif = serde_json::from_str(&sarif).unwrap();
        let results = sarif.runs[0].results.as_ref().unwrap();
        let rules = sarif.runs[0].tool.driver.rules.as_ref().unwrap();
        let ids = results.iter().map(|result| {
            let id = result.rule_id.as_deref().unwrap();
            assert_eq!(rules[usize::try_from(result.rule_index.unwrap()).unwrap()].id, id);
            id
        });
        assert_eq!(codes, ids.collect::<Vec<_>>(), "{}", path.display());
        let titles = github.lines().map(|line| {
            let (_, rest) = line.split_once(",title=").unwrap();
            rest.split_once("::").unwrap().0
        });
        assert_eq!(codes, titles.collect::<Vec<_>>(), "{}", path.display());
    }
}
