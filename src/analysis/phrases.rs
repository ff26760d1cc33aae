//! What can be said of a phrase by itself.

use std::collections::BTreeSet;

use crate::check::rules::{Adjective, Base, Condition, FieldTest, Literal, Phrase};

/// Whether a phrase is its nouns and no more.
pub(super) fn is_plain(phrase: &Phrase) -> bool {
    phrase.adjectives.is_empty()
        && phrase.on.is_none()
        && phrase.filter.is_none()
        && phrase.dated.is_none()
        && phrase.spaced.is_none()
}

/// The kinds that a phrase names, where it is activities of these kinds and no more.
pub(super) fn kinds(phrase: &Phrase) -> Option<BTreeSet<&str>> {
    if !is_plain(phrase) {
        return None;
    }
    let mut found = BTreeSet::new();
    for base in &phrase.bases {
        found.extend(kinds_of_base(base)?);
    }
    Some(found)
}

pub(super) fn kinds_of_base(base: &Base) -> Option<BTreeSet<&str>> {
    match base {
        Base::Kind(kind) => Some(BTreeSet::from([kind.as_str()])),
        Base::Phrase(inner) => kinds(inner),
        Base::All | Base::Segment(_) => None,
    }
}

/// Whether all things of a phrase have one of some statuses, by what its words say.
pub(super) fn has_status(phrase: &Phrase, statuses: &[&str]) -> bool {
    let filtered = phrase.filter.as_ref().is_some_and(|filter| asks_status(filter, statuses));
    let narrowed = phrase.adjectives.iter().any(|adjective| match adjective {
        Adjective::Is(inner) => has_status(inner, statuses),
        _ => false,
    });
    let named = phrase.bases.iter().all(|base| match base {
        Base::Phrase(inner) => has_status(inner, statuses),
        Base::All | Base::Kind(_) | Base::Segment(_) => false,
    });
    filtered || narrowed || named
}

/// The texts that a test asks a field for.
pub(super) fn texts(test: &FieldTest) -> Vec<&str> {
    let values = match test {
        FieldTest::Equals(value) => std::slice::from_ref(value),
        FieldTest::OneOf(values) => values.as_slice(),
        _ => &[],
    };
    let texts = values.iter().filter_map(|value| match value {
        Literal::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn asks_status(condition: &Condition, statuses: &[&str]) -> bool {
    let is_one = |value: &Literal| match value {
        Literal::Text(text) => statuses.contains(&text.as_str()),
        _ => false,
    };
    match condition {
        Condition::And(parts) => parts.iter().any(|part| asks_status(part, statuses)),
        Condition::Field { path, test } if path.text == "status" => match test {
            FieldTest::Equals(value) => is_one(value),
            FieldTest::OneOf(values) => values.iter().all(is_one),
            _ => false,
        },
        _ => false,
    }
}
