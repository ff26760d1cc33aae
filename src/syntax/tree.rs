//! The tree: a rule file as it is written, with the place of everything.

use chrono::{NaiveDate, Weekday};
use rust_decimal::Decimal;

use crate::diagnostic::{FileId, Span};
use crate::model::Moment;
use crate::model::calendar::{Duration, Unit};

/// Something with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// One or more words, joined by single spaces.
pub(crate) type Words = Spanned<String>;

/// A file: its items that could be read, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct File {
    pub(crate) file: FileId,
    pub(crate) items: Vec<Item>,
    /// The places of the items that could not be read: a name that only these give is not unknown.
    pub(crate) broken: Vec<Span>,
}

/// From column one to the end of its last continuation line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) kind: ItemKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ItemKind {
    Calendar(Vec<Spanned<Setting>>),
    /// `use "segments.kpi"`
    Use(Spanned<String>),
    /// `activity webinar`, `activity "site visit"`
    Activity(Words),
    /// `field customer.region : text`
    Field {
        noun: Words,
        name: Words,
        kind: Spanned<String>,
    },
    /// `define NAME, … = PHRASE or MEASURE`
    Define {
        names: Vec<Words>,
        body: Expr,
    },
    /// `segment A = customer where …`
    Segment {
        name: Words,
        body: Phrase,
    },
    Rule(Box<Rule>),
    List(List),
    Goal(Goal),
    Test(Test),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Setting {
    /// `timezone Europe/Copenhagen`, not yet looked up.
    Timezone(String),
    /// `year starts 1 July`: the month from 1, the day.
    YearStarts {
        month: u32,
        day: u32,
    },
    WeekStarts(Weekday),
    /// `Monday to Friday`, or a list; as many as were written, in that order.
    Workdays(Vec<Weekday>),
    Holidays(Vec<NaiveDate>),
    /// `holidays from "dk.ics"`
    HolidaysFrom(String),
    /// `hours 37 per week`
    Hours {
        hours: Spanned<Decimal>,
        per: HoursPer,
    },
    /// `minutes meeting 60, "site visit" 180`: kinds, not yet looked up.
    Minutes(Vec<(Words, Spanned<Decimal>)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoursPer {
    Workday,
    Week,
}

impl HoursPer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            HoursPer::Workday => "workday",
            HoursPer::Week => "week",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) subject: Phrase,
    pub(crate) condition: Expr,
    pub(crate) modifiers: Modifiers,
    /// `SUBJECT : CONDITION`, without the modifiers.
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Modifiers {
    pub(crate) id: Option<Words>,
    pub(crate) because: Option<Spanned<String>>,
    pub(crate) supports: Option<Words>,
    pub(crate) weight: Option<Spanned<Decimal>>,
    /// `info`, `warning`, `critical`: not yet looked up.
    pub(crate) severity: Option<Spanned<String>>,
    pub(crate) since: Option<Spanned<NaiveDate>>,
    pub(crate) until: Option<Spanned<NaiveDate>>,
    pub(crate) unless: Option<Expr>,
    /// The place of the word `prorate`.
    pub(crate) prorate: Option<Span>,
    pub(crate) grace: Option<Spanned<Duration>>,
    pub(crate) warn: Option<Spanned<Duration>>,
}

/// A condition or a measure: which of them is right where is for the check to say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    // Conditions. `and` and `or` have two parts or more; a chain is flat.
    Or(Vec<Expr>),
    And(Vec<Expr>),
    /// `not not C` is read as `C`.
    Not(Box<Expr>),
    /// `LEFT >= RIGHT [WINDOW]`
    Compare {
        left: Box<Expr>,
        op: Spanned<Cmp>,
        right: Box<Expr>,
        window: Option<Spanned<Window>>,
    },
    /// `LEFT between LOW and HIGH [WINDOW]`
    Between {
        left: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        window: Option<Spanned<Window>>,
    },
    /// `LEFT is [not] VALUE`: a single word is a [`ExprKind::Words`].
    Is {
        left: Box<Expr>,
        not: bool,
        value: Box<Expr>,
    },
    /// `is [not] ADJECTIVES`, `are [not] ADJECTIVES`, of the subject itself.
    IsA {
        not: bool,
        words: Words,
    },
    /// `LEFT is known`, `LEFT is unknown`
    Known {
        left: Box<Expr>,
        known: bool,
    },
    /// `LEFT is known within DURATION of FIELD`
    KnownWithin {
        left: Box<Expr>,
        within: Spanned<Duration>,
        of: Path,
    },
    /// `LEFT [not] in (a, b)`
    OneOf {
        left: Box<Expr>,
        not: bool,
        values: Vec<Expr>,
    },
    /// `LEFT contains "…"`
    Contains {
        left: Box<Expr>,
        text: Spanned<String>,
    },
    /// `LEFT starts with "…"`
    StartsWith {
        left: Box<Expr>,
        text: Spanned<String>,
    },
    /// `LEFT in WINDOW`: `created in last 90 days`
    InWindow {
        left: Box<Expr>,
        window: Spanned<Window>,
    },
    /// `LEFT before DATE`
    Before {
        left: Box<Expr>,
        date: Spanned<DateExpr>,
    },
    /// `LEFT after DATE`
    After {
        left: Box<Expr>,
        date: Spanned<DateExpr>,
    },
    /// `next PHRASE [within DURATION]`
    Next {
        phrase: Phrase,
        within: Option<Spanned<Duration>>,
    },
    /// `followed by PHRASE [booked] within DURATION`
    Followed {
        phrase: Phrase,
        booked: bool,
        within: Spanned<Duration>,
    },
    /// `PHRASE within DURATION of FIELD`, or `before FIELD`
    Within {
        phrase: Phrase,
        within: Spanned<Duration>,
        before: bool,
        of: Path,
    },
    /// `PHRASE every DURATION`
    Every {
        phrase: Phrase,
        every: Spanned<Duration>,
    },
    /// `meets RULE`
    Meets(Words),

    // Measures.
    /// Terms that are added or, where `minus`, taken away. At least two.
    Sum(Vec<Term>),
    /// Factors that multiply or, where `minus`, divide. At least two.
    Product(Vec<Term>),
    Negative(Box<Expr>),
    /// `sum F of P` and its kin, `distinct F of P`.
    Aggregate {
        function: Function,
        field: Path,
        of: Phrase,
    },
    /// `longest gap of P`
    LongestGap(Phrase),
    /// `days since P`
    DaysSince(Phrase),
    /// `share of P that CONDITION`
    Share {
        of: Phrase,
        that: Box<Expr>,
    },
    /// A bare phrase of more than words (alternatives, `on`, `where`, `dated` or `spaced`).
    Phrase(Phrase),
    /// Words that may be a phrase, a field, a defined measure or a text.
    Words(String),
    /// A path with a dot, `campaign.start`.
    Path(Path),
    /// What stood in brackets.
    Paren(Box<Expr>),

    // Values.
    Number {
        value: Decimal,
        percent: bool,
    },
    Text(String),
    Duration(Duration),
    Date(NaiveDate),
    Instant(Moment),
    /// `today`: the as-of day.
    Today,
}

