//! Counting devices without an id, on real files and through what a host sees.
//!
//! No test here starts a process: between its fork and its start it would hold
//! the locks of others, and an event that finds a lock held leaves its mark to
//! the next one. Crowds of processes are in `tests/midnight`.
#![cfg(feature = "ureq")]

#[cfg(test)]
mod device;
#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
#[path = "../consent/scene.rs"]
mod scene;
#[cfg(test)]
mod sent;
#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
#[path = "../ship/scene.rs"]
mod ticks;
#[cfg(test)]
mod tool;
