//! As of which days: the ends of periods that are over.

use chrono::NaiveDate;

use crate::engine::Moment;
use crate::model::calendar::{Unit, plus_days};
use crate::ruleset::{AsOf, RuleSet};

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// The end of each day.
    Day,
    /// The end of each week of the rules' calendar.
    Week,
    /// The end of each month.
    Month,
    /// The end of each quarter of the rules' year.
    Quarter,
    /// The end of each half of the rules' year.
    HalfYear,
    /// The end of each year of the rules' calendar.
    Year,
}

impl Every {
    /// How many there are in a year.
    pub fn in_a_year(self) -> usize {
        match self {
            Every::Day => 365,
            Every::Week => 52,
            Every::Month => 12,
            Every::Quarter => 4,
            Every::HalfYear => 2,
            Every::Year => 1,
        }
    }

    /// The last days of the periods that are over as of a moment, the latest first.
    ///
    /// ```
    /// use kadence::{AsOf, Every, NoFiles, RuleSet};
    ///
    /// let rules = RuleSet::compile("none.kpi", "", &NoFiles)?;
    /// let ends = |as_of: &str, every: Every| -> Vec<String> {
    ///     let as_of: AsOf = as_of.parse().unwrap();
    ///     every.ends(&rules, as_of).take(2).map(|day| day.to_string()).collect()
    /// };
    /// assert_eq!(ends("2026-11-15", Every::Month), ["2026-10-31", "2026-09-30"]);
    /// assert_eq!(ends("2026-10-31", Every::Month), ["2026-10-31", "2026-09-30"]);
    /// // That day is not over.
    /// assert_eq!(ends("2026-10-31T18:00", Every::Month), ["2026-09-30", "2026-08-31"]);
    /// assert_eq!(ends("2026-11-15", Every::Year), ["2025-12-31", "2024-12-31"]);
    /// # Ok::<(), kadence::Diagnostics>(())
    /// ```
    pub fn ends(self, rules: &RuleSet, as_of: AsOf) -> impl Iterator<Item = NaiveDate> {
        let calendar = &rules.compiled().calendar;
        let unit = match self {
            Every::Day => Unit::Day,
            Every::Week => Unit::Week,
            Every::Month => Unit::Month,
            Every::Quarter => Unit::Quarter,
            Every::HalfYear => Unit::HalfYear,
            Every::Year => Unit::Year,
        };
        let open = Moment::new(calendar, as_of.instant(rules.compiled())).first_open_day();
        let before = move |day: NaiveDate| {
            let last = plus_days(calendar.period(unit, day).first, -1);
            (last < day).then_some(last)
        };
        std::iter::successors(before(open), move |last| before(*last))
    }
}
