//! Numbers as JSON writes them.

/// As many digits as a number of the language may have.
const LONGEST: usize = 28;

/// A JSON number with an exponent as the same number without one; none if it has no exponent,
/// or more digits than a number may have.
pub(crate) fn without_exponent(number: &str) -> Option<String> {
    let (mantissa, exponent) = number.split_once(['e', 'E'])?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    // The number is 0.DIGITS × 10 ^ point.
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent.parse().ok()?)?;
    let length = i64::try_from(digits.len()).ok()?;
    let longest = i64::try_from(LONGEST).ok()?;
    if length > longest || !(-longest..=longest).contains(&point) {
        return None;
    }
    let zeros = |n: i64| "0".repeat(usize::try_from(n).unwrap_or(0));
    Some(if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else {
        let (whole, fraction) = digits.split_at_checked(usize::try_from(point).ok()?)?;
        format!("{sign}{whole}.{fraction}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_moves_and_no_digit_is_lost() {
        let expanded = |number| without_exponent(number).unwrap_or_default();
        assert_eq!(expanded("1.5e3"), "1500");
        assert_eq!(expanded("-12.34E+1"), "-123.4");
        assert_eq!(expanded("1234e-2"), "12.34");
        assert_eq!(expanded("5e-3"), "0.005");
        assert_eq!(expanded("0.0e99999999999999999999"), "0");
        assert_eq!(expanded("100e-2"), "1");
        assert_eq!(without_exponent("15"), None);
        assert_eq!(without_exponent("1e999999999"), None);
        assert_eq!(without_exponent("1e99999999999999999999"), None);
    }
}
