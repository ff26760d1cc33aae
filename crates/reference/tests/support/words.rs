//! Random words of the language: durations, windows, fields and phrases.

use chrono::NaiveDate;
use kadence::internals::relates;
use kadence::{FieldType, Noun, Schema};

use super::dice::{Dice, plus};

/// Writes rules about things that have the fields of a schema.
pub(crate) struct Writer<'d> {
    pub(crate) dice: &'d mut Dice,
    pub(crate) schema: &'d Schema,
    pub(crate) middle: NaiveDate,
    /// The rules so far: their subjects.
    pub(crate) rules: Vec<Noun>,
}

pub(crate) const UNITS: [&str; 6] = ["day", "week", "month", "quarter", "half-year", "year"];

/// Whether a measure of a subject can be of its things: an activity has followers, and no things.
pub(crate) fn has(subject: Noun, thing: Noun) -> bool {
    subject != Noun::Activity && relates(thing, subject)
}

/// The nouns of phrases about things of a noun.
fn nouns(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Company => &["company"],
        Noun::Team => &["team", "teams"],
        Noun::Seller => &["seller", "sellers"],
        Noun::Customer => {
            &["customer", "customers", "A-customer", "A-customers", "B-customer", "key customer"]
        }
        Noun::Contact => &["contact", "contacts"],
        Noun::Lead => &["lead", "leads"],
        Noun::Opportunity => &["opportunity", "opportunities", "large opportunity"],
        Noun::Campaign => &["campaign", "campaigns"],
        Noun::Absence => &["absence", "absences"],
        Noun::Member => &["member", "members"],
        Noun::Activity => &[
            "activity",
            "activities",
            "activities",
            "call",
            "calls",
            "visits",
            "meeting",
            "meetings",
            "email",
            "offer",
            "webinar",
            "site visit",
            "touchpoint",
            "touchpoints",
            "touch call",
            "ready meeting",
        ],
    }
}

/// Adjectives that go with every noun of a kind of thing.
fn adjectives(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Activity => &["completed", "planned", "cancelled", "overdue", "any"],
        Noun::Opportunity => &["open", "won", "lost", "closed", "overdue", "open overdue", "large"],
        Noun::Lead => &["open", "converted", "lost", "overdue", "hot", "warm", "cold"],
        Noun::Customer => &["new", "dormant", "key"],
        Noun::Campaign => &["running", "done", "latest", "latest done"],
        _ => &[],
    }
}

