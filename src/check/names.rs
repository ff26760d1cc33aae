//! The names of a rule set: nouns, activity kinds, defines and segments.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::{Noun, Schema};
use crate::syntax::is_reserved;
use crate::syntax::tree::{Expr, ExprKind, Item, ItemKind, Phrase, Words};

/// How many definitions may be built on each other.
pub(super) const DEEPEST: usize = 64;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Named {
    Noun(Noun),
    /// An activity kind, by its name in the data.
    Kind(String),
    /// A place in [`Names::defines`].
    Define(usize),
    /// `A-customer`: those customers of the segment that the name after the dash stands for.
    Segment {
        segment: String,
        of: Box<Named>,
    },
    /// As `Segment`, but there is no such segment.
    UnknownSegment(String),
}

pub(super) struct Define<'a> {
    /// The first of its names.
    pub(super) name: &'a Words,
    pub(super) body: &'a Expr,
    /// Of the prelude.
    pub(super) standard: bool,
    /// What its things are; none for a measure.
    noun: Option<Noun>,
}

pub(super) struct SegmentItem<'a> {
    pub(super) name: &'a Words,
    pub(super) body: &'a Phrase,
}

#[derive(Default)]
pub(super) struct Names<'a> {
    table: HashMap<String, Named>,
    /// Where a name that a rule set gives itself was given.
    given: HashMap<String, Span>,
    pub(super) defines: Vec<Define<'a>>,
    pub(super) segments: Vec<SegmentItem<'a>>,
    /// The names of the prelude that the rule set gives another meaning.
    replaced: HashSet<&'a str>,
    /// The words of the longest name.
    longest: usize,
    /// The words of the longest name of a segment.
    longest_segment: usize,
}

impl<'a> Names<'a> {
    /// The names that the items of a rule set and of the prelude give.
    pub(super) fn collect(
        items: &'a [Item],
        standard: &'a [Item],
        schema: &mut Schema,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut names = Names::default();
        for noun in Noun::ALL {
            names.built_in(noun.singular(), &Named::Noun(noun));
        }
        for kind in schema.kinds() {
            names.built_in(kind, &Named::Kind(kind.clone()));
        }
        for item in items {
            if let ItemKind::Activity(kind) = &item.kind
                && names.claim(kind, &Named::Kind(kind.value.clone()), diagnostics)
            {
                schema.add_kind(&kind.value);
            }
        }
        for item in items {
            match &item.kind {
                ItemKind::Define { names: words, body } => names.define(words, body, diagnostics),
                ItemKind::Segment { name, body } => names.segment(name, body, diagnostics),
                _ => {}
            }
        }
        names.plurals(diagnostics);
        for item in standard {
            if let ItemKind::Define { names: words, body } = &item.kind {
                names.standard(words, body);
            }
        }
        names.find_nouns();
        names
    }

    fn insert(&mut self, name: String, named: Named) {
        self.longest = self.longest.max(name.split(' ').count());
        self.table.insert(name, named);
    }

    fn built_in(&mut self, name: &str, named: &Named) {
        self.insert(name.to_owned(), named.clone());
        self.insert(plural(name), named.clone());
    }

    /// Gives a name its meaning, if the rule set may.
    fn claim(&mut self, name: &Words, named: &Named, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let Words { value: text, span } = name;
        if let Some(word) = text.split(' ').find(|word| is_reserved(word)) {
            let message =
                format!("`{word}` is a word of the language and cannot be part of a name");
            diagnostics.push(Diagnostic::error(Code::K022, *span, message));
            return false;
        }
        if let Some(first) = self.given.get(text) {
            diagnostics.push(defined_twice(text, *span, *first));
            return false;
        }
        if let Some(standard) = self.table.get(text) {
            let is_kind = matches!((standard, named), (Named::Kind(_), Named::Kind(_)));
            diagnostics.push(if is_kind {
                let message = format!("`{text}` is a standard activity kind");
                Diagnostic::error(Code::K016, *span, message).label("needs no declaration")
            } else {
                let message = format!("`{text}` is a standard noun and cannot be defined anew");
                Diagnostic::error(Code::K023, *span, message).label("choose another name")
            });
            return false;
        }
        self.given.insert(text.clone(), *span);
        self.insert(text.clone(), named.clone());
        true
    }

