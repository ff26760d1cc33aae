//! What was done, what was let slip, and what is planned.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::Serialize;

use crate::campaigns::Member;
use crate::customers::{Contact, Customer};
use crate::leads::Lead;
use crate::opportunities::Opportunity;
use crate::people::{self, Absence, SELLERS};
use crate::random::Random;
use crate::story::{AS_OF, CANCELLED, FORGOTTEN, day};

#[derive(Serialize, Clone, Default)]
pub(crate) struct Activity {
    id: String,
    kind: &'static str,
    status: &'static str,
    at: NaiveDateTime,
    created: NaiveDateTime,
    seller: &'static str,
    customer: Option<String>,
    contact: Option<String>,
    lead: Option<String>,
    opportunity: Option<String>,
    campaign: Option<&'static str>,
    follows: Option<String>,
    preparation: Option<&'static str>,
    outcome: Option<&'static str>,
    amount: Option<u64>,
    minutes: Option<u64>,
    /// The place in the diary of the activity that it follows.
    #[serde(skip)]
    follows_place: Option<usize>,
}

/// All activities, in the order of their days.
pub(crate) fn activities(
    customers: &[Customer],
    contacts: &[Contact],
    leads: &[Lead],
    opportunities: &[Opportunity],
    members: &[Member],
) -> Vec<Activity> {
    let mut diary =
        Diary { random: Random::new(7), absences: people::absences(), activities: Vec::new() };
    diary.care_for_customers(customers, contacts);
    diary.work_on_leads(leads);
    diary.work_on_opportunities(opportunities);
    diary.reach_members(customers, leads, members);
    diary.hold_webinars();
    diary.plan_ahead(customers, leads, opportunities);
    diary.in_order()
}

struct Diary {
    random: Random,
    absences: Vec<Absence>,
    activities: Vec<Activity>,
}

/// A kind, and of whom or what; the rest is filled in.
fn about(kind: &'static str) -> Activity {
    Activity { kind, ..Activity::default() }
}

impl Diary {
    /// Something done on the seller's first working day from `day` on; nothing where that is in the
    /// future, or the seller not there. Gives its place.
    fn done(&mut self, seller: &'static str, day: NaiveDate, what: Activity) -> Option<usize> {
        let day = people::at_work(seller, &self.absences, day);
        let person = people::find(seller).filter(|person| person.employed(day, day))?;
        if day > AS_OF {
            return None;
        }
        let at = self.hour_of(day);
        let agreed = matches!(what.kind, "meeting" | "visit" | "site visit" | "demo" | "webinar");
        let created = if agreed { at - TimeDelta::hours(self.hours(30, 250)) } else { at };
        let status =
            if agreed && self.random.chance(CANCELLED) { "cancelled" } else { "completed" };
        let in_person = matches!(what.kind, "meeting" | "visit" | "site visit");
        let minutes = match what.kind {
            _ if status == "cancelled" => None,
            "call" => Some(self.random.between(1, 5) * 5),
            _ if agreed => Some(self.random.pick(&[30, 45, 45, 60, 60, 60, 90, 120])),
            _ => None,
        };
        let preparation = (in_person && self.random.chance(person.care.min(95)))
            .then(|| self.random.pick(&["Agenda sent", "Plan of the floor", "Last year's orders"]));
        let outcome = (in_person && status == "completed" && self.random.chance(60)).then(|| {
            self.random.pick(&["Wants an offer", "Will ask the board", "Try it for two weeks"])
        });
        let created = if what.created > NaiveDateTime::default() { what.created } else { created };
        let times = Activity { status, at, created: created.min(at), seller, ..what };
        self.activities.push(Activity { minutes, preparation, outcome, ..times });
        (status == "completed").then_some(self.activities.len() - 1)
    }

    /// Something planned for a day, which may have passed.
    fn planned(&mut self, seller: &'static str, day: NaiveDate, what: Activity) {
        let day = people::at_work(seller, &self.absences, day);
        let at = self.hour_of(day);
        let booked = day.min(AS_OF) - self.random.days(1, 12);
        let created = self.hour_of(booked);
        let prepared = self.random.chance(55) && matches!(what.kind, "meeting" | "site visit");
        let preparation = prepared.then_some("Agenda sent");
        let status = "planned";
        self.activities.push(Activity { status, at, created, seller, preparation, ..what });
    }

    fn hour_of(&mut self, day: NaiveDate) -> NaiveDateTime {
        let quarters = self.hours(8 * 4, 16 * 4);
        day.and_time(NaiveTime::MIN) + TimeDelta::minutes(15 * quarters)
    }

    fn hours(&mut self, low: u64, high: u64) -> i64 {
        self.random.between(low, high).cast_signed()
    }

