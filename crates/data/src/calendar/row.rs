//! Occurrences as rows of texts.

use super::Occurrence;

/// The columns of a table of occurrences.
pub const COLUMNS: [&str; 12] = [
    "id",
    "uid",
    "start",
    "end",
    "minutes",
    "all_day",
    "summary",
    "status",
    "organizer",
    "attendees",
    "location",
    "categories",
];

impl Occurrence {
    /// The texts of its [`COLUMNS`]. What lasts whole days has dates, of which the end is the day
    /// after the last one; mail addresses and categories are joined by `;`.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use kadence_data::calendar::occurrences;
    ///
    /// let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Fair\n\
    ///            DTSTART;VALUE=DATE:20261116\nDTEND;VALUE=DATE:20261118\n\
    ///            END:VEVENT\nEND:VCALENDAR\n";
    /// let day = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
    /// let calendar = occurrences(ics.as_bytes(), chrono_tz::UTC, day..=day)?;
    /// let cells = calendar.occurrences[0].cells();
    /// assert_eq!(cells[..6], ["a", "a", "2026-11-16", "2026-11-18", "2880", "yes"]);
    /// # Ok::<(), kadence_data::Fault>(())
    /// ```
    #[must_use]
    pub fn cells(&self) -> [String; 12] {
        let event = &self.event;
        let time = |time: chrono::DateTime<chrono::FixedOffset>| match event.all_day {
            true => time.date_naive().to_string(),
            // As it is written: it is of whatever zone whoever reads it is in.
            false if event.zone.is_none() => {
                time.naive_local().and_utc().format("%Y-%m-%dT%H:%M:%S").to_string()
            }
            false => time.to_rfc3339(),
        };
        let mails = event.attendees.iter().map(|attendee| attendee.mail.as_str());
        let mails: Vec<&str> = mails.filter(|mail| !mail.is_empty()).collect();
        [
            self.id(),
            event.uid.clone(),
            time(self.start),
            time(self.end),
            self.minutes().to_string(),
            if event.all_day { "yes" } else { "no" }.to_owned(),
            event.summary.clone(),
            event.status.to_string(),
            event.organizer.clone(),
            mails.join(";"),
            event.location.clone(),
            event.categories.join(";"),
        ]
    }
}
