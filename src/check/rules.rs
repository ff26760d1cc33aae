//! Resolved, typed rules: what evaluation takes. Every name has been looked up, every type and
//! unit holds, prelude and defines are inlined, circles are excluded.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

pub use crate::syntax::tree::{Cmp, Function, Per};

use crate::diagnostic::{Sources, Span};
use crate::model::calendar::{Calendar, Duration, Unit};
use crate::model::{FieldRef, Noun, Number, Schema};
use crate::syntax::tree::Item;
use crate::verdict::{RuleInfo, Severity, Status};

/// Everything that a rule set says.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub sources: Sources,
    pub schema: Schema,
    pub calendar: Calendar,
    pub work: Work,
    /// In the order of writing; empty where the data's field `segment` decides.
    pub segments: Vec<Segment>,
    pub rules: Vec<Rule>,
    pub lists: Vec<List>,
    pub goals: Vec<Goal>,
    /// What the rule set defines itself, in the order of writing.
    pub(crate) defines: Vec<Define>,
    /// As written: what could be read of all files but the prelude, without `use`.
    pub(crate) items: Vec<Item>,
    /// The tests of the file that was compiled, not of those that it uses.
    pub(crate) tests: Vec<Test>,
}

/// How much time there is for activities, and how much they take, as far as the calendar says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    pub hours_per_workday: Option<Number>,
    /// By activity kind.
    pub minutes: BTreeMap<String, Number>,
}

/// A name that a `define` gives.
#[derive(Debug, Clone)]
pub(crate) struct Define {
    pub(crate) name: String,
    /// Of the name.
    pub(crate) span: Span,
    /// The things that it names; none for a measure.
    pub(crate) phrase: Option<Arc<Phrase>>,
    /// Whether a rule, list, goal or segment is built on it, by way of other defines or not.
    pub(crate) used: bool,
}

#[derive(Debug, Clone)]
pub struct Segment {
    pub name: String,
    /// Which customers; reads no segment.
    pub phrase: Arc<Phrase>,
}

#[derive(Debug, Clone)]
pub struct Rule {
    pub id: String,
    /// `SUBJECT: CONDITION` as written, white space folded.
    pub text: String,
    pub span: Span,
    pub subject: Arc<Phrase>,
    pub condition: Condition,
    pub because: Option<String>,
    pub supports: Option<String>,
    pub weight: Decimal,
    pub severity: Severity,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub unless: Option<Condition>,
    pub prorate: bool,
    pub grace: Option<Duration>,
    pub warn: Option<Duration>,
}

impl Rule {
    /// The rule as a report names it.
    pub fn info(&self, sources: &Sources) -> RuleInfo {
        let at = sources.position(self.span);
        RuleInfo {
            id: self.id.clone(),
            text: self.text.clone(),
            file: at.file.to_owned(),
            line: at.line,
            subject: self.subject.noun.singular().to_owned(),
            severity: self.severity,
            weight: Number::from(self.weight),
            because: self.because.clone(),
            supports: self.supports.clone(),
        }
    }
}

