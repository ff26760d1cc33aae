//! From which day on activities can make a difference to what is judged.
//!
//! Most rules look back for a year or so, while data goes back for many. Activities that name
//! another in `follows` are left aside: what they follow may be later than they are, so that they
//! are always kept.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    Condition, ConditionId, DateExpr, Dating, Measure, NumberTest, Plan, Rule, SetId, Spacing,
    Test, TestId,
};
use crate::check::rules::{FieldTest, Path, Window};
use crate::model::calendar::{Duration, Unit};
use crate::model::{FieldRef, FieldType, Noun};

/// As of when, and what, is judged.
#[derive(Debug, Clone)]
pub(crate) struct Occasion<'o> {
    pub(crate) as_of: DateTime<Utc>,
    /// Where the range starts, if not with the year.
    pub(crate) from: Option<NaiveDate>,
    pub(crate) history: bool,
    /// Only the rules of these ids; all, with lists and goals, if there are none.
    pub(crate) only: &'o [String],
}

impl Plan {
    /// The first local day whose activities can make a difference; the first of all where those of
    /// every day can, the last of all where none can.
    pub(crate) fn first_day(&self, occasion: &Occasion<'_>) -> NaiveDate {
        let calendar = &self.calendar;
        let today = calendar.day_of(occasion.as_of - TimeDelta::nanoseconds(1));
        let of_year = || calendar.period(Unit::Year, today).first;
        let range = occasion.from.unwrap_or_else(of_year);
        let mut search = Search {
            plan: self,
            as_of: occasion.as_of,
            today,
            first: NaiveDate::MAX,
            tests: HashSet::new(),
            conditions: HashSet::new(),
        };
        // Segments are told of every customer.
        self.segments.iter().for_each(|(_, test)| search.test(*test, NaiveDate::MIN));
        let is_everything = occasion.only.is_empty();
        for (place, rule) in self.rules.iter().enumerate() {
            let is_asked = is_everything || occasion.only.iter().any(|id| **id == *rule.id);
            if is_asked && rule.in_force.contains(today) {
                search.rule(place, rule, range, occasion.history);
            }
        }
        if is_everything {
            for list in &self.lists {
                search.things(list.noun, NaiveDate::MIN);
                search.test(list.population, NaiveDate::MIN);
                list.sort.iter().for_each(|(path, _)| search.path(path));
            }
            let frame = search.plain(NaiveDate::MIN);
            self.goals.iter().for_each(|goal| search.condition(*goal, frame));
        }
        search.first
    }
}

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Frame {
    /// The first day of the subjects, where these are activities.
    subjects: NaiveDate,
    /// `per UNIT` is the period that holds this day, or a later one.
    period_day: NaiveDate,
    /// The first day to which windows are cut.
    in_force: NaiveDate,
    /// The rule whose deadlines are judged from a day on, by its place.
    deadlines: Option<(usize, NaiveDate)>,
}

struct Search<'p> {
    plan: &'p Plan,
    as_of: DateTime<Utc>,
    today: NaiveDate,
    /// The first day that was found.
    first: NaiveDate,
    /// What has been looked at.
    tests: HashSet<(usize, NaiveDate)>,
    conditions: HashSet<(usize, Frame)>,
}

