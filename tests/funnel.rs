//! Which things are of one case, and how far it came.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use kadence::funnel::{Case, Funnel, NoFunnel};
use kadence::{AsOf, Dataset, NoFiles, Noun, Options, RuleSet};
use proptest::prelude::*;
use support::{as_of, company, coverage, dataset, instant};

const SALES: &str = "goal sales = sum amount of won opportunities >= 1m per year\n    \
                     through lead > meeting on lead > offer > won opportunity\n";

/// Rows as `noun: field value, …`, one a line.
fn data(rules: &RuleSet, rows: &str) -> Dataset {
    let mut data = Dataset::builder(rules.schema());
    for line in rows.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (noun, cells) = line.split_once(": ").unwrap();
        let noun = Noun::ALL.into_iter().find(|known| known.singular() == noun).unwrap();
        let cells = cells.split(", ").map(|cell| cell.split_once(' ').unwrap());
        let cells: Vec<(&str, &str, u32)> = cells.map(|(name, text)| (name, text, 1)).collect();
        data.row(noun, &cells, "rows", 1);
    }
    let (data, _notes) = data.build().unwrap_or_else(|found| panic!("{found}"));
    data
}

fn funnel_of(text: &str, rows: &str, at: &str) -> Funnel {
    let rules = RuleSet::compile("goals.kpi", text, &NoFiles).unwrap();
    let data = data(&rules, rows);
    let name = rules.goals().next().unwrap().to_owned();
    rules.funnel(&data, &Options::at(at.parse::<AsOf>().unwrap()), &name).unwrap()
}

/// `lead 2026-01-05, 2026-01-12 (0 2 1 0)`: where it began, its days, its things.
fn told(case: &Case) -> String {
    let days: Vec<String> = case.reached.iter().map(ToString::to_string).collect();
    let things: Vec<String> = case.things.iter().map(ToString::to_string).collect();
    let lost = match case.lost {
        Some(day) => format!(" lost {day}"),
        None => if case.is_lost { " lost" } else { "" }.to_owned(),
    };
    let worth = case.worth.as_ref().map_or_else(String::new, |worth| format!(" worth {worth}"));
    format!("{}: {} ({}){lost}{worth}", case.start, days.join(", "), things.join(" "))
}

fn cases(rows: &str, at: &str) -> Vec<String> {
    funnel_of(SALES, rows, at).cases.iter().map(told).collect()
}

const FIRST: &str = "
    lead: id bo, created 2026-01-05T09:00, status converted, converted 2026-02-20, customer acme
    customer: id acme
    activity: id m1, kind meeting, status completed, at 2026-01-12T10:00, lead bo
    activity: id m2, kind meeting, status completed, at 2026-01-19T10:00, lead bo
    opportunity: id deal, customer acme, lead bo, status won, created 2026-02-20, closed 2026-04-01, amount 250000
    activity: id o1, kind offer, status completed, at 2026-03-02T10:00, opportunity deal
";

#[test]
fn a_lead_goes_all_the_way_from_its_creation_on() {
    let days = "2026-01-05, 2026-01-12, 2026-03-02, 2026-04-01";
    assert_eq!(cases(FIRST, "2026-06-30"), [format!("0: {days} (1 2 1 1) worth 250000")]);
}

#[test]
fn what_lies_ahead_has_not_happened() {
    let funnel = funnel_of(SALES, FIRST, "2026-03-02");
    let [case] = funnel.cases.as_slice() else { panic!("{:?}", funnel.cases) };
    assert_eq!(told(case), "0: 2026-01-05, 2026-01-12, 2026-03-02 (1 2 1 0)");
    assert_eq!(case.expected.as_ref().unwrap().to_string(), "250000");
    assert_eq!(funnel.workdays.of - funnel.workdays.left, 43);
}

#[test]
fn a_second_sale_to_the_customer_is_a_case_of_its_own() {
    let rows = format!(
        "{FIRST}
        opportunity: id more, customer acme, status open, created 2026-05-01, amount 90000
        activity: id o2, kind offer, status completed, at 2026-05-04T10:00, opportunity more"
    );
    let told = cases(&rows, "2026-06-30");
    assert_eq!(told.len(), 2);
    assert_eq!(told[1], "2: 2026-05-04 (0 0 1 0)");
}

#[test]
fn two_leads_of_a_customer_stay_apart() {
    let rows = "
        customer: id acme
        lead: id bo, created 2026-01-05T09:00, customer acme
        lead: id ida, created 2026-01-06T09:00, customer acme
        activity: id m1, kind meeting, status completed, at 2026-01-12T10:00, lead ida
        activity: id o1, kind offer, status completed, at 2026-01-20T10:00, customer acme";
    // The offer names the customer alone: it goes on with the lead that moved last.
    let expected = ["0: 2026-01-05 (1 0 0 0)", "0: 2026-01-06, 2026-01-12, 2026-01-20 (1 1 1 0)"];
    assert_eq!(cases(rows, "2026-06-30"), expected);
}

