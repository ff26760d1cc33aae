//! The overview as a picture, for a mail.

use std::sync::Arc;

use kadence::overview::Holder;
use plotters::prelude::*;
use resvg::{tiny_skia, usvg};

use crate::charts::{GRID, INK, svg, trend_on, undrawn};
use crate::{Error, Pages};

const WIDTH: u32 = 1200;
const MARGIN: i32 = 40;
/// Where the heat map starts, and how high a row of it is.
const TOP: i32 = 430;
const ROW: i32 = 22;
/// How many rows and columns a picture that people look at can have.
const ROWS: usize = 60;
const COLUMNS: usize = 60;
/// How wide the names of those are who stand on the rows.
const NAMES: i32 = 190;

pub(crate) fn png(pages: &Pages<'_>) -> Result<Vec<u8>, Error> {
    let undone = |error: &dyn std::fmt::Display| Error::Picture(error.to_string());
    let picture = drawn(pages)?;
    let mut fonts = usvg::fontdb::Database::new();
    // No font of the machine: the same report makes the same picture everywhere.
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let options = usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&picture, &options).map_err(|error| undone(&error))?;
    // Twice as many pixels, for screens that have them.
    let size = tree.size().to_int_size().scale_by(2.0);
    let size = size.ok_or_else(|| undone(&"it has no size"))?;
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height())
        .ok_or_else(|| undone(&"it is too large"))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| undone(&error))
}

fn drawn(pages: &Pages<'_>) -> Result<String, Error> {
    let (texts, overview) = (pages.texts, pages.overview);
    let report = &overview.report;
    let heat = &overview.heat;
    // Of many, those who stand for many.
    let is_many = heat.rows.len() > ROWS;
    let rows: Vec<_> = heat
        .rows
        .iter()
        .filter(|row| !is_many || !matches!(row.holder, Holder::Seller(_)))
        .take(ROWS)
        .collect();
    let columns = heat.rules.len().min(COLUMNS);
    let below = i32::try_from(rows.len()).unwrap_or(0) * ROW;
    let height = u32::try_from(TOP + below + MARGIN).unwrap_or(WIDTH);
    svg((WIDTH, height), |area| {
        area.fill(&WHITE).map_err(undrawn)?;
        let say = |text: &str, at: (i32, i32), size: u32, bold: bool| {
            let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
            let font = ("sans-serif", size).into_font().style(style).color(&INK);
            area.draw(&Text::new(text.to_owned(), at, font)).map_err(undrawn)
        };
        say(&cut(pages.heading(), 70), (MARGIN, 26), 28, true)?;
        let verdicts = texts.verdict_count(report.verdicts.len());
        say(
            &format!("{} {}. {verdicts}.", texts.as_of, texts.day(report.day)),
            (MARGIN, 66),
            15,
            false,
        )?;
        say(texts.score, (MARGIN, 110), 17, true)?;
        say(&texts.percent(report.scores.company.score), (MARGIN, 136), 54, true)?;
        let then = overview.since.as_ref().and_then(|since| since.score);
        if let Some(points) = texts.points(then, report.scores.company.score) {
            say(&points, (MARGIN, 200), 15, false)?;
        }
        say(texts.trend, (360, 110), 17, true)?;
        let scores =
            overview.trend.iter().filter_map(|one| Some((one.day, one.scores.company.score?)));
        let scores: Vec<_> = scores.collect();
        if scores.len() > 1 {
            let part = area.clone().shrink((350, 132), (800_u32, 180_u32));
            trend_on(&part, &scores, texts)?;
        } else {
            say(texts.trend_none, (360, 140), 14, false)?;
        }
        if rows.is_empty() {
            return say(texts.nothing_judged, (MARGIN, 330), 15, false);
        }
        say(texts.control, (MARGIN, 320), 17, true)?;
        let wide = i32::try_from(columns + 1).unwrap_or(1);
        let cell = ((1200 - 2 * MARGIN - NAMES) / wide).min(60);
        let left = |column: usize| MARGIN + NAMES + cell * i32::try_from(column).unwrap_or(0);
        let rules = heat.rules.iter().filter_map(|place| report.rules.get(*place));
        let names = std::iter::once(texts.all).chain(rules.map(|rule| rule.id.as_str()));
        for (column, name) in names.take(columns + 1).enumerate() {
            let font = ("sans-serif", 11).into_font().transform(FontTransform::Rotate270);
            let at = (left(column) + cell / 2 - 6, TOP - 6);
            area.draw(&Text::new(cut(name, 14), at, font.color(&INK))).map_err(undrawn)?;
        }
        for (place, row) in rows.iter().enumerate() {
            let top = TOP + ROW * i32::try_from(place).unwrap_or(0);
            let indent = 10 * i32::try_from(row.depth.min(4)).unwrap_or(0);
            let name = cut(pages.holder(&row.holder), 24);
            let is_sum = !matches!(row.holder, Holder::Seller(_));
            say(&name, (MARGIN + indent, top + 4), 13, is_sum)?;
            let all = std::iter::once(Some(&row.all)).chain(row.cells.iter().map(Option::as_ref));
            for (column, tally) in all.take(columns + 1).enumerate() {
                let score = tally.and_then(|tally| tally.score);
                let corners = [(left(column), top), (left(column) + cell - 2, top + ROW - 2)];
                let colour = score.map_or(RGBColor(0xf5, 0xf7, 0xf9), shade);
                area.draw(&Rectangle::new(corners, colour.filled())).map_err(undrawn)?;
                if score.is_some() && cell >= 22 {
                    let percent = texts.percent(score);
                    say(
                        percent.trim_end_matches([' ', '%', '\u{a0}']),
                        (left(column) + 3, top + 6),
                        10,
                        false,
                    )?;
                }
            }
        }
        let left_out = (heat.rules.len() - columns) + (heat.rows.len() - rows.len());
        if left_out > 0 {
            say(&format!("… +{left_out}"), (MARGIN, TOP + below + 8), 13, false)?;
        }
        let line = [(MARGIN, TOP - 3), (1200 - MARGIN, TOP - 3)];
        area.draw(&PathElement::new(line, GRID)).map_err(undrawn)
    })
}

/// From red by yellow to green, as the page has it.
fn shade(score: f64) -> RGBColor {
    let (low, mid, high) = ((0xf3, 0xb8, 0xb0), (0xfb, 0xe9, 0xb7), (0xa9, 0xdc, 0xb9));
    let (from, to, part) =
        if score < 0.5 { (low, mid, score * 2.0) } else { (mid, high, score * 2.0 - 1.0) };
    let mix = |a: u8, b: u8| -> u8 {
        let mixed = f64::from(a) + (f64::from(b) - f64::from(a)) * part;
        format!("{mixed:.0}").parse().unwrap_or(a)
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
