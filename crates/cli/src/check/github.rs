//! What is wrong with rules, as the commands that a GitHub workflow reads from what a step prints.

use kadence::diagnostic::Sources;
use kadence::{Diagnostic, Diagnostics};

use super::Checked;
use super::feasible::Doubt;
use crate::output::Failure;

/// A line for each thing that is wrong.
pub(super) fn write(checked: &Result<Checked, Failure>) -> String {
    match checked {
        Ok(Checked { diagnostics: Diagnostics { all, sources }, doubts, .. }) => {
            let found = all.iter().map(|diagnostic| command(diagnostic, sources));
            found.chain(doubts.iter().map(warning)).collect()
        }
        Err(Failure(message)) => format!("::error::{}\n", data(message)),
    }
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let span = diagnostic.primary.span;
    let (from, end) = (sources.position(span), sources.end(span));
    let file = property(from.file.strip_prefix("./").unwrap_or(from.file));
    let mut place = format!("file={file},line={}", from.line);
    // Columns are refused where the end is on another line.
    if from.line == end.line {
        place.push_str(&format!(",col={}", from.column));
    }
    place.push_str(&format!(",endLine={}", end.line));
    if from.line == end.line {
        place.push_str(&format!(",endColumn={}", end.column));
    }
    let title = property(diagnostic.code.name());
    let said = data(&said(diagnostic));
    format!("::{} {place},title={title}::{said}\n", diagnostic.level)
}

fn warning(doubt: &Doubt) -> String {
    let place = doubt.place.as_ref().map(|(file, line)| {
        let file = property(file.strip_prefix("./").unwrap_or(file));
        format!("file={file},line={line},")
    });
    let place = place.unwrap_or_default();
    format!("::warning {place}title=feasibility::{}\n", data(&doubt.message))
}

/// The message, and what is said at the place, as help and as an example, each on a line.
fn said(diagnostic: &Diagnostic) -> String {
    let label = Some(&diagnostic.primary.text).filter(|text| !text.is_empty());
    let parts = [label, diagnostic.help.as_ref(), diagnostic.example.as_ref()];
    let more = parts.into_iter().flatten().map(|part| format!("\n{}", part.trim_end()));
    std::iter::once(diagnostic.message.clone()).chain(more).collect()
}

/// A text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text between the first and the second `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_or_a_property_is_escaped() {
        assert_eq!(data("50%, or: more\r\n::error::"), "50%25, or: more%0D%0A::error::");
        assert_eq!(property("a,b: 5%\n.kpi"), "a%2Cb%3A 5%25%0A.kpi");
    }

    #[test]
    fn a_failure_has_no_place() {
        let failure = Err(Failure::new("no file `50%.kpi`"));
        assert_eq!(write(&failure), "::error::no file `50%25.kpi`\n");
    }
}
