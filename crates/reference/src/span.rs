//! Windows: which days they are, as of a moment.

use chrono::{DateTime, NaiveDate, Utc};
use kadence::internals::Item;
use kadence::internals::calendar::Days;
use kadence::internals::rules::Window;

use crate::answer::Gap;
use crate::view::View;

/// The days of a window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// All its days; of a running period those to come as well.
    pub(crate) whole: Days,
    /// `per` and `from … until`: it runs towards an end.
    pub(crate) is_period: bool,
    /// Whether it is a window at all, and not simply everything up to the as-of day.
    pub(crate) is_bounded: bool,
    /// "Hours and minutes: instants, back from the as-of instant."
    clock: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Span {
    /// The days of a window for a subject; `per` is the period that holds `period_day`.
    ///
    /// # Errors
    ///
    /// A date field that bounds the window is unknown.
    pub(crate) fn of(
        view: &View<'_>,
        subject: Item,
        window: &Window,
        period_day: NaiveDate,
    ) -> Result<Span, Gap> {
        let calendar = view.calendar();
        let today = view.day();
        let standing = |days| Span { whole: days, is_period: false, is_bounded: true, clock: None };
        let until_today = |first| standing(Days { first, last: today });
        let bound = |date| view.resolve(subject, date);
        Ok(match window {
            // "Everything up to the as-of day."
            Window::Ever => Span { is_bounded: false, ..until_today(NaiveDate::MIN) },
            // "The calendar period that holds the as-of day"
            Window::Per(unit) => {
                Span { is_period: true, ..standing(calendar.period(*unit, period_day)) }
            }
            // "That period; the one before it"
            Window::This(unit) => standing(calendar.period(*unit, today)),
            Window::Previous(unit) => {
                standing(calendar.previous(*unit, calendar.period(*unit, today)))
            }
            // "Ending with the as-of day, which counts"
            Window::Last(duration) => match duration.clock() {
                Some(length) => {
                    let to = view.now.instant;
                    let from = to - length;
                    Span { clock: Some((from, to)), ..until_today(calendar.day_of(from)) }
                }
                None => standing(calendar.last(today, *duration)),
            },
            // "Both ends included"
            Window::Since(date) => until_today(bound(date)?),
            Window::FromUntil(from, until) => {
                let days = Days { first: bound(from)?, last: bound(until)? };
                Span { is_period: true, ..standing(days) }
            }
        })
    }

    /// "`since`, `until`: windows are cut to them (no window: from `since` on)."
    pub(crate) fn within(self, days: Days) -> Span {
        let is_bounded = self.is_bounded || days.first > NaiveDate::MIN;
        Span { whole: self.whole.and(days), is_bounded, ..self }
    }

    /// Whether something on that day and at that instant lies in the part of the window that is
    /// not after the as-of day.
    pub(crate) fn holds(&self, view: &View<'_>, day: NaiveDate, at: DateTime<Utc>) -> bool {
        match self.clock {
            Some((from, to)) => from <= at && at < to && self.whole.contains(day),
            None => view.elapsed(self.whole).contains(day),
        }
    }

    /// The first day of the window, if it has one.
    pub(crate) fn first_day(&self) -> Option<NaiveDate> {
        (self.whole.first > NaiveDate::MIN).then_some(self.whole.first)
    }
}
