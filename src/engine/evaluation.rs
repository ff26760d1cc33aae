//! A whole evaluation: which subjects and periods, and the report.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::decisions::{Decisions, Part};
use super::parallel::{in_parts, part_size};
use super::quick::{Found, Quick};
use super::score::{self, Counts};
use super::store::{Known, Store};
use super::view::{Mode, Moment, View};
use crate::check::rules::Compiled;
use crate::model::calendar::{Days, Unit, plus_days};
use crate::model::{FieldRef, Item, Noun, Number};
use crate::plan::{Plan, Rule};
use crate::sentence::Language;
use crate::verdict::{GoalVerdict, Outline, Period, Report, ReportProblem, Scores, Tally, Verdict};

/// How many things are judged by one rule after the other: their activities stay in the cache.
const PART: usize = 1024;
const LARGE_PART: usize = 1 << 16;

/// What is to be judged, and as of when.
#[derive(Debug, Clone)]
pub(crate) struct Options<'o> {
    pub(crate) as_of: DateTime<Utc>,
    /// Where the range starts, if not with the year.
    pub(crate) from: Option<NaiveDate>,
    pub(crate) history: bool,
    /// Only the rules of these ids; all if there are none.
    pub(crate) only: &'o [String],
}

/// A plan and data as of a moment, and what is decided.
pub(crate) struct Evaluation<'a> {
    pub(super) rules: &'a Compiled,
    pub(super) plan: Arc<Plan>,
    pub(super) store: &'a Store,
    pub(super) as_of: Moment,
    pub(super) range: Days,
    language: Language,
    /// The rules that are asked for, by their places, with what each decides.
    decided: Vec<(usize, Decisions)>,
    /// What was found out to decide it, which tells what counted as well.
    found: Option<Arc<Found>>,
    is_everything: bool,
}

impl<'a> Evaluation<'a> {
    /// Decides nothing yet. `plan` is that of `rules`.
    pub(crate) fn new(
        rules: &'a Compiled,
        plan: Arc<Plan>,
        store: &'a Store,
        options: &Options<'_>,
    ) -> Self {
        let as_of = Moment::new(&plan.calendar, options.as_of);
        let of_year = || plan.calendar.period(Unit::Year, as_of.day).first;
        let range = Days { first: options.from.unwrap_or_else(of_year), last: as_of.day };
        let is_everything = options.only.is_empty();
        let mut evaluation = Evaluation {
            rules,
            plan,
            store,
            as_of,
            range,
            language: Language::default(),
            decided: Vec::new(),
            found: None,
            is_everything,
        };
        let is_chosen = |(_, rule): &(usize, &Rule)| {
            is_everything || options.only.iter().any(|id| **id == *rule.id)
        };
        let chosen = evaluation.plan.rules.iter().enumerate().filter(is_chosen);
        let since = options.history.then_some(range.first);
        let empty = |(place, rule)| (place, Decisions::new(evaluation.periods(rule, since)));
        evaluation.decided = chosen.map(empty).collect();
        evaluation
    }

    /// The same, in the words of a language; at first in English.
    pub(crate) fn in_language(self, language: Language) -> Self {
        Evaluation { language, ..self }
    }

