//! Ids as numbers, while a store is built.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::column::MISSING;

/// What the things of one noun are called, by code.
///
/// Most systems number their things, perhaps behind a few letters: `4711`, `A-000815`. Such an id
/// is its number; what precedes it is learned from the first id. Other ids are numbered as they
/// come.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    prefix: Option<Box<str>>,
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

/// From here on stand numbers with a zero in front, then texts.
const ZERO_LED: u32 = 1 << 31;
const TEXTS: u32 = ZERO_LED + (1 << 27);

/// The longest number with a zero in front that has a code.
const LONGEST: usize = 9;

/// The parts into which codes fall, within each of which they tend to lie close together.
pub(super) const PARTS: [std::ops::Range<u32>; 3] = [0..ZERO_LED, ZERO_LED..TEXTS, TEXTS..MISSING];

/// The first code of the numbers of that many digits with a zero in front.
fn first_of_length(digits: usize) -> u32 {
    (2..digits).map(|shorter| 10_u32.pow(u32::try_from(shorter - 1).unwrap_or(0))).sum()
}

impl Names {
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if self.prefix.is_none() {
            let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
            self.prefix = Some(letters.into());
        }
        if let Some(code) = self.known(text) {
            return code;
        }
        let name: Arc<str> = Arc::from(text);
        let count = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let code = TEXTS.saturating_add(count).min(MISSING - 1);
        self.texts.push(name.clone());
        self.codes.insert(name, code);
        code
    }

    /// Whose numbers stand behind these letters.
    pub(super) fn after(prefix: &str) -> Names {
        Names { prefix: Some(prefix.into()), ..Names::default() }
    }

    pub(super) fn are_after(&self, prefix: &str) -> bool {
        self.prefix.as_deref() == Some(prefix)
    }

    /// The code of a text that has one.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        let digits = self.prefix.as_deref().and_then(|prefix| text.strip_prefix(prefix));
        digits.and_then(code_of_digits).or_else(|| self.codes.get(text).copied())
    }

    /// Whether a number below [`ZERO_LED`] is its own code.
    pub(super) fn are_numbers(&mut self) -> bool {
        self.prefix.get_or_insert_with(Box::default).is_empty()
    }

    /// The code of a number where [`Self::are_numbers`], if it is not too large.
    #[inline]
    pub(super) fn code_of_number(number: i64) -> Option<u32> {
        u32::try_from(number).ok().filter(|code| *code < ZERO_LED)
    }

    /// Empty where there is none.
    pub(super) fn text(&self, code: u32) -> Cow<'_, str> {
        let prefix = self.prefix.as_deref().unwrap_or("");
        if code < ZERO_LED {
            Cow::Owned(format!("{prefix}{code}"))
        } else if code < TEXTS {
            let (digits, number) = zero_led(code);
            Cow::Owned(format!("{prefix}{number:0digits$}"))
        } else {
            self.texts.get((code - TEXTS) as usize).map_or(Cow::Borrowed(""), |t| Cow::Borrowed(t))
        }
    }

    /// The order of two ids as texts.
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        if a < ZERO_LED && b < ZERO_LED {
            return as_text(a).cmp(&as_text(b));
        }
        self.text(a).cmp(&self.text(b))
    }

    /// Whether all are numbers of as many digits, without a zero in front: their order as texts is
    /// that of the numbers.
    pub(super) fn are_of_one_length(codes: impl Iterator<Item = u32>) -> bool {
        let either = |(least, most): (u32, u32), code: u32| (least.min(code), most.max(code));
        let (least, most) = codes.fold((u32::MAX, 0), either);
        most < ZERO_LED && least.checked_ilog10() == most.checked_ilog10()
    }

    /// If all are numbers that [`super::ids::Ids`] can write: the prefix and how many digits they
    /// have, zero where they have no zero in front.
    pub(super) fn pattern(&self, codes: &[u32]) -> Option<(&str, usize)> {
        let prefix = self.prefix.as_deref().unwrap_or("");
        if codes.iter().all(|code| *code < ZERO_LED) {
            return Some((prefix, 0));
        }
        let first = digits(*codes.first()?)?;
        codes.iter().all(|code| digits(*code) == Some(first)).then_some((prefix, first))
    }

    /// Whether all are numbers behind that prefix with so many digits, zero meaning without a zero
    /// in front.
    pub(super) fn follow(&self, prefix: &str, count: usize, codes: &[u32]) -> bool {
        let is_like = |code: &u32| match count {
            0 => Names::is_number(*code),
            count => digits(*code) == Some(count),
        };
        self.are_after(prefix) && codes.iter().all(is_like)
    }

    /// The code of a number written with that many digits, zero meaning without a zero in front.
    pub(super) fn code_of_digits(number: u32, count: usize) -> u32 {
        if count == 0 || digits(number) == Some(count) {
            return number;
        }
        ZERO_LED + first_of_length(count) + number
    }

    /// Whether a code is a number without a zero in front.
    #[inline]
    pub(super) fn is_number(code: u32) -> bool {
        code < ZERO_LED
    }

    /// The number of a code that is one.
    pub(super) fn number(code: u32) -> u32 {
        if (ZERO_LED..TEXTS).contains(&code) { zero_led(code).1 } else { code }
    }
}

