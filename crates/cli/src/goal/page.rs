//! Forecasts as they are read.

use kadence::Number;
use kadence_statistics::Interval;
use kadence_statistics::goal::{Estimate, Forecast, Lack, StepForecast};

use crate::output::count;
use crate::sections::{Block, Heading, Section, money};

/// How many sellers are named.
const SELLERS: usize = 30;

pub(crate) fn sections(forecasts: &[Forecast]) -> Vec<Section> {
    forecasts.iter().flat_map(of).collect()
}

fn of(told: &Forecast) -> Vec<Section> {
    let mut sections = vec![headline(told)];
    let has_way = told.steps.iter().any(|step| step.on.is_some());
    sections.extend(has_way.then(|| way(told)));
    sections.extend((told.plays > 0).then(|| need(told)));
    sections.extend(sellers(told));
    sections.extend((has_way && !told.cohorts.is_empty()).then(|| cohorts(told)));
    sections
}

fn headline(told: &Forecast) -> Section {
    let goal = &told.goal;
    let mut blocks = vec![Block::Line(stands(told))];
    if let (Some(sum), Some(chance)) = (told.at_pace, told.chance) {
        let text = format!(
            "at today's pace: {} at the end, {} in eight plays of ten; {} in {}",
            amount(sum.median),
            between(sum, amount),
            if goal.text.contains('<') {
                "it stays within the goal"
            } else {
                "the goal is reached"
            },
            of_hundred(chance),
        );
        blocks.push(Block::Line(text));
    }
    if let Some(share) = told.too_late.filter(|share| *share > 0.005) {
        blocks.push(Block::Line(format!(
            "in {} no number of new cases reaches it: nothing of them would come to the end in time",
            of_hundred(share)
        )));
    }
    blocks.extend(told.lacks.iter().map(|lack| Block::Line(self::lack(lack))));
    for step in told.steps.iter().filter(|step| step.undated > 0) {
        let text = format!(
            "{} of `{}` are left out: nobody knows on which day they were",
            money(&Number::from(step.undated)),
            step.text
        );
        blocks.push(Block::Line(text));
    }
    let from = told.steps.get(told.answered_from);
    if let (Some(from), true) = (from, told.plays > 0 && told.answered_from > 0) {
        let text = format!("what follows is reckoned from `{}` on", from.text);
        blocks.push(Block::Line(text));
    }
    if told.supported_by.is_empty() {
        let text = format!("no rule supports it: give one that leads to it `supports {}`", goal.id);
        blocks.push(Block::Line(text));
    } else {
        let rules: Vec<String> =
            told.supported_by.iter().map(|rule| format!("`{}`", rule.id)).collect();
        blocks.push(Block::Line(format!("supported by {}", rules.join(", "))));
    }
    Section::new(format!("{}: {}", goal.id, goal.text), blocks)
}

/// `as of 2026-11-15: 3,400,000 of 8,000,000; 32 of 252 workdays are left`
fn stands(told: &Forecast) -> String {
    let number = |number: &Option<Number>| number.as_ref().map_or_else(|| "–".to_owned(), money);
    let (measured, target) = (number(&told.goal.measured), number(&told.goal.target));
    let left = match told.period {
        Some(period) if period.to <= told.day => format!("the period ended on {}", period.to),
        Some(_) => {
            let left = told.workdays.left;
            let is = if left == 1 { "is" } else { "are" };
            format!("{} of {} workdays {is} left", left, told.workdays.of)
        }
        None => "its days have no end".to_owned(),
    };
    format!("as of {}: {measured} of {target}; {left}", told.day)
}

