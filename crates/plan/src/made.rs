//! What was booked, told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, SecondsFormat};
use kadence::internals::{Item, Value};
use kadence::verdict::{ReportProblem, Subject};
use kadence::worklist::rehearsal::Lost;
use kadence::{Dataset, Noun, Number, Options, RuleSet};

use crate::ask::{Ask, PlanError};
use crate::planner::{Act, Planner};
use crate::probe::{Key, key};
use crate::schedule::{Booked, Kept, Names, Schedule, SellerPlan, Serves, Unmet};

/// Books what rules ask for until a day, and says what does not fit.
///
/// # Errors
///
/// Nothing can be evaluated; or what is asked for cannot be: a day that is over, a seller that there is
/// not, a workday without time.
pub fn plan(
    rules: &RuleSet,
    data: &Dataset,
    options: &Options,
    ask: &Ask,
) -> Result<Schedule, PlanError> {
    let mut planner = Planner::new(rules, data, options, ask)?;
    let known = planner.taken.clone();
    let lost = planner.run()?;
    let mut schedule = told(&mut planner, &lost, data);
    schedule.keep_ids(&ask.earlier, &known);
    Ok(schedule)
}

fn told(planner: &mut Planner<'_>, lost: &[Lost], data: &Dataset) -> Schedule {
    let still: BTreeSet<Key> = lost.iter().map(key).collect();
    let mut booked: BTreeMap<String, Vec<Booked>> = BTreeMap::new();
    for act in &planner.booked {
        booked.entry(act.seller.clone()).or_default().push(told_act(planner, act, &still, data));
    }
    let mut kept = Kept::default();
    let by_seller = planner.by_seller.clone();
    let owners: BTreeSet<&String> = lost.iter().filter_map(|one| one.owner.as_ref()).collect();
    let sellers = planner.diaries.iter().filter_map(|(id, diary)| {
        let mut booked = booked.remove(id).unwrap_or_default();
        booked.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        let own = by_seller.get(id).cloned().unwrap_or_default();
        for (sum, part) in [
            (&mut kept.asked, &own.asked),
            (&mut kept.kept, &own.kept),
            (&mut kept.most, &own.most),
        ] {
            *sum = &*sum + part;
        }
        let has_time = diary.workdays > 0 || !diary.planned.is_empty();
        let is_idle = !has_time && own.asked.is_zero() && !owners.contains(id);
        (!is_idle).then(|| SellerPlan {
            seller: subject(planner, Noun::Seller, id),
            workdays: diary.workdays,
            minutes: diary.minutes,
            booked,
            planned: diary.planned.clone(),
            kept: own,
        })
    });
    let sellers: Vec<SellerPlan> = sellers.collect();
    let unmet: Vec<Unmet> = lost.iter().map(|one| unmet(planner, one)).collect();
    let served = sellers.iter().flat_map(|seller| &seller.booked).flat_map(|one| &one.serves);
    let named: BTreeSet<&String> =
        served.map(|one| &one.rule).chain(unmet.iter().map(|one| &one.rule)).collect();
    let rules = planner.rehearsal.rules().filter(|rule| named.contains(&rule.id)).collect();
    let zone = planner.rehearsal.calendar().zone;
    let now = planner.rehearsal.now().with_timezone(&zone);
    Schedule {
        schema: 1,
        as_of: now.to_rfc3339_opts(SecondsFormat::AutoSi, false),
        zone: zone.name().to_owned(),
        from: planner.rehearsal.first_open_day(),
        until: planner.ask.until,
        hours_per_workday: planner.hours.clone(),
        rules,
        sellers,
        unmet,
        kept,
        known_through: planner.rehearsal.known_through(),
        problems: planner.rehearsal.known_through().map(not_known).into_iter().collect(),
    }
}

/// Where activities are not all known, rules ask for nothing, and no plan is none that is needed.
fn not_known(through: NaiveDate) -> ReportProblem {
    ReportProblem {
        level: "warning".to_owned(),
        file: None,
        line: None,
        column: None,
        message: format!(
            "activities are known through {through}: what rules ask since then is not known, and not planned"
        ),
    }
}

fn subject(planner: &Planner<'_>, noun: Noun, id: &str) -> Subject {
    planner.rehearsal.named(noun, id).unwrap_or_else(|| Subject {
        kind: noun.singular().to_owned(),
        id: id.to_owned(),
        name: None,
    })
}

fn of_verdict(planner: &Planner<'_>, lost: &Lost) -> Subject {
    let noun = planner.nouns.get(lost.rule).copied().unwrap_or(Noun::Company);
    subject(planner, noun, &lost.subject)
}

/// The customer or lead of an opportunity.
fn behind(planner: &Planner<'_>, data: &Dataset, opportunity: &str) -> Option<Subject> {
    let item = data.find(Noun::Opportunity, opportunity)?;
    let of = |noun: Noun| {
        let field = data.schema().field_ref(Noun::Opportunity, noun.singular())?;
        let Value::Reference(row) = data.value(item, field) else { return None };
        Some(subject(planner, noun, data.id(Item { noun, row: *row })))
    };
    of(Noun::Customer).or_else(|| of(Noun::Lead))
}

fn told_act(planner: &Planner<'_>, act: &Act, still: &BTreeSet<Key>, data: &Dataset) -> Booked {
    let activity = &act.activity;
    let named = |noun: Noun, id: &Option<String>| id.as_ref().map(|id| subject(planner, noun, id));
    let opportunity = activity.opportunity.as_ref();
    let of = [
        named(Noun::Activity, &activity.follows),
        named(Noun::Campaign, &activity.campaign),
        named(Noun::Opportunity, &activity.opportunity),
        opportunity.and_then(|opportunity| behind(planner, data, opportunity)),
        named(Noun::Lead, &activity.lead),
        named(Noun::Customer, &activity.customer),
    ];
    let mut of = of.into_iter().flatten();
    let with = named(Noun::Contact, &activity.contact);
    let first = of.next();
    let serves = |lost: &Lost| Serves {
        rule: planner.rule(lost).to_owned(),
        subject: of_verdict(planner, lost),
        period: lost.period,
        is_standing: lost.is_standing,
    };
    let is_kept = |lost: &&Lost| !still.contains(&key(lost));
    // What it cannot keep alone it still brings forward.
    let kept: Vec<Serves> = act.serves.iter().filter(is_kept).map(serves).collect();
    Booked {
        id: activity.id.clone(),
        start: act.start,
        minutes: act.minutes,
        kind: activity.kind.clone(),
        or: act.or.clone(),
        about: of.next_back(),
        subject: first.or_else(|| with.clone()),
        with,
        names: Names {
            seller: activity.seller.clone(),
            customer: activity.customer.clone(),
            contact: activity.contact.clone(),
            lead: activity.lead.clone(),
            opportunity: activity.opportunity.clone(),
            campaign: activity.campaign.clone(),
            follows: activity.follows.clone(),
        },
        by: act.by,
        serves: if kept.is_empty() { act.serves.iter().map(serves).collect() } else { kept },
    }
}

fn unmet(planner: &Planner<'_>, lost: &Lost) -> Unmet {
    Unmet {
        rule: planner.rule(lost).to_owned(),
        subject: of_verdict(planner, lost),
        owner: lost.owner.clone(),
        period: lost.period,
        status: lost.status,
        missing: lost.missing.as_ref().map(Number::printed),
        why: planner.why(lost),
    }
}
