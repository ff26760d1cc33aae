//! Phrases: which things exist, which of them are meant, and which count in a window.

use chrono::{DateTime, NaiveDate, Utc};
use kadence::Noun;
use kadence::internals::Item;
use kadence::internals::calendar::Days;
use kadence::internals::rules::{ActivityStatus, Adjective, Base, Path, Phrase};

use crate::answer::Answer;
use crate::span::Span;
use crate::view::View;
use crate::world::Known;

/// How a phrase is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What an activity must be where the phrase does not say.
    pub(crate) bare: Bare,
    /// Planned activities that can still take place count as completed.
    pub(crate) plans_kept: bool,
}

/// What a bare kind means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    Completed,
    /// After `next`.
    Planned,
    /// After `followed by`: all but cancelled.
    Any,
    /// An adjective has said it, or it is not asked.
    Whatever,
}

impl Reading {
    pub(crate) fn of(bare: Bare) -> Self {
        Reading { bare, plans_kept: false }
    }

    fn bare(self, bare: Bare) -> Self {
        Reading { bare, ..self }
    }
}

/// The phrases of the defines that a phrase is made of.
fn parts(phrase: &Phrase) -> impl Iterator<Item = &Phrase> {
    let adjectives = phrase.adjectives.iter().filter_map(|adjective| match adjective {
        Adjective::Is(part) => Some(part.as_ref()),
        _ => None,
    });
    let bases = phrase.bases.iter().filter_map(|base| match base {
        Base::Phrase(part) => Some(part.as_ref()),
        _ => None,
    });
    adjectives.chain(bases)
}

/// Whether something is true of a phrase or of a define that it is made of.
fn any_part(phrase: &Phrase, is_so: &dyn Fn(&Phrase) -> bool) -> bool {
    is_so(phrase) || parts(phrase).any(|part| any_part(part, is_so))
}

/// Things of a phrase that count in a window.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In the order of their days, then ids.
    pub(crate) items: Vec<(NaiveDate, Item)>,
    /// How many more there may be, for want of coverage.
    pub(crate) more: More,
}

/// How many things there may be beyond those that were found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum More {
    #[default]
    None,
    AtMost(usize),
    Unlimited,
}

impl<'a> View<'a> {
    /// "An activity exists if its `created` (where known) is before T. A thing with a `created` (or
    /// `started`) after the as-of day does not exist yet."
    pub(crate) fn exists(&self, item: Item) -> bool {
        if item.noun == Noun::Campaign {
            return true;
        }
        let Some(field) = self.world.creation_field(item.noun) else { return true };
        match self.world.raw(item, field) {
            Some(Known::Instant(at, _)) if item.noun == Noun::Activity => at < self.known.instant,
            Some(created) => created.day().is_none_or(|day| day <= self.known.day),
            None => true,
        }
    }

    /// Whether a thing can be judged, listed or counted: "members of the population that exist on
    /// the as-of day (`created` or `started` not after it, `ended` not before it)".
    pub(crate) fn is_present(&self, item: Item) -> bool {
        let ended = || self.world.date(item, self.world.fields.seller_ended);
        let is_over = item.noun == Noun::Seller && ended().is_some_and(|day| day < self.known.day);
        self.exists(item) && !is_over
    }

    /// An activity's status as of now; none if it does not exist yet. "It is completed if the data
    /// says so and its `at` is before T; one that the data calls completed but whose `at` is not
    /// before T is planned."
    pub(crate) fn activity_status(&self, activity: Item) -> Option<ActivityStatus> {
        let status = self.world.raw_status(activity)?;
        if !self.exists(activity) || status == ActivityStatus::Cancelled {
            return self.exists(activity).then_some(status);
        }
        let (at, day) = self.world.at(activity);
        if status == ActivityStatus::Completed && at < self.known.instant {
            return Some(ActivityStatus::Completed);
        }
        if self.known.is_over(day) {
            return Some(ActivityStatus::Planned);
        }
        // It can still take place: when the view runs ahead, it will.
        let happens = self.now.instant > self.known.instant && at < self.now.instant;
        Some(if happens { ActivityStatus::Completed } else { ActivityStatus::Planned })
    }

