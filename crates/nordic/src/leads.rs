//! Leads: from the web, from fairs, from referrals and calls.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use serde::Serialize;

use crate::campaigns::{FAIR_2025, FAIR_2025_START, FAIR_2026, FAIR_2026_START};
use crate::names::Names;
use crate::people;
use crate::random::Random;
use crate::story::{
    AS_OF, CONVERTED, COUNTRIES, Country, FIRST_DAY, LEADS_OF_FAIR_2025, LEADS_OF_FAIR_2026,
    LOST_LEADS, OVER_THE_WEEKEND, is_workday,
};

#[derive(Serialize)]
pub(crate) struct Lead {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) temperature: Option<&'static str>,
    pub(crate) source: Option<&'static str>,
    pub(crate) campaign: Option<&'static str>,
    pub(crate) status: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) created: NaiveDateTime,
    pub(crate) converted: Option<NaiveDate>,
    pub(crate) customer: Option<String>,
    #[serde(skip)]
    pub(crate) country: &'static str,
    /// The last day on which somebody works on it.
    #[serde(skip)]
    pub(crate) last: NaiveDate,
}

pub(crate) fn leads(names: &mut Names) -> Vec<Lead> {
    let mut random = Random::new(3);
    let mut leads = Vec::new();
    for country in COUNTRIES {
        for _ in 0..country.leads {
            let source = random.weighted(&[
                (52, Some("web")),
                (24, Some("referral")),
                (20, Some("call")),
                (4, None),
            ]);
            let created = arrival(&mut random, source);
            leads.push(lead(&mut random, names, country, source, None, created));
        }
    }
    for (fair, start, count) in [
        (FAIR_2025, FAIR_2025_START, LEADS_OF_FAIR_2025),
        (FAIR_2026, FAIR_2026_START, LEADS_OF_FAIR_2026),
    ] {
        for _ in 0..count {
            let country = random.weighted(&COUNTRIES.map(|country| (country.leads, Some(country))));
            let created = at(start + random.days(0, 2), random.between(9 * 60, 17 * 60));
            leads.extend(country.map(|country| {
                lead(&mut random, names, country, Some("fair"), Some(fair), created)
            }));
        }
    }
    for (country, created) in COUNTRIES.into_iter().zip(OVER_THE_WEEKEND) {
        leads.push(lead(&mut random, names, country, Some("web"), None, created));
    }
    leads.sort_by_key(|lead| lead.created);
    let mut converted = 0;
    for (place, lead) in leads.iter_mut().enumerate() {
        lead.id = format!("l{:03}", place + 1);
        if lead.converted.is_some() {
            converted += 1;
            lead.customer = Some(format!("n{converted:03}"));
        }
    }
    leads
}

/// The web knows no closing time; the others come on workdays.
fn arrival(random: &mut Random, source: Option<&str>) -> NaiveDateTime {
    let whole_time = AS_OF.signed_duration_since(FIRST_DAY).num_days().unsigned_abs();
    let day = FIRST_DAY + random.days(0, whole_time);
    if source == Some("web") {
        return at(day, random.between(6 * 60, 23 * 60));
    }
    let back = (0..7).map(|n| day - Days::new(n)).find(|day| is_workday(*day));
    at(back.unwrap_or(day).max(FIRST_DAY), random.between(8 * 60, 16 * 60))
}

fn lead(
    random: &mut Random,
    names: &mut Names,
    country: Country,
    source: Option<&'static str>,
    campaign: Option<&'static str>,
    created: NaiveDateTime,
) -> Lead {
    let day = created.date();
    let decided = day + random.days(20, 60);
    let fate = if decided <= AS_OF {
        let open = 100 - CONVERTED - LOST_LEADS;
        random.weighted(&[(CONVERTED, "converted"), (LOST_LEADS, "lost"), (open, "open")])
    } else {
        "open"
    };
    let last = if fate == "open" { AS_OF } else { decided };
    let temperature =
        random.weighted(&[(22, Some("hot")), (40, Some("warm")), (34, Some("cold")), (4, None)]);
    Lead {
        id: String::new(),
        name: names.take(country.code),
        temperature,
        source,
        campaign,
        status: fate,
        owner: people::anyone(random, country.team, day, last),
        created,
        converted: (fate == "converted").then_some(decided),
        customer: None,
        country: country.code,
        last,
    }
}

fn at(day: NaiveDate, minutes: u64) -> NaiveDateTime {
    day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes.cast_signed())
}
