//! Tests of the rules: what they expect.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::checker::Checker;
use super::field::a;
use super::given::Scene;
use super::rules::{Expectation, ExpectationKind, List};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::Noun;
use crate::syntax::tree::{self, Spanned, When, Words};
use crate::verdict::Status;

/// The lists of a rule set.
pub(super) struct Lists<'a> {
    /// By name: where it is named, and its place if it could be made.
    pub(super) by_name: HashMap<&'a str, (Span, Option<usize>)>,
    pub(super) made: &'a [List],
}

impl Checker<'_> {
    pub(super) fn expectation(
        &mut self,
        expectation: &Spanned<tree::Expectation>,
        scene: &Scene,
        lists: &Lists<'_>,
    ) -> Option<Expectation> {
        let (kind, at) = match &expectation.value {
            tree::Expectation::Verdict { rule, subject, status, at, details } => {
                let status = self.status(status);
                let rule = self.judged(rule, subject, scene);
                let details = details.iter().map(|d| (d.value, d.span)).collect();
                let subject = subject.value.clone();
                (ExpectationKind::Verdict { rule: rule?, subject, status: status?, details }, at)
            }
            tree::Expectation::Silent { rule, subject, at } => {
                let rule = self.judged(rule, subject, scene)?;
                (ExpectationKind::Silent { rule, subject: subject.value.clone() }, at)
            }
            tree::Expectation::Lists { list, ids, at } => {
                (self.listed(list, ids, scene, lists)?, at)
            }
            tree::Expectation::Score { subject, percent, at } => {
                let noun = self.scored(subject, scene)?;
                let subject = subject.value.clone();
                (ExpectationKind::Score { noun, subject, percent: percent.value }, at)
            }
        };
        Some(Expectation { kind, at: self.instant(*at), span: expectation.span })
    }

    /// A date alone means that the day is over.
    fn instant(&self, at: When) -> DateTime<Utc> {
        match at {
            When::Date(day) => self.calendar.end_of(day),
            When::Instant(moment) => moment.resolve(self.calendar.zone),
        }
    }

    fn status(&mut self, word: &Spanned<String>) -> Option<Status> {
        let found = Status::ALL.into_iter().find(|status| status.words() == word.value);
        if found.is_some() {
            return found;
        }
        let known: Vec<&str> = Status::ALL.iter().map(|status| status.words()).collect();
        let message = format!("unknown status `{}`", word.value);
        let fault = Diagnostic::error(Code::K024, word.span, message)
            .help(format!("it is one of {}", known.join(", ")));
        let fault = self.suggest(fault, &word.value, known.iter().copied());
        self.fail(fault)
    }

    /// The place of the rule that is to judge a thing of the test.
    fn judged(&mut self, rule: &Words, subject: &Spanned<String>, scene: &Scene) -> Option<usize> {
        let rulebook = self.rulebook;
        let Some(index) = rulebook.find(&rule.value) else {
            let message = format!("unknown rule `{}`", rule.value);
            let fault = Diagnostic::error(Code::K014, rule.span, message);
            let fault = self.suggest(fault, &rule.value, rulebook.ids());
            return self.fail(fault);
        };
        let entry = rulebook.entries.get(index)?;
        if let Some(noun) = entry.noun {
            self.is_given(&subject.value, subject.span, noun, &rule.value, scene)?;
        }
        entry.place
    }

    /// Notes a fault where a test gives no such thing.
    fn is_given(
        &mut self,
        id: &str,
        span: Span,
        wanted: Noun,
        what: &str,
        scene: &Scene,
    ) -> Option<()> {
        let found = scene.things.get(id).map(|(noun, _)| *noun);
        let known = match wanted {
            Noun::Company => id == "company",
            Noun::Member | Noun::Absence => scene.nameless.contains(id),
            Noun::Seller => found == Some(wanted) || scene.sellers.contains_key(id),
            _ => found == Some(wanted),
        };
        if known {
            return Some(());
        }
        let mentioned = scene.sellers.contains_key(id).then_some(Noun::Seller);
        if let Some(noun) = found.or(mentioned) {
            let message = format!("`{id}` is {}, `{what}` is about {}", a(noun), wanted.table());
            return self.fail(Diagnostic::error(Code::K041, span, message));
        }
        if matches!(wanted, Noun::Member | Noun::Absence | Noun::Company) {
            let message = format!("no {wanted} with the id `{id}` is given in this test");
            let fault = Diagnostic::error(Code::K041, span, message);
            let fault = match wanted {
                Noun::Company => fault.help("a rule about the company is `for company`"),
                Noun::Member => fault.help("a member is named `\"CAMPAIGN/CUSTOMER\"`"),
                _ => fault.help("an absence is named `\"SELLER/FIRST-DAY\"`"),
            };
            let fault = self.suggest(fault, id, scene.nameless.iter().map(String::as_str));
            return self.fail(fault);
        }
        self.unknown_id(id, span, scene)
    }

    fn listed(
        &mut self,
        list: &Spanned<String>,
        ids: &[Spanned<String>],
        scene: &Scene,
        lists: &Lists<'_>,
    ) -> Option<ExpectationKind> {
        let Some((_, place)) = lists.by_name.get(list.value.as_str()) else {
            let message = format!("unknown list `{}`", list.value);
            let fault = Diagnostic::error(Code::K014, list.span, message);
            let known: Vec<&str> = lists.by_name.keys().copied().collect();
            let fault = match crate::diagnostic::nearest(&list.value, known) {
                Some(name) => fault.label(format!("did you mean `{name}`?")),
                None => fault,
            };
            return self.fail(fault);
        };
        let place = (*place)?;
        let noun = lists.made.get(place)?.phrase.noun;
        let mut sound = true;
        for id in ids {
            sound &= self.is_given(&id.value, id.span, noun, &list.value, scene).is_some();
        }
        let ids = ids.iter().map(|id| id.value.clone()).collect();
        sound.then_some(ExpectationKind::Lists { list: place, ids })
    }

    fn scored(&mut self, subject: &Spanned<String>, scene: &Scene) -> Option<Noun> {
        let Spanned { value: id, span } = subject;
        let found = scene.things.get(id).map(|(noun, _)| *noun);
        match found {
            Some(noun @ (Noun::Seller | Noun::Team)) => Some(noun),
            None if scene.sellers.contains_key(id) => Some(Noun::Seller),
            None if id == "company" => Some(Noun::Company),
            Some(noun) => {
                let message = format!("`{id}` is {}, which has no score", a(noun));
                let fault = Diagnostic::error(Code::K041, *span, message);
                self.fail(fault.help("a score is of a seller, a team or the company"))
            }
            None => self.unknown_id(id, *span, scene),
        }
    }
}
