//! Fractions in lowest terms, small ones without the heap.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Add, Div, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::{BigRational, Ratio};
use num_traits::{Signed, ToPrimitive};

/// A fraction in lowest terms.
///
/// It is small whenever its numerator and its denominator fit an `i64`, so that every value has
/// one representation only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Rational {
    /// The denominator is at most `i64::MAX`. It is of a type without zero to leave room for the
    /// tag: the whole takes two words.
    Small {
        numerator: i64,
        denominator: NonZeroU64,
    },
    Big(Box<BigRational>),
}

use Rational::{Big, Small};

impl Rational {
    /// A numerator over a positive denominator.
    fn fraction(numerator: i128, denominator: i128) -> Self {
        if denominator == 1
            && let Ok(whole) = i64::try_from(numerator)
        {
            return whole.into();
        }
        let common = numerator.gcd(&denominator);
        let (numerator, denominator) = (numerator / common, denominator / common);
        Rational::small(numerator.to_i64(), denominator.to_i64()).unwrap_or_else(|| {
            Big(Box::new(BigRational::new_raw(numerator.into(), denominator.into())))
        })
    }

    /// What is in lowest terms already, if it fits.
    fn small(numerator: Option<i64>, denominator: Option<i64>) -> Option<Self> {
        let denominator = NonZeroU64::new(denominator?.unsigned_abs())?;
        Some(Small { numerator: numerator?, denominator })
    }

    /// The number, if it is whole and fits.
    pub(super) fn to_whole(&self) -> Option<i64> {
        match self {
            Small { numerator, denominator } if denominator.get() == 1 => Some(*numerator),
            _ => None,
        }
    }

    /// The digits of a decimal, and how many of them are behind the point.
    pub(super) fn scaled(mantissa: i128, scale: u32) -> Self {
        match 10_i128.checked_pow(scale) {
            Some(denominator) => Rational::fraction(mantissa, denominator),
            None => BigRational::new(mantissa.into(), BigInt::from(10).pow(scale)).into(),
        }
    }

    /// Numerator and denominator of a small fraction, with room to multiply: each is at most 2⁶³
    /// in size, so a sum of two products of them stays below 2¹²⁷.
    fn parts(&self) -> Option<(i128, i128)> {
        match self {
            Small { numerator, denominator } => {
                Some((i128::from(*numerator), i128::from(denominator.get())))
            }
            Big(_) => None,
        }
    }

    pub(super) fn as_big(&self) -> Cow<'_, BigRational> {
        match self {
            Small { numerator, denominator } => {
                Cow::Owned(BigRational::new_raw((*numerator).into(), denominator.get().into()))
            }
            Big(big) => Cow::Borrowed(big),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        matches!(self, Small { numerator: 0, .. })
    }

    pub(super) fn is_negative(&self) -> bool {
        match self {
            Small { numerator, .. } => *numerator < 0,
            Big(big) => big.is_negative(),
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        match self {
            Small { denominator, .. } => *denominator == NonZeroU64::MIN,
            Big(big) => big.is_integer(),
        }
    }

    pub(super) fn floor(&self) -> Self {
        match self.parts() {
            Some((numerator, denominator)) => {
                Rational::fraction(numerator.div_euclid(denominator), 1)
            }
            None => self.as_big().floor().into(),
        }
    }

    /// Without what is behind the point.
    pub(super) fn trunc(&self) -> Self {
        match self.parts() {
            Some((numerator, denominator)) => Rational::fraction(numerator / denominator, 1),
            None => self.as_big().trunc().into(),
        }
    }

    /// What is before the point, if it fits.
    pub(super) fn to_i64(&self) -> Option<i64> {
        match self.trunc() {
            Small { numerator, .. } => Some(numerator),
            Big(_) => None,
        }
    }

    pub(super) fn to_f64(&self) -> Option<f64> {
        match self.parts() {
            Some((numerator, denominator)) => Ratio::new_raw(numerator, denominator).to_f64(),
            None => self.as_big().to_f64(),
        }
    }
}

impl From<BigRational> for Rational {
    fn from(big: BigRational) -> Self {
        Rational::small(big.numer().to_i64(), big.denom().to_i64())
            .unwrap_or_else(|| Big(Box::new(big)))
    }
}

impl From<i64> for Rational {
    fn from(numerator: i64) -> Self {
        Small { numerator, denominator: NonZeroU64::MIN }
    }
}

macro_rules! sum {
    ($trait:ident $method:ident $sign:tt) => {
        impl $trait for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                match (self.parts(), other.parts()) {
                    (Some((a, over)), Some((b, same))) if over == same => {
                        Rational::fraction(a $sign b, over)
                    }
                    (Some((a, over_a)), Some((b, over_b))) => {
                        Rational::fraction(a * over_b $sign b * over_a, over_a * over_b)
                    }
                    _ => (&*self.as_big() $sign &*other.as_big()).into(),
                }
            }
        }
    };
}

sum!(Add add +);
sum!(Sub sub -);

impl Mul for &Rational {
    type Output = Rational;
    fn mul(self, other: &Rational) -> Rational {
        match (self.parts(), other.parts()) {
            (Some((a, over_a)), Some((b, over_b))) => Rational::fraction(a * b, over_a * over_b),
            _ => (&*self.as_big() * &*other.as_big()).into(),
        }
    }
}

/// As with integers, there is no dividing by zero.
impl Div for &Rational {
    type Output = Rational;
    fn div(self, other: &Rational) -> Rational {
        match (self.parts(), other.parts()) {
            (Some((a, over_a)), Some((b, over_b))) if b != 0 => {
                Rational::fraction(a * over_b * b.signum(), over_a * b.abs())
            }
            _ => (&*self.as_big() / &*other.as_big()).into(),
        }
    }
}

impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match self.parts() {
            Some((numerator, denominator)) => Rational::fraction(-numerator, denominator),
            None => (-&*self.as_big()).into(),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.parts(), other.parts()) {
            (Some((a, over_a)), Some((b, over_b))) => (a * over_b).cmp(&(b * over_a)),
            _ => self.as_big().cmp(&other.as_big()),
        }
    }
}

impl fmt::Display for Rational {
    /// A decimal: all its digits, up to 64 of them behind the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A decimal's denominator divides a power of ten: find the power, and print the digits.
        let mut decimals = 0_usize;
        let mut scaled = self.clone();
        while !scaled.is_whole() && decimals < 64 {
            scaled = &scaled * &Rational::from(10);
            decimals += 1;
        }
        let digits = match scaled.trunc() {
            Small { numerator, .. } => numerator.to_string(),
            Big(big) => big.numer().to_string(),
        };
        let unsigned = digits.strip_prefix('-').unwrap_or(&digits);
        let padded = format!("{unsigned:0>width$}", width = decimals + 1);
        let (whole, fraction) = padded.split_at(padded.len() - decimals);
        let dot = if fraction.is_empty() { "" } else { "." };
        f.pad_integral(unsigned == digits, "", &format!("{whole}{dot}{fraction}"))
    }
}
