//! Names: unknown, given twice, going in a circle; and files.

use super::{Files, LIMIT, compile, compiled, fault, faults, hold};
use crate::diagnostic::Code;
use crate::diagnostic::Code::*;

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

#[test]
fn a_name_that_a_missing_file_may_give_is_not_unknown() {
    let codes: Vec<Code> = faults("use \"gone.kpi\"\nkunde: calls >= 1\nlead: temperature is hto")
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(codes, [K021, K024]);
}

#[test]
fn a_subject_that_is_named_before_its_field_is_mended() {
    let fault = fault("campaign: campaign.start before today");
    assert_eq!(fault.code, K011);
    assert_eq!(fault.primary.text, "say `start` alone");
    let fix = fault.fix.unwrap();
    assert_eq!((fix.span.start, fix.span.end, fix.replacement.as_str()), (10, 19, ""));
}
