//! What every engine runs: rules lowered to things, measures, windows and comparisons.
//!
//! The rules as written are short because the language fills in what is meant: a bare `call` is a
//! completed one, but a planned one after `next`. A plan has that said: each phrase has become a
//! [`Test`] that no longer depends on where it stands, each comparison knows how its measure moves,
//! and what occurs twice is there once. It knows nothing of any engine.

mod arena;
mod classes;
mod first_day;
mod lasting;
mod lower;
mod nesting;
mod passes;
mod print;
mod reach;
mod reads;
mod rewrite;

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(crate) use arena::{Arena, Id};
pub(crate) use classes::{ClassSet, State};
pub(crate) use first_day::Occasion;
pub(crate) use lasting::phrase as lasts;
pub use print::PlanText;
pub(crate) use print::field_test;
pub(crate) use reach::Sees;
pub(crate) use reads::Reads;
pub use rewrite::Rewrite;

use crate::check::rules::{self, FieldTest, Function, Path, Per, Phrase, Window};
use crate::model::calendar::{Calendar, Days, Duration, Unit};
use crate::model::{Noun, Schema};

pub(crate) use crate::check::rules::{Class, Cmp, DateExpr};

pub(crate) type TestId = Id<Test>;
pub(crate) type SetId = Id<Set>;
pub(crate) type ConditionId = Id<Condition>;

/// A rule set, ready to be run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) schema: Schema,
    pub(crate) calendar: Calendar,
    pub(crate) tests: Arena<Test>,
    pub(crate) sets: Arena<Set>,
    pub(crate) conditions: Arena<Condition>,
    /// In the order of writing; empty where the data's field `segment` decides.
    pub(crate) segments: Vec<(String, TestId)>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) lists: Vec<List>,
    pub(crate) goals: Vec<ConditionId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: Arc<str>,
    pub(crate) noun: Noun,
    pub(crate) population: TestId,
    pub(crate) condition: ConditionId,
    pub(crate) unless: Option<ConditionId>,
    /// Whether what is exempt stays so.
    pub(crate) unless_lasts: bool,
    /// The days in which the rule is in force.
    pub(crate) in_force: Days,
    pub(crate) prorate: bool,
    pub(crate) grace: Option<Duration>,
    pub(crate) warn: Option<Duration>,
    pub(crate) weight: Decimal,
    /// The shortest unit of the periods that the rule speaks of, if it does.
    pub(crate) unit: Option<Unit>,
    /// The field from or to which the rule's deadline runs, if it has one, and what lies before
    /// it where it runs towards the field.
    pub(crate) anchor: Option<(Path, Option<Duration>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) noun: Noun,
    pub(crate) population: TestId,
    /// The field, and whether descending.
    pub(crate) sort: Option<(Path, bool)>,
    pub(crate) limit: Option<(u32, Option<Per>)>,
}

/// Whether a thing that is present is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    Always,
    Never,
    /// Of activities: by kind and state. One that does not exist has no state.
    Class(ClassSet),
    /// Of customers: of that segment.
    Segment(String),
    /// Of opportunities: open, and `expected_close` is over or an activity is overdue.
    OverdueOpportunity,
    /// Of campaigns: the one with the greatest `end` not after the as-of day, of those that pass.
    Latest(Box<Test>),
    /// Belongs to one that is present and passes.
    On(Noun, TestId),
    Where(ConditionId),
    And(Vec<Test>),
    Or(Vec<Test>),
}

/// Things that are counted: which, on which day, and how far apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Set {
    pub(crate) noun: Noun,
    pub(crate) test: TestId,
    /// The same where planned activities that can still take place count as completed.
    pub(crate) kept: TestId,
    pub(crate) dating: Dating,
    pub(crate) spacing: Option<Spacing>,
    /// Whether things that are of it stay so and others do not become so, whatever happens later.
    pub(crate) lasts: bool,
    pub(crate) written: Arc<Phrase>,
}

