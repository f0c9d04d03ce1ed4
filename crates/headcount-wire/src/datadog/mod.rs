//! Datadog's logs: `POST /api/v2/logs`, in both of its forms.
//!
//! Programs on people's machines use the browser's form: NDJSON, and a public
//! client token (`pub…`) in the query. Servers use the form of the API: an
//! array, and an API key in a header. An event is a log whose `message` is the
//! event's name and whose `date` is its time; everything else is an attribute.
//! Attributes to which Datadog gives a meaning of its own are moved under the
//! product's name.

mod answer;
#[cfg(feature = "model")]
mod decode;
mod encode;
pub mod limits;
mod number;

pub use answer::{encode_answer, encode_error, settled};
#[cfg(feature = "model")]
pub use decode::{Log, Logs, decode};
pub use encode::{PATH, encode, encode_for_servers};
pub(crate) use encode::{RESERVED, is_framed};
pub(crate) use number::{is_number, number};
