//! How often somebody may ask.

use std::time::Duration;

/// How fast the tokens of a bucket fill it, and how many it holds; a request
/// takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestRate {
    /// How long it takes until there is one more.
    pub each: Duration,
    /// What is there at first, and at most.
    pub at_once: u32,
}
