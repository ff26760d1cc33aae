//! Tests in the language: the lines `given` and `expect`.

use rust_decimal::Decimal;

use crate::diagnostic::{Code, Diagnostic, Span};

use super::build::Builder;
use super::grammar::{Node, Nodes, Part, Rule};
use super::items;
use super::scan::Tokens;
use super::tree::{
    Detail, Expectation, Given, GivenField, GivenValue, ItemKind, Spanned, Test, When,
};
use super::value::{name, shown, text, words};

impl Builder {
    /// A test with a line that cannot be read is not made, so that nothing is said of what it
    /// would have given.
    pub(super) fn test_item(&mut self, part: Part<'_>) -> Option<ItemKind> {
        let (head, lines) = items::inner_lines(part, &["given", "expect"]);
        let name = self.read(Rule::test_head, head).and_then(|mut nodes| nodes.seek(Rule::string));
        let mut givens = Vec::new();
        let mut expectations = Vec::new();
        let mut is_whole = true;
        for line in lines {
            let span = line.whole();
            match Tokens::new(line.text).next().map_or("", |token| token.text) {
                "given" => match self.read(Rule::given, line).and_then(|nodes| self.given(nodes)) {
                    Some(value) => givens.push(Spanned { value, span }),
                    None => is_whole = false,
                },
                "expect" => {
                    let nodes = self.read(Rule::expectation, line);
                    match nodes.and_then(|nodes| self.expectation(nodes)) {
                        Some(value) => expectations.push(Spanned { value, span }),
                        None => is_whole = false,
                    }
                }
                first => {
                    self.diagnostics.push(
                        Diagnostic::error(
                            Code::K001,
                            line.span(0, first.len()),
                            format!("expected `given` or `expect`, found `{}`", shown(first)),
                        )
                        .did_you_mean(first, ["given", "expect"]),
                    );
                    is_whole = false;
                }
            }
        }
        let name = name.map(|node| node.with(text(&node))).filter(|_| is_whole)?;
        Some(ItemKind::Test(Test { name, givens, expectations }))
    }

    fn given(&mut self, mut nodes: Nodes<'_>) -> Option<Given> {
        let words = words(nodes.seek(Rule::given_words)?);
        let odd_id = nodes.accept(Rule::odd_id).and_then(id);
        let (mut on, mut at, mut by, mut as_id) = (None, Vec::new(), None, None);
        let mut fields = Vec::new();
        let mut given: Vec<(Rule, Span)> = Vec::new();
        for node in nodes.filter(|node| node.rule() != Rule::EOI && node.rule() != Rule::colon) {
            if !self.is_first(&mut given, &node) {
                continue;
            }
            let rule = node.rule();
            let mut children = node.children();
            match rule {
                Rule::given_on => on = children.seek(Rule::id).and_then(id),
                Rule::given_by => by = children.seek(Rule::id).and_then(id),
                Rule::given_as => as_id = children.seek(Rule::id).and_then(id),
                Rule::given_at => {
                    for when in children.filter(|node| node.rule() == Rule::when) {
                        at.push(self.when(when)?);
                    }
                }
                _ => {
                    for field in children.filter(|node| node.rule() == Rule::given_field) {
                        fields.push(self.given_field(field.children())?);
                    }
                }
            }
        }
        if at.is_empty() {
            let stray = [on, by, as_id].into_iter().flatten().next();
            return match stray {
                Some(stray) => {
                    let message = "expected `at` and a day for an activity that is given";
                    self.fault(Code::K001, words.span.to(stray.span), message);
                    None
                }
                None => Some(Given::Thing { words, id: odd_id, fields }),
            };
        }
        if let Some(stray) = odd_id {
            let message = format!("expected `on`, found `{}`", stray.value);
            self.fault(Code::K001, stray.span, message);
            return None;
        }
        Some(Given::Activity { words, on, at, by, id: as_id, fields })
    }

    fn given_field(&mut self, mut nodes: Nodes<'_>) -> Option<GivenField> {
        let field = nodes.seek(Rule::word)?;
        let value = nodes.seek(Rule::given_value)?;
        let span = value.span();
        let mut children = value.children();
        let value = match children.clone().next() {
            Some(node) if node.rule() == Rule::date => GivenValue::Date(self.date(&node)),
            Some(node) if node.rule() == Rule::instant => GivenValue::Instant(self.instant(&node)),
            Some(node) if is_number(&node) => GivenValue::Number(self.signed(&mut children)?),
            node => GivenValue::Text(text(&node?)),
        };
        Some(GivenField {
            name: field.with(field.text().to_owned()),
            value: Spanned { value, span },
        })
    }

    fn expectation(&mut self, mut nodes: Nodes<'_>) -> Option<Expectation> {
        let node = nodes.find(|node| node.rule() != Rule::k_expect)?;
        let rule = node.rule();
        let mut children = node.children();
        match rule {
            Rule::x_score => {
                let subject = id(children.seek(Rule::id)?)?;
                let number = children.seek(Rule::number)?;
                let percent = number.with(self.number(&number).0);
                Some(Expectation::Score { subject, percent, at: self.at(&mut children)? })
            }
            Rule::x_lists => {
                let list = name(children.seek(Rule::name)?)?;
                let ids = children.clone().filter(|node| node.rule() == Rule::id);
                let ids = ids.map(id).collect::<Option<_>>()?;
                Some(Expectation::Lists { list, ids, at: self.at(&mut children)? })
            }
            Rule::x_silent => {
                let rule = name(children.seek(Rule::name)?)?;
                let subject = id(children.seek(Rule::id)?)?;
                Some(Expectation::Silent { rule, subject, at: self.at(&mut children)? })
            }
            _ => {
                let rule = name(children.seek(Rule::name)?)?;
                let subject = id(children.seek(Rule::id)?)?;
                let status = words(children.seek(Rule::status)?);
                let at = self.at(&mut children)?;
                let mut details = Vec::new();
                let mut given: Vec<(Rule, Span)> = Vec::new();
                for node in children {
                    if self.is_first(&mut given, &node) {
                        let span = node.span();
                        details.push(Spanned { value: self.detail(node)?, span });
                    }
                }
                Some(Expectation::Verdict { rule, subject, status, at, details })
            }
        }
    }

    fn at(&mut self, nodes: &mut Nodes<'_>) -> Option<When> {
        Some(self.when(nodes.seek(Rule::when)?)?.value)
    }

    fn detail(&mut self, node: Node<'_>) -> Option<Detail> {
        let rule = node.rule();
        let mut children = node.children();
        children.next();
        let number: fn(Decimal) -> Detail = match rule {
            Rule::d_measured => Detail::Measured,
            Rule::d_target => Detail::Target,
            Rule::d_planned => Detail::Planned,
            Rule::d_missing => Detail::Missing,
            Rule::d_due => return Some(Detail::Due(self.date(&children.seek(Rule::date)?))),
            _ => return Some(Detail::Changes(self.date(&children.seek(Rule::date)?))),
        };
        self.signed(&mut children).map(number)
    }
}

/// The id that a node holds: a string, or a word or number as it is written.
fn id(node: Node<'_>) -> Option<Spanned<String>> {
    name(node)
}

/// Whether a value is a number; one that starts with a nought, as `0045`, is text.
fn is_number(node: &Node<'_>) -> bool {
    let rest = node.text().strip_prefix('0').unwrap_or("");
    let has_nought = rest.starts_with(|next: char| next.is_ascii_digit());
    node.rule() == Rule::minus || (node.rule() == Rule::number && !has_nought)
}
