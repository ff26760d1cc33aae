//! A condition, part by part.

use chrono::NaiveDate;

use super::super::answer::{Answer, Gap};
use super::super::compare::{self, Weighed};
use super::super::deadline::Term;
use super::super::measure::Frame;
use super::super::outcome::{Joined, Outcome};
use super::super::rule::Scope;
use super::super::store::Known;
use super::super::view::View;
use super::counted::{AHEAD, sets};
use super::near::Nearest;
use super::search::Wanted;
use crate::check::rules::Path;
use crate::model::calendar::{Days, Duration, plus_days};
use crate::model::{Item, Number};
use crate::plan::{Class, Cmp, Comparison, Condition, ConditionId, Measure, NumberTest, Set};
use crate::verdict::{Enough, Entry, Form, Pace, Part, Prorated, Status, Stretch};

/// Up to which target the days are told on which one more is due.
const STEPS: i64 = 24;

impl View<'_> {
    /// A condition as it stands, with the outcome that the engine gives. Within an odd number of
    /// `not`s the opposite is what is wanted.
    pub(super) fn part(&self, scope: &Scope, id: ConditionId, negated: bool) -> (Part, Outcome) {
        let outcome = self.condition(scope, id);
        let condition = self.plan.condition(id);
        let form = match condition {
            Condition::And(_) => Form::And,
            Condition::Or(_) => Form::Or,
            Condition::Not(_) => Form::Not,
            Condition::Compare(_) => Form::Comparison,
            Condition::Next { .. } => Form::Next,
            Condition::Followed { .. } => Form::FollowedBy,
            Condition::Within { .. } => Form::Within,
            Condition::KnownWithin { .. } => Form::KnownWithin,
            Condition::Every { .. } => Form::Every,
            Condition::Field { .. } => Form::Field,
            Condition::Is { .. } => Form::Is,
            Condition::Meets(_) => Form::Meets,
        };
        let days = outcome.days.filter(|days| !days.is_empty());
        let path = fields(condition);
        let mut part = Part {
            form,
            asks: self.asks(id),
            status: outcome.status,
            decides: false,
            reason: outcome.reason.clone(),
            sentence: outcome.sentence.clone(),
            measured: outcome.figures.measured.clone(),
            target: outcome.figures.target.clone(),
            missing: outcome.figures.missing.clone(),
            prorated: None,
            days: days.map(|days| Stretch {
                from: (days.first > NaiveDate::MIN).then_some(days.first),
                to: days.last,
            }),
            pace: None,
            not_known: Vec::new(),
            counted: self.entries(&outcome.evidence, path),
            planned: Vec::new(),
            near: Vec::new(),
            more_near: 0,
            enough: Enough::Open,
            parts: Vec::new(),
        };
        let mut near = Nearest::new(self.seeks());
        match condition {
            Condition::And(parts) => self.join(&mut part, scope, (parts, Joined::All), negated),
            Condition::Or(parts) => self.join(&mut part, scope, (parts, Joined::Any), negated),
            Condition::Not(inner) => {
                let (mut inner, _) = self.part(scope, *inner, !negated);
                inner.decides = true;
                part.enough = inner.enough.clone();
                part.parts.push(inner);
            }
            Condition::Meets(rule) => self.met_rule(&mut part, scope.subject, *rule, negated),
            Condition::Compare(comparison) => {
                self.compared(&mut part, scope, (comparison, &outcome), negated, &mut near);
            }
            Condition::Next { set, within } => {
                let set = self.plan.set(*set);
                let wanted = Wanted { subject: scope.subject, set, field: None };
                let limit = within.map(|within| {
                    let until = within.clock().map(|clock| self.now.instant + clock);
                    (self.day_after(within), until)
                });
                part.planned.clone_from(&part.counted);
                if outcome.status != Status::Met && !negated {
                    self.near_next(wanted, limit, &mut near);
                }
                part.enough = self.enough_next(set, limit.map(|(day, _)| day), &outcome, negated);
                part.not_known = self.not_known(Days { first: self.day(), last: self.day() });
            }
            Condition::Followed { set, booked, within } => {
                let activity = scope.subject;
                let (at, day) = (self.store.at(activity.row), self.store.day(activity.row));
                let term = Term::new(self, Known::Instant(at, day), *within, false);
                let set = self.plan.set(*set);
                if let (Some(term), true) = (term, outcome.status != Status::Met && !negated) {
                    self.near_followers(activity, set, (*booked, &term), &mut near);
                }
                part.enough = self.enough_following(set, *booked, term, &outcome, negated);
                self.of_deadline(&mut part, term);
            }
            Condition::Within { set, within, before, of } => {
                let set = self.plan.set(*set);
                let term = self.term(scope.subject, of, *within, *before);
                let wanted = Wanted { subject: scope.subject, set, field: None };
                if let Some(term) = term.filter(|_| outcome.status != Status::Met) {
                    let plans = self.plans(scope.subject, set, term.days).into_iter();
                    let plans =
                        plans.filter(|(day, item)| term.holds(*day, || self.store.at(item.row)));
                    part.planned = self.entries(&plans.collect::<Vec<_>>(), None);
                    if !negated {
                        self.near_deadline(wanted, &term, &mut near);
                    }
                }
                part.enough = self.enough_within(set, term, &outcome, negated);
                self.of_deadline(&mut part, term);
            }
            Condition::KnownWithin { field, within, of } => {
                let term = self.term(scope.subject, of, *within, false);
                part.enough = self.enough_known(field, of, term, &outcome, negated);
            }
            Condition::Every { set, every } => {
                let every = (self.plan.set(*set), *every);
                self.of_every(&mut part, scope.subject, every, (&outcome, negated), &mut near);
            }
            Condition::Field { path, test } => {
                part.enough = self.enough_field(path, test, (id, &outcome), negated);
            }
            Condition::Is { test, .. } => {
                let test = self.plan.test(*test);
                let found = self.faults_in_words(scope.subject, test);
                part.enough = self.enough_change(id, found, &outcome, negated);
            }
        }
        let (near, more) = near.into_parts();
        part.near = near;
        part.more_near = more;
        (part, outcome)
    }

    fn entries(&self, items: &[(NaiveDate, Item)], field: Option<&Path>) -> Vec<Entry> {
        items.iter().map(|(day, item)| self.entry(Some(*day), *item, field)).collect()
    }

    fn join(
        &self,
        part: &mut Part,
        scope: &Scope,
        (ids, joined): (&[ConditionId], Joined),
        negated: bool,
    ) {
        let told = ids.iter().map(|id| self.part(scope, *id, negated));
        let (mut parts, outcomes): (Vec<Part>, Vec<Outcome>) = told.unzip();
        if let Some(deciding) = joined.deciding(&outcomes).and_then(|place| parts.get_mut(place)) {
            deciding.decides = true;
        }
        let asked = parts.iter().filter(|part| part.status != Status::NotApplicable);
        let asked = asked.map(|part| part.enough.clone()).collect();
        // Not all is any not, and not any is all not.
        let wants_all = (joined == Joined::All) != negated;
        part.enough = if wants_all { super::enough::all(asked) } else { super::enough::any(asked) };
        part.parts = parts;
    }

    /// The condition of the rule that is to be met.
    fn met_rule(&self, part: &mut Part, subject: Item, index: usize, negated: bool) {
        let Some(rule) = self.plan.rules.get(index) else { return };
        let is_asked = rule.in_force.contains(self.day())
            && self.is_one_of(subject, rule.population) == Answer::Yes;
        if !is_asked {
            return;
        }
        let (mut inner, _, enough) = self.tell(rule, subject, self.day(), negated);
        inner.decides = false;
        let holds = matches!(part.status, Status::Met | Status::OnTrack);
        part.enough = if holds == negated { enough } else { Enough::Already };
        part.parts.push(inner);
    }

    fn term(&self, subject: Item, of: &Path, length: Duration, before: bool) -> Option<Term> {
        Term::new(self, self.follow(subject, of)?, length, before)
    }

    fn of_deadline(&self, part: &mut Part, term: Option<Term>) {
        if let (Some(term), true) = (term, part.counted.is_empty()) {
            part.not_known = self.not_known(term.days);
        }
    }

    fn of_every(
        &self,
        part: &mut Part,
        subject: Item,
        (set, every): (&Set, Duration),
        (outcome, negated): (&Outcome, bool),
        near: &mut Nearest,
    ) {
        let today = self.day();
        let latest = self.latest(subject, set).map(|(day, _)| day);
        let oldest = plus_days(self.calendar().minus(today, every), -AHEAD);
        let from = latest.map_or(oldest, |day| plus_days(day, 1));
        let start = latest.or_else(|| self.creation_day(subject));
        let ahead = Days { first: today, last: plus_days(today, AHEAD) };
        part.planned = self.entries(&self.plans(subject, set, ahead), None);
        if let Some(start) = start {
            let last = self.calendar().plus(start, every);
            part.days = Some(Stretch { from: Some(start), to: last });
        }
        if outcome.status != Status::Met && !negated {
            let wanted = Wanted { subject, set, field: None };
            self.near_latest(wanted, Days { first: from, last: today }, near);
            part.not_known = self.not_known(Days { first: oldest, last: today });
        }
        part.enough = self.enough_every(set, outcome, negated);
    }

    fn compared(
        &self,
        part: &mut Part,
        scope: &Scope,
        (comparison, outcome): (&Comparison, &Outcome),
        negated: bool,
        near: &mut Nearest,
    ) {
        let weighed = match self.weigh(scope, comparison) {
            Ok(weighed) => weighed,
            // Of nothing there is no average; what would have been one of those can be told.
            Err((Gap::NotApplicable(_), Some(span))) => {
                for (set, field) in sets(&comparison.left) {
                    let wanted = Wanted { subject: scope.subject, set: self.plan.set(set), field };
                    if matches!(comparison.left, Measure::Aggregate { .. }) {
                        self.near_window(wanted, &span, near);
                    }
                }
                return;
            }
            Err(_) => return,
        };
        let Weighed { span, left, with_plans, sides } = &weighed;
        let runs = span.is_period && !self.is_over(span.whole.last);
        let frame = Frame { subject: scope.subject, span, plans_until: None };
        let wants_more = wants_more(comparison, negated);
        for (id, field) in sets(&comparison.left) {
            let set = self.plan.set(id);
            let wanted = Wanted { subject: scope.subject, set, field };
            let counts_with_plans = runs && comparison.class != Class::Other;
            let planned = self.planned(set, frame, counts_with_plans);
            part.planned.extend(self.entries(&planned, field));
            if !wants_more {
                continue;
            }
            match &comparison.left {
                Measure::Share { that, .. } => self.near_share(wanted, (span, *that), near),
                // Only the latest one matters.
                Measure::DaysSince(_) => {
                    let latest = left.evidence.last().map_or(NaiveDate::MIN, |one| one.0);
                    let days = Days { first: plus_days(latest, 1), last: self.day() };
                    self.near_latest(wanted, days, near);
                }
                _ => self.near_window(wanted, span, near),
            }
        }
        if !left.is_exact() {
            part.not_known = self.not_known(span.whole);
        }
        if let ([(cmp, target)], true) = (sides.as_slice(), scope.prorate) {
            part.prorated = self.prorated_from(scope, comparison, frame);
            debug_assert!(part.target.is_none() || !target.value.is_zero() || *cmp == Cmp::AtMost);
        }
        if let (Some(with_plans), [(cmp @ (Cmp::AtLeast | Cmp::More), target)]) =
            (with_plans, sides.as_slice())
        {
            let (_, target) = compare::counted(comparison, *cmp, target.clone());
            let class = comparison.class;
            let days = span.whole;
            let due = |elapsed| compare::due(class, &target.value, days, elapsed);
            let most = target.value.to_whole().filter(|n| *n <= STEPS && class == Class::Count);
            let step = |n| compare::first_day_due(days, |elapsed| due(elapsed) >= Number::from(n));
            part.pace = Some(Pace {
                due: due(self.elapsed(days).count()),
                have: with_plans.value.clone(),
                steps: (1..=most.unwrap_or(0)).filter_map(step).collect(),
            });
        }
        part.enough = self.enough_compared(comparison, &weighed, (outcome, part), negated, scope);
    }

    /// How a target was prorated, if it was.
    fn prorated_from(
        &self,
        scope: &Scope,
        comparison: &Comparison,
        frame: Frame<'_>,
    ) -> Option<Prorated> {
        let crate::check::rules::Window::Per(unit) = comparison.window else { return None };
        let NumberTest::Is(_, target) = &comparison.test else { return None };
        if comparison.class == Class::Other {
            return None;
        }
        let period = self.calendar().period(unit, scope.period_day);
        let (eligible, of) = self.eligible_days(scope, period);
        let whole = self.measure(target, frame).ok()?.value;
        (eligible != of).then_some(Prorated { whole, eligible, of })
    }
}

/// The field of whose values a condition makes a number.
fn fields(condition: &Condition) -> Option<&Path> {
    let Condition::Compare(comparison) = condition else { return None };
    let sets = sets(&comparison.left);
    sets.first().and_then(|(_, field)| *field)
}

/// Whether doing more is what a comparison asks, or could be.
fn wants_more(comparison: &Comparison, negated: bool) -> bool {
    let asks_less = match &comparison.test {
        NumberTest::Is(Cmp::AtMost | Cmp::Less, _) => true,
        NumberTest::Is(Cmp::AtLeast | Cmp::More, _) => false,
        NumberTest::Is(..) | NumberTest::Between(..) => return true,
    };
    let falls = matches!(comparison.left, Measure::LongestGap(_) | Measure::DaysSince(_));
    asks_less == (falls != negated)
}
