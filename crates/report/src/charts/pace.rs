//! What was measured day by day, beside what is asked.

use chrono::NaiveDate;
use kadence::overview::TargetLine;
use kadence::{Language, Number};
use plotters::prelude::*;

use super::{SERIES, TARGET, over_days, svg, undrawn};
use crate::Error;
use crate::texts::Texts;

pub(crate) fn pace(line: &TargetLine, texts: &Texts) -> Result<String, Error> {
    let target = line.target.to_f64();
    let values: Vec<(NaiveDate, f64)> =
        line.points.iter().map(|point| (point.day, point.value.to_f64())).collect();
    let all = || values.iter().map(|(_, value)| *value).chain([target]);
    let least = all().fold(0.0, f64::min);
    let most = all().fold(0.0, f64::max);
    let room = if most > least { (most - least) * 0.08 } else { 1.0 };
    let day = |day: &NaiveDate| texts.short_day(*day);
    let number = |value: &f64| rounded(*value, texts);
    svg((420, 150), |area| {
        let days = (line.from, line.to);
        let mut chart = over_days(area, days, least..most + room, (&day, &number))?;
        let start = if line.is_paced { 0.0 } else { target };
        let asked = [(line.from, start), (line.to, target)];
        chart
            .draw_series(DashedLineSeries::new(asked, 6, 4, TARGET.stroke_width(2)))
            .map_err(undrawn)?;
        chart
            .draw_series(LineSeries::new(values.iter().copied(), SERIES.stroke_width(2)))
            .map_err(undrawn)?;
        let last = values.last().map(|point| Circle::new(*point, 4, SERIES.filled()));
        chart.draw_series(last).map_err(undrawn)?;
        Ok(())
    })
}

/// A place on an axis, short: `250`, `1,5`, `2 m`.
pub(super) fn rounded(value: f64, texts: &Texts) -> String {
    let (value, unit) = match (value.abs(), texts.language) {
        (size, Language::English) if size >= 1e6 => (value / 1e6, "m"),
        (size, Language::Danish) if size >= 1e6 => (value / 1e6, " mio."),
        (size, Language::English) if size >= 1e4 => (value / 1e3, "k"),
        (size, Language::Danish) if size >= 1e4 => (value / 1e3, " t."),
        _ => (value, ""),
    };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let number = text.parse::<Number>().map_or_else(|_| text.to_owned(), |n| texts.number(&n));
    format!("{number}{unit}")
}
