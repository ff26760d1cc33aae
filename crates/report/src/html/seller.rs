//! A seller's page.

use maud::{Markup, html};
use serde_json::json;

use super::overview::trend;
use super::target::target;
use super::tasks::tasks;
use super::{bar, rule_link, table, verdicts_link};
use crate::{Error, Pages};
use kadence::Verdict;
use kadence::overview::Person;
use kadence::verdict::{NamedTally, Tally};

pub(super) fn page(pages: &Pages<'_>, seller: &Person) -> Result<Markup, Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let id = seller.id.as_str();
    let tally = tally(&overview.report.scores.sellers, id);
    let score = tally.and_then(|tally| tally.score);
    let of = |name: &str| json!({"of": name, "seller": id});
    Ok(html! {
        h1 { bdi { (overview.seller(id)) } }
        @if let Some(team) = &seller.team {
            p.note { (texts.team) " " a href=(verdicts_link(&[("team", team)])) { bdi { (overview.team(team)) } } }
        }
        div.cards {
            section.card aria-labelledby="score" {
                h2 id="score" { (texts.score) }
                p.score { (texts.percent(score)) }
                @if let Some(tally) = tally { (bar(pages, tally, &[("seller", id)])) }
            }
            section.card.wide aria-labelledby="trend" {
                h2 id="trend" { (texts.trend) }
                (trend(pages, |one| self::tally(&one.scores.sellers, id)?.score)?)
            }
        }
        section aria-labelledby="targets" {
            h2 id="targets" { (texts.targets) }
            (targets(pages, id)?)
        }
        @if pages.tasks.is_some() {
            section aria-labelledby="tasks" {
                h2 id="tasks" { (texts.tasks) }
                (tasks(pages, Some(id)))
            }
        }
        @for (name, heading, means, places) in [
            ("due", texts.deadlines_within(overview.days), None, &overview.due),
            ("lapsing", texts.lapsing.to_owned(), Some(texts.lapsing_means), &overview.lapsing),
            ("dropped", texts.dropped.to_owned(), Some(texts.dropped_means), &overview.dropped),
        ] {
            section aria-labelledby=(name) {
                h2 id=(name) { (heading) }
                @if let Some(means) = means { p.note { (means) } }
                @if pages.of_seller(places, id).next().is_some() {
                    (table(pages, &heading, &of(name)))
                } @else { p.note { (texts.no_rows) } }
            }
        }
        section aria-labelledby="verdicts" {
            h2 id="verdicts" { (texts.verdicts) }
            (table(pages, texts.verdicts, &json!({"seller": id})))
        }
    })
}

fn tally<'t>(tallies: &'t [NamedTally], id: &str) -> Option<&'t Tally> {
    tallies.iter().find(|named| named.id == id).map(|named| &named.tally)
}

fn targets(pages: &Pages<'_>, id: &str) -> Result<Markup, Error> {
    let card = |(place, verdict): (usize, &Verdict)| {
        target(pages, place, &html! { a href=(rule_link(&verdict.rule)) { (verdict.rule) } })
    };
    let cards = pages.own(id).map(card).collect::<Result<Vec<_>, Error>>()?;
    Ok(html! {
        @if cards.is_empty() { p.note { (pages.texts.targets_none) } }
        @else { div.cards { @for card in cards { (card) } } }
    })
}
