//! Events that the engine makes itself, of those that were moved: a store of a
//! size that would take hours to send.
//!
//! A copy of an event keeps its day and all that it says. Its id is made anew:
//! the bits of the day stay, and 62 others are a hash of the old id and the
//! copy's number. So is its content's hash. Of the devices, one half is the
//! same in every copy, and the other half is other devices in each.

use std::time::{Duration, Instant};

use super::super::limits::{COPIES_NODE, COUNTED_AT_MOST, COUNTS_WITHIN, LOOK_AT_COUNTS};
use super::engine::{Engine, until};
use super::transfer::DATABASE;
use crate::Fault;

/// Makes one copy of the moved events of a week, in the columns of the table:
/// all but the rank, which is the time of arrival.
const COPY: &str = "INSERT INTO events (* EXCEPT (rank))
SELECT * EXCEPT (rank) REPLACE (
    toFixedString(concat(substring(id, 1, 8), reinterpretAsFixedString(
        bitOr(bitAnd(sipHash64(id, {copy}), 0xFFFFFFFFFFFFFF3F), 0x80))), 16) AS id,
    toUInt32({node}) AS node,
    toUInt64({batch}) AS batch,
    toUInt32(bitAnd(sipHash64(content, {copy}), 0xFFFFFFFF)) AS content,
    if(device_kind = 1 AND sipHash64(device) % 2 = 0, sipHash128(device, {copy}), device) AS device)
FROM (SELECT * FROM events WHERE toMonday(day) = '{week}' AND node != {node})
SETTINGS max_threads = 2, max_insert_threads = 2";

/// Tells the store of it, as a collector does of a batch that has arrived.
const NOTE: &str = "INSERT INTO batches
SELECT product, day, node, batch, count() FROM events
WHERE toMonday(day) = '{week}' AND node = {node} AND batch = {batch}
GROUP BY product, day, node, batch";

/// And then that it is the last one.
const LAST: &str = "INSERT INTO last_batches
SELECT product, day, node, batch FROM batches WHERE node = {node} AND batch = {batch}";

/// How many days have batches that their counts do not contain.
const UNCOUNTED: &str = "SELECT count()
FROM (SELECT product, day, count() AS batches FROM batches FINAL GROUP BY product, day) AS b
LEFT JOIN (SELECT product, day, contains FROM counted FINAL) AS c
ON b.product = c.product AND b.day = c.day
WHERE b.batches != c.contains";

/// Makes so many copies of everything that was moved, a week after the other.
/// How long that took.
///
/// # Errors
///
/// The engine refuses.
pub(crate) fn make(engine: &Engine, copies: u64) -> Result<Duration, Fault> {
    let began = Instant::now();
    let own = format!("SELECT count() FROM batches WHERE node = {COPIES_NODE}");
    if engine.number(DATABASE, &own)? > 0 {
        return Err(format!("there is a collector of the number {COPIES_NODE}").into());
    }
    let mut batch = engine.number(DATABASE, "SELECT max(batch) FROM batches")?;
    let weeks =
        engine.run(DATABASE, "SELECT DISTINCT toMonday(day) AS week FROM events ORDER BY week")?;
    for week in weeks.lines() {
        for copy in 1..=copies {
            batch += 1;
            let told = |statement: &str| {
                let of = [("copy", copy), ("node", u64::from(COPIES_NODE)), ("batch", batch)];
                of.iter().fold(statement.replace("{week}", week), |text, (name, value)| {
                    text.replace(&format!("{{{name}}}"), &value.to_string())
                })
            };
            engine.run(DATABASE, &told(COPY))?;
            engine.run(DATABASE, &told(NOTE))?;
            engine.run(DATABASE, &told(LAST))?;
        }
        eprintln!("prove: clickhouse: {copies} copies of the week of {week} are there");
    }
    Ok(began.elapsed())
}

/// The last number that a generation of counts has.
///
/// # Errors
///
/// The engine refuses.
pub(crate) fn last_generation(engine: &Engine) -> Result<u64, Fault> {
    engine.number(DATABASE, "SELECT max(generation) FROM generations")
}

/// Waits until a collector begins to count: it takes a number first.
///
/// # Errors
///
/// The engine refuses, or it does not begin.
pub(crate) fn until_begun(engine: &Engine, last: u64) -> Result<Duration, Fault> {
    until("a collector's first count", (LOOK_AT_COUNTS, COUNTS_WITHIN), || {
        Ok(last_generation(engine)? != last)
    })
}

/// Waits until a collector has counted everything; how long that took.
///
/// # Errors
///
/// The engine refuses, or it takes too long.
pub(crate) fn until_counted(engine: &Engine) -> Result<Duration, Fault> {
    until("counting", (LOOK_AT_COUNTS, COUNTED_AT_MOST), || {
        Ok(engine.number(DATABASE, UNCOUNTED)? == 0)
    })
}
