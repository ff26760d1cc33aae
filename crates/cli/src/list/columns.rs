//! Lists as columns, for CSV and for workbooks.

use chrono::NaiveDate;
use kadence::verdict::Subject;
use kadence::worklist::{Act, Doing, Listed, Reach, SellerToDo, ToDo, Touch, WhatToDo};
use kadence::{Number, Status};

use crate::report;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Day(Option<NaiveDate>),
    Number(Number),
}

/// A column: its name, how wide it is in a workbook, and what stands in it.
pub(super) struct Column<R: ?Sized> {
    pub(super) name: &'static str,
    pub(super) width: u8,
    pub(super) cell: fn(&R) -> Cell,
}

/// An act with all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ActRow<'t> {
    list: &'t WhatToDo,
    of: &'t SellerToDo,
    line: &'t ToDo,
    act: &'t Act,
}

/// A row for each act of a seller.
pub(super) fn acts<'t>(list: &'t WhatToDo, of: &'t SellerToDo) -> impl Iterator<Item = ActRow<'t>> {
    of.todo
        .iter()
        .flat_map(move |line| line.acts.iter().map(move |act| ActRow { list, of, line, act }))
}

macro_rules! columns {
    ($($name:literal $width:literal $cell:expr,)+) => {
        vec![$(Column { name: $name, width: $width, cell: $cell },)+]
    };
}

/// What several are is joined by spaces, sentences by `; `.
pub(super) fn of_acts<'t>() -> Vec<Column<ActRow<'t>>> {
    columns! {
    "due" 11 |row| Cell::Day(row.act.due),
    "status" 9 |row| text(&worst(row.act).replace(' ', "_")),
    "name" 28 |row| name(Some(&row.line.subject)),
    "about_name" 28 |row| name(row.line.about.as_ref()),
    "act" 34 |row| text(&row.act.to_string()),
    "why" 60 |row| text(&why(row.act)),
    "rules" 20 |row| joined(row.act.serves.iter().map(|one| one.rule.as_str())),
    "counts_for" 24 |row| text(&row.act.also()),
    "last" 11 |row| day(&row.line.last),
    "last_kind" 10 |row| kind(&row.line.last),
    "next" 11 |row| day(&row.line.next),
    "next_kind" 10 |row| kind(&row.line.next),
    "person_name" 18 |row| person_name(&row.line.reach),
    "role" 14 |row| role(&row.line.reach),
    "phone" 16 |row| known(row.line.reach.phone.as_ref()),
    "mail" 26 |row| known(row.line.reach.mail.as_ref()),
    "weight" 8 |row| Cell::Number(row.line.weight.clone()),
    "severity" 9 |row| text(severity(row)),
    "seller" 12 |row| known(row.line.owner.as_ref()),
    "seller_name" 18 |row| name(row.of.seller.as_ref()),
    "team" 12 |row| known(row.line.team.as_ref()),
    "kind" 12 |row| text(&row.line.subject.kind),
    "subject" 12 |row| text(&row.line.subject.id),
    "about_kind" 12 |row| noun(row.line.about.as_ref()),
    "about" 12 |row| id(row.line.about.as_ref()),
    "activity" 18 |row| activity(&row.line.activity),
    "do" 9 |row| text(form(&row.act.doing)),
    "kinds" 18 |row| kinds(&row.act.doing),
    "person" 12 |row| known(row.line.reach.person.as_ref().map(|person| &person.id)),
    }
}

pub(super) fn of_calls() -> Vec<Column<Listed>> {
    columns! {
    "name" 28 |row| name(Some(&row.subject)),
    "about_name" 28 |row| name(row.about.as_ref()),
    "open" 24 |row| joined(row.open.iter().map(String::as_str)),
    "last" 11 |row| day(&row.last),
    "last_kind" 10 |row| kind(&row.last),
    "next" 11 |row| day(&row.next),
    "next_kind" 10 |row| kind(&row.next),
    "person_name" 18 |row| person_name(&row.reach),
    "role" 14 |row| role(&row.reach),
    "phone" 16 |row| known(row.reach.phone.as_ref()),
    "mail" 26 |row| known(row.reach.mail.as_ref()),
    "seller" 12 |row| known(row.owner.as_ref()),
    "team" 12 |row| known(row.team.as_ref()),
    "kind" 12 |row| text(&row.subject.kind),
    "subject" 12 |row| text(&row.subject.id),
    "about_kind" 12 |row| noun(row.about.as_ref()),
    "about" 12 |row| id(row.about.as_ref()),
    "activity" 18 |row| activity(&row.activity),
    "person" 12 |row| known(row.reach.person.as_ref().map(|person| &person.id)),
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn known(text: Option<&String>) -> Cell {
    Cell::Text(text.cloned().unwrap_or_default())
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> Cell {
    Cell::Text(texts.collect::<Vec<_>>().join(" "))
}

fn name(subject: Option<&Subject>) -> Cell {
    known(subject.and_then(|subject| subject.name.as_ref()))
}

fn noun(subject: Option<&Subject>) -> Cell {
    known(subject.map(|subject| &subject.kind))
}

fn id(subject: Option<&Subject>) -> Cell {
    known(subject.map(|subject| &subject.id))
}

fn day(touch: &Option<Touch>) -> Cell {
    Cell::Day(touch.as_ref().map(|touch| touch.day))
}

fn kind(touch: &Option<Touch>) -> Cell {
    known(touch.as_ref().map(|touch| &touch.kind))
}

fn activity(touch: &Option<Touch>) -> Cell {
    Cell::Text(touch.as_ref().map_or_else(String::new, |one| format!("{} {}", one.kind, one.day)))
}

fn person_name(reach: &Reach) -> Cell {
    known(reach.person.as_ref().and_then(|person| person.name.as_ref()))
}

fn role(reach: &Reach) -> Cell {
    known(reach.person.as_ref().and_then(|person| person.role.as_ref()))
}

fn kinds(doing: &Doing) -> Cell {
    match doing {
        Doing::Activity { kinds, .. } => joined(kinds.iter().map(String::as_str)),
        Doing::Record { .. } | Doing::Enough { .. } => text(""),
    }
}

fn form(doing: &Doing) -> &'static str {
    match doing {
        Doing::Activity { .. } => "activity",
        Doing::Record { .. } => "record",
        Doing::Enough { .. } => "enough",
    }
}

/// The status of the worst of what an act serves.
fn worst(act: &Act) -> &'static str {
    let order = [Status::Missed, Status::AtRisk, Status::OnTrack, Status::Met];
    let worst = order.into_iter().find(|status| act.serves.iter().any(|one| one.status == *status));
    worst.map_or("", Status::words)
}

/// What an act serves, each in a sentence.
fn why(act: &Act) -> String {
    let why = act.serves.iter().map(|one| format!("{}: {}", one.rule, one.sentence));
    why.collect::<Vec<_>>().join("; ")
}

fn severity(row: &ActRow<'_>) -> &'static str {
    let serves = |id: &str| row.act.serves.iter().any(|one| one.rule == id);
    let rules = row.list.rules.iter().filter(|rule| serves(&rule.id));
    report::severity(rules.map(|rule| rule.severity).max().unwrap_or_default())
}
