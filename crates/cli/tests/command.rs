//! The command as it is run: exit codes, error lines, help.

#![cfg(test)]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Runs the command in `dir`, whose path is shown as `DIR`.
fn run(dir: &Path, args: &[&str]) -> Ran {
    let output = command(dir, args).output().unwrap();
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).unwrap().replace(dir.to_str().unwrap(), "DIR")
    };
    Ran {
        code: output.status.code().expect("no signal"),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    command.args(args).current_dir(dir).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// A folder with rules and data.
fn project() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "targets.kpi", b"customer: touchpoints >= 4 per year as a-contact\n");
    write(&dir, "data/customers.csv", b"id,name\nacme,Acme\n");
    write(&dir, "data/dataset.json", br#"{"as_of": "2026-11-15"}"#);
    dir
}

fn write(dir: &TempDir, name: &str, bytes: &[u8]) {
    let path = dir.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// What is said when nothing was done: exit code 2, nothing on stdout, one line on stderr.
fn refused(dir: &TempDir, args: &[&str]) -> String {
    let Ran { code, out, err } = run(dir.path(), args);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    let line = err.strip_suffix('\n').expect("a line end");
    assert!(line.starts_with("error: ") && !line.contains('\n'), "{err}");
    line.to_owned()
}

#[test]
fn the_help_of_every_subcommand() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = run(dir.path(), &["--help"]).out;
    for name in [
        "check",
        "eval",
        "list",
        "plan",
        "diff",
        "campaign",
        "goal",
        "effect",
        "report",
        "snapshot",
        "history",
        "test",
        "fmt",
        "explain",
        "plan-of",
        "prelude",
        "init",
        "completions",
    ] {
        let Ran { code, out, err } = run(dir.path(), &[name, "--help"]);
        assert_eq!((code, err.as_str()), (0, ""));
        text.push_str(&format!("\n==== kadence {name} --help\n{out}"));
    }
    for (group, name) in [
        ("data", "check"),
        ("history", "show"),
        ("history", "compare"),
        ("history", "freeze"),
        ("history", "corrections"),
    ] {
        let Ran { code, out, err } = run(dir.path(), &[group, name, "--help"]);
        assert_eq!((code, err.as_str()), (0, ""));
        text.push_str(&format!("\n==== kadence {group} {name} --help\n{out}"));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_plan_of_rules_is_printed_and_that_of_errors_is_not() {
    let dir = project();
    let Ran { code, out, err } = run(dir.path(), &["plan-of", "."]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("#1 p1: count of s1 per year >= 4  [a-contact]\n"), "{out}");
    write(&dir, "targets.kpi", b"customer: touchpionts >= 4 per year\n");
    let Ran { code, out, err } = run(dir.path(), &["plan-of", "targets.kpi"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("did you mean") && err.ends_with("the rules have 1 error\n"), "{err}");
}

#[test]
fn every_row_that_lenient_leaves_out_is_counted() {
    let dir = project();
    let rows = "acme,Acme\n".repeat(30_000);
    write(&dir, "data/customers.csv", format!("id,name\n{rows}").as_bytes());
    let Ran { code, err, .. } = run(dir.path(), &["eval", ".", "--lenient"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        err,
        "warning: 29999 problems in the data, those rows were left out (`--format json` lists them)\n"
    );
}

#[test]
fn a_missing_file_or_folder_is_named() {
    let dir = project();
    insta::assert_snapshot!(refused(&dir, &["check", "target.kpi"]), @"error: no file `target.kpi`: expected a rule file such as `targets.kpi`");
    insta::assert_snapshot!(refused(&dir, &["eval", "target.kpi", "--data", "data"]), @"error: no file `target.kpi`: expected a rule file such as `targets.kpi`");
    insta::assert_snapshot!(refused(&dir, &["test", "target.kpi"]), @"error: no file `target.kpi`: expected a rule file such as `targets.kpi`");
    insta::assert_snapshot!(refused(&dir, &["check", "data"]), @"error: no rule file in `data`: expected a `.kpi` that is no `_test.kpi`");
    let line = refused(&dir, &["eval", "targets.kpi", "--data", "nowhere"]);
    assert!(line.contains("nowhere"), "{line}");
}

#[test]
fn a_folder_where_a_file_belongs_is_refused() {
    let dir = project();
    insta::assert_snapshot!(refused(&dir, &["check", "targets.kpi", "data"]), @"error: `data` is a folder: expected rule files, or one folder alone");
}

#[test]
fn data_must_be_somewhere() {
    let dir = project();
    insta::assert_snapshot!(refused(&dir, &["eval", "targets.kpi"]), @"error: no data: say where it is with `--data PATH`, a folder or a JSON file");
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    insta::assert_snapshot!(refused(&dir, &["eval", "."]), @"error: no data in `.`: expected `data/` or tables such as `customers.csv`; or say `--data PATH`");
}

#[test]
fn latin_1_is_refused_with_byte_and_line() {
    let dir = project();
    write(&dir, "latin.kpi", b"# one\ndefine m\xF8de = meeting\n");
    for args in [&["check", "latin.kpi"][..], &["test", "latin.kpi"]] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(refused(&dir, args), @"error: the rule file `latin.kpi` is not UTF-8: byte 0xF8 on line 2; save it as UTF-8");
        }
    }
}

#[test]
fn a_huge_rule_file_is_refused_without_reading_it_all() {
    let dir = project();
    fs::File::create(dir.path().join("huge.kpi")).unwrap().set_len(1 << 40).unwrap();
    insta::assert_snapshot!(refused(&dir, &["check", "huge.kpi"]), @"error: the rule file `huge.kpi` is larger than 1 MiB: split it into files that it names with `use`");
}

#[test]
fn moments_that_are_none_are_refused() {
    let dir = project();
    insta::assert_snapshot!(refused(&dir, &["eval", ".", "--as-of", "yesterday"]), @"error: `--as-of` is `yesterday`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30");
    insta::assert_snapshot!(refused(&dir, &["eval", ".", "--as-of", "2026-02-30"]), @"error: `--as-of` is `2026-02-30`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30");
    insta::assert_snapshot!(refused(&dir, &["eval", ".", "--from", "2026-11-15T10:00"]), @"error: `--from` is `2026-11-15T10:00`: expected a date such as 2026-11-15");
}

#[test]
fn a_control_character_in_an_argument_does_not_reach_the_terminal() {
    let dir = project();
    let line = refused(&dir, &["eval", ".", "--as-of", "\u{1b}[2J\n"]);
    assert!(!line.contains('\u{1b}'), "{line}");
}

#[test]
fn an_unknown_code_is_refused_and_a_known_one_explained() {
    let dir = tempfile::tempdir().unwrap();
    let line = refused(&dir, &["explain", "K999"]);
    assert!(line.starts_with("error: no such code `K999`: codes run from K001 to "), "{line}");
    let unused = refused(&dir, &["explain", "K064"]);
    assert!(unused.contains("`K064`: codes run from K001 to K075, without K064"), "{unused}");
    for code in ["K012", "k012"] {
        let ran = run(dir.path(), &["explain", code]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.starts_with("# K012"), "{}", ran.out);
    }
    let list = run(dir.path(), &["explain"]).out;
    assert_eq!(list.lines().count(), kadence::Code::ALL.len());
    assert!(list.contains("K012  an unknown noun\n"), "{list}");
}

#[test]
fn the_prelude_is_printed_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["prelude"]).out, kadence::PRELUDE);
}

