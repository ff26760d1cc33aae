//! The tokens of a file, each with what stands between it and the one before.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Span;
use crate::syntax::is_reserved;
use crate::syntax::scan::{self, TokenKind, unescape, without_comments};

/// A token in its canonical spelling.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) text: Cow<'t, str>,
    /// The byte of the file at which it starts.
    pub(super) start: usize,
    /// The byte after its last, as it was written.
    pub(super) end: usize,
    pub(super) gap: Gap<'t>,
}

/// What stands before a token, or at the end of the file.
#[derive(Debug, Default)]
pub(super) struct Gap<'t> {
    pub(super) comments: Vec<Comment<'t>>,
    /// The blank lines after the last comment.
    pub(super) blanks: usize,
}

#[derive(Debug)]
pub(super) struct Comment<'t> {
    pub(super) text: &'t str,
    pub(super) place: Place,
    /// The blank lines before it.
    pub(super) blanks: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind a token, on its line.
    Behind,
    /// On a line of its own.
    Indented,
    /// On a line of its own, in column one.
    Outside,
}

/// Which of the tokens stand at a place.
pub(super) fn range(tokens: &[Token<'_>], place: Span) -> Range<usize> {
    index(tokens, place.start)..index(tokens, place.end)
}

/// The first token that does not start before the byte.
pub(super) fn index(tokens: &[Token<'_>], byte: u32) -> usize {
    tokens.partition_point(|token| token.start < byte as usize)
}

/// The tokens of a text in which nothing is wrong, and what stands behind the last one.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, Gap<'_>) {
    let blanked = without_comments(text);
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    for token in scan::Tokens::new(&blanked) {
        // A line may be blank by white space that parts no tokens.
        if token.text.chars().all(char::is_whitespace) {
            continue;
        }
        let (start, end) = (token.start, token.end());
        let written = text.get(start..end).unwrap_or("");
        let gap = gap(text.get(at..start).unwrap_or(""), at == 0);
        found.push(Token { text: spelling(token.kind, written), start, end, gap });
        at = end;
    }
    (found, gap(text.get(at..).unwrap_or(""), at == 0))
}

/// The comments of what stands between two tokens.
fn gap(text: &str, is_first: bool) -> Gap<'_> {
    let mut comments = Vec::new();
    let mut lines = text.split('\n').peekable();
    let mut is_behind = !is_first;
    let mut blanks = 0;
    while let Some(line) = lines.next() {
        let comment = line.find('#').and_then(|at| Some((at, line.get(at..)?.trim_end())));
        if let Some((at, text)) = comment {
            let place = match at {
                _ if is_behind => Place::Behind,
                0 => Place::Outside,
                _ => Place::Indented,
            };
            comments.push(Comment { text, place, blanks });
            blanks = 0;
        } else if !is_behind && lines.peek().is_some() {
            blanks += 1;
        }
        is_behind = false;
    }
    Gap { comments, blanks }
}

fn spelling(kind: TokenKind, written: &str) -> Cow<'_, str> {
    match (kind, written) {
        (TokenKind::Text { .. }, _) => string(written),
        (_, "≥") => ">=".into(),
        (_, "≤") => "<=".into(),
        (_, "≠") => "!=".into(),
        _ => written.into(),
    }
}

/// The string with no more escapes than it needs. What cannot be seen stays as it was written.
fn string(written: &str) -> Cow<'_, str> {
    if !written.contains(|c: char| c == '\\' || c.is_control()) {
        return written.into();
    }
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let escape = if c == '\\' { unescape(rest) } else { None };
        let (character, length) = escape.unwrap_or((c, c.len_utf8()));
        match character {
            '"' | '\\' if escape.is_some() => {
                text.push('\\');
                text.push(character);
            }
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            hidden if hidden.is_control() || (escape.is_some() && !can_be_seen(hidden)) => {
                text.push_str(&format!("\\u{{{:x}}}", u32::from(hidden)));
            }
            character => text.push(character),
        }
        rest = rest.get(length..).unwrap_or("");
    }
    text.into()
}

fn can_be_seen(c: char) -> bool {
    c == ' ' || (!c.is_whitespace() && !c.escape_debug().to_string().starts_with("\\u"))
}

/// What a colon looks like, and which minus signs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// A colon stands close to what it follows; a minus takes away or negates.
    Rule,
    /// A colon stands between spaces; a minus is a number's, or part of an id.
    Test,
}

/// For each token of an item how many spaces part it from the one before: one or none.
pub(super) fn spaces(tokens: &[Token<'_>], manner: Manner) -> Vec<usize> {
    let mut before = Before { text: "", end: 0, ends: false, negates: false };
    let spaces = tokens.iter().map(|token| {
        let is_close = match (before.text, &*token.text) {
            ("(" | ".", _) | (_, "," | ")" | ".") => true,
            (_, ":") => manner == Manner::Rule,
            ("-", next) if manner == Manner::Test => {
                token.start == before.end || next.starts_with(|c: char| c.is_ascii_digit())
            }
            ("-", _) => before.negates,
            _ => false,
        };
        before = before.then(token);
        usize::from(!is_close)
    });
    spaces.collect()
}

/// What matters of the tokens before one.
struct Before<'t> {
    text: &'t str,
    end: usize,
    /// Whether an operand can end here, so that a minus takes away.
    ends: bool,
    /// It is a minus that negates.
    negates: bool,
}

impl Before<'_> {
    fn then<'t>(&self, token: &'t Token<'_>) -> Before<'t> {
        let text = &*token.text;
        let is_word = text.starts_with(char::is_alphanumeric);
        let ends = match text {
            ")" | "today" => true,
            _ if self.text == "." => true,
            _ => text.starts_with('"') || (is_word && !is_reserved(text)),
        };
        Before { text, end: token.end, ends, negates: text == "-" && !self.ends }
    }
}
