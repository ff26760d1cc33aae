//! The JSON Schema takes every report, and nothing that is none.

#![cfg(test)]

#[path = "support/json_schema.rs"]
mod json_schema;

use json_schema::{
    DIFF, HISTORY, SCHEMA, STORY, faults, is_closed, objects, printed, with_validator_of,
};
use jsonschema::Validator;
use kadence::{Noun, Report, Status};
use serde_json::{Value, json};

const KNOWN: &str = include_str!("../../../docs/known.schema.json");
const REPORT: &str = include_str!("fixtures/report.json");

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn fixture() -> Value {
    serde_json::from_str(REPORT).unwrap()
}

#[test]
fn a_serialised_report_conforms() {
    let report: Report = serde_json::from_str(REPORT).unwrap();
    let none: Vec<String> = Vec::new();
    assert_eq!(faults(&validator(), &serde_json::to_value(report).unwrap()), none);
}

#[test]
fn every_status_and_noun_conforms() {
    let validator = validator();
    for status in Status::ALL {
        let mut report: Report = serde_json::from_str(REPORT).unwrap();
        let reasoned = matches!(status, Status::NotApplicable | Status::Unknown);
        report.verdicts[0].status = status;
        report.verdicts[0].reason = reasoned.then(|| "revenue is unknown".to_owned());
        assert!(validator.is_valid(&serde_json::to_value(&report).unwrap()), "{status:?}");
    }
    for noun in Noun::ALL {
        let mut report = fixture();
        report["verdicts"][0]["subject"]["kind"] = json!(noun.singular());
        assert!(validator.is_valid(&report), "{noun}");
    }
}

#[test]
fn numbers_are_decimals_as_text() {
    let validator = validator();
    for good in ["0", "4", "10", "0.5", "-0.25", "-3", "1000000.01", "100.001"] {
        let mut report = fixture();
        report["verdicts"][0]["measured"] = json!(good);
        assert!(validator.is_valid(&report), "{good}");
    }
    let bad = [
        json!("4.0"),
        json!("4."),
        json!(".5"),
        json!("04"),
        json!("-0"),
        json!("1e3"),
        json!("+4"),
        json!("1/3"),
        json!(""),
        json!("4\n"),
        json!(4),
        json!("NaN"),
    ];
    for bad in bad {
        let mut report = fixture();
        report["verdicts"][0]["measured"] = bad.clone();
        assert!(!validator.is_valid(&report), "{bad}");
    }
}

/// The report with another value at a place.
fn with(pointer: &str, value: Value) -> Value {
    let mut report = fixture();
    *report.pointer_mut(pointer).expect(pointer) = value;
    report
}

#[test]
fn what_is_no_report_is_refused_at_its_place() {
    let validator = validator();
    let wrong = [
        ("/schema", json!(2)),
        ("/as_of", json!("2026-11-16")),
        ("/as_of", json!("2026-11-16T00:00:00")),
        ("/day", json!("2026-13-01")),
        ("/day", json!(null)),
        ("/rules/0/severity", json!("fatal")),
        ("/rules/0/line", json!(0)),
        ("/rules/0/weight", json!(3)),
        ("/rules/0/subject", json!("A-customer")),
        ("/verdicts/0/status", json!("on track")),
        ("/verdicts/0/reason", json!("why")),
        ("/verdicts/6/reason", json!(null)),
        ("/verdicts/0/attainment", json!(1.5)),
        ("/verdicts/0/due", json!("15.11.2026")),
        ("/verdicts/0/final", json!("no")),
        ("/verdicts/0/evidence", json!([17])),
        ("/verdicts/0/subject/id", json!("")),
        ("/verdicts/0/period/to", json!(null)),
        ("/scores/company/met", json!(-1)),
        ("/scores/sellers/0/score", json!("0.5")),
        ("/lists/0/subjects/0/owner", json!(7)),
        ("/goals/0/status", json!(null)),
        ("/problems/0/level", json!("fatal")),
    ];
    for (pointer, value) in wrong {
        let found = faults(&validator, &with(pointer, value.clone()));
        assert!(!found.is_empty(), "{pointer} = {value} is taken");
        assert!(found.iter().any(|fault| fault.starts_with(pointer)), "{pointer}: {found:?}");
    }
}

