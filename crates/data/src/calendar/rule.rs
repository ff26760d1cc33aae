//! The times of a recurrence rule.

use chrono::{NaiveDateTime, TimeZone};
use rrule::{Frequency, RRule, RRuleSet, Unvalidated};

use super::line::Property;
use super::value::{self, Clock};
use crate::fault::Fault;

/// How many times one rule may give.
const MOST_TIMES: usize = 100_000;

/// How long a rule may be; a long one takes long for each of its times.
const LONGEST: usize = 4_096;

/// How many times a day it may name: rrule makes all of those of a period at once.
const MOST_A_DAY: usize = 24 * 60;

/// How much may be worked out for a calendar: times, and periods that were looked at in vain.
const MOST_STEPS: u64 = 5_000_000;

/// As many periods rrule looks at in vain before it gives up.
const IN_VAIN: u64 = 100_000;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Budget(MOST_STEPS)
    }
}

impl Budget {
    /// Clocks are set a few times a year; a rule for that need not take long.
    pub(super) fn of_a_zone() -> Self {
        Budget(2 * IN_VAIN)
    }
}

/// What is said of a rule that is never fulfilled.
pub(super) const ON_NO_DAY: &str = "a recurrence that is on no day";

/// The times of a rule.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) all: Vec<NaiveDateTime>,
    /// Whether its end lies before its start.
    pub(super) is_over_before: bool,
    /// Whether there is none, however late.
    pub(super) is_on_no_day: bool,
}

/// The times by the clock on the wall, from the first one up to the last that is asked for.
/// `until` is the time on that clock for one that is written in the rule.
pub(super) fn times(
    property: &Property,
    first: NaiveDateTime,
    last: NaiveDateTime,
    until: impl Fn(NaiveDateTime, &Clock) -> NaiveDateTime,
    budget: &mut Budget,
) -> Result<Times, Fault> {
    if frequency(property).is_none() {
        let expected = "`FREQ` SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY";
        return Err(property.cannot(&property.value, expected));
    }
    let too_often =
        || property.fault("all that recurs in the calendar recurs too often to be worked out");
    if budget.0 == 0 {
        return Err(too_often());
    }
    if property.value.len() > LONGEST || times_a_day(property) > MOST_A_DAY {
        return Err(property.fault("a recurrence of too many parts"));
    }
    let (text, until) = in_utc(property, until)?;
    if until.is_some_and(|until| until < first) {
        return Ok(Times { all: Vec::new(), is_over_before: true, is_on_no_day: false });
    }
    let start = rrule::Tz::UTC.from_utc_datetime(&first);
    let cannot = |error: rrule::RRuleError| {
        let error = error.to_string();
        let why = error.split_once(": ").map_or(error.as_str(), |(_, why)| why);
        property.fault(format!("a recurrence that cannot be read: {}", why.trim_end_matches('.')))
    };
    let rule: RRule<Unvalidated> = text.parse().map_err(cannot)?;
    let rule = rule.validate(start).map_err(cannot)?;
    let ends = until.is_some() || rule.get_count().is_some();
    let period = seconds(rule.get_freq()).saturating_mul(i64::from(rule.get_interval()).max(1));
    let (mut times, mut before) = (Vec::new(), first);
    let mut all = RRuleSet::new(start).rrule(rule).limit().into_iter().map(|at| at.naive_utc());
    loop {
        let next = all.next();
        let steps = match next {
            Some(at) => u64::try_from((at - before).num_seconds() / period).unwrap_or(0) + 1,
            None if ends && !times.is_empty() => 1,
            None => IN_VAIN,
        };
        budget.0 = budget.0.saturating_sub(steps);
        if budget.0 == 0 {
            return Err(too_often());
        }
        let Some(at) = next.filter(|at| *at <= last) else {
            let is_on_no_day = times.is_empty() && next.is_none();
            return Ok(Times { all: times, is_over_before: false, is_on_no_day });
        };
        if times.len() >= MOST_TIMES {
            let message = format!("it recurs more than {MOST_TIMES} times up to {}", last.date());
            return Err(property.fault(message));
        }
        times.push(at);
        before = at;
    }
}

/// How many times a day a rule names at most.
fn times_a_day(property: &Property) -> usize {
    let parts = property.value.split(';').filter_map(|part| part.split_once('='));
    let of_a_day = parts.filter(|(name, _)| {
        ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|known| name.eq_ignore_ascii_case(known))
    });
    of_a_day.fold(1, |times, (_, values)| times.saturating_mul(values.split(',').count()))
}

/// The least that lies between two periods.
fn seconds(frequency: Frequency) -> i64 {
    match frequency {
        Frequency::Secondly => 1,
        Frequency::Minutely => 60,
        Frequency::Hourly => 3_600,
        Frequency::Daily => 86_400,
        Frequency::Weekly => 7 * 86_400,
        Frequency::Monthly => 28 * 86_400,
        Frequency::Yearly => 365 * 86_400,
    }
}

/// The rule as one for a start in UTC, and its end: the clock on the wall is taken for UTC.
fn in_utc(
    property: &Property,
    until: impl Fn(NaiveDateTime, &Clock) -> NaiveDateTime,
) -> Result<(String, Option<NaiveDateTime>), Fault> {
    // rrule does not expect anything else.
    if !property.value.is_ascii() {
        return Err(property.cannot(&property.value, "letters and digits of ASCII"));
    }
    let (mut parts, mut end): (Vec<String>, _) = (Vec::new(), None);
    for part in property.value.split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| property.cannot(&property.value, "`NAME=VALUE;…`"))?;
        let (name, value) = (name.to_ascii_uppercase(), value.to_ascii_uppercase());
        if name == "UNTIL" {
            let (local, clock) = value::written(&value)
                .ok_or_else(|| property.cannot(&value, "`UNTIL` a date such as 20261225"))?;
            let local = until(local, &clock);
            parts.push(format!("UNTIL={}Z", local.format("%Y%m%dT%H%M%S")));
            end = Some(local);
            continue;
        }
        parts.push(format!("{name}={value}"));
    }
    Ok((parts.join(";"), end))
}

/// How often a rule recurs, as it is written.
pub(super) fn frequency(property: &Property) -> Option<Frequency> {
    let mut parts = property.value.split(';').filter_map(|part| part.split_once('='));
    parts.find(|(name, _)| name.eq_ignore_ascii_case("FREQ"))?.1.parse().ok()
}
