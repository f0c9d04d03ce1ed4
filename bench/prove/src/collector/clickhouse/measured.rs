//! Everything that was measured of the store on ClickHouse.

use std::time::Duration;

use super::super::growth_page::Look;
use super::super::questions::Asked;
use super::engine::TableSize;
use super::intake::Intake;
use super::transfer::{Compared, Moved};

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    /// The engine's version.
    pub(crate) version: String,
    /// `SELECT 1`, in milliseconds.
    pub(crate) floor_ms: (f64, f64),
    /// Statements a question, on average.
    pub(crate) statements: f64,
    /// The ways in.
    pub(crate) intakes: Vec<Intake>,
    /// The embedded store, grown.
    pub(crate) embedded: Look,
    /// Its events moved.
    pub(crate) moved: Moved,
    /// Its answers beside the others.
    pub(crate) compared: Compared,
    /// ClickHouse with what was moved.
    pub(crate) small: Size,
    /// ClickHouse with the copies.
    pub(crate) large: Size,
    /// How they were made.
    pub(crate) generated: Generated,
}

/// The store on ClickHouse at one size.
#[derive(Debug)]
pub(crate) struct Size {
    /// Events that should be there.
    pub(crate) events: u64,
    /// Events in the answers.
    pub(crate) counted: u64,
    /// The questions.
    pub(crate) asked: Vec<Asked>,
    /// The tables.
    pub(crate) tables: Vec<TableSize>,
    /// The engine's memory, now and at most.
    pub(crate) engine_mib: (f64, f64),
    /// The collector's, likewise.
    pub(crate) collector_mib: (f64, f64),
}

/// How copies were made and counted.
#[derive(Debug)]
pub(crate) struct Generated {
    /// Of each event.
    pub(crate) copies: u64,
    /// Events.
    pub(crate) events: u64,
    /// Until all were inserted.
    pub(crate) took: Duration,
    /// Seconds of that with the engine on a processor.
    pub(crate) busy_s: f64,
    /// From when the collector began to count until it had counted them.
    pub(crate) counting: Duration,
    /// Seconds of that with the engine on a processor.
    pub(crate) counting_busy_s: f64,
    /// Whether each count of `events` is that of before, so many times.
    pub(crate) is_multiple: bool,
}