/// A condition on a subject of a known noun.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// At least two.
    And(Vec<Condition>),
    /// At least two.
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// `MEASURE CMP VALUE [WINDOW]` and `between`; number fields too.
    Compare(Comparison),
    /// Of activities. `within`: days, or hours and minutes from the as-of instant.
    Next {
        phrase: Arc<Phrase>,
        within: Option<Duration>,
    },
    /// The subject and the phrase are activities.
    Followed {
        phrase: Arc<Phrase>,
        booked: bool,
        within: Duration,
    },
    /// Of activities. `of` is a date or instant field of the subject.
    Within {
        phrase: Arc<Phrase>,
        within: Duration,
        before: bool,
        of: Path,
    },
    /// `FIELD is known within DURATION of FIELD`
    KnownWithin {
        field: Path,
        within: Duration,
        of: Path,
    },
    /// Of activities.
    Every {
        phrase: Arc<Phrase>,
        /// Of days or longer.
        every: Duration,
    },
    /// A test of one field that is no number comparison.
    Field {
        path: Path,
        test: FieldTest,
    },
    /// `is ADJECTIVE`: whether the subject is one of the phrase, which is of the same noun.
    /// A bare activity kind here says nothing of the status.
    Is(Arc<Phrase>),
    /// The rule, by its place in [`Compiled::rules`]; its subjects are of the same noun.
    Meets(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Comparison {
    pub left: Measure,
    pub test: NumberTest,
    pub window: Window,
    /// As written: `touchpoints >= 4 per year`.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NumberTest {
    Is(Cmp, Measure),
    /// Both ends included.
    Between(Measure, Measure),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Measure {
    /// A number; a percentage is that many percent (`60%` is 60), a duration its days.
    Number(Decimal),
    /// A number field of the subject.
    Field(Path),
    /// How many.
    Count(Arc<Phrase>),
    /// `field` starts at the phrase's noun: a number, but for `distinct` anything.
    Aggregate {
        function: Function,
        field: Path,
        of: Arc<Phrase>,
    },
    /// Of activities.
    LongestGap(Arc<Phrase>),
    /// Of activities.
    DaysSince(Arc<Phrase>),
    /// `that` is about things of the phrase's noun.
    Share {
        of: Arc<Phrase>,
        that: Box<Condition>,
    },
    /// Added or, where true, taken away.
    Sum(Vec<(bool, Measure)>),
    /// Multiplied or, where true, divided by.
    Product(Vec<(bool, Measure)>),
    Negative(Box<Measure>),
}

/// How a measure moves, which decides what pace means for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// How many, distinct, and sums of these with positive weights.
    Count,
    /// A sum of a field, and sums of these and of counts with positive weights.
    Sum,
    /// Everything that can fall again.
    Other,
}

impl Class {
    pub fn of(measure: &Measure) -> Class {
        match measure {
            Measure::Count(_) | Measure::Aggregate { function: Function::Distinct, .. } => {
                Class::Count
            }
            Measure::Aggregate { function: Function::Sum, .. } => Class::Sum,
            Measure::Sum(terms) => terms.iter().fold(Class::Count, |class, (minus, term)| {
                match (class, Class::of(term)) {
                    _ if *minus => Class::Other,
                    (Class::Other, _) | (_, Class::Other) => Class::Other,
                    (Class::Count, Class::Count) => Class::Count,
                    _ => Class::Sum,
                }
            }),
            Measure::Product(factors) => {
                let weighs = |(_, factor): &&(bool, Measure)| matches!(factor, Measure::Number(n) if n.is_sign_positive() && !n.is_zero());
                let mut others = factors.iter().filter(|factor| !weighs(factor));
                match (others.next(), others.next()) {
                    (Some((false, measure)), None) => Class::of(measure),
                    _ => Class::Other,
                }
            }
            _ => Class::Other,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Window {
    /// No window: everything up to the as-of day.
    Ever,
    Per(Unit),
    This(Unit),
    Previous(Unit),
    Last(Duration),
    Since(DateExpr),
    FromUntil(DateExpr, DateExpr),
}

impl Window {
    /// Whether its days are the same for every subject, and measured in whole days.
    pub(crate) fn is_same_for_all(&self) -> bool {
        let is_fixed = |date: &DateExpr| !matches!(date, DateExpr::Field(_));
        match self {
            Window::Last(duration) => !duration.is_clock(),
            Window::Since(date) => is_fixed(date),
            Window::FromUntil(from, until) => is_fixed(from) && is_fixed(until),
            Window::Ever | Window::Per(_) | Window::This(_) | Window::Previous(_) => true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DateExpr {
    Date(NaiveDate),
    Instant(DateTime<Utc>),
    /// The as-of day.
    Today,
    /// A date or instant field of the subject.
    Field(Path),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldTest {
    Known,
    Unknown,
    /// Text, enumerated value, id of a reference, yes or no.
    Equals(Literal),
    OneOf(Vec<Literal>),
    Contains(String),
    StartsWith(String),
    /// A date or instant held against another; `before` is `<`, `after` is `>`. Days are
    /// compared, save where an instant is held against [`DateExpr::Instant`].
    Date(Cmp, DateExpr),
    /// Never `Per` or `Ever`.
    In(Window),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Literal {
    Text(String),
    Number(Decimal),
    Date(NaiveDate),
    YesNo(bool),
}

/// A field reached over references: `owner.team.name` is three.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    /// Each but the last is a reference to the noun of the next. At least one.
    pub steps: Vec<FieldRef>,
    /// As written.
    pub text: String,
}

/// Things of one noun. A thing is one of the phrase if it is one of `bases` and everything else
/// holds too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    pub noun: Noun,
    /// At least one.
    pub bases: Vec<Base>,
    /// In the order of writing.
    pub adjectives: Vec<Adjective>,
    /// Refers to one of these.
    pub on: Option<Arc<Phrase>>,
    /// About a thing of the noun.
    pub filter: Option<Condition>,
    /// A date or instant field of the noun.
    pub dated: Option<Path>,
    /// Measured in days.
    pub spaced: Option<Duration>,
    /// As written, white space folded: `touchpoints`, `meetings on lead`.
    pub text: String,
}

impl Phrase {
    /// Whether it is the same phrase, however its words are written.
    pub(crate) fn means_as_much_as(&self, other: &Phrase) -> bool {
        let on = match (&self.on, &other.on) {
            (Some(on), Some(other)) => on.means_as_much_as(other),
            (on, other) => on.is_none() && other.is_none(),
        };
        on && Phrase { on: None, text: String::new(), ..self.clone() }
            == Phrase { on: None, text: String::new(), ..other.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base {
    /// All of the noun.
    All,
    /// Activities of a kind, by its name in the data.
    Kind(String),
    /// Customers of a segment: of [`Compiled::segments`] if there are any, else by the data's field.
    Segment(String),
    /// What a define says.
    Phrase(Arc<Phrase>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Adjective {
    /// `completed`, `planned`, `cancelled`: of activities.
    Status(ActivityStatus),
    /// `any`: all activities but cancelled.
    Any,
    /// Of an activity: planned, and its day is over. Of an opportunity: open, and
    /// `expected_close` is over, or with an overdue activity.
    Overdue,
    /// Of campaigns: the one with the greatest `end` not after the as-of day, of those that the
    /// words after it name.
    Latest,
    /// What a define of the form `ADJECTIVE NOUN` says, as `hot lead` in the prelude.
    Is(Arc<Phrase>),
}

/// An activity's state as of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityStatus {
    Planned,
    Completed,
    Cancelled,
}

#[derive(Debug, Clone)]
pub struct List {
    pub name: String,
    pub phrase: Arc<Phrase>,
    /// The field, and whether descending.
    pub sort: Option<(Path, bool)>,
    pub limit: Option<(u32, Option<Per>)>,
}

#[derive(Debug, Clone)]
pub struct Goal {
    pub name: String,
    /// As written, without `through`.
    pub text: String,
    /// About the company.
    pub target: Comparison,
    pub through: Vec<Arc<Phrase>>,
    pub assumed: Vec<Assumption>,
}

/// Between two steps of a goal that follow each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// The place of the first of the two in [`Goal::through`].
    pub step: usize,
    /// How many of a hundred go on, from 0 to 100.
    pub percent: Decimal,
    /// Those that go on do so in that time.
    pub within: Option<Duration>,
}

/// A test, its data still as rows: it is built against the rule set's schema when it is run.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) rows: Vec<GivenRow>,
    pub(crate) expectations: Vec<Expectation>,
}

/// A row that a `given` makes. Sellers that are only mentioned have one too.
#[derive(Debug, Clone)]
pub(crate) struct GivenRow {
    pub(crate) noun: Noun,
    /// Empty for members and absences.
    pub(crate) id: String,
    /// Field and text, as a CSV file would hold them.
    pub(crate) cells: Vec<(String, String)>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) kind: ExpectationKind,
    /// The as-of instant; for a date the start of the next day.
    pub(crate) at: DateTime<Utc>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum ExpectationKind {
    /// `rule` is a place in [`Compiled::rules`].
    Verdict {
        rule: usize,
        subject: String,
        status: Status,
        details: Vec<(crate::syntax::tree::Detail, Span)>,
    },
    Silent {
        rule: usize,
        subject: String,
    },
    /// `list` is a place in [`Compiled::lists`].
    Lists {
        list: usize,
        ids: Vec<String>,
    },
    /// A seller's or team's score, or the company's.
    Score {
        noun: Noun,
        subject: String,
        percent: Decimal,
    },
}
