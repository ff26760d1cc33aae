//! Tests of the rules: what they are given.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::checker::Checker;
use super::expect::Lists;
use super::field::a;
use super::rules::{GivenRow, Test};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::{FieldType, Moment, Noun};
use crate::syntax::tree::{self, Given, GivenField, GivenValue, Spanned, When, Words};

const STATUSES: [&str; 3] = ["completed", "planned", "cancelled"];

/// The data of a test.
#[derive(Default)]
pub(super) struct Scene {
    /// By id, where each is given.
    pub(super) things: HashMap<String, (Noun, Span)>,
    /// Those that are only mentioned.
    pub(super) sellers: BTreeMap<String, Span>,
    /// The made-up ids of members and absences.
    pub(super) nameless: BTreeSet<String>,
    rows: Vec<GivenRow>,
    activities: usize,
}

/// What a `given` is about.
enum Head {
    Thing { noun: Noun, id: String },
    Activity { kind: String, status: &'static str },
}

impl Checker<'_> {
    pub(super) fn test(
        &mut self,
        test: &tree::Test,
        span: Span,
        lists: &Lists<'_>,
    ) -> Option<Test> {
        self.start_item();
        let before = self.diagnostics.len();
        if test.expectations.is_empty() {
            let message = format!("test \"{}\" expects nothing", test.name.value);
            self.report(
                Diagnostic::error(Code::K043, test.name.span, message)
                    .label("add an `expect` to it"),
            );
        }
        let mut scene = Scene::default();
        let heads: Vec<Option<Head>> =
            test.givens.iter().map(|given| self.head_of(given, &mut scene)).collect();
        for (given, head) in test.givens.iter().zip(heads) {
            if let Some(head) = head {
                self.rows(given, head, &mut scene);
            }
        }
        let expectations: Vec<_> =
            test.expectations.iter().map(|e| self.expectation(e, &scene, lists)).collect();
        let expectations = expectations.into_iter().collect::<Option<Vec<_>>>()?;
        if self.diagnostics.len() > before {
            return None;
        }
        let Scene { mut rows, sellers, .. } = scene;
        rows.extend(sellers.into_iter().map(|(id, span)| GivenRow {
            noun: Noun::Seller,
            id,
            cells: Vec::new(),
            span,
        }));
        Some(Test { name: test.name.value.clone(), span, rows, expectations })
    }

    fn head_of(&mut self, given: &Spanned<Given>, scene: &mut Scene) -> Option<Head> {
        match &given.value {
            Given::Thing { words, id, .. } => {
                let (noun, id) = self.thing(words, id.as_ref())?;
                if let Some(id) = &id {
                    self.name(id, noun, scene)?;
                }
                Some(Head::Thing { noun, id: id.map(|id| id.value).unwrap_or_default() })
            }
            Given::Activity { words, at, id, .. } => {
                let head = self.activity(words);
                if let Some(id) = id {
                    if at.len() > 1 {
                        let message = format!("`as` names one activity, here are {}", at.len());
                        return self.fail(Diagnostic::error(Code::K044, id.span, message));
                    }
                    self.name(id, Noun::Activity, scene)?;
                }
                head
            }
        }
    }

    /// Notes that a thing has that id.
    fn name(&mut self, id: &Spanned<String>, noun: Noun, scene: &mut Scene) -> Option<()> {
        let (what, first) = match scene.things.get(&id.value) {
            Some((what, first)) => (*what, *first),
            None => {
                scene.things.insert(id.value.clone(), (noun, id.span));
                return Some(());
            }
        };
        let message = format!("`{}` is given twice", id.value);
        self.fail(
            Diagnostic::error(Code::K042, id.span, message)
                .label("ids are unique over all nouns of a test")
                .note_at(first, format!("{} has it here", a(what))),
        )
    }

    /// Tells the noun and the id of a `given` apart.
    fn thing(
        &mut self,
        words: &Words,
        id: Option<&Spanned<String>>,
    ) -> Option<(Noun, Option<Spanned<String>>)> {
        let Words { value: text, span } = words;
        let spans = self.word_spans(text, *span);
        let whole = self.names.plain(text).map(|(noun, _)| noun);
        let split = text.rsplit_once(' ');
        let (noun, noun_span, id) = match (whole, id, split) {
            (Some(noun), id, _) => (noun, *span, id.cloned()),
            (None, None, Some((noun, last))) => {
                let last_span = spans.last().copied().unwrap_or(*span);
                let end = spans.get(spans.len().saturating_sub(2)).copied().unwrap_or(*span);
                let noun_span = Span { end: end.end, ..*span };
                match self.names.plain(noun) {
                    Some((found, _)) => {
                        let id = Spanned { value: last.to_owned(), span: last_span };
                        (found, noun_span, Some(id))
                    }
                    None => return self.unknown_thing(noun, noun_span),
                }
            }
            (None, _, _) => return self.unknown_thing(text, *span),
        };
        let wrong = |message: String| Diagnostic::error(Code::K044, noun_span, message);
        match (noun, &id) {
            (Noun::Company, _) => self.fail(wrong("the company is always there".to_owned())),
            (Noun::Activity, _) => self.fail(
                wrong("an activity needs its time".to_owned())
                    .label("as in `given call on acme at 2026-02-01`"),
            ),
            (noun, None) if noun.has_id() => self.fail(
                wrong(format!("{} needs an id", a(noun)))
                    .label(format!("as in `given {noun} acme`")),
            ),
            (noun, Some(id)) if !noun.has_id() => {
                let message = format!("{} has no id", a(noun));
                self.fail(Diagnostic::error(Code::K044, id.span, message))
            }
            _ => Some((noun, id)),
        }
    }

