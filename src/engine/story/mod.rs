//! What is behind a verdict, told by the functions that judge; in English whatever the language.
//!
//! - [`part`]: a condition part by part; [`counted`]: what counted and what is planned
//! - [`near`], [`search`]: what nearly counted; [`faults`]: why something is not meant
//! - [`enough`]: what would be enough
//! - [`outline`]: what stands on a time line
//! - [`asks`]: what is asked, in words

mod asks;
mod counted;
mod enough;
mod faults;
mod near;
mod outline;
mod part;
mod search;

use chrono::NaiveDate;

use super::evaluation::Evaluation;
use super::rule::Scope;
use super::view::{Mode, View};
use crate::model::calendar::Days;
use crate::model::{Item, Noun};
use crate::plan::{ALWAYS, Rule};
use crate::sentence::Language;
use crate::verdict::{Change, Enough, Modifier, Part, Silence, Status, Story};

/// Why there is no story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Untold {
    NoRule,
    /// There is no such thing of the rule's noun.
    NoSubject(Noun),
    /// The rule does not judge it.
    Silent(Silence),
    /// The rule has no periods, or none that has begun holds the day.
    NoPeriod,
}

impl Evaluation<'_> {
    /// The story of a decision that was made.
    pub(crate) fn story_at(&self, place: usize, decision: usize) -> Option<Story> {
        let (rule, _) = self.rule_place(place)?;
        let (_, subject, day) = self.about(place, decision)?;
        self.story(rule, subject, day)
    }

    /// What would be enough for a decision that was made to come out well.
    pub(crate) fn enough_at(&self, place: usize, decision: usize) -> Option<Enough> {
        let (rule, subject, day) = self.about(place, decision)?;
        let (_, _, enough) =
            self.view(Mode::Tell).in_language(Language::English).tell(rule, subject, day, false);
        Some(enough)
    }

    /// The story of a rule and a subject, in the period that holds a day.
    ///
    /// # Errors
    ///
    /// There is no such rule, subject or period, or the rule does not judge the subject.
    pub(crate) fn explain(
        &self,
        id: &str,
        subject: &str,
        day: Option<NaiveDate>,
    ) -> Result<Story, Untold> {
        let index = self.plan.rules.iter().position(|rule| *rule.id == *id);
        let (index, rule) = index
            .and_then(|index| Some((index, self.plan.rules.get(index)?)))
            .ok_or(Untold::NoRule)?;
        let subject = self.store.find(rule.noun, subject).ok_or(Untold::NoSubject(rule.noun))?;
        if let Some(silence) = self.silence(index, rule, subject) {
            return Err(Untold::Silent(silence));
        }
        let today = self.as_of.day;
        let period_day = match day {
            None => today,
            Some(day) => {
                let unit = rule.unit.ok_or(Untold::NoPeriod)?;
                let period = self.plan.calendar.period(unit, day);
                let has_begun = period.first <= today && !period.and(rule.in_force).is_empty();
                has_begun.then_some(period.last.min(today)).ok_or(Untold::NoPeriod)?
            }
        };
        self.story(index, subject, period_day).ok_or(Untold::NoRule)
    }

    /// The ids and names of the things that a rule could be about.
    pub(crate) fn known(&self, noun: Noun) -> impl Iterator<Item = (String, Option<&str>)> {
        let items = self.store.items(noun);
        items.map(|item| (self.store.id(item).into_owned(), self.store.name(item)))
    }

    pub(crate) fn rule_ids(&self) -> impl Iterator<Item = &str> {
        self.plan.rules.iter().map(|rule| rule.id.as_ref())
    }

    fn story(&self, index: usize, subject: Item, day: NaiveDate) -> Option<Story> {
        let rule = self.plan.rules.get(index)?;
        let view = self.view(Mode::Tell).in_language(Language::English);
        let verdict = view.verdict(rule, subject, day);
        let (condition, modifiers, enough) = view.tell(rule, subject, day, false);
        let change = verdict.changes.map(|changes| {
            let later = view.on(changes);
            Change { day: changes, status: later.stand(rule, subject, day).status }
        });
        Some(Story {
            rule: self.rules.rules.get(index)?.info(&self.rules.sources),
            verdict,
            day: self.as_of.day,
            condition,
            modifiers,
            enough,
            change,
        })
    }

    /// Why a rule has no verdict for a thing, if it has none.
    fn silence(&self, index: usize, rule: &Rule, subject: Item) -> Option<Silence> {
        let view = self.view(Mode::Tell).in_language(Language::English);
        if self.judges(&view, rule, subject) {
            return None;
        }
        let (from, to) = bounds(rule.in_force);
        if !self.is_in_force(rule) {
            return Some(Silence::NotInForce { from, to });
        }
        if !view.exists(subject) {
            let created = self.store.creation_field(subject.noun);
            let since = created.and_then(|field| self.store.date(subject, field));
            return Some(Silence::NotYet { since: since? });
        }
        if !view.is_present(subject) {
            let last = self.store.date(subject, self.store.fields.seller_ended)?;
            return Some(Silence::Ended { last });
        }
        let reasons = view.faults(subject, self.plan.test(rule.population));
        let is_other = !view.is_one_of(subject, rule.population).is_yes();
        if is_other {
            let population = self.rules.rules.get(index)?.subject.text.clone();
            return Some(Silence::Other { population, reasons: reasons.unwrap_or_default() });
        }
        let range = self.range.and(rule.in_force);
        let anchor = rule.anchor.as_ref().and_then(|(field, before)| {
            let day = view.day_of(subject, field).ok()?;
            Some(before.map_or(day, |length| view.calendar().minus(day, length)))
        });
        let day =
            if subject.noun == Noun::Activity { self.store.day(subject.row) } else { anchor? };
        Some(Silence::OutOfRange { day, from: range.first, to: range.last })
    }
}

