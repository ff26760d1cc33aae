//! One pass over a noun's activities for all rules about it.
//!
//! Rules about customers ask the same things of the same activities: how many touchpoints this
//! year, how many in the last twelve months. A pass says what is asked, each once, so that a
//! customer's activities can be looked at once, whatever the number of rules.

use super::{
    ALWAYS, Condition, ConditionId, DateExpr, Dating, Measure, NumberTest, Plan, Set, SetId, Test,
    TestId,
};
use crate::check::rules::{FieldTest, Path, Window};
use crate::model::Noun;
use crate::model::calendar::{Days, Duration};

/// What the rules about one noun's things ask of their activities and other things.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    pub(crate) noun: Noun,
    /// The rules, by their places in [`Plan::rules`].
    pub(crate) rules: Vec<usize>,
    /// Each once, in the order of the rules.
    pub(crate) asks: Vec<Ask>,
}

/// A set, over some days.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Of sets that are the same but for their words, the first.
    pub(crate) set: SetId,
    pub(crate) over: Over,
    /// The days to which windows are cut: those in which the rules are in force.
    pub(crate) cut: Days,
    /// Whether it can be counted without knowing the subject, the activity's kind and state at
    /// hand: neither which things are meant nor the days depend on who asks or how far the view
    /// runs ahead.
    pub(crate) is_countable: bool,
    pub(crate) rules: Vec<usize>,
}

/// Over which days a set is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Over {
    Window(Window),
    Next(Option<Duration>),
    Followed { booked: bool, within: Duration },
    Within { within: Duration, before: bool, of: Path },
    Every(Duration),
}

impl Plan {
    /// What is asked about each noun's things, in the order of the rules.
    pub(crate) fn passes(&self) -> Vec<Pass> {
        let mut passes: Vec<Pass> = Vec::new();
        for (i, rule) in self.rules.iter().enumerate() {
            let place = passes.iter().position(|pass| pass.noun == rule.noun);
            let mut pass = match place {
                Some(place) => passes.remove(place),
                None => Pass { noun: rule.noun, rules: Vec::new(), asks: Vec::new() },
            };
            pass.rules.push(i);
            let mut gather = Gather { plan: self, pass: &mut pass, rule: i, cut: ALWAYS };
            gather.test(self.test(rule.population));
            rule.unless.iter().for_each(|unless| gather.condition(*unless));
            gather.cut = rule.in_force;
            gather.condition(rule.condition);
            passes.insert(place.unwrap_or(passes.len()), pass);
        }
        passes
    }

    /// Of the sets that hold the same things on the same days, the first: sets differ in the words
    /// in which they are written, too.
    pub(crate) fn first_like(&self, set: SetId) -> SetId {
        let like = self.set(set);
        let what = |set: &Set| (set.noun, set.test, set.kept);
        let is_like = |other: &Set| {
            what(other) == what(like)
                && other.dating == like.dating
                && other.spacing == like.spacing
        };
        let first = self.sets.iter().find(|(_, other)| is_like(other));
        first.map_or(set, |(first, _)| first)
    }

    /// Whether a set's activities are told by kind and state and by what does not move.
    fn is_countable(&self, set: SetId) -> bool {
        let set = self.set(set);
        set.noun == Noun::Activity
            && set.dating == Dating::Own
            && set.spacing.is_none()
            && self.stands(self.test(set.test), set.noun)
            && self.stands(self.test(set.kept), set.noun)
    }

    /// Whether a test, but for the activity's own state, says the same however far the view runs
    /// ahead.
    fn stands(&self, test: &Test, noun: Noun) -> bool {
        match test {
            Test::Always | Test::Never | Test::Class(_) => true,
            Test::Segment(_) => self.segments_stand(),
            Test::OverdueOpportunity | Test::Latest(_) => false,
            Test::On(noun, test) => self.is_still(*test, *noun),
            Test::Where(condition) => self.condition_stands(*condition, noun),
            Test::And(parts) | Test::Or(parts) => parts.iter().all(|part| self.stands(part, noun)),
        }
    }

    /// The same, of a thing that a counted one belongs to: an activity's state moves.
    fn is_still(&self, test: TestId, noun: Noun) -> bool {
        noun != Noun::Activity && self.stands(self.test(test), noun)
    }

    fn segments_stand(&self) -> bool {
        self.segments.iter().all(|(_, test)| self.stands(self.test(*test), Noun::Customer))
    }

