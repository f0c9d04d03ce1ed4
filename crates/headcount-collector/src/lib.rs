//! The collector: takes events in, answers for each of them, and shows numbers.
//!
//! The promise: **200 means on disk, every event has exactly one outcome, and
//! no personal data is kept.** An event that its product's catalog does not
//! allow is counted and goes no further. The client's address is dropped when
//! its connection is accepted; a hash of it under a salt of the hour, in memory
//! alone, counts its requests. Devices, sessions and accounts are stored only
//! as pseudonyms, under a secret that never leaves the data folder.
//!
//! ```text
//!  connection --> listener --> door ---> intake ==> judges ----> inbox ==> writer --> store
//!                 TLS, no      host?     bodies,    threads:     waits     one commit,   |
//!                 address      rates?    keys       inflate,     together  one fsync     |
//!                                          ^        plan, rows                |          |
//!                                          +------------ an outcome an event -+          |
//!                                                                                        |
//!  browser, Prometheus, analyst <-- page, metrics, ask <------------- questions ---------+
//! ```
//!
//! Each dialect is accepted where its official clients send, and answered as
//! they expect:
//!
//! | dialect | path | an event without an id |
//! | --- | --- | --- |
//! | native, and the plain `{"events":[…]}` | `/api/v1/events` | is rejected |
//! | OTLP | `/v1/logs` | gets an id |
//! | PostHog | `/batch/`, `/capture/`, `/i/v0/e/`, `/e/`, `/track/`, `/i/v1/analytics/events` | gets an id |
//! | Datadog | `/api/v2/logs` | gets an id |
//! | OpenClacky | `/api/v1/telemetry/startup`, `/api/v1/telemetry/task` | always gets a new id |
//!
//! An event that gets an id and has a time is named by what it says: it gets
//! the same id when it comes again, in whatever company. Without a time, each
//! is a new event. Any other path that a catalog names is served as well, in
//! the dialect of the destination that names it.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::sync::Arc;
//!
//! use headcount_catalog::Time;
//! use headcount_collector::{Access, Collector, Config, Encryption, OperatorLog, PassedTime, Registry, StoreConfig};
//!
//! # let home = headcount_testkit::Home::new();
//! # home.write("catalogs/any.toml", include_str!("../tests/collector/smallest.toml"));
//! let running = Collector::start(Config {
//!     listen: "127.0.0.1:0".parse()?,
//!     data: home.path().join("data"),
//!     registry: Registry::load(&home.path().join("catalogs"))?,
//!     access: Access::Development,
//!     encryption: Encryption::None,
//!     store: StoreConfig::Embedded,
//!     hosts: Vec::new(),
//!     clock: Arc::new(|| Time::from_seconds(1_795_176_000)),
//!     passed: PassedTime::Measured,
//!     log: OperatorLog::new(|record| eprintln!("{}", record.sentence)),
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
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `model` | the slow reading of an event, for the fuzzer; the fast one alone, for `examples/judge_speed.rs` |
//!
//! # What this crate does not do
//!
//! It reads no arguments, no environment, no wall clock and no signals, and
//! prints nothing: the binary does that, passes in a [`Config`] and calls
//! [`Running::stop`]. It decides nothing about an event that
//! [`Catalog::check`](headcount_catalog::Catalog::check) has not decided, keeps
//! nothing itself that a [`Store`](headcount_store::Store) should keep, and
//! sends nothing anywhere. It fetches no certificate.
//!
//! # Where to change what
//!
//! | to change | open |
//! | --- | --- |
//! | what a dialect accepts, or how it answers | the file of its name in `intake/` |
//! | why a request is rejected, and the message | `intake/rejection.rs` |
//! | limits of size, time and memory of a body | `intake/body.rs`, `intake/body_buffer.rs`, `limits.rs` |
//! | when an event is too old or too far in the future, or which id it gets | `plan/judged.rs`, `request_judge.rs`; the days in `limits.rs` |
//! | what is stored of an event, and what is counted | `plan/columns.rs`, `pseudonym.rs` |
//! | whose the events of a body are | `intake/judge_body.rs` |
//! | which thread judges what | `intake/outcomes.rs`, `judges.rs` |
//! | the weight of events, and homes that are thrown away | `batch.rs`; its header in `headcount-wire`, `native/batch_head.rs` |
//! | how events are committed, and their outcomes | `inbox.rs`, `writer.rs`, `commit_rows.rs`, `arrival.rs` |
//! | which catalogs go together, when they are loaded again, where they are kept | `registry/` |
//! | how a person's events are erased, and what proves it | `intake/forget.rs`, `erasure_proof.rs` |
//! | what an operator does without a server | `offline/` |
//! | a question over HTTP, or its parameters | `ask/http_question.rs`, `ask/question_parameter.rs` |
//! | the columns of an answer, in JSON, CSV and the OpenAPI document | `ask/columns.rs`, `ask/row_cells.rs` |
//! | the OpenAPI document | `ask/openapi/` |
//! | how new, returning and retained devices are told from marks | `cohorts.rs` |
//! | a metric | `metrics/` |
//! | a panel of the page | `page/`; a new question first in `headcount-store`, `question.rs` |
//! | what everybody may see of a product, and what is withheld | `public/` |
//! | who gets in: names, a proxy in front, rates | `door.rs`, `encryption/proxy.rs`, `rates.rs`, `peer_salt.rs` |
//! | which certificates are good, and when they are read again | `encryption/certificate.rs`, `encryption/own_certificate.rs` |
//! | who may connect, and what browsers may do | `listener.rs`, `guard.rs` |
//! | how pages look, and that they may | `style.rs`, `style/` |
//! | a TLS handshake | `server/handshake.rs` |
//! | what a route needs, and who gets it | `access/`; the test of every cell in `access/tests.rs` |
//! | write keys, readers, tokens, and their file | `credentials/` |
//! | when an alert rings, and what is told | `alerts/`: `judge.rs`, `message.rs` |
//! | when a report is due, and what it says | `reports/`: `schedule.rs`, `numbers.rs`, `text.rs` |
//! | notes on days, and their file | `notes/`; as JSON, `ask/day_notes.rs` |
//! | what counts as asked for, and what nobody asks for | `ask/named_subjects.rs`, `last_asked/book.rs` |
//! | when a connection is ended, and for which other one | `server/connection_state.rs`, `server/connections.rs` |
//! | when a collector is healthy | `health.rs`, `folder_watch.rs` |
//! | when it is ready | `readiness.rs`, `disk_space.rs` |
//! | what the operator is told, and how refusals are told | `operator_log/` |
//! | when its clock is in doubt | `clock_watch.rs`, `clock_evidence.rs`, `kept_clock.rs` |
//! | when the store is kept in order | `housekeeper.rs` |
//! | why a collector does not start | `running.rs`, `start_check.rs`, `error.rs` |

