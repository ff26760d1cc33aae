//! A rule for a subject: its condition, its modifiers, and the verdict.

use chrono::NaiveDate;

use super::answer::{Answer, Gap};
use super::outcome::{DueBy, Helps, Joined, Outcome};
use super::store::Known;
use super::view::{Asked, Mode, View};
use crate::model::calendar::{Days, Duration, plus_days};
use crate::model::{Item, Noun};
use crate::plan::{ALWAYS, Condition, ConditionId, Rule};
use crate::sentence::{Spoken, Why};
use crate::verdict::{Period, Status, Verdict};

/// For whom and for which days a condition is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) subject: Item,
    /// `per UNIT` is the period that holds this day.
    pub(super) period_day: NaiveDate,
    /// The days in which the rule is in force.
    pub(super) in_force: Days,
    pub(super) prorate: bool,
}

impl Scope {
    /// Without a rule: for a `where`, a `that`, an `unless` or a goal.
    pub(super) fn plain(view: &View<'_>, subject: Item) -> Self {
        Scope { subject, period_day: view.day(), in_force: ALWAYS, prorate: false }
    }
}

/// What comes of waiting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    /// The day on which it would be missed; else the first one beyond those that were looked at
    /// on which it may be otherwise.
    pub(super) day: NaiveDate,
    pub(super) is_missed: bool,
    /// Whether it may be missed, for want of coverage.
    pub(super) is_uncovered: bool,
}

/// For how many days ahead a change is looked for.
const LOOK_AHEAD: i64 = 400;