/// A term of a sum or a factor of a product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub(crate) minus: bool,
    pub(crate) expr: Expr,
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cmp {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

impl Cmp {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Cmp::Less => "<",
            Cmp::AtMost => "<=",
            Cmp::Equal => "=",
            Cmp::Unequal => "!=",
            Cmp::AtLeast => ">=",
            Cmp::More => ">",
        }
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    Sum,
    Average,
    Median,
    Min,
    Max,
    Distinct,
}

impl Function {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Function::Sum => "sum",
            Function::Average => "average",
            Function::Median => "median",
            Function::Min => "min",
            Function::Max => "max",
            Function::Distinct => "distinct",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Window {
    Per(Unit),
    This(Unit),
    Previous(Unit),
    Last(Duration),
    Since(DateExpr),
    FromUntil(DateExpr, DateExpr),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DateExpr {
    Date(NaiveDate),
    Instant(Moment),
    Today,
    /// A date field, perhaps of one word.
    Field(Path),
}

/// A field, or fields joined by dots; at least one step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Words>,
    pub(crate) span: Span,
}

/// `[adjective …] noun [| noun …] [on PHRASE] [where CONDITION] [dated FIELD] [spaced DURATION]`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phrase {
    /// The words of the first alternative are adjectives and noun; of the others, a noun each.
    pub(crate) alternatives: Vec<Words>,
    /// `X on Y on Z`: the phrase `Y on Z`.
    pub(crate) on: Option<Box<Phrase>>,
    pub(crate) filter: Option<Box<Expr>>,
    pub(crate) dated: Option<Path>,
    pub(crate) spaced: Option<Spanned<Duration>>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List {
    pub(crate) name: Spanned<String>,
    pub(crate) phrase: Phrase,
    pub(crate) sort: Option<Sort>,
    pub(crate) limit: Option<Limit>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sort {
    pub(crate) field: Path,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    pub(crate) count: u32,
    pub(crate) per: Option<Per>,
}

/// What a list's limit holds for each of.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    Seller,
    Team,
}

/// `goal NAME = MEASURE CMP VALUE WINDOW [through STEP > …] [assume STEP > STEP RATE% …]`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Goal {
    pub(crate) name: Words,
    /// A comparison.
    pub(crate) target: Expr,
    pub(crate) through: Vec<Phrase>,
    pub(crate) assumed: Vec<Assumption>,
}

