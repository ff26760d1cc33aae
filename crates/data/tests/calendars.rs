//! Calendars as programs export them: what is found in each is its snapshot. `ics_compare.py`
//! holds the same calendars against what Python finds.

// Clippy lets the helpers of tests unwrap only where it sees that they are tests.
#![cfg(test)]
#![cfg(feature = "ics")]

use std::fmt::Write;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use chrono_tz::Europe::Copenhagen;
use kadence_data::calendar::{Calendar, Occurrence, occurrences};
use proptest::prelude::*;

fn range() -> RangeInclusive<NaiveDate> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    day(2026, 1, 1)..=day(2027, 12, 31)
}

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendars");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ics"));
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

fn told(occurrence: &Occurrence) -> String {
    let event = &occurrence.event;
    let mut line = format!(
        "{} .. {} {:>5} min  {}  {}  [{}]",
        occurrence.start.to_rfc3339(),
        occurrence.end.to_rfc3339(),
        occurrence.minutes(),
        event.status,
        event.summary,
        occurrence.id(),
    );
    let mut more = |name: &str, text: String| {
        if !text.is_empty() {
            write!(line, "\n    {name}: {text}").unwrap();
        }
    };
    more("zone", event.zone.clone().unwrap_or_default());
    more("organizer", event.organizer.clone());
    for attendee in &event.attendees {
        more("attendee", format!("{} <{}> {}", attendee.name, attendee.mail, attendee.answer));
    }
    more("at", event.location.clone());
    more("as", event.categories.join("; "));
    more("line", event.line.to_string());
    line
}

fn all_told(calendar: &Calendar) -> String {
    let mut text = String::new();
    for fault in &calendar.faults {
        writeln!(text, "fault: {fault}").unwrap();
    }
    for note in &calendar.notes {
        writeln!(text, "note: {note}").unwrap();
    }
    let mut before = None;
    for occurrence in calendar.occurrences.iter().take(40) {
        let (mut told, event) = (told(occurrence), Some(&occurrence.event));
        // What an event says of itself is said once.
        if before == event {
            told = told.lines().next().unwrap_or_default().to_owned();
        }
        before = event;
        writeln!(text, "{told}").unwrap();
    }
    let more = calendar.occurrences.len().saturating_sub(40);
    if more > 0 {
        writeln!(text, "and {more} more").unwrap();
    }
    text
}