impl View<'_> {
    /// Whether a thing passes a `where`, a `that` or an `unless`.
    pub(super) fn passes(&self, item: Item, condition: ConditionId) -> Answer {
        let ask =
            || self.without_words(|| self.condition(&Scope::plain(self, item), condition).answer());
        if let Condition::Field { path, test } = self.plan.condition(condition) {
            return Answer::of(matches!(self.test(item, path, test), Ok(true)));
        }
        if !self.plan.is_worth_remembering(condition) {
            return ask();
        }
        let key = (condition, item);
        let known = self.passed.borrow().get(&key).copied();
        let (answer, horizon) = known.unwrap_or_else(|| self.with_horizon(ask));
        self.note(horizon);
        if known.is_none() {
            self.passed.borrow_mut().insert(key, (answer, horizon));
        }
        answer
    }

    /// How a condition stands.
    pub(super) fn condition(&self, scope: &Scope, condition: ConditionId) -> Outcome {
        match self.plan.condition(condition) {
            Condition::And(parts) => self.together(Joined::All, self.parts(scope, parts)),
            Condition::Or(parts) => self.together(Joined::Any, self.parts(scope, parts)),
            Condition::Not(part) => self.condition(scope, *part).not(),
            Condition::Compare(comparison) => self.compare(scope, comparison),
            Condition::Next { set, within } => self.next(scope, self.plan.set(*set), *within),
            Condition::Followed { set, booked, within } => {
                self.followed(scope, self.plan.set(*set), *booked, *within)
            }
            Condition::Within { set, within, before, of } => {
                self.within(scope, self.plan.set(*set), *within, *before, of)
            }
            Condition::KnownWithin { field, within, of } => {
                self.known_within(scope, field, *within, of)
            }
            Condition::Every { set, every } => self.every(scope, self.plan.set(*set), *every),
            Condition::Field { path, test } => match self.test(scope.subject, path, test) {
                Ok(holds) => Outcome::standing(
                    holds,
                    self.words(|words| {
                        let id;
                        let value = match self.follow(scope.subject, path) {
                            None => Spoken::Unknown,
                            Some(Known::Thing(item)) => {
                                id = self.store.id(item);
                                Spoken::Text(&id)
                            }
                            Some(Known::Text(text)) => Spoken::Text(text),
                            Some(Known::Number(number)) => Spoken::Number(number),
                            Some(Known::YesNo(yes)) => Spoken::YesNo(yes),
                            Some(Known::Date(day) | Known::Instant(_, day)) => Spoken::Date(day),
                        };
                        words.field(path, value)
                    }),
                ),
                Err(gap) => self.gap(gap),
            },
            Condition::Is { test, written } => {
                let answer = self.is_one_of(scope.subject, *test);
                let text = self.words(|words| words.is(written, answer.is_yes()));
                let outcome = Outcome::standing(answer.is_yes(), text);
                if answer == Answer::Uncovered {
                    outcome.uncovered(self.coverage_reason())
                } else {
                    outcome
                }
            }
            Condition::Meets(rule) => self.meets(scope.subject, *rule),
        }
    }

    fn parts(&self, scope: &Scope, parts: &[ConditionId]) -> Vec<Outcome> {
        parts.iter().map(|part| self.condition(scope, *part)).collect()
    }

    /// `meets RULE`: that rule's verdict for the subject, in its current period, is met or on
    /// track.
    fn meets(&self, subject: Item, index: usize) -> Outcome {
        let Some(rule) = self.plan.rules.get(index) else {
            return self.gap(self.why(Why::NoSuchRule));
        };
        let key = (index, subject);
        let cached = self.asked.borrow().get(&key).copied();
        let asked = cached.unwrap_or_else(|| self.ask(rule, subject));
        self.note(asked.horizon);
        self.asked.borrow_mut().insert(key, asked);
        let Asked { status, is_uncovered, .. } = asked;
        let text = self.words(|words| words.meets(&rule.id, status));
        match status {
            Status::Met | Status::OnTrack => Outcome::standing(true, text),
            Status::AtRisk | Status::Missed => Outcome::standing(false, text),
            Status::NotApplicable => self.gap(Gap::NotApplicable(text)),
            Status::Unknown if is_uncovered => {
                Outcome::standing(false, text).uncovered(self.coverage_reason())
            }
            Status::Unknown => self.gap(Gap::Unknown(text)),
        }
    }

    fn ask(&self, rule: &Rule, subject: Item) -> Asked {
        let ((status, is_uncovered), horizon) = self.with_horizon(|| {
            let in_force = rule.in_force;
            self.note(in_force.first);
            self.note(plus_days(in_force.last, 1));
            let member = self.is_one_of(subject, rule.population);
            match member {
                _ if !in_force.contains(self.day()) => (Status::NotApplicable, false),
                Answer::No => (Status::NotApplicable, false),
                Answer::Uncovered => (Status::Unknown, true),
                Answer::Yes => {
                    let outcome = self.stand(rule, subject, self.day());
                    (outcome.status, outcome.is_uncovered)
                }
            }
        });
        Asked { status, is_uncovered, horizon }
    }

    /// How a rule stands for a subject, `warn` left aside.
    pub(super) fn judge(&self, rule: &Rule, subject: Item, period_day: NaiveDate) -> Outcome {
        if rule.unless.is_some_and(|unless| self.passes(subject, unless).is_yes()) {
            return self.gap(self.why(Why::Exempt));
        }
        let in_force = rule.in_force;
        let scope = Scope { subject, period_day, in_force, prorate: rule.prorate };
        let outcome = self.condition(&scope, rule.condition);
        let outcome = Outcome { is_final: outcome.is_final && rule.unless_lasts, ..outcome };
        if outcome.status == Status::Missed && self.young_through(rule, subject).is_some() {
            return Outcome { status: Status::AtRisk, is_final: false, ..outcome };
        }
        outcome
    }

    /// `grace D`: while the subject is younger than D, the last day on which it is.
    pub(super) fn young_through(&self, rule: &Rule, subject: Item) -> Option<NaiveDate> {
        let (grace, created) = (rule.grace?, self.creation_day(subject)?);
        if let Some(clock) = grace.clock() {
            let field = self.store.creation_field(subject.noun);
            let start = match field.and_then(|field| self.store.raw(subject, field)) {
                Some(Known::Instant(at, _)) => at,
                _ => self.calendar().start_of(created),
            };
            self.note_tomorrow();
            let end = start + clock;
            return (self.now.instant < end).then(|| self.calendar().day_of(end));
        }
        let grown = self.calendar().plus(created, grace);
        self.note(grown);
        (self.day() < grown).then(|| plus_days(grown, -1))
    }

    /// How a rule stands for a subject. With `warn D`, met (a standing condition) or on track
    /// becomes at risk if, with what is planned and nothing else, it would be missed on the as-of
    /// day + D or sooner; whether it would be may be unknown for want of coverage.
    pub(super) fn stand(&self, rule: &Rule, subject: Item, period_day: NaiveDate) -> Outcome {
        let Some(warn) = rule.warn else { return self.judge(rule, subject, period_day) };
        if !self.listens() {
            return self.with(Mode::Listen).stand(rule, subject, period_day);
        }
        let (outcome, horizon) = self.with_horizon(|| self.judge(rule, subject, period_day));
        let is_met = outcome.status == Status::Met && outcome.is_standing;
        if !is_met && outcome.status != Status::OnTrack {
            return outcome;
        }
        let ahead = self.look_ahead(rule, subject, period_day, (horizon, warn));
        if ahead.is_missed {
            return Outcome { status: Status::AtRisk, is_final: false, ..outcome };
        }
        // The next day that matters comes within reach; months clamp by up to three days.
        let within_reach = plus_days(self.calendar().minus(ahead.day, warn), -3);
        self.note(within_reach.max(self.now.first_open_day()));
        if ahead.is_uncovered { outcome.uncovered(self.coverage_reason()) } else { outcome }
    }

    /// How a rule will stand, with what is planned and nothing else, from the day of the horizon on
    /// and within a duration from now.
    pub(super) fn look_ahead(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
        (horizon, within): (NaiveDate, Duration),
    ) -> Ahead {
        let until = self.day_after(within);
        let mut ahead = Ahead { day: horizon, is_missed: false, is_uncovered: false };
        while ahead.day <= until {
            let later = self.on(ahead.day);
            let then = later.judge(rule, subject, period_day);
            if then.status == Status::Missed {
                return Ahead { is_missed: true, ..ahead };
            }
            ahead.is_uncovered |= then.is_uncovered;
            ahead.day = later.horizon();
        }
        ahead
    }

    /// What counted for a rule and a subject. What is warned of rests on the same.
    pub(super) fn evidence_of(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
    ) -> impl Iterator<Item = Item> + use<> {
        self.judge(rule, subject, period_day).evidence.into_iter().map(|(_, item)| item)
    }

    /// The first day on which, when it is over, the verdict would have another status if nothing
    /// happened but what is planned.
    fn change(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
        status: Status,
    ) -> Option<NaiveDate> {
        let limit = plus_days(self.day(), LOOK_AHEAD);
        let mut day = self.horizon();
        while day <= limit {
            let later = self.on(day);
            if later.stand(rule, subject, period_day).status != status {
                return Some(day);
            }
            day = later.horizon();
        }
        None
    }

    /// The verdict on a subject of a rule, for the period that holds a day.
    pub(super) fn verdict(&self, rule: &Rule, subject: Item, period_day: NaiveDate) -> Verdict {
        let fresh = self.with(Mode::Tell);
        let outcome = fresh.stand(rule, subject, period_day);
        let status = outcome.status;
        let changes =
            if outcome.is_final { None } else { fresh.change(rule, subject, period_day, status) };
        let decided = !matches!(status, Status::NotApplicable | Status::Unknown);
        let due = match outcome.due {
            _ if outcome.is_final || !decided || outcome.due.helps == Helps::Less => None,
            due => match due.by {
                DueBy::Day(day) => Some(day),
                DueBy::Standing if status == Status::Missed => Some(fresh.day()),
                DueBy::Standing => changes.map(|day| plus_days(day, -1)),
            },
        };
        let days = match rule.unit {
            Some(unit) => Some(self.calendar().period(unit, period_day).and(rule.in_force)),
            None => outcome.days.filter(|days| days.first > NaiveDate::MIN),
        };
        let figures = &outcome.figures;
        let owner = self.store.owner(subject);
        let team = match subject.noun {
            Noun::Team => Some(subject),
            _ => owner.and_then(|o| self.store.reference(o, self.store.fields.seller_team)),
        };
        let id = |item: Item| self.store.id(item).into_owned();
        Verdict {
            rule: rule.id.to_string(),
            subject: self.subject(subject),
            owner: owner.map(id),
            team: team.map(id),
            period: days.map(|days| Period { from: days.first, to: days.last }),
            status,
            is_final: outcome.is_final,
            reason: outcome.reason.clone(),
            measured: figures.measured.clone(),
            target: figures.target.clone(),
            attainment: figures.attainment(),
            planned: figures.planned.clone(),
            missing: figures.missing.clone(),
            due,
            changes,
            evidence: outcome.evidence.iter().map(|(_, item)| id(*item)).collect(),
            sentence: outcome.sentence,
        }
    }

    /// How a report names a thing.
    pub(super) fn subject(&self, item: Item) -> crate::verdict::Subject {
        crate::verdict::Subject {
            kind: item.noun.singular().to_owned(),
            id: self.store.id(item).into_owned(),
            name: self.store.name(item).map(str::to_owned),
        }
    }

    /// `prorate`: how many days of a period count for the subject, and how many there are. Of a
    /// seller's days only workdays count, and not those on which it is absent.
    pub(super) fn eligible_days(&self, scope: &Scope, period: Days) -> (i64, i64) {
        let fields = &self.store.fields;
        let subject = scope.subject;
        let from = self.creation_day(subject).unwrap_or(NaiveDate::MIN);
        let ended = || self.store.date(subject, fields.seller_ended);
        let to = if subject.noun == Noun::Seller { ended() } else { None };
        let own = Days { first: from, last: to.unwrap_or(NaiveDate::MAX) };
        let eligible = period.and(own).and(scope.in_force);
        if subject.noun != Noun::Seller {
            return (eligible.count(), period.count());
        }
        let rows = self.store.things_of(subject, Noun::Absence);
        let absences: Vec<Days> = rows
            .iter()
            .map(|row| {
                let absence = Item { noun: Noun::Absence, row: *row };
                let day = |field| self.store.date(absence, field);
                Days {
                    first: day(fields.absence_from).unwrap_or(NaiveDate::MIN),
                    last: day(fields.absence_until).unwrap_or(NaiveDate::MAX),
                }
            })
            .collect();
        let is_there = |day: &NaiveDate| !absences.iter().any(|absence| absence.contains(*day));
        let works = |day: &NaiveDate| self.calendar().is_workday(*day) && is_there(day);
        let worked = eligible.iter().filter(works).count();
        (i64::try_from(worked).unwrap_or(i64::MAX), self.calendar().workdays_in(period))
    }
}
