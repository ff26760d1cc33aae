//! Mutants: rules changed in the ways people get them wrong, to see whether a test notices.
//!
//! A mutant is an edit of one place in the text of an item ([`edit`], and a file for each part of
//! the language that can be got wrong), so that what is shown is what was changed. Only that item is
//! read and the rules are checked again ([`suite`]); of the tests only those are run whose
//! expectations look at a rule or list that the edit can have changed. What no test notices is held
//! against the rules as they are: if it provably means the same, it is no mistake.

mod comparison;
mod duration;
mod edit;
mod kind;
mod line;
mod logic;
mod modifier;
mod phrase;
mod scope;
mod suite;
mod threshold;
mod window;

use std::collections::BTreeMap;
use std::ops::Range;

pub use kind::MutantKind;
pub use line::Change;

use suite::Suite;

use crate::check::rules::Compiled;

/// What came of the tests when the rules were got wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MutantRun {
    /// Every mutant, by the name of its file and its place.
    pub mutants: Vec<Mutant>,
    /// How many tests were run against them.
    pub tests: usize,
    /// Expectations that the rules as they are do not fulfil: they can tell nothing.
    pub failing: usize,
    /// Comments that allow mutants of a kind where none survives.
    pub useless: Vec<UselessAllowance>,
}

/// A comment `# allow KIND: REASON` that allows nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UselessAllowance {
    /// The file that it stands in.
    pub file: String,
    /// Its line, from one.
    pub line: u32,
    /// The kind.
    pub kind: MutantKind,
    /// Whether it says why: one that does not allows nothing.
    pub has_reason: bool,
}

/// One rule, list, segment or define with one mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The id of the rule, or the name of what it is.
    pub item: String,
    /// What is changed.
    pub what: MutatedItem,
    /// What kind of mistake it is.
    pub kind: MutantKind,
    /// The file that is changed.
    pub file: String,
    /// The line of the change, from one.
    pub line: u32,
    /// Its column, in characters, from one.
    pub column: u32,
    /// The bytes of the file in whose place `replacement` is put.
    pub bytes: Range<usize>,
    /// What is put there.
    pub replacement: String,
    /// The line before and after, for people.
    pub change: Change,
    /// What came of it.
    pub fate: Fate,
}

/// What kind of item a mutant changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutatedItem {
    /// A rule, by its id.
    Rule,
    /// A list.
    List,
    /// A segment.
    Segment,
    /// A define, by its first name.
    Define,
}

impl MutatedItem {
    /// The word of the language for it.
    pub fn name(self) -> &'static str {
        match self {
            MutatedItem::Rule => "rule",
            MutatedItem::List => "list",
            MutatedItem::Segment => "segment",
            MutatedItem::Define => "define",
        }
    }
}

/// What came of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// An expectation failed, as it should.
    Killed {
        /// The test.
        test: String,
        /// Its file.
        file: String,
        /// The line of the expectation, from one.
        line: u32,
    },
    /// Every test passed all the same.
    Survived {
        /// Whether an expectation looks at what was changed.
        is_looked_at: bool,
    },
    /// It survived, and a comment on the item says that it may.
    Allowed {
        /// Why.
        reason: String,
    },
    /// It provably means what the rules as they are mean: no mistake, and nothing to be noticed.
    Equal,
}

impl Fate {
    /// What is known where some tests gave one fate and other tests another.
    fn rank(&self) -> u8 {
        match self {
            Fate::Killed { .. } => 4,
            Fate::Survived { is_looked_at: true } => 3,
            Fate::Survived { is_looked_at: false } => 2,
            Fate::Allowed { .. } => 1,
            Fate::Equal => 0,
        }
    }
}

impl MutantRun {
    /// The mutants that no test noticed.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        self.mutants.iter().filter(|mutant| matches!(mutant.fate, Fate::Survived { .. }))
    }
}

/// What tells one mutant from another: the file, the place in it, what kind of mistake it is and
/// what is put there.
type Key = (String, u32, u32, MutantKind, String);

/// Runs the tests of rule sets against the mutants of all that they hold. `name` is what the file
/// of a rule set is called by; files of several rule sets with one name are one file.
pub(crate) fn run(sets: &[&Compiled], name: &dyn Fn(usize, &str) -> String) -> MutantRun {
    let suites = Suite::of(sets, name);
    let mut found: BTreeMap<Key, Mutant> = BTreeMap::new();
    for suite in &suites {
        let is_open = |key: &Key| {
            let known = found.get(key);
            known.is_none_or(|mutant| !matches!(mutant.fate, Fate::Killed { .. }))
        };
        for (key, mutant) in suite.run(&is_open) {
            match found.get_mut(&key) {
                Some(known) if known.fate.rank() >= mutant.fate.rank() => {}
                Some(known) => *known = mutant,
                None => {
                    found.insert(key, mutant);
                }
            }
        }
    }
    let mutants: Vec<Mutant> = found.into_values().collect();
    let mut useless: Vec<UselessAllowance> =
        suites.iter().flat_map(|suite| suite.allowances(&mutants)).collect();
    useless.sort();
    useless.dedup();
    let failing = suites.iter().map(Suite::failing).sum();
    let tests = sets.iter().map(|rules| rules.tests.len()).sum();
    MutantRun { mutants, tests, failing, useless }
}
