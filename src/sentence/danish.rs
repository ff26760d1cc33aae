//! Danish. What was written, such as `visit`, has no gender that could be known: sentences are of
//! forms that need none.

use chrono::{Datelike, NaiveDate};

use super::{Spoken, Unit, When, Why, Words};
use crate::check::rules::{Cmp, Function, Path, Phrase};
use crate::model::Number;
use crate::model::calendar::{Days, Duration, TimeUnit, Unit as Period};
use crate::verdict::Status;

pub(super) struct Danish;

impl Words for Danish {
    fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Met => "opfyldt",
            Status::OnTrack => "på sporet",
            Status::AtRisk => "i fare",
            Status::Missed => "ikke nået",
            Status::NotApplicable => "ikke relevant",
            Status::Unknown => "ukendt",
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        format!("{}. {} {}", day.day(), self.month(day), day.year())
    }

    fn month(&self, day: NaiveDate) -> &'static str {
        match day.month() {
            1 => "jan.",
            2 => "feb.",
            3 => "mar.",
            4 => "apr.",
            5 => "maj",
            6 => "jun.",
            7 => "jul.",
            8 => "aug.",
            9 => "sep.",
            10 => "okt.",
            11 => "nov.",
            _ => "dec.",
        }
    }

    fn number(&self, number: &Number) -> String {
        let plain = number.to_string();
        let unsigned = plain.strip_prefix('-').unwrap_or(&plain);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut text = if unsigned == plain { String::new() } else { "-".to_owned() };
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push('.');
            }
            text.push(digit);
        }
        let comma = if fraction.is_empty() { "" } else { "," };
        text + comma + fraction
    }

    fn amount(&self, number: &Number, unit: Unit) -> String {
        let amount = self.number(number);
        match unit {
            Unit::None => amount,
            Unit::Percent => format!("{amount} %"),
            Unit::Days if *number == Number::from(1) => format!("{amount} dag"),
            Unit::Days => format!("{amount} dage"),
        }
    }

    fn why(&self, why: Why) -> &'static str {
        match why {
            Why::DivisionByZero => "division med nul",
            Why::ProratedToZero => "det forholdsmæssige mål er 0",
            Why::NoWorkdays => "perioden har ingen arbejdsdage",
            Why::Exempt => "undtaget af `unless`",
            Why::NothingAsked => "der kræves ikke noget",
            Why::NoSuchRule => "reglen findes ikke",
        }
    }

    fn unknown(&self, field: &str) -> String {
        format!("`{field}` er ukendt")
    }

    fn unknown_of(&self, field: &str, id: &str) -> String {
        format!("`{field}` for {id} er ukendt")
    }

    fn there_are_no(&self, phrase: &Phrase) -> String {
        format!("der er ingen {}", phrase.text)
    }

    fn there_are_no_with(&self, phrase: &Phrase, field: &Path) -> String {
        format!("der er ingen {} med `{}`", phrase.text, field.text)
    }

    fn never(&self, phrase: &Phrase) -> String {
        format!("endnu uden {}, og oprettelsesdatoen er ukendt", phrase.text)
    }

    fn known(&self, from: Option<NaiveDate>, through: Option<NaiveDate>) -> String {
        match (from, through) {
            (_, Some(day)) => format!("aktiviteter kendes kun til og med {}", self.day(day)),
            (Some(day), None) => format!("aktiviteter kendes kun fra og med {}", self.day(day)),
            (None, None) => "ikke alle aktiviteter kendes".to_owned(),
        }
    }

    fn meets(&self, rule: &str, status: Status) -> String {
        format!("{rule} er {}", self.status(status))
    }

    fn double_segment(&self, customer: &str, segments: &[&str], first: &str) -> String {
        let segments = match segments {
            [others @ .., last] if !others.is_empty() => {
                format!("{} og {last}", others.join(", "))
            }
            one => one.concat(),
        };
        format!("kunden `{customer}` passer i segmenterne {segments}; det første, {first}, gælder")
    }

    fn counted(&self, measured: &str, target: &str, what: &str) -> String {
        format!("{measured} af {target} {what}")
    }

    fn asked_as_written(&self, text: &str) -> String {
        format!("mål `{text}`")
    }

    fn asked(&self, cmp: Cmp, target: &str) -> String {
        let asked = match cmp {
            Cmp::Less => "under",
            Cmp::AtMost => "højst",
            Cmp::Equal => "præcis",
            Cmp::Unequal => "andet end",
            Cmp::AtLeast => "mindst",
            Cmp::More => "over",
        };
        format!("mål {asked} {target}")
    }

    fn more_planned(&self, planned: &Number, is_count: bool) -> String {
        let more = if is_count && *planned != Number::from(1) { "flere" } else { "mere" };
        format!("{} {more} planlagt", self.number(planned))
    }

    fn when(&self, when: When) -> String {
        match when {
            When::Ever => String::new(),
            When::Since(day) => format!(" siden {}", self.day(day)),
            When::Range(days) => format!(" {}", self.range(days)),
            When::This(unit) => format!(" {}", this(unit)),
            When::Previous(unit) => format!(" {}", previous(unit)),
            When::Last(duration) => format!(" i {}", self.latest(duration)),
        }
    }

    fn aggregate(&self, function: Function, field: &str, of: &str) -> String {
        let function = match function {
            Function::Sum => "sum af",
            Function::Average => "gennemsnit af",
            Function::Median => "median af",
            Function::Min => "mindste",
            Function::Max => "største",
            Function::Distinct => "forskellige",
        };
        format!("{function} {field} for {of}")
    }

    fn longest_gap(&self, of: &str) -> String {
        format!("længste pause mellem {of}")
    }

    fn days_since(&self, of: &str) -> String {
        format!("dage siden {of}")
    }

    fn share(&self, of: &str) -> String {
        format!("andel af {of}")
    }

    fn next(
        &self,
        phrase: &Phrase,
        within: Option<Duration>,
        first: Option<(NaiveDate, &str)>,
    ) -> String {
        let none = || format!("der er ikke planlagt {}", phrase.text);
        match (first, within) {
            (Some((day, kind)), _) => format!("næste {kind} {}", self.on(day)),
            (None, Some(within)) => format!("{} inden for {}", none(), self.duration(within)),
            (None, None) => none(),
        }
    }

    fn followed(
        &self,
        phrase: &Phrase,
        booked: bool,
        first: Option<NaiveDate>,
        last: NaiveDate,
        last_is_over: bool,
    ) -> String {
        let what = &phrase.text;
        let (booked, one_booked) = if booked { (", booket", "booket ") } else { ("", "") };
        match first {
            Some(day) => format!("fulgt op med {what}{booked} {}", self.on(day)),
            None if last_is_over => {
                format!("ikke fulgt op med {what}{booked} senest {}", self.on(last))
            }
            None => format!("endnu ikke fulgt op med {one_booked}{what}, frist {}", self.on(last)),
        }
    }

    fn within(
        &self,
        phrase: &Phrase,
        first: Option<NaiveDate>,
        days: Days,
        last_is_over: bool,
    ) -> String {
        let what = &phrase.text;
        match first {
            Some(day) => format!("{what} {}", self.on(day)),
            None if last_is_over => format!("uden {what} {}", self.range(days)),
            None => {
                let (first, last) = (self.day(days.first), self.on(days.last));
                format!("endnu uden {what} siden {first}, frist {last}")
            }
        }
    }

    fn known_within(
        &self,
        field: &Path,
        is_known: bool,
        last: NaiveDate,
        last_is_over: bool,
    ) -> String {
        let what = &field.text;
        match (is_known, last_is_over) {
            (true, _) => format!("{what} er kendt"),
            (false, true) => format!("{what} var stadig ukendt {}", self.on(last)),
            (false, false) => format!("{what} er endnu ukendt, frist {}", self.on(last)),
        }
    }

    fn every(
        &self,
        phrase: &Phrase,
        latest: Option<NaiveDate>,
        from: NaiveDate,
        gap: &Number,
        target: &Number,
    ) -> String {
        let (what, gap) = (&phrase.text, self.amount(gap, Unit::Days));
        let asked = self.asked(Cmp::AtMost, &self.number(target));
        match latest {
            Some(day) => format!("{gap} siden seneste {what} {}, {asked}", self.on(day)),
            None => format!("{gap} uden {what} siden {}, {asked}", self.day(from)),
        }
    }

    fn field(&self, path: &Path, value: Spoken<'_>) -> String {
        let value = match value {
            Spoken::Unknown => "ukendt".to_owned(),
            Spoken::Text(text) => text.to_owned(),
            Spoken::Number(number) => self.number(&Number::from(number)),
            Spoken::Date(day) => self.day(day),
            Spoken::YesNo(yes) => if yes { "ja" } else { "nej" }.to_owned(),
        };
        format!("{} er {value}", path.text)
    }

    fn is(&self, phrase: &Phrase, yes: bool) -> String {
        let not = if yes { "" } else { "ikke " };
        format!("er {not}{}", phrase.text)
    }
}

