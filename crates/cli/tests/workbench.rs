//! Somebody else's data: a small CRM with calendar and task board, turned into a dataset by the
//! builder, judged, and held against figures that `workbench_expected.py` computed from the files.
//!
//! The source's "now" is 2023-11-30T00:00:00, an instant: nothing of 30 November has happened. As
//! some of its contacts are dated that day, it is judged as of the day too, when that is over.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};

use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Number, Options, RuleSet,
    Scalar, Schema, Seller, Verdict,
};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;
type Row = BTreeMap<String, String>;

const RULES: &str = include_str!("workbench.kpi");
const EXPECTED: &str = include_str!("workbench_expected.json");

#[test]
fn every_figure_is_the_one_computed_from_the_files() -> Outcome<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/workbench");
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return Ok(());
    }
    let rules = RuleSet::compile("workbench.kpi", RULES, &NoFiles).map_err(|e| e.to_string())?;
    let files = Files { folder };
    let data = files.dataset(rules.schema())?;
    let groups = files.groups()?;
    let expected: BTreeMap<String, Value> = serde_json::from_str(EXPECTED)?;
    assert_eq!(expected.len(), 2);
    for (as_of, expected) in expected {
        let as_of: AsOf = as_of.parse()?;
        let report = rules.evaluate(&data, &Options::at(as_of))?;
        let found = figures(&report.verdicts, &groups);
        let rules = |figures: &Value| -> BTreeSet<String> {
            figures.as_object().into_iter().flat_map(|rules| rules.keys().cloned()).collect()
        };
        assert_eq!(rules(&found), rules(&expected));
        for rule in rules(&expected) {
            assert_eq!(found[&rule], expected[&rule], "{rule} as of {as_of:?}");
        }
    }
    Ok(())
}

/// For each rule and group: how many verdicts have which status, and the sum of what was measured.
fn figures(verdicts: &[Verdict], groups: &BTreeMap<String, String>) -> Value {
    #[derive(Default)]
    struct Tally {
        statuses: BTreeMap<&'static str, u32>,
        measured: Option<Number>,
    }
    let mut rules: BTreeMap<&str, BTreeMap<&str, Tally>> = BTreeMap::new();
    for verdict in verdicts {
        // A person is a group; a customer is in that of its status and product.
        let id = &verdict.subject.id;
        let tally = rules
            .entry(&verdict.rule)
            .or_default()
            .entry(groups.get(id).unwrap_or(id))
            .or_default();
        *tally.statuses.entry(verdict.status.words()).or_default() += 1;
        if let Some(measured) = &verdict.measured {
            let sum = tally.measured.take().unwrap_or(Number::from(0));
            tally.measured = Some(sum + measured.clone());
        }
    }
    let tally = |tally: &Tally| json!({ "statuses": tally.statuses, "measured": tally.measured });
    let groups = |groups: &BTreeMap<&str, Tally>| -> Value {
        groups.iter().map(|(group, of)| ((*group).to_owned(), tally(of))).collect()
    };
    rules.iter().map(|(rule, of)| ((*rule).to_owned(), groups(of))).collect()
}

struct Files {
    folder: PathBuf,
}

impl Files {
    fn rows(&self, name: &str) -> Outcome<Vec<Row>> {
        let mut reader = csv::Reader::from_path(self.folder.join(name))?;
        Ok(reader.deserialize().collect::<Result<_, _>>()?)
    }

    fn customers(&self) -> Outcome<Vec<Row>> {
        self.rows("customer_relationship_manager_data.csv")
    }

    /// Status and product of each customer.
    fn groups(&self) -> Outcome<BTreeMap<String, String>> {
        let group = |row: &Row| {
            let name = format!("{} / {}", cell(row, "status")?, cell(row, "product_interest")?);
            Ok((cell(row, "customer_id")?, name))
        };
        self.customers()?.iter().map(group).collect()
    }

