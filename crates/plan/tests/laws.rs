//! What holds of every plan.

#![expect(clippy::unwrap_used, reason = "for tests alone")]

mod support;

use std::collections::BTreeSet;

use chrono::{Datelike, TimeDelta, Weekday};
use kadence::worklist::rehearsal::Rehearsal;
use kadence_plan::{Ask, plan};
use proptest::prelude::*;
use support::{Case, RULES, cases, day};

fn planned(case: &Case) -> (kadence::RuleSet, kadence_plan::Schedule) {
    let rules = case.compiled();
    let schedule = plan(&rules, &case.data(&rules, &[]), &case.options(), &case.ask()).unwrap();
    (rules, schedule)
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
        let data = case.data(&rules, &[]);
        let before = Rehearsal::new(&rules, &data, &case.options()).unwrap();
        let ids: Vec<String> = before.rules().map(|rule| rule.id).collect();
        let served: BTreeSet<(String, String)> = schedule
            .sellers
            .iter()
            .flat_map(|seller| &seller.booked)
            .flat_map(|one| &one.serves)
            .map(|one| (one.rule.clone(), one.subject.id.clone()))
            .collect();
        for lost in before.lost(case.ask().until, &[]).unwrap() {
            let key = (ids[lost.rule].clone(), lost.subject.clone());
            let is_listed = schedule
                .unmet
                .iter()
                .any(|one| (&one.rule, &one.subject.id) == (&key.0, &key.1));
            prop_assert!(served.contains(&key) || is_listed, "{key:?}");
        }
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
