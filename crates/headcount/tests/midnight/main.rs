//! Crowds of processes that are counted without an id, at midnight.
//!
//! They have a program of their own: a process that is being started holds the
//! locks of its parent for a moment, and other tests look at locks.

#[cfg(test)]
mod crowd;
#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
#[path = "../consent/scene.rs"]
mod scene;
#[cfg(test)]
#[path = "../counting/tool.rs"]
mod tool;