#[test]
fn what_calendars_hold_is_found() {
    let corpus = corpus();
    assert!(corpus.len() >= 15);
    for (name, bytes) in corpus {
        let text = match occurrences(&bytes, Copenhagen, range()) {
            Ok(calendar) => all_told(&calendar),
            Err(fault) => format!("refused: {fault}"),
        };
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("calendars/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

#[test]
fn a_calendar_in_another_encoding_is_read_as_that() {
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:M\u{f8}de i \u{c5}rhus\r\n\
                DTSTART:20261116T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, notes) in
        [(latin, 1), (utf16, 1), (text.into(), 0), (format!("\u{feff}{text}").into(), 0)]
    {
        let calendar = occurrences(&bytes, Copenhagen, range()).unwrap();
        assert_eq!(calendar.occurrences[0].event.summary, "M\u{f8}de i \u{c5}rhus");
        assert_eq!(calendar.notes.len(), notes, "{:?}", calendar.notes);
    }
}

fn one_event(lines: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n").into()
}

/// The start of an event at noon on the first of July, and what is noted of it.
fn noon_in(zone: &str) -> (String, Vec<String>) {
    let event = one_event(&format!("DTSTART;TZID={zone}:20260701T120000"));
    let calendar = occurrences(&event, Copenhagen, range()).unwrap();
    let notes = calendar.notes.iter().map(ToString::to_string).collect();
    (calendar.occurrences[0].start.to_utc().format("%H:%M").to_string(), notes)
}

#[test]
fn zones_are_known_by_the_names_that_programs_give_them() {
    for (zone, utc) in [
        ("Europe/Copenhagen", "10:00"),
        ("Romance Standard Time", "10:00"),
        ("W. Europe Standard Time", "10:00"),
        ("GMT Standard Time", "11:00"),
        ("FLE Standard Time", "09:00"),
        ("Eastern Standard Time", "16:00"),
        ("\"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris\"", "10:00"),
        ("/freeassociation.sourceforge.net/Europe/Helsinki", "09:00"),
        ("/mozilla.org/20070129_1/America/New_York", "16:00"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "15:00"),
        ("UTC", "12:00"),
    ] {
        assert_eq!(noon_in(zone), (utc.to_owned(), vec![]), "{zone}");
    }
    let note = "line 4: the time zone `Nowhere` is not known: times are read as without one";
    assert_eq!(noon_in("Nowhere"), ("10:00".to_owned(), vec![note.to_owned()]));
}

/// The zone of Copenhagen, as a calendar defines it.
const DEFINED: &str = "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19961027T030000\n\
    RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n\
    BEGIN:DAYLIGHT\nDTSTART:19960331T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n\
    TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

fn fault_of(lines: &str) -> String {
    let calendar = occurrences(&one_event(lines), Copenhagen, range()).unwrap();
    assert_eq!(calendar.occurrences, []);
    calendar.faults[0].to_string()
}

#[test]
fn what_recurs_without_measure_is_refused_with_its_line() {
    assert_eq!(
        fault_of("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY"),
        "line 5: it recurs more than 100000 times up to 2028-01-03"
    );
    let all = |most: usize| (0..most).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let (hours, minutes) = (all(24), all(60));
    assert_eq!(
        fault_of(&format!(
            "DTSTART:20260101T000000Z\n\
             RRULE:FREQ=YEARLY;BYHOUR={hours};BYMINUTE={minutes};BYSECOND={minutes};BYDAY=MO,TU"
        )),
        "line 5: a recurrence of too many parts"
    );
    assert_eq!(
        fault_of("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;BYDAY=L\u{ae}H"),
        "line 5: `RRULE` cannot be `FREQ=DAILY;BYDAY=L\u{ae}H`: expected letters and digits of ASCII"
    );
    let dates = "20260102T000000Z,".repeat(1_000_000);
    assert_eq!(
        fault_of(&format!("DTSTART:20260101T000000Z\nEXDATE:{}", dates.trim_end_matches(','))),
        "line 5: more than 100000 dates in `EXDATE`"
    );
    let zone = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:odd\nBEGIN:STANDARD\nDTSTART:16010101T000000\n\
                RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n\
                BEGIN:VEVENT\nDTSTART;TZID=odd:20260101T000000\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = occurrences(zone.as_bytes(), Copenhagen, range()).unwrap();
    assert_eq!(calendar.faults[0].line, 6);
}

#[test]
fn a_calendar_of_ever_so_many_rules_ends() {
    let rule = "BEGIN:VEVENT\nDTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n";
    let calendar = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", rule.repeat(5_000));
    let read = occurrences(calendar.as_bytes(), Copenhagen, range()).unwrap();
    // Those that were looked at take place once.
    assert!(read.occurrences.len() < 100);
    // So many that the last of them only says that there are more.
    assert_eq!(read.faults.len(), 1_001);
    assert!(read.faults.iter().any(|fault| fault.message.contains("too often to be worked out")));
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let fault = occurrences(&vec![b' '; (128 << 20) + 1], Copenhagen, range()).unwrap_err();
    assert_eq!(fault.to_string(), "line 1: the calendar is larger than 128 MiB");
}

#[test]
fn the_newest_change_of_an_occurrence_counts_however_its_time_is_written() {
    let change = |sequence: u8, id: &str, hour: u8| {
        format!(
            "BEGIN:VEVENT\nUID:a\nSEQUENCE:{sequence}\nRECURRENCE-ID{id}\n\
             DTSTART;TZID=Europe/Copenhagen:20260602T{hour}0000\nEND:VEVENT\n"
        )
    };
    let calendar = format!(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Copenhagen:20260601T090000\n\
         RRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n{}{}{}END:VCALENDAR\n",
        change(1, ";TZID=Europe/Copenhagen:20260602T090000", 11),
        change(3, ":20260602T070000Z", 13),
        change(2, ";TZID=America/New_York:20260602T030000", 12),
    );
    let read = occurrences(calendar.as_bytes(), Copenhagen, range()).unwrap();
    let starts: Vec<String> = read.occurrences.iter().map(|o| o.start.to_rfc3339()).collect();
    assert_eq!(
        starts,
        ["2026-06-01T09:00:00+02:00", "2026-06-02T13:00:00+02:00", "2026-06-03T09:00:00+02:00"]
    );
    let notes: Vec<String> = read.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "line 7: not used: line 13 has the event of the same `UID`",
            "line 19: not used: line 13 has the event of the same `UID`"
        ]
    );
}

