use std::hash::{DefaultHasher, Hash, Hasher};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

#[test]
fn decimals_print_all_their_digits_and_quotients_four() {
    let exact: Number = "1000000.000010".parse().unwrap();
    assert_eq!(exact.to_string(), "1000000.00001");
    assert_eq!((Number::from(2) / Number::from(3)).to_string(), "0.6667");
    assert_eq!((Number::from(1) / Number::from(2)).to_string(), "0.5");
    assert_eq!((-(Number::from(1) / Number::from(4))).to_string(), "-0.25");
    assert_eq!(Number::from(Decimal::new(-50, 3)).to_string(), "-0.05");
    let long: Number = "0.12345".parse().unwrap();
    assert_eq!((&long + &Number::from(1)).to_string(), "1.12345");
    assert_eq!((&long + &(Number::from(1) / Number::from(1))).to_string(), "1.1235");
}

#[test]
fn rounding_is_half_up() {
    let half: Number = "2.5".parse().unwrap();
    assert_eq!(half.round_half_up(0), Number::from(3));
    assert_eq!((-half).round_half_up(0), Number::from(-2));
}

#[test]
fn a_number_takes_three_words() {
    assert!(size_of::<Number>() <= 24);
    assert!(size_of::<Option<Number>>() <= 24);
}

#[test]
fn a_number_leaves_the_small_form_and_comes_back() {
    let most = Number::from(i64::MAX);
    let more = &most + &Number::from(1);
    assert!(matches!(more.value, Rational::Big(_)));
    assert_eq!(more.to_string(), "9223372036854775808");
    assert!(matches!((more - Number::from(1)).value, Rational::Small { .. }));

    let least = Number::from(i64::MIN);
    assert_eq!((-least.clone()).to_string(), "9223372036854775808");
    assert_eq!(least.clone() / Number::from(-1), -least.clone());
    assert_eq!(Number::from(1) / least.clone() * least, Number::from(1));

    // Coprime denominators whose product fits no machine word.
    let tiny = |n: i64| Number::from(1) / Number::from(n);
    let sum = tiny(i64::MAX) + tiny(i64::MAX - 1);
    assert!(matches!(sum.value, Rational::Big(_)));
    assert_eq!(sum - tiny(i64::MAX), tiny(i64::MAX - 1));
}

#[test]
fn dividing_by_zero_has_no_quotient() {
    let most: Number = "99999999999999999999".parse().unwrap();
    for number in [Number::zero(), Number::from(1), most] {
        assert_eq!(number.checked_div(&Number::zero()), None);
    }
}

/// A number in both forms: that of the library, and the one it stands for.
fn number(big: &BigRational) -> Number {
    Number { value: big.clone().into(), quotient: false }
}

/// The value, if it is in the one form that it may have.
fn value(number: &Number) -> BigRational {
    let big = number.value.as_big().into_owned();
    let fits = big.numer().to_i64().is_some() && big.denom().to_i64().is_some();
    assert_eq!(matches!(number.value, Rational::Small { .. }), fits, "{number:?}");
    assert_eq!(big, BigRational::new(big.numer().clone(), big.denom().clone()), "lowest terms");
    assert!(big.denom().is_positive());
    big
}

fn ten_to(decimals: u32) -> BigRational {
    BigInt::from(10).pow(decimals).into()
}

fn rounded(big: &BigRational, decimals: u32) -> BigRational {
    let half = BigRational::new(1.into(), 2.into());
    (big * ten_to(decimals) + half).floor() / ten_to(decimals)
}

