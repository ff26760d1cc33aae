//! `kadence init`: what it writes is a start that works.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

mod support;

use support::{Ran, folder};

fn run(args: &[&str]) -> Ran {
    support::run(Path::new(env!("CARGO_MANIFEST_DIR")), args, "")
}

/// An export as people send it: Danish columns, dates and numbers.
const EXPORT: [(&str, &str); 3] = [
    (
        "Kunder.csv",
        "Kundenr;Navn;Omsætning;Konsulent;Branche\n\
         1001;Vaffelholm Værksted;1.250.000,00;Kim Lind;Fisk\n\
         1002;Rævekær Rådgivning;300.000,50;Bo Holm;Fisk\n\
         1003;Dybtoft;90.000,00;Kim Lind;Træ\n\
         1004;Tom;;Bo Holm;\n",
    ),
    (
        "Aktiviteter.csv",
        "Nr;Type;Status;Dato;Konsulent;Kunde;Varighed\n\
         1;Opkald;Udført;05-02-2026 10:30;Kim Lind;1001;15\n\
         2;Møde;Planlagt;25-02-2026 09:00;Kim Lind;1001;60\n\
         3;Messe;Udført;15-01-2026 09:00;Bo Holm;1002;480\n",
    ),
    ("Lister.csv", "a;b\n1;2\n"),
];

#[test]
fn a_danish_export_is_understood_and_judged() {
    let data = folder(&EXPORT);
    let into = tempfile::tempdir().unwrap();
    let path = |dir: &Path| dir.display().to_string();
    let done = run(&["init", &path(data.path()), "--into", &path(into.path())]);
    assert_eq!(done.code, 0, "{}", done.err);
    let text = |name: &str| fs::read_to_string(into.path().join(name)).unwrap();
    insta::assert_snapshot!("kadence.toml", text("kadence.toml"));
    insta::assert_snapshot!("targets.kpi", text("targets.kpi"));
    let said = done.out.replace(&path(data.path()), "DATA").replace(&path(into.path()), "INTO");
    insta::assert_snapshot!("said", said);
    let rules = path(&into.path().join("targets.kpi"));
    let mapping = path(&into.path().join("kadence.toml"));
    let data = path(data.path());
    let judged =
        run(&["eval", &rules, "--data", &data, "--mapping", &mapping, "--as-of", "2026-02-20"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
    insta::assert_snapshot!("report", judged.out);
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let data = folder(&EXPORT);
    let path = data.path().display().to_string();
    fs::write(data.path().join("targets.kpi"), "mine").unwrap();
    let refused = run(&["init", &path, "--into", &path]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("targets.kpi` is there already"), "{}", refused.err);
    assert!(!data.path().join("kadence.toml").exists());
    assert_eq!(fs::read_to_string(data.path().join("targets.kpi")).unwrap(), "mine");
    assert_eq!(run(&["init", &path, "--into", &path, "--force"]).code, 0);
    // What it wrote is what is found from then on.
    let judged = run(&["eval", &path, "--data", &path, "--as-of", "2026-02-20"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
}

#[test]
fn data_that_is_named_as_kadence_names_it_needs_no_mapping() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic/data");
    let into = tempfile::tempdir().unwrap();
    let data = example.display().to_string();
    let done = run(&["init", &data, "--into", &into.path().display().to_string()]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(!into.path().join("kadence.toml").exists());
    let rules = into.path().join("targets.kpi").display().to_string();
    let judged = run(&["eval", &rules, "--data", &data, "--lenient"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
    let text = fs::read_to_string(into.path().join("targets.kpi")).unwrap();
    assert!(text.contains("segment A = customer where revenue >= "), "{text}");
}

#[test]
fn data_of_which_nothing_is_known_is_refused_with_its_tables() {
    let data = folder(&[("Lister.csv", "a;b\n1;2\n")]);
    let into = tempfile::tempdir().unwrap();
    let done = run(&[
        "init",
        &data.path().display().to_string(),
        "--into",
        &into.path().display().to_string(),
    ]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("it has `Lister`"), "{}", done.err);
    assert_eq!(fs::read_dir(into.path()).unwrap().count(), 0);
}

#[test]
fn somebody_elses_crm_is_judged_after_one_command() {
    let data: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/workbench");
    if !data.is_dir() {
        eprintln!("skipped: there is no {}", data.display());
        return;
    }
    let into = tempfile::tempdir().unwrap();
    let (data, path) = (data.display().to_string(), into.path().display().to_string());
    let done = run(&["init", &data, "--into", &path]);
    assert_eq!(done.code, 0, "{}", done.err);
    let (rules, mapping) = (format!("{path}/targets.kpi"), format!("{path}/kadence.toml"));
    let judged =
        run(&["eval", &rules, "--data", &data, "--mapping", &mapping, "--as-of", "2023-11-30"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
    assert_eq!(run(&["check", &rules, "--deny"]).code, 0);
}
