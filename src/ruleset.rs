//! The front door: compile rules, evaluate data, run tests.

use std::sync::{Arc, OnceLock};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::analysis;
use crate::check::rules::Compiled;
use crate::check::{self, Resolver};
use crate::diagnostic::{Diagnostics, Level};
use crate::engine;
use crate::feasibility::{Feasibility, feasibility};
use crate::model::calendar::{Unit, plus_days, plus_months};
use crate::model::moment::parse_date;
use crate::model::{Dataset, Moment, MomentError, Noun, Schema};
use crate::plan::{Occasion, Plan, PlanText, Rewrite};
use crate::prepared::{Evaluation, Prepared, PreparedBuilder};
use crate::ruletest::coverage::Coverage;
use crate::ruletest::{self, MutantRun, TestInfo, TestRun};
use crate::sentence::Language;
use crate::syntax;
use crate::verdict::{Report, RuleInfo};

/// The prelude: the standard vocabulary, written in the language itself.
pub use crate::check::PRELUDE;

/// How large a rule file may be unless the host says otherwise: 1 MiB.
const LIMIT: usize = 1 << 20;

/// For how many years ahead it can be said what rules ask.
const MOST_YEARS: i64 = 10;

/// A rule file in its one form: the same rules, comments and blank lines, evenly set. A file that is
/// in that form comes out as it is.
///
/// `name` is what diagnostics call the file. Names are not looked up, and no other file is read.
///
/// ```
/// let text = "A-customer :touchpoints≥4 per year as a-contact # at least";
/// let formatted = kadence::format("sales.kpi", text)?;
/// assert_eq!(formatted, "A-customer: touchpoints >= 4 per year    as a-contact  # at least\n");
/// # Ok::<(), kadence::Diagnostics>(())
/// ```
///
/// # Errors
///
/// Everything that is wrong with the file's syntax: what cannot be read is not formatted.
pub fn format(name: &str, text: &str) -> Result<String, Diagnostics> {
    syntax::format(name, text, LIMIT)
}

/// Turns rule files into a [`RuleSet`].
///
/// ```
/// use kadence::{Compiler, NoFiles};
///
/// let text = "A-customer: touchpionts >= 4 per year\nlead: next activity\n";
/// let compilation = Compiler::new().compile("sales.kpi", text, &NoFiles);
/// assert_eq!(compilation.diagnostics.errors(), 1);
/// // What has no error can be used all the same.
/// assert_eq!(compilation.rules.rules().count(), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Compiler {
    limit: usize,
}

impl Default for Compiler {
    fn default() -> Self {
        Compiler::new()
    }
}

impl Compiler {
    /// With the usual limits.
    pub fn new() -> Self {
        Compiler { limit: LIMIT }
    }

    /// How many bytes a rule file may have; 1 MiB unless set.
    pub fn limit(self, bytes: usize) -> Self {
        Compiler { limit: bytes }
    }

    /// Reads a rule file and what it uses. Items with errors are left out of the rule set; the
    /// diagnostics say what is wrong with them.
    pub fn compile(&self, name: &str, text: &str, host: &dyn Resolver) -> Compilation {
        let (compiled, all) = check::compile(name, text, host, self.limit);
        let diagnostics = Diagnostics { all, sources: compiled.sources.clone() };
        let rules = RuleSet { compiled, plan: OnceLock::new() };
        Compilation { rules, diagnostics }
    }
}

/// What came of compiling.
#[derive(Debug, Clone)]
pub struct Compilation {
    /// The items without errors.
    pub rules: RuleSet,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// Compiled rules. Immutable and `Send + Sync`: one rule set can be evaluated from many threads.
#[derive(Debug, Clone)]
pub struct RuleSet {
    compiled: Compiled,
    /// Made when first asked for.
    plan: OnceLock<Arc<Plan>>,
}

impl RuleSet {
    /// Compiles a rule file. `name` is what diagnostics call it; `host` gives the files that it
    /// uses ([`NoFiles`](crate::NoFiles) has none).
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of the files, if anything is.
    pub fn compile(name: &str, text: &str, host: &dyn Resolver) -> Result<RuleSet, Diagnostics> {
        let compilation = Compiler::new().compile(name, text, host);
        let is_error = |level| level == Level::Error;
        if compilation.diagnostics.all.iter().any(|d| is_error(d.level)) {
            return Err(compilation.diagnostics);
        }
        Ok(compilation.rules)
    }

