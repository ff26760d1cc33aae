//! A score month by month.

use chrono::NaiveDate;
use plotters::prelude::*;

use super::{Area, SERIES, over_days, svg, undrawn};
use crate::Error;
use crate::texts::Texts;

/// Scores from 0 to 1 as of days, the earliest first.
pub(crate) fn trend(points: &[(NaiveDate, f64)], texts: &Texts) -> Result<String, Error> {
    svg((640, 180), |area| trend_on(area, points, texts))
}

/// The same on an area of a larger picture.
pub(crate) fn trend_on(
    area: &Area<'_>,
    points: &[(NaiveDate, f64)],
    texts: &Texts,
) -> Result<(), Error> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(()) };
    // Axes are parted evenly, scores stand on the ends of months: a month alone would mislead.
    let month = |day: &NaiveDate| texts.short_day(*day);
    let percent = |score: &f64| texts.percent(Some(*score));
    let mut chart = over_days(area, (first.0, last.0), 0.0..1.0, (&month, &percent))?;
    chart
        .draw_series(LineSeries::new(points.iter().copied(), SERIES.stroke_width(2)))
        .map_err(undrawn)?;
    let dots = points.iter().map(|point| Circle::new(*point, 3, SERIES.filled()));
    chart.draw_series(dots).map_err(undrawn)?;
    Ok(())
}
