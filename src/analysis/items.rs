//! Which item of a rule set a place is in.

use std::collections::BTreeSet;

use crate::diagnostic::{FileId, Sources, Span};
use crate::syntax::tree::Item;

/// How many lines of comments may stand between a comment and the item that it is on.
const MOST_LINES: usize = 100;

/// The items of a rule set by their places.
pub(crate) struct Places<'a> {
    pub(super) sources: &'a Sources,
    /// With their places among the items, in the order of the files.
    items: Vec<(Span, usize)>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(sources: &'a Sources, items: &[Item]) -> Self {
        let mut items: Vec<_> =
            items.iter().enumerate().map(|(at, item)| (item.span, at)).collect();
        items.sort_unstable();
        Places { sources, items }
    }

    /// The last item of a file that starts at or before a place.
    fn before(&self, file: FileId, at: u32) -> Option<(Span, usize)> {
        let item = self.items.get(self.after(file, at).checked_sub(1)?);
        item.filter(|(span, _)| span.file == file).copied()
    }

    /// How many items start at or before a place.
    fn after(&self, file: FileId, at: u32) -> usize {
        self.items.partition_point(|(span, _)| (span.file, span.start) <= (file, at))
    }

    pub(super) fn files(&self) -> BTreeSet<FileId> {
        self.items.iter().map(|(span, _)| span.file).collect()
    }

    /// The place among the items of the one that holds a place.
    pub(super) fn item_at(&self, span: Span) -> Option<usize> {
        self.before(span.file, span.start).map(|(_, at)| at)
    }

    /// The item that a comment is on: it stands on one of its lines, continues it, or is just
    /// above it.
    pub(super) fn item_of_comment(&self, comment: Span) -> Option<usize> {
        let text = self.sources.text(comment.file);
        let between = |from: u32, to: u32| text.get(from as usize..to as usize).unwrap_or("");
        let line = between(0, comment.start);
        let line = line.rsplit('\n').next().unwrap_or("").trim_start_matches('\u{feff}');
        let before = self.before(comment.file, comment.start);
        let after = self.items.get(self.after(comment.file, comment.start)).copied();
        let is_on_line = |item: Span| !between(item.end, comment.start).contains('\n');
        let continues = line.starts_with([' ', '\t']) && line.trim().is_empty();
        let above = |item: Span| {
            let mut lines = between(comment.end, item.start).lines().skip(1);
            let are_comments = lines.by_ref().take(MOST_LINES).all(|line| line.starts_with('#'));
            line.is_empty() && are_comments && lines.next().is_none()
        };
        match (before, after) {
            (Some((item, at)), _) if comment.start < item.end || is_on_line(item) || continues => {
                Some(at)
            }
            (_, Some((item, at))) if item.file == comment.file && above(item) => Some(at),
            _ => None,
        }
    }
}
