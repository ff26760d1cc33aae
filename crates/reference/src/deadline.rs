//! Conditions that are about activities and a time: next, followed by, within, every.

use chrono::{DateTime, NaiveDate, Utc};
use kadence::internals::Item;
use kadence::internals::calendar::{Days, Duration};
use kadence::internals::rules::{Path, Phrase};
use kadence::verdict::Status;
use kadence::{Noun, Number};

use crate::answer::Gap;
use crate::lasting;
use crate::outcome::{Due, DueBy, Figures, Helps, Outcome};
use crate::phrase::{Bare, Reading};
use crate::rule::Scope;
use crate::view::View;
use crate::world::Known;

/// From when until when something is to be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    /// The local days, both included.
    pub(crate) days: Days,
    /// In hours and minutes: the instants, both included.
    clock: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Term {
    /// From an anchor on, or up to it.
    pub(crate) fn new(
        view: &View<'_>,
        anchor: Known<'_>,
        length: Duration,
        before: bool,
    ) -> Option<Term> {
        let calendar = view.calendar();
        let day = anchor.day()?;
        let Some(clock) = length.clock() else {
            let days = if before {
                Days { first: calendar.minus(day, length), last: day }
            } else {
                Days { first: day, last: calendar.plus(day, length) }
            };
            return Some(Term { days, clock: None });
        };
        let at = match anchor {
            Known::Instant(at, _) => at,
            _ => calendar.start_of(day),
        };
        let (from, to) = if before { (at - clock, at) } else { (at, at + clock) };
        let days = Days { first: calendar.day_of(from), last: calendar.day_of(to) };
        Some(Term { days, clock: Some((from, to)) })
    }

    fn holds(&self, day: NaiveDate, at: DateTime<Utc>) -> bool {
        match self.clock {
            Some((from, to)) => from <= at && at <= to,
            None => self.days.contains(day),
        }
    }

    /// Whether its end has passed.
    fn is_over(&self, view: &View<'_>) -> bool {
        match self.clock {
            Some((_, to)) => view.now.instant > to,
            None => view.is_over(self.days.last),
        }
    }
}

