//! Data that is prepared once and judged often, and what comes of it.

mod no_story;

pub use no_story::NoStory;
pub(crate) use no_story::did_you_mean;

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::diagnostic::{nearest, nearest_things};
use crate::engine::{self, Batch, Store, StoreBuilder, Untold};
use crate::model::{Dataset, FieldRef, Item, Noun, Number, Problem, Problems, Schema};
use crate::plan::{Occasion, Plan};
use crate::ruleset::EvaluateError;
use crate::verdict::{Outline, Period, Report, Scores, Status, Story, Verdict};

/// A dataset, prepared for evaluation: typed columns of what the rules read, activities grouped by
/// whose they are and sorted by day.
///
/// It can be judged again and again: as of other moments, and by other rules, as long as they read
/// no other fields. [`RuleSet::evaluate`](crate::RuleSet::evaluate) prepares and judges in one go.
///
/// ```
/// use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet, Status};
///
/// let rules = RuleSet::compile("targets.kpi", "customer: touchpoints >= 1 per year", &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// data.add(Customer::new("acme"));
/// let (data, _notes) = data.build()?;
///
/// let prepared = rules.prepare(&data)?;
/// for (day, status) in [("2026-02-01", Status::OnTrack), ("2026-12-31", Status::Missed)] {
///     let evaluation = rules.judge(&prepared, &Options::at(day.parse::<AsOf>()?))?;
///     let decisions: Vec<_> = evaluation.decisions().collect();
///     assert_eq!(decisions[0].status(), status);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Prepared {
    store: Store,
    /// What was asked to be read.
    fields: BTreeSet<FieldRef>,
}

impl Prepared {
    pub(crate) fn new(plan: &Plan, data: &Dataset) -> Self {
        let fields = plan.reads().fields;
        let store = Store::new(data, &plan.calendar, &fields);
        store.warm(&plan.owners());
        Prepared { store, fields }
    }

    /// The same with activities of different times apart wherever there are some, as they are in
    /// much data.
    pub(crate) fn apart(plan: &Plan, data: &Dataset) -> Self {
        let fields = plan.reads().fields;
        let store = Store::with_density(data, (&plan.calendar, &fields), 0);
        Prepared { store, fields }
    }

    /// What the data was held against.
    pub fn schema(&self) -> &Schema {
        &self.store.schema
    }

    /// How many things of a noun there are.
    pub fn count(&self, noun: Noun) -> usize {
        self.store.count(noun) as usize
    }

    /// The first day from which the activities are complete, if that is known.
    pub fn complete_from(&self) -> Option<NaiveDate> {
        self.store.complete_from
    }

    /// The last day through which the activities are complete, if that is known.
    pub fn complete_through(&self) -> Option<NaiveDate> {
        self.store.complete_through
    }

    /// Adds activities, without preparing anew what is there.
    ///
    /// What they refer to is there already, or among them. Any other new rows, of customers say,
    /// ask for all data to be prepared anew. Of days that were left out ([`PreparedBuilder::since`])
    /// these are left out too.
    ///
    /// ```
    /// use kadence::{AsOf, Batch, NoFiles, Noun, Options, RuleSet, Status, Texts, Values};
    ///
    /// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 1 per year", &NoFiles)?;
    /// let mut data = rules.prepare_columns();
    /// data.add(&Batch::new(Noun::Customer, 1).column("id", Values::I64(&[7])));
    /// let (mut data, _notes) = data.finish()?;
    ///
    /// let call = Batch::new(Noun::Activity, 1)
    ///     .column("id", Values::I64(&[1]))
    ///     .column("kind", Values::Texts(Texts::List(&["call"])))
    ///     .column("status", Values::Texts(Texts::List(&["completed"])))
    ///     .column("at", Values::Microseconds(&[1_770_000_000_000_000]))
    ///     .column("customer", Values::I64(&[7]));
    /// data.append(&call)?;
    /// assert!(data.append(&call).is_err(), "ids are unique");
    ///
    /// let evaluation = rules.judge(&data, &Options::at("2026-12-31".parse::<AsOf>()?))?;
    /// let statuses: Vec<Status> = evaluation.decisions().map(|one| one.status()).collect();
    /// assert_eq!(statuses, [Status::Met]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of the rows, as
    /// [`PreparedBuilder::finish`] has it; then nothing is added.
    pub fn append(&mut self, batch: &Batch<'_>) -> Result<Vec<Problem>, Problems> {
        self.store.append(batch, &self.fields)
    }

