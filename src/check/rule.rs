//! Rules, lists and goals.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::checker::Checker;
use super::names::Names;
use super::phrase::all;
use super::rules::{
    Assumption, Class, Comparison, Condition, Goal, List, Measure, Phrase, Rule, Window,
};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::Noun;
use crate::model::calendar::Duration;
use crate::syntax::tree::{self, Expr, Modifiers, Spanned};
use crate::verdict::Severity;

/// A rule by the name that others know it by.
pub(super) struct Entry<'a> {
    pub(super) rule: &'a tree::Rule,
    pub(super) id: String,
    id_span: Span,
    text: String,
    /// What its subjects are, as far as the words say.
    pub(super) noun: Option<Noun>,
    /// Its place among the rules that are made; none for one that has an error.
    pub(super) place: Option<usize>,
}

/// The rules of a rule set by their ids.
#[derive(Default)]
pub(super) struct Rulebook<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    by_id: HashMap<String, usize>,
}

impl<'a> Rulebook<'a> {
    /// Adds a rule whose subject and condition are written as `text`.
    pub(super) fn add(
        &mut self,
        rule: &'a tree::Rule,
        text: String,
        names: &Names<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let (id, id_span) = match &rule.modifiers.id {
            Some(id) => (id.value.clone(), id.span),
            None => (slug(&text), rule.span),
        };
        let words = rule.subject.alternatives.first();
        let noun = words
            .and_then(|words| names.longest(&words.value))
            .and_then(|(_, named)| names.noun(&named));
        let index = self.entries.len();
        let first = self.by_id.get(&id).and_then(|first| self.entries.get(*first));
        let place = match first {
            None => Some(index),
            Some(first) => {
                let fault =
                    Diagnostic::error(Code::K017, id_span, format!("two rules have the id `{id}`"))
                        .label("this is the second")
                        .note_at(first.id_span, "the first is here");
                diagnostics.push(if rule.modifiers.id.is_none() {
                    fault.help("without `as NAME` the id is made from the text; give one a name")
                } else {
                    fault
                });
                None
            }
        };
        if place.is_some() {
            self.by_id.insert(id.clone(), index);
        }
        self.entries.push(Entry { rule, id, id_span, text, noun, place });
    }

    /// Leaves rules out: the others move up.
    pub(super) fn leave_out(&mut self, failed: &BTreeSet<usize>) {
        let mut next = 0;
        for (index, entry) in self.entries.iter_mut().enumerate() {
            entry.place = (!failed.contains(&index)).then_some(next);
            next += usize::from(entry.place.is_some());
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }
}

/// Letters and digits of a text in lower case, joined by dashes.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

impl Checker<'_> {
    pub(super) fn rule(&mut self, index: usize) -> Option<Rule> {
        self.start_item();
        let rulebook = self.rulebook;
        let entry = rulebook.entries.get(index)?;
        let rule = entry.rule;
        let subject = self.phrase(&rule.subject);
        let counted = self.uncounted(&rule.subject);
        let noun = subject.as_ref().map(|subject| subject.noun).or(entry.noun);
        let condition = noun.and_then(|noun| self.condition(&rule.condition, noun));
        let modifiers = self.modifiers(&rule.modifiers, noun, condition.as_ref());
        let made = modifiers.and_then(|m| m.rule(entry, rule.span, subject?, condition?));
        counted?;
        made.filter(|_| entry.place.is_some())
    }