#[test]
fn every_shell_gets_completions() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(dir.path(), &["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("explain") && ran.out.contains("keep-going"), "{shell}");
    }
}

#[test]
fn rules_without_errors_pass_the_check() {
    let dir = project();
    write(&dir, "targets.kpi", b"customer: calls >= 4 per year   because \"They ask for it\"\n");
    for args in [&["check", "targets.kpi"][..], &["check", "--deny", "targets.kpi"]] {
        let ran = run(dir.path(), args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_eq!(ran.out, "1 rule, no errors\n");
    }
}

#[test]
fn findings_are_told_and_fail_the_check_where_that_is_asked_for() {
    let dir = project();
    let ran = run(dir.path(), &["check", "targets.kpi"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 rule, no errors, 1 warning\n"));
    assert!(ran.err.starts_with("warning[K054]: `a-contact` does not say why\n"), "{}", ran.err);
    let denied = run(dir.path(), &["check", "--deny", "targets.kpi"]);
    assert_eq!((denied.code, denied.out, denied.err), (1, ran.out, ran.err));
}

/// The text of the first block of a page that is fenced so.
fn block<'p>(page: &'p str, fence: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("```{fence}\n")).expect("the block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_page_of_findings_shows_what_is_found() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/findings.md");
    let page = fs::read_to_string(page).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "sales.kpi", block(&page, "kpi").as_bytes());
    let ran = run(dir.path(), &["check", "sales.kpi"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        format!("$ kadence check sales.kpi\n{}{}", ran.err, ran.out),
        block(&page, "console")
    );
}

#[test]
fn a_folder_has_rules_data_and_as_of() {
    let dir = project();
    let ran = run(dir.path(), &["eval", "."]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("As of 2026-11-15: "), "{}", ran.out);
    let ran = run(dir.path(), &["eval", ".", "--as-of", "2026-10-01", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["day"], "2026-10-01");
}

#[test]
fn an_unknown_rule_is_refused() {
    let dir = project();
    let line = refused(&dir, &["eval", ".", "--only", "b-contact"]);
    assert!(line.starts_with("error: `--only` names no rule: `b-contact`; "), "{line}");
}

#[test]
fn a_run_without_tests_fails() {
    let dir = project();
    for path in [".", "targets.kpi"] {
        let ran = run(dir.path(), &["test", path]);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""));
        assert!(ran.out.contains("no test found: expected"), "{}", ran.out);
    }
}

#[test]
fn an_unreadable_file_in_a_folder_of_tests_is_told_of() {
    let dir = project();
    write(&dir, "latin.kpi", b"# m\xF8de\n");
    let line = refused(&dir, &["test", "."]);
    assert!(line.contains("`./latin.kpi` is not UTF-8"), "{line}");
}

#[test]
fn a_link_to_the_folder_itself_ends() {
    let dir = project();
    #[cfg(unix)]
    std::os::unix::fs::symlink(dir.path(), dir.path().join("again")).unwrap();
    assert_eq!(run(dir.path(), &["test", "."]).code, 1);
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = command(dir.path(), &["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(dir.path(), &["prelude"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("error: cannot write the result: "), "{err}");
}

#[test]
#[cfg(unix)]
fn arguments_need_not_be_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let output = command(dir.path(), &["check"]).arg(OsStr::from_bytes(b"\xF8.kpi")).output();
    assert_eq!(output.unwrap().status.code(), Some(2));
}
