//! What of an item stands on a line of its own, whatever the width.

use std::ops::Range;

use crate::syntax::tree::{
    Expectation, Goal, Item, ItemKind, List, Modifiers, Rule, Setting, Spanned, Test,
};

use super::breaks::{Break, Breaks};
use super::line::Column;
use super::token::{Manner, Token, spaces};

/// How far a line stands in that continues an item.
pub(super) const STEP: usize = 4;
/// How wide the column of the keywords of modifiers, settings and tests is; wider where one of the
/// item's own is longer.
const KEYWORD: usize = 8;
/// A rule with more modifiers has them on lines of their own.
const MOST_BESIDE: usize = 3;
/// How many spaces part modifiers that stand on the line of their rule.
const BESIDE: usize = 3;

/// A part of an item that starts a line.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) tokens: Range<usize>,
    pub(super) indent: usize,
    /// How far what goes on below stands in.
    pub(super) hang: usize,
    /// The first token is a keyword in a column so wide.
    pub(super) keyword: Option<usize>,
}

/// An item as it is to be laid out.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// If all rows may stand on one line: the column that it shares with its neighbours, and the
    /// token that stands in it.
    pub(super) column: Option<(Column, usize)>,
    pub(super) breaks: Vec<Break>,
    /// How many spaces part each token from the one before, if that stands on the same line.
    pub(super) spaces: Vec<usize>,
}

pub(super) fn rows(item: &Item, tokens: &[Token<'_>]) -> Rows {
    let mut maker = Maker { breaks: Breaks::new(tokens), starts: Vec::new(), keyword: None };
    let manner = match &item.kind {
        ItemKind::Field { .. } | ItemKind::Test(_) => Manner::Test,
        _ => Manner::Rule,
    };
    let mut spaces: Vec<usize> = spaces(tokens, manner);
    let mut hang = STEP;
    let sign = |sign: &str| tokens.iter().position(|token| token.text == sign).unwrap_or(0);
    let column = match &item.kind {
        ItemKind::Use(_) | ItemKind::Activity(_) => None,
        ItemKind::Field { .. } => Some((Column::Field, sign(":"))),
        ItemKind::Define { body, .. } => {
            maker.breaks.expr(body, 1);
            Some((Column::Define, sign("=")))
        }
        ItemKind::Segment { body, .. } => {
            maker.breaks.phrase(body, 1);
            Some((Column::Segment, sign("=")))
        }
        ItemKind::List(list) => {
            maker.list(list, tokens.len());
            Some((Column::List, sign("=")))
        }
        ItemKind::Goal(goal) => {
            hang = 2 * STEP;
            maker.goal(goal, tokens.len());
            None
        }
        ItemKind::Calendar(settings) => {
            maker.calendar(settings, &mut spaces);
            None
        }
        ItemKind::Test(test) => {
            maker.test(test);
            None
        }
        ItemKind::Rule(rule) => {
            hang = 2 * STEP;
            maker.rule(rule);
            let parted = spaces.iter_mut().enumerate();
            parted
                .filter(|(index, _)| maker.starts.contains(index))
                .for_each(|(_, space)| *space = BESIDE);
            let id = rule.modifiers.id.as_ref();
            let id = id.map_or(tokens.len(), |id| maker.breaks.before(id.span.start, &["as"]));
            let is_short = rule.modifiers.because.is_none() && maker.starts.len() <= MOST_BESIDE;
            is_short.then_some((Column::Name, id))
        }
    };
    let Maker { breaks, mut starts, keyword } = maker;
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    let head = 0..starts.first().copied().unwrap_or(tokens.len());
    let head = Row { tokens: head, indent: 0, hang, keyword: None };
    let hang = STEP + keyword.unwrap_or(STEP);
    let below = starts.iter().zip(ends);
    let below = below.map(|(start, end)| Row { tokens: *start..end, indent: STEP, hang, keyword });
    let rows = std::iter::once(head).chain(below).collect();
    let mut breaks = breaks.finish();
    match &item.kind {
        // A line that starts so would be another one.
        ItemKind::Test(_) => breaks.retain(|place| {
            let text = tokens.get(place.at).map(|token| &*token.text);
            !matches!(text, Some("given" | "expect"))
        }),
        // What starts so is a rule by the colon on its first line.
        ItemKind::Rule(_) if tokens.first().is_some_and(|token| token.text == "test") => {
            let colon = sign(":");
            breaks.retain(|place| place.at > colon);
        }
        _ => {}
    }
    Rows { rows, column, breaks, spaces }
}

struct Maker<'t> {
    breaks: Breaks<'t>,
    /// The first tokens of the rows below the first.
    starts: Vec<usize>,
    keyword: Option<usize>,
}

