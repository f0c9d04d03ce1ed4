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
use super::counted_days::CountedDays;
use super::generation::{self, Purpose};
use super::hold::{By, Numbers};
use super::recount;
use super::{Housekeeper, Statement, vocabulary};
use crate::{Erasure, Pseudonym, StoreError};

/// How often something is done again since somebody counted meanwhile: who had
/// begun before the erasure did may still end, and nobody begins after it.
const TRIES: usize = 10;

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
    begun.take_number(keeper)?;
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
    for _ in 0..TRIES {
        begun.remove(keeper)?;
        if begun.count_without(keeper)? {
            keeper.run(&begun.statement(keeper, "end_erasure"))?;
            return Ok(begun.events);
        }
    }
    Err(in_the_way(keeper))
}

fn in_the_way(keeper: Housekeeper<'_>) -> StoreError {
    StoreError::new(format!(
        "days were counted at ClickHouse ({}) while somebody was erased from them; try it again",
        keeper.client.address()
    ))
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

    /// Notes the erasure under a number that nobody has, nor a higher one: who
    /// takes one after the note sees it, and leaves the product alone.
    fn take_number(&mut self, keeper: Housekeeper<'_>) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            self.number = generation::free(keeper, Purpose::TakesAway)?;
            self.note(keeper)?;
            if generation::last(keeper)? == self.number {
                return Ok(());
            }
            keeper.run(&self.statement(keeper, "end_erasure"))?;
        }
        Err(in_the_way(keeper))
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
        self.count_all(keeper, &others)?;
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

    /// Counts everything that has come, with their events.
    fn count_all(&self, keeper: Housekeeper<'_>, others: &[String]) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            let generation = generation::next(keeper, Purpose::Counts)?;
            let erased = self.number - 1;
            let numbers = Numbers { generation, erased, by: By::Eraser };
            if recount::recount_but(keeper, others, numbers)? == 0 {
                return Ok(());
            }
        }
        Err(in_the_way(keeper))
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

    /// Counts the days without them. Returns whether all of these hold.
    fn count_without(&self, keeper: Housekeeper<'_>) -> Result<bool, StoreError> {
        let rows: Vec<(SqlDay,)> = keeper.client.rows(&self.statement(keeper, "erased_days"))?;
        let days: Vec<Day> = rows.into_iter().map(|(SqlDay(day),)| day).collect();
        // Another one: a count may have begun just before this erasure did.
        let generation = generation::next(keeper, Purpose::TakesAway)?;
        let numbers = Numbers { generation, erased: self.number, by: By::Eraser };
        for days in days.chunk_by(|one, other| one.week_start() == other.week_start()) {
            let counted = CountedDays::read(keeper, (&self.product, days))?;
            if recount::count_whole(&counted, numbers)?.len() < days.len() {
                return Ok(false);
            }
        }
        Ok(true)
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