    /// How many bytes the activities take: columns, ids, and the orders in which they are kept.
    pub fn activity_bytes(&self) -> usize {
        self.store.activity_bytes()
    }

    /// Whether everything that a plan reads was prepared.
    fn serves(&self, plan: &Plan) -> Result<(), EvaluateError> {
        let schema = self.schema();
        let missing = plan.reads().fields.into_iter().find(|field| !self.fields.contains(field));
        let is_read_anyway = |field: &FieldRef| self.store.fields.all().contains(field);
        match missing.filter(|field| !is_read_anyway(field)) {
            Some(field) => {
                let name = schema.definition(field).map_or("", |field| field.name.as_str());
                Err(EvaluateError::NotPrepared(format!("{}.{name}", field.noun)))
            }
            None => Ok(()),
        }
    }

    /// Whether all activities are there that can make a difference.
    fn reaches(&self, plan: &Plan, occasion: &Occasion<'_>) -> Result<(), EvaluateError> {
        let Some(since) = self.store.since else { return Ok(()) };
        let first = plan.first_day(occasion);
        if since <= first {
            return Ok(());
        }
        let first = Some(first).filter(|first| *first > NaiveDate::MIN);
        Err(EvaluateError::TooFewActivities { since, first })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn store_for(
        &self,
        plan: &Plan,
        occasion: &Occasion<'_>,
    ) -> Result<&Store, EvaluateError> {
        self.serves(plan)?;
        self.reaches(plan, occasion)?;
        Ok(&self.store)
    }
}

/// Prepares data that is given as columns, batch by batch, without a [`Dataset`] between.
///
/// What no rule reads is not kept. The rows of a table can come in any number of batches, the
/// tables in any order: references are looked up when all rows are there.
///
/// ```
/// use kadence::{AsOf, Batch, NoFiles, Noun, Options, RuleSet, Status, Texts, Values};
///
/// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 1 per year", &NoFiles)?;
/// let mut data = rules.prepare_columns();
/// data.add(&Batch::new(Noun::Customer, 2).column("id", Values::I64(&[7, 8])));
/// let (kinds, statuses) = (Texts::List(&["call"]), Texts::List(&["completed"]));
/// data.add(
///     &Batch::new(Noun::Activity, 1)
///         .column("id", Values::I64(&[1]))
///         .column("kind", Values::Texts(kinds))
///         .column("status", Values::Texts(statuses))
///         .column("at", Values::Microseconds(&[1_770_000_000_000_000]))
///         .column("customer", Values::I64(&[8])),
/// );
/// let (data, _notes) = data.finish()?;
///
/// let evaluation = rules.judge(&data, &Options::at("2026-12-31".parse::<AsOf>()?))?;
/// let statuses: Vec<Status> = evaluation.decisions().map(|one| one.status()).collect();
/// assert_eq!(statuses, [Status::Missed, Status::Met]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PreparedBuilder {
    store: StoreBuilder,
    fields: BTreeSet<FieldRef>,
}

impl PreparedBuilder {
    pub(crate) fn new(plan: &Plan, schema: &Schema) -> Self {
        let fields = plan.reads().fields;
        let mut store = StoreBuilder::new(schema, &plan.calendar, &fields);
        store.owners(plan.owners());
        PreparedBuilder { store, fields }
    }

    /// Adds rows. Nothing of the batch is kept that is not copied; what is wrong with it is said
    /// when all is there.
    pub fn add(&mut self, batch: &Batch<'_>) -> &mut Self {
        self.store.add(batch);
        self
    }

    /// The first day from which the activities are complete.
    pub fn complete_from(&mut self, day: NaiveDate) -> &mut Self {
        self.store.complete_from(day);
        self
    }

    /// The last day through which the activities are complete.
    pub fn complete_through(&mut self, day: NaiveDate) -> &mut Self {
        self.store.complete_through(day);
        self
    }

