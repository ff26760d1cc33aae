//! A verdict with how what was measured came about.

use maud::{Markup, html};

use super::{chart, chip};
use crate::{Error, Pages, charts};
use kadence::Status;

/// The verdict at a place; beside its sentence a chart, where its number has a line.
pub(super) fn target(pages: &Pages<'_>, place: usize, heading: &Markup) -> Result<Markup, Error> {
    let Some(verdict) = pages.verdict(place) else { return Ok(html! {}) };
    let (texts, lines) = (pages.texts, &pages.overview.lines);
    let line = lines.binary_search_by_key(&place, |line| line.verdict).ok();
    let is_judged = !matches!(verdict.status, Status::NotApplicable | Status::Unknown);
    let line = line.and_then(|line| lines.get(line)).filter(|_| is_judged);
    let line = line.filter(|line| line.points.len() > 1);
    let svg = line.map(|line| charts::pace(line, texts)).transpose()?;
    Ok(html! {
        article.card {
            h3 { (heading) " " (chip(pages, verdict.status)) }
            p { (verdict.sentence) }
            @if let (Some(svg), Some(line)) = (svg, line) {
                @let asked = if line.is_paced { texts.pace } else { texts.target };
                @let number = texts.number(&line.target);
                (chart(&svg, &format!("{}: {}. {asked}: {number}", texts.done, verdict.sentence)))
                p.legend { span.of-series { (texts.measured) } " " span.of-target { (asked) } }
            }
        }
    })
}
