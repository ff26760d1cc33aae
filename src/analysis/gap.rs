//! Segments that leave a gap: `revenue >= 2m` and `revenue < 1m`, and nothing between.
//!
//! A customer in the gap has no segment, so no rule about segments looks at it. A customer whose
//! field is unknown has none either, and is no gap. Looked at are segments that all ask for one
//! number field.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::figures::{number, short};
use super::phrases::is_plain;
use crate::check::rules::{
    Base, Cmp, Comparison, Compiled, Condition, Measure, NumberTest, Phrase, Window,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::ItemKind;

/// An end of a range; `included`: the number itself belongs to it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct End {
    at: Decimal,
    included: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Range {
    low: Option<End>,
    high: Option<End>,
}

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let first = rules.items.iter().find_map(|item| match &item.kind {
        ItemKind::Segment { name, .. } => Some(name.span),
        _ => None,
    });
    let (Some((field, ranges)), Some(span)) = (division(rules), first) else { return Vec::new() };
    let found = gaps(ranges).into_iter().map(|gap| {
        let message = format!("no segment has customers whose `{field}` is {gap}");
        Diagnostic::warning(Code::K066, span, message)
            .label("rules about segments do not look at them")
    });
    found.collect()
}

/// Whether the segments divide customers by one number.
pub(super) fn is_division(rules: &Compiled) -> bool {
    division(rules).is_some()
}

/// The field by which two segments or more divide customers, and the range of each.
fn division(rules: &Compiled) -> Option<(&str, Vec<Range>)> {
    let ranges = rules.segments.iter().map(|segment| range_of(&segment.phrase));
    let (fields, ranges): (Vec<&str>, Vec<Range>) =
        ranges.collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let (first, others) = fields.split_first()?;
    let is_one = !others.is_empty() && others.iter().all(|field| field == first);
    is_one.then_some((*first, ranges))
}

/// The field and numbers that a segment asks for, if it asks for nothing else.
fn range_of(phrase: &Phrase) -> Option<(&str, Range)> {
    let bare = Phrase { filter: None, ..phrase.clone() };
    let [Base::All] = phrase.bases.as_slice() else { return None };
    if !is_plain(&bare) {
        return None;
    }
    let parts = match phrase.filter.as_ref()? {
        Condition::And(parts) => parts.iter().collect(),
        other => vec![other],
    };
    let mut field: Option<&str> = None;
    let mut range = Range::default();
    for part in parts {
        let Condition::Compare(comparison) = part else { return None };
        let name = narrow(&mut range, comparison)?;
        if field.is_some_and(|field| field != name) {
            return None;
        }
        field = Some(name);
    }
    Some((field?, range))
}

/// Takes a comparison with a number into account; none where that end is given already.
fn narrow<'a>(range: &mut Range, comparison: &'a Comparison) -> Option<&'a str> {
    let (Measure::Field(path), Window::Ever) = (&comparison.left, &comparison.window) else {
        return None;
    };
    let (low, high) = match &comparison.test {
        NumberTest::Is(cmp, at) => {
            let end = |included| Some(Some(End { at: number(at)?, included }));
            match cmp {
                Cmp::AtLeast => (end(true)?, None),
                Cmp::More => (end(false)?, None),
                Cmp::AtMost => (None, end(true)?),
                Cmp::Less => (None, end(false)?),
                Cmp::Equal | Cmp::Unequal => return None,
            }
        }
        NumberTest::Between(low, high) => {
            let end = |at| Some(Some(End { at: number(at)?, included: true }));
            (end(low)?, end(high)?)
        }
    };
    if (low.is_some() && range.low.is_some()) || (high.is_some() && range.high.is_some()) {
        return None;
    }
    *range = Range { low: low.or(range.low), high: high.or(range.high) };
    let is_empty = range.low.zip(range.high).is_some_and(|(low, high)| low.at > high.at);
    (!is_empty).then_some(&path.text)
}

/// What no range holds, in words. Numbers below zero are left aside: where nothing asks for them,
/// there are none.
fn gaps(mut ranges: Vec<Range>) -> Vec<String> {
    ranges.sort_by(|a, b| match (a.low, b.low) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(a), Some(b)) => a.at.cmp(&b.at).then(b.included.cmp(&a.included)),
    });
    let mut found = Vec::new();
    let mut ranges = ranges.into_iter();
    let Some(first) = ranges.next() else { return found };
    if let Some(low) = first.low.filter(|low| low.at > Decimal::ZERO) {
        found.push(format!("{} {}", if low.included { "below" } else { "at most" }, short(low.at)));
    }
    let mut reached = first.high;
    for range in ranges {
        let (Some(high), Some(low)) = (reached, range.low) else {
            reached = reached.and(range.high);
            continue;
        };
        if high.at < low.at || (high.at == low.at && !high.included && !low.included) {
            found.push(between(high, low));
        }
        reached = range.high.map(|other| {
            if (other.at, other.included) > (high.at, high.included) { other } else { high }
        });
    }
    if let Some(high) = reached {
        found.push(format!(
            "{} {}",
            if high.included { "above" } else { "at least" },
            short(high.at)
        ));
    }
    found
}

fn between(high: End, low: End) -> String {
    let (from, to) = (short(high.at), short(low.at));
    if high.at == low.at {
        return from;
    }
    let from = format!("{} {from}", if high.included { "above" } else { "at least" });
    let to = format!("{} {to}", if low.included { "below" } else { "at most" });
    format!("{from} and {to}")
}