    /// What the rules expect of the data.
    pub fn schema(&self) -> &Schema {
        &self.compiled.schema
    }

    /// The time zone of the rules' calendar.
    pub fn zone(&self) -> Tz {
        self.compiled.calendar.zone
    }

    /// The rules, as written.
    pub fn rules(&self) -> impl Iterator<Item = RuleInfo> {
        self.compiled.rules.iter().map(|rule| rule.info(&self.compiled.sources))
    }

    /// Judges every subject by every rule.
    ///
    /// # Errors
    ///
    /// The dataset was built for rules with another zone, other kinds or other fields, or
    /// [`Options::only`] names a rule that there is not.
    pub fn evaluate(&self, data: &Dataset, options: &Options) -> Result<Report, EvaluateError> {
        Ok(self.judge(&self.prepare(data)?, options)?.report())
    }

    /// Reads out of a dataset what these rules read, in the order in which it is read.
    ///
    /// # Errors
    ///
    /// The dataset was built for rules with another zone, other kinds or other fields.
    pub fn prepare(&self, data: &Dataset) -> Result<Prepared, EvaluateError> {
        if !self.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        Ok(Prepared::new(self.lowered(), data))
    }

    /// As [`RuleSet::prepare`] does, with activities of different times apart wherever there are some,
    /// as they are in much data.
    #[doc(hidden)]
    pub fn prepare_apart(&self, data: &Dataset) -> Prepared {
        Prepared::apart(self.lowered(), data)
    }

    /// The first local day whose activities can make a difference to what is judged; none where
    /// those of every day can, by a rule such as `visit every 90 days`.
    ///
    /// Without the activities of earlier days everything is as with them: verdicts, evidence,
    /// scores, lists and goals. The exception are activities that name another in `follows`: they
    /// matter whatever their day, since what they follow may be later.
    /// [`PreparedBuilder::since`] leaves out the others.
    ///
    /// ```
    /// use kadence::{AsOf, NoFiles, Options, RuleSet};
    ///
    /// let options = Options::at("2026-11-15".parse::<AsOf>()?);
    /// let text = "customer: calls >= 1 per month\ncustomer: visits >= 1 in last 12 months\n";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// assert_eq!(rules.first_day(&options), "2025-11-16".parse().ok());
    ///
    /// let rules = RuleSet::compile("visits.kpi", "customer: visit every 90 days", &NoFiles)?;
    /// assert_eq!(rules.first_day(&options), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn first_day(&self, options: &Options) -> Option<NaiveDate> {
        let occasion = self.occasion(options);
        let first = self.lowered().first_day(&occasion);
        // Where nothing is looked at, what is to come is more than enough.
        let tomorrow = plus_days(self.compiled.calendar.day_of(occasion.as_of), 1);
        (first > NaiveDate::MIN).then_some(first.min(tomorrow))
    }

