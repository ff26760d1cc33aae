//! Who met which rule when, with whom it can be compared, and what came of it afterwards.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use kadence::effect::{Asked, Facts, NoEffect, Observed, Size};
use kadence::{AsOf, Dataset, NoFiles, Noun, Number, RuleSet};

/// What a table's row holds, as text.
#[derive(Debug, Clone)]
struct Row {
    noun: Noun,
    cells: Vec<(String, String)>,
}

/// From and through which day activities are all known.
type Coverage<'c> = (Option<&'c str>, Option<&'c str>);

const SALES: &str = "goal sales = sum amount of won opportunities >= 1m per year\n\
                     \x20   through lead > meeting on lead > offer > won opportunity\n";

fn row(noun: Noun, cells: &[(&str, &str)]) -> Row {
    let cells = cells.iter().map(|(name, text)| ((*name).into(), (*text).into()));
    Row { noun, cells: cells.collect() }
}

fn call(id: &str, on: (&str, &str), at: &str) -> Row {
    let cells = [("id", id), ("kind", "call"), ("status", "completed"), ("at", at), on];
    row(Noun::Activity, &cells)
}

fn customer(id: &str) -> Row {
    row(Noun::Customer, &[("id", id)])
}

/// Won or lost for 1,000 on a day, a month after it was created.
fn deal(id: &str, of: (&str, &str), status: &str, created: &str, closed: &str) -> Row {
    let day = [("created", created), ("closed", closed)];
    let own = [("id", id), of, ("status", status), ("amount", "1000"), ("margin", "300")];
    let known = own.into_iter().chain(day).filter(|(_, text)| !text.is_empty());
    row(Noun::Opportunity, &known.collect::<Vec<_>>())
}

fn asked_of(
    text: &str,
    rows: &[Row],
    (from, through): Coverage<'_>,
    as_of: &str,
    asked: &Asked,
) -> Result<Facts, NoEffect> {
    let rules = RuleSet::compile("effect.kpi", text, &NoFiles).unwrap_or_else(|e| panic!("{e}"));
    let mut data = Dataset::builder(rules.schema());
    for Row { noun, cells } in rows {
        let cells = cells.iter().map(|(name, text)| (name.as_str(), text.as_str(), 1));
        data.row(*noun, &cells.collect::<Vec<_>>(), "made", 1);
    }
    if let Some(day) = from {
        data.complete_from(day.parse().unwrap());
    }
    if let Some(day) = through {
        data.complete_through(day.parse().unwrap());
    }
    let (data, _notes) = data.build().unwrap();
    Facts::new(&rules, &data, as_of.parse::<AsOf>().unwrap(), asked)
}

/// By a rule that supports the goal, with results in the three months after, of data from the new
/// year on.
fn facts(rule: &str, rows: &[Row], as_of: &str) -> Facts {
    let asked = Asked { months: 3, ..Asked::default() };
    asked_of(&format!("{SALES}{rule}"), rows, (Some("2026-01-01"), None), as_of, &asked).unwrap()
}

/// `acme 2026-03-31 met: 1 won, 0 lost`
fn told(of: &Observed) -> Vec<String> {
    let told = of.observations.iter().map(|one| {
        let met = if one.met { "met" } else { "missed" };
        let (id, results) = (&of.subjects.get(one.subject).unwrap().id, &one.results);
        format!("{id} {} {met}: {} won, {} lost", one.landmark, results.won, results.lost)
    });
    told.collect()
}

#[test]
fn what_counts_is_what_comes_after_the_period_and_no_more_than_the_months_after() {
    let of = ("customer", "acme");
    let rows = [
        customer("acme"),
        call("a", of, "2026-01-05T10:00"),
        deal("in", of, "won", "2026-01-02", "2026-03-31"),
        deal("first", of, "won", "2026-01-02", "2026-04-01"),
        deal("last", of, "lost", "2026-01-02", "2026-06-30"),
        deal("late", of, "won", "2026-01-02", "2026-07-01"),
    ];
    let rule = "customer: calls >= 1 per quarter  as called  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    assert_eq!(told(&found.rules[0]), ["acme 2026-03-31 met: 1 won, 1 lost"]);
    let results = &found.rules[0].observations[0].results;
    assert_eq!(results.amount, Some(Number::from(1000)));
    assert_eq!(results.margin, Some(Number::from(300)));
    // From 2 January to 1 April.
    assert_eq!(results.days_to_close, [89]);
    // A day earlier the months after are not over.
    assert_eq!(facts(rule, &rows, "2026-06-29").rules[0].observations, []);
    let later = facts(rule, &rows, "2026-09-30");
    let expected = ["acme 2026-03-31 met: 1 won, 1 lost", "acme 2026-06-30 missed: 1 won, 0 lost"];
    assert_eq!(told(&later.rules[0]), expected);
}

