//! How a rule stands for a subject now and when the first open day is over, so that what an act would
//! do can be weighed: the same questions asked of data with the act and of data without it.

use chrono::{DateTime, NaiveDate, Utc};

use super::evaluation::Evaluation;
use super::outcome::rank;
use super::store::Known;
use super::view::{Mode, View};
use crate::model::{FieldRef, Item, Noun, Number};
use crate::plan::State;
use crate::verdict::Status;

/// How a rule stands for a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) status: Status,
    missing: Option<Number>,
    /// The first day on which, when it is over, it would stand worse if nothing happened but what
    /// is planned; none within reach.
    pub(crate) falls: Option<NaiveDate>,
}

impl Standing {
    /// Whether an act did good: it stands better, less is missing, or it stays as it is for longer.
    pub(crate) fn is_better_than(&self, other: &Standing) -> bool {
        let is_decided = |status| !matches!(status, Status::NotApplicable | Status::Unknown);
        if !is_decided(self.status) || !is_decided(other.status) {
            return false;
        }
        let misses_less = || match (&self.missing, &other.missing) {
            (Some(less), Some(more)) => less < more,
            _ => false,
        };
        let lasts_longer =
            || other.falls.is_some_and(|day| self.falls.is_none_or(|later| later > day));
        match rank(self.status).cmp(&rank(other.status)) {
            std::cmp::Ordering::Equal => misses_less() || lasts_longer(),
            order => order.is_gt(),
        }
    }
}

/// The present, and the end of the first day that is open if nothing happens but what is planned.
pub(crate) struct Outlook<'e> {
    of: &'e Evaluation<'e>,
    views: (View<'e>, View<'e>),
    /// The last day that is looked at.
    until: NaiveDate,
}

impl Evaluation<'_> {
    pub(crate) fn outlook(&self, until: NaiveDate) -> Outlook<'_> {
        let now = self.view(Mode::Listen);
        let later = now.on(self.first_open_day());
        Outlook { of: self, views: (now, later), until }
    }

    /// The first instant that has not happened yet.
    pub(crate) fn instant(&self) -> DateTime<Utc> {
        self.as_of.instant
    }

    /// That instant, with the offset of the rule set's zone.
    pub(crate) fn written(&self) -> String {
        self.as_of.written(self.plan.calendar.zone)
    }

    /// The subject of a decision.
    pub(crate) fn item(&self, place: usize, decision: usize) -> Option<Item> {
        self.about(place, decision).map(|(_, subject, _)| subject)
    }

    /// The first day that is not over.
    pub(crate) fn first_open_day(&self) -> NaiveDate {
        self.as_of.first_open_day()
    }

    /// Whether a rule will still be in force on the first day that is open.
    pub(crate) fn stays_in_force(&self, place: usize) -> bool {
        self.rule_at(place).is_some_and(|rule| rule.in_force.contains(self.first_open_day()))
    }

    /// The latest activity that took place, and the first that is ahead, of those of a thing that
    /// are meant.
    pub(crate) fn last_and_next(
        &self,
        thing: Item,
        is_meant: impl Fn(Item) -> bool,
    ) -> (Option<Item>, Option<Item>) {
        let view = self.view(Mode::Decide);
        let (mut last, mut next) = (None, None);
        let _ = self.store.each_run(thing, 0, &mut |run| {
            for place in run.places.clone() {
                let item = Item { noun: Noun::Activity, row: run.row(place) };
                let place = (self.store.day(item.row), item);
                let is_before =
                    |other: &(NaiveDate, Item)| view.by_day_and_id(*other, place).is_lt();
                match view.state(item.row).filter(|_| is_meant(item)) {
                    Some(State::Completed) if last.as_ref().is_none_or(is_before) => {
                        last = Some(place);
                    }
                    Some(State::Ahead) if !next.as_ref().is_some_and(is_before) => {
                        next = Some(place);
                    }
                    _ => {}
                }
            }
            super::store::Flow::Continue(())
        });
        (last.map(|(_, item)| item), next.map(|(_, item)| item))
    }

    /// The text of a field, or its number written out.
    pub(crate) fn text(&self, item: Item, field: FieldRef) -> Option<String> {
        match self.store.raw(item, field)? {
            Known::Text(text) => Some(text.to_owned()),
            Known::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl Outlook<'_> {
    /// How a rule stands for a subject in its current period.
    pub(crate) fn now(&self, place: usize, subject: Item) -> Option<Standing> {
        self.standing(&self.views.0, place, subject)
    }

    /// The same when the first open day is over.
    pub(crate) fn later(&self, place: usize, subject: Item) -> Option<Standing> {
        self.standing(&self.views.1, place, subject)
    }

    /// Whether the rule is about a subject still when the first open day is over: the latest campaign
    /// may be another then.
    pub(crate) fn is_judged_later(&self, place: usize, subject: Item) -> bool {
        let rule = self.of.rule_at(place);
        rule.is_some_and(|rule| self.views.1.is_one_of(subject, rule.population).is_yes())
    }

    /// What counted, now or later.
    pub(crate) fn counted(&self, place: usize, subject: Item) -> Vec<Item> {
        let Some(rule) = self.of.rule_at(place) else { return Vec::new() };
        let counted =
            |view: &View<'_>| view.with(Mode::Show).evidence_of(rule, subject, self.of.as_of.day);
        counted(&self.views.0).chain(counted(&self.views.1)).collect()
    }

    fn standing(&self, view: &View<'_>, place: usize, subject: Item) -> Option<Standing> {
        let rule = self.of.rule_at(place)?;
        let today = self.of.as_of.day;
        let (outcome, mut day) = view.with_horizon(|| view.stand(rule, subject, today));
        let stands = rank(outcome.status);
        let mut falls = None;
        if matches!(outcome.status, Status::Met | Status::OnTrack) && !outcome.is_final {
            while falls.is_none() && day <= self.until {
                let later = view.on(day);
                let then = later.stand(rule, subject, today);
                falls = (rank(then.status) < stands).then_some(day);
                day = later.horizon();
            }
        }
        Some(Standing { status: outcome.status, missing: outcome.figures.missing, falls })
    }
}
