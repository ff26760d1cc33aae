//! Runs what the documentation shows: every code block of the language reference and of the pages
//! that explain a diagnostic.
//!
//! A block fenced as `kpi` must compile without any diagnostic, and its tests must pass. One
//! fenced as `kpi error=K012` must give diagnostics of that code and of no other, one fenced as
//! `kpi finding=K054` findings of that code and of no other. A block is
//! compiled under the name of its page and with as many blank lines before it as stand above it
//! there, so that whatever is said of it names the line of the page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use kadence::{Code, Compiler, FieldType, Noun, PRELUDE, Resolver, Schema};

/// The files that the blocks may use.
struct Shelf;

impl Resolver for Shelf {
    fn read(&self, name: &str) -> Result<String, String> {
        let text = match name {
            "segments.kpi" => {
                "segment A = customer where revenue >= 1m\n\
                 segment B = customer where revenue < 1m\n"
            }
            "north.kpi" => "use \"south.kpi\"\n",
            "south.kpi" => "use \"north.kpi\"\n",
            _ => return Err("there is no such file".to_owned()),
        };
        Ok(text.to_owned())
    }

    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String> {
        match name {
            "dk.ics" => Ok(NaiveDate::from_ymd_opt(2026, 12, 25).into_iter().collect()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

/// A fenced block of a page.
struct Block {
    page: String,
    /// The words after the back-ticks.
    info: Vec<String>,
    /// Under as many blank lines as stand above it in the page.
    text: String,
}

impl Block {
    fn option(&self, name: &str) -> Option<&str> {
        self.info.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    fn is_rules(&self) -> bool {
        self.info.first().is_some_and(|word| word == "kpi")
    }

    /// The line of the page on which its text starts.
    fn line(&self) -> usize {
        self.text.len() - self.text.trim_start_matches('\n').len() + 1
    }

    /// The text, made as large as the page says that it is.
    fn written_out(&self) -> Result<String, String> {
        const LARGE: usize = (1 << 20) + 1;
        match self.option("generate") {
            None => Ok(self.text.clone()),
            Some("brackets") => {
                Ok(self.text.replace('(', &"(".repeat(100)).replace(')', &")".repeat(100)))
            }
            Some("bytes") => Ok(self.text.clone() + &"# more\n".repeat(LARGE / 7 + 1)),
            Some(other) => Err(format!("nothing is known of `generate={other}`")),
        }
    }

    /// What is wrong with it, if anything is.
    fn fault(&self) -> Option<String> {
        let at = format!("{}:{}", self.page, self.line());
        let text = match self.written_out() {
            Ok(text) => text,
            Err(fault) => return Some(format!("{at}: {fault}")),
        };
        let compilation = Compiler::new().compile(&self.page, &text, &Shelf);
        let found = &compilation.diagnostics;
        if let Some(code) = self.option("error") {
            let others = found.all.iter().filter(|fault| fault.code.name() != code).count();
            let asked = found.errors() > 0 && others == 0;
            return (!asked).then(|| format!("{at}: expected {code} alone, found: {found}"));
        }
        if !found.all.is_empty() {
            return Some(format!("{at}: expected no diagnostic, found: {found}"));
        }
        if let Some(code) = self.option("finding") {
            let found = compilation.rules.findings();
            let others = found.all.iter().filter(|fault| fault.code.name() != code).count();
            let asked = !found.all.is_empty() && others == 0;
            return (!asked).then(|| format!("{at}: expected {code} alone, found: {found}"));
        }
        let tests = compilation.rules.test().tests;
        let failures: Vec<String> = tests
            .iter()
            .flat_map(|test| test.failures.iter().map(move |failure| (test, failure)))
            .map(|(test, failure)| {
                let (line, words) = (failure.line, &failure.expectation);
                format!("{}:{line}: {}: {words}: {}", test.file, test.name, failure.message)
            })
            .collect();
        (!failures.is_empty()).then(|| failures.join("\n"))
    }
}

/// A page of the documentation, by its path in the repository.
fn page(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&file).unwrap_or_else(|fault| format!("{path} cannot be read: {fault}"))
}

fn blocks(page: &str, text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if is_open => is_open = false,
            Some(info) => {
                is_open = true;
                let info = info.split_whitespace().map(str::to_owned).collect();
                let text = "\n".repeat(index + 1);
                found.push(Block { page: page.to_owned(), info, text });
            }
            None if is_open => {
                if let Some(block) = found.last_mut() {
                    block.text += line;
                    block.text.push('\n');
                }
            }
            None => {}
        }
    }
    found
}

fn rule_blocks(page: &str, text: &str) -> Vec<Block> {
    blocks(page, text).into_iter().filter(Block::is_rules).collect()
}

fn page_of(code: Code) -> String {
    format!("docs/errors/{code}.md")
}

/// White space folded, so that lines may be broken anywhere.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The part of the reference under a heading that starts with these words.
fn section(text: &str, heading: &str) -> String {
    let is_heading = |line: &&str| line.starts_with("## ");
    let lines = text.lines().skip_while(|line| !(is_heading(line) && line.contains(heading)));
    let mut lines = lines.peekable();
    let title = lines.next().unwrap_or_default().to_owned();
    let body: Vec<&str> = lines.take_while(|line| !is_heading(line)).collect();
    title + "\n" + &body.join("\n")
}

#[test]
fn the_reference_and_the_front_page_do_what_they_show() {
    for (path, at_least) in [("docs/language.md", 30), ("docs/format.md", 3), ("README.md", 1)] {
        let blocks = rule_blocks(path, &page(path));
        assert!(blocks.len() >= at_least, "{path} has {} blocks of rules", blocks.len());
        let faults: Vec<String> = blocks.iter().filter_map(Block::fault).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// The text of a block as `kadence fmt` sets it.
fn formatted(block: &Block) -> String {
    kadence::format(&block.page, &block.text).unwrap_or_else(|faults| faults.to_string())
}

#[test]
fn what_is_shown_in_form_is_what_comes_of_the_loose_text_above_it() {
    let blocks = blocks("docs/format.md", &page("docs/format.md"));
    let is = |block: &Block, info: &[&str]| block.info == info;
    let pairs = blocks.iter().zip(blocks.iter().skip(1));
    let pairs = pairs.filter(|(loose, shown)| is(loose, &["kpi", "loose"]) && is(shown, &["kpi"]));
    let pairs: Vec<_> = pairs.collect();
    assert_eq!(pairs.len(), 1);
    for (loose, shown) in pairs {
        assert_eq!(formatted(loose), shown.text.trim_start(), "line {}", loose.line());
    }
}

#[test]
fn the_rules_of_the_front_page_are_in_form() {
    for block in rule_blocks("README.md", &page("README.md")) {
        assert_eq!(formatted(&block), block.text.trim_start());
    }
}

#[test]
fn every_code_has_a_page_that_shows_the_fault_and_the_mend() {
    let mut faults = Vec::new();
    for code in Code::ALL {
        let path = page_of(*code);
        let text = code.page();
        let title = format!("# {code}: {}", code.summary());
        if text.lines().next() != Some(&title) {
            faults.push(format!("{path}:1: expected `{title}`"));
        }
        let blocks = rule_blocks(&path, text);
        let option = if code.is_finding() { "finding" } else { "error" };
        let (wrong, mended): (Vec<&Block>, Vec<&Block>) =
            blocks.iter().partition(|block| block.option(option).is_some());
        if wrong.is_empty() || mended.is_empty() {
            faults.push(format!("{path}: expected a block that is wrong and one that is mended"));
        }
        for block in wrong.iter().filter(|block| block.option(option) != Some(code.name())) {
            faults.push(format!("{path}:{}: this is the page of {code}", block.line()));
        }
        for block in mended.iter().filter(|_| code.is_finding()) {
            let found = Compiler::new().compile(&path, &block.text, &Shelf).rules.findings();
            if !found.all.is_empty() {
                faults.push(format!("{path}:{}: expected no finding: {found}", block.line()));
            }
        }
        faults.extend(blocks.iter().filter_map(Block::fault));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn there_are_no_pages_of_codes_that_do_not_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let known: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(names.collect::<BTreeSet<_>>(), known);
}

/// A field as the reference lists it: `owner → seller`, `created date`.
fn listed(name: &str, kind: FieldType) -> String {
    match kind {
        FieldType::Text => format!("`{name}` text"),
        FieldType::Number => format!("`{name}` number"),
        FieldType::Date => format!("`{name}` date"),
        FieldType::Instant => format!("`{name}` instant"),
        FieldType::YesNo => format!("`{name}` yes-no"),
        FieldType::OneOf(values) => format!("`{name}` ({})", values.join(", ")),
        FieldType::Reference(noun) => format!("`{name}` → {noun}"),
    }
}

#[test]
fn the_reference_lists_every_noun_with_its_fields() {
    let text = folded(&section(&page("docs/language.md"), "Standard nouns"));
    let schema = Schema::default();
    for noun in Noun::ALL {
        let fields = schema.fields(noun).iter();
        let fields: Vec<String> = fields.map(|field| listed(&field.name, field.kind)).collect();
        let line = format!("- **{noun}**: {}", fields.join(", "));
        let is_whole = |rest: &str| rest.starts_with(" - ") || rest.starts_with(" Standard");
        let found = text.split_once(&line).is_some_and(|(_, rest)| is_whole(rest));
        assert!(found, "expected `{line}` and nothing more of it in\n{text}");
    }
    let kinds: Vec<String> = schema.kinds().iter().map(|kind| format!("`{kind}`")).collect();
    assert!(text.contains(&kinds.join(", ")), "expected {}", kinds.join(", "));
}

/// The items of some rules that define, white space folded, one for each line.
fn defines(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| line.starts_with("define ")).map(folded).collect()
}

#[test]
fn the_reference_shows_the_whole_prelude() {
    let text = section(&page("docs/language.md"), "Standard vocabulary");
    let shown: String = rule_blocks("", &text).into_iter().map(|block| block.text).collect();
    assert_eq!(defines(&shown), defines(PRELUDE));
    assert!(!defines(PRELUDE).is_empty());
}

#[test]
fn a_block_that_is_wrong_is_named_by_its_line() {
    let text = "A page.\n\n```kpi\n\ncustomer: cals >= 1 per month\n```\n";
    let fault = blocks("page.md", text).first().and_then(Block::fault).unwrap_or_default();
    assert!(fault.contains("page.md:5:11: error[K012]"), "{fault}");
    let text = "A page.\n\n```kpi\n\
                customer: calls >= 1 per year as called\n\
                test \"no call\"\n    \
                    given customer acme\n    \
                    expect called for acme is met at 2026-12-31\n\
                ```\n";
    let fault = blocks("page.md", text).first().and_then(Block::fault).unwrap_or_default();
    assert!(fault.contains("page.md:7: no call: expect called"), "{fault}");
    assert!(fault.contains("expected met, found missed"), "{fault}");
}

/// The words in back-ticks of the paragraph that starts so.
fn quoted(text: &str, start: &str) -> BTreeSet<String> {
    let paragraphs = text.split("\n\n").map(folded);
    let found = paragraphs.into_iter().find(|paragraph| paragraph.starts_with(start));
    let found = found.unwrap_or_default();
    found.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_words_of_the_language_cannot_be_names() {
    let words = quoted(&page("docs/language.md"), "Some words hold the language together");
    assert!(words.len() > 40, "{words:?}");
    for word in words {
        let text = format!("define {word} = call\ncustomer: calls >= 1 as calls\n");
        let found = Compiler::new().compile("rules.kpi", &text, &Shelf).diagnostics;
        let codes: Vec<Code> = found.all.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::K022], "{word}: {found}");
    }
}
