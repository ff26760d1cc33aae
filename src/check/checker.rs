//! What all checks share: the names, the diagnostics, and the definitions that were checked.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::load::Lost;
use super::measure::{Part, Quantity};
use super::names::{DEEPEST, Names, first_words};
use super::rule::Rulebook;
use super::{Written, rules};
use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Span};
use crate::model::calendar::Calendar;
use crate::model::{FieldType, Noun, Schema};
use crate::syntax::tree::{Expr, ExprKind, Words};

/// How many phrases, conditions and measures an item may consist of, with what it is built on.
const MOST_PARTS: usize = 10_000;
/// How deep they may lie in each other.
const MOST_LEVELS: usize = 128;
/// How many diagnostics are given the nearest known name: looking for it takes time.
const MOST_SUGGESTIONS: usize = 200;

/// What a define is.
#[derive(Clone)]
pub(super) enum Defined {
    Phrase(Arc<rules::Phrase>),
    /// Checked anew for each noun that it is used for.
    Measure(Quantity),
}

/// How large something is, with what it is built on.
#[derive(Clone, Copy, Default)]
pub(super) struct Extent {
    parts: usize,
    levels: usize,
    /// Of defines alone.
    defines: usize,
}

#[derive(Clone)]
enum State {
    Unchecked,
    Open,
    /// Whether why is told; a fault within the prelude is not.
    Failed {
        told: bool,
    },
    Done(Defined, Extent),
}

