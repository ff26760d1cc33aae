//! Which things exist, and which are meant.

use std::ops::Range;

use chrono::NaiveDate;

use super::answer::Answer;
use super::store::{Column, Flow, Known, kind_of, status_of};
use super::view::View;
use crate::check::rules::ActivityStatus;
use crate::model::{Item, Noun};
use crate::plan::{State, Test, TestId};

impl<'a> View<'a> {
    /// Whether a thing exists: what is created later does not, an activity from its very
    /// instant on.
    pub(super) fn exists(&self, item: Item) -> bool {
        if item.noun == Noun::Campaign {
            return true;
        }
        if item.noun == Noun::Activity {
            return self.store.known_from(item).is_none_or(|at| at < self.known.instant);
        }
        let Some(field) = self.store.creation_field(item.noun) else { return true };
        match self.store.raw(item, field) {
            Some(created) => created.day().is_none_or(|day| day <= self.known.day),
            None => true,
        }
    }

    /// Whether a thing can be judged, listed or counted: it exists and has not ended.
    pub(super) fn is_present(&self, item: Item) -> bool {
        let ended = || self.store.date(item, self.store.fields.seller_ended);
        let is_over = item.noun == Noun::Seller && ended().is_some_and(|day| day < self.known.day);
        self.exists(item) && !is_over
    }

    /// Those of some rows that can be judged.
    pub(super) fn present(&self, noun: Noun, rows: Range<usize>) -> Vec<u32> {
        let first = u32::try_from(rows.start).unwrap_or(u32::MAX);
        let days = self.store.creation_field(noun).map(|field| self.store.column(field));
        // A seller can have ended, and a campaign exists before it starts.
        let is_by_day = !matches!(noun, Noun::Seller | Noun::Campaign);
        if let (Some(Column::Date(days)), true) = (days, is_by_day) {
            let days = days.get(rows).unwrap_or(&[]);
            let is_there = |day: &Option<NaiveDate>| day.is_none_or(|day| day <= self.known.day);
            return (first..)
                .zip(days)
                .filter(|(_, day)| is_there(day))
                .map(|(row, _)| row)
                .collect();
        }
        let rows = (first..).take(rows.len());
        rows.filter(|row| self.is_present(Item { noun, row: *row })).collect()
    }

    /// An activity's state as of now; none if it does not exist yet.
    pub(super) fn state(&self, activity: u32) -> Option<State> {
        let activities = &self.store.activities;
        let rank = activities.rank(activity);
        self.state_of(activity, rank, activities.status(activity))
    }

    /// The same, of an activity whose day's rank and status in the data are at hand.
    #[inline]
    pub(super) fn state_of(
        &self,
        activity: u32,
        rank: u32,
        status: ActivityStatus,
    ) -> Option<State> {
        if !self.store.creation_is_unknown()
            && !self.exists(Item { noun: Noun::Activity, row: activity })
        {
            return None;
        }
        Some(self.state_if_known(activity, rank, status))
    }

    /// The same, whether it exists yet or not.
    #[inline]
    pub(super) fn state_if_known(&self, activity: u32, rank: u32, status: ActivityStatus) -> State {
        if rank < self.settled {
            return State::when_over(status);
        }
        if rank >= self.ahead {
            self.note(self.store.activities.times.day(rank));
            return State::when_ahead(status);
        }
        self.state_about_now(activity, status)
    }

    fn state_about_now(&self, activity: u32, status: ActivityStatus) -> State {
        if status == ActivityStatus::Cancelled {
            return State::Cancelled;
        }
        let (at, day) = (self.store.at(activity), self.store.day(activity));
        if status == ActivityStatus::Completed && at < self.known.instant {
            return State::Completed;
        }
        if self.known.is_over(day) {
            return State::Overdue;
        }
        // It can still take place: when the view runs ahead, it will.
        self.note(day);
        let happens = self.now.instant > self.known.instant && at < self.now.instant;
        match (happens, self.now.is_over(day)) {
            (true, _) => State::Completed,
            (false, true) => State::Overdue,
            (false, false) => State::Ahead,
        }
    }

    /// Whether an activity is planned, on a day that is not over.
    pub(super) fn is_ahead(&self, activity: u32) -> bool {
        self.state(activity) == Some(State::Ahead)
    }

