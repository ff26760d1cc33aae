//! Dates and instants as they are nearly always written, read fast; the rest as always.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use kadence::Moment;

/// Microseconds since 1970; none where that is not exactly what the text says.
pub(super) fn microseconds(text: &str, zone: Tz) -> Option<i64> {
    let text = text.trim();
    let moment = match usual(text.as_bytes()) {
        Some((local, true)) => Moment::Utc(local.and_utc()),
        Some((local, false)) => Moment::Local(local),
        None => text.parse().ok()?,
    };
    microseconds_at(moment, zone)
}

/// The same of a moment.
pub(crate) fn microseconds_at(moment: Moment, zone: Tz) -> Option<i64> {
    let at = moment.resolve(zone);
    let is_exact = at.timestamp_subsec_nanos().is_multiple_of(1000);
    // At the ends of what can be written, whether it is in range is asked of the text.
    ((2..9998).contains(&at.year()) && is_exact).then(|| at.timestamp_micros())
}

/// Days since 1970.
pub(super) fn days(text: &str) -> Option<i32> {
    let (day, rest) = text.as_bytes().split_at_checked(10)?;
    let day = rest.is_empty().then(|| date(day)).flatten()?;
    (2..9998).contains(&day.year()).then(|| day.to_epoch_days())
}

/// `2026-11-15T14:30`, with seconds or without, and whether it ends with `Z`.
fn usual(text: &[u8]) -> Option<(NaiveDateTime, bool)> {
    let (text, is_utc) = match text {
        [text @ .., b'Z'] => (text, true),
        text => (text, false),
    };
    let (day, rest) = text.split_at_checked(10)?;
    let (hour, minute, second) = match rest {
        [b'T' | b' ', a, b, b':', c, d] => (two(*a, *b)?, two(*c, *d)?, 0),
        [b'T' | b' ', a, b, b':', c, d, b':', e, f] => (two(*a, *b)?, two(*c, *d)?, two(*e, *f)?),
        _ => return None,
    };
    Some((date(day)?.and_time(NaiveTime::from_hms_opt(hour, minute, second)?), is_utc))
}

fn date(text: &[u8]) -> Option<NaiveDate> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let year = i32::try_from(two(*a, *b)? * 100 + two(*c, *d)?).ok()?;
    NaiveDate::from_ymd_opt(year, two(*e, *f)?, two(*g, *h)?)
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_fast_is_what_the_text_says(
            text in "(0|1|2|9)[0-9]{3}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?Z?",
        ) {
            let zone = chrono_tz::Europe::Copenhagen;
            let said = text.parse::<Moment>().ok().map(|moment| moment.resolve(zone));
            if let Some(fast) = usual(text.as_bytes()) {
                let at = match fast {
                    (local, true) => Moment::Utc(local.and_utc()),
                    (local, false) => Moment::Local(local),
                };
                prop_assert_eq!(Some(at.resolve(zone)), said);
            }
            if let Some(micros) = microseconds(&text, zone) {
                prop_assert_eq!(said.map(|at| at.timestamp_micros()), Some(micros));
            }
        }
    }

    #[test]
    fn finer_than_microseconds_is_left_alone() {
        let zone = chrono_tz::UTC;
        assert_eq!(microseconds("1970-01-01T00:00:00.000001Z", zone), Some(1));
        assert_eq!(microseconds("1970-01-01T00:00:00.000000001Z", zone), None);
        assert_eq!(microseconds("1970-01-02", zone), Some(86_400_000_000));
        assert_eq!(days("1970-01-02"), Some(1));
        assert_eq!(days("1970-1-2"), None);
        assert_eq!(days("1970-02-30"), None);
    }
}
