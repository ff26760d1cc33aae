//! As of when: what has happened, what is over, and when the next thing will be.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::answer::{Answer, Gap};
use super::outcome::{Joined, Outcome};
use super::quick::Members;
use super::store::Store;
use crate::check::rules::Path;
use crate::model::calendar::{Calendar, Days, Duration, plus_days};
use crate::model::{Item, Noun};
use crate::plan::{ConditionId, Plan, TestId};
use crate::sentence::{Language, Why, Words};
use crate::verdict::Status;

/// The data as of a moment.
///
/// What is asked of a view may have another answer on a later day. A view that listens lets whoever
/// reads time [note](View::note) the first later day on which the answer could differ; the earliest
/// of them is the view's [horizon](View::horizon), up to which nothing can change.
pub(super) struct View<'a> {
    pub(super) plan: &'a Plan,
    pub(super) store: &'a Store,
    /// What lies before this has happened and is known.
    pub(super) known: Moment,
    /// The same as `known`, or later: then what is planned is carried out and nothing else
    /// happens.
    pub(super) now: Moment,
    mode: Cell<Mode>,
    /// In which words are.
    language: Language,
    /// Activities of lower ranks are on days that are over for everybody.
    pub(super) settled: u32,
    /// Activities of these ranks and higher ones are ahead for everybody.
    pub(super) ahead: u32,
    horizon: Cell<NaiveDate>,
    /// What other rules have asked of a rule, by its place, and a subject.
    pub(super) asked: RefCell<HashMap<(usize, Item), Asked>>,
    /// Which things of a noun pass a test.
    pub(super) members: RefCell<HashMap<(Noun, TestId), Arc<Members>>>,
    /// Whether things pass a condition.
    pub(super) passed: RefCell<HashMap<(ConditionId, Item), (Answer, NaiveDate)>>,
}

/// A bit for each row of a table.
pub(super) type Bits = Arc<[u64]>;

#[inline]
pub(super) fn has_bit(bits: &[u64], row: u32) -> bool {
    bits.get(row as usize / 64).is_some_and(|word| word & (1 << (row % 64)) != 0)
}

/// Sets the bit of a row, if there is one.
#[inline]
pub(super) fn set_bit(bits: &mut [u64], row: u32) {
    if let Some(word) = bits.get_mut(row as usize / 64) {
        *word |= 1 << (row % 64);
    }
}

/// What is wanted beside the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing.
    Decide,
    /// Evidence.
    Show,
    /// When it may be otherwise.
    Listen,
    /// Evidence, when it may be otherwise, and words.
    Tell,
    /// The same, without what nearly counted.
    Outline,
}

/// How a rule stands for a subject, asked by another rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) status: Status,
    pub(super) is_uncovered: bool,
    pub(super) horizon: NaiveDate,
}

/// An instant T, seen as the calendar sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(super) instant: DateTime<Utc>,
    /// The local day of the last moment before T.
    pub(crate) day: NaiveDate,
    /// Whether T has reached the end of that day.
    pub(super) day_is_over: bool,
}

impl Moment {
    pub(crate) fn new(calendar: &Calendar, instant: DateTime<Utc>) -> Self {
        let day = calendar.day_of(instant - TimeDelta::nanoseconds(1));
        Moment { instant, day, day_is_over: calendar.end_of(day) <= instant }
    }

    /// A day is over when T has reached its end.
    pub(super) fn is_over(self, day: NaiveDate) -> bool {
        day < self.day || (day == self.day && self.day_is_over)
    }

    /// With the offset of a zone.
    pub(crate) fn written(self, zone: Tz) -> String {
        let local = zone.from_utc_datetime(&self.instant.naive_utc());
        local.to_rfc3339_opts(SecondsFormat::AutoSi, false)
    }

    /// The first day that is not over.
    pub(crate) fn first_open_day(self) -> NaiveDate {
        if self.day_is_over { plus_days(self.day, 1) } else { self.day }
    }
}

