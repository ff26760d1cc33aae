//! What holds of every plan.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "for tests alone")]

mod support;

use std::collections::BTreeSet;

use chrono::{Datelike, TimeDelta, Weekday};
use kadence::worklist::rehearsal::Rehearsal;
use kadence::{Customer, Lead, LeadStatus, Moment, Seller, Tables, Temperature};
use kadence_plan::{Ask, plan};
use proptest::prelude::*;
use support::{CALENDAR, Case, RULES, cases, day};

fn planned(case: &Case) -> (kadence::RuleSet, kadence_plan::Schedule) {
    let rules = case.compiled();
    let schedule = plan(&rules, &case.data(&rules, &[]), &case.options(), &case.ask()).unwrap();
    (rules, schedule)
}

/// The rules and subjects of what is asked of which a plan says neither that something serves it, nor
/// that it is unmet.
fn untold(
    case: &Case,
    rules: &kadence::RuleSet,
    schedule: &kadence_plan::Schedule,
) -> Vec<(String, String)> {
    let data = case.data(rules, &[]);
    let before = Rehearsal::new(rules, &data, &case.options()).unwrap();
    let ids: Vec<String> = before.rules().map(|rule| rule.id).collect();
    let booked = schedule.sellers.iter().flat_map(|seller| &seller.booked);
    let served = booked.flat_map(|one| &one.serves).map(|one| (&one.rule, &one.subject.id));
    let unmet = schedule.unmet.iter().map(|one| (&one.rule, &one.subject.id));
    let told: BTreeSet<(&String, &String)> = served.chain(unmet).collect();
    let asked = before.lost(case.ask().until, &[]).unwrap().into_iter();
    let asked = asked.map(|lost| (ids[lost.rule].clone(), lost.subject));
    asked.filter(|(rule, subject)| !told.contains(&(rule, subject))).collect()
}

