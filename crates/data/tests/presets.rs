//! The presets on exports: those that others published, where they are there, and small ones whose
//! companies are invented and whose columns and values are the systems' own.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kadence::internals::{Item, Value};
use kadence::{AsOf, NoFiles, Noun, Options, RuleSet, Schema};
use kadence_data::{Import, presets};

const NOUNS: [Noun; 9] = [
    Noun::Team,
    Noun::Seller,
    Noun::Customer,
    Noun::Contact,
    Noun::Lead,
    Noun::Opportunity,
    Noun::Campaign,
    Noun::Member,
    Noun::Activity,
];

/// How many problems of a kind are shown.
const SHOWN: usize = 3;

fn sample(system: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/presets").join(system)
}

/// What is published elsewhere and read in its place.
fn published(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no {}", folder.display());
    None
}

/// What is read of an export: how many of each noun, of which kind and status, and what is said.
fn read(folder: &Path, preset: Option<&str>) -> String {
    let schema = Schema::default();
    let mut import = Import::new(folder);
    if let Some(preset) = preset {
        import = import.preset(preset);
    }
    let builder = import.read(&schema).unwrap_or_else(|error| panic!("{error}"));
    let (data, problems) = builder.build_lenient();
    let mut text = String::new();
    for noun in NOUNS.into_iter().filter(|noun| data.count(*noun) > 0) {
        writeln!(text, "{} {}", data.count(noun), noun.table()).unwrap();
        let fields: Vec<_> = ["status", "kind"]
            .iter()
            .filter(|name| noun != Noun::Customer && (noun == Noun::Activity || **name == "status"))
            .filter_map(|name| schema.field_ref(noun, name))
            .collect();
        let of = |item: Item| {
            let words = fields.iter().map(|field| match data.value(item, *field) {
                Value::Text(text) => text.to_string(),
                _ => "of unknown status".to_owned(),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let mut groups: BTreeMap<String, usize> = BTreeMap::new();
        for item in data.items(noun) {
            *groups.entry(of(item)).or_default() += 1;
        }
        for (group, count) in groups.iter().filter(|(group, _)| !group.is_empty()) {
            writeln!(text, "    {count} {group}").unwrap();
        }
    }
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for problem in &problems.errors {
        // Of what is wrong in the same way, the first ones stand for all.
        let message = problem.message.split(" cannot be ").next().unwrap_or_default().to_owned();
        kinds.entry(message).or_default().push(problem.to_string());
    }
    writeln!(text, "{} problems", problems.errors.len()).unwrap();
    for said in kinds.values() {
        for problem in said.iter().take(SHOWN) {
            writeln!(text, "    {problem}").unwrap();
        }
        if said.len() > SHOWN {
            writeln!(text, "    and {} more like this", said.len() - SHOWN).unwrap();
        }
    }
    writeln!(text, "{} notes", problems.notes.len()).unwrap();
    for note in &problems.notes {
        writeln!(text, "    {note}").unwrap();
    }
    text
}

/// What rules say of a sample whose data is in order.
fn judged(system: &str) -> String {
    let rules = include_str!("presets/sales.kpi");
    let rules = RuleSet::compile("sales.kpi", rules, &NoFiles).unwrap_or_else(|e| panic!("{e}"));
    let builder = Import::new(sample(system)).read(rules.schema()).unwrap();
    let (data, _) = builder.build().unwrap_or_else(|problems| panic!("{problems}"));
    let as_of: AsOf = "2026-11-15".parse().unwrap();
    let report = rules.evaluate(&data, &Options::at(as_of)).unwrap();
    let mut text = String::new();
    for verdict in &report.verdicts {
        let subject = &verdict.subject;
        let name = subject.name.as_deref().unwrap_or(&subject.id);
        let status = verdict.status.words();
        writeln!(text, "{}: {name} is {status}: {}", verdict.rule, verdict.sentence).unwrap();
    }
    text
}

/// The samples with the systems that they are from.
const SAMPLES: [(&str, &str); 9] = [
    ("dynamics", "dynamics"),
    ("dynamics_by_hand", "dynamics"),
    ("hubspot", "hubspot"),
    ("hubspot_by_hand", "hubspot"),
    ("odoo", "odoo"),
    ("pipedrive", "pipedrive"),
    ("pipedrive_api", "pipedrive"),
    ("salesforce", "salesforce"),
    ("superoffice", "superoffice"),
];

#[test]
fn each_preset_has_a_sample() {
    for (system, _) in presets() {
        assert!(SAMPLES.iter().any(|(_, of)| *of == system), "{system}");
    }
}

#[test]
fn each_sample_is_guessed_as_its_own_system() {
    for (name, system) in SAMPLES {
        let builder = Import::new(sample(name)).read(&Schema::default());
        let (_, problems) = builder.unwrap_or_else(|e| panic!("{name}: {e}")).build_lenient();
        let notes: Vec<String> = problems.notes.iter().map(ToString::to_string).collect();
        let guessed = format!("the data is read as an export of `{system}`, by its columns");
        assert!(notes.iter().any(|note| note.starts_with(&guessed)), "{name}: {notes:?}");
    }
}

#[test]
fn every_sample_is_read_and_judged() {
    for (name, _) in SAMPLES {
        let text = format!("{}\n{}", read(&sample(name), None), judged(name));
        insta::assert_snapshot!(format!("sample_{name}"), text);
    }
}

#[test]
fn a_state_that_a_preset_does_not_know_is_a_problem_that_names_it() {
    let cases = [
        (
            "dynamics",
            "phonecalls.csv",
            "activityid,statecode,scheduledend\n1,7,2026-11-02 10:00:00\n",
        ),
        (
            "hubspot",
            "engagement_meeting.csv",
            "engagement_id,property_hs_timestamp,property_hs_meeting_outcome\n1,2026-11-02 10:00:00,PERHAPS\n",
        ),
        (
            "odoo",
            "crm_lead.csv",
            "id,type,name,won_status,stage_id\n1,opportunity,Acme,perhaps,1\n",
        ),
        ("pipedrive", "activity.csv", "id,type,done,due_date\n1,call,perhaps,2026-11-02\n"),
        (
            "salesforce",
            "task.csv",
            "id,who_id,what_id,status,activity_date\n1,,,Perhaps,2026-11-02\n",
        ),
        (
            "superoffice",
            "appointment.csv",
            "appointment_id,associate_id,task_type,type,status,do_by\n1,2,5,1,77,2026-11-02 10:00:00\n",
        ),
    ];
    for (system, file, text) in cases {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(file), text).unwrap();
        let builder = Import::new(dir.path()).preset(system).read(&Schema::default()).unwrap();
        let (_, problems) = builder.build_lenient();
        let said: Vec<String> = problems.errors.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1, "{system}: {said:?}");
        assert!(said[0].contains("`status` cannot be"), "{system}: {said:?}");
    }
}

#[test]
fn a_published_hubspot_export_is_read() {
    let Some(folder) = published("hubspot_export") else { return };
    let read = |name: &str| read(&folder.join(name), None);
    insta::assert_snapshot!("published_hubspot_head", read("head"));
    let history = read("history_100rows");
    insta::assert_snapshot!("published_hubspot_history", history);
    assert!(history.contains("lies in January 1970"), "{history}");
}

#[test]
fn a_published_salesforce_export_is_read() {
    let Some(folder) = published("salesforce_export") else { return };
    insta::assert_snapshot!("published_salesforce", read(&folder, None));
}

#[test]
fn an_own_mapping_replaces_what_a_preset_says_of_a_noun() {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        ("organizations-1.csv", "Organization - ID,Organization - Name\n11,Acme\n"),
        (
            "activities-1.csv",
            "Activity - ID,Activity - Type,Activity - Done,Activity - Due date,\
             Activity - Assigned to user,Activity - Organization\n\
             1,Site visit,Done,2026-11-02,Kim,Acme\n",
        ),
        (
            "kadence.toml",
            "preset = \"pipedrive\"\n\
             [[activities]]\n\
             table = \"activities-*\"\n\
             fields.id = \"Activity - ID\"\n\
             fields.kind = { column = \"Activity - Type\", values = { \"Site visit\" = \"visit\" } }\n\
             fields.status = { column = \"Activity - Done\", values = { Done = \"completed\" } }\n\
             fields.at = \"Activity - Due date\"\n\
             fields.seller = \"Activity - Assigned to user\"\n\
             fields.customer = { column = \"Activity - Organization\", find = \"customers.name\" }\n",
        ),
    ];
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let text = read(dir.path(), None);
    assert_eq!(
        text,
        "1 sellers\n1 customers\n1 activities\n    1 completed visit\n0 problems\n0 notes\n"
    );
}

#[test]
fn a_preset_that_knows_no_table_is_a_problem_and_tables_that_it_does_not_know_are_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("my view.csv"), "Record ID,Deal owner\n1,Kim\n").unwrap();
    let text = read(dir.path(), Some("hubspot"));
    let problem = "my view.csv:1:1: the preset knows no table of the data: there is `my view` \
                   (see docs/data/presets.md for what files are called)";
    assert_eq!(text, format!("1 problems\n    {problem}\n0 notes\n"));
    std::fs::write(dir.path().join("companies.csv"), "Record ID,Company name\n1,Acme\n").unwrap();
    let text = read(dir.path(), Some("hubspot"));
    let note = "the preset knows nothing of `my view`: not read \
                (see docs/data/presets.md for what files are called)";
    assert_eq!(text, format!("1 customers\n0 problems\n1 notes\n    {note}\n"));
}
