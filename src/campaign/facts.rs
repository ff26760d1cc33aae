//! What the data says of each campaign as of a moment, read out once.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::questions::Questions;
use super::report::{About, LeadCounts, MemberFollowUp, Phase, Reach, Touch};
use crate::engine::{Evaluation, Known};
use crate::model::{FieldRef, Item, Noun, Number, Schema};
use crate::plan::State;
use crate::sentence::Language;
use crate::verdict::{NamedTally, Status};

/// One campaign, and what belongs to it.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) about: About,
    pub(super) learning: Option<String>,
    pub(super) outcome: Option<String>,
    /// Those not reached, those not known, those reached; by owner, then id.
    pub(super) members: Vec<MemberFollowUp>,
    pub(super) members_to_come: u64,
    /// In the order of their days, then ids.
    pub(super) activities: Vec<Performed>,
    pub(super) leads: LeadCounts,
    pub(super) opportunities: Vec<Deal>,
    /// How the rules about members judge its members, as written.
    pub(super) member_verdicts: Vec<NamedTally>,
}

/// An activity that names a campaign.
#[derive(Debug)]
pub(super) struct Performed {
    pub(super) touch: Touch,
    pub(super) state: State,
    pub(super) is_prepared: bool,
    pub(super) learning: Option<String>,
}

/// An opportunity by a campaign's lead.
#[derive(Debug)]
pub(super) struct Deal {
    pub(super) status: Option<String>,
    pub(super) amount: Option<Number>,
    pub(super) margin: Option<Number>,
}

/// The fields that are read beside those of the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    kind: Option<FieldRef>,
    initiator: Option<FieldRef>,
    status: Option<FieldRef>,
    learning: Option<FieldRef>,
    outcome: Option<FieldRef>,
    cost: Option<FieldRef>,
    preparation: Option<FieldRef>,
    taught: Option<FieldRef>,
    amount: Option<FieldRef>,
    margin: Option<FieldRef>,
}

impl Fields {
    pub(super) fn new(schema: &Schema) -> Self {
        let campaign = |name| schema.field_ref(Noun::Campaign, name);
        Fields {
            kind: campaign("kind"),
            initiator: campaign("initiator"),
            status: campaign("status"),
            learning: campaign("learning"),
            outcome: campaign("outcome"),
            cost: campaign("cost"),
            preparation: schema.field_ref(Noun::Activity, "preparation"),
            taught: schema.field_ref(Noun::Activity, "learning"),
            amount: schema.field_ref(Noun::Opportunity, "amount"),
            margin: schema.field_ref(Noun::Opportunity, "margin"),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = FieldRef> {
        let Fields { kind, initiator, status, learning, outcome, cost, .. } = *self;
        let Fields { preparation, taught, amount, margin, .. } = *self;
        [kind, initiator, status, learning, outcome, cost, preparation, taught, amount, margin]
            .into_iter()
            .flatten()
    }
}

/// What was asked about a member.
#[derive(Debug, Clone, Copy)]
struct Answers {
    reached: Status,
    first: Option<Item>,
    touchpoints: usize,
    next: Option<Item>,
    is_later: bool,
}

/// Reads out what an evaluation that has decided the questions, and rules about members, knows.
struct Reader<'e> {
    evaluation: &'e Evaluation<'e>,
    fields: Fields,
    /// By the rows of members.
    answers: Vec<Answers>,
    /// By the rows of campaigns, in the order of days, then ids.
    activities: HashMap<u32, Vec<(Item, State)>>,
    /// By the rows of campaigns and the places of rules.
    counts: HashMap<(u32, usize), [u64; 6]>,
}

/// Every campaign, in the order of ids.
pub(super) fn facts(evaluation: &Evaluation<'_>, asked: &Questions, fields: Fields) -> Vec<Facts> {
    let mut reader = Reader {
        evaluation,
        fields,
        answers: answers(evaluation, asked),
        activities: HashMap::new(),
        counts: HashMap::new(),
    };
    reader.gather(asked);
    evaluation.store().items(Noun::Campaign).map(|campaign| reader.facts(campaign)).collect()
}

fn answers(evaluation: &Evaluation<'_>, asked: &Questions) -> Vec<Answers> {
    let members = evaluation.store().count(Noun::Member) as usize;
    let nothing = Answers {
        reached: Status::Unknown,
        first: None,
        touchpoints: 0,
        next: None,
        is_later: false,
    };
    let mut answers = vec![nothing; members];
    evaluation.each_evidence(|rule, decision, items| {
        let Some(decisions) = evaluation.of_rule(rule) else { return };
        let row = decisions.about(decision).map(|(row, _)| row as usize);
        let Some(answer) = row.and_then(|row| answers.get_mut(row)) else { return };
        let (status, id) = (decisions.status(decision), evaluation.rule(rule));
        if id == asked.reached {
            answer.reached = status;
            answer.first = items.first().copied();
            answer.touchpoints = items.len();
        } else if id == asked.next {
            answer.next = items.first().copied().filter(|_| status == Status::Met);
        } else if id == asked.later {
            answer.is_later = status == Status::Met;
        }
    });
    answers
}

impl Reader<'_> {
    fn gather(&mut self, asked: &Questions) {
        let store = self.evaluation.store();
        let campaigns = |item| store.owners(item, Noun::Campaign);
        let activities = &mut self.activities;
        self.evaluation.each_activity(|activity, state| {
            for campaign in campaigns(activity) {
                activities.entry(campaign.row).or_default().push((activity, state));
            }
        });
        for all in activities.values_mut() {
            all.sort_by(|(a, _), (b, _)| {
                store.day(a.row).cmp(&store.day(b.row)).then_with(|| store.by_id(*a, *b))
            });
        }
        for (place, decisions) in self.evaluation.decided() {
            let id = self.evaluation.rule(place);
            if asked.all().iter().any(|question| *question == id) {
                continue;
            }
            for decision in 0..decisions.len() {
                let Some((row, _)) = decisions.about(decision) else { continue };
                for campaign in campaigns(Item { noun: Noun::Member, row }) {
                    let counts = self.counts.entry((campaign.row, place)).or_default();
                    let status = decisions.status(decision) as usize;
                    counts.get_mut(status).into_iter().for_each(|count| *count += 1);
                }
            }
        }
    }

