//! Which constructs of the language random rules reach.

use std::collections::{BTreeMap, BTreeSet};

use kadence::internals::calendar::{Duration, TimeUnit};
use kadence::internals::rules::{
    ActivityStatus, Adjective, Base, Class, Cmp, Comparison, Compiled, Condition, DateExpr,
    FieldTest, Function, Literal, Measure, NumberTest, Path, Per, Phrase, Rule, Window,
};
use kadence::{Noun, Report, RuleSet, Status};

/// How often a construct stood in a rule, and how often that rule came to a verdict that is
/// neither unknown nor not applicable.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) reached: u32,
    pub(crate) decided: u32,
}

pub(crate) type Counts = BTreeMap<&'static str, Count>;

/// Counts what the rules of a report are made of.
pub(crate) fn count(counts: &mut Counts, rules: &RuleSet, report: &Report) {
    let compiled = rules.compiled();
    let mut add = |names: BTreeSet<&'static str>, decided: bool| {
        for name in names {
            let count = counts.entry(name).or_default();
            count.reached += 1;
            count.decided += u32::from(decided);
        }
    };
    let is_decided = |status| !matches!(status, Status::Unknown | Status::NotApplicable);
    for rule in &compiled.rules {
        let verdicts = report.verdicts.iter().filter(|verdict| verdict.rule == rule.id);
        let decided = verdicts.clone().any(|verdict| is_decided(verdict.status));
        let mut walk = Walk { compiled, names: BTreeSet::new() };
        walk.rule(rule);
        walk.names.extend(verdicts.map(|verdict| status_name(verdict.status)));
        add(walk.names, decided);
    }
    for (list, found) in compiled.lists.iter().zip(&report.lists) {
        let mut walk = Walk { compiled, names: BTreeSet::new() };
        walk.names.insert("list");
        walk.phrase(&list.phrase);
        if let Some((path, descending)) = &list.sort {
            walk.names.insert(if *descending { "sort descending" } else { "sort ascending" });
            walk.path(path);
        }
        walk.names.extend(list.limit.map(|(_, per)| match per {
            None => "limit",
            Some(Per::Seller) => "limit per seller",
            Some(Per::Team) => "limit per team",
        }));
        add(walk.names, !found.subjects.is_empty());
    }
    for (goal, found) in compiled.goals.iter().zip(&report.goals) {
        let mut walk = Walk { compiled, names: BTreeSet::new() };
        walk.names.insert("goal");
        walk.comparison(&goal.target);
        add(walk.names, is_decided(found.status));
    }
    let doubles = !report.problems.is_empty();
    add(doubles.then_some("customer in two segments").into_iter().collect(), true);
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Met => "status met",
        Status::OnTrack => "status on track",
        Status::AtRisk => "status at risk",
        Status::Missed => "status missed",
        Status::NotApplicable => "status not applicable",
        Status::Unknown => "status unknown",
    }
}

struct Walk<'c> {
    compiled: &'c Compiled,
    names: BTreeSet<&'static str>,
}

