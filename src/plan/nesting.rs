//! Which windows lie within others, whatever the as-of day.

use super::DateExpr;
use super::passes::Over;
use crate::check::rules::Window;
use crate::model::calendar::{Duration, TimeUnit, Unit};

impl Over {
    /// Whether all its elapsed days are days of the other as well.
    pub(super) fn is_within(&self, other: &Over) -> bool {
        match (self, other) {
            (Over::Window(inner), Over::Window(outer)) => is_within(inner, outer),
            _ => self == other,
        }
    }
}

fn is_within(inner: &Window, outer: &Window) -> bool {
    match (inner, outer) {
        (_, Window::Ever) => true,
        (Window::Per(inner), Window::Per(outer)) | (Window::This(inner), Window::This(outer)) => {
            unit_is_within(*inner, *outer)
        }
        (Window::Last(inner), Window::Last(outer)) => duration_is_within(*inner, *outer),
        (Window::Since(DateExpr::Date(inner)), Window::Since(DateExpr::Date(outer))) => {
            inner >= outer
        }
        _ => inner == outer,
    }
}

/// Weeks lie across the ends of longer periods.
fn unit_is_within(inner: Unit, outer: Unit) -> bool {
    inner == outer || inner < outer && (inner == Unit::Day || inner > Unit::Week)
}

fn duration_is_within(inner: Duration, outer: Duration) -> bool {
    match (length(inner), length(outer)) {
        (Length::Minutes(inner), Length::Minutes(outer))
        | (Length::Workdays(inner), Length::Workdays(outer))
        | (Length::Days(inner), Length::Days(outer))
        | (Length::Months(inner), Length::Months(outer)) => inner <= outer,
        // No month is shorter than 28 days or longer than 31.
        (Length::Days(days), Length::Months(months)) => days <= months * 28,
        (Length::Months(months), Length::Days(days)) => months * 31 <= days,
        _ => false,
    }
}

enum Length {
    Minutes(u32),
    Workdays(u32),
    Days(u32),
    Months(u32),
}

fn length(duration: Duration) -> Length {
    let amount = duration.amount;
    match duration.unit {
        TimeUnit::Minute => Length::Minutes(amount),
        TimeUnit::Hour => Length::Minutes(amount * 60),
        TimeUnit::Workday => Length::Workdays(amount),
        TimeUnit::Day => Length::Days(amount),
        TimeUnit::Week => Length::Days(amount * 7),
        TimeUnit::Month => Length::Months(amount),
        TimeUnit::Quarter => Length::Months(amount * 3),
        TimeUnit::Year => Length::Months(amount * 12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::calendar::{Calendar, plus_days};

    fn all() -> Vec<Window> {
        let units = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::HalfYear, Unit::Year];
        let lengths = [
            (1, TimeUnit::Day),
            (28, TimeUnit::Day),
            (30, TimeUnit::Day),
            (31, TimeUnit::Day),
            (366, TimeUnit::Day),
            (4, TimeUnit::Week),
            (20, TimeUnit::Workday),
            (1, TimeUnit::Month),
            (1, TimeUnit::Quarter),
            (1, TimeUnit::Year),
        ];
        let last = |(amount, unit)| Window::Last(Duration { amount, unit });
        units
            .into_iter()
            .flat_map(|unit| [Window::Per(unit), Window::This(unit)])
            .chain(lengths.into_iter().map(last))
            .chain([Window::Ever])
            .collect()
    }

    #[test]
    fn what_is_within_has_no_day_outside_in_any_year() {
        let calendar = Calendar::default();
        let days = |window: &Window, today| match window {
            Window::Per(unit) | Window::This(unit) => calendar.period(*unit, today),
            Window::Last(duration) => calendar.last(today, *duration),
            _ => super::super::ALWAYS,
        };
        let first = "2023-12-25".parse().unwrap();
        for (inner, outer) in all().iter().flat_map(|a| all().into_iter().map(move |b| (a, b))) {
            let lies = (0..800).map(|n| plus_days(first, n)).all(|today| {
                let (inner, outer) = (days(inner, today), days(&outer, today));
                outer.first <= inner.first && inner.last <= outer.last
            });
            assert!(lies || !is_within(inner, &outer), "{inner:?} within {outer:?}");
        }
    }

    #[test]
    fn shorter_is_within_longer() {
        let last = |amount, unit| Window::Last(Duration { amount, unit });
        assert!(is_within(&Window::Per(Unit::Quarter), &Window::Per(Unit::Year)));
        assert!(!is_within(&Window::Per(Unit::Week), &Window::Per(Unit::Month)));
        assert!(is_within(&last(90, TimeUnit::Day), &last(12, TimeUnit::Month)));
        assert!(!is_within(&last(30, TimeUnit::Day), &last(1, TimeUnit::Month)));
    }
}