    fn occasion<'o>(&self, options: &'o Options) -> Occasion<'o> {
        Occasion {
            as_of: options.as_of.instant(&self.compiled),
            from: options.from,
            history: options.history,
            only: &options.only,
        }
    }

    /// The same for data that is given as columns.
    pub fn prepare_columns(&self) -> PreparedBuilder {
        PreparedBuilder::new(self.lowered(), self.schema())
    }

    /// Decides how every rule stands for every subject. The stories behind it are told when asked
    /// for.
    ///
    /// # Errors
    ///
    /// The data was prepared for rules with another zone, other kinds or other fields, or for rules
    /// that read less than these, or without activities that can make a difference; or
    /// [`Options::only`] names a rule that there is not.
    pub fn judge<'a>(
        &'a self,
        data: &'a Prepared,
        options: &Options,
    ) -> Result<Evaluation<'a>, EvaluateError> {
        if !self.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        self.knows(&options.only)?;
        let occasion = self.occasion(options);
        let store = data.store_for(self.lowered(), &occasion)?;
        let Occasion { as_of, from, history, only } = occasion;
        let chosen = engine::Options { as_of, from, history, only };
        let plan = self.plan_for(data.schema());
        let evaluation = engine::Evaluation::new(&self.compiled, plan, store, &chosen);
        Ok(Evaluation::new(evaluation.in_language(options.language).decide()))
    }

    fn knows(&self, only: &[String]) -> Result<(), EvaluateError> {
        let known = |id: &&String| self.compiled.rules.iter().any(|rule| rule.id == **id);
        match only.iter().find(|id| !known(id)) {
            Some(unknown) => Err(EvaluateError::UnknownRule(unknown.clone())),
            None => Ok(()),
        }
    }

    /// The data may have kinds of activities beside those of these rules.
    pub(crate) fn plan_for(&self, schema: &Schema) -> Arc<Plan> {
        if schema.kinds() == self.schema().kinds() {
            self.lowered().clone()
        } else {
            Arc::new(Plan::new(&self.compiled, schema.kinds()))
        }
    }

    /// Whether people have the time for what the rules ask of them, from the as-of day on until a
    /// day: the last of the calendar's current year unless set.
    ///
    /// ```
    /// use kadence::{AsOf, Customer, Dataset, NoFiles, Number, Options, RuleSet, Seller};
    ///
    /// let text = "calendar\n    hours 1 per workday\n    minutes call 30, visit 120\n\
    ///             customer: calls >= 2 per month\ncustomer: call | visit every 90 days\n";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// data.add(Seller::new("kim"));
    /// for n in 0..25 {
    ///     let owner = Some("kim".into());
    ///     let created = "2026-10-01".parse().ok();
    ///     data.add(Customer { owner, created, ..Customer::new(format!("c{n}")) });
    /// }
    /// let (data, _notes) = data.build()?;
    ///
    /// // A month is left, with 23 workdays: 25 customers ask for two calls each.
    /// let options = Options::at("2026-11-30".parse::<AsOf>()?);
    /// let kim = rules.feasibility(&data, &options, None)?.sellers.remove(0).balance;
    /// assert_eq!((kim.hours, kim.least), (Number::from(23), Number::from(25)));
    /// assert!(kim.is_over);
    /// assert_eq!(kim.asks_most[0].activities, Number::from(50));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RuleSet::evaluate`]; or the last day is more than ten years ahead.
    pub fn feasibility(
        &self,
        data: &Dataset,
        options: &Options,
        until: Option<NaiveDate>,
    ) -> Result<Feasibility, EvaluateError> {
        if !self.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        self.knows(&options.only)?;
        let calendar = &self.compiled.calendar;
        let Occasion { as_of, from, only, .. } = self.occasion(options);
        let chosen = engine::Options { as_of, from, history: false, only };
        let today = calendar.day_of(as_of - TimeDelta::nanoseconds(1));
        let until = until.unwrap_or_else(|| calendar.period(Unit::Year, today).last);
        let farthest = plus_months(today, MOST_YEARS * 12);
        if until > farthest {
            return Err(EvaluateError::TooFarAhead { until, farthest });
        }
        let plan = self.plan_for(data.schema());
        let mut fields = plan.reads().fields;
        fields.extend(data.schema().field_ref(Noun::Activity, "minutes"));
        fields.extend(data.schema().field_ref(Noun::Seller, "fte"));
        let store = engine::Store::new(data, calendar, &fields);
        let evaluation = engine::Evaluation::new(&self.compiled, plan, &store, &chosen);
        Ok(feasibility(&evaluation, data, &self.compiled.work, until))
    }

    /// As [`RuleSet::evaluate`], with no rewrites of the plan but these.
    ///
    /// # Errors
    ///
    /// As [`RuleSet::evaluate`].
    #[doc(hidden)]
    pub fn evaluate_with(
        &self,
        rewrites: &[Rewrite],
        data: &Dataset,
        options: &Options,
    ) -> Result<Report, EvaluateError> {
        let plan = Arc::new(Plan::with(&self.compiled, self.schema().kinds(), rewrites));
        let rules = RuleSet { compiled: self.compiled.clone(), plan: OnceLock::from(plan) };
        rules.evaluate(data, options)
    }

    fn lowered(&self) -> &Arc<Plan> {
        self.plan.get_or_init(|| Arc::new(Plan::new(&self.compiled, self.schema().kinds())))
    }

    /// What is run for these rules: which activities each asks for, over which days, and which
    /// rules share them.
    ///
    /// ```
    /// use kadence::{NoFiles, RuleSet};
    ///
    /// let text = "A-customer: touchpoints >= 4 per year\nB-customer: touchpoints >= 2 per year\n";
    /// let rules = RuleSet::compile("sales.kpi", text, &NoFiles)?;
    /// let plan = rules.plan().to_string();
    /// // Both rules count the same activities over the same days.
    /// assert!(plan.contains("s1 touchpoints = call, visit, meeting, email: completed"));
    /// assert!(plan.contains("per year: counted for #1 #2"));
    /// # Ok::<(), kadence::Diagnostics>(())
    /// ```
    pub fn plan(&self) -> PlanText {
        PlanText::new(&self.compiled)
    }

    /// What the compiler made of them.
    #[doc(hidden)]
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// What is probably not meant, as far as it shows without data: warnings only, each with a code
    /// that [`Code::page`](crate::Code::page) explains. A comment on the item,
    /// `# allow K054: REASON`, silences one.
    ///
    /// ```
    /// use kadence::{Code, NoFiles, RuleSet};
    ///
    /// let text = "customer: calls >= 4 per year   as called\n";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let findings = rules.findings();
    /// assert_eq!(findings.all.len(), 1);
    /// assert_eq!(findings.all[0].code, Code::K054);
    /// assert_eq!(
    ///     findings.to_string(),
    ///     "calls.kpi:1:1: warning[K054]: `called` does not say why (add `because \"…\"`)",
    /// );
    /// # Ok::<(), kadence::Diagnostics>(())
    /// ```
    ///
    /// Rules that contradict each other are shown by a test that passes: whoever meets the one
    /// rule breaks the other.
    ///
    /// ```
    /// use kadence::{Code, NoFiles, RuleSet};
    ///
    /// let text = "customer: calls >= 4 per year as some\ncustomer: calls <= 3 per year as few\n";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let found = rules.findings();
    /// let contradiction = found.all.iter().find(|finding| finding.code == Code::K070);
    /// let shown = contradiction.and_then(|finding| finding.example.as_deref()).unwrap_or_default();
    /// let rules = RuleSet::compile("shown.kpi", &format!("{text}{shown}"), &NoFiles)?;
    /// assert!(!shown.is_empty() && rules.test().passed());
    /// # Ok::<(), kadence::Diagnostics>(())
    /// ```
    pub fn findings(&self) -> Diagnostics {
        analysis::analyse(&self.compiled)
    }

    /// Runs the tests of the file that was compiled (not of those that it uses).
    pub fn test(&self) -> TestRun {
        self.test_chosen(|_| true)
    }

    /// Runs those of the same tests that are chosen.
    pub fn test_chosen(&self, chosen: impl Fn(&TestInfo<'_>) -> bool + Sync) -> TestRun {
        ruletest::run(&self.compiled, &chosen)
    }

    /// How much of the rules and lists, those of used files included, the tests that are chosen
    /// reach. An expectation that is not fulfilled reaches nothing.
    pub fn coverage(&self, chosen: impl Fn(&TestInfo<'_>) -> bool + Sync) -> Coverage {
        ruletest::coverage::measure(&self.compiled, &chosen)
    }

    /// Runs these tests on rules that are wrong: each rule, list, segment and define is changed in
    /// the ways in which people get them wrong, one mistake at a time. A mistake that no test
    /// notices survives. It takes rules without errors.
    ///
    /// ```
    /// use kadence::{NoFiles, RuleSet};
    ///
    /// let text = r#"
    /// customer: calls >= 2 per year   as called
    /// test "two calls are enough"
    ///     given   customer acme : created 2020-01-01
    ///     given   call on acme at 2026-01-05, 2026-12-31
    ///     expect  called for acme is on track at 2026-12-30 measured 1
    ///     expect  called for acme is met at 2026-12-31
    /// "#;
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let run = rules.mutants();
    /// let survivors: Vec<String> = run.survivors().map(|m| m.change.to_string()).collect();
    /// // Nobody is new in the year: the tests do not say whether the target is shared out.
    /// assert!(survivors.contains(&"customer: calls >= 2 per year {+prorate+} as called".to_owned()));
    /// # Ok::<(), kadence::Diagnostics>(())
    /// ```
    pub fn mutants(&self) -> MutantRun {
        mutants(&[self], &|_, file| file.to_owned())
    }
}

/// As [`RuleSet::mutants`] for several rule sets at once, such as those of several test files that
/// use the same rules: a mutant is killed if the tests of any of them notice it.
///
/// `name` says what a file of the rule set in that place is called; what has one name is one file.
pub fn mutants(sets: &[&RuleSet], name: &dyn Fn(usize, &str) -> String) -> MutantRun {
    let sets: Vec<&Compiled> = sets.iter().map(|set| &set.compiled).collect();
    ruletest::run_mutants(&sets, name)
}

/// As of when, and what, is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The moment; nothing reads the clock.
    pub as_of: AsOf,
    /// The first day of the range for deadlines, rules about activities, and history; the first
    /// day of the calendar's current year unless set.
    pub from: Option<NaiveDate>,
    /// Whether `per UNIT` rules are judged for every period from the range's start.
    pub history: bool,
    /// The ids of the rules to evaluate; all if empty.
    pub only: Vec<String>,
    /// In which language a report tells its sentences, reasons and problems. Stories are English.
    pub language: Language,
}

