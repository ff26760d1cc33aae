//! What leads of each source and campaign come to.

use kadence_statistics::effect::{Carry, FALSE_ALARMS, Source, Sources};

use super::figures::{Unit, of, shares};
use crate::output::count;
use crate::sections::{Block, Heading, Section, named};

pub(super) fn section(sources: &Sources, months: u32) -> Section {
    let title = "What leads of each source come to";
    let Sources { all, steps, .. } = sources;
    if all.leads == 0 {
        return Section::new(title, vec![Block::Line("there are no leads".to_owned())]);
    }
    let months = count(months, "month");
    let mut blocks = vec![Block::Line(format!(
        "{}; {} older than {months}: what became of these within {months}, amount and margin for each of them",
        count(all.leads, "lead"),
        match all.old_enough {
            0 => "none is".to_owned(),
            1 => "1 is".to_owned(),
            old => format!("{old} are"),
        }
    ))];
    let total = std::iter::once(all);
    for (title, those) in [("by source", &sources.sources), ("by campaign", &sources.campaigns)] {
        if those.is_empty() {
            continue;
        }
        let columns = vec![
            Heading::Text("from"),
            Heading::Number("leads"),
            Heading::Number("converted"),
            Heading::Number("95%"),
            Heading::Number("won"),
            Heading::Number("95%"),
            Heading::Number("amount"),
            Heading::Number("margin"),
        ];
        let rows = those.iter().chain(total.clone().filter(|_| title == "by source"));
        let rows = rows.map(|one| row(one, std::ptr::eq(one, all))).collect();
        blocks.push(Block::Table { title: Some(title.to_owned()), columns, rows });
    }
    if !steps.is_empty() {
        let goal = sources.goal.as_ref();
        let whose = goal
            .map_or_else(|| "the usual funnel".to_owned(), |goal| format!("the funnel of {goal}"));
        blocks.push(Block::Line(format!("{whose}: {}", numbered(steps))));
        let heading = |place: usize| Heading::Named((place + 1).to_string());
        let columns = std::iter::once(Heading::Word("from")).chain((0..steps.len()).map(heading));
        let columns = columns.collect();
        let rows = sources.sources.iter().chain(total);
        let rows = rows.map(|one| step_row(one, std::ptr::eq(one, all))).collect();
        let title = Some("share that reached step".to_owned());
        blocks.push(Block::Table { title, columns, rows });
    }
    match &sources.goal {
        Some(goal) if steps.is_empty() => blocks.push(Block::Line(format!(
            "the funnel of {goal} does not start with leads, so that they cannot be followed through it"
        ))),
        _ => blocks.push(Block::Line(carries(&sources.carry))),
    }
    Section::new(title, blocks)
}

fn numbered(steps: &[String]) -> String {
    let steps = steps.iter().enumerate().map(|(place, step)| format!("{} {step}", place + 1));
    steps.collect::<Vec<_>>().join(", ")
}

fn from(one: &Source, is_all: bool) -> String {
    match &one.id {
        _ if is_all => "all".to_owned(),
        Some(id) => named(id, one.name.as_deref()),
        None => "unknown".to_owned(),
    }
}

fn row(one: &Source, is_all: bool) -> Vec<String> {
    vec![
        from(one, is_all),
        one.old_enough.to_string(),
        of(one.converted),
        shares(one.interval),
        one.won.hits.to_string(),
        shares(one.won_interval),
        Unit::Amount.level(one.amount_per_lead),
        Unit::Amount.level(one.margin_per_lead),
    ]
}

fn step_row(one: &Source, is_all: bool) -> Vec<String> {
    let steps = one.steps.iter().map(|rate| Unit::Share.level(rate.share()));
    std::iter::once(from(one, is_all)).chain(steps).collect()
}

fn carries(carry: &Carry) -> String {
    let Carry { early, late, sources, needed, leads_needed, correlation, p } = carry;
    let (Some(early), Some(late)) = (early, late) else {
        return "whether early quality carries: a funnel of at least three steps is needed"
            .to_owned();
    };
    match correlation {
        Some(correlation) if p.is_some_and(|p| p <= FALSE_ALARMS) => format!(
            "whether of sources with more `{early}` more of these go on to `{late}`: rank correlation {correlation:.2} of {sources} sources, from -1 to 1"
        ),
        Some(_) => format!(
            "whether early quality carries: it cannot be told from chance whether of sources with more `{early}` more of these go on to `{late}`"
        ),
        None if sources < needed => format!(
            "whether early quality carries: {} {leads_needed} leads that are old enough, {needed} are needed",
            if *sources == 1 {
                "1 source has".to_owned()
            } else {
                format!("{sources} sources have")
            }
        ),
        None => "whether early quality carries: all sources are alike".to_owned(),
    }
}
