//! A moment as people write it: with an offset, or in the rule set's time zone.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment: `2026-11-15T14:30`, with `Z`, an offset or neither (then it is local time in the
/// rule set's zone). A bare date is the start of that day.
///
/// ```
/// use kadence::Moment;
/// let moment: Moment = "2026-11-15 14:30".parse()?;
/// assert_eq!(moment.to_string(), "2026-11-15T14:30:00");
/// # Ok::<(), kadence::MomentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A moment that is the same everywhere.
    Utc(DateTime<Utc>),
    /// A reading of the clock in the rule set's zone.
    Local(NaiveDateTime),
}

/// The text is no date and no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30")]
pub struct MomentError;

impl Moment {
    /// The moment in Coordinated Universal Time. An hour that the clock skips moves forward, of
    /// one that it repeats the first is meant.
    pub fn resolve(self, zone: Tz) -> DateTime<Utc> {
        let local = match self {
            Moment::Utc(instant) => return instant,
            Moment::Local(local) => local,
        };
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
            LocalResult::None => {
                let before = local.checked_sub_signed(TimeDelta::hours(6)).unwrap_or(local);
                let offset = zone.offset_from_utc_datetime(&before).fix();
                let utc = local.checked_sub_offset(offset).unwrap_or(local);
                utc.and_utc()
            }
        }
    }
}

/// Reads `2026-11-15`, strictly.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| match i {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        });
    if shaped { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let date = text.get(..10).and_then(parse_date).ok_or(MomentError)?;
        let rest = text.get(10..).unwrap_or("");
        if rest.is_empty() {
            return Ok(Moment::Local(date.and_time(NaiveTime::MIN)));
        }
        let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(MomentError)?;
        let (clock, zone) = match rest.find(['Z', 'z', '+', '-']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let local = date.and_time(parse_clock(clock).ok_or(MomentError)?);
        let minutes = match zone {
            "" => return Ok(Moment::Local(local)),
            "Z" | "z" => 0,
            offset => parse_offset(offset).ok_or(MomentError)?,
        };
        let utc = local.checked_sub_signed(TimeDelta::minutes(minutes)).ok_or(MomentError)?;
        Ok(Moment::Utc(utc.and_utc()))
    }
}

/// `14:30`, `14:30:05` or `14:30:05.123`.
fn parse_clock(text: &str) -> Option<NaiveTime> {
    let well_formed = text.bytes().enumerate().all(|(i, b)| match i {
        2 | 5 => b == b':',
        8 => b == b'.',
        _ => b.is_ascii_digit(),
    });
    match (well_formed, text.len()) {
        (true, 5) => NaiveTime::parse_from_str(text, "%H:%M").ok(),
        (true, 8) => NaiveTime::parse_from_str(text, "%H:%M:%S").ok(),
        (true, 10..=18) => NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok(),
        _ => None,
    }
}

/// `+01:00`, `-0530` or `+01`, in minutes.
fn parse_offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 =
        digits.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Utc(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S%.fZ")),
            Moment::Local(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S%.f")),
        }
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Moment::Utc(at)
    }
}

impl From<NaiveDateTime> for Moment {
    fn from(at: NaiveDateTime) -> Self {
        Moment::Local(at)
    }
}

impl From<NaiveDate> for Moment {
    fn from(day: NaiveDate) -> Self {
        Moment::Local(day.and_time(NaiveTime::MIN))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, zone: Tz) -> String {
        text.parse::<Moment>().unwrap().resolve(zone).to_rfc3339()
    }

    #[test]
    fn an_hour_that_is_skipped_moves_forward_and_a_repeated_one_is_the_first() {
        let zone = Tz::Europe__Copenhagen;
        assert_eq!(resolved("2026-03-29T02:30", zone), "2026-03-29T01:30:00+00:00");
        assert_eq!(resolved("2026-10-25T02:30", zone), "2026-10-25T00:30:00+00:00");
        assert_eq!(resolved("2026-10-25", zone), "2026-10-24T22:00:00+00:00");
    }

    #[test]
    fn a_day_that_the_zone_skipped_starts_when_the_next_does() {
        assert_eq!(resolved("2011-12-30", Tz::Pacific__Apia), "2011-12-30T10:00:00+00:00");
    }

    #[test]
    fn only_the_documented_forms_are_read() {
        for good in [
            "2026-11-15",
            "2026-11-15T14:30Z",
            "2026-11-15 14:30:05.123+01:00",
            "2026-11-15T00:00-0530",
        ] {
            assert!(good.parse::<Moment>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "2026-11-5",
            "15.11.2026",
            "2026-02-30",
            "2026-11-15T25:00",
            "2026-11-15T1:00",
            "2026-11-15T14:30+1",
            "2026-11-15X",
            "æ026-11-15",
        ] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }
}
