//! The files of a rule set: the one that is compiled and those that it uses.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::names::plural;
use crate::diagnostic::{Code, Diagnostic, FileId, Sources};
use crate::syntax;
use crate::syntax::tree::{Item, ItemKind, Spanned};

/// How many files may use each other in a chain.
const DEEPEST: usize = 64;
/// How many files a rule set may have.
const MOST: usize = 1_000;

/// Gives a rule set what it names but does not hold: other rule files and lists of holidays.
///
/// The library opens no file itself. What a name means is for the host to say: a file in a folder,
/// a row of a database, an entry of a map.
///
/// ```
/// use std::collections::HashMap;
///
/// use chrono::NaiveDate;
/// use kadence::Resolver;
///
/// struct Shelf(HashMap<&'static str, &'static str>);
///
/// impl Resolver for Shelf {
///     fn read(&self, name: &str) -> Result<String, String> {
///         let text = self.0.get(name).ok_or("there is no such file on the shelf")?;
///         Ok((*text).to_owned())
///     }
///
///     fn holidays(&self, _name: &str) -> Result<Vec<NaiveDate>, String> {
///         Err("the shelf holds no calendars".to_owned())
///     }
/// }
///
/// let shelf = Shelf(HashMap::from([("words.kpi", "define kunde = customer")]));
/// assert!(shelf.read("words.kpi").is_ok());
/// assert!(shelf.read("other.kpi").is_err());
/// ```
pub trait Resolver {
    /// The text of the rule file that `use "NAME"` asks for.
    ///
    /// # Errors
    ///
    /// Why there is none, in words for the author of the rules.
    fn read(&self, name: &str) -> Result<String, String>;

    /// The days of the calendar file that `holidays from "NAME"` asks for.
    ///
    /// # Errors
    ///
    /// Why there are none, in words for the author of the rules.
    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String>;
}

/// A [`Resolver`] that has nothing: for rule sets of one file.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Resolver for NoFiles {
    fn read(&self, _name: &str) -> Result<String, String> {
        Err("no other files are given here".to_owned())
    }

    fn holidays(&self, _name: &str) -> Result<Vec<NaiveDate>, String> {
        Err("no other files are given here".to_owned())
    }
}

/// Everything that a rule set consists of, as it is written.
pub(super) struct Loaded {
    pub(super) sources: Sources,
    /// The file that was compiled.
    pub(super) main: FileId,
    pub(super) prelude: FileId,
    /// A used file's items stand in the place of its `use`.
    pub(super) items: Vec<Item>,
    pub(super) standard: Vec<Item>,
    pub(super) lost: Lost,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The names that may be given by what could not be read.
#[derive(Default)]
pub(super) struct Lost {
    /// A whole file: it may give any name.
    file: bool,
    /// The words of the names that items seem to give.
    words: HashSet<String>,
}

impl Lost {
    /// Whether what could not be read may give the name.
    pub(super) fn may_give(&self, name: &str) -> bool {
        self.file || name.split_whitespace().any(|word| self.words.contains(word))
    }
}

pub(super) fn load(name: &str, text: &str, host: &dyn Resolver, limit: usize) -> Loaded {
    let mut sources = Sources::default();
    let main = sources.add(name, text);
    let mut loader = Loader {
        host,
        limit,
        sources,
        chain: vec![name.to_owned()],
        seen: HashSet::from([name.to_owned()]),
        items: Vec::new(),
        lost: Lost::default(),
        diagnostics: Vec::new(),
    };
    loader.file(main);
    let Loader { mut sources, items, lost, diagnostics, .. } = loader;
    let (prelude, standard) = standard(&mut sources);
    Loaded { sources, main, prelude, items, standard, lost, diagnostics }
}

/// The items of the prelude, which is added to the texts. It has no faults.
pub(super) fn standard(sources: &mut Sources) -> (FileId, Vec<Item>) {
    let prelude = sources.add("prelude.kpi", super::PRELUDE);
    (prelude, syntax::parse(sources, prelude, usize::MAX).0.items)
}

struct Loader<'a> {
    host: &'a dyn Resolver,
    limit: usize,
    sources: Sources,
    /// The names of the files that are being read, each used by the one before.
    chain: Vec<String>,
    seen: HashSet<String>,
    items: Vec<Item>,
    lost: Lost,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn file(&mut self, id: FileId) {
        let (file, faults) = syntax::parse(&self.sources, id, self.limit);
        self.lost.file |= faults.iter().any(|fault| fault.code == Code::K004);
        self.diagnostics.extend(faults);
        for place in file.broken {
            self.lost.words.extend(names_given(self.sources.slice(place)));
        }
        for item in file.items {
            match &item.kind {
                ItemKind::Use(name) => self.used(name),
                _ => self.items.push(item),
            }
        }
    }

    fn used(&mut self, name: &Spanned<String>) {
        let Spanned { value: name, span } = name;
        if let Some(start) = self.chain.iter().position(|file| file == name) {
            let mut circle: Vec<String> =
                self.chain.iter().skip(start).map(|file| format!("`{file}`")).collect();
            circle.push(format!("`{name}`"));
            let message = format!("files use each other in a circle: {}", circle.join(" → "));
            self.diagnostics.push(
                Diagnostic::error(Code::K020, *span, message).label("this closes the circle"),
            );
            return;
        }
        if self.seen.contains(name) {
            return;
        }
        if self.chain.len() >= DEEPEST || self.seen.len() >= MOST {
            let message = if self.seen.len() >= MOST {
                format!("a rule set of more than {MOST} files")
            } else {
                format!("files use each other more than {DEEPEST} deep")
            };
            self.diagnostics.push(Diagnostic::error(Code::K040, *span, message));
            self.lost.file = true;
            return;
        }
        match self.host.read(name) {
            Ok(text) => {
                let id = self.sources.add(name, text);
                self.seen.insert(name.clone());
                self.chain.push(name.clone());
                self.file(id);
                self.chain.pop();
            }
            Err(why) => {
                self.lost.file = true;
                let message = format!("cannot read `{name}`");
                self.diagnostics.push(Diagnostic::error(Code::K021, *span, message).label(why));
            }
        }
    }
}

/// The words of the names that the text of an item seems to give, and their plurals.
fn names_given(item: &str) -> Vec<String> {
    let words = |text: &str| -> Vec<String> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let words = text.split(|c| !is_part(c)).filter(|word| !word.is_empty());
        words.flat_map(|word| [word.to_owned(), plural(word)]).collect()
    };
    let keyword = item.split_whitespace().next().unwrap_or("");
    match keyword {
        "define" | "segment" | "goal" | "list" | "activity" | "field" => {
            words(item.split('=').next().unwrap_or(""))
        }
        _ => {
            let mut written = item.split_whitespace();
            let id = written.by_ref().find(|word| *word == "as").and_then(|_| written.next());
            id.map(words).unwrap_or_default()
        }
    }
}