// What a collector is given, and how it starts and stops.
mod config;
mod host_name;
mod operator_log;
mod registry;
mod running;
mod start_check;
mod reloader;
mod error;
mod private_file;
mod file_stamp;
mod file_watch;
mod trusted_file;
mod folder_turn;
mod unusable_folder;
mod secret;
mod credentials;
mod notes;
mod last_asked;
mod folder_watch;
mod health;
mod part_state;
mod readiness;
mod disk_space;
mod watched_store;
mod repeated_task;
mod housekeeper;
mod alerts;
mod reports;
mod clock_evidence;
mod clock_watch;
mod kept_clock;
mod compared_days;
pub mod limits;

// What every request passes, and what every request can use.
mod listener;
mod connection_facts;
mod peer_salt;
mod request_rate;
mod rates;
mod encryption;
mod door;
mod server;
mod style;
mod guard;
mod access;
mod routes;
mod route_class;
mod route_of_path;
mod app;
mod answer;

// Events in: from bytes to an outcome for each event.
mod intake;
mod judges;
mod desks;
mod batch;
mod request_judge;
mod plan;
mod pseudonym;
mod erasure_proof;
mod arrival;
mod lost_arrivals;
mod unstored_counts;
mod dropped_fields;
mod answered_requests;
mod commit_answers;
mod inbox;
mod wakeup;
mod writer_rest;
mod commit_rows;
mod writer;

// What an operator does without a server.
pub mod offline;

// Numbers out.
mod ask;
mod cohorts;
mod share;
mod version_order;
mod metrics;
mod day_text;
mod url_query;
mod page;
mod public;

pub use alerts::{
    AlertChannel, AlertCondition, AlertMessage, AlertRule, AlertSight, AlertState, CountedThing,
    Delivered,
};
pub use ask::{ExplainedQuestion, HttpQuestion, ParameterForm, QuestionParameter, asked_days};
pub use config::{
    Access, Config, Encryption, HostName, HostNameError, IdentityHeader, IdentityHeaderError,
    PassedTime, StoreConfig, TimeSource, TlsFiles, TrustedProxy,
};
pub use credentials::{CredentialError, IssuedSecret, Password, ReaderName, Role, WeakPassword};
pub use error::StartError;
#[cfg(feature = "clickhouse")]
pub use headcount_store::{ClickHouseAddress, ClickHouseSettings, MovedDay, move_events};
pub use health::FailureWatch;
pub use notes::{DayNote, NewDayNote, NoteError};
pub use operator_log::{
    LogField, LogLevel, LogPart, LogRecord, LogValue, MachineFact, OperatorLog, Sentence,
};
pub use public::words_as_html;
pub use registry::{CatalogReload, Registry, RegistryError};
pub use reloader::Reloader;
pub use reports::{ReportDay, ReportRule, Weekday};
pub use route_class::RouteClass;
pub use running::{Collector, Running};
pub use unusable_folder::UnusableFolder;

/// What the fast judge of events must agree with, and how fast it is: for the
/// fuzzer and an example.
#[cfg(feature = "model")]
pub mod model {
    pub use crate::plan::model::assert_agreement;
    pub use crate::plan::{Anew, FastJudge};
}
