//! What rules ask of people, beside the time that they have, as a table.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use kadence::feasibility::{
    Balance, Feasibility, MinutesFrom, NamedBalance, RuleDemand, Unmeasured,
};
use kadence::{Number, RuleSet};

use crate::output::{clean, count};

/// How wide it may be.
const WIDTH: u16 = 80;

/// What nobody knows.
const UNKNOWN: &str = "unknown";

pub(super) fn table(found: &Feasibility) -> String {
    let mut text = match &found.period {
        Some(period) => format!("What the rules ask from {} to {}\n\n", period.from, period.to),
        None => format!("Nothing remains after {}\n\n", found.day),
    };
    text.push_str(&balances(found));
    text.push_str(&notes(found));
    text
}

fn balances(found: &Feasibility) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_width(WIDTH);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["", "Time", "Planned", "At least", "Share", "At most", "Asks most"]);
    let everybody = found.sellers.iter().chain(&found.teams);
    for NamedBalance { id, name, balance } in everybody {
        table.add_row(row(name.as_ref().unwrap_or(id), balance));
    }
    table.add_row(row("The company", &found.company));
    if !found.nobody.most.is_zero() || !found.nobody.unmeasured.is_zero() {
        table.add_row(row("Nobody", &found.nobody));
    }
    for place in 1..6 {
        if let Some(column) = table.column_mut(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn row(name: &str, balance: &Balance) -> [String; 7] {
    let asks: Vec<String> = balance.asks_most.iter().map(asks).collect();
    let most = if balance.unmeasured.is_zero() { hours(&balance.most) } else { UNKNOWN.to_owned() };
    [
        clean(name),
        hours(&balance.hours),
        hours(&balance.planned),
        hours(&balance.least),
        share(balance),
        most,
        asks.join("\n"),
    ]
}

/// A rule and what it asks for: hours, and activities of which nobody knows how long they take.
fn asks(demand: &RuleDemand) -> String {
    let (rule, least) = (clean(&demand.rule), hours(&demand.least));
    match &demand.unmeasured {
        none if none.is_zero() => format!("{rule} {least}"),
        all if demand.least.is_zero() => format!("{rule} {all} unknown"),
        some => format!("{rule} {least}, {some} unknown"),
    }
}

fn hours(hours: &Number) -> String {
    format!("{} h", hours.round_half_up(0))
}

/// In percent, rounded up, so that what is over does not look as if it were not. Beside what nobody
/// knows the length of it is the least that it can be.
fn share(balance: &Balance) -> String {
    match &balance.share {
        Some(share) => {
            let at_least = if balance.unmeasured.is_zero() { "" } else { "≥ " };
            let percent = Number::from(100) * share.clone();
            format!("{at_least}{} %", -(-percent).floor())
        }
        None if balance.is_over => "no time".to_owned(),
        None if !balance.unmeasured.is_zero() => UNKNOWN.to_owned(),
        None => String::new(),
    }
}

fn notes(found: &Feasibility) -> String {
    let mut text = String::from("\n");
    let per_day = &found.hours_per_workday;
    text.push_str(&match found.hours_are_given {
        true => format!("A workday has {per_day} h for activities.\n"),
        false => {
            format!("A workday is taken to have {per_day} hours: say `hours N per workday` in the calendar.\n")
        }
    });
    let used = |kind: &&kadence::feasibility::KindMinutes| {
        found.duties.iter().any(|duty| duty.kinds.contains(&kind.kind)) || kind.minutes.is_some()
    };
    let known = found.kinds.iter().filter(used).filter_map(|kind| {
        let mark = if kind.from == MinutesFrom::Median { " (median)" } else { "" };
        Some(format!("{} {}{mark}", clean(&kind.kind), kind.minutes.as_ref()?.printed()))
    });
    let known: Vec<String> = known.collect();
    if !known.is_empty() {
        text.push_str(&wrapped(&format!("Minutes: {}.", known.join(", "))));
    }
    let is_asked =
        |kind: &str| found.unmeasured.iter().any(|one| one.kinds.iter().any(|k| k == kind));
    let unknown = found.kinds.iter();
    let unknown = unknown.filter(|kind| kind.minutes.is_none() && !is_asked(&kind.kind));
    let unknown: Vec<String> = unknown.map(|kind| clean(&kind.kind)).collect();
    if !unknown.is_empty() {
        text.push_str(&wrapped(&format!(
            "Without minutes, and not reckoned with where another kind will do: {}.",
            unknown.join(", ")
        )));
    }
    for one in &found.unmeasured {
        text.push_str(&wrapped(&format!("{}.", capitalised(&unmeasured(one)))));
    }
    if !found.unmeasured.is_empty() {
        text.push_str(
            "So it is not known whether there is time for it: say `minutes KIND N` in the\n\
             calendar, or give completed activities their `minutes` in the data.\n",
        );
    }
    if !found.not_counted.is_empty() {
        text.push_str("Not reckoned with:\n");
        for one in &found.not_counted {
            let subjects = one.subjects.map(|n| format!(" (for {})", count(n, "subject")));
            let line =
                format!("{}: {}{}", clean(&one.rule), one.reason, subjects.unwrap_or_default());
            text.push_str(&format!(
                "  {}",
                wrapped(&line).trim_end().replace('\n', "\n    ") + "\n"
            ));
        }
    }
    text
}

/// `no length is known of call or visit: 12 asked for, 3 planned`.
fn unmeasured(one: &Unmeasured) -> String {
    let kinds: Vec<String> = one.kinds.iter().map(|kind| format!("`{}`", clean(kind))).collect();
    let parts = [(&one.asked, "asked for"), (&one.planned, "planned")];
    let parts = parts.into_iter().filter(|(n, _)| !n.is_zero());
    let parts: Vec<String> = parts.map(|(n, what)| format!("{n} {what}")).collect();
    format!("no length is known of {}: {}", kinds.join(" or "), parts.join(", "))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A paragraph in lines that are not too long.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if length > 0 && length + 1 + width > usize::from(WIDTH) - 4 {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += width;
    }
    lines + "\n"
}

/// Why it is not shown that the rules can be kept: who is asked for more than there is time for,
/// with the rule that asks most, and of what nobody knows how long it takes. A sentence each.
pub(super) fn doubts(found: &Feasibility, rules: &RuleSet) -> Vec<Doubt> {
    let place = |rule: Option<&str>| {
        let rule = rule.and_then(|rule| rules.rules().find(|one| one.id == rule));
        rule.map(|rule| (rule.file, rule.line))
    };
    let named = found.sellers.iter().chain(&found.teams);
    let named = named.map(|one| (one.name.as_ref().unwrap_or(&one.id).as_str(), &one.balance));
    let all = named.chain(std::iter::once(("the company", &found.company)));
    let over = all.filter(|(_, balance)| balance.is_over);
    let over = over.map(|(name, balance)| {
        let first = balance.asks_most.first();
        let most = first.map(|most| format!("; `{}` asks most", most.rule)).unwrap_or_default();
        let bound = if balance.least > balance.hours { "at least" } else { "more than" };
        Doubt {
            message: format!(
                "`{name}` is asked for {bound} {} and has {}{most}",
                hours(&balance.least),
                hours(&balance.hours)
            ),
            place: place(first.map(|most| most.rule.as_str())),
        }
    });
    let unknown = found.unmeasured.iter().map(|one| {
        let mut duties = found.duties.iter().filter(|duty| duty.most.is_none());
        let first = duties.find(|duty| one.kinds.iter().all(|kind| duty.kinds.contains(kind)));
        Doubt { message: unmeasured(one), place: place(first.map(|duty| duty.rule.as_str())) }
    });
    over.chain(unknown).collect()
}

/// A reason for which the rules are not shown to be possible.
pub(super) struct Doubt {
    pub(super) message: String,
    /// The file and line of the rule that asks most, or first.
    pub(super) place: Option<(String, u32)>,
}