impl Writer<'_> {
    pub(crate) fn date(&mut self) -> String {
        self.dice.day(self.middle).to_string()
    }

    pub(crate) fn instant(&mut self) -> String {
        let day = self.dice.day(self.middle);
        let clock = self.dice.pick(&["00:00", "02:30", "14:30", "23:59", "12:00Z", "06:00+02:00"]);
        format!("{day}T{clock}")
    }

    /// A duration that is measured in days.
    pub(crate) fn days(&mut self) -> String {
        self.dice
            .pick(&[
                "1 day",
                "3 days",
                "14 days",
                "30 days",
                "90 days",
                "2 weeks",
                "1 month",
                "2 months",
                "1 quarter",
                "1 year",
                "2 workdays",
                "10 workdays",
            ])
            .to_owned()
    }

    pub(crate) fn clock(&mut self) -> String {
        self.dice
            .pick(&["24 hours", "36 hours", "12 hours", "1 hour", "30 minutes", "300 hours"])
            .to_owned()
    }

    /// `today`, a date, an instant or a date field of a subject.
    fn moment(&mut self, noun: Noun) -> String {
        match self.dice.below(6) {
            0 => "today".to_owned(),
            1 => self.instant(),
            2 | 3 => self.day_field(noun).map_or_else(|| self.date(), |(path, _)| path),
            _ => self.date(),
        }
    }

    /// A window of a comparison, with a space before it; of a field where it `is_field`. Hours only
    /// where there are instants.
    pub(crate) fn window(&mut self, noun: Noun, is_field: bool, instants: bool) -> String {
        let unit = self.dice.pick(&UNITS);
        match self.dice.below(if is_field { 7 } else { 12 }) {
            0 => format!(" in this {unit}"),
            1 => format!(" in previous {unit}"),
            2 if instants => format!(" in last {}", self.clock()),
            2 | 3 => format!(" in last {}", self.days()),
            4 | 5 => {
                let since = self.moment(noun);
                format!(" {}since {since}", if is_field { "in " } else { "" })
            }
            6 => {
                let first = self.dice.day(self.middle);
                let last = plus(first, self.dice.between(0, 120)).to_string();
                let field = self.day_field(noun).map(|(path, _)| path);
                let last = field.filter(|_| self.dice.one_in(3)).unwrap_or(last);
                format!(" {}from {first} until {last}", if is_field { "in " } else { "" })
            }
            7 | 8 => String::new(),
            _ => format!(" per {unit}"),
        }
    }

    /// A field of a thing, at times over references, of those types that are wanted.
    pub(crate) fn field(
        &mut self,
        noun: Noun,
        wanted: impl Fn(FieldType) -> bool + Copy,
    ) -> Option<(String, FieldType)> {
        let mut near = Vec::new();
        let mut far = Vec::new();
        self.collect(noun, "", 2, &mut |path, kind| {
            // At the start of a condition `from` and `until` would be taken for a window.
            if wanted(kind) && !matches!(path, "from" | "until") {
                let list = if path.contains('.') { &mut far } else { &mut near };
                list.push((path.to_owned(), kind));
            }
        });
        let list = if near.is_empty() || self.dice.one_in(4) { far } else { near };
        (!list.is_empty()).then(|| list[self.dice.below(list.len())].clone())
    }

    fn collect(&self, noun: Noun, before: &str, dots: u32, found: &mut dyn FnMut(&str, FieldType)) {
        for field in self.schema.fields(noun) {
            let path = format!("{before}{}", field.name);
            found(&path, field.kind);
            if let (FieldType::Reference(other), 1..) = (field.kind, dots) {
                self.collect(other, &format!("{path}."), dots - 1, found);
            }
        }
    }

    pub(crate) fn day_field(&mut self, noun: Noun) -> Option<(String, FieldType)> {
        self.field(noun, |kind| matches!(kind, FieldType::Date | FieldType::Instant))
    }

    pub(crate) fn number_field(&mut self, noun: Noun) -> Option<String> {
        self.field(noun, |kind| kind == FieldType::Number).map(|(path, _)| path)
    }

    /// Some noun whose things a subject can have.
    pub(crate) fn thing_of(&mut self, owner: Noun) -> Option<Noun> {
        if has(owner, Noun::Activity) && self.dice.one_in(2) {
            return Some(Noun::Activity);
        }
        let things: Vec<Noun> = Noun::ALL.into_iter().filter(|thing| has(owner, *thing)).collect();
        (!things.is_empty()).then(|| self.dice.pick(&things))
    }

    /// `[adjective …] noun [| noun …]`
    pub(crate) fn simple(&mut self, noun: Noun) -> String {
        let mut words = self.dice.pick(nouns(noun)).to_owned();
        let adjectives = adjectives(noun);
        if !adjectives.is_empty() && self.dice.one_in(3) {
            words = format!("{} {words}", self.dice.pick(adjectives));
        }
        if self.dice.one_in(8) {
            words = format!("{words} | {}", self.dice.pick(nouns(noun)));
        }
        words
    }

    /// A phrase about things of a noun. What is `counted` may be dated and spaced.
    pub(crate) fn phrase(&mut self, noun: Noun, depth: u32, counted: bool) -> String {
        let mut phrase = self.simple(noun);
        if counted && self.dice.one_in(8) {
            phrase = match noun {
                Noun::Activity => self.dice.pick(&["rare touch", "late call"]).to_owned(),
                Noun::Opportunity => "signed deal".to_owned(),
                _ => phrase,
            };
        }
        let mut filtered = noun;
        while self.dice.one_in(6) {
            let owners: Vec<Noun> =
                Noun::ALL.into_iter().filter(|owner| relates(filtered, *owner)).collect();
            if owners.is_empty() {
                break;
            }
            filtered = self.dice.pick(&owners);
            phrase = format!("{phrase} on {}", self.simple(filtered));
        }
        if depth > 0 && self.dice.one_in(5) {
            let filter = self.condition(filtered, depth - 1);
            phrase = format!("{phrase} where ({filter})");
        }
        if counted
            && self.dice.one_in(6)
            && let Some((path, _)) = self.day_field(noun)
        {
            phrase = format!("{phrase} dated {path}");
        }
        if counted && self.dice.one_in(10) {
            let spaced = self.days();
            phrase = format!("{phrase} spaced {spaced}");
        }
        phrase
    }

    /// Activities that may follow `next` or `followed by`, `every` or `within`.
    pub(crate) fn plain_activity(&mut self, depth: u32, planned: bool) -> String {
        let kinds = nouns(Noun::Activity);
        let mut phrase = self.dice.pick(kinds).to_owned();
        if self.dice.one_in(4) {
            let either = if planned { ["planned", "any"] } else { ["completed", "any"] };
            phrase = format!("{} {phrase}", self.dice.pick(&either));
        }
        if self.dice.one_in(6) {
            phrase = format!("{phrase} | {}", self.dice.pick(kinds));
        }
        let mut filtered = Noun::Activity;
        if self.dice.one_in(8) {
            filtered = self.dice.pick(&[Noun::Lead, Noun::Customer, Noun::Opportunity]);
            phrase = format!("{phrase} on {}", self.simple(filtered));
        }
        if depth > 0 && self.dice.one_in(6) {
            phrase = format!("{phrase} where ({})", self.condition(filtered, depth - 1));
        }
        phrase
    }

    /// An adjective or a noun, as after `is`.
    pub(crate) fn adjective(&mut self, noun: Noun) -> Option<String> {
        let adjectives = adjectives(noun);
        if adjectives.is_empty() || self.dice.one_in(4) {
            let known = nouns(noun);
            return (noun != Noun::Company).then(|| self.dice.pick(known).to_owned());
        }
        Some(self.dice.pick(adjectives).to_owned())
    }
}
