//! What a sales meeting looks at: where things are under control and where not, what changed since
//! the last time, what is due soon, and how near everybody is to what is asked of them.
//!
//! An [`Overview`] is a [`Report`] with what belongs around it. It names verdicts by their places in
//! [`Report::verdicts`], and it is data: `kadence-report` makes pages, workbooks and pictures of it.

mod distribution;
mod heat;
mod lines;
mod past;
mod soon;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::comparison::Every;
use crate::model::{Dataset, Item, Noun, Value};
use crate::prepared::Prepared;
use crate::ruleset::{EvaluateError, Options, RuleSet};
use crate::verdict::{Outline, Report};

pub use distribution::{Bin, Distribution, Scale};
pub use heat::{Heat, HeatRow, Holder};
pub use lines::{Point, TargetLine};
pub use past::{Changed, Gone, Past, Since, Standing};

/// On the ends of how many months what was earlier is judged again.
const MONTHS: usize = 12;

/// A report with what belongs around it.
///
/// ```
/// use kadence::overview::{Overview, Past};
/// use kadence::{Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, RuleSet, Seller, Status};
///
/// let rules = RuleSet::compile("calls.kpi", "customer: calls >= 1 per month", &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// data.add(Seller::new("kim"));
/// let created = "2026-01-01".parse().ok();
/// data.add(Customer { owner: Some("kim".into()), created, ..Customer::new("acme") });
/// let call = Activity::new("a1", "call", ActivityStatus::Completed, "2026-10-01T10:00".parse::<Moment>()?);
/// data.add(Activity { customer: Some("acme".into()), ..call });
/// let (data, _notes) = data.build()?;
///
/// let options = Options::at("2026-11-20".parse::<AsOf>()?);
/// let overview = Overview::new(&rules, &data, &options, &Past::Judged, 14)?;
/// // The call of November is due within fourteen days; in October there was one.
/// assert_eq!(overview.due, [0]);
/// let since = overview.since.as_ref().unwrap();
/// assert_eq!(since.changed[0].before, Some(Status::Met));
/// assert_eq!(overview.trend.last().unwrap().scores.company.on_track, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// For how many days from the as-of day on something is due soon, or about to lapse.
    pub days: u32,
    /// The report.
    pub report: Report,
    /// What stands on the time line of each of the report's verdicts, in their order.
    pub outlines: Vec<Outline>,
    /// The teams, by id.
    pub teams: Vec<Group>,
    /// The sellers that have a score or own something that is judged, by id.
    pub sellers: Vec<Person>,
    /// Who has which rule under control.
    pub heat: Heat,
    /// The scores as of earlier days, the earliest first; the last are those of now.
    pub trend: Vec<Standing>,
    /// What is otherwise than it was; none where there is nothing earlier.
    pub since: Option<Since>,
    /// What is not met and due by the end of the days that are looked ahead, the soonest first, then
    /// by weight.
    pub due: Vec<usize>,
    /// What is met or on track and will not be on one of those days, if nothing happens but what is
    /// planned; the soonest first.
    pub lapsing: Vec<usize>,
    /// What is missed for good, the latest first.
    pub dropped: Vec<usize>,
    /// How the numbers of sellers, teams and the company came to be what they are, in the order of
    /// verdicts.
    pub lines: Vec<TargetLine>,
    /// How what was measured is distributed, for each rule; none where nothing was.
    pub distributions: Vec<Option<Distribution>>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The id of the team that it belongs to.
    pub parent: Option<String>,
}

/// A seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The id of its team.
    pub team: Option<String>,
}

