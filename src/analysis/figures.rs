//! Numbers that are written, and what a comparison with them comes to where the measure has
//! bounds.

use rust_decimal::Decimal;

use crate::check::rules::{Cmp, Measure, NumberTest};

/// A measure that is a number.
pub(super) fn number(measure: &Measure) -> Option<Decimal> {
    match measure {
        Measure::Number(number) => Some(number.normalize()),
        Measure::Negative(inner) => Some(-number(inner)?),
        _ => None,
    }
}

/// What a number can be, both ends included; none: no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) least: Option<Decimal>,
    pub(super) most: Option<Decimal>,
}

/// Whether a test of a number holds for all that it can be, or for none of it; none where it
/// depends, or is held against no number.
pub(super) fn decided(test: &NumberTest, bounds: Bounds) -> Option<bool> {
    let below = |at: Decimal| bounds.most.is_some_and(|most| most < at);
    let above = |at: Decimal| bounds.least.is_some_and(|least| least > at);
    let up_to = |at: Decimal| bounds.most.is_some_and(|most| most <= at);
    let from = |at: Decimal| bounds.least.is_some_and(|least| least >= at);
    let (always, never) = match test {
        NumberTest::Is(cmp, at) => {
            let at = number(at)?;
            match cmp {
                Cmp::Less => (below(at), from(at)),
                Cmp::AtMost => (up_to(at), above(at)),
                Cmp::Equal => (up_to(at) && from(at), below(at) || above(at)),
                Cmp::Unequal => (below(at) || above(at), up_to(at) && from(at)),
                Cmp::AtLeast => (from(at), below(at)),
                Cmp::More => (above(at), up_to(at)),
            }
        }
        NumberTest::Between(low, high) => {
            let (low, high) = (number(low)?, number(high)?);
            if low > high {
                return None;
            }
            (from(low) && up_to(high), below(low) || above(high))
        }
    };
    match (always, never) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// A large number as it is written in rules: `500k`, `2m`.
pub(super) fn short(number: Decimal) -> String {
    let units = [(1_000_000_000_u32, "bn"), (1_000_000, "m"), (1_000, "k")];
    let fits = |unit: u32| !number.is_zero() && (number % Decimal::from(unit)).is_zero();
    match units.into_iter().find(|(unit, _)| fits(*unit)) {
        Some((unit, name)) => format!("{}{name}", (number / Decimal::from(unit)).normalize()),
        None => number.normalize().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decides(cmp: Cmp, at: i64, bounds: (i64, i64)) -> Option<bool> {
        let bounds = Bounds { least: Some(bounds.0.into()), most: Some(bounds.1.into()) };
        decided(&NumberTest::Is(cmp, Measure::Number(at.into())), bounds)
    }

    #[test]
    fn what_bounds_decide_is_what_every_number_between_them_says() {
        let all = [Cmp::Less, Cmp::AtMost, Cmp::Equal, Cmp::Unequal, Cmp::AtLeast, Cmp::More];
        let holds = |cmp, a: i64, b: i64| match cmp {
            Cmp::Less => a < b,
            Cmp::AtMost => a <= b,
            Cmp::Equal => a == b,
            Cmp::Unequal => a != b,
            Cmp::AtLeast => a >= b,
            Cmp::More => a > b,
        };
        for cmp in all {
            for at in -1..=5 {
                for (least, most) in [(0, 4), (2, 3), (1, 1)] {
                    // Exact halves lie between whole numbers, so that ends count for themselves.
                    let says: Vec<bool> =
                        (2 * least..=2 * most).map(|n| holds(cmp, n, 2 * at)).collect();
                    let expected = match (says.contains(&true), says.contains(&false)) {
                        (true, true) => None,
                        (yes, _) => Some(yes),
                    };
                    assert_eq!(decides(cmp, at, (least, most)), expected, "{cmp:?} {at} {least}");
                }
            }
        }
    }

    #[test]
    fn large_numbers_are_short() {
        let written = [500_000, 2_000_000, 2_500_000, 999, 0, 3_000_000_000];
        let written = written.map(|n: i64| short(Decimal::from(n)));
        assert_eq!(written, ["500k", "2m", "2500k", "999", "0", "3bn"]);
    }
}
