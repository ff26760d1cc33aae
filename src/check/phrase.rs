//! Phrases: adjectives, nouns and what narrows them.

use std::sync::Arc;

use super::checker::{Checker, Defined};
use super::field::a;
use super::names::Named;
use super::rules::{ActivityStatus, Adjective, Base, Phrase};
use super::status;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::Noun;
use crate::model::relation::relates;
use crate::syntax::tree::{self, Expr, ExprKind, Words};

/// Adjectives and noun of a phrase.
struct Head {
    noun: Noun,
    bases: Vec<Base>,
    adjectives: Vec<Adjective>,
}

impl Checker<'_> {
    pub(super) fn phrase(&mut self, phrase: &tree::Phrase) -> Option<Arc<Phrase>> {
        self.nested(phrase.span, |checker| checker.whole_phrase(phrase))
    }

    fn whole_phrase(&mut self, phrase: &tree::Phrase) -> Option<Arc<Phrase>> {
        let head = self.alternatives(&phrase.alternatives);
        let noun = match &head {
            Some(head) => head.noun,
            None => self.noun_of(phrase)?,
        };
        let on = phrase.on.as_deref().map(|owner| self.owner(owner, noun, phrase));
        let filter = phrase.filter.as_deref().map(|filter| self.condition(filter, noun));
        let dated = phrase.dated.as_ref().map(|path| self.date_path(path, noun));
        let spaced = phrase.spaced.as_ref().map(|spaced| self.days_only(spaced));
        let Head { noun, bases, adjectives } = head?;
        Some(Arc::new(Phrase {
            noun,
            bases,
            adjectives,
            on: all(on)?,
            filter: all(filter)?,
            dated: all(dated)?.map(|(path, _)| path),
            spaced: all(spaced)?,
            text: self.written(phrase.span),
        }))
    }

    /// An expression that is a phrase.
    pub(super) fn expr_phrase(&mut self, expr: &Expr) -> Option<Arc<Phrase>> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.expr_phrase(inner),
            ExprKind::Phrase(phrase) => self.phrase(phrase),
            ExprKind::Words(words) => self.words_phrase(words, expr.span),
            _ => None,
        }
    }

    pub(super) fn words_phrase(&mut self, words: &str, span: Span) -> Option<Arc<Phrase>> {
        let spans = self.word_spans(words, span);
        let words = words.to_owned();
        self.nested(span, |checker| {
            let Head { noun, bases, adjectives } = checker.head(&words, &spans, span)?;
            let text = checker.written(span);
            Some(Arc::new(plain(noun, bases, adjectives, text)))
        })
    }

    /// `is ADJECTIVES` or `is NOUN`, about things of a noun.
    pub(super) fn is_a(&mut self, words: &Words, noun: Noun) -> Option<Arc<Phrase>> {
        let Words { value: text, span } = words;
        let named = self.names.longest(text).and_then(|(_, named)| self.names.noun(&named));
        if named == Some(noun) {
            return self.words_phrase(text, *span);
        }
        if let (Some(other), false) = (named, self.is_adjective(text, noun)) {
            let message = format!("`{text}` says nothing of {}", a(noun));
            let fault = Diagnostic::error(Code::K013, *span, message);
            return self.fail(fault.label(format!("it is {}", a(other))));
        }
        let mut spans = self.word_spans(text, *span);
        spans.push(*span);
        let full = format!("{text} {}", noun.singular());
        let written = text.clone();
        self.nested(*span, |checker| {
            let Head { noun, bases, adjectives } = checker.head(&full, &spans, *span)?;
            Some(Arc::new(plain(noun, bases, adjectives, written)))
        })
    }

    /// What the things of a phrase are, as far as its words say.
    pub(super) fn noun_of(&self, phrase: &tree::Phrase) -> Option<Noun> {
        let (_, named) = self.names.longest(&phrase.alternatives.first()?.value)?;
        self.names.noun(&named)
    }

    fn owner(
        &mut self,
        owner: &tree::Phrase,
        thing: Noun,
        whole: &tree::Phrase,
    ) -> Option<Arc<Phrase>> {
        let made = self.phrase(owner)?;
        if relates(thing, made.noun) {
            return Some(made);
        }
        let owners: Vec<&str> = Noun::ALL
            .into_iter()
            .filter(|noun| relates(thing, *noun))
            .map(Noun::singular)
            .collect();
        let span = whole.alternatives.first().map_or(whole.span, |words| words.span);
        let fault = Diagnostic::error(
            Code::K028,
            span.to(owner.alternatives.first().map_or(owner.span, |words| words.span)),
            format!("{} is never on {}", a(thing), a(made.noun)),
        );
        self.fail(fault.help(format!("{} can be on {}", a(thing), owners.join(", "))))
    }

    fn alternatives(&mut self, alternatives: &[Words]) -> Option<Head> {
        let (first, others) = alternatives.split_first()?;
        let spans = self.word_spans(&first.value, first.span);
        let head = self.head(&first.value, &spans, first.span);
        let mut bases = Vec::new();
        let mut sound = true;
        for other in others {
            match self.alternative(other) {
                Some((noun, base)) => {
                    if let Some(head) = &head
                        && head.noun != noun
                    {
                        let message = format!(
                            "alternatives must be of one kind: {} is no {}",
                            a(noun),
                            head.noun
                        );
                        self.report(
                            Diagnostic::error(Code::K030, other.span, message)
                                .label(format!("these are {}", noun.table()))
                                .note_at(first.span, format!("these are {}", head.noun.table())),
                        );
                        sound = false;
                    }
                    bases.push(base);
                }
                None => sound = false,
            }
        }
        let mut head = head.filter(|_| sound)?;
        head.bases.append(&mut bases);
        Some(head)
    }

    fn alternative(&mut self, words: &Words) -> Option<(Noun, Base)> {
        let Words { value: text, span } = words;
        if let Some(named) = self.names.exact(text) {
            return self.base(&named, text, *span);
        }
        match self.names.longest(text) {
            Some(_) => {
                let message = format!("an alternative is a noun alone, `{text}` has adjectives");
                self.fail(Diagnostic::error(Code::K012, *span, message).help(
                    "adjectives stand before the first alternative and hold for all; \
                     or define a name for this one",
                ))
            }
            None => self.unknown_word(text, *span, None),
        }
    }

    /// What a name stands for, of which noun.
    fn base(&mut self, named: &Named, text: &str, span: Span) -> Option<(Noun, Base)> {
        match named {
            Named::Noun(noun) => Some((*noun, Base::All)),
            Named::Kind(kind) => Some((Noun::Activity, Base::Kind(kind.clone()))),
            Named::Define(index) => match self.defined(*index, span)? {
                Defined::Phrase(phrase) => Some((phrase.noun, Base::Phrase(phrase))),
                Defined::Measure(_) => {
                    let message = format!("`{text}` is a number, things are expected here");
                    let fault = Diagnostic::error(Code::K027, span, message);
                    self.fail(fault.label("defined as a measure"))
                }
            },
            Named::Segment { segment, of } => {
                let base = Base::Segment(segment.clone());
                let (_, narrower) = self.base(of, text, span)?;
                let Base::Phrase(phrase) = narrower else { return Some((Noun::Customer, base)) };
                if is_everything(&phrase) {
                    return Some((Noun::Customer, base));
                }
                let adjectives = vec![Adjective::Is(phrase)];
                let both = plain(Noun::Customer, vec![base], adjectives, text.to_owned());
                Some((Noun::Customer, Base::Phrase(Arc::new(both))))
            }
            Named::UnknownSegment(segment) => {
                let known: Vec<&str> =
                    self.names.segments.iter().map(|s| s.name.value.as_str()).collect();
                let word = Span { end: span.start + segment.len() as u32, ..span };
                let fault =
                    Diagnostic::error(Code::K037, word, format!("unknown segment `{segment}`"))
                        .help(format!("the segments are {}", known.join(", ")));
                let fault = self.suggest(fault, segment, known);
                self.fail(fault)
            }
        }
    }

    fn head(&mut self, words: &str, spans: &[Span], span: Span) -> Option<Head> {
        let Some((count, named)) = self.names.longest(words) else {
            return self.unknown_word(words, span, None);
        };
        let words: Vec<&str> = words.split(' ').collect();
        let (before, name) = words.split_at_checked(count)?;
        let name = name.join(" ");
        let name_span = spans.get(count).copied().unwrap_or(span).to(span);
        let (noun, base) = self.base(&named, &name, name_span)?;
        let adjectives = self.adjectives(before, spans, noun, &name)?;
        let bases = vec![base];
        let mut possible = status::of_bases(&bases, self.schema);
        for (at, adjective) in adjectives.iter().rev() {
            possible &= status::of_adjective(adjective, noun, self.schema);
            if possible == 0 {
                let rest = words.get(at + 1..).map(|rest| rest.join(" ")).unwrap_or_default();
                let word = words.get(*at).copied().unwrap_or_default();
                let place = spans.get(*at).copied().unwrap_or(span);
                let message = format!("`{word}` and `{rest}` exclude each other");
                return self
                    .fail(Diagnostic::error(Code::K031, place, message).label("nothing is both"));
            }
        }
        let adjectives = adjectives.into_iter().map(|(_, adjective)| adjective).collect();
        Some(Head { noun, bases, adjectives })
    }

    /// The adjectives, each with the place of its last word.
    fn adjectives(
        &mut self,
        words: &[&str],
        spans: &[Span],
        noun: Noun,
        name: &str,
    ) -> Option<Vec<(usize, Adjective)>> {
        let mut found = Vec::new();
        let mut sound = true;
        let mut at = 0;
        while let Some(word) = words.get(at).copied() {
            let span = spans.get(at).copied()?;
            let rest = words.get(at..).unwrap_or_default();
            let (count, adjective) = match self.names.adjective(rest, &[noun.singular(), name]) {
                Some((count, index)) if self.names.noun(&Named::Define(index)) == Some(noun) => {
                    let adjective = match self.defined(index, span) {
                        Some(Defined::Phrase(phrase)) => Some(Adjective::Is(phrase)),
                        _ => None,
                    };
                    (count, adjective)
                }
                _ => {
                    let adjective = built_in(word, noun);
                    if adjective.is_none() {
                        self.unknown_adjective(word, span, noun);
                    }
                    (1, adjective)
                }
            };
            at += count;
            match adjective {
                Some(adjective) => found.push((at - 1, adjective)),
                None => sound = false,
            }
        }
        sound.then_some(found)
    }

    fn unknown_adjective(&mut self, word: &str, span: Span, noun: Noun) {
        let message = format!("unknown adjective `{word}` of {}", a(noun));
        let fault = Diagnostic::error(Code::K013, span, message);
        let segments = &self.names.segments;
        // Where the data has the segments, a capital letter is probably one of them.
        let is_segment = match segments.is_empty() {
            true => word.len() == 1 && word.chars().all(|c| c.is_ascii_uppercase()),
            false => segments.iter().any(|segment| segment.name.value == word),
        };
        if noun == Noun::Customer && is_segment {
            self.report(fault.label(format!("did you mean `{word}-customer`?")));
            return;
        }
        let names = self.names;
        let mut known: Vec<&str> = names.adjectives_of(noun).into_iter().collect();
        known.extend(built_in_names(noun));
        known.sort_unstable();
        let fault = self.suggest(fault, word, known.iter().copied());
        let fault = if known.is_empty() || !fault.primary.text.is_empty() {
            fault
        } else {
            fault.help(format!("{} can be {}", a(noun), known.join(", ")))
        };
        self.report(fault);
    }

    /// Whether words are adjectives that things of a noun can have.
    pub(super) fn is_adjective(&self, words: &str, noun: Noun) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = words.get(at..).unwrap_or_default();
            match self.names.adjective(rest, &[noun.singular()]) {
                Some((count, _)) => at += count,
                None if built_in(word, noun).is_some() => at += 1,
                None => return false,
            }
        }
        true
    }

    /// Notes a fault where the subject does not have such things.
    pub(super) fn has(&mut self, subject: Option<Noun>, thing: Noun, span: Span) -> Option<()> {
        let Some(subject) = subject else { return Some(()) };
        if subject != Noun::Activity && relates(thing, subject) {
            return Some(());
        }
        let message = format!("{} has no {}", a(subject), thing.table());
        let fault = Diagnostic::error(Code::K028, span, message);
        let things: Vec<&str> =
            Noun::ALL.into_iter().filter(|t| relates(*t, subject)).map(Noun::table).collect();
        self.fail(match subject {
            Noun::Activity => fault.help("of an activity, ask what it is `followed by`"),
            _ if things.is_empty() => fault.help(format!("{} has nothing of its own", a(subject))),
            _ => fault.help(format!("{} has {}", a(subject), things.join(", "))),
        })
    }

    /// Notes a fault where `dated` or `spaced` stands but nothing is counted.
    pub(super) fn uncounted(&mut self, written: &tree::Phrase) -> Option<()> {
        let dated = written.dated.as_ref().map(|path| ("dated", path.span));
        let spaced = written.spaced.as_ref().map(|duration| ("spaced", duration.span));
        let Some((word, span)) = dated.or(spaced) else { return Some(()) };
        let message = format!("`{word}` says how things are counted, and nothing is counted here");
        self.fail(Diagnostic::error(Code::K033, span, message).label("leave it out"))
    }

    /// Notes a fault where the phrase is not about activities.
    pub(super) fn activities(&mut self, phrase: &Phrase, span: Span, after: &str) -> Option<()> {
        if phrase.noun == Noun::Activity {
            return Some(());
        }
        let message =
            format!("{after} needs activities, `{}` are {}", phrase.text, phrase.noun.table());
        self.fail(Diagnostic::error(Code::K029, span, message))
    }
}

