//! What is said of effects is right: by laws, by another way to the same figure, and on made companies
//! whose truth is known.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "support/empty.rs"]
mod empty;
#[path = "support/effect.rs"]
mod made;

use empty::EMPTY;
use kadence::Noun;
use kadence::effect::{Deal, Effort, Facts, Gaps, Origin, Peer, Size};
use kadence_statistics::effect::{Effects, LEAST_SUBJECTS, Refusal, Value, compare, raw};
use made::{PLAIN, Tally, WORLDS, World, tally};
use proptest::prelude::*;

fn value(subject: usize, stratum: usize, met: bool, count: f64, sum: f64) -> Value {
    Value { subject, stratum, met, count, sum }
}

/// Sixty subjects with up to three values each, in ten strata.
fn values() -> impl Strategy<Value = Vec<Value>> {
    let one = (0..60_usize, 0..10_usize, any::<bool>(), 1..4_u32, -50..50_i32);
    prop::collection::vec(one, 150..300).prop_map(|all| {
        all.into_iter()
            .map(|(subject, stratum, met, count, sum)| {
                value(subject, stratum, met, f64::from(count), f64::from(sum))
            })
            .collect()
    })
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-8 * (1.0 + one.abs() + other.abs())
}

/// The coefficient of `met` in a least squares regression on it and a constant for each stratum, every
/// value a row of its own: by Gaussian elimination of the normal equations.
fn regression(values: &[Value]) -> f64 {
    let strata = 1 + values.iter().map(|value| value.stratum).max().unwrap();
    let size = strata + 1;
    let mut rows = vec![vec![0.0; size + 1]; size];
    for value in values {
        let mut x = vec![0.0; size];
        x[0] = f64::from(u8::from(value.met));
        x[1 + value.stratum] = 1.0;
        for (i, left) in x.iter().enumerate() {
            for (j, right) in x.iter().enumerate() {
                rows[i][j] += value.count * left * right;
            }
            rows[i][size] += left * value.sum;
        }
    }
    // From the last column to the first, so that what is left of the first row is the answer.
    for pivot in (1..size).rev() {
        let own = rows[pivot].clone();
        for row in &mut rows[..pivot] {
            let factor = row[pivot] / own[pivot];
            row.iter_mut().zip(&own).for_each(|(cell, own)| *cell -= factor * own);
        }
    }
    rows[0][size] / rows[0][0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn it_is_the_coefficient_of_a_regression_with_a_constant_for_each_stratum(values in values()) {
        let has = |stratum: usize| values.iter().any(|value| value.stratum == stratum);
        prop_assume!((0..10).all(has));
        let (_, found) = compare(&values);
        prop_assert!(is_near(found.unwrap().difference, regression(&values)));
    }

    #[test]
    fn what_all_of_a_stratum_have_in_common_makes_no_difference(
        values in values(),
        levels in prop::collection::vec(-1000..1000_i32, 10),
    ) {
        let (_, before) = compare(&values);
        let raised: Vec<Value> = values
            .iter()
            .map(|one| Value { sum: one.sum + one.count * f64::from(levels[one.stratum]), ..*one })
            .collect();
        let (_, after) = compare(&raised);
        let (before, after) = (before.unwrap(), after.unwrap());
        prop_assert!((before.difference - after.difference).abs() < 1e-6);
        prop_assert!((before.error - after.error).abs() < 1e-6);
    }

    #[test]
    fn the_other_way_round_the_sign_is_the_other(values in values()) {
        let swapped: Vec<Value> = values.iter().map(|one| Value { met: !one.met, ..*one }).collect();
        let ((_, one), (_, other)) = (compare(&values), compare(&swapped));
        let (one, other) = (one.unwrap(), other.unwrap());
        prop_assert!(is_near(one.difference, -other.difference) && is_near(one.error, other.error));
        prop_assert!(is_near(one.degrees, other.degrees) && is_near(one.p(), other.p()));
    }

    #[test]
    fn in_which_order_values_come_makes_no_difference(values in values()) {
        let mut other = values.clone();
        other.reverse();
        let ((_, one), (_, other)) = (compare(&values), compare(&other));
        let (one, other) = (one.unwrap(), other.unwrap());
        prop_assert!(is_near(one.difference, other.difference) && is_near(one.error, other.error));
    }
}

#[test]
fn pairs_are_weighed_as_a_paired_t_test_weighs_them() {
    // The error of the mean of differences: sd / √n. One of 60 pairs weighs a sixtieth on either side.
    let differences: Vec<f64> = (0..60).map(|n| f64::from(n * 7 % 11) - 3.0).collect();
    let pair = |(n, d): (usize, &f64)| {
        let level = (n * n) as f64;
        [value(2 * n, n, true, 1.0, level + d), value(2 * n + 1, n, false, 1.0, level)]
    };
    let values: Vec<Value> = differences.iter().enumerate().flat_map(pair).collect();
    let mean = differences.iter().sum::<f64>() / 60.0;
    let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
    let (compared, found) = compare(&values);
    let found = found.unwrap();
    assert_eq!((compared.met, compared.missed, compared.strata, compared.nobody), (60, 60, 60, 0));
    assert!(is_near(found.difference, mean));
    assert!((found.error / (squares / 59.0 / 60.0).sqrt() - 1.0).abs() < 0.01, "{}", found.error);
    assert_eq!(found.degrees, 59.0);
}

#[test]
fn one_subject_seen_often_is_no_more_than_one() {
    let once: Vec<Value> = (0..80)
        .map(|n| value(n, n % 4, n / 4 % 2 == 0, 1.0, f64::from(n as u32 * 13 % 17)))
        .collect();
    let often: Vec<Value> = (0..100).flat_map(|_| once.clone()).collect();
    let (once, often) = (compare(&once).1.unwrap(), compare(&often).1.unwrap());
    assert!(is_near(once.difference, often.difference));
    // A larger sample would make it a tenth.
    assert!((often.error / once.error - 1.0).abs() < 0.05, "{} {}", once.error, often.error);
}

#[test]
fn nobody_is_compared_with_itself() {
    let own = (0..50)
        .flat_map(|n| [value(n, n, true, 1.0, 1.0), value(n, n, false, 1.0, f64::from(n as u32))]);
    let (compared, found) = compare(&own.collect::<Vec<_>>());
    assert_eq!((compared.met, compared.nobody), (0, 50));
    let needed = LEAST_SUBJECTS;
    assert_eq!(found, Err(Refusal::TooFewSubjects { met: 0, missed: 0, needed }));
}

#[test]
fn it_refuses_below_a_minimum_and_says_what_is_missing() {
    let some = |met: usize, missed: usize, strata: usize, sum: &dyn Fn(usize) -> f64| {
        let side = |n: usize, met: bool| {
            (0..n).map(move |k| (k + if met { 0 } else { 10_000 }, k % strata, met))
        };
        let both = side(met, true).chain(side(missed, false));
        let values =
            both.map(|(subject, stratum, met)| value(subject, stratum, met, 1.0, sum(subject)));
        compare(&values.collect::<Vec<Value>>()).1
    };
    let varied = |n: usize| (n % 7) as f64 + 0.5;
    assert_eq!(some(0, 0, 4, &varied), Err(Refusal::Nothing { met: 0, missed: 0 }));
    assert_eq!(some(0, 40, 4, &varied), Err(Refusal::Nothing { met: 0, missed: 40 }));
    let few = Refusal::TooFewSubjects { met: 19, missed: 40, needed: 20 };
    assert_eq!(some(19, 40, 4, &varied), Err(few));
    assert!(some(20, 40, 4, &varied).is_ok());
    assert_eq!(some(30, 30, 2, &varied), Err(Refusal::TooFewStrata { strata: 2, needed: 3 }));
    let alike = Refusal::TooAlike { different: 0, needed: 10 };
    assert_eq!(some(40, 40, 4, &|_| 0.0), Err(alike));
    assert_eq!(some(40, 40, 4, &|_| 3.25), Err(alike));
    // Nine of eighty did.
    let nine = |n: usize| f64::from(u8::from(n < 9));
    assert_eq!(some(40, 40, 4, &nine), Err(Refusal::TooAlike { different: 9, needed: 10 }));
    // Where all that met it did and none that missed it, chance has no measure.
    let parted = |n: usize| f64::from(u8::from(n < 10_000));
    assert_eq!(some(40, 40, 4, &parted), Err(Refusal::Parted));
}

#[test]
fn the_whole_way_comes_to_what_the_estimator_alone_does() {
    for world in [PLAIN, WORLDS[1], WORLDS[6]] {
        for seed in 0..10 {
            let (alone, whole) = (world.estimate(seed), world.report(seed));
            assert_eq!(alone.holds, whole.holds, "{} {seed}", world.name);
            assert_eq!(alone.raw_alarm, whole.raw_alarm, "{} {seed}", world.name);
        }
    }
}

/// A hundred runs of which the page has a thousand.
fn hundred(world: &World) -> Tally {
    tally((0..100).map(|seed| world.report(seed)))
}

#[test]
fn where_nothing_is_to_be_found_little_is_found() {
    let tally = hundred(&PLAIN);
    // Of 5 in 100, more than 10 are seen in 1 of 100 cases.
    assert!(tally.any <= 10 && tally.holds >= 88, "{tally:?}");
}

#[test]
fn that_good_customers_are_called_more_is_no_effect() {
    let tally = hundred(&WORLDS[1]);
    assert!(tally.raw_alarms >= 50, "whoever looks no closer is deceived: {tally:?}");
    assert!(tally.alarms <= 10 && tally.kinds <= 10 && tally.holds >= 88, "{tally:?}");
}

#[test]
fn what_is_there_is_found_and_held_by_the_interval() {
    let tally = tally((0..40).map(|seed| WORLDS[7].report(seed)));
    assert!(tally.alarms >= 30 && tally.holds >= 34, "{tally:?}");
}

#[test]
fn what_the_data_does_not_have_deceives() {
    // That is why it says what it cannot conclude.
    let tally = tally((0..100).map(|seed| WORLDS[8].estimate(seed)));
    assert!(tally.alarms > 10 && tally.holds < 88, "{tally:?}");
}

#[test]
fn everybody_with_everybody_is_the_difference_of_means() {
    let values: Vec<Value> =
        (0..90).map(|n| value(n, n, n % 3 == 0, 1.0, f64::from(n as u32 * 7 % 10))).collect();
    let mean = |met: bool| {
        let own: Vec<f64> = values.iter().filter(|v| v.met == met).map(|v| v.sum).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    assert!(is_near(raw(&values).unwrap().difference, mean(true) - mean(false)));
}

/// Facts of nothing.
fn nothing() -> Facts {
    Facts {
        as_of: String::new(),
        day: "2026-06-30".parse().unwrap(),
        months: 6,
        goal: None,
        steps: ["lead", "offer", "won opportunity"].map(str::to_owned).to_vec(),
        is_of_leads: true,
        rules: Vec::new(),
        kinds: Vec::new(),
        deals: Vec::new(),
        leads: Vec::new(),
        gaps: Gaps::default(),
        effort_since: "2025-07-01".parse().unwrap(),
        sellers: Vec::new(),
        segments: Vec::new(),
    }
}

/// A deal of a customer of its own, sold by somebody to somebody of a segment.
fn deal(
    n: usize,
    seller: &str,
    segment: Option<&str>,
    won: bool,
    (amount, margin): (i64, i64),
) -> Deal {
    let peer = Peer {
        kind: Noun::Opportunity,
        id: format!("o{n}"),
        cluster: (Noun::Customer, format!("c{n}")),
        segment: segment.map(str::to_owned),
        owner: Some(seller.to_owned()),
        size: Size::Unknown,
    };
    let (amount, margin) = (Some(amount.into()), Some(margin.into()));
    let closed = "2026-06-01".parse().unwrap();
    Deal { peer, closed, won, amount, margin, kinds_before: None }
}

fn effort(id: &str, things: u64) -> Effort {
    Effort { id: id.to_owned(), name: None, things }
}

/// Sellers with a hundred deals each, of whom `figures` says what comes of a deal: whether it was won,
/// and its amount and margin.
fn sellers(count: usize, figures: impl Fn(usize, usize) -> (bool, i64, i64)) -> Effects {
    let deal = |n: usize| {
        let (won, amount, margin) = figures(n / 100, n % 100);
        deal(n, &format!("s{}", n / 100), None, won, (amount, margin))
    };
    Effects::of(&Facts {
        deals: (0..count * 100).map(deal).collect(),
        sellers: (0..count).map(|n| effort(&format!("s{n}"), 50 + n as u64)).collect(),
        ..nothing()
    })
}

#[test]
fn many_offers_and_few_sales_are_effort_without_yield() {
    // The last has most offers and wins 8 of 100, the others 40.
    let effects = sellers(6, |seller, n| (n < if seller == 5 { 8 } else { 40 }, 1000, 300));
    let without = effects.effort.sellers.iter().filter(|one| one.is_without_yield);
    assert_eq!(without.map(|one| one.id.as_str()).collect::<Vec<_>>(), ["s5"]);
    let last = effects.effort.sellers[5].win_rate.unwrap();
    assert!((last.difference + 0.32).abs() < 1e-6 && last.adjusted < 0.001, "{last:?}");
    // With few offers it is no effort: the first has the fewest.
    let effects = sellers(6, |seller, n| (n < if seller == 0 { 8 } else { 40 }, 1000, 300));
    assert!(effects.effort.sellers[0].win_rate.unwrap().is_detected);
    assert!(effects.effort.sellers.iter().all(|one| !one.is_without_yield));
}

#[test]
fn low_margins_are_effort_without_yield_and_a_few_absurd_ones_are_not() {
    let margin =
        |seller: usize, n: usize| 300 + (n as i64 * 37 % 100) - if seller == 4 { 150 } else { 0 };
    let effects = sellers(5, |seller, n| (n < 60, 1000, margin(seller, n)));
    let without = effects.effort.sellers.iter().filter(|one| one.is_without_yield);
    assert_eq!(without.map(|one| one.id.as_str()).collect::<Vec<_>>(), ["s4"]);
    // Deals of next to nothing have any share, which says nothing of who has none of them.
    let absurd =
        |seller: usize, n: usize| match (seller < 3 && n.is_multiple_of(30), n as i64 * 37 % 100) {
            (true, _) => (true, 1, 9000),
            (false, rest) => (n < 60, 1000, 300 + rest),
        };
    let effects = sellers(5, absurd);
    assert!(effects.effort.sellers.iter().all(|one| !one.is_without_yield));
}

#[test]
fn one_huge_deal_does_not_make_a_good_margin_bad() {
    // Thirty in a hundred and more against twenty: all but one deal, which is worth more than all others.
    let figures = |seller: usize, n: usize| match (seller, n) {
        (0, 0) => (true, 20_000_000, 1_000_000),
        (0, _) => (n < 60, 1000, 300 + n as i64 % 50),
        (_, _) => (n < 60, 1000, 200 + n as i64 % 50),
    };
    let effects = sellers(2, figures);
    let [good, other] = &effects.effort.sellers[..] else { panic!() };
    assert!(!good.is_without_yield && other.is_without_yield, "{good:?}");
    assert!(good.margin.unwrap() > 0.3 && good.margins.unwrap().difference > 0.0, "{good:?}");
}

#[test]
fn who_lost_all_where_others_won_all_has_effort_without_yield() {
    let effects = sellers(2, |seller, _| (seller == 0, 1000, 300));
    let last = &effects.effort.sellers[1];
    assert!(last.is_without_yield && last.refused.is_none(), "{last:?}");
    // With few customers it is not told, and why.
    let few = |n: usize| {
        let seller = if n < 15 { "kim" } else { "lee" };
        deal(n, seller, None, n >= 15, (1000, 300))
    };
    let facts = Facts {
        deals: (0..60).map(few).collect(),
        sellers: vec![effort("kim", 90), effort("lee", 90)],
        ..nothing()
    };
    let kim = &Effects::of(&facts).effort.sellers[0];
    let needed = LEAST_SUBJECTS;
    assert_eq!(kim.refused, Some(Refusal::TooFewSubjects { met: 15, missed: 45, needed }));
    assert!(!kim.is_without_yield);
}

#[test]
fn sellers_are_held_against_those_who_sell_to_the_like() {
    // C buys one in five, A every other, whoever sells; Kim has nearly all of C.
    let sold = |n: usize| {
        let of_a = n.is_multiple_of(2);
        let is_kims = if of_a { n.is_multiple_of(20) } else { n % 20 != 1 && n % 20 != 11 };
        let won = n * 37 % 100 < if of_a { 50 } else { 20 };
        deal(
            n,
            if is_kims { "kim" } else { "lee" },
            Some(if of_a { "A" } else { "C" }),
            won,
            (1000, 300),
        )
    };
    let facts = Facts {
        deals: (0..600).map(sold).collect(),
        sellers: vec![effort("kim", 90), effort("lee", 90)],
        ..nothing()
    };
    let kim = &Effects::of(&facts).effort.sellers[0];
    assert!(kim.won.share().unwrap() < kim.others.share().unwrap() - 0.15, "{kim:?}");
    assert!(!kim.is_without_yield && kim.win_rate.unwrap().p > 0.05, "{kim:?}");
}

#[test]
fn that_a_source_does_well_early_says_nothing_of_what_goes_on() {
    // Of each source another share meets; of those that meet, one in three wins.
    let lead = |source: usize, n: usize, meets: bool, wins: bool| Origin {
        id: format!("{source}-{n}"),
        source: Some(format!("s{source}")),
        campaign: None,
        is_old_enough: true,
        converted: false,
        steps: vec![true, meets, wins],
        won: u64::from(wins),
        amount: Some(0.into()),
        margin: Some(0.into()),
    };
    let made = |wins: fn(usize, usize) -> bool| {
        let of = |source: usize| {
            (0..90).map(move |n| {
                let meets = n < 30 + 6 * source;
                lead(source, n, meets, meets && wins(source, n))
            })
        };
        let facts = Facts { leads: (0..8).flat_map(of).collect(), ..nothing() };
        Effects::of(&facts).sources.carry
    };
    let chance = made(|source, n| (n * 7 + source * 5) % 11 < 4);
    assert!(chance.sources == 8 && chance.p.unwrap() > 0.05, "{chance:?}");
    let carries = made(|source, n| n % 10 <= source);
    assert!(carries.correlation.unwrap() > 0.9 && carries.p.unwrap() < 0.01, "{carries:?}");
    let facts = Facts { is_of_leads: false, ..nothing() };
    assert!(Effects::of(&facts).sources.steps.is_empty());
}

#[test]
fn what_deceives_whoever_does_not_look_at_what_was_known_is_not_found() {
    for world in &EMPTY {
        let alarms = world.alarms(0..40);
        // Of 5 in 100, more than 6 of 40 are seen in 1 of 300 cases.
        assert!(alarms.rules <= 6 && alarms.kinds <= 6, "{}: {alarms:?}", world.name);
    }
    // Where the data cannot tell what was so at the time, nothing is compared; elsewhere something is.
    let compared = EMPTY.map(|world| world.alarms(0..3).compared);
    assert_eq!(compared[6], 0);
    assert!(compared[..6].iter().all(|compared| *compared == 3), "{compared:?}");
}