    pub(crate) fn store(&self) -> &'a Store {
        self.store
    }

    /// Decides everything that is asked for.
    pub(crate) fn decide(mut self) -> Self {
        let quick = self.quick();
        let decided: Vec<_> =
            Noun::ALL.into_iter().flat_map(|noun| self.decide_about(noun, &quick)).collect();
        let found = quick.found();
        drop(quick);
        self.found = Some(found);
        for (place, part) in decided {
            if let Some((_, decisions)) = self.decided.get_mut(place) {
                decisions.add(part);
            }
        }
        self
    }

    pub(super) fn view(&self, mode: Mode) -> View<'_> {
        View::new(&self.plan, self.store, self.as_of, self.as_of, mode).in_language(self.language)
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

    /// The value of a field, as of now.
    pub(crate) fn value(&self, item: Item, field: FieldRef) -> Option<Known<'_>> {
        self.view(Mode::Decide).value(item, field)
    }

    /// Whether a thing exists: what is created later does not.
    pub(crate) fn exists(&self, item: Item) -> bool {
        self.view(Mode::Decide).exists(item)
    }

    /// The ids of things.
    pub(crate) fn ids(&self, items: &[Item]) -> Vec<String> {
        items.iter().map(|item| self.store.id(*item).into_owned()).collect()
    }

    /// Whether a rule, on the as-of day, has a verdict for a thing.
    pub(super) fn judges(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
        self.is_in_force(rule)
            && self.is_in_range(view, rule, subject)
            && view.is_one_of(subject, rule.population).is_yes()
    }

    /// "A rule whose subject is an activity, and a deadline rule: the subjects whose anchor day
    /// lies in the range." One whose anchor is unknown is judged: the verdict says so.
    pub(super) fn is_in_range(&self, view: &View<'_>, rule: &Rule, subject: Item) -> bool {
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

    /// The same, with `per UNIT` rules judged for every period from that which holds a day; nothing is
    /// decided yet.
    pub(crate) fn with_periods_since(mut self, day: NaiveDate) -> Self {
        let periods = |place: usize| {
            self.plan.rules.get(place).map_or_else(Vec::new, |rule| self.periods(rule, Some(day)))
        };
        self.decided = self
            .decided
            .iter()
            .map(|(place, _)| (*place, Decisions::new(periods(*place))))
            .collect();
        self.found = None;
        self
    }

    /// The days that stand for the periods of a rule, from that which holds a day, or of the current
    /// one alone: one day in each.
    fn periods(&self, rule: &Rule, since: Option<NaiveDate>) -> Vec<NaiveDate> {
        let today = self.as_of.day;
        let (Some(unit), Some(since)) = (rule.unit, since) else { return vec![today] };
        let calendar = &self.plan.calendar;
        let mut days = Vec::new();
        let mut period = calendar.period(unit, since.min(today));
        while period.first <= today {
            if !period.and(rule.in_force).is_empty() {
                days.push(period.last.min(today));
            }
            period = calendar.period(unit, plus_days(period.last, 1));
        }
        days
    }

    /// A rule by its place among those that were asked for, with its place among all.
    pub(super) fn rule_place(&self, place: usize) -> Option<(usize, &Rule)> {
        let index = self.decided.get(place)?.0;
        Some((index, self.plan.rules.get(index)?))
    }

    pub(super) fn rule_at(&self, place: usize) -> Option<&Rule> {
        self.rule_place(place).map(|(_, rule)| rule)
    }

    /// Those of the rules that can be judged quickly.
    pub(super) fn quick(&self) -> Quick<'_> {
        let rules = self.decided().map(|(place, decisions)| {
            (self.rule_at(place).filter(|rule| self.is_in_force(rule)), &*decisions.periods)
        });
        Quick::new(&self.view(Mode::Decide), rules, self.range, self.found.clone())
    }

    pub(super) fn is_in_force(&self, rule: &Rule) -> bool {
        rule.in_force.contains(self.as_of.day)
    }

    /// The rules about a noun, in one pass over its things; the place of each and what it decides
    /// about some of them.
    fn decide_about(&self, noun: Noun, quick: &Quick<'_>) -> Vec<(usize, Part)> {
        let of_noun = |rule: &&Rule| rule.noun == noun && self.is_in_force(rule);
        let pass: Vec<(usize, &Rule, &[NaiveDate])> = self
            .decided()
            .filter_map(|(place, decisions)| {
                Some((place, self.rule_at(place).filter(of_noun)?, &*decisions.periods))
            })
            .collect();
        if pass.is_empty() {
            return Vec::new();
        }
        let count = self.store.count(noun) as usize;
        let most = if noun == Noun::Activity { LARGE_PART } else { PART };
        let parts = in_parts(count, part_size(count, most), |rows| {
            let view = self.view(Mode::Decide);
            let mut things = quick.things(noun, rows.clone());
            let decide = |(place, rule, periods): &(usize, &Rule, &[NaiveDate])| {
                let part = quick.judge(&view, *place, &mut things);
                (*place, part.unwrap_or_else(|| self.judge(&view, rule, periods, rows.clone())))
            };
            pass.iter().map(decide).collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    }

    fn judge(
        &self,
        view: &View<'_>,
        rule: &Rule,
        periods: &[NaiveDate],
        rows: std::ops::Range<usize>,
    ) -> Part {
        let mut part = Part::default();
        for row in rows {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            let subject = Item { noun: rule.noun, row };
            if self.judges(view, rule, subject) {
                part.subject(row);
                periods.iter().for_each(|day| part.push(&view.stand(rule, subject, *day)));
            }
        }
        part
    }

    /// What was decided, by the place of each rule among those that were asked for.
    pub(crate) fn decided(&self) -> impl Iterator<Item = (usize, &Decisions)> {
        self.decided.iter().map(|(_, decisions)| decisions).enumerate()
    }

    pub(crate) fn of_rule(&self, place: usize) -> Option<&Decisions> {
        self.decided.get(place).map(|(_, decisions)| decisions)
    }

    pub(crate) fn rule(&self, place: usize) -> &str {
        self.rule_at(place).map_or("", |rule| &rule.id)
    }

    pub(super) fn about(&self, place: usize, decision: usize) -> Option<(&Rule, Item, NaiveDate)> {
        let rule = self.rule_at(place)?;
        let (row, day) = self.of_rule(place)?.about(decision)?;
        Some((rule, Item { noun: rule.noun, row }, day))
    }

    pub(crate) fn subject(&self, place: usize, decision: usize) -> Cow<'_, str> {
        let about = self.about(place, decision);
        about.map_or(Cow::Borrowed(""), |(_, subject, _)| self.store.id(subject))
    }

    pub(crate) fn period(&self, place: usize, decision: usize) -> Option<Period> {
        let (rule, subject, day) = self.about(place, decision)?;
        let days = match rule.unit {
            Some(unit) => self.plan.calendar.period(unit, day).and(rule.in_force),
            None => self.view(Mode::Decide).judge(rule, subject, day).days?,
        };
        let is_bounded = rule.unit.is_some() || days.first > NaiveDate::MIN;
        is_bounded.then_some(Period { from: days.first, to: days.last })
    }

    pub(crate) fn evidence(&self, place: usize, decision: usize) -> Vec<String> {
        let Some((rule, subject, day)) = self.about(place, decision) else { return Vec::new() };
        let items = self.view(Mode::Show).evidence_of(rule, subject, day);
        items.map(|item| self.id(item).into_owned()).collect()
    }

    pub(crate) fn id(&self, item: Item) -> Cow<'_, str> {
        self.store.id(item)
    }

    pub(crate) fn verdict_at(&self, place: usize, decision: usize) -> Option<Verdict> {
        let (rule, subject, day) = self.about(place, decision)?;
        Some(self.view(Mode::Tell).verdict(rule, subject, day))
    }

    fn chosen(&self) -> Vec<&Rule> {
        (0..self.decided.len()).filter_map(|place| self.rule_at(place)).collect()
    }

    /// So many verdicts of each status, in the order of [`Status::ALL`](crate::verdict::Status::ALL),
    /// of the rule at a place.
    pub(crate) fn tally(&self, place: usize, counts: [u64; 6]) -> Option<Tally> {
        self.rule_at(place).map(|rule| score::tally(&[rule], &[counts]))
    }

    fn counts(&self) -> Counts {
        let rules = self
            .decided()
            .filter_map(|(place, decisions)| Some((self.rule_at(place)?.noun, decisions)));
        Counts::new(self.store, &rules.collect::<Vec<_>>())
    }

    /// Whether everybody has the score that they have by other rules in the same places.
    pub(crate) fn scores_as(&self, other: &Evaluation<'_>) -> bool {
        let weights = |of: &Evaluation<'_>| -> Vec<_> {
            of.chosen().into_iter().map(|rule| rule.weight).collect()
        };
        weights(self) == weights(other) && self.counts() == other.counts()
    }

    pub(crate) fn scores(&self) -> Scores {
        self.view(Mode::Decide).scores(&self.chosen(), &self.counts())
    }

    /// What is told of each decision of a rule: subjects by id, periods by date.
    fn of_each<T: Send>(
        &self,
        rule: &Rule,
        decisions: &Decisions,
        mode: Mode,
        tell: impl Fn(&View<'_>, Item, NaiveDate) -> T + Sync + Send,
    ) -> Vec<T> {
        let mut subjects: Vec<u32> = decisions.subjects().collect();
        let item = |row| Item { noun: rule.noun, row };
        subjects.sort_by(|a, b| self.store.by_id(item(*a), item(*b)));
        let parts = in_parts(subjects.len(), part_size(subjects.len(), 256), |part| {
            let view = self.view(mode);
            let subjects = subjects.get(part).unwrap_or(&[]);
            let told = |row: &u32| {
                let told = |day: &NaiveDate| tell(&view, item(*row), *day);
                decisions.periods.iter().map(told).collect::<Vec<_>>()
            };
            subjects.iter().flat_map(told).collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    }

    /// Everything.
    pub(crate) fn report(&self) -> Report {
        let view = self.view(Mode::Decide);
        let infos = self.decided.iter().filter_map(|(place, _)| self.rules.rules.get(*place));
        let verdicts = self.chosen().into_iter().zip(&self.decided).flat_map(|(rule, decided)| {
            let verdict = |view: &View<'_>, subject, day| view.verdict(rule, subject, day);
            self.of_each(rule, &decided.1, Mode::Tell, verdict)
        });
        Report {
            schema: 1,
            as_of: self.as_of.written(self.plan.calendar.zone),
            day: self.as_of.day,
            rules: infos.map(|rule| rule.info(&self.rules.sources)).collect(),
            verdicts: verdicts.collect(),
            scores: self.scores(),
            lists: if self.is_everything { view.worklists() } else { Vec::new() },
            goals: if self.is_everything { self.goals() } else { Vec::new() },
            problems: self.double_segments(),
        }
    }

    /// What stands on the time lines of the report's verdicts, in their order.
    pub(crate) fn outlines(&self) -> Vec<Outline> {
        let outlines = self.chosen().into_iter().zip(&self.decided).flat_map(|(rule, decided)| {
            let outline = |view: &View<'_>, subject, day| view.outline(rule, subject, day);
            self.of_each(rule, &decided.1, Mode::Outline, outline)
        });
        outlines.collect()
    }

    fn goals(&self) -> Vec<GoalVerdict> {
        (0..self.plan.goals.len()).filter_map(|goal| self.goal(goal)).collect()
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
                    message: self.language.words().double_segment(&id, &fitting, first),
                });
            }
        }
        problems
    }

    /// The score of a seller, a team or the company, from 0 to 1; none without verdicts.
    pub(crate) fn score(&self, noun: Noun, id: &str) -> Option<Number> {
        let owner = self.store.find(noun, id)?;
        self.view(Mode::Decide).score_of(owner, &self.chosen(), &self.counts())
    }
}
