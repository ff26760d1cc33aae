//! Diagnostics drawn with their source lines.

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Kind, Renderer as Drawer, Snippet,
};

use super::{Diagnostic, FileId, Label, Level, Sources, Span};

/// Draws diagnostics as a person reads them, with the lines that they speak of.
#[derive(Debug, Clone)]
pub struct Renderer(Drawer);

impl Renderer {
    /// Without colours.
    pub fn plain() -> Self {
        Renderer(Drawer::plain())
    }

    /// With the colours of a terminal.
    pub fn coloured() -> Self {
        Renderer(Drawer::styled())
    }

    /// The drawing of one diagnostic, without a line end.
    pub fn render(&self, diagnostic: &Diagnostic, sources: &Sources) -> String {
        let kind = match diagnostic.level {
            Level::Error => Kind::ERROR,
            Level::Warning => Kind::WARNING,
        };
        let title = kind.primary_title(&*diagnostic.message).id(diagnostic.code.name());
        let file = diagnostic.primary.span.file;
        let others = || diagnostic.secondary.iter().filter(|label| label.span.file == file);
        let lines = Lines::around(sources, std::iter::once(&diagnostic.primary).chain(others()));
        let mut snippet = lines.snippet().path(sources.name(file));
        snippet = snippet.annotation(lines.mark(AnnotationKind::Primary, &diagnostic.primary));
        for label in others() {
            snippet = snippet.annotation(lines.mark(AnnotationKind::Context, label));
        }
        let mut group: Group<'_> = title.element(snippet);
        for label in diagnostic.secondary.iter().filter(|label| label.span.file != file) {
            let lines = Lines::around(sources, std::iter::once(label));
            let other = lines.snippet().path(sources.name(label.span.file));
            group = group.element(other.annotation(lines.mark(AnnotationKind::Context, label)));
        }
        if let Some(help) = &diagnostic.help {
            group = group.element(Kind::HELP.message(&**help));
        }
        let drawn = self.0.render(&[group]).to_string();
        match &diagnostic.example {
            Some(example) => format!("{drawn}\n\n{}\n", example.trim_end()),
            None => drawn,
        }
    }
}

/// The lines of a text that labels speak of, and those beside them. The drawing reads all that it
/// is given, and a large text may have an error on each line.
struct Lines<'a> {
    text: &'a str,
    start: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    fn around<'l>(sources: &'a Sources, labels: impl Iterator<Item = &'l Label> + Clone) -> Self {
        let file = labels.clone().next().map_or(FileId(u32::MAX), |label| label.span.file);
        let text = sources.text(file);
        let first = labels.clone().map(|label| label.span.start as usize).min().unwrap_or(0);
        let last = labels.map(|label| label.span.end as usize).max().unwrap_or(0);
        // A place may be the end of the text, after its last line end.
        let before = text.get(..first.saturating_sub(1)).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let after = text.get(last..).unwrap_or("");
        let end = after.match_indices('\n').nth(1).map_or(text.len(), |(at, _)| last + at);
        let number = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        match text.get(start..end) {
            Some(lines) => Lines { text: lines, start, number },
            None => Lines { text, start: 0, number: 1 },
        }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.number)
    }

    fn mark<'l>(&self, kind: AnnotationKind, label: &'l Label) -> Annotation<'l> {
        let Span { start, end, .. } = label.span;
        let here = |at: u32| (at as usize).saturating_sub(self.start);
        let annotation = kind.span(here(start)..here(end));
        if label.text.is_empty() { annotation } else { annotation.label(&*label.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_drawing_reads_the_lines_that_it_shows() {
        let mut sources = Sources::default();
        let text = "# one\n".repeat(1000) + "second\n" + &"# æ\n".repeat(1000) + "third\n";
        let file = sources.add("a.kpi", text.as_str());
        let at = |what: &str| {
            let start = u32::try_from(text.find(what).unwrap()).unwrap();
            Span { file, start, end: start + u32::try_from(what.len()).unwrap() }
        };
        let label = |span| Label { span, text: String::new() };
        let lines = Lines::around(&sources, [label(at("second"))].iter());
        assert_eq!((lines.number, lines.text), (1000, "# one\nsecond\n# æ"));
        let end = u32::try_from(text.len()).unwrap();
        let drawn = |span| {
            let diagnostic = Diagnostic::error(Code::K001, span, "wrong");
            Renderer::plain().render(&diagnostic, &sources)
        };
        assert!(drawn(at("second")).contains("a.kpi:1001:1\n"));
        assert!(drawn(at("second")).contains("1001 | second\n"));
        assert!(drawn(at("third")).contains("2002 | third\n"));
        assert!(drawn(Span { file, start: end, end }).contains("a.kpi:2002:7\n"));
    }
}
