//! `kadence test --mutants`, as its page shows it and at its edges.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use kadence::MutantKind;

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/mutants.md")).unwrap()
}

/// The fenced blocks of the page, without their fences.
fn blocks(page: &str, fence: &str) -> Vec<String> {
    let open = format!("```{fence}\n");
    let blocks = page.split(&open).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn mutants(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    command.args(["test", "--mutants"]).args(arguments).current_dir(folder);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn the_page_shows_what_the_command_says() {
    let page = page();
    let rules = blocks(&page, "kpi");
    let (targets, tests) = (&rules[0], &rules[1]);
    let folder = folder(&[("rules/targets.kpi", targets), ("rules/targets_test.kpi", tests)]);
    let output = mutants(folder.path(), &["rules"]);
    let shown = &blocks(&page, "console")[0];
    assert_eq!(format!("$ kadence test --mutants rules\n{}", text(&output.stdout)), *shown);
    assert_eq!(output.status.code(), Some(1));
}

/// Of the five that survive there, three are killed by the tests that the page adds; a lead's two
/// are left.
#[test]
fn the_tests_that_the_page_adds_kill_what_it_says() {
    let page = page();
    let rules = blocks(&page, "kpi");
    let tests = format!("{}\n{}", rules[1], rules[2]);
    let folder = folder(&[("targets.kpi", &rules[0]), ("targets_test.kpi", &tests)]);
    let output = text(&mutants(folder.path(), &["."]).stdout);
    let survivors: Vec<&str> = output.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(
        survivors,
        [
            "targets.kpi:5: adjective: [-hot-] lead where source is fair: next activity within 5 workdays",
            "targets.kpi:5: where: hot lead [-where source is fair-]: next activity within 5 workdays",
        ]
    );
}

#[test]
fn the_page_explains_every_kind() {
    let page = page();
    let table = page.split("| kind | the mistake |").nth(1).unwrap();
    let first_cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let explained: Vec<&str> = first_cells.flat_map(|cell| cell.split(", ")).collect();
    for kind in MutantKind::ALL {
        let word = format!("`{kind}`");
        assert!(explained.contains(&word.as_str()), "{kind} is not explained");
    }
    assert_eq!(explained.len() - 1, MutantKind::ALL.len(), "{explained:?}");
}

#[test]
fn no_mistake_in_the_rules_of_the_example_goes_unnoticed() {
    let output = mutants(&root(), &["examples/nordic"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let summary = said.lines().last().unwrap();
    assert!(summary.contains(" killed, 0 survived, "), "{summary}");
    assert!(!summary.contains("allowed"), "{summary}");
}

/// Files are one if their paths lead to the same, so that a test in another folder counts.
#[test]
fn a_mutant_is_killed_by_the_test_of_whichever_file() {
    let four = "A-customer: touchpoints >= 4 per year   as a-contact\n";
    let one = "use \"a/targets.kpi\"\n\
        test \"nothing is asked of B-customers\"\n    \
            given customer acme : segment B, created 2020-01-01\n    \
            expect a-contact is silent for acme at 2026-07-05\n";
    let other = "use \"targets.kpi\"\n\
        test \"none is too few\"\n    \
            given customer acme : segment A, created 2020-01-01\n    \
            expect a-contact for acme is missed at 2026-12-31 target 4\n";
    let folder =
        folder(&[("a/targets.kpi", four), ("one_test.kpi", one), ("a/other_test.kpi", other)]);
    let killed = |paths: &[&str]| {
        let arguments = [&["--format", "json"], paths].concat();
        let output = text(&mutants(folder.path(), &arguments).stdout);
        let run: serde_json::Value = serde_json::from_str(&output).unwrap();
        let mutants = run["mutants"].as_array().unwrap().iter();
        let killed = mutants.filter(|mutant| mutant["fate"] == "killed");
        killed
            .map(|mutant| {
                assert_eq!(mutant["file"], "a/targets.kpi");
                format!("{} by {}", mutant["new"], mutant["killed_by"]["test"])
            })
            .collect::<Vec<_>>()
    };
    let (one, other) = (killed(&["one_test.kpi"]), killed(&["a"]));
    assert_eq!(
        one,
        [
            r#""customer: touchpoints >= 4 per year as a-contact" by "nothing is asked of B-customers""#
        ]
    );
    assert_eq!(other.len(), 3);
    let both = killed(&["a", "a/../one_test.kpi"]);
    assert_eq!(both.len(), 4);
    assert!(one.iter().chain(&other).all(|mutant| both.contains(mutant)));
}

#[test]
fn a_comment_allows_a_kind_if_it_says_why() {
    let rules = "\
# allow window, adjective: a rule that is only for show
A-customer: touchpoints >= 4 per year   as a-contact  # allow threshold
list \"All\" = customer limit 5  # allow limit: nobody counts

test \"none is too few\"
    given   customer acme : segment A, created 2020-01-01
    expect  a-contact for acme is missed at 2026-12-31
    expect  \"All\" lists acme at 2026-12-31

# allow on: there is none here
list \"New\" = new customer
";
    let folder = folder(&[("rules.kpi", rules)]);
    let output = mutants(folder.path(), &["rules.kpi"]);
    insta::assert_snapshot!(text(&output.stdout), @r#"
    rules.kpi:2: comparison: A-customer: touchpoints [->=-]{+>+} 4 per year as a-contact
    rules.kpi:2: threshold: A-customer: touchpoints >= [-4-]{+3+} per year as a-contact
    rules.kpi:2: threshold: A-customer: touchpoints >= [-4-]{+5+} per year as a-contact
    rules.kpi:2: prorate: A-customer: touchpoints >= 4 per year {+prorate+} as a-contact
    rules.kpi:11: no test looks at list "New"
    rules.kpi:2: `threshold` is allowed here without a reason: end it with `: ` and one
    rules.kpi:10: `on` is allowed here, and no such mutant survives: leave it out

                killed  survived  allowed  equal
    a-contact        0         4        7      0
    list "All"       0         0        4      0
    list "New"       0         1        0      0

    16 mutants, 1 test: 0 killed, 5 survived, 11 allowed
    "#);
}

#[test]
fn what_cannot_be_tried_is_refused_in_words() {
    let refused = |rules: &str| {
        let folder = folder(&[("rules.kpi", rules)]);
        let output = mutants(folder.path(), &["rules.kpi"]);
        (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, said) = refused("");
    assert_eq!(code, 1);
    insta::assert_snapshot!(said, @r#"no test found: expected items such as `test "four calls are enough"`"#);
    let (code, said) = refused("customer: next call   as ahead\n");
    assert_eq!(code, 1);
    insta::assert_snapshot!(said, @r#"no test found: expected items such as `test "four calls are enough"`"#);
    let (code, said) = refused(
        "customer: next call   as ahead\ntest \"a\"\n    given customer b\n    expect ahead for b is met at 2026-01-01\n",
    );
    assert_eq!(code, 2);
    insta::assert_snapshot!(said, @"error: the rules as they are do not fulfil 1 expectation: mend what `kadence test` shows first");
    let (code, said) = refused("customer: nextcall\n");
    assert_eq!(code, 2);
    assert!(said.contains("error: `rules.kpi` has 1 error"), "{said}");
}