/// What was asked for and made; nothing where it was asked for and could not be made.
pub(super) fn all<T>(made: Option<Option<T>>) -> Option<Option<T>> {
    match made {
        None => Some(None),
        Some(made) => made.map(Some),
    }
}

fn plain(noun: Noun, bases: Vec<Base>, adjectives: Vec<Adjective>, text: String) -> Phrase {
    Phrase { noun, bases, adjectives, on: None, filter: None, dated: None, spaced: None, text }
}

/// Whether the phrase is but another name of its noun.
fn is_everything(phrase: &Phrase) -> bool {
    let everything = |base: &Base| match base {
        Base::All => true,
        Base::Phrase(inner) => is_everything(inner),
        Base::Kind(_) | Base::Segment(_) => false,
    };
    phrase.adjectives.is_empty()
        && phrase.on.is_none()
        && phrase.filter.is_none()
        && phrase.dated.is_none()
        && phrase.spaced.is_none()
        && phrase.bases.iter().any(everything)
}

fn built_in_names(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Activity => &["completed", "planned", "cancelled", "any", "overdue"],
        Noun::Opportunity => &["overdue"],
        Noun::Campaign => &["latest"],
        _ => &[],
    }
}

fn built_in(word: &str, noun: Noun) -> Option<Adjective> {
    if !built_in_names(noun).contains(&word) {
        return None;
    }
    match word {
        "completed" => Some(Adjective::Status(ActivityStatus::Completed)),
        "planned" => Some(Adjective::Status(ActivityStatus::Planned)),
        "cancelled" => Some(Adjective::Status(ActivityStatus::Cancelled)),
        "any" => Some(Adjective::Any),
        "overdue" => Some(Adjective::Overdue),
        "latest" => Some(Adjective::Latest),
        _ => None,
    }
}
