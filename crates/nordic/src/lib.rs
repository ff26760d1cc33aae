//! The data of `examples/nordic`: a small company that sells workplace equipment in Denmark,
//! Sweden and Norway. None of it is real, and the same seed gives the same bytes everywhere.
//!
//! `story` holds the numbers; a module per table makes the rows.

mod activities;
mod campaigns;
mod customers;
mod leads;
mod names;
mod opportunities;
mod people;
mod random;
mod story;

use std::error::Error;

use serde::Serialize;

/// The files of the data folder: names and texts.
///
/// # Errors
///
/// A row that cannot be written as CSV.
pub fn files() -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let mut names = names::Names::shuffled();
    let campaigns = campaigns::campaigns();
    let leads = leads::leads(&mut names);
    let customers = customers::customers(&mut names, &leads);
    let contacts = customers::contacts(&customers);
    let opportunities = opportunities::opportunities(&customers, &leads);
    let members = campaigns::members(&customers, &leads);
    let activities =
        activities::activities(&customers, &contacts, &leads, &opportunities, &members);
    Ok(vec![
        ("dataset.json", dataset()),
        ("teams.csv", table(&story::TEAMS)?),
        ("sellers.csv", table(&people::SELLERS)?),
        ("absences.csv", table(&people::absences())?),
        ("customers.csv", table(&customers)?),
        ("contacts.csv", table(&contacts)?),
        ("campaigns.csv", table(&campaigns)?),
        ("members.csv", table(&members)?),
        ("leads.csv", table(&leads)?),
        ("opportunities.csv", table(&opportunities)?),
        ("activities.csv", table(&activities)?),
    ])
}

fn table<T: Serialize>(rows: &[T]) -> Result<String, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn dataset() -> String {
    format!(
        "{{\n  \"complete_from\": \"{}\",\n  \"complete_through\": \"{}\",\n  \"as_of\": \"{}\"\n}}\n",
        story::FIRST_DAY,
        story::AS_OF,
        story::AS_OF
    )
}
