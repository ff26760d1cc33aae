//! A rule for a subject: its condition, its modifiers, and the verdict.

use std::cmp::Ordering;

use chrono::NaiveDate;
use kadence::Noun;
use kadence::internals::Item;
use kadence::internals::calendar::{Days, Duration, Unit, plus_days};
use kadence::internals::rules::{Condition, Path, Phrase, Rule, Window};
use kadence::internals::sentence::{Spoken, Why};
use kadence::verdict::{Period, Status, Verdict};

use crate::answer::{Answer, Gap};
use crate::lasting;
use crate::outcome::{self, DueBy, Helps, Outcome};
use crate::phrase::{Bare, Reading};
use crate::view::View;
use crate::world::Known;

/// For whom and for which days a condition is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) subject: Item,
    /// `per UNIT` is the period that holds this day.
    pub(crate) period_day: NaiveDate,
    /// The days in which the rule is in force.
    pub(crate) in_force: Days,
    pub(crate) prorate: bool,
}

impl Scope {
    /// Without a rule: for a `where`, a `that`, an `unless` or a goal.
    pub(crate) fn plain(view: &View<'_>, subject: Item) -> Self {
        Scope { subject, period_day: view.day(), in_force: ALWAYS, prorate: false }
    }
}

/// All days.
const ALWAYS: Days = Days { first: NaiveDate::MIN, last: NaiveDate::MAX };

/// For how many days ahead a change is looked for.
const LOOK_AHEAD: i64 = 400;

/// The days in which a rule is in force: "`since DATE`, `until DATE`".
pub(crate) fn in_force(rule: &Rule) -> Days {
    Days { first: rule.since.unwrap_or(ALWAYS.first), last: rule.until.unwrap_or(ALWAYS.last) }
}

/// The shortest unit of the periods that a condition speaks of, if it does.
pub(crate) fn shortest_unit(condition: &Condition) -> Option<Unit> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().filter_map(shortest_unit).min()
        }
        Condition::Not(part) => shortest_unit(part),
        Condition::Compare(comparison) => match comparison.window {
            Window::Per(unit) => Some(unit),
            _ => None,
        },
        _ => None,
    }
}

/// The field from or to which the first deadline of a condition runs, and what lies before it where
/// it runs towards the field.
pub(crate) fn anchor(condition: &Condition) -> Option<(&Path, Option<Duration>)> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().find_map(anchor),
        Condition::Not(part) => anchor(part),
        Condition::Within { of, within, before, .. } => Some((of, before.then_some(*within))),
        Condition::KnownWithin { of, .. } => Some((of, None)),
        _ => None,
    }
}

