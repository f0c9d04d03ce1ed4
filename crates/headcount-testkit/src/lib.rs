//! What every test of Headcount uses, so that none needs the network, the wall clock, a real home
//! folder, a fixed port or a pause.
//!
//! In one picture: a [`TestProgram`] runs as the person who lives in a [`Home`], at the time a
//! [`ManualClock`] shows, and what it ships goes to a [`CaptureServer`], which keeps each [`CapturedRequest`] and
//! gives the [`ServerReply`] the test chose. A [`Canary`] planted in arguments, environment or files must
//! turn up neither in the home nor in any request.
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
//! It panics instead of returning errors, with a sentence that says what it saw: a test has no
//! better use for an error. It speaks no TLS, decompresses nothing and knows nothing of Headcount:
//! what a request means is for the test to say. It is no part of what a product links.

mod answer;
mod canary;
mod capture;
mod catalog_head;
mod clock;
mod home;
mod limits;
mod program;
mod request;

pub use answer::{CannedAnswer, ServerReply};
pub use canary::Canary;
pub use capture::CaptureServer;
pub use catalog_head::CatalogHead;
pub use clock::ManualClock;
pub use home::{Home, TreeEntry};
pub use program::{ProgramOutput, RunningProgram, TestProgram};
pub use request::CapturedRequest;
