//! The texts of a rule set and places in them.

use std::sync::Arc;

/// Which text of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// From the start of this to the end of `other`.
    pub(crate) fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }
}

/// A place as a person counts it, from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position<'a> {
    /// The name of the text.
    pub file: &'a str,
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// The texts of a rule set, by name. A copy shares them.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<Source>>,
}

#[derive(Debug)]
struct Source {
    name: String,
    text: String,
    /// The byte at which each line starts.
    lines: Vec<usize>,
}

impl Sources {
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let text = text.into();
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(after).collect();
        self.files.push(Arc::new(Source { name: name.into(), text, lines }));
        id
    }

    fn file(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize).map(Arc::as_ref)
    }

    /// Every text with its name, in the order in which they were read.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|source| (source.name.as_str(), source.text.as_str()))
    }

    /// The name that the host gave the text.
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", |source| &source.name)
    }

    /// The whole text.
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |source| &source.text)
    }

    /// What stands at `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The line and column at which `span` starts.
    pub fn position(&self, span: Span) -> Position<'_> {
        self.at(span.file, span.start as usize)
    }

    /// The line and column after the last character of `span`.
    ///
    /// ```
    /// use kadence::{Compiler, NoFiles};
    ///
    /// let text = "A-customer: touchpionts >= 4 per year";
    /// let found = Compiler::new().compile("sales.kpi", text, &NoFiles).diagnostics;
    /// let wrong = found.all[0].primary.span;
    /// assert_eq!(found.sources.position(wrong).column, 13);
    /// assert_eq!(found.sources.end(wrong).column, 24);
    /// ```
    pub fn end(&self, span: Span) -> Position<'_> {
        self.at(span.file, span.end as usize)
    }

    fn at(&self, file: FileId, byte: usize) -> Position<'_> {
        let lines = self.file(file).map_or(&[][..], |source| &source.lines);
        let line = lines.partition_point(|start| *start <= byte);
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text(file).get(start..byte).unwrap_or("");
        let from_one = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
        let column = from_one(before.chars().count() + 1);
        Position { file: self.name(file), line: from_one(line), column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("a.kpi", "æøå\n\nlast");
        let at = |start, end| {
            let span = Span { file, start, end };
            let (from, to) = (sources.position(span), sources.end(span));
            ((from.line, from.column), (to.line, to.column))
        };
        assert_eq!(at(0, 6), ((1, 1), (1, 4)));
        assert_eq!(at(4, 8), ((1, 3), (3, 1)));
        assert_eq!(at(7, 7), ((2, 1), (2, 1)));
        assert_eq!(at(8, 12), ((3, 1), (3, 5)));
    }
}
