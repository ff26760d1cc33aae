//! `kadence fmt` as it is run on files.

#![cfg(test)]

mod support;

use std::fs;
use std::path::Path;

use support::{Ran, folder};
use tempfile::TempDir;

const LOOSE: &str = "lead:next call as tight\r\nhot lead: next visit  as b # why\r\n";
const FORMATTED: &str = "lead: next call         as tight\nhot lead: next visit    as b  # why\n";
const BROKEN: &str = "lead next\n  call";

fn run(dir: &Path, args: &[&str], input: &str) -> Ran {
    support::run(dir, &[&["fmt"], args].concat(), input)
}

fn text(dir: &TempDir, name: &str) -> String {
    fs::read_to_string(dir.path().join(name)).unwrap()
}

#[test]
fn the_files_below_the_current_folder_are_formatted_and_those_in_form_left_alone() {
    let dir = folder(&[
        ("a.kpi", LOOSE),
        ("sub/b.kpi", FORMATTED),
        ("sub/c.kpi", "\u{feff}use \"a.kpi\"\n"),
        ("notes.txt", LOOSE),
        (".hidden/d.kpi", LOOSE),
    ]);
    let in_form = dir.path().join("sub/b.kpi");
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    fs::File::options().write(true).open(&in_form).unwrap().set_modified(long_ago).unwrap();
    let Ran { code, out, err } = run(dir.path(), &[], "");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "a.kpi\nsub/c.kpi\n2 files formatted, 1 unchanged\n");
    assert_eq!(text(&dir, "a.kpi"), FORMATTED);
    assert_eq!(text(&dir, "sub/c.kpi"), "use \"a.kpi\"\n");
    assert_eq!(text(&dir, "notes.txt"), LOOSE);
    assert_eq!(text(&dir, ".hidden/d.kpi"), LOOSE);
    assert_eq!(fs::metadata(&in_form).unwrap().modified().unwrap(), long_ago);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4, "nothing else is left there");
    assert_eq!(run(dir.path(), &[], "").out, "0 files formatted, 3 unchanged\n");
}

#[test]
fn check_shows_what_would_change_and_writes_nothing() {
    let loose = LOOSE.replace('\r', "");
    let dir = folder(&[("a.kpi", &loose), ("b.kpi", FORMATTED)]);
    let Ran { code, out, err } = run(dir.path(), &["--check", "a.kpi", "b.kpi", "."], "");
    assert_eq!((code, err.as_str()), (1, ""));
    insta::assert_snapshot!(out, @r"
    --- a.kpi
    +++ a.kpi
    @@ -1,2 +1,2 @@
    -lead:next call as tight
    -hot lead: next visit  as b # why
    +lead: next call         as tight
    +hot lead: next visit    as b  # why
    1 file would be formatted, 1 unchanged
    ");
    assert_eq!(text(&dir, "a.kpi"), loose);
    let Ran { code, out, .. } = run(dir.path(), &["--check", "b.kpi"], "");
    assert_eq!((code, out.as_str()), (0, "0 files would be formatted, 1 unchanged\n"));
}

#[test]
fn a_file_with_errors_is_left_as_it_is_and_hides_neither_errors_nor_work() {
    let files = [("a.kpi", BROKEN), ("b.kpi", LOOSE), ("c.kpi", "use\n\nuse\n")];
    let dir = folder(&files);
    let Ran { code, out, err } = run(dir.path(), &["nowhere.kpi", "."], "");
    assert_eq!((code, out.as_str()), (2, "b.kpi\n1 file formatted, 0 unchanged\n"));
    assert_eq!(err.matches("error[K001]").count(), 3, "{err}");
    let last = err.lines().last().unwrap();
    insta::assert_snapshot!(last, @"error: no file `nowhere.kpi`: expected a rule file such as `targets.kpi`; `a.kpi` has 1 error; `c.kpi` has 2 errors");
    assert_eq!(text(&dir, "a.kpi"), BROKEN);
    assert_eq!(text(&dir, "b.kpi"), FORMATTED);
    assert_eq!(run(dir.path(), &["--check"], "").code, 2);
}

#[test]
fn where_there_is_no_file_nothing_is_said_to_be_done() {
    let dir = folder(&[]);
    let Ran { code, out, err } = run(dir.path(), &["nowhere.kpi"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err.trim_end(), @"error: no file `nowhere.kpi`: expected a rule file such as `targets.kpi`");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let dir = folder(&[]);
    let Ran { code, out, err } = run(dir.path(), &["-"], LOOSE);
    assert_eq!((code, out.as_str(), err.as_str()), (0, FORMATTED, ""));
    let Ran { code, out, err } = run(dir.path(), &["-"], BROKEN);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("<stdin>:1") && err.ends_with("standard input has 1 error\n"), "{err}");
    let Ran { code, out, .. } = run(dir.path(), &["--check", "-"], LOOSE);
    assert!(code == 1 && out.contains("+lead: next call         as tight\n"), "{out}");
    let Ran { code, out, .. } = run(dir.path(), &["--check", "-"], FORMATTED);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn what_names_no_rule_file_is_refused() {
    let dir = folder(&[("notes.txt", ""), ("a.kpi", LOOSE)]);
    fs::create_dir(dir.path().join("empty")).unwrap();
    let said = |args: &[&str]| {
        let Ran { code, out, err } = run(dir.path(), args, "");
        assert_eq!((code, out.as_str()), (2, ""));
        err
    };
    insta::assert_snapshot!(said(&["a.kpi", "empty"]), @"error: no rule file below `empty`: expected a `.kpi`");
    insta::assert_snapshot!(said(&["-", "a.kpi"]), @"error: `-` is standard input: expected it alone, or files and folders");
    assert_eq!(text(&dir, "a.kpi"), LOOSE);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_who_may_read_a_file_still_may() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder(&[("real/a.kpi", LOOSE), ("locked.kpi", LOOSE)]);
    let real = dir.path().join("real/a.kpi");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o664)).unwrap();
    let link = dir.path().join("link.kpi");
    std::os::unix::fs::symlink("real/a.kpi", &link).unwrap();
    assert_eq!(run(dir.path(), &["link.kpi"], "").code, 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o664);
    assert_eq!(text(&dir, "real/a.kpi"), FORMATTED);

    let locked = dir.path().join("locked.kpi");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["locked.kpi"], "");
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"error: cannot write the rule file `locked.kpi`: it may only be read");
    assert_eq!(text(&dir, "locked.kpi"), LOOSE);
}

/// The last block of a page that is fenced so.
fn block<'p>(page: &'p str, info: &str) -> &'p str {
    let (_, rest) = page.rsplit_once(&format!("```{info}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_page_about_the_form_shows_what_check_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/format.md");
    let page = fs::read_to_string(page).unwrap();
    let dir = folder(&[("sales.kpi", block(&page, "kpi loose"))]);
    let Ran { code, out, err } = run(dir.path(), &["--check"], "");
    assert_eq!((code, out.as_str(), err.as_str()), (1, block(&page, "diff"), ""));
}
