//! What pages say, and what they do with names that are no names. What people do with them is tested
//! in a browser.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use kadence::{Language, Status};
use kadence_report::Pages;
use support::{STRANGE, Size, company, overview, plain, strange, tasks};

const SOME: Size = Size { sellers: 10, customers: 6 };
const LANGUAGES: [Language; 2] = Language::ALL;

#[test]
fn names_are_text_in_a_page_whatever_they_look_like() {
    let overview = overview(&company(SOME, strange), Language::English);
    let page = Pages::new(&overview).title("</title><script>").html().unwrap();
    // Every element that the page has is one that it was made with.
    let made = Pages::new(&overview).html().unwrap();
    for element in ["<script", "</script", "<img", "<!--"] {
        assert_eq!(page.matches(element).count(), made.matches(element).count(), "{element}");
    }
    let plain = support::overview(&company(SOME, plain), Language::English);
    let plain = Pages::new(&plain).html().unwrap();
    for element in ["<script", "</script", "<img", "<!--"] {
        assert_eq!(made.matches(element).count(), plain.matches(element).count(), "{element}");
    }
    assert!(page.contains("&lt;script&gt;document.title"));
}

#[test]
fn a_page_asks_nothing_of_any_network() {
    let overview = overview(&company(SOME, plain), Language::English);
    let page = Pages::new(&overview).html().unwrap();
    assert!(page.contains("default-src 'none'"));
    for from in ["src=\"", "<link", "@import", "url(", "fetch(", "http://", "https://"] {
        // The name of SVG is no address.
        let page = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!page.contains(from), "{from}");
    }
}

#[test]
fn the_same_overview_makes_the_same_bytes() {
    let overview = overview(&company(SOME, strange), Language::Danish);
    let pages = Pages::new(&overview).language(Language::Danish);
    assert_eq!(pages.html().unwrap(), pages.html().unwrap());
    assert_eq!(pages.workbook().unwrap(), pages.workbook().unwrap());
    assert_eq!(pages.picture().unwrap(), pages.picture().unwrap());
}

#[test]
fn markdown_shows_what_is_asked_of_everybody() {
    let company = company(Size { sellers: 1, customers: 2 }, plain);
    for (language, name) in [(Language::English, "one_seller"), (Language::Danish, "en_saelger")] {
        let (overview, tasks) = (overview(&company, language), tasks(&company, language));
        let pages = Pages::new(&overview).language(language).tasks(&tasks);
        insta::assert_snapshot!(name, pages.markdown());
    }
}

#[test]
fn markdown_of_nothing_says_so() {
    let none = overview(&company(Size { sellers: 0, customers: 0 }, plain), Language::English);
    insta::assert_snapshot!("nothing", Pages::new(&none).markdown());
}

#[test]
fn no_name_breaks_a_table_of_markdown() {
    let overview = overview(&company(SOME, strange), Language::English);
    let text = Pages::new(&overview).markdown();
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut width = None;
    for line in text.lines() {
        if line.starts_with('|') {
            assert_eq!(*width.get_or_insert(cells(line)), cells(line), "{line}");
        } else {
            width = None;
        }
    }
    assert!(!text.contains("<script>") && !text.contains("<img"));
}

