//! A whole evaluation: which subjects and periods, and the report.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone, Utc};

use super::decisions::Decisions;
use super::parallel::{in_parts, part_size};
use super::rule::Scope;
use super::score::Counts;
use super::store::{COMPANY, Store};
use super::view::{Mode, Moment, View};
use crate::check::rules::Compiled;
use crate::model::calendar::{Days, Unit, plus_days};
use crate::model::{Item, Noun, Number};
use crate::plan::{Plan, Rule};
use crate::sentence;
use crate::verdict::{GoalVerdict, Period, Report, ReportProblem, Verdict};

/// What is to be reported.
#[derive(Debug, Clone)]
pub(crate) struct Options<'o> {
    pub(crate) history: bool,
    /// Only the rules of these ids; all if there are none.
    pub(crate) only: &'o [String],
}

/// A plan and data as of a moment.
pub(crate) struct Evaluation<'a> {
    rules: &'a Compiled,
    plan: &'a Plan,
    store: &'a Store,
    as_of: Moment,
    range: Days,
}

impl<'a> Evaluation<'a> {
    /// `plan` is that of `rules`.
    pub(crate) fn new(
        rules: &'a Compiled,
        plan: &'a Plan,
        store: &'a Store,
        as_of: DateTime<Utc>,
        from: Option<NaiveDate>,
    ) -> Self {
        let as_of = Moment::new(&plan.calendar, as_of);
        let first = from.unwrap_or_else(|| plan.calendar.period(Unit::Year, as_of.day).first);
        let range = Days { first, last: as_of.day };
        Evaluation { rules, plan, store, as_of, range }
    }