#[test]
fn all_of_time_may_be_asked_for() {
    let all = NaiveDate::MIN..=NaiveDate::MAX;
    for lines in ["DURATION:P4294967295W", "DURATION:PT4294967295H", "DTEND:99991231T235959Z"] {
        let event = one_event(&format!("DTSTART:20260101T000000Z\n{lines}"));
        let calendar = occurrences(&event, Copenhagen, all.clone()).unwrap();
        assert_eq!(calendar.occurrences[0].end.naive_utc().to_string(), "9999-12-31 23:59:59");
    }
    let calendar = occurrences(&one_event("DTSTART:00000101T000000"), Copenhagen, all).unwrap();
    assert_eq!(calendar.occurrences.len(), 1);
}

#[test]
fn very_many_changes_of_one_event_end() {
    let change = |n: u32| {
        format!(
            "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:{n:08}\nDTSTART:{n:08}\nEND:VEVENT\n"
        )
    };
    let days: Vec<u32> =
        (1000..9000).flat_map(|year| [year * 10_000 + 101, year * 10_000 + 201]).collect();
    let calendar = format!(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:18000101\nRRULE:FREQ=DAILY\nEND:VEVENT\n{}END:VCALENDAR\n",
        days.into_iter().map(change).collect::<String>()
    );
    let read = occurrences(calendar.as_bytes(), Copenhagen, range()).unwrap();
    assert_eq!((read.faults.len(), read.occurrences.len()), (0, 730));
}

#[test]
fn an_event_whose_rule_is_never_fulfilled_takes_place_once() {
    let lines = "DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30";
    let calendar = occurrences(&one_event(lines), Copenhagen, range()).unwrap();
    assert_eq!(calendar.occurrences.len(), 1);
    assert_eq!(calendar.notes[0].to_string(), "line 5: a recurrence that is on no day");
}

/// Lines of the corpus, in another order and with bytes changed.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let corpus = corpus();
    let change =
        (any::<prop::sample::Index>(), 0..40_usize, prop::collection::vec(any::<u8>(), 0..6));
    let changes = prop::collection::vec(change, 1..6);
    (prop::sample::select(corpus), changes).prop_map(|((_, mut bytes), changes)| {
        for (at, cut, with) in changes {
            let at = at.index(bytes.len().max(1));
            let end = (at + cut).min(bytes.len());
            bytes.splice(at.min(end)..end, with);
        }
        bytes
    })
}

/// The same calendar with its lines folded elsewhere.
fn folded(bytes: &[u8], width: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut folded = String::new();
    for line in unfolded.lines() {
        for (place, c) in line.chars().enumerate() {
            if place > 0 && place % width == 0 {
                folded.push_str("\r\n ");
            }
            folded.push(c);
        }
        folded.push_str("\r\n");
    }
    folded
}