#[test]
fn it_is_judged_as_of_then_and_not_as_of_now() {
    let of = ("customer", "acme");
    let rows = [
        customer("acme"),
        row(Noun::Customer, &[("id", "new"), ("created", "2026-02-15")]),
        call("a", of, "2026-02-05T10:00"),
    ];
    let rule = "customer: days since call <= 30  as fresh  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    // As of January it is not known that nobody was called before; `new` did not exist then.
    let expected = ["acme 2026-02-28 met: 0 won, 0 lost", "acme 2026-03-31 missed: 0 won, 0 lost"];
    assert_eq!(told(&found.rules[0]), expected);
    assert_eq!(found.rules[0].left_out.unknown, 3);
}

#[test]
fn a_deadline_is_looked_at_once_and_for_all_at_the_same_time() {
    let lead = |id: &str, created: &str| {
        let at = format!("{created}T08:00");
        row(Noun::Lead, &[("id", id), ("status", "open"), ("created", &at)])
    };
    let rows = [
        lead("early", "2026-01-02"),
        lead("slow", "2026-01-02"),
        lead("edge", "2026-01-25"),
        call("a", ("lead", "early"), "2026-01-02T09:00"),
        call("b", ("lead", "edge"), "2026-01-26T09:00"),
    ];
    let rule = "lead: call within 14 days of created  as soon  supports sales";
    let found = facts(rule, &rows, "2026-12-31");
    let expected = [
        "early 2026-01-31 met: 0 won, 0 lost",
        "slow 2026-01-31 missed: 0 won, 0 lost",
        // It is met in January, but those that miss it are known in February.
        "edge 2026-02-28 met: 0 won, 0 lost",
    ];
    assert_eq!(told(&found.rules[0]), expected);
}

#[test]
fn whoever_was_decided_by_then_is_left_out() {
    let of = ("customer", "acme");
    let rows = [
        customer("acme"),
        deal("before", of, "won", "2026-01-05", "2026-01-20"),
        deal("after", of, "won", "2026-01-05", "2026-02-20"),
        deal("undated", of, "lost", "2026-01-05", ""),
        deal("open", of, "open", "2026-01-05", ""),
        call("a", ("opportunity", "after"), "2026-01-06T10:00"),
    ];
    let rule = "opportunity: call within 7 days of created  as soon  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    let expected = ["after 2026-01-31 met: 1 won, 0 lost", "open 2026-01-31 missed: 0 won, 0 lost"];
    assert_eq!(told(&found.rules[0]), expected);
    assert_eq!(found.rules[0].left_out.settled, 2);
    assert_eq!(found.undated_deals, 1);
}

#[test]
fn results_are_those_of_whom_an_activity_or_a_member_is_about() {
    let of = ("customer", "acme");
    let offer = |id: &str, on: &[(&str, &str)]| {
        let own =
            [("id", id), ("kind", "offer"), ("status", "completed"), ("at", "2026-01-05T10:00")];
        row(Noun::Activity, &[&own, on].concat())
    };
    let rows = [
        customer("acme"),
        deal("deal", of, "won", "2026-01-02", "2026-02-20"),
        deal("other", of, "lost", "2026-01-02", "2026-02-20"),
        offer("a", &[("opportunity", "deal"), of]),
        offer("b", &[of]),
        offer("c", &[]),
    ];
    let rule = "offer: followed by call within 7 days  as chased  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    let expected =
        ["acme 2026-01-31 missed: 1 won, 1 lost", "deal 2026-01-31 missed: 1 won, 0 lost"];
    let mut seen = told(&found.rules[0]);
    seen.sort();
    assert_eq!(seen, expected);
    assert_eq!(found.rules[0].left_out.about_nobody, 1);

    let campaign = row(Noun::Campaign, &[("id", "fair"), ("start", "2026-01-02")]);
    let member = row(Noun::Member, &[("campaign", "fair"), of]);
    let rows = [rows.as_slice(), &[campaign, member]].concat();
    let rule = "member: call within 14 days of campaign.start  as reached  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    assert_eq!(told(&found.rules[0]), ["acme 2026-01-31 missed: 1 won, 1 lost"]);
}