    fn condition_stands(&self, condition: ConditionId, noun: Noun) -> bool {
        match self.condition(condition) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().all(|part| self.condition_stands(*part, noun))
            }
            Condition::Not(part) => self.condition_stands(*part, noun),
            Condition::Field { path, test } => self.path_stands(path) && self.test_stands(test),
            Condition::Compare(comparison) => {
                let left = self.measure_stands(&comparison.left);
                left && match &comparison.test {
                    NumberTest::Is(_, value) => self.measure_stands(value),
                    NumberTest::Between(low, high) => {
                        self.measure_stands(low) && self.measure_stands(high)
                    }
                }
            }
            Condition::Is { test, .. } => self.is_still(*test, noun),
            _ => false,
        }
    }

    fn measure_stands(&self, measure: &Measure) -> bool {
        match measure {
            Measure::Number(_) => true,
            Measure::Field(path) => self.path_stands(path),
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().all(|(_, part)| self.measure_stands(part))
            }
            Measure::Negative(part) => self.measure_stands(part),
            _ => false,
        }
    }

    /// A planned activity's status moves as the view runs ahead, and a segment by rule may.
    fn path_stands(&self, path: &Path) -> bool {
        let Some(last) = path.steps.last() else { return true };
        let is = |name| self.schema.field_ref(last.noun, name) == Some(*last);
        match last.noun {
            Noun::Activity => !is("status"),
            Noun::Customer if is("segment") => self.segments_stand(),
            _ => true,
        }
    }

    fn test_stands(&self, test: &FieldTest) -> bool {
        let stands = |date: &DateExpr| match date {
            DateExpr::Date(_) | DateExpr::Instant(_) => true,
            DateExpr::Field(path) => self.path_stands(path),
            DateExpr::Today => false,
        };
        match test {
            FieldTest::Date(_, date) | FieldTest::In(Window::Since(date)) => stands(date),
            FieldTest::In(Window::FromUntil(from, until)) => stands(from) && stands(until),
            FieldTest::In(_) => false,
            _ => true,
        }
    }
}

/// Whether a window is the same whole days for every subject.
fn is_common(window: &Window) -> bool {
    let is_field = |date: &DateExpr| matches!(date, DateExpr::Field(_));
    match window {
        Window::Ever | Window::Per(_) | Window::This(_) | Window::Previous(_) => true,
        Window::Last(duration) => !duration.is_clock(),
        Window::Since(date) => !is_field(date),
        Window::FromUntil(from, until) => !is_field(from) && !is_field(until),
    }
}

struct Gather<'p> {
    plan: &'p Plan,
    pass: &'p mut Pass,
    rule: usize,
    cut: Days,
}