impl View<'_> {
    /// The condition of a rule part by part, the modifiers that made a difference, and what would
    /// be enough.
    fn tell(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
        negated: bool,
    ) -> (Part, Vec<Modifier>, Enough) {
        let scope = Scope { subject, period_day, in_force: rule.in_force, prorate: rule.prorate };
        let mut modifiers = Vec::new();
        let (mut part, outcome) = self.part(&scope, rule.condition, negated);
        part.decides = true;
        let exempt = rule.unless.filter(|unless| self.passes(subject, *unless).is_yes());
        if let Some(unless) = exempt {
            let found = self.condition(&Scope::plain(self, subject), unless).sentence;
            modifiers.push(Modifier::Exempt { unless: self.asks(unless), found });
        }
        if let Some(cut) = part.days.and_then(|_| self.in_force(rule, &part)) {
            modifiers.push(cut);
        }
        let young = self.young_through(rule, subject);
        if let Some(last) = young.filter(|_| outcome.status == Status::Missed && exempt.is_none()) {
            modifiers.push(Modifier::Grace { last });
        }
        let mut enough = part.enough.clone();
        if let Some(warn) = rule.warn.filter(|_| exempt.is_none()) {
            let is_met = outcome.status == Status::Met && outcome.is_standing;
            let listening = self.with(Mode::Listen);
            let (_, horizon) =
                listening.with_horizon(|| listening.judge(rule, subject, period_day));
            if is_met || outcome.status == Status::OnTrack {
                let ahead = listening.look_ahead(rule, subject, period_day, (horizon, warn));
                if ahead.is_missed {
                    modifiers.push(Modifier::Warned { missed: ahead.day });
                } else if ahead.is_uncovered {
                    modifiers.push(Modifier::NotForeseen { reason: self.coverage_reason() });
                }
            }
            // A period still runs; what is to hold without one has to hold for that long.
            if outcome.is_standing {
                let until = self.day_after(warn);
                let mut day = horizon;
                while day <= until {
                    let later = self.on(day).with(Mode::Tell);
                    let (part, _) = later.part(&scope, rule.condition, negated);
                    enough = enough::stricter(enough, part.enough);
                    day = later.horizon();
                }
                let (part, _) =
                    self.on(until).with(Mode::Tell).part(&scope, rule.condition, negated);
                enough = enough::stricter(enough, part.enough);
            }
        }
        if exempt.is_some() {
            enough = Enough::Open;
            part.decides = false;
        }
        (part, modifiers, enough)
    }

    /// The days to which a rule's are cut, where its windows or deadlines would reach beyond.
    fn in_force(&self, rule: &Rule, part: &Part) -> Option<Modifier> {
        let (from, to) = bounds(rule.in_force);
        let is_cut = |part: &Part| {
            let days = part.days;
            days.is_some_and(|days| (from.is_some() && days.from == from) || to == Some(days.to))
        };
        is_cut(part).then_some(Modifier::InForce { from, to })
    }
}

/// The first and the last of some days, where they have any.
fn bounds(days: Days) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let from = (days.first > ALWAYS.first).then_some(days.first);
    let to = (days.last < ALWAYS.last).then_some(days.last);
    (from, to)
}
