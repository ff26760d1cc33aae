//! Random rule files that reach every construct of the language.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};
use kadence::{FieldType, NoFiles, Noun, RuleSet};

use super::dice::{Dice, plus};
use super::words::{UNITS, Writer, has};

/// What a measure is a number of, which says what it is compared with.
#[derive(Clone, Copy, PartialEq)]
enum Quantity {
    Plain,
    Percent,
    Days,
}

/// The words of a rule file's own: kinds and fields of every type, and names.
const WORDS: &str = r#"
activity webinar
activity "site visit"
field customer.region : text
field customer.vip : yes-no
field customer.touched : instant
field customer.signed : date
field contact.main : yes-no
field seller.meeting_goal : number
field team.goal : number
field lead.deadline : instant
field opportunity.signed : date
field campaign.budget : number
field member.score : number
field activity.rating : number
field activity.billed : yes-no
define key customer = A-customer where revenue >= 100
define large opportunity = opportunity where amount >= 100
define touch call = call | email
define ready meeting = meeting where preparation is known
define rare touch = touchpoint spaced 7 days
define late call = call dated created
define signed deal = won opportunity dated signed
define effort = 2 * meetings + calls + 0.5 * emails
"#;

pub(crate) fn rule_file(dice: &mut Dice, middle: NaiveDate) -> String {
    let mut text = calendar(dice, middle);
    text.push_str(WORDS);
    if dice.one_in(3) {
        text.push_str("segment A = customer where revenue >= 100\n");
        text.push_str("segment B = customer where touchpoints >= 1 in last 60 days\n");
    }
    let schema = RuleSet::compile("words.kpi", &text, &NoFiles).unwrap().schema().clone();
    let count = 3 + dice.below(6);
    let mut writer = Writer { dice, schema: &schema, middle, rules: Vec::new() };
    for _ in 0..count {
        let rule = writer.rule();
        text.push_str(&rule);
    }
    if writer.dice.one_in(3) {
        text.push_str(&writer.list());
    }
    if writer.dice.one_in(4) {
        text.push_str(&writer.goal());
    }
    text
}

fn calendar(dice: &mut Dice, middle: NaiveDate) -> String {
    let zone = dice.pick(&[
        "UTC",
        "Europe/Copenhagen",
        "Europe/Copenhagen",
        "America/New_York",
        "Asia/Kolkata",
        // The clock skips and repeats midnight itself.
        "Asia/Beirut",
    ]);
    let month = dice.pick(&["1 January", "1 July", "15 April", "31 January"]);
    let week = dice.pick(&["Monday", "Sunday"]);
    let workdays = dice.pick(&["Monday to Friday", "Monday, Wednesday, Saturday"]);
    let holiday = plus(middle, dice.between(-20, 20));
    format!(
        "calendar\n    timezone {zone}\n    year starts {month}\n    week starts {week}\n    workdays {workdays}\n    holidays {holiday}, {}-12-25\n",
        middle.year()
    )
}