    fn modifiers(
        &mut self,
        written: &Modifiers,
        noun: Option<Noun>,
        condition: Option<&Condition>,
    ) -> Option<Checked> {
        let supports = written.supports.as_ref().map(|goal| {
            if self.goals.contains(goal.value.as_str()) {
                return Some(goal.value.clone());
            }
            let message = format!("unknown goal `{}`", goal.value);
            let fault = Diagnostic::error(Code::K015, goal.span, message);
            let fault = self.suggest(fault, &goal.value, self.goals.iter().copied());
            self.fail(fault)
        });
        let weight = written.weight.as_ref().map(|weight| {
            if weight.value.is_sign_negative() && !weight.value.is_zero() {
                let message = "a weight cannot be negative";
                return self.fail(Diagnostic::error(Code::K025, weight.span, message));
            }
            Some(weight.value)
        });
        let severity = written.severity.as_ref().map(|word| self.severity(word));
        if let (Some(since), Some(until)) = (&written.since, &written.until)
            && since.value > until.value
        {
            let message = format!("`since {}` is after `until {}`", since.value, until.value);
            self.report(
                Diagnostic::error(Code::K047, since.span, message)
                    .label("this rule is never in force")
                    .note_at(until.span, "it ends here"),
            );
            return None;
        }
        let unless = written.unless.as_ref().zip(noun);
        let unless = unless.map(|(unless, noun)| self.condition(unless, noun));
        if let (Some(span), Some(condition)) = (written.prorate, condition)
            && !can_prorate(condition)
        {
            let message = "there is nothing to prorate";
            self.report(
                Diagnostic::error(Code::K032, span, message)
                    .label("needs a count or a sum `per UNIT`, as in `calls >= 4 per year`"),
            );
            return None;
        }
        let grace = written.grace.as_ref().map(|grace| self.grace(grace, noun));
        let warn = written.warn.as_ref().map(|warn| self.days_only(warn));
        Some(Checked {
            because: written.because.as_ref().map(|because| because.value.clone()),
            supports: all(supports)?,
            weight: all(weight)?,
            severity: all(severity)?.unwrap_or_default(),
            since: written.since.as_ref().map(|since| since.value),
            until: written.until.as_ref().map(|until| until.value),
            unless: all(unless)?,
            prorate: written.prorate.is_some(),
            grace: all(grace)?,
            warn: all(warn)?,
        })
    }

    fn severity(&mut self, word: &Spanned<String>) -> Option<Severity> {
        Some(match word.value.as_str() {
            "info" => Severity::Info,
            "warning" => Severity::Warning,
            "critical" => Severity::Critical,
            _ => {
                let message = format!("unknown severity `{}`", word.value);
                let fault = Diagnostic::error(Code::K024, word.span, message)
                    .help("it is info, warning or critical");
                let fault = self.suggest(fault, &word.value, ["info", "warning", "critical"]);
                return self.fail(fault);
            }
        })
    }

    /// How young a subject may be; in hours only where its creation is an instant.
    fn grace(&mut self, grace: &Spanned<Duration>, noun: Option<Noun>) -> Option<Duration> {
        let created = noun.and_then(|noun| self.schema.field(noun, "created"));
        match created.map(|field| field.kind) {
            Some(kind) => self.measured_from(grace, kind),
            None => self.days_only(grace),
        }
    }

    pub(super) fn list(&mut self, list: &tree::List) -> Option<List> {
        self.start_item();
        let phrase = self.phrase(&list.phrase);
        let counted = self.uncounted(&list.phrase);
        let noun = phrase.as_ref().map(|p| p.noun).or_else(|| self.noun_of(&list.phrase));
        let sort = list.sort.as_ref().zip(noun).map(|(sort, noun)| {
            let (path, _) = self.path(&sort.field, noun)?;
            Some((path, sort.descending))
        });
        counted?;
        Some(List {
            name: list.name.value.clone(),
            phrase: phrase?,
            sort: all(sort)?,
            limit: list.limit.as_ref().map(|limit| (limit.count, limit.per)),
        })
    }

    pub(super) fn goal(&mut self, goal: &tree::Goal) -> Option<Goal> {
        self.start_item();
        let target = self.target(&goal.target);
        let steps: Vec<_> = goal.through.iter().map(|step| self.phrase(step)).collect();
        let Some(Condition::Compare(target)) = target else { return None };
        Some(Goal {
            name: goal.name.value.clone(),
            text: self.written(goal.target.span),
            assumed: self.assumed(goal, &steps, &target)?,
            target,
            through: steps.into_iter().collect::<Option<_>>()?,
        })
    }

    fn assumed(
        &mut self,
        goal: &tree::Goal,
        steps: &[Option<Arc<Phrase>>],
        target: &Comparison,
    ) -> Option<Vec<Assumption>> {
        // What a goal counts is its last step, whether it names it or not.
        let counted = match &target.left {
            Measure::Count(phrase) | Measure::Aggregate { of: phrase, .. } => Some(phrase),
            _ => None,
        };
        let is_named = |counted: &&Arc<Phrase>| {
            let last = steps.last().and_then(Option::as_ref);
            last.is_some_and(|last| last.means_as_much_as(counted))
        };
        let counted =
            counted.filter(|counted| !is_named(counted)).map(|phrase| Some(phrase.clone()));
        let steps: Vec<Option<Arc<Phrase>>> = steps.iter().cloned().chain(counted).collect();
        let mut known: Vec<(usize, Span)> = Vec::new();
        let mut made = Vec::new();
        for written in &goal.assumed {
            let (from, to) = (self.phrase(&written.from), self.phrase(&written.to));
            let assumed = self.assumption(goal, written, (from, to), &steps);
            let first = assumed.as_ref().and_then(|assumed| {
                known.iter().find(|(step, _)| *step == assumed.step).map(|(_, span)| *span)
            });
            if let Some(first) = first {
                let fault = Diagnostic::error(Code::K075, written.span, "a rate is assumed twice");
                self.report(fault.note_at(first, "first assumed here"));
                made.push(None);
                continue;
            }
            known.extend(assumed.as_ref().map(|assumed| (assumed.step, written.span)));
            made.push(assumed);
        }
        made.into_iter().collect()
    }