#[test]
fn a_step_that_is_skipped_was_reached_with_the_next_one() {
    let rows = "
        lead: id bo, created 2026-01-05T09:00
        activity: id o1, kind offer, status completed, at 2026-01-20T10:00, lead bo";
    assert_eq!(cases(rows, "2026-06-30"), ["0: 2026-01-05, 2026-01-20, 2026-01-20 (1 0 1 0)"]);
}

#[test]
fn a_lead_that_was_entered_late_is_put_in_front_of_its_meeting() {
    let rows = "
        activity: id m1, kind meeting, status completed, at 2026-01-12T10:00, lead bo
        lead: id bo, created 2026-01-13T09:00
        activity: id o1, kind offer, status completed, at 2026-01-20T10:00, lead bo";
    assert_eq!(cases(rows, "2026-06-30"), ["0: 2026-01-12, 2026-01-12, 2026-01-20 (1 1 1 0)"]);
}

#[test]
fn a_meeting_after_the_offer_did_not_lead_to_it() {
    let rows = "
        lead: id bo
        activity: id o1, kind offer, status completed, at 2026-01-20T10:00, lead bo
        activity: id m1, kind meeting, status completed, at 2026-01-28T10:00, lead bo";
    assert_eq!(cases(rows, "2026-06-30"), ["2: 2026-01-20 (0 1 1 0)"]);
}

#[test]
fn what_is_spaced_is_counted_apart() {
    let rows = "
        activity: id c1, kind call, status completed, at 2026-01-12T10:00
        activity: id c2, kind call, status completed, at 2026-01-13T10:00
        activity: id c3, kind call, status completed, at 2026-02-20T10:00";
    let funnel = funnel_of("goal g = calls spaced 30 days >= 5 per year", rows, "2026-06-30");
    assert_eq!((funnel.steps[0].so_far, funnel.cases.len()), (2, 2));
    assert_eq!(funnel.goal.measured.unwrap().to_string(), "2");
}

#[test]
fn a_deal_that_is_won_and_does_not_count_is_over() {
    let text = "goal large = won opportunities where (amount >= 500k) >= 5 per year\n    \
                through offer > won opportunities where (amount >= 500k)\n";
    let rows = "
        customer: id acme
        opportunity: id deal, customer acme, status won, created 2026-02-20, closed 2026-04-01, amount 90000
        activity: id o1, kind offer, status completed, at 2026-03-02T10:00, opportunity deal";
    let funnel = funnel_of(text, rows, "2026-06-30");
    assert_eq!(
        funnel.cases.iter().map(told).collect::<Vec<_>>(),
        ["0: 2026-03-02 (1 0) lost 2026-04-01"]
    );
}

#[test]
fn what_comes_after_the_last_complete_day_is_not_looked_at() {
    let rules = RuleSet::compile("goals.kpi", "goal g = calls >= 5 per year", &NoFiles).unwrap();
    let mut builder = Dataset::builder(rules.schema());
    builder.complete_through("2026-03-31".parse().unwrap());
    for (id, at) in [("a", "2026-03-02T10:00"), ("b", "2026-05-02T10:00")] {
        let cells = [("id", id, 1), ("kind", "call", 1), ("status", "completed", 1), ("at", at, 1)];
        builder.row(Noun::Activity, &cells, "rows", 1);
    }
    let (data, _notes) = builder.build().unwrap();
    let options = Options::at("2026-06-30".parse::<AsOf>().unwrap());
    let funnel = rules.funnel(&data, &options, "g").unwrap();
    assert_eq!(
        (funnel.cases.len(), funnel.goal.measured.unwrap().to_string()),
        (1, "1".to_owned())
    );
    assert_eq!(
        (funnel.day.to_string(), funnel.known_through.to_string()),
        ("2026-06-30".into(), "2026-03-31".into())
    );
}

#[test]
fn what_is_lost_is_lost_when_its_opportunity_was_or_on_no_day_that_is_known() {
    let rows = "
        customer: id acme
        opportunity: id deal, customer acme, status lost, created 2026-02-20, closed 2026-04-01
        activity: id o1, kind offer, status completed, at 2026-03-02T10:00, opportunity deal
        lead: id bo, created 2026-01-05T09:00, status lost
        activity: id m1, kind meeting, status completed, at 2026-01-12T10:00, lead bo
        activity: id o2, kind offer, status completed, at 2026-05-02T10:00, opportunity deal";
    let expected = [
        "0: 2026-01-05, 2026-01-12 (1 1 0 0) lost",
        "2: 2026-03-02 (0 0 1 0) lost 2026-04-01",
        "2: 2026-05-02 (0 0 1 0) lost 2026-05-02",
    ];
    assert_eq!(cases(rows, "2026-06-30"), expected);
    assert_eq!(cases(rows, "2026-03-31")[1], "2: 2026-03-02 (0 0 1 0)");
}

