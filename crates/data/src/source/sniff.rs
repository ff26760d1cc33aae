//! What form a file has, by its first bytes; its name decides only where these leave it open.

use super::Input;
use crate::{ReadError, text};

/// How a file holds its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Delimited,
    /// One value, or one on each line.
    Json,
}

pub(super) fn form(input: &Input) -> Result<Form, ReadError> {
    let bytes = input.read()?;
    let text = text::without_bom(&bytes).trim_ascii_start();
    Ok(match text.first() {
        Some(b'{' | b'[') => Form::Json,
        _ => Form::Delimited,
    })
}
