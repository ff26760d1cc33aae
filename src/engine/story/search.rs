//! Where what nearly counted is looked for.

use std::ops::ControlFlow;

use chrono::{DateTime, NaiveDate, Utc};

use super::super::answer::Answer;
use super::super::deadline::Term;
use super::super::span::Span;
use super::super::store::Known;
use super::super::view::View;
use super::counted::AHEAD;
use super::near::{Nearest, minutes};
use crate::check::rules::Path;
use crate::model::calendar::{Days, plus_days};
use crate::model::{Item, Noun};
use crate::plan::{ConditionId, Dating, Set, Test};
use crate::verdict::{Lapse, Reason, State};

/// How far outside of a deadline something is near, in days.
const REACH: i64 = 31;

/// A time in which something counts.
#[derive(Clone, Copy)]
pub(super) enum When<'s> {
    Window(&'s Span),
    Deadline(&'s Term),
}

impl When<'_> {
    fn off(&self, view: &View<'_>, day: NaiveDate, at: DateTime<Utc>) -> Option<Reason> {
        match self {
            When::Window(span) => span.off(view, day, at),
            When::Deadline(term) => term.off(day, at),
        }
    }

    /// The days in which something is near, none of them ahead.
    fn around(&self, view: &View<'_>) -> Days {
        let (days, reach) = match self {
            When::Window(span) => (span.whole, View::reach(span)),
            When::Deadline(term) => (term.days, REACH),
        };
        let last = plus_days(days.last, reach).min(view.day());
        Days { first: plus_days(days.first, -reach), last }
    }
}

/// What is looked for: things of a set that belong to a subject.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'s> {
    pub(super) subject: Item,
    pub(super) set: &'s Set,
    /// The field that is read of each.
    pub(super) field: Option<&'s Path>,
}

impl<'a> View<'a> {
    /// Things of a set that did not count in a window for one reason alone.
    pub(super) fn near_window(&self, wanted: Wanted<'_>, span: &Span, near: &mut Nearest) {
        if !near.is_sought() {
            return;
        }
        let Wanted { subject, set, field } = wanted;
        let found = self.find(subject, set, span, None).items;
        if let Some(field) = field {
            for (day, item) in &found {
                if self.follow(*item, field).is_none() {
                    let reason = Reason::Unknown { field: field.text.clone() };
                    near.add(self, Some(*day), *item, (reason, Some(field)));
                }
            }
        }
        let own = Set { spacing: None, ..set.clone() };
        let all = self.find(subject, &own, span, None).items;
        if let Some(spacing) = &set.spacing {
            for one in all.iter().filter(|one| !found.contains(one)) {
                let Some(last) = found.iter().rev().find(|kept| kept.0 <= one.0) else { continue };
                let from = spacing.apart.map(|apart| self.calendar().plus(last.0, apart));
                let counts = |day: &NaiveDate| {
                    self.elapsed(span.whole).contains(*day)
                        && self.counts_spaced(&all, *one, *day, set)
                };
                let to = self.store.id(last.1).into_owned();
                let from = from.filter(counts);
                let reason = Reason::TooClose { to, day: last.0, from };
                near.add(self, Some(one.0), one.1, (reason, field));
            }
            // What else would count among those of a part cannot be told one by one.
            if !spacing.parts.is_empty() {
                return;
            }
        }
        let when = When::Window(span);
        self.each_around(wanted, when, span, &mut |day, item, reason| {
            let moved = match &reason {
                Reason::TooEarly { .. } => span.whole.first,
                Reason::TooLate { .. } => self.elapsed(span.whole).last,
                _ => day.unwrap_or(span.whole.last),
            };
            let is_unknown = field.is_some_and(|field| self.follow(item, field).is_none());
            if !is_unknown && self.counts_spaced(&all, (moved, item), moved, set) {
                near.add(self, day, item, (reason, field));
            }
        });
        self.elsewhere(wanted, when, &mut |day, item, reason| {
            if self.counts_spaced(&all, (day, item), day, set) {
                near.add(self, Some(day), item, (reason, field));
            }
        });
    }

    /// Whether one counts on a day among others, given how far apart they must be.
    fn counts_spaced(
        &self,
        all: &[(NaiveDate, Item)],
        one: (NaiveDate, Item),
        day: NaiveDate,
        set: &Set,
    ) -> bool {
        let Some(spacing) = &set.spacing else { return true };
        let mut with: Vec<_> = all.iter().copied().filter(|other| *other != one).collect();
        with.push((day, one.1));
        with.sort_unstable_by(|a, b| self.by_day_and_id(*a, *b));
        self.space(&mut with, spacing, false);
        with.contains(&(day, one.1))
    }

    /// Activities that did not count for a deadline for one reason alone.
    pub(super) fn near_deadline(&self, wanted: Wanted<'_>, term: &Term, near: &mut Nearest) {
        if !near.is_sought() {
            return;
        }
        let when = When::Deadline(term);
        let days = when.around(self);
        self.each_activity(wanted.subject, days, &mut |day, row| {
            let item = Item { noun: Noun::Activity, row };
            self.one_reason(item, wanted.set, term.off(day, self.store.at(row)), &mut |reason| {
                near.add(self, Some(day), item, (reason, None));
            });
            ControlFlow::Continue(())
        });
        self.elsewhere(wanted, when, &mut |day, item, reason| {
            near.add(self, Some(day), item, (reason, None));
        });
    }