/// What is found, apart from its lines.
fn found(calendar: &Calendar) -> Vec<String> {
    let event = |told: String| told.split("\n    line:").next().unwrap_or_default().to_owned();
    calendar.occurrences.iter().map(|occurrence| event(told(occurrence))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = occurrences(&bytes, Copenhagen, range());
    }

    #[test]
    fn no_rule_makes_it_panic(
        start in "(19|20|99|00)[0-9]{2}(0[1-9]|1[0-2])[0-2][0-9](T[0-2][0-9]0000Z?)?",
        zone in prop_oneof![Just(""), Just(";TZID=Europe/Copenhagen"), Just(";TZID=Asia/Kolkata")],
        frequency in "(SECOND|MINUTE|HOUR|WEEK|MONTH|YEAR)LY|DAILY",
        parts in prop::collection::vec(
            "(INTERVAL|COUNT|BYSECOND|BYMINUTE|BYHOUR|BYDAY|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO\
             |BYSETPOS|WKST|UNTIL|X-A)=(-?[0-9]{1,5}(,-?[0-9]{1,2}){0,2}|[+-]?[0-9]{0,3}(MO|SU|TH)\
             |20[0-9]{2}0101(T000000Z?)?|[!-~]{0,4})",
            0..4,
        ),
    ) {
        let rule = format!("RRULE:FREQ={frequency};{}", parts.join(";"));
        let event = one_event(&format!("DTSTART{zone}:{start}\n{rule}"));
        let calendar = occurrences(&event, Copenhagen, range()).unwrap();
        prop_assert!(calendar.occurrences.len() <= 100_001);
    }

    #[test]
    fn no_change_of_a_calendar_makes_it_panic(bytes in mutated()) {
        if let Ok(calendar) = occurrences(&bytes, Copenhagen, range()) {
            prop_assert!(calendar.faults.is_sorted() && calendar.notes.is_sorted());
        }
    }

    /// Most of the times lie about the hours at which clocks are set.
    #[test]
    fn a_zone_that_is_defined_is_the_one_that_is_named(
        year in 1997..2037_i32,
        day in prop_oneof![86..91_u32, 297..305_u32, 1..366_u32],
        minute in prop_oneof![60..240_i64, 0..1440_i64],
    ) {
        let day = NaiveDate::from_yo_opt(year, day).unwrap();
        let time = day.and_hms_opt(0, 0, 0).unwrap() + chrono::TimeDelta::minutes(minute);
        let time = time.format("%Y%m%dT%H%M%S");
        let event = |zone: &str| {
            format!("BEGIN:VEVENT\nUID:{zone}\nDTSTART;TZID={zone}:{time}\nDURATION:P1D\nEND:VEVENT\n")
        };
        let calendar =
            format!("BEGIN:VCALENDAR\n{DEFINED}{}{}END:VCALENDAR\n", event("Ours"), event("Europe/Copenhagen"));
        let read = occurrences(calendar.as_bytes(), chrono_tz::UTC, day..=day + Days::new(2)).unwrap();
        let [one, other] = read.occurrences.as_slice() else { panic!("{read:?}") };
        prop_assert_eq!((one.start, one.end), (other.start, other.end));
        prop_assert_eq!(one.start.offset(), other.start.offset());
    }

    #[test]
    fn it_does_not_matter_where_lines_are_folded(
        (_, bytes) in prop::sample::select(corpus()),
        width in 1..80_usize,
    ) {
        let read = |bytes: &[u8]| occurrences(bytes, Copenhagen, range());
        match (read(&bytes), read(folded(&bytes, width).as_bytes())) {
            (Ok(one), Ok(other)) => prop_assert_eq!(found(&one), found(&other)),
            (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
        }
    }

    #[test]
    fn occurrences_touch_the_range_and_a_wider_one_adds(
        (_, bytes) in prop::sample::select(corpus()),
        start in 0..900_u64,
        length in 0..200_u64,
        before in 0..60_u64,
        after in 0..60_u64,
    ) {
        let day = |days| NaiveDate::from_ymd_opt(2025, 10, 1).unwrap() + Days::new(days);
        let (first, last) = (day(start), day(start + length));
        let narrow = occurrences(&bytes, Copenhagen, first..=last);
        let wide = occurrences(&bytes, Copenhagen, first - Days::new(before)..=last + Days::new(after));
        let (Ok(narrow), Ok(wide)) = (narrow, wide) else { return Ok(()) };
        prop_assert!(narrow.occurrences.is_sorted_by_key(|o| (o.start, o.id())));
        for occurrence in &narrow.occurrences {
            prop_assert!(wide.occurrences.contains(occurrence));
            prop_assert!(occurrence.start <= occurrence.end);
            let is_day = occurrence.event.all_day;
            let local = |time: chrono::DateTime<chrono::FixedOffset>| match is_day {
                true => time.naive_local(),
                false => time.with_timezone(&Copenhagen).naive_local(),
            };
            prop_assert!(local(occurrence.start).date() <= last);
            let end = local(occurrence.end);
            prop_assert!(end.date() >= first);
        }
        // What the wider range has more lies outside of the narrow one.
        let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).unwrap();
        for occurrence in wide.occurrences.iter().filter(|o| !narrow.occurrences.contains(o)) {
            let (start, end) = match occurrence.event.all_day {
                true => (occurrence.start.naive_local(), occurrence.end.naive_local()),
                false => (
                    occurrence.start.with_timezone(&Copenhagen).naive_local(),
                    occurrence.end.with_timezone(&Copenhagen).naive_local(),
                ),
            };
            prop_assert!(start >= midnight(last + Days::new(1)) || end <= midnight(first));
        }
    }
}
