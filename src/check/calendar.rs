//! The calendar of a rule set.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::load::Resolver;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::calendar::Calendar;
use crate::syntax::tree::{Item, ItemKind, Setting, Spanned};

/// What the `calendar` among the items says, or the default one.
pub(super) fn calendar(
    items: &[Item],
    host: &dyn Resolver,
    diagnostics: &mut Vec<Diagnostic>,
) -> Calendar {
    let mut calendar = Calendar::default();
    let mut first: Option<Span> = None;
    for item in items {
        let ItemKind::Calendar(settings) = &item.kind else { continue };
        let word = Span { end: item.span.start + "calendar".len() as u32, ..item.span };
        match first {
            None => {
                first = Some(word);
                set(&mut calendar, settings, host, diagnostics);
            }
            Some(first) => diagnostics.push(
                Diagnostic::error(Code::K035, word, "a rule set has one calendar")
                    .label("this is another")
                    .note_at(first, "the first is here"),
            ),
        }
    }
    calendar
}

fn set(
    calendar: &mut Calendar,
    settings: &[Spanned<Setting>],
    host: &dyn Resolver,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for Spanned { value: setting, span } in settings {
        if let Err(fault) = apply(calendar, setting, *span, host) {
            diagnostics.push(*fault);
        }
    }
}

fn apply(
    calendar: &mut Calendar,
    setting: &Setting,
    span: Span,
    host: &dyn Resolver,
) -> Result<(), Box<Diagnostic>> {
    match setting {
        Setting::Timezone(name) => calendar.zone = zone(name, span)?,
        Setting::YearStarts { month, day } => calendar.year_start = (*month, *day),
        Setting::WeekStarts(day) => calendar.week_start = *day,
        Setting::Workdays(days) => {
            let again =
                days.iter().enumerate().find(|(at, day)| days.iter().take(*at).any(|d| d == *day));
            if again.is_some() {
                let message = "a workday is given twice";
                return Err(Diagnostic::error(Code::K036, span, message).into());
            }
            if days.is_empty() {
                let message = "a week needs at least one workday";
                return Err(Diagnostic::error(Code::K036, span, message).into());
            }
            calendar.workdays.clone_from(days);
        }
        Setting::Holidays(days) => calendar.holidays.extend(days),
        // Read when the activity kinds are known.
        Setting::Hours { .. } | Setting::Minutes(_) => {}
        Setting::HolidaysFrom(name) => match host.holidays(name) {
            Ok(days) => calendar.holidays.extend(days),
            Err(why) => {
                let message = format!("cannot read holidays from `{name}`");
                return Err(Diagnostic::error(Code::K048, span, message).label(why).into());
            }
        },
    }
    Ok(())
}

fn zone(name: &str, span: Span) -> Result<Tz, Box<Diagnostic>> {
    name.parse().map_err(|_| {
        let known = || TZ_VARIANTS.iter().map(|zone| zone.name());
        let fault = Diagnostic::error(Code::K036, span, format!("unknown time zone `{name}`"));
        let hinted = match known().find(|zone| zone.eq_ignore_ascii_case(name)) {
            Some(zone) => fault.label(format!("did you mean `{zone}`?")),
            None => match crate::diagnostic::nearest(name, known()) {
                Some(zone) => fault.label(format!("did you mean `{zone}`?")),
                None => fault,
            },
        };
        Box::new(hinted.help("time zones have names such as Europe/Copenhagen"))
    })
}
