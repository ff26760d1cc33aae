//! No booking keeps more than the plan: held against all bookings of small companies.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "for tests alone")]

mod support;

use chrono::{Datelike, NaiveDate, Weekday};
use kadence::{Activity, ActivityStatus, Moment};
use kadence_plan::plan;
use proptest::prelude::*;
use support::{Case, RULES, cases, day};

/// Those among whose acts the solver weighs all choices.
const WEIGHED: &[&str] = RULES.split_at(12).0;

/// A day of a seller: how many slots are free in a row, and where they start.
#[derive(Debug, Clone)]
struct Free {
    seller: String,
    date: NaiveDate,
    start: u32,
    slots: u32,
}

fn workday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// What is free until the last day, and for next steps on the five workdays after it.
fn free(case: &Case) -> Vec<Free> {
    let mut all = Vec::new();
    for seller in &case.tables.sellers {
        let mut after = 0;
        for n in 1..=case.days + 14 {
            let date = day(n);
            let is_away = case.tables.absences.iter().any(|absence| {
                absence.seller.as_ref() == Some(&seller.id) && absence.from == Some(date)
            });
            if !workday(date) || is_away {
                continue;
            }
            if n > case.days {
                after += 1;
                if after > 5 {
                    break;
                }
            }
            let taken = |slot: u32| {
                case.tables.activities.iter().any(|one| {
                    let Moment::Local(at) = one.at else { return false };
                    let length = if one.kind == "call" { 1 } else { 2 };
                    one.status == ActivityStatus::Planned
                        && one.seller.as_ref() == Some(&seller.id)
                        && at.date() == date
                        && slot < length
                })
            };
            let start = (0..case.slots).find(|slot| !taken(*slot)).unwrap_or(case.slots);
            let free = Free { seller: seller.id.clone(), date, start, slots: case.slots - start };
            if free.slots > 0 {
                all.push(free);
            }
        }
    }
    all
}

/// All ways to fill one day.
fn fillings(case: &Case, free: &Free) -> Vec<Vec<Activity>> {
    let owns = |owner: &Option<String>| owner.as_ref() == Some(&free.seller);
    let customers = case.tables.customers.iter().filter(|one| owns(&one.owner));
    let customers = customers.map(|one| (Some(one.id.clone()), None));
    let leads = case.tables.leads.iter().filter(|one| owns(&one.owner));
    let leads = leads.map(|one| (None, Some(one.id.clone())));
    let nobody = case.rules.contains("seller:").then_some((None, None));
    let whom: Vec<_> = customers.chain(leads).chain(nobody).collect();
    let mut kinds = vec![("call", 1)];
    if free.slots > 1 {
        kinds.extend(["visit", "meeting"].map(|kind| (kind, 2)));
    }
    if !case.rules.contains("meeting:") {
        kinds.retain(|(kind, _)| *kind != "meeting");
    }
    let act = |kind: &str, slot: u32, (customer, lead): &(Option<String>, Option<String>)| {
        let at = free.date.and_hms_opt(9 + slot / 2, 30 * (slot % 2), 0).unwrap();
        Activity {
            seller: Some(free.seller.clone()),
            customer: customer.clone(),
            lead: lead.clone(),
            created: Some(Moment::Local(day(0).and_hms_opt(23, 59, 0).unwrap())),
            ..Activity::new("", kind, ActivityStatus::Planned, Moment::Local(at))
        }
    };
    let mut all = vec![Vec::new()];
    for (kind, length) in &kinds {
        for one in &whom {
            if *length <= free.slots {
                all.push(vec![act(kind, free.start, one)]);
            }
            if 2 * length <= free.slots {
                for other in &whom {
                    all.push(vec![
                        act(kind, free.start, one),
                        act(kind, free.start + length, other),
                    ]);
                }
            }
        }
    }
    all
}

fn least_lost(case: &Case) -> u32 {
    let rules = case.compiled();
    let mut days = free(case);
    if !case.rules.contains("next ") {
        days.retain(|free| free.date <= day(case.days));
    } else {
        // One day after the last is as good as another for a next step, where no more are asked for.
        let mut kept: Vec<Free> = Vec::new();
        for free in days {
            let same = |other: &&Free| other.seller == free.seller && other.date > day(case.days);
            if free.date <= day(case.days) || kept.iter().filter(same).count() < 2 {
                kept.push(free);
            }
        }
        days = kept;
    }
    let choices: Vec<Vec<Vec<Activity>>> = days.iter().map(|free| fillings(case, free)).collect();
    let mut places = vec![0; choices.len()];
    let mut least = u32::MAX;
    loop {
        let acts = places.iter().zip(&choices).flat_map(|(place, all)| all[*place].clone());
        let acts: Vec<Activity> =
            acts.enumerate().map(|(n, act)| Activity { id: format!("b{n}"), ..act }).collect();
        least = least.min(case.lost(&rules, &acts));
        let Some(next) = (0..places.len()).find(|n| places[*n] + 1 < choices[*n].len()) else {
            return least;
        };
        places[next] += 1;
        places[..next].fill(0);
    }
}

fn combinations(case: &Case) -> usize {
    let days = free(case);
    let days =
        days.iter().filter(|free| case.rules.contains("next ") || free.date <= day(case.days));
    days.map(|free| fillings(case, free).len())
        .try_fold(1_usize, usize::checked_mul)
        .unwrap_or(usize::MAX)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn no_booking_keeps_more(case in prop_oneof![
        cases(WEIGHED, 1, 2),
        cases(WEIGHED, 1, 3),
        cases(WEIGHED, 2, 2),
    ]) {
        prop_assume!(combinations(&case) <= 30_000);
        let rules = case.compiled();
        let schedule = plan(&rules, &case.data(&rules, &[]), &case.options(), &case.ask()).unwrap();
        let planned = case.lost(&rules, &schedule.activities());
        prop_assert_eq!(planned.min(least_lost(&case)), planned, "{:#?}", schedule);
    }
}