    /// Activities after a day that would count as the latest but for one reason.
    pub(super) fn near_latest(&self, wanted: Wanted<'_>, days: Days, near: &mut Nearest) {
        if !near.is_sought() {
            return;
        }
        self.each_activity(wanted.subject, days, &mut |day, row| {
            let item = Item { noun: Noun::Activity, row };
            self.one_reason(item, wanted.set, None, &mut |reason| {
                near.add(self, Some(day), item, (reason, None));
            });
            ControlFlow::Continue(())
        });
    }

    /// Activities that would be the next but for one reason.
    pub(super) fn near_next(
        &self,
        wanted: Wanted<'_>,
        limit: Option<(NaiveDate, Option<DateTime<Utc>>)>,
        near: &mut Nearest,
    ) {
        if !near.is_sought() {
            return;
        }
        let today = self.day();
        let last = plus_days(limit.map_or(today, |(day, _)| day), AHEAD);
        let days = Days { first: plus_days(today, -AHEAD), last };
        self.each_activity(wanted.subject, days, &mut |day, row| {
            let item = Item { noun: Noun::Activity, row };
            let at = self.store.at(row);
            let is_over = self.state(row) == Some(crate::plan::State::Overdue);
            let late = limit.and_then(|(last, until)| match until {
                Some(until) => (at > until).then(|| minutes(at - until)),
                None => (day > last).then(|| Lapse::Days((day - last).num_days())),
            });
            let off = if is_over {
                let asked = vec![State::Planned];
                Some(Reason::Status { found: State::Overdue, asked })
            } else {
                late.map(|by| Reason::TooLate { by })
            };
            // What took place is no plan that failed; what was to come and was called off is.
            let is_past = day < self.now.first_open_day();
            let tells = is_over || !is_past;
            self.one_reason(item, wanted.set, off, &mut |reason| {
                if tells {
                    near.add(self, Some(day), item, (reason, None));
                }
            });
            ControlFlow::Continue(())
        });
    }

    /// Tells the one reason for which an activity is not of a set at a time, if there is but one.
    pub(super) fn one_reason(
        &self,
        item: Item,
        set: &Set,
        off: Option<Reason>,
        tell: &mut dyn FnMut(Reason),
    ) {
        let Some(faults) = self.faults(item, self.plan.test(set.test)) else { return };
        let late = self.unknown_since(item).map(|since| Reason::NotYetKnown { since });
        let mut reasons = faults.into_iter().chain(off).chain(late);
        if let (Some(reason), None) = (reasons.next(), reasons.next()) {
            tell(reason);
        }
    }

    /// Since when a thing is known or there is one, if that is too late.
    fn unknown_since(&self, item: Item) -> Option<NaiveDate> {
        if self.exists(item) {
            return None;
        }
        let field = self.store.creation_field(item.noun)?;
        self.store.date(item, field)
    }

    /// Things of the subject in and around a window that are of the set but for one reason.
    fn each_around(
        &self,
        Wanted { subject, set, .. }: Wanted<'_>,
        when: When<'_>,
        span: &Span,
        each: &mut dyn FnMut(Option<NaiveDate>, Item, Reason),
    ) {
        let around = when.around(self);
        let mut thing = |item: Item| {
            let (day, off) = match self.day_in_window(item, &set.dating, span) {
                Some((day, _)) if !around.contains(day) && day > NaiveDate::MIN => return,
                Some((day, at)) => (Some(day), when.off(self, day, at)),
                None => match &set.dating {
                    Dating::By(path) => (None, Some(Reason::Unknown { field: path.text.clone() })),
                    _ => return,
                },
            };
            let is_activity = item.noun == Noun::Activity;
            if !is_activity && self.exists(item) && !self.is_present(item) {
                return;
            }
            // A plan for a day that is not over is told of as one.
            if is_activity && self.is_ahead(item.row) && self.is_one_of(item, set.kept).is_yes() {
                return;
            }
            self.one_reason(item, set, off, &mut |reason| each(day, item, reason));
        };
        if set.noun != Noun::Activity {
            let rows = self.store.things_of(subject, set.noun);
            rows.iter().for_each(|row| thing(Item { noun: set.noun, row: *row }));
            return;
        }
        let days = match set.dating {
            Dating::Own => around,
            _ => Days { first: NaiveDate::MIN, last: NaiveDate::MAX },
        };
        self.each_activity(subject, days, &mut |_, row| {
            thing(Item { noun: Noun::Activity, row });
            ControlFlow::Continue(())
        });
    }