fn lack(lack: &Lack) -> String {
    let assume = |step: &str, next: &str| {
        format!("`assume {step} > {next} RATE%` below the goal supplies the rate")
    };
    match lack {
        Lack::NoSum => "what it measures is neither a count nor the sum of a field: how much more it needs cannot be said".to_owned(),
        Lack::Exactly => "it asks for exactly so many, or for a range: only of `>=`, `>`, `<=` and `<` can it be said how likely they are".to_owned(),
        Lack::Unknown { reason } if reason.is_empty() => "what it measures or asks for is not known".to_owned(),
        Lack::Unknown { reason } => format!("what it measures or asks for is not known: {reason}"),
        Lack::FewNew { cases, needs } => format!(
            "too few cases came in the last year to say how fast they do: {cases} of {needs}; nothing is said of today's pace"
        ),
        Lack::NoEnd => "its days have no end, or one that moves: what is left of them cannot be said; `per year` and `from … until` have one".to_owned(),
        Lack::NoCases => "the data has nothing of any of its steps".to_owned(),
        Lack::FewCases { step, next, cases, needs } => format!(
            "too little is known of `{step} > {next}`: {} of {needs}, {} missing; {}",
            count(*cases as i64, "case"),
            needs - cases,
            assume(step, next)
        ),
        Lack::FewWent { step, next, cases, went, needs } => format!(
            "too few that were watched for long enough went on from `{step}` to `{next}`: {went} of {}, {needs} are needed; {}",
            count(*cases as i64, "case"),
            assume(step, next)
        ),
        Lack::FewValues { known, needs } => format!(
            "too few are known to say what one is worth: {known} of {needs}"
        ),
        Lack::LessIsBetter => "less of it is better: nothing is needed for it".to_owned(),
    }
}

/// How far cases come.
fn way(told: &Forecast) -> Section {
    let columns = vec![
        Heading::Text("from step to step"),
        Heading::Number("went on"),
        Heading::Number("rate"),
        Heading::Number("80 % range"),
        Heading::Number("days"),
        Heading::Number("lost"),
        Heading::Number("on the way"),
    ];
    let steps = told.steps.iter().zip(told.steps.iter().skip(1));
    let rows = steps.filter_map(|(step, next)| {
        let on = step.on.as_ref()?;
        Some(vec![
            format!("{} > {}", step.text, next.text),
            format!("{} of {}", on.went, on.cases),
            on.rate.map_or_else(none, percent),
            match on.range {
                Some(range) => percents(range),
                None if on.is_assumed => "assumed".to_owned(),
                None => none(),
            },
            match (on.days, on.days_of_most) {
                (Some(half), Some(most)) => format!("{half} to {most}"),
                _ => none(),
            },
            on.lost.to_string(),
            step.open.to_string(),
        ])
    });
    let table = Block::Table { title: None, columns, rows: rows.collect() };
    let from = told.learned_from.from;
    let mut blocks = vec![
        table,
        Block::Line(
            "days: half of those that go on have done so after the first number, nine of ten after \
             the second"
                .to_owned(),
        ),
    ];
    if let Some(value) = told.value {
        let range = value.range.map_or_else(String::new, |range| {
            format!(", {} to {} in eight of ten", amount(range.low), amount(range.high))
        });
        let unknown = match value.unknown {
            0 => String::new(),
            unknown => format!("; {unknown} more have no known value"),
        };
        let known = value.known;
        let last = told.steps.last().map_or("", |step| step.text.as_str());
        blocks.push(Block::Line(format!(
            "one `{last}` is worth {} in the mean of {known}{range}{unknown}",
            amount(value.mean)
        )));
    }
    Section::new(format!("How far cases come, from those since {from}"), blocks)
}

/// What it takes.
fn need(told: &Forecast) -> Section {
    let columns = vec![
        Heading::Text("step"),
        Heading::Number("so far"),
        Heading::Number("needed"),
        Heading::Number("80 % range"),
        Heading::Number("a month"),
        Heading::Number("at today's pace"),
        Heading::Number("a case takes"),
    ];
    let row = |step: &StepForecast| {
        vec![
            step.text.clone(),
            money(&Number::from(step.so_far)),
            step.needed.map_or_else(none, |one| whole(one.median)),
            step.needed.map_or_else(none, |one| between(one, whole)),
            step.needed_per_month.map_or_else(none, |one| whole(one.median)),
            step.at_pace.map_or_else(none, |one| whole(one.median)),
            step.things_per_case.map_or_else(none, |per| format!("{per:.1}")),
        ]
    };
    let rows = told.steps.iter().map(row).collect();
    let blocks = vec![
        Block::Table { title: None, columns, rows },
        Block::Line(format!(
            "{} plays; new cases begin at the steps where they did, on any day that is left",
            told.plays
        )),
        Block::Line(
            "this goes on from what was, and does not know whether more of the same will do as well"
                .to_owned(),
        ),
    ];
    Section::new("What it takes in the rest of the period", blocks)
}

