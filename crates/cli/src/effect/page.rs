//! Effects in headed parts.

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
    let caveats = effects.caveats.iter().map(|caveat| Block::Line(caveat.clone())).collect();
    sections.push(Section::new("What cannot be concluded", caveats));
    sections
}

fn headline(effects: &Effects) -> Section {
    let months = count(effects.months, "month");
    let family = match effects.questions {
        0 => "nothing can be compared yet".to_owned(),
        questions => format!(
            "{} asked of the data at once: where there is nothing to be found, at most {} reports in 100 find something",
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
        Block::Line("raw: everybody is compared with everybody; like: with those of the same segment, owner and size in the same quarter of the year".to_owned()),
        Block::Line(family),
    ];
    if found.is_empty() {
        blocks.push(Block::Line("found: nothing that can be told from chance".to_owned()));
    } else {
        blocks.push(Block::List { title: "found".to_owned(), items: found });
    }
    Section::new(format!("Do the targets work? As of {}", effects.day), blocks)
}
