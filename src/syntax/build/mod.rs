//! From the grammar's nodes to the tree.

mod expr;
mod item;
mod test;
mod value;

pub(super) use item::build;

use super::grammar::{Kind, Node};
use super::tree::{Path, Spanned, Words};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};

/// Builds one item, collecting what is wrong with its values.
struct Builder<'d> {
    file: FileId,
    /// Where the item starts in the file.
    base: usize,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// The children of a node, one after the other.
struct Parts<'n, 'i> {
    left: std::slice::Iter<'n, Node<'i>>,
}

impl<'n, 'i> Parts<'n, 'i> {
    fn of(node: &'n Node<'i>) -> Self {
        Parts { left: node.children.iter() }
    }

    /// The next child, if it is of a kind.
    fn take(&mut self, kind: Kind) -> Option<&'n Node<'i>> {
        let first = self.left.as_slice().first()?;
        (first.kind == kind).then(|| self.left.next()).flatten()
    }

    fn next(&mut self) -> Option<&'n Node<'i>> {
        self.left.next()
    }

    fn all(self) -> impl Iterator<Item = &'n Node<'i>> {
        self.left
    }
}

impl Node<'_> {
    fn child(&self, kind: Kind) -> Option<&Self> {
        self.children.iter().find(|child| child.kind == kind)
    }

    fn first(&self) -> Option<&Self> {
        self.children.first()
    }
}

impl Builder<'_> {
    fn span(&self, node: &Node<'_>) -> Span {
        let offset = |at: usize| u32::try_from(self.base + at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: offset(node.start),
            end: offset(node.start + node.text.len()),
        }
    }

    fn error(&mut self, code: Code, node: &Node<'_>, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::error(code, self.span(node), message);
        let diagnostic = if help.is_empty() { diagnostic } else { diagnostic.help(help) };
        self.diagnostics.push(diagnostic);
    }

    fn spanned<T>(&self, node: &Node<'_>, value: T) -> Spanned<T> {
        Spanned { value, span: self.span(node) }
    }

    /// Words with single spaces between them; comments among them are left out.
    fn words(&self, node: &Node<'_>) -> Words {
        let text = if node.children.is_empty() {
            node.text.to_owned()
        } else {
            node.children.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
        };
        self.spanned(node, text)
    }

    fn path(&self, node: &Node<'_>) -> Path {
        let steps = if node.children.is_empty() {
            vec![self.words(node)]
        } else {
            node.children.iter().map(|step| self.spanned(step, step.text.to_owned())).collect()
        };
        Path { steps, span: self.span(node) }
    }

    /// The name that a text in quotes or a word gives.
    fn name(&mut self, node: &Node<'_>) -> Words {
        match node.first() {
            Some(string) if string.kind == Kind::string => self.string(string),
            _ => self.spanned(node, node.text.to_owned()),
        }
    }
}
