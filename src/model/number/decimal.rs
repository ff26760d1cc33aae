//! Decimals as data and rule files write them.

use rust_decimal::Decimal;

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
