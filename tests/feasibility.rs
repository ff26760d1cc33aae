//! What rules ask of people, beside the time that they have.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "the laws use more of it")]
mod support;

use kadence::feasibility::{Balance, Feasibility, Unmeasured};
use kadence::{
    Absence, Activity, ActivityStatus, AsOf, Campaign, Customer, Dataset, DatasetBuilder,
    EvaluateError, Moment, NoFiles, Noun, Number, Opportunity, OpportunityStatus, Options, RuleSet,
    Seller, Team,
};
use proptest::prelude::*;
use support::{Row, company, dataset, middle};

const MINUTES: &str =
    "minutes call 15, visit 120, meeting 60, email 10, message 5, demo 60, offer 30, task 10";

fn rules(text: &str) -> RuleSet {
    let text = format!("calendar\n    hours 1 per workday\n    {MINUTES}\n{text}\n");
    RuleSet::compile("sales.kpi", &text, &NoFiles).unwrap()
}

fn at(day: &str) -> Options {
    Options::at(day.parse::<AsOf>().unwrap())
}

/// What is asked until the end of 2026, as of 2026-11-15, of kim and her customer acme.
fn asked(text: &str, add: impl FnOnce(&mut DatasetBuilder)) -> Feasibility {
    asked_until("2026-12-31", text, add)
}

fn asked_until(until: &str, text: &str, add: impl FnOnce(&mut DatasetBuilder)) -> Feasibility {
    let rules = rules(text);
    let mut data = Dataset::builder(rules.schema());
    data.add(Team { name: Some("North".into()), ..Team::new("north") });
    data.add(Seller { team: Some("north".into()), ..Seller::new("kim") });
    let created = "2026-01-01".parse().ok();
    data.add(Customer { owner: Some("kim".into()), created, ..Customer::new("acme") });
    add(&mut data);
    let (data, _notes) = data.build().unwrap();
    rules.feasibility(&data, &at("2026-11-15"), until.parse().ok()).unwrap()
}

fn activity(id: &str, kind: &str, status: ActivityStatus, day: &str) -> Activity {
    let at = format!("{day}T10:00").parse::<Moment>().unwrap();
    let customer = Some("acme".into());
    Activity { customer, seller: Some("kim".into()), ..Activity::new(id, kind, status, at) }
}

fn done(data: &mut DatasetBuilder, kind: &str, day: &str) {
    data.add(activity(&format!("{kind}{day}"), kind, ActivityStatus::Completed, day));
}

fn planned(data: &mut DatasetBuilder, kind: &str, day: &str) {
    data.add(activity(&format!("{kind}{day}"), kind, ActivityStatus::Planned, day));
}

/// How many activities each duty asks for.
fn duties(found: &Feasibility) -> Vec<String> {
    let duty = |duty: &kadence::feasibility::Duty| {
        format!("{} {} for {}", duty.activities, duty.kinds.join("|"), duty.subject.id)
    };
    found.duties.iter().map(duty).collect()
}

fn minutes(hours: &Number) -> Number {
    hours.clone() * Number::from(60)
}

fn nothing(_: &mut DatasetBuilder) {}

#[test]
fn every_period_that_remains_asks_for_what_it_misses() {
    let found = asked("customer: calls >= 2 per month", |data| {
        done(data, "call", "2026-11-02");
        planned(data, "call", "2026-12-07");
    });
    assert_eq!(duties(&found), ["2 call for acme"]);
    // What is planned takes its time too.
    assert_eq!(minutes(&found.company.planned), Number::from(15));
    assert_eq!(minutes(&found.company.least), Number::from(45));
}

#[test]
fn a_period_that_goes_on_after_the_last_day_asks_for_what_is_due_by_then() {
    let found = asked_until("2026-11-20", "customer: calls >= 3 per month", nothing);
    assert_eq!(duties(&found), ["2 call for acme"]);
    let year = asked_until("2027-06-30", "customer: calls >= 12 per year", nothing);
    // Twelve of this year, and those that are due after 181 days of the next.
    assert_eq!(duties(&year), ["17 call for acme"]);
}

