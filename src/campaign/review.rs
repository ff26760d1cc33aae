//! From facts to figures.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts::{Deal, Facts, Performed};
use super::report::{
    ByStatus, CarriedOut, CostPer, Figures, FollowedUp, Lack, Learned, Lesson, NamedByStatus,
    Noted, OpportunityCounts, Phase, Reach, ReachedBy, Sold, Sum, Touch,
};
use super::spread;
use crate::model::Number;
use crate::plan::State;

/// The id of a seller, with nobody after everybody.
type By<'f> = (bool, Option<&'f str>);

impl Facts {
    /// A line of a table.
    pub(super) fn figures(&self) -> Figures {
        let followed_up = self.followed_up();
        let sold = self.sold();
        Figures {
            about: self.about.clone(),
            members: followed_up.members,
            reached: followed_up.reached,
            not_reached: followed_up.not_reached,
            not_known: followed_up.not_known,
            median_days: followed_up.speed.median,
            completed: self.carried_out().all.completed,
            leads: self.leads,
            opportunities: sold.opportunities,
            amount_won: sold.amount_won,
            margin_won: sold.margin_won,
            cost_per: sold.cost_per,
            margin_less_cost: sold.margin_less_cost,
            has_learning: self.learning.is_some(),
            has_outcome: self.outcome.is_some(),
        }
    }

