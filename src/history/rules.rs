//! Rules as they were, to judge by them again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::check::{PRELUDE, Resolver};
use crate::ruleset::{Compilation, Compiler, RuleSet};
use crate::syntax::tree::ItemKind;

/// The files of a rule set, and the holidays that it took from calendars.
///
/// It is a [`Resolver`] of its own files, so that it compiles without any other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeptRules {
    /// The file that was compiled, then those that it uses.
    pub files: Vec<KeptFile>,
    /// Every holiday of the rules' calendar.
    pub holidays: Vec<NaiveDate>,
}

/// A rule file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// What it is called by the rules that use it.
    pub name: String,
    /// All of it.
    pub text: String,
}

impl KeptRules {
    /// The files of these rules.
    pub fn of(rules: &RuleSet) -> Self {
        let compiled = rules.compiled();
        let own = compiled.sources.all().filter(|(_, text)| *text != PRELUDE);
        let file =
            |(name, text): (&str, &str)| KeptFile { name: name.to_owned(), text: text.to_owned() };
        KeptRules {
            files: own.map(file).collect(),
            holidays: compiled.calendar.holidays.iter().copied().collect(),
        }
    }

    /// The rules that they make. What was compiled once has no errors, unless by a kadence that knew
    /// another language.
    pub fn compile(&self) -> Compilation {
        let empty = KeptFile { name: String::new(), text: String::new() };
        let KeptFile { name, text } = self.files.first().unwrap_or(&empty);
        Compiler::new().limit(usize::MAX).compile(name, text, self)
    }
}

impl Resolver for KeptRules {
    fn read(&self, name: &str) -> Result<String, String> {
        let file = self.files.iter().find(|file| file.name == name);
        file.map(|file| file.text.clone()).ok_or_else(|| "it was not kept".to_owned())
    }

    /// Those of all calendars: together they are what the rules had.
    fn holidays(&self, _name: &str) -> Result<Vec<NaiveDate>, String> {
        Ok(self.holidays.clone())
    }
}

/// Sixteen digits that are the same for the same rules, however they are set: comments, white space,
/// tests, and which file has what play no part.
///
/// ```
/// use kadence::history::fingerprint;
/// use kadence::{NoFiles, RuleSet};
///
/// let of = |text: &str| RuleSet::compile("a.kpi", text, &NoFiles).map(|rules| fingerprint(&rules));
/// let rules = of("customer: calls >= 4 per year")?;
/// assert_eq!(of("customer:  calls ≥ 4 per year  # at least")?, rules);
/// assert_ne!(of("customer: calls >= 5 per year")?, rules);
/// # Ok::<(), kadence::Diagnostics>(())
/// ```
pub fn fingerprint(rules: &RuleSet) -> String {
    let compiled = rules.compiled();
    let mut hash = Fnv::default();
    for item in &compiled.items {
        if !matches!(item.kind, ItemKind::Test(_)) {
            hash.line(&item.to_string());
        }
    }
    for day in &compiled.calendar.holidays {
        hash.line(&day.to_string());
    }
    format!("{:016x}", hash.0)
}

/// FNV-1a: the standard library's hashes may be others in its next version.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn line(&mut self, text: &str) {
        for byte in text.bytes().chain([b'\n']) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
