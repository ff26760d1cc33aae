//! What is wrong with rules, in the Static Analysis Results Interchange Format, SARIF 2.1.0.

use std::collections::BTreeSet;

use kadence::diagnostic::{Fix, Label, Sources, Span};
use kadence::{Code, Diagnostic, Diagnostics};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::Checked;
use super::feasible::Doubt;
use crate::output::Failure;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What is written as `%XX` in the path of a URI.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: String,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Mend<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties<'a>>,
}

#[derive(Serialize)]
struct Properties<'a> {
    example: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mend<'a> {
    description: Message,
    artifact_changes: [Change<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: [Replacement<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

pub(super) fn write(checked: &Result<Checked, Failure>) -> Result<String, Failure> {
    let (results, rules, notifications) = match checked {
        Ok(Checked { diagnostics, doubts, .. }) => {
            let (results, rules) = results(diagnostics);
            let note =
                |doubt: &Doubt| Notification { level: "warning", message: message(&doubt.message) };
            (results, rules, doubts.iter().map(note).collect())
        }
        Err(Failure(why)) => {
            (Vec::new(), Vec::new(), vec![Notification { level: "error", message: message(why) }])
        }
    };
    let driver = Driver { name: "kadence", semantic_version: env!("CARGO_PKG_VERSION"), rules };
    let invocation = Invocation {
        execution_successful: checked.is_ok(),
        tool_execution_notifications: notifications,
    };
    let run = Run {
        tool: Tool { driver },
        invocations: [invocation],
        column_kind: "unicodeCodePoints",
        results,
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let text = serde_json::to_string_pretty(&log);
    text.map(|text| text + "\n").map_err(|error| Failure(format!("cannot write SARIF: {error}")))
}

/// What was found, and what is told of its codes.
fn results(diagnostics: &Diagnostics) -> (Vec<Found<'_>>, Vec<Rule>) {
    let codes: BTreeSet<Code> = diagnostics.all.iter().map(|found| found.code).collect();
    let index = |code| codes.iter().position(|known| *known == code).unwrap_or_default();
    let sources = &diagnostics.sources;
    let results = diagnostics.all.iter().map(|found| result(found, index(found.code), sources));
    (results.collect(), codes.iter().map(|code| rule(*code)).collect())
}

fn rule(code: Code) -> Rule {
    let level = if code.is_finding() { "warning" } else { "error" };
    Rule {
        id: code.name(),
        short_description: message(code.summary()),
        help: Help { text: code.page(), markdown: code.page() },
        default_configuration: Configuration { level },
    }
}

fn result<'a>(found: &'a Diagnostic, rule_index: usize, sources: &'a Sources) -> Found<'a> {
    let said = [Some(&found.primary.text), found.help.as_ref()].into_iter().flatten();
    let said = said.filter(|text| !text.is_empty()).map(|text| format!("\n{text}"));
    let text: String = std::iter::once(found.message.clone()).chain(said).collect();
    let related = found.secondary.iter().enumerate();
    Found {
        rule_id: found.code.name(),
        rule_index,
        level: found.level.to_string(),
        message: message(&text),
        locations: [Location {
            id: None,
            physical_location: place(found.primary.span, sources),
            message: None,
        }],
        related_locations: related.map(|(i, label)| related_location(i, label, sources)).collect(),
        fixes: found.fix.iter().map(|fix| mend(fix, sources)).collect(),
        properties: found.example.as_deref().map(|example| Properties { example }),
    }
}

fn related_location(id: usize, label: &Label, sources: &Sources) -> Location {
    let said = Some(&label.text).filter(|text| !text.is_empty());
    Location {
        id: Some(id),
        physical_location: place(label.span, sources),
        message: said.map(|text| message(text)),
    }
}

fn mend<'a>(fix: &'a Fix, sources: &Sources) -> Mend<'a> {
    let Place { artifact_location, region } = place(fix.span, sources);
    let description = match (sources.slice(fix.span), fix.replacement.as_str()) {
        ("", new) => format!("insert `{new}`"),
        (old, "") => format!("remove `{old}`"),
        (old, new) => format!("replace `{old}` by `{new}`"),
    };
    let replacement = Replacement {
        deleted_region: region,
        inserted_content: Content { text: &fix.replacement },
    };
    Mend {
        description: message(&description),
        artifact_changes: [Change { artifact_location, replacements: [replacement] }],
    }
}

fn place(span: Span, sources: &Sources) -> Place {
    let (from, end) = (sources.position(span), sources.end(span));
    Place {
        artifact_location: Artifact { uri: uri(from.file) },
        region: Region {
            start_line: from.line,
            start_column: from.column,
            end_line: end.line,
            end_column: end.column,
        },
    }
}

/// A relative reference for a relative path.
fn uri(path: &str) -> String {
    let path = path.replace(std::path::MAIN_SEPARATOR, "/");
    let relative = path.strip_prefix("./").unwrap_or(&path);
    let scheme = if relative.starts_with('/') { "file://" } else { "" };
    format!("{scheme}{}", utf8_percent_encode(relative, PATH))
}

/// A message; in one, `{0}` would stand for an argument.
fn message(text: &str) -> Message {
    Message { text: text.replace('{', "{{").replace('}', "}}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./rules/møde 1.kpi"), "rules/m%C3%B8de%201.kpi");
        assert_eq!(uri("/home/a#b.kpi"), "file:///home/a%23b.kpi");
        assert_eq!(uri("../50%.kpi"), "../50%25.kpi");
    }

    #[test]
    fn nothing_in_a_message_stands_for_something_else() {
        assert_eq!(message("a stray `{`").text, "a stray `{{`");
    }
}
