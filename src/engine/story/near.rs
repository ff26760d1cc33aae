//! What nearly counted: all but one thing is as it should be.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::super::deadline::Term;
use super::super::span::Span;
use super::super::view::View;
use crate::check::rules::Path;
use crate::model::Item;
use crate::model::calendar::Days;
use crate::verdict::{Lapse, NearMiss, Part, Reason};

/// How near something is: first by why it did not count, then by how far off it is, then the
/// latest.
type Rank = (u8, Lapse, Reverse<Option<NaiveDate>>, String);

/// How many are kept until the nearest are taken.
const KEPT: usize = 16 * Part::NEAR;

/// The nearest of many.
#[derive(Debug)]
pub(super) struct Nearest {
    /// Whether they are looked for at all.
    is_sought: bool,
    found: Vec<(Rank, NearMiss)>,
    count: u64,
}

impl Nearest {
    pub(super) fn new(is_sought: bool) -> Self {
        Nearest { is_sought, found: Vec::new(), count: 0 }
    }

    pub(super) fn is_sought(&self) -> bool {
        self.is_sought
    }

    pub(super) fn add(
        &mut self,
        view: &View<'_>,
        day: Option<NaiveDate>,
        item: Item,
        (reason, field): (Reason, Option<&Path>),
    ) {
        let entry = view.entry(day, item, field);
        let (rank, lapse) = rank(&reason);
        let rank = (rank, lapse, Reverse(entry.day), entry.id.clone());
        self.count += 1;
        self.found.push((rank, NearMiss { entry, reason }));
        if self.found.len() >= KEPT {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.found.sort_by(|a, b| a.0.cmp(&b.0));
        self.found.truncate(Part::NEAR);
    }

    /// The nearest, and how many there are besides.
    pub(super) fn into_parts(mut self) -> (Vec<NearMiss>, u64) {
        self.cut();
        let told = self.found.len() as u64;
        (self.found.into_iter().map(|(_, near)| near).collect(), self.count - told)
    }
}

/// What is soonest mended comes first, another kind last.
fn rank(reason: &Reason) -> (u8, Lapse) {
    let none = Lapse::Days(0);
    match reason {
        Reason::TooClose { .. } => (0, none),
        Reason::NotYetKnown { .. } => (1, none),
        Reason::BookedLate { .. } => (2, none),
        Reason::Unknown { .. } => (3, none),
        Reason::Status { .. } => (4, none),
        Reason::TooEarly { by } | Reason::TooLate { by } => (5, *by),
        Reason::Elsewhere { .. } => (6, none),
        Reason::Where { .. } | Reason::On { .. } | Reason::Fails { .. } => (7, none),
        Reason::Kind { .. } => (8, none),
    }
}

impl Span {
    /// Why something on that day and at that instant is not in the elapsed part of a window, if it
    /// is not; nothing of what lies ahead.
    pub(super) fn off(&self, view: &View<'_>, day: NaiveDate, at: DateTime<Utc>) -> Option<Reason> {
        if self.holds(view, day, || at) {
            return None;
        }
        Some(off(self.whole, self.clock, day, at))
    }
}

impl Term {
    /// The same of a deadline.
    pub(super) fn off(&self, day: NaiveDate, at: DateTime<Utc>) -> Option<Reason> {
        (!self.holds(day, || at)).then(|| off(self.days, self.clock, day, at))
    }
}

/// Rounded up; at least one, since what comes at the very end of a window is too late for it.
pub(super) fn minutes(by: TimeDelta) -> Lapse {
    Lapse::Minutes((by + TimeDelta::seconds(59)).num_minutes().max(1))
}

fn off(
    days: Days,
    clock: Option<(DateTime<Utc>, DateTime<Utc>)>,
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Reason {
    match clock {
        Some((from, _)) if at < from => Reason::TooEarly { by: minutes(from - at) },
        Some((_, to)) if at >= to => Reason::TooLate { by: minutes(at - to) },
        _ if day < days.first => {
            Reason::TooEarly { by: Lapse::Days((days.first - day).num_days()) }
        }
        _ => Reason::TooLate { by: Lapse::Days((day - days.last).num_days()) },
    }
}
