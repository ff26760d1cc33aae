//! The story behind a verdict: what counted, what nearly did, what would be enough, and when.

mod words;

pub(crate) use words::either;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Period, RuleInfo, Status, Verdict};
use crate::model::Number;

/// A verdict with everything that it rests on.
///
/// [`Decision::story`](crate::Decision::story) and
/// [`Evaluation::explain`](crate::Evaluation::explain) tell one. What it claims is true by the
/// functions that judge: what [counted](Part::counted) is the verdict's evidence; what
/// [nearly](Part::near) counted does count where the one reason that is given is removed; and what
/// is said to be [enough](Enough) is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// The rule.
    pub rule: RuleInfo,
    /// What it comes to.
    pub verdict: Verdict,
    /// The as-of day.
    pub day: NaiveDate,
    /// The condition, part by part.
    pub condition: Part,
    /// The modifiers of the rule that made a difference.
    pub modifiers: Vec<Modifier>,
    /// What would be enough.
    pub enough: Enough,
    /// What the verdict becomes if nothing happens but what is planned.
    pub change: Option<Change>,
}

impl Story {
    /// The parts on which the verdict rests: the whole condition, the part of it that decides, and
    /// so on. The last one's [`Part::counted`] is the verdict's evidence.
    pub fn deciding(&self) -> Vec<&Part> {
        let mut parts = vec![&self.condition];
        let mut part = &self.condition;
        while let Some(inner) = part.parts.iter().find(|inner| inner.decides) {
            parts.push(inner);
            part = inner;
        }
        parts
    }
}

/// What stands on the time line of a verdict: much less than a [`Story`], for all verdicts at once.
///
/// [`Evaluation::outlines`](crate::Evaluation::outlines) makes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// What the part of the condition is that decides. The other fields are of that part.
    pub form: Form,
    /// The days that it is about: a window, or a deadline. No first day where it has none.
    pub days: Option<Stretch>,
    /// How much is due by when, while a period runs towards a number.
    pub pace: Option<Pace>,
    /// What counted, in the order of days, then ids: the verdict's evidence.
    pub counted: Vec<Entry>,
    /// What is planned and would count, in the same order.
    pub planned: Vec<Entry>,
    /// What the verdict becomes if nothing happens but what is planned.
    pub change: Option<Change>,
}

/// A day on which, when it is over, the status is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The day.
    pub day: NaiveDate,
    /// The status from then on.
    pub status: Status,
}

/// What a part of a condition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// All of its parts.
    And,
    /// Any of its parts.
    Or,
    /// The opposite of its part.
    Not,
    /// `touchpoints >= 4 per year`
    Comparison,
    /// `next call`
    Next,
    /// `followed by activity within 7 days`
    FollowedBy,
    /// `touchpoint within 2 workdays of created`
    Within,
    /// `learning is known within 14 days of end`
    KnownWithin,
    /// `visit every 90 days`
    Every,
    /// `temperature is hot`
    Field,
    /// `is overdue`
    Is,
    /// `meets a-contact`: its part is that rule's condition.
    Meets,
}

/// A condition, or a part of one, as it stands for the subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub form: Form,
    /// What it asks, near to how it is written.
    pub asks: String,
    /// How it stands.
    pub status: Status,
    /// Whether the whole that it is part of rests on it.
    pub decides: bool,
    /// Why it is not applicable or unknown.
    pub reason: Option<String>,
    /// How it stands, in one sentence.
    pub sentence: String,
    /// What was measured.
    pub measured: Option<Number>,
    /// What was asked for.
    pub target: Option<Number>,
    /// What is missing of the target.
    pub missing: Option<Number>,
    /// How the target came about, where it was prorated.
    pub prorated: Option<Prorated>,
    /// The days that it is about: a window, or a deadline. No first day where it has none.
    pub days: Option<Stretch>,
    /// How much is due by when, while a period runs towards a number.
    pub pace: Option<Pace>,
    /// Days that it is about and of which not all activities are known.
    pub not_known: Vec<Period>,
    /// What counted, in the order of days, then ids.
    pub counted: Vec<Entry>,
    /// What is planned and would count, in the same order.
    pub planned: Vec<Entry>,
    /// What nearly counted, the nearest first; at most [`Part::NEAR`].
    pub near: Vec<NearMiss>,
    /// How many more nearly counted.
    pub more_near: u64,
    /// What would be enough for it.
    pub enough: Enough,
    /// The parts of an `and`, `or`, `not` or `meets`.
    pub parts: Vec<Part>,
}

