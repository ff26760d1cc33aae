//! Conditions that are about activities and a time: next, followed by, within, every.

use chrono::{DateTime, NaiveDate, Utc};

use super::answer::Gap;
use super::outcome::{Due, DueBy, Figures, Helps, Outcome};
use super::rule::Scope;
use super::store::{Flow, Known};
use super::view::View;
use crate::check::rules::Path;
use crate::model::calendar::{Days, Duration, plus_days};
use crate::model::{Item, Noun, Number};
use crate::plan::Set;
use crate::verdict::Status;

/// From when until when something is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    /// The local days, both included.
    pub(super) days: Days,
    /// In hours and minutes: the instants, both included.
    pub(super) clock: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Term {
    /// From an anchor on, or up to it.
    pub(super) fn new(
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

    pub(super) fn holds(&self, day: NaiveDate, at: impl FnOnce() -> DateTime<Utc>) -> bool {
        match self.clock {
            Some((from, to)) => (from..=to).contains(&at()),
            None => self.days.contains(day),
        }
    }

    /// Whether its end has passed.
    fn is_over(&self, view: &View<'_>) -> bool {
        match self.clock {
            Some((_, to)) => {
                view.note(self.days.last);
                view.now.instant > to
            }
            None => view.is_over(self.days.last),
        }
    }
}

/// The first of several by day, then id.
#[derive(Debug, Clone, Copy, Default)]
struct First(Option<(NaiveDate, Item)>);

impl First {
    fn is_before(self, day: NaiveDate) -> bool {
        self.0.is_some_and(|first| first.0 < day)
    }

    fn offer(&mut self, view: &View<'_>, day: NaiveDate, item: Item) {
        let one = (day, item);
        if self.0.is_none_or(|first| view.by_day_and_id(one, first).is_lt()) {
            self.0 = Some(one);
        }
    }
}

impl<'a> View<'a> {
    /// The activities of a subject on some days, run by run. Where a run is in the order of its
    /// days, what comes after a `Break` is left out.
    pub(super) fn each_activity(
        &self,
        subject: Item,
        days: Days,
        each: &mut dyn FnMut(NaiveDate, u32) -> Flow,
    ) {
        let times = &self.store.activities.times;
        let first = times.first_from(days.first);
        let end = times.first_from(plus_days(days.last, 1));
        let _ = self.store.each_run(subject, first, &mut |run| {
            for place in run.places.clone() {
                let rank = run.rank(place);
                if rank >= end && run.is_sorted {
                    break;
                }
                let row = run.row(place);
                let twice = |customer| self.store.is_of_customer(row, customer);
                let counts = (first..end).contains(&rank) && !run.not_of.is_some_and(twice);
                if counts && each(times.day(rank), row).is_break() && run.is_sorted {
                    break;
                }
            }
            Flow::Continue(())
        });
    }

    /// `next PHRASE [within DURATION]`: there is a planned one on a day that is not over, at the
    /// latest on the as-of day + the duration.
    pub(super) fn next(&self, scope: &Scope, set: &Set, within: Option<Duration>) -> Outcome {
        let limit = within.map_or(NaiveDate::MAX, |duration| self.day_after(duration));
        let until = within.and_then(Duration::clock).map(|clock| self.now.instant + clock);
        let mut first = First::default();
        // What is not yet within reach may come to be.
        let last = if self.listens() { NaiveDate::MAX } else { limit };
        let days = Days { first: self.now.first_open_day(), last };
        self.each_activity(scope.subject, days, &mut |day, row| {
            if first.is_before(day) {
                return Flow::Break(());
            }
            let item = Item { noun: Noun::Activity, row };
            if self.is_ahead(row) && self.is_one_of(item, set.test).is_yes() {
                if day <= limit && until.is_none_or(|until| self.store.at(row) <= until) {
                    first.offer(self, day, item);
                } else {
                    self.note_tomorrow();
                }
            }
            Flow::Continue(())
        });
        let First(first) = first;
        let kind = |item: Item| match self.store.raw(item, self.store.fields.activity_kind) {
            Some(Known::Text(kind)) => kind,
            _ => "activity",
        };
        let sentence = self.words(|words| {
            words.next(&set.written, within, first.map(|(day, item)| (day, kind(item))))
        });
        let outcome = Outcome {
            figures: done(first.is_some()),
            evidence: self.evidence(first),
            ..Outcome::standing(first.is_some(), sentence)
        };
        let is_late = self.known_through().is_some_and(|through| through < self.day());
        if first.is_none() && is_late { outcome.uncovered(self.coverage_reason()) } else { outcome }
    }

    fn evidence(&self, one: Option<(NaiveDate, Item)>) -> Vec<(NaiveDate, Item)> {
        if self.shows() { one.into_iter().collect() } else { Vec::new() }
    }

    /// `followed by PHRASE [booked] within DURATION`
    pub(super) fn followed(
        &self,
        scope: &Scope,
        set: &Set,
        booked: bool,
        within: Duration,
    ) -> Outcome {
        let activity = scope.subject;
        let (at, day) = (self.store.at(activity.row), self.store.day(activity.row));
        let Some(term) = Term::new(self, Known::Instant(at, day), within, false) else {
            return self.gap(Gap::Unknown(self.words(|words| words.unknown("at"))));
        };
        let mut first = First::default();
        let mut unknown = First::default();
        // What takes place later is too late, however long the list of activities is.
        let last = if booked { NaiveDate::MAX } else { term.days.last };
        self.each_follower(activity, last, &mut |names_it, row| {
            let other = Item { noun: Noun::Activity, row };
            let (other_at, other_day) = (self.store.at(row), self.store.day(row));
            if !booked && !names_it && first.is_before(other_day) {
                return Flow::Break(());
            }
            let counts = row != activity.row && (names_it || other_at > at);
            if !counts || !self.is_one_of(other, set.test).is_yes() {
                return Flow::Continue(());
            }
            let moment = match self.store.raw(other, self.store.fields.activity_created) {
                _ if !booked => (other_at, other_day),
                Some(Known::Instant(at, day)) => (at, day),
                _ => {
                    unknown.offer(self, other_day, other);
                    return Flow::Continue(());
                }
            };
            // What is done before the activity, and follows it by name, is in time too.
            let in_time = match term.clock {
                Some((_, to)) => moment.0 <= to,
                None => moment.1 <= term.days.last,
            };
            if in_time {
                first.offer(self, moment.1, other);
            }
            Flow::Continue(())
        });
        let First(first) = first;
        if let (None, Some((_, other))) = (first, unknown.0) {
            let id = self.store.id(other);
            let reason = self.words(|words| words.unknown_of("created", &id));
            return self.gap(Gap::Unknown(reason));
        }
        let last_is_over = self.is_over(term.days.last);
        let sentence = self.words(|words| {
            let first = first.map(|(day, _)| day);
            words.followed(&set.written, booked, first, term.days.last, last_is_over)
        });
        self.deadline(set, term, first, 0, sentence)
    }

    /// What may follow an activity: what names it, and what is about the same opportunity (it has
    /// none: the same lead; none: the same customer), up to a day.
    pub(super) fn each_follower(
        &self,
        activity: Item,
        last: NaiveDate,
        each: &mut dyn FnMut(bool, u32) -> Flow,
    ) {
        let fields = &self.store.fields;
        let always = Days { first: NaiveDate::MIN, last: NaiveDate::MAX };
        if !self.store.nothing_follows() {
            self.each_activity(activity, always, &mut |_, row| each(true, row));
        }
        let day = self.store.day(activity.row);
        // Clocks may have been set back over midnight.
        let before = i64::from(self.calendar().starts_twice(day));
        let days = Days { first: plus_days(day, -before), last };
        let mut same = |one: Item| self.each_activity(one, days, &mut |_, row| each(false, row));
        let about = self.store.reference(activity, fields.activity_opportunity);
        match about.or_else(|| self.store.reference(activity, fields.activity_lead)) {
            Some(one) => same(one),
            None => self.store.owners(activity, Noun::Customer).into_iter().for_each(same),
        }
    }

    /// `PHRASE within DURATION of FIELD`, or `before FIELD`.
    pub(super) fn within(
        &self,
        scope: &Scope,
        set: &Set,
        length: Duration,
        before: bool,
        of: &Path,
    ) -> Outcome {
        let anchor = self.follow(scope.subject, of);
        let Some(term) = anchor.and_then(|anchor| Term::new(self, anchor, length, before)) else {
            return self.gap(self.unknown(of));
        };
        let mut first = First::default();
        let mut planned = 0_u32;
        self.each_activity(scope.subject, term.days, &mut |day, row| {
            let item = Item { noun: Noun::Activity, row };
            if term.holds(day, || self.store.at(row)) {
                if self.is_one_of(item, set.test).is_yes() {
                    first.offer(self, day, item);
                } else if self.is_ahead(row) && self.is_one_of(item, set.kept).is_yes() {
                    planned += 1;
                }
            }
            Flow::Continue(())
        });
        let First(first) = first;
        let last_is_over = self.is_over(term.days.last);
        let sentence = self.words(|words| {
            let first = first.map(|(day, _)| day);
            words.within(&set.written, first, term.days, last_is_over)
        });
        self.deadline(set, term, first, planned, sentence)
    }

    /// `FIELD is known within DURATION of FIELD`: it is known; while it is not, the deadline runs.
    pub(super) fn known_within(
        &self,
        scope: &Scope,
        field: &Path,
        length: Duration,
        of: &Path,
    ) -> Outcome {
        let anchor = self.follow(scope.subject, of);
        let Some(term) = anchor.and_then(|anchor| Term::new(self, anchor, length, false)) else {
            return self.gap(self.unknown(of));
        };
        let is_known = self.follow(scope.subject, field).is_some();
        let last_is_over = self.is_over(term.days.last);
        let sentence =
            self.words(|words| words.known_within(field, is_known, term.days.last, last_is_over));
        let outcome = self.running(term, is_known, 0, sentence);
        Outcome { figures: Figures { planned: None, ..outcome.figures }, ..outcome }
    }

    /// A deadline for an activity: what is not covered may have been done.
    fn deadline(
        &self,
        set: &Set,
        term: Term,
        first: Option<(NaiveDate, Item)>,
        planned: u32,
        sentence: String,
    ) -> Outcome {
        let outcome = self.running(term, first.is_some(), planned, sentence);
        let is_final = outcome.is_final && set.lasts;
        let outcome = Outcome { is_final, evidence: self.evidence(first), ..outcome };
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

    /// `PHRASE every DURATION`: the days since the latest such activity (none: since the
    /// subject's creation) are at most the duration.
    pub(super) fn every(&self, scope: &Scope, set: &Set, every: Duration) -> Outcome {
        let latest = self.latest(scope.subject, set);
        let from = latest.map(|(day, _)| day).or_else(|| self.creation_day(scope.subject));
        let Some(from) = from else {
            let reason = self.words(|words| words.never(&set.written));
            let is_covered = self.known_through().is_none_or(|t| t >= self.day());
            return self.gap(if is_covered {
                Gap::Unknown(reason)
            } else {
                Gap::Uncovered(self.coverage_reason())
            });
        };
        let last = self.calendar().plus(from, every);
        self.note(plus_days(last, 1));
        let days = |to: NaiveDate| Number::from((to - from).num_days());
        let (gap, target, holds) = (days(self.day()), days(last), self.day() <= last);
        let sentence = self.words(|words| {
            words.every(&set.written, latest.map(|(day, _)| day), from, &gap, &target)
        });
        let due = if self.is_over(last) { self.day() } else { last };
        let outcome = Outcome {
            due: Due { by: DueBy::Day(due), helps: Helps::Other },
            figures: Figures { measured: Some(gap), target: Some(target), ..Figures::default() },
            evidence: self.evidence(latest),
            ..Outcome::standing(holds, sentence)
        };
        // The days in which one would have been enough.
        let enough = Days { first: self.calendar().minus(self.day(), every), last: self.day() };
        if !holds && self.reaches_beyond_coverage(enough) {
            self.note_tomorrow();
            outcome.uncovered(self.coverage_reason())
        } else {
            outcome
        }
    }

    /// The latest activity of a set, up to the as-of day.
    pub(super) fn latest(&self, subject: Item, set: &Set) -> Option<(NaiveDate, Item)> {
        let times = &self.store.activities.times;
        let end = times.first_from(plus_days(self.day(), 1));
        let mut latest: Option<(NaiveDate, Item)> = None;
        let _ = self.store.each_run(subject, 0, &mut |run| {
            for place in run.places.clone().rev() {
                let rank = run.rank(place);
                let day = times.day(rank);
                if rank >= end {
                    self.note(day);
                    continue;
                }
                if run.is_sorted && latest.is_some_and(|latest| day < latest.0) {
                    break;
                }
                let row = run.row(place);
                let one = (day, Item { noun: Noun::Activity, row });
                if latest.is_none_or(|latest| self.by_day_and_id(latest, one).is_lt())
                    && self.is_one_of(one.1, set.test).is_yes()
                {
                    latest = Some(one);
                }
            }
            Flow::Continue(())
        });
        latest
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
