//! What is made of a kadence report for people who would rather look than read: a page, a workbook,
//! a text, a picture.
//!
//! ```
//! use kadence::overview::{Overview, Past};
//! use kadence::{AsOf, Customer, Dataset, Language, NoFiles, Options, RuleSet};
//! use kadence_report::Pages;
//!
//! let rules = RuleSet::compile("calls.kpi", "customer: calls >= 1 per month", &NoFiles)?;
//! let mut data = Dataset::builder(rules.schema());
//! data.add(Customer { name: Some("<script>".into()), ..Customer::new("acme") });
//! let (data, _notes) = data.build()?;
//!
//! let options = Options::at("2026-11-20".parse::<AsOf>()?);
//! let overview = Overview::new(&rules, &data, &options, &Past::Judged, 14)?;
//! let page = Pages::new(&overview).language(Language::Danish).html()?;
//! assert!(page.contains("<html lang=\"da\""));
//! // A name is text, whatever it looks like.
//! assert!(page.contains("\\u003cscript>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod charts;
mod html;
mod markdown;
mod picture;
pub mod sections;
pub mod sheets;
mod texts;
mod workbook;

use kadence::overview::{Holder, Overview};
use kadence::worklist::{SellerToDo, WhatToDo};
use kadence::{Language, Verdict};

use crate::sections::Section;
use crate::texts::{Texts, texts};

/// Why something could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A chart could not be drawn.
    #[error("cannot draw a chart: {0}")]
    Chart(String),
    /// The data of a page could not be written.
    #[error("cannot write the data of a page: {0}")]
    Data(#[from] serde_json::Error),
    /// The workbook could not be written.
    #[error("cannot write the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The picture could not be made.
    #[error("cannot make the picture: {0}")]
    Picture(String),
}

/// An overview, ready to be shown.
#[derive(Debug, Clone)]
pub struct Pages<'a> {
    overview: &'a Overview,
    texts: &'static Texts,
    title: Option<&'a str>,
    tasks: Option<&'a WhatToDo>,
    beside: Vec<Beside>,
}

/// A page of its own beside those of verdicts.
#[derive(Debug, Clone)]
struct Beside {
    topic: Topic,
    sections: Vec<Section>,
}

/// What a page of its own is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// How much activity goals need.
    Goals,
    /// When it is to be done.
    Plan,
    /// Whether rules do what they are for.
    Effect,
}

impl Topic {
    fn path(self) -> &'static str {
        match self {
            Topic::Goals => "/goals",
            Topic::Plan => "/plan",
            Topic::Effect => "/effect",
        }
    }

    fn title(self, texts: &Texts) -> &'static str {
        match self {
            Topic::Goals => texts.goals_need,
            Topic::Plan => texts.plan,
            Topic::Effect => texts.effect,
        }
    }
}

impl<'a> Pages<'a> {
    /// In English, with a title of its own.
    pub fn new(overview: &'a Overview) -> Self {
        Pages {
            overview,
            texts: texts(Language::English),
            title: None,
            tasks: None,
            beside: Vec::new(),
        }
    }

    /// In another language. Sentences and reasons are in that of the overview's
    /// [`Options::language`](kadence::Options::language).
    #[must_use]
    pub fn language(self, language: Language) -> Self {
        Pages { texts: texts(language), ..self }
    }

    /// With another title.
    #[must_use]
    pub fn title(self, title: &'a str) -> Self {
        Pages { title: Some(title).filter(|title| !title.is_empty()), ..self }
    }

    /// With what each seller is to do, on its page.
    #[must_use]
    pub fn tasks(self, tasks: &'a WhatToDo) -> Self {
        Pages { tasks: Some(tasks), ..self }
    }

    /// With a page of its own, of parts that are told in English.
    #[must_use]
    pub fn beside(mut self, topic: Topic, sections: Vec<Section>) -> Self {
        self.beside.push(Beside { topic, sections });
        self
    }

