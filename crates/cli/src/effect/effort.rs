//! Who takes pains and sells little, and what happens before deals are won or lost.

use kadence_statistics::effect::{
    Against, Effects, EffortYield, KindBefore, KindsBefore, Refusal, Yield,
};

use super::figures::{Unit, of, refusal, refusal_in_short, shares};
use crate::output::count;
use crate::sections::{Block, Heading, Section, named};

pub(super) fn section(effort: &EffortYield) -> Section {
    let title = "Effort without yield";
    let Some(step) = &effort.step else {
        let line = "no funnel can be followed with these rules".to_owned();
        return Section::new(title, vec![Block::Line(line)]);
    };
    let whose = match &effort.goal {
        Some(goal) => format!("the step before the last on the way to {goal}"),
        None => {
            "the step before the last of the usual funnel: no goal says one that starts with leads"
                .to_owned()
        }
    };
    let since = effort.since;
    let mut blocks = vec![Block::Line(format!("effort is `{step}`, {whose}; since {since}"))];
    let tables =
        [("by seller", "seller", &effort.sellers), ("by segment", "segment", &effort.segments)];
    for (title, heading, all) in tables {
        if all.is_empty() {
            continue;
        }
        let columns = vec![
            Heading::Text(heading),
            Heading::Number("effort"),
            Heading::Number("won"),
            Heading::Number("win rate"),
            Heading::Number("95%"),
            Heading::Number("like"),
            Heading::Number("margin"),
            Heading::Word("yield"),
        ];
        let rows = all.iter().map(row).collect();
        blocks.push(Block::Table { title: Some(title.to_owned()), columns, rows });
    }
    let both = || effort.sellers.iter().chain(&effort.segments);
    if !both().any(|one| one.is_without_yield) {
        blocks.push(Block::Line(
            match both().any(|one| one.win_rate.is_some()) {
                true => {
                    "nobody with as much effort as others has a detectably lower win rate or margin"
                }
                false => "nobody can be held against the others",
            }
            .to_owned(),
        ));
    }
    if both().any(|one| one.won.of > 0.0) {
        blocks.push(Block::Line(
            "like: how much higher the win rate is than that of the others, among deals of one size and segment (of segments: of one seller); margin: the middle one of deals that were won".to_owned(),
        ));
    }
    let refused = both().filter(|one| one.won.of > 0.0).filter_map(|one| one.refused);
    blocks.extend(legend(refused).into_iter().map(Block::Line));
    Section::new(title, blocks)
}

/// What the words in a table stand for that say why nothing is compared.
fn legend(refused: impl Iterator<Item = Refusal>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for why in refused {
        let rest = match why {
            Refusal::TooFewSubjects { needed, .. } => format!(
                "there are not {} on both sides that have their like on the other",
                count(needed, "customer")
            ),
            Refusal::TooFewStrata { needed, .. } => {
                format!("there are not {needed} groups of their like")
            }
            Refusal::Nothing { .. } => "there is nobody on one side".to_owned(),
            Refusal::TooAlike { needed, .. } => {
                format!("fewer than {needed} are other than the commonest")
            }
            Refusal::TooUneven { needed, .. } => format!(
                "it hangs on a few customers: those of one side weigh as fewer than {needed}"
            ),
            other => refusal(other, SIDES),
        };
        said.push(format!("`{}`: {rest}", refusal_in_short(why)));
    }
    said.sort();
    said.dedup();
    said
}

fn is_low(against: &Option<Against>) -> bool {
    against.as_ref().is_some_and(|against| against.is_detected && against.difference < 0.0)
}

fn row(one: &Yield) -> Vec<String> {
    let said = match () {
        () if one.is_without_yield => "without",
        () if is_low(&one.win_rate) || is_low(&one.margins) => "lower",
        () if one.win_rate.is_some() => "as others",
        () if one.won.of > 0.0 => one.refused.map_or("–", refusal_in_short),
        () => "–",
    };
    vec![
        one.name.as_ref().map_or_else(|| one.id.clone(), |name| name.clone()),
        one.effort.to_string(),
        of(one.won),
        Unit::Share.level(one.won.share()),
        shares(one.interval),
        one.win_rate.map_or_else(|| "–".to_owned(), |win| Unit::Share.difference(win.difference)),
        Unit::Share.level(one.margin),
        said.to_owned(),
    ]
}

