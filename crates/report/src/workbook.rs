//! An Excel workbook: the overview, all verdicts, and a sheet for each seller.

use chrono::NaiveDate;
use kadence::overview::{Holder, Person};
use kadence::worklist::SellerToDo;
use kadence::{Number, Verdict};
use rust_xlsxwriter::{ConditionalFormat3ColorScale, Format, Workbook, Worksheet};

use crate::sheets::{LONGEST_TEXT, SheetNames, colour_statuses, cut, moment};
use crate::{Error, Pages, name_of, place_of};

pub(crate) fn workbook(pages: &Pages<'_>) -> Result<Vec<u8>, Error> {
    let mut names = SheetNames::default();
    let mut workbook = Workbook::new();
    // The same report makes the same file.
    let properties = rust_xlsxwriter::DocProperties::new().set_title(pages.heading());
    workbook.set_properties(&match moment(pages.overview.report.day) {
        Some(day) => properties.set_creation_datetime(&day),
        None => properties,
    });
    overview(pages, workbook.add_worksheet().set_name(names.make(pages.texts.overview))?)?;
    let all: Vec<&Verdict> = pages.overview.report.verdicts.iter().collect();
    let sheet = workbook.add_worksheet().set_name(names.make(pages.texts.verdicts))?;
    Sheet::new(pages, sheet).verdicts(0, &all)?;
    for person in &pages.overview.sellers {
        let name = names.make(pages.overview.seller(&person.id));
        seller(pages, person, workbook.add_worksheet().set_name(name)?)?;
    }
    if let Some(of) = pages.tasks_of(None).filter(|of| !of.todo.is_empty()) {
        let name = names.make(&format!("{}: {}", pages.texts.tasks, pages.texts.nobody));
        Sheet::new(pages, workbook.add_worksheet().set_name(name)?).tasks(0, of)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// A sheet that is being filled.
struct Sheet<'s, 'p> {
    pages: &'s Pages<'p>,
    sheet: &'s mut Worksheet,
    head: Format,
    date: Format,
    percent: Format,
}

impl<'s, 'p> Sheet<'s, 'p> {
    fn new(pages: &'s Pages<'p>, sheet: &'s mut Worksheet) -> Self {
        let head = Format::new().set_bold().set_border_bottom(rust_xlsxwriter::FormatBorder::Thin);
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let percent = Format::new().set_num_format("0%");
        Sheet { pages, sheet, head, date, percent }
    }

    /// A text, whatever it begins with, no longer than a cell can hold.
    fn text(&mut self, row: u32, column: u16, text: &str) -> Result<(), Error> {
        self.sheet.write_string(row, column, cut(text, LONGEST_TEXT))?;
        Ok(())
    }

    fn heads(&mut self, row: u32, heads: &[&str]) -> Result<(), Error> {
        for (column, head) in (0..).zip(heads) {
            self.sheet.write_string_with_format(
                row,
                column,
                cut(head, LONGEST_TEXT),
                &self.head,
            )?;
        }
        Ok(())
    }

    fn number(&mut self, row: u32, column: u16, number: Option<&Number>) -> Result<(), Error> {
        if let Some(number) = number {
            self.sheet.write_number(row, column, number.to_f64())?;
        }
        Ok(())
    }

    fn day(&mut self, row: u32, column: u16, day: Option<NaiveDate>) -> Result<(), Error> {
        let Some(day) = day else { return Ok(()) };
        match moment(day) {
            Some(at) => {
                self.sheet.write_datetime_with_format(row, column, at, &self.date)?;
                Ok(())
            }
            None => self.text(row, column, &day.to_string()),
        }
    }

    fn score(&mut self, row: u32, column: u16, score: Option<f64>) -> Result<(), Error> {
        if let Some(score) = score {
            self.sheet.write_number_with_format(row, column, score, &self.percent)?;
        }
        Ok(())
    }

    /// A table of verdicts with its head in a row; the row after it.
    fn verdicts(&mut self, first: u32, verdicts: &[&Verdict]) -> Result<u32, Error> {
        let (texts, overview) = (self.pages.texts, self.pages.overview);
        let heads = [
            texts.status,
            texts.due,
            texts.subject,
            "id",
            texts.seller,
            texts.rule,
            texts.measured,
            texts.target,
            texts.planned,
            texts.missing,
            texts.why,
        ];
        self.heads(first, &heads)?;
        let mut row = first;
        for verdict in verdicts {
            row += 1;
            self.text(row, 0, texts.language.status(verdict.status))?;
            self.day(row, 1, verdict.due)?;
            self.text(row, 2, name_of(&verdict.subject))?;
            self.text(row, 3, &verdict.subject.id)?;
            if let Some(owner) = &verdict.owner {
                self.text(row, 4, overview.seller(owner))?;
            }
            self.text(row, 5, &verdict.rule)?;
            self.number(row, 6, verdict.measured.as_ref())?;
            self.number(row, 7, verdict.target.as_ref())?;
            self.number(row, 8, verdict.planned.as_ref())?;
            self.number(row, 9, verdict.missing.as_ref())?;
            self.text(row, 10, verdict.reason.as_ref().unwrap_or(&verdict.sentence))?;
        }
        if row > first {
            let words = |status| texts.language.status(status).to_owned();
            colour_statuses(self.sheet, 0, (first + 1, row), words)?;
        }
        if first == 0 {
            self.sheet.set_freeze_panes(1, 0)?;
            self.sheet.autofilter(0, 0, row, 10)?;
        }
        for (column, width) in (0..).zip([14, 11, 28, 12, 16, 18, 10, 10, 9, 9, 70]) {
            self.sheet.set_column_width(column, width)?;
        }
        Ok(row + 1)
    }

    /// A table of what is to be done; the row after it.
    fn tasks(&mut self, first: u32, of: &SellerToDo) -> Result<u32, Error> {
        let texts = self.pages.texts;
        let heads = [
            texts.act,
            texts.due,
            texts.subject,
            "id",
            texts.reach_at,
            texts.serves,
            texts.last_contact,
        ];
        self.heads(first, &heads)?;
        let mut row = first;
        for todo in &of.todo {
            for act in &todo.acts {
                row += 1;
                let serves: Vec<&str> =
                    act.serves.iter().map(|served| served.rule.as_str()).collect();
                let reach = [&todo.reach.phone, &todo.reach.mail].into_iter().flatten();
                let reach: Vec<&str> = reach.map(String::as_str).collect();
                self.text(row, 0, &texts.doing(act))?;
                self.day(row, 1, act.due)?;
                self.text(row, 2, name_of(&todo.subject))?;
                self.text(row, 3, &todo.subject.id)?;
                self.text(row, 4, &reach.join(", "))?;
                self.text(row, 5, &serves.join(", "))?;
                self.day(row, 6, todo.last.as_ref().map(|touch| touch.day))?;
            }
        }
        if let Some(more) = self.pages.left_out(of) {
            row += 1;
            self.text(row, 0, &more)?;
        }
        Ok(row + 1)
    }
}

fn overview(pages: &Pages<'_>, sheet: &mut Worksheet) -> Result<(), Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let report = &overview.report;
    let mut sheet = Sheet::new(pages, sheet);
    sheet.heads(0, &[pages.heading()])?;
    sheet.text(1, 0, texts.as_of)?;
    sheet.day(1, 1, Some(report.day))?;
    sheet.text(2, 0, texts.score)?;
    sheet.score(2, 1, report.scores.company.score)?;
    let mut row = 4;
    sheet.heads(row, &[texts.trend, texts.score])?;
    for standing in &overview.trend {
        row += 1;
        sheet.day(row, 0, Some(standing.day))?;
        sheet.score(row, 1, standing.scores.company.score)?;
    }
    row += 2;
    let mut heads = vec![texts.control, texts.all];
    let rules = overview.heat.rules.iter().filter_map(|place| report.rules.get(*place));
    heads.extend(rules.map(|rule| rule.id.as_str()));
    sheet.heads(row, &heads)?;
    let first = row + 1;
    for held in &overview.heat.rows {
        row += 1;
        let indent = "  ".repeat(held.depth);
        sheet.text(row, 0, &format!("{indent}{}", pages.holder(&held.holder)))?;
        if !matches!(held.holder, Holder::Seller(_)) {
            sheet.sheet.set_row_format(row, &Format::new().set_bold())?;
        }
        sheet.score(row, 1, held.all.score)?;
        for (column, tally) in (2..).zip(&held.cells) {
            sheet.score(row, column, tally.as_ref().and_then(|tally| tally.score))?;
        }
    }
    if row >= first {
        let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0)
            .set_midpoint(rust_xlsxwriter::ConditionalFormatType::Number, 0.5)
            .set_maximum(rust_xlsxwriter::ConditionalFormatType::Number, 1)
            .set_minimum_color(0xF3_B8_B0)
            .set_midpoint_color(0xFB_E9_B7)
            .set_maximum_color(0xA9_DC_B9);
        sheet.sheet.add_conditional_format(first, 1, row, last, &scale)?;
    }
    if !report.problems.is_empty() {
        row += 2;
        sheet.heads(row, &[texts.problems])?;
        for problem in &report.problems {
            row += 1;
            let place = place_of(problem).map(|place| format!("{place}: "));
            sheet.text(row, 0, &format!("{}{}", place.unwrap_or_default(), problem.message))?;
        }
    }
    sheet.sheet.set_column_width(0, 34)?;
    Ok(())
}

fn seller(pages: &Pages<'_>, seller: &Person, sheet: &mut Worksheet) -> Result<(), Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let id = seller.id.as_str();
    let mut sheet = Sheet::new(pages, sheet);
    sheet.heads(0, &[overview.seller(id)])?;
    sheet.text(1, 0, texts.score)?;
    sheet.score(1, 1, pages.score_of(id))?;
    let mut row = 3;
    if let Some(of) = pages.tasks_of(Some(id)) {
        sheet.heads(row, &[texts.tasks])?;
        row = sheet.tasks(row + 1, of)? + 1;
    }
    for (heading, verdicts) in [
        (texts.targets.to_owned(), pages.own(id).map(|(_, verdict)| verdict).collect()),
        (texts.deadlines_within(overview.days), pages.of_seller(&overview.due, id).collect()),
        (texts.lapsing.to_owned(), pages.of_seller(&overview.lapsing, id).collect()),
        (texts.dropped.to_owned(), pages.of_seller(&overview.dropped, id).collect::<Vec<_>>()),
    ] {
        sheet.heads(row, &[&heading])?;
        row = sheet.verdicts(row + 1, &verdicts)? + 1;
    }
    Ok(())
}
