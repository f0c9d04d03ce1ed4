//! The embedded store while it grows, day after day, and what it is like then.

use std::time::Instant;

use headcount_catalog::{Day, Time};

use super::form::Form;
use super::fresh::{Devices, Fresh};
use super::growth_page::Look;
use super::limits::{
    CONNECTIONS, GROWTH_BATCH, GROWTH_DAYS, HOUSEKEEPING, MILLION, REST, REST_AT_MOST,
};
use super::load::{Keep, Order, Pace, Supply, Until, run};
use super::ours::Collector;
use super::questions::{Often, ask_all};
use super::stage::{Kind, Stage, now, today};
use crate::Fault;

const KIND: Kind = Kind { form: Form::Native, batch: GROWTH_BATCH, devices: Devices::Pool };

/// A store that grows.
pub(crate) struct Growing<'s> {
    stage: &'s Stage,
    supply: Option<Supply>,
    day: Day,
    stored: u64,
    /// Thousand events a second, of each million or part of a day.
    pub(crate) rates: Vec<f64>,
}

impl<'s> Growing<'s> {
    /// A store with nothing in it. There must be room on the disk.
    ///
    /// # Errors
    ///
    /// A catalog lacks an event.
    pub(crate) fn new(stage: &'s Stage) -> Result<Self, Fault> {
        let day = first_day()?;
        let mut fresh = Fresh::new(day, KIND.devices);
        let templates = KIND.templates(KIND.form.path(), span(day), &mut fresh)?;
        let supply = Some(Supply { templates, fresh });
        Ok(Self { stage, supply, day, stored: 0, rates: Vec::new() })
    }

    /// Sends events until there are `step`, each day's in turn, as they would
    /// come if all of them came in time.
    ///
    /// # Errors
    ///
    /// An answer is not one of success.
    pub(crate) fn grow(
        &mut self,
        collector: &Collector,
        step: u64,
        total: u64,
    ) -> Result<(), Fault> {
        let a_day = (total / u64::from(GROWTH_DAYS)).max(1);
        while self.stored < step {
            let number = (self.stored / a_day).min(u64::from(GROWTH_DAYS) - 1);
            let first = first_day()?;
            self.turn_to(first.plus(i32::try_from(number)?))?;
            let last = number + 1 == u64::from(GROWTH_DAYS);
            let end = if last { total } else { (number + 1) * a_day };
            self.send(collector, (end.min(step) - self.stored).min(MILLION))?;
        }
        Ok(())
    }

    fn turn_to(&mut self, day: Day) -> Result<(), Fault> {
        if day == self.day {
            return Ok(());
        }
        let supply = self.supply.as_mut().ok_or("there are no requests")?;
        supply.fresh.turn_to(day);
        supply.templates = KIND.templates(KIND.form.path(), span(day), &mut supply.fresh)?;
        self.day = day;
        Ok(())
    }

    fn send(&mut self, collector: &Collector, events: u64) -> Result<(), Fault> {
        let order = Order {
            address: collector.server.address,
            connections: CONNECTIONS,
            pace: Pace::Closed,
            until: Until::Sent(events),
            keep: Keep::Nothing,
        };
        let (tally, supply) = run(order, self.supply.take().ok_or("there are no requests")?)?;
        self.supply = Some(supply);
        if let Some(failure) = tally.failure {
            return Err(format!("an answer was {failure}").into());
        }
        self.stored += tally.acknowledged;
        self.rates.push(tally.rate() / 1e3);
        Ok(())
    }

    /// Looks at the store as it is, then stops the collector, starts it again,
    /// and lets it come to rest.
    ///
    /// # Errors
    ///
    /// It has not stored what it acknowledged, or does not start again.
    pub(crate) fn look(&mut self, collector: Collector) -> Result<(Look, Collector), Fault> {
        let books = collector.books()?;
        if books.stored != self.stored {
            let stored = self.stored;
            return Err(format!("{stored} were acknowledged, the books say {books:?}").into());
        }
        let site = &self.stage.site;
        let a_event = |bytes: u64| bytes as f64 / self.stored as f64;
        let fresh = a_event(site.bytes());
        let (_, peak_kib) = collector.server.memory_kib();
        collector.server.stop()?;
        let collector = site.start(&self.stage.cores, 1)?;
        let started_kib = collector.server.memory_kib().0;
        self.rest()?;
        let sealed = a_event(site.bytes());
        let asked = ask_all(&collector, (first_day()?, today()), Often::Always)?;
        let look = Look {
            events: self.stored,
            fresh,
            sealed,
            rate: self.rates.last().copied().unwrap_or(f64::NAN),
            start: collector.start,
            peak_mib: peak_kib as f64 / 1024.0,
            started_mib: started_kib as f64 / 1024.0,
            rested_mib: collector.server.memory_kib().0 as f64 / 1024.0,
            asked,
        };
        Ok((look, collector))
    }

    /// Waits for the first housekeeping, and until the folder has not changed
    /// for a while.
    fn rest(&self) -> Result<(), Fault> {
        if self.stage.effort == crate::limits::Effort::Quick {
            return Ok(());
        }
        std::thread::sleep(HOUSEKEEPING);
        let began = Instant::now();
        let (mut bytes, mut since) = (self.stage.site.bytes(), Instant::now());
        while since.elapsed() < REST && began.elapsed() < REST_AT_MOST {
            std::thread::sleep(REST / 10);
            let now = self.stage.site.bytes();
            if now != bytes {
                (bytes, since) = (now, Instant::now());
            }
        }
        Ok(())
    }
}

/// The first of the days.
///
/// # Errors
///
/// There are too many days.
pub(crate) fn first_day() -> Result<Day, Fault> {
    Ok(today().plus(1 - i32::try_from(GROWTH_DAYS)?))
}

/// A day, or as much of it as is over.
fn span(day: Day) -> (Time, Time) {
    let end = day.plus(1).start().seconds() - 1;
    (day.start(), Time::from_seconds(end.min(now().seconds())))
}
