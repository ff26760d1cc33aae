//! Every code of the check: what it says, and where.

use super::{Files, LIMIT, compile, compiled, fault, faults};
use crate::diagnostic::Code;
use crate::diagnostic::Code::*;

/// Rules, and the one fault that they have: code, underlined text, message.
type Case = (&'static str, Code, &'static str, &'static str);

fn hold(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (text, code, underlined, message) in cases {
        let expected = vec![(*code, (*underlined).to_owned(), (*message).to_owned())];
        let found = faults(text);
        if found != expected {
            wrong.push(format!("{text}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_that_are_unknown() {
    hold(&[
        ("customer: revenu >= 5m", K011, "revenu", "a customer has no field `revenu`"),
        ("customer: owner.nam is kim", K011, "nam", "a seller has no field `nam`"),
        ("lead: vip is yes", K011, "vip", "a lead has no field `vip`"),
        ("list \"l\" = lead sort by size", K011, "size", "a lead has no field `size`"),
        (
            "field company.size : number",
            K011,
            "company",
            "the company has no table that could hold a field",
        ),
        (
            "A-customer: touchpionts >= 4 per year",
            K012,
            "touchpionts",
            "unknown noun `touchpionts`",
        ),
        ("hot leed: next call", K012, "hot leed", "unknown noun `hot leed`"),
        ("customer: calls | vissits >= 4 per year", K012, "vissits", "unknown noun `vissits`"),
        (
            "customer: calls | planned visits >= 4",
            K012,
            "planned visits",
            "an alternative is a noun alone, `planned visits` has adjectives",
        ),
        (
            "field call.size : number",
            K012,
            "call",
            "`call` is a kind of activity, fields are declared for all",
        ),
        ("hto lead: next call", K013, "hto", "unknown adjective `hto` of a lead"),
        (
            "seller: share of leads that are hto >= 5%",
            K013,
            "hto",
            "unknown adjective `hto` of a lead",
        ),
        (
            "seller: share of leads that are calls >= 5%",
            K013,
            "calls",
            "`calls` says nothing of a lead",
        ),
        ("customer: meets a-contact", K014, "a-contact", "unknown rule `a-contact`"),
        ("customer: calls >= 1 supports growth", K015, "growth", "unknown goal `growth`"),
        (
            "segment A = customer where revenue > 1\nB-customer: calls >= 1",
            K037,
            "B",
            "unknown segment `B`",
        ),
    ]);
}

#[test]
fn the_nearest_name_is_offered_with_a_fix() {
    let near = [
        ("A-customer: touchpionts >= 4 per year", "touchpoints"),
        ("hto lead: next call", "hot"),
        ("lead: temperature is hto", "hot"),
        ("customer: revenu >= 5m", "revenue"),
        ("customer: calls >= 1 severity critcal", "critical"),
        ("customer: calls >= 1 as often\ncustomer: meets oftn", "often"),
        (
            "goal growth = won opportunities >= 1 per year\nteam: calls >= 1 supports grwth",
            "growth",
        ),
        ("list \"l\" = lead sort by sourc", "source"),
    ];
    for (text, name) in near {
        let fault = fault(text);
        assert_eq!(fault.primary.text, format!("did you mean `{name}`?"), "{text}");
        assert_eq!(fault.fix.map(|fix| fix.replacement).as_deref(), Some(name), "{text}");
    }
}

#[test]
fn names_that_are_given_twice() {
    hold(&[
        ("define a = call\ndefine a = visit", K016, "a", "`a` is defined twice"),
        (
            "define pitch = call\ndefine pitches = visit",
            K016,
            "pitches",
            "`pitches` is defined twice",
        ),
        ("activity webinar\nactivity webinar", K016, "webinar", "`webinar` is defined twice"),
        ("activity call", K016, "call", "`call` is a standard activity kind"),
        ("field lead.source : text", K016, "source", "a lead has a field `source` already"),
        ("field lead.x : text\nfield lead.x : number", K016, "x", "a lead has a field `x` already"),
        (
            "segment A = customer where revenue > 1\nsegment A = customer where revenue < 1",
            K016,
            "A",
            "`A` is defined twice",
        ),
        ("list \"a\" = lead\nlist \"a\" = customer", K016, "\"a\"", "two lists have the name `a`"),
        (
            "goal g = won opportunities >= 1 per year\ngoal g = won opportunities >= 2 per year",
            K016,
            "g",
            "two goals have the name `g`",
        ),
        (
            "customer: calls >= 1 as a\ncustomer: calls >= 2 as a",
            K017,
            "a",
            "two rules have the id `a`",
        ),
        (
            "customer: calls >= 1\ncustomer: calls <= 1",
            K017,
            "customer: calls <= 1",
            "two rules have the id `customer-calls-1`",
        ),
    ]);
    let fault = fault("define a = call\ndefine a = visit");
    assert_eq!(fault.secondary.len(), 1, "{fault:?}");
    assert_eq!(fault.secondary[0].span.start, 7);
}

#[test]
fn circles() {
    hold(&[
        ("define a = a", K018, "a", "definitions go in a circle: `a` → `a`"),
        (
            "define a = b\ndefine b = c\ndefine c = a",
            K018,
            "a",
            "definitions go in a circle: `a` → `b` → `c` → `a`",
        ),
        (
            "define a = b + 1\ndefine b = 2 * a",
            K018,
            "a",
            "definitions go in a circle: `a` → `b` → `a`",
        ),
        (
            "define touchpoint = touchpoint | demo",
            K018,
            "touchpoint",
            "definitions go in a circle: `touchpoint` → `touchpoint`",
        ),
        (
            "define open lead = hot lead",
            K018,
            "open lead",
            "definitions go in a circle: `open lead` → `hot lead` → `open lead`",
        ),
        (
            "segment A = customer where revenue > 1\nsegment B = A-customer where revenue < 1",
            K018,
            "B",
            "segment `B` is built on segment `A`",
        ),
        (
            "segment A = customer where meets r\nA-customer: calls >= 1 as r",
            K018,
            "A",
            "segment `A` is built on segment `A`",
        ),
        ("customer: meets a as a", K019, "a", "rules meet each other in a circle: `a` → `a`"),
        (
            "customer: meets b as a\ncustomer: calls >= 1 or meets a as b",
            K019,
            "b",
            "rules meet each other in a circle: `a` → `b` → `a`",
        ),
        (
            "define good customer = customer where meets a\ngood customer: calls >= 1 as a",
            K019,
            "good customer: calls >= 1",
            "rules meet each other in a circle: `a` → `a`",
        ),
    ]);
}

#[test]
fn a_field_of_the_name_of_a_define_is_no_circle() {
    assert_eq!(faults("define learning = touchpoint where learning is known"), vec![]);
}

#[test]
fn files() {
    let told = |host: &Files, text: &str| {
        let (compiled, diagnostics) = compile("main.kpi", text, host, LIMIT);
        let told = diagnostics.into_iter().map(|d| {
            let at = compiled.sources.position(d.primary.span);
            let underlined = compiled.sources.slice(d.primary.span);
            (d.code, format!("{}:{}", at.file, at.line), underlined.to_owned(), d.message)
        });
        told.collect::<Vec<_>>()
    };
    let host = Files::of([
        ("a.kpi", "use \"b.kpi\"\ndefine x = call"),
        ("b.kpi", "# nothing\nuse \"a.kpi\""),
        ("left.kpi", "use \"words.kpi\""),
        ("right.kpi", "use \"words.kpi\""),
        ("words.kpi", "define kunde = customer"),
    ]);
    let circle = "files use each other in a circle: `a.kpi` → `b.kpi` → `a.kpi`".to_owned();
    assert_eq!(
        told(&host, "use \"a.kpi\""),
        vec![(K020, "b.kpi:2".to_owned(), "\"a.kpi\"".to_owned(), circle)]
    );
    let missing = "cannot read `gone.kpi`".to_owned();
    assert_eq!(
        told(&host, "\nuse \"gone.kpi\""),
        vec![(K021, "main.kpi:2".to_owned(), "\"gone.kpi\"".to_owned(), missing)]
    );
    assert_eq!(told(&host, "use \"left.kpi\"\nuse \"right.kpi\"\nkunde: calls >= 1"), vec![]);
    let holidays = "cannot read holidays from `gone.ics`".to_owned();
    assert_eq!(
        told(&host, "calendar\n    holidays from \"gone.ics\"")
            .into_iter()
            .map(|f| (f.0, f.3))
            .collect::<Vec<_>>(),
        vec![(K048, holidays)]
    );
}

#[test]
fn names_that_are_taken() {
    hold(&[
        (
            "activity \"every week\"",
            K022,
            "\"every week\"",
            "`every` is a word of the language and cannot be part of a name",
        ),
        (
            "define customer = lead",
            K023,
            "customer",
            "`customer` is a standard noun and cannot be defined anew",
        ),
        (
            "define visits = call",
            K023,
            "visits",
            "`visits` is a standard noun and cannot be defined anew",
        ),
        (
            "activity opportunities",
            K023,
            "opportunities",
            "`opportunities` is a standard noun and cannot be defined anew",
        ),
    ]);
}

#[test]
fn values_and_types() {
    hold(&[
        ("lead: temperature is hto", K024, "hto", "`temperature` is never `hto`"),
        ("lead: status in (open, won)", K024, "won", "`status` is never `won`"),
        (
            "field customer.vip : yes-no\ncustomer: vip is maybe",
            K024,
            "maybe",
            "`vip` is never `maybe`",
        ),
        ("customer: calls >= 1 severity grave", K024, "grave", "unknown severity `grave`"),
        ("customer: country > DK", K025, ">", "`country` cannot be compared by size"),
        ("customer: revenue is large", K025, "large", "`revenue` is a number, `large` is none"),
        ("customer: created >= 5", K025, "5", "a date is expected here"),
        ("customer: country is 5", K025, "5", "`country` holds text, `5` is none"),
        (
            "customer: revenue contains \"5\"",
            K025,
            "revenue",
            "`contains` needs text, `revenue` is none",
        ),
        (
            "seller: sum stage of opportunities >= 5",
            K025,
            "stage",
            "`sum` needs a number field, `stage` is none",
        ),
        ("customer: country before 2026-01-01", K025, "country", "`country` is no date"),
        ("lead: call within 2 days of source", K025, "source", "`source` is no date"),
        (
            "customer: calls >= country per year",
            K025,
            "country",
            "a number is expected here, `country` is none",
        ),
    ]);
}

#[test]
fn units() {
    hold(&[
        (
            "seller: share of leads that are hot >= 60",
            K026,
            "60",
            "a share is compared with a percentage",
        ),
        ("seller: meetings >= 60%", K026, "60%", "`60%` is a percentage, only a share is one"),
        ("seller: 60% <= meetings", K026, "60%", "`60%` is a percentage, only a share is one"),
        (
            "seller: meetings * 50% >= 3",
            K026,
            "50%",
            "a percentage is compared with, not multiplied",
        ),
        (
            "seller: meetings + share of leads that are hot >= 3",
            K026,
            "share of leads that are hot",
            "what is added must be in one unit",
        ),
        (
            "seller: meetings >= 3 days",
            K026,
            "3 days",
            "`3 days` is a duration, a number is expected here",
        ),
        (
            "customer: longest gap of calls <= 2 months",
            K026,
            "2 months",
            "`2 months` is no fixed number of days",
        ),
        (
            "customer: longest gap of calls <= 60%",
            K026,
            "60%",
            "`60%` is a percentage, only a share is one",
        ),
        (
            "seller: won opportunities >= 1 in last 2 hours",
            K026,
            "in last 2 hours",
            "`won opportunities` have a day but no time of day",
        ),
        ("customer: created in last 2 hours", K026, "in last 2 hours", "a date has no time of day"),
        ("customer: visit every 2 hours", K026, "2 hours", "this is measured in days"),
        ("customer: call within 2 hours of created", K026, "2 hours", "a date has no time of day"),
        ("customer: calls spaced 2 hours >= 3", K026, "2 hours", "this is measured in days"),
    ]);
}

#[test]
fn conditions_and_measures() {
    hold(&[
        ("customer: revenue", K027, "revenue", "a condition is expected here, `revenue` is none"),
        (
            "customer: touchpoints",
            K027,
            "touchpoints",
            "a condition is expected here, `touchpoints` is none",
        ),
        (
            "field customer.vip : yes-no\ncustomer: vip",
            K027,
            "vip",
            "a condition is expected here, `vip` is none",
        ),
        ("customer: dormant", K027, "dormant", "a condition is expected here, `dormant` is none"),
        (
            "customer: (calls >= 1) >= 2",
            K027,
            "calls >= 1",
            "a measure is expected here, this is a condition",
        ),
        (
            "define effort = 2 * calls\nlist \"l\" = effort",
            K027,
            "effort",
            "`effort` is a number, things are expected here",
        ),
    ]);
    let fault = fault("field customer.vip : yes-no\ncustomer: vip");
    assert_eq!(fault.fix.unwrap().replacement, "vip is yes");
}

#[test]
fn things_and_activities() {
    hold(&[
        ("contact: opportunities >= 1", K028, "opportunities", "a contact has no opportunities"),
        ("meeting: next call", K028, "call", "an activity has no activities"),
        (
            "seller: calls on absence >= 1",
            K028,
            "calls on absence",
            "an activity is never on an absence",
        ),
        ("define busy = leads + 1\ncontact: busy >= 2", K028, "leads", "a contact has no leads"),
        (
            "customer: next opportunity",
            K029,
            "opportunity",
            "`next` needs activities, `opportunity` are opportunities",
        ),
        (
            "customer: opportunity every 3 days",
            K029,
            "opportunity",
            "`every` needs activities, `opportunity` are opportunities",
        ),
        (
            "customer: days since opportunities <= 3",
            K029,
            "opportunities",
            "`days since` needs activities, `opportunities` are opportunities",
        ),
        (
            "list \"l\" = call | customer",
            K030,
            "customer",
            "alternatives must be of one kind: a customer is no activity",
        ),
        ("segment A = lead", K030, "lead", "a segment is of customers, these are leads"),
        (
            "customer: planned completed calls >= 1",
            K031,
            "planned",
            "`planned` and `completed calls` exclude each other",
        ),
        (
            "define held = completed meeting\ncustomer: planned held >= 1",
            K031,
            "planned",
            "`planned` and `held` exclude each other",
        ),
        (
            "list \"l\" = open won opportunity",
            K031,
            "open",
            "`open` and `won opportunity` exclude each other",
        ),
        (
            "customer: next completed call",
            K031,
            "completed call",
            "`next` and `completed call` exclude each other",
        ),
        (
            "customer: next overdue call",
            K031,
            "overdue call",
            "`next` and `overdue call` exclude each other",
        ),
        (
            "customer: followed by call within 3 days",
            K045,
            "followed by",
            "`followed by` needs an activity, this is about a customer",
        ),
        (
            "lead: calls >= 1 as a\ncustomer: meets a",
            K046,
            "a",
            "`a` judges leads, this is about a customer",
        ),
    ]);
}

#[test]
fn windows_and_dates() {
    hold(&[
        (
            "customer: calls >= 1 in last 30 days prorate",
            K032,
            "prorate",
            "there is nothing to prorate",
        ),
        ("customer: next call prorate", K032, "prorate", "there is nothing to prorate"),
        (
            "seller: average amount of opportunities >= 1 per year prorate",
            K032,
            "prorate",
            "there is nothing to prorate",
        ),
        (
            "customer: revenue >= 5 per year",
            K033,
            "per year",
            "a window needs something that is measured over time",
        ),
        (
            "customer: calls >= 1 per year since 2026-05-01 until 2026-04-01",
            K047,
            "2026-05-01",
            "`since 2026-05-01` is after `until 2026-04-01`",
        ),
        (
            "customer: calls >= 1 from 2026-05-01 until 2026-04-01",
            K047,
            "from 2026-05-01 until 2026-04-01",
            "2026-05-01 is after 2026-04-01",
        ),
    ]);
}

#[test]
fn segments_that_overlap() {
    let overlap = |text: &str| {
        let fault = fault(text);
        assert_eq!(fault.code, K034, "{text}");
        fault.primary.text
    };
    assert_eq!(
        overlap(
            "segment A = customer where revenue >= 1m\nsegment B = customer where revenue <= 1m"
        ),
        "a customer that fits both: revenue 1000000"
    );
    assert_eq!(
        overlap(
            "segment A = customer where country is DK\nsegment B = customer where country in (SE, DK)"
        ),
        "a customer that fits both: country `DK`"
    );
    assert_eq!(
        overlap("segment A = customer where country is DK\nsegment B = customer where revenue > 5"),
        "a customer that fits both: country `DK`, revenue 6"
    );
    let apart = [
        "segment A = customer where revenue >= 1m\nsegment B = customer where revenue < 1m",
        "segment A = customer where country is DK\nsegment B = customer where country is not DK",
        "segment A = customer where revenue > 1 and revenue < 3\nsegment B = customer where not (revenue > 1)",
        "segment A = customer where calls >= 1\nsegment B = customer where revenue > 5",
        "segment A = customer where created before 2026-01-01\nsegment B = customer where created after 2025-12-31",
        "segment A = customer where revenue is known\nsegment B = customer where revenue is unknown",
    ];
    for text in apart {
        assert_eq!(faults(text), vec![], "{text}");
    }
}

#[test]
fn the_calendar() {
    hold(&[(
        "calendar\n    timezone UTC\ncalendar\n    timezone UTC",
        K035,
        "calendar",
        "a rule set has one calendar",
    )]);
    let fault = fault("calendar\n    timezone Europe/Copenhagn");
    assert_eq!(fault.code, K036);
    assert_eq!(fault.primary.text, "did you mean `Europe/Copenhagen`?");
}

#[test]
fn paths() {
    hold(&[
        (
            "member: lead.customer.owner.team.name is x",
            K038,
            "lead.customer.owner.team.name",
            "a path of more than 3 dots",
        ),
        (
            "customer: country.name is x",
            K039,
            "country",
            "`country` refers to nothing that has fields",
        ),
    ]);
    assert_eq!(faults("member: lead.customer.owner.team is x"), vec![]);
}

#[test]
fn tests_of_rules() {
    let rules =
        "customer: calls >= 1 as r\ngoal g = won opportunities >= 1 per year\nlist \"l\" = lead\n";
    let cases = [
        (
            "given call on acme at 2026-01-01",
            K041,
            "acme",
            "nothing with the id `acme` is given in this test",
        ),
        (
            "given contact eva : customer acme",
            K041,
            "acme",
            "nothing with the id `acme` is given in this test",
        ),
        (
            "given team north\n    given call on north at 2026-01-01",
            K041,
            "north",
            "an activity cannot be on a team",
        ),
        ("given customer zeta\n    given lead zeta", K042, "zeta", "`zeta` is given twice"),
        ("given customer", K044, "customer", "a customer needs an id"),
        ("given member bo : campaign fair", K044, "bo", "a member has no id"),
        ("given call", K044, "call", "an activity needs its time"),
        (
            "given activity at 2026-01-01",
            K044,
            "activity",
            "an activity that is given needs its kind",
        ),
        ("given overdue call at 2026-01-01", K013, "overdue", "`overdue` cannot be given"),
        ("given custmer zeta", K012, "custmer", "unknown noun `custmer`"),
        ("given customer zeta : revenu 5", K011, "revenu", "a customer has no field `revenu`"),
        ("given customer zeta : revenue 5, revenue 6", K044, "revenue", "`revenue` is given twice"),
        ("given lead bo : temperature hto", K024, "hto", "`temperature` is never `hto`"),
        (
            "given customer zeta : revenue large",
            K025,
            "large",
            "`revenue` is a number, `large` is none",
        ),
        (
            "given call at 2026-01-01, 2026-01-02 as c",
            K044,
            "c",
            "`as` names one activity, here are 2",
        ),
        (
            "expect r for acme is met at 2026-01-01",
            K041,
            "acme",
            "nothing with the id `acme` is given in this test",
        ),
        (
            "given lead bo\n    expect r for bo is met at 2026-01-01",
            K041,
            "bo",
            "`bo` is a lead, `r` is about customers",
        ),
        (
            "given customer acme\n    expect q for acme is met at 2026-01-01",
            K014,
            "q",
            "unknown rule `q`",
        ),
        ("expect \"m\" lists nothing at 2026-01-01", K014, "\"m\"", "unknown list `m`"),
        (
            "expect \"l\" lists bo at 2026-01-01",
            K041,
            "bo",
            "nothing with the id `bo` is given in this test",
        ),
        (
            "given customer acme\n    expect score of acme is 5% at 2026-01-01",
            K041,
            "acme",
            "`acme` is a customer, which has no score",
        ),
    ];
    for (body, code, underlined, message) in cases {
        let text = format!(
            "{rules}test \"t\"\n    {body}\n    expect score of company is 5% at 2026-01-01\n"
        );
        let expected = vec![(code, underlined.to_owned(), message.to_owned())];
        assert_eq!(faults(&text), expected, "{body}");
    }
    hold(&[
        ("test \"t\"\n    given customer acme", K043, "\"t\"", "test \"t\" expects nothing"),
        (
            "test \"t\"\n    expect score of company is 5% at 2026-01-01\ntest \"t\"\n    expect score of company is 5% at 2026-01-01",
            K016,
            "\"t\"",
            "two tests have the name `t`",
        ),
    ]);
}

#[test]
fn all_faults_are_told_at_once_in_their_order() {
    let text = "hto lead: temprature is known\ncustomer: vissits >= 1 supports nothing\nlead: temperature is hto";
    let codes: Vec<Code> = faults(text).into_iter().map(|fault| fault.0).collect();
    assert_eq!(codes, vec![K013, K011, K012, K015, K024]);
}

#[test]
fn what_is_sound_is_made_though_the_rest_is_not() {
    let text = "customer: vissits >= 1 as a\ncustomer: meets a as b\ncustomer: calls >= 1 as c\n\
                customer: meets c as d\nlist \"l\" = leed\nlist \"m\" = lead\n\
                test \"t\"\n    expect \"m\" lists nothing at 2026-01-01\n";
    let (compiled, _) = compiled(text);
    let ids: Vec<&str> = compiled.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["c", "d"]);
    assert!(matches!(compiled.rules[1].condition, super::super::rules::Condition::Meets(0)));
    assert_eq!(compiled.lists.len(), 1);
    assert_eq!(compiled.tests.len(), 1);
}

#[test]
fn the_prelude_is_replaced_as_a_whole_and_never_blamed() {
    let text = "define touchpoint = absence\ndormant customer: calls >= 1";
    let told = faults(text);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].0, told[0].1.as_str()), (K012, "dormant customer"));
    assert_eq!(faults("define touchpoint = absence\ncustomer: calls >= 1"), vec![]);
    let unknown = faults("define touchpoint = vissit\ndormant customer: calls >= 1");
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert_eq!((unknown[0].0, unknown[0].1.as_str()), (K012, "vissit"));
}

#[test]
fn a_name_that_a_broken_item_gives_is_not_unknown() {
    let text = "define kunde = = customer\nkunde: calls >= 1\nkunder: calls >= 1\n\
                customer: calls >= >= 1 as r\ncustomer: meets r\ncustomer: meets q";
    let codes: Vec<(Code, String)> = faults(text).into_iter().map(|f| (f.0, f.1)).collect();
    let unknown: Vec<&(Code, String)> = codes.iter().filter(|fault| fault.0 != K001).collect();
    assert_eq!(unknown, [&(K012, "kunder".to_owned()), &(K014, "q".to_owned())]);
}
