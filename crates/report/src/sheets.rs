//! What workbooks take: names of sheets, texts of cells, days.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};
use kadence::Status;
use rust_xlsxwriter::{
    ConditionalFormatText, ConditionalFormatTextRule, ExcelDateTime, Format, Worksheet, XlsxError,
};

/// Names of sheets: what Excel takes, each once.
#[derive(Debug, Default)]
pub struct SheetNames(HashSet<String>);

impl SheetNames {
    /// Of a name at most 31 characters, none of those that mean something in a reference.
    pub fn make(&mut self, name: &str) -> String {
        let is_refused =
            |c: char| c.is_control() || matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
        let clean: String =
            name.chars().map(|c| if is_refused(c) { ' ' } else { c }).collect::<String>();
        let clean = clean.trim_matches(['\'', ' ']);
        let clean = if clean.is_empty() { "–" } else { clean };
        for n in 1.. {
            let end = if n == 1 { String::new() } else { format!(" ({n})") };
            let short = cut(clean, 31 - end.len());
            let name = format!("{}{end}", short.trim_end_matches(['\'', ' ']));
            // Excel tells names apart without their case, and keeps one for itself.
            let folded = name.to_lowercase();
            if folded != "history" && self.0.insert(folded) {
                return name;
            }
        }
        clean.to_owned()
    }
}

/// How long a text may be in a cell.
pub const LONGEST_TEXT: usize = 32_767;

/// The first characters of a text, in the units in which Excel counts.
pub fn cut(text: &str, most: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= most
    };
    text.chars().take_while(fits).collect::<String>().trim_end().to_owned()
}

/// A day as a spreadsheet has it; none of those before its first one.
pub fn moment(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year >= 1900)?;
    let part = |n: u32| u8::try_from(n).unwrap_or(1);
    ExcelDateTime::from_ymd(year, part(day.month()), part(day.day())).ok()
}

/// Colours the words of statuses in a column, so that they stay coloured when somebody edits them.
///
/// # Errors
///
/// The rows are no rows of a sheet.
pub fn colour_statuses(
    sheet: &mut Worksheet,
    column: u16,
    (first, last): (u32, u32),
    words: impl Fn(Status) -> String,
) -> Result<(), XlsxError> {
    let colours = [
        (Status::Met, 0xD9_F0_E2),
        (Status::OnTrack, 0xE6_F2_DD),
        (Status::AtRisk, 0xFC_EB_C8),
        (Status::Missed, 0xFA_DB_D7),
        (Status::Unknown, 0xE8_E1_F4),
    ];
    for (status, colour) in colours {
        let format = Format::new().set_background_color(colour);
        let rule = ConditionalFormatTextRule::BeginsWith(words(status));
        let coloured = ConditionalFormatText::new().set_rule(rule).set_format(format);
        sheet.add_conditional_format(first, column, last, column, &coloured)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_one_that_a_sheet_can_have() {
        let mut names = SheetNames::default();
        let long = "x".repeat(500);
        let wanted = [
            "Kim",
            "kim",
            "KIM",
            "=1+1",
            "a/b:c",
            "'quoted'",
            "",
            "History",
            &long,
            &long,
            &"日".repeat(40),
            &"𝄞".repeat(20),
            "مرحبا",
        ];
        let given: Vec<String> = wanted.iter().map(|name| names.make(name)).collect();
        let first = ["Kim", "kim (2)", "KIM (3)", "=1+1", "a b c", "quoted", "–", "History (2)"];
        assert_eq!(given.get(..8), Some(&first.map(str::to_owned)[..]));
        let mut book = rust_xlsxwriter::Workbook::new();
        for name in &given {
            assert!(name.encode_utf16().count() <= 31, "{name}");
            assert!(book.add_worksheet().set_name(name).is_ok(), "{name}");
        }
        assert!(book.save_to_buffer().is_ok());
    }
}
