//! Days whose raw events or counts are too old.
//!
//! Numbers are kept before what they stand for goes: devices of periods, then
//! the counts of the days, which are settled, then `products` says that nobody
//! reads the events any more, and then these go. Each step may be run again.

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::contained::Contained;
use super::counted_days::CountedDays;
use super::generation::{self, Purpose};
use super::hold::{By, Numbers};
use super::settle::{self, Bounds};
use super::{Housekeeper, Statement, vocabulary};
use crate::{HouseReport, ProductRetention, StoreError};

/// Lets the days of a product expire that are too old.
pub(super) fn expire(
    keeper: Housekeeper<'_>,
    today: Day,
    retention: &ProductRetention,
    report: &mut HouseReport,
) -> Result<(), StoreError> {
    let rollup_days = retention.rollup_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX));
    let first_count = rollup_days.map_or(Bounds::NONE.first_count, |days| {
        Day::from_number(today.number().saturating_sub(days))
    });
    // What came later than this stays until the next time: it may be of a day
    // that is not settled now.
    let contained = Contained::now(keeper)?;
    let expiry = Expiry {
        keeper,
        product: &retention.product,
        bounds: Bounds { first: today.plus(-i32::from(retention.raw_days)), first_count },
        generation: generation::next(keeper, Purpose::TakesAway)?,
    };
    let (expired, last): (u64, SqlDay) = keeper.client.row(&expiry.statement("count_expired"))?;
    let (old_days,): (u64,) = keeper.client.row(&expiry.statement("count_old_days"))?;
    expiry.keep_devices()?;
    let days = expiry.days("days_to_settle")?;
    let generation = expiry.generation;
    let numbers = Numbers { generation, erased: generation, by: By::Housekeeper };
    settle::settle(keeper, (expiry.product, &days), expiry.bounds, numbers)?;
    let counted = CountedDays::read(keeper, (expiry.product, &days))?;
    if counted.days.iter().any(|day| day.settled == 0) {
        // Somebody else counted, or erases: the next time.
        return Ok(());
    }
    if expired > 0 {
        let SqlDay(last) = last;
        let noted = (expiry.generation, last.plus(1), false);
        vocabulary::note(keeper, expiry.product, noted)?;
    }
    // Nothing may go that a day does not count: it may have been settled by
    // somebody who had seen less.
    expiry.remove(&contained.both(&counted.counted_on_all()))?;
    expiry.settle_values()?;
    expiry.expire_numbers()?;
    report.expired += expired;
    report.expired_rollup_days += old_days;
    Ok(())
}

/// What expires of a product.
struct Expiry<'a> {
    keeper: Housekeeper<'a>,
    product: &'a str,
    bounds: Bounds,
    generation: u64,
}

impl Expiry<'_> {
    fn statement(&self, name: &str) -> Statement {
        let statement = self.keeper.statement(name, self.product);
        self.bounds
            .told(statement)
            .with("generation", self.generation)
            .with("revision", self.generation)
    }

    fn run(&self, name: &str) -> Result<(), StoreError> {
        self.keeper.run(&self.statement(name))
    }

    fn days(&self, name: &str) -> Result<Vec<Day>, StoreError> {
        let rows: Vec<(SqlDay,)> = self.keeper.client.rows(&self.statement(name))?;
        Ok(rows.into_iter().map(|(SqlDay(day),)| day).collect())
    }

    /// Keeps the devices of the days that go as numbers.
    fn keep_devices(&self) -> Result<(), StoreError> {
        let days = self.days("days_with_devices")?;
        if days.is_empty() {
            return Ok(());
        }
        for name in ["keep_cohorts", "keep_periods", "keep_older"] {
            let days = List::of_days(days.iter().copied());
            self.keeper.run(&self.statement(name).with("days", days))?;
        }
        Ok(())
    }

    /// Takes out events and devices.
    fn remove(&self, contained: &Contained) -> Result<(), StoreError> {
        let weeks: Vec<(String, u8, u8)> =
            self.keeper.client.rows(&self.statement("expired_weeks"))?;
        for (week, has_events, has_devices) in &weeks {
            for (is_there, name) in
                [(*has_events, "expire_events"), (*has_devices, "expire_devices")]
            {
                if is_there > 0 {
                    let statement = self.statement(name).with("week", week);
                    self.keeper.run(&contained.told(statement))?;
                }
            }
        }
        self.run_if("has_older", "forget_older")
    }

    /// Runs a statement if another one counts something.
    fn run_if(&self, counts: &str, name: &str) -> Result<(), StoreError> {
        let (count,): (u64,) = self.keeper.client.row(&self.statement(counts))?;
        match count {
            0 => Ok(()),
            _ => self.run(name),
        }
    }

    /// Values that are not told any more lose their rows, and who told them is
    /// forgotten.
    fn settle_values(&self) -> Result<(), StoreError> {
        self.run("settle_kept")?;
        self.run("forget_values")?;
        self.run_if("has_tellers", "forget_tellers")
    }

    /// Takes out kept numbers that are too old.
    fn expire_numbers(&self) -> Result<(), StoreError> {
        let old: (u64, u64, u64) = self.keeper.client.row(&self.statement("has_old_numbers"))?;
        for (count, name) in
            [(old.0, "expire_kept"), (old.1, "expire_cohorts"), (old.2, "expire_rejected")]
        {
            if count > 0 {
                self.run(name)?;
            }
        }
        Ok(())
    }
}