    /// The more it buys and the more careful its seller, the oftener a customer hears from us.
    fn care_for_customers(&mut self, customers: &[Customer], contacts: &[Contact]) {
        for customer in customers {
            let people: Vec<&str> = contacts
                .iter()
                .filter(|contact| contact.customer == customer.id)
                .map(|contact| contact.id.as_str())
                .collect();
            let usual_gap = match customer.segment() {
                Some('A') => 55,
                Some('B') => 105,
                Some(_) => 260,
                None => 300,
            };
            let forgotten = self.random.chance(FORGOTTEN);
            let last = if forgotten { day(2026, 1, 10) } else { AS_OF };
            let mut when = customer.first_day() + self.random.days(0, usual_gap);
            while let Some(seller) = customer.keeper(when).filter(|_| when <= last) {
                let kind = match customer.segment() {
                    Some('A') => self.random.weighted(&[
                        (35, "call"),
                        (20, "email"),
                        (20, "meeting"),
                        (25, "visit"),
                    ]),
                    _ => self.random.weighted(&[
                        (50, "call"),
                        (28, "email"),
                        (8, "meeting"),
                        (12, "visit"),
                        (2, "message"),
                    ]),
                };
                let known = self.random.chance(85);
                let contact = known.then(|| self.random.pick(&people).to_owned());
                let contact = contact.filter(|id| !id.is_empty());
                let customer = Some(customer.id.clone());
                let place = self.done(seller, when, Activity { customer, contact, ..about(kind) });
                if kind == "meeting" {
                    self.lead_on(seller, place);
                }
                let care = people::find(seller).map_or(100, |person| person.care);
                let gap = usual_gap * 100 / care;
                when = when + self.random.days(gap / 2, gap * 3 / 2);
            }
        }
    }

    /// After a meeting: a step within the week, or nothing.
    fn lead_on(&mut self, seller: &'static str, meeting: Option<usize>) {
        let Some((place, meeting)) =
            meeting.and_then(|place| Some((place, self.activities.get(place)?.clone())))
        else {
            return;
        };
        let care = people::find(seller).map_or(0, |person| person.care);
        if !self.random.chance((care * 3 / 4).min(88)) {
            return;
        }
        let kind = self.random.weighted(&[(45, "email"), (35, "call"), (20, "demo")]);
        let created = meeting.at + TimeDelta::hours(self.hours(1, 30));
        let says_so = self.random.chance(45);
        let step = Activity {
            created,
            customer: meeting.customer,
            lead: meeting.lead,
            opportunity: meeting.opportunity,
            follows_place: says_so.then_some(place),
            ..about(kind)
        };
        let when = meeting.at.date() + self.random.days(1, 6);
        self.done(seller, when, step);
    }

    /// A first answer, perhaps a meeting, and a word now and then while it is open.
    fn work_on_leads(&mut self, leads: &[Lead]) {
        for lead in leads {
            let day = lead.created.date();
            let care = people::find(lead.owner).map_or(0, |person| person.care);
            let id = Some(lead.id.clone());
            let quick = self.random.chance((care * 3 / 4).min(92));
            let wait = if quick { self.random.days(0, 1) } else { self.random.days(3, 9) };
            let kind = self.random.weighted(&[(60, "call"), (40, "email")]);
            let first = (day + wait).max(day + Days::new(u64::from(lead.source != Some("call"))));
            self.done(lead.owner, first, Activity { lead: id.clone(), ..about(kind) });
            let mut when = first + self.random.days(6, 20);
            if self.random.chance(if lead.converted.is_some() { 95 } else { 45 })
                && when < lead.last
            {
                let meeting = Activity { lead: id.clone(), ..about("meeting") };
                let place = self.done(lead.owner, when, meeting);
                self.lead_on(lead.owner, place);
                when = when + self.random.days(12, 30);
            }
            let patience = if lead.temperature == Some("cold") { 120 } else { 36 };
            while when < lead.last && self.random.chance(80) {
                self.done(lead.owner, when, Activity { lead: id.clone(), ..about("call") });
                when = when + self.random.days(patience / 2, patience * 3 / 2);
            }
        }
    }

    /// Talk, meet, look at the place, offer, ask, meet again.
    fn work_on_opportunities(&mut self, opportunities: &[Opportunity]) {
        for deal in opportunities {
            let seller = deal.owner;
            let care = people::find(seller).map_or(0, |person| person.care);
            let step = |kind| Activity {
                customer: Some(deal.customer.clone()),
                opportunity: Some(deal.id.clone()),
                ..about(kind)
            };
            let mut when = deal.created;
            self.done(seller, when, step("call"));
            when = when + self.random.days(5, 16);
            if when < deal.last() {
                let place = self.done(seller, when, step("meeting"));
                self.lead_on(seller, place);
                when = when + self.random.days(8, 16);
            }
            if when < deal.last() && deal.amount.is_some_and(|amount| amount >= 200_000) {
                self.done(seller, when, step("site visit"));
                when = when + self.random.days(4, 12);
            }
            if when < deal.last() && self.random.chance(85) {
                let amount = deal.amount.filter(|_| !self.random.chance(5));
                let place = self.done(seller, when, Activity { amount, ..step("offer") });
                if place.is_some() && self.random.chance((care * 4 / 5).min(90)) {
                    let soon = when + self.random.days(1, 5);
                    self.done(seller, soon, step("call"));
                }
                when = when + self.random.days(10, 25);
            }
            while when < deal.last() && self.random.chance(70) {
                let kind = self.random.weighted(&[(50, "call"), (25, "email"), (25, "meeting")]);
                let place = self.done(seller, when, step(kind));
                if kind == "meeting" {
                    self.lead_on(seller, place);
                }
                when = when + self.random.days(18, 50);
            }
        }
    }