impl View<'_> {
    /// The activities of a subject, in the order of their days, then ids.
    fn activities(&self, subject: Item) -> impl Iterator<Item = Item> {
        self.world.things_of(subject, Noun::Activity).iter().copied()
    }

    /// "`next PHRASE [within DURATION]`: there is a planned one on a day that is not over (at the
    /// latest on as-of day + duration)."
    pub(crate) fn next(&self, scope: &Scope, phrase: &Phrase, within: Option<Duration>) -> Outcome {
        let reading = Reading::of(Bare::Planned);
        let limit = within.map(|duration| self.day_after(duration));
        let until = within.and_then(Duration::clock).map(|clock| self.now.instant + clock);
        let in_reach = |item: Item| {
            let (at, day) = self.world.at(item);
            limit.is_none_or(|limit| day <= limit) && until.is_none_or(|until| at <= until)
        };
        let is_meant = |item: &Item| {
            self.is_ahead(*item)
                && in_reach(*item)
                && self.is_one_of(*item, phrase, reading).is_yes()
        };
        let first = self.activities(scope.subject).find(is_meant);
        let first = first.map(|item| (self.world.at(item).1, item));
        let kind = |item| match self.world.raw(item, self.world.fields.activity_kind) {
            Some(Known::Text(kind)) => kind,
            _ => "activity",
        };
        let sentence =
            self.words().next(phrase, within, first.map(|(day, item)| (day, kind(item))));
        let outcome = Outcome {
            figures: done(first.is_some()),
            evidence: first.into_iter().collect(),
            ..Outcome::standing(first.is_some(), sentence)
        };
        let is_late = self.known_through().is_some_and(|through| through < self.day());
        if first.is_none() && is_late { outcome.uncovered(self.coverage_reason()) } else { outcome }
    }

    /// "`followed by PHRASE [booked] within DURATION`, for an activity A: there is a B that names A in
    /// `follows`, or that is later than A and about the same opportunity (A has none: the same lead;
    /// none: the same customer); B's day (with `booked`: the day B was created) is at the latest A's
    /// day + duration."
    pub(crate) fn followed(
        &self,
        scope: &Scope,
        phrase: &Phrase,
        booked: bool,
        within: Duration,
    ) -> Outcome {
        let activity = scope.subject;
        let (at, day) = self.world.at(activity);
        let anchor = Known::Instant(at, day);
        let Some(term) = Term::new(self, anchor, within, false) else {
            return self.gap(&Gap::Unknown(self.words().unknown("at")));
        };
        let created = self.world.fields.activity_created;
        let mut first: Option<(NaiveDate, Item)> = None;
        let mut unknown: Option<(NaiveDate, Item)> = None;
        for (other, names_it) in self.followers(activity) {
            let (other_at, other_day) = self.world.at(other);
            let is_later = other_at > at;
            let is_one = || self.is_one_of(other, phrase, Reading::of(Bare::Any)).is_yes();
            if other == activity || !(names_it || is_later) || !is_one() {
                continue;
            }
            let moment = if booked {
                match self.world.raw(other, created) {
                    Some(Known::Instant(at, day)) => (at, day),
                    _ => {
                        let one = (other_day, other);
                        if unknown.is_none_or(|first| self.by_day_and_id(one, first).is_lt()) {
                            unknown = Some(one);
                        }
                        continue;
                    }
                }
            } else {
                (other_at, other_day)
            };
            // What is done before the activity, and follows it by name, is in time too.
            let in_time = match term.clock {
                Some((_, to)) => moment.0 <= to,
                None => moment.1 <= term.days.last,
            };
            let one = (moment.1, other);
            if in_time && first.is_none_or(|first| self.by_day_and_id(one, first).is_lt()) {
                first = Some(one);
            }
        }
        if let (None, Some((_, other))) = (first, unknown) {
            let id = self.world.data.id(other);
            return self.gap(&Gap::Unknown(self.words().unknown_of("created", id)));
        }
        let sentence = {
            let last = term.days.last;
            let first = first.map(|(day, _)| day);
            self.words().followed(phrase, booked, first, last, self.is_over(last))
        };
        self.deadline(phrase, term, first, 0, sentence)
    }

    /// What may follow an activity, and whether it names it.
    fn followers(&self, activity: Item) -> Vec<(Item, bool)> {
        let fields = &self.world.fields;
        let mut found: Vec<(Item, bool)> =
            self.activities(activity).map(|other| (other, true)).collect();
        let opportunity = self.world.reference(activity, fields.activity_opportunity);
        let lead = || self.world.reference(activity, fields.activity_lead);
        let about = match opportunity.or_else(lead) {
            Some(one) => vec![one],
            None => self.world.belongs_to(activity, Noun::Customer),
        };
        for one in about {
            found.extend(self.activities(one).map(|other| (other, false)));
        }
        found
    }

    /// "`PHRASE within DURATION of FIELD`: there is one from the day of that date field to that day +
    /// duration. `before FIELD`: from that day − duration to that day."
    pub(crate) fn within(
        &self,
        scope: &Scope,
        phrase: &Phrase,
        length: Duration,
        before: bool,
        of: &Path,
    ) -> Outcome {
        let anchor = self.follow(scope.subject, of);
        let Some(term) = anchor.and_then(|anchor| Term::new(self, anchor, length, before)) else {
            return self.gap(&self.unknown(of));
        };
        let completed = Reading::of(Bare::Completed);
        let mut first = None;
        let mut planned = 0_u32;
        for item in self.activities(scope.subject) {
            let (at, day) = self.world.at(item);
            if !term.holds(day, at) {
                continue;
            }
            if self.is_one_of(item, phrase, completed).is_yes() {
                first = first.or(Some((day, item)));
            } else if self.is_ahead(item)
                && self.is_one_of(item, phrase, Reading { plans_kept: true, ..completed }).is_yes()
            {
                planned += 1;
            }
        }
        let sentence = {
            let first = first.map(|(day, _)| day);
            self.words().within(phrase, first, term.days, self.is_over(term.days.last))
        };
        self.deadline(phrase, term, first, planned, sentence)
    }

    /// "`FIELD is known within DURATION of FIELD`: it is known; while it is not, the deadline runs."
    pub(crate) fn known_within(
        &self,
        scope: &Scope,
        field: &Path,
        length: Duration,
        of: &Path,
    ) -> Outcome {
        let anchor = self.follow(scope.subject, of);
        let Some(term) = anchor.and_then(|anchor| Term::new(self, anchor, length, false)) else {
            return self.gap(&self.unknown(of));
        };
        let is_known = self.follow(scope.subject, field).is_some();
        let sentence = {
            let last = term.days.last;
            self.words().known_within(field, is_known, last, self.is_over(last))
        };
        let outcome = self.running(term, is_known, 0, sentence);
        Outcome { figures: Figures { planned: None, ..outcome.figures }, ..outcome }
    }

    /// A deadline for an activity: what is not covered may have been done.
    fn deadline(
        &self,
        phrase: &Phrase,
        term: Term,
        first: Option<(NaiveDate, Item)>,
        planned: u32,
        sentence: String,
    ) -> Outcome {
        let outcome = self.running(term, first.is_some(), planned, sentence);
        let is_final = outcome.is_final && lasting::phrase(phrase);
        let outcome = Outcome { is_final, evidence: first.into_iter().collect(), ..outcome };
        if first.is_none() && self.reaches_beyond_coverage(term.days) {
            outcome.uncovered(self.coverage_reason())
        } else {
            outcome
        }
    }

    /// "A running deadline: met as soon as done; else a running period with target 1, from the
    /// anchor day to the last day. In hours or minutes: on track until it has passed."
    fn running(&self, term: Term, is_done: bool, planned: u32, sentence: String) -> Outcome {
        let elapsed = self.elapsed(term.days).count();
        let is_due = term.clock.is_none() && elapsed >= term.days.count();
        let (status, is_final) = if is_done {
            (Status::Met, true)
        } else if term.is_over(self) {
            (Status::Missed, true)
        } else if is_due && planned == 0 {
            (Status::AtRisk, false)
        } else {
            (Status::OnTrack, false)
        };
        Outcome {
            status,
            is_final,
            is_standing: false,
            due: Due { by: DueBy::Day(term.days.last), helps: Helps::Other },
            figures: Figures { planned: Some(Number::from(planned)), ..done(is_done) },
            days: Some(term.days),
            ..Outcome::standing(is_done, sentence)
        }
    }

    /// "`PHRASE every DURATION`: the days since the latest such activity (none: since the subject's
    /// creation) are at most the duration."
    pub(crate) fn every(&self, scope: &Scope, phrase: &Phrase, every: Duration) -> Outcome {
        let completed = Reading::of(Bare::Completed);
        let latest = self
            .activities(scope.subject)
            .filter(|item| self.world.at(*item).1 <= self.day())
            .filter(|item| self.is_one_of(*item, phrase, completed).is_yes())
            .last();
        let latest = latest.map(|item| (self.world.at(item).1, item));
        let from = latest.map(|(day, _)| day).or_else(|| self.creation_day(scope.subject));
        let Some(from) = from else {
            let reason = self.words().never(phrase);
            let is_covered = self.known_through().is_none_or(|through| through >= self.day());
            return self.gap(&if is_covered {
                Gap::Unknown(reason)
            } else {
                Gap::Uncovered(self.coverage_reason())
            });
        };
        let last = self.calendar().plus(from, every);
        let days = |to: NaiveDate| Number::from((to - from).num_days());
        let (gap, target, holds) = (days(self.day()), days(last), self.day() <= last);
        let sentence = self.words().every(phrase, latest.map(|(day, _)| day), from, &gap, &target);
        let due = if self.is_over(last) { self.day() } else { last };
        let outcome = Outcome {
            due: Due { by: DueBy::Day(due), helps: Helps::Other },
            figures: Figures { measured: Some(gap), target: Some(target), ..Figures::default() },
            evidence: latest.into_iter().collect(),
            ..Outcome::standing(holds, sentence)
        };
        // The days in which one would have been enough.
        let enough = Days { first: self.calendar().minus(self.day(), every), last: self.day() };
        if !holds && self.reaches_beyond_coverage(enough) {
            outcome.uncovered(self.coverage_reason())
        } else {
            outcome
        }
    }
}

/// Measured 0 or 1, target 1.
fn done(is_done: bool) -> Figures {
    Figures {
        measured: Some(Number::from(u32::from(is_done))),
        target: Some(Number::from(1)),
        planned: None,
        missing: Some(Number::from(u32::from(!is_done))),
    }
}