impl Walk<'_> {
    fn add(&mut self, name: &'static str) {
        self.names.insert(name);
    }

    fn rule(&mut self, rule: &Rule) {
        self.add(match rule.subject.noun {
            Noun::Company => "rule for company",
            Noun::Team => "rule for team",
            Noun::Seller => "rule for seller",
            Noun::Customer => "rule for customer",
            Noun::Contact => "rule for contact",
            Noun::Lead => "rule for lead",
            Noun::Opportunity => "rule for opportunity",
            Noun::Campaign => "rule for campaign",
            Noun::Absence => "rule for absence",
            Noun::Member => "rule for member",
            Noun::Activity => "rule for activity",
        });
        self.phrase(&rule.subject);
        self.condition(&rule.condition);
        let clock = |duration: &Duration| duration.is_clock();
        let modifiers = [
            (rule.since.is_some(), "since"),
            (rule.until.is_some(), "until"),
            (rule.unless.is_some(), "unless"),
            (rule.prorate, "prorate"),
            (rule.prorate && rule.subject.noun == Noun::Seller, "prorate for sellers"),
            (rule.grace.is_some(), "grace"),
            (rule.grace.as_ref().is_some_and(clock), "grace in hours"),
            (rule.warn.is_some(), "warn"),
            (rule.weight != 1.into(), "weight"),
        ];
        self.names.extend(modifiers.into_iter().filter(|(is, _)| *is).map(|(_, name)| name));
        if let Some(unless) = &rule.unless {
            self.condition(unless);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::And(parts) => {
                self.add("and");
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Or(parts) => {
                self.add("or");
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Not(part) => {
                self.add("not");
                self.condition(part);
            }
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Next { phrase, within } => {
                self.add("next");
                if let Some(within) = within {
                    self.add("next within");
                    self.duration(*within);
                }
                self.phrase(phrase);
            }
            Condition::Followed { phrase, booked, within } => {
                self.add(if *booked { "followed by booked" } else { "followed by" });
                self.add(if within.is_clock() { "followed in hours" } else { "followed in days" });
                self.duration(*within);
                self.phrase(phrase);
            }
            Condition::Within { phrase, within, before, of } => {
                self.add(if *before { "within before field" } else { "within of field" });
                self.add(if within.is_clock() { "within in hours" } else { "within in days" });
                self.duration(*within);
                self.path(of);
                self.phrase(phrase);
            }
            Condition::KnownWithin { field, within, of } => {
                self.add("known within");
                self.duration(*within);
                self.path(field);
                self.path(of);
            }
            Condition::Every { phrase, every } => {
                self.add("every");
                self.duration(*every);
                self.phrase(phrase);
            }
            Condition::Field { path, test } => {
                self.path(path);
                self.field_test(test);
            }
            Condition::Is(phrase) => {
                self.add("is adjective");
                self.phrase(phrase);
            }
            Condition::Meets(rule) => {
                self.add("meets");
                let other = self.compiled.rules.get(*rule);
                if other.is_some_and(|other| other.warn.is_some()) {
                    self.add("meets a rule that warns");
                }
            }
        }
    }

    fn field_test(&mut self, test: &FieldTest) {
        match test {
            FieldTest::Known => self.add("is known"),
            FieldTest::Unknown => self.add("is unknown"),
            FieldTest::Equals(Literal::YesNo(_)) => self.add("is yes or no"),
            FieldTest::Equals(_) => self.add("is text or id"),
            FieldTest::OneOf(of) => self.add(match of.first() {
                Some(Literal::Number(_)) => "in numbers",
                Some(Literal::Date(_)) => "in dates",
                _ => "in texts",
            }),
            FieldTest::Contains(_) => self.add("contains"),
            FieldTest::StartsWith(_) => self.add("starts with"),
            FieldTest::Date(cmp, date) => {
                self.add("date compared");
                self.cmp(*cmp);
                self.date(date);
            }
            FieldTest::In(window) => {
                self.add("field in window");
                self.window(window);
            }
        }
    }

    fn date(&mut self, date: &DateExpr) {
        match date {
            DateExpr::Date(_) => self.add("a date"),
            DateExpr::Instant(_) => self.add("an instant"),
            DateExpr::Today => self.add("today"),
            DateExpr::Field(path) => {
                self.add("a date field");
                self.path(path);
            }
        }
    }

    fn path(&mut self, path: &Path) {
        self.add(match path.steps.len() {
            1 => "own field",
            2 => "field over a reference",
            _ => "field over references",
        });
    }

    fn cmp(&mut self, cmp: Cmp) {
        self.add(match cmp {
            Cmp::Less => "<",
            Cmp::AtMost => "<=",
            Cmp::Equal => "=",
            Cmp::Unequal => "!=",
            Cmp::AtLeast => ">=",
            Cmp::More => ">",
        });
    }

    fn comparison(&mut self, comparison: &Comparison) {
        self.measure(&comparison.left);
        match &comparison.test {
            NumberTest::Is(cmp, value) => {
                self.cmp(*cmp);
                self.measure(value);
                if !matches!(value, Measure::Number(_)) {
                    self.add("target that is measured");
                }
            }
            NumberTest::Between(low, high) => {
                self.add("between");
                self.measure(low);
                self.measure(high);
            }
        }
        self.window(&comparison.window);
        if matches!(comparison.window, Window::Per(_) | Window::FromUntil(..)) {
            self.add(match Class::of(&comparison.left) {
                Class::Count => "period of a count",
                Class::Sum => "period of a sum",
                Class::Other => "period of what can fall",
            });
        }
    }

    fn window(&mut self, window: &Window) {
        match window {
            Window::Ever => self.add("no window"),
            Window::Per(unit) => {
                self.add("per");
                self.add(unit.name());
            }
            Window::This(_) => self.add("this"),
            Window::Previous(_) => self.add("in previous"),
            Window::Last(duration) => {
                self.add(if duration.is_clock() { "in last hours" } else { "in last days" });
                self.duration(*duration);
            }
            Window::Since(date) => {
                self.add("window since");
                self.date(date);
            }
            Window::FromUntil(from, until) => {
                self.add("from until");
                self.date(from);
                self.date(until);
            }
        }
    }

    fn duration(&mut self, duration: Duration) {
        self.add(match duration.unit {
            TimeUnit::Minute => "minutes",
            TimeUnit::Hour => "hours",
            TimeUnit::Day => "days",
            TimeUnit::Workday => "workdays",
            TimeUnit::Week => "weeks",
            TimeUnit::Month => "months",
            TimeUnit::Quarter => "quarters",
            TimeUnit::Year => "years",
        });
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Number(_) => {}
            Measure::Field(path) => {
                self.add("number field");
                self.path(path);
            }
            Measure::Count(phrase) => {
                self.add("count");
                self.phrase(phrase);
            }
            Measure::Aggregate { function, field, of } => {
                self.add(match function {
                    Function::Sum => "sum of",
                    Function::Average => "average of",
                    Function::Median => "median of",
                    Function::Min => "min of",
                    Function::Max => "max of",
                    Function::Distinct => "distinct of",
                });
                self.path(field);
                self.phrase(of);
            }
            Measure::LongestGap(phrase) => {
                self.add("longest gap");
                self.phrase(phrase);
            }
            Measure::DaysSince(phrase) => {
                self.add("days since");
                self.phrase(phrase);
            }
            Measure::Share { of, that } => {
                self.add("share");
                if matches!(**that, Condition::Meets(_)) {
                    self.add("share that meets");
                }
                self.phrase(of);
                self.condition(that);
            }
            Measure::Sum(parts) => {
                for (minus, part) in parts {
                    self.add(if *minus { "-" } else { "+" });
                    self.measure(part);
                }
            }
            Measure::Product(parts) => {
                for (divides, part) in parts {
                    self.add(if *divides { "/" } else { "*" });
                    self.measure(part);
                }
            }
            Measure::Negative(part) => {
                self.add("negative");
                self.measure(part);
            }
        }
    }

    fn phrase(&mut self, phrase: &Phrase) {
        if phrase.bases.len() > 1 {
            self.add("alternatives");
        }
        for base in &phrase.bases {
            match base {
                Base::All => self.add("noun"),
                Base::Kind(_) => self.add("activity kind"),
                Base::Segment(_) if self.compiled.segments.is_empty() => {
                    self.add("segment by field");
                }
                Base::Segment(_) => self.add("segment by rule"),
                Base::Phrase(part) => {
                    self.add("defined noun");
                    self.phrase(part);
                }
            }
        }
        for adjective in &phrase.adjectives {
            match adjective {
                Adjective::Status(ActivityStatus::Planned) => self.add("planned"),
                Adjective::Status(ActivityStatus::Completed) => self.add("completed"),
                Adjective::Status(ActivityStatus::Cancelled) => self.add("cancelled"),
                Adjective::Any => self.add("any"),
                Adjective::Overdue if phrase.noun == Noun::Activity => {
                    self.add("overdue activity");
                }
                Adjective::Overdue => self.add("overdue opportunity"),
                Adjective::Latest => self.add("latest"),
                Adjective::Is(part) => {
                    self.add("defined adjective");
                    self.phrase(part);
                }
            }
        }
        if let Some(on) = &phrase.on {
            self.add(if on.on.is_some() { "on over two" } else { "on" });
            self.phrase(on);
        }
        if let Some(filter) = &phrase.filter {
            self.add("where");
            self.condition(filter);
        }
        if let Some(dated) = &phrase.dated {
            self.add("dated");
            self.path(dated);
        }
        if let Some(spaced) = phrase.spaced {
            self.add("spaced");
            self.duration(spaced);
        }
    }
}