impl Overview {
    /// Judges data, and the same data as of earlier days; looks ahead a number of days.
    /// [`Options::history`] is not looked at.
    ///
    /// # Errors
    ///
    /// As [`RuleSet::evaluate`].
    pub fn new(
        rules: &RuleSet,
        data: &Dataset,
        options: &Options,
        past: &Past,
        days: u32,
    ) -> Result<Overview, EvaluateError> {
        let options = &Options { history: false, ..options.clone() };
        let prepared = rules.prepare(data)?;
        let evaluation = rules.judge(&prepared, options)?;
        let (report, outlines) = (evaluation.report(), evaluation.outlines());
        let months = months(rules, &prepared, options, report.day);
        let (teams, sellers) = (teams(data), sellers(data, &report));
        let (trend, since) = past::told(rules, &prepared, options, past, (&report, &months))?;
        let told = (&report, outlines.as_slice());
        let lines = lines::target_lines(rules, &prepared, options, told, &months)?;
        Ok(Overview {
            schema: 1,
            days,
            heat: heat::heat(&report, &teams, &sellers),
            trend,
            since,
            due: soon::due(&report, days),
            lapsing: soon::lapsing(&report, &outlines, days),
            dropped: soon::dropped(&report),
            lines,
            distributions: distribution::distributions(&report),
            report,
            outlines,
            teams,
            sellers,
        })
    }

    /// The name of a seller, or its id where it has none.
    pub fn seller<'o>(&'o self, id: &'o str) -> &'o str {
        let place = self.sellers.binary_search_by(|seller| seller.id.as_str().cmp(id));
        let seller = place.ok().and_then(|place| self.sellers.get(place));
        seller.and_then(|seller| seller.name.as_deref()).unwrap_or(id)
    }

    /// The name of a team, or its id where it has none.
    pub fn team<'o>(&'o self, id: &'o str) -> &'o str {
        let place = self.teams.binary_search_by(|team| team.id.as_str().cmp(id));
        let team = place.ok().and_then(|place| self.teams.get(place));
        team.and_then(|team| team.name.as_deref()).unwrap_or(id)
    }
}

/// The ends of the last months before a day, as far as activities are known; the earliest first.
fn months(rules: &RuleSet, data: &Prepared, options: &Options, day: NaiveDate) -> Vec<NaiveDate> {
    let is_known = |end: &NaiveDate| data.complete_from().is_none_or(|from| from <= *end);
    let ends = Every::Month.ends(rules, options.as_of).filter(|end| *end < day);
    let mut months: Vec<NaiveDate> = ends.take(MONTHS).take_while(is_known).collect();
    months.reverse();
    months
}

fn teams(data: &Dataset) -> Vec<Group> {
    let mut teams: Vec<Group> = data
        .items(Noun::Team)
        .map(|item| Group {
            id: data.id(item).to_owned(),
            name: text(data, item, "name"),
            parent: reference(data, item, ("parent", Noun::Team)),
        })
        .collect();
    teams.sort_by(|a, b| a.id.cmp(&b.id));
    teams
}

/// Those that have a score, and those that own what is judged though they have none any more.
fn sellers(data: &Dataset, report: &Report) -> Vec<Person> {
    let scored = report.scores.sellers.iter().map(|tally| tally.id.as_str());
    let owners = report.verdicts.iter().filter_map(|verdict| verdict.owner.as_deref());
    let ids: std::collections::BTreeSet<&str> = scored.chain(owners).collect();
    let person = |id: &str| {
        let item = data.find(Noun::Seller, id);
        Person {
            id: id.to_owned(),
            name: item.and_then(|item| text(data, item, "name")),
            team: item.and_then(|item| reference(data, item, ("team", Noun::Team))),
        }
    };
    ids.into_iter().map(person).collect()
}

fn text(data: &Dataset, item: Item, field: &str) -> Option<String> {
    match data.value(item, data.schema().field_ref(item.noun, field)?) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

fn reference(data: &Dataset, item: Item, (field, to): (&str, Noun)) -> Option<String> {
    match data.value(item, data.schema().field_ref(item.noun, field)?) {
        Value::Reference(row) => Some(data.id(Item { noun: to, row: *row }).to_owned()),
        _ => None,
    }
}
