//! A rule's page.

use maud::{Markup, html};
use serde_json::json;

use super::overview::trend;
use super::target::target;
use super::{bar, chart, table};
use crate::{Error, Pages, charts};
use kadence::overview::{Distribution, Scale};
use kadence::verdict::RuleInfo;

pub(super) fn page(pages: &Pages<'_>, place: usize, rule: &RuleInfo) -> Result<Markup, Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let named = |scores: &kadence::Scores| {
        scores.rules.iter().find(|named| named.id == rule.id).map(|named| named.tally.clone())
    };
    let tally = named(&overview.report.scores);
    let distribution = overview.distributions.get(place).and_then(Option::as_ref);
    let facts = [
        (texts.severity, texts.severity(rule.severity).to_owned()),
        (texts.weight, texts.number(&rule.weight)),
    ];
    Ok(html! {
        h1 { (rule.id) }
        p { code { (rule.text) } }
        @if let Some(because) = &rule.because { blockquote { (because) } }
        dl.facts {
            @for (name, fact) in &facts { div { dt { (name) } dd { (fact) } } }
            @if let Some(goal) = &rule.supports { div { dt { (texts.supports) } dd { (goal) } } }
        }
        div.cards {
            section.card aria-labelledby="score" {
                h2 id="score" { (texts.score) }
                p.score { (texts.percent(tally.as_ref().and_then(|tally| tally.score))) }
                @if let Some(tally) = &tally { (bar(pages, tally, &[("rule", &rule.id)])) }
            }
            section.card.wide aria-labelledby="trend" {
                h2 id="trend" { (texts.trend) }
                (trend(pages, |one| named(&one.scores)?.score)?)
            }
        }
        section aria-labelledby="distribution" {
            h2 id="distribution" { (texts.distribution) }
            @match distribution {
                Some(distribution) => (drawn(pages, distribution)?),
                None => p.note { (texts.distribution_none) },
            }
        }
        (of_teams(pages, &rule.id)?)
        section aria-labelledby="verdicts" {
            h2 id="verdicts" { (texts.verdicts) }
            (table(pages, texts.verdicts, &json!({"rule": rule.id, "sort": "status"})))
        }
    })
}

/// How the numbers of teams and of the company came about; those of sellers are on their pages.
fn of_teams(pages: &Pages<'_>, rule: &str) -> Result<Markup, Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let mut cards = Vec::new();
    for line in &overview.lines {
        let Some(verdict) = pages.verdict(line.verdict).filter(|of| of.rule == rule) else {
            continue;
        };
        let name = match verdict.subject.kind.as_str() {
            "team" => overview.team(&verdict.subject.id),
            "company" => texts.company,
            _ => continue,
        };
        cards.push(target(pages, line.verdict, &html! { bdi { (name) } })?);
    }
    Ok(html! {
        @if !cards.is_empty() {
            section aria-labelledby="targets" {
                h2 id="targets" { (texts.measured) }
                div.cards { @for card in cards { (card) } }
            }
        }
    })
}

fn drawn(pages: &Pages<'_>, of: &Distribution) -> Result<Markup, Error> {
    let texts = pages.texts;
    let unit = if of.scale == Scale::Percent { texts.percent_sign() } else { "" };
    let svg = charts::distribution(of, texts)?;
    let label = format!(
        "{}. {}: {}{unit}. {}: {}{unit}",
        texts.distribution,
        texts.median,
        texts.number(&of.median),
        texts.target,
        texts.number(&of.target)
    );
    let range = |bin: &kadence::overview::Bin| match bin.from == bin.to {
        true => texts.number(&bin.from),
        false => format!("{} – {}", texts.number(&bin.from), texts.number(&bin.to)),
    };
    Ok(html! {
        (chart(&svg, &label))
        p.legend { span.of-target { (texts.target) } " "
            (texts.median) " " (texts.number(&of.median)) (unit) }
        details {
            summary { (texts.measured) " / " (texts.count) }
            table.small {
                thead { tr {
                    th scope="col" { @if of.scale == Scale::Percent { (texts.percent_of_target) } @else { (texts.measured) } }
                    th scope="col" { (texts.count) }
                } }
                tbody {
                    @for bin in &of.bins {
                        tr { th scope="row" { (range(bin)) } td { (bin.counts.iter().sum::<u64>()) } }
                    }
                }
            }
        }
    })
}
