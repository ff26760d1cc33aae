//! A whole evaluation: which subjects and periods, and the report.

use chrono::{NaiveDate, SecondsFormat, TimeZone};
use kadence::internals::Item;
use kadence::internals::calendar::{Days, Unit, plus_days};
use kadence::internals::rules::Rule;
use kadence::verdict::{GoalVerdict, Period, Report, ReportProblem, Verdict};
use kadence::{Dataset, EvaluateError, Noun, Options, RuleSet};

use crate::phrase::{Bare, Reading};
use crate::rule::{Scope, anchor, in_force, shortest_unit};
use crate::view::{Moment, View};
use crate::world::{COMPANY, World};

/// Rules and data as of a moment.
pub struct Reference<'a> {
    world: World<'a>,
    as_of: Moment,
    /// "The range goes from its start (default: the first day of the calendar's current year) to
    /// the as-of day."
    range: Days,
    options: &'a Options,
}

impl<'a> Reference<'a> {
    /// Rules and data as of a moment.
    ///
    /// # Errors
    ///
    /// The dataset was built for rules with another zone, other kinds or other fields, or
    /// [`Options::only`] names a rule that there is not.
    pub fn new(
        rules: &'a RuleSet,
        data: &'a Dataset,
        options: &'a Options,
    ) -> Result<Self, EvaluateError> {
        if !rules.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        let rules = rules.compiled();
        let known = |id: &&String| rules.rules.iter().any(|rule| rule.id == **id);
        if let Some(unknown) = options.only.iter().find(|id| !known(id)) {
            return Err(EvaluateError::UnknownRule(unknown.clone()));
        }
        let as_of = Moment::new(&rules.calendar, options.as_of.instant(rules));
        let year = rules.calendar.period(Unit::Year, as_of.day);
        let range = Days { first: options.from.unwrap_or(year.first), last: as_of.day };
        Ok(Reference { world: World::new(rules, data, options.language), as_of, range, options })
    }

    fn view(&self) -> View<'_> {
        View::new(&self.world, self.as_of)
    }

    /// Whether a rule, on the as-of day, has a verdict for a thing. "A rule not in force on the as-of
    /// day gives no verdicts." "A population `where` an unknown field would decide leaves that
    /// subject out."
    fn judges(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        in_force(rule).contains(self.as_of.day)
            && self.is_in_range(view, rule, subject)
            && view.is_one_of(subject, &rule.subject, Reading::of(Bare::Completed)).is_yes()
    }

    /// "A rule whose subject is an activity, and a deadline rule: the subjects whose anchor day
    /// lies in the range." One whose anchor is unknown is judged: the verdict says so.
    fn is_in_range(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        let range = self.range.and(in_force(rule));
        if subject.noun == Noun::Activity {
            return range.contains(self.world.at(subject).1);
        }
        let Some((field, before)) = anchor(&rule.condition) else { return true };
        match view.day_of(subject, field) {
            Ok(day) => {
                range.contains(before.map_or(day, |length| view.calendar().minus(day, length)))
            }
            Err(_) => true,
        }
    }

    /// "A `per UNIT` rule: the current period; with history on, every period from the range's start."
    /// A day of each stands for it.
    fn periods(&self, rule: &Rule) -> Vec<NaiveDate> {
        let today = self.as_of.day;
        let (Some(unit), true) = (shortest_unit(&rule.condition), self.options.history) else {
            return vec![today];
        };
        let calendar = &self.world.rules.calendar;
        let mut days = Vec::new();
        let mut period = calendar.period(unit, self.range.first.min(today));
        while period.first <= today {
            if !period.and(in_force(rule)).is_empty() {
                days.push(period.last.min(today));
            }
            period = calendar.period(unit, plus_days(period.last, 1));
        }
        days
    }

    /// Rules as written, subjects by id, periods by date.
    fn judge_all(
        &self,
        rules: &[&Rule],
        changes_of: impl Fn(usize) -> bool,
    ) -> Vec<(Item, Verdict)> {
        let view = self.view();
        let mut judged = Vec::new();
        for rule in rules {
            let items = self.world.data.items(rule.subject.noun);
            let mut subjects: Vec<Item> =
                items.filter(|subject| self.judges(&view, rule, *subject)).collect();
            subjects.sort_by_key(|subject| self.world.data.id(*subject));
            let periods = self.periods(rule);
            for subject in subjects {
                for day in &periods {
                    let with_changes = changes_of(judged.len());
                    judged.push((subject, view.verdict(rule, subject, *day, with_changes)));
                }
            }
        }
        judged
    }

    /// Everything, but `changes`, and the `due` that rests on it, only of the verdicts for whose
    /// place `changes_of` says so.
    pub fn report(&self, changes_of: impl Fn(usize) -> bool) -> Report {
        let rules = self.world.rules;
        let options = self.options;
        let chosen = |id: &String| options.only.is_empty() || options.only.contains(id);
        let chosen: Vec<&Rule> = rules.rules.iter().filter(|rule| chosen(&rule.id)).collect();
        let judged = self.judge_all(&chosen, changes_of);
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
        let mut customers: Vec<Item> = self.world.data.items(Noun::Customer).collect();
        customers.sort_by_key(|customer| self.world.data.id(*customer));
        for customer in customers {
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
                    message: view.words().double_segment(id, &fits, first),
                });
            }
        }
        problems
    }
}
