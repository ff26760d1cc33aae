//! What can be looked for, and what was looked for and is not there.

use std::collections::{BTreeMap, HashMap, HashSet};

use kadence::{Cell, DatasetBuilder, FieldType, Noun, Place, Problem, Schema};

use super::Find;
use super::check::Entry;
use crate::merge::Merge;
use crate::names::folded;
use crate::text::quoted;

/// The things of a noun by a field.
#[derive(Debug)]
pub(super) struct Index {
    noun: Noun,
    field: String,
    take: String,
    /// None where several have the same.
    found: HashMap<String, Option<String>>,
}

impl Index {
    pub(super) fn new(find: &Find, schema: &Schema) -> Index {
        debug_assert!(schema.field(find.noun, &find.field).is_some(), "it was checked");
        Index {
            noun: find.noun,
            field: find.field.clone(),
            take: find.take.clone(),
            found: HashMap::new(),
        }
    }

    /// An id is looked for as it is written, anything else as people write names.
    fn key(&self, text: &str) -> String {
        if self.field == "id" { text.trim().to_owned() } else { folded(text) }
    }

    /// What has that text, if one thing alone has it.
    pub(super) fn find(&self, text: &str) -> Option<&str> {
        self.found.get(&self.key(text))?.as_deref()
    }

    /// Adds a thing. Ids that are one are one here too.
    pub(super) fn add(&mut self, noun: Noun, cells: &[Cell<'_>], merge: &Merge) {
        if noun != self.noun {
            return;
        }
        let text =
            |field: &str| cells.iter().find(|cell| cell.field == field).map(|cell| cell.text);
        let (Some(key), Some(take)) = (text(&self.field), text(&self.take)) else { return };
        let (key, take) = (self.key(key), merge.stays_as((noun, &self.take), take.trim()));
        if key.is_empty() || take.is_empty() {
            return;
        }
        let found = self.found.entry(key).or_insert_with(|| Some(take.to_owned()));
        if found.as_deref() != Some(take) {
            *found = None;
        }
    }
}

/// What was looked for and not found: for a noun and a field how often, how often it was not, and
/// some of what was not.
pub(super) type Unfound<'m> = BTreeMap<(Noun, &'m str), Missed>;

#[derive(Debug, Default)]
pub(super) struct Missed {
    pub(super) asked: usize,
    missed: usize,
    texts: BTreeMap<String, usize>,
}

/// How many different texts that were not found are kept.
const MOST_TEXTS: usize = 10_000;

impl Missed {
    pub(super) fn miss(&mut self, text: String) {
        self.missed += 1;
        if self.texts.len() < MOST_TEXTS || self.texts.contains_key(&text) {
            *self.texts.entry(text).or_default() += 1;
        }
    }
}

/// The ids of the nouns that a preset's tables refer to.
pub(super) struct Ids {
    pub(super) of: HashMap<Noun, HashSet<String>>,
}

impl Ids {
    pub(super) fn of(entries: &[Entry<'_>]) -> Ids {
        let fields = entries.iter().filter(|entry| entry.is_preset).flat_map(|entry| &entry.fields);
        let to = fields.filter_map(|field| match field.kind {
            FieldType::Reference(to) => Some((to, HashSet::new())),
            _ => None,
        });
        Ids { of: to.collect() }
    }

    pub(super) fn add(&mut self, noun: Noun, cells: &[Cell<'_>]) {
        let Some(ids) = self.of.get_mut(&noun) else { return };
        ids.extend(cells.iter().find(|c| c.field == "id").map(|cell| cell.text.trim().to_owned()));
    }
}

/// How the days of January 1970 begin, which seconds are when they are read as milliseconds.
pub(super) const EARLY: &str = "1970-01-";

/// For a noun and a field how many are that early, and the place of the first.
pub(super) type Early<'m> = BTreeMap<(Noun, &'m str), (usize, Place)>;

pub(super) fn say_early(early: &Early<'_>, builder: &mut DatasetBuilder) {
    for ((noun, field), (count, place)) in early {
        builder.note(Problem {
            place: Some(place.clone()),
            subject: noun.table().to_owned(),
            message: format!("`{field}` of {count} lies in January 1970, the first is here"),
            expected: Some("were seconds read as milliseconds?".to_owned()),
        });
    }
}

pub(super) fn say_unfound(unfound: &Unfound<'_>, builder: &mut DatasetBuilder) {
    for ((noun, field), Missed { asked, missed, texts }) in unfound {
        if *missed == 0 {
            continue;
        }
        let mut texts: Vec<(&String, &usize)> = texts.iter().collect();
        texts.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let named: Vec<String> = texts.iter().take(3).map(|(text, _)| quoted(text)).collect();
        let message = format!(
            "`{field}` of {missed} of {asked} was looked for and not found, it is unknown",
        );
        let expected = format!("most often {}", named.join(", "));
        builder.note(Problem {
            place: None,
            subject: noun.table().to_owned(),
            message,
            expected: Some(expected),
        });
    }
}
