//! The settings of a calendar, a line each.

use chrono::Weekday;
use rust_decimal::Decimal;

use crate::diagnostic::{Code, Diagnostic};

use super::build::Builder;
use super::grammar::{Node, Nodes, Part, Rule};
use super::items;
use super::scan::Tokens;
use super::tree::{HoursPer, ItemKind, Setting, Spanned, Words};
use super::value::{text, words};

const SETTINGS: &[&str] = &["timezone", "year", "week", "workdays", "holidays", "hours", "minutes"];

/// The months, with the days that each has in every year.
const MONTHS: &[(&str, u32)] = &[
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("Monday", Weekday::Mon),
    ("Tuesday", Weekday::Tue),
    ("Wednesday", Weekday::Wed),
    ("Thursday", Weekday::Thu),
    ("Friday", Weekday::Fri),
    ("Saturday", Weekday::Sat),
    ("Sunday", Weekday::Sun),
];

impl Builder {
    /// A setting that cannot be read is reported and left out.
    pub(super) fn calendar(&mut self, part: Part<'_>) -> ItemKind {
        let (head, lines) = items::inner_lines(part, SETTINGS);
        let mut tokens = Tokens::new(head.text).skip(1);
        let on_first_line = tokens.next().map(|token| head.slice(token.start, head.text.len()));
        let mut settings = Vec::new();
        let mut given = Vec::new();
        for line in on_first_line.into_iter().chain(lines) {
            let Some(node) = self.setting_line(line) else { continue };
            let is_list =
                matches!(node.rule(), Rule::holidays | Rule::holidays_from | Rule::minutes);
            if (is_list || self.is_first(&mut given, &node))
                && let Some(setting) = self.setting(node)
            {
                settings.push(setting);
            }
        }
        ItemKind::Calendar(settings)
    }

    fn setting_line<'i>(&mut self, line: Part<'i>) -> Option<Node<'i>> {
        let first = Tokens::new(line.text).next()?;
        if !SETTINGS.contains(&first.text) {
            let message = format!("unknown calendar setting `{}`", first.text);
            let known = SETTINGS.iter().copied();
            self.diagnostics.push(
                Diagnostic::error(Code::K036, line.span(first.start, first.end()), message)
                    .did_you_mean(first.text, known)
                    .help("the settings are `timezone`, `year starts`, `week starts`, `workdays`, `holidays`, `hours` and `minutes`"),
            );
            return None;
        }
        self.read(Rule::setting, line)?.next()
    }

    fn setting(&mut self, node: Node<'_>) -> Option<Spanned<Setting>> {
        let span = node.span();
        let rule = node.rule();
        let mut children = node.children();
        let value = match rule {
            Rule::timezone => Setting::Timezone(children.seek(Rule::zone)?.text().to_owned()),
            Rule::year_starts => self.year_starts(children)?,
            Rule::week_starts => Setting::WeekStarts(self.weekday(&children.seek(Rule::weekday)?)?),
            Rule::workdays => self.workdays(children)?,
            Rule::holidays => {
                let dates = children.filter(|node| node.rule() == Rule::date);
                Setting::Holidays(dates.map(|node| self.date(&node)).collect())
            }
            Rule::holidays_from => Setting::HolidaysFrom(text(&children.seek(Rule::string)?)),
            Rule::hours => self.hours(children)?,
            Rule::minutes => {
                let kinds = children.filter(|node| node.rule() == Rule::minutes_of);
                Setting::Minutes(kinds.filter_map(|node| self.minutes_of(node)).collect())
            }
            _ => return None,
        };
        Some(Spanned { value, span })
    }

    fn hours(&mut self, mut nodes: Nodes<'_>) -> Option<Setting> {
        let number = nodes.seek(Rule::number)?;
        let hours = Spanned { value: self.plain_number(&number), span: number.span() };
        let is_week = nodes.any(|node| node.rule() == Rule::k_week);
        let per = if is_week { HoursPer::Week } else { HoursPer::Workday };
        Some(Setting::Hours { hours, per })
    }

    fn minutes_of(&mut self, node: Node<'_>) -> Option<(Words, Spanned<Decimal>)> {
        let mut kind = None;
        for node in node.children() {
            match node.rule() {
                Rule::string => kind = Some(Words { value: text(&node), span: node.span() }),
                Rule::words => kind = Some(words(node)),
                Rule::number => {
                    let minutes = Spanned { value: self.plain_number(&node), span: node.span() };
                    return Some((kind?, minutes));
                }
                _ => {}
            }
        }
        None
    }

    fn year_starts(&mut self, mut nodes: Nodes<'_>) -> Option<Setting> {
        let number = nodes.seek(Rule::number)?;
        let name = nodes.seek(Rule::month)?;
        let Some((month, (_, days))) =
            (1..).zip(MONTHS).find(|(_, (month, _))| *month == name.text())
        else {
            let message = format!("unknown month `{}`", name.text());
            let known = MONTHS.iter().map(|(month, _)| *month);
            self.diagnostics.push(
                Diagnostic::error(Code::K036, name.span(), message)
                    .did_you_mean(name.text(), known)
                    .help("months are written out: `1 July`"),
            );
            return None;
        };
        let day = self.whole_number(&number, u32::MAX, "a day of the month");
        if day == 0 || day > *days {
            let place = number.span().to(name.span());
            let message = format!("a year cannot start on {day} {}", name.text());
            let help = format!("every {} has the days 1 to {days}", name.text());
            self.diagnostics.push(Diagnostic::error(Code::K036, place, message).help(help));
            return None;
        }
        Some(Setting::YearStarts { month, day })
    }

    fn weekday(&mut self, node: &Node<'_>) -> Option<Weekday> {
        let found = WEEKDAYS.iter().find(|(name, _)| *name == node.text());
        if found.is_none() {
            let message = format!("unknown weekday `{}`", node.text());
            let known = WEEKDAYS.iter().map(|(name, _)| *name);
            self.diagnostics.push(
                Diagnostic::error(Code::K036, node.span(), message)
                    .did_you_mean(node.text(), known)
                    .help("weekdays are written out: `Monday`"),
            );
        }
        found.map(|(_, day)| *day)
    }

    /// `Monday to Friday`, around the end of the week if need be, or a list.
    fn workdays(&mut self, nodes: Nodes<'_>) -> Option<Setting> {
        let mut is_range = false;
        let mut days = Vec::new();
        for node in nodes {
            match node.rule() {
                Rule::k_to => is_range = true,
                Rule::weekday => days.push(self.weekday(&node)?),
                _ => {}
            }
        }
        if let (true, [first, last]) = (is_range, days.as_slice()) {
            let mut range = vec![*first];
            let mut day = *first;
            while day != *last {
                day = day.succ();
                range.push(day);
            }
            days = range;
        }
        Some(Setting::Workdays(days))
    }
}

/// The name of a month from 1.
pub(super) fn month_name(month: u32) -> &'static str {
    (1..).zip(MONTHS).find(|(number, _)| *number == month).map_or("", |(_, (name, _))| name)
}

/// The name of a weekday.
pub(super) fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, weekday)| *weekday == day).map_or("", |(name, _)| name)
}
