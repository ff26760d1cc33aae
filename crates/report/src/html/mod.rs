//! One self-contained page.
//!
//! What is always seen, the overview, is there as HTML. The other pages wait as texts until they are
//! asked for, and tables of verdicts are made from data, so that thousands of them cost little.

mod data;
mod overview;
mod rule;
mod seller;
mod target;
mod tasks;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::{Beside, Error, Pages, sections};

/// Nothing is fetched, from nowhere.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

pub(crate) fn page(pages: &Pages<'_>) -> Result<String, Error> {
    let texts = pages.texts;
    let report = &pages.overview.report;
    let mut parts = Vec::new();
    for seller in &pages.overview.sellers {
        parts.push((format!("/seller/{}", seller.id), seller::page(pages, seller)?));
    }
    for (place, rule) in report.rules.iter().enumerate() {
        parts.push((format!("/rule/{}", rule.id), rule::page(pages, place, rule)?));
    }
    parts.push(("/verdicts".to_owned(), verdicts(pages)));
    for Beside { topic, sections } in &pages.beside {
        parts.push((topic.path().to_owned(), sections::page(topic.title(texts), sections)));
    }
    let data = data::json(pages)?;
    let page = html! {
        (DOCTYPE)
        html lang=(texts.language.code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (pages.heading()) " – " (texts.day(report.day)) }
                style { (PreEscaped(include_str!("page.css"))) }
            }
            body {
                a.skip href="#main" { (texts.skip) }
                (head(pages))
                main id="main" tabindex="-1" {
                    div id="overview" { (overview::page(pages)?) }
                }
                @for (path, part) in &parts {
                    // Text to the parser: nothing of it is made before it is asked for.
                    script type="text/html" data-page=(path) { (PreEscaped(&part.0)) }
                }
                script type="application/json" id="data" { (PreEscaped(data)) }
                script { (PreEscaped(include_str!("page.js"))) }
            }
        }
    };
    Ok(page.into_string())
}

fn head(pages: &Pages<'_>) -> Markup {
    let texts = pages.texts;
    html! {
        header.bar {
            p.name { (pages.heading()) }
            nav aria-label=(texts.pages) {
                a href="#/" { (texts.overview) }
                a href="#/verdicts" { (texts.verdicts) }
                @for Beside { topic, .. } in &pages.beside {
                    a href=(format!("#{}", topic.path())) { (topic.title(texts)) }
                }
                label {
                    span { (texts.sellers) }
                    select.go { option value="" { "–" }
                        @for seller in &pages.overview.sellers {
                            option value=(seller_link(&seller.id)) { (pages.overview.seller(&seller.id)) }
                        }
                    }
                }
                label {
                    span { (texts.rules) }
                    select.go { option value="" { "–" }
                        @for rule in &pages.overview.report.rules {
                            option value=(rule_link(&rule.id)) { (rule.id) }
                        }
                    }
                }
            }
            div.tools {
                button type="button" id="theme" { (texts.theme) }
                button type="button" id="print" { (texts.print) }
            }
        }
        noscript { p.note { (texts.needs_script) } }
    }
}

fn verdicts(pages: &Pages<'_>) -> Markup {
    html! {
        h1 { (pages.texts.verdicts) }
        (table(pages, pages.texts.verdicts, &json!({})))
    }
}

/// Where the script puts a table of verdicts.
fn table(pages: &Pages<'_>, label: &str, view: &serde_json::Value) -> Markup {
    html! {
        div.table data-view=(view) data-label=(label) { p.note { (pages.texts.needs_script) } }
    }
}

/// A chart with what it shows in words.
fn chart(svg: &str, label: &str) -> Markup {
    html! { div.chart role="img" aria-label=(label) { (PreEscaped(svg)) } }
}

fn seller_link(id: &str) -> String {
    format!("#/seller/{}", encoded(id))
}

fn rule_link(id: &str) -> String {
    format!("#/rule/{}", encoded(id))
}

/// All verdicts, filtered.
fn verdicts_link(filters: &[(&str, &str)]) -> String {
    let filters: Vec<String> =
        filters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("#/verdicts?{}", filters.join("&"))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The sign of a status beside its colour.
fn sign(status: kadence::Status) -> &'static str {
    match status {
        kadence::Status::Met => "●",
        kadence::Status::OnTrack => "◐",
        kadence::Status::AtRisk => "▲",
        kadence::Status::Missed => "✕",
        kadence::Status::NotApplicable => "–",
        kadence::Status::Unknown => "?",
    }
}

/// A status as a coloured word.
fn chip(pages: &Pages<'_>, status: kadence::Status) -> Markup {
    html! {
        span class=(format!("chip s{}", status as usize)) {
            span aria-hidden="true" { (sign(status)) } " " (pages.texts.language.status(status))
        }
    }
}

/// How many verdicts have which status, as a bar and in words; each leads to them.
fn bar(pages: &Pages<'_>, tally: &kadence::verdict::Tally, filters: &[(&str, &str)]) -> Markup {
    use kadence::Status;
    let counts = [
        (Status::Met, tally.met),
        (Status::OnTrack, tally.on_track),
        (Status::AtRisk, tally.at_risk),
        (Status::Missed, tally.missed),
        (Status::NotApplicable, tally.not_applicable),
        (Status::Unknown, tally.unknown),
    ];
    let link = |status: Status| {
        let place = (status as usize).to_string();
        let mut filters = filters.to_vec();
        filters.push(("status", &place));
        verdicts_link(&filters)
    };
    html! {
        div.bar-of aria-hidden="true" {
            @for (status, count) in counts.iter().filter(|(_, count)| *count > 0) {
                span class=(format!("b{}", *status as usize)) style=(format!("flex-grow:{count}")) {}
            }
        }
        ul.tally {
            @for (status, count) in counts.iter().filter(|(_, count)| *count > 0) {
                li { a href=(link(*status)) { strong { (count) } " " (chip(pages, *status)) } }
            }
        }
    }
}
