//! Text for people, in lines that keep to a width.

use unicode_width::UnicodeWidthStr;

use crate::output::clean;

/// In how many columns a text is told.
pub(crate) const WIDTH: usize = 80;

/// Lines that keep to the width.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// All of them, with a line end after each.
    pub(crate) fn text(self) -> String {
        self.0
    }

    /// An empty line, where there is none yet.
    pub(crate) fn empty(&mut self) {
        if !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    /// A text from a column on, in as many lines as it needs; what follows stands two columns
    /// further in.
    pub(crate) fn line(&mut self, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), indent + 2, text);
    }

    /// A text after what its first line starts with.
    pub(crate) fn hanging(&mut self, first: &str, indent: usize, text: &str) {
        let mut line = first.to_owned();
        let mut is_empty = true;
        for word in clean(text).split(' ') {
            if !is_empty && line.width() + 1 + word.width() > WIDTH {
                self.push(&line);
                line = " ".repeat(indent);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.push(&line);
    }

    /// A line as it is.
    pub(crate) fn push(&mut self, line: &str) {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }
}
