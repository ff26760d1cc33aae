//! `kadence effect` as it is run: on the example company, and on what can go wrong.

#![cfg(test)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Ran, folder, run};
use unicode_width::UnicodeWidthStr;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn effect(dir: &Path, words: &[&str]) -> Ran {
    run(dir, &[&["effect"], words].concat(), "")
}

/// What it says where it is not refused.
fn shown(dir: &Path, words: &[&str]) -> String {
    let Ran { code, out, err } = effect(dir, words);
    assert_eq!((code, err.as_str()), (0, ""), "{words:?}");
    out
}

/// What it says where it is refused: one line.
fn refused(dir: &Path, words: &[&str]) -> String {
    let Ran { code, out, err } = effect(dir, words);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err.trim_end().to_owned()
}

const RULES: &str = "\
goal sales = sum amount of won opportunities >= 1m per year

customer: calls >= 1 per month   as called   supports sales
customer: visits >= 1 per month  as seen
";

/// Eighty customers of two sellers over six months, every other of whom is called; those that are
/// called buy, for the most part.
fn company(is_called: impl Fn(usize) -> bool) -> tempfile::TempDir {
    let mut customers = "id,owner,segment\n".to_owned();
    let mut activities = "id,kind,status,at,customer\n".to_owned();
    let mut deals = "id,customer,owner,status,amount,created,closed\n".to_owned();
    for n in 0..80 {
        let owner = ["kim", "bo"][n / 4 % 2];
        customers += &format!("c{n},{owner},{}\n", ["A", "B"][n / 8 % 2]);
        for month in 1..=3 {
            if is_called(n) {
                activities += &format!("a{n}-{month},call,completed,2026-0{month}-10T10:00,c{n}\n");
            }
            let is_won = if n % 2 == 0 { (n + month) % 4 > 0 } else { (n + month) % 4 == 0 };
            let status = if is_won { "won" } else { "lost" };
            let closed = format!("2026-0{}-15", month + 3);
            deals += &format!("o{n}-{month},c{n},{owner},{status},1000,2026-01-02,{closed}\n");
        }
    }
    folder(&[
        ("rules.kpi", RULES),
        ("dataset.json", r#"{"as_of": "2026-06-30", "complete_from": "2026-01-01"}"#),
        ("sellers.csv", "id,name\nkim,=1+1\nbo,<b>Bo | *two*</b>\n"),
        ("customers.csv", &customers),
        ("activities.csv", &activities),
        ("opportunities.csv", &deals),
    ])
}

#[test]
fn the_page_shows_what_is_printed() {
    let page = fs::read_to_string(root().join("docs/effect.md")).unwrap();
    let blocks: Vec<&str> = page.split("```console\n").skip(1).collect();
    assert!(blocks.len() >= 3);
    for block in blocks {
        let (block, _) = block.split_once("\n```").unwrap();
        let (command, printed) = block.split_once('\n').unwrap();
        let words: Vec<&str> = command.split(' ').skip(2).collect();
        let Ran { code, out, err } = run(&root(), &words, "");
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
        // A `…` stands for lines that are left out.
        let mut rest = out.as_str();
        for (place, part) in printed.split("\n…").enumerate() {
            let part = part.trim_matches('\n');
            let at = rest.find(part).unwrap_or_else(|| panic!("{command}\n{out}\nwithout\n{part}"));
            assert!(place > 0 || at == 0, "{command}\n{out}");
            rest = &rest[at + part.len()..];
        }
        assert!(printed.ends_with('…') || rest.trim().is_empty(), "{command}\n{rest}");
    }
}

#[test]
fn an_effect_that_is_there_is_found() {
    let dir = company(|n| n % 2 == 0);
    insta::assert_snapshot!(shown(dir.path(), &[".", "--months", "3"]));
}

#[test]
fn markdown_takes_no_name_for_anything_else() {
    let dir = company(|n| n % 2 == 0);
    insta::assert_snapshot!(shown(dir.path(), &[".", "--months", "3", "--format", "md"]));
}

#[test]
fn no_line_is_wider_than_eighty_columns() {
    for words in [&["examples/nordic"][..], &["examples/nordic", "--months", "3"]] {
        let out = shown(&root(), words);
        assert!(out.lines().count() > 50, "{out}");
        for line in out.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn csv_has_a_row_for_each_rule_and_result() {
    let dir = company(|n| n % 2 == 0);
    let asked = [".", "--months", "3", "--rule", "called", "--rule", "seen", "--format", "csv"];
    let out = shown(dir.path(), &asked);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 11);
    assert!(lines[1].starts_with("called,sales,win_rate,3,40,"), "{}", lines[1]);
    assert!(lines[1].ends_with(|c: char| c.is_ascii_digit()), "{}", lines[1]);
    assert!(lines[6].starts_with("seen,,win_rate,3,0,0,,80,"), "{}", lines[6]);
}

#[test]
fn where_all_met_it_or_all_missed_it_there_is_nobody_to_compare_with() {
    for (called, said) in [(true, "none missed it"), (false, "none met it")] {
        let dir = company(|_| called);
        let out = shown(dir.path(), &[".", "--months", "3"]);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.contains(&format!("nothing to compare: {said}")), "{out}");
    }
}

#[test]
fn too_little_data_is_told_in_sentences() {
    let rules = ("rules.kpi", RULES);
    let day = ("dataset.json", r#"{"as_of": "2026-06-30"}"#);
    let nothing = folder(&[rules, day, ("customers.csv", "id\n")]);
    insta::assert_snapshot!("nothing", shown(nothing.path(), &["."]));
    let one = folder(&[
        rules,
        ("dataset.json", r#"{"as_of": "2026-12-31", "complete_from": "2026-01-01"}"#),
        ("customers.csv", "id\nacme\n"),
        ("activities.csv", "id,kind,status,at,customer\na,call,completed,2026-01-10T10:00,acme\n"),
    ]);
    insta::assert_snapshot!("one_customer", shown(one.path(), &["."]));
}

#[test]
fn what_cannot_be_asked_is_refused_in_one_line() {
    let dir = company(|n| n % 2 == 0);
    let said = |words: &[&str]| refused(dir.path(), words);
    insta::assert_snapshot!(said(&[".", "--goal", "sale"]), @"error: no goal is called `sale`; did you mean `sales`?");
    insta::assert_snapshot!(said(&[".", "--rule", "caled"]), @"error: no rule has the id `caled`; did you mean `called`?");
    insta::assert_snapshot!(said(&[".", "--months", "0"]), @"error: results cannot be followed for 0 months: expected 1 to 60");
    insta::assert_snapshot!(said(&["no.kpi"]), @"error: no file `no.kpi`: expected a rule file such as `targets.kpi`");
    let bare =
        folder(&[("rules.kpi", "customer: calls >= 1 per month\n"), ("customers.csv", "id\n")]);
    insta::assert_snapshot!(refused(bare.path(), &["."]), @"error: no rule supports a goal: say `supports GOAL` of the rules that are to lead to one, or name the rules to look at with `--rule`");
    insta::assert_snapshot!(refused(bare.path(), &[".", "--goal", "x"]), @"error: no goal is called `x`: the rules have none");
    let empty = folder(&[("rules.kpi", ""), ("customers.csv", "id\n")]);
    assert!(refused(empty.path(), &["."]).starts_with("error: no rule supports a goal"));
}

#[test]
fn in_the_current_folder_no_rules_need_be_named() {
    let dir = company(|n| n % 2 == 0);
    assert_eq!(shown(dir.path(), &[]), shown(dir.path(), &["."]));
}

#[test]
fn a_broken_rule_stops_it_unless_it_is_to_go_on() {
    let dir = company(|n| n % 2 == 0);
    let broken = format!("{RULES}customer: calls every\n");
    fs::write(dir.path().join("rules.kpi"), broken).unwrap();
    for command in ["effect", "goal"] {
        let Ran { code, out, err } = run(dir.path(), &[command, "."], "");
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("--keep-going"), "{err}");
    }
    let Ran { code, out, .. } = effect(dir.path(), &[".", "--months", "3", "--keep-going"]);
    assert!(code == 0 && out.contains("called, for sales"), "{out}");
}

#[test]
fn what_may_have_been_set_later_and_what_has_no_day_is_said() {
    let rules = "goal sales = sum amount of won opportunities >= 1m per year\n    \
                 through meeting > won opportunity\n\
                 open opportunity: stage is agreed   as agreed   supports sales\n\
                 open lead: call within 3 days of created   as soon   supports sales\n";
    let coverage = r#"{"as_of": "2026-12-31", "complete_from": "2026-01-01", "complete_through": "2026-12-01"}"#;
    let dir = folder(&[
        ("rules.kpi", rules),
        ("dataset.json", coverage),
        ("sellers.csv", "id\nkim\n"),
        (
            "leads.csv",
            "id,status,created,converted\na,lost,2026-01-02T10:00,\nb,converted,2026-01-02T10:00,\n\
             c,open,2026-01-02T10:00,\nd,open,,\n",
        ),
        (
            "opportunities.csv",
            "id,status,stage,created,closed,amount\no,won,agreed,2026-01-02,2026-05-01,1000\n\
             p,won,agreed,2026-01-02,,1000\nq,lost,offered,2026-05-02,2026-05-01,1000\n",
        ),
    ]);
    insta::assert_snapshot!(shown(dir.path(), &[".", "--goal", "sales"]));
}

#[test]
fn large_amounts_are_counted_in_what_fits() {
    for zeros in [3, 9, 18] {
        let dir = company(|n| n % 2 == 0);
        let deals = dir.path().join("opportunities.csv");
        let large =
            fs::read_to_string(&deals).unwrap().replace(",1000,", &format!(",1{:0>zeros$},", 0));
        fs::write(deals, large).unwrap();
        let out = shown(dir.path(), &[".", "--months", "3"]);
        for line in out.lines() {
            assert!(line.width() <= 80, "{line}");
        }
        assert!(zeros == 3 || out.contains("amount won, "), "{out}");
    }
}