#[test]
fn a_cadence_asks_again_and_again() {
    let since = |day: &'static str| move |data: &mut DatasetBuilder| done(data, "visit", day);
    let rule = "customer: visit every 30 days";
    assert_eq!(duties(&asked(rule, since("2026-11-01"))), ["1 visit for acme"]);
    // Reckoned from the first, it is late already.
    assert_eq!(duties(&asked(rule, nothing)), ["2 visit for acme"]);
    assert_eq!(duties(&asked("customer: days since visits <= 30", since("2026-11-01"))).len(), 1);
    let gap = "customer: longest gap of visits <= 30 in last 90 days";
    assert_eq!(duties(&asked(gap, since("2026-11-01"))), ["1 visit for acme"]);
}

#[test]
fn a_window_that_slides_asks_for_what_leaves_it() {
    let found = asked("customer: calls >= 2 in last 30 days", |data| {
        done(data, "call", "2026-11-10");
        done(data, "call", "2026-11-12");
    });
    // On the last day both have left the window; the one before still held them.
    assert_eq!(duties(&found), ["2 call for acme"]);
}

#[test]
fn points_are_served_by_the_kind_that_takes_least_for_them() {
    let found = asked("seller: 20 * meetings + 2 * calls + emails >= 50 since 2026-01-01", nothing);
    assert_eq!(duties(&found), ["3 call|meeting|email for kim"]);
    // 50 points of 3 minutes each, at most 50 emails.
    assert_eq!(minutes(&found.company.least), Number::from(150));
    assert_eq!(minutes(&found.company.most), Number::from(500));
}

#[test]
fn of_alternatives_that_which_takes_least_is_asked_for_unless_one_holds() {
    let rule = "customer: visits >= 1 per year or calls >= 2 per year";
    let found = asked(rule, nothing);
    assert_eq!(duties(&found), ["2 call|visit for acme"]);
    assert_eq!(minutes(&found.company.least), Number::from(30));
    assert_eq!(minutes(&found.company.most), Number::from(120));
    assert!(asked(rule, |data| done(data, "visit", "2026-02-01")).duties.is_empty());
    assert!(asked("customer: visits >= 1 per year or owner is kim", nothing).duties.is_empty());
    assert_eq!(asked("customer: visits >= 1 per year or owner is bo", nothing).duties.len(), 1);
}

#[test]
fn deadlines_ask_while_they_run_and_what_is_planned_has_consequences() {
    let rule = "customer: call within 330 days of created";
    assert_eq!(duties(&asked(rule, nothing)), ["1 call for acme"]);
    assert!(asked("customer: call within 30 days of created", nothing).duties.is_empty());
    let found = asked("meeting: followed by call within 7 days", |data| {
        planned(data, "meeting", "2026-11-20");
        done(data, "meeting", "2026-03-01");
        planned(data, "meeting", "2026-12-28");
    });
    assert_eq!(duties(&found), ["1 call for meeting2026-11-20"]);
}

#[test]
fn a_next_step_is_asked_for_once_and_within_a_time_again_and_again() {
    assert_eq!(duties(&asked("customer: next call", nothing)), ["1 call for acme"]);
    assert_eq!(duties(&asked("customer: next call within 14 days", nothing)), ["3 call for acme"]);
    let found = asked("customer: next call within 14 days", |data| {
        planned(data, "call", "2026-12-01");
    });
    assert_eq!(duties(&found), ["2 call for acme"]);
}