impl<'a> View<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        store: &'a Store,
        known: Moment,
        now: Moment,
        mode: Mode,
    ) -> Self {
        let times = &store.activities.times;
        // A clock that is set back over midnight can repeat the end of a day after the next began.
        let parts = |day: NaiveDate| plan.calendar.starts_once(day);
        let (open, next) = (known.first_open_day(), plus_days(now.day, 1));
        let settled = if parts(open) { open } else { plus_days(open, -2) };
        let ahead = if parts(next) { next } else { plus_days(next, 1) };
        View {
            plan,
            store,
            known,
            now,
            mode: Cell::new(mode),
            language: Language::default(),
            settled: times.first_from(settled),
            ahead: times.first_from(ahead),
            horizon: Cell::new(NaiveDate::MAX),
            asked: RefCell::default(),
            passed: RefCell::default(),
            members: RefCell::default(),
        }
    }

    /// The same knowledge on a later day that is over, if nothing happens but what is planned.
    pub(super) fn on(&self, day: NaiveDate) -> View<'a> {
        let now = Moment { instant: self.calendar().end_of(day), day, day_is_over: true };
        View::new(self.plan, self.store, self.known, now, Mode::Listen).in_language(self.language)
    }

    /// The same, wanting something else.
    pub(super) fn with(&self, mode: Mode) -> View<'a> {
        View::new(self.plan, self.store, self.known, self.now, mode).in_language(self.language)
    }

    /// The same, in the words of a language; at first in English.
    pub(super) fn in_language(self, language: Language) -> View<'a> {
        View { language, ..self }
    }

    pub(super) fn calendar(&self) -> &'a Calendar {
        &self.plan.calendar
    }

    /// The as-of day.
    pub(super) fn day(&self) -> NaiveDate {
        self.now.day
    }

    pub(super) fn listens(&self) -> bool {
        matches!(self.mode.get(), Mode::Listen | Mode::Tell | Mode::Outline)
    }

    pub(super) fn tells(&self) -> bool {
        matches!(self.mode.get(), Mode::Tell | Mode::Outline)
    }

    /// Whether what nearly counted is wanted.
    pub(super) fn seeks(&self) -> bool {
        self.mode.get() == Mode::Tell
    }

    /// Whether evidence is wanted.
    pub(super) fn shows(&self) -> bool {
        matches!(self.mode.get(), Mode::Show | Mode::Tell | Mode::Outline)
    }

    /// Runs `ask` with no words and no evidence wanted of it.
    pub(super) fn without_words<T>(&self, ask: impl FnOnce() -> T) -> T {
        let mode = self.mode.get();
        self.mode.set(match mode {
            Mode::Tell | Mode::Outline | Mode::Listen => Mode::Listen,
            Mode::Show | Mode::Decide => Mode::Decide,
        });
        let answer = ask();
        self.mode.set(mode);
        answer
    }

    /// Words, where they are wanted.
    pub(super) fn words(&self, say: impl FnOnce(&dyn Words) -> String) -> String {
        if self.tells() { say(self.language.words()) } else { String::new() }
    }

    pub(super) fn why(&self, why: Why) -> Gap {
        Gap::NotApplicable(self.words(|words| words.why(why).to_owned()))
    }

    pub(super) fn unknown(&self, path: &Path) -> Gap {
        Gap::Unknown(self.words(|words| words.unknown(&path.text)))
    }

    /// No verdict, and why.
    pub(super) fn gap(&self, gap: Gap) -> Outcome {
        let outcome = Outcome::gap(gap);
        let reason = outcome.reason.as_deref().unwrap_or_default();
        let sentence = self.words(|words| words.gap(outcome.status, reason));
        Outcome { sentence, ..outcome }
    }

    /// What parts come to together.
    pub(super) fn together(&self, joined: Joined, parts: Vec<Outcome>) -> Outcome {
        joined.combine(parts).unwrap_or_else(|| self.gap(self.why(Why::NothingAsked)))
    }

    /// Says that something may be different once `day` is over.
    #[inline]
    pub(super) fn note(&self, day: NaiveDate) {
        if self.listens() && day < self.horizon.get() && day >= self.now.first_open_day() {
            self.horizon.set(day);
        }
    }

    /// Says that something may be different every day.
    pub(super) fn note_tomorrow(&self) {
        self.note(self.now.first_open_day());
    }

    /// The first day on which, when it is over, anything that was asked of this view could have
    /// another answer.
    pub(super) fn horizon(&self) -> NaiveDate {
        self.horizon.get()
    }

    /// Runs `ask` with a horizon of its own, which is returned with the answer and also noted.
    pub(super) fn with_horizon<T>(&self, ask: impl FnOnce() -> T) -> (T, NaiveDate) {
        let before = self.horizon.replace(NaiveDate::MAX);
        let answer = ask();
        let own = self.horizon.get();
        self.horizon.set(before.min(own));
        (answer, own)
    }

    /// Whether a day is over.
    pub(super) fn is_over(&self, day: NaiveDate) -> bool {
        let over = self.now.is_over(day);
        if !over {
            self.note(day);
        }
        over
    }

    /// The as-of day + a duration; for hours and minutes the day of that later moment.
    pub(super) fn day_after(&self, duration: Duration) -> NaiveDate {
        match duration.clock() {
            Some(clock) => self.calendar().day_of(self.now.instant + clock),
            None => self.calendar().plus(self.day(), duration),
        }
    }

    /// The part of some days that is not after the as-of day.
    pub(super) fn elapsed(&self, days: Days) -> Days {
        Days { first: days.first, last: days.last.min(self.day()) }
    }

    /// Whether the activities of some days, up to the as-of day, are not all known.
    pub(super) fn reaches_beyond_coverage(&self, days: Days) -> bool {
        self.note(days.first);
        let days = self.elapsed(days);
        let late = self.known_through().is_some_and(|through| days.last > through);
        let early = self.store.complete_from.is_some_and(|from| days.first < from);
        !days.is_empty() && (late || early)
    }

    /// The last day of which all activities are known. When the view runs ahead of what is known,
    /// it does so without a gap: nothing happens but what is planned.
    pub(super) fn known_through(&self) -> Option<NaiveDate> {
        let through = self.store.complete_through?;
        Some(if through >= self.known.day { through.max(self.day()) } else { through })
    }

    /// Whether all activities are known.
    pub(super) fn is_all_covered(&self) -> bool {
        self.store.complete_from.is_none() && self.store.complete_through.is_none()
    }

    /// Activities that nobody knew of yet; none if all are known.
    pub(super) fn late(&self) -> Option<Bits> {
        if self.store.last_creation().is_none_or(|last| last < self.known.instant) {
            return None;
        }
        let mut bits = vec![0_u64; (self.store.count(Noun::Activity) as usize).div_ceil(64)];
        for item in self.store.items(Noun::Activity).filter(|item| !self.exists(*item)) {
            set_bit(&mut bits, item.row);
        }
        Some(bits.into())
    }

    /// Why absence proves nothing.
    pub(super) fn coverage_reason(&self) -> String {
        self.words(|words| {
            let (from, through) = (self.store.complete_from, self.store.complete_through);
            words.coverage(from, through, self.day())
        })
    }
}
