//! Arithmetic of numbers alone is done once, not for every subject: `2 * 3` is 6, `-(-4)` is 4.
//!
//! A quotient is left alone: it is printed with four decimals at most, as a number is not. So is
//! what has more digits than a decimal can hold.

use rust_decimal::Decimal;

use crate::model::Number;
use crate::plan::Measure;

/// Does what arithmetic can be done without data.
pub(super) fn rewrite(measure: Measure) -> Measure {
    match measure {
        Measure::Sum(parts) => {
            let parts = fold(parts);
            let add = |sum: Decimal, number| sum.checked_add(number);
            let exact = |sum: Number, number: Number| sum + number;
            match total(&parts, (Decimal::ZERO, add), exact) {
                Some(sum) => Measure::Number(sum),
                None => Measure::Sum(parts),
            }
        }
        Measure::Product(parts) => {
            let parts = fold(parts);
            let divides = parts.iter().any(|(divides, _)| *divides);
            let multiply = |product: Decimal, number| product.checked_mul(number);
            let exact = |product: Number, number: Number| product * number;
            match total(&parts, (Decimal::ONE, multiply), exact).filter(|_| !divides) {
                Some(product) => Measure::Number(product),
                None => Measure::Product(parts),
            }
        }
        Measure::Negative(part) => match rewrite(*part) {
            Measure::Number(number) => Measure::Number(-number),
            part => Measure::Negative(Box::new(part)),
        },
        other => other,
    }
}

fn fold(parts: Vec<(bool, Measure)>) -> Vec<(bool, Measure)> {
    parts.into_iter().map(|(is_inverse, part)| (is_inverse, rewrite(part))).collect()
}

/// The parts, which are all numbers, joined; none if a digit would be lost.
fn total(
    parts: &[(bool, Measure)],
    (start, join): (Decimal, impl Fn(Decimal, Decimal) -> Option<Decimal>),
    exact: impl Fn(Number, Number) -> Number,
) -> Option<Decimal> {
    parts.iter().try_fold(start, |so_far, (minus, part)| {
        let Measure::Number(number) = part else { return None };
        let number = if *minus { -*number } else { *number };
        let joined = join(so_far, number)?;
        (Number::from(joined) == exact(so_far.into(), number.into())).then_some(joined)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Measure {
        Measure::Number(text.parse().unwrap())
    }

    #[test]
    fn what_needs_no_data_is_a_number() {
        let product = Measure::Product(vec![(false, number("2")), (false, number("3.5"))]);
        let sum = Measure::Sum(vec![
            (false, product),
            (true, number("8")),
            (false, Measure::Negative(Box::new(number("-0.5")))),
        ]);
        assert_eq!(rewrite(sum), number("-0.5"));
    }

    #[test]
    fn quotients_and_what_would_be_rounded_stay() {
        let quotient = Measure::Product(vec![(false, number("1")), (true, number("32"))]);
        assert_eq!(rewrite(quotient.clone()), quotient);
        let tiny = number("0.000000000000000000000000001");
        for many in [
            Measure::Product(vec![(false, tiny.clone()), (false, tiny.clone())]),
            Measure::Sum(vec![(false, tiny), (false, number("1000000000"))]),
        ] {
            assert_eq!(rewrite(many.clone()), many);
        }
    }
}
