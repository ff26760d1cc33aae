//! Verdicts as the tables of a page read them: short, since there are thousands.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kadence::verdict::{Entry, Outline, Verdict};
use kadence::{Number, Status};
use serde::Serialize;

use crate::texts::Texts;
use crate::{Error, Pages};

/// A day, in days after the as-of day.
type Day = Option<i64>;

/// What the script of a page reads.
#[derive(Serialize)]
struct Data<'a> {
    language: &'a str,
    day: NaiveDate,
    statuses: [&'a str; 6],
    words: BTreeMap<&'a str, &'a str>,
    rules: Vec<&'a str>,
    /// Id, name, place of the team.
    sellers: Vec<(&'a str, &'a str, Option<usize>)>,
    /// Id, name, place of the parent.
    teams: Vec<(&'a str, &'a str, Option<usize>)>,
    /// What verdicts rest on: day, kind, id, name, seller's place, value.
    things: Vec<Thing<'a>>,
    verdicts: Vec<Row<'a>>,
    due: &'a [usize],
    lapsing: &'a [usize],
    dropped: &'a [usize],
    changed: Vec<usize>,
}

type Thing<'a> = (Day, &'a str, &'a str, Option<&'a str>, Option<usize>, Option<String>);

/// A verdict; the script knows the fields by their letters.
#[derive(Serialize)]
struct Row<'a> {
    /// The place of the rule.
    r: usize,
    /// The subject's kind, id and name.
    k: &'a str,
    i: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<&'a str>,
    /// The places of the seller and of the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    o: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    t: Option<usize>,
    /// The place of the status.
    s: usize,
    /// Measured, target, planned, missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    m: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    g: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    z: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<f64>,
    /// Due.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Day,
    /// The day on which it changes, and to which status.
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<(i64, usize)>,
    /// In one sentence.
    w: &'a str,
    /// The first and the last day that count.
    #[serde(skip_serializing_if = "Option::is_none")]
    l: Option<(Day, i64)>,
    /// The places of what counted and of what is planned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    e: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    x: Vec<usize>,
    /// The place of the status that it had; -1 where it had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<i8>,
}

/// The data as JSON that may stand in a page.
pub(super) fn json(pages: &Pages<'_>) -> Result<String, Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let report = &overview.report;
    let places = |ids: &mut dyn Iterator<Item = &'_ str>| -> HashMap<String, usize> {
        ids.enumerate().map(|(place, id)| (id.to_owned(), place)).collect()
    };
    let rules = places(&mut report.rules.iter().map(|rule| rule.id.as_str()));
    let sellers = places(&mut overview.sellers.iter().map(|seller| seller.id.as_str()));
    let teams = places(&mut overview.teams.iter().map(|team| team.id.as_str()));
    let since = overview.since.as_ref();
    let before: HashMap<usize, i8> = since
        .into_iter()
        .flat_map(|since| &since.changed)
        .map(|changed| (changed.verdict, changed.before.map_or(-1, |status| status as i8)))
        .collect();
    let mut things = Things {
        texts,
        day: report.day,
        sellers: &sellers,
        places: HashMap::new(),
        all: Vec::new(),
    };
    let rows = report.verdicts.iter().zip(&overview.outlines).enumerate();
    let verdicts = rows.map(|(place, (verdict, outline))| Row {
        r: rules.get(&verdict.rule).copied().unwrap_or(0),
        o: verdict.owner.as_ref().and_then(|owner| sellers.get(owner).copied()),
        t: verdict.team.as_ref().and_then(|team| teams.get(team).copied()),
        b: before.get(&place).copied(),
        e: things.places(&outline.counted),
        x: things.places(&outline.planned),
        ..row(verdict, outline, report.day, texts)
    });
    let verdicts = verdicts.collect();
    let changed = since.map_or_else(Vec::new, |since| {
        since.changed.iter().map(|changed| changed.verdict).collect()
    });
    let data = Data {
        language: texts.language.code(),
        day: report.day,
        statuses: Status::ALL.map(|status| texts.language.status(status)),
        words: words(texts),
        rules: report.rules.iter().map(|rule| rule.id.as_str()).collect(),
        sellers: overview
            .sellers
            .iter()
            .map(|one| {
                let team = one.team.as_ref().and_then(|team| teams.get(team).copied());
                (one.id.as_str(), one.name.as_deref().unwrap_or(&one.id), team)
            })
            .collect(),
        teams: overview
            .teams
            .iter()
            .map(|one| {
                let parent = one.parent.as_ref().and_then(|parent| teams.get(parent).copied());
                (one.id.as_str(), one.name.as_deref().unwrap_or(&one.id), parent)
            })
            .collect(),
        things: things.all,
        verdicts,
        due: &overview.due,
        lapsing: &overview.lapsing,
        dropped: &overview.dropped,
        changed,
    };
    // So that nothing in it ends the element that it stands in.
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

