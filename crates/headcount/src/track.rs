//! Follows a command from start to end: the class of its outcome, its exit code
//! and its duration, panics included.
//!
//! In one line, where `CommandRun` and `Outcome` are the catalog's own:
//!
//! ```text
//! session.track(|| work(), |run| CommandRun {
//!     outcome: run.class(Outcome::Success, CliError::outcome, Outcome::InternalError),
//!     exit_code: run.exit_code(),
//!     duration_ms: run.took,
//! })
//! ```
//!
//! The value that a body returns says how it ended: a [`Result`] whose error is
//! a [`Failure`], an exit code, or nothing. The host maps that to a class, and
//! a class is a word of the catalog: no text of an error can become one.
//!
//! ```
//! use headcount::track::{Failure, follow};
//!
//! # #[derive(Debug, PartialEq)]
//! enum Outcome { Success, NotAuthenticated, InternalError }
//! struct NoKey;
//!
//! impl Failure for NoKey {
//!     fn exit_code(&self) -> u8 { 4 }
//! }
//!
//! let followed = follow(|| Err::<(), _>(NoKey));
//! let run = followed.run();
//! let outcome = run.class(Outcome::Success, |NoKey| Outcome::NotAuthenticated, Outcome::InternalError);
//! assert_eq!((outcome, run.exit_code()), (Outcome::NotAuthenticated, 4));
//! ```
//!
//! A body that exits the process itself cannot be followed, nor can a panic in
//! a program built with `panic = "abort"`: for that see the panic hook
//! ([`crate::panics`]).

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use crate::person::Reply;
use crate::{Session, TypedEvent};

/// The exit code of a process whose main thread panicked.
const PANICKED: i32 = 101;

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending<'a, F> {
    /// It succeeded.
    Success,
    /// It failed, with this.
    Failure(&'a F),
    /// It panicked.
    Panic,
}

/// An error that knows the exit code of the process.
pub trait Failure {
    /// The exit code of the process: 1 unless the host overrides it.
    fn exit_code(&self) -> u8 {
        1
    }
}

/// The value of a command's body, which says how the command ended.
pub trait Returned {
    /// The failure.
    type Failure;

    /// The failure, if there was one.
    fn failure(&self) -> Option<&Self::Failure>;

    /// The exit code of the process.
    fn exit_code(&self) -> i32;
}

impl<T, F: Failure> Returned for Result<T, F> {
    type Failure = F;

    fn failure(&self) -> Option<&F> {
        self.as_ref().err()
    }

    fn exit_code(&self) -> i32 {
        self.failure().map_or(0, |failure| i32::from(failure.exit_code()))
    }
}

impl Returned for () {
    type Failure = ();

    fn failure(&self) -> Option<&()> {
        None
    }

    fn exit_code(&self) -> i32 {
        0
    }
}

/// An exit code is a failure if it is not zero.
macro_rules! exit_codes {
    ($($code:ty: $number:expr),*) => {$(
        impl Returned for $code {
            type Failure = Self;

            fn failure(&self) -> Option<&Self> {
                (self.exit_code() != 0).then_some(self)
            }

            fn exit_code(&self) -> i32 {
                $number(*self)
            }
        }
    )*};
}

exit_codes!(i32: std::convert::identity, u8: i32::from, ExitCode: number);

impl Returned for Reply {
    type Failure = Self;

    fn failure(&self) -> Option<&Self> {
        (self.code != 0).then_some(self)
    }

    fn exit_code(&self) -> i32 {
        i32::from(self.code)
    }
}

/// The number of an exit code, which has no getter for it.
fn number(code: ExitCode) -> i32 {
    let number = (0..=u8::MAX).find(|number| ExitCode::from(*number) == code);
    // Windows has more codes; none of them means success.
    number.map_or(1, i32::from)
}

impl Failure for io::Error {}

impl Failure for Box<dyn std::error::Error> {}

impl Failure for Box<dyn std::error::Error + Send + Sync> {}

/// What an event may say about a command that has ended.
#[derive(Debug)]
pub struct Run<'a, T> {
    /// The value it returned; `None` if it panicked.
    pub returned: Option<&'a T>,
    /// How long it took.
    pub took: Duration,
}

