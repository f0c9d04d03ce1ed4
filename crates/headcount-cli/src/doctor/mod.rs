//! `headcount doctor`: whether everything is right, and the one thing to do
//! next: in a collector's folder ([`operator`]), or for the author of a program
//! ([`author`], [`destination`]). For the people who are counted it is
//! `telemetry doctor`, which the SDK answers; what it finds on this machine is
//! a part of what an author is told.

mod arguments;
mod author;
mod destination;
mod finding;
mod operator;

use headcount_catalog::Day;

pub(crate) use arguments::Doctor;

/// Examines. 0 where everything is right, 1 where something is not, 2 where
/// there is nothing to examine.
pub(crate) fn run(doctor: &Doctor, today: Day) -> u8 {
    match &doctor.catalog {
        None => operator::run(&doctor.folder.data, doctor.proof.as_deref(), doctor.json),
        Some(file) => author::run(file, doctor.json, today),
    }
}
