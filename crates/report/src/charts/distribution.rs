//! How many measured how much.

use kadence::overview::{Distribution, Scale};
use plotters::prelude::*;

use super::pace::rounded;
use super::{INK, STATUS, TARGET, around, axes, svg, undrawn};
use crate::Error;
use crate::texts::Texts;

pub(crate) fn distribution(of: &Distribution, texts: &Texts) -> Result<String, Error> {
    // A bin of one whole number reaches half a step to both sides of it.
    let is_whole = of.bins.first().is_some_and(|bin| bin.from == bin.to);
    let edges = |bin: &kadence::overview::Bin| {
        let (from, to) = (bin.from.to_f64(), bin.to.to_f64());
        if is_whole { (from - 0.5, to + 0.5) } else { (from, to) }
    };
    let target = of.target.to_f64();
    let sides = of.bins.iter().map(edges).flat_map(|(from, to)| [from, to]).chain([target]);
    let (least, most) =
        sides.fold((f64::MAX, f64::MIN), |(least, most), side| (least.min(side), most.max(side)));
    let room = (most - least) * 0.02;
    let heights = of.bins.iter().map(|bin| bin.counts.iter().sum::<u64>());
    let highest = heights.max().unwrap_or(0).max(1);
    let unit = if of.scale == Scale::Percent { texts.percent_sign() } else { "" };
    // Between two whole numbers there is none of them.
    let value = |value: &f64| match is_whole && value.fract() != 0.0 {
        true => String::new(),
        false => format!("{}{unit}", rounded(*value, texts)),
    };
    let count = |count: &f64| rounded(*count, texts);
    svg((640, 200), |area| {
        let top = as_float(highest) * 1.08;
        let mut chart = around(area)
            .build_cartesian_2d(least - room..most + room, 0.0..top)
            .map_err(undrawn)?;
        axes(&mut chart, 8, (&value, &count))?;
        for bin in &of.bins {
            let (from, to) = edges(bin);
            let gap = (to - from) * 0.06;
            let mut below = 0;
            for (status, count) in bin.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let colour = STATUS.get(status).copied().unwrap_or(INK);
                let corners = [(from + gap, as_float(below)), (to - gap, as_float(below + count))];
                let bar = Rectangle::new(corners, colour.filled());
                chart.draw_series([bar]).map_err(undrawn)?;
                below += count;
            }
        }
        let asked = [(target, 0.0), (target, top)];
        chart
            .draw_series(DashedLineSeries::new(asked, 6, 4, TARGET.stroke_width(2)))
            .map_err(undrawn)?;
        Ok(())
    })
}

#[expect(clippy::cast_precision_loss, reason = "as many pixels no screen has")]
fn as_float(count: u64) -> f64 {
    count as f64
}
