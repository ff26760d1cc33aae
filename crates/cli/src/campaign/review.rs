//! One campaign from A to Z.

use kadence::Number;
use kadence::campaign::{
    About, ByStatus, CarriedOut, CostPer, Earlier, FollowedUp, Learned, MemberFollowUp,
    NamedByStatus, Phase, Prepared, Reach, Review, Sold, Speed, Sum, Touch,
};
use kadence::verdict::{NamedTally, Tally};

use crate::output::count;
use crate::report::SHOWN;
use crate::sections::{Block, Heading, Section, cell, first, money, named, part, summed};

pub(super) fn sections(review: &Review) -> Vec<Section> {
    let mut sections = vec![
        headline(review),
        prepared(&review.prepared),
        carried_out(&review.carried_out),
        followed_up(&review.followed_up, &review.campaign),
        learned(&review.learned, &review.campaign),
        sold(&review.sold, &review.followed_up.leads),
    ];
    sections.extend(earlier(review));
    sections
}

fn headline(review: &Review) -> Section {
    let About { id, name, kind, initiator, owner, status, start, end, phase, cost } =
        &review.campaign;
    let day = review.day;
    let words = [
        kind.clone(),
        initiator.as_ref().map(|initiator| format!("by {initiator}")),
        owner.as_ref().map(|owner| format!("owner {owner}")),
        cost.as_ref().map(|cost| format!("cost {}", money(cost))),
        status.clone(),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    let days = |from: chrono::NaiveDate, to: chrono::NaiveDate| (to - from).num_days();
    let since = match (phase, start, end) {
        (Phase::NotBegun, Some(start), _) => {
            format!("it starts in {}, on {start}", count_days(days(day, *start)))
        }
        (Phase::Begun, Some(start), Some(end)) => {
            format!(
                "it runs from {start} to {end}, {} since its start",
                count_days(days(*start, day))
            )
        }
        (Phase::Over, Some(start), Some(end)) => {
            format!(
                "it ran from {start} to {end}, {} since its start",
                count_days(days(*start, day))
            )
        }
        (_, Some(start), _) => {
            format!(
                "it started on {start}, {} ago; its end is unknown",
                count_days(days(*start, day))
            )
        }
        (Phase::Over, None, Some(end)) => format!("its start is unknown; it ended on {end}"),
        (_, None, Some(end)) => format!("its start is unknown; it ends on {end}"),
        (_, None, None) => "its start and end are unknown".to_owned(),
    };
    let mut blocks = Vec::new();
    if !words.is_empty() {
        blocks.push(Block::Line(words.join(", ")));
    }
    blocks.push(Block::Line(format!("as of {day}: {since}")));
    Section::new(named(id, name.as_deref()), blocks)
}

fn count_days(days: i64) -> String {
    count(days, "day")
}

fn prepared(prepared: &Prepared) -> Section {
    let Prepared { members, members_to_come, lacks, planned, unprepared, .. } = prepared;
    let mut blocks = Vec::new();
    let to_come = match members_to_come {
        0 => String::new(),
        more => format!(", and {more} whose customer or lead does not exist yet"),
    };
    blocks.push(Block::Line(format!("{}{to_come}", count(*members, "member"))));
    if !lacks.is_empty() {
        let lacks: Vec<&str> = lacks.iter().map(|lack| lack.words()).collect();
        blocks.push(Block::Line(format!("missing: {}", lacks.join(", "))));
    }
    if *planned > 0 {
        let known = part(planned - unprepared.len() as u64, *planned);
        blocks.push(Block::Line(format!("preparation of planned activities known: {known}")));
        if !unprepared.is_empty() {
            let items = first(SHOWN, unprepared.iter().map(touch));
            blocks.push(Block::List { title: "not prepared".to_owned(), items });
        }
    }
    let verdicts = prepared.verdicts.iter().map(|verdict| {
        let said = verdict.reason.as_ref().unwrap_or(&verdict.sentence);
        vec![verdict.rule.clone(), verdict.status.words().to_owned(), said.clone()]
    });
    let rows: Vec<_> = verdicts.collect();
    if !rows.is_empty() {
        let columns =
            vec![Heading::Word("rule"), Heading::Word("status"), Heading::Text("measured")];
        blocks.push(Block::Table { title: Some("judged by".to_owned()), columns, rows });
    }
    if !prepared.member_verdicts.is_empty() {
        let columns = ["met", "on track", "at risk", "missed", "n/a", "unknown"];
        let columns = columns.into_iter().map(Heading::Number);
        let rows = prepared.member_verdicts.iter().map(|NamedTally { id, tally }| {
            let Tally { score: _, met, on_track, at_risk, missed, not_applicable, unknown } = tally;
            let counts = [met, on_track, at_risk, missed, not_applicable, unknown];
            [id.clone()].into_iter().chain(counts.map(u64::to_string)).collect()
        });
        blocks.push(Block::Table {
            title: Some("its members judged by".to_owned()),
            columns: [Heading::Word("rule")].into_iter().chain(columns).collect(),
            rows: rows.collect(),
        });
    }
    Section::new("prepared", blocks)
}

/// `2026-11-20 visit a0123 by kim`
fn touch(touch: &Touch) -> String {
    let by = touch.seller.as_ref().map_or_else(String::new, |seller| format!(" by {seller}"));
    format!("{} {} {}{by}", touch.day, touch.kind, touch.id)
}

fn carried_out(done: &CarriedOut) -> Section {
    let ByStatus { completed, planned, overdue, cancelled } = done.all;
    if completed + planned + overdue + cancelled == 0 {
        let text = "no activity names the campaign".to_owned();
        return Section::new("carried out", vec![Block::Line(text)]);
    }
    let days = match (done.first, done.last) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        (Some(only), _) => format!(", {only}"),
        _ => String::new(),
    };
    let next = done.next.map_or_else(String::new, |next| format!(", the next on {next}"));
    let text = format!(
        "{completed} completed{days}; {planned} planned{next}; {overdue} overdue; {cancelled} cancelled"
    );
    let table = |what: &'static str, all: &[NamedByStatus]| Block::Table {
        title: None,
        columns: vec![
            Heading::Word(what),
            Heading::Number("completed"),
            Heading::Number("planned"),
            Heading::Number("overdue"),
            Heading::Number("cancelled"),
        ],
        rows: all.iter().map(row).collect(),
    };
    let blocks = vec![Block::Line(text), table("kind", &done.kinds), table("by", &done.sellers)];
    Section::new("carried out", blocks)
}