    fn unknown_thing<T>(&mut self, text: &str, span: Span) -> Option<T> {
        let fault = Diagnostic::error(Code::K012, span, format!("unknown noun `{text}`"));
        let nouns = Noun::ALL.iter().map(|noun| noun.singular());
        let kinds = self.schema.kinds().iter().map(String::as_str);
        let fault = self.suggest(fault, text, nouns.chain(kinds));
        self.fail(fault)
    }

    fn activity(&mut self, words: &Words) -> Option<Head> {
        let Words { value: text, span } = words;
        let spans = self.word_spans(text, *span);
        let words: Vec<&str> = text.split(' ').collect();
        let names = self.names;
        let found = (0..words.len())
            .find_map(|start| Some((start, names.plain(&words.get(start..)?.join(" "))?)));
        let last = spans.last().copied().unwrap_or(*span);
        let Some((start, (noun, kind))) = found else {
            return self.unknown_thing(words.last().copied().unwrap_or(text), last);
        };
        let noun_span = spans.get(start).copied().unwrap_or(*span).to(last);
        let wrong = |message: String| Diagnostic::error(Code::K044, noun_span, message);
        if noun != Noun::Activity {
            return self.fail(wrong(format!("{} does not happen at a time", a(noun))));
        }
        let Some(kind) = kind else {
            let fault = wrong("an activity that is given needs its kind".to_owned());
            return self.fail(fault.label("as in `given call on acme at 2026-02-01`"));
        };
        let status = match words.get(..start) {
            None | Some([]) => "completed",
            Some([word]) if STATUSES.contains(word) => {
                STATUSES.into_iter().find(|status| status == word)?
            }
            Some(before) => {
                let word = before.iter().find(|word| !STATUSES.contains(word));
                let at = before.iter().position(|other| Some(other) == word).unwrap_or(1);
                let word = before.get(at).copied().unwrap_or_default();
                let place = spans.get(at).copied().unwrap_or(*span);
                let message = format!("`{word}` cannot be given");
                let fault = Diagnostic::error(Code::K013, place, message)
                    .help("what is given is completed, planned or cancelled");
                let fault = self.suggest(fault, word, STATUSES);
                return self.fail(fault);
            }
        };
        Some(Head::Activity { kind: kind.to_owned(), status })
    }