/// `assume STEP > STEP RATE% [within DURATION]`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assumption {
    pub(crate) from: Phrase,
    pub(crate) to: Phrase,
    /// A number or, where true, a percentage.
    pub(crate) rate: Spanned<(Decimal, bool)>,
    pub(crate) within: Option<Spanned<Duration>>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    pub(crate) name: Spanned<String>,
    pub(crate) givens: Vec<Spanned<Given>>,
    pub(crate) expectations: Vec<Spanned<Expectation>>,
}

/// A value of a `given`, as it is written: `5m`, `A`, `"site visit"`, `2026-01-05`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum GivenValue {
    Number(Decimal),
    Text(String),
    Date(NaiveDate),
    Instant(Moment),
}

/// `FIELD VALUE`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GivenField {
    pub(crate) name: Words,
    pub(crate) value: Spanned<GivenValue>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    /// `given NOUN [ID] [: FIELD VALUE, …]`: the words of noun and id are told apart by the check
    /// (an id that is a string or number comes in `id`, a word is the last of `words`).
    Thing { words: Words, id: Option<Spanned<String>>, fields: Vec<GivenField> },
    /// `given [STATUS] KIND [on ID] at WHEN, … [by SELLER] [as ID] [: FIELD VALUE, …]`
    Activity {
        words: Words,
        on: Option<Spanned<String>>,
        at: Vec<Spanned<When>>,
        by: Option<Spanned<String>>,
        id: Option<Spanned<String>>,
        fields: Vec<GivenField>,
    },
}

/// A date, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Date(NaiveDate),
    Instant(Moment),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expectation {
    /// `expect RULE for ID is STATUS at WHEN [measured N] …`
    Verdict {
        rule: Words,
        subject: Spanned<String>,
        /// `met`, `on track`, …: not yet looked up.
        status: Spanned<String>,
        at: When,
        details: Vec<Spanned<Detail>>,
    },
    /// `expect RULE is silent for ID at WHEN`
    Silent { rule: Words, subject: Spanned<String>, at: When },
    /// `expect "LIST" lists ID, … at WHEN`; no ids: `lists nothing`
    Lists { list: Spanned<String>, ids: Vec<Spanned<String>>, at: When },
    /// `expect score of ID is 75% at WHEN`
    Score { subject: Spanned<String>, percent: Spanned<Decimal>, at: When },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Detail {
    Measured(Decimal),
    Target(Decimal),
    Planned(Decimal),
    Missing(Decimal),
    Due(NaiveDate),
    Changes(NaiveDate),
}