#[test]
fn no_object_takes_another_field_or_goes_without_one_of_its_own() {
    is_closed(&validator(), &fixture());
}

/// Everything that rules and verdicts can differ in, by `kadence diff`.
fn differences() -> Value {
    let dir = tempfile::tempdir().unwrap();
    let old = "segment A = customer where revenue >= 1\n\
               customer: calls >= 0 per month as worse\n\
               customer: calls >= 1 per month as better\n\
               A-customer: next call as judged\n\
               customer: calls >= 2 per year as same because \"so\"\n\
               customer: revenue >= 3 and segment is A as reason\n\
               customer: calls >= 3 per year as old-name\n\
               lead: next visit as alike\n\
               lead: next call as gone\n\
               list \"same\" = open lead\nlist \"one\" = hot lead\nlist \"two\" = warm lead\n\
               list \"three\" = cold lead limit 1\nlist \"four\" = open lead where (created in last 90 days)\n\
               goal gone = calls >= 1 per year\n";
    let new = "segment A = customer where revenue >= 2\n\
               customer: calls >= 1 per month as worse weight 2\n\
               customer: calls >= 0 per month as better\n\
               A-customer: next call as judged\n\
               customer: calls >= 2 per year as same because \"not so\"\n\
               customer: revenue >= 3 as reason\n\
               customer: calls >= 3 per year as new-name\n\
               lead: next visit as alike\n\
               seller: calls >= 1 as fresh\n\
               list \"same\" = open lead\nlist \"1\" = hot lead\nlist \"two\" = warm lead limit 3\n\
               list \"three\" = cold leads limit 1\n\
               goal fresh = visits >= 1 per year through lead > visit\n";
    let files = [
        ("old.kpi", old),
        ("new.kpi", new),
        ("sellers.csv", "id,unheard\nkim,\n"),
        ("customers.csv", "id,name,owner,revenue\nacme,Acme,kim,1\nzeta,,,\n"),
        ("dataset.json", r#"{"as_of": "2026-04-15"}"#),
    ];
    files.iter().for_each(|(name, text)| std::fs::write(dir.path().join(name), text).unwrap());
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
        .args(["diff", "old.kpi", "new.kpi", "--data", ".", "--format", "json"])
        .args(["--from", "2026-03-01"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn differences_conform_and_are_closed() {
    let found = differences();
    with_validator_of(DIFF, |validator| {
        assert_eq!(faults(validator, &found), Vec::<String>::new());
        is_closed(validator, &found);
        let wrong = [
            ("/schema", json!(2)),
            ("/rules/0/change", json!("removed")),
            ("/rules/0/old", json!(null)),
            ("/rules/0/parts/0/part", json!("colour")),
            ("/lists/0/change", json!("added")),
            ("/lists/0/old", json!(null)),
            ("/lists/0/new/name", json!("")),
            ("/goals/0/change", json!("new")),
            ("/definitions/0/kind", json!("rule")),
            ("/as_ofs/0/day", json!("31.3.2026")),
            ("/as_ofs/0/rules/0/worse", json!(-1)),
            ("/as_ofs/0/scores/company/change", json!(2)),
            ("/as_ofs/0/differences/0/direction", json!("sideways")),
            ("/as_ofs/0/differences/0/new/status", json!("fine")),
        ];
        for (pointer, value) in wrong {
            let mut report = found.clone();
            *report.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&report), "{pointer}");
        }
    });
    let words = |place: &str, key: &str| -> std::collections::BTreeSet<String> {
        let all = found.pointer(place).unwrap().as_array().unwrap();
        all.iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(words("/rules", "change").len(), 6, "{found}");
    assert_eq!(words("/lists", "change").len(), 5, "{found}");
    assert_eq!(words("/goals", "change").len(), 2, "{found}");
    assert!(words("/as_ofs/0/differences", "direction").len() >= 3, "{found}");
    assert_eq!(found["problems"].as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn campaigns_conform_and_are_closed() {
    with_validator_of(include_str!("../../../docs/campaigns.schema.json"), |validator| {
        let all = printed("campaign", &[]);
        assert_eq!(faults(validator, &all), Vec::<String>::new());
        is_closed(validator, &all);
        for campaign in all["campaigns"].as_array().unwrap() {
            let review = printed("campaign", &["--name", campaign["id"].as_str().unwrap()]);
            assert_eq!(faults(validator, &review), Vec::<String>::new(), "{review}");
        }
        let mut review = printed("campaign", &["--name", "fair-2026"]);
        // One of each is enough, and every member is checked above.
        review["followed_up"]["of"].as_array_mut().unwrap().truncate(1);
        is_closed(validator, &review);
        let wrong = [
            ("/schema", json!(2)),
            ("/day", json!("15.11.2026")),
            ("/campaign/phase", json!("soon")),
            ("/campaign/cost", json!(210000)),
            ("/prepared/lacks", json!(["luck"])),
            ("/followed_up/reached", json!(-1)),
            ("/followed_up/of/0/reach", json!("almost")),
            ("/followed_up/speed/median", json!(4)),
            ("/learned/missing_days", json!(-1)),
            ("/sold/amount_won/known", json!(null)),
            ("/earlier/0/reached_at_that_age", json!("12")),
        ];
        for (pointer, value) in wrong {
            let mut changed = review.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}

#[test]
fn effects_conform_and_are_closed() {
    let mut effects = printed("effect", &[]);
    with_validator_of(include_str!("../../../docs/effect.schema.json"), |validator| {
        assert_eq!(faults(validator, &effects), Vec::<String>::new());
        // One of each is enough.
        for list in ["/rules", "/effort/sellers", "/kinds/kinds", "/sources/sources"] {
            effects.pointer_mut(list).unwrap().as_array_mut().unwrap().truncate(2);
        }
        is_closed(validator, &effects);
        let wrong = [
            ("/schema", json!(2)),
            ("/months", json!(0)),
            ("/rules/0/met", json!(-1)),
            ("/rules/0/results", json!([])),
            ("/rules/1/results/0/outcome", json!("luck")),
            ("/rules/1/results/0/refused/reason", json!("tired")),
            ("/effort/since", json!("2026")),
            ("/effort/sellers/0/won/hits", json!(null)),
            ("/kinds/days", json!("90")),
            ("/sources/all/interval", json!([0, 1])),
            ("/sources/carry/correlation", json!(2)),
        ];
        for (pointer, value) in wrong {
            let mut changed = effects.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}

/// What is kept of three months, of which one is frozen, and what is known better since.
fn histories() -> [Value; 3] {
    let dir = tempfile::tempdir().unwrap();
    let calls = "id,kind,status,at,created,customer\na,call,completed,2026-02-03T10:00,,acme\n";
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("sellers.csv", "id,team\nkim,nord\n");
    write("teams.csv", "id\nnord\n");
    write("customers.csv", "id,owner\nacme,kim\nzeta,\nbeta,kim\n");
    write("activities.csv", calls);
    let rules = "customer: calls >= 2 per month as called\ncustomer: calls >= 1 as ever\n\
                 customer: visits >= 1 per month as seen\nlead: next call as gone\n";
    write("then.kpi", rules);
    let run = |args: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
            .args(args.split_whitespace())
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let json = |args: &str| -> Value {
        serde_json::from_str(&run(&format!("{args} --format json"))).unwrap()
    };
    let every = "--every month --from 2026-02-01 --as-of 2026-05-01 --taken 2026-05-01";
    run(&format!("snapshot then.kpi --data . --to history.db {every}"));
    run("history freeze history.db 2026-02");
    let history = json("history history.db");
    let late = "b,call,completed,2026-02-04T10:00,2026-06-01T10:00,acme\n\
                c,call,completed,2026-02-05T10:00,,zeta\n";
    write("activities.csv", &format!("{calls}{late}"));
    write("customers.csv", "id,owner\nacme,kim\nzeta,\n");
    let now = "customer: calls >= 1 per month as called\ncustomer: calls >= 1 as ever\n\
               customer: visits >= 1 per month as visited\nlead: next visit as new\n";
    write("now.kpi", now);
    let corrections = json("history corrections history.db --data .");
    [history, corrections, json("history compare history.db --rules now.kpi --data .")]
}

#[test]
fn overviews_conform_and_are_closed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
        .args(["report", "examples/nordic", "--format", "json"])
        .current_dir(&root)
        .output()
        .unwrap();
    let mut overview: Value = serde_json::from_slice(&output.stdout).unwrap();
    with_validator_of(include_str!("../../../docs/overview.schema.json"), |validator| {
        assert_eq!(faults(validator, &overview), Vec::<String>::new());
        // A few of each are enough, and all were checked above.
        for pointer in [
            "/outlines",
            "/report/verdicts",
            "/since/changed",
            "/since/gone",
            "/trend",
            "/heat/rows",
            "/lines",
        ] {
            overview.pointer_mut(pointer).expect(pointer).as_array_mut().unwrap().truncate(3);
        }
        is_closed(validator, &overview);
        let wrong = [
            ("/schema", json!(2)),
            ("/days", json!(-1)),
            ("/outlines/0/form", json!("maybe")),
            ("/heat/rows/0/holder", json!({"kind": "team"})),
            ("/heat/rows/0/cells/0", json!(1)),
            ("/trend/0/day", json!("today")),
            ("/since/changed/0/direction", json!("sideways")),
            ("/since/gone/0/before", json!(null)),
            ("/due/0", json!(-1)),
            ("/lines/0/target", json!(5)),
            ("/lines/0/points/0/value", json!(null)),
            ("/distributions/0/bins/0/counts", json!([1, 2])),
            ("/distributions/0/scale", json!("log")),
        ];
        for (pointer, value) in wrong {
            let mut changed = overview.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}

#[test]
fn histories_conform_and_are_closed() {
    let [history, corrections, compared] = histories();
    with_validator_of(HISTORY, |validator| {
        assert_eq!(faults(validator, &history), Vec::<String>::new());
        is_closed(validator, &history);
    });
    with_validator_of(KNOWN, |validator| {
        for found in [&corrections, &compared] {
            assert_eq!(faults(validator, found), Vec::<String>::new());
            is_closed(validator, found);
        }
        for (pointer, value) in [
            ("/known/0/run/taken", json!("yesterday")),
            ("/known/0/rules", json!("")),
            ("/known/0/late/0/at", json!(null)),
            ("/known/0/counts/0/figures", json!(-1)),
            ("/known/0/differences/0/cause", json!("magic")),
            ("/known/0/differences/0/direction", json!("sideways")),
            ("/known/0/differences/0/then/status", json!("fine")),
        ] {
            let mut report = compared.clone();
            *report.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&report), "{pointer}");
        }
    });
    let causes = |found: &Value| -> std::collections::BTreeSet<String> {
        let known = found["known"].as_array().unwrap();
        let all = known.iter().flat_map(|known| known["differences"].as_array().unwrap());
        all.map(|one| one["cause"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(causes(&compared).len(), 3, "{compared}");
    assert!(causes(&corrections).len() >= 2, "{corrections}");
    assert_eq!(compared["known"][0]["changes"].as_array().unwrap().len(), 4, "{compared}");
}

/// All stories of the example company.
fn stories() -> Vec<Value> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic");
    let text = std::fs::read_to_string(folder.join("targets.kpi")).unwrap();
    let files = kadence_data::Folder::new(&folder);
    let rules = kadence::RuleSet::compile("targets.kpi", &text, &files).unwrap();
    let builder = kadence_data::read(&folder.join("data"), rules.schema()).unwrap();
    let data = rules.prepare(&builder.build().unwrap().0).unwrap();
    let as_of = "2026-11-15".parse::<kadence::AsOf>().unwrap();
    let evaluation = rules.judge(&data, &kadence::Options::at(as_of)).unwrap();
    let story =
        |decision: kadence::Decision<'_>| serde_json::to_value(decision.story().unwrap()).unwrap();
    evaluation.decisions().map(story).collect()
}

/// The values of a field, wherever it is.
fn values<'v>(value: &'v Value, field: &str, found: &mut std::collections::BTreeSet<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(field).and_then(Value::as_str));
            fields.values().for_each(|value| values(value, field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| values(item, field, found)),
        _ => {}
    }
}

#[test]
fn stories_conform_and_are_closed() {
    let all = stories();
    let of = |field: &str| {
        let mut found = std::collections::BTreeSet::new();
        all.iter().for_each(|story| values(story, field, &mut found));
        found
    };
    let told = [("form", 9), ("why", 11), ("enough", 7), ("do", 10), ("modifier", 2)];
    for (field, at_least) in told {
        assert!(of(field).len() >= at_least, "{field}: {:?}", of(field));
    }
    with_validator_of(STORY, |validator| {
        for story in &all {
            assert_eq!(faults(validator, story), Vec::<String>::new(), "{story}");
        }
        // The first that has much to tell.
        let rich = |story: &&Value| {
            let mut places = Vec::new();
            objects(story, "", &mut places);
            let near = story["condition"]["near"].as_array().unwrap();
            places.len() > 20 && !near.is_empty() && story["change"].is_object()
        };
        let story = all.iter().find(rich).unwrap();
        is_closed(validator, story);
        let wrong = [
            ("/day", json!("15.11.2026")),
            ("/condition/form", json!("both")),
            ("/condition/status", json!("on track")),
            ("/condition/more_near", json!(-1)),
            ("/condition/near/0/reason/why", json!("luck")),
            ("/condition/near/0/day", json!(7)),
            ("/enough/enough", json!("perhaps")),
            ("/change/status", json!("fine")),
            ("/verdict/final", json!("no")),
            ("/rule/weight", json!(3)),
        ];
        for (pointer, value) in wrong {
            let mut changed = story.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}

#[test]
fn what_the_command_prints_of_a_verdict_conforms() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
        .args(["explain", "examples/nordic", "b-contact", "c005", "--format", "json"])
        .current_dir(root)
        .output()
        .unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    with_validator_of(STORY, |validator| {
        assert_eq!(faults(validator, &found), Vec::<String>::new());
    });
}

#[test]
fn work_lists_conform_and_are_closed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let printed = |arguments: &[&str]| -> Value {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
            .args(["list", "examples/nordic", "--format", "json"])
            .args(arguments)
            .current_dir(&root)
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let todo = printed(&[]);
    let mut done = std::collections::BTreeSet::new();
    values(&todo, "do", &mut done);
    assert!(["activity", "record", "enough"].iter().all(|one| done.contains(one)), "{done:?}");
    let few = printed(&["--limit", "3", "--seller", "asta"]);
    let calls = printed(&["--list", "Call day: pipeline"]);
    with_validator_of(include_str!("../../../docs/lists.schema.json"), |validator| {
        assert_eq!(faults(validator, &todo), Vec::<String>::new());
        for found in [&few, &calls] {
            assert_eq!(faults(validator, found), Vec::<String>::new());
            is_closed(validator, found);
        }
        let wrong = [
            (&few, "/schema", json!(2)),
            (&few, "/day", json!("15.11.2026")),
            (&few, "/sellers/0/left_out", json!(-1)),
            (&few, "/sellers/0/todo/0/acts", json!([])),
            (&few, "/sellers/0/todo/0/acts/0/do", json!("dream")),
            (&few, "/sellers/0/todo/0/acts/0/serves", json!([])),
            (&few, "/sellers/0/todo/0/severity", json!("dire")),
            (&calls, "/subjects/0/subject/kind", json!("bird")),
            (&calls, "/subjects/0/reach/phone", json!(7)),
            (&calls, "/left_out", json!("none")),
        ];
        for (found, pointer, value) in wrong {
            let mut changed = found.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}

#[test]
fn plans_conform_and_are_closed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
        .args(["plan", "examples/nordic", "--until", "2026-11-20", "--format", "json"])
        .current_dir(root)
        .output()
        .unwrap();
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    with_validator_of(include_str!("../../../docs/plan.schema.json"), |validator| {
        assert_eq!(faults(validator, &plan), Vec::<String>::new());
        is_closed(validator, &plan);
        let wrong = [
            ("/schema", json!(2)),
            ("/until", json!("20.11.2026")),
            ("/kept/most", json!(7)),
            ("/sellers/0/workdays", json!(-1)),
            ("/sellers/0/booked/0/serves", json!([])),
            ("/sellers/0/booked/0/start", json!("09:00")),
            ("/unmet/0/why", json!("tired")),
        ];
        for (pointer, value) in wrong {
            let mut changed = plan.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}