#[test]
fn one_activity_serves_all_rules_that_it_can() {
    let deal = |data: &mut DatasetBuilder| {
        let status = Some(OpportunityStatus::Open);
        let (customer, owner) = (Some("acme".into()), Some("kim".into()));
        data.add(Opportunity { customer, owner, status, ..Opportunity::new("deal") });
    };
    let text = "customer: calls >= 4 per year\nopen opportunity: calls >= 3 per year\n\
                customer: visits >= 1 per year\ncustomer: touchpoints >= 10 per year\n\
                seller: calls >= 8 per year";
    let found = asked(text, deal);
    let kim = &found.sellers[0].balance;
    // Eight calls for herself, four of them for acme, of which three are about the deal; a visit.
    assert_eq!(minutes(&kim.least), Number::from(8 * 15 + 120));
    assert_eq!(minutes(&kim.most), Number::from((4 + 3 + 8) * 15 + 120 + 10 * 120));
    assert_eq!(found.teams[0].balance.least, kim.least);
    // Of two that ask for two hours the first as written.
    let most = kim.asks_most.iter().map(|most| (most.activities.clone(), minutes(&most.least)));
    let expected = [(1, 120), (8, 120), (10, 100)].map(|(n, m)| (Number::from(n), Number::from(m)));
    assert_eq!(most.collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_asked_of_a_team_can_be_done_by_its_sellers() {
    let found = asked("seller: calls >= 8 per year\nteam: calls >= 10 per year", nothing);
    assert_eq!(minutes(&found.sellers[0].balance.least), Number::from(8 * 15));
    assert_eq!(minutes(&found.teams[0].balance.least), Number::from(10 * 15));
    assert_eq!(minutes(&found.company.least), Number::from(10 * 15));
}

#[test]
fn time_is_workdays_without_absences_by_the_part_of_a_job() {
    let hours = |change: fn(&mut Seller)| {
        let rules = rules("customer: calls >= 1 per month");
        let mut data = Dataset::builder(rules.schema());
        let mut seller = Seller::new("kim");
        change(&mut seller);
        data.add(seller);
        let (from, until) = ("2026-12-01".parse().ok(), "2026-12-04".parse().ok());
        data.add(Absence { seller: Some("kim".into()), from, until, extra: Default::default() });
        let (data, _notes) = data.build().unwrap();
        let found = rules.feasibility(&data, &at("2026-11-29"), None).unwrap();
        found.sellers.first().map(|kim| kim.balance.hours.to_string())
    };
    let is = |hours: &str| Some(hours.to_owned());
    // 30 November to 31 December are 24 workdays.
    assert_eq!(hours(|_| {}), is("20"));
    assert_eq!(hours(|kim| kim.fte = "0.5".parse().ok()), is("10"));
    assert_eq!(hours(|kim| kim.fte = "0".parse().ok()), is("0"));
    assert_eq!(hours(|kim| kim.fte = "-1".parse().ok()), is("0"));
    assert_eq!(hours(|kim| kim.started = "2026-12-21".parse().ok()), is("9"));
    assert_eq!(hours(|kim| kim.ended = "2026-12-11".parse().ok()), is("6"));
    // Who has left, and is asked for nothing, is not listed.
    assert_eq!(hours(|kim| kim.ended = "2026-10-01".parse().ok()), None);
}

#[test]
fn hours_are_8_where_the_calendar_does_not_say_and_those_of_a_week_are_shared() {
    let of = |text: &str| {
        let rules = RuleSet::compile("sales.kpi", text, &NoFiles).unwrap();
        let (data, _notes) = Dataset::builder(rules.schema()).build().unwrap();
        let found = rules.feasibility(&data, &at("2026-11-15"), None).unwrap();
        (found.hours_per_workday.to_string(), found.hours_are_given)
    };
    assert_eq!(of("customer: calls >= 1"), ("8".to_owned(), false));
    assert_eq!(of("calendar\n    hours 37 per week"), ("7.4".to_owned(), true));
    let four = "calendar\n    workdays Monday to Thursday\n    hours 30 per week";
    assert_eq!(of(four), ("7.5".to_owned(), true));
}

#[test]
fn minutes_are_medians_where_the_calendar_has_none_and_never_nothing() {
    let rules = RuleSet::compile(
        "sales.kpi",
        "customer: calls >= 1 per month\ncustomer: visits >= 1 per year",
        &NoFiles,
    );
    let rules = rules.unwrap();
    let mut data = Dataset::builder(rules.schema());
    data.add(Seller::new("kim"));
    data.add(Customer { owner: Some("kim".into()), ..Customer::new("acme") });
    for (n, minutes) in ["10", "20", "40", "90"].into_iter().enumerate() {
        let call = activity(&format!("a{n}"), "call", ActivityStatus::Completed, "2025-03-02");
        data.add(Activity { minutes: minutes.parse().ok(), ..call });
    }
    let (data, _notes) = data.build().unwrap();
    let found = rules.feasibility(&data, &at("2026-11-15"), None).unwrap();
    assert_eq!(minutes(&found.company.least), Number::from(60));
    // A visit takes nobody knows how long.
    assert_eq!(found.company.unmeasured, Number::from(1));
    assert_eq!(found.duties[1].least, None);
    let visit = Unmeasured { kinds: vec!["visit".into()], asked: 1.into(), planned: 0.into() };
    assert_eq!(found.unmeasured, [visit]);
    // An hour is the least that it can be.
    assert_eq!(found.company.share, Number::from(1).checked_div(&found.company.hours));
    let unmeasured = found.rules.iter().map(|rule| rule.unmeasured.clone());
    assert_eq!(unmeasured.collect::<Vec<_>>(), [0, 1].map(Number::from));
}

/// What is asked as of 2026-11-15 of kim, for acme, where nothing says how long a call takes.
fn asked_without_minutes(text: &str, calls: &[(ActivityStatus, &str, &str)]) -> Feasibility {
    let rules = RuleSet::compile("sales.kpi", text, &NoFiles).unwrap();
    let mut data = Dataset::builder(rules.schema());
    data.add(Seller::new("kim"));
    data.add(Customer { owner: Some("kim".into()), ..Customer::new("acme") });
    for (status, day, minutes) in calls {
        let call = activity(day, "call", *status, day);
        data.add(Activity { minutes: minutes.parse().ok(), ..call });
    }
    let (data, _notes) = data.build().unwrap();
    rules.feasibility(&data, &at("2026-11-15"), None).unwrap()
}

fn unmeasured(found: &Feasibility) -> Vec<String> {
    let one = |one: &Unmeasured| {
        format!("{}: {} asked, {} planned", one.kinds.join("|"), one.asked, one.planned)
    };
    found.unmeasured.iter().map(one).collect()
}

#[test]
fn where_no_length_is_known_nothing_is_said_to_be_possible() {
    use ActivityStatus::{Completed, Planned};
    let rule = "customer: calls >= 2 per month";
    let found = asked_without_minutes(rule, &[(Planned, "2026-12-07", "")]);
    assert_eq!(unmeasured(&found), ["call: 3 asked, 1 planned"]);
    assert_eq!((&found.company.share, found.company.is_over), (&None, false));
    assert_eq!(found.company.unmeasured, Number::from(4));
    // A planned call that says how long it takes says nothing of others.
    let found = asked_without_minutes(rule, &[(Planned, "2026-12-07", "30")]);
    assert_eq!(unmeasured(&found), ["call: 3 asked, 0 planned"]);
    assert!(found.company.share.is_some());
    // One that took its time does.
    let found = asked_without_minutes(rule, &[(Completed, "2026-10-07", "30")]);
    assert_eq!(unmeasured(&found), Vec::<String>::new());
    // What no rule asks for and nobody plans need not be known.
    let found = asked_without_minutes("customer: calls >= 0 per month", &[]);
    assert_eq!(unmeasured(&found), Vec::<String>::new());
}

#[test]
fn what_can_be_done_by_a_kind_of_known_length_is_not_unmeasured() {
    let minutes = "calendar\n    minutes visit 60\n";
    let of = |rule: &str| unmeasured(&asked_without_minutes(&format!("{minutes}{rule}"), &[]));
    assert_eq!(of("customer: (call | visit) >= 2 per year"), Vec::<String>::new());
    assert_eq!(of("customer: calls >= 2 per year or visits >= 3 per year"), Vec::<String>::new());
    assert_eq!(of("customer: (call | email) >= 2 per year"), ["call|email: 2 asked, 0 planned"]);
    let either = "customer: calls >= 2 per year or emails >= 3 per year";
    assert_eq!(of(either), ["call|email: 2 asked, 0 planned"]);
    let both = "customer: calls >= 2 per year and visits >= 3 per year";
    assert_eq!(of(both), ["call: 2 asked, 0 planned"]);
    // That of which all is known is the better choice, and else what is unknown stays so.
    let half = "customer: (calls >= 2 per year and visits >= 3 per year) or visits >= 9 per year";
    assert_eq!(of(half), Vec::<String>::new());
    let half = "customer: (calls >= 2 per year and visits >= 3 per year) or emails >= 9 per year";
    assert_eq!(of(half), ["call|email: 2 asked, 0 planned"]);
}

#[test]
fn who_has_no_time_has_none_for_what_nobody_knows_the_length_of() {
    let text = "calendar\n    holidays 2026-12-31\ncustomer: calls >= 2 per year";
    let rules = RuleSet::compile("sales.kpi", text, &NoFiles).unwrap();
    let mut data = Dataset::builder(rules.schema());
    data.add(Seller::new("kim"));
    data.add(Customer { owner: Some("kim".into()), ..Customer::new("acme") });
    let (data, _notes) = data.build().unwrap();
    let found = rules.feasibility(&data, &at("2026-12-30"), None).unwrap();
    assert!(found.company.hours.is_zero() && found.company.is_over);
}

#[test]
fn what_nobody_owns_is_asked_of_nobody_and_of_the_company() {
    let found = asked("customer: calls >= 4 per year", |data| {
        data.add(Customer::new("orphan"));
    });
    assert_eq!(minutes(&found.nobody.least), Number::from(60));
    assert_eq!(minutes(&found.sellers[0].balance.least), Number::from(60));
    assert_eq!(minutes(&found.company.least), Number::from(120));
    assert!(!found.nobody.is_over && found.nobody.share.is_none());
}

#[test]
fn who_has_no_time_is_over_as_soon_as_anything_is_asked() {
    let left = |data: &mut DatasetBuilder| {
        let ended = "2026-10-01".parse().ok();
        data.add(Seller { ended, ..Seller::new("bo") });
        data.add(Customer { owner: Some("bo".into()), ..Customer::new("left") });
    };
    let found = asked("customer: calls >= 4 per year", left);
    let bo = &found.sellers[0];
    assert_eq!((bo.id.as_str(), bo.balance.share.clone()), ("bo", None));
    assert!(bo.balance.is_over && !found.sellers[1].balance.is_over);
}

#[test]
fn what_cannot_be_counted_is_said() {
    let text = "customer: sum minutes of calls >= 600 per year\ncustomer: touchpoints >= 1 in last 48 hours\n\
                customer: share of calls that are followed by activity within 7 days >= 50%\n\
                seller: calls >= quota per month\ncustomer: revenue >= 5";
    let found = asked(&format!("field seller.quota : number\n{text}"), nothing);
    let said: Vec<(&str, Option<u64>)> =
        found.not_counted.iter().map(|one| (one.reason.as_str(), one.subjects)).collect();
    let other = "it asks for something else than a number of activities";
    let expected = [
        (other, None),
        ("its window is in hours or minutes", None),
        (other, None),
        ("what decides how many it asks for is not known", Some(1)),
    ];
    assert_eq!(said, expected);
    assert!(found.duties.is_empty());
}

#[test]
fn what_is_not_covered_is_not_asked_for() {
    let found = asked("customer: calls >= 4 per year", |data| {
        data.complete_from("2026-06-01".parse().unwrap());
    });
    assert!(found.duties.is_empty());
    assert_eq!(found.not_counted[0].subjects, Some(1));
}

#[test]
fn nothing_is_asked_where_nothing_remains_or_nobody_is_there() {
    let rules = rules("customer: calls >= 4 per year\ncampaign: calls >= 4");
    let (empty, _notes) = Dataset::builder(rules.schema()).build().unwrap();
    let found = rules.feasibility(&empty, &at("2026-11-15"), None).unwrap();
    assert!(found.duties.is_empty() && found.sellers.is_empty() && !found.company.is_over);
    let mut data = Dataset::builder(rules.schema());
    data.add(Seller::new("kim"));
    data.add(Customer { owner: Some("kim".into()), ..Customer::new("acme") });
    data.add(Campaign { owner: Some("kim".into()), ..Campaign::new("fair") });
    let (data, _notes) = data.build().unwrap();
    let found = rules.feasibility(&data, &at("2026-12-31"), None).unwrap();
    assert_eq!(found.period, None);
    assert!(found.duties.is_empty() && found.company.hours.is_zero() && !found.company.is_over);
    let found = rules.feasibility(&data, &at("2026-12-30"), None).unwrap();
    assert_eq!(duties(&found), ["4 call for acme", "4 call for fair"]);
    // A call on acme can be one of the campaign.
    assert_eq!(minutes(&found.company.least), Number::from(60));
    let until = "2036-12-31".parse().ok();
    let far = rules.feasibility(&data, &at("2026-12-30"), until).unwrap_err();
    assert!(matches!(far, EvaluateError::TooFarAhead { .. }));
}

const LAWS: &str = "customer: touchpoints >= 4 per year\ncustomer: calls >= 1 per month\n\
    customer: visit every 60 days\nlead: touchpoint every 20 days\n\
    open opportunity: next activity within 14 days\nseller: meetings >= 2 per week\n\
    seller: 20 * meetings + 2 * calls + emails >= 40 per month\nteam: visits >= 3 per quarter\n\
    customer: calls >= 2 in last 30 days or visits >= 1 in last 60 days\n\
    company: demos >= 4 per year";

fn of_random(head: &str, text: &str, rows: &[Row]) -> Feasibility {
    let text =
        format!("activity webinar\ncalendar\n    {head}\n    {MINUTES}, webinar 30\n{text}\n");
    let rules = RuleSet::compile("laws.kpi", &text, &NoFiles).unwrap();
    let data = dataset(&rules, rows, (None, None));
    rules.feasibility(&data, &Options::at(AsOf::Day(middle())), None).unwrap()
}

fn balances(found: &Feasibility) -> Vec<(&str, &Balance)> {
    let named = found.sellers.iter().chain(&found.teams);
    let named = named.map(|one| (one.id.as_str(), &one.balance));
    named.chain([("company", &found.company), ("nobody", &found.nobody)]).collect()
}

/// Each balance with the other of the same name.
fn pairs<'f>(
    a: &'f Feasibility,
    b: &'f Feasibility,
) -> impl Iterator<Item = (&'f Balance, &'f Balance)> {
    let others = balances(b);
    balances(a).into_iter().filter_map(move |(id, balance)| {
        Some((balance, others.iter().find(|(other, _)| *other == id)?.1))
    })
}

/// Whether the share of one is at most that of another.
fn is_at_most(a: &Balance, b: &Balance) -> bool {
    a.least.clone() * b.hours.clone() <= b.least.clone() * a.hours.clone()
}

fn absence() -> Row {
    let cells = [("seller", "s1"), ("from", "2026-07-01"), ("until", "2026-08-15")];
    let cells = cells.map(|(name, text)| (name.to_owned(), text.to_owned()));
    Row { noun: Noun::Absence, cells: cells.into() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn more_time_never_raises_the_share_and_an_absence_never_lowers_it(rows in company()) {
        let found = of_random("hours 5 per workday", LAWS, &rows);
        let more = of_random("hours 6 per workday", LAWS, &rows);
        for (more, found) in pairs(&more, &found) {
            prop_assert!(is_at_most(more, found), "{more:?} {found:?}");
        }
        let away: Vec<Row> = rows.iter().cloned().chain([absence()]).collect();
        let away = of_random("hours 5 per workday", LAWS, &away);
        for (found, away) in pairs(&found, &away) {
            prop_assert!(is_at_most(found, away), "{found:?} {away:?}");
        }
    }

    #[test]
    fn a_rule_more_never_lowers_what_is_asked(rows in company(), without in 0_usize..10) {
        let found = of_random("hours 5 per workday", LAWS, &rows);
        let lines = LAWS.lines().enumerate().filter(|(n, _)| *n != without);
        let fewer: Vec<&str> = lines.map(|(_, line)| line).collect();
        let fewer = of_random("hours 5 per workday", &fewer.join("\n"), &rows);
        for (fewer, found) in pairs(&fewer, &found) {
            prop_assert!(fewer.least <= found.least && fewer.most <= found.most);
            prop_assert!(fewer.hours == found.hours && fewer.least <= fewer.most);
        }
    }

    #[test]
    fn what_is_done_is_not_asked_for_any_more(
        mut rows in company(),
        kind in prop::sample::select(vec!["call", "visit", "meeting", "email", "demo"]),
        back in 0_i64..60,
    ) {
        let day = support::day(-back).to_string();
        // From when on a cadence is reckoned must be known before, and nothing be done with whom
        // there is not yet.
        for customer in rows.iter_mut().filter(|row| row.noun == Noun::Customer) {
            if customer.get("created").is_none_or(|created| created > day.as_str()) {
                customer.set("created", "2025-01-01");
            }
        }
        let found = of_random("hours 5 per workday", LAWS, &rows);
        let at = format!("{day}T09:00");
        let cells = [
            ("id", "done"), ("kind", kind), ("status", "completed"), ("at", at.as_str()),
            ("customer", "c0"), ("seller", "s0"),
        ];
        let cells = cells.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let done = Row { noun: Noun::Activity, cells: cells.into() };
        let rows: Vec<Row> = rows.iter().cloned().chain([done]).collect();
        let done = of_random("hours 5 per workday", LAWS, &rows);
        for (done, found) in pairs(&done, &found) {
            prop_assert!(done.least <= found.least && done.most <= found.most);
        }
    }
}
