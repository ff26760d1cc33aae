//! Somebody else's data: a small CRM with calendar and task board, understood by a mapping alone,
//! judged, and held against figures that `workbench_expected.py` computed from the files.
//!
//! The source's "now" is 2023-11-30T00:00:00, an instant: nothing of 30 November has happened. As
//! some of its contacts are dated that day, it is judged as of the day too, when that is over.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use kadence::{AsOf, NoFiles, Number, Options, RuleSet, Verdict};
use kadence_data::{Import, Mapping};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;
type Row = BTreeMap<String, String>;

const RULES: &str = include_str!("workbench.kpi");
const MAPPING: &str = include_str!("workbench.toml");
const EXPECTED: &str = include_str!("workbench_expected.json");

#[test]
fn every_figure_is_the_one_computed_from_the_files() -> Outcome<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/workbench");
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return Ok(());
    }
    let rules = RuleSet::compile("workbench.kpi", RULES, &NoFiles).map_err(|e| e.to_string())?;
    let mapping =
        Mapping::parse("workbench.toml", MAPPING).map_err(|wrong| format!("{wrong:?}"))?;
    let groups = groups(&folder)?;
    let (data, notes) = Import::new(folder).mapping(mapping).read(rules.schema())?.build()?;
    assert_eq!(notes, []);
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

/// Status and product of each customer.
fn groups(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let path = folder.join("customer_relationship_manager_data.csv");
    let rows: Vec<Row> = csv::Reader::from_path(path)?.deserialize().collect::<Result<_, _>>()?;
    let group = |row: &Row| {
        let name = format!("{} / {}", row["status"], row["product_interest"]);
        (row["customer_id"].clone(), name)
    };
    Ok(rows.iter().map(group).collect())
}
