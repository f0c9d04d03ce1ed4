//! PostHog's events: `POST /batch/`, and every other path and shape its
//! official clients use.
//!
//! The event's name is `event`, its id `uuid`, its time `timestamp`, the device
//! `distinct_id`; everything else is a property. What PostHog would add by
//! itself is switched off in each event: no profile of a person, no place
//! looked up, and a `$ip` that is there and empty, because the address of the
//! request is put in only where that property is missing.
//!
//! `sent_at` is left out on purpose. PostHog moves every time by the difference
//! between it and its own clock; of a batch that waited for an hour of network,
//! it would move all events by that hour.

mod answer;
mod decode;
mod encode;
mod form;

pub use answer::{encode_answer, encode_error, encode_results, settled};
pub use decode::{Capture, Captures, decode};
pub use encode::{PATH, encode};
pub use form::unwrapped;
