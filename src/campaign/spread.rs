//! How days are spread: quartiles and bands, by exact arithmetic.

use super::report::{Band, Speed};
use crate::model::Number;

/// The first days of the bands: the first days, a week, two, a month, two, three, and beyond.
const BANDS: [i64; 7] = [0, 3, 8, 15, 31, 61, 91];

/// How some days are spread, in any order.
pub(super) fn speed(mut days: Vec<i64>) -> Speed {
    days.sort_unstable();
    Speed {
        known: days.len() as u64,
        least: days.first().copied(),
        lower_quartile: quartile(&days, 1),
        median: quartile(&days, 2),
        upper_quartile: quartile(&days, 3),
        most: days.last().copied(),
        days: if days.is_empty() { Vec::new() } else { bands(&days) },
    }
}

/// The median of some days, in any order.
pub(super) fn median(mut days: Vec<i64>) -> Option<Number> {
    days.sort_unstable();
    quartile(&days, 2)
}

/// So many quarters of the way from the first to the last of sorted days, between two of them in
/// proportion.
fn quartile(sorted: &[i64], quarters: usize) -> Option<Number> {
    let way = sorted.len().checked_sub(1)? * quarters;
    let (before, rest) = (way / 4, way % 4);
    let below = Number::from(*sorted.get(before)?);
    if rest == 0 {
        return Some(below);
    }
    let above = Number::from(*sorted.get(before + 1)?);
    let part = Number::from(rest) / Number::from(4);
    Some(&below + &(&(&above - &below) * &part))
}

fn bands(days: &[i64]) -> Vec<Band> {
    let ends = BANDS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
    let band = |(from, to): (&i64, Option<i64>)| {
        let is_in = |day: &&i64| *day >= from && to.is_none_or(|to| **day <= to);
        Band { from: *from, to, members: days.iter().filter(is_in).count() as u64 }
    };
    BANDS.iter().zip(ends).map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quartiles(days: &[i64]) -> [String; 3] {
        [1, 2, 3].map(|quarters| quartile(days, quarters).unwrap().to_string())
    }

    #[test]
    fn quartiles_are_those_of_a_spreadsheet() {
        assert_eq!(quartiles(&[7]), ["7", "7", "7"]);
        assert_eq!(quartiles(&[0, 10]), ["2.5", "5", "7.5"]);
        assert_eq!(quartiles(&[1, 2, 4, 8]), ["1.75", "3", "5"]);
        assert_eq!(quartiles(&[1, 2, 4, 8, 16]), ["2", "4", "8"]);
        assert_eq!(median(Vec::new()), None);
    }

    proptest! {
        #[test]
        fn every_day_is_in_one_band_and_quartiles_are_in_order(
            days in prop::collection::vec(0_i64..400, 1..40),
        ) {
            let speed = speed(days.clone());
            let members: u64 = speed.days.iter().map(|band| band.members).sum();
            prop_assert_eq!(members, days.len() as u64);
            let least = speed.least.map(Number::from);
            let most = speed.most.map(Number::from);
            let quartiles = [speed.lower_quartile, speed.median, speed.upper_quartile];
            let all: Vec<Number> = [least].into_iter().chain(quartiles).chain([most]).flatten().collect();
            prop_assert_eq!(all.len(), 5);
            prop_assert!(all.is_sorted(), "{:?}", all);
        }
    }
}
