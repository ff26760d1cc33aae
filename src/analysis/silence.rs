//! Comments that silence findings: `# allow K054: we all know why`.
//!
//! Such a comment stands on a line of the item, or on lines of its own just above it. A silence
//! without a reason tells whoever comes later nothing (K049), and one that silences nothing, or
//! names a code that there is not, hides what it was meant for (K050).

use std::collections::BTreeSet;

use super::items::Places;
use crate::diagnostic::{Code, Diagnostic, FileId, Span, nearest};
use crate::syntax;

/// A comment of the form `# allow WORD, …: REASON`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allowance {
    /// What is allowed: codes, or words that mean something to others.
    pub(crate) words: Vec<(String, Span)>,
    /// Never empty.
    pub(crate) reason: Option<String>,
    /// The whole comment.
    pub(crate) span: Span,
}

impl Allowance {
    /// What a comment allows, if it is about that. `at` is its place in the file.
    pub(crate) fn read(comment: &str, file: FileId, at: usize) -> Option<Allowance> {
        let span = |start: usize, text: &str| Span {
            file,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(start + text.len()).unwrap_or(u32::MAX),
        };
        let body = comment.strip_prefix('#')?.trim_start();
        let rest = body.strip_prefix("allow")?;
        if !rest.starts_with([' ', '\t']) {
            return None;
        }
        let (words, reason) = rest.split_once(':').unwrap_or((rest, ""));
        let start = at + comment.len() - rest.len();
        let mut from = 0;
        let mut found = Vec::new();
        for word in words.split([',', ' ', '\t', '\r']) {
            if !word.is_empty() {
                found.push((word.to_owned(), span(start + from, word)));
            }
            from += word.len() + 1;
        }
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned);
        Some(Allowance { words: found, reason, span: span(at, comment.trim_end()) })
    }
}

/// The words of a comment that are codes, or meant to be.
struct Silence<'a> {
    /// The place of the item that it is on among those of the rule set.
    item: Option<usize>,
    word: &'a str,
    span: Span,
}

impl Silence<'_> {
    fn code(&self) -> Option<Code> {
        let is_written = |code: &&Code| code.name() == self.word && code.is_finding();
        Code::ALL.iter().find(is_written).copied()
    }
}

/// What is left of findings when those that comments allow are taken out, with what is wrong with
/// these comments.
pub(super) fn silence(places: &Places<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let allowances = allowances(places);
    let silences: Vec<Silence<'_>> = allowances
        .iter()
        .flat_map(|(item, allowance)| {
            let codes = allowance.words.iter().filter(|(word, _)| is_meant_as_code(word));
            codes.map(|(word, span)| Silence { item: *item, word, span: *span })
        })
        .collect();
    let allowed: BTreeSet<(usize, Code)> =
        silences.iter().filter_map(|silence| Some((silence.item?, silence.code()?))).collect();
    let mut used = BTreeSet::new();
    let mut left = Vec::new();
    for finding in found {
        let key = places.item_at(finding.primary.span).map(|item| (item, finding.code));
        match key.filter(|key| allowed.contains(key)) {
            Some(key) => {
                used.insert(key);
            }
            None => left.push(finding),
        }
    }
    let mut seen = BTreeSet::new();
    for silence in &silences {
        let key = silence.item.zip(silence.code());
        let is_first = key.is_none_or(|key| seen.insert(key));
        if !is_first || key.is_none_or(|key| !used.contains(&key)) {
            left.push(silence.useless());
        }
    }
    let codes = |allowance: &Allowance| allowance.words.iter().any(|(w, _)| is_meant_as_code(w));
    let unexplained = allowances.iter().filter(|(_, a)| a.reason.is_none() && codes(a));
    left.extend(unexplained.map(|(_, allowance)| {
        let message = "this does not say why it is allowed";
        Diagnostic::warning(Code::K049, allowance.span, message)
            .label("end it with `: ` and the reason")
    }));
    left
}

/// The comments that allow something, with the items that they are on.
pub(crate) fn allowances(places: &Places<'_>) -> Vec<(Option<usize>, Allowance)> {
    let mut found = Vec::new();
    for file in places.files() {
        let comments = syntax::comments(places.sources.text(file));
        let read = comments.filter_map(|(at, comment)| Allowance::read(comment, file, at));
        found.extend(read.map(|allowance| (places.item_of_comment(allowance.span), allowance)));
    }
    found
}

impl Silence<'_> {
    fn useless(&self) -> Diagnostic {
        let word = self.word;
        let useless = |message: String| Diagnostic::warning(Code::K050, self.span, message);
        if self.code().is_none() {
            if Code::ALL.iter().any(|code| code.name() == word) {
                return useless(format!("`{word}` is an error, which cannot be allowed"));
            }
            let known = Code::ALL.iter().filter(|code| code.is_finding()).map(|code| code.name());
            let upper = word.to_uppercase();
            let fault = useless(format!("there is no finding `{word}`"));
            return match nearest(&upper, known) {
                Some(name) => fault.label(format!("did you mean `{name}`?")),
                None => fault,
            };
        }
        match self.item {
            Some(_) => useless(format!("there is no {word} here to allow")).label("leave it out"),
            None => useless(format!("`{word}` is allowed for no item"))
                .label("put it on a line of the item, or just above it"),
        }
    }
}

/// `K` and a number: other words are none of ours.
fn is_meant_as_code(word: &str) -> bool {
    let digits = word.strip_prefix(['K', 'k']).unwrap_or("");
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn read(comment: &str) -> Option<(Vec<String>, Option<String>)> {
        let mut sources = Sources::default();
        let text = format!("æ {comment}");
        let file = sources.add("a.kpi", text.as_str());
        let allowance = Allowance::read(comment, file, text.len() - comment.len())?;
        for (word, span) in &allowance.words {
            assert_eq!(sources.slice(*span), word);
        }
        assert_eq!(sources.slice(allowance.span), comment.trim_end());
        Some((allowance.words.into_iter().map(|(word, _)| word).collect(), allowance.reason))
    }

    #[test]
    fn words_and_reason_are_told_apart() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let so = || Some("so: it is".to_owned());
        assert_eq!(read("# allow K054: so: it is"), Some((words(&["K054"]), so())));
        assert_eq!(read("#allow  K054,K068 :so: it is\r"), Some((words(&["K054", "K068"]), so())));
        assert_eq!(read("# allow threshold: so: it is"), Some((words(&["threshold"]), so())));
        assert_eq!(read("# allow K054"), Some((words(&["K054"]), None)));
        assert_eq!(read("# allow K054: \t"), Some((words(&["K054"]), None)));
        assert_eq!(read("# allowed K054: so"), None);
        assert_eq!(read("## allow K054: so"), None);
        assert_eq!(read("# allow"), None);
    }
}