    fn facts(&self, campaign: Item) -> Facts {
        let about = self.about(campaign);
        let mut members = Vec::new();
        let mut members_to_come = 0;
        for row in self.evaluation.store().things_of(campaign, Noun::Member) {
            match self.answers.get(*row as usize).filter(|answers| !answers.is_later) {
                Some(answers) => {
                    members.push(self.member(
                        Item { noun: Noun::Member, row: *row },
                        &about,
                        answers,
                    ));
                }
                None => members_to_come += 1,
            }
        }
        members.sort_by(|a, b| {
            let key = |one: &MemberFollowUp| (one.reach, one.owner.is_none());
            let ids = |one: &MemberFollowUp| (one.owner.clone(), one.member.id.clone());
            key(a).cmp(&key(b)).then_with(|| ids(a).cmp(&ids(b)))
        });
        Facts {
            learning: self.text(campaign, self.fields.learning),
            outcome: self.text(campaign, self.fields.outcome),
            members,
            members_to_come,
            activities: self.performed(campaign),
            leads: self.leads(campaign),
            opportunities: self.deals(campaign),
            member_verdicts: self.member_verdicts(campaign),
            about,
        }
    }

    fn about(&self, campaign: Item) -> About {
        let store = self.evaluation.store();
        let start = store.date(campaign, store.fields.campaign_start);
        let end = store.date(campaign, store.fields.campaign_end);
        let has_begun = start.map(|start| start <= self.evaluation.day());
        let phase = match (has_begun, end.is_some_and(|end| end < self.evaluation.first_open_day()))
        {
            (Some(false), _) => Phase::NotBegun,
            (_, true) => Phase::Over,
            (Some(true), false) => Phase::Begun,
            (None, false) => Phase::Unknown,
        };
        About {
            id: self.id(campaign),
            name: store.name(campaign).map(str::to_owned),
            kind: self.text(campaign, self.fields.kind),
            initiator: self.text(campaign, self.fields.initiator),
            owner: store.owner(campaign).map(|owner| self.id(owner)),
            status: self.text(campaign, self.fields.status),
            start,
            end,
            phase,
            cost: self.number(campaign, self.fields.cost),
        }
    }

    fn member(&self, member: Item, about: &About, answers: &Answers) -> MemberFollowUp {
        let store = self.evaluation.store();
        let lead = store.reference(member, store.fields.member_lead);
        let customer = store.reference(member, store.fields.member_customer);
        let whom = lead.or(customer);
        let reason = self.not_known(about, whom, answers.reached);
        let reach = match answers.reached {
            _ if reason.is_some() => Reach::NotKnown,
            Status::Met => Reach::Reached,
            _ => Reach::NotReached,
        };
        let first = answers.first.filter(|_| reach == Reach::Reached);
        let first = first.map(|activity| self.touch(activity));
        MemberFollowUp {
            member: self.evaluation.named(whom.unwrap_or(member)),
            owner: store.owner(member).map(|owner| self.id(owner)),
            reach,
            reason,
            days: first.as_ref().and_then(|first| self.days(about.start?, first.day)),
            touchpoints: if first.is_some() { answers.touchpoints as u64 } else { 0 },
            first,
            next: answers.next.map(|activity| self.touch(activity)),
        }
    }

