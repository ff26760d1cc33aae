//! As of when: what has happened, and what is over.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kadence::internals::calendar::{Calendar, Days, Duration, plus_days};
use kadence::internals::rules::Path;
use kadence::internals::sentence::{Why, Words};

use crate::answer::Gap;
use crate::outcome::Outcome;
use crate::world::World;

/// The data as of a moment.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World<'a>,
    /// "What lies before T has happened", and is known.
    pub(crate) known: Moment,
    /// The same as `known`, or later: then what is planned is carried out and nothing else
    /// happens.
    pub(crate) now: Moment,
}

/// An instant T, seen as the calendar sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) instant: DateTime<Utc>,
    /// "The as-of day is the local day of the last moment before T."
    pub(crate) day: NaiveDate,
    /// Whether T has reached the end of that day.
    pub(crate) day_is_over: bool,
}

impl Moment {
    pub(crate) fn new(calendar: &Calendar, instant: DateTime<Utc>) -> Self {
        let day = calendar.day_of(instant - TimeDelta::nanoseconds(1));
        Moment { instant, day, day_is_over: calendar.end_of(day) <= instant }
    }

    /// "A day is over when T has reached its end."
    pub(crate) fn is_over(self, day: NaiveDate) -> bool {
        day < self.day || (day == self.day && self.day_is_over)
    }

    /// The first day that is not over.
    pub(crate) fn first_open_day(self) -> NaiveDate {
        if self.day_is_over { plus_days(self.day, 1) } else { self.day }
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(world: &'a World<'a>, known: Moment) -> Self {
        View { world, known, now: known }
    }

    /// The same knowledge on a later day that is over, if nothing happens but what is planned.
    pub(crate) fn on(&self, day: NaiveDate) -> View<'a> {
        let now = Moment { instant: self.calendar().end_of(day), day, day_is_over: true };
        View { now, ..*self }
    }

    /// The same knowledge on each day that is not over, through a last one.
    pub(crate) fn ahead(&self, last: NaiveDate) -> impl Iterator<Item = View<'a>> {
        let days = Days { first: self.now.first_open_day(), last };
        let view = *self;
        days.iter().map(move |day| view.on(day))
    }

    pub(crate) fn calendar(&self) -> &'a Calendar {
        &self.world.rules.calendar
    }

    /// The as-of day.
    pub(crate) fn day(&self) -> NaiveDate {
        self.now.day
    }

    /// Whether a day is over.
    pub(crate) fn is_over(&self, day: NaiveDate) -> bool {
        self.now.is_over(day)
    }

    /// The as-of day + a duration; for hours and minutes the day of that later moment.
    pub(crate) fn day_after(&self, duration: Duration) -> NaiveDate {
        match duration.clock() {
            Some(clock) => self.calendar().day_of(self.now.instant + clock),
            None => self.calendar().plus(self.day(), duration),
        }
    }

    /// The part of some days that is not after the as-of day.
    pub(crate) fn elapsed(&self, days: Days) -> Days {
        Days { first: days.first, last: days.last.min(self.day()) }
    }

    /// "Where a window, gap or deadline reaches beyond": whether the activities of some days, up
    /// to the as-of day, are not all known.
    pub(crate) fn reaches_beyond_coverage(&self, days: Days) -> bool {
        let days = self.elapsed(days);
        let late = self.known_through().is_some_and(|through| days.last > through);
        let early = self.world.data.complete_from().is_some_and(|from| days.first < from);
        !days.is_empty() && (late || early)
    }

    /// The last day of which all activities are known. When the view runs ahead of what is known,
    /// it does so without a gap: nothing happens but what is planned.
    pub(crate) fn known_through(&self) -> Option<NaiveDate> {
        let through = self.world.data.complete_through()?;
        Some(if through >= self.known.day { through.max(self.day()) } else { through })
    }

    /// Why absence proves nothing.
    pub(crate) fn coverage_reason(&self) -> String {
        let data = self.world.data;
        self.words().coverage(data.complete_from(), data.complete_through(), self.day())
    }

    /// In the language that is asked for.
    pub(crate) fn words(&self) -> &'static dyn Words {
        self.world.language.words()
    }

    pub(crate) fn why(&self, why: Why) -> Gap {
        Gap::NotApplicable(self.words().why(why).to_owned())
    }

    pub(crate) fn unknown(&self, path: &Path) -> Gap {
        Gap::Unknown(self.words().unknown(&path.text))
    }

    /// No verdict, and why.
    pub(crate) fn gap(&self, gap: &Gap) -> Outcome {
        Outcome::gap(gap, self.words())
    }
}