impl Danish {
    fn on(&self, day: NaiveDate) -> String {
        format!("den {}", self.day(day))
    }

    fn range(&self, days: Days) -> String {
        if days.first == days.last {
            return self.on(days.first);
        }
        format!("fra {} til {}", self.day(days.first), self.day(days.last))
    }

    /// `1 måned`, `14 dage`
    fn duration(&self, duration: Duration) -> String {
        let amount = self.number(&Number::from(duration.amount));
        format!("{amount} {}", unit(duration))
    }

    /// `den seneste måned`, `de seneste 14 dage`
    fn latest(&self, duration: Duration) -> String {
        if duration.amount != 1 {
            return format!("de seneste {}", self.duration(duration));
        }
        let article = match duration.unit {
            TimeUnit::Minute | TimeUnit::Quarter | TimeUnit::Year => "det",
            TimeUnit::Hour
            | TimeUnit::Day
            | TimeUnit::Workday
            | TimeUnit::Week
            | TimeUnit::Month => "den",
        };
        format!("{article} seneste {}", unit(duration))
    }
}

/// Of so many.
fn unit(duration: Duration) -> &'static str {
    let (one, many) = match duration.unit {
        TimeUnit::Minute => ("minut", "minutter"),
        TimeUnit::Hour => ("time", "timer"),
        TimeUnit::Day => ("dag", "dage"),
        TimeUnit::Workday => ("arbejdsdag", "arbejdsdage"),
        TimeUnit::Week => ("uge", "uger"),
        TimeUnit::Month => ("måned", "måneder"),
        TimeUnit::Quarter => ("kvartal", "kvartaler"),
        TimeUnit::Year => ("år", "år"),
    };
    if duration.amount == 1 { one } else { many }
}

fn this(period: Period) -> &'static str {
    match period {
        Period::Day => "i dag",
        Period::Week => "i denne uge",
        Period::Month => "i denne måned",
        Period::Quarter => "i dette kvartal",
        Period::HalfYear => "i dette halvår",
        Period::Year => "i år",
    }
}

fn previous(period: Period) -> &'static str {
    match period {
        Period::Day => "i går",
        Period::Week => "i sidste uge",
        Period::Month => "i sidste måned",
        Period::Quarter => "i sidste kvartal",
        Period::HalfYear => "i sidste halvår",
        Period::Year => "sidste år",
    }
}