    fn define(&mut self, words: &'a [Words], body: &'a Expr, diagnostics: &mut Vec<Diagnostic>) {
        let index = self.defines.len();
        let mut kept = None;
        for name in words {
            if self.claim(name, &Named::Define(index), diagnostics) {
                kept = kept.or(Some(name));
            }
        }
        // A body is checked even where all of its names were refused.
        if let Some(name) = kept.or(words.first()) {
            self.defines.push(Define { name, body, standard: false, noun: None });
        }
    }

    fn segment(&mut self, name: &'a Words, body: &'a Phrase, diagnostics: &mut Vec<Diagnostic>) {
        match self.segments.iter().find(|other| other.name.value == name.value) {
            Some(first) => {
                diagnostics.push(defined_twice(&name.value, name.span, first.name.span));
            }
            None => {
                self.longest_segment = self.longest_segment.max(name.value.split(' ').count());
                self.segments.push(SegmentItem { name, body });
            }
        }
    }

    /// Adds the plurals of the names that the rule set gives.
    fn plurals(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let mut given: Vec<(String, Span)> =
            self.given.iter().map(|(name, span)| (name.clone(), *span)).collect();
        given.sort_by_key(|(_, span)| *span);
        for (name, span) in given {
            let Some(named) = self.table.get(&name).cloned() else { continue };
            let plural = plural(&name);
            match self.table.get(&plural) {
                None => self.insert(plural, named),
                Some(other) if *other == named => {}
                Some(_) => {
                    let Some(taken) = self.given.get(&plural).copied() else { continue };
                    let (first, second) = if taken < span { (taken, span) } else { (span, taken) };
                    let written = if second == span { &name } else { &plural };
                    diagnostics.push(
                        defined_twice(written, second, first).help(format!(
                            "`{plural}` is the plural of `{name}` and names the same"
                        )),
                    );
                }
            }
        }
    }

    /// Whether the prelude gives the name too.
    pub(super) fn is_standard(&self, name: &str) -> bool {
        self.replaced.contains(name)
    }

    /// Adds a define of the prelude under those of its names that the rule set leaves to it.
    fn standard(&mut self, words: &'a [Words], body: &'a Expr) {
        let index = self.defines.len();
        let mut used = None;
        for name in words {
            let plural = plural(&name.value);
            let own = self.table.get(&name.value).or_else(|| self.table.get(&plural)).cloned();
            match own {
                None => used = used.or(Some(name)),
                Some(_) => self.replaced.extend([name.value.as_str()]),
            }
            let named = own.unwrap_or(Named::Define(index));
            for text in [name.value.clone(), plural] {
                if !self.table.contains_key(&text) {
                    self.insert(text, named.clone());
                }
            }
        }
        if let Some(name) = used {
            self.defines.push(Define { name, body, standard: true, noun: None });
        }
    }

