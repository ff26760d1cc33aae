//! The grammar, and the only place that knows pest: text in, nodes or a failure out.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

use crate::diagnostic::{FileId, Span};

use super::tree::Spanned;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/kadence.pest"]
struct Grammar;

/// A part of a file that is parsed for itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'i> {
    pub(super) file: FileId,
    /// Where it starts in the file.
    pub(super) start: usize,
    pub(super) text: &'i str,
}

impl<'i> Part<'i> {
    /// The place in the file of a range of the part.
    pub(super) fn span(self, start: usize, end: usize) -> Span {
        let at = |byte: usize| u32::try_from(self.start + byte).unwrap_or(u32::MAX);
        Span { file: self.file, start: at(start), end: at(end) }
    }

    pub(super) fn whole(self) -> Span {
        self.span(0, self.text.len())
    }

    /// The part's part.
    pub(super) fn slice(self, start: usize, end: usize) -> Part<'i> {
        let text = self.text.get(start..end).unwrap_or("");
        Part { start: self.start + start, text, ..self }
    }
}

/// The furthest place that was reached, and what could have stood there.
#[derive(Debug)]
pub(super) struct Failure {
    /// A byte of the part.
    pub(super) at: usize,
    pub(super) expected: Vec<Rule>,
    /// The parser gave up, for want of stack or by a limit that the host set for its process.
    pub(super) gave_up: bool,
}

/// Reads a part as `rule`.
pub(super) fn read<'i>(rule: Rule, part: Part<'i>) -> Result<Node<'i>, Failure> {
    let failed = |at, expected| Failure { at, expected, gave_up: false };
    match Grammar::parse(rule, part.text) {
        Ok(mut pairs) => {
            pairs.next().map(|pair| Node { pair, part }).ok_or_else(|| failed(0, Vec::new()))
        }
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            match error.variant {
                ErrorVariant::ParsingError { positives, .. } => Err(failed(at, positives)),
                ErrorVariant::CustomError { .. } => {
                    Err(Failure { at, expected: Vec::new(), gave_up: true })
                }
            }
        }
    }
}

/// Whether a character may stand in a word after its first.
pub(super) fn is_word_char(c: char) -> bool {
    use pest::unicode::{DECIMAL_NUMBER, LETTER, MARK};
    c.is_ascii_alphanumeric()
        || matches!(c, '_' | '-')
        || (!c.is_ascii() && (LETTER(c) || MARK(c) || DECIMAL_NUMBER(c)))
}

/// Whether a text is a word, reserved or not.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(pest::unicode::LETTER) && text.chars().all(is_word_char)
}

/// What the grammar read by one of its rules.
#[derive(Debug, Clone)]
pub(super) struct Node<'i> {
    pair: Pair<'i, Rule>,
    part: Part<'i>,
}

impl<'i> Node<'i> {
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    pub(super) fn text(&self) -> &'i str {
        self.pair.as_str().trim_end()
    }

    /// The place of the text, without the white space before something that could have followed.
    pub(super) fn span(&self) -> Span {
        let start = self.pair.as_span().start();
        self.part.span(start, start + self.text().len())
    }

    pub(super) fn with<T>(&self, value: T) -> Spanned<T> {
        Spanned { value, span: self.span() }
    }

    pub(super) fn children(self) -> Nodes<'i> {
        Nodes { pairs: self.pair.into_inner(), part: self.part }
    }
}

/// The nodes inside a node, in order.
#[derive(Debug, Clone)]
pub(super) struct Nodes<'i> {
    pairs: Pairs<'i, Rule>,
    part: Part<'i>,
}

impl<'i> Nodes<'i> {
    /// The next one, if it is of `rule`.
    pub(super) fn accept(&mut self, rule: Rule) -> Option<Node<'i>> {
        let is_next = self.pairs.peek().is_some_and(|pair| pair.as_rule() == rule);
        if is_next { self.next() } else { None }
    }

    /// The next one of `rule`; those before it are left out, all of them if there is none.
    pub(super) fn seek(&mut self, rule: Rule) -> Option<Node<'i>> {
        self.find(|node| node.rule() == rule)
    }
}

impl<'i> Iterator for Nodes<'i> {
    type Item = Node<'i>;

    fn next(&mut self) -> Option<Node<'i>> {
        self.pairs.next().map(|pair| Node { pair, part: self.part })
    }
}