impl Gather<'_> {
    fn ask(&mut self, set: SetId, over: Over, counts: bool) {
        let set = self.plan.first_like(set);
        let (cut, rule) = (self.cut, self.rule);
        let is_countable = counts
            && self.plan.is_countable(set)
            && matches!(&over, Over::Window(window) if is_common(window));
        let same = |ask: &&mut Ask| {
            (ask.set, ask.cut, ask.is_countable) == (set, cut, is_countable) && ask.over == over
        };
        match self.pass.asks.iter_mut().find(same) {
            Some(ask) if ask.rules.last() == Some(&rule) => {}
            Some(ask) => ask.rules.push(rule),
            None => self.pass.asks.push(Ask { set, over, cut, is_countable, rules: vec![rule] }),
        }
    }

    /// What a test asks of the thing itself. What it asks of others is no part of this pass.
    fn test(&mut self, test: &Test) {
        let plan = self.plan;
        match test {
            Test::Where(condition) => self.condition(*condition),
            Test::Latest(rest) => self.test(rest),
            Test::And(parts) | Test::Or(parts) => {
                parts.iter().for_each(|part| self.test(part));
            }
            Test::Segment(_) => {
                plan.segments.iter().for_each(|(_, test)| self.test(plan.test(*test)));
            }
            Test::Always
            | Test::Never
            | Test::Class(_)
            | Test::OverdueOpportunity
            | Test::On(..) => {}
        }
    }

    fn condition(&mut self, condition: ConditionId) {
        let plan = self.plan;
        match plan.condition(condition) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.condition(*part));
            }
            Condition::Not(part) => self.condition(*part),
            Condition::Compare(comparison) => {
                self.measure(&comparison.left, &comparison.window);
                match &comparison.test {
                    NumberTest::Is(_, value) => self.measure(value, &comparison.window),
                    NumberTest::Between(low, high) => {
                        self.measure(low, &comparison.window);
                        self.measure(high, &comparison.window);
                    }
                }
            }
            Condition::Next { set, within } => self.ask(*set, Over::Next(*within), false),
            Condition::Followed { set, booked, within } => {
                self.ask(*set, Over::Followed { booked: *booked, within: *within }, false);
            }
            Condition::Within { set, within, before, of } => {
                let over = Over::Within { within: *within, before: *before, of: of.clone() };
                self.ask(*set, over, false);
            }
            Condition::Every { set, every } => self.ask(*set, Over::Every(*every), false),
            Condition::Is { test, .. } => self.test(plan.test(*test)),
            Condition::KnownWithin { .. } | Condition::Field { .. } | Condition::Meets(_) => {}
        }
    }

    fn measure(&mut self, measure: &Measure, window: &Window) {
        match measure {
            Measure::Count(set) => self.ask(*set, Over::Window(window.clone()), true),
            Measure::Aggregate { of: set, .. }
            | Measure::LongestGap(set)
            | Measure::DaysSince(set)
            | Measure::Share { of: set, .. } => {
                self.ask(*set, Over::Window(window.clone()), false);
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().for_each(|(_, part)| self.measure(part, window));
            }
            Measure::Negative(part) => self.measure(part, window),
            Measure::Number(_) | Measure::Field(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{self, NoFiles};

    fn passes(text: &str) -> Vec<(Noun, Vec<String>)> {
        let (compiled, found) = check::compile("passes.kpi", text, &NoFiles, 1 << 20);
        assert!(found.is_empty(), "{found:?}");
        let plan = Plan::new(&compiled, compiled.schema.kinds());
        let told = |ask: &Ask| {
            let counts = if ask.is_countable { "counts" } else { "finds" };
            let words = &plan.set(ask.set).written.text;
            format!("{counts} {words} over {:?} for {:?}", ask.over, ask.rules)
        };
        plan.passes().iter().map(|pass| (pass.noun, pass.asks.iter().map(told).collect())).collect()
    }

    #[test]
    fn what_two_rules_ask_is_asked_once() {
        let found = passes(
            "A-customer: touchpoints >= 4 per year\n\
             lead: next call\n\
             B-customer: touchpoint >= 2 per year and longest gap of touchpoints <= 9 per year\n",
        );
        let customers = [
            "counts touchpoints over Window(Per(Year)) for [0, 2]",
            "finds touchpoints over Window(Per(Year)) for [2]",
        ];
        let leads = ["finds call over Next(None) for [1]"];
        assert_eq!(
            found,
            [
                (Noun::Customer, customers.map(String::from).to_vec()),
                (Noun::Lead, leads.map(String::from).to_vec())
            ]
        );
    }

    #[test]
    fn a_rule_in_force_for_some_days_asks_for_itself() {
        let text = "customer: calls >= 1 per year\n\
                    customer: calls >= 2 per year since 2026-03-01\n";
        assert_eq!(passes(text).remove(0).1.len(), 2);
    }

    #[test]
    fn what_moves_or_differs_by_subject_is_not_counted() {
        let is_counted = |rule: &str| passes(rule).remove(0).1.remove(0).starts_with("counts");
        for rule in [
            "seller: meetings on lead >= 1 per month",
            "seller: calls on A-customer >= 1 in previous week",
            "seller: offers where (amount > 2) >= 1 this week",
            "seller: planned calls >= 1 in last 9 days",
            "seller: calls >= 1 from 2026-01-01 until 2026-02-01",
            "seller: calls >= 1",
        ] {
            assert!(is_counted(rule), "{rule}");
        }
        for rule in [
            "segment A = customer where calls >= 1 per month\nseller: calls on A-customer >= 1",
            "customer: calls >= 1 in last 9 hours",
            "customer: calls >= 1 since created",
            "seller: opportunities >= 1 per month",
            "seller: calls spaced 2 days >= 1 per month",
            "seller: calls dated created >= 1 per month",
            "seller: visits on overdue opportunity >= 1 per month",
            "seller: visits on opportunity where (created in last 2 days) >= 1 per month",
            "seller: visits where (status is completed) >= 1 per month",
        ] {
            assert!(!is_counted(rule), "{rule}");
        }
    }
}