fn row(NamedByStatus { id, counts }: &NamedByStatus) -> Vec<String> {
    let ByStatus { completed, planned, overdue, cancelled } = counts;
    let counts = [completed, planned, overdue, cancelled].map(u64::to_string);
    [nobody(id.as_deref())].into_iter().chain(counts).collect()
}

fn nobody(id: Option<&str>) -> String {
    id.unwrap_or("nobody named").to_owned()
}

fn followed_up(followed_up: &FollowedUp, about: &About) -> Section {
    let FollowedUp { members, reached, not_reached, not_known, .. } = followed_up;
    let mut blocks = Vec::new();
    if *members == 0 {
        blocks.push(Block::Line("no members, so that nobody is to be reached".to_owned()));
    } else {
        let reached = part(*reached, *members);
        let mut text = format!("reached: {reached}; not reached: {not_reached}");
        if *not_known > 0 {
            text.push_str(&format!("; not known: {not_known}"));
        }
        blocks.push(Block::Line(text));
    }
    blocks.extend(speed(&followed_up.speed, *reached));
    if !followed_up.by.is_empty() {
        let rows = followed_up.by.iter().map(|by| {
            let days = cell(by.median_days.as_ref(), Number::to_string);
            vec![nobody(by.seller.as_deref()), by.reached.to_string(), days]
        });
        blocks.push(Block::Table {
            title: Some("first reached by".to_owned()),
            columns: vec![
                Heading::Word("seller"),
                Heading::Number("members"),
                Heading::Number("median days"),
            ],
            rows: rows.collect(),
        });
    }
    let with = |reach| followed_up.of.iter().filter(move |one| one.reach == reach);
    if *not_reached > 0 {
        let title = match about.is_cancelled() {
            true => "not reached, and the campaign is cancelled",
            false => "not reached",
        };
        let items = first(SHOWN, with(Reach::NotReached).map(waiting));
        blocks.push(Block::List { title: title.to_owned(), items });
    }
    let mut reasons: Vec<(&str, u64)> = Vec::new();
    for reason in with(Reach::NotKnown).filter_map(|one| one.reason.as_deref()) {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, members)) => *members += 1,
            None => reasons.push((reason, 1)),
        }
    }
    let reasons = reasons.into_iter();
    let reasons =
        reasons.map(|(reason, n)| format!("not known of {}: {reason}", count(n, "member")));
    blocks.extend(reasons.map(Block::Line));
    Section::new("followed up", blocks)
}

