//! The scan before the parse: whole strings, matching brackets, bounded nesting.

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic};

use super::grammar::{Part, is_word_char};

/// How deep brackets and phrases may nest.
pub(super) const MOST_NESTED: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters and the like; numbers, dates and instants too.
    Word,
    /// A string; `ends` is false if its quote is missing.
    Text { ends: bool },
    /// One or two characters.
    Sign,
}

/// A token, by its bytes in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'i> {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) text: &'i str,
}

impl Token<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens of a text without comments.
#[derive(Debug, Clone)]
pub(crate) struct Tokens<'i> {
    text: &'i str,
    at: usize,
}

impl<'i> Tokens<'i> {
    pub(crate) fn new(text: &'i str) -> Self {
        Tokens { text, at: 0 }
    }

    /// The tokens from a byte on.
    pub(super) fn from(text: &'i str, at: usize) -> Self {
        Tokens { text, at }
    }
}

impl<'i> Iterator for Tokens<'i> {
    type Item = Token<'i>;

    fn next(&mut self) -> Option<Token<'i>> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            let (kind, length) = match first {
                ' ' | '\t'..='\r' => {
                    self.at += 1;
                    continue;
                }
                '"' => string(rest),
                c if c.is_ascii_digit() => (TokenKind::Word, number(rest)),
                c if is_word_char(c) && c != '-' => {
                    let length = rest.find(|c| !is_word_char(c)).unwrap_or(rest.len());
                    (TokenKind::Word, length)
                }
                c => {
                    let double = ["==", "=>", "=<", "<>", "&&", "||", ">=", "<=", "!="];
                    let is_double = double.iter().any(|sign| rest.starts_with(sign));
                    (TokenKind::Sign, if is_double { 2 } else { c.len_utf8() })
                }
            };
            let start = self.at;
            self.at += length;
            return Some(Token { kind, start, text: rest.get(..length)? });
        }
    }
}

/// The text with a space for every byte of a comment, so that all places stay.
pub(crate) fn without_comments(text: &str) -> Cow<'_, str> {
    let mut blanked = String::new();
    let mut copied = 0;
    for (at, comment) in comments(text) {
        blanked.push_str(text.get(copied..at).unwrap_or(""));
        blanked.extend(std::iter::repeat_n(' ', comment.len()));
        copied = at + comment.len();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    blanked.push_str(text.get(copied..).unwrap_or(""));
    Cow::Owned(blanked)
}

/// The comments of a text, from their `#` to the end of the line, with their places.
pub(crate) fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += text.get(at..)?.find(['"', '#'])?;
            let rest = text.get(at..)?;
            if rest.starts_with('"') {
                at += string(rest).1;
                continue;
            }
            let start = at;
            let length = rest.find('\n').unwrap_or(rest.len());
            at += length;
            return Some((start, rest.get(..length)?));
        }
    })
}

/// The length of a string, to its closing quote or to the end of the line.
fn string(rest: &str) -> (TokenKind, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return (TokenKind::Text { ends: false }, at),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (TokenKind::Text { ends: true }, at + 1),
            _ => {}
        }
    }
    (TokenKind::Text { ends: false }, rest.len())
}

/// The length of a number, date or instant.
fn number(rest: &str) -> usize {
    let mut is_instant = false;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let before_digit = characters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        match c {
            'T' | 't' if at > 7 => is_instant = true,
            '.' if before_digit => {}
            ':' | '+' if is_instant && before_digit => {}
            '%' => return at + 1,
            _ if is_word_char(c) => {}
            _ => return at,
        }
    }
    rest.len()
}

