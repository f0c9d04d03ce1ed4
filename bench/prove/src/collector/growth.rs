//! A store that grows: bytes an event, the rate, the start, memory, and how
//! long each question takes, at 1, 10 and, by name only, 100 million events.

use super::chart::{Line, draw};
use super::disk::has_room;
use super::growing::Growing;
use super::growth_page::section;
use super::limits::{GROWTH_BYTES, MILLION};
use super::stage::Stage;
use crate::Fault;
use crate::page::Section;

/// Measures it on one core.
///
/// # Errors
///
/// A load fails, or the collector does not start again.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    stage.site.clear()?;
    let total = stage.growth.max(1) * MILLION;
    has_room(&stage.scratch, total * GROWTH_BYTES)?;
    let mut growing = Growing::new(stage)?;
    let mut collector = stage.site.start(&stage.cores, 1)?;
    let mut looks = Vec::new();
    let mut step = MILLION;
    while step <= total {
        growing.grow(&collector, step, total)?;
        eprintln!("prove: growth: {} million are there", step / MILLION);
        let look;
        (look, collector) = growing.look(collector)?;
        looks.push(look);
        step = if step < total { (step * 10).min(total) } else { total + 1 };
    }
    let rates = Line { label: "thousand events a second", values: growing.rates.clone() };
    Ok(section(&looks, &growing.rates, &draw(&[rates])))
}
