//! Who met which rule when, with whom it can be compared, and what came of it afterwards.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use kadence::effect::{Asked, Facts, Gaps, NoEffect, Observation, Observed, Size};
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
    // Of a customer only those count that came after: the others had begun before it was called.
    assert_eq!(results.days_to_close, []);
    assert_eq!(found.rules[0].observations[0].open_deals, 3);
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
        "early 2026-01-16 met: 0 won, 0 lost",
        "slow 2026-01-16 missed: 0 won, 0 lost",
        // It is met in January, but those that miss it are known in February.
        "edge 2026-02-08 met: 0 won, 0 lost",
    ];
    assert_eq!(told(&found.rules[0]), expected);
}

#[test]
fn whoever_was_decided_by_then_is_left_out() {
    let of = ("customer", "acme");
    let rows = [
        customer("acme"),
        deal("before", of, "won", "2026-01-05", "2026-01-12"),
        deal("after", of, "won", "2026-01-05", "2026-02-20"),
        deal("undated", of, "lost", "2026-01-05", ""),
        deal("open", of, "open", "2026-01-05", ""),
        call("a", ("opportunity", "after"), "2026-01-06T10:00"),
    ];
    let rule = "opportunity: call within 7 days of created  as soon  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    let expected = ["after 2026-01-12 met: 1 won, 0 lost", "open 2026-01-12 missed: 0 won, 0 lost"];
    assert_eq!(told(&found.rules[0]), expected);
    assert_eq!(found.rules[0].left_out.settled, 2);
    assert_eq!(found.gaps.undated_deals, 1);
    // From the deadline to 20 February.
    assert_eq!(found.rules[0].observations[0].results.days_to_close, [39]);
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
        ["acme 2026-01-12 missed: 1 won, 1 lost", "deal 2026-01-12 missed: 1 won, 0 lost"];
    let mut seen = told(&found.rules[0]);
    seen.sort();
    assert_eq!(seen, expected);
    assert_eq!(found.rules[0].left_out.about_nobody, 1);

    let campaign = row(Noun::Campaign, &[("id", "fair"), ("start", "2026-01-02")]);
    let member = row(Noun::Member, &[("campaign", "fair"), of]);
    let rows = [rows.as_slice(), &[campaign, member]].concat();
    let rule = "member: call within 14 days of campaign.start  as reached  supports sales";
    let found = facts(rule, &rows, "2026-06-30");
    assert_eq!(told(&found.rules[0]), ["acme 2026-01-16 missed: 1 won, 1 lost"]);
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
                ("created", "2026-04-01T10:00"),
                ("converted", "2026-04-02"),
            ],
        ),
        row(
            Noun::Lead,
            &[("id", "old"), ("owner", "kim"), ("status", "open"), ("created", "2026-03-30T10:00")],
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
    let coverage = (Some("2025-06-01"), None);
    let found = asked_of(&text, &rows, coverage, "2026-06-30", &asked).unwrap();
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

#[test]
fn how_old_a_subject_is_and_on_whom_it_depends_goes_with_each_case() {
    let rows = [
        row(Noun::Team, &[("id", "world")]),
        row(Noun::Team, &[("id", "north"), ("parent", "world")]),
        row(Noun::Seller, &[("id", "kim"), ("team", "north")]),
        row(Noun::Customer, &[("id", "acme"), ("created", "2025-11-30")]),
        deal("o", ("customer", "acme"), "won", "2026-01-15", "2026-05-01"),
        deal("own", ("name", "alone"), "won", "2026-02-01", "2026-05-01"),
        call("x", ("customer", "acme"), "2026-01-05T10:00"),
    ];
    let rules = "opportunity: calls >= 1 per month  as deal   supports sales\n\
                 customer: calls >= 1 per month     as whole  supports sales\n\
                 team: calls >= 1 per month         as team   supports sales";
    let found = facts(rules, &rows, "2026-06-30");
    let ages = |rule: usize, id: &str| -> Vec<Option<u32>> {
        let of = &found.rules[rule];
        let own = of.observations.iter().filter(|one| of.subjects[one.subject].id == id);
        own.map(|one| one.months_old).collect()
    };
    // As of the ends of January to March.
    assert_eq!(ages(0, "o"), [0, 1, 2].map(Some));
    assert_eq!(ages(1, "acme"), [2, 2, 4].map(Some));
    assert_eq!(ages(2, "north"), [None; 3]);
    let deals = |one: &Observation| (one.period, one.open_deals, one.deals_moved);
    let of = found.rules[1].observations.iter().map(deals);
    assert_eq!(of.collect::<Vec<_>>(), [(0, 1, true), (1, 1, false), (2, 1, false)]);
    let cluster = |rule: usize, id: &str| {
        let subjects = &found.rules[rule].subjects;
        subjects.iter().find(|one| one.id == id).unwrap().cluster.clone()
    };
    assert_eq!(cluster(0, "o"), (Noun::Customer, "acme".to_owned()));
    assert_eq!(cluster(0, "own"), (Noun::Opportunity, "own".to_owned()));
    assert_eq!(cluster(2, "north"), (Noun::Team, "world".to_owned()));
}

#[test]
fn what_may_have_been_set_by_what_came_after_is_said() {
    let lead = |id: &str, status: &str| {
        row(Noun::Lead, &[("id", id), ("status", status), ("created", "2026-01-02T10:00")])
    };
    let rows = [
        lead("a", "open"),
        lead("b", "lost"),
        lead("c", "lost"),
        call("x", ("lead", "a"), "2026-01-05T10:00"),
    ];
    let seen = |rule: &str| {
        let found = facts(&format!("{rule}  as asked  supports sales"), &rows, "2026-06-30");
        let asked = &found.rules[found.rules.len() - 1].hindsight;
        (asked.as_now.join(" "), asked.lost_leads)
    };
    let of = |fields: &str, lost: u64| (fields.to_owned(), lost);
    assert_eq!(seen("open opportunity: stage is agreed"), of("stage", 0));
    assert_eq!(seen("opportunity where amount >= 500: calls >= 1 per month"), of("amount", 0));
    assert_eq!(
        seen("opportunity: margin is known or expected_close is known"),
        of("margin expected_close", 0)
    );
    assert_eq!(seen("customer: overdue opportunities = 0"), of("expected_close", 0));
    assert_eq!(seen("open opportunity: calls >= 1 per month"), of("", 0));
    assert_eq!(seen("customer where revenue >= 500: calls >= 1 per month"), of("", 0));
    // What a rule meets, it asks too.
    let met = "opportunity: stage is agreed  as staged\nopportunity: meets staged";
    assert_eq!(seen(met), of("stage", 0));
    // What a customer is said to be says who it is; what is asked of it may be set later.
    let field =
        "field customer.industry: text\ncustomer where industry is retail: calls >= 1 per month";
    assert_eq!(seen(field), of("", 0));
    let field = "field customer.industry: text\ncustomer: industry is known";
    assert_eq!(seen(field), of("industry", 0));
    // A seller's own target is not set by what it sells.
    let field = "field seller.goal: number\nseller: calls >= goal per month";
    assert_eq!(seen(field), of("", 0));
    // Nobody knows when a lead was lost; that a deadline was kept does not depend on it.
    assert_eq!(seen("open lead: call within 3 days of created"), of("", 2));
    assert_eq!(seen("hot lead: calls >= 1 per month"), of("temperature", 2));
    assert_eq!(seen("lead: calls >= 1 per month"), of("", 2));
    assert_eq!(seen("lead: call within 3 days of created"), of("", 0));
}

#[test]
fn a_meeting_of_which_nobody_knows_when_it_was_planned_was_not_ahead() {
    let of = ("opportunity", "o");
    let meeting = |id: &str, created: &str| {
        let own = [("id", id), ("kind", "meeting"), ("status", "completed"), of];
        let days = [("at", "2026-02-10T10:00"), ("created", created)];
        let known = own.into_iter().chain(days).filter(|(_, text)| !text.is_empty());
        row(Noun::Activity, &known.collect::<Vec<_>>())
    };
    let rule = "open opportunity: next meeting within 14 days  as planned  supports sales";
    let first = |created: &str| {
        let rows = [
            deal("o", ("name", "deal"), "won", "2026-01-02", "2026-03-01"),
            meeting("m", created),
            call("x", of, "2026-01-05T10:00"),
        ];
        told(&facts(rule, &rows, "2026-06-30").rules[0])[0].clone()
    };
    assert_eq!(first("2026-01-20T10:00"), "o 2026-01-31 met: 1 won, 0 lost");
    assert_eq!(first("2026-02-05T10:00"), "o 2026-01-31 missed: 1 won, 0 lost");
    assert_eq!(first(""), "o 2026-01-31 missed: 1 won, 0 lost");
}

#[test]
fn what_has_no_place_in_time_is_left_out_and_counted() {
    let lead = |id: &str, created: &str, converted: &str| {
        let own =
            [("id", id), ("status", "converted"), ("created", created), ("converted", converted)];
        row(Noun::Lead, &own.into_iter().filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>())
    };
    let of = ("customer", "acme");
    let rows = [
        customer("acme"),
        lead("known", "2026-01-02T10:00", "2026-02-01"),
        lead("whenever", "2026-01-02T10:00", ""),
        lead("old", "", "2026-02-01"),
        deal("reversed", of, "won", "2026-05-02", "2026-04-20"),
        deal("later", of, "won", "2026-04-02", "2026-04-20"),
        deal("undated", of, "won", "2026-04-02", ""),
        call("x", of, "2026-01-05T10:00"),
    ];
    let rule = "customer: calls >= 1 per quarter  as called  supports sales";
    let asked = Asked { months: 3, ..Asked::default() };
    let coverage = (Some("2026-01-01"), Some("2026-06-01"));
    let text = format!("{SALES}{rule}");
    let found = asked_of(&text, &rows, coverage, "2026-06-30", &asked).unwrap();
    let Gaps { undated_deals, reversed_deals, undated_leads, undated_conversions, .. } = found.gaps;
    assert_eq!((undated_deals, reversed_deals, undated_leads, undated_conversions), (1, 1, 1, 1));
    assert_eq!(found.gaps.complete_through, Some("2026-06-01".parse().unwrap()));
    // A lead that converted nobody knows when has not failed to.
    assert_eq!(found.leads.iter().map(|lead| lead.id.as_str()).collect::<Vec<_>>(), ["known"]);
    assert_eq!(found.rules[0].observations[0].results.days_to_close, [18]);
}

#[test]
fn history_starts_with_activities_and_what_precedes_deals_with_it() {
    let of = ("customer", "acme");
    let rows = [
        customer("acme"),
        row(Noun::Lead, &[("id", "l"), ("status", "open"), ("created", "1990-01-02T10:00")]),
        deal("early", of, "won", "2025-01-02", "2026-03-01"),
        deal("later", of, "won", "2025-01-02", "2026-05-01"),
        call("x", of, "2026-01-05T10:00"),
    ];
    let text = format!("{SALES}customer: calls >= 1 per month  as called  supports sales");
    let asked = Asked { months: 3, ..Asked::default() };
    let found = asked_of(&text, &rows, (None, None), "2026-06-30", &asked).unwrap();
    // February and March; in January not all days are known.
    assert_eq!(found.rules[0].landmarks.len(), 2);
    let known = found.deals.iter().map(|deal| deal.kinds_before.is_some());
    assert_eq!(known.collect::<Vec<_>>(), [false, true]);
}

#[test]
fn leads_are_followed_through_a_funnel_of_theirs_alone() {
    let text = "goal sales = won opportunities >= 10 per year\n\
                \x20   through meeting > offer > won opportunity\n\
                customer: calls >= 1 per month  as called  supports sales";
    let asked = Asked { goal: Some("sales".to_owned()), ..Asked::default() };
    let found = asked_of(text, &[], (None, None), "2026-06-30", &asked).unwrap();
    assert_eq!((found.steps.len(), found.is_of_leads), (3, false));
}
