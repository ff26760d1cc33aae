//! What comes of meeting a rule.

use kadence::effect::{Hindsight, LeftOut};
use kadence_statistics::Interval;
use kadence_statistics::effect::{
    Effects, Estimate, LEAST_SUBJECTS, Outcome, Periods, Refusal, ResultEffect, RuleEffect,
};

use super::figures::{Scale, Unit, refusal};
use crate::output::count;
use crate::sections::{Block, Heading, Section};

const COLUMNS: [Heading; 7] = [
    Heading::Text("result"),
    Heading::Number("met"),
    Heading::Number("missed"),
    Heading::Number("raw"),
    Heading::Number("like"),
    Heading::Number("95%"),
    Heading::Number("compared"),
];

/// The sides, in a clause after `that`.
const SIDES: (&str, &str) = ("met it", "missed it");

pub(super) fn section(effect: &RuleEffect) -> Section {
    let rule = &effect.rule;
    let title = match &rule.supports {
        Some(goal) => format!("{}, for {goal}", rule.id),
        None => rule.id.clone(),
    };
    let mut blocks = vec![Block::Line(rule.text.clone()), Block::Line(cases(effect))];
    blocks.extend(left_out(&effect.left_out).map(Block::Line));
    let seen = effect.results.iter().filter(|result| has_values(result));
    let rows: Vec<Vec<String>> = seen.map(row).collect();
    if !rows.is_empty() {
        blocks.push(Block::Table { title: None, columns: COLUMNS.into(), rows });
    }
    blocks.extend(conclusions(effect).into_iter().map(Block::Line));
    Section::new(title, blocks)
}

/// Who was judged when.
fn cases(effect: &RuleEffect) -> String {
    let RuleEffect { rule, periods, subjects, met, missed, .. } = effect;
    match periods {
        Periods { count: 0, .. } => {
            "no earlier period is complete and has the months after it over".to_owned()
        }
        _ if met + missed == 0 => format!("{}: nobody met or missed it", ends(periods)),
        _ => {
            let whom = count(*subjects, whom(&rule.subject));
            format!("{}: {whom}; met {}, missed {}", ends(periods), times(*met), times(*missed))
        }
    }
}

/// Those that results are of: activities and members have none of their own.
fn whom(subject: &str) -> &str {
    match subject {
        "activity" | "member" | "contact" | "absence" => "subject",
        "opportunity" => "deal",
        "company" => "organisation",
        own => own,
    }
}

fn ends(periods: &Periods) -> String {
    match (periods.first, periods.last) {
        (Some(first), Some(last)) if first < last => {
            format!(
                "judged as of the ends of {}, {first} to {last}",
                count(periods.count, "period")
            )
        }
        (Some(only), _) => format!("judged as of {only}"),
        (None, _) => String::new(),
    }
}

fn times(n: u64) -> String {
    match n {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

fn left_out(of: &LeftOut) -> Option<String> {
    let parts = [
        (of.not_applicable, "not applicable"),
        (of.unknown, "unknown"),
        (of.undecided, "undecided still"),
        (of.settled, "closed or converted by then"),
        (of.about_nobody, "about nobody"),
    ];
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, why)| format!("{n} {why}"));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("left out: {}", parts.join(", ")))
}

fn has_values(result: &ResultEffect) -> bool {
    result.met.subjects + result.missed.subjects > 0
}

fn row(result: &ResultEffect) -> Vec<String> {
    let unit = Unit::from(result.outcome);
    let none = || "–".to_owned();
    let ResultEffect { met, missed, raw, compared, among_like, .. } = result;
    let like = among_like.as_ref();
    let raw = raw.map(|raw| raw.difference);
    let (low, high) = (like.map(|one| one.interval.low), like.map(|one| one.interval.high));
    let figures = [met.mean, missed.mean, raw, low, high];
    let largest = figures.into_iter().flatten().fold(0.0, |most: f64, one| most.max(one.abs()));
    // A row of large amounts would be wider than a screen.
    let scale = Scale::of(if unit == Unit::Amount { largest } else { 0.0 });
    let level = |value: Option<f64>| unit.level(value.map(|value| scale.down(value)));
    let words = result.outcome.words();
    vec![
        scale.name().map_or_else(|| words.to_owned(), |name| format!("{words}, {name}")),
        level(met.mean),
        level(missed.mean),
        raw.map_or_else(none, |raw| unit.difference(scale.down(raw))),
        like.map_or_else(none, |one| unit.difference(scale.down(one.difference))),
        like.map_or_else(none, |one| {
            let Interval { low, high } = one.interval;
            unit.range(Interval { low: scale.down(low), high: scale.down(high) })
        }),
        format!("{}/{}", compared.met, compared.missed),
    ]
}

