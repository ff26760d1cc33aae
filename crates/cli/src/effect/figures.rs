//! Estimates as they are written.

use kadence::Number;
use kadence_statistics::effect::{Outcome, Refusal};
use kadence_statistics::{Interval, Rate};

use crate::sections::{cell, money};

/// How figures of an outcome are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// As a percentage; differences in points.
    Share,
    /// With its thousands apart.
    Amount,
}

impl From<Outcome> for Unit {
    fn from(outcome: Outcome) -> Unit {
        if outcome.is_share() { Unit::Share } else { Unit::Amount }
    }
}

impl Unit {
    /// `41.2%`, `12,345`; `–` where there is none.
    pub(super) fn level(self, value: Option<f64>) -> String {
        value.map_or_else(
            || "–".to_owned(),
            |value| match self {
                Unit::Share => format!("{}%", decimal(value * 100.0)),
                Unit::Amount => decimal(value),
            },
        )
    }

    /// `+4.1`, `-12,345`.
    pub(super) fn difference(self, value: f64) -> String {
        let written = self.size(value);
        if value > 0.0 && written != "0" { format!("+{written}") } else { written }
    }

    /// `-9.0 to +17.2`
    pub(super) fn range(self, interval: Interval) -> String {
        format!("{} to {}", self.difference(interval.low), self.difference(interval.high))
    }

    /// Without a sign of its own.
    pub(super) fn size(self, value: f64) -> String {
        decimal(if self == Unit::Share { value * 100.0 } else { value })
    }

    /// What a difference is counted in.
    pub(super) fn points(self) -> &'static str {
        if self == Unit::Share { " points" } else { "" }
    }
}

/// What amounts are counted in, so that none takes more than five digits: by how much they are divided,
/// and what stands for that.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale(f64, String);

impl Scale {
    /// For amounts up to one.
    pub(super) fn of(largest: f64) -> Scale {
        let largest = largest.abs();
        let thousands = match () {
            () if largest < 1e5 || !largest.is_finite() => 0,
            () if largest < 1e7 => 1,
            () => ((largest.log10() - 1.0) / 3.0).floor() as i32,
        };
        let name = match thousands {
            0 => String::new(),
            1 => "k".to_owned(),
            2 => "m".to_owned(),
            3 => "bn".to_owned(),
            4 => "tn".to_owned(),
            more => format!("e{}", 3 * more),
        };
        Scale(1000_f64.powi(thousands), name)
    }

    /// What it is called; none where amounts are whole.
    pub(super) fn name(&self) -> Option<&str> {
        Some(self.1.as_str()).filter(|name| !name.is_empty())
    }

    pub(super) fn down(&self, value: f64) -> f64 {
        value / self.0
    }
}

/// One decimal, none from a hundred on; from a thousand millions on in millions, or more than these.
fn decimal(value: f64) -> String {
    if value.abs() >= 1e9 {
        let scale = Scale::of(value);
        return format!("{}{}", decimal(scale.down(value)), scale.1);
    }
    let tenths =
        if value.abs() < 100.0 { (value * 10.0).round() as i64 } else { value.round() as i64 * 10 };
    cell((Number::from(tenths).checked_div(&Number::from(10))).as_ref(), money_of)
}

fn money_of(number: &Number) -> String {
    let written = money(number);
    // Money has two decimals where it has any; an estimate has one.
    if written.contains('.') { written.trim_end_matches('0').to_owned() } else { written }
}

/// `27 of 29`
pub(super) fn of(rate: Rate) -> String {
    format!("{} of {}", rate.hits, rate.of)
}

/// `26% to 61%`
pub(super) fn shares(interval: Option<Interval>) -> String {
    let whole = |share: f64| format!("{}%", (share * 100.0).round());
    interval.map_or_else(
        || "–".to_owned(),
        |interval| format!("{} to {}", whole(interval.low), whole(interval.high)),
    )
}

/// The same in two words or three.
pub(super) fn refusal_in_short(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Nothing { .. } => "one side",
        Refusal::NotKnown { .. } => "not known",
        Refusal::InHindsight => "in hindsight",
        Refusal::TooFewSubjects { .. } | Refusal::TooFewStrata { .. } => "too few",
        Refusal::TooAlike { .. } => "too alike",
        Refusal::Parted => "all alike",
        Refusal::TooUneven { .. } => "too uneven",
    }
}

/// Why there is no estimate; `met` and `missed` are what the sides are called.
pub(super) fn refusal(refusal: Refusal, (met, missed): (&str, &str)) -> String {
    match refusal {
        Refusal::Nothing { met: 0, missed: 0 } => "nothing to compare".to_owned(),
        Refusal::Nothing { met: 0, .. } => format!("nothing to compare: none {met}"),
        Refusal::Nothing { .. } => format!("nothing to compare: none {missed}"),
        Refusal::NotKnown { unknown, sold } => format!(
            "not known in {unknown} of the {sold} cases in which something was sold: to leave those out would leave those that sold nothing"
        ),
        Refusal::InHindsight => "what came after may have decided who met it".to_owned(),
        Refusal::TooFewSubjects { met: had, missed: lacked, needed } => {
            let lack = |n: u64| match needed.saturating_sub(n) {
                0 => "enough".to_owned(),
                lack => format!("{lack} too few"),
            };
            format!(
                "too few have their like on the other side: {had} that {met} ({}), {lacked} that {missed} ({}); {needed} of each are needed",
                lack(had),
                lack(lacked)
            )
        }
        Refusal::TooFewStrata { strata, needed } => {
            format!("too few groups of their like: {strata}, {needed} are needed")
        }
        Refusal::TooAlike { different, needed } => format!(
            "results are too much alike: {different} are other than the commonest, {needed} are needed"
        ),
        Refusal::Parted => {
            "within each side all results are the same, so that chance has no measure".to_owned()
        }
        Refusal::TooUneven { effective, needed } => format!(
            "it hangs on too few: those of one side weigh as {}, {needed} are needed",
            decimal(effective)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_a_sign_and_shares_points() {
        assert_eq!(Unit::Share.level(Some(0.4123)), "41.2%");
        assert_eq!(Unit::Share.difference(0.0412), "+4.1");
        assert_eq!(Unit::Amount.difference(-12_345.6), "-12,346");
        assert_eq!(Unit::Amount.difference(0.01), "0");
        assert_eq!(Unit::Amount.level(None), "–");
        let large = [999_999_999.0, -1e9, 12_345_678_901.0, -2e15, 9.2e18, 7e28];
        let shown = large.map(|value| Unit::Amount.level(Some(value)));
        assert_eq!(shown, ["999,999,999", "-1,000m", "12.3bn", "-2,000tn", "9,200e15", "70e27"]);
        assert_eq!(Unit::Share.range(Interval { low: -0.05, high: 0.2 }), "-5 to +20");
    }
}