impl<'a, T: Returned> Run<'a, T> {
    /// How it ended.
    #[must_use]
    pub fn ending(&self) -> Ending<'a, T::Failure> {
        match self.returned.map(T::failure) {
            Some(None) => Ending::Success,
            Some(Some(failure)) => Ending::Failure(failure),
            None => Ending::Panic,
        }
    }

    /// The class of its outcome: of a success, of a failure, or of a panic.
    #[must_use]
    pub fn class<C>(&self, success: C, failure: impl FnOnce(&T::Failure) -> C, panic: C) -> C {
        match self.ending() {
            Ending::Success => success,
            Ending::Failure(error) => failure(error),
            Ending::Panic => panic,
        }
    }

    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        self.returned.map_or(PANICKED, T::exit_code)
    }
}

/// A command whose body has run.
#[derive(Debug)]
#[must_use = "without `end` a panic of the body is swallowed"]
pub struct Followed<T> {
    result: thread::Result<T>,
    took: Duration,
}

/// Runs a command's body and catches its panic. Use it for a command that may
/// change the decision: record its event in a session that is opened
/// afterwards.
pub fn follow<T>(body: impl FnOnce() -> T) -> Followed<T> {
    let start = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(body));
    Followed { result, took: start.elapsed() }
}

impl<T> Followed<T> {
    /// What an event may say about it.
    #[must_use]
    pub fn run(&self) -> Run<'_, T> {
        Run { returned: self.result.as_ref().ok(), took: self.took }
    }

    /// What the body returned.
    ///
    /// # Panics
    ///
    /// Panics if the body did, with the same payload.
    pub fn end(self) -> T {
        self.result.unwrap_or_else(|payload| resume_unwind(payload))
    }
}

impl Session {
    /// Runs a command's body, records the event that `event` makes of the run,
    /// and returns what the body returned.
    ///
    /// # Panics
    ///
    /// Panics if the body does, after the event is recorded and with the same
    /// payload.
    pub fn track<T, E: TypedEvent>(
        &self,
        body: impl FnOnce() -> T,
        event: impl FnOnce(&Run<'_, T>) -> E,
    ) -> T {
        let followed = follow(body);
        self.record(&event(&followed.run()));
        followed.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct NoKey;

    impl Failure for NoKey {
        fn exit_code(&self) -> u8 {
            4
        }
    }

    fn told<T: Returned>(body: impl FnOnce() -> T) -> (&'static str, i32) {
        let followed = follow(body);
        let run = followed.run();
        (run.class("success", |_| "failure", "panic"), run.exit_code())
    }

    #[test]
    fn every_usual_body_tells_how_it_ended_and_with_what() {
        assert_eq!(told(|| ()), ("success", 0));
        assert_eq!(told(|| Ok::<_, NoKey>("text")), ("success", 0));
        assert_eq!(told(|| Err::<(), _>(NoKey)), ("failure", 4));
        assert_eq!(told(|| Err::<(), _>(io::Error::other("x"))), ("failure", 1));
        assert_eq!(told(|| Err::<(), Box<dyn std::error::Error>>("x".into())), ("failure", 1));
        assert_eq!(told(|| 0), ("success", 0));
        assert_eq!(told(|| -7), ("failure", -7));
        assert_eq!(told(|| 0_u8), ("success", 0));
        assert_eq!(told(|| 200_u8), ("failure", 200));
        assert_eq!(told(|| ExitCode::SUCCESS), ("success", 0));
        assert_eq!(told(|| ExitCode::FAILURE), ("failure", 1));
        assert_eq!(told(|| ExitCode::from(255)), ("failure", 255));
    }

    #[test]
    fn a_panic_is_an_ending_and_goes_on_with_its_payload() {
        let body = || -> Result<(), NoKey> { resume_unwind(Box::new(7)) };
        assert_eq!(told(body), ("panic", PANICKED));
        let payload = catch_unwind(|| follow(body).end()).expect_err("it goes on");
        assert_eq!(payload.downcast_ref(), Some(&7));
    }

    #[test]
    fn the_failure_itself_is_at_hand_for_its_class() {
        let followed = follow(|| Err::<(), _>(NoKey));
        assert_eq!(followed.run().ending(), Ending::Failure(&NoKey));
    }

    #[test]
    fn it_takes_as_long_as_the_body() {
        let work = Duration::from_millis(2);
        let start = Instant::now();
        let followed = follow(|| {
            let start = Instant::now();
            while start.elapsed() < work {
                std::hint::spin_loop();
            }
        });
        let (took, most) = (followed.run().took, start.elapsed());
        assert!((work..=most).contains(&took), "{took:?} of {most:?}");
    }
}
