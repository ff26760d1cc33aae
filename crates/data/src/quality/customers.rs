//! Customers that nobody looks after.

use kadence::Noun;

use super::facts::Facts;
use super::{Check, Finding};

pub(super) fn without_owner(facts: &Facts<'_>) -> Option<Finding> {
    let owner = facts.column(Noun::Customer, "owner");
    let rows = facts.rows(Noun::Customer).filter(|row| !owner.is_known(*row));
    let activities = facts.activities(Noun::Customer);
    facts.finding(Check::NoOwner, Noun::Customer, rows.collect(), |row| {
        match activities.get(row as usize) {
            Some(1) => "1 activity".to_owned(),
            Some(count) => format!("{count} activities"),
            None => String::new(),
        }
    })
}

/// Customers without a contact and without an activity.
pub(super) fn without_anything(facts: &Facts<'_>) -> Option<Finding> {
    let activities = facts.activities(Noun::Customer);
    let mut has_contact = vec![false; facts.data.count(Noun::Customer)];
    let [created, of] =
        [facts.column(Noun::Customer, "created"), facts.column(Noun::Contact, "customer")];
    for row in facts.rows(Noun::Contact) {
        if let Some(has) = of.target(row).and_then(|row| has_contact.get_mut(row as usize)) {
            *has = true;
        }
    }
    let is_alone = |row: &u32| {
        let row = *row as usize;
        has_contact.get(row) == Some(&false) && activities.get(row) == Some(&0)
    };
    let rows = facts.rows(Noun::Customer).filter(is_alone);
    facts.finding(Check::NothingKnown, Noun::Customer, rows.collect(), |row| {
        created.day(row).map(|day| format!("created {day}")).unwrap_or_default()
    })
}