    pub(super) fn lacks(&self) -> Vec<Lack> {
        let about = &self.about;
        let all = [
            (about.kind.is_none(), Lack::Kind),
            (about.status.is_none(), Lack::Status),
            (about.start.is_none(), Lack::Start),
            (about.end.is_none(), Lack::End),
            (about.owner.is_none(), Lack::Owner),
            (about.initiator.is_none(), Lack::Initiator),
            (about.cost.is_none(), Lack::Cost),
            (self.members.is_empty() && self.members_to_come == 0, Lack::Members),
        ];
        all.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, lack)| lack).collect()
    }

    /// The activities that are still to be carried out, overdue ones included.
    pub(super) fn planned(&self) -> impl Iterator<Item = &Performed> {
        let is_planned = |one: &&Performed| matches!(one.state, State::Ahead | State::Overdue);
        self.activities.iter().filter(is_planned)
    }

    pub(super) fn carried_out(&self) -> CarriedOut {
        let mut all = ByStatus::default();
        let mut kinds: BTreeMap<&str, ByStatus> = BTreeMap::new();
        let mut sellers: BTreeMap<By<'_>, ByStatus> = BTreeMap::new();
        for Performed { touch, state, .. } in &self.activities {
            let seller = touch.seller.as_deref();
            all.count(*state);
            kinds.entry(&touch.kind).or_default().count(*state);
            sellers.entry((seller.is_none(), seller)).or_default().count(*state);
        }
        let named = |id: Option<&str>, counts| NamedByStatus { id: id.map(str::to_owned), counts };
        let days = |state| {
            let some = self.activities.iter().filter(move |one| one.state == state);
            some.map(|one| one.touch.day)
        };
        CarriedOut {
            all,
            kinds: kinds.into_iter().map(|(kind, counts)| named(Some(kind), counts)).collect(),
            sellers: sellers.into_iter().map(|((_, id), counts)| named(id, counts)).collect(),
            first: days(State::Completed).min(),
            last: days(State::Completed).max(),
            next: days(State::Ahead).min(),
        }
    }

    pub(super) fn followed_up(&self) -> FollowedUp {
        let count = |reach| self.members.iter().filter(|one| one.reach == reach).count() as u64;
        let mut by: BTreeMap<By<'_>, (u64, Vec<i64>)> = BTreeMap::new();
        for member in &self.members {
            let Some(Touch { seller, .. }) = &member.first else { continue };
            let seller = seller.as_deref();
            let (reached, days) = by.entry((seller.is_none(), seller)).or_default();
            *reached += 1;
            days.extend(member.days);
        }
        let by = by.into_iter().map(|((_, seller), (reached, days))| ReachedBy {
            seller: seller.map(str::to_owned),
            reached,
            median_days: spread::median(days),
        });
        FollowedUp {
            members: self.members.len() as u64,
            reached: count(Reach::Reached),
            not_reached: count(Reach::NotReached),
            not_known: count(Reach::NotKnown),
            by: by.collect(),
            speed: spread::speed(self.members.iter().filter_map(|member| member.days).collect()),
            leads: self.leads,
            of: self.members.clone(),
        }
    }

    /// How many members were reached within so many days of the start.
    pub(super) fn reached_within(&self, days: i64) -> Option<u64> {
        let mut reached = 0;
        for member in &self.members {
            match member.reach {
                Reach::NotReached => {}
                Reach::Reached if member.days? > days => {}
                Reach::Reached => reached += 1,
                Reach::NotKnown => return None,
            }
        }
        Some(reached)
    }

    pub(super) fn learned(&self, day: NaiveDate, lessons: Vec<Lesson>) -> Learned {
        let is_missing = self.learning.is_none() || self.outcome.is_none();
        let is_over = self.about.phase == Phase::Over;
        let missing_since = self.about.end.filter(|_| is_missing && is_over);
        let noted = self.activities.iter().filter_map(|one| {
            let learning = one.learning.clone()?;
            Some(Noted { activity: one.touch.clone(), learning })
        });
        Learned {
            learning: self.learning.clone(),
            outcome: self.outcome.clone(),
            missing_since,
            missing_days: missing_since.map(|since| (day - since).num_days()),
            noted: noted.collect(),
            lessons,
        }
    }

    pub(super) fn lesson(&self) -> Lesson {
        Lesson {
            id: self.about.id.clone(),
            name: self.about.name.clone(),
            start: self.about.start,
            learning: self.learning.clone(),
            outcome: self.outcome.clone(),
        }
    }

    pub(super) fn sold(&self) -> Sold {
        let of = |status: &'static str| {
            let is_so = move |deal: &&Deal| deal.status.as_deref() == Some(status);
            self.opportunities.iter().filter(is_so)
        };
        let mut counts = OpportunityCounts {
            opportunities: self.opportunities.len() as u64,
            open: of("open").count() as u64,
            won: of("won").count() as u64,
            lost: of("lost").count() as u64,
            unknown: 0,
        };
        counts.unknown = counts.opportunities - counts.open - counts.won - counts.lost;
        let amount_won = sum(of("won").map(|deal| deal.amount.as_ref()));
        let margin_won = sum(of("won").map(|deal| deal.margin.as_ref()));
        let cost = self.about.cost.as_ref();
        let against = |sum: &Sum| Some((sum.total.clone()?, cost?.clone()));
        Sold {
            opportunities: counts,
            amount_open: sum(of("open").map(|deal| deal.amount.as_ref())),
            margin_less_cost: against(&margin_won).map(|(margin, cost)| margin - cost),
            amount_per_cost: against(&amount_won).and_then(|(won, cost)| won.checked_div(&cost)),
            amount_won,
            margin_won,
            cost: cost.cloned(),
            cost_per: self.cost_per(counts.won),
        }
    }

    fn cost_per(&self, won: u64) -> CostPer {
        let per = |results: u64| self.about.cost.as_ref()?.checked_div(&Number::from(results));
        let has = |reach| self.members.iter().any(|member| member.reach == reach);
        let reached = self.members.iter().filter(|member| member.reach == Reach::Reached);
        let member_reached = per(reached.count() as u64);
        CostPer {
            member_reached_is_at_most: member_reached.is_some() && has(Reach::NotKnown),
            member_reached,
            lead: per(self.leads.leads),
            converted_lead: per(self.leads.converted),
            won_opportunity: per(won),
        }
    }
}

impl ByStatus {
    fn count(&mut self, state: State) {
        *match state {
            State::Completed => &mut self.completed,
            State::Ahead => &mut self.planned,
            State::Overdue => &mut self.overdue,
            State::Cancelled => &mut self.cancelled,
        } += 1;
    }
}

fn sum<'n>(parts: impl Iterator<Item = Option<&'n Number>>) -> Sum {
    let (mut known, mut unknown) = (Number::zero(), 0);
    for part in parts {
        match part {
            Some(part) => known = &known + part,
            None => unknown += 1,
        }
    }
    Sum { total: (unknown == 0).then(|| known.clone()), known, unknown }
}
