//! How often somebody may ask.

/// How fast the tokens of a bucket fill it, and how many it holds; a request
/// takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestRate {
    /// What is added every second.
    pub a_second: u32,
    /// What is there at first, and at most.
    pub at_once: u32,
}
