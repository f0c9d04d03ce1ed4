//! Archon as its release is built, with a key: the success criteria of its
//! document, and what it makes of PostHog and of the real collector.

#[cfg(test)]
mod criteria;
#[cfg(test)]
mod received;
#[cfg(test)]
mod release;
#[cfg(test)]
mod stage;
#[cfg(test)]
#[cfg(unix)]
mod trouble;
#[cfg(test)]
#[path = "../../../../in_tests/collector.rs"]
mod collector;