    /// Whether an activity is planned, on a day that is not over: it can still take place.
    pub(crate) fn is_ahead(&self, activity: Item) -> bool {
        self.activity_status(activity) == Some(ActivityStatus::Planned)
            && !self.is_over(self.world.at(activity).1)
    }

    /// The segment of a customer by rule: "a customer that fits two has the first".
    pub(crate) fn segment(&self, customer: Item) -> Option<&'a str> {
        let reading = Reading::of(Bare::Completed);
        let segments = &self.world.rules.segments;
        let fits = |phrase| self.is_one_of(customer, phrase, reading).is_yes();
        segments.iter().find(|s| fits(&s.phrase)).map(|s| s.name.as_str())
    }

    /// Whether a thing is one of a phrase: `[adjective …] noun [| noun …] [on PHRASE] [where
    /// CONDITION]`. "`X on Y`: an X that refers to one of Y."
    pub(crate) fn is_one_of(&self, item: Item, phrase: &Phrase, reading: Reading) -> Answer {
        if item.noun != phrase.noun || !self.is_present(item) {
            return Answer::No;
        }
        let rest = self.is_named(item, phrase, reading, 0);
        let rest = rest.and(|| match &phrase.on {
            Some(on) => {
                let others = self.world.belongs_to(item, on.noun);
                let completed = Reading::of(Bare::Completed);
                Answer::any(others.into_iter().map(|other| self.is_one_of(other, on, completed)))
            }
            None => Answer::Yes,
        });
        rest.and(|| match &phrase.filter {
            Some(filter) => self.passes(item, filter),
            None => Answer::Yes,
        })
    }

    /// Whether the adjectives from the `from`th on, "each narrowing", and the noun name a thing.
    fn is_named(&self, item: Item, phrase: &Phrase, reading: Reading, from: usize) -> Answer {
        // Once an adjective has said what an activity must be, the bare kind says nothing of it.
        let says_status = |adjective: &Adjective| {
            matches!(adjective, Adjective::Status(_) | Adjective::Any | Adjective::Overdue)
        };
        let said = phrase.adjectives.iter().any(says_status);
        let inner = if said { reading.bare(Bare::Whatever) } else { reading };
        let base = Answer::any(phrase.bases.iter().map(|base| self.is_of(item, base, inner)));
        phrase.adjectives.iter().enumerate().skip(from).fold(base, |answer, (i, adjective)| {
            answer.and(|| match adjective {
                Adjective::Status(status) => Answer::of(self.has_status(item, *status, reading)),
                Adjective::Any => Answer::of(self.is_bare(item, Bare::Any, reading)),
                Adjective::Overdue => Answer::of(self.is_overdue(item)),
                Adjective::Latest => self.is_latest(item, phrase, reading, i + 1),
                Adjective::Is(other) => self.is_one_of(item, other, inner),
            })
        })
    }

    fn is_of(&self, item: Item, base: &Base, reading: Reading) -> Answer {
        let bare = || item.noun != Noun::Activity || self.is_bare(item, reading.bare, reading);
        match base {
            Base::All => Answer::of(bare()),
            Base::Kind(kind) => {
                let known = self.world.raw(item, self.world.fields.activity_kind);
                Answer::of(known == Some(Known::Text(kind)) && bare())
            }
            Base::Segment(name) => {
                let segment = self.value(item, self.world.fields.customer_segment);
                Answer::of(segment == Some(Known::Text(name)))
            }
            Base::Phrase(phrase) => self.is_one_of(item, phrase, reading),
        }
    }

    /// "A bare kind means completed, save after `next` (planned) and `followed by` (any)."
    fn is_bare(&self, activity: Item, bare: Bare, reading: Reading) -> bool {
        match bare {
            Bare::Completed => self.has_status(activity, ActivityStatus::Completed, reading),
            Bare::Planned => self.has_status(activity, ActivityStatus::Planned, reading),
            Bare::Any => {
                let status = self.activity_status(activity);
                status.is_some_and(|status| status != ActivityStatus::Cancelled)
            }
            Bare::Whatever => self.exists(activity),
        }
    }

    fn has_status(&self, activity: Item, wanted: ActivityStatus, reading: Reading) -> bool {
        let is_kept =
            || reading.plans_kept && wanted == ActivityStatus::Completed && self.is_ahead(activity);
        self.activity_status(activity) == Some(wanted) || is_kept()
    }

    /// "`overdue`: planned, and its day is over." Of an opportunity: "open, and `expected_close` is
    /// over, or with an overdue activity".
    fn is_overdue(&self, item: Item) -> bool {
        let fields = &self.world.fields;
        if item.noun == Noun::Activity {
            return self.activity_status(item) == Some(ActivityStatus::Planned)
                && self.is_over(self.world.at(item).1);
        }
        let is_open = self.value(item, fields.opportunity_status) == Some(Known::Text("open"));
        let should_be_closed = || {
            let day = self.world.date(item, fields.opportunity_expected_close);
            day.is_some_and(|day| self.is_over(day))
        };
        let has_overdue_activity = || {
            let activities = self.world.things_of(item, Noun::Activity);
            activities.iter().any(|activity| self.is_overdue(*activity))
        };
        is_open && (should_be_closed() || has_overdue_activity())
    }

    /// "`latest`: the one with the greatest `end` not after the as-of day", of those that the words
    /// after it name; of equal ends the first by id.
    fn is_latest(&self, item: Item, phrase: &Phrase, reading: Reading, rest: usize) -> Answer {
        let rank = |campaign: Item| {
            let end = self.world.date(campaign, self.world.fields.campaign_end)?;
            let id = std::cmp::Reverse(self.world.data.id(campaign));
            (end <= self.day()).then_some((end, id))
        };
        let Some(own) = rank(item) else { return Answer::No };
        let rivals = self.world.data.items(Noun::Campaign).filter(|other| rank(*other) > Some(own));
        let beaten = Answer::any(rivals.map(|rival| self.is_named(rival, phrase, reading, rest)));
        match beaten {
            Answer::Yes => Answer::No,
            Answer::No => Answer::Yes,
            Answer::Uncovered => Answer::Uncovered,
        }
    }

    /// The things of a phrase that belong to a subject and count in the elapsed part of a window.
    /// With `plans_until`, also the planned activities that can still take place until that day.
    pub(crate) fn find(
        &self,
        subject: Item,
        phrase: &Phrase,
        span: &Span,
        plans_until: Option<NaiveDate>,
    ) -> Found {
        let is_activity = phrase.noun == Noun::Activity;
        let elapsed = self.elapsed(span.whole);
        let completed = Reading::of(Bare::Completed);
        let mut found = Found::default();
        let mut uncovered = 0;
        for item in self.world.things_of(subject, phrase.noun).iter().copied() {
            let Some((day, at)) = self.day_in_window(item, phrase, span) else { continue };
            if span.holds(self, day, at) {
                match self.is_one_of(item, phrase, completed) {
                    Answer::Yes => {
                        found.items.push((day, item));
                        continue;
                    }
                    Answer::Uncovered => uncovered += 1,
                    Answer::No => {}
                }
            }
            let is_plan = plans_until.is_some_and(|until| {
                let days = Days { first: span.whole.first, last: until };
                is_activity && days.contains(day) && self.is_ahead(item)
            });
            if is_plan
                && self.is_one_of(item, phrase, Reading { plans_kept: true, ..completed }).is_yes()
            {
                found.items.push((day, item));
            }
        }
        found.items.sort_by(|a, b| self.by_day_and_id(*a, *b));
        let reading = Reading { plans_kept: plans_until.is_some(), ..completed };
        self.space(&mut found.items, phrase, reading);
        found.more = if is_activity && self.reaches_beyond_coverage(elapsed) {
            More::Unlimited
        } else if uncovered > 0 {
            More::AtMost(uncovered)
        } else {
            More::None
        };
        found
    }

    /// "`spaced DURATION`: of those in order of their days, the first counts, then each that lies at
    /// least the duration after the last that counted", as the phrase, or what a define says in it,
    /// asks for.
    fn space(&self, items: &mut Vec<(NaiveDate, Item)>, phrase: &Phrase, reading: Reading) {
        for part in parts(phrase).filter(|part| any_part(part, &|p| p.spaced.is_some())) {
            let is_part = |item| self.is_one_of(item, part, reading).is_yes();
            let (mut of_part, others): (Vec<_>, Vec<_>) =
                items.iter().copied().partition(|(_, item)| is_part(*item));
            self.space(&mut of_part, part, reading);
            of_part.extend(others);
            of_part.sort_by(|a, b| self.by_day_and_id(*a, *b));
            *items = of_part;
        }
        let Some(spacing) = phrase.spaced else { return };
        let mut last: Option<NaiveDate> = None;
        items.retain(|(day, _)| {
            let counts = last.is_none_or(|last| *day >= self.calendar().plus(last, spacing));
            last = if counts { Some(*day) } else { last };
            counts
        });
    }

    /// The field that `dated` names, for a thing of a phrase: the phrase's own, or that of what a
    /// define says in it.
    fn dated<'p>(&self, item: Item, phrase: &'p Phrase) -> Option<&'p Path> {
        if phrase.dated.is_some() {
            return phrase.dated.as_ref();
        }
        let whatever = Reading::of(Bare::Whatever);
        let dated = |part: &&Phrase| any_part(part, &|p| p.dated.is_some());
        let mut parts = parts(phrase).filter(dated);
        parts.find_map(|part| {
            let is_part = self.is_one_of(item, part, whatever).is_yes();
            is_part.then(|| self.dated(item, part)).flatten()
        })
    }

    /// The day on which a thing counts, and its instant. With no window, one whose day is unknown
    /// counts all the same.
    fn day_in_window(
        &self,
        item: Item,
        phrase: &Phrase,
        span: &Span,
    ) -> Option<(NaiveDate, DateTime<Utc>)> {
        let dated = self.dated(item, phrase);
        let known = match dated {
            Some(path) => self.follow(item, path),
            None => self.day_of_thing(item),
        };
        match known {
            Some(Known::Instant(at, day)) => Some((day, at)),
            Some(Known::Date(day)) => Some((day, self.calendar().start_of(day))),
            _ if span.is_bounded || dated.is_some() => None,
            _ => Some((NaiveDate::MIN, DateTime::<Utc>::MIN_UTC)),
        }
    }

    /// "The day of a thing, when it is counted in a window: an activity's `at`; a won, lost or closed
    /// opportunity's `closed`; a converted lead's `converted`; any other opportunity's, lead's or
    /// customer's `created`; a campaign's `start`."
    fn day_of_thing(&self, item: Item) -> Option<Known<'a>> {
        let fields = &self.world.fields;
        let status = |field| self.value(item, field);
        let field = match item.noun {
            Noun::Activity => fields.activity_at,
            Noun::Opportunity
                if matches!(
                    status(fields.opportunity_status),
                    Some(Known::Text("won" | "lost"))
                ) =>
            {
                fields.opportunity_closed
            }
            Noun::Lead if status(fields.lead_status) == Some(Known::Text("converted")) => {
                fields.lead_converted
            }
            noun => self.world.creation_field(noun)?,
        };
        self.value(item, field)
    }

    /// The day on which a subject came into being, from which its age and cadence run.
    pub(crate) fn creation_day(&self, item: Item) -> Option<NaiveDate> {
        let created = self.world.creation_field(item.noun);
        let day = created.and_then(|field| self.world.date(item, field));
        day.or_else(|| (item.noun == Noun::Activity).then(|| self.world.at(item).1))
    }
}