/// A table for each step would be long: the sellers have one for what is needed.
fn sellers(told: &Forecast) -> Option<Section> {
    let is_asked = |one: &&kadence_statistics::goal::SellerForecast| one.workdays > 0;
    if told.sellers.is_empty() || told.steps.iter().all(|step| step.needed.is_none()) {
        return None;
    }
    let columns = [Heading::Text("seller"), Heading::Number("workdays left")].into_iter();
    let columns = columns.chain(named(told)).collect();
    let rows: Vec<Vec<String>> = told
        .sellers
        .iter()
        .filter(is_asked)
        .map(|one| {
            let name = one.seller.name.clone().unwrap_or_else(|| one.seller.id.clone());
            let steps = one.needed.iter().zip(&one.so_far).map(|(needed, so_far)| {
                format!("{} + {}", so_far, needed.map_or_else(none, |one| whole(one.median)))
            });
            [name, one.workdays.to_string()].into_iter().chain(steps).collect()
        })
        .collect();
    let more = rows.len().saturating_sub(SELLERS);
    let rows = rows.into_iter().take(SELLERS).collect();
    let mut blocks = vec![Block::Table { title: None, columns, rows }];
    if more > 0 {
        blocks.push(Block::Line(format!("… and {more} more (--format json shows all)")));
    }
    Some(Section::new("By seller: so far + needed, by the workdays that each has left", blocks))
}

fn cohorts(told: &Forecast) -> Section {
    let columns = [Heading::Word("began in"), Heading::Number("cases")].into_iter();
    let columns = columns.chain(named(told));
    let ends = [Heading::Number("lost"), Heading::Number("on the way")];
    let columns = columns.chain(ends).collect();
    let rows = told.cohorts.iter().map(|one| {
        let reached = one.reached.iter().map(u64::to_string);
        let head = [quarter(one.quarter.from), one.cases.to_string()].into_iter();
        head.chain(reached).chain([one.lost.to_string(), one.open.to_string()]).collect()
    });
    Section::new(
        "How far the cases of each quarter have come",
        vec![Block::Table { title: None, columns, rows: rows.collect() }],
    )
}

/// A column for each step.
fn named(told: &Forecast) -> impl Iterator<Item = Heading> {
    told.steps.iter().map(|step| Heading::Named(step.text.clone()))
}

fn quarter(from: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    format!("{} Q{}", from.year(), from.month0() / 3 + 1)
}

fn none() -> String {
    "–".to_owned()
}

fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.round());
    digits.parse().map_or(digits, |number| money(&number))
}

/// Three digits of an amount are as many as can be meant.
fn amount(value: f64) -> String {
    let step = 10_f64.powi((value.abs().max(1.0).log10().floor() as i32 - 2).max(0));
    whole((value / step).round() * step)
}

fn between(estimate: Estimate, written: fn(f64) -> String) -> String {
    match estimate.high {
        Some(high) => format!("{} to {}", written(estimate.low), written(high)),
        None => format!("{} or more", written(estimate.low)),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn percents(range: Interval) -> String {
    format!("{:.0} to {:.0} %", range.low * 100.0, range.high * 100.0)
}

/// `34 of 100`; never that something is sure.
fn of_hundred(share: f64) -> String {
    match (share * 100.0).round() as i64 {
        0 => "fewer than 1 of 100".to_owned(),
        100.. => "more than 99 of 100".to_owned(),
        some => format!("{some} of 100"),
    }
}