impl View<'_> {
    /// Whether a thing passes a `where`, a `that` or an `unless`. "In a `where`, an `unless` and a
    /// `that`, at least on track is yes; unknown and not applicable are no."
    pub(crate) fn passes(&self, item: Item, condition: &Condition) -> Answer {
        self.condition(&Scope::plain(self, item), condition).answer()
    }

    /// How a condition stands.
    pub(crate) fn condition(&self, scope: &Scope, condition: &Condition) -> Outcome {
        match condition {
            Condition::And(parts) => self.asked_of(outcome::all(self.parts(scope, parts))),
            Condition::Or(parts) => self.asked_of(outcome::any(self.parts(scope, parts))),
            Condition::Not(part) => self.condition(scope, part).not(),
            Condition::Compare(comparison) => self.compare(scope, comparison),
            Condition::Next { phrase, within } => self.next(scope, phrase, *within),
            Condition::Followed { phrase, booked, within } => {
                self.followed(scope, phrase, *booked, *within)
            }
            Condition::Within { phrase, within, before, of } => {
                self.within(scope, phrase, *within, *before, of)
            }
            Condition::KnownWithin { field, within, of } => {
                self.known_within(scope, field, *within, of)
            }
            Condition::Every { phrase, every } => self.every(scope, phrase, *every),
            Condition::Field { path, test } => match self.test(scope.subject, path, test) {
                Ok(holds) => Outcome::standing(holds, self.say_field(scope.subject, path)),
                Err(gap) => self.gap(&gap),
            },
            Condition::Is(phrase) => self.is(scope.subject, phrase),
            Condition::Meets(rule) => self.meets(scope.subject, *rule),
        }
    }

    /// What a field holds, in words.
    fn say_field(&self, subject: Item, path: &Path) -> String {
        let spoken = match self.follow(subject, path) {
            None => Spoken::Unknown,
            Some(Known::Text(text)) => Spoken::Text(text),
            Some(Known::Number(number)) => Spoken::Number(number),
            Some(Known::Date(day) | Known::Instant(_, day)) => Spoken::Date(day),
            Some(Known::YesNo(yes)) => Spoken::YesNo(yes),
            Some(Known::Thing(item)) => Spoken::Text(self.world.data.id(item)),
        };
        self.words().field(path, spoken)
    }

    /// `is ADJECTIVE`
    fn is(&self, subject: Item, phrase: &Phrase) -> Outcome {
        let answer = self.is_one_of(subject, phrase, Reading::of(Bare::Whatever));
        let text = self.words().is(phrase, answer.is_yes());
        let outcome = Outcome::standing(answer.is_yes(), text);
        match answer {
            Answer::Uncovered => outcome.uncovered(self.coverage_reason()),
            Answer::Yes | Answer::No => outcome,
        }
    }

    fn parts(&self, scope: &Scope, parts: &[Condition]) -> Vec<Outcome> {
        parts.iter().map(|part| self.condition(scope, part)).collect()
    }

    /// What parts come to; nothing is asked by none.
    pub(crate) fn asked_of(&self, parts: Option<Outcome>) -> Outcome {
        parts.unwrap_or_else(|| self.gap(&self.why(Why::NothingAsked)))
    }

    /// "`meets RULE`: that rule's verdict for the subject, in its current period, is met or on
    /// track."
    fn meets(&self, subject: Item, index: usize) -> Outcome {
        let Some(rule) = self.world.rules.rules.get(index) else {
            return self.gap(&self.why(Why::NoSuchRule));
        };
        let (status, is_uncovered) = self.asked(rule, subject);
        let text = self.words().meets(&rule.id, status);
        match status {
            Status::Met | Status::OnTrack => Outcome::standing(true, text),
            Status::AtRisk | Status::Missed => Outcome::standing(false, text),
            Status::NotApplicable => self.gap(&Gap::NotApplicable(text)),
            Status::Unknown if is_uncovered => {
                Outcome::standing(false, text).uncovered(self.coverage_reason())
            }
            Status::Unknown => self.gap(&Gap::Unknown(text)),
        }
    }

    /// A rule's verdict for a subject, in its current period, asked by another rule; and whether it
    /// is unknown for want of coverage.
    fn asked(&self, rule: &Rule, subject: Item) -> (Status, bool) {
        if !in_force(rule).contains(self.day()) {
            return (Status::NotApplicable, false);
        }
        match self.is_one_of(subject, &rule.subject, Reading::of(Bare::Completed)) {
            Answer::No => (Status::NotApplicable, false),
            Answer::Uncovered => (Status::Unknown, true),
            Answer::Yes => {
                let outcome = self.stand(rule, subject, self.day());
                (outcome.status, outcome.is_uncovered)
            }
        }
    }

    /// How a rule stands for a subject, `warn` left aside. "`unless CONDITION`: those are exempt: not
    /// applicable." "`grace D`: while the subject is younger than D, what would be missed is at risk."
    pub(crate) fn judge(&self, rule: &Rule, subject: Item, period_day: NaiveDate) -> Outcome {
        if rule.unless.as_ref().is_some_and(|unless| self.passes(subject, unless).is_yes()) {
            return self.gap(&self.why(Why::Exempt));
        }
        let in_force = in_force(rule);
        let scope = Scope { subject, period_day, in_force, prorate: rule.prorate };
        let outcome = self.condition(&scope, &rule.condition);
        let exempts_later = rule.unless.as_ref().is_some_and(|unless| !lasting::condition(unless));
        let outcome = Outcome { is_final: outcome.is_final && !exempts_later, ..outcome };
        if outcome.status == Status::Missed && self.is_young(rule, subject) {
            return Outcome { status: Status::AtRisk, is_final: false, ..outcome };
        }
        outcome
    }

    /// `grace D`: whether the subject is younger than D.
    fn is_young(&self, rule: &Rule, subject: Item) -> bool {
        let (Some(grace), Some(created)) = (rule.grace, self.creation_day(subject)) else {
            return false;
        };
        if let Some(clock) = grace.clock() {
            let field = self.world.creation_field(subject.noun);
            let start = match field.and_then(|field| self.world.raw(subject, field)) {
                Some(Known::Instant(at, _)) => at,
                _ => self.calendar().start_of(created),
            };
            return self.now.instant < start + clock;
        }
        self.day() < self.calendar().plus(created, grace)
    }

    /// How a rule stands for a subject. "`warn D`: a verdict of met (standing condition) or on track
    /// becomes at risk if, with what is planned and nothing else, it would be missed on the as-of
    /// day + D or sooner." Whether it would be may be unknown for want of coverage.
    fn stand(&self, rule: &Rule, subject: Item, period_day: NaiveDate) -> Outcome {
        let outcome = self.judge(rule, subject, period_day);
        let Some(warn) = rule.warn else { return outcome };
        let is_met = outcome.status == Status::Met && outcome.is_standing;
        if !is_met && outcome.status != Status::OnTrack {
            return outcome;
        }
        let mut is_uncovered = false;
        for later in self.ahead(self.day_after(warn)) {
            let then = later.judge(rule, subject, period_day);
            if then.status == Status::Missed {
                return Outcome { status: Status::AtRisk, is_final: false, ..outcome };
            }
            is_uncovered |= then.is_uncovered;
        }
        if is_uncovered { outcome.uncovered(self.coverage_reason()) } else { outcome }
    }

    /// "`changes` is the first day on which, when it is over, this verdict (of this subject and
    /// period) would have another status if nothing happened but what is planned; none within 400
    /// days: null."
    fn change(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
        status: Status,
    ) -> Option<NaiveDate> {
        let mut ahead = self.ahead(plus_days(self.day(), LOOK_AHEAD));
        let changed =
            ahead.find(|later| later.stand(rule, subject, period_day).status != status)?;
        Some(changed.day())
    }

    /// The verdict on a subject of a rule, for the period that holds a day. Unless `with_changes`,
    /// `changes` and a `due` that rests on it are left out.
    pub(crate) fn verdict(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
        with_changes: bool,
    ) -> Verdict {
        let outcome = self.stand(rule, subject, period_day);
        let status = outcome.status;
        let changes = if with_changes && !outcome.is_final {
            self.change(rule, subject, period_day, status)
        } else {
            None
        };
        let due = self.due(&outcome, changes);
        let days = match shortest_unit(&rule.condition) {
            Some(unit) => Some(self.calendar().period(unit, period_day).and(in_force(rule))),
            None => outcome.days.filter(|days| days.first > NaiveDate::MIN),
        };
        let figures = &outcome.figures;
        let owner = self.world.owner(subject);
        let team = match subject.noun {
            Noun::Team => Some(subject),
            _ => owner.and_then(|o| self.world.reference(o, self.world.fields.seller_team)),
        };
        let id = |item: Item| self.world.data.id(item).to_owned();
        Verdict {
            rule: rule.id.clone(),
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

    /// "`due` is the last day on which acting helps: of a running period or deadline, its last day;
    /// of `every`, the latest one's day + duration, or the as-of day if that is over; of another
    /// standing condition, the as-of day if missed, else the day before `changes`. It is null where a
    /// verdict is final, and for `<=`, `<`."
    fn due(&self, outcome: &Outcome, changes: Option<NaiveDate>) -> Option<NaiveDate> {
        let decided = !matches!(outcome.status, Status::NotApplicable | Status::Unknown);
        if outcome.is_final || !decided || outcome.due.helps == Helps::Less {
            return None;
        }
        match outcome.due.by {
            DueBy::Day(day) => Some(day),
            DueBy::Standing if outcome.status == Status::Missed => Some(self.day()),
            DueBy::Standing => changes.map(|day| plus_days(day, -1)),
        }
    }

    /// How a report names a thing.
    pub(crate) fn subject(&self, item: Item) -> kadence::verdict::Subject {
        kadence::verdict::Subject {
            kind: item.noun.singular().to_owned(),
            id: self.world.data.id(item).to_owned(),
            name: self.world.name(item).map(str::to_owned),
        }
    }

    /// By day, then by id.
    pub(crate) fn by_day_and_id(&self, a: (NaiveDate, Item), b: (NaiveDate, Item)) -> Ordering {
        let key = |(day, item)| (day, self.world.data.id(item));
        key(a).cmp(&key(b)).then(a.1.cmp(&b.1))
    }

    /// How many days of a period count for the subject, and how many there are. "Eligible: in the
    /// period, not before the subject's `created` (seller: `started`) or the rule's `since`, not after
    /// `until` (seller: `ended`). For a seller, only workdays count, above and below, and not those on
    /// which it is absent."
    pub(crate) fn eligible_days(&self, scope: &Scope, period: Days) -> (i64, i64) {
        let fields = &self.world.fields;
        let subject = scope.subject;
        let from = self.creation_day(subject).unwrap_or(NaiveDate::MIN);
        let ended = || self.world.date(subject, fields.seller_ended);
        let to = if subject.noun == Noun::Seller { ended() } else { None };
        let own = Days { first: from, last: to.unwrap_or(NaiveDate::MAX) };
        let eligible = period.and(own).and(scope.in_force);
        if subject.noun != Noun::Seller {
            return (eligible.count(), period.count());
        }
        let absences = self.world.things_of(subject, Noun::Absence).iter();
        let absences: Vec<Days> = absences
            .map(|absence| {
                let day = |field| self.world.date(*absence, field);
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