    /// Leaves out activities of earlier local days as they arrive; nothing of them is looked at
    /// but their day. [`RuleSet::first_day`](crate::RuleSet::first_day) says from which day on they
    /// can make a difference; [`RuleSet::judge`](crate::RuleSet::judge) refuses what would need
    /// more. It is said before activities are added.
    ///
    /// Those that name another in `follows` are kept, whatever their day. What refers to one that
    /// is not there is then no problem, but unknown. In problems, rows are numbered without those
    /// that were left out.
    ///
    /// ```
    /// use kadence::{AsOf, Batch, EvaluateError, NoFiles, Noun, Options, RuleSet, Texts, Values};
    ///
    /// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 1 per year", &NoFiles)?;
    /// let options = Options::at("2026-11-15".parse::<AsOf>()?);
    /// let mut data = rules.prepare_columns();
    /// if let Some(day) = rules.first_day(&options) {
    ///     data.since(day);
    /// }
    /// data.add(&Batch::new(Noun::Customer, 1).column("id", Values::I64(&[8])));
    /// data.add(
    ///     &Batch::new(Noun::Activity, 2)
    ///         .column("id", Values::I64(&[1, 2]))
    ///         .column("kind", Values::Texts(Texts::List(&["call", "call"])))
    ///         .column("status", Values::Texts(Texts::List(&["completed", "completed"])))
    ///         .column("at", Values::Microseconds(&[1_740_000_000_000_000, 1_770_000_000_000_000]))
    ///         .column("customer", Values::I64(&[8, 8])),
    /// );
    /// let (data, _notes) = data.finish()?;
    /// assert_eq!(data.count(Noun::Activity), 1);
    /// assert!(rules.judge(&data, &options).is_ok());
    ///
    /// let earlier = Options::at("2025-11-15".parse::<AsOf>()?);
    /// let wrong = rules.judge(&data, &earlier).err();
    /// assert!(matches!(wrong, Some(EvaluateError::TooFewActivities { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn since(&mut self, day: NaiveDate) -> &mut Self {
        self.store.since(day);
        self
    }

    /// Has what no rule reads looked at too, as a [`DatasetBuilder`](crate::DatasetBuilder) does,
    /// so that what is wrong with it is said. It is not kept. It is said before rows are added.
    ///
    /// ```
    /// use kadence::{Batch, NoFiles, Noun, RuleSet, Texts, Values};
    ///
    /// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 1 per year", &NoFiles)?;
    /// let revenue = Texts::List(&["much"]);
    /// let customers = Batch::new(Noun::Customer, 1)
    ///     .column("id", Values::I64(&[7]))
    ///     .column("revenue", Values::Texts(revenue));
    ///
    /// let mut data = rules.prepare_columns();
    /// data.add(&customers);
    /// assert!(data.finish().is_ok(), "no rule asks for the revenue");
    ///
    /// let mut data = rules.prepare_columns();
    /// data.check_all().add(&customers);
    /// assert!(data.finish().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_all(&mut self) -> &mut Self {
        self.store.check_all();
        self
    }

    /// Whether a field is read, by the rules or by the language itself. A column of another need
    /// not be given.
    pub fn reads(&self, noun: Noun, field: &str) -> bool {
        self.store.reads(noun, field)
    }

    /// The data, prepared, and what is worth knowing about it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of the rows: ids that are missing or given twice,
    /// references that lead nowhere, values that their fields cannot have.
    pub fn finish(self) -> Result<(Prepared, Vec<Problem>), Problems> {
        let (store, notes) = self.store.finish()?;
        Ok((Prepared { store, fields: self.fields }, notes))
    }
}