impl Search<'_> {
    fn needs(&mut self, from: NaiveDate) {
        self.first = self.first.min(from);
    }

    /// Things of a noun, from a day on where they are activities.
    fn things(&mut self, noun: Noun, from: NaiveDate) {
        if noun == Noun::Activity {
            self.needs(from);
        }
    }

    /// Where no rule says more.
    fn plain(&self, subjects: NaiveDate) -> Frame {
        Frame { subjects, period_day: self.today, in_force: NaiveDate::MIN, deadlines: None }
    }

    fn rule(&mut self, place: usize, rule: &Rule, range: NaiveDate, history: bool) {
        let start = range.max(rule.in_force.first);
        self.things(rule.noun, start);
        let period_day = match rule.unit {
            Some(unit) if history => {
                self.plan.calendar.period(unit, range.min(self.today)).last.min(self.today)
            }
            _ => self.today,
        };
        // An activity is judged by its own day.
        let deadlines = (rule.noun != Noun::Activity).then_some((place, start));
        let frame = Frame { period_day, deadlines, ..self.plain(start) };
        self.judged(rule, frame);
    }

    fn judged(&mut self, rule: &Rule, frame: Frame) {
        self.test(rule.population, frame.subjects);
        let plain = self.plain(frame.subjects);
        rule.unless.iter().for_each(|unless| self.condition(*unless, plain));
        self.condition(rule.condition, Frame { in_force: rule.in_force.first, ..frame });
    }

    fn test(&mut self, id: TestId, subjects: NaiveDate) {
        if self.tests.insert((id.index(), subjects)) {
            let plan = self.plan;
            self.in_test(plan.test(id), subjects);
        }
    }

    fn in_test(&mut self, test: &Test, subjects: NaiveDate) {
        match test {
            // What an activity itself says.
            Test::Always | Test::Never | Test::Class(_) => {}
            // Looked at before.
            Test::Segment(_) => {}
            Test::OverdueOpportunity => self.needs(NaiveDate::MIN),
            Test::Latest(rest) => self.in_test(rest, subjects),
            Test::On(noun, test) => {
                self.things(*noun, NaiveDate::MIN);
                self.test(*test, NaiveDate::MIN);
            }
            Test::Where(condition) => self.condition(*condition, self.plain(subjects)),
            Test::And(parts) | Test::Or(parts) => {
                parts.iter().for_each(|part| self.in_test(part, subjects));
            }
        }
    }

    /// What is counted from a day on; the first day of which there may be one.
    fn set(&mut self, id: SetId, from: NaiveDate) -> NaiveDate {
        let plan = self.plan;
        let set = plan.set(id);
        // Another day says nothing about that on which an activity takes place.
        let from = if set.dating == Dating::Own { from } else { NaiveDate::MIN };
        self.things(set.noun, from);
        self.test(set.test, from);
        self.test(set.kept, from);
        self.dating(&set.dating, from);
        set.spacing.iter().for_each(|spacing| self.spacing(spacing, from));
        from
    }

    fn dating(&mut self, dating: &Dating, from: NaiveDate) {
        match dating {
            Dating::Own => {}
            Dating::By(path) => self.path(path),
            Dating::Parts(parts) => {
                for (test, dating) in parts {
                    self.test(*test, from);
                    self.dating(dating, from);
                }
            }
        }
    }

    /// The first of a window counts, whatever comes before it.
    fn spacing(&mut self, spacing: &Spacing, from: NaiveDate) {
        for part in &spacing.parts {
            self.test(part.test, from);
            self.test(part.kept, from);
            self.spacing(&part.spacing, from);
        }
    }

    fn condition(&mut self, id: ConditionId, frame: Frame) {
        if !self.conditions.insert((id.index(), frame)) {
            return;
        }
        let plan = self.plan;
        match plan.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.condition(*part, frame));
            }
            Condition::Not(part) => self.condition(*part, frame),
            Condition::Compare(comparison) => {
                let from = self.window(&comparison.window, frame.period_day).max(frame.in_force);
                self.measure(&comparison.left, from);
                match &comparison.test {
                    NumberTest::Is(_, value) => self.measure(value, from),
                    NumberTest::Between(low, high) => {
                        self.measure(low, from);
                        self.measure(high, from);
                    }
                }
            }
            Condition::Next { set, .. } => {
                self.set(*set, self.today);
            }
            Condition::Followed { set, .. } => {
                self.needs(frame.subjects);
                // One that names what it follows may be of any day.
                let set = plan.set(*set);
                self.test(set.test, NaiveDate::MIN);
                self.test(set.kept, NaiveDate::MIN);
            }
            Condition::Within { set, within, before, of } => {
                self.path(of);
                let from = self.term(*within, *before, of, frame);
                self.set(*set, from);
            }
            Condition::KnownWithin { field, of, .. } => {
                self.path(field);
                self.path(of);
            }
            // The latest may be of any day.
            Condition::Every { set, .. } => {
                self.set(*set, NaiveDate::MIN);
            }
            Condition::Field { path, test } => {
                self.path(path);
                match test {
                    FieldTest::Date(_, date) => {
                        self.date(date);
                    }
                    FieldTest::In(window) => {
                        self.window(window, self.today);
                    }
                    _ => {}
                }
            }
            Condition::Is { test, .. } => self.test(*test, frame.subjects),
            Condition::Meets(rule) => {
                let plain = self.plain(frame.subjects);
                plan.rules.get(*rule).into_iter().for_each(|rule| self.judged(rule, plain));
            }
        }
    }

    /// The first day of a deadline, where the rule judges those from a day on.
    fn term(&self, within: Duration, before: bool, of: &Path, frame: Frame) -> NaiveDate {
        let rule = |(place, start)| Some((self.plan.rules.get(place)?, start));
        let Some((rule, start)) = frame.deadlines.and_then(rule) else { return NaiveDate::MIN };
        let is_anchor = |(path, _): &(Path, _)| path.steps == of.steps;
        if !rule.anchor.as_ref().is_some_and(is_anchor) {
            return NaiveDate::MIN;
        }
        let calendar = &self.plan.calendar;
        match (before, within.clock()) {
            (false, _) => start,
            (true, Some(clock)) => calendar.day_of(calendar.start_of(start) - clock),
            (true, None) => calendar.minus(start, within),
        }
    }

    fn measure(&mut self, measure: &Measure, from: NaiveDate) {
        match measure {
            Measure::Number(_) => {}
            Measure::Field(path) => self.path(path),
            Measure::Count(set) | Measure::LongestGap(set) | Measure::DaysSince(set) => {
                self.set(*set, from);
            }
            Measure::Aggregate { field, of, .. } => {
                self.path(field);
                self.set(*of, from);
            }
            Measure::Share { of, that } => {
                let from = self.set(*of, from);
                self.condition(*that, self.plain(from));
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().for_each(|(_, part)| self.measure(part, from));
            }
            Measure::Negative(part) => self.measure(part, from),
        }
    }

    /// The first day of a window.
    fn window(&mut self, window: &Window, period_day: NaiveDate) -> NaiveDate {
        let calendar = &self.plan.calendar;
        match window {
            Window::Ever => NaiveDate::MIN,
            Window::Per(unit) => calendar.period(*unit, period_day).first,
            Window::This(unit) => calendar.period(*unit, self.today).first,
            Window::Previous(unit) => {
                calendar.previous(*unit, calendar.period(*unit, self.today)).first
            }
            Window::Last(duration) => match duration.clock() {
                Some(length) => calendar.day_of(self.as_of - length),
                None => calendar.last(self.today, *duration).first,
            },
            Window::Since(date) => self.date(date),
            Window::FromUntil(from, until) => {
                self.date(until);
                self.date(from)
            }
        }
    }

    /// The first day that a date can mean.
    fn date(&mut self, date: &DateExpr) -> NaiveDate {
        match date {
            DateExpr::Date(day) => *day,
            DateExpr::Instant(at) => self.plan.calendar.day_of(*at),
            DateExpr::Today => self.today,
            DateExpr::Field(path) => {
                self.path(path);
                NaiveDate::MIN
            }
        }
    }

    /// What an activity follows may be of any day.
    fn path(&mut self, path: &Path) {
        let leads_to_activity = |step: &FieldRef| {
            let field = self.plan.schema.definition(*step);
            field.is_some_and(|field| field.kind == FieldType::Reference(Noun::Activity))
        };
        if path.steps.iter().any(leads_to_activity) {
            self.needs(NaiveDate::MIN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{self, NoFiles};

    /// As of the end of 2026-11-15, a Sunday.
    fn first(text: &str, from: Option<&str>, history: bool) -> NaiveDate {
        let (compiled, found) = check::compile("first.kpi", text, &NoFiles, 1 << 20);
        assert!(found.is_empty(), "{found:?}");
        let as_of = compiled.calendar.end_of("2026-11-15".parse().unwrap());
        let from = from.map(|day| day.parse().unwrap());
        let plan = Plan::new(&compiled, compiled.schema.kinds());
        plan.first_day(&Occasion { as_of, from, history, only: &[] })
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn windows_say_it() {
        for (rule, expected) in [
            ("customer: calls >= 1 per week", "2026-11-09"),
            ("customer: calls >= 1 this quarter", "2026-10-01"),
            ("customer: calls >= 1 in previous month", "2026-10-01"),
            ("customer: calls >= 1 in last 12 months", "2025-11-16"),
            ("customer: calls >= 1 in last 5 workdays", "2026-11-09"),
            ("customer: calls >= 1 in last 25 hours", "2026-11-14"),
            ("customer: calls >= 1 since 2026-03-04", "2026-03-04"),
            ("customer: calls >= 1 from 2026-03-04 until 2026-04-05", "2026-03-04"),
            ("customer: calls spaced 9 days >= 1 per month", "2026-11-01"),
            ("customer: longest gap of calls <= 9 days per month", "2026-11-01"),
            ("customer: days since call <= 9 in last 30 days", "2026-10-17"),
            ("customer: distinct seller of calls <= 3 per month", "2026-11-01"),
            ("customer: calls >= visits per month", "2026-11-01"),
            ("customer: next call", "2026-11-15"),
            ("customer: next call and calls >= 1 this week", "2026-11-09"),
            ("customer where (calls >= 1 this year): next call", "2026-01-01"),
            ("customer: next call unless visits >= 1 in last 9 days", "2026-11-07"),
            ("customer: calls >= 1   since 2026-02-03", "2026-02-03"),
            (
                "team: share of calls that (followed by call within 9 days) >= 5% this week",
                "2026-11-09",
            ),
            (
                "segment A = customer where calls >= 1 in last 9 days\nA-customer: next call",
                "2026-11-07",
            ),
            ("customer: calls >= 1 this week as r\ncustomer: meets r", "2026-11-09"),
            (
                "customer: next call\nlist \"l\" = customer where calls >= 1 this month",
                "2026-11-01",
            ),
            ("customer: next call\ngoal g = calls >= 1 this month", "2026-11-01"),
        ] {
            assert_eq!(first(rule, None, false), day(expected), "{rule}");
        }
    }

    #[test]
    fn some_rules_look_at_all_time() {
        for rule in [
            "customer: calls >= 1",
            "customer: days since call <= 9",
            "customer: call every 9 days",
            "customer: calls >= 1 since created",
            "customer: calls dated created >= 1 per week",
            "opportunity: call within 9 days of lead.created and call within 9 days of created",
            "overdue opportunity: next call",
            "lead: next call unless is overdue",
            "seller: calls on overdue lead >= 1 per week",
            "seller: calls where (follows is known) >= 1 per week",
            "seller: calls where (follows.kind is visit) >= 1 per week",
            "seller: distinct follows of calls >= 1 per week",
            "customer where (call within 9 days of created): next call",
            "list \"l\" = planned call",
            "segment A = customer where calls >= 1\nA-customer: next call",
            "call: followed by call where (followed by call within 9 days) within 9 days",
        ] {
            assert_eq!(first(rule, None, false), NaiveDate::MIN, "{rule}");
        }
    }

    #[test]
    fn rules_without_activities_need_none() {
        assert_eq!(first("lead: source is known", None, false), NaiveDate::MAX);
        assert_eq!(first("seller: opportunities >= 1", None, false), NaiveDate::MAX);
    }

    #[test]
    fn a_range_starts_with_the_year_unless_said() {
        for rule in [
            "meeting: followed by call within 9 days",
            "meeting: outcome is known",
            "lead: call within 9 days of created",
            "lead: call within 9 days of created and call within 2 days of created",
        ] {
            assert_eq!(first(rule, None, false), day("2026-01-01"), "{rule}");
            assert_eq!(first(rule, Some("2025-05-06"), false), day("2025-05-06"), "{rule}");
            let cut = format!("{rule}   since 2026-02-03");
            assert_eq!(first(&cut, None, false), day("2026-02-03"), "{rule}");
        }
        let before = "campaign: call within 9 days before start";
        assert_eq!(first(before, None, false), day("2025-12-23"));
        let before = "lead: call within 30 hours before created";
        assert_eq!(first(before, None, false), day("2025-12-30"));
    }

    #[test]
    fn history_starts_with_the_period_that_holds_the_start_of_the_range() {
        let rule = "seller: calls >= 1 per month and visits >= 1 per quarter";
        assert_eq!(first(rule, Some("2026-02-03"), false), day("2026-10-01"));
        assert_eq!(first(rule, Some("2026-02-03"), true), day("2026-01-01"));
        let rule = "seller: calls >= 1 per month";
        assert_eq!(first(rule, Some("2026-02-03"), true), day("2026-02-01"));
        assert_eq!(first(rule, Some("2027-02-03"), true), day("2026-11-01"));
    }

    #[test]
    fn only_what_is_asked_for_counts() {
        let text = "customer: calls >= 1  as ever\ncustomer: calls >= 1 this week  as week\n\
                    list \"l\" = overdue lead\n";
        let (compiled, _) = check::compile("first.kpi", text, &NoFiles, 1 << 20);
        let as_of = compiled.calendar.end_of(day("2026-11-15"));
        let plan = Plan::new(&compiled, compiled.schema.kinds());
        let of =
            |only: &[String]| plan.first_day(&Occasion { as_of, from: None, history: false, only });
        assert_eq!(of(&["week".to_owned()]), day("2026-11-09"));
        assert_eq!(of(&["ever".to_owned()]), NaiveDate::MIN);
        let over = text.replace("  as ever", "  as ever until 2026-03-04").replace("list", "# ");
        assert_eq!(first(&over, None, false), day("2026-11-09"));
    }
}
