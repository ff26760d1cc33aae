//! A file cut into items, each to be parsed for itself.

use crate::diagnostic::{Code, Diagnostic, FileId, nearest};

use super::grammar::Part;
use super::scan::{Token, TokenKind, Tokens};

/// The words that start an item other than a rule.
const KEYWORDS: &[&str] =
    &["activity", "calendar", "define", "field", "goal", "list", "segment", "test", "use"];

/// The items of a file without comments, and an error for each run of lines that continue nothing.
pub(super) fn split(file: FileId, text: &str) -> (Vec<Part<'_>>, Vec<Diagnostic>) {
    let mut items: Vec<Part<'_>> = Vec::new();
    let mut orphans: Vec<(usize, usize)> = Vec::new();
    let whole = Part { file, start: 0, text };
    for (start, line) in lines(text) {
        let end = start + line.trim_end().len();
        let content = line.trim_start();
        if content.is_empty() {
            continue;
        }
        let is_indented = content.len() < line.len();
        match (is_indented, items.last_mut()) {
            (true, Some(item)) => *item = whole.slice(item.start, end),
            (true, None) => match orphans.last_mut() {
                Some(orphan) => orphan.1 = end,
                None => orphans.push((start + line.len() - content.len(), end)),
            },
            (false, _) => items.push(whole.slice(start, end)),
        }
    }
    let diagnostics = orphans.into_iter().map(|(start, end)| {
        let message = "an indented line with no item above it to continue";
        Diagnostic::error(Code::K002, whole.span(start, end), message)
            .help("an item starts at the start of a line, without spaces before it")
    });
    (items, diagnostics.collect())
}

/// The lines of a text with their places; a byte order mark is left out.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        match line.strip_prefix('\u{feff}') {
            Some(line) if start == 0 => (at - line.len(), line),
            _ => (start, line),
        }
    })
}

/// The lines of a calendar or test after its head: each starts with one of `keywords`, or is
/// indented no more than the first and ends a line before it that is complete.
pub(super) fn inner_lines<'i>(item: Part<'i>, keywords: &[&str]) -> (Part<'i>, Vec<Part<'i>>) {
    let mut starts: Vec<usize> = Vec::new();
    let mut indentation = usize::MAX;
    let mut is_complete = true;
    for (start, line) in lines(item.text).skip(1) {
        let mut tokens = Tokens::new(line);
        let Some(first) = tokens.next() else { continue };
        let is_keyword = keywords.contains(&first.text);
        if starts.is_empty() {
            indentation = first.start;
        }
        if is_keyword || (is_complete && first.start <= indentation) {
            starts.push(start + first.start);
        }
        let last = tokens.last().unwrap_or(first);
        is_complete = !matches!(last.text, "," | ":");
    }
    let ends = starts.iter().skip(1).copied().chain([item.text.len()]);
    let inner = starts.iter().zip(ends).map(|(start, end)| trimmed(item.slice(*start, end)));
    let head = item.slice(0, starts.first().copied().unwrap_or(item.text.len()));
    (trimmed(head), inner.collect())
}

/// The part without what follows its last token.
pub(super) fn trimmed(part: Part<'_>) -> Part<'_> {
    let end = Tokens::new(part.text).last().map_or(0, |token| token.end());
    part.slice(0, end)
}

/// What an item is, by its first words and signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Activity,
    Calendar,
    Define,
    Field,
    Goal,
    List,
    Rule,
    Segment,
    Test,
    Use,
}

/// Tells items apart. The words that start one may also start a rule's subject (`activity: …`), so
/// what follows them counts too.
pub(super) fn kind(item: Part<'_>) -> Result<Kind, Box<Diagnostic>> {
    let mut tokens = Tokens::new(item.text);
    let first = tokens.next();
    let second = tokens.next();
    let is = |token: Option<Token<'_>>, text| token.is_some_and(|token| token.text == text);
    let is_text = second.is_some_and(|t| matches!(t.kind, TokenKind::Text { .. }));
    let keyword = first.map_or("", |token| token.text);
    let colon = Tokens::new(item.text).find(|token| token.text == ":");
    let is_rule = colon.is_some();
    // The lines of a test have colons too.
    let first_line = item.text.find('\n').unwrap_or(item.text.len());
    let is_one_line = colon.is_some_and(|colon| colon.start < first_line);
    let kind = match keyword {
        _ if is(second, ":") => Kind::Rule,
        "define" => Kind::Define,
        "segment" => Kind::Segment,
        "field" if !is_rule || field_type_ends(item.text, colon) => Kind::Field,
        "activity" if is_text || !is_rule => Kind::Activity,
        "calendar" if !is_rule => Kind::Calendar,
        "goal" if is_text || !is_rule => Kind::Goal,
        "list" if is_text || !is_rule => Kind::List,
        "test" if is_text || !is_one_line => Kind::Test,
        "use" if is_text || !is_rule => Kind::Use,
        _ if is_rule || looks_like_rule(item.text) => Kind::Rule,
        _ => return Err(Box::new(unknown_kind(item, first))),
    };
    Ok(kind)
}

/// Whether a dot stands before the colon, or a single word after it.
fn field_type_ends(text: &str, colon: Option<Token<'_>>) -> bool {
    let colon = colon.map_or(text.len(), |colon| colon.start);
    Tokens::new(text).take_while(|token| token.start < colon).any(|token| token.text == ".")
        || Tokens::from(text, colon).take(3).count() == 2
}

/// Whether an item without a colon has something of a condition.
fn looks_like_rule(text: &str) -> bool {
    let first = Tokens::new(text).next().map_or("", |token| token.text);
    let is_sign = |token: Token<'_>| {
        matches!(
            token.text,
            ">" | "<"
                | ">="
                | "<="
                | "!="
                | "≥"
                | "≤"
                | "≠"
                | "next"
                | "followed"
                | "every"
                | "within"
        )
    };
    nearest(first, KEYWORDS.iter().copied()).is_none() && Tokens::new(text).any(is_sign)
}

/// The words that begin an indented line.
const CONTINUES: [&str; 20] = [
    "through", "assume", "as", "because", "supports", "weight", "severity", "since", "until",
    "unless", "prorate", "grace", "warn", "timezone", "workdays", "holidays", "hours", "minutes",
    "given", "expect",
];

fn unknown_kind(item: Part<'_>, first: Option<Token<'_>>) -> Diagnostic {
    let (start, end, text) =
        first.map_or((0, item.text.len(), ""), |token| (token.start, token.end(), token.text));
    let message = format!("unknown kind of item `{text}`");
    if CONTINUES.contains(&text) {
        let help = format!(
            "a line that continues the item above it is indented: put spaces before `{text}`"
        );
        return Diagnostic::error(Code::K009, item.span(start, end), message)
            .help(help)
            .fix(item.span(start, end), format!("    {text}"));
    }
    Diagnostic::error(Code::K009, item.span(start, end), message)
        .did_you_mean(text, KEYWORDS.iter().copied())
        .help("a rule is `SUBJECT: CONDITION`; other items start with `calendar`, `use`, `activity`, `field`, `define`, `segment`, `list`, `goal` or `test`")
}
