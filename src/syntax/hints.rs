//! The mends of common slips.

use crate::diagnostic::{Diagnostic, Span};

use super::grammar::{Part, Rule};
use super::scan::{Token, Tokens};
use super::slips;
use super::value::time_unit;

/// Where a parse ended.
pub(super) struct Place<'i> {
    /// What the part was read as.
    pub(super) rule: Rule,
    pub(super) part: Part<'i>,
    /// None at the end of the part.
    pub(super) found: Option<Token<'i>>,
    /// The two tokens before, the nearer last.
    pub(super) before: [Option<Token<'i>>; 2],
    pub(super) expected: &'i [Rule],
}

impl<'i> Place<'i> {
    pub(super) fn found(&self) -> &'i str {
        self.found.map_or("", |token| token.text)
    }

    pub(super) fn previous(&self) -> &'i str {
        self.before[1].map_or("", |token| token.text)
    }

    /// What stands before the previous token.
    pub(super) fn earlier(&self) -> &'i str {
        self.before[0].map_or("", |token| token.text)
    }

    pub(super) fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn span(&self, from: Token<'_>, to: Token<'_>) -> Span {
        self.part.span(from.start, to.end())
    }

    fn after(&self) -> Option<Token<'i>> {
        Tokens::from(self.part.text, self.found?.end()).next()
    }

    /// Whether a name must stand here, and nothing else.
    pub(super) fn is_name(&self) -> bool {
        let names = [Rule::name, Rule::name_word, Rule::words, Rule::string, Rule::simple];
        let starts_name = matches!(
            self.previous(),
            "as" | "meets" | "meet" | "supports" | "define" | "," | "goal" | "segment" | "activity"
        );
        starts_name && self.expected.iter().all(|rule| names.contains(rule))
    }
}

/// Adds the mend to a diagnostic, if the slip is a common one.
pub(super) fn add(place: &Place<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let signs = [
        ("==", "=", "equality is a single `=`"),
        ("=>", ">=", "at least is written `>=`"),
        ("=<", "<=", "at most is written `<=`"),
        ("<>", "!=", "unequal is written `!=`"),
        ("&&", "and", "conditions are joined by `and`"),
        ("&", "and", "conditions are joined by `and`"),
        ("||", "or", "conditions are joined by `or`"),
        ("!", "not ", "a condition is negated by `not`"),
    ];
    let found = place.found();
    if let Some((_, right, help)) = signs.into_iter().find(|(wrong, ..)| *wrong == found) {
        let span = diagnostic.primary.span;
        return diagnostic.help(help).fix(span, right);
    }
    if let Some((amount, unit)) = glued_duration(found) {
        let right = format!("{amount} {unit}");
        let span = diagnostic.primary.span;
        return diagnostic.help(format!("write it with a space: `{right}`")).fix(span, right);
    }
    if let Some(diagnostic) = number(place, &diagnostic) {
        return diagnostic;
    }
    match help(place) {
        Some(help) => diagnostic.help(help),
        None => slips::add(place, diagnostic),
    }
}

/// `5days`
fn glued_duration(text: &str) -> Option<(&str, &str)> {
    let (amount, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '_')?);
    (!amount.is_empty() && time_unit(unit).is_some()).then_some((amount, unit))
}

/// `50 %`, `1,000` and `2,5`
fn number(place: &Place<'_>, diagnostic: &Diagnostic) -> Option<Diagnostic> {
    let found = place.found?;
    let digits = place.before[1].filter(|token| is_digits(token.text))?;
    if found.text == "%" {
        let right = format!("{}%", digits.text);
        let help = format!("the percent sign stands directly after the number: `{right}`");
        return Some(diagnostic.clone().help(help).fix(place.span(digits, found), right));
    }
    let mut groups = vec![digits];
    let mut end = digits.end();
    let mut rest = Tokens::from(place.part.text, end);
    while let (Some(comma), Some(group)) = (rest.next(), rest.next()) {
        let is_glued = comma.start == end && group.start == comma.end();
        if comma.text != "," || !is_glued || !is_digits(group.text) {
            break;
        }
        end = group.end();
        groups.push(group);
    }
    let last = groups.last().filter(|_| found.text == "," && groups.len() > 1)?;
    let texts: Vec<&str> = groups.iter().map(|group| group.text).collect();
    let (right, help) = if texts.iter().skip(1).all(|text| text.len() == 3) {
        (texts.join("_"), "digits are grouped by `_`")
    } else if texts.len() == 2 {
        (texts.join("."), "the decimal sign is a point")
    } else {
        return None;
    };
    let help = format!("{help}: `{right}`");
    Some(diagnostic.clone().help(help).fix(place.span(digits, *last), right))
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

fn help(place: &Place<'_>) -> Option<String> {
    let found = place.found();
    let previous = place.previous();
    let expects = |rule| place.expects(rule);
    let is_comparison =
        matches!(found, ">=" | "<=" | "!=" | "≥" | "≤" | "≠" | ">" | "<" | "=" | "between");
    let function_names = ["sum", "average", "median", "min", "max", "distinct"];
    let text = match found {
        "“" | "”" | "„" | "«" | "»" | "‘" | "’" | "'" | "`" => {
            "a string stands in straight double quotes: `\"…\"`".to_owned()
        }
        "\u{a0}" | "\u{202f}" => "this is a no-break space: write a plain one".to_owned(),
        "then" => "conditions are joined by `and`; what follows an activity is `followed by`".to_owned(),
        ";" => "nothing ends an item but the next one".to_owned(),
        "in" if matches!(previous, "is" | "are") => {
            "write `in (a, b)` without `is`".to_owned()
        }
        "half-year" | "half-years" => "a duration has no half-years: write `6 months`".to_owned(),
        _ if previous == "per" && found.starts_with(|c: char| c.is_ascii_digit()) => {
            let unit = place.after().map_or("weeks", |token| token.text);
            format!("a period is one day, week, month, quarter, half-year or year: for a longer time write `in last {found} {unit}`")
        }
        _ if previous == "last" && time_unit(found).is_some() => {
            format!("write `in previous {found}` for the period, or `in last 1 {found}`")
        }
        _ if previous == "previous" && found.starts_with(|c: char| c.is_ascii_digit()) => {
            "the period before this one is `in previous month`; for several write `in last 3 months`".to_owned()
        }
        _ if is_comparison && ends_in_window(place) => {
            "the window stands after the comparison: `calls >= 4 in last 30 days`".to_owned()
        }
        "of" if function_names.contains(&previous) => {
            format!("`{previous}` takes a field: `{previous} amount of won opportunities`")
        }
        ":" if expects(Rule::dot) => {
            "a field is declared for a noun: `field customer.region : text`".to_owned()
        }
        _ if expects(Rule::colon) && place.rule == Rule::rule_item => {
            "a rule is `SUBJECT: CONDITION`, such as `A-customer: touchpoints >= 4 per year`".to_owned()
        }
        _ => return None,
    };
    Some(text)
}

/// Whether a window has just ended.
fn ends_in_window(place: &Place<'_>) -> bool {
    let [earlier, previous] = place.before.map(|token| token.map_or("", |token| token.text));
    time_unit(previous).is_some()
        && (is_digits(earlier) || matches!(earlier, "this" | "previous" | "per"))
}