fn speed(speed: &Speed, reached: u64) -> Vec<Block> {
    let Speed { known, least, lower_quartile, median, upper_quartile, most, days } = speed;
    if reached == 0 {
        return Vec::new();
    }
    let figures = (least, lower_quartile, median, upper_quartile, most);
    let (Some(least), Some(lower), Some(median), Some(upper), Some(most)) = figures else {
        let text = "days from start to first touchpoint: not known, since not all activities are";
        return vec![Block::Line(text.to_owned())];
    };
    let of = match known == &reached {
        true => String::new(),
        false => format!(" (of {known}; of the others it is not known)"),
    };
    let text = format!(
        "days from start to first touchpoint: median {median}, the middle half {lower} to {upper}, \
         all {least} to {most}{of}"
    );
    let longest = days.iter().map(|band| band.members).max().unwrap_or(0).max(1);
    let reached = days.iter().rposition(|band| band.members > 0).map_or(0, |last| last + 1);
    let rows = days.iter().take(reached).map(|band| {
        let days = match band.to {
            Some(to) => format!("{}–{to}", band.from),
            None => format!("{}–", band.from),
        };
        // Thirty signs for the longest, and one for any at all.
        let signs = (band.members * 30).div_ceil(longest);
        let bar = "█".repeat(usize::try_from(signs).unwrap_or(0));
        vec![days, band.members.to_string(), bar]
    });
    let columns = vec![Heading::Word("days"), Heading::Number("members"), Heading::Word("")];
    vec![Block::Line(text), Block::Table { title: None, columns, rows: rows.collect() }]
}

/// `Acme (c046), asta: visit planned on 2026-11-20`
fn waiting(one: &MemberFollowUp) -> String {
    let who = named(&one.member.id, one.member.name.as_deref());
    let owner = one.owner.as_deref().unwrap_or("nobody's");
    let next = one.next.as_ref().map(|next| {
        let by = next.seller.as_ref().filter(|by| Some(*by) != one.owner.as_ref());
        let by = by.map_or_else(String::new, |by| format!(" by {by}"));
        format!(": {} planned on {}{by}", next.kind, next.day)
    });
    format!("{who}, {owner}{}", next.unwrap_or_default())
}

fn learned(learned: &Learned, about: &About) -> Section {
    let missing = || match (learned.missing_since, learned.missing_days) {
        _ if about.is_cancelled() => "not recorded, and the campaign is cancelled".to_owned(),
        (Some(since), Some(days)) => {
            format!("missing since the campaign ended on {since}, {}", count_days(days))
        }
        _ if about.end.is_none() => "not recorded; its end is unknown".to_owned(),
        _ => "not recorded yet".to_owned(),
    };
    let said = |what: &str, text: &Option<String>| match text {
        Some(text) => Block::Line(format!("{what}: “{text}”")),
        None => Block::Line(format!("{what}: {}", missing())),
    };
    let mut blocks = vec![said("learning", &learned.learning), said("outcome", &learned.outcome)];
    if !learned.noted.is_empty() {
        let noted = learned.noted.iter();
        let items = noted.map(|one| format!("{}: “{}”", touch(&one.activity), one.learning));
        let items = first(SHOWN, items);
        blocks.push(Block::List { title: "noted in its activities".to_owned(), items });
    }
    let lessons = learned.lessons.iter().map(|lesson| {
        let start = lesson.start.map_or_else(String::new, |start| format!("{start} "));
        let name = named(&lesson.id, lesson.name.as_deref());
        let learning = match &lesson.learning {
            Some(learning) => format!("“{learning}”"),
            None => "nobody wrote down what was learned".to_owned(),
        };
        let outcome = lesson.outcome.as_ref().map(|outcome| format!("; outcome: “{outcome}”"));
        format!("{start}{name}: {learning}{}", outcome.unwrap_or_default())
    });
    let items = first(SHOWN, lessons);
    match about.kind.as_deref() {
        None => blocks.push(Block::Line("lessons: its kind is unknown".to_owned())),
        Some(kind) if items.is_empty() => {
            blocks.push(Block::Line(format!("lessons: no earlier campaign of the kind `{kind}`")));
        }
        Some(_) => {
            blocks.push(Block::List {
                title: "lessons of earlier ones of its kind".to_owned(),
                items,
            });
        }
    }
    Section::new("learned", blocks)
}