impl Part {
    /// How many are told of what nearly counted.
    pub const NEAR: usize = 8;
}

/// Whole local days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The first day; none where everything before counts too.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
}

/// `prorate`: a part of the target for a part of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prorated {
    /// The target of a whole period.
    pub whole: Number,
    /// How many days count for the subject; of a seller, workdays.
    pub eligible: i64,
    /// How many days the period has.
    pub of: i64,
}

/// How much of a target is due as days pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// What is due by now.
    pub due: Number,
    /// What there is: done, and planned for the rest of the period.
    pub have: Number,
    /// The days on which, when they are over, a count has one more due; where there are few enough.
    pub steps: Vec<NaiveDate>,
}

/// A thing on the time line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its day; none where that is unknown.
    pub day: Option<NaiveDate>,
    /// An activity's kind; of anything else the noun.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The id of the seller whose it is.
    pub seller: Option<String>,
    /// The id of what an activity is about.
    pub about: Option<String>,
    /// What it adds to a sum, an average and so on.
    pub value: Option<Number>,
}

/// Something that nearly counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// What it is.
    #[serde(flatten)]
    pub entry: Entry,
    /// The one reason why it did not count.
    pub reason: Reason,
}

/// By how much something is outside of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// Whole days, where days count.
    Days(i64),
    /// Minutes, rounded up, where hours and minutes do.
    Minutes(i64),
}

/// What an activity is as of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It took place.
    Completed,
    /// It is planned, and its day is not over.
    Planned,
    /// It is planned, and its day is over.
    Overdue,
    /// It was called off.
    Cancelled,
}

/// The one thing for which something did not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Reason {
    /// It is planned, cancelled, or whatever else was not asked for.
    Status {
        /// What it is.
        found: State,
        /// What would count.
        asked: Vec<State>,
    },
    /// It was entered, or came into being, after the as-of moment.
    NotYetKnown {
        /// When.
        since: NaiveDate,
    },
    /// It lies too close to one that counted.
    TooClose {
        /// The id of that one.
        to: String,
        /// Its day.
        day: NaiveDate,
        /// The first day on which it would have counted, where there is one.
        from: Option<NaiveDate>,
    },
    /// It was booked too late.
    BookedLate {
        /// When.
        booked: NaiveDate,
        /// The last day on which it could have been.
        last: NaiveDate,
    },
    /// It lies before the window or deadline.
    TooEarly {
        /// By how much.
        by: Lapse,
    },
    /// It lies after the window or deadline.
    TooLate {
        /// By how much.
        by: Lapse,
    },
    /// A field that is summed, or by which it would be dated, is unknown.
    Unknown {
        /// The field.
        field: String,
    },
    /// It fails a part of a `where`, or is not what an adjective says.
    Where {
        /// The part, near to how it is written.
        asked: String,
        /// What was found instead.
        found: String,
    },
    /// It is on something that is not what was asked for, or on nothing of that noun.
    On {
        /// The noun.
        noun: String,
        /// The id of what it is on.
        found: Option<String>,
        /// Why that does not do.
        because: Option<String>,
    },
    /// It is another one's: of the same customer, but not of this opportunity.
    Elsewhere {
        /// The noun of the subject.
        noun: String,
        /// The id of the one whose it is; none if it names none.
        found: Option<String>,
    },
    /// Of a share: it does not do what the share asks.
    Fails {
        /// What was found.
        found: String,
    },
    /// It is of another kind.
    Kind {
        /// Its kind.
        found: String,
        /// Those that would count.
        asked: Vec<String>,
    },
}