/// The end of the last token, if all strings end and are well written, all brackets match, and
/// nothing nests too deeply; else the first fault.
pub(super) fn scan(part: Part<'_>) -> Result<usize, Box<Diagnostic>> {
    let mut nesting = Nesting::default();
    let mut end = 0;
    for token in Tokens::new(part.text) {
        end = token.end();
        if let TokenKind::Text { ends } = token.kind {
            check_string(part, token, ends)?;
        }
        match nesting.step(token) {
            Step::Fine => {}
            Step::TooDeep => {
                let message = format!("nested more than {MOST_NESTED} deep");
                let place = part.span(token.start, end);
                return Err(Box::new(
                    Diagnostic::error(Code::K003, place, message)
                        .help("give a part of it a name with `define`, or write several rules"),
                ));
            }
            Step::Unopened => {
                let place = part.span(token.start, end);
                return Err(Box::new(
                    Diagnostic::error(Code::K001, place, "found `)` that closes nothing")
                        .label("there is no `(` for it"),
                ));
            }
        }
    }
    match nesting.levels.last() {
        Some(level) => {
            let open = part.span(level.open, level.open + 1);
            let message = "expected `)`, found the end of the item";
            Err(Box::new(
                Diagnostic::error(Code::K001, open, message).label("this bracket is never closed"),
            ))
        }
        None => Ok(end),
    }
}

enum Step {
    Fine,
    TooDeep,
    Unopened,
}

/// What is open at a token. `where` and `that` take all that follows them in their bracket, so
/// they count until it closes; a chain of `on` ends with its phrase.
#[derive(Default)]
struct Nesting {
    levels: Vec<Level>,
    clauses: usize,
    chain: usize,
    /// After a dot any word is a field.
    after_dot: bool,
}

struct Level {
    open: usize,
    clauses: usize,
}

impl Nesting {
    fn step(&mut self, token: Token<'_>) -> Step {
        let after_dot = std::mem::replace(&mut self.after_dot, token.text == ".");
        match token.text {
            _ if after_dot && token.kind == TokenKind::Word => {}
            "(" => self.levels.push(Level { open: token.start, clauses: self.clauses }),
            ")" => match self.levels.pop() {
                Some(level) => self.clauses = level.clauses,
                None => return Step::Unopened,
            },
            "where" | "that" => self.clauses += 1,
            "on" => self.chain += 1,
            _ => {}
        }
        let goes_on = token.text == "|"
            || token.text == "on"
            || (token.kind == TokenKind::Word && !super::is_reserved(token.text));
        if !goes_on {
            self.chain = 0;
        }
        let depth = self.levels.len() + self.clauses + self.chain;
        if depth > MOST_NESTED { Step::TooDeep } else { Step::Fine }
    }
}

fn check_string(part: Part<'_>, token: Token<'_>, ends: bool) -> Result<(), Box<Diagnostic>> {
    let fault = |start: usize, end: usize, message: String, help: &str| {
        let place = part.span(token.start + start, token.start + end);
        Err(Box::new(Diagnostic::error(Code::K007, place, message).help(help)))
    };
    if !ends {
        let message = "expected `\"` at the end of the string, found the end of the line";
        let help = "a string stands on one line; `\\n` in it is a line end";
        return fault(0, token.text.len(), message.to_owned(), help);
    }
    let mut rest = token.text;
    let mut at = 0;
    while let Some(back) = rest.find('\\') {
        let escape = rest.get(back..).unwrap_or("");
        match unescape(escape) {
            Some((_, length)) => {
                at += back + length;
                rest = escape.get(length..).unwrap_or("");
            }
            None => {
                let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
                let shown = escape.get(..length).unwrap_or("");
                let message = format!("unknown escape `{shown}` in a string");
                let help = "known are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}` with the number of a character";
                return fault(at + back, at + back + length, message, help);
            }
        }
    }
    Ok(())
}

/// The character that an escape stands for, and the escape's length.
pub(super) fn unescape(escape: &str) -> Option<(char, usize)> {
    let simple = |c| Some((c, 2));
    match escape.chars().nth(1)? {
        '"' => simple('"'),
        '\\' => simple('\\'),
        'n' => simple('\n'),
        't' => simple('\t'),
        'u' => {
            let digits = escape.get(2..)?.strip_prefix('{')?;
            let length = digits.find('}').filter(|length| (1..=6).contains(length))?;
            let digits = digits.get(..length)?;
            let well_formed = digits.bytes().all(|b| b.is_ascii_hexdigit());
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| well_formed)?;
            Some((char::from_u32(number)?, length + 4))
        }
        _ => None,
    }
}
