//! The collector: events in, an answer for each, numbers out.
//!
//! The promise: **200 means on disk, every event has exactly one outcome, and nothing that could be
//! somebody's is kept.** An event its product's catalog does not allow is counted and goes no
//! further; the client's address ends at the door; devices, sessions and accounts are stored only as
//! pseudonyms, under a secret that never leaves the data folder.
//!
//! ```text
//!  connection --> door --> visitor --> intake --> judge --> desk ==> writer --> store
//!              no address  own host?   bodies,   catalog,   waits    one commit,    |
//!                 beyond               keys      time, id   together  one fsync     |
//!                                        ^                               |          |
//!                                        +---- an outcome an event ------+          |
//!                                                                                   |
//!  browser, Prometheus, analyst <-- page, metrics, ask <--------- questions --------+
//! ```
//!
//! Each dialect is spoken where its official clients send, and answered as they expect:
//!
//! | dialect | where | an event without an id |
//! | --- | --- | --- |
//! | native, and the plain `{"events":[…]}` | `/api/v1/events` | is rejected |
//! | OTLP | `/v1/logs` | is named |
//! | PostHog | `/batch/`, `/capture/`, `/i/v0/e/`, `/e/`, `/track/`, `/i/v1/analytics/events` | is named |
//! | Datadog | `/api/v2/logs` | is named |
//! | OpenClacky | `/api/v1/telemetry/startup`, `/api/v1/telemetry/task` | is one of its own |
//!
//! An event that is *named* gets the same id when the same body comes again, if it says when it
//! happened; else it is one of its own. Any other path that a catalog names is served as well, in
//! the dialect of the destination that names it.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::sync::Arc;
//!
//! use headcount_catalog::Time;
//! use headcount_collector::{Access, Collector, Config, Registry};
//!
//! # let home = headcount_testkit::Home::new();
//! # home.write("catalogs/any.toml", include_str!("../tests/collector/smallest.toml"));
//! let running = Collector::start(Config {
//!     listen: "127.0.0.1:0".parse()?,
//!     data: home.path().join("data"),
//!     registry: Registry::load(&home.path().join("catalogs"))?,
//!     access: Access::Development,
//!     clock: Arc::new(|| Time::from_seconds(1_795_176_000)),
//!     error_log: Arc::new(|sentence| eprintln!("{sentence}")),
//! })?;
//!
//! let mut client = std::net::TcpStream::connect(running.address())?;
//! client.write_all(
//!     b"POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
//!       authorization: Bearer smallest\r\ncontent-length: 20\r\n\r\n{\"event\":\"invented\"}",
//! )?;
//! let mut answer = String::new();
//! client.read_to_string(&mut answer)?;
//! assert!(answer.ends_with(
//!     r#"{"accepted":0,"duplicate":0,"rejected":1,"events":[{"index":0,"outcome":"rejected","reason":"unknown-event"}]}"#
//! ));
//! running.stop();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What this crate does not do
//!
//! It reads no arguments, no environment, no wall clock and no signals, and prints nothing: all of
//! that is the binary's, which passes in a [`Config`] and calls [`Running::stop`]. It decides
//! nothing about an event that [`Catalog::check`](headcount_catalog::Catalog::check) has not
//! decided, keeps nothing itself that a [`Store`](headcount_store::Store) should, and sends nothing
//! anywhere. It speaks HTTP in the clear: beyond this machine, a proxy in front of it speaks TLS.

mod config;
mod registry;
mod running;
mod error;
mod secret;
mod routes;
mod app;
mod listener;
mod guard;
mod intake;
mod judge;
mod columns;
mod pseudonym;
mod wakeup;
mod lost_arrivals;
mod arrival;
mod unstored_counts;
mod dropped_fields;
mod inbox;
mod writer;
mod answer;
mod ask;
mod metrics;
mod page;
pub mod limits;

pub use config::{Access, Config, ErrorLog, TimeSource};
pub use error::StartError;
pub use registry::{Registry, RegistryError};
pub use running::{Collector, Running};