    fn view(&self, mode: Mode) -> View<'_> {
        View::new(self.plan, self.store, self.as_of, self.as_of, mode)
    }

    /// The verdict on one subject in its current period; none if the rule does not judge it.
    pub(crate) fn verdict(&self, rule: usize, id: &str) -> Option<Verdict> {
        let rule = self.plan.rules.get(rule)?;
        let subject = self.store.find(rule.noun, id)?;
        let view = self.view(Mode::Tell);
        let is_judged = self.judges(&self.view(Mode::Decide), rule, subject);
        is_judged.then(|| view.verdict(rule, subject, self.as_of.day))
    }

    /// What is on a list.
    pub(crate) fn list(&self, index: usize) -> Vec<Item> {
        let list = self.plan.lists.get(index);
        list.map(|list| self.view(Mode::Decide).list(list)).unwrap_or_default()
    }

    /// The ids of things.
    pub(crate) fn ids(&self, items: &[Item]) -> Vec<String> {
        items.iter().map(|item| self.store.id(*item).into_owned()).collect()
    }

    /// Whether a rule, on the as-of day, has a verdict for a thing.
    fn judges(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        rule.in_force.contains(self.as_of.day)
            && self.is_in_range(view, rule, subject)
            && view.is_one_of(subject, rule.population).is_yes()
    }

    /// "A rule whose subject is an activity, and a deadline rule: the subjects whose anchor day
    /// lies in the range." One whose anchor is unknown is judged: the verdict says so.
    fn is_in_range(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        let range = self.range.and(rule.in_force);
        if subject.noun == Noun::Activity {
            return range.contains(self.store.day(subject.row));
        }
        let Some((field, before)) = &rule.anchor else { return true };
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
        let (Some(unit), true) = (rule.unit, history) else { return vec![today] };
        let calendar = &self.plan.calendar;
        let mut days = Vec::new();
        let mut period = calendar.period(unit, self.range.first.min(today));
        while period.first <= today {
            if !period.and(rule.in_force).is_empty() {
                days.push(period.last.min(today));
            }
            period = calendar.period(unit, plus_days(period.last, 1));
        }
        days
    }

    /// The rules that are asked for, with what each decides; in the order of writing.
    fn decide(&self, rules: &[&'a Rule], history: bool) -> Vec<Decisions> {
        let periods: Vec<_> = rules.iter().map(|rule| self.periods(rule, history)).collect();
        let mut decided: Vec<Decisions> = periods.iter().cloned().map(Decisions::new).collect();
        for noun in Noun::ALL {
            let about = |(place, rule): (usize, &&'a Rule)| {
                let is_judged = rule.noun == noun && rule.in_force.contains(self.as_of.day);
                is_judged.then_some((place, *rule))
            };
            let pass: Vec<(usize, &Rule)> =
                rules.iter().enumerate().filter_map(about).collect();
            if pass.is_empty() {
                continue;
            }
            let count = self.store.count(noun) as usize;
            let parts = in_parts(count, part_size(count, 4096), |rows| {
                let view = self.view(Mode::Decide);
                let mut decided: Vec<Decisions> =
                    pass.iter().map(|_| Decisions::default()).collect();
                for row in rows {
                    let subject = Item { noun, row: u32::try_from(row).unwrap_or(u32::MAX) };
                    for ((place, rule), decisions) in pass.iter().zip(&mut decided) {
                        if !self.judges(&view, rule, subject) {
                            continue;
                        }
                        decisions.subjects.push(subject.row);
                        for day in periods.get(*place).into_iter().flatten() {
                            decisions.push(&view.stand(rule, subject, *day));
                        }
                    }
                }
                decided
            });
            for part in parts {
                for ((place, _), decisions) in pass.iter().zip(part) {
                    if let Some(all) = decided.get_mut(*place) {
                        all.append(decisions);
                    }
                }
            }
        }
        decided
    }

    fn count(&self, rules: &[&Rule], decided: &[Decisions]) -> Counts {
        let mut counts = Counts::new(self.store, rules.len());
        for (place, (rule, decisions)) in rules.iter().zip(decided).enumerate() {
            counts.add(self.store, place, rule.noun, decisions);
        }
        counts
    }

    /// The verdicts of a rule: subjects by id, periods by date.
    fn verdicts(&self, rule: &Rule, decisions: &Decisions) -> Vec<Verdict> {
        let mut subjects = decisions.subjects.clone();
        let item = |row| Item { noun: rule.noun, row };
        subjects.sort_by(|a, b| self.store.by_id(item(*a), item(*b)));
        let parts = in_parts(subjects.len(), part_size(subjects.len(), 256), |part| {
            let view = self.view(Mode::Tell);
            let subjects = subjects.get(part).unwrap_or(&[]);
            let verdict = |row: &u32| {
                let verdict = |day: &NaiveDate| view.verdict(rule, item(*row), *day);
                decisions.periods.iter().map(verdict).collect::<Vec<_>>()
            };
            subjects.iter().flat_map(verdict).collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    }

    /// Everything.
    pub(crate) fn report(&self, options: &Options<'_>) -> Report {
        let is_chosen = |rule: &&Rule| {
            options.only.is_empty() || options.only.iter().any(|id| **id == *rule.id)
        };
        let chosen: Vec<&Rule> = self.plan.rules.iter().filter(is_chosen).collect();
        let decided = self.decide(&chosen, options.history);
        let view = self.view(Mode::Decide);
        let scores = view.scores(&chosen, &self.count(&chosen, &decided));
        let verdicts = chosen.iter().zip(&decided);
        let zone = self.plan.calendar.zone;
        let as_of = zone.from_utc_datetime(&self.as_of.instant.naive_utc());
        let everything = options.only.is_empty();
        let infos = self.rules.rules.iter().zip(&self.plan.rules);
        let infos = infos.filter(|(_, rule)| is_chosen(rule));
        Report {
            schema: 1,
            as_of: as_of.to_rfc3339_opts(SecondsFormat::AutoSi, false),
            day: self.as_of.day,
            rules: infos.map(|(rule, _)| rule.info(&self.rules.sources)).collect(),
            verdicts: verdicts.flat_map(|(rule, decided)| self.verdicts(rule, decided)).collect(),
            scores,
            lists: if everything { view.worklists() } else { Vec::new() },
            goals: if everything { self.goals() } else { Vec::new() },
            problems: self.double_segments(),
        }
    }

    fn goals(&self) -> Vec<GoalVerdict> {
        let view = self.view(Mode::Tell);
        let goals = self.rules.goals.iter().zip(&self.plan.goals);
        goals
            .map(|(goal, target)| {
                let outcome = view.condition(&Scope::plain(&view, COMPANY), *target);
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
        if self.plan.segments.len() < 2 {
            return Vec::new();
        }
        let view = self.view(Mode::Decide);
        let mut problems = Vec::new();
        for customer in self.store.items(Noun::Customer) {
            let fits = |test| view.is_one_of(customer, test).is_yes();
            let fitting = self.plan.segments.iter().filter(|(_, test)| fits(*test));
            let fitting: Vec<&str> = fitting.map(|(name, _)| name.as_str()).collect();
            if let [first, _, ..] = fitting.as_slice() {
                let id = self.store.id(customer);
                problems.push(ReportProblem {
                    level: "warning".to_owned(),
                    file: None,
                    line: None,
                    column: None,
                    message: sentence::double_segment(&id, &fitting, first),
                });
            }
        }
        problems
    }

    /// The score of a seller, a team or the company, from 0 to 1; none without verdicts.
    pub(crate) fn score(&self, noun: Noun, id: &str) -> Option<Number> {
        let owner = self.store.find(noun, id)?;
        let rules: Vec<&Rule> = self.plan.rules.iter().collect();
        let counts = self.count(&rules, &self.decide(&rules, false));
        self.view(Mode::Decide).score_of(owner, &rules, &counts)
    }
}
