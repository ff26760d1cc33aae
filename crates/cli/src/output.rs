//! What is printed: results to stdout, everything else to stderr.

use std::fmt;
use std::io::{ErrorKind, IsTerminal, Write};

use kadence::Diagnostics;
use kadence::diagnostic::{Level, Renderer};

/// Why a subcommand stopped, in one line: exit code 2.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Failure(message.into())
    }
}

/// Writes a result. A reader that has had enough (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure(format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr. Where even that cannot be written, nobody is left to be told.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Draws all diagnostics on stderr.
pub(crate) fn draw(diagnostics: &Diagnostics) {
    let renderer = if coloured() { Renderer::coloured() } else { Renderer::plain() };
    for diagnostic in &diagnostics.all {
        complain(&renderer.render(diagnostic, &diagnostics.sources));
        complain("");
    }
}

fn coloured() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && std::io::stderr().is_terminal()
}

/// `2 errors, 1 warning`; what there is none of is left out.
pub(crate) fn tally(diagnostics: &Diagnostics) -> String {
    let errors = diagnostics.errors();
    let warnings = diagnostics.all.iter().filter(|d| d.level == Level::Warning).count();
    let parts = [(errors, "error"), (warnings, "warning")];
    let said: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(n, what)).collect();
    said.join(", ")
}

/// `1 rule`, `2 rules`.
pub(crate) fn count(n: impl TryInto<u64>, what: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}

/// A text from data or a file name on one line: what could move a cursor, break a line or turn
/// the direction of writing is shown as `�`, a line break or tab as a space.
pub(crate) fn clean(text: impl fmt::Display) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let replace = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        c if steers(c) => '\u{FFFD}',
        c => c,
    };
    text.to_string().chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(clean("Acme\u{1b}[2J\nA/S\u{202E}"), "Acme\u{FFFD}[2J A/S\u{FFFD}");
        assert_eq!(clean("Møller & Søn — 日本"), "Møller & Søn — 日本");
    }
}