impl Maker<'_> {
    fn list(&mut self, list: &List, end: usize) {
        self.breaks.phrase(&list.phrase, 1);
        let after = self.breaks.index(list.phrase.span.end);
        let mut rest = after;
        if let Some(sort) = &list.sort {
            self.breaks.add(after, 0, 0..end);
            rest = self.breaks.index(sort.field.span.end);
        }
        let limit = (rest..end).find(|index| self.breaks.text(*index) == "limit");
        if let Some(limit) = limit.filter(|_| list.limit.is_some()) {
            self.breaks.add(limit, 0, 0..end);
        }
    }

    fn goal(&mut self, goal: &Goal, end: usize) {
        self.breaks.expr(&goal.target, 1);
        let through = goal.through.first();
        let through = through.map(|step| self.breaks.before(step.span.start, &["through"]));
        self.starts.extend(through);
        for (i, step) in goal.through.iter().enumerate() {
            if let (true, Some(through)) = (i > 0, through) {
                self.breaks.fill(self.breaks.before(step.span.start, &[">"]), 1, through..end);
            }
            self.breaks.phrase(step, 2);
        }
        for assumed in &goal.assumed {
            self.starts.push(self.breaks.index(assumed.span.start));
            self.breaks.phrase(&assumed.from, 2);
            self.breaks.phrase(&assumed.to, 2);
        }
    }

    fn calendar(&mut self, settings: &[Spanned<Setting>], spaces: &mut [usize]) {
        for setting in settings {
            let Range { start, end } = self.breaks.range(setting.span);
            self.starts.push(start);
            match &setting.value {
                // The signs of `Europe/Copenhagen` are part of its name.
                Setting::Timezone(_) => {
                    spaces.iter_mut().take(end).skip(start + 2).for_each(|space| *space = 0);
                }
                _ => self.breaks.commas(start..end, 1),
            }
        }
        self.keyword = Some(self.widest_keyword());
    }

    /// The column of the keywords with which the rows below the first start.
    fn widest_keyword(&self) -> usize {
        let widths = self.starts.iter().map(|start| self.breaks.text(*start).chars().count() + 1);
        widths.fold(KEYWORD, usize::max)
    }

    fn test(&mut self, test: &Test) {
        self.keyword = Some(KEYWORD);
        let givens = test.givens.iter().map(|given| given.span);
        let expectations = test.expectations.iter().map(|expectation| expectation.span);
        for span in givens.chain(expectations) {
            let line = self.breaks.range(span);
            self.starts.push(line.start);
            self.breaks.commas(line, 1);
        }
        for expectation in &test.expectations {
            let Expectation::Verdict { details, .. } = &expectation.value else { continue };
            let line = self.breaks.range(expectation.span);
            for detail in details {
                self.breaks.fill(self.breaks.index(detail.span.start), 1, line.clone());
            }
        }
    }

    fn rule(&mut self, rule: &Rule) {
        self.breaks.expr(&rule.condition, 1);
        self.breaks.phrase(&rule.subject, 2);
        let Modifiers { id, because, supports, weight, severity, .. } = &rule.modifiers;
        let Modifiers { since, until, unless, prorate, grace, warn, .. } = &rule.modifiers;
        let values = [
            ("as", id.as_ref().map(|value| value.span)),
            ("because", because.as_ref().map(|value| value.span)),
            ("supports", supports.as_ref().map(|value| value.span)),
            ("weight", weight.as_ref().map(|value| value.span)),
            ("severity", severity.as_ref().map(|value| value.span)),
            ("since", since.as_ref().map(|value| value.span)),
            ("until", until.as_ref().map(|value| value.span)),
            ("unless", unless.as_ref().map(|value| value.span)),
            ("grace", grace.as_ref().map(|value| value.span)),
            ("warn", warn.as_ref().map(|value| value.span)),
        ];
        for (word, span) in values {
            let start = span.map(|span| self.breaks.before(span.start, &[word]));
            self.starts.extend(start);
        }
        self.starts.extend(prorate.map(|span| self.breaks.index(span.start)));
        self.keyword = Some(self.widest_keyword());
        if let Some(unless) = unless {
            self.breaks.expr(unless, 1);
        }
    }
}
