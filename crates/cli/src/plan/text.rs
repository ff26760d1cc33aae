//! A plan for people: day by day, and what does not fit.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use kadence::Number;
use kadence::verdict::Subject;
use kadence_plan::{Booked, Kept, Planned, Schedule, SellerPlan, Unmet, Why};

use crate::output::count;
use crate::report::grid::{fit, wrapped};

/// How many subjects are named of what does not fit for one rule and reason.
const NAMED: usize = 4;

/// As wide as the time of an activity.
const INDENT: &str = "            ";

/// The plan, seller by seller.
pub(super) fn plan(schedule: &Schedule, width: u16) -> String {
    let Schedule { from, until, sellers, hours_per_workday, kept, known_through, .. } = schedule;
    let booked: usize = sellers.iter().map(|seller| seller.booked.len()).sum();
    let what = match booked {
        0 => "nothing to book".to_owned(),
        n => format!("{} booked", activities(n)),
    };
    let mut text =
        format!("Plan from {from} to {until}, {hours_per_workday} h a workday: {what}\n");
    text.push_str(&wrapped("", &quality(kept), width));
    if let Some(through) = known_through {
        text.push_str(&wrapped("", &not_known(*through), width));
    }
    if sellers.is_empty() {
        text.push_str("There is nobody to plan for.\n");
    }
    for seller in sellers {
        text.push('\n');
        text.push_str(&of_seller(seller, *until, width));
    }
    text.push('\n');
    match (schedule.unmet.is_empty(), known_through) {
        (true, None) => text.push_str("With it as if done, nothing is missed or at risk.\n"),
        (true, Some(_)) => {
            text.push_str("With it as if done, nothing that is known is missed or at risk.\n");
        }
        (false, _) => text.push_str(&unmet(&schedule.unmet, width)),
    }
    text
}

fn not_known(through: NaiveDate) -> String {
    format!(
        "Activities are known through {through} only: what rules ask since then is not known, and not planned."
    )
}

/// `1 activity`, `2 activities`.
pub(super) fn activities(n: usize) -> String {
    if n == 1 { "1 activity".to_owned() } else { format!("{n} activities") }
}

/// What is kept of what could be, and how far from the best that is at most.
pub(super) fn quality(kept: &Kept) -> String {
    if kept.asked.is_zero() {
        return "Nothing is asked that activities of sellers in these days could keep.".to_owned();
    }
    let Kept { asked, kept, most } = kept;
    let best = if kept == most {
        "nothing that was tried keeps more".to_owned()
    } else {
        format!("nothing that was tried keeps more than {most}")
    };
    format!("Of verdicts that ask for something, by weight: {kept} of {asked} kept; {best}.")
}

fn of_seller(plan: &SellerPlan, until: NaiveDate, width: u16) -> String {
    let SellerPlan { seller, workdays, minutes, booked, planned, kept } = plan;
    let taken: i64 = booked
        .iter()
        .filter(|one| one.start.date() <= until)
        .map(|one| i64::from(one.minutes))
        .chain(
            planned
                .iter()
                .filter(|one| one.start.date() <= until)
                .map(|one| i64::from(one.minutes)),
        )
        .sum();
    let time = match workdays {
        0 => "not there in these days".to_owned(),
        days => format!("{}, {} of {} h", count(*days, "workday"), hours(taken), hours(*minutes)),
    };
    let kept = match (kept.asked.is_zero(), kept.kept == kept.most) {
        (true, _) => String::new(),
        (_, true) => format!("; keeps {} of {}", kept.kept, kept.asked),
        (_, false) => format!("; keeps {} of {}, at most {}", kept.kept, kept.asked, kept.most),
    };
    let name = seller.name.as_deref().unwrap_or(&seller.id);
    let mut text = wrapped("", &format!("{name}: {time}{kept}"), width);
    let mut entries: Vec<(chrono::NaiveDateTime, String)> = Vec::new();
    entries.extend(booked.iter().map(|one| (one.start, of_booked(one, width))));
    entries.extend(planned.iter().map(|one| (one.start, of_planned(one, width))));
    entries.sort();
    let mut day = None;
    for (start, lines) in entries {
        if day != Some(start.date()) {
            day = Some(start.date());
            let after = if start.date() > until { " (after the last day)" } else { "" };
            text.push_str(&format!("  {} {}{after}\n", weekday(start.date()), start.date()));
        }
        text.push_str(&lines);
    }
    text
}

pub(super) fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        chrono::Weekday::Mon => "Monday",
        chrono::Weekday::Tue => "Tuesday",
        chrono::Weekday::Wed => "Wednesday",
        chrono::Weekday::Thu => "Thursday",
        chrono::Weekday::Fri => "Friday",
        chrono::Weekday::Sat => "Saturday",
        chrono::Weekday::Sun => "Sunday",
    }
}

fn hours(minutes: i64) -> Number {
    (Number::from(minutes) / Number::from(60)).round_half_up(1)
}

fn of_booked(one: &Booked, width: u16) -> String {
    let mark = format!("    {}  ", one.start.format("%H:%M"));
    let by = one.by.map(|by| format!(", by {by}")).unwrap_or_default();
    let title = format!("{} ({} min{by})", one.title(), one.minutes);
    let mut text = wrapped(&mark, &title, width);
    let serves: Vec<String> = one
        .serves
        .iter()
        .map(|verdict| match &one.subject {
            Some(subject) if *subject == verdict.subject => verdict.rule.clone(),
            _ => format!("{} for {}", verdict.rule, called(&verdict.subject)),
        })
        .collect();
    text.push_str(&wrapped(INDENT, &serves.join(", "), width));
    text
}

fn of_planned(one: &Planned, width: u16) -> String {
    let mark = format!("    {}  ", one.start.format("%H:%M"));
    wrapped(&mark, &format!("{} {}, planned before ({} min)", one.kind, one.id, one.minutes), width)
}

pub(super) fn called(subject: &Subject) -> String {
    let Subject { kind, id, name } = subject;
    name.clone()
        .unwrap_or_else(|| if kind == id { format!("the {kind}") } else { format!("{kind} {id}") })
}

/// What does not fit: by reason, then by rule.
fn unmet(unmet: &[Unmet], width: u16) -> String {
    let mut text = wrapped(
        "",
        &format!("With it as if done, {} still missed or at risk", count(unmet.len(), "verdict")),
        width,
    );
    let mut by_reason: BTreeMap<Why, Vec<&Unmet>> = BTreeMap::new();
    for one in unmet {
        by_reason.entry(one.why).or_default().push(one);
    }
    for (why, all) in by_reason {
        text.push_str(&format!("  {}\n", why.words()));
        let mut rules: Vec<&str> = all.iter().map(|one| one.rule.as_str()).collect();
        rules.dedup();
        for rule in rules {
            let of_rule: Vec<&&Unmet> = all.iter().filter(|one| one.rule == rule).collect();
            let named: Vec<String> = of_rule.iter().take(NAMED).map(|one| of_unmet(one)).collect();
            let more = of_rule.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            text.push_str(&wrapped("    ", &format!("{rule}: {}{more}", named.join(", ")), width));
        }
    }
    text
}

pub(super) fn of_unmet(one: &Unmet) -> String {
    let missing = one.missing.as_ref().map(|missing| format!(" (missing {missing})"));
    fit(&called(&one.subject), 40) + &missing.unwrap_or_default()
}
