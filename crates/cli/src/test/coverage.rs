//! What the tests do not reach, on the rules' own lines, and a table of all rules.

use std::collections::BTreeMap;

use kadence::{CaseCoverage, Coverage, CoveredKind, ItemCoverage, PartCoverage};
use unicode_width::UnicodeWidthStr;

use crate::output::{clean, count};
use crate::report::grid::{Column, fit, grid};

/// How wide what is shown becomes, source lines aside.
const WIDTH: usize = 80;
/// How far to the right words may start.
const INDENT: usize = 28;

/// `read` gives the text of a file.
pub(super) fn text(coverage: &Coverage, read: impl Fn(&str) -> String) -> String {
    let mut text = String::from("\n");
    let mut files: BTreeMap<&str, Vec<&ItemCoverage>> = BTreeMap::new();
    for item in coverage.items.iter().filter(|item| item.reached() < item.cases()) {
        files.entry(&item.file).or_default().push(item);
    }
    for (file, mut items) in files {
        text.push_str(&format!("{}: not reached\n", clean(file)));
        let source = read(file);
        let source: Vec<&str> = source.lines().collect();
        let line = |number: u32| {
            let place = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
            clean(source.get(place).copied().unwrap_or_default())
        };
        items.sort_by_key(|item| item.line);
        items.iter().for_each(|item| of_item(item, line, &mut text));
        text.push('\n');
    }
    text.push_str(&table(coverage));
    text
}

/// The lines of an item on which something is missing, each with marks below.
fn of_item(item: &ItemCoverage, line: impl Fn(u32) -> String, text: &mut String) {
    text.push('\n');
    if item.expectations == 0 {
        let what = match item.kind {
            CoveredKind::Rule => "rule",
            CoveredKind::List => "list",
        };
        text.push_str(&format!("{:>5} | {}\n", item.line, line(item.line)));
        text.push_str(&format!("      | no test looks at this {what}\n"));
        return;
    }
    let mut shown = 0;
    let missing = item.parts.iter().filter(|part| part.missing().next().is_some());
    let mut missing: Vec<&PartCoverage> = missing.collect();
    missing.sort_by_key(|part| (part.line, part.column));
    for part in missing {
        let source = line(part.line);
        if part.line != shown {
            text.push_str(&format!("{:>5} | {source}\n", part.line));
            shown = part.line;
        }
        marks(part, &source, text);
    }
}

/// A part is underlined; what is missing of it stands behind or below.
fn marks(part: &PartCoverage, source: &str, text: &mut String) {
    const MARGIN: &str = "      | ";
    let column = usize::try_from(part.column).unwrap_or(usize::MAX).saturating_sub(1);
    let width = usize::try_from(part.width).unwrap_or(usize::MAX);
    let before: String = source.chars().take(column).collect();
    let marked: String = source.chars().skip(column).take(width).collect();
    let line =
        format!("{MARGIN}{}{}", " ".repeat(before.width()), "^".repeat(marked.width().max(1)));
    let words = missing(part);
    if line.width() + 1 + words.width() <= WIDTH {
        text.push_str(&format!("{line} {words}\n"));
        return;
    }
    text.push_str(&format!("{line}\n"));
    let indent = before.width().min(INDENT);
    for row in wrapped(&words, WIDTH - MARGIN.len() - indent) {
        text.push_str(&format!("{MARGIN}{}{row}\n", " ".repeat(indent)));
    }
}

/// `at risk, value 5, day before`
fn missing(part: &PartCoverage) -> String {
    let name = |case: &CaseCoverage| {
        let is_number = case.name.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if is_number { format!("value {}", case.name) } else { case.name.clone() }
    };
    part.missing().map(name).collect::<Vec<_>>().join(", ")
}

/// Broken after commas.
fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in words.split_inclusive(", ") {
        match rows.last_mut() {
            Some(row) if row.width() + word.trim_end().width() <= width => row.push_str(word),
            _ => rows.push(word.to_owned()),
        }
    }
    rows.iter().map(|row| row.trim_end().to_owned()).collect()
}

/// Every rule and list, and all of them.
fn table(coverage: &Coverage) -> String {
    let columns = [
        ("rule or list", Column::Fixed),
        ("expectations", Column::Number),
        ("reached", Column::Number),
        ("of", Column::Number),
        ("%", Column::Number),
    ];
    let row = |item: &ItemCoverage| {
        let name = match item.kind {
            CoveredKind::Rule => item.id.clone(),
            CoveredKind::List => format!("\"{}\"", item.id),
        };
        vec![
            fit(&name, 40),
            item.expectations.to_string(),
            item.reached().to_string(),
            item.cases().to_string(),
            item.percent().to_string(),
        ]
    };
    let width = u16::try_from(WIDTH).unwrap_or(u16::MAX);
    let table = grid(width, 1, &columns, coverage.items.iter().map(row));
    let rules = coverage.items.iter().filter(|item| item.kind == CoveredKind::Rule).count();
    let lists = coverage.items.len() - rules;
    let (reached, cases) = (coverage.reached(), coverage.cases());
    format!(
        "{table}\n{}, {}: {reached} of {cases} cases reached, {} %\n",
        count(rules, "rule"),
        count(lists, "list"),
        coverage.percent()
    )
}