impl Options {
    /// Everything, as of a moment.
    pub fn at(as_of: impl Into<AsOf>) -> Self {
        Options {
            as_of: as_of.into(),
            from: None,
            history: false,
            only: Vec::new(),
            language: Language::default(),
        }
    }
}

/// As of when.
///
/// ```
/// use kadence::AsOf;
/// assert!(matches!("2026-11-15".parse(), Ok(AsOf::Day(_))));
/// assert!(matches!("2026-11-15T14:30".parse(), Ok(AsOf::Instant(_))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// That day is over.
    Day(NaiveDate),
    /// What lies before it has happened.
    Instant(Moment),
}

impl AsOf {
    /// The first instant that has not happened yet.
    #[doc(hidden)]
    pub fn instant(self, rules: &Compiled) -> chrono::DateTime<chrono::Utc> {
        // Far outside of every calendar, days could not be told from one another any more.
        let bounds = |day: NaiveDate| {
            let year = |y| NaiveDate::from_ymd_opt(y, 1, 1).unwrap_or(day);
            day.clamp(year(1), year(9999))
        };
        match self {
            AsOf::Day(day) => rules.calendar.end_of(bounds(day)),
            AsOf::Instant(moment) => {
                let at = moment.resolve(rules.calendar.zone);
                let first = rules.calendar.start_of(bounds(NaiveDate::MIN)) + TimeDelta::days(1);
                at.clamp(first, rules.calendar.end_of(bounds(NaiveDate::MAX)))
            }
        }
    }
}