#[test]
fn sellers_and_teams_have_the_results_of_what_is_theirs() {
    let rows = [
        row(Noun::Team, &[("id", "north")]),
        row(Noun::Seller, &[("id", "kim"), ("team", "north")]),
        row(Noun::Customer, &[("id", "acme"), ("owner", "kim")]),
        row(
            Noun::Opportunity,
            &[("id", "o"), ("owner", "kim"), ("status", "won"), ("closed", "2026-04-10")],
        ),
        row(
            Noun::Lead,
            &[
                ("id", "l"),
                ("owner", "kim"),
                ("status", "converted"),
                ("created", "2026-02-10T10:00"),
                ("converted", "2026-04-02"),
            ],
        ),
        row(
            Noun::Lead,
            &[("id", "old"), ("owner", "kim"), ("status", "open"), ("created", "2025-12-30T10:00")],
        ),
        call("a", ("seller", "kim"), "2026-01-05T10:00"),
    ];
    let rules = "seller: calls >= 1 per quarter  as own   supports sales\n\
                 team: calls >= 9 per quarter    as ours  supports sales\n\
                 company: calls >= 1 per quarter as all   supports sales";
    let found = facts(rules, &rows, "2026-06-30");
    for (rule, met) in found.rules.iter().zip([true, false, true]) {
        let last = rule.observations.last().unwrap();
        let results = &last.results;
        assert_eq!((last.met, results.won, results.leads, results.converted), (met, 1, 1, 1));
        // The amount of what was won is unknown, and so is the sum.
        assert_eq!(results.amount, None);
    }
    assert_eq!(found.rules[0].subjects[0].owner.as_deref(), Some("north"));
}

#[test]
fn what_is_not_known_and_not_decided_is_left_out_and_counted() {
    let rows = [customer("acme"), call("a", ("customer", "acme"), "2026-02-05T10:00")];
    let asked = Asked { months: 3, ..Asked::default() };
    let rule = "customer: calls >= 1 per month and calls >= 2 per year  as both  supports sales";
    let coverage = (Some("2026-01-01"), Some("2026-03-15"));
    let text = format!("{SALES}{rule}");
    let found = asked_of(&text, &rows, coverage, "2026-09-30", &asked).unwrap();
    let left_out = found.rules[0].left_out;
    // The year is not over; from March on activities are not all known.
    assert_eq!(told(&found.rules[0]), ["acme 2026-01-31 missed: 0 won, 0 lost"]);
    assert_eq!((left_out.undecided, left_out.unknown), (1, 4));
}

#[test]
fn the_like_of_somebody_has_its_segment_its_owner_and_its_third() {
    let sized = |id: &str, revenue: &str| {
        let own = [("id", id), ("owner", "kim"), ("revenue", revenue)];
        let known = own.into_iter().filter(|(_, text)| !text.is_empty());
        row(Noun::Customer, &known.collect::<Vec<_>>())
    };
    let rows = [
        row(Noun::Seller, &[("id", "kim")]),
        sized("a", "10"),
        sized("b", "20"),
        sized("c", "20"),
        sized("d", "30"),
        sized("e", "40"),
        sized("f", "50"),
        sized("g", ""),
        call("x", ("customer", "a"), "2026-01-05T10:00"),
    ];
    let rule = "segment big = customer where revenue >= 30\n\
                customer: calls >= 1 per quarter  as called  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    let subjects = &found.rules[0].subjects;
    let sizes: Vec<Size> = subjects.iter().map(|one| one.size).collect();
    // A third would cut through those of 20: what is equal stays together.
    let (small, middle, large) = (Size::Small, Size::Middle, Size::Large);
    assert_eq!(sizes, [small, small, small, middle, large, large, Size::Unknown]);
    assert!(subjects.iter().all(|one| one.owner.as_deref() == Some("kim")));
    assert_eq!(subjects[0].segment, None);
    assert_eq!(subjects[5].segment.as_deref(), Some("big"));
}