pub(super) struct Checker<'a> {
    pub(super) sources: &'a Sources,
    pub(super) schema: &'a Schema,
    pub(super) calendar: &'a Calendar,
    pub(super) names: &'a Names<'a>,
    pub(super) rulebook: &'a Rulebook<'a>,
    pub(super) goals: &'a BTreeSet<&'a str>,
    prelude: FileId,
    lost: &'a Lost,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Where rules are met, and which, by their place in the rulebook.
    pub(super) meets: Vec<(usize, Span)>,
    states: Vec<State>,
    /// For each define, those that it is built on.
    built_on: Vec<Vec<usize>>,
    /// The defines that something other than a define is built on.
    roots: Vec<usize>,
    measures: HashMap<(usize, Noun), Option<(Part, Extent)>>,
    /// The defines that are being checked, each used by the one before.
    open: Vec<usize>,
    /// Where the measures that are being checked for a noun are used.
    used_at: Vec<(Span, Noun)>,
    /// Of the item or define that is being checked.
    extent: Extent,
    level: usize,
    /// Too large: nothing more is checked until the next item.
    exhausted: bool,
    /// Something within the prelude does not hold.
    hidden: bool,
    suggestions: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        written: &Written<'a>,
        rulebook: &'a Rulebook<'a>,
        goals: &'a BTreeSet<&'a str>,
    ) -> Self {
        let names = written.names;
        Checker {
            sources: written.sources,
            schema: written.schema,
            calendar: written.calendar,
            names,
            rulebook,
            goals,
            prelude: written.prelude,
            lost: written.lost,
            diagnostics: Vec::new(),
            meets: Vec::new(),
            states: vec![State::Unchecked; names.defines.len()],
            built_on: vec![Vec::new(); names.defines.len()],
            roots: Vec::new(),
            measures: HashMap::new(),
            open: Vec::new(),
            used_at: Vec::new(),
            extent: Extent::default(),
            level: 0,
            exhausted: false,
            hidden: false,
            suggestions: 0,
        }
    }

    /// Notes a fault. One within the prelude is none of the author's: it is told where a name of
    /// the prelude is used that a definition of theirs has made unusable.
    pub(super) fn report(&mut self, mut diagnostic: Diagnostic) {
        let span = diagnostic.primary.span;
        let is_lost =
            is_about_a_name(diagnostic.code) && self.lost.may_give(self.written_name(span));
        self.hidden |= span.file == self.prelude;
        if span.file == self.prelude || self.exhausted || is_lost {
            return;
        }
        if let Some((span, noun)) = self.used_at.first() {
            diagnostic =
                diagnostic.note_at(*span, format!("used here for {}", super::field::a(*noun)));
        }
        self.diagnostics.push(diagnostic);
    }

    fn written_name(&self, span: Span) -> &str {
        self.sources.slice(span).trim_matches('"')
    }

    /// Notes a fault; what has it cannot be made.
    pub(super) fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.report(diagnostic);
        None
    }

    /// Adds `did you mean …?`.
    pub(super) fn suggest<'n>(
        &mut self,
        diagnostic: Diagnostic,
        written: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Diagnostic {
        self.suggestions += 1;
        if self.suggestions > MOST_SUGGESTIONS {
            return diagnostic;
        }
        diagnostic.did_you_mean(written, known)
    }

    /// What stands at a place, comments left out and white space folded.
    pub(super) fn written(&self, span: Span) -> String {
        fold(self.sources.slice(span))
    }

    /// The place of each of some words.
    pub(super) fn word_spans(&self, words: &str, span: Span) -> Vec<Span> {
        let text = self.sources.slice(span);
        let mut from = 0;
        let mut spans = Vec::new();
        for word in words.split(' ') {
            let found = text.get(from..).and_then(|rest| rest.find(word)).map(|at| from + at);
            let Some(start) = found else {
                spans.push(span);
                continue;
            };
            from = start + word.len();
            let place = |at: usize| span.start + u32::try_from(at).unwrap_or(0);
            spans.push(Span { start: place(start), end: place(from), ..span });
        }
        spans
    }

    /// Starts an item: what it may consist of is counted from here.
    pub(super) fn start_item(&mut self) {
        self.extent = Extent::default();
        self.level = 0;
        self.exhausted = false;
    }

    /// Checks a part of an item within bounds of number and depth.
    pub(super) fn nested<T>(
        &mut self,
        span: Span,
        check: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        self.level += 1;
        let fits = self.take(Extent { parts: 1, levels: 0, defines: 0 }, span);
        let made = fits.and_then(|()| check(self));
        self.level -= 1;
        made
    }

    fn take(&mut self, extent: Extent, span: Span) -> Option<()> {
        if self.exhausted {
            return None;
        }
        self.extent.parts = self.extent.parts.saturating_add(extent.parts);
        self.extent.levels = self.extent.levels.max(self.level + extent.levels);
        self.extent.defines = self.extent.defines.max(extent.defines);
        let (what, most) = if self.extent.parts > MOST_PARTS {
            ("parts", MOST_PARTS)
        } else if self.extent.levels > MOST_LEVELS {
            ("levels", MOST_LEVELS)
        } else if self.extent.defines >= DEEPEST || self.open.len() > DEEPEST {
            ("levels", DEEPEST)
        } else {
            return Some(());
        };
        let root = self.open.first().and_then(|index| self.names.defines.get(*index));
        let fault = match root {
            Some(define) => {
                let message = format!(
                    "`{}` grows to more than {most} {what} with what it is built on",
                    define.name.value
                );
                Diagnostic::error(Code::K040, define.name.span, message)
            }
            None => {
                let message = format!("this grows to more than {most} {what}");
                Diagnostic::error(Code::K040, span, message).label("with what this is built on")
            }
        };
        self.report(fault);
        self.exhausted = true;
        None
    }

    /// Checks every define, those of the rule set first.
    pub(super) fn check_defines(&mut self) {
        for index in 0..self.states.len() {
            self.start_item();
            self.check_define(index);
        }
    }

    /// What a define that is used at `span` is.
    pub(super) fn defined(&mut self, index: usize, span: Span) -> Option<Defined> {
        match self.open.last().and_then(|open| self.built_on.get_mut(*open)) {
            Some(others) => others.push(index),
            None => self.roots.push(index),
        }
        if let Some(State::Unchecked) = self.states.get(index) {
            self.check_define(index);
        }
        match self.states.get(index)?.clone() {
            State::Done(defined, extent) => {
                self.take(extent, span)?;
                Some(defined)
            }
            State::Open => {
                self.report_circle(index);
                None
            }
            State::Failed { told } => self.unusable(index, told, span),
            State::Unchecked => None,
        }
    }

    /// The defines of the rule set itself.
    pub(super) fn defines(&self) -> Vec<rules::Define> {
        let mut used = vec![false; self.states.len()];
        let mut open = self.roots.clone();
        while let Some(index) = open.pop() {
            if let Some(used) = used.get_mut(index).filter(|used| !**used) {
                *used = true;
                open.extend(self.built_on.get(index).into_iter().flatten());
            }
        }
        let all = self.names.defines.iter().zip(&self.states).zip(used);
        let own = all.filter(|((define, _), _)| !define.standard);
        let made = own.map(|((define, state), used)| rules::Define {
            name: define.name.value.clone(),
            span: define.name.span,
            phrase: match state {
                State::Done(Defined::Phrase(phrase), _) => Some(phrase.clone()),
                _ => None,
            },
            used,
        });
        made.collect()
    }

    /// Notes, once outside of the prelude, that a definition there cannot be used.
    fn unusable<T>(&mut self, index: usize, told: bool, span: Span) -> Option<T> {
        if told {
            return None;
        }
        let name = &self.names.defines.get(index)?.name.value;
        let message = format!("the standard `{name}` does not go with a name defined anew");
        let help = format!("define `{name}` too, or give the new definition another name");
        self.fail(Diagnostic::error(Code::K012, span, message).help(help))
    }

    fn set(&mut self, index: usize, state: State) {
        if let Some(place) = self.states.get_mut(index) {
            *place = state;
        }
    }

    fn check_define(&mut self, index: usize) {
        let names = self.names;
        let Some(define) = names.defines.get(index) else { return };
        if !matches!(self.states.get(index), Some(State::Unchecked)) {
            return;
        }
        self.set(index, State::Open);
        self.open.push(index);
        let outer = std::mem::take(&mut self.extent);
        let outer_hidden = std::mem::take(&mut self.hidden);
        let start = self.level;
        let made = match self.take(Extent::default(), define.name.span) {
            Some(()) => self.body(define.body, index),
            None => None,
        };
        self.open.pop();
        let extent = std::mem::replace(&mut self.extent, outer);
        let hidden = std::mem::replace(&mut self.hidden, outer_hidden);
        let state = match made {
            Some(defined) if !self.exhausted => State::Done(
                defined,
                Extent {
                    parts: extent.parts,
                    levels: extent.levels.saturating_sub(start),
                    defines: extent.defines + 1,
                },
            ),
            // Its own size is not known: the chain was cut further up.
            _ if self.exhausted && !self.open.is_empty() => State::Unchecked,
            _ => State::Failed { told: !hidden },
        };
        self.set(index, state);
    }

    fn body(&mut self, body: &'a Expr, index: usize) -> Option<Defined> {
        if self.is_phrase(body, index) {
            return self.expr_phrase(body).map(Defined::Phrase);
        }
        self.measure(body, None).map(|part| Defined::Measure(part.quantity))
    }

    /// Whether the body of a define names things rather than a number.
    fn is_phrase(&self, body: &Expr, index: usize) -> bool {
        match &body.kind {
            ExprKind::Phrase(_) => true,
            ExprKind::Paren(inner) => self.is_phrase(inner, index),
            ExprKind::Words(words) => {
                let things = self.names.defines.get(index).is_some_and(|define| {
                    self.names.noun(&super::names::Named::Define(index)).is_some()
                        && first_words(define.body).is_some()
                });
                let unknown = self.names.longest(words).is_none();
                things || (unknown && !self.is_number_field(words))
            }
            _ => false,
        }
    }

    /// Whether some noun has a number field of that name.
    pub(super) fn is_number_field(&self, name: &str) -> bool {
        let kind = |noun| self.schema.field(noun, name).map(|field| field.kind);
        Noun::ALL.into_iter().any(|noun| kind(noun) == Some(FieldType::Number))
    }

    /// What a define that is a measure means for the subjects of a noun.
    pub(super) fn measure_of(&mut self, index: usize, noun: Noun, span: Span) -> Option<Part> {
        if !self.measures.contains_key(&(index, noun)) {
            let define = self.names.defines.get(index)?;
            let outer = std::mem::take(&mut self.extent);
            let start = self.level;
            self.used_at.push((span, noun));
            let part = self.measure(define.body, Some(noun));
            self.used_at.pop();
            let extent = std::mem::replace(&mut self.extent, outer);
            if self.exhausted {
                return None;
            }
            let levels = extent.levels.saturating_sub(start);
            self.measures
                .insert((index, noun), part.map(|part| (part, Extent { levels, ..extent })));
        }
        let extent = self.measures.get(&(index, noun))?.as_ref()?.1;
        self.take(extent, span)?;
        self.measures.get(&(index, noun))?.as_ref().map(|(part, _)| part.clone())
    }

    fn report_circle(&mut self, index: usize) {
        let names = self.names;
        let start = self.open.iter().position(|open| *open == index).unwrap_or(0);
        let mut circle: Vec<&Words> = Vec::new();
        let open = self.open.iter().skip(start).filter_map(|at| names.defines.get(*at));
        let mut first = None;
        for define in open {
            if first.is_none() && !define.standard {
                first = Some(circle.len());
            }
            circle.push(define.name);
        }
        circle.rotate_left(first.unwrap_or(0));
        let Some(name) = circle.first().copied() else { return };
        circle.push(name);
        let chain: Vec<String> = circle.iter().map(|name| format!("`{}`", name.value)).collect();
        let message = format!("definitions go in a circle: {}", chain.join(" → "));
        let mut fault =
            Diagnostic::error(Code::K018, name.span, message).label("is defined by way of itself");
        if self.names.is_standard(&name.value) {
            fault = fault.help(format!(
                "this replaces the standard `{}`, so it cannot be built on it",
                name.value
            ));
        }
        for other in circle.iter().skip(1) {
            if other.span != name.span && other.span.file != self.prelude {
                fault = fault.note_at(other.span, "by way of this");
            }
        }
        self.report(fault);
    }
}

/// Whether a fault with that code may vanish once an item that gives a name can be read.
fn is_about_a_name(code: Code) -> bool {
    use Code::{K011, K012, K013, K014, K015, K037};
    matches!(code, K011 | K012 | K013 | K014 | K015 | K037)
}

/// A text without comments, its white space folded; strings are kept as they are.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    let mut in_comment = false;
    for c in text.chars() {
        if in_comment {
            in_comment = c != '\n';
        } else if in_string {
            folded.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else if c == '#' {
            in_comment = true;
        } else if c.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            in_string = c == '"';
            folded.push(c);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding_drops_comments_and_keeps_strings() {
        let text = "a  where # not this \"\n   name is \"x  # \\\" y\"  \n and b";
        assert_eq!(fold(text), "a where name is \"x  # \\\" y\" and b");
    }
}
