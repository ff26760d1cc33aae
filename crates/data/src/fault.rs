//! What is wrong with a file that consists of lines.

use std::borrow::Cow;

use crate::text;

/// A file larger than this is not read.
const MOST_BYTES: usize = 128 << 20;

/// How many faults of a kind are kept.
const MOST_FAULTS: usize = 1_000;

/// Something about a line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Fault {
    /// From one.
    pub line: usize,
    /// In words, without the line.
    pub message: String,
}

/// Adds one, unless there are too many.
pub(crate) fn push(faults: &mut Vec<Fault>, fault: Fault) {
    if faults.len() < MOST_FAULTS {
        faults.push(fault);
    } else if faults.len() == MOST_FAULTS {
        let message = "there is more of that kind from here on".to_owned();
        faults.push(Fault { message, ..fault });
    }
}

/// The bytes of a file as text, whatever its encoding; what is not plain about that is noted.
pub(crate) fn text_of<'a>(
    bytes: &'a [u8],
    what: &str,
    notes: &mut Vec<Fault>,
) -> Result<Cow<'a, str>, Fault> {
    let whole = |message: String| Fault { line: 1, message };
    if bytes.len() > MOST_BYTES {
        return Err(whole(format!("the {what} is larger than {} MiB", MOST_BYTES >> 20)));
    }
    let decoded = text::decoded(bytes);
    if let Some(encoding) = decoded.encoding {
        notes.push(whole(format!("read as {}: it is not UTF-8", encoding.name())));
    }
    if let Err(error) = text::utf8(&decoded.text, text::Spot::START) {
        let line = usize::try_from(error.at.line).unwrap_or(usize::MAX);
        notes.push(Fault { line, message: error.message() });
    }
    let text = match decoded.text {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    };
    match text.trim().is_empty() {
        true => Err(whole(format!("the {what} is empty"))),
        false => Ok(text),
    }
}