/// Digits and a point put into them from behind; the zeros that nobody needs are gone.
fn printed(mantissa: &BigInt, scale: u32) -> String {
    let scale = scale as usize;
    let digits = format!("{:0>width$}", mantissa.abs().to_string(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if mantissa.is_negative() { "-" } else { "" };
    let dotted = format!("{sign}{whole}.{fraction}");
    dotted.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn hash(number: &Number) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

/// Small, huge, and where one word ends and the next begins.
fn integer() -> impl Strategy<Value = BigInt> {
    let edges = [0, 1, 1 << 31, 1 << 32, 1 << 62, 1 << 63, 1 << 64, 1 << 126, i128::MAX];
    let near = (select(edges.to_vec()), -2..=2_i128, any::<bool>());
    let near = near.prop_map(|(edge, by, negative)| {
        let number = BigInt::from(edge) + by;
        if negative { -number } else { number }
    });
    prop_oneof![
        4 => (-1000..1000_i64).prop_map(BigInt::from),
        4 => near,
        2 => any::<i64>().prop_map(BigInt::from),
        1 => any::<i128>().prop_map(BigInt::from),
        1 => any::<(i128, i128)>().prop_map(|(a, b)| BigInt::from(a) * b),
    ]
}

fn rational() -> impl Strategy<Value = BigRational> {
    let denominator = prop_oneof![
        Just(BigInt::from(1)),
        (0..=20_u32).prop_map(|decimals| BigInt::from(10).pow(decimals)),
        integer().prop_filter("a denominator", |denominator| !denominator.is_zero()),
    ];
    (integer(), denominator)
        .prop_map(|(numerator, denominator)| BigRational::new(numerator, denominator))
}

/// Two that have nothing, a denominator or everything in common.
fn pair() -> impl Strategy<Value = (BigRational, BigRational)> {
    prop_oneof![
        4 => (rational(), rational()),
        2 => (integer(), integer()).prop_map(|(a, b)| (a.into(), b.into())),
        1 => (rational(), -3..=3_i64).prop_map(|(a, by)| {
            let b = &a + BigRational::new(by.into(), a.denom().clone());
            (a, b)
        }),
        1 => rational().prop_map(|a| (a.clone(), -a)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn arithmetic_is_that_of_fractions((a, b) in pair()) {
        let (x, y) = (number(&a), number(&b));
        prop_assert_eq!(value(&(&x + &y)), &a + &b);
        prop_assert_eq!(value(&(&x - &y)), &a - &b);
        prop_assert_eq!(value(&(&x * &y)), &a * &b);
        prop_assert_eq!(value(&-x.clone()), -&a);
        let quotient = x.checked_div(&y);
        prop_assert_eq!(quotient.as_ref().map(value), (!b.is_zero()).then(|| &a / &b));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x == y, a == b);
        prop_assert_eq!(hash(&(&(&x + &y) - &y)), hash(&x));
    }

    #[test]
    fn rounding_and_converting_are_those_of_fractions(a in rational(), decimals in 0..7_u32) {
        let x = number(&a);
        prop_assert_eq!(value(&x), a.clone());
        prop_assert_eq!(value(&x.floor()), a.floor());
        prop_assert_eq!(value(&x.round_half_up(decimals)), rounded(&a, decimals));
        prop_assert_eq!((x.is_zero(), x.is_negative()), (a.is_zero(), a.is_negative()));
        prop_assert_eq!(x.to_i64(), a.to_integer().to_i64());
        prop_assert_eq!(Some(x.to_f64()), a.to_f64());
    }

    #[test]
    fn quotients_print_rounded_to_four_decimals(a in rational()) {
        let quotient = number(&a) / Number::from(1);
        let shown = (rounded(&a, 4) * ten_to(4)).to_integer();
        prop_assert_eq!(quotient.to_string(), printed(&shown, 4));
    }

    #[test]
    fn decimals_print_and_read_as_they_are(mantissa in integer(), scale in 1..=64_u32) {
        let exact = number(&(BigRational::from(mantissa.clone()) / ten_to(scale)));
        let text = printed(&mantissa, scale);
        prop_assert_eq!(exact.to_string(), text.clone());
        let read: Number = text.parse().unwrap();
        prop_assert_eq!(value(&read), value(&exact));
    }

    #[test]
    fn what_becomes_a_number_stays_what_it_was(
        whole in integer(), mantissa in -(1_i128 << 96) + 1..1 << 96, scale in 0..=28_u32,
    ) {
        let exact = BigRational::from(whole.clone());
        let numbers = [
            whole.to_i32().map(Number::from),
            whole.to_i64().map(Number::from),
            whole.to_i128().map(Number::from),
            whole.to_u32().map(Number::from),
            whole.to_u64().map(Number::from),
            whole.to_usize().map(Number::from),
        ];
        for number in numbers.into_iter().flatten() {
            prop_assert_eq!(value(&number), exact.clone());
        }
        let decimal = Decimal::from_i128_with_scale(mantissa, scale);
        let exact = BigRational::from(BigInt::from(mantissa)) / ten_to(scale);
        prop_assert_eq!(value(&Number::from(decimal)), exact);
    }
}

#[test]
fn a_number_written_exactly_is_the_number_again() {
    let seventh = Number::from(22) / Number::from(7);
    let long: Number = "123456789012345678901234567890.123456".parse().unwrap();
    let half = Number::from(1) / Number::from(2);
    let fine = Number::from(1) / Number::from(1_000_000);
    for (number, text) in [
        (Number::zero(), "0"),
        (Number::from(-7), "-7"),
        (half, "0.5"),
        (seventh.clone(), "22/7"),
        (-seventh, "-22/7"),
        (fine, "1/1000000"),
        (long, "123456789012345678901234567890.123456"),
    ] {
        assert_eq!(number.exact(), text);
        let again = Number::from_exact(text).unwrap();
        assert_eq!((again.to_string(), &again), (number.to_string(), &number));
    }
    for wrong in ["", "/", "1/", "/2", "1/0", "1/-2", "1.5/2", "1/2.0", "1/2/3", "a/b", "1e3"] {
        assert!(Number::from_exact(wrong).is_err(), "{wrong}");
    }
}
