//! Plans as they are shown and written, and the page that shows them.

#![cfg(test)]

mod support;

use std::path::{Path, PathBuf};

use kadence_plan::Schedule;
use support::{Ran, folder, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The example company, in a folder of its own.
fn company() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&root().join("examples/nordic"), dir.path());
    dir
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

const UNTIL: [&str; 4] = ["plan", "examples/nordic", "--until", "2026-11-27"];

fn nordic(arguments: &[&str]) -> Ran {
    run(&root(), &[&UNTIL[..], arguments].concat(), "")
}

#[test]
fn the_page_shows_what_is_planned() {
    let page = std::fs::read_to_string(root().join("docs/plan.md")).unwrap();
    let blocks: Vec<&str> = page.split("```console\n").skip(1).collect();
    assert!(blocks.len() >= 2);
    for block in blocks {
        let (block, _) = block.split_once("```").unwrap();
        let (command, shown) = block.split_once('\n').unwrap();
        let words: Vec<&str> =
            command.strip_prefix("$ kadence ").unwrap().split_whitespace().collect();
        let Ran { out, err, .. } = run(&root(), &words, "");
        let said = out + &err;
        match shown.split_once("[…]\n") {
            Some((start, end)) => {
                assert!(said.starts_with(start) && said.ends_with(end), "{words:?}\n{said}");
            }
            None => assert_eq!(said, shown, "{words:?}"),
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    use unicode_width::UnicodeWidthStr;
    for line in nordic(&[]).out.lines() {
        assert!(line.width() <= 80, "{line}");
    }
}

#[test]
fn json_is_what_the_library_says() {
    let ran = nordic(&["--format", "json"]);
    let schedule: Schedule = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(serde_json::to_string_pretty(&schedule).unwrap() + "\n", ran.out);
    assert_eq!(nordic(&["--format", "json"]).out, ran.out);
}

/// What is planned is read again as planned activities, and then nothing is booked for it anew.
#[test]
fn a_plan_that_is_in_the_data_is_not_booked_again() {
    let dir = company();
    let rows = dir.path().join("planned.csv");
    let plan = |more: &[&str]| {
        run(
            dir.path(),
            &[&["plan", ".", "--until", "2026-11-27", "--format", "json"], more].concat(),
            "",
        )
    };
    let first: Schedule =
        serde_json::from_str(&plan(&["--as-activities", "planned.csv"]).out).unwrap();
    let booked: usize = first.sellers.iter().map(|seller| seller.booked.len()).sum();
    assert!(booked > 50);
    let columns = std::fs::read_to_string(dir.path().join("data/activities.csv")).unwrap();
    let names: Vec<&str> = columns.lines().next().unwrap().split(',').collect();
    let mut all = columns.trim_end().to_owned();
    let mut reader = csv::Reader::from_path(&rows).unwrap();
    let given: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    for row in reader.records() {
        let row = row.unwrap();
        let cell = |name: &&str| {
            given.iter().position(|one| one == name).map_or("", |place| &row[place]).to_owned()
        };
        all.push('\n');
        all.push_str(&names.iter().map(cell).collect::<Vec<_>>().join(","));
    }
    std::fs::write(dir.path().join("data/activities.csv"), all + "\n").unwrap();
    let second: Schedule = serde_json::from_str(&plan(&[]).out).unwrap();
    let again: usize = second.sellers.iter().map(|seller| seller.booked.len()).sum();
    assert!(again * 10 <= booked, "{again} of {booked}");
}

#[test]
fn a_calendar_is_read_again_and_a_new_plan_moves_events_and_cancels_others() {
    let dir = company();
    let plan = |more: &[&str]| {
        run(
            dir.path(),
            &[&["plan", ".", "--until", "2026-11-27", "--seller", "asta"], more].concat(),
            "",
        )
    };
    let first = plan(&["--out", "asta.ics"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let read = |name: &str| {
        let bytes = std::fs::read(dir.path().join(name)).unwrap();
        let range = "2026-11-01".parse().unwrap()..="2027-02-01".parse().unwrap();
        let calendar =
            kadence_data::calendar::occurrences(&bytes, chrono_tz::Europe::Copenhagen, range);
        let calendar = calendar.unwrap();
        assert!(calendar.faults.is_empty() && calendar.notes.is_empty());
        calendar.occurrences
    };
    let old = read("asta.ics");
    let schedule: Schedule = serde_json::from_str(&plan(&["--format", "json"]).out).unwrap();
    let booked = &schedule.sellers[0].booked;
    assert_eq!(old.len(), booked.len());
    let mut events: Vec<_> = old.iter().map(|one| (one.start.naive_utc(), one.minutes())).collect();
    let zone = chrono_tz::Europe::Copenhagen;
    let mut acts: Vec<_> = booked
        .iter()
        .map(|one| {
            let at = one.start.and_local_timezone(zone).unwrap().naive_utc();
            (at, i64::from(one.minutes))
        })
        .collect();
    events.sort_unstable();
    acts.sort_unstable();
    assert_eq!(events, acts);

    // A day later, of which everything is known too, with less time.
    let about = dir.path().join("data/dataset.json");
    let text = std::fs::read_to_string(&about).unwrap();
    std::fs::write(&about, text.replace("2026-11-15", "2026-11-16")).unwrap();
    let later = plan(&[
        "--as-of",
        "2026-11-16",
        "--hours",
        "0.5",
        "--out",
        "new.ics",
        "--replaces",
        "asta.ics",
    ]);
    assert_eq!(later.code, 0, "{}", later.err);
    let new = read("new.ics");
    let uids = |all: &[kadence_data::calendar::Occurrence]| -> Vec<String> {
        all.iter().map(|one| one.event.uid.clone()).collect()
    };
    // Nothing stands there twice, and nothing of the days to come is forgotten.
    let unique: std::collections::BTreeSet<String> = uids(&new).into_iter().collect();
    assert_eq!(unique.len(), new.len());
    let to_come = |one: &kadence_data::calendar::Occurrence| {
        one.start.naive_utc().date().to_string().as_str() > "2026-11-16"
    };
    let forgotten: Vec<&str> = old
        .iter()
        .filter(|one| to_come(one))
        .map(|one| one.event.uid.as_str())
        .filter(|uid| !unique.contains(*uid))
        .collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
    // What is over stays as it was, and nothing is cancelled that is booked anew.
    let is_over = |one: &&kadence_data::calendar::Occurrence| !to_come(one);
    assert!(old.iter().filter(is_over).all(|one| !unique.contains(&one.event.uid)));
    let of = |status| {
        let all = new.iter().filter(move |one| one.event.status == status);
        all.map(|one| one.event.summary.as_str()).collect::<std::collections::BTreeSet<&str>>()
    };
    let cancelled = of(kadence_data::calendar::Status::Cancelled);
    assert!(!cancelled.is_empty());
    assert!(cancelled.is_disjoint(&of(kadence_data::calendar::Status::Confirmed)));
}

#[test]
fn a_folder_gets_a_calendar_for_each_seller() {
    let dir = company();
    let ran = run(dir.path(), &["plan", ".", "--until", "2026-11-20", "--out", "plans/"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let files = std::fs::read_dir(dir.path().join("plans")).unwrap().count();
    assert_eq!(files, 11);
}

#[test]
fn what_cannot_be_planned_is_said_in_a_sentence() {
    let rules = "calendar\n    holidays 2026-11-16\ncustomer: call every 5 days as c\n";
    let with = |rules: &str, tables: &[(&str, &str)], more: &[&str]| {
        let files: Vec<(&str, &str)> =
            [("rules.kpi", rules)].into_iter().chain(tables.iter().copied()).collect();
        let dir = folder(&files);
        let words = ["plan", "rules.kpi", "--data", "data", "--as-of", "2026-11-15"];
        let Ran { code, out, err } = run(dir.path(), &[&words[..], more].concat(), "");
        format!("{code}\n{out}{err}")
    };
    let sellers = ("data/sellers.csv", "id\nkim\n");
    let customers = ("data/customers.csv", "id,owner,created\nacme,kim,2020-01-01\n");
    let orphans = ("data/customers.csv", "id,owner,created\nacme,,2020-01-01\n");
    let away = ("data/absences.csv", "seller,from,until\nkim,2026-11-01,2027-01-31\n");
    let left = ("data/sellers.csv", "id,ended\nkim,2026-11-01\n");
    let until = ["--until", "2026-11-20"];
    let said = [
        with(rules, &[sellers, customers], &["--until", "2026-11-15"]),
        with(rules, &[sellers, customers], &["--until", "2029-11-15"]),
        with(rules, &[sellers, customers], &["--until", "soon"]),
        with(rules, &[sellers, customers], &["--until", "2026-11-16"]),
        with(rules, &[sellers, customers], &[&until[..], &["--seller", "kin"]].concat()),
        with(rules, &[sellers, customers], &[&until[..], &["--hours", "0"]].concat()),
        with(rules, &[sellers, customers], &[&until[..], &["--hours", "25"]].concat()),
        with(rules, &[sellers, customers], &[&until[..], &["--starts", "17:00"]].concat()),
        with(rules, &[sellers, customers], &[&until[..], &["--replaces", "old.ics"]].concat()),
        with(rules, &[sellers, customers, away], &until),
        with(rules, &[left, customers], &until),
        with(rules, &[orphans], &until),
        with(rules, &[sellers], &until),
        with("", &[sellers, customers], &until),
    ];
    insta::assert_snapshot!(said.join("\n---\n"));
}

#[test]
fn the_report_has_a_page_of_the_plan_where_it_is_asked_for() {
    let words = ["report", "examples/nordic", "--plan-until", "2026-11-20"];
    let Ran { code, out, err } = run(&root(), &words, "");
    assert_eq!(code, 0, "{err}");
    let (_, page) = out.split_once("data-page=\"/plan\">").unwrap();
    let (page, _) = page.split_once("</script>").unwrap();
    let json =
        run(&root(), &["plan", "examples/nordic", "--until", "2026-11-20", "--format", "json"], "");
    let schedule: Schedule = serde_json::from_str(&json.out).unwrap();
    let rows: usize =
        schedule.sellers.iter().map(|seller| seller.booked.len() + seller.planned.len()).sum();
    assert_eq!(page.matches("<tr>").count(), rows + page.matches("<thead>").count());
    let wrong = run(&root(), &["report", "examples/nordic", "--plan-until", "soon"], "");
    assert_eq!(wrong.code, 2);
}

#[test]
fn where_activities_are_not_known_it_says_so() {
    let ran = nordic(&["--as-of", "2026-11-18"]);
    assert!(ran.err.contains("activities are known through 2026-11-15"), "{}", ran.err);
    assert_eq!(nordic(&[]).err, "");
}

/// Plans a small company of Kim's for some days, as data.
fn small(rules: &str, tables: &[(&str, &str)], as_of: &str, more: &[&str]) -> Schedule {
    let files: Vec<(&str, &str)> =
        [("rules.kpi", rules)].into_iter().chain(tables.iter().copied()).collect();
    let dir = folder(&files);
    let words = ["plan", "rules.kpi", "--data", "data", "--format", "json", "--as-of", as_of];
    let ran = run(dir.path(), &[&words[..], more].concat(), "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// When what is booked with the first seller starts.
fn starts(schedule: &Schedule) -> Vec<String> {
    let booked = schedule.sellers[0].booked.iter();
    booked.map(|one| one.start.format("%d %H:%M").to_string()).collect()
}

const KIM: (&str, &str) = ("data/sellers.csv", "id,name\nkim,Kim\n");
const ACME: (&str, &str) =
    ("data/customers.csv", "id,name,owner,created\nacme,Acme,kim,2024-01-01\n");
const THREE: (&str, &str) = (
    "data/customers.csv",
    "id,name,owner,created\nc1,C1,kim,2024-01-01\nc2,C2,kim,2024-01-01\nc3,C3,kim,2024-01-01\n",
);

#[test]
fn whose_an_opportunity_is_stands_beside_it() {
    let leads = ("data/leads.csv", "id,name,owner,created\nl1,Newco,kim,2026-11-01\n");
    let opportunities = (
        "data/opportunities.csv",
        "id,name,customer,lead,owner,created\no1,Hele etagen,acme,,kim,2026-11-01\no2,Kantine,,l1,kim,2026-11-01\n",
    );
    let rules = "opportunity: call every 30 days as c\n";
    let tables = [KIM, ACME, leads, opportunities];
    let schedule = small(rules, &tables, "2026-11-15", &["--until", "2026-12-10"]);
    let mut titles: Vec<String> =
        schedule.sellers[0].booked.iter().map(|one| one.title()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Call: Hele etagen, Acme", "Call: Kantine, Newco"]);
}

#[test]
fn what_was_done_on_the_day_has_taken_its_time() {
    let rules = "calendar\n    hours 2 per workday\n    minutes meeting 60\ncustomer: meeting every 30 days as v\n";
    let plan = |minutes: u32| {
        let rows = format!(
            "id,kind,status,at,seller,customer,minutes\nm,call,completed,2026-11-16T09:00,kim,c1,{minutes}\n"
        );
        let tables = [KIM, THREE, ("data/activities.csv", rows.as_str())];
        let schedule = small(rules, &tables, "2026-11-16T13:00", &["--until", "2026-11-17"]);
        (starts(&schedule), schedule.sellers[0].minutes)
    };
    let full = ["17 09:00", "17 10:00"].map(str::to_owned).to_vec();
    assert_eq!(plan(120), (full, 120));
    let half = ["16 13:00", "17 09:00", "17 10:00"].map(str::to_owned).to_vec();
    assert_eq!(plan(60), (half, 180));
}

#[test]
fn who_is_away_but_owns_what_is_not_kept_is_in_the_plan() {
    let rules = "customer: visit every 30 days as v\n";
    let away = ("data/absences.csv", "seller,from,until\nkim,2026-11-01,2026-12-31\n");
    let ended = ("data/sellers.csv", "id,name,ended\nkim,Kim,2026-10-01\n");
    for tables in [[KIM, THREE, away], [ended, THREE, ("data/absences.csv", "seller,from,until\n")]]
    {
        let schedule = small(rules, &tables, "2026-11-15", &["--until", "2026-11-30"]);
        assert_eq!(schedule.unmet.len(), 3);
        let sellers: Vec<&str> =
            schedule.sellers.iter().map(|one| one.seller.id.as_str()).collect();
        assert_eq!(sellers, ["kim"]);
    }
}

#[test]
fn a_planned_activity_blocks_as_long_as_it_takes() {
    let rules = "calendar\n    minutes visit 30\ncustomer: visit every 30 days as v\n";
    let plan = |at: &str, minutes: u32| {
        let rows = format!(
            "id,kind,status,at,seller,minutes,created\nx,email,planned,2026-11-16T{at},kim,{minutes},2026-11-01\n"
        );
        let tables = [KIM, ACME, ("data/activities.csv", rows.as_str())];
        starts(&small(rules, &tables, "2026-11-15", &["--until", "2026-11-16"]))
    };
    assert_eq!(plan("08:45", 15), ["16 09:00"]);
    assert_eq!(plan("08:45", 16), ["16 09:30"]);
    assert_eq!(plan("09:15", 60), ["16 10:30"]);
}

/// In Copenhagen the clock goes from 02:00 to 03:00 in that night.
#[test]
fn nothing_is_booked_at_times_that_the_clock_leaves_out() {
    let rules = "calendar\n    timezone Europe/Copenhagen\n    workdays Monday to Sunday\n    minutes visit 60\ncustomer: visit every 1 days as v\n";
    let plan = |slot: &str| {
        let night =
            ["--until", "2026-03-29", "--starts", "01:00", "--ends", "04:45", "--slot", slot];
        starts(&small(rules, &[KIM, THREE], "2026-03-28", &night))
    };
    assert_eq!(plan("60"), ["29 01:00", "29 03:00"]);
    assert_eq!(plan("30"), ["29 01:00", "29 03:00"]);
    // 01:45 would last until 03:30.
    assert_eq!(plan("45"), ["29 03:15"]);
}

#[test]
fn where_activities_are_not_known_the_text_and_the_page_say_so_too() {
    let known = ("data/dataset.json", "{\"complete_through\":\"2026-11-05\"}");
    let dir = folder(&[("rules.kpi", "customer: visit every 30 days as v\n"), KIM, ACME, known]);
    let words = ["--data", "data", "--as-of", "2026-11-13"];
    let plan = ["plan", "rules.kpi", "--until", "2026-11-20"];
    let Ran { out, .. } = run(dir.path(), &[&plan[..], &words].concat(), "");
    assert!(out.contains("Activities are known through 2026-11-05 only"), "{out}");
    assert!(out.ends_with("nothing that is known is missed or at risk.\n"), "{out}");
    let report = ["report", "rules.kpi", "--plan-until", "2026-11-20", "--format", "md"];
    let Ran { out, .. } = run(dir.path(), &[&report[..], &words].concat(), "");
    assert!(out.contains("ctivities are known through 2026-11-05"), "{out}");
}

#[test]
fn a_workbook_is_said_to_have_no_plan() {
    let dir = folder(&[("rules.kpi", "customer: visit every 30 days as v\n"), KIM, ACME]);
    let report = ["report", "rules.kpi", "--data", "data", "--as-of", "2026-11-13", "--out"];
    let said = |more: &[&str]| run(dir.path(), &[&report[..], more].concat(), "").err;
    let until = ["--plan-until", "2026-11-20"];
    let without = ", without the plan: it is a page of HTML and Markdown\n";
    assert_eq!(said(&["r.xlsx", until[0], until[1]]), format!("wrote `r.xlsx`{without}"));
    assert_eq!(said(&["r.xlsx"]), "wrote `r.xlsx`\n");
    assert_eq!(said(&["r.html", until[0], until[1]]), "wrote `r.html`\n");
}
