//! Mappings for the exports of well-known systems.

use std::path::Path;
use std::sync::LazyLock;

use kadence::Problem;
use kadence::diagnostic::nearest;

use crate::mapping::Mapping;
use crate::source::Head;
use crate::{ReadError, named};

/// The presets by their names, as mapping files.
const PRESETS: [(&str, &str); 6] = [
    ("dynamics", include_str!("../presets/dynamics.toml")),
    ("hubspot", include_str!("../presets/hubspot.toml")),
    ("odoo", include_str!("../presets/odoo.toml")),
    ("pipedrive", include_str!("../presets/pipedrive.toml")),
    ("salesforce", include_str!("../presets/salesforce.toml")),
    ("superoffice", include_str!("../presets/superoffice.toml")),
];

/// The names of the presets with their texts, which are mapping files.
///
/// ```
/// let names: Vec<&str> = kadence_data::presets().map(|(name, _)| name).collect();
/// assert!(names.contains(&"hubspot"));
/// ```
pub fn presets() -> impl Iterator<Item = (&'static str, &'static str)> {
    PRESETS.into_iter()
}

/// The mapping of each preset, which does not change.
static MAPPINGS: LazyLock<Vec<Result<Mapping, Vec<Problem>>>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        let mut mapping = Mapping::parse(&format!("{name}.toml"), text)?;
        mapping.is_preset = true;
        Ok(mapping)
    };
    PRESETS.iter().map(read).collect()
});

fn mappings() -> impl Iterator<Item = (&'static str, Result<&'static Mapping, ReadError>)> {
    PRESETS.iter().zip(MAPPINGS.iter()).map(|((name, _), mapping)| {
        (*name, mapping.as_ref().map_err(|problems| ReadError::Mapping(problems.clone())))
    })
}

/// The preset of that name.
pub(crate) fn find(name: &str) -> Result<Mapping, ReadError> {
    if let Some((_, mapping)) = mappings().find(|(known, _)| *known == name) {
        return mapping.cloned();
    }
    let names = || PRESETS.iter().map(|(name, _)| *name);
    let expected = match nearest(name, names()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("expected one of {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(ReadError::UnknownPreset { name: name.to_owned(), expected })
}

/// The one preset that knows the columns of the tables.
pub(crate) fn guess(heads: &[Head], path: &Path) -> Result<(&'static str, Mapping), ReadError> {
    let mut known: Vec<(usize, &'static str, &'static Mapping)> = Vec::new();
    for (name, mapping) in mappings() {
        let mapping = mapping?;
        let count = heads.iter().filter(|head| has_signs(head, mapping)).count();
        known.push((count, name, mapping));
    }
    let most = known.iter().map(|(count, _, _)| *count).max().unwrap_or(0);
    known.retain(|(count, _, _)| *count == most && most > 0);
    let names: Vec<&str> = known.iter().map(|(_, name, _)| *name).collect();
    let path = path.to_owned();
    match (known.pop(), names.as_slice()) {
        (Some((_, name, mapping)), [_]) => Ok((name, mapping.clone())),
        (Some(_), names) => Err(ReadError::SeveralPresets { path, names: names.join(", ") }),
        (None, _) => Err(ReadError::NoMapping { path, tables: named::tables_in_words(heads) }),
    }
}

fn has_signs(head: &Head, mapping: &Mapping) -> bool {
    let has = |name: &String| head.columns.iter().any(|column| mapping.is_name(&column.name, name));
    mapping.signs.iter().any(|sign| !sign.is_empty() && sign.iter().all(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_mapping_that_can_be_guessed() {
        for (name, _) in presets() {
            let mapping = find(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!mapping.signs.is_empty(), "{name}");
        }
    }

    #[test]
    fn no_table_of_a_sample_is_taken_for_that_of_another_system() {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/presets");
        for entry in std::fs::read_dir(samples).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_dir() {
                continue;
            }
            let source = crate::source::find(&path).unwrap().open(&[]).unwrap();
            let sample = path.file_name().unwrap().to_string_lossy().into_owned();
            for (name, _) in presets() {
                let mapping = find(name).unwrap();
                let heads = source.tables().iter().filter(|head| has_signs(head, &mapping));
                let found: Vec<&str> = heads.map(|head| head.name.as_str()).collect();
                assert_eq!(sample.starts_with(name), !found.is_empty(), "{sample}: {found:?}");
            }
        }
    }
}
