//! Erases persons: their sums stay, and their events and devices go.
//!
//! ```text
//! asked --> counts kept aside --> kept --> events and devices go
//!                                                 |
//!                                done <-- counted without them
//! ```
//!
//! Whoever is ended half-way is gone on with: by the same request, or by the
//! next one that keeps house. What is kept aside counts from the generation on
//! that is counted without the person, so sums are the same at every moment.

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::begun::{Begun, open_erasures};
use super::contained::Contained;
use super::generation::{self, Purpose};
use super::recount::{self, Numbers};
use super::{Housekeeper, Statement, vocabulary};
use crate::{Erasure, Pseudonym, StoreError};

/// Erases a person from a product. Returns how many events that were.
///
/// # Errors
///
/// Returns an error if the server refuses. The erasure may be tried again.
pub(in super::super) fn erase(
    keeper: Housekeeper<'_>,
    product: &str,
    person: Erasure,
) -> Result<u64, StoreError> {
    let (is_account, pseudonym) = match person {
        Erasure::Device(device) => (false, hexadecimal(device)),
        Erasure::Account(account) => (true, hexadecimal(account)),
    };
    let is_same = |begun: &Begun| (begun.is_account, &begun.pseudonym) == (is_account, &pseudonym);
    // One after the other: what is counted during one of them has no half of
    // another.
    for begun in open_erasures(keeper)?.into_iter().filter(|begun| begun.product == product) {
        let is_it = is_same(&begun);
        let events = finish(keeper, begun)?;
        if is_it {
            return Ok(events);
        }
    }
    let mut begun = Begun {
        number: 0,
        product: product.to_owned(),
        is_account,
        pseudonym,
        is_kept: false,
        events: 0,
        contained: Contained::now(keeper)?,
    };
    if begun.weeks(keeper)?.is_empty() && begun.traces(keeper)?.is_empty() {
        return Ok(0);
    }
    // Nobody may take a higher number before the note is there: so the note is
    // what takes it.
    begun.number = generation::free(keeper, Purpose::TakesAway)?;
    begun.note(keeper)?;
    finish(keeper, begun)
}

/// Goes on with what somebody else began.
pub(super) fn finish_all(keeper: Housekeeper<'_>) -> Result<(), StoreError> {
    for begun in open_erasures(keeper)? {
        finish(keeper, begun)?;
    }
    Ok(())
}

fn finish(keeper: Housekeeper<'_>, mut begun: Begun) -> Result<u64, StoreError> {
    if !begun.is_kept {
        begun.keep_aside(keeper)?;
    }
    begun.remove(keeper)?;
    begun.count_without(keeper)?;
    keeper.run(&begun.statement(keeper, "end_erasure"))?;
    Ok(begun.events)
}

impl Begun {
    fn statement(&self, keeper: Housekeeper<'_>, name: &str) -> Statement {
        let statement = keeper
            .statement(name, &self.product)
            .with("number", self.number)
            .with("generation", self.number)
            .with("is_account", self.is_account)
            .with("pseudonym", &self.pseudonym)
            .with("events", self.events);
        self.contained.told(statement)
    }

    fn note(&self, keeper: Housekeeper<'_>) -> Result<(), StoreError> {
        keeper.run(&self.statement(keeper, "note_erasure").with("is_kept", self.is_kept))
    }

    /// The weeks in which they have events, and how many.
    fn weeks(&self, keeper: Housekeeper<'_>) -> Result<Vec<(String, u64)>, StoreError> {
        keeper.client.rows(&self.statement(keeper, "count_erased"))
    }

    fn traces(&self, keeper: Housekeeper<'_>) -> Result<Traces, StoreError> {
        if self.is_account {
            return Ok(Traces::default());
        }
        let (weeks, older, tellers): (Vec<String>, u64, u64) =
            keeper.client.row(&self.statement(keeper, "weeks_of_device"))?;
        Ok(Traces { weeks, is_older: older > 0, has_told: tellers > 0 })
    }

    /// Keeps what they have added to the counts. Everything must be counted
    /// before, and every value have its row that has earned it.
    fn keep_aside(&mut self, keeper: Housekeeper<'_>) -> Result<(), StoreError> {
        let others: Vec<String> = keeper.products()?;
        let others: Vec<String> = others.into_iter().filter(|one| *one != self.product).collect();
        self.contained = Contained::now(keeper)?;
        // Their events are in it, so what is kept aside does not count with it.
        let counts = generation::next(keeper, Purpose::Counts)?;
        let numbers = Numbers { generation: counts, erased: self.number - 1 };
        recount::recount_but(keeper, &others, numbers)?;
        let has_devices = vocabulary::tell(keeper, &self.product)?;
        self.events = self.weeks(keeper)?.into_iter().map(|(_, events)| events).sum();
        keeper.run(&self.statement(keeper, "erase_cells"))?;
        if self.is_account {
            let statement = self.statement(keeper, "erase_tellings");
            keeper.run(&statement.with("has_devices", has_devices))?;
        }
        self.is_kept = true;
        self.note(keeper)
    }

    /// Takes out their events, and what else stands for a device.
    fn remove(&self, keeper: Housekeeper<'_>) -> Result<(), StoreError> {
        let weeks = self.weeks(keeper)?;
        if !weeks.is_empty() {
            let rows: Vec<(u16, String)> = keeper.client.rows(&self.statement(keeper, "copies"))?;
            let copy = |(day, id): &(u16, String)| format!("({day}, '{id}')");
            for (week, _) in &weeks {
                let copies = List::of(rows.iter().map(copy));
                let statement = self.statement(keeper, "erase_events").with("copies", copies);
                keeper.run(&statement.with("week", week))?;
            }
        }
        let traces = self.traces(keeper)?;
        for week in &traces.weeks {
            keeper.run(&self.statement(keeper, "erase_devices").with("week", week))?;
        }
        for (is_there, name) in
            [(traces.is_older, "erase_older"), (traces.has_told, "erase_teller")]
        {
            if is_there {
                keeper.run(&self.statement(keeper, name))?;
            }
        }
        let left: u64 = self.weeks(keeper)?.into_iter().map(|(_, events)| events).sum();
        match left {
            0 => Ok(()),
            left => Err(StoreError::new(format!(
                "{left} events are still there after their erasure at ClickHouse ({}); try it again, and see its log",
                keeper.client.address()
            ))),
        }
    }

    /// Counts the days without them.
    fn count_without(&self, keeper: Housekeeper<'_>) -> Result<(), StoreError> {
        let rows: Vec<(SqlDay,)> = keeper.client.rows(&self.statement(keeper, "erased_days"))?;
        let days: Vec<Day> = rows.into_iter().map(|(SqlDay(day),)| day).collect();
        if days.is_empty() {
            return Ok(());
        }
        let contained = Contained::now(keeper)?;
        // Another one: a count may have begun just before this erasure did.
        let generation = generation::next(keeper, Purpose::TakesAway)?;
        let numbers = Numbers { generation, erased: self.number };
        for days in days.chunk_by(|one, other| one.week_start() == other.week_start()) {
            let batches = contained.batches_of(keeper, (&self.product, days))?;
            recount::count(keeper, &contained, (&self.product, &batches), numbers)?;
        }
        Ok(())
    }
}

/// Where a device is, apart from events.
#[derive(Debug, Default)]
struct Traces {
    weeks: Vec<String>,
    is_older: bool,
    has_told: bool,
}

impl Traces {
    fn is_empty(&self) -> bool {
        self.weeks.is_empty() && !self.is_older && !self.has_told
    }
}

fn hexadecimal(pseudonym: Pseudonym) -> String {
    pseudonym.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