/// What rules decide about data, as of a moment: a status and figures for every rule, subject and
/// period. Evidence, `changes` and sentences are made for those that are asked for.
///
/// Made by [`RuleSet::judge`](crate::RuleSet::judge).
pub struct Evaluation<'a> {
    inner: engine::Evaluation<'a>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(inner: engine::Evaluation<'a>) -> Self {
        Evaluation { inner }
    }

    /// What each rule decides, by its place among those that were asked for.
    pub(crate) fn decided(&self) -> impl Iterator<Item = (usize, &engine::Decisions)> {
        self.inner.decided()
    }

    /// The id of the rule at a place.
    pub(crate) fn rule(&self, place: usize) -> &str {
        self.inner.rule(place)
    }

    /// A decision of the rule at a place.
    pub(crate) fn decision(&self, rule: usize, place: usize) -> Decision<'_> {
        Decision { of: &self.inner, rule, place }
    }

    /// How many decisions there are.
    pub fn len(&self) -> usize {
        self.inner.decided().map(|(_, decisions)| decisions.len()).sum()
    }

    /// Whether no rule judges anybody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was decided: rules as written, the subjects of each in the order in which they are
    /// kept, periods by date.
    pub fn decisions(&self) -> impl Iterator<Item = Decision<'_>> {
        self.inner.decided().flat_map(move |(rule, decisions)| {
            (0..decisions.len()).map(move |place| Decision { of: &self.inner, rule, place })
        })
    }

    /// Goes through all decisions, in the order of [`Evaluation::decisions`], with what counted for
    /// each: much faster than to ask every decision for its [`evidence`](Decision::evidence).
    ///
    /// ```
    /// use kadence::{Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, RuleSet};
    ///
    /// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 2 per year", &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// data.add(Customer::new("acme"));
    /// data.add(Customer::new("zeta"));
    /// for (id, at) in [("a1", "2026-03-02T10:00"), ("a2", "2026-02-03T10:00")] {
    ///     let call = Activity::new(id, "call", ActivityStatus::Completed, at.parse::<Moment>()?);
    ///     data.add(Activity { customer: Some("acme".into()), ..call });
    /// }
    /// let (data, _notes) = data.build()?;
    ///
    /// let prepared = rules.prepare(&data)?;
    /// let evaluation = rules.judge(&prepared, &Options::at("2026-12-31".parse::<AsOf>()?))?;
    /// let mut told = Vec::new();
    /// evaluation.each_evidence(|decision, evidence| {
    ///     let ids: Vec<_> = evidence.ids().collect();
    ///     told.push(format!("{}: {}", decision.subject(), ids.join(", ")));
    /// });
    /// assert_eq!(told, ["acme: a2, a1", "zeta: "]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn each_evidence(&self, mut each: impl FnMut(Decision<'_>, Evidence<'_>)) {
        let of = &self.inner;
        of.each_evidence(|rule, place, items| {
            each(Decision { of, rule, place }, Evidence { of, items });
        });
    }

    /// The story of one verdict: what a rule says of a subject in the period that holds a day, in
    /// the current one where none is given.
    ///
    /// Any rule can be asked for, whatever [`Options::only`](crate::Options::only) names.
    ///
    /// ```
    /// use kadence::verdict::{Reason, State};
    /// use kadence::{Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, RuleSet};
    ///
    /// let text = "customer: calls >= 2 per year as called";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// data.add(Customer::new("acme"));
    /// let of_acme = |id: &str, status, at: &str| -> Result<Activity, kadence::MomentError> {
    ///     let call = Activity::new(id, "call", status, at.parse::<Moment>()?);
    ///     Ok(Activity { customer: Some("acme".into()), ..call })
    /// };
    /// data.add(of_acme("a1", ActivityStatus::Completed, "2026-03-02T10:00")?);
    /// data.add(of_acme("a2", ActivityStatus::Cancelled, "2026-06-02T10:00")?);
    /// let (data, _notes) = data.build()?;
    ///
    /// let prepared = rules.prepare(&data)?;
    /// let evaluation = rules.judge(&prepared, &Options::at("2026-11-15".parse::<AsOf>()?))?;
    /// let story = evaluation.explain("called", "acme", None)?;
    /// assert_eq!(story.condition.counted[0].id, "a1");
    /// let near = &story.condition.near[0];
    /// assert_eq!(near.entry.id, "a2");
    /// assert!(matches!(near.reason, Reason::Status { found: State::Cancelled, .. }));
    /// assert_eq!(story.enough.to_string(), "calls: 1 more by 2026-12-31");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such rule, subject or period, or the rule does not judge the subject; then it
    /// says why.
    pub fn explain(
        &self,
        rule: &str,
        subject: &str,
        day: Option<NaiveDate>,
    ) -> Result<Story, NoStory> {
        self.inner.explain(rule, subject, day).map_err(|untold| match untold {
            Untold::NoRule => NoStory::UnknownRule {
                rule: rule.to_owned(),
                nearest: nearest(rule, self.inner.rule_ids()).map(str::to_owned),
            },
            Untold::NoSubject(noun) => NoStory::UnknownSubject {
                noun,
                subject: subject.to_owned(),
                nearest: nearest_things(subject, self.inner.known(noun)),
            },
            Untold::Silent(why) => {
                NoStory::Silent { rule: rule.to_owned(), subject: subject.to_owned(), why }
            }
            Untold::NoPeriod => NoStory::NoPeriod { rule: rule.to_owned(), day },
        })
    }

    /// The scores of the company, its teams, its sellers, and by rule.
    pub fn scores(&self) -> Scores {
        self.inner.scores()
    }

    /// What stands on the time lines of the verdicts of [`Evaluation::report`], in their order.
    ///
    /// ```
    /// use kadence::{Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, RuleSet};
    ///
    /// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 2 per year", &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// data.add(Customer::new("acme"));
    /// let call = |id: &str, status, at: &str| -> Result<Activity, kadence::MomentError> {
    ///     let call = Activity::new(id, "call", status, at.parse::<Moment>()?);
    ///     Ok(Activity { customer: Some("acme".into()), ..call })
    /// };
    /// data.add(call("a1", ActivityStatus::Completed, "2026-03-02T10:00")?);
    /// data.add(call("a2", ActivityStatus::Planned, "2026-12-03T10:00")?);
    /// let (data, _notes) = data.build()?;
    ///
    /// let prepared = rules.prepare(&data)?;
    /// let evaluation = rules.judge(&prepared, &Options::at("2026-11-15".parse::<AsOf>()?))?;
    /// let outline = &evaluation.outlines()[0];
    /// assert_eq!((&*outline.counted[0].id, &*outline.planned[0].id), ("a1", "a2"));
    /// assert_eq!(outline.days.unwrap().to, "2026-12-31".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outlines(&self) -> Vec<Outline> {
        self.inner.outlines()
    }

    /// Everything: every verdict in full, scores, lists and goals.
    pub fn report(&self) -> Report {
        self.inner.report()
    }
}

