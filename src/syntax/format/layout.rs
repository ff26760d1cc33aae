//! An item's tokens to lines: where each is broken, and what is said behind and between them.

use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use crate::syntax::tree::Item;

use super::breaks::Break;
use super::line::{Line, WIDTH};
use super::rows::{Row, Rows, STEP, rows};
use super::token::{Place, Token};

/// The lines of an item; the comments before its first token are left to the file.
pub(super) fn lines<'t>(item: &Item, tokens: &[Token<'t>]) -> Vec<Line<'t>> {
    let rows = rows(item, tokens);
    let mut ends = vec![0];
    let mut width = 0;
    for (token, spaces) in tokens.iter().zip(&rows.spaces) {
        width += spaces + token.text.width();
        ends.push(width);
    }
    let has_comment =
        |index: &usize| tokens.get(*index).is_some_and(|token| !token.gap.comments.is_empty());
    let forced = (1..tokens.len()).filter(has_comment).collect();
    let layout = Layout { tokens, rows, ends, forced };
    if let Some(line) = layout.single_line() {
        return vec![line];
    }
    let mut lines = Vec::new();
    layout.rows.rows.iter().for_each(|row| layout.row(row, &mut lines));
    lines
}

struct Layout<'a, 't> {
    tokens: &'a [Token<'t>],
    rows: Rows,
    /// How wide the tokens before each are.
    ends: Vec<usize>,
    /// The tokens that a comment stands before, so that they start a line.
    forced: Vec<usize>,
}

impl<'t> Layout<'_, 't> {
    /// The item as one line that may share a column with its neighbours.
    fn single_line(&self) -> Option<Line<'t>> {
        let (column, at) = self.rows.column?;
        let all = 0..self.tokens.len();
        let fits = self.forced.is_empty() && self.width(&all) <= WIDTH;
        fits.then(|| Line {
            text: self.text(0..at),
            column: Some(column),
            tail: self.text(at..all.end),
            ..Line::default()
        })
    }

    fn row(&self, row: &Row, lines: &mut Vec<Line<'t>>) {
        let Range { start, end } = row.tokens.clone();
        let mut pieces = Vec::new();
        let Some(width) = row.keyword else {
            self.broken(row.tokens.clone(), row.indent, row.hang, &mut pieces);
            for (indent, piece) in pieces {
                self.line(piece.start, indent, &self.text(piece), lines);
            }
            return;
        };
        let keyword = self.tokens.get(start).map_or("", |token| &token.text);
        if start + 1 < end {
            self.broken(start + 1..end, row.indent + width, row.hang, &mut pieces);
        }
        let mut pieces = pieces.into_iter();
        // A comment behind the keyword parts it from its value.
        let value = if self.is_forced(start + 1) { None } else { pieces.next() };
        let text = match value {
            Some((_, piece)) => format!("{keyword:<width$}{}", self.text(piece)),
            None => keyword.to_string(),
        };
        self.line(start, row.indent, &text, lines);
        for (indent, piece) in pieces {
            self.line(piece.start, indent, &self.text(piece), lines);
        }
    }

    /// Adds a line that starts with a token, and what is said before it.
    fn line(&self, first: usize, indent: usize, text: &str, lines: &mut Vec<Line<'t>>) {
        let mut blanks = 0;
        if let Some(token) = self.tokens.get(first).filter(|_| first > 0) {
            for comment in &token.gap.comments {
                match (comment.place, lines.last_mut()) {
                    (Place::Behind, Some(line)) => line.comment = Some(comment.text),
                    _ => lines.push(Line {
                        blanks: comment.blanks.min(1),
                        text: indented(indent, comment.text),
                        ..Line::default()
                    }),
                }
            }
            blanks = token.gap.blanks.min(1);
        }
        lines.push(Line { blanks, text: indented(indent, text), ..Line::default() });
    }

    /// Breaks tokens that start in `column` into lines, each with its column. The outermost places
    /// come first, so that what belongs together stays together as long as it fits.
    fn broken(
        &self,
        range: Range<usize>,
        column: usize,
        hang: usize,
        pieces: &mut Vec<(usize, Range<usize>)>,
    ) {
        let forced = inside(&self.forced, &range, |index| *index);
        if forced.is_empty() && column + self.width(&range) <= WIDTH {
            pieces.push((column, range));
            return;
        }
        let must = |place: &&Break| {
            forced.is_empty() || !inside(forced, &place.whole, |index| *index).is_empty()
        };
        let places = inside(&self.rows.breaks, &range, |place| place.at);
        let Some(level) = places.iter().filter(must).map(|place| place.level).min() else {
            let mut start = range.start;
            let mut column = column;
            for end in forced.iter().copied().chain([range.end]) {
                if forced.is_empty() {
                    pieces.push((column, start..end));
                } else {
                    self.broken(start..end, column, hang, pieces);
                }
                (start, column) = (end, hang);
            }
            return;
        };
        let places = places.iter().filter(must).filter(|place| place.level == level);
        let fills = places.clone().any(|place| place.fills);
        let mut line = range.start..range.start;
        let mut column = column;
        for end in places.map(|place| place.at).chain([range.end]) {
            let longer = line.start..end;
            let goes_on = line.is_empty()
                || (fills
                    && inside(forced, &longer, |index| *index).is_empty()
                    && column + self.width(&longer) <= WIDTH);
            if goes_on {
                line = longer;
                continue;
            }
            self.broken(line.clone(), column, hang + STEP, pieces);
            (line, column) = (line.end..end, hang);
        }
        self.broken(line, column, hang + STEP, pieces);
    }

    fn is_forced(&self, index: usize) -> bool {
        self.forced.binary_search(&index).is_ok()
    }

    fn width(&self, range: &Range<usize>) -> usize {
        let end = |index: usize| self.ends.get(index).copied().unwrap_or(0);
        (end(range.end) - end(range.start)).saturating_sub(self.spaces(range.start))
    }

    fn spaces(&self, index: usize) -> usize {
        self.rows.spaces.get(index).copied().unwrap_or(0)
    }

    fn text(&self, range: Range<usize>) -> String {
        let mut text = String::new();
        for index in range {
            if !text.is_empty() {
                text.extend(std::iter::repeat_n(' ', self.spaces(index)));
            }
            text.push_str(self.tokens.get(index).map_or("", |token| &token.text));
        }
        text
    }
}

fn indented(indent: usize, text: &str) -> String {
    " ".repeat(indent) + text
}

/// Those of some sorted places that lie after the first token of a range and in it.
fn inside<'p, T>(places: &'p [T], range: &Range<usize>, at: impl Fn(&T) -> usize) -> &'p [T] {
    let start = places.partition_point(|place| at(place) <= range.start);
    let end = places.partition_point(|place| at(place) < range.end);
    places.get(start..end).unwrap_or(&[])
}