    /// Why it is not known whether a member was reached, if it is not.
    fn not_known(&self, about: &About, whom: Option<Item>, reached: Status) -> Option<String> {
        let store = self.evaluation.store();
        let words = Language::English.words();
        match about.start {
            None => Some(words.unknown("campaign.start")),
            Some(start) if about.phase == Phase::NotBegun => {
                Some(format!("the campaign starts on {start}"))
            }
            _ if whom.is_none() => {
                Some("the member names neither a customer nor a lead".to_owned())
            }
            _ if matches!(reached, Status::Met | Status::Missed) => None,
            _ => Some(words.coverage(
                store.complete_from,
                store.complete_through,
                self.evaluation.day(),
            )),
        }
    }

    /// The days to a first touchpoint; none where there may have been an earlier one that is not
    /// known.
    fn days(&self, start: NaiveDate, first: NaiveDate) -> Option<i64> {
        let store = self.evaluation.store();
        let is_known = store.complete_from.is_none_or(|from| from <= start)
            && store.complete_through.is_none_or(|through| first <= through);
        is_known.then(|| (first - start).num_days())
    }

    fn performed(&self, campaign: Item) -> Vec<Performed> {
        let all = self.activities.get(&campaign.row);
        let performed = |(activity, state): &(Item, State)| Performed {
            touch: self.touch(*activity),
            state: *state,
            is_prepared: self.text(*activity, self.fields.preparation).is_some(),
            learning: self.text(*activity, self.fields.taught),
        };
        all.into_iter().flatten().map(performed).collect()
    }

    fn leads(&self, campaign: Item) -> LeadCounts {
        let mut counts = LeadCounts::default();
        for lead in self.existing(campaign, Noun::Lead) {
            let status = self.text(lead, Some(self.evaluation.store().fields.lead_status));
            counts.leads += 1;
            *match status.as_deref() {
                Some("open") => &mut counts.open,
                Some("converted") => &mut counts.converted,
                Some("lost") => &mut counts.lost,
                _ => &mut counts.unknown,
            } += 1;
        }
        counts
    }

    fn deals(&self, campaign: Item) -> Vec<Deal> {
        let status = self.evaluation.store().fields.opportunity_status;
        let deals = self.existing(campaign, Noun::Opportunity).map(|opportunity| Deal {
            status: self.text(opportunity, Some(status)),
            amount: self.number(opportunity, self.fields.amount),
            margin: self.number(opportunity, self.fields.margin),
        });
        deals.collect()
    }

    fn member_verdicts(&self, campaign: Item) -> Vec<NamedTally> {
        let tally = |(place, _)| {
            let counts = self.counts.get(&(campaign.row, place))?;
            let tally = self.evaluation.tally(place, *counts)?;
            Some(NamedTally { id: self.evaluation.rule(place).to_owned(), tally })
        };
        self.evaluation.decided().filter_map(tally).collect()
    }

    /// The things of a campaign that exist.
    fn existing(&self, campaign: Item, noun: Noun) -> impl Iterator<Item = Item> {
        let rows = self.evaluation.store().things_of(campaign, noun).iter();
        let items = rows.map(move |row| Item { noun, row: *row });
        items.filter(|item| self.evaluation.exists(*item))
    }

    fn touch(&self, activity: Item) -> Touch {
        let store = self.evaluation.store();
        let kind = store.schema.kinds().get(self.evaluation.kind(activity));
        Touch {
            day: store.day(activity.row),
            kind: kind.cloned().unwrap_or_default(),
            id: self.id(activity),
            seller: store.owner(activity).map(|seller| self.id(seller)),
        }
    }

    fn id(&self, item: Item) -> String {
        self.evaluation.id(item).into_owned()
    }

    fn text(&self, item: Item, field: Option<FieldRef>) -> Option<String> {
        match self.evaluation.value(item, field?)? {
            Known::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }

    fn number(&self, item: Item, field: Option<FieldRef>) -> Option<Number> {
        self.evaluation.number(item, field?)
    }
}