    fn rows(&mut self, given: &Spanned<Given>, head: Head, scene: &mut Scene) -> Option<()> {
        match (head, &given.value) {
            (Head::Thing { noun, id }, Given::Thing { fields, .. }) => {
                let cells = self.cells(fields, noun, &[], scene)?;
                if !noun.has_id() {
                    scene.nameless.insert(made_up(noun, &cells));
                }
                scene.rows.push(GivenRow { noun, id, cells, span: given.span });
            }
            (Head::Activity { kind, status }, Given::Activity { on, at, by, id, fields, .. }) => {
                let mut taken = vec!["kind", "status", "at"];
                let mut cells =
                    vec![("kind".to_owned(), kind), ("status".to_owned(), status.to_owned())];
                let about = on.as_ref().map(|on| (self.about(on, scene), on));
                if let Some((field, on)) = about {
                    let field = field?;
                    taken.push(field);
                    cells.push((field.to_owned(), on.value.clone()));
                }
                if let Some(by) = by {
                    self.refer(&by.value, by.span, Noun::Seller, scene)?;
                    taken.push("seller");
                    cells.push(("seller".to_owned(), by.value.clone()));
                }
                cells.extend(self.cells(fields, Noun::Activity, &taken, scene)?);
                for when in at {
                    let mut cells = cells.clone();
                    cells.push(("at".to_owned(), time(when.value)));
                    let id = match id {
                        Some(id) => id.value.clone(),
                        None => scene.next_id(),
                    };
                    scene.rows.push(GivenRow { noun: Noun::Activity, id, cells, span: given.span });
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The field that says what an activity is about.
    fn about(&mut self, on: &Spanned<String>, scene: &Scene) -> Option<&'static str> {
        let found = scene.things.get(&on.value).map(|(noun, _)| *noun);
        match found {
            Some(
                noun @ (Noun::Customer
                | Noun::Contact
                | Noun::Lead
                | Noun::Opportunity
                | Noun::Campaign),
            ) => Some(noun.singular()),
            Some(Noun::Activity) => Some("follows"),
            Some(noun) => {
                let message = format!("an activity cannot be on {}", a(noun));
                let fault = Diagnostic::error(Code::K041, on.span, message);
                self.fail(
                    fault.help(
                        "it is on a customer, contact, lead, opportunity, campaign or activity",
                    ),
                )
            }
            None => self.unknown_id(&on.value, on.span, scene),
        }
    }

    pub(super) fn unknown_id<T>(&mut self, id: &str, span: Span, scene: &Scene) -> Option<T> {
        let message = format!("nothing with the id `{id}` is given in this test");
        let fault = Diagnostic::error(Code::K041, span, message);
        let fault = self.suggest(fault, id, scene.things.keys().map(String::as_str));
        self.fail(fault)
    }

    fn refer(&mut self, id: &str, span: Span, wanted: Noun, scene: &mut Scene) -> Option<()> {
        match scene.things.get(id) {
            Some((noun, _)) if *noun == wanted => Some(()),
            Some((noun, first)) => {
                let message = format!("`{id}` is {}, {} is expected here", a(*noun), a(wanted));
                let fault = Diagnostic::error(Code::K041, span, message);
                self.fail(fault.note_at(*first, "given here"))
            }
            None if wanted == Noun::Seller => {
                scene.sellers.entry(id.to_owned()).or_insert(span);
                Some(())
            }
            None => self.unknown_id(id, span, scene),
        }
    }

    fn cells(
        &mut self,
        fields: &[GivenField],
        noun: Noun,
        taken: &[&str],
        scene: &mut Scene,
    ) -> Option<Vec<(String, String)>> {
        let mut cells: Vec<(String, String)> = Vec::new();
        let mut sound = true;
        for field in fields {
            let name = field.name.value.as_str();
            let twice = cells.iter().any(|(other, _)| other == name);
            if twice || taken.contains(&name) || (name == "id" && noun.has_id()) {
                let message = format!("`{name}` is given twice");
                self.report(
                    Diagnostic::error(Code::K044, field.name.span, message)
                        .label("it is said already"),
                );
                sound = false;
                continue;
            }
            match self.cell(field, noun, scene) {
                Some(text) => cells.push((name.to_owned(), text)),
                None => sound = false,
            }
        }
        sound.then_some(cells)
    }

    /// The text of a field as a table would hold it.
    fn cell(&mut self, field: &GivenField, noun: Noun, scene: &mut Scene) -> Option<String> {
        let GivenField { name, value: Spanned { value, span } } = field;
        let Some(kind) = self.schema.field(noun, &name.value).map(|field| field.kind) else {
            return self.unknown_field(&name.value, name.span, noun);
        };
        let written = self.sources.slice(*span).to_owned();
        let name = &name.value;
        match (kind, value) {
            (FieldType::Text, GivenValue::Text(text)) => Some(text.clone()),
            (FieldType::Text, _) => Some(written),
            (FieldType::Number, GivenValue::Number(number)) => Some(number.to_string()),
            (FieldType::Date | FieldType::Instant, GivenValue::Date(day)) => Some(day.to_string()),
            (FieldType::Instant, GivenValue::Instant(moment)) => Some(moment.to_string()),
            (FieldType::YesNo, GivenValue::Text(text))
                if ["yes", "no", "true", "false"].contains(&text.as_str()) =>
            {
                Some(text.clone())
            }
            (FieldType::OneOf(known), GivenValue::Text(text)) => {
                if known.contains(&text.as_str()) {
                    return Some(text.clone());
                }
                let message = format!("`{name}` is never `{text}`");
                let fault = Diagnostic::error(Code::K024, *span, message)
                    .help(format!("it is one of {}", known.join(", ")));
                let fault = self.suggest(fault, text, known.iter().copied());
                self.fail(fault)
            }
            (FieldType::Reference(wanted), value) => {
                let id = match value {
                    GivenValue::Text(text) => text.clone(),
                    _ => written,
                };
                self.refer(&id, *span, wanted, scene)?;
                Some(id)
            }
            _ => {
                let message = format!("`{name}` is {kind}, `{written}` is none");
                self.fail(Diagnostic::error(Code::K025, *span, message))
            }
        }
    }
}

impl Scene {
    /// An id for an activity that has none: in the order of writing, and no other's.
    fn next_id(&mut self) -> String {
        loop {
            self.activities += 1;
            let id = format!("activity {:06}", self.activities);
            if !self.things.contains_key(&id) {
                return id;
            }
        }
    }
}

/// The id of a member or an absence, made from what it refers to.
fn made_up(noun: Noun, cells: &[(String, String)]) -> String {
    let cell =
        |name: &str| cells.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str());
    let (whose, what) = match noun {
        Noun::Absence => (cell("seller"), cell("from")),
        _ => (cell("campaign"), cell("customer").or_else(|| cell("lead"))),
    };
    format!("{}/{}", whose.unwrap_or_default(), what.unwrap_or_default())
}

/// A time as a table would hold it; a date alone is its noon.
fn time(when: When) -> String {
    match when {
        When::Date(day) => format!("{day}T12:00"),
        When::Instant(moment) => Moment::to_string(&moment),
    }
}
