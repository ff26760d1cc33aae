//! What is wrong with rules, as the stable JSON of `docs/diagnostics.schema.json`.

use kadence::diagnostic::{Label, Level, Sources, Span};
use kadence::{Diagnostic, Diagnostics, Feasibility};
use serde::Serialize;

use super::Checked;
use crate::output::Failure;

/// Goes up when a field changes its meaning or goes away.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    /// How many rules have no errors.
    rules: usize,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Entry<'a>>,
    /// What the rules ask of people, where there is data.
    feasibility: Option<&'a Feasibility>,
    /// Why nothing could be checked.
    failure: Option<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'static str,
    level: String,
    message: &'a str,
    primary: Marked<'a>,
    secondary: Vec<Marked<'a>>,
    help: Option<&'a str>,
    fix: Option<Mend<'a>>,
    example: Option<&'a str>,
}

#[derive(Serialize)]
struct Marked<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct Mend<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    replacement: &'a str,
}

/// Lines and columns count from one, columns in characters; the end is after the last character.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

pub(super) fn write(checked: &Result<Checked, Failure>) -> Result<String, Failure> {
    let document = match checked {
        Ok(Checked { rules, diagnostics, feasibility, .. }) => {
            Document { rules: *rules, feasibility: feasibility.as_ref(), ..found(diagnostics) }
        }
        Err(Failure(message)) => Document {
            schema: SCHEMA,
            rules: 0,
            errors: 0,
            warnings: 0,
            diagnostics: Vec::new(),
            feasibility: None,
            failure: Some(message),
        },
    };
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n").map_err(|error| Failure(format!("cannot write JSON: {error}")))
}

fn found(diagnostics: &Diagnostics) -> Document<'_> {
    let of_level = |level| diagnostics.all.iter().filter(|found| found.level == level).count();
    Document {
        schema: SCHEMA,
        rules: 0,
        errors: of_level(Level::Error),
        warnings: of_level(Level::Warning),
        diagnostics: diagnostics.all.iter().map(|d| entry(d, &diagnostics.sources)).collect(),
        feasibility: None,
        failure: None,
    }
}

fn entry<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Entry<'a> {
    Entry {
        code: diagnostic.code.name(),
        level: diagnostic.level.to_string(),
        message: &diagnostic.message,
        primary: marked(&diagnostic.primary, sources),
        secondary: diagnostic.secondary.iter().map(|label| marked(label, sources)).collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic
            .fix
            .as_ref()
            .map(|fix| Mend { place: place(fix.span, sources), replacement: &fix.replacement }),
        example: diagnostic.example.as_deref(),
    }
}

fn marked<'a>(label: &'a Label, sources: &'a Sources) -> Marked<'a> {
    let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
    Marked { place: place(label.span, sources), text }
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let (from, end) = (sources.position(span), sources.end(span));
    Place {
        file: from.file,
        line: from.line,
        column: from.column,
        end_line: end.line,
        end_column: end.column,
    }
}
