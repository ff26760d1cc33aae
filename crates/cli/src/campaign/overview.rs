//! All campaigns in a table.

use kadence::campaign::{Figures, Overview, Phase};

use crate::output::count;
use crate::sections::{Block, Heading, Section, cell, summed};

/// The columns of campaigns in figures.
const COLUMNS: [Heading; 9] = [
    Heading::Text("campaign"),
    Heading::Word("start"),
    Heading::Word("status"),
    Heading::Number("reached"),
    Heading::Number("days"),
    Heading::Number("leads"),
    Heading::Number("won"),
    Heading::Number("amount"),
    Heading::Word("missing"),
];

pub(super) fn sections(all: &Overview) -> Vec<Section> {
    let number = count(all.campaigns.len(), "campaign");
    let title = format!("As of {}: {number}", all.day);
    let rows = all.campaigns.iter().map(|one| row(one).into()).collect::<Vec<_>>();
    if rows.is_empty() {
        return vec![Section::new(title, Vec::new())];
    }
    let missing: Vec<String> = all
        .campaigns
        .iter()
        .filter(|one| one.not_known > 0)
        .map(|one| {
            format!(
                "{}: of {} it is not known whether they were reached",
                one.about.id,
                count(one.not_known, "member")
            )
        })
        .collect();
    let mut blocks = vec![Block::Table { title: None, columns: COLUMNS.into(), rows }];
    blocks.extend(missing.into_iter().map(Block::Line));
    vec![Section::new(title, blocks)]
}

fn row(one: &Figures) -> [String; COLUMNS.len()] {
    let about = &one.about;
    let known = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let missing = match (one.has_learning, one.has_outcome) {
        // Nothing is missing of what is not over, or was called off.
        _ if about.phase != Phase::Over || about.is_cancelled() => "",
        (true, true) => "",
        (true, false) => "outcome",
        (false, true) => "learning",
        (false, false) => "both",
    };
    [
        about.id.clone(),
        known(about.start.map(|start| start.to_string())),
        known(about.status.clone()),
        format!("{} of {}", one.reached, one.members),
        cell(one.median_days.as_ref(), |days| days.to_string()),
        one.leads.leads.to_string(),
        one.opportunities.won.to_string(),
        summed(&one.amount_won),
        missing.to_owned(),
    ]
}
