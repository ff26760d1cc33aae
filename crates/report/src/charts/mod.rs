//! Charts as SVG. Their colours are those of the light theme; a page maps them to its own.

mod distribution;
mod pace;
mod trend;

use std::ops::Range;

use chrono::{Days, NaiveDate};
use plotters::coord::ranged1d::ValueFormatter;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::Error;

pub(crate) use distribution::distribution;
pub(crate) use pace::pace;
pub(crate) use trend::{trend, trend_on};

/// Of axes and words.
pub(crate) const INK: RGBColor = RGBColor(0x33, 0x41, 0x4e);
/// Of lines that only help to read.
pub(crate) const GRID: RGBColor = RGBColor(0xd6, 0xdc, 0xe1);
/// Of what is.
pub(crate) const SERIES: RGBColor = RGBColor(0x0b, 0x5c, 0xad);
/// Of what is asked.
pub(crate) const TARGET: RGBColor = RGBColor(0xb0, 0x4a, 0x12);
/// Of each status, in the order of `Status::ALL`.
pub(crate) const STATUS: [RGBColor; 6] = [
    RGBColor(0x1d, 0x7a, 0x46),
    RGBColor(0x6b, 0xa5, 0x4a),
    RGBColor(0xd9, 0x96, 0x1a),
    RGBColor(0xc0, 0x39, 0x2b),
    RGBColor(0x9a, 0xa5, 0xb1),
    RGBColor(0x7b, 0x61, 0xa8),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
/// How a place on an axis is written.
type Label<'l, T> = &'l dyn Fn(&T) -> String;
type Dated<'a, 'b> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedDate<NaiveDate>, RangedCoordf64>>;

/// Draws on an SVG of that size.
pub(crate) fn svg(
    size: (u32, u32),
    draw: impl FnOnce(&Area<'_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&area)?;
        area.present().map_err(undrawn)?;
    }
    Ok(text)
}

pub(crate) fn undrawn(error: impl std::fmt::Display) -> Error {
    Error::Chart(error.to_string())
}

/// A chart over days, with its axes drawn.
fn over_days<'a, 'b>(
    area: &'a Area<'b>,
    days: (NaiveDate, NaiveDate),
    values: Range<f64>,
    (x_label, y_label): (Label<'_, NaiveDate>, Label<'_, f64>),
) -> Result<Dated<'a, 'b>, Error>
where
    'b: 'a,
{
    // Of one day no axis can be made.
    let first = days.0.min(days.1 - Days::new(1));
    let mut chart = around(area).build_cartesian_2d(first..days.1, values).map_err(undrawn)?;
    axes(&mut chart, 6, (x_label, y_label))?;
    Ok(chart)
}

/// A chart with room for its labels.
fn around<'a, 'b>(area: &'a Area<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut chart = ChartBuilder::on(area);
    chart.margin(6).margin_right(14).x_label_area_size(22).y_label_area_size(44);
    chart
}

/// Draws the axes of a chart, with at most so many labels below.
fn axes<'b, X>(
    chart: &mut ChartContext<'_, SVGBackend<'b>, Cartesian2d<X, RangedCoordf64>>,
    below: usize,
    (x_label, y_label): (Label<'_, X::ValueType>, Label<'_, f64>),
) -> Result<(), Error>
where
    X: Ranged + ValueFormatter<X::ValueType>,
{
    let drawn = chart
        .configure_mesh()
        .disable_x_mesh()
        .axis_style(GRID)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .label_style(("sans-serif", 11).into_font().color(&INK))
        .x_labels(below)
        .y_labels(4)
        .x_label_formatter(&x_label)
        .y_label_formatter(&y_label)
        .draw();
    drawn.map_err(undrawn)
}