/// A modifier that made a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "modifier", rename_all = "snake_case")]
pub enum Modifier {
    /// `unless`: the subject is exempt.
    Exempt {
        /// The condition, near to how it is written.
        unless: String,
        /// How it stands.
        found: String,
    },
    /// `grace`: what would be missed is at risk.
    Grace {
        /// The last day on which it is.
        last: NaiveDate,
    },
    /// `warn`: what holds now would be missed soon.
    Warned {
        /// The day on which, when it is over, it would be missed.
        missed: NaiveDate,
    },
    /// `warn`: whether what holds now would be missed soon is not known.
    NotForeseen {
        /// Why not.
        reason: String,
    },
    /// `since`, `until`: only these days count.
    InForce {
        /// The first day.
        from: Option<NaiveDate>,
        /// The last day.
        to: Option<NaiveDate>,
    },
}

/// What would be enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "enough", rename_all = "snake_case")]
pub enum Enough {
    /// There is enough.
    Already,
    /// This has to be done.
    Need(Need),
    /// There is enough now; to keep it so, this has to be done.
    Keep(Need),
    /// All of these.
    All {
        /// At least two.
        of: Vec<Enough>,
    },
    /// Any of these.
    Any {
        /// At least two.
        of: Vec<Enough>,
    },
    /// The time for it is over.
    TooLate,
    /// Nothing that is done now mends it, or nothing simple can be said.
    NotByDoing,
    /// Nothing is asked, or it is not known what would have to be done.
    Open,
}

/// What has to be done, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// The first day on which it helps, where that is not today.
    pub from: Option<NaiveDate>,
    /// The last day on which it helps.
    pub by: Option<NaiveDate>,
    /// How much of it is planned already.
    pub planned: Option<Number>,
    /// How much, done or planned, is enough to be on track now.
    pub on_track: Option<Number>,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum What {
    /// So many more.
    More {
        /// How many.
        amount: Number,
        /// Of what.
        of: String,
    },
    /// So many more values of a field that are not there yet.
    Different {
        /// How many.
        amount: Number,
        /// The field.
        field: String,
        /// Of what.
        of: String,
    },
    /// So much more in sum.
    Sum {
        /// How much.
        amount: Number,
        /// Whether that itself is too little.
        above: bool,
        /// The field.
        field: String,
        /// Of what.
        of: String,
    },
    /// So many more with a field that is large enough.
    Large {
        /// How many.
        amount: Number,
        /// The field.
        field: String,
        /// Of what.
        of: String,
        /// How large it has to be at least.
        least: Number,
        /// Whether that itself is too little.
        above: bool,
    },
    /// So many more of those that a share is of have to do what it asks.
    Pass {
        /// How many.
        amount: Number,
        /// Of what.
        of: String,
        /// What it asks.
        that: String,
    },
    /// A measure made of several has to grow.
    Grow {
        /// By how much.
        amount: Number,
        /// Whether that itself is too little.
        above: bool,
        /// The measure.
        measure: String,
    },
    /// Not more than so many more.
    AtMost {
        /// How many.
        amount: Number,
        /// Of what.
        of: String,
    },
    /// So many fewer.
    Fewer {
        /// How many.
        amount: Number,
        /// Of what.
        of: String,
    },
    /// One has to be planned.
    Plan {
        /// Of what.
        of: String,
    },
    /// One has to follow, or be booked.
    Follow {
        /// Of what.
        of: String,
        /// Whether it is enough to book it.
        booked: bool,
    },
    /// A field has to be filled in.
    Fill {
        /// The field.
        field: String,
    },
    /// A field has to say something else.
    Change {
        /// What is asked, near to how it is written.
        asked: String,
        /// What was found.
        found: String,
    },
}

/// Why a rule does not judge something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "silent", rename_all = "snake_case")]
pub enum Silence {
    /// The rule is not in force on the as-of day.
    NotInForce {
        /// The first day on which it is.
        from: Option<NaiveDate>,
        /// The last day.
        to: Option<NaiveDate>,
    },
    /// It does not exist yet.
    NotYet {
        /// Since when it does.
        since: NaiveDate,
    },
    /// It is over.
    Ended {
        /// Its last day.
        last: NaiveDate,
    },
    /// The day from which a deadline runs, or the activity's own, is outside of the range.
    OutOfRange {
        /// That day.
        day: NaiveDate,
        /// The first day of the range.
        from: NaiveDate,
        /// The last one.
        to: NaiveDate,
    },
    /// It is none of those that the rule is about.
    Other {
        /// Those, as written.
        population: String,
        /// What it is not, or what speaks against it.
        reasons: Vec<Reason>,
    },
}
