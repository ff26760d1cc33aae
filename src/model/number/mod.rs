//! Exact numbers.

mod decimal;
mod rational;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) use decimal::{exact, exact_float, parse_decimal};
use rational::Rational;

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
///
/// Small numbers, as nearly all are, live without the heap and are cheap to clone.
///
/// # Panics
///
/// `/` panics where the divisor is zero, as it does for integers; [`checked_div`] does not.
///
/// [`checked_div`]: Number::checked_div
#[derive(Debug, Clone)]
pub struct Number {
    value: Rational,
    /// Printed with four decimals at most.
    quotient: bool,
}

impl Number {
    /// Nothing.
    pub fn zero() -> Self {
        Number::from(0)
    }

    /// A decimal: its digits, and how many of them are behind the point.
    pub(crate) fn scaled(mantissa: i128, scale: u32) -> Self {
        Number::decimal(Rational::scaled(mantissa, scale))
    }

    fn decimal(value: Rational) -> Self {
        Number { value, quotient: false }
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
        Number::decimal(self.value.floor())
    }

    /// Rounded half up to that many decimals.
    #[doc(hidden)]
    pub fn round_half_up(&self, decimals: u32) -> Self {
        let unit = Rational::scaled(1, decimals);
        let half = Rational::scaled(5, 1);
        let units = (&(&self.value / &unit) + &half).floor();
        Number::decimal(&units * &unit)
    }

    /// As printed: a quotient rounded to four decimals.
    #[doc(hidden)]
    pub fn printed(&self) -> Self {
        if self.quotient { self.round_half_up(4) } else { self.clone() }
    }

    /// A text that loses nothing: as printed where that is the number, else a fraction.
    /// [`from_exact`](Number::from_exact) reads it back.
    ///
    /// ```
    /// use kadence::Number;
    /// let third = Number::from(1) / Number::from(3);
    /// assert_eq!(third.exact(), "1/3");
    /// assert_eq!(Number::from_exact("1/3"), Ok(third));
    /// assert_eq!((Number::from(1) / Number::from(4)).exact(), "0.25");
    /// ```
    pub fn exact(&self) -> String {
        let printed = self.printed();
        if printed == *self {
            return printed.to_string();
        }
        let big = self.value.as_big();
        format!("{}/{}", big.numer(), big.denom())
    }

    /// Reads what [`exact`](Number::exact) has written.
    ///
    /// # Errors
    ///
    /// It is neither a decimal nor a fraction of whole numbers above a positive one.
    pub fn from_exact(text: &str) -> Result<Number, NumberError> {
        let Some((above, below)) = text.split_once('/') else { return text.parse() };
        let whole = |text: &str| match text.contains('.') {
            true => Err(NumberError),
            false => text.parse::<Number>(),
        };
        let (above, below) = (whole(above)?, whole(below)?);
        if below <= Number::zero() {
            return Err(NumberError);
        }
        above.checked_div(&below).ok_or(NumberError)
    }

    /// The number as it is given to something that knows only binary floating point.
    pub fn to_f64(&self) -> f64 {
        self.value.to_f64().unwrap_or(f64::NAN)
    }

    /// The number, if it is whole and fits.
    pub(crate) fn to_whole(&self) -> Option<i64> {
        self.value.to_whole()
    }

    pub(crate) fn to_i64(&self) -> Option<i64> {
        self.value.to_i64()
    }

    /// The quotient, or none if `other` is zero.
    pub fn checked_div(&self, other: &Number) -> Option<Number> {
        (!other.is_zero()).then(|| self / other)
    }
}

macro_rules! operator {
    ($trait:ident $method:ident $sign:tt $quotient:expr) => {
        impl $trait for &Number {
            type Output = Number;
            fn $method(self, other: &Number) -> Number {
                let quotient = self.quotient || other.quotient || $quotient;
                Number { value: &self.value $sign &other.value, quotient }
            }
        }

        impl $trait for Number {
            type Output = Number;
            fn $method(self, other: Number) -> Number {
                &self $sign &other
            }
        }

        impl $trait<&Number> for Number {
            type Output = Number;
            fn $method(self, other: &Number) -> Number {
                &self $sign other
            }
        }
    };
}

operator!(Add add + false);
operator!(Sub sub - false);
operator!(Mul mul * false);
operator!(Div div / true);

impl Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number { value: -&self.value, quotient: self.quotient }
    }
}

// How a number is printed is no part of what it is.

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

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
                    Number::decimal(match number.to_i64() {
                        Some(small) => Rational::from(small),
                        None => Rational::from(BigRational::from(BigInt::from(number))),
                    })
                }
            }
        )+
    };
}

from_integer!(i32, i64, i128, u32, u64, usize);

impl From<Decimal> for Number {
    fn from(number: Decimal) -> Self {
        Number::scaled(number.mantissa(), number.scale())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.printed().value.fmt(f)
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
        let sign = if text.starts_with('-') { "-" } else { "" };
        let mantissa = format!("{sign}{whole}{fraction}");
        let scale = u32::try_from(fraction.len()).map_err(|_| NumberError)?;
        if let Ok(mantissa) = mantissa.parse() {
            return Ok(Number::scaled(mantissa, scale));
        }
        let mantissa: BigInt = mantissa.parse().map_err(|_| NumberError)?;
        let value = BigRational::new(mantissa, BigInt::from(10).pow(scale));
        Ok(Number::decimal(value.into()))
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

#[cfg(test)]
mod tests;