pub(super) fn kinds(before: &KindsBefore) -> Section {
    let KindsBefore { days, won, lost, not_known, kinds } = before;
    let mut blocks = vec![Block::Line(format!(
        "in the {days} days before the one on which a deal closed, with its customer: {won} won and {lost} lost"
    ))];
    if *not_known > 0 {
        blocks.push(Block::Line(format!(
            "left out: {not_known} whose activities of these days are not all known"
        )));
    }
    let columns = vec![
        Heading::Word("kind"),
        Heading::Number("before won"),
        Heading::Number("before lost"),
        Heading::Number("among like"),
        Heading::Number("95%"),
        Heading::Word("more before"),
    ];
    if kinds.is_empty() {
        blocks.push(Block::Line("there is no activity on these days".to_owned()));
        return Section::new("What precedes deals that are won", blocks);
    }
    let rows = kinds.iter().map(kind_row).collect();
    blocks.push(Block::Table { title: None, columns, rows });
    blocks
        .extend(legend(kinds.iter().filter_map(|kind| kind.refused)).into_iter().map(Block::Line));
    blocks.push(Block::Line(
        "deals are compared with those of the same segment, owner and size that closed in the same quarter, over the same number of days: long ones have more of everything".to_owned(),
    ));
    Section::new("What precedes deals that are won", blocks)
}

/// The sides, in a clause after `that`.
const SIDES: (&str, &str) = ("won a deal", "lost one");

fn kind_row(one: &KindBefore) -> Vec<String> {
    let unit = Unit::Share;
    let none = || "–".to_owned();
    let (difference, range, more) = match &one.among_like {
        Some(found) => {
            let more = match found.is_detected {
                false => "no difference",
                true if found.difference > 0.0 => "won deals",
                true => "lost deals",
            };
            (unit.difference(found.difference), unit.range(found.interval), more.to_owned())
        }
        None => {
            (none(), none(), one.refused.map_or_else(none, |why| refusal_in_short(why).to_owned()))
        }
    };
    vec![
        one.kind.clone(),
        unit.level(one.won.share()),
        unit.level(one.lost.share()),
        difference,
        range,
        more,
    ]
}

/// What is detected of efforts and kinds.
pub(super) fn found(effects: &Effects) -> impl Iterator<Item = String> {
    let effort = &effects.effort;
    let step = effort.step.clone().unwrap_or_default();
    let without = effort.sellers.iter().chain(&effort.segments).filter(|one| one.is_without_yield);
    let told = move |one: &Yield| {
        let whom = named(&one.id, one.name.as_deref());
        let (what, own, against) = match is_low(&one.win_rate) {
            true => ("win rate", one.won.share(), &one.win_rate),
            false => ("middle margin", one.margin, &one.margins),
        };
        let than = if is_low(&one.win_rate) { "that of its like" } else { "that of the others" };
        let below = Unit::Share.size(against.as_ref().map_or(0.0, |one| one.difference.abs()));
        format!(
            "{whom}: effort without yield, {} of `{step}` and a {what} of {}, {below} points below {than}",
            one.effort,
            Unit::Share.level(own)
        )
    };
    let kinds = effects.kinds.kinds.iter().filter_map(|kind| {
        let one = kind.among_like.filter(|one| one.is_detected)?;
        let which = if one.difference > 0.0 { "won" } else { "lost" };
        Some(format!(
            "{}: more often before deals that were {which}, by {} points (95%: {})",
            kind.kind,
            Unit::Share.size(one.difference.abs()),
            Unit::Share.range(one.interval)
        ))
    });
    without.map(told).chain(kinds)
}
