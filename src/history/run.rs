//! What a run is.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::rules::{KeptRules, fingerprint};
use crate::model::Moment;
use crate::ruleset::{Options, RuleSet};
use crate::sentence::Language;
use crate::verdict::{Report, Tally};

/// The number of a run in its history, from one, in the order in which they were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One evaluation that was kept, without its verdicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// When it was taken: the data is what was known at that moment.
    pub taken: DateTime<Utc>,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: DateTime<FixedOffset>,
    /// The as-of day.
    pub day: NaiveDate,
    /// The [`fingerprint`] of the rules.
    pub rules: String,
    /// From and through which days the activities were known.
    pub coverage: Coverage,
    /// What was asked for.
    pub scope: Scope,
    /// The version of kadence that judged.
    pub version: String,
    /// How many verdicts there are.
    pub verdicts: u64,
    /// The company's score.
    pub company: Tally,
}

impl Run {
    /// Whether the as-of day was over.
    pub fn day_is_over(&self) -> bool {
        self.as_of.date_naive() > self.day
    }
}

/// From and through which days activities are complete, as far as the data says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub through: Option<NaiveDate>,
}

/// What was asked for beside the as-of: the rest of [`Options`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scope {
    /// The first day of the range for deadlines, rules about activities, and history.
    pub from: Option<NaiveDate>,
    /// Whether every period was judged.
    pub history: bool,
    /// The ids of the rules that were judged; all if empty.
    pub only: Vec<String>,
    /// The language in which it was told.
    pub language: Language,
}

impl From<&Options> for Scope {
    fn from(options: &Options) -> Self {
        let Options { as_of: _, from, history, only, language } = options;
        Scope { from: *from, history: *history, only: only.clone(), language: *language }
    }
}

impl Scope {
    /// The same as of a moment.
    pub(super) fn at(&self, as_of: DateTime<Utc>) -> Options {
        let Scope { from, history, only, language } = self.clone();
        Options { as_of: Moment::Utc(as_of).into(), from, history, only, language }
    }
}

/// An evaluation with all that it takes to judge again.
///
/// ```
/// use kadence::history::{Coverage, Snapshot};
/// use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet};
///
/// let rules = RuleSet::compile("calls.kpi", "customer: calls >= 1 per year", &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// data.add(Customer::new("acme"));
/// let (data, _notes) = data.build()?;
///
/// let options = Options::at("2026-12-31".parse::<AsOf>()?);
/// let report = rules.evaluate(&data, &options)?;
/// // The library reads no clock: the host says when.
/// let taken = "2027-01-01T06:00:00Z".parse()?;
/// let coverage = Coverage { from: data.complete_from(), through: data.complete_through() };
/// let snapshot = Snapshot::new(taken, &rules, &options, coverage, report);
/// // The rules are kept with it, and judge as they did.
/// let again = snapshot.rules.compile().rules;
/// assert_eq!(again.evaluate(&data, &options)?, snapshot.report);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When it was taken: the data is what was known at that moment.
    pub taken: DateTime<Utc>,
    /// The rules.
    pub rules: KeptRules,
    /// The [`fingerprint`] of the rules.
    pub fingerprint: String,
    /// From and through which days the activities were known.
    pub coverage: Coverage,
    /// What was asked for.
    pub scope: Scope,
    /// The version of kadence that judged.
    pub version: String,
    /// What came of it.
    pub report: Report,
}

impl Snapshot {
    /// What rules said of data, with what they were asked.
    pub fn new(
        taken: DateTime<Utc>,
        rules: &RuleSet,
        options: &Options,
        coverage: Coverage,
        report: Report,
    ) -> Self {
        Snapshot {
            taken,
            rules: KeptRules::of(rules),
            fingerprint: fingerprint(rules),
            coverage,
            scope: options.into(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            report,
        }
    }

    /// Whether another one says the same as of the same moment, whenever it was taken.
    pub fn says_the_same(&self, other: &Snapshot) -> bool {
        let Snapshot { taken: _, rules: _, fingerprint, coverage, scope, version: _, report } =
            self;
        *fingerprint == other.fingerprint
            && *coverage == other.coverage
            && *scope == other.scope
            && *report == other.report
    }
}