/// What one rule decides about one subject, for one period.
pub struct Decision<'e> {
    of: &'e engine::Evaluation<'e>,
    /// The place of the rule among those that were asked for.
    rule: usize,
    place: usize,
}

impl Decision<'_> {
    /// The rule's id.
    pub fn rule(&self) -> &str {
        self.of.rule(self.rule)
    }

    /// The id of the subject, which is of the rule's noun.
    pub fn subject(&self) -> Cow<'_, str> {
        self.of.subject(self.rule, self.place)
    }

    /// The days that it is about; none for a standing condition without a window.
    pub fn period(&self) -> Option<Period> {
        self.of.period(self.rule, self.place)
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        self.of.of_rule(self.rule).map_or(Status::Unknown, |all| all.status(self.place))
    }

    /// Whether no later activity can change it.
    pub fn is_final(&self) -> bool {
        self.of.of_rule(self.rule).is_some_and(|all| all.is_final(self.place))
    }

    /// What was measured.
    pub fn measured(&self) -> Option<Number> {
        self.of.of_rule(self.rule)?.measured(self.place)
    }

    /// What was asked for.
    pub fn target(&self) -> Option<Number> {
        self.of.of_rule(self.rule)?.target(self.place)
    }

    /// The ids of what counted, in the order of their days, then ids.
    pub fn evidence(&self) -> Vec<String> {
        self.of.evidence(self.rule, self.place)
    }

    /// The whole verdict: with evidence, when it changes, and a sentence.
    pub fn verdict(&self) -> Option<Verdict> {
        self.of.verdict_at(self.rule, self.place)
    }

    /// What is behind the verdict: what counted, what nearly did, and what would be enough.
    pub fn story(&self) -> Option<Story> {
        self.of.story_at(self.rule, self.place)
    }
}

/// What counted for a decision, in the order of days, then ids.
#[derive(Clone, Copy)]
pub struct Evidence<'e> {
    of: &'e engine::Evaluation<'e>,
    items: &'e [Item],
}

impl<'e> Evidence<'e> {
    /// How many counted.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing did.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The ids, made as they are asked for.
    pub fn ids(&self) -> impl Iterator<Item = Cow<'e, str>> + use<'e> {
        let of = self.of;
        self.items.iter().map(move |item| of.id(*item))
    }
}