impl Writer<'_> {
    fn rule(&mut self) -> String {
        if self.dice.one_in(8) {
            return self.sharp_rule();
        }
        let noun = self.dice.pick(&[
            Noun::Company,
            Noun::Team,
            Noun::Seller,
            Noun::Seller,
            Noun::Customer,
            Noun::Customer,
            Noun::Customer,
            Noun::Contact,
            Noun::Lead,
            Noun::Lead,
            Noun::Opportunity,
            Noun::Opportunity,
            Noun::Campaign,
            Noun::Absence,
            Noun::Member,
            Noun::Activity,
            Noun::Activity,
        ]);
        let subject = match self.dice.below(3) {
            0 => self.phrase(noun, 1, false),
            1 => self.simple(noun),
            _ => noun.singular().to_owned(),
        };
        let has_things = Noun::ALL.iter().any(|thing| has(noun, *thing));
        let prorates = has_things && self.dice.one_in(6);
        let condition = if prorates { self.target(noun) } else { self.condition(noun, 2) };
        let mut rule = format!("{subject}: {condition}");
        let _ = write!(rule, "\n    as r{}", self.rules.len());
        self.modifiers(&mut rule, noun, prorates);
        self.rules.push(noun);
        rule.push('\n');
        rule
    }

    /// A rule that an instant, a sign or a day of coverage decides.
    fn sharp_rule(&mut self) -> String {
        let (noun, condition) = self.dice.pick(&[
            (Noun::Lead, "activity within 24 hours of created"),
            (Noun::Lead, "any activity within 36 hours of deadline"),
            (Noun::Lead, "activity within 24 hours before deadline"),
            (Noun::Lead, "name is known within 24 hours of created"),
            (Noun::Customer, "days since activities <= 20"),
            (Noun::Customer, "days since activities >= 5"),
            (Noun::Customer, "-2 * activities >= -3 per quarter"),
            (Noun::Seller, "activities / (-2) <= -1 in last 30 days"),
        ]);
        let rule = format!("{noun}: {condition}\n    as r{}\n", self.rules.len());
        self.rules.push(noun);
        rule
    }

    fn modifiers(&mut self, rule: &mut String, noun: Noun, prorates: bool) {
        if prorates && !self.dice.one_in(3) {
            rule.push_str(" prorate");
        }
        if self.dice.one_in(8) {
            let _ = write!(rule, " because \"so be it\" severity critical");
        }
        if self.dice.one_in(5) {
            let _ = write!(rule, " weight {}", self.dice.pick(&["0", "2", "2.5"]));
        }
        let (since, until) = (self.dice.between(-90, 20), self.dice.between(20, 90));
        if self.dice.one_in(8) {
            let _ = write!(rule, " since {}", plus(self.middle, since));
        }
        if self.dice.one_in(8) {
            let _ = write!(rule, " until {}", plus(self.middle, until));
        }
        if self.dice.one_in(8) {
            let hours = matches!(noun, Noun::Lead | Noun::Activity) && self.dice.one_in(2);
            let grace = if hours { self.clock() } else { self.days() };
            let _ = write!(rule, " grace {grace}");
        }
        if self.dice.one_in(7) {
            let warn = self.dice.pick(&["1 day", "5 days", "14 days", "1 week", "3 workdays"]);
            let _ = write!(rule, " warn {warn}");
        }
        if self.dice.one_in(7) {
            let unless = self.condition(noun, 1);
            let _ = write!(rule, " unless {unless}");
        }
    }

    fn list(&mut self) -> String {
        let noun = self.dice.pick(&[Noun::Opportunity, Noun::Lead, Noun::Customer, Noun::Activity]);
        let mut list = format!("list \"calls\" = {}", self.phrase(noun, 1, false));
        if let Some((path, _)) = self.field(noun, |_| true).filter(|_| !self.dice.one_in(4)) {
            let way = self.dice.pick(&["", " ascending", " descending"]);
            let _ = write!(list, " sort by {path}{way}");
        }
        if self.dice.one_in(2) {
            let per = self.dice.pick(&["", " per seller", " per team"]);
            let _ = write!(list, " limit {}{per}", 1 + self.dice.below(2));
        }
        list.push('\n');
        list
    }

    fn goal(&mut self) -> String {
        let of = self.dice.pick(&[
            "sum amount of won opportunities",
            "touchpoints",
            "meetings on lead",
            "effort",
        ]);
        let value = self.dice.pick(&["2", "10", "100k"]);
        let mut window = String::new();
        while window.is_empty() {
            window = self.window(Noun::Company, false, false);
        }
        format!("goal sold = {of} >= {value}{window}\n    through lead > meeting on lead\n")
    }

    /// A count or a sum `per UNIT`.
    fn target(&mut self, noun: Noun) -> String {
        let Some(thing) = self.thing_of(noun) else { return self.condition(noun, 1) };
        let phrase = self.phrase(thing, 0, true);
        let sum = if self.dice.one_in(3) { self.number_field(thing) } else { None };
        let measure =
            sum.map_or_else(|| phrase.clone(), |field| format!("sum {field} of {phrase}"));
        let sign = self.dice.pick(&[">=", ">=", ">", "<=", "<", "="]);
        let value = self.dice.pick(&["1", "2", "3", "5", "20", "2.5"]);
        format!("{measure} {sign} {value} per {}", self.dice.pick(&UNITS))
    }

    /// A condition on a thing. Parts of conditions stand in brackets.
    pub(crate) fn condition(&mut self, noun: Noun, depth: u32) -> String {
        if depth > 0 {
            match self.dice.below(8) {
                0 => {
                    let (a, b) = (self.condition(noun, depth - 1), self.condition(noun, depth - 1));
                    return format!("({a}) and ({b})");
                }
                1 => {
                    let (a, b) = (self.condition(noun, depth - 1), self.condition(noun, depth - 1));
                    return format!("({a}) or ({b})");
                }
                2 => return format!("not ({})", self.condition(noun, depth - 1)),
                _ => {}
            }
        }
        loop {
            let has_activities = has(noun, Noun::Activity);
            let made = match self.dice.below(16) {
                0..=4 => Some(self.comparison(noun, depth)),
                5 if has_activities => Some(self.next(depth)),
                6 | 7 if noun == Noun::Activity => Some(self.followed(depth)),
                6 | 15 if has_activities => self.within(noun, depth),
                7 => self.known_within(noun),
                8 if has_activities => {
                    let every = self.days();
                    Some(format!("{} every {every}", self.plain_activity(depth, false)))
                }
                9 | 10 => self.field_test(noun),
                11 => self.adjective(noun).map(|is| {
                    let not = if self.dice.one_in(4) { "not " } else { "" };
                    format!("is {not}{is}")
                }),
                12 | 14 => self.meets(noun),
                13 if has_activities => Some(self.target(noun)),
                _ => None,
            };
            if let Some(made) = made {
                return made;
            }
        }
    }

    fn meets(&mut self, noun: Noun) -> Option<String> {
        let known: Vec<usize> =
            (0..self.rules.len()).filter(|place| self.rules[*place] == noun).collect();
        (!known.is_empty()).then(|| format!("meets r{}", self.dice.pick(&known)))
    }

    fn next(&mut self, depth: u32) -> String {
        let phrase = self.plain_activity(depth, true);
        match self.dice.below(4) {
            0 => format!("next {phrase}"),
            1 => format!("next {phrase} within {}", self.clock()),
            _ => format!("next {phrase} within {}", self.days()),
        }
    }

    fn followed(&mut self, depth: u32) -> String {
        let phrase = self.plain_activity(depth, false);
        // What follows a `where` in brackets must not go on with it.
        let booked = !phrase.contains("where") && self.dice.one_in(3);
        let booked = if booked { " booked" } else { "" };
        let within = if self.dice.one_in(3) { self.clock() } else { self.days() };
        format!("followed by {phrase}{booked} within {within}")
    }

    fn within(&mut self, noun: Noun, depth: u32) -> Option<String> {
        let instant = self.field(noun, |kind| kind == FieldType::Instant);
        let instant = instant.filter(|_| self.dice.one_in(2));
        let (path, kind) = instant.or_else(|| self.day_field(noun))?;
        let phrase = self.plain_activity(depth, false);
        let clock = kind == FieldType::Instant && !self.dice.one_in(3);
        let within = if clock { self.clock() } else { self.days() };
        let of = self.dice.pick(&["of", "of", "before"]);
        Some(format!("{phrase} within {within} {of} {path}"))
    }

    fn known_within(&mut self, noun: Noun) -> Option<String> {
        let (field, _) = self.field(noun, |_| true)?;
        let (path, kind) = self.day_field(noun)?;
        let clock = kind == FieldType::Instant && self.dice.one_in(3);
        let within = if clock { self.clock() } else { self.days() };
        Some(format!("{field} is known within {within} of {path}"))
    }

    fn field_test(&mut self, noun: Noun) -> Option<String> {
        let (path, kind) = self.field(noun, |_| true)?;
        let not = if self.dice.one_in(4) { "not " } else { "" };
        if self.dice.one_in(4) {
            return Some(format!("{path} is {}", self.dice.pick(&["known", "unknown"])));
        }
        Some(match kind {
            FieldType::Text => match self.dice.below(4) {
                0 => format!("{path} contains \"a\""),
                1 => format!("{path} starts with \"a\""),
                2 => format!("{path} {not}in (dk, \"much\", agenda)"),
                _ => format!("{path} is {not}\"{}\"", self.dice.pick(&["A", "dk", "much", "N"])),
            },
            FieldType::Number => match self.dice.below(3) {
                0 => format!("{path} {not}in (1, 2, -3)"),
                1 => format!("{path} between 1 and 100.5"),
                _ => {
                    let sign = self.dice.pick(&["<", "<=", "=", "!=", ">=", ">"]);
                    format!("{path} {sign} {}", self.dice.pick(&["1", "100", "-3", "33.33"]))
                }
            },
            FieldType::YesNo => format!("{path} is {not}{}", self.dice.pick(&["yes", "no"])),
            FieldType::OneOf(values) => {
                let value = self.dice.pick(values);
                match self.dice.below(2) {
                    0 => format!("{path} is {not}{value}"),
                    _ => format!("{path} {not}in ({value}, {})", self.dice.pick(values)),
                }
            }
            FieldType::Reference(other) => {
                let ids = match other {
                    Noun::Customer => ["cu10", "cu9"],
                    Noun::Seller => ["se10", "se-B"],
                    _ => ["le9", "op10"],
                };
                format!("{path} is {not}\"{}\"", self.dice.pick(&ids))
            }
            FieldType::Date | FieldType::Instant => match self.dice.below(7) {
                6 => {
                    let (first, second) = (self.date(), self.date());
                    format!("{path} {not}in ({first}, {second})")
                }
                0 => format!("{path} before today"),
                1 => format!("{path} after {}", self.date()),
                2 => {
                    let first = self.dice.day(self.middle);
                    format!("{path} between {first} and {}", plus(first, 30))
                }
                3 => {
                    let sign = self.dice.pick(&["<", "<=", "=", "!=", ">=", ">"]);
                    let other = self.day_field(noun).map_or_else(|| self.instant(), |(p, _)| p);
                    let other = if self.dice.one_in(2) { other } else { self.instant() };
                    format!("{path} {sign} {other}")
                }
                _ => {
                    let instants = kind == FieldType::Instant;
                    format!("{path} {not}{}", self.window(noun, true, instants).trim_start())
                }
            },
        })
    }

    /// `MEASURE CMP VALUE [WINDOW]` and `between`.
    fn comparison(&mut self, noun: Noun, depth: u32) -> String {
        if has(noun, Noun::Activity) && self.dice.one_in(8) {
            let any = ["any activities", "planned activities", "activities dated at"];
            let phrase = match self.dice.below(2) {
                0 => self.dice.pick(&any).to_owned(),
                _ => self.phrase(Noun::Activity, depth, false),
            };
            let (sign, value) = (self.dice.pick(&[">=", "<="]), self.dice.pick(&["0", "1", "2"]));
            return format!("{phrase} {sign} {value} in last {}", self.clock());
        }
        let (left, quantity, over_time) = self.measure(noun, depth);
        let window = if over_time { self.window(noun, false, false) } else { String::new() };
        if self.dice.one_in(8) {
            let values = match quantity {
                Quantity::Plain => "1 and 3",
                Quantity::Percent => "25% and 75%",
                Quantity::Days => "5 days and 30 days",
            };
            return format!("{left} between {values}{window}");
        }
        let sign = self.dice.pick(&[">=", ">=", ">=", ">", "<=", "<=", "<", "=", "!="]);
        let right = match quantity {
            Quantity::Plain if depth > 0 && self.dice.one_in(5) => {
                let (right, same, _) = self.measure(noun, depth - 1);
                if same == Quantity::Plain { format!("({right})") } else { "2".to_owned() }
            }
            Quantity::Plain => self.dice.pick(&["0", "1", "2", "3", "5", "1.5", "1k"]).to_owned(),
            Quantity::Percent => self.dice.pick(&["0%", "33%", "50%", "100%"]).to_owned(),
            Quantity::Days => self.dice.pick(&["5", "20", "14 days", "9 weeks"]).to_owned(),
        };
        format!("{left} {sign} {right}{window}")
    }

    /// A measure, what it is a number of, and whether it is of something that has a day.
    fn measure(&mut self, noun: Noun, depth: u32) -> (String, Quantity, bool) {
        let plain = |text| (text, Quantity::Plain, true);
        let thing = self.thing_of(noun);
        let has_activities = has(noun, Noun::Activity);
        let part = |writer: &mut Self| {
            let (text, quantity, over_time) = writer.measure(noun, depth - 1);
            if quantity == Quantity::Plain { (text, over_time) } else { ("3".to_owned(), false) }
        };
        match (self.dice.below(16), thing) {
            (0, _) => match self.number_field(noun) {
                Some(field) => (field, Quantity::Plain, false),
                None => ("2".to_owned(), Quantity::Plain, false),
            },
            (1, _) if has_activities => {
                let phrase = self.phrase(Noun::Activity, depth, true);
                (format!("longest gap of {phrase}"), Quantity::Days, true)
            }
            (2, _) if has_activities => {
                let phrase = self.phrase(Noun::Activity, depth, true);
                (format!("days since {phrase}"), Quantity::Days, true)
            }
            (3..=5, Some(thing)) => {
                let function = self.dice.pick(&["sum", "sum", "average", "median", "min", "max"]);
                match self.number_field(thing) {
                    Some(field) => {
                        let phrase = self.phrase(thing, depth, true);
                        plain(format!("{function} {field} of {phrase}"))
                    }
                    None => plain(self.phrase(thing, depth, true)),
                }
            }
            (6, Some(thing)) => {
                let field = self.field(thing, |_| true).map(|(path, _)| path);
                let field = field.unwrap_or_else(|| "id".to_owned());
                plain(format!("distinct {field} of {}", self.phrase(thing, depth, true)))
            }
            (7 | 8, Some(thing)) => {
                let phrase = self.phrase(thing, depth, true);
                let that = match self.dice.below(4) {
                    0 => self.adjective(thing).map(|is| format!("are {is}")),
                    1 | 2 => self.meets(thing),
                    _ => None,
                };
                let depth = depth.saturating_sub(1);
                let that = that.unwrap_or_else(|| format!("({})", self.condition(thing, depth)));
                (format!("share of {phrase} that {that}"), Quantity::Percent, true)
            }
            (9, _) if depth > 0 => {
                let ((a, over), (b, too)) = (part(self), part(self));
                let sign = self.dice.pick(&["+", "-"]);
                (format!("({a} {sign} {b})"), Quantity::Plain, over || too)
            }
            (10, _) if depth > 0 => {
                let ((a, over), (b, too)) = (part(self), part(self));
                let sign = self.dice.pick(&["*", "/"]);
                (format!("({a} {sign} ({b}))"), Quantity::Plain, over || too)
            }
            (11, _) if depth > 0 => {
                let (a, over) = part(self);
                (format!("-({a})"), Quantity::Plain, over)
            }
            (12, _) if has_activities => plain(self.dice.pick(&["effort", "calls"]).to_owned()),
            (13, Some(thing)) if has_activities => {
                let weight = self.dice.pick(&["2", "0.5"]);
                plain(format!("{weight} * {} + calls", self.phrase(thing, 0, true)))
            }
            (_, Some(thing)) => plain(self.phrase(thing, depth, true)),
            (_, None) => match self.number_field(noun) {
                Some(field) => (field, Quantity::Plain, false),
                None => ("2".to_owned(), Quantity::Plain, false),
            },
        }
    }
}