fn row<'a>(verdict: &'a Verdict, outline: &Outline, today: NaiveDate, texts: &Texts) -> Row<'a> {
    let number = |number: &Option<Number>| number.as_ref().map(|number| texts.number(number));
    let after = |day: NaiveDate| (day - today).num_days();
    Row {
        r: 0,
        k: &verdict.subject.kind,
        i: &verdict.subject.id,
        n: verdict.subject.name.as_deref(),
        o: None,
        t: None,
        s: verdict.status as usize,
        m: number(&verdict.measured),
        g: number(&verdict.target),
        p: number(&verdict.planned)
            .filter(|_| verdict.planned.as_ref().is_some_and(|n| *n != Number::zero())),
        z: number(&verdict.missing)
            .filter(|_| verdict.missing.as_ref().is_some_and(|n| *n != Number::zero())),
        a: verdict.attainment,
        d: verdict.due.map(after),
        c: outline.change.map(|change| (after(change.day), change.status as usize)),
        w: verdict.reason.as_ref().unwrap_or(&verdict.sentence),
        l: outline.days.map(|days| (days.from.map(after), after(days.to))),
        e: Vec::new(),
        x: Vec::new(),
        b: None,
    }
}

/// What verdicts rest on, each once.
struct Things<'a, 't> {
    texts: &'t Texts,
    day: NaiveDate,
    sellers: &'t HashMap<String, usize>,
    places: HashMap<(&'a str, &'a str, Option<&'a Number>), usize>,
    all: Vec<Thing<'a>>,
}

impl<'a> Things<'a, '_> {
    fn places(&mut self, entries: &'a [Entry]) -> Vec<usize> {
        entries.iter().map(|entry| self.place(entry)).collect()
    }

    fn place(&mut self, entry: &'a Entry) -> usize {
        let key = (entry.kind.as_str(), entry.id.as_str(), entry.value.as_ref());
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let place = self.all.len();
        self.places.insert(key, place);
        self.all.push((
            entry.day.map(|day| (day - self.day).num_days()),
            &entry.kind,
            &entry.id,
            entry.name.as_deref(),
            entry.seller.as_ref().and_then(|seller| self.sellers.get(seller).copied()),
            entry.value.as_ref().map(|value| self.texts.number(value)),
        ));
        place
    }
}

fn words(texts: &Texts) -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("subject", texts.subject),
        ("rule", texts.rule),
        ("seller", texts.seller),
        ("team", texts.team),
        ("status", texts.status),
        ("measured", texts.measured),
        ("planned", texts.planned),
        ("missing", texts.missing),
        ("due", texts.due),
        ("changes", texts.changes_on),
        ("was", texts.was),
        ("why", texts.why),
        ("search", texts.search),
        ("any", texts.any),
        ("change", texts.change),
        ("new", texts.new),
        ("explain", texts.explain),
        ("counted", texts.counted),
        ("today", texts.today),
        ("window", texts.window),
        ("nothing", texts.nothing_counted),
        ("more", texts.more_rows),
        ("none", texts.no_rows),
        ("shown", texts.rows_shown),
        ("clear", texts.clear),
        ("nobody", texts.nobody),
        ("noPage", texts.no_page),
    ])
}
