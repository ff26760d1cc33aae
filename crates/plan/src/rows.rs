//! What is booked, as planned activities of a dataset.

use chrono::{DateTime, TimeDelta};
use kadence::{Activity, ActivityStatus, Moment};

use crate::schedule::{Booked, Schedule};

/// The columns of [`cells`], as `activities.csv` has them.
pub const COLUMNS: [&str; 13] = [
    "id",
    "kind",
    "status",
    "at",
    "created",
    "seller",
    "customer",
    "contact",
    "lead",
    "opportunity",
    "campaign",
    "follows",
    "minutes",
];

impl Schedule {
    /// What is booked, as planned activities: those of the first seller first, each in the order of
    /// time. They came to be known at the last moment before the as-of instant.
    pub fn activities(&self) -> Vec<Activity> {
        let created = DateTime::parse_from_rfc3339(&self.as_of).ok();
        let created = created.map(|at| Moment::Utc((at - TimeDelta::seconds(1)).to_utc()));
        let booked = self.sellers.iter().flat_map(|seller| &seller.booked);
        booked.map(|one| Activity { created, ..one.activity() }).collect()
    }
}

impl Booked {
    fn activity(&self) -> Activity {
        let names = self.names.clone();
        Activity {
            seller: names.seller,
            customer: names.customer,
            contact: names.contact,
            lead: names.lead,
            opportunity: names.opportunity,
            campaign: names.campaign,
            follows: names.follows,
            minutes: Some(self.minutes.into()),
            ..Activity::new(&self.id, &self.kind, ActivityStatus::Planned, self.start)
        }
    }
}

/// An activity as the texts of its [`COLUMNS`].
pub fn cells(activity: &Activity) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        activity.id.clone(),
        activity.kind.clone(),
        "planned".to_owned(),
        activity.at.to_string(),
        activity.created.map(|created| created.to_string()).unwrap_or_default(),
        text(&activity.seller),
        text(&activity.customer),
        text(&activity.contact),
        text(&activity.lead),
        text(&activity.opportunity),
        text(&activity.campaign),
        text(&activity.follows),
        activity.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
    ]
}
