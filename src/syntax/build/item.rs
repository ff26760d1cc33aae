//! Items.

use chrono::Weekday;

use super::super::grammar::{Kind, Node};
use super::super::tree::{
    Goal, Item, ItemKind, Limit, List, Modifiers, Per, Rule, Setting, Sort, Spanned,
};
use super::{Builder, Parts};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};

/// Builds the item that a node holds; none if a value in it is wrong.
pub(in crate::syntax) fn build(
    file: FileId,
    span: Span,
    node: &Node<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Item> {
    let before = diagnostics.len();
    let mut builder = Builder { file, base: span.start as usize, diagnostics };
    let kind = builder.item(node)?;
    (diagnostics.len() == before).then_some(Item { kind, span })
}

impl Builder<'_> {
    fn item(&mut self, node: &Node<'_>) -> Option<ItemKind> {
        let mut parts = Parts::of(node);
        Some(match node.kind {
            Kind::calendar => ItemKind::Calendar(self.settings(node)),
            Kind::use_file => ItemKind::Use(self.string(parts.next()?)),
            Kind::activity => {
                let name = parts.next()?;
                let name =
                    if name.kind == Kind::string { self.string(name) } else { self.words(name) };
                ItemKind::Activity(name)
            }
            Kind::field => {
                let (noun, name, kind) = (parts.next()?, parts.next()?, parts.next()?);
                let (noun, name, kind) = (self.words(noun), self.words(name), self.words(kind));
                ItemKind::Field { noun, name, kind }
            }
            Kind::define => {
                let mut names = Vec::new();
                while let Some(name) = parts.take(Kind::raw_words) {
                    names.push(self.words(name));
                }
                ItemKind::Define { names, body: self.measure(parts.next()?) }
            }
            Kind::segment => {
                let name = self.words(parts.next()?);
                ItemKind::Segment { name, body: self.phrase(parts.next()?) }
            }
            Kind::list => {
                let name = self.string(parts.next()?);
                let phrase = self.phrase(parts.next()?);
                let sort = parts.take(Kind::sort).and_then(|sort| self.sort(sort));
                let limit = parts.take(Kind::limit).and_then(|limit| self.limit(limit));
                ItemKind::List(List { name, phrase, sort, limit })
            }
            Kind::goal => {
                let name = self.name(parts.next()?);
                let target = self.expr(parts.next()?);
                let through = parts.all().map(|step| self.phrase(step)).collect();
                ItemKind::Goal(Goal { name, target, through })
            }
            Kind::test_item => ItemKind::Test(self.test_item(node)?),
            _ => {
                let (subject, condition) = (parts.next()?, parts.next()?);
                let span = self.span(subject).to(self.span(condition));
                let subject = self.phrase(subject);
                let condition = self.expr(condition);
                let modifiers = self.modifiers(parts);
                ItemKind::Rule(Box::new(Rule { subject, condition, modifiers, span }))
            }
        })
    }

    fn sort(&mut self, node: &Node<'_>) -> Option<Sort> {
        let direction = node.child(Kind::direction);
        let descending = direction.is_some_and(|direction| direction.text == "descending");
        Some(Sort { field: self.path(node.first()?), descending })
    }

    fn limit(&mut self, node: &Node<'_>) -> Option<Limit> {
        let count = self.whole(node.first()?);
        let per = node.child(Kind::holder);
        let per = per.map(|per| if per.text == "team" { Per::Team } else { Per::Seller });
        Some(Limit { count, per })
    }

    /// Keeps a modifier or setting, unless there is one already.
    fn once<T>(&mut self, slot: &mut Option<(T, Span)>, node: &Node<'_>, value: T) {
        let span = self.span(node);
        let word = node.text.split_whitespace().next().unwrap_or("");
        match slot {
            Some((_, first)) => {
                let twice = Diagnostic::error(Code::K010, span, format!("`{word}` is given twice"));
                self.diagnostics.push(twice.note_at(*first, "first given here"));
            }
            None => *slot = Some((value, span)),
        }
    }

    fn modifiers(&mut self, parts: Parts<'_, '_>) -> Modifiers {
        let (mut id, mut because, mut supports, mut weight, mut severity) =
            (None, None, None, None, None);
        let (mut since, mut until, mut unless, mut prorate) = (None, None, None, None);
        let (mut grace, mut warn) = (None, None);
        for modifier in parts.all() {
            let Some(node) = modifier.first() else { continue };
            let value = node.first();
            match (node.kind, value) {
                (Kind::id, Some(name)) => {
                    let name = self.name(name);
                    self.once(&mut id, node, name);
                }
                (Kind::because, Some(text)) => {
                    let text = self.string(text);
                    self.once(&mut because, node, text);
                }
                (Kind::supports, Some(name)) => {
                    let name = self.name(name);
                    self.once(&mut supports, node, name);
                }
                (Kind::weight, Some(number)) => {
                    let number = self.signed(number);
                    self.once(&mut weight, node, number);
                }
                (Kind::severity, Some(word)) => {
                    let word = self.words(word);
                    self.once(&mut severity, node, word);
                }
                (Kind::since_day, Some(date)) => {
                    let date = Spanned { value: self.date(date), span: self.span(date) };
                    self.once(&mut since, node, date);
                }
                (Kind::until_day, Some(date)) => {
                    let date = Spanned { value: self.date(date), span: self.span(date) };
                    self.once(&mut until, node, date);
                }
                (Kind::unless, Some(condition)) => {
                    let condition = self.expr(condition);
                    self.once(&mut unless, node, condition);
                }
                (Kind::grace, Some(duration)) => {
                    let duration = self.duration(duration);
                    self.once(&mut grace, node, duration);
                }
                (Kind::warn, Some(duration)) => {
                    let duration = self.duration(duration);
                    self.once(&mut warn, node, duration);
                }
                _ => {
                    let span = self.span(node);
                    self.once(&mut prorate, node, span);
                }
            }
        }
        fn value<T>(slot: Option<(T, Span)>) -> Option<T> {
            slot.map(|(value, _)| value)
        }
        Modifiers {
            id: value(id),
            because: value(because),
            supports: value(supports),
            weight: value(weight),
            severity: value(severity),
            since: value(since),
            until: value(until),
            unless: value(unless),
            prorate: value(prorate),
            grace: value(grace),
            warn: value(warn),
        }
    }

    pub(super) fn signed(&mut self, node: &Node<'_>) -> Spanned<rust_decimal::Decimal> {
        let inner = node.first().unwrap_or(node);
        let (number, _) = self.number(inner);
        let is_negative = node.text.starts_with('-');
        self.spanned(node, if is_negative { -number } else { number })
    }

    fn settings(&mut self, node: &Node<'_>) -> Vec<Spanned<Setting>> {
        let mut settings: Vec<Spanned<Setting>> = Vec::new();
        for setting in &node.children {
            let Some(form) = setting.first() else { continue };
            let Some(value) = self.setting(form) else { continue };
            let is_same = |other: &Spanned<Setting>| {
                std::mem::discriminant(&other.value) == std::mem::discriminant(&value)
            };
            let first = settings.iter().find(|other| is_same(other)).map(|first| first.span);
            let may_repeat = matches!(value, Setting::Holidays(_) | Setting::HolidaysFrom(_));
            match first {
                Some(first) if !may_repeat => {
                    let word = form.text.split_whitespace().next().unwrap_or("");
                    let twice = Diagnostic::error(
                        Code::K010,
                        self.span(form),
                        format!("`{word}` is given twice"),
                    );
                    self.diagnostics.push(twice.note_at(first, "first given here"));
                }
                _ => settings.push(self.spanned(form, value)),
            }
        }
        settings
    }

    fn setting(&mut self, node: &Node<'_>) -> Option<Setting> {
        let first = node.first()?;
        Some(match node.kind {
            Kind::timezone => Setting::Timezone(first.text.to_owned()),
            Kind::year_starts => {
                let day = self.whole(first);
                let month = self.month(node.children.get(1)?)?;
                Setting::YearStarts { month, day }
            }
            Kind::week_starts => Setting::WeekStarts(self.weekday(first)?),
            Kind::workdays => {
                let is_range = node.child(Kind::day_to).is_some();
                let names = node.children.iter().filter(|child| child.kind == Kind::raw_word);
                let days: Vec<Weekday> = names.filter_map(|name| self.weekday(name)).collect();
                Setting::Workdays(match days.as_slice() {
                    [from, to] if is_range => {
                        let mut all = vec![*from];
                        let mut day = *from;
                        while day != *to {
                            day = day.succ();
                            all.push(day);
                        }
                        all
                    }
                    _ => days,
                })
            }
            Kind::holidays_from => Setting::HolidaysFrom(self.string(first).value),
            _ => Setting::Holidays(node.children.iter().map(|date| self.date(date)).collect()),
        })
    }

    fn weekday(&mut self, node: &Node<'_>) -> Option<Weekday> {
        let day = node.text.parse().ok();
        if day.is_none() {
            let message = format!("`{}` is no day of the week", node.text);
            self.error(Code::K036, node, message, "write `Monday` to `Sunday`");
        }
        day
    }

    fn month(&mut self, node: &Node<'_>) -> Option<u32> {
        let month: Option<chrono::Month> = node.text.parse().ok();
        if month.is_none() {
            let message = format!("`{}` is no month", node.text);
            self.error(Code::K036, node, message, "write `January` to `December`");
        }
        month.map(|month| month.number_from_month())
    }
}
