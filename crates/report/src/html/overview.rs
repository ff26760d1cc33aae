//! The whole organisation on one page.

use maud::{Markup, html};
use serde_json::json;

use super::tasks::tasks;
use super::{bar, chart, chip, rule_link, seller_link, table, verdicts_link};
use crate::{Error, Pages, charts, name_of, place_of};
use kadence::overview::{HeatRow, Holder, Standing};
use kadence::verdict::Tally;

/// From how many rows on the heat map shows teams alone, until it is asked for everybody.
const MANY: usize = 60;
/// How many of what is judged no more are named.
const GONE: usize = 20;

pub(super) fn page(pages: &Pages<'_>) -> Result<Markup, Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let report = &overview.report;
    Ok(html! {
        h1 { (pages.heading()) }
        p.note { (texts.as_of) " " time datetime=(report.day) { (texts.day(report.day)) } ". "
            (texts.verdict_count(report.verdicts.len())) "." }
        div.cards {
            section.card aria-labelledby="score" {
                h2 id="score" { (texts.score) }
                (score(pages))
            }
            section.card.wide aria-labelledby="trend" {
                h2 id="trend" { (texts.trend) }
                (trend(pages, |standing| standing.scores.company.score)?)
            }
            @if !report.goals.is_empty() {
                section.card aria-labelledby="goals" {
                    h2 id="goals" { (texts.goals) }
                    ul.plain {
                        @for goal in &report.goals {
                            li { strong { (goal.id) } " " (chip(pages, goal.status)) br;
                                (goal.reason.as_ref().unwrap_or(&goal.sentence)) }
                        }
                    }
                }
            }
        }
        section aria-labelledby="control" {
            h2 id="control" { (texts.control) }
            @if overview.heat.rows.is_empty() { p.note { (texts.nothing_judged) } }
            @else { p.note { (texts.control_means) } (heat(pages)) }
        }
        (since(pages))
        section aria-labelledby="due" {
            h2 id="due" { (texts.deadlines_within(overview.days)) }
            @if overview.due.is_empty() { p.note { (texts.no_deadlines(overview.days)) } }
            @else { (table(pages, &texts.deadlines_within(overview.days), &json!({"of": "due"}))) }
        }
        section aria-labelledby="lapsing" {
            h2 id="lapsing" { (texts.lapsing) }
            p.note { (texts.lapsing_means) }
            @if !overview.lapsing.is_empty() {
                (table(pages, texts.lapsing, &json!({"of": "lapsing"})))
            } @else { p.note { (texts.no_rows) } }
        }
        @if pages.tasks_of(None).is_some_and(|of| !of.todo.is_empty()) {
            section aria-labelledby="tasks" {
                h2 id="tasks" { (texts.tasks) ": " (texts.nobody.to_lowercase()) }
                (tasks(pages, None))
            }
        }
        (problems(pages))
    })
}

fn score(pages: &Pages<'_>) -> Markup {
    let (texts, overview) = (pages.texts, pages.overview);
    let company = &overview.report.scores.company;
    let then = overview.since.as_ref().and_then(|since| since.score);
    html! {
        p.score { (texts.percent(company.score))
            @if let Some(points) = texts.points(then, company.score) {
                span.points { " " (points) }
            }
        }
        p.note { (texts.score_means) }
        (bar(pages, company, &[]))
    }
}

/// A chart of scores, and the same as a table.
pub(super) fn trend(
    pages: &Pages<'_>,
    score: impl Fn(&Standing) -> Option<f64>,
) -> Result<Markup, Error> {
    let texts = pages.texts;
    let scores = pages.overview.trend.iter().filter_map(|one| Some((one.day, score(one)?)));
    let scores: Vec<_> = scores.collect();
    if scores.len() < 2 {
        return Ok(html! { p.note { (texts.trend_none) } });
    }
    let svg = charts::trend(&scores, texts)?;
    let ends = scores.first().into_iter().chain(scores.last());
    let ends =
        ends.map(|(day, score)| format!("{}: {}", texts.day(*day), texts.percent(Some(*score))));
    let label = format!("{}. {}", texts.trend, ends.collect::<Vec<_>>().join(". "));
    Ok(html! {
        (chart(&svg, &label))
        details {
            summary { (texts.month) " / " (texts.score) }
            table.small {
                thead { tr { th scope="col" { (texts.month) } th scope="col" { (texts.score) } } }
                tbody {
                    @for (day, score) in &scores {
                        tr { th scope="row" { (texts.day(*day)) } td { (texts.percent(Some(*score))) } }
                    }
                }
            }
        }
    })
}

fn heat(pages: &Pages<'_>) -> Markup {
    let (texts, overview) = (pages.texts, pages.overview);
    let rules: Vec<&str> = overview
        .heat
        .rules
        .iter()
        .filter_map(|place| overview.report.rules.get(*place))
        .map(|rule| rule.id.as_str())
        .collect();
    let is_long = overview.heat.rows.len() > MANY;
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="control" {
            table.heat {
                thead {
                    tr {
                        th scope="col" { (texts.who) }
                        th scope="col" { (texts.all) }
                        @for rule in &rules {
                            th.tilt scope="col" { a href=(rule_link(rule)) { span { (rule) } } }
                        }
                    }
                }
                @if is_long {
                    (rows(pages, &rules, Some(false)))
                    (rows(pages, &rules, Some(true)))
                } @else { (rows(pages, &rules, None)) }
            }
        }
        @if is_long { p { button.unfold type="button" { (texts.show_all_rows) } } }
    }
}

