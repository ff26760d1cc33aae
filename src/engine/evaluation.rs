//! A whole evaluation: which subjects and periods, and the report.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone, Utc};

use super::phrase::{Bare, Reading};
use super::rule::Scope;
use super::view::{Moment, View};
use super::world::{COMPANY, World};
use crate::check::rules::{Compiled, Rule};
use crate::model::calendar::{Days, Unit, plus_days};
use crate::model::{Dataset, Item, Noun, Number};
use crate::sentence;
use crate::verdict::{GoalVerdict, Period, Report, ReportProblem, Verdict};

/// What is to be reported.
#[derive(Debug, Clone)]
pub(crate) struct Options<'o> {
    pub(crate) history: bool,
    /// Only the rules of these ids; all if there are none.
    pub(crate) only: &'o [String],
}

/// Rules and data as of a moment.
pub(crate) struct Evaluation<'a> {
    world: World<'a>,
    as_of: Moment,
    range: Days,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(
        rules: &'a Compiled,
        data: &'a Dataset,
        as_of: DateTime<Utc>,
        from: Option<NaiveDate>,
    ) -> Self {
        let as_of = Moment::new(&rules.calendar, as_of);
        let first = from.unwrap_or_else(|| rules.calendar.period(Unit::Year, as_of.day).first);
        let range = Days { first, last: as_of.day };
        Evaluation { world: World::new(rules, data), as_of, range }
    }

    fn view(&self) -> View<'_> {
        View::new(&self.world, self.as_of, self.as_of)
    }

    /// The verdict on one subject in its current period; none if the rule does not judge it.
    pub(crate) fn verdict(&self, rule: usize, id: &str) -> Option<Verdict> {
        let rule = self.world.rules.rules.get(rule)?;
        let subject = self.world.data.find(rule.subject.noun, id)?;
        let view = self.view();
        self.judges(&view, rule, subject).then(|| view.verdict(rule, subject, self.as_of.day))
    }

    /// What is on a list.
    pub(crate) fn list(&self, index: usize) -> Vec<Item> {
        let list = self.world.rules.lists.get(index);
        list.map(|list| self.view().list(list)).unwrap_or_default()
    }

    /// The ids of things.
    pub(crate) fn ids(&self, items: &[Item]) -> Vec<String> {
        items.iter().map(|item| self.world.data.id(*item).to_owned()).collect()
    }

    /// Whether a rule, on the as-of day, has a verdict for a thing.
    fn judges(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        let in_force = rule.in_force();
        let is_one =
            || view.is_one_of(subject, &rule.subject, Reading::of(Bare::Completed)).is_yes();
        in_force.contains(self.as_of.day) && self.is_in_range(view, rule, subject) && is_one()
    }

    /// "A rule whose subject is an activity, and a deadline rule: the subjects whose anchor day
    /// lies in the range." One whose anchor is unknown is judged: the verdict says so.
    fn is_in_range(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        let range = self.range.and(rule.in_force());
        if subject.noun == Noun::Activity {
            return range.contains(self.world.at(subject).1);
        }
        let Some((field, before)) = rule.anchor() else { return true };
        match view.day_of(subject, field) {
            Ok(day) => {
                range.contains(before.map_or(day, |length| view.calendar().minus(day, length)))
            }
            Err(_) => true,
        }
    }

    /// The days that stand for the periods of a rule: one day in each.
    fn periods(&self, rule: &Rule, history: bool) -> Vec<NaiveDate> {
        let today = self.as_of.day;
        let (Some(unit), true) = (rule.unit(), history) else { return vec![today] };
        let calendar = &self.world.rules.calendar;
        let mut days = Vec::new();
        let mut period = calendar.period(unit, self.range.first.min(today));
        while period.first <= today {
            if !period.and(rule.in_force()).is_empty() {
                days.push(period.last.min(today));
            }
            period = calendar.period(unit, plus_days(period.last, 1));
        }
        days
    }

    /// Rules as written, subjects by id, periods by date.
    fn judge_all(&self, rules: &[&Rule], history: bool) -> Vec<(Item, Verdict)> {
        let mut judged = Vec::new();
        for rule in rules {
            let view = self.view();
            let items = self.world.data.items(rule.subject.noun);
            let mut subjects: Vec<Item> =
                items.filter(|subject| self.judges(&view, rule, *subject)).collect();
            subjects.sort_by_key(|subject| self.world.data.id(*subject));
            let periods = self.periods(rule, history);
            for subject in subjects {
                for day in &periods {
                    judged.push((subject, view.verdict(rule, subject, *day)));
                }
            }
        }
        judged
    }

    /// Everything.
    pub(crate) fn report(&self, options: &Options<'_>) -> Report {
        let rules = self.world.rules;
        let chosen = |id: &String| options.only.is_empty() || options.only.contains(id);
        let chosen: Vec<&Rule> = rules.rules.iter().filter(|rule| chosen(&rule.id)).collect();
        let judged = self.judge_all(&chosen, options.history);
        let scores = self.view().scores(&chosen, &judged);
        let zone = rules.calendar.zone;
        let as_of = zone.from_utc_datetime(&self.as_of.instant.naive_utc());
        let everything = options.only.is_empty();
        Report {
            schema: 1,
            as_of: as_of.to_rfc3339_opts(SecondsFormat::AutoSi, false),
            day: self.as_of.day,
            rules: chosen.iter().map(|rule| rule.info(&rules.sources)).collect(),
            verdicts: judged.into_iter().map(|(_, verdict)| verdict).collect(),
            scores,
            lists: if everything { self.view().worklists() } else { Vec::new() },
            goals: if everything { self.goals() } else { Vec::new() },
            problems: self.double_segments(),
        }
    }

    fn goals(&self) -> Vec<GoalVerdict> {
        let view = self.view();
        let goals = self.world.rules.goals.iter();
        goals
            .map(|goal| {
                let outcome = view.compare(&Scope::plain(&view, COMPANY), &goal.target);
                let days = outcome.days.filter(|days| days.first > NaiveDate::MIN);
                GoalVerdict {
                    id: goal.name.clone(),
                    text: goal.text.clone(),
                    period: days.map(|days| Period { from: days.first, to: days.last }),
                    status: outcome.status,
                    reason: outcome.reason,
                    attainment: outcome.figures.attainment(),
                    measured: outcome.figures.measured,
                    target: outcome.figures.target,
                    sentence: outcome.sentence,
                }
            })
            .collect()
    }

    /// "A customer that fits two in the data is a warning naming it, and has the first."
    fn double_segments(&self) -> Vec<ReportProblem> {
        let view = self.view();
        let segments = &self.world.rules.segments;
        let mut problems = Vec::new();
        for customer in self.world.data.items(Noun::Customer) {
            let reading = Reading::of(Bare::Completed);
            let fits: Vec<&str> = segments
                .iter()
                .filter(|segment| view.is_one_of(customer, &segment.phrase, reading).is_yes())
                .map(|segment| segment.name.as_str())
                .collect();
            if let [first, _, ..] = fits.as_slice() {
                let id = self.world.data.id(customer);
                problems.push(ReportProblem {
                    level: "warning".to_owned(),
                    file: None,
                    line: None,
                    column: None,
                    message: sentence::double_segment(id, &fits, first),
                });
            }
        }
        problems
    }

    /// The score of a seller, a team or the company, from 0 to 1; none without verdicts.
    pub(crate) fn score(&self, noun: Noun, id: &str) -> Option<Number> {
        let owner = self.world.data.find(noun, id)?;
        let rules: Vec<&Rule> = self.world.rules.rules.iter().collect();
        self.view().score_of(owner, &rules, &self.judge_all(&rules, false))
    }
}
