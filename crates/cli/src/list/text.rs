//! Lists for people: a few lines for each subject.

use kadence::verdict::Subject;
use kadence::worklist::{
    Act, CallList, ListInfo, Listed, Reach, SellerToDo, ToDo, Touch, WhatToDo,
};

use crate::output::count;
use crate::report::grid::{fit, wrapped};

/// As wide as a date, so that dates stand before everything else.
const INDENT: &str = "              ";

/// What to do, seller by seller.
pub(super) fn what_to_do(todo: &WhatToDo, width: u16) -> String {
    let WhatToDo { day, until, sellers, lists, .. } = todo;
    let all: u64 = sellers.iter().map(|seller| seller.todo.len() as u64 + seller.left_out).sum();
    let mut sections = vec![format!(
        "What to do as of {day}, and what would lapse by {until}: {}\n",
        match all {
            0 => "nothing".to_owned(),
            all => count(all, "subject"),
        }
    )];
    sections.extend(sellers.iter().map(|seller| of_seller(seller, width)));
    if !lists.is_empty() {
        sections.push(of_file(lists, width));
    }
    sections.join("\n")
}

fn of_file(lists: &[ListInfo], width: u16) -> String {
    let lines =
        lists.iter().map(|list| wrapped("  ", &format!("\"{}\" = {}", list.name, list.of), width));
    format!("Lists of the rule file, shown by --list NAME\n{}", lines.collect::<String>())
}

fn of_seller(of: &SellerToDo, width: u16) -> String {
    let SellerToDo { seller, left_out, todo } = of;
    let (name, option) = match seller {
        Some(seller) => (named(seller), format!("--seller {} shows all", seller.id)),
        None => ("Nobody's".to_owned(), "--limit N shows more".to_owned()),
    };
    let all = todo.len() as u64 + left_out;
    let mut text = fit(&name, width.saturating_sub(12)) + &format!(": {all} to do\n");
    todo.iter().for_each(|line| text.push_str(&lines(line, width)));
    if *left_out > 0 {
        text.push_str(&fit(&format!("  … and {left_out} more ({option})"), width));
        text.push('\n');
    }
    text
}

fn lines(line: &ToDo, width: u16) -> String {
    let due = line.due.map_or_else(|| "–".to_owned(), |due| due.to_string());
    let mut text = wrapped(
        &format!("  {due:10}  "),
        &about((&line.subject, &line.activity, &line.about)),
        width,
    );
    for act in &line.acts {
        text.push_str(&wrapped(&format!("{INDENT}> "), &said(act), width));
        for one in &act.serves {
            let whose = if one.subject == line.subject {
                String::new()
            } else {
                format!(" for {}", called(&one.subject))
            };
            let served = format!("{}{whose}, {}: {}", one.rule, one.status.words(), one.sentence);
            text.push_str(&wrapped(&format!("{INDENT}  "), &served, width));
        }
    }
    let beside = beside(&line.last, &line.next, &line.reach);
    if !beside.is_empty() {
        text.push_str(&wrapped(INDENT, &beside, width));
    }
    text
}

/// An act, with what else it counts for.
fn said(act: &Act) -> String {
    let also = act.also();
    if also.is_empty() { act.to_string() } else { format!("{act} ({also})") }
}

/// `Acme`, or `activity m1` where it has no name.
fn called(subject: &Subject) -> String {
    let Subject { kind, id, name } = subject;
    name.clone().unwrap_or_else(|| format!("{kind} {id}"))
}

/// `Hele etagen (opportunity o002), Acme (customer c148)`
pub(super) fn about(
    (subject, activity, about): (&Subject, &Option<Touch>, &Option<Subject>),
) -> String {
    let own = match activity {
        Some(Touch { id, day, kind, .. }) => format!("{kind} on {day} ({id})"),
        None => named(subject),
    };
    match about {
        Some(about) => format!("{own}, {}", named(about)),
        None => own,
    }
}

/// `Acme (customer c148)`
fn named(subject: &Subject) -> String {
    let Subject { kind, id, name } = subject;
    match name {
        Some(name) => format!("{name} ({kind} {id})"),
        None if kind == id => id.clone(),
        None => format!("{kind} {id}"),
    }
}

/// `last call 2026-10-02, next meeting 2026-11-20; Eva (buyer), +45 12 34 56 78, eva@acme.example`
fn beside(last: &Option<Touch>, next: &Option<Touch>, reach: &Reach) -> String {
    let touch = |touch: &Touch| format!("{} {}", touch.kind, touch.day);
    let contacts = [("last", last), ("next", next)]
        .map(|(which, one)| one.as_ref().map(|one| format!("{which} {}", touch(one))));
    let contacts: Vec<String> = contacts.into_iter().flatten().collect();
    let contacts = if contacts.is_empty() { None } else { Some(contacts.join(", ")) };
    let person = reach.person.as_ref().map(|person| {
        let name = person.name.as_ref().unwrap_or(&person.id);
        person.role.as_ref().map_or_else(|| name.clone(), |role| format!("{name} ({role})"))
    });
    let reach: Vec<&str> =
        [&person, &reach.phone, &reach.mail].into_iter().flatten().map(String::as_str).collect();
    let reach = if reach.is_empty() { None } else { Some(reach.join(", ")) };
    let parts: Vec<String> = [contacts, reach].into_iter().flatten().collect();
    parts.join("; ")
}

/// A list of the rule file.
pub(super) fn calls(list: &CallList, width: u16) -> String {
    let CallList { day, name, left_out, subjects, .. } = list;
    let number = format!(" as of {day} ({})\n", subjects.len());
    let mut text = fit(name, width.saturating_sub(26)) + &number;
    subjects.iter().for_each(|listed| text.push_str(&listed_lines(listed, width)));
    if *left_out > 0 {
        text.push_str(&format!("… and {left_out} more, which were not asked for\n"));
    }
    text
}

fn listed_lines(listed: &Listed, width: u16) -> String {
    let owner = listed.owner.as_deref().unwrap_or("nobody");
    let subject = about((&listed.subject, &listed.activity, &listed.about));
    let mut text = wrapped("  ", &format!("{subject}: {owner}"), width);
    if !listed.open.is_empty() {
        text.push_str(&wrapped("      ", &format!("open: {}", listed.open.join(", ")), width));
    }
    let beside = beside(&listed.last, &listed.next, &listed.reach);
    if !beside.is_empty() {
        text.push_str(&wrapped("      ", &beside, width));
    }
    text
}