fn workbook(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

#[test]
fn a_workbook_has_every_verdict_and_a_sheet_for_each_seller() {
    for language in LANGUAGES {
        let overview = overview(&company(SOME, strange), language);
        let bytes = Pages::new(&overview).language(language).workbook().unwrap();
        let mut workbook = workbook(bytes);
        let names = workbook.sheet_names();
        assert_eq!(names.len(), 2 + overview.sellers.len());
        for name in &names {
            let length = name.encode_utf16().count();
            assert!((1..=31).contains(&length), "{name}");
        }
        let verdicts = workbook.worksheet_range(&names[1]).unwrap();
        assert_eq!(verdicts.height(), overview.report.verdicts.len() + 1);
        let subjects: Vec<String> = verdicts.rows().skip(1).map(|row| row[2].to_string()).collect();
        // A formula that somebody wrote as a name stays a text.
        assert!(subjects.iter().any(|name| name == STRANGE[4]));
        assert!(verdicts.rows().all(|row| !matches!(row[2], Data::Empty)));
        let statuses: Vec<String> = verdicts.rows().skip(1).map(|row| row[0].to_string()).collect();
        let said = overview.report.verdicts.iter().map(|verdict| language.status(verdict.status));
        assert_eq!(statuses, said.collect::<Vec<_>>());
        assert!(workbook.worksheet_formula(&names[1]).unwrap().is_empty());
    }
}

#[test]
fn a_workbook_of_a_thousand_sellers_of_one_name_can_be_opened() {
    let size = Size { sellers: 1000, customers: 0 };
    let overview = overview(&company(size, |_| Some("history".into())), Language::English);
    let workbook = workbook(Pages::new(&overview).workbook().unwrap());
    let names = workbook.sheet_names();
    let folded: std::collections::HashSet<String> =
        names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!((names.len(), folded.len()), (1002, 1002));
    assert!(!folded.contains("history"));
}

#[test]
fn a_picture_is_made_of_nothing_of_one_and_of_a_thousand() {
    for sellers in [0, 1, 1000] {
        let size = Size { sellers, customers: 1 };
        let overview = overview(&company(size, strange), Language::Danish);
        let picture = Pages::new(&overview).language(Language::Danish).picture().unwrap();
        assert_eq!(picture[..8], [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
        assert_eq!(side(16), 2400);
        assert!(side(20) < 4000, "{}", side(20));
    }
}

#[test]
fn each_status_is_coloured_and_named_in_a_page() {
    let overview = overview(&company(SOME, plain), Language::Danish);
    let page = Pages::new(&overview).language(Language::Danish).html().unwrap();
    let tally = &overview.report.scores.company;
    let counts = [
        (Status::Met, tally.met),
        (Status::OnTrack, tally.on_track),
        (Status::AtRisk, tally.at_risk),
        (Status::Missed, tally.missed),
        (Status::NotApplicable, tally.not_applicable),
        (Status::Unknown, tally.unknown),
    ];
    for ((status, count), sign) in counts.into_iter().zip("●◐▲✕–?".chars()) {
        let (place, words) = (status as usize, Language::Danish.status(status));
        let chip = format!(
            "<strong>{count}</strong> <span class=\"chip s{place}\">\
             <span aria-hidden=\"true\">{sign}</span> {words}</span>"
        );
        assert_eq!(page.contains(&chip), count > 0, "{chip}");
    }
    assert!(counts.iter().filter(|(_, count)| *count > 0).count() > 3);
}

#[test]
fn what_is_to_be_done_stands_on_each_form() {
    let company = company(SOME, strange);
    for language in LANGUAGES {
        let (overview, tasks) = (overview(&company, language), tasks(&company, language));
        let pages = Pages::new(&overview).language(language).tasks(&tasks);
        let of = tasks.sellers.iter().find(|of| of.seller.is_some() && of.left_out == 0).unwrap();
        let acts: usize = of.todo.iter().map(|todo| todo.acts.len()).sum();
        let seller = of.seller.as_ref().unwrap();
        let place = overview.sellers.iter().position(|one| one.id == seller.id).unwrap();
        let mut workbook = workbook(pages.workbook().unwrap());
        let sheet = workbook.worksheet_range(&workbook.sheet_names()[place + 2]).unwrap();
        // Under its own heading and the heads of columns, up to an empty row.
        let rows = sheet.rows().skip(5).take_while(|row| row[0] != Data::Empty);
        assert_eq!(rows.count(), acts, "{language}");
        let page = pages.html().unwrap();
        let served = of.todo.iter().flat_map(|todo| &todo.acts).flat_map(|act| &act.serves);
        assert!(served.count() >= acts);
        let heading = if language == Language::Danish { "Det skal gøres" } else { "What to do" };
        assert!(page.matches(heading).count() > overview.sellers.len());
    }
}