    /// Finds out what the things of every define are. Each round finds those that are built on
    /// what the rounds before have found, or what it has found itself on its way up or down.
    fn find_nouns(&mut self) {
        let count = self.defines.len();
        for round in 0..=DEEPEST {
            let mut changed = false;
            for step in 0..count {
                let index = if round % 2 == 0 { step } else { count - 1 - step };
                let Some(define) = self.defines.get(index).filter(|d| d.noun.is_none()) else {
                    continue;
                };
                let noun = first_words(define.body)
                    .and_then(|words| self.longest(words))
                    .and_then(|(_, named)| self.noun(&named));
                if let (Some(define), Some(noun)) = (self.defines.get_mut(index), noun) {
                    define.noun = Some(noun);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// What the things of a name are; none for a measure.
    pub(super) fn noun(&self, named: &Named) -> Option<Noun> {
        match named {
            Named::Noun(noun) => Some(*noun),
            Named::Kind(_) => Some(Noun::Activity),
            Named::Define(index) => self.defines.get(*index)?.noun,
            Named::Segment { .. } | Named::UnknownSegment(_) => Some(Noun::Customer),
        }
    }

    /// The noun, and the kind if it is one of activities, that a name is or is but another name of.
    pub(super) fn plain(&self, name: &str) -> Option<(Noun, Option<&str>)> {
        let mut name = name;
        for _ in 0..=DEEPEST {
            match self.get(name)? {
                Named::Noun(noun) => return Some((*noun, None)),
                Named::Kind(kind) => return Some((Noun::Activity, Some(kind))),
                Named::Define(index) => match &self.defines.get(*index)?.body.kind {
                    ExprKind::Words(words) => name = words,
                    _ => return None,
                },
                Named::Segment { .. } | Named::UnknownSegment(_) => return None,
            }
        }
        None
    }

    /// What a whole name stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Named> {
        self.table.get(name)
    }

    /// What a whole name stands for, `A-customer` included.
    pub(super) fn exact(&self, name: &str) -> Option<Named> {
        self.get(name).cloned().or_else(|| self.in_segment(name))
    }

    /// The longest name that ends the words, and how many words stand before it.
    pub(super) fn longest(&self, words: &str) -> Option<(usize, Named)> {
        let words: Vec<&str> = words.split(' ').collect();
        let first = words.len().saturating_sub(self.longest + self.longest_segment);
        let tail = |start: usize| words.get(start..).map(|tail| tail.join(" "));
        (first..words.len()).find_map(|start| Some((start, self.exact(&tail(start)?)?)))
    }

    /// The longest adjective define (`hot lead`) whose adjective starts the words; the noun is
    /// one of `nouns`. Also how many words the adjective has.
    pub(super) fn adjective(&self, words: &[&str], nouns: &[&str]) -> Option<(usize, usize)> {
        let most = words.len().min(self.longest);
        (1..=most).rev().find_map(|count| {
            let start = words.get(..count)?.join(" ");
            nouns.iter().find_map(|noun| match self.get(&format!("{start} {noun}"))? {
                Named::Define(index) => Some((count, *index)),
                _ => None,
            })
        })
    }

    fn in_segment(&self, name: &str) -> Option<Named> {
        let mut unknown = None;
        for (dash, _) in name.match_indices('-') {
            let (Some(segment), Some(rest)) = (name.get(..dash), name.get(dash + 1..)) else {
                continue;
            };
            let Some(of) = self.get(rest).filter(|of| self.noun(of) == Some(Noun::Customer)) else {
                continue;
            };
            let named = || Named::Segment { segment: segment.to_owned(), of: Box::new(of.clone()) };
            if self.segments.iter().any(|declared| declared.name.value == segment) {
                return Some(named());
            }
            if !segment.contains(' ') && !segment.is_empty() && unknown.is_none() {
                unknown = Some(if self.segments.is_empty() {
                    named()
                } else {
                    Named::UnknownSegment(segment.to_owned())
                });
            }
        }
        unknown
    }

    /// Every name of things or measures.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(String::as_str)
    }

    /// The adjectives that defines give to a noun: `hot` of `hot lead`.
    pub(super) fn adjectives_of(&self, noun: Noun) -> HashSet<&str> {
        let noun = noun.singular();
        self.table.keys().filter_map(|name| name.strip_suffix(noun)?.strip_suffix(' ')).collect()
    }
}

fn defined_twice(name: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::K016, second, format!("`{name}` is defined twice"))
        .label("defined again")
        .note_at(first, "the first is here")
}

/// The words of a phrase that say what its things are.
pub(super) fn first_words(body: &Expr) -> Option<&str> {
    match &body.kind {
        ExprKind::Words(words) => Some(words),
        ExprKind::Phrase(phrase) => phrase.alternatives.first().map(|words| words.value.as_str()),
        ExprKind::Paren(inner) => first_words(inner),
        _ => None,
    }
}

/// The regular English plural of a name's last word.
pub(super) fn plural(name: &str) -> String {
    let before_y = name.strip_suffix('y').and_then(|stem| Some((stem, stem.chars().last()?)));
    match before_y {
        Some((stem, last)) if !matches!(last, 'a' | 'e' | 'i' | 'o' | 'u' | ' ' | '-') => {
            format!("{stem}ies")
        }
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| name.ends_with(end)) => {
            format!("{name}es")
        }
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_regular() {
        let plurals = [
            ("call", "calls"),
            ("company", "companies"),
            ("key", "keys"),
            ("pitch", "pitches"),
            ("site visit", "site visits"),
            ("fax", "faxes"),
        ];
        for (one, many) in plurals {
            assert_eq!(plural(one), many);
        }
    }
}