fn sold(sold: &Sold, leads: &kadence::campaign::LeadCounts) -> Section {
    let counted = |parts: &[(u64, &str)]| {
        let some = parts.iter().filter(|(n, _)| *n > 0);
        let words: Vec<String> = some.map(|(n, word)| format!("{n} {word}")).collect();
        if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
    };
    let of_leads = counted(&[
        (leads.open, "open"),
        (leads.converted, "converted"),
        (leads.lost, "lost"),
        (leads.unknown, "of unknown status"),
    ]);
    let of = sold.opportunities;
    let of_deals = counted(&[
        (of.open, "open"),
        (of.won, "won"),
        (of.lost, "lost"),
        (of.unknown, "of unknown status"),
    ]);
    let deals = match of.opportunities {
        1 => "1 opportunity".to_owned(),
        n => format!("{n} opportunities"),
    };
    let mut blocks = vec![Block::Line(format!("{}{of_leads}", count(leads.leads, "lead")))];
    if leads.leads > 0 || of.opportunities > 0 {
        blocks.push(Block::Line(format!("{deals} by its leads{of_deals}")));
    }
    if of.open > 0 {
        blocks.push(Block::Line(format!("open: amount {}", sum(&sold.amount_open))));
    }
    if of.won > 0 {
        let (amount, margin) = (sum(&sold.amount_won), sum(&sold.margin_won));
        blocks.push(Block::Line(format!("won: amount {amount}, margin {margin}")));
    }
    match &sold.cost {
        None => blocks.push(Block::Line("cost: unknown, so that no result has a price".to_owned())),
        Some(cost) => {
            blocks.push(Block::Line(format!("cost {}{}", money(cost), per(&sold.cost_per))));
            blocks.push(Block::Line(against(sold)));
        }
    }
    Section::new("sold", blocks)
}

/// A sum in words: what is known of it, and of how many it is not known.
fn sum(sum: &Sum) -> String {
    match sum.unknown {
        0 => money(&sum.known),
        n => format!("{} and {n} unknown", money(&sum.known)),
    }
}

fn per(per: &CostPer) -> String {
    let CostPer {
        member_reached,
        member_reached_is_at_most,
        lead,
        converted_lead,
        won_opportunity,
    } = per;
    let at_most = if *member_reached_is_at_most { "at most " } else { "" };
    let parts = [
        (at_most, member_reached, "member reached"),
        ("", lead, "lead"),
        ("", converted_lead, "converted lead"),
        ("", won_opportunity, "won opportunity"),
    ];
    let words = parts.into_iter().filter_map(|(bound, cost, result)| {
        Some(format!("{bound}{} for each {result}", money(cost.as_ref()?)))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

fn against(sold: &Sold) -> String {
    let margin = match &sold.margin_less_cost {
        Some(margin) => money(margin),
        None => "unknown, since not every margin is known".to_owned(),
    };
    let amount = match &sold.amount_per_cost {
        _ if sold.opportunities.won == 0 => String::new(),
        Some(amount) => format!("; {} won for each 1 of cost", money(amount)),
        None if sold.amount_won.unknown > 0 => "; not every amount is known".to_owned(),
        None => String::new(),
    };
    format!("margin less cost: {margin}{amount}")
}

fn earlier(review: &Review) -> Option<Section> {
    if review.earlier.is_empty() {
        return None;
    }
    let FollowedUp { members, reached, speed, leads, .. } = &review.followed_up;
    let Sold { opportunities, amount_won, margin_less_cost, cost_per, .. } = &review.sold;
    let this = [
        review.campaign.id.clone(),
        format!("{reached} of {members}"),
        reached.to_string(),
        cell(speed.median.as_ref(), Number::to_string),
        leads.leads.to_string(),
        opportunities.won.to_string(),
        summed(amount_won),
        cell(cost_per.lead.as_ref(), money),
        cell(margin_less_cost.as_ref(), money),
    ];
    let rows = review.earlier.iter().map(|Earlier { figures, reached_at_that_age }| {
        vec![
            figures.about.id.clone(),
            format!("{} of {}", figures.reached, figures.members),
            reached_at_that_age.map_or_else(|| "–".to_owned(), |reached| reached.to_string()),
            cell(figures.median_days.as_ref(), Number::to_string),
            figures.leads.leads.to_string(),
            figures.opportunities.won.to_string(),
            summed(&figures.amount_won),
            cell(figures.cost_per.lead.as_ref(), money),
            cell(figures.margin_less_cost.as_ref(), money),
        ]
    });
    let columns = vec![
        Heading::Text("campaign"),
        Heading::Number("reached"),
        Heading::Number("by then"),
        Heading::Number("days"),
        Heading::Number("leads"),
        Heading::Number("won"),
        Heading::Number("amount"),
        Heading::Number("a lead"),
        Heading::Number("less cost"),
    ];
    let rows = [this.to_vec()].into_iter().chain(rows).collect();
    let kind = review.campaign.kind.as_deref().unwrap_or_default();
    let mut blocks = vec![Block::Table { title: None, columns, rows }];
    blocks.push(Block::Line(
        "by then: reached when it was as old as this one is now; days: median; a lead: its cost; \
         less cost: margin won less cost"
            .to_owned(),
    ));
    Some(Section::new(format!("earlier campaigns of the kind {kind}"), blocks))
}
