//! What all tests of Headcount use, so that none needs the network, the real
//! clock, a real home folder, a fixed port or a pause.
//!
//! A [`TestProgram`] runs as a person whose home is a [`Home`]. What it ships
//! goes to a [`CaptureServer`], which keeps every [`CapturedRequest`] and gives
//! the [`ServerReply`] that the test chose. A [`ManualClock`] shows the time. A
//! [`Canary`] is planted in arguments, environment or files, and must be
//! neither in the home nor in any request afterwards.
//!
//! ```
//! use headcount_testkit::{CannedAnswer, Canary, CaptureServer, Home};
//! use std::io::{Read, Write};
//! use std::time::Duration;
//!
//! let server = CaptureServer::start();
//! server.reply_next(CannedAnswer::status(503).header("retry-after", "60"));
//!
//! let address = server.url().replace("http://", "");
//! let mut client = std::net::TcpStream::connect(address).unwrap();
//! client.write_all(b"POST /v1/logs HTTP/1.1\r\nconnection: close\r\n\r\n").unwrap();
//! let mut answer = String::new();
//! client.read_to_string(&mut answer).unwrap();
//!
//! assert!(answer.starts_with("HTTP/1.1 503"));
//! let requests = server.wait_for(1, Duration::from_secs(5));
//! assert_eq!(requests[0].path, "/v1/logs");
//! assert_eq!(Canary::new("prompt").find_in(&requests[0].bytes()), None);
//! assert_eq!(Home::new().tree(), []);
//! ```
//!
//! | to change | open |
//! | --- | --- |
//! | the environment and the files of a person | `home.rs` |
//! | how a program is started and waited for | `program.rs` |
//! | how the server accepts, waits and refuses | `capture.rs` |
//! | what the server answers | `answer.rs` |
//! | how a request is read | `request.rs` |
//! | what PostHog and Datadog demand of a request | `backend.rs` |
//! | how secrets are searched for | `canary.rs` |
//! | how a suite keeps the token that ships from being used | `shipped_token.rs` |
//! | what must not be named anywhere | `hidden.rs` |
//! | what is seen of the first run of a product | `first_runs.rs` |
//! | what is seen in a terminal, and the keys that are pressed | `seat.rs` |
//! | what a hundred runs at once must leave | `crowd.rs` |
//! | a home that is read-only, a full disk, a backend that is away | `trouble.rs` |
//! | the head of a made-up catalog | `catalog_head.rs` |
//!
//! The functions panic instead of returning errors, with a message that says
//! what they saw, because a test has no better use for an error. The crate
//! speaks no TLS and knows nothing about Headcount: a test has to say what a
//! request means. No product links it.

// The person, and the programs that run as one.
mod home;
mod program;
mod script;
mod hidden;
mod shipped_token;
mod crowd;
#[cfg(unix)]
mod first_runs;
#[cfg(unix)]
mod seat;
#[cfg(unix)]
mod trouble;
mod clock;
mod canary;

// What a product may report.
mod catalog_head;

// The destination.
mod capture;
mod answer;
mod request;
mod backend;

mod limits;

pub use answer::{CannedAnswer, ServerReply};
pub use backend::{Backend, BackendServer};
pub use canary::Canary;
pub use capture::CaptureServer;
pub use catalog_head::CatalogHead;
pub use clock::ManualClock;
pub use crowd::{Crowd, Ships};
#[cfg(unix)]
pub use first_runs::{FirstRuns, Sends, compare};
pub use hidden::assert_is_hidden;
pub use home::{Home, TreeEntry};
pub use program::{ProgramOutput, RunningProgram, TestProgram};
pub use request::{CapturedRequest, read_chunks};
pub use script::assert_script_ends;
#[cfg(unix)]
pub use seat::{CursorState, Seat, SeatEnd};
pub use shipped_token::ShippedToken;
#[cfg(unix)]
pub use trouble::InTrouble;
