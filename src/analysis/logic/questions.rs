//! What is asked of the phrases and exemptions of rules, beside the rules themselves.
//!
//! A question is put as a rule that nobody wrote: of a `where`, whether all that the words before it
//! name meet it; of an `unless`, whether the subjects do. So it is lowered as rules are.

use std::collections::HashSet;
use std::sync::Arc;

use super::bare::Bare;
use crate::check::rules::{
    Adjective, Base, Comparison, Compiled, Condition, Measure, NumberTest, Phrase, Rule,
};

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// The rule in which it stands.
    pub(super) rule: usize,
    pub(super) about: About,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    /// Whether anything can be of the phrase.
    Phrase(String),
    /// Whether the `where` of the phrase leaves anything out.
    Where(String),
    /// Whether the exemption is ever or always given.
    Unless,
}

/// The questions, and each put as a rule.
pub(super) fn questions(
    rules: &Compiled,
    wording: &mut Bare<'static>,
) -> (Vec<Question>, Vec<Rule>) {
    let mut asker =
        Asker { wording, seen: HashSet::new(), questions: Vec::new(), asked: Vec::new() };
    for (place, rule) in rules.rules.iter().enumerate() {
        let subject = asker.wording.phrase(&rule.subject);
        if let Some(unless) = &rule.unless {
            let condition = asker.wording.condition(unless);
            asker.ask(place, rule, About::Unless, subject, condition);
            asker.condition(place, rule, unless);
        }
        asker.filter(place, rule, &rule.subject);
        asker.inner(place, rule, &rule.subject);
        asker.condition(place, rule, &rule.condition);
    }
    (asker.questions, asker.asked)
}

struct Asker<'w> {
    wording: &'w mut Bare<'static>,
    /// Where the phrases lie that were asked about.
    seen: HashSet<usize>,
    questions: Vec<Question>,
    asked: Vec<Rule>,
}

impl Asker<'_> {
    fn ask(
        &mut self,
        place: usize,
        rule: &Rule,
        about: About,
        subject: Arc<Phrase>,
        condition: Condition,
    ) {
        self.questions.push(Question { rule: place, about });
        self.asked.push(Rule { subject, condition, unless: None, ..rule.clone() });
    }

    fn phrase(&mut self, place: usize, rule: &Rule, phrase: &Arc<Phrase>) {
        if !self.seen.insert(Arc::as_ptr(phrase) as usize) {
            return;
        }
        let subject = self.wording.phrase(phrase);
        let nothing = Condition::And(Vec::new());
        self.ask(place, rule, About::Phrase(phrase.text.clone()), subject, nothing);
        self.filter(place, rule, phrase);
        self.inner(place, rule, phrase);
    }

    fn filter(&mut self, place: usize, rule: &Rule, phrase: &Arc<Phrase>) {
        let Some(filter) = &phrase.filter else { return };
        let bare = self.wording.phrase(phrase);
        let subject = Phrase { filter: None, dated: None, spaced: None, ..bare.as_ref().clone() };
        let condition = self.wording.condition(filter);
        let about = About::Where(phrase.text.clone());
        self.ask(place, rule, about, Arc::new(subject), condition);
    }

    /// The phrases of which another is made.
    fn inner(&mut self, place: usize, rule: &Rule, phrase: &Arc<Phrase>) {
        for base in &phrase.bases {
            if let Base::Phrase(inner) = base {
                self.phrase(place, rule, inner);
            }
        }
        for adjective in &phrase.adjectives {
            if let Adjective::Is(inner) = adjective {
                self.phrase(place, rule, inner);
            }
        }
        if let Some(on) = &phrase.on {
            self.phrase(place, rule, on);
        }
        if let Some(filter) = &phrase.filter {
            self.condition(place, rule, filter);
        }
    }

    fn condition(&mut self, place: usize, rule: &Rule, condition: &Condition) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.condition(place, rule, part));
            }
            Condition::Not(inner) => self.condition(place, rule, inner),
            Condition::Compare(Comparison { left, test, .. }) => {
                self.measure(place, rule, left);
                match test {
                    NumberTest::Is(_, right) => self.measure(place, rule, right),
                    NumberTest::Between(low, high) => {
                        self.measure(place, rule, low);
                        self.measure(place, rule, high);
                    }
                }
            }
            Condition::Next { phrase, .. }
            | Condition::Followed { phrase, .. }
            | Condition::Within { phrase, .. }
            | Condition::Every { phrase, .. }
            | Condition::Is(phrase) => self.phrase(place, rule, phrase),
            Condition::KnownWithin { .. } | Condition::Field { .. } | Condition::Meets(_) => {}
        }
    }

    fn measure(&mut self, place: usize, rule: &Rule, measure: &Measure) {
        match measure {
            Measure::Number(_) | Measure::Field(_) => {}
            Measure::Count(of)
            | Measure::LongestGap(of)
            | Measure::DaysSince(of)
            | Measure::Aggregate { of, .. } => self.phrase(place, rule, of),
            Measure::Share { of, that } => {
                self.phrase(place, rule, of);
                self.condition(place, rule, that);
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().for_each(|(_, part)| self.measure(place, rule, part));
            }
            Measure::Negative(inner) => self.measure(place, rule, inner),
        }
    }
}
