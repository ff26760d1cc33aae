//! A story as text.

use chrono::NaiveDate;
use kadence::verdict::{Enough, Entry, Form, NearMiss, Part, Reason, Status, Story, Subject};
use unicode_width::UnicodeWidthStr;

use super::timeline::timeline;
use crate::lines::{Lines, WIDTH};
use crate::output::{clean, count};

/// How many of what counted are listed, the latest.
const LISTED: usize = 12;

/// The whole story, with a line end after each line.
pub(super) fn text(story: &Story) -> String {
    let Story { rule, verdict, day, condition, modifiers, enough, change } = story;
    let mut out = Lines::default();
    let subject = subject(&verdict.subject);
    out.line(0, &format!("{} for {subject}: {}", rule.id, verdict.status.words()));
    out.line(2, &format!("{}  ({}:{})", rule.text, rule.file, rule.line));
    if let Some(because) = &rule.because {
        out.line(2, &format!("because “{because}”"));
    }
    out.line(2, &format!("as of {day}: {}", verdict.sentence));
    if condition.parts.is_empty() {
        leaf(&mut out, condition, story);
    } else {
        out.empty();
        tree(&mut out, condition, "", "");
        leaves(condition, &mut |part| leaf(&mut out, part, story));
    }
    out.empty();
    for modifier in modifiers {
        out.line(0, &modifier.to_string());
    }
    if verdict.status == Status::NotApplicable || *enough == Enough::Open {
        if let Some(reason) = &verdict.reason {
            out.line(0, &format!("{}: {reason}", verdict.status.words()));
        }
    } else {
        out.line(0, &format!("enough: {enough}"));
    }
    match (change, verdict.is_final) {
        (_, true) => out.line(0, "final: no later activity changes it"),
        (Some(change), _) => {
            let on = change.day;
            out.line(
                0,
                &format!(
                    "changes: {} when {on} is over, if nothing happens but what is planned",
                    change.status.words()
                ),
            );
        }
        (None, _) => {}
    }
    out.text()
}

fn subject(subject: &Subject) -> String {
    let Subject { kind, id, name } = subject;
    match name {
        Some(name) => format!("{kind} {id} ({name})"),
        None if kind == id => id.clone(),
        None => format!("{kind} {id}"),
    }
}

/// Every part with how it stands, below the whole that it is part of.
fn tree(out: &mut Lines, part: &Part, first: &str, rest: &str) {
    let word = match part.form {
        Form::And => "all of",
        Form::Or => "any of",
        Form::Not => "not",
        _ => part.asks.as_str(),
    };
    let decides = if part.decides && !first.is_empty() { "  ← decides" } else { "" };
    let text = format!("{word}: {}{decides}", part.status.words());
    out.hanging(&clean(first), rest.width() + 4, &text);
    let last = part.parts.len().saturating_sub(1);
    for (place, inner) in part.parts.iter().enumerate() {
        let (branch, trunk) = if place == last { ("└ ", "  ") } else { ("├ ", "│ ") };
        tree(out, inner, &format!("{rest}{branch}"), &format!("{rest}{trunk}"));
    }
}

/// The parts that have none themselves.
fn leaves(part: &Part, each: &mut dyn FnMut(&Part)) {
    if part.parts.is_empty() {
        each(part);
    }
    part.parts.iter().for_each(|inner| leaves(inner, each));
}

fn leaf(out: &mut Lines, part: &Part, story: &Story) {
    let is_all = story.condition.parts.is_empty();
    out.empty();
    if !is_all {
        out.line(0, &part.asks);
        if part.status != Status::NotApplicable {
            out.line(2, &part.sentence);
        }
    }
    for line in timeline(part, story.day, WIDTH) {
        out.push(&format!("  {line}"));
    }
    if let Some(pace) = &part.pace {
        out.line(2, &format!("due by now: {}, done and planned: {}", pace.due, pace.have));
    }
    if let Some(prorated) = &part.prorated {
        out.line(2, &format!("prorated: {prorated}"));
    }
    for period in &part.not_known {
        out.line(2, &format!("not known: activities from {} to {}", period.from, period.to));
    }
    entries(out, "counted", &part.counted);
    if part.form != Form::Next {
        entries(out, "planned", &part.planned);
    }
    if !part.near.is_empty() {
        out.line(2, "nearly counted");
        let is_kind = |near: &&NearMiss| matches!(near.reason, Reason::Kind { .. });
        let (kinds, others): (Vec<&NearMiss>, Vec<_>) = part.near.iter().partition(is_kind);
        for near in others {
            out.line(4, &format!("{}: {}", entry(&near.entry), near.reason));
        }
        if let Some(text) = other_kinds(&kinds) {
            out.line(4, &text);
        }
        if part.more_near > 0 {
            out.line(4, &format!("… and {} more", part.more_near));
        }
    }
    if !is_all && part.enough != Enough::Open {
        out.line(2, &format!("enough: {}", part.enough));
    }
}

/// What is of another kind, in one line: there tends to be much of it.
fn other_kinds(near: &[&NearMiss]) -> Option<String> {
    let Reason::Kind { asked, .. } = &near.first()?.reason else { return None };
    let told = near.iter().map(|near| {
        let day = near.entry.day.map_or_else(String::new, |day| format!(" on {day}"));
        format!("{} {}{day}", near.entry.kind, near.entry.id)
    });
    let told: Vec<String> = told.collect();
    Some(format!("wrong kind (asked {}): {}", asked.join(", "), told.join(", ")))
}

fn entries(out: &mut Lines, title: &str, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    let earlier = entries.len().saturating_sub(LISTED);
    out.line(2, title);
    if earlier > 0 {
        out.line(4, &format!("{} before, then", count(earlier, "earlier one")));
    }
    for one in entries.iter().skip(earlier) {
        out.line(4, &entry(one));
    }
}

/// `2026-08-03  call a0123 on c017 by kim`
fn entry(entry: &Entry) -> String {
    let Entry { day, kind, id, name, seller, about, value } = entry;
    let day = day.map_or_else(|| "no day known".to_owned(), |day: NaiveDate| day.to_string());
    let mut text = format!("{day} {kind} {id}");
    if let Some(name) = name {
        text.push_str(&format!(" ({name})"));
    }
    if let Some(about) = about {
        text.push_str(&format!(" on {about}"));
    }
    if let Some(seller) = seller.as_ref().filter(|seller| *seller != id) {
        text.push_str(&format!(" by {seller}"));
    }
    if let Some(value) = value {
        text.push_str(&format!(", {value}"));
    }
    text
}