    /// The segment of a customer by rule: the first that it fits.
    pub(super) fn segment(&self, customer: Item) -> Option<&'a str> {
        let fits = |test| self.is_one_of(customer, test).is_yes();
        let segments = &self.plan.segments;
        segments.iter().find(|(_, test)| fits(*test)).map(|(name, _)| name.as_str())
    }

    /// Whether a thing is present and meant.
    pub(super) fn is_one_of(&self, item: Item, test: TestId) -> Answer {
        // An activity that does not exist has no state, so that no test of one is passed.
        if item.noun != Noun::Activity && !self.is_present(item) {
            return Answer::No;
        }
        self.check(item, self.plan.test(test))
    }

    /// Whether a thing that is present is meant.
    pub(super) fn check(&self, item: Item, test: &Test) -> Answer {
        match test {
            Test::Always => Answer::Yes,
            Test::Never => Answer::No,
            Test::Class(classes) => {
                let class = self.store.activities.class(item.row);
                if classes.states(kind_of(class)) == 0 {
                    return Answer::No;
                }
                let rank = self.store.activities.rank(item.row);
                let state = self.state_of(item.row, rank, status_of(class));
                Answer::of(state.is_some_and(|state| classes.has(kind_of(class), state)))
            }
            Test::Segment(name) => {
                let segment = self.value(item, self.store.fields.customer_segment);
                Answer::of(segment == Some(Known::Text(name)))
            }
            Test::OverdueOpportunity => Answer::of(self.is_overdue_opportunity(item)),
            Test::Latest(rest) => self.is_latest(item, rest),
            Test::On(noun, test) => {
                let mut found = Answer::No;
                let _ = self.store.each_owner(item, *noun, &mut |owner| {
                    match self.is_one_of(owner, *test) {
                        Answer::Yes => {
                            found = Answer::Yes;
                            return Flow::Break(());
                        }
                        Answer::Uncovered => found = Answer::Uncovered,
                        Answer::No => {}
                    }
                    Flow::Continue(())
                });
                found
            }
            Test::Where(condition) => self.passes(item, *condition),
            Test::And(parts) => Answer::all(parts.iter().map(|part| self.check(item, part))),
            Test::Or(parts) => Answer::any(parts.iter().map(|part| self.check(item, part))),
        }
    }

    fn is_overdue_opportunity(&self, item: Item) -> bool {
        let fields = &self.store.fields;
        let is_open = self.value(item, fields.opportunity_status) == Some(Known::Text("open"));
        let should_be_closed = || {
            let day = self.store.date(item, fields.opportunity_expected_close);
            day.is_some_and(|day| self.is_over(day))
        };
        let has_overdue_activity = || {
            let found = self.store.each_run(item, 0, &mut |run| {
                let is_overdue = |place| self.state(run.row(place)) == Some(State::Overdue);
                if run.places.clone().any(is_overdue) {
                    return Flow::Break(());
                }
                Flow::Continue(())
            });
            found.is_break()
        };
        is_open && (should_be_closed() || has_overdue_activity())
    }

    /// Whether a campaign is the one with the greatest `end` not after the as-of day, of those
    /// that pass; of equal ends the first by id.
    fn is_latest(&self, item: Item, rest: &Test) -> Answer {
        let rank = |campaign: Item| {
            let end = self.store.date(campaign, self.store.fields.campaign_end)?;
            self.note(end);
            // Rows are in the order of ids.
            (end <= self.day()).then_some((end, std::cmp::Reverse(campaign.row)))
        };
        let Some(own) = rank(item) else { return Answer::No };
        let rivals = self.store.items(Noun::Campaign).filter(|other| rank(*other) > Some(own));
        match Answer::any(rivals.map(|rival| self.check(rival, rest))) {
            Answer::Yes => Answer::No,
            Answer::No => self.check(item, rest),
            Answer::Uncovered => Answer::all([self.check(item, rest), Answer::Uncovered]),
        }
    }

    /// The day on which a subject came into being, from which its age and cadence run.
    pub(super) fn creation_day(&self, item: Item) -> Option<NaiveDate> {
        let created = self.store.creation_field(item.noun);
        let day = created.and_then(|field| self.store.date(item, field));
        day.or_else(|| (item.noun == Noun::Activity).then(|| self.store.day(item.row)))
    }
}
