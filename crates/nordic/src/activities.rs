//! What was done, what was let slip, and what is planned.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::Serialize;

use crate::campaigns::Member;
use crate::customers::{Contact, Customer};
use crate::leads::Lead;
use crate::opportunities::Opportunity;
use crate::people::{self, Absence};
use crate::random::Random;
use crate::story::{AS_OF, CANCELLED, FORGOTTEN, day};

#[derive(Serialize)]
pub(crate) struct Activity {
    id: String,
    kind: &'static str,
    status: &'static str,
    at: NaiveDateTime,
    created: Option<NaiveDateTime>,
    seller: &'static str,
    #[serde(flatten)]
    about: About,
    follows: Option<String>,
    preparation: Option<&'static str>,
    outcome: Option<&'static str>,
    amount: Option<u64>,
    minutes: Option<u64>,
}

/// What an activity is about.
#[derive(Serialize, Clone, Default)]
struct About {
    customer: Option<String>,
    contact: Option<String>,
    lead: Option<String>,
    opportunity: Option<String>,
    campaign: Option<&'static str>,
}
