//! Segments that overlap for sure: some customer that is easily thought of fits both.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::rules::{
    Adjective, Base, Cmp, Condition, DateExpr, FieldTest, Literal, Measure, NumberTest, Phrase,
    Window,
};
use crate::model::Noun;

/// How many alternatives a segment may have before it counts as undecidable.
const MOST: usize = 64;

/// What a field must hold.
#[derive(Debug, Clone, PartialEq)]
enum Values {
    /// Numbers, or days counted from a fixed one.
    Range {
        low: Option<Bound>,
        high: Option<Bound>,
        not: Vec<Decimal>,
        days: bool,
    },
    /// One of `only`, if given, and none of `not`.
    Text {
        only: Option<BTreeSet<String>>,
        not: BTreeSet<String>,
    },
    Known,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    at: Decimal,
    included: bool,
}

/// What each field must hold.
type Fields = BTreeMap<String, Values>;

/// The alternatives that fit a segment; none where it tests more than fields for values.
pub(super) struct Shape(Option<Vec<Fields>>);

impl Shape {
    pub(super) fn of(phrase: &Phrase) -> Self {
        Shape(of_phrase(phrase))
    }

    /// The fields of a customer that fits both, as `revenue 5000000`.
    pub(super) fn overlap(&self, other: &Shape) -> Option<String> {
        let (ours, theirs) = (self.0.as_ref()?, other.0.as_ref()?);
        ours.iter().flat_map(|a| theirs.iter().map(move |b| (a, b))).find_map(|(a, b)| {
            let both = merge(a, b)?;
            let mut parts = Vec::new();
            for (field, values) in &both {
                parts.push(format!("{field} {}", values.example()?));
            }
            Some(if parts.is_empty() { "any customer".to_owned() } else { parts.join(", ") })
        })
    }
}

fn of_phrase(phrase: &Phrase) -> Option<Vec<Fields>> {
    if phrase.noun != Noun::Customer || phrase.on.is_some() || phrase.spaced.is_some() {
        return None;
    }
    let mut all = Vec::new();
    for base in &phrase.bases {
        match base {
            Base::All => all.push(Fields::new()),
            Base::Phrase(inner) => all.extend(of_phrase(inner)?),
            Base::Kind(_) | Base::Segment(_) => return None,
        }
    }
    for adjective in &phrase.adjectives {
        let Adjective::Is(inner) = adjective else { return None };
        all = both(all, of_phrase(inner)?)?;
    }
    match &phrase.filter {
        Some(filter) => both(all, of_condition(filter, true)?),
        None => Some(all),
    }
}

/// The alternatives under which a condition holds, or where `wanted` is false does not.
fn of_condition(condition: &Condition, wanted: bool) -> Option<Vec<Fields>> {
    match condition {
        Condition::Not(inner) => of_condition(inner, !wanted),
        Condition::And(parts) | Condition::Or(parts) => {
            let every = matches!(condition, Condition::And(_)) == wanted;
            let mut parts = parts.iter().map(|part| of_condition(part, wanted));
            let first = parts.next()??;
            parts.try_fold(
                first,
                |all, part| {
                    if every { both(all, part?) } else { either(all, part?) }
                },
            )
        }
        Condition::Compare(comparison) => {
            if !matches!(comparison.window, Window::Ever) {
                return None;
            }
            let Measure::Field(path) = &comparison.left else { return None };
            let range = |cmp, at| ranges(&path.text, cmp, number(at)?, wanted, false);
            match &comparison.test {
                NumberTest::Is(cmp, at) => range(*cmp, at),
                NumberTest::Between(low, high) => {
                    let (low, high) = (range(Cmp::AtLeast, low)?, range(Cmp::AtMost, high)?);
                    if wanted { both(low, high) } else { either(low, high) }
                }
            }
        }
        Condition::Field { path, test } => of_test(&path.text, test, wanted),
        _ => None,
    }
}

fn of_test(field: &str, test: &FieldTest, wanted: bool) -> Option<Vec<Fields>> {
    let texts = |values: Vec<&Literal>| {
        let texts = values.into_iter().map(|value| match value {
            Literal::Text(text) => Some(text.clone()),
            _ => None,
        });
        let texts: BTreeSet<String> = texts.collect::<Option<_>>()?;
        let values = if wanted {
            Values::Text { only: Some(texts), not: BTreeSet::new() }
        } else {
            Values::Text { only: None, not: texts }
        };
        one(field, values)
    };
    match test {
        FieldTest::Known if wanted => one(field, Values::Known),
        FieldTest::Unknown if !wanted => one(field, Values::Known),
        FieldTest::Known | FieldTest::Unknown => one(field, Values::Unknown),
        FieldTest::Equals(value) => texts(vec![value]),
        FieldTest::OneOf(values) => texts(values.iter().collect()),
        FieldTest::Date(cmp, DateExpr::Date(day)) => {
            ranges(field, *cmp, Decimal::from(day.num_days_from_ce()), wanted, true)
        }
        _ => None,
    }
}

fn one(field: &str, values: Values) -> Option<Vec<Fields>> {
    Some(vec![Fields::from([(field.to_owned(), values)])])
}