#[test]
fn before_the_first_complete_day_a_case_is_not_whole() {
    let rules = RuleSet::compile("goals.kpi", SALES, &NoFiles).unwrap();
    let mut builder = Dataset::builder(rules.schema());
    builder.complete_from("2026-01-10".parse().unwrap());
    for (id, created) in [("bo", "2026-01-05"), ("ida", "2026-01-15")] {
        builder.row(Noun::Lead, &[("id", id, 1), ("created", created, 1)], "rows", 1);
    }
    let (data, _notes) = builder.build().unwrap();
    let options = Options::at("2026-06-30".parse::<AsOf>().unwrap());
    let funnel = rules.funnel(&data, &options, "sales").unwrap();
    let whole: Vec<bool> = funnel.cases.iter().map(|case| case.is_whole).collect();
    assert_eq!(whole, [false, true]);
    assert_eq!(funnel.pace.from, "2026-01-10".parse().unwrap());
}

#[test]
fn a_thing_without_a_day_is_in_no_case_and_is_counted() {
    let funnel = funnel_of(SALES, "lead: id bo\nlead: id ida, created 2026-01-05", "2026-06-30");
    assert_eq!((funnel.steps[0].things, funnel.steps[0].undated, funnel.cases.len()), (2, 1, 1));
}

#[test]
fn rates_are_assumed_in_days() {
    let text = format!("{SALES}    assume offer > won opportunity 25% within 2 weeks\n");
    let funnel = funnel_of(&text, "lead: id bo, created 2026-01-05", "2026-06-30");
    let [assumed] = funnel.assumed.as_slice() else { panic!("{:?}", funnel.assumed) };
    assert_eq!(
        (assumed.step, assumed.percent.to_string().as_str(), assumed.days),
        (2, "25", Some(14))
    );
}

#[test]
fn what_a_goal_counts_is_its_last_step_whatever_it_names() {
    let text = "goal loud = calls >= 10 per year through lead > meeting";
    let funnel = funnel_of(text, "lead: id bo, created 2026-01-05", "2026-06-30");
    let steps: Vec<&str> = funnel.steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(steps, ["lead", "meeting", "calls"]);
}

#[test]
fn of_a_share_there_are_no_cases() {
    let text = "goal quality = share of closed opportunities that are won >= 25% per year\n    \
                through lead > won opportunity";
    let funnel = funnel_of(text, FIRST, "2026-06-30");
    assert!(!funnel.adds_up && funnel.cases.is_empty());
}

#[test]
fn a_moving_window_has_no_last_day() {
    let funnel = funnel_of("goal calls = calls >= 10 in last 30 days", FIRST, "2026-06-30");
    assert_eq!((funnel.period, funnel.workdays.left), (None, 0));
}

#[test]
fn why_there_is_no_funnel_is_said() {
    let refused = |text: &str, name: &str| {
        let rules = RuleSet::compile("goals.kpi", text, &NoFiles).unwrap();
        let options = Options::at("2026-06-30".parse::<AsOf>().unwrap());
        rules.funnel(&data(&rules, ""), &options, name).unwrap_err()
    };
    let said = [
        refused("customer: next call", "sales"),
        refused(SALES, "sale"),
        refused("goal g = calls >= 10 per year through campaign > call", "g"),
    ];
    assert!(matches!(said, [NoFunnel::NoGoal, NoFunnel::Unknown { .. }, NoFunnel::Step { .. }]));
    let said = said.map(|said| said.to_string()).join("\n");
    insta::assert_snapshot!(said, @"
    the rules have no goal: write one, as in `goal new-sales = sum amount of won opportunities >= 5m per year`
    no goal is called `sale`; did you mean `sales`?
    the step `campaign` is of campaigns, and those are on no way to a sale: a step is of activities, leads, opportunities or customers
    ");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Of random companies: every thing with a day is in exactly one case, and days rise.
    #[test]
    fn no_thing_is_lost_or_told_twice(rows in company(), coverage in coverage(), as_of in as_of()) {
        let text = "goal g = won opportunities >= 5 per year\n    through lead > call | meeting > opportunity > offer > won opportunity";
        let text = format!("{}\n{text}\n", include_str!("support/every_construct.kpi"));
        let rules = RuleSet::compile("laws.kpi", &text, &NoFiles).unwrap();
        let data = dataset(&rules, &rows, coverage);
        let options = Options::at(as_of.parse::<AsOf>().unwrap());
        let funnel = rules.funnel(&data, &options, "g").unwrap();
        prop_assert!(funnel.day <= instant(&as_of).date_naive());
        for (place, step) in funnel.steps.iter().enumerate() {
            let threaded: u64 = funnel.cases.iter().map(|case| u64::from(case.things[place])).sum();
            prop_assert_eq!(threaded, step.things - step.undated, "{}", step.text);
            let by_seller: u64 = step.by_seller.iter().map(|count| count.things).sum();
            prop_assert!(by_seller <= step.so_far && step.so_far <= step.things);
        }
        for case in &funnel.cases {
            prop_assert!(case.reached.is_sorted() && !case.reached.is_empty());
            prop_assert!(case.reached.iter().all(|day| *day <= funnel.day));
            prop_assert!(!case.is_lost || case.last() + 1 < funnel.steps.len());
            prop_assert!(case.is_lost || case.lost.is_none());
        }
        let first: Vec<_> = funnel.cases.iter().map(|case| case.reached[0]).collect();
        prop_assert!(first.is_sorted());
    }
}
