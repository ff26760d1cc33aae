//! The lines of an iCalendar file (RFC 5545), unfolded.

/// `NAME;PARAMETER=VALUE:VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The number of the line on which it starts, from one.
    pub(super) number: usize,
    /// In capitals.
    pub(super) name: String,
    /// In capitals.
    pub(super) parameters: String,
    pub(super) value: String,
}

impl Line {
    /// An error at this line.
    pub(super) fn error(&self, what: &str) -> String {
        format!("line {}: {what}", self.number)
    }

    /// That the value cannot be read.
    pub(super) fn cannot(&self, expected: &str) -> String {
        let value = crate::text::quoted(&self.value);
        self.error(&format!("`{}` cannot be {value}: expected {expected}", self.name))
    }
}

/// The lines that are not blank. A line that starts with a blank continues the one before it.
pub(super) fn unfolded(text: &str) -> Vec<Result<Line, String>> {
    let mut whole: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), whole.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => whole.push((number, line.to_owned())),
        }
    }
    whole.into_iter().map(|(number, line)| parse(number, &line)).collect()
}

fn parse(number: usize, line: &str) -> Result<Line, String> {
    let mut in_quotes = false;
    let colon = line.bytes().position(|byte| {
        in_quotes ^= byte == b'"';
        byte == b':' && !in_quotes
    });
    let parts = colon.and_then(|at| Some((line.get(..at)?, line.get(at + 1..)?)));
    let Some((before, value)) = parts else {
        let line = crate::text::quoted(line);
        return Err(format!(
            "line {number}: {line} is no line of a calendar: expected `NAME:VALUE`"
        ));
    };
    let (name, parameters) = before.split_once(';').unwrap_or((before, ""));
    Ok(Line {
        number,
        name: name.trim().to_ascii_uppercase(),
        parameters: parameters.to_ascii_uppercase(),
        value: value.trim().to_owned(),
    })
}
