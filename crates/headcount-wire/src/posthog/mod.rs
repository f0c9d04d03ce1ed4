//! PostHog's events: `POST /batch/`, and every other path and form that its
//! official clients use.
//!
//! The event's name is `event`, its id `uuid`, its time `timestamp` and the
//! device `distinct_id`; everything else is a property. Each event switches off
//! what PostHog adds by itself: a profile of the person and a place looked up
//! from the address. Its `$ip` is empty, because PostHog stores the address of
//! the request if that property is missing.
//!
//! `sent_at` is left out on purpose. PostHog shifts every time by the
//! difference between `sent_at` and its own clock, so a batch that waited an
//! hour for the network would have all its events shifted by that hour.

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;
mod form;
mod frame;

pub use answer::{encode_answer, encode_error, encode_results, settled};
#[cfg(feature = "model")]
pub use decode::{Capture, Captures, decode};
pub use encode::{PATH, encode};
pub(crate) use encode::{event, is_framed};
pub use form::unwrapped;
pub(crate) use frame::{FRAME, WANTED, is_ours};
