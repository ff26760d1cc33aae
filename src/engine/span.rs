//! Windows: which days they are, as of a moment.

use chrono::{DateTime, NaiveDate, Utc};

use super::answer::Gap;
use super::view::View;
use crate::check::rules::{DateExpr, Window};
use crate::model::Item;
use crate::model::calendar::{Days, Duration, TimeUnit, plus_days};

/// By how many days months differ.
const LEAP: i64 = 3;

/// The days of a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// All its days; of a running period those to come as well.
    pub(super) whole: Days,
    /// `per` and `from … until`: it runs towards an end.
    pub(super) is_period: bool,
    /// Whether it is a window at all, and not simply everything up to the as-of day.
    pub(super) is_bounded: bool,
    /// `in last …`: each day leaves it that long afterwards.
    slides: Option<Duration>,
    /// Hours and minutes: back from the as-of instant.
    pub(super) clock: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Span {
    /// The days of a window for a subject; `per` is the period that holds `period_day`.
    ///
    /// # Errors
    ///
    /// A date field that bounds the window is unknown.
    pub(super) fn of(
        view: &View<'_>,
        subject: Item,
        window: &Window,
        period_day: NaiveDate,
    ) -> Result<Span, Gap> {
        let calendar = view.calendar();
        let today = view.day();
        let standing = |first, last| Span {
            whole: Days { first, last },
            is_period: false,
            is_bounded: true,
            slides: None,
            clock: None,
        };
        Ok(match window {
            Window::Ever => Span { is_bounded: false, ..standing(NaiveDate::MIN, today) },
            Window::Per(unit) => {
                let period = calendar.period(*unit, period_day);
                view.note(plus_days(period.last, 1));
                Span { is_period: true, ..standing(period.first, period.last) }
            }
            Window::This(unit) => {
                let period = calendar.period(*unit, today);
                view.note(plus_days(period.last, 1));
                standing(period.first, period.last)
            }
            Window::Previous(unit) => {
                let current = calendar.period(*unit, today);
                view.note(plus_days(current.last, 1));
                let period = calendar.previous(*unit, current);
                standing(period.first, period.last)
            }
            Window::Last(duration) => match duration.clock() {
                Some(length) => {
                    let to = view.now.instant;
                    let from = to - length;
                    view.note_tomorrow();
                    let span = standing(calendar.day_of(from), today);
                    Span { clock: Some((from, to)), ..span }
                }
                None => {
                    let days = calendar.last(today, *duration);
                    Span { slides: Some(*duration), ..standing(days.first, days.last) }
                }
            },
            Window::Since(date) => standing(bound(view, subject, date)?, today),
            Window::FromUntil(from, until) => {
                let (first, last) = (bound(view, subject, from)?, bound(view, subject, until)?);
                Span { is_period: true, ..standing(first, last) }
            }
        })
    }

    /// Cut to the days in which a rule is in force.
    pub(super) fn within(self, days: Days) -> Span {
        let is_bounded = self.is_bounded || days.first > NaiveDate::MIN;
        Span { whole: self.whole.and(days), is_bounded, ..self }
    }

    /// Whether something on that day and at that instant lies in the part of the window that is
    /// not after the as-of day.
    pub(super) fn holds(
        &self,
        view: &View<'_>,
        day: NaiveDate,
        at: impl FnOnce() -> DateTime<Utc>,
    ) -> bool {
        if let Some((from, to)) = self.clock {
            let at = at();
            return from <= at && at < to && self.whole.contains(day);
        }
        let held = view.elapsed(self.whole).contains(day);
        if held {
            self.note_leaving(view, day);
        } else if day > view.day() {
            view.note(day);
        }
        held
    }

    /// Notes when a day that is in the window will leave it.
    pub(super) fn note_leaving(&self, view: &View<'_>, day: NaiveDate) {
        match self.slides {
            Some(duration) if duration.unit == TimeUnit::Workday => view.note_tomorrow(),
            Some(duration) => {
                // Months clamp: it may stay for some days longer.
                let leaves = view.calendar().plus(day, duration);
                view.note(leaves);
                if leaves <= view.day() {
                    view.note_tomorrow();
                }
            }
            None => {}
        }
    }

    /// By how many days its first day can move from one day to the next, beyond one.
    pub(super) fn leap(&self) -> i64 {
        match self.slides {
            Some(duration) if duration.unit == TimeUnit::Workday => i64::from(u16::MAX),
            Some(duration) if duration.fixed_days().is_none() => LEAP,
            _ => 0,
        }
    }

    /// Notes that a window that slides may come to lie within what is covered.
    pub(super) fn note_covered(&self, view: &View<'_>) {
        if self.slides.is_some() || self.clock.is_some() {
            view.note_tomorrow();
        }
    }

    /// Whether it is measured in whole days.
    pub(super) fn is_of_days(&self) -> bool {
        self.clock.is_none()
    }

    /// The first day of the window, if it has one.
    pub(super) fn first_day(&self) -> Option<NaiveDate> {
        (self.whole.first > NaiveDate::MIN).then_some(self.whole.first)
    }
}

fn bound(view: &View<'_>, subject: Item, date: &DateExpr) -> Result<NaiveDate, Gap> {
    if matches!(date, DateExpr::Today) {
        view.note_tomorrow();
    }
    view.resolve(subject, date)
}