/// The rows of the heat map: all, or those of sellers, folded, or those of teams.
fn rows(pages: &Pages<'_>, rules: &[&str], of_sellers: Option<bool>) -> Markup {
    let is_wanted = |row: &&HeatRow| {
        let is_seller = matches!(row.holder, Holder::Seller(_));
        of_sellers.is_none_or(|of_sellers| of_sellers == is_seller)
    };
    let is_folded = of_sellers == Some(true);
    html! {
        tbody hidden[is_folded] class=[is_folded.then_some("folded")] {
            @for row in pages.overview.heat.rows.iter().filter(is_wanted) {
                (heat_row(pages, rules, row))
            }
        }
    }
}

fn heat_row(pages: &Pages<'_>, rules: &[&str], row: &HeatRow) -> Markup {
    let filter = match &row.holder {
        Holder::Company => None,
        Holder::Team(id) => Some(("team", id.as_str())),
        Holder::Seller(id) => Some(("seller", id.as_str())),
    };
    let name = pages.holder(&row.holder);
    let link = match &row.holder {
        Holder::Company => "#/verdicts".to_owned(),
        Holder::Team(id) => verdicts_link(&[("team", id)]),
        Holder::Seller(id) => seller_link(id),
    };
    html! {
        tr class=[(!matches!(row.holder, Holder::Seller(_))).then_some("sum")] {
            th scope="row" style=(format!("padding-left:{}em", row.depth)) { a href=(link) { (name) } }
            (cell(pages, Some(&row.all), filter, None))
            @for (rule, tally) in rules.iter().zip(&row.cells) {
                (cell(pages, tally.as_ref(), filter, Some(rule)))
            }
        }
    }
}

fn cell(
    pages: &Pages<'_>,
    tally: Option<&Tally>,
    filter: Option<(&str, &str)>,
    rule: Option<&str>,
) -> Markup {
    let Some(tally) = tally else { return html! { td.none {} } };
    let judged = tally.met + tally.on_track + tally.at_risk + tally.missed;
    let filters: Vec<(&str, &str)> =
        filter.into_iter().chain(rule.map(|rule| ("rule", rule))).collect();
    let good = tally.met + tally.on_track;
    html! {
        td class=(shade(tally.score)) {
            a href=(verdicts_link(&filters)) {
                @match tally.score {
                    Some(_) => { (pages.texts.percent(tally.score)) small { (good) "/" (judged) } },
                    None => "–",
                }
            }
        }
    }
}

/// One of eleven shades, from nothing to everything under control.
fn shade(score: Option<f64>) -> String {
    match score {
        Some(score) => format!("h{:.0}", (score * 10.0).floor()),
        None => "none".to_owned(),
    }
}

fn since(pages: &Pages<'_>) -> Markup {
    let (texts, overview) = (pages.texts, pages.overview);
    let Some(since) = &overview.since else {
        return html! {
            section aria-labelledby="changed" {
                h2 id="changed" { (texts.changes) }
                p.note { (texts.nothing_earlier) }
            }
        };
    };
    let directions = since.changed.iter().map(|changed| changed.direction);
    let mut counts: Vec<(kadence::comparison::Direction, usize)> = Vec::new();
    for direction in directions {
        match counts.iter_mut().find(|(known, _)| *known == direction) {
            Some((_, count)) => *count += 1,
            None => counts.push((direction, 1)),
        }
    }
    let heading = texts.changes_since(since.day);
    html! {
        section aria-labelledby="changed" {
            h2 id="changed" { (heading) }
            @if since.changed.is_empty() && since.gone.is_empty() { p.note { (texts.changes_none) } }
            @if !counts.is_empty() {
                p { @for (place, (direction, count)) in counts.iter().enumerate() {
                    @if place > 0 { ", " } strong { (count) } " " (texts.direction(*direction))
                } "." }
                (table(pages, &heading, &json!({"of": "changed"})))
            }
            @if !since.gone.is_empty() {
                details {
                    summary { (texts.gone) " (" (since.gone.len()) ")" }
                    ul.plain {
                        @for gone in since.gone.iter().take(GONE) {
                            li { bdi { (name_of(&gone.subject)) } " – " a href=(rule_link(&gone.rule)) { (gone.rule) }
                                " – " (texts.was) " " (chip(pages, gone.before)) }
                        }
                        @if since.gone.len() > GONE { li { "… +" (since.gone.len() - GONE) } }
                    }
                }
            }
        }
    }
}

fn problems(pages: &Pages<'_>) -> Markup {
    let problems = &pages.overview.report.problems;
    html! {
        @if !problems.is_empty() {
            section aria-labelledby="problems" {
                h2 id="problems" { (pages.texts.problems) " (" (problems.len()) ")" }
                p.note { (pages.texts.data_problems) }
                ul.plain {
                    @for problem in problems.iter().take(GONE) {
                        li {
                            @if let Some(place) = place_of(problem) { code { (place) } ": " }
                            (problem.message)
                        }
                    }
                    @if problems.len() > GONE { li { "… +" (problems.len() - GONE) } }
                }
            }
        }
    }
}