    fn dataset(&self, schema: &Schema) -> Outcome<Dataset> {
        let customers = self.customers()?;
        let tasks = self.rows("project_tasks.csv")?;
        let events = self.rows("calendar_events.csv")?;
        let notes = self.rows("activities_from_notes.csv")?;
        let mut data = Dataset::builder(schema);

        let mut people = BTreeSet::new();
        for row in customers.iter().chain(&tasks) {
            people.insert(cell(row, "assigned_to_email")?);
        }
        for row in &events {
            people.insert(cell(row, "participant_email")?);
        }
        for person in people {
            data.add(Seller { email: Some(person.clone()), ..Seller::new(person) });
        }
        for row in &customers {
            data.add(customer(row)?).add(follow_up(row)?);
        }
        for (place, row) in notes.iter().enumerate() {
            data.add(note(&format!("note-{place}"), row)?);
        }
        for row in &events {
            data.add(meeting(row)?);
        }
        for row in &tasks {
            data.add(task(row)?);
        }
        let (dataset, _) = data.build()?;
        Ok(dataset)
    }
}

fn customer(row: &Row) -> Outcome<Customer> {
    let field = |name: &str| Ok((name.to_owned(), Scalar::Text(cell(row, name)?)));
    let declared = ["product_interest", "last_contact_date", "follow_up_by"];
    Ok(Customer {
        name: Some(cell(row, "customer_name")?),
        owner: Some(cell(row, "assigned_to_email")?),
        status: Some(cell(row, "status")?),
        extra: declared.into_iter().map(field).collect::<Outcome<_>>()?,
        ..Customer::new(cell(row, "customer_id")?)
    })
}

/// The day by which a customer is to be followed up is a planned activity of its owner.
fn follow_up(row: &Row) -> Outcome<Activity> {
    let customer = cell(row, "customer_id")?;
    let id = format!("follow-up-{customer}");
    let at = moment(row, "follow_up_by")?;
    Ok(Activity {
        seller: Some(cell(row, "assigned_to_email")?),
        customer: Some(customer),
        ..Activity::new(id, "follow-up", ActivityStatus::Planned, at)
    })
}

fn note(id: &str, row: &Row) -> Outcome<Activity> {
    let kind = match cell(row, "kind")?.as_str() {
        "Had a call" => "call",
        "Met in person" => "visit",
        "Saw the demo" => "demo",
        "On holiday" => "away note",
        other => return Err(format!("a note of an unknown kind: {other}").into()),
    };
    Ok(Activity {
        seller: Some(cell(row, "owner")?),
        customer: Some(cell(row, "customer_id")?),
        ..Activity::new(id, kind, ActivityStatus::Completed, moment(row, "date")?)
    })
}

/// A calendar does not say what took place. Completed: what lies after the as-of is planned.
fn meeting(row: &Row) -> Outcome<Activity> {
    let id = format!("event-{}", cell(row, "event_id")?);
    let at = moment(row, "event_start")?;
    Ok(Activity {
        seller: Some(cell(row, "participant_email")?),
        minutes: Some(cell(row, "duration")?.parse()?),
        ..Activity::new(id, "meeting", ActivityStatus::Completed, at)
    })
}

/// When a task was finished is not said; its due date stands for it.
fn task(row: &Row) -> Outcome<Activity> {
    let status = match cell(row, "list_name")?.as_str() {
        "Completed" => ActivityStatus::Completed,
        _ => ActivityStatus::Planned,
    };
    let id = format!("task-{}", cell(row, "task_id")?);
    Ok(Activity {
        seller: Some(cell(row, "assigned_to_email")?),
        ..Activity::new(id, "task", status, moment(row, "due_date")?)
    })
}

fn cell(row: &Row, name: &str) -> Outcome<String> {
    row.get(name).cloned().ok_or_else(|| format!("there is no column {name}").into())
}

fn moment(row: &Row, name: &str) -> Outcome<Moment> {
    Ok(cell(row, name)?.parse()?)
}