fn code_of_digits(digits: &str) -> Option<u32> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u32 = digits.parse().ok()?;
    if !digits.starts_with('0') || digits.len() == 1 {
        return Some(number).filter(|number| *number < ZERO_LED);
    }
    (digits.len() <= LONGEST).then(|| ZERO_LED + first_of_length(digits.len()) + number)
}

/// How many digits a code has that is a number.
fn digits(code: u32) -> Option<usize> {
    match code {
        0..ZERO_LED => Some(code.checked_ilog10().unwrap_or(0) as usize + 1),
        ZERO_LED..TEXTS => Some(zero_led(code).0),
        _ => None,
    }
}

/// How many digits a number with a zero in front has, and the number.
fn zero_led(code: u32) -> (usize, u32) {
    let place = code - ZERO_LED;
    let longest = (2..=LONGEST).rev().find(|digits| first_of_length(*digits) <= place);
    let digits = longest.unwrap_or(2);
    (digits, place - first_of_length(digits))
}

/// A number whose order is that of `number` written out: its digits, then how many they are.
#[inline]
pub(super) fn as_text(number: u32) -> u64 {
    const TENS: [u64; 10] =
        [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let more = number.checked_ilog10().unwrap_or(0);
    let tens = TENS.get(more as usize).copied().unwrap_or(1);
    u64::from(number) * tens * 16 + u64::from(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn codes_are_of_one_text_each_and_in_the_order_of_texts(
            ids in prop::collection::vec("(0|x|x-|)[0-9]{0,11}", 1..40),
        ) {
            let mut names = Names::default();
            let codes: Vec<u32> = ids.iter().map(|id| names.code(id)).collect();
            for (a, x) in codes.iter().zip(&ids) {
                prop_assert_eq!(&names.text(*a), x);
                prop_assert_eq!(names.code(x), *a);
                for (b, y) in codes.iter().zip(&ids) {
                    prop_assert_eq!(names.compare(*a, *b), x.cmp(y), "{} {}", x, y);
                    if Names::are_of_one_length([*a, *b].into_iter()) {
                        prop_assert_eq!(a.cmp(b), x.cmp(y), "{} {}", x, y);
                    }
                }
            }
        }
    }

    #[test]
    fn a_number_is_its_own_code_and_the_same_as_its_text() {
        let mut names = Names::default();
        assert!(names.are_numbers());
        assert_eq!(Names::code_of_number(4711), Some(names.code("4711")));
        assert_eq!(Names::code_of_number(-1), None);
        assert_eq!(Names::code_of_number(1 << 31), None);
        let large = names.code("2147483648");
        assert_eq!(names.text(large), "2147483648");
        let mut lettered = Names::default();
        lettered.code("c1");
        assert!(!lettered.are_numbers());
    }
}
