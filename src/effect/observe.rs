//! Rules judged as of the ends of earlier periods.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::deals::Sales;
use super::strata::{Sized, in_thirds};
use super::{Desk, LeftOut, Observation, Observed};
use crate::check::rules::Rule;
use crate::engine::Evaluation;
use crate::model::calendar::{Days, Unit, plus_months};
use crate::model::{Item, Noun};
use crate::verdict::{RuleInfo, Status};

/// As of how many periods a rule is judged at most, the latest ones: ten years of weeks.
const MOST_PERIODS: usize = 520;

/// What is observed of one rule, as it comes.
struct Watch {
    info: RuleInfo,
    /// Whether each of its subjects is judged once, when its deadline is over or its day has come.
    is_once: bool,
    seen: HashSet<Item>,
    places: HashMap<Item, usize>,
    subjects: Vec<Sized>,
    observations: Vec<Observation>,
    landmarks: Vec<NaiveDate>,
    left_out: LeftOut,
}

impl Desk<'_> {
    /// Observes rules as of the end of each earlier period of theirs whose follow-up is over: of a
    /// rule without a period, of each month.
    pub(super) fn observe(
        &self,
        chosen: &[&Rule],
        sales: &Sales,
        (today, months): (NaiveDate, u32),
    ) -> Vec<Observed> {
        let lowered = |id: &str| self.plan.rules.iter().find(|rule| *rule.id == *id);
        let mut watches: Vec<Watch> = chosen.iter().map(|rule| self.watch(rule)).collect();
        for unit in Unit::ALL {
            let is_of_unit = |watch: &&Watch| {
                let of = lowered(&watch.info.id).and_then(|rule| rule.unit);
                of.unwrap_or(Unit::Month) == unit
            };
            let only: Vec<String> =
                watches.iter().filter(is_of_unit).map(|watch| watch.info.id.clone()).collect();
            if only.is_empty() {
                continue;
            }
            for period in self.periods(unit, (today, months)) {
                let evaluation = self.judge(self.plan.calendar.end_of(period.last), &only);
                for (place, _) in evaluation.decided() {
                    let id = evaluation.rule(place);
                    if let Some(watch) = watches.iter_mut().find(|watch| watch.info.id == id) {
                        self.look(watch, (&evaluation, place), sales, (period, months));
                    }
                }
            }
        }
        watches.into_iter().map(Watch::observed).collect()
    }

    fn watch(&self, rule: &Rule) -> Watch {
        let lowered = self.plan.rules.iter().find(|lowered| *lowered.id == *rule.id);
        let has_anchor = lowered.is_some_and(|lowered| lowered.anchor.is_some());
        Watch {
            info: self.info(rule),
            is_once: rule.subject.noun == Noun::Activity || has_anchor,
            seen: HashSet::new(),
            places: HashMap::new(),
            subjects: Vec::new(),
            observations: Vec::new(),
            landmarks: Vec::new(),
            left_out: LeftOut::default(),
        }
    }

    /// The periods of which all is known and whose follow-up is over, the earliest first.
    fn periods(&self, unit: Unit, (today, months): (NaiveDate, u32)) -> Vec<Days> {
        let calendar = &self.plan.calendar;
        let Some(first) = self.first_day() else { return Vec::new() };
        let mut periods = Vec::new();
        let mut period = calendar.period(unit, today);
        while period.first >= first && periods.len() < MOST_PERIODS {
            if plus_months(period.last, i64::from(months)) <= today {
                periods.push(period);
            }
            let before = calendar.previous(unit, period);
            if before.first >= period.first {
                break;
            }
            period = before;
        }
        periods.reverse();
        periods
    }

    /// From which day on there is data: the one that the dataset names, else that of the earliest thing.
    fn first_day(&self) -> Option<NaiveDate> {
        let store = self.store;
        let activities = store.items(Noun::Activity).map(|activity| store.day(activity.row));
        let created =
            |noun, field| store.items(noun).filter_map(move |item| store.date(item, field));
        let opportunities = created(Noun::Opportunity, store.fields.opportunity_created);
        let leads = created(Noun::Lead, store.fields.lead_created);
        let found = || activities.chain(opportunities).chain(leads).min();
        store.complete_from.or_else(found)
    }

    /// What a rule says as of the end of a period.
    fn look(
        &self,
        watch: &mut Watch,
        (evaluation, place): (&Evaluation<'_>, usize),
        sales: &Sales,
        (period, months): (Days, u32),
    ) {
        let Some(decisions) = evaluation.of_rule(place) else { return };
        let landmark = period.last;
        watch.landmarks.push(landmark);
        for decision in 0..decisions.len() {
            let Some(judged) = evaluation.item(place, decision) else { continue };
            if watch.is_once && !watch.is_due(evaluation, (place, decision), (judged, period)) {
                continue;
            }
            let left_out = &mut watch.left_out;
            let met = match decisions.status(decision) {
                Status::Met => true,
                Status::Missed => false,
                status => {
                    *match status {
                        Status::NotApplicable => &mut left_out.not_applicable,
                        Status::Unknown => &mut left_out.unknown,
                        _ => &mut left_out.undecided,
                    } += 1;
                    continue;
                }
            };
            let Some(subject) = self.whose(judged) else {
                left_out.about_nobody += 1;
                continue;
            };
            if sales.is_settled(subject, landmark) {
                left_out.settled += 1;
                continue;
            }
            let next = watch.subjects.len();
            let at = *watch.places.entry(subject).or_insert(next);
            if at == next {
                watch.subjects.push(Sized::new(evaluation, subject, self.fields));
            }
            let results = sales.results(self.store, subject, (landmark, months));
            watch.observations.push(Observation { subject: at, landmark, met, results });
        }
    }

    /// Whose results are looked at: a thing's own, unless it can have none.
    fn whose(&self, judged: Item) -> Option<Item> {
        let (store, fields) = (self.store, &self.store.fields);
        let either =
            |one, other| store.reference(judged, one).or_else(|| store.reference(judged, other));
        match judged.noun {
            Noun::Activity => either(fields.activity_opportunity, fields.activity_lead)
                .or_else(|| store.owners(judged, Noun::Customer).into_iter().next()),
            Noun::Member => either(fields.member_lead, fields.member_customer),
            Noun::Contact => store.reference(judged, fields.contact_customer),
            Noun::Absence => store.reference(judged, fields.absence_seller),
            _ => Some(judged),
        }
    }
}

impl Watch {
    /// Whether a subject that is judged once is to be looked at now: its deadline or its day lies in
    /// the period. What is over longer was not judged when it was over.
    fn is_due(
        &mut self,
        evaluation: &Evaluation<'_>,
        (place, decision): (usize, usize),
        (judged, period): (Item, Days),
    ) -> bool {
        if self.seen.contains(&judged) {
            return false;
        }
        let deadline = evaluation.period(place, decision).map(|days| days.to);
        let is_activity = judged.noun == Noun::Activity;
        let own = || is_activity.then(|| evaluation.store().day(judged.row));
        let Some(day) = deadline.or_else(own) else {
            // Nobody knows when its deadline is.
            self.seen.insert(judged);
            return true;
        };
        if day > period.last {
            return false;
        }
        self.seen.insert(judged);
        day >= period.first
    }

    fn observed(self) -> Observed {
        Observed {
            rule: self.info,
            subjects: in_thirds(self.subjects),
            observations: self.observations,
            landmarks: self.landmarks,
            left_out: self.left_out,
        }
    }
}
