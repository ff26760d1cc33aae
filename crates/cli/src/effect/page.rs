//! Effects in headed parts.

use kadence::effect::Gaps;
use kadence_statistics::effect::{Effects, FALSE_ALARMS};

use super::{effort, rule, sources};
use crate::output::count;
use crate::sections::{Block, Section};

pub(crate) fn sections(effects: &Effects) -> Vec<Section> {
    let mut sections = vec![headline(effects)];
    sections.extend(effects.rules.iter().map(rule::section));
    sections.push(effort::section(&effects.effort));
    sections.push(effort::kinds(&effects.kinds));
    sections.push(sources::section(&effects.sources, effects.months));
    let caveats = gaps(&effects.gaps).into_iter().chain(effects.caveats.iter().cloned());
    sections.push(Section::new("What cannot be concluded", caveats.map(Block::Line).collect()));
    sections
}

/// What is left out everywhere.
fn gaps(gaps: &Gaps) -> Vec<String> {
    let of = |n: u64, what: &str, one: &str, more: &str| {
        let verb = if n == 1 { one } else { more };
        (n > 0).then(|| format!("{} {verb}", count(n, what)))
    };
    let told = [
        of(
            gaps.undated_deals,
            "deal",
            "was won or lost on no known day and is left out",
            "were won or lost on no known day and are left out",
        ),
        of(
            gaps.reversed_deals,
            "deal",
            "closed before it was created, so that it is not known how long it took",
            "closed before they were created, so that it is not known how long they took",
        ),
        of(
            gaps.undated_leads,
            "lead",
            "came into being on no known day and is left out",
            "came into being on no known day and are left out",
        ),
        of(
            gaps.undated_conversions,
            "lead",
            "converted on no known day and is left out",
            "converted on no known day and are left out",
        ),
        gaps.complete_through.map(|through| {
            format!("activities are all known through {through}; whether what was won after that is, the data does not say")
        }),
    ];
    told.into_iter().flatten().collect()
}

fn headline(effects: &Effects) -> Section {
    let months = count(effects.months, "month");
    let family = match effects.questions {
        0 => "nothing can be compared yet".to_owned(),
        questions => format!(
            "{} asked of the data at once: where there is nothing to be found, and nobody knew more than the data does, at most {} reports in 100 find something",
            if questions == 1 {
                "1 question is".to_owned()
            } else {
                format!("{questions} questions are")
            },
            FALSE_ALARMS * 100.0,
        ),
    };
    let found: Vec<String> = rule::found(effects).chain(effort::found(effects)).collect();
    let mut blocks = vec![
        Block::Line(format!(
            "each rule is judged as of the ends of earlier periods; results are those of the {months} after"
        )),
        Block::Line("raw: everybody is compared with everybody; like: with those of the same segment, owner, size and age, with as many open deals, in the same period".to_owned()),
        Block::Line(family),
    ];
    if found.is_empty() {
        blocks.push(Block::Line("found: nothing that can be told from chance".to_owned()));
    } else {
        blocks.push(Block::List { title: "found".to_owned(), items: found });
    }
    Section::new(format!("Do the targets work? As of {}", effects.day), blocks)
}
