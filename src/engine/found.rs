//! Which things count in a window.

use chrono::{DateTime, NaiveDate, Utc};

use super::answer::Answer;
use super::span::Span;
use super::store::{Flow, Known, Run, kind_of, status_of};
use super::view::View;
use crate::model::calendar::Days;
use crate::model::{Item, Noun};
use crate::plan::{Dating, Set, Spacing, Test, TestId};

/// Things of a set that count in a window.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of their days, then ids.
    pub(super) items: Vec<(NaiveDate, Item)>,
    /// How many more there may be, for want of coverage.
    pub(super) more: More,
}

/// How many things there may be beyond those that were found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    #[default]
    None,
    AtMost(usize),
    Unlimited,
}

impl<'a> View<'a> {
    /// The things of a set that belong to a subject and count in the elapsed part of a window.
    /// With `plans_until`, also the planned activities that can still take place until that day.
    pub(super) fn find(
        &self,
        subject: Item,
        set: &Set,
        span: &Span,
        plans_until: Option<NaiveDate>,
    ) -> Found {
        let mut items = Vec::new();
        let more = self.each_found(subject, set, span, plans_until, &mut |day, item| {
            items.push((day, item));
        });
        items.sort_unstable_by(|a, b| self.by_day_and_id(*a, *b));
        if let Some(spacing) = &set.spacing {
            self.space(&mut items, spacing, plans_until.is_some());
        }
        Found { items, more }
    }

    /// The same, how many.
    pub(super) fn count(
        &self,
        subject: Item,
        set: &Set,
        span: &Span,
        plans_until: Option<NaiveDate>,
    ) -> (usize, More) {
        let mut count = 0;
        let more = self.each_found(subject, set, span, plans_until, &mut |_, _| count += 1);
        (count, more)
    }

    /// The same, in no order and whatever their spacing.
    fn each_found(
        &self,
        subject: Item,
        set: &Set,
        span: &Span,
        plans_until: Option<NaiveDate>,
        each: &mut dyn FnMut(NaiveDate, Item),
    ) -> More {
        let mut uncovered = 0;
        let is_activity = set.noun == Noun::Activity;
        let search = Search { view: self, set, span, plans_until };
        if is_activity && set.dating == Dating::Own {
            let first = self.store.activities.times.first_from(span.whole.first);
            let _ = self.store.each_run(subject, first, &mut |run| {
                search.run(run, each, &mut uncovered);
                Flow::Continue(())
            });
        } else if is_activity {
            let _ = self.store.each_run(subject, 0, &mut |run| {
                for place in run.places.clone() {
                    search.thing(
                        Item { noun: set.noun, row: run.row(place) },
                        each,
                        &mut uncovered,
                    );
                }
                Flow::Continue(())
            });
        } else {
            for row in self.store.things_of(subject, set.noun) {
                search.thing(Item { noun: set.noun, row: *row }, each, &mut uncovered);
            }
        }
        if is_activity && self.reaches_beyond_coverage(self.elapsed(span.whole)) {
            span.note_covered(self);
            More::Unlimited
        } else if uncovered > 0 {
            More::AtMost(uncovered)
        } else {
            More::None
        }
    }

    /// Leaves out what is too close to the last one that counts.
    pub(super) fn space(
        &self,
        items: &mut Vec<(NaiveDate, Item)>,
        spacing: &Spacing,
        plans_kept: bool,
    ) {
        for part in &spacing.parts {
            let test = if plans_kept { part.kept } else { part.test };
            let is_part = |item| self.is_one_of(item, test).is_yes();
            let (mut of_part, others): (Vec<_>, Vec<_>) =
                items.iter().copied().partition(|(_, item)| is_part(*item));
            self.space(&mut of_part, &part.spacing, plans_kept);
            of_part.extend(others);
            of_part.sort_by(|a, b| self.by_day_and_id(*a, *b));
            *items = of_part;
        }
        let Some(apart) = spacing.apart else { return };
        let mut last: Option<NaiveDate> = None;
        items.retain(|(day, _)| {
            let counts = last.is_none_or(|last| *day >= self.calendar().plus(last, apart));
            last = if counts { Some(*day) } else { last };
            counts
        });
    }

    /// By day, then by id.
    pub(super) fn by_day_and_id(
        &self,
        a: (NaiveDate, Item),
        b: (NaiveDate, Item),
    ) -> std::cmp::Ordering {
        a.0.cmp(&b.0).then_with(|| self.store.by_id(a.1, b.1)).then(a.1.cmp(&b.1))
    }

