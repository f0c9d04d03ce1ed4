//! The room of the queue's tests against real files and real processes.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report, also outside of `#[test]`")]

#[cfg(unix)]
mod adoption;
mod bounds;
mod claiming;
#[cfg(unix)]
mod errors;
#[cfg(unix)]
mod full;
mod looking;
mod model;
#[cfg(unix)]
mod processes;
mod scene;
#[cfg(unix)]
mod stopped;
mod writing;
