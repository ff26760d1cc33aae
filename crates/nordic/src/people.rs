//! Sellers, and when they are away.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::random::Random;
use crate::story::{day, is_workday};

#[derive(Serialize)]
pub(crate) struct Seller {
    pub(crate) id: &'static str,
    name: &'static str,
    pub(crate) team: &'static str,
    pub(crate) started: NaiveDate,
    pub(crate) ended: Option<NaiveDate>,
    fte: &'static str,
    /// Meetings a month; one seller has not agreed on any yet.
    meeting_goal: Option<u32>,
    /// How reliably they do what they should, in percent.
    #[serde(skip)]
    pub(crate) care: u64,
}

#[rustfmt::skip]
pub(crate) const SELLERS: [Seller; 12] = [
    seller("asta", "Asta", "danmark", day(2016, 3, 1), "1", Some(5), 115),
    seller("bjørn", "Bjørn", "danmark", day(2019, 8, 1), "1", Some(4), 90),
    seller("frederikke", "Frederikke", "danmark", day(2021, 1, 4), "1", Some(4), 105),
    seller("jeppe", "Jeppe", "danmark", day(2023, 5, 1), "0.8", Some(3), 70),
    seller("søren", "Søren", "danmark", day(2014, 9, 1), "1", Some(4), 60),
    seller("åsa", "Åsa", "sverige", day(2018, 2, 1), "1", Some(5), 110),
    seller("ebba", "Ebba", "sverige", day(2024, 11, 1), "1", None, 85),
    seller("linnea", "Linnea", "sverige", day(2020, 6, 1), "1", Some(4), 95),
    Seller {
        ended: Some(NILS_LEFT),
        ..seller("nils", "Nils", "sverige", day(2017, 10, 2), "1", Some(5), 65)
    },
    seller("håkon", "Håkon", "norge", day(2015, 4, 1), "1", Some(4), 80),
    seller("ingrid", "Ingrid", "norge", day(2022, 9, 1), "0.6", Some(2), 100),
    seller("tuva", "Tuva", "norge", TUVA_STARTED, "1", Some(3), 100),
];

pub(crate) const NILS_LEFT: NaiveDate = day(2026, 3, 31);
pub(crate) const TUVA_STARTED: NaiveDate = day(2026, 8, 17);

const fn seller(
    id: &'static str,
    name: &'static str,
    team: &'static str,
    started: NaiveDate,
    fte: &'static str,
    meeting_goal: Option<u32>,
    care: u64,
) -> Seller {
    Seller { id, name, team, started, ended: None, fte, meeting_goal, care }
}

impl Seller {
    /// Whether they work for the company from one day to the other.
    pub(crate) fn employed(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.started <= from && self.ended.is_none_or(|ended| to <= ended)
    }
}

pub(crate) fn find(id: &str) -> Option<&'static Seller> {
    SELLERS.iter().find(|seller| seller.id == id)
}

/// One of a team's sellers who is there from one day to the other.
pub(crate) fn anyone(
    random: &mut Random,
    team: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> &'static str {
    let there = |seller: &&Seller| seller.team == team && seller.employed(from, to);
    let ids: Vec<&str> = SELLERS.iter().filter(there).map(|seller| seller.id).collect();
    random.pick(&ids)
}

#[derive(Serialize)]
pub(crate) struct Absence {
    seller: &'static str,
    from: NaiveDate,
    until: NaiveDate,
}

/// Three weeks of July for everybody, and what else happened.
pub(crate) fn absences() -> Vec<Absence> {
    let mut absences = Vec::new();
    for (place, seller) in SELLERS.iter().enumerate() {
        for monday in [day(2025, 7, 7), day(2026, 7, 6)] {
            let from = monday + Days::new(7 * (place as u64 % 3));
            let until = from + Days::new(18);
            if seller.employed(from, until) {
                absences.push(Absence { seller: seller.id, from, until });
            }
        }
    }
    let mut away = |seller, from, until| absences.push(Absence { seller, from, until });
    away("frederikke", day(2026, 9, 1), day(2026, 10, 30));
    away("håkon", day(2026, 2, 9), day(2026, 2, 27));
    away("asta", day(2025, 10, 13), day(2025, 10, 17));
    away("asta", day(2026, 10, 12), day(2026, 10, 16));
    away("linnea", day(2026, 11, 2), day(2026, 11, 4));
    away("søren", day(2026, 11, 9), day(2026, 11, 13));
    absences
}

/// The first day from `day` on at which a seller works.
pub(crate) fn at_work(seller: &str, absences: &[Absence], day: NaiveDate) -> NaiveDate {
    let away = |day| {
        let covers = |a: &Absence| a.seller == seller && a.from <= day && day <= a.until;
        absences.iter().any(covers)
    };
    let works = |day: &NaiveDate| is_workday(*day) && !away(*day);
    day.iter_days().take(365).find(works).unwrap_or(day)
}
