//! Exact numbers.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact number: a decimal, or a quotient of two.
///
/// Numbers are compared exactly. Printed, a decimal has all its digits and no trailing zeros; a
/// quotient has at most four decimals, rounded half up.
///
/// ```
/// use kadence::Number;
/// let third = Number::from(1) / Number::from(3);
/// assert_eq!(third.to_string(), "0.3333");
/// assert!(third < Number::from(1));
/// ```
#[derive(Debug, Clone)]
pub struct Number {
    value: BigRational,
    quotient: bool,
}

impl Number {
    /// Nothing.
    pub fn zero() -> Self {
        Number::from(0)
    }

    #[doc(hidden)]
    pub fn is_zero(&self) -> bool {
        self.value.is_zero()
    }

    #[doc(hidden)]
    pub fn is_negative(&self) -> bool {
        self.value.is_negative()
    }

    /// The greatest whole number that is not above this.
    #[doc(hidden)]
    pub fn floor(&self) -> Self {
        Number { value: self.value.floor(), quotient: false }
    }

    /// Rounded half up to that many decimals.
    #[doc(hidden)]
    pub fn round_half_up(&self, decimals: u32) -> Self {
        let scale = BigRational::from(BigInt::from(10).pow(decimals));
        let half = BigRational::new(BigInt::from(1), BigInt::from(2));
        Number { value: (&self.value * &scale + half).floor() / scale, quotient: false }
    }

    /// As printed: a quotient rounded to four decimals.
    #[doc(hidden)]
    pub fn printed(&self) -> Self {
        if self.quotient { self.round_half_up(4) } else { self.clone() }
    }

    /// The number as it is given to something that knows only binary floating point.
    pub fn to_f64(&self) -> f64 {
        self.value.to_f64().unwrap_or(f64::NAN)
    }

    pub(crate) fn to_i64(&self) -> Option<i64> {
        self.value.to_integer().to_i64()
    }

    /// The quotient, or none if `other` is zero.
    #[doc(hidden)]
    pub fn checked_div(&self, other: &Number) -> Option<Number> {
        (!other.is_zero()).then(|| Number { value: &self.value / &other.value, quotient: true })
    }
}

macro_rules! operator {
    ($trait:ident $method:ident $sign:tt $quotient:expr) => {
        impl std::ops::$trait for Number {
            type Output = Number;
            fn $method(self, other: Number) -> Number {
                let quotient = self.quotient || other.quotient || $quotient;
                Number { value: self.value $sign other.value, quotient }
            }
        }
    };
}

operator!(Add add + false);
operator!(Sub sub - false);
operator!(Mul mul * false);
operator!(Div div / true);

impl std::ops::Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number { value: -self.value, quotient: self.quotient }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

macro_rules! from_integer {
    ($($integer:ty),+) => {
        $(
            impl From<$integer> for Number {
                fn from(number: $integer) -> Self {
                    Number { value: BigRational::from(BigInt::from(number)), quotient: false }
                }
            }
        )+
    };
}

from_integer!(i32, i64, u32, u64, usize);

impl From<Decimal> for Number {
    fn from(number: Decimal) -> Self {
        let scale = BigInt::from(10).pow(number.scale());
        Number { value: BigRational::new(BigInt::from(number.mantissa()), scale), quotient: false }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.printed().value;
        // A decimal's denominator divides a power of ten: find the power, and print the digits.
        let mut decimals = 0_usize;
        let mut scaled = value;
        while !scaled.is_integer() && decimals < 64 {
            scaled *= BigRational::from(BigInt::from(10));
            decimals += 1;
        }
        let digits = scaled.to_integer();
        let sign = if digits.is_negative() { "-" } else { "" };
        let digits = format!("{:0>width$}", digits.abs().to_string(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let dot = if fraction.is_empty() { "" } else { "." };
        f.pad_integral(sign.is_empty(), "", &format!("{whole}{dot}{fraction}"))
    }
}

/// The text is no decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a decimal number such as 1234.5")]
pub struct NumberError;

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || text.len() > 4096 {
            return Err(NumberError);
        }
        let mantissa: BigInt = format!("{whole}{fraction}").parse().map_err(|_| NumberError)?;
        let scale = BigInt::from(10).pow(u32::try_from(fraction.len()).map_err(|_| NumberError)?);
        let value = BigRational::new(mantissa, scale);
        let value = if text.starts_with('-') { -value } else { value };
        Ok(Number { value, quotient: false })
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads digits with an optional sign and `.`: at most 28 of them, nothing is rounded.
pub(crate) fn parse_decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (unsigned, ""),
    };
    let mut digits = whole.bytes().chain(fraction.bytes());
    if whole.is_empty() || !digits.all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > MOST_DIGITS {
        return None;
    }
    let mantissa: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let mantissa = if text.starts_with('-') { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, u32::try_from(fraction.len()).ok()?).ok()
}

/// As many as a decimal holds whatever they are.
const MOST_DIGITS: usize = 28;

/// Up to fifteen digits survive the way through a float; more might be lost unseen.
pub(crate) fn exact_float<E: serde::de::Error>(number: f64) -> Result<Decimal, E> {
    let text = number.to_string();
    let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit);
    let exact = (digits.count() <= 15).then(|| parse_decimal(&text)).flatten();
    exact
        .ok_or_else(|| E::custom("write a number of more than 15 digits as text, to keep it exact"))
}

/// A decimal in serde: written as text, read from text or from a number that is exact.
pub(crate) mod exact {
    use std::fmt;

    use rust_decimal::Decimal;
    use serde::{Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(
        number: &Decimal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        deserializer.deserialize_any(Visitor)
    }

    struct Visitor;

    impl de::Visitor<'_> for Visitor {
        type Value = Decimal;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a decimal number")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
            super::parse_decimal(text)
                .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
            Ok(Decimal::from(number))
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
            Ok(Decimal::from(number))
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
            super::exact_float(number)
        }
    }

    /// The same for a number that may be unknown.
    pub(crate) mod option {
        use super::{Decimal, Deserializer, Serializer};

        pub(crate) fn serialize<S: Serializer>(
            number: &Option<Decimal>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match number {
                Some(number) => super::serialize(number, serializer),
                None => serializer.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Decimal>, D::Error> {
            #[derive(serde::Deserialize)]
            struct Exact(#[serde(with = "super")] Decimal);
            let number: Option<Exact> = serde::Deserialize::deserialize(deserializer)?;
            Ok(number.map(|exact| exact.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_all_their_digits_and_quotients_four() {
        let exact: Number = "1000000.000010".parse().unwrap();
        assert_eq!(exact.to_string(), "1000000.00001");
        assert_eq!((Number::from(2) / Number::from(3)).to_string(), "0.6667");
        assert_eq!((Number::from(1) / Number::from(2)).to_string(), "0.5");
        assert_eq!((-(Number::from(1) / Number::from(4))).to_string(), "-0.25");
        assert_eq!(Number::from(Decimal::new(-50, 3)).to_string(), "-0.05");
    }

    #[test]
    fn rounding_is_half_up() {
        let half: Number = "2.5".parse().unwrap();
        assert_eq!(half.round_half_up(0), Number::from(3));
        assert_eq!((-half).round_half_up(0), Number::from(-2));
    }
}