    /// One self-contained HTML file. It asks nothing of any network.
    ///
    /// # Errors
    ///
    /// A chart could not be drawn, or the data not written.
    pub fn html(&self) -> Result<String, Error> {
        html::page(self)
    }

    /// The overview and each seller's part, in Markdown.
    pub fn markdown(&self) -> String {
        markdown::text(self)
    }

    /// An Excel workbook: scores and the heat map, all verdicts, a sheet for each seller, and one for
    /// what is nobody's to do. What changed and goals are on the page and in the text.
    ///
    /// # Errors
    ///
    /// It is larger than a workbook can be.
    pub fn workbook(&self) -> Result<Vec<u8>, Error> {
        workbook::workbook(self)
    }

    /// The overview as a picture, in PNG.
    ///
    /// # Errors
    ///
    /// It could not be drawn.
    pub fn picture(&self) -> Result<Vec<u8>, Error> {
        picture::png(self)
    }

    fn heading(&self) -> &str {
        self.title.unwrap_or(self.texts.title)
    }

    /// The name of whoever stands on a row of the heat map.
    fn holder<'h>(&'h self, holder: &'h Holder) -> &'h str {
        match holder {
            Holder::Company => self.texts.company,
            Holder::Team(id) => self.overview.team(id),
            Holder::Seller(id) => self.overview.seller(id),
        }
    }

    /// What a seller is to do, or what is nobody's.
    fn tasks_of(&self, seller: Option<&str>) -> Option<&'a SellerToDo> {
        let is_of = |of: &&SellerToDo| of.seller.as_ref().map(|one| one.id.as_str()) == seller;
        self.tasks?.sellers.iter().find(is_of)
    }

    /// How many of a seller's are shown, where a limit has left out some.
    fn left_out(&self, of: &SellerToDo) -> Option<String> {
        let shown = of.todo.len() as u64;
        let text = self.texts.rows_shown.replace("{0}", &shown.to_string());
        (of.left_out > 0).then(|| text.replace("{1}", &(shown + of.left_out).to_string()))
    }

    /// The score of a seller; none without verdicts.
    fn score_of(&self, seller: &str) -> Option<f64> {
        let scores = &self.overview.report.scores.sellers;
        scores.iter().find(|named| named.id == seller).and_then(|named| named.tally.score)
    }

    /// What a seller is judged by itself, with its places.
    fn own(&self, seller: &str) -> impl Iterator<Item = (usize, &'a Verdict)> {
        let verdicts = self.overview.report.verdicts.iter().enumerate();
        verdicts.filter(move |(_, of)| of.subject.kind == "seller" && of.subject.id == seller)
    }

    fn verdict(&self, place: usize) -> Option<&'a Verdict> {
        self.overview.report.verdicts.get(place)
    }

    /// The verdicts at some places that are of a seller.
    fn of_seller(&self, places: &'a [usize], seller: &str) -> impl Iterator<Item = &'a Verdict> {
        let verdicts = places.iter().filter_map(|place| self.overview.report.verdicts.get(*place));
        verdicts.filter(move |verdict| verdict.owner.as_deref() == Some(seller))
    }
}

/// The name of what is judged, or its id.
fn name_of(subject: &kadence::verdict::Subject) -> &str {
    subject.name.as_deref().unwrap_or(&subject.id)
}

/// Where a problem is, where it has a place: `customers.csv:3:14`.
fn place_of(problem: &kadence::verdict::ReportProblem) -> Option<String> {
    let file = problem.file.as_ref()?;
    let numbers = [problem.line, problem.column].into_iter().flatten();
    Some(numbers.fold(file.clone(), |place, number| format!("{place}:{number}")))
}

/// A text as Markdown has it: names come from forms, and none becomes a heading, a link, HTML or another
/// cell of a table. What could move a cursor or turn the direction of writing is shown as `\u{FFFD}`.
///
/// ```
/// assert_eq!(kadence_report::markdown_text("<b> a|b\n*c*"), "&lt;b&gt; a\\|b \\*c\\*");
/// ```
pub fn markdown_text(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => escaped.extend(['\\', c]),
            c if steers(c) => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}