#[test]
fn a_lead_reaches_the_steps_of_the_funnel_through_what_came_of_it() {
    let lead = |id: &str, source: &str| {
        let own = [("id", id), ("source", source), ("status", "open")];
        row(Noun::Lead, &[&own[..], &[("created", "2026-01-02T10:00")]].concat())
    };
    let act = |id: &str, kind: &str, on: (&str, &str), at: &str| {
        row(Noun::Activity, &[("id", id), ("kind", kind), ("status", "completed"), ("at", at), on])
    };
    let rows = [
        lead("l", "web"),
        lead("m", "fair"),
        row(Noun::Seller, &[("id", "kim")]),
        customer("acme"),
        deal("o", ("lead", "l"), "won", "2026-02-01", "2026-03-01"),
        act("a", "meeting", ("lead", "l"), "2026-01-10T10:00"),
        act("b", "offer", ("opportunity", "o"), "2026-02-10T10:00"),
        act("c", "meeting", ("lead", "m"), "2026-04-10T10:00"),
        act("d", "offer", ("seller", "kim"), "2026-04-10T10:00"),
        act("e", "call", ("opportunity", "o"), "2026-02-28T10:00"),
        act("f", "task", ("opportunity", "o"), "2026-03-01T08:00"),
    ];
    let text = format!("{SALES}lead: call within 7 days of created  as soon  supports sales");
    let asked = Asked { months: 3, ..Asked::default() };
    let found = asked_of(&text, &rows, (None, None), "2026-06-30", &asked).unwrap();
    assert_eq!(found.goal.as_deref(), Some("sales"));
    assert_eq!(found.steps, ["lead", "meeting on lead", "offer", "won opportunity"]);
    let reached = |id: &str| found.leads.iter().find(|lead| lead.id == id).unwrap();
    assert_eq!(reached("l").steps, [true; 4]);
    assert_eq!((reached("l").won, reached("l").is_old_enough), (1, true));
    // Its meeting came after the three months.
    assert_eq!(reached("m").steps, [true, false, false, false]);
    assert_eq!((found.sellers[0].id.as_str(), found.sellers[0].things), ("kim", 1));
    // The task of the day on which it closed precedes nothing.
    let kinds: Vec<&str> = found.deals[0]
        .kinds_before
        .as_ref()
        .unwrap()
        .iter()
        .map(|kind| found.kinds[*kind].as_str())
        .collect();
    assert_eq!(kinds, ["call", "offer"]);
}

#[test]
fn a_rule_set_may_use_any_words_and_ids() {
    let text = "define won opportunity = opportunity where status is won and amount >= 500\n\
                goal big = won opportunities where (amount >= 900) >= 2 per year\n\
                \x20   through lead where source is web > won opportunity where amount >= 900\n\
                lead: next call   as effect-step-0   supports big\n";
    let found = asked_of(text, &[], (None, None), "2026-06-30", &Asked::default()).unwrap();
    assert_eq!(found.steps, ["lead where source is web", "won opportunity where amount >= 900"]);
    assert_eq!(found.rules.len(), 1);
    // A word of the usual funnel that means something else leaves no funnel to follow.
    let text = "define converted lead = call\ncustomer: calls >= 1 per month  as called\n";
    let asked = Asked { rules: vec!["called".to_owned()], ..Asked::default() };
    let found = asked_of(text, &[], (None, None), "2026-06-30", &asked).unwrap();
    assert!(found.steps.len() == 4 || found.steps.is_empty(), "{:?}", found.steps);
}

#[test]
fn why_nothing_can_be_said_is_told() {
    let rule = "customer: calls >= 1 per month  as called\n";
    let said = |text: &str, asked: &Asked| {
        asked_of(text, &[], (None, None), "2026-06-30", asked).unwrap_err().to_string()
    };
    let of = |goal: Option<&str>, rules: &[&str], months: u32| Asked {
        goal: goal.map(str::to_owned),
        rules: rules.iter().map(|id| (*id).to_owned()).collect(),
        months,
    };
    let text = format!("{SALES}{rule}");
    insta::assert_snapshot!(said(&text, &of(None, &[], 6)), @"no rule supports a goal: say `supports GOAL` of the rules that are to lead to one, or name the rules to look at");
    insta::assert_snapshot!(said(&text, &of(Some("sales"), &[], 6)), @"no rule supports the goal `sales`: say `supports sales` of the rules that are to lead to it, or name the rules to look at");
    insta::assert_snapshot!(said(&text, &of(Some("sale"), &[], 6)), @"no goal is called `sale`; did you mean `sales`?");
    insta::assert_snapshot!(said(rule, &of(Some("sale"), &[], 6)), @"no goal is called `sale`: the rules have none");
    insta::assert_snapshot!(said(&text, &of(None, &["caled"], 6)), @"no rule has the id `caled`; did you mean `called`?");
    insta::assert_snapshot!(said(&text, &of(None, &["called"], 0)), @"results cannot be followed for 0 months: expected 1 to 60");
    insta::assert_snapshot!(said(&text, &of(None, &["called"], 61)), @"results cannot be followed for 61 months: expected 1 to 60");
}
