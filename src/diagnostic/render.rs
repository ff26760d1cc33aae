//! Diagnostics drawn with their source lines.

use annotate_snippets::{AnnotationKind, Group, Level as Kind, Renderer as Drawer, Snippet};

use super::{Diagnostic, Label, Level, Sources, Span};

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
        let mut snippet = Snippet::source(sources.text(file)).path(sources.name(file));
        snippet = snippet.annotation(annotation(AnnotationKind::Primary, &diagnostic.primary));
        for label in diagnostic.secondary.iter().filter(|label| label.span.file == file) {
            snippet = snippet.annotation(annotation(AnnotationKind::Context, label));
        }
        let mut group: Group<'_> = title.element(snippet);
        for label in diagnostic.secondary.iter().filter(|label| label.span.file != file) {
            let file = label.span.file;
            let other = Snippet::source(sources.text(file)).path(sources.name(file));
            group = group.element(other.annotation(annotation(AnnotationKind::Context, label)));
        }
        if let Some(help) = &diagnostic.help {
            group = group.element(Kind::HELP.message(&**help));
        }
        self.0.render(&[group]).to_string()
    }
}

fn annotation(kind: AnnotationKind, label: &Label) -> annotate_snippets::Annotation<'_> {
    let Span { start, end, .. } = label.span;
    let annotation = kind.span(start as usize..end as usize);
    if label.text.is_empty() { annotation } else { annotation.label(&*label.text) }
}