    fn assumption(
        &mut self,
        goal: &tree::Goal,
        written: &tree::Assumption,
        (from, to): (Option<Arc<Phrase>>, Option<Arc<Phrase>>),
        steps: &[Option<Arc<Phrase>>],
    ) -> Option<Assumption> {
        let (percent, is_percent) = written.rate.value;
        if !is_percent || percent > Decimal::ONE_HUNDRED {
            let found = self.written(written.rate.span);
            let message = format!("a rate is from `0%` to `100%`, found `{found}`");
            let fault = Diagnostic::error(Code::K075, written.rate.span, message);
            let is_rate = percent <= Decimal::ONE_HUNDRED;
            self.report(match is_rate {
                true => fault.fix(written.rate.span, format!("{found}%")),
                false => fault,
            });
            return None;
        }
        let (from, to) = (from?, to?);
        let means = |step: &Option<Arc<Phrase>>, of: &Phrase| {
            step.as_ref().is_some_and(|step| step.means_as_much_as(of))
        };
        let pairs = steps.iter().zip(steps.iter().skip(1));
        let mut places = pairs.enumerate();
        let place = places.find(|(_, (a, b))| means(a, &from) && means(b, &to));
        let Some((step, _)) = place else {
            if steps.iter().any(Option::is_none) {
                return None;
            }
            let span = written.from.span.to(written.to.span);
            let message = format!(
                "`{}` are no two steps of the goal that follow each other",
                self.written(span)
            );
            let fault = Diagnostic::error(Code::K075, span, message);
            let pairs = goal.through.iter().zip(goal.through.iter().skip(1));
            let pairs: Vec<String> =
                pairs.map(|(a, b)| format!("`{}`", self.written(a.span.to(b.span)))).collect();
            return self.fail(match pairs.is_empty() {
                true => fault.help("the goal has no steps: give it `through STEP > STEP`"),
                false => fault.help(format!("expected one of {}", pairs.join(", "))),
            });
        };
        let within = written.within.as_ref().map(|within| within.value);
        Some(Assumption { step, percent, within })
    }

    fn target(&mut self, target: &Expr) -> Option<Condition> {
        let condition = self.condition(target, Noun::Company)?;
        if matches!(condition, Condition::Compare(_)) {
            return Some(condition);
        }
        let fault = Diagnostic::error(Code::K027, target.span, "a goal compares a measure");
        self.fail(fault.label("as in `sum amount of won opportunities >= 5m per year`"))
    }
}

/// The modifiers of a rule, checked.
struct Checked {
    because: Option<String>,
    supports: Option<String>,
    weight: Option<rust_decimal::Decimal>,
    severity: Severity,
    since: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
    unless: Option<Condition>,
    prorate: bool,
    grace: Option<Duration>,
    warn: Option<Duration>,
}

impl Checked {
    fn rule(
        self,
        entry: &Entry<'_>,
        span: Span,
        subject: std::sync::Arc<super::rules::Phrase>,
        condition: Condition,
    ) -> Option<Rule> {
        Some(Rule {
            id: entry.id.clone(),
            text: entry.text.clone(),
            span,
            subject,
            condition,
            because: self.because,
            supports: self.supports,
            weight: self.weight.unwrap_or(rust_decimal::Decimal::ONE),
            severity: self.severity,
            since: self.since,
            until: self.until,
            unless: self.unless,
            prorate: self.prorate,
            grace: self.grace,
            warn: self.warn,
        })
    }
}

/// Whether some comparison has a target that eligible days can make smaller.
fn can_prorate(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(can_prorate),
        Condition::Not(inner) => can_prorate(inner),
        Condition::Compare(comparison) => {
            matches!(comparison.window, Window::Per(_))
                && Class::of(&comparison.left) != Class::Other
        }
        _ => false,
    }
}
