//! A plan as a page of the report.

use kadence_plan::{Schedule, SellerPlan};

use super::text::{called, of_unmet, quality, weekday};
use crate::sections::{Block, Heading, Section, first};

/// How many verdicts that are not kept are listed.
const UNMET: usize = 100;

pub(crate) fn sections(schedule: &Schedule) -> Vec<Section> {
    let Schedule { from, until, kept, problems, .. } = schedule;
    let notes = problems.iter().map(|problem| Block::Line(problem.message.clone()));
    let all = std::iter::once(Block::Line(quality(kept))).chain(notes).collect();
    let head = Section::new(format!("Booked from {from} to {until}"), all);
    let sellers = schedule.sellers.iter().map(of_seller);
    std::iter::once(head).chain(sellers).chain(unmet(schedule)).collect()
}

fn of_seller(plan: &SellerPlan) -> Section {
    let columns = vec![
        Heading::Word("day"),
        Heading::Word("at"),
        Heading::Text("what"),
        Heading::Number("minutes"),
        Heading::Text("for"),
    ];
    let row = |start: chrono::NaiveDateTime, what: String, minutes: u32, why: String| {
        let day = format!("{} {}", weekday(start.date()), start.date());
        (start, vec![day, start.format("%H:%M").to_string(), what, minutes.to_string(), why])
    };
    let booked = plan.booked.iter().map(|one| {
        let rules: Vec<&str> = one.serves.iter().map(|verdict| verdict.rule.as_str()).collect();
        row(one.start, one.title(), one.minutes, rules.join(", "))
    });
    let planned = plan.planned.iter().map(|one| {
        let what = format!("{} {}", one.kind, one.id);
        row(one.start, what, one.minutes, "planned before".to_owned())
    });
    let mut rows: Vec<_> = booked.chain(planned).collect();
    rows.sort();
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    let block = match rows.is_empty() {
        true => Block::Line("nothing is booked or planned".to_owned()),
        false => Block::Table { title: None, columns, rows },
    };
    Section::new(called(&plan.seller), vec![block])
}

/// What does not fit, with the reason.
fn unmet(schedule: &Schedule) -> Option<Section> {
    let line =
        |one: &kadence_plan::Unmet| format!("{}: {}; {}", one.rule, of_unmet(one), one.why.words());
    let items = first(UNMET, schedule.unmet.iter().map(line));
    let title = "With it as if done, still missed or at risk".to_owned();
    let list = Block::List { title, items };
    (!schedule.unmet.is_empty()).then(|| Section::new("What does not fit", vec![list]))
}