    /// Activities that are all that is asked but another's.
    fn elsewhere(
        &self,
        Wanted { subject, set, field }: Wanted<'_>,
        when: When<'_>,
        each: &mut dyn FnMut(NaiveDate, Item, Reason),
    ) {
        if set.noun != Noun::Activity || set.dating != Dating::Own {
            return;
        }
        let days = when.around(self);
        let related = self.related(subject);
        let mut seen = std::collections::BTreeSet::new();
        for other in related {
            self.each_activity(other, days, &mut |day, row| {
                let item = Item { noun: Noun::Activity, row };
                let is_own = || self.store.owners(item, subject.noun).contains(&subject);
                let counts = when.off(self, day, self.store.at(row)).is_none()
                    && self.is_one_of(item, set.test).is_yes()
                    && field.is_none_or(|field| self.follow(item, field).is_some());
                if counts && !is_own() && seen.insert(item) {
                    each(day, item, self.elsewhere_reason(item, subject.noun));
                }
                ControlFlow::Continue(())
            });
        }
    }

    pub(super) fn elsewhere_reason(&self, item: Item, noun: Noun) -> Reason {
        let found = self.store.owners(item, noun).first().copied();
        let found = found.map(|one| self.store.id(one).into_owned());
        Reason::Elsewhere { noun: noun.singular().to_owned(), found }
    }

    /// Whose activities could have been a subject's: those of the same customer, those with a
    /// seller's customers, those on a customer's leads, those with a campaign's members.
    fn related(&self, subject: Item) -> Vec<Item> {
        let of = |noun: Noun| {
            let rows = self.store.things_of(subject, noun);
            rows.iter().map(|row| Item { noun, row: *row }).collect()
        };
        match subject.noun {
            Noun::Opportunity | Noun::Lead | Noun::Contact => {
                self.store.owners(subject, Noun::Customer)
            }
            Noun::Seller => of(Noun::Customer),
            Noun::Customer => of(Noun::Lead),
            Noun::Campaign => of(Noun::Member),
            _ => Vec::new(),
        }
    }

    /// Activities that could have followed another but for one reason.
    pub(super) fn near_followers(
        &self,
        activity: Item,
        set: &Set,
        (booked, term): (bool, &Term),
        near: &mut Nearest,
    ) {
        if !near.is_sought() {
            return;
        }
        let (at, today) = (self.store.at(activity.row), self.day());
        let last = if booked { today } else { plus_days(term.days.last, REACH).min(today) };
        let mut seen = std::collections::BTreeSet::from([activity]);
        let created = |row| {
            self.store.raw(Item { noun: Noun::Activity, row }, self.store.fields.activity_created)
        };
        self.each_follower(activity, last, &mut |names_it, row| {
            let item = Item { noun: Noun::Activity, row };
            if !(names_it || self.store.at(row) > at) || !seen.insert(item) {
                return ControlFlow::Continue(());
            }
            let day = self.store.day(row);
            let off = match created(row) {
                Some(Known::Instant(at, booked_on)) if booked => term
                    .off(booked_on, at)
                    .filter(|off| matches!(off, Reason::TooLate { .. }))
                    .map(|_| Reason::BookedLate { booked: booked_on, last: term.days.last }),
                _ if booked => return ControlFlow::Continue(()),
                _ => {
                    let off = term.off(day, self.store.at(row));
                    off.filter(|off| matches!(off, Reason::TooLate { .. }))
                }
            };
            self.one_reason(item, set, off, &mut |reason| {
                near.add(self, Some(day), item, (reason, None));
            });
            ControlFlow::Continue(())
        });
        if booked {
            return;
        }
        let fields = &self.store.fields;
        let about = [fields.activity_opportunity, fields.activity_lead];
        let Some(about) = about.into_iter().find_map(|field| self.store.reference(activity, field))
        else {
            return;
        };
        let days = Days { first: self.store.day(activity.row), last: term.days.last.min(today) };
        for customer in self.store.owners(activity, Noun::Customer) {
            self.each_activity(customer, days, &mut |day, row| {
                let item = Item { noun: Noun::Activity, row };
                let counts = self.store.at(row) > at
                    && term.off(day, self.store.at(row)).is_none()
                    && self.is_one_of(item, set.test).is_yes();
                if counts && seen.insert(item) {
                    let reason = self.elsewhere_reason(item, about.noun);
                    near.add(self, Some(day), item, (reason, None));
                }
                ControlFlow::Continue(())
            });
        }
    }

    /// Members of a share that do not do what it asks.
    pub(super) fn near_share(
        &self,
        Wanted { subject, set, .. }: Wanted<'_>,
        (span, that): (&Span, ConditionId),
        near: &mut Nearest,
    ) {
        if !near.is_sought() {
            return;
        }
        for (day, item) in self.find(subject, set, span, None).items {
            if self.passes(item, that) == Answer::No {
                let reason = Reason::Fails { found: self.says(item, that) };
                near.add(self, Some(day), item, (reason, None));
            }
        }
    }

    /// Why a thing is not one of those that a test means, in words.
    pub(super) fn faults_in_words(&self, item: Item, test: &Test) -> String {
        let faults = self.faults(item, test).unwrap_or_default();
        faults.iter().map(Reason::to_string).collect::<Vec<_>>().join("; ")
    }
}