fn ranges(field: &str, cmp: Cmp, at: Decimal, wanted: bool, days: bool) -> Option<Vec<Fields>> {
    let cmp = match (cmp, wanted) {
        (cmp, true) => cmp,
        (Cmp::Less, false) => Cmp::AtLeast,
        (Cmp::AtMost, false) => Cmp::More,
        (Cmp::Equal, false) => Cmp::Unequal,
        (Cmp::Unequal, false) => Cmp::Equal,
        (Cmp::AtLeast, false) => Cmp::Less,
        (Cmp::More, false) => Cmp::AtMost,
    };
    let open = Some(Bound { at, included: false });
    let closed = Some(Bound { at, included: true });
    let (low, high, not) = match cmp {
        Cmp::Less => (None, open, Vec::new()),
        Cmp::AtMost => (None, closed, Vec::new()),
        Cmp::Equal => (closed, closed, Vec::new()),
        Cmp::Unequal => (None, None, vec![at]),
        Cmp::AtLeast => (closed, None, Vec::new()),
        Cmp::More => (open, None, Vec::new()),
    };
    one(field, Values::Range { low, high, not, days })
}

fn number(measure: &Measure) -> Option<Decimal> {
    match measure {
        Measure::Number(number) => Some(*number),
        Measure::Negative(inner) => number(inner).map(|number| -number),
        _ => None,
    }
}

fn either(mut a: Vec<Fields>, b: Vec<Fields>) -> Option<Vec<Fields>> {
    a.extend(b);
    (a.len() <= MOST).then_some(a)
}

fn both(a: Vec<Fields>, b: Vec<Fields>) -> Option<Vec<Fields>> {
    if a.len().saturating_mul(b.len()) > MOST {
        return None;
    }
    Some(a.iter().flat_map(|a| b.iter().filter_map(move |b| merge(a, b))).collect())
}

/// What fits both; none where the same field must hold two things.
fn merge(a: &Fields, b: &Fields) -> Option<Fields> {
    let mut merged = a.clone();
    for (field, values) in b {
        let values = match merged.get(field) {
            Some(other) => other.and(values)?,
            None => values.clone(),
        };
        merged.insert(field.clone(), values);
    }
    Some(merged)
}

impl Values {
    fn and(&self, other: &Values) -> Option<Values> {
        match (self, other) {
            (Values::Unknown, Values::Unknown) => Some(Values::Unknown),
            (Values::Unknown, _) | (_, Values::Unknown) => None,
            (Values::Known, values) | (values, Values::Known) => Some(values.clone()),
            (
                Values::Range { low, high, not, days },
                Values::Range { low: other_low, high: other_high, not: other_not, .. },
            ) => {
                let tighter = |a: Option<Bound>, b: Option<Bound>, upwards: bool| match (a, b) {
                    (Some(a), Some(b)) if a.at == b.at => {
                        Some(Bound { at: a.at, included: a.included && b.included })
                    }
                    (Some(a), Some(b)) => Some(if (a.at > b.at) == upwards { a } else { b }),
                    (a, b) => a.or(b),
                };
                Some(Values::Range {
                    low: tighter(*low, *other_low, true),
                    high: tighter(*high, *other_high, false),
                    not: not.iter().chain(other_not).copied().collect(),
                    days: *days,
                })
            }
            (Values::Text { only, not }, Values::Text { only: other_only, not: other_not }) => {
                Some(Values::Text {
                    only: match (only, other_only) {
                        (Some(a), Some(b)) => Some(a & b),
                        (a, b) => a.clone().or_else(|| b.clone()),
                    },
                    not: not | other_not,
                })
            }
            _ => None,
        }
    }

    /// A value that fits, as it is written; none where none does or none is easily found.
    fn example(&self) -> Option<String> {
        match self {
            Values::Known => Some("known".to_owned()),
            Values::Unknown => Some("unknown".to_owned()),
            Values::Text { only: Some(only), not } => {
                only.difference(not).next().map(|text| format!("`{text}`"))
            }
            Values::Text { only: None, not } => {
                Some(format!("other than {}", not.iter().cloned().collect::<Vec<_>>().join(", ")))
            }
            Values::Range { low, high, not, days } => {
                let value = within(*low, *high, not, *days)?;
                if !days {
                    return Some(value.normalize().to_string());
                }
                let day = i32::try_from(value).ok()?;
                NaiveDate::from_num_days_from_ce_opt(day).map(|day| day.to_string())
            }
        }
    }
}

fn within(low: Option<Bound>, high: Option<Bound>, not: &[Decimal], days: bool) -> Option<Decimal> {
    let one = Decimal::ONE;
    let mut candidates = Vec::new();
    for bound in [low, high].into_iter().flatten() {
        candidates.push(bound.at);
        candidates.extend(bound.at.checked_add(one));
        candidates.extend(bound.at.checked_sub(one));
    }
    for excluded in not {
        candidates.extend(excluded.checked_add(one));
        candidates.extend(excluded.checked_sub(one));
    }
    if let (Some(low), Some(high), false) = (low, high, days) {
        let middle = low.at.checked_add(high.at).and_then(|sum| sum.checked_div(Decimal::TWO));
        candidates.extend(middle);
    }
    candidates.into_iter().find(|value| {
        let above = low.is_none_or(|low| low.at < *value || (low.included && low.at == *value));
        let below =
            high.is_none_or(|high| *value < high.at || (high.included && high.at == *value));
        above && below && !not.contains(value)
    })
}