/// On which day a thing counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Dating {
    /// On the day of the thing.
    Own,
    /// On that of a field.
    By(Path),
    /// As the first of these says that the thing passes.
    Parts(Vec<(TestId, Dating)>),
}

/// What is too close to the last one that counts is left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Spacing {
    /// Of those that pass, first.
    pub(crate) parts: Vec<SpacedPart>,
    /// Then of all.
    pub(crate) apart: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SpacedPart {
    pub(crate) test: TestId,
    pub(crate) kept: TestId,
    pub(crate) spacing: Spacing,
}

/// A condition on a subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Condition {
    And(Vec<ConditionId>),
    Or(Vec<ConditionId>),
    Not(ConditionId),
    Compare(Comparison),
    /// There is one ahead, at the latest `within` from now.
    Next {
        set: SetId,
        within: Option<Duration>,
    },
    Followed {
        set: SetId,
        booked: bool,
        within: Duration,
    },
    Within {
        set: SetId,
        within: Duration,
        before: bool,
        of: Path,
    },
    KnownWithin {
        field: Path,
        within: Duration,
        of: Path,
    },
    Every {
        set: SetId,
        every: Duration,
    },
    Field {
        path: Path,
        test: FieldTest,
    },
    /// The subject passes.
    Is {
        test: TestId,
        written: Arc<Phrase>,
    },
    /// The rule, by its place in [`Plan::rules`].
    Meets(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Comparison {
    pub(crate) left: Measure,
    pub(crate) test: NumberTest,
    pub(crate) window: Window,
    pub(crate) class: Class,
    /// Whether a count can only be a whole number.
    pub(crate) is_whole: bool,
    /// How the left and the right side move while nothing happens.
    pub(crate) drift: (Drift, Drift),
    /// Whether the left side stays once what it counts has happened.
    pub(crate) left_lasts: bool,
    /// Whether the right side does.
    pub(crate) target_lasts: bool,
    /// Whether the right side is made of numbers and fields alone.
    pub(crate) target_is_fixed: bool,
    pub(crate) written: Arc<rules::Comparison>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum NumberTest {
    Is(Cmp, Measure),
    /// Both ends included.
    Between(Measure, Measure),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Measure {
    Number(Decimal),
    Field(Path),
    Count(SetId),
    Aggregate {
        function: Function,
        field: Path,
        of: SetId,
    },
    LongestGap(SetId),
    DaysSince(SetId),
    Share {
        of: SetId,
        that: ConditionId,
    },
    /// Added or, where true, taken away.
    Sum(Vec<(bool, Measure)>),
    /// Multiplied or, where true, divided by.
    Product(Vec<(bool, Measure)>),
    Negative(Box<Measure>),
}

/// How a measure moves when nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Drift {
    Not,
    /// By at most one from a day to the next.
    ByOneADay,
    Somehow,
}

/// All days.
pub(crate) const ALWAYS: Days = Days { first: NaiveDate::MIN, last: NaiveDate::MAX };

impl Plan {
    pub(crate) fn test(&self, id: TestId) -> &Test {
        self.tests.get(id)
    }

    pub(crate) fn set(&self, id: SetId) -> &Set {
        self.sets.get(id)
    }

    pub(crate) fn condition(&self, id: ConditionId) -> &Condition {
        self.conditions.get(id)
    }

    /// Whether an answer is dearer than looking it up: it takes a walk over a subject's activities.
    pub(crate) fn is_worth_remembering(&self, id: ConditionId) -> bool {
        match self.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().any(|part| self.is_worth_remembering(*part))
            }
            Condition::Not(part) => self.is_worth_remembering(*part),
            Condition::Compare(comparison) => {
                !comparison.target_is_fixed || !matches!(comparison.left, Measure::Field(_))
            }
            Condition::Next { .. }
            | Condition::Within { .. }
            | Condition::Every { .. }
            | Condition::Is { .. }
            | Condition::Meets(_) => true,
            Condition::Followed { .. }
            | Condition::KnownWithin { .. }
            | Condition::Field { .. } => false,
        }
    }
}
