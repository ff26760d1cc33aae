//! What is wrong with a rule set, as data: a code, a place, the words, and the mend.

mod code;
#[cfg(feature = "render")]
mod render;
mod source;
mod suggest;

pub use code::Code;
#[cfg(feature = "render")]
pub use render::Renderer;
pub use source::{FileId, Position, Sources, Span};
pub use suggest::nearest;
pub(crate) use suggest::nearest_things;

use std::fmt;

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The rule set can be used, but probably does not mean what was meant.
    Warning,
    /// The rule set cannot be used.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Warning => "warning",
            Level::Error => "error",
        })
    }
}

/// A place in a rule file, with what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The bytes that are meant.
    pub span: Span,
    /// What is said there; may be empty.
    pub text: String,
}

/// A mend that is sure: replace the bytes of `span` by `replacement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One thing that is wrong with a rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of fault this is; [`Code::page`] explains it.
    pub code: Code,
    /// How bad it is.
    pub level: Level,
    /// One sentence: lower case, no full stop, back-ticks round input.
    pub message: String,
    /// The place that is wrong.
    pub primary: Label,
    /// Other places that matter, such as the first of two definitions.
    pub secondary: Vec<Label>,
    /// What to do about it, where a label cannot say it.
    pub help: Option<String>,
    /// The mend, where it is sure.
    pub fix: Option<Fix>,
    /// What shows it: a test in the rules language, which can be pasted below the rules.
    pub example: Option<String>,
}

impl Diagnostic {
    pub(crate) fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic::new(Level::Error, code, span, message)
    }

    pub(crate) fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic::new(Level::Warning, code, span, message)
    }

    fn new(level: Level, code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            level,
            message: message.into(),
            primary: Label { span, text: String::new() },
            secondary: Vec::new(),
            help: None,
            fix: None,
            example: None,
        }
    }

    /// Says something at the place itself.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Says something at another place.
    pub(crate) fn note_at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub(crate) fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Shows it by a test.
    pub(crate) fn example(mut self, test: impl Into<String>) -> Self {
        self.example = Some(test.into());
        self
    }

    /// `did you mean …?` at the place, with the fix, if one of `known` is near to `written`.
    pub(crate) fn did_you_mean<'a>(
        self,
        written: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let span = self.primary.span;
        match nearest(written, known) {
            Some(name) => self.label(format!("did you mean `{name}`?")).fix(span, name),
            None => self,
        }
    }
}

/// All that is wrong with a rule set, with the texts that it speaks of.
///
/// `Display` gives a line for each: `sales.kpi:3:13: error[K012]: unknown noun …`.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    /// What was found, in the order of the files and places.
    pub all: Vec<Diagnostic>,
    /// The texts.
    pub sources: Sources,
}

impl Diagnostics {
    /// How many of them are errors.
    pub fn errors(&self) -> usize {
        self.all.iter().filter(|d| d.level == Level::Error).count()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, d) in self.all.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            let at = self.sources.position(d.primary.span);
            write!(f, "{}:{}:{}: ", at.file, at.line, at.column)?;
            write!(f, "{}[{}]: {}", d.level, d.code, d.message)?;
            for text in [Some(&d.primary.text), d.help.as_ref()].into_iter().flatten() {
                if !text.is_empty() {
                    write!(f, " ({text})")?;
                }
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