    /// The day on which a thing counts, and its instant. With no window, one whose day is unknown
    /// counts all the same.
    pub(super) fn day_in_window(
        &self,
        item: Item,
        dating: &Dating,
        span: &Span,
    ) -> Option<(NaiveDate, DateTime<Utc>)> {
        let (known, is_dated) = match dating {
            Dating::Own => (self.day_of_thing(item), false),
            Dating::By(path) => (self.follow(item, path), true),
            Dating::Parts(parts) => {
                let is_part = |test: TestId| self.is_one_of(item, test).is_yes();
                return match parts.iter().find(|(test, _)| is_part(*test)) {
                    Some((_, dating)) => self.day_in_window(item, dating, span),
                    None => self.day_in_window(item, &Dating::Own, span),
                };
            }
        };
        match known {
            Some(Known::Instant(at, day)) => Some((day, at)),
            Some(Known::Date(day)) => Some((day, self.calendar().start_of(day))),
            _ if span.is_bounded || is_dated => None,
            _ => Some((NaiveDate::MIN, DateTime::<Utc>::MIN_UTC)),
        }
    }

    /// "The day of a thing, when it is counted in a window".
    fn day_of_thing(&self, item: Item) -> Option<Known<'a>> {
        let fields = &self.store.fields;
        let status = |field| self.value(item, field);
        let field = match item.noun {
            Noun::Activity => fields.activity_at,
            Noun::Opportunity
                if matches!(
                    status(fields.opportunity_status),
                    Some(Known::Text("won" | "lost"))
                ) =>
            {
                fields.opportunity_closed
            }
            Noun::Lead if status(fields.lead_status) == Some(Known::Text("converted")) => {
                fields.lead_converted
            }
            noun => self.store.creation_field(noun)?,
        };
        self.value(item, field)
    }
}

/// What is looked for.
struct Search<'v, 'a> {
    view: &'v View<'a>,
    set: &'v Set,
    span: &'v Span,
    plans_until: Option<NaiveDate>,
}

impl Search<'_, '_> {
    /// Activities that count on the day on which they take place.
    fn run(&self, run: Run<'_>, each: &mut dyn FnMut(NaiveDate, Item), uncovered: &mut usize) {
        let view = self.view;
        let times = &view.store.activities.times;
        let last = self.plans_until.unwrap_or(view.day()).max(view.day());
        let end = times.first_from(crate::model::calendar::plus_days(last, 1));
        for place in run.places.clone() {
            let rank = run.rank(place);
            if rank >= end {
                if self.plans_until.is_none() {
                    view.note(times.day(rank));
                }
                if run.is_sorted {
                    break;
                }
                continue;
            }
            let class = run.class(place);
            if !self.may_be(class) {
                continue;
            }
            let row = run.row(place);
            if run.not_of.is_some_and(|customer| view.store.is_of_customer(row, customer)) {
                continue;
            }
            self.activity(row, rank, class, each, uncovered);
        }
    }

    /// Whether an activity of a class can be of the set at all.
    #[inline]
    fn may_be(&self, class: u32) -> bool {
        match self.view.plan.test(self.set.kept) {
            Test::Class(classes) => classes.states(kind_of(class)) != 0,
            Test::And(parts) => match parts.first() {
                Some(Test::Class(classes)) => classes.states(kind_of(class)) != 0,
                _ => true,
            },
            _ => true,
        }
    }

    fn activity(
        &self,
        row: u32,
        rank: u32,
        class: u32,
        each: &mut dyn FnMut(NaiveDate, Item),
        uncovered: &mut usize,
    ) {
        let view = self.view;
        let day = view.store.activities.times.day(rank);
        let item = Item { noun: Noun::Activity, row };
        let check = |test| match view.plan.test(test) {
            Test::Class(classes) => {
                let state = view.state_of(row, rank, status_of(class));
                Answer::of(state.is_some_and(|state| classes.has(kind_of(class), state)))
            }
            test => view.check(item, test),
        };
        if self.span.holds(view, day, || view.store.at(row)) {
            match check(self.set.test) {
                Answer::Yes => return each(day, item),
                Answer::Uncovered => *uncovered += 1,
                Answer::No => {}
            }
        }
        let is_plan = self.plans_until.is_some_and(|until| {
            let days = Days { first: self.span.whole.first, last: until };
            days.contains(day) && view.is_ahead(row)
        });
        if is_plan && check(self.set.kept).is_yes() {
            each(day, item);
        }
    }

    /// Anything else.
    fn thing(&self, item: Item, each: &mut dyn FnMut(NaiveDate, Item), uncovered: &mut usize) {
        let view = self.view;
        let Some((day, at)) = view.day_in_window(item, &self.set.dating, self.span) else { return };
        if self.span.holds(view, day, || at) {
            match view.is_one_of(item, self.set.test) {
                Answer::Yes => return each(day, item),
                Answer::Uncovered => *uncovered += 1,
                Answer::No => {}
            }
        }
        let is_plan = self.plans_until.is_some_and(|until| {
            let days = Days { first: self.span.whole.first, last: until };
            item.noun == Noun::Activity && days.contains(day) && view.is_ahead(item.row)
        });
        if is_plan && view.is_one_of(item, self.set.kept).is_yes() {
            each(day, item);
        }
    }
}