impl From<NaiveDate> for AsOf {
    fn from(day: NaiveDate) -> Self {
        AsOf::Day(day)
    }
}

impl From<Moment> for AsOf {
    fn from(moment: Moment) -> Self {
        AsOf::Instant(moment)
    }
}

impl std::str::FromStr for AsOf {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        match parse_date(text) {
            Some(day) => Ok(AsOf::Day(day)),
            None => text.parse().map(AsOf::Instant),
        }
    }
}

/// Why nothing was evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// The dataset was built for other rules.
    #[error(
        "the dataset was built for rules with another time zone, other activity kinds or other fields: build it with this rule set's schema"
    )]
    OtherSchema,
    /// The data was prepared for rules that do not read this field.
    #[error(
        "the data was prepared without `{0}`, which these rules read: prepare it with this rule set"
    )]
    NotPrepared(String),
    /// The data was prepared without activities that can make a difference.
    #[error(
        "the data was prepared without activities before {since}, and {} can make a difference: prepare it since the first day of these rules and options",
        first.map_or_else(|| "those of all days".to_owned(), |day| format!("those from {day} on"))
    )]
    TooFewActivities {
        /// The first day whose activities were kept.
        since: NaiveDate,
        /// The first day whose activities can make a difference; none where those of every day
        /// can.
        first: Option<NaiveDate>,
    },
    /// What is asked for can be said for ten years ahead.
    #[error("{until} is too far ahead: expected a day up to {farthest}")]
    TooFarAhead {
        /// The last day that was asked for.
        until: NaiveDate,
        /// The last day that can be.
        farthest: NaiveDate,
    },
    /// There is no such rule.
    #[error("no rule has the id `{0}`")]
    UnknownRule(String),
    /// Whom a campaign reached is asked by touchpoints, and the rules say that these are something
    /// else than activities with its members.
    #[error(
        "a campaign is followed up by touchpoints, and these rules make something else of that word: {0}; define `touchpoint` as activities"
    )]
    NoTouchpoints(String),
}
