//! What JSON Schemas take, and what they refuse.

use jsonschema::Validator;
use serde_json::{Value, json};

pub(crate) const SCHEMA: &str = include_str!("../../../../docs/verdicts.schema.json");
pub(crate) const DIFF: &str = include_str!("../../../../docs/diff.schema.json");
pub(crate) const STORY: &str = include_str!("../../../../docs/story.schema.json");
pub(crate) const HISTORY: &str = include_str!("../../../../docs/history.schema.json");

pub(crate) fn faults(validator: &Validator, report: &Value) -> Vec<String> {
    let fault = |error: jsonschema::ValidationError<'_>| {
        format!("{}: {error}", error.instance_path().as_str())
    };
    validator.iter_errors(report).map(fault).collect()
}

/// Every object of the report, by its place.
pub(crate) fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(at.to_owned());
            fields.iter().for_each(|(key, value)| objects(value, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(i, item)| objects(item, &format!("{at}/{i}"), found));
        }
        _ => {}
    }
}

/// Of an instance that is valid: no object takes another field, or goes without one of its own.
pub(crate) fn is_closed(validator: &Validator, instance: &Value) {
    let mut places = Vec::new();
    objects(instance, "", &mut places);
    assert!(places.len() > 20, "{places:?}");
    for place in places {
        let mut report = instance.clone();
        let object = report.pointer_mut(&place).unwrap().as_object_mut().unwrap();
        let keys: Vec<String> = object.keys().cloned().collect();
        object.insert("extra".to_owned(), json!(1));
        assert!(!validator.is_valid(&report), "{place} takes another field");
        for key in keys {
            let mut report = instance.clone();
            let object = report.pointer_mut(&place).unwrap().as_object_mut().unwrap();
            object.remove(&key);
            assert!(!validator.is_valid(&report), "{place} goes without {key}");
        }
    }
}

/// A schema that builds on those that lie beside it.
pub(crate) fn with_validator_of(schema: &str, check: impl FnOnce(&Validator)) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let mut registry = jsonschema::Registry::new();
    for (name, text) in
        [("verdicts", SCHEMA), ("diff", DIFF), ("history", HISTORY), ("story", STORY)]
    {
        let beside: Value = serde_json::from_str(text).unwrap();
        let address = format!("https://docs.invalid/{name}.schema.json");
        registry = registry.add(address, beside).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_base_uri("https://docs.invalid/schema.json");
    check(&options.with_registry(&registry).build(&schema).unwrap());
}

/// What a subcommand prints of the example company.
pub(crate) fn printed(command: &str, words: &[&str]) -> Value {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadence"))
        .args([command, "examples/nordic", "--format", "json"])
        .args(words)
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