/// What can be said of the results, those of which the same can be said together.
fn conclusions(effect: &RuleEffect) -> Vec<String> {
    if !effect.hindsight.is_none() {
        return hindsight(effect);
    }
    let mut said: Vec<String> = Vec::new();
    let (mut none, mut lacking, mut refused) = (Vec::new(), Same::default(), Same::default());
    for ResultEffect { outcome, among_like, refused: why, .. } in &effect.results {
        let unit = Unit::from(*outcome);
        match (among_like, *why) {
            (Some(one), _) if one.is_detected => said.push(detection(*outcome, one)),
            (Some(one), _) => {
                let size = format!("{}{}", unit.size(one.noticeable), unit.points());
                none.push(format!("{} ({size} would have been)", outcome.words()));
            }
            (None, Some(Refusal::Nothing { met: 0, missed: 0 })) | (None, None) => {}
            (None, Some(Refusal::TooFewSubjects { met, missed, needed })) => {
                let lack = |n: u64| needed.saturating_sub(n);
                lacking.add(format!("{} and {}", lack(met), lack(missed)), *outcome);
            }
            (None, Some(why)) => refused.add(refusal(why, SIDES), *outcome),
        }
    }
    if !none.is_empty() {
        said.push(format!("no detectable effect on {}", none.join(", ")));
    }
    if !lacking.0.is_empty() {
        let needed = LEAST_SUBJECTS;
        let lacks: Vec<String> = lacking
            .told()
            .map(|(lack, outcomes)| format!("{lack} are missing for {outcomes}"))
            .collect();
        said.push(format!(
            "too few have their like on the other side: of {needed} that met it and {needed} that missed it, {}",
            lacks.join("; ")
        ));
    }
    said.extend(refused.told().map(|(why, outcomes)| format!("not compared, {outcomes}: {why}")));
    said
}

/// Why nothing is compared of a rule that tests what may have been set later.
fn hindsight(effect: &RuleEffect) -> Vec<String> {
    let Hindsight { as_now, lost_leads } = &effect.hindsight;
    let mut said = Vec::new();
    if !as_now.is_empty() {
        let fields: Vec<String> = as_now.iter().map(|field| format!("`{field}`")).collect();
        let fields = fields.join(", ");
        said.push(format!(
            "not compared: it tests {fields} as the data has it now; what came after may have set it"
        ));
    }
    if *lost_leads > 0 {
        let are = if *lost_leads == 1 { "is" } else { "are" };
        said.push(format!(
            "not compared: {} {are} lost, and nobody knows since when, so that it is not known who was open then",
            count(*lost_leads, "lead")
        ));
    }
    said
}

/// What is the same of some results.
#[derive(Debug, Default)]
struct Same(Vec<(String, Vec<Outcome>)>);

impl Same {
    fn add(&mut self, what: String, of: Outcome) {
        match self.0.iter_mut().find(|(same, _)| *same == what) {
            Some((_, outcomes)) => outcomes.push(of),
            None => self.0.push((what, vec![of])),
        }
    }

    fn told(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(what, outcomes)| {
            let outcomes: Vec<&str> = outcomes.iter().map(|outcome| outcome.words()).collect();
            (what.as_str(), outcomes.join(", "))
        })
    }
}

/// `win rate: 12.1 points higher among those that met it (95%: +4 to +20)`
fn detection(outcome: Outcome, one: &Estimate) -> String {
    let unit = Unit::from(outcome);
    let way = if one.difference > 0.0 { "higher" } else { "lower" };
    format!(
        "{}: {}{} {way} among those that met it (95%: {})",
        outcome.words(),
        unit.size(one.difference.abs()),
        unit.points(),
        unit.range(one.interval)
    )
}

/// What is detected of rules.
pub(super) fn found(effects: &Effects) -> impl Iterator<Item = String> {
    effects.rules.iter().flat_map(|rule| {
        rule.results.iter().filter_map(|result| {
            let one = result.among_like.filter(|one| one.is_detected)?;
            Some(format!("{}, {}", rule.rule.id, detection(result.outcome, &one)))
        })
    })
}