    /// A call or a letter to nearly everyone that a campaign targets.
    fn reach_members(&mut self, customers: &[Customer], leads: &[Lead], members: &[Member]) {
        for member in members {
            let when = member.start + self.random.days(2, 27);
            let keeper = customers
                .iter()
                .find(|customer| member.customer.as_ref() == Some(&customer.id))
                .and_then(|customer| customer.keeper(when));
            let lead = leads.iter().find(|lead| member.lead.as_ref() == Some(&lead.id));
            let seller = keeper.or(lead.map(|lead| lead.owner));
            if let Some(seller) = seller.filter(|_| self.random.chance(78)) {
                let kind = self.random.weighted(&[(70, "call"), (30, "email")]);
                let customer = member.customer.clone();
                let (lead, campaign) = (member.lead.clone(), Some(member.campaign));
                self.done(seller, when, Activity { customer, lead, campaign, ..about(kind) });
            }
        }
    }

    /// One a quarter for each team; Norway had none last summer.
    fn hold_webinars(&mut self) {
        for (seller, days) in [
            ("asta", [day(2025, 8, 27), day(2025, 11, 12), day(2026, 2, 25), day(2026, 9, 23)]),
            ("åsa", [day(2025, 9, 3), day(2025, 12, 3), day(2026, 3, 11), day(2026, 9, 9)]),
            ("håkon", [day(2025, 9, 24), day(2025, 11, 26), day(2026, 3, 18), day(2026, 5, 20)]),
        ] {
            for day in days {
                self.done(seller, day, about("webinar"));
            }
        }
    }

    /// Next steps, and those whose day has passed without them.
    fn plan_ahead(
        &mut self,
        customers: &[Customer],
        leads: &[Lead],
        opportunities: &[Opportunity],
    ) {
        let open = opportunities.iter().filter(|deal| deal.status == "open");
        for deal in open {
            let kind = self.random.weighted(&[(45, "call"), (40, "meeting"), (15, "site visit")]);
            let customer = Some(deal.customer.clone());
            let opportunity = Some(deal.id.clone());
            self.next_step(deal.owner, 68, Activity { customer, opportunity, ..about(kind) });
        }
        for lead in leads.iter().filter(|lead| lead.status == "open") {
            let percent = if lead.temperature == Some("hot") { 75 } else { 20 };
            let id = Some(lead.id.clone());
            self.next_step(lead.owner, percent, Activity { lead: id, ..about("call") });
        }
        for customer in customers.iter().filter(|customer| customer.segment() == Some('A')) {
            if let Some(seller) = customer.owner {
                let customer = Some(customer.id.clone());
                self.next_step(seller, 50, Activity { customer, ..about("visit") });
            }
        }
        // Asta is the one who lets nothing lie.
        for seller in SELLERS.iter().filter(|seller| seller.ended.is_none() && seller.id != "asta")
        {
            let count = self.random.between(0, 2);
            for _ in 0..count {
                let when = AS_OF - self.random.days(1, 40);
                self.planned(seller.id, when, about("task"));
            }
        }
    }

    /// Planned in so many of a hundred cases; of the others some were planned and let slip.
    fn next_step(&mut self, seller: &'static str, percent: u64, what: Activity) {
        if self.random.chance(percent) {
            let when = AS_OF + self.random.days(1, 17);
            self.planned(seller, when, what);
        } else if seller != "asta" && self.random.chance(25) {
            let when = AS_OF - self.random.days(1, 24);
            self.planned(seller, when, what);
        }
    }

    /// The activities by day, numbered, each naming the one that it follows.
    fn in_order(mut self) -> Vec<Activity> {
        let mut order: Vec<usize> = (0..self.activities.len()).collect();
        order.sort_by_key(|place| self.activities.get(*place).map(|activity| activity.at));
        let mut ids = vec![String::new(); order.len()];
        for (number, place) in order.iter().enumerate() {
            if let Some(id) = ids.get_mut(*place) {
                *id = format!("a{:04}", number + 1);
            }
        }
        for (activity, id) in self.activities.iter_mut().zip(&ids) {
            activity.id.clone_from(id);
            activity.follows = activity.follows_place.and_then(|place| ids.get(place).cloned());
        }
        order.iter().filter_map(|place| self.activities.get(*place).cloned()).collect()
    }
}