/// A call that was booked for one rule keeps another that gave way to a third.
#[test]
fn what_an_act_keeps_that_was_booked_for_something_else_it_serves_too() {
    let owned = |id: &str, owner: &str| Customer {
        owner: Some(owner.to_owned()),
        created: Some(day(-3)),
        ..Customer::new(id)
    };
    let created = day(0).and_hms_opt(9, 0, 0).map(Moment::Local);
    let lead = Lead {
        temperature: Some(Temperature::Hot),
        status: Some(LeadStatus::Open),
        owner: Some("s0".to_owned()),
        created,
        ..Lead::new("x3")
    };
    let tables = Tables {
        sellers: vec![Seller::new("s0"), Seller::new("s1")],
        customers: vec![owned("x0", "s0"), owned("x1", "s0"), owned("x2", "s1")],
        leads: vec![lead],
        ..Tables::default()
    };
    let rules = [
        "customer: call every 5 days as r0 weight 1",
        "customer: calls >= 1 this month and visits >= 1 this month as r12 weight 1",
        "seller: calls <= 1 this month as r14 weight 1\n",
    ];
    let case = Case { rules: CALENDAR.to_owned() + &rules.join("\n"), tables, days: 3, slots: 2 };
    let (rules, schedule) = planned(&case);
    assert_eq!(untold(&case, &rules, &schedule), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nothing_is_booked_where_there_is_no_time(case in cases(&RULES, 2, 4)) {
        let (_, schedule) = planned(&case);
        for seller in &schedule.sellers {
            let all = seller.booked.iter().map(|one| (one.start, one.minutes));
            let before = seller.planned.iter().map(|one| (one.start, one.minutes));
            let spans: Vec<_> = all
                .chain(before)
                .map(|(start, minutes)| (start, start + TimeDelta::minutes(minutes.into())))
                .collect();
            for (n, one) in spans.iter().enumerate().take(seller.booked.len()) {
                for other in &spans[n + 1..] {
                    prop_assert!(one.1 <= other.0 || other.1 <= one.0, "{one:?} {other:?}");
                }
                prop_assert!(!matches!(one.0.weekday(), Weekday::Sat | Weekday::Sun));
                prop_assert!(one.0.date() > day(0));
                let is_away = case.tables.absences.iter().any(|absence| {
                    absence.seller.as_ref() == Some(&seller.seller.id)
                        && absence.from.unwrap() <= one.0.date()
                        && one.0.date() <= absence.until.unwrap()
                });
                prop_assert!(!is_away);
            }
            prop_assert!(seller.kept.kept <= seller.kept.most && seller.kept.most <= seller.kept.asked);
        }
    }

    #[test]
    fn what_is_planned_stays_and_what_is_asked_is_booked_or_listed(case in cases(&RULES, 2, 4)) {
        let (rules, schedule) = planned(&case);
        let stays: usize = schedule.sellers.iter().map(|seller| seller.planned.len()).sum();
        let ahead = case.tables.activities.iter().filter(|one| one.id.starts_with('p')).count();
        prop_assert_eq!(stays, ahead);
        prop_assert_eq!(untold(&case, &rules, &schedule), []);
    }

    #[test]
    fn what_is_said_to_be_unmet_is_what_the_rules_say_of_the_plan_as_if_done(case in cases(&RULES, 2, 4)) {
        let (rules, schedule) = planned(&case);
        let gone = {
            // What nothing could mend any more is no part of a plan.
            let all = case.lost(&rules, &[]);
            let data = case.data(&rules, &[]);
            let before = Rehearsal::new(&rules, &data, &case.options()).unwrap();
            let weights: Vec<u32> =
                before.rules().map(|rule| rule.weight.to_string().parse().unwrap()).collect();
            let open = before.lost(case.ask().until, &[]).unwrap();
            all - open.iter().map(|lost| weights[lost.rule]).sum::<u32>()
        };
        let weight = |id: &str| {
            let rule = rules.rules().find(|rule| rule.id == id).unwrap();
            rule.weight.to_string().parse::<u32>().unwrap()
        };
        let unmet: u32 = schedule.unmet.iter().map(|one| weight(&one.rule)).sum();
        prop_assert_eq!(unmet + gone, case.lost(&rules, &schedule.activities()));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes_and_ids_are_unique(case in cases(&RULES, 2, 4)) {
        let (_, schedule) = planned(&case);
        let (_, again) = planned(&case);
        let bytes = |schedule| serde_json::to_string(schedule).unwrap();
        prop_assert_eq!(bytes(&schedule), bytes(&again));
        prop_assert_eq!(schedule.calendar(None, &[]), again.calendar(None, &[]));
        let booked = schedule.sellers.iter().flat_map(|seller| &seller.booked);
        let ids: Vec<&str> = booked.map(|one| one.id.as_str()).collect();
        prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }

    /// A calendar knows an act by its id: it is the same whenever the act is.
    #[test]
    fn at_other_hours_ids_stay(case in cases(&RULES, 1, 3)) {
        let (rules, schedule) = planned(&case);
        let data = case.data(&rules, &[]);
        let later = Ask { starts: case.ask().starts + TimeDelta::hours(1), ends: case.ask().ends + TimeDelta::hours(1), ..case.ask() };
        let moved = plan(&rules, &data, &case.options(), &later).unwrap();
        let ids = |schedule: &kadence_plan::Schedule| -> BTreeSet<String> {
            let booked = schedule.sellers.iter().flat_map(|seller| &seller.booked);
            booked.map(|one| one.id.clone()).collect()
        };
        if schedule.sellers[0].planned.is_empty() {
            prop_assert_eq!(ids(&schedule), ids(&moved));
        }
    }

    /// Where there is time for all, what is asked of one subject costs no other anything.
    #[test]
    fn with_time_for_all_each_is_planned_as_if_alone(case in cases(&RULES[..14], 1, 3)) {
        prop_assume!(!case.rules.contains("seller:"));
        let case = Case { slots: 16, ..case };
        let (rules, schedule) = planned(&case);
        let all = case.lost(&rules, &schedule.activities());
        let mut alone = 0;
        for n in 0..3 {
            let id = Some(format!("x{n}"));
            let mut one = case.clone();
            one.tables.customers.retain(|other| Some(&other.id) == id.as_ref());
            one.tables.leads.retain(|other| Some(&other.id) == id.as_ref());
            one.tables.activities.retain(|other| other.customer == id || other.lead == id);
            let (rules, schedule) = planned(&one);
            alone += one.lost(&rules, &schedule.activities());
        }
        prop_assert_eq!(all, alone, "{:#?}", schedule);
    }
}