/// Every construct: each must be reached, and decided.
pub(crate) const ALL: &[&str] = &[
    "!=",
    "*",
    "+",
    "-",
    "/",
    "<",
    "<=",
    "=",
    ">",
    ">=",
    "a date",
    "a date field",
    "activity kind",
    "alternatives",
    "an instant",
    "and",
    "any",
    "average of",
    "between",
    "cancelled",
    "completed",
    "contains",
    "count",
    "customer in two segments",
    "date compared",
    "dated",
    "day",
    "days",
    "days since",
    "defined adjective",
    "defined noun",
    "distinct of",
    "every",
    "field in window",
    "field over a reference",
    "field over references",
    "followed by",
    "followed by booked",
    "followed in days",
    "followed in hours",
    "from until",
    "goal",
    "grace",
    "grace in hours",
    "half-year",
    "hours",
    "in dates",
    "in last days",
    "in last hours",
    "in numbers",
    "in previous",
    "in texts",
    "is adjective",
    "is known",
    "is text or id",
    "is unknown",
    "is yes or no",
    "known within",
    "latest",
    "limit",
    "limit per seller",
    "limit per team",
    "list",
    "longest gap",
    "max of",
    "median of",
    "meets",
    "meets a rule that warns",
    "min of",
    "minutes",
    "month",
    "months",
    "negative",
    "next",
    "next within",
    "no window",
    "not",
    "noun",
    "number field",
    "on",
    "on over two",
    "or",
    "overdue activity",
    "overdue opportunity",
    "own field",
    "per",
    "period of a count",
    "period of a sum",
    "period of what can fall",
    "planned",
    "prorate",
    "prorate for sellers",
    "quarter",
    "quarters",
    "rule for absence",
    "rule for activity",
    "rule for campaign",
    "rule for company",
    "rule for contact",
    "rule for customer",
    "rule for lead",
    "rule for member",
    "rule for opportunity",
    "rule for seller",
    "rule for team",
    "segment by field",
    "segment by rule",
    "share",
    "share that meets",
    "since",
    "sort ascending",
    "sort descending",
    "spaced",
    "starts with",
    "status at risk",
    "status met",
    "status missed",
    "status not applicable",
    "status on track",
    "status unknown",
    "sum of",
    "target that is measured",
    "this",
    "today",
    "unless",
    "until",
    "warn",
    "week",
    "weeks",
    "weight",
    "where",
    "window since",
    "within before field",
    "within in days",
    "within in hours",
    "within of field",
    "workdays",
    "year",
    "years",
];
