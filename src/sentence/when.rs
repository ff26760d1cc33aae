//! Windows, as sentences speak of them.

use chrono::NaiveDate;

use crate::check::rules::Window;
use crate::model::calendar::{Calendar, Days, Duration, Unit};

/// Which days a comparison is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All up to the as-of day.
    Ever,
    Since(NaiveDate),
    Range(Days),
    /// The period that holds the as-of day.
    This(Unit),
    Previous(Unit),
    Last(Duration),
}

impl When {
    /// The days of a window start with [`NaiveDate::MIN`] where it has no first.
    pub(super) fn of(window: &Window, days: Days, calendar: &Calendar, today: NaiveDate) -> When {
        match window {
            Window::Ever if days.first == NaiveDate::MIN => When::Ever,
            Window::Ever | Window::Since(_) => When::Since(days.first),
            Window::Per(unit) | Window::This(unit) if calendar.period(*unit, today) == days => {
                When::This(*unit)
            }
            Window::Per(_) | Window::This(_) | Window::FromUntil(..) => When::Range(days),
            Window::Previous(unit) => When::Previous(*unit),
            Window::Last(duration) => When::Last(*duration),
        }
    }
}
