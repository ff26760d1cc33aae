//! Nodes to the tree, an item at a time.

use crate::diagnostic::{Code, Diagnostic, Span};

use super::errors;
use super::grammar::{self, Node, Nodes, Part, Rule};
use super::items::{self, Kind};
use super::scan::scan;
use super::tree::{
    Assumption, Expr, Goal, Item, ItemKind, Limit, List, Modifiers, Per, Sort, Spanned,
};
use super::value::{name, path, text, words};

/// Builds the tree of an item, and collects what is wrong with it. A function that gives none has
/// reported why.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Builder {
    pub(super) fn item(&mut self, kind: Kind, part: Part<'_>) -> Option<Item> {
        let kind = match kind {
            Kind::Calendar => self.calendar(part),
            Kind::Test => self.test_item(part)?,
            Kind::Use => self.simple(Rule::use_item, part, Self::use_item)?,
            Kind::Activity => self.simple(Rule::activity_item, part, Self::activity_item)?,
            Kind::Field => self.simple(Rule::field_item, part, Self::field_item)?,
            Kind::Define => self.simple(Rule::define_item, part, Self::define_item)?,
            Kind::Segment => self.simple(Rule::segment_item, part, Self::segment_item)?,
            Kind::List => self.simple(Rule::list_item, part, Self::list_item)?,
            Kind::Goal => self.simple(Rule::goal_item, part, Self::goal_item)?,
            Kind::Rule => self.simple(Rule::rule_item, part, Self::rule_item)?,
        };
        Some(Item { kind, span: items::trimmed(part).whole() })
    }

    /// Scans and parses a part; reports why if it cannot be read.
    pub(super) fn read<'i>(&mut self, rule: Rule, part: Part<'i>) -> Option<Nodes<'i>> {
        let scanned = scan(part).map(|end| part.slice(0, end));
        let read = scanned.and_then(|part| {
            grammar::read(rule, part)
                .map_err(|failure| Box::new(errors::explain(rule, part, &failure)))
        });
        match read {
            Ok(node) => Some(node.children()),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                None
            }
        }
    }

    fn simple<'i>(
        &mut self,
        rule: Rule,
        part: Part<'i>,
        build: impl Fn(&mut Self, Nodes<'i>) -> Option<ItemKind>,
    ) -> Option<ItemKind> {
        let nodes = self.read(rule, part)?;
        build(self, nodes)
    }

    fn use_item(&mut self, mut nodes: Nodes<'_>) -> Option<ItemKind> {
        let file = nodes.seek(Rule::string)?;
        Some(ItemKind::Use(file.with(text(&file))))
    }

    fn activity_item(&mut self, nodes: Nodes<'_>) -> Option<ItemKind> {
        let named = |node: Node<'_>| match node.rule() {
            Rule::string => Some(node.with(text(&node))),
            Rule::words => Some(words(node)),
            _ => None,
        };
        nodes.into_iter().find_map(named).map(ItemKind::Activity)
    }

    fn field_item(&mut self, mut nodes: Nodes<'_>) -> Option<ItemKind> {
        let word = |node: Node<'_>| node.with(node.text().to_owned());
        Some(ItemKind::Field {
            noun: nodes.seek(Rule::name_word).map(word)?,
            name: nodes.seek(Rule::word).map(word)?,
            kind: nodes.seek(Rule::field_type).map(word)?,
        })
    }

    fn define_item(&mut self, nodes: Nodes<'_>) -> Option<ItemKind> {
        let mut names = Vec::new();
        let mut body = None;
        for node in nodes {
            match node.rule() {
                Rule::words => names.push(words(node)),
                Rule::expr => body = self.expr(node),
                _ => {}
            }
        }
        Some(ItemKind::Define { names, body: body? })
    }

    fn segment_item(&mut self, mut nodes: Nodes<'_>) -> Option<ItemKind> {
        let name = name(nodes.seek(Rule::name)?)?;
        Some(ItemKind::Segment { name, body: self.phrase(nodes.seek(Rule::phrase)?)? })
    }

    fn list_item(&mut self, mut nodes: Nodes<'_>) -> Option<ItemKind> {
        let name = name(nodes.seek(Rule::name)?)?;
        let phrase = self.phrase(nodes.seek(Rule::phrase)?)?;
        let sort = match nodes.accept(Rule::sort) {
            Some(node) => {
                let mut children = node.children();
                let field = path(children.seek(Rule::field)?);
                Some(Sort { field, descending: children.accept(Rule::k_descending).is_some() })
            }
            None => None,
        };
        let limit = match nodes.accept(Rule::limit) {
            Some(node) => {
                let mut children = node.children();
                let number = children.seek(Rule::number)?;
                let count = self.whole_number(&number, u32::MAX, "how many");
                let per = children.find_map(|node| match node.rule() {
                    Rule::k_seller => Some(Per::Seller),
                    Rule::k_team => Some(Per::Team),
                    _ => None,
                });
                Some(Limit { count, per })
            }
            None => None,
        };
        Some(ItemKind::List(List { name, phrase, sort, limit }))
    }

    fn goal_item(&mut self, mut nodes: Nodes<'_>) -> Option<ItemKind> {
        let name = name(nodes.seek(Rule::name)?)?;
        let target = nodes.seek(Rule::target)?;
        let span = target.span();
        let mut parts = target.children();
        let left = self.operand(parts.seek(Rule::operand)?)?;
        let target = Expr { kind: self.compare(left, parts)?, span };
        let mut through = Vec::new();
        if let Some(steps) = nodes.accept(Rule::through) {
            for step in steps.children().filter(|node| node.rule() == Rule::phrase) {
                through.push(self.phrase(step)?);
            }
        }
        let mut assumed = Vec::new();
        for node in nodes.filter(|node| node.rule() == Rule::assume) {
            assumed.push(self.assumption(node)?);
        }
        Some(ItemKind::Goal(Goal { name, target, through, assumed }))
    }

    fn assumption(&mut self, node: Node<'_>) -> Option<Assumption> {
        let span = node.span();
        let mut parts = node.children();
        let from = self.phrase(parts.seek(Rule::phrase)?)?;
        let to = self.phrase(parts.seek(Rule::phrase)?)?;
        let number = parts.seek(Rule::number)?;
        let rate = number.with(self.number(&number));
        let within = match parts.seek(Rule::duration) {
            Some(duration) => Some(self.duration(duration)?),
            None => None,
        };
        Some(Assumption { from, to, rate, within, span })
    }

    fn rule_item(&mut self, mut nodes: Nodes<'_>) -> Option<ItemKind> {
        let subject = self.phrase(nodes.seek(Rule::phrase)?)?;
        let condition = self.expr(nodes.seek(Rule::expr)?)?;
        let mut modifiers = Modifiers::default();
        let mut given: Vec<(Rule, Span)> = Vec::new();
        for node in nodes.filter(|node| node.rule() != Rule::EOI) {
            if self.is_first(&mut given, &node) {
                self.modifier(&mut modifiers, node)?;
            }
        }
        let span = subject.span.to(condition.span);
        let rule = super::tree::Rule { subject, condition, modifiers, span };
        Some(ItemKind::Rule(Box::new(rule)))
    }

    /// Whether nothing of the node's rule was given before; if it was, that is reported.
    pub(super) fn is_first(&mut self, given: &mut Vec<(Rule, Span)>, node: &Node<'_>) -> bool {
        let span = node.span();
        match given.iter().find(|(rule, _)| *rule == node.rule()) {
            Some((_, first)) => {
                let keyword = node.text().split_whitespace().next().unwrap_or("");
                self.diagnostics.push(
                    Diagnostic::error(Code::K010, span, format!("`{keyword}` is given twice"))
                        .note_at(*first, "first given here"),
                );
                false
            }
            None => {
                given.push((node.rule(), span));
                true
            }
        }
    }

    fn modifier(&mut self, modifiers: &mut Modifiers, node: Node<'_>) -> Option<()> {
        let rule = node.rule();
        let span = node.span();
        let mut children = node.children();
        match rule {
            Rule::m_as => modifiers.id = Some(name(children.seek(Rule::name)?)?),
            Rule::m_because => {
                let string = children.seek(Rule::string)?;
                modifiers.because = Some(string.with(text(&string)));
            }
            Rule::m_supports => modifiers.supports = Some(name(children.seek(Rule::name)?)?),
            Rule::m_weight => {
                let number = children.seek(Rule::number)?;
                modifiers.weight = Some(number.with(self.plain_number(&number)));
            }
            Rule::m_severity => {
                let word = children.seek(Rule::name_word)?;
                modifiers.severity = Some(word.with(word.text().to_owned()));
            }
            Rule::m_since => {
                let date = children.seek(Rule::date)?;
                modifiers.since = Some(Spanned { value: self.date(&date), span: date.span() });
            }
            Rule::m_until => {
                let date = children.seek(Rule::date)?;
                modifiers.until = Some(Spanned { value: self.date(&date), span: date.span() });
            }
            Rule::m_unless => modifiers.unless = Some(self.expr(children.seek(Rule::expr)?)?),
            Rule::m_prorate => modifiers.prorate = Some(span),
            Rule::m_grace => {
                modifiers.grace = Some(self.duration(children.seek(Rule::duration)?)?);
            }
            Rule::m_warn => modifiers.warn = Some(self.duration(children.seek(Rule::duration)?)?),
            _ => return None,
        }
        Some(())
    }
}
