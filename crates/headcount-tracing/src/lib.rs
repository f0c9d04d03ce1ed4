//! Records chosen spans and events of [`tracing`] as events of a Headcount
//! catalog, and nothing else.
//!
//! A program that has `tracing` already says what it does in many places. This
//! layer lets some of these places report usage, without a second way to say
//! it, and without letting the others in: only what has the target `headcount`
//! is looked at, and only what the catalog allows becomes a value.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//!
//! use headcount::TypedEvent;
//! use headcount_tracing::CatalogLayer;
//! use tracing_subscriber::prelude::*;
//!
//! mod telemetry {
//!     headcount::catalog!("../../examples/wren/telemetry.toml");
//! }
//! use telemetry::CATALOG;
//!
//! let recorded = Arc::new(Mutex::new(0));
//! let count = Arc::clone(&recorded);
//! // In a program: `move |event| session.record(event)`.
//! let layer = CatalogLayer::new(&CATALOG, move |event: &dyn TypedEvent| {
//!     assert_eq!(event.definition().name, "command");
//!     *count.lock().unwrap() += 1;
//! });
//! tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
//!     tracing::info!(target: "headcount", event = "command", name = "build", worked = true, took = 12);
//!     // The time from here to the end of the span is `took`.
//!     let span = tracing::info_span!(target: "headcount", "command", name = "test", worked = true);
//!     span.in_scope(|| {});
//!     drop(span);
//!     // Neither is looked at.
//!     tracing::info!(event = "command", name = "build", worked = true, took = 12);
//!     tracing::error!("cannot read {}", "/home/me/plans.txt");
//! });
//! assert_eq!(*recorded.lock().unwrap(), 2);
//! ```
//!
//! # What becomes what
//!
//! | in the program | in the catalog |
//! | --- | --- |
//! | an event with the target `headcount` | the event that its field `event` names |
//! | a span with the target `headcount`, when it closes | the event with the span's name |
//! | a field with the name of a property | its value, if the kind admits it: flags from `bool`, numbers from integers and floats, words and tokens from `&str`; lists from a text with commas |
//! | the time from a span's start to its close | its property of the kind `duration`, if it has exactly one and no field gave it |
//! | a field that is given with `%` or `?`, an error, the message | nothing: it is not formatted |
//! | any other field | nothing |
//!
//! A value that its kind does not admit is left out, and an event without a
//! required value is not recorded. [`CatalogLayer::on_refusal`] tells a
//! developer which, without the value.
//!
//! # Filters and threads
//!
//! A global filter, such as an `EnvFilter` added as a layer of its own, decides
//! for this layer too: let it pass `headcount=info`, or give each layer its own
//! filter. The layer calls its closure on the thread of the callsite, and
//! recording writes one line to disk: some microseconds, also on a thread of an
//! async runtime. The end of a program that stays is another matter:
//! [`Daemon::shutdown`](headcount::daemon::Daemon::shutdown) waits, so an async
//! host calls it in `spawn_blocking`. `examples/server.rs` is such a host.
//!
//! | to change | open |
//! | --- | --- |
//! | which callsites are looked at, and when an event is recorded | `layer.rs` |
//! | how fields become values | `draft.rs` |

mod draft;
mod layer;

pub use draft::Refused;
pub use layer::{CatalogLayer, TARGET};
