//! Tests of the queue with real files and real processes.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test reports, also in its helper functions"
)]

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
mod processes;
mod removing;
mod scene;
#[cfg(unix)]
mod stopped;
mod writing;
