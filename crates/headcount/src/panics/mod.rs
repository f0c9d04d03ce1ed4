//! Records panics: the location, the start of the message and the host's own
//! top frames, scrubbed, in the queue before the process ends.
//!
//! [`Telemetry::watch_panics`] calls the hook that was set before and works
//! with `panic = "abort"`, because everything happens inside the hook.
//! Resolving the symbols of the first backtrace takes tens of milliseconds,
//! which only a panicking process pays.
//!
//! `place` keeps locations in the host's own source, `scrub` removes everything
//! personal from a message, `frames` keeps the host's own functions, and
//! `entered` those that the host names itself.

mod entered;
mod frames;
mod place;
mod scrub;

use std::panic::PanicHookInfo;

use headcount_catalog::Value;

use crate::built::BUILT;
use crate::{Context, Surroundings, Telemetry, TypedEvent, ship, shipper};

pub use entered::{Entered, enter};

/// What is recorded of a panic. The shape of each field makes it harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// The location in the host's own source: `src/main.rs:12:5`.
    pub location: Option<String>,
    /// The start of its message without paths, names, quotations and numbers.
    pub message_head: String,
    /// The kind of thread.
    pub thread: Thread,
    /// The host's own functions, innermost first.
    pub frames: Vec<String>,
    /// The functions that the host itself named with [`enter`], innermost
    /// first. They are there in every build.
    pub entered: Vec<&'static str>,
}

/// A kind of thread. The name of a thread could be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thread {
    /// The main thread.
    Main,
    /// A thread with a name.
    Worker,
    /// A thread without a name.
    Other,
}

/// What the hook needs to know about the host.
#[derive(Debug, Clone)]
pub struct Watch {
    own: &'static [&'static str],
    /// As it was when the watch was made.
    context: Vec<(usize, Value)>,
}

impl Watch {
    /// A watch for a host; `own` are the names of its own crates.
    #[must_use]
    pub fn new(own: &'static [&'static str]) -> Self {
        Self { own, context: Vec::new() }
    }

    /// The same with the host's part of the envelope, which some catalogs
    /// require.
    #[must_use]
    pub fn with_context(self, context: &dyn Context) -> Self {
        Self { context: context.entries(), ..self }
    }
}

impl Context for Watch {
    fn entries(&self) -> Vec<(usize, Value)> {
        self.context.clone()
    }
}

impl Telemetry {
    /// Installs a hook that records what `event` makes of a panic, and then
    /// calls the hook that was set before.
    ///
    /// Consent is decided at the time of the panic, so an `off` in the meantime
    /// counts. A panic of a transport that telemetry itself catches is neither
    /// recorded nor given to that hook.
    pub fn watch_panics(
        &self,
        watch: Watch,
        event: impl Fn(&Panic) -> Option<Box<dyn TypedEvent>> + Send + Sync + 'static,
    ) {
        shipper::end_if_child(self);
        if !BUILT {
            return;
        }
        let telemetry = self.clone();
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // A transport's: it ends one request, and nothing of the host.
            if ship::is_guarded() {
                return;
            }
            let mut session = telemetry.session();
            session.describe(&watch);
            if session.is_recording()
                && !is_broken_output(message(info))
                && let Some(event) = event(&describe(info, &watch, telemetry.surroundings()))
            {
                session.record(event.as_ref());
            }
            // Drop the session first: it hands over events that are not kept on
            // disk, and the previous hook may end the process.
            drop(session);
            previous(info);
        }));
    }
}

fn message<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = info.payload();
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("")
}

/// Whether a panic only says that nobody reads the host's output any more, as
/// in `tool | head -1`, or that it cannot be written: `println!` panics then,
/// and so does an `unwrap` of the error. That is not a fault of the program.
fn is_broken_output(message: &str) -> bool {
    // The words of std's `print!` and `eprint!`, and of an error's `Debug`.
    ["failed printing to stdout: ", "failed printing to stderr: "]
        .iter()
        .any(|words| message.starts_with(words))
        || message.contains("kind: BrokenPipe")
        || message.contains("Kind(BrokenPipe)")
}

fn describe(info: &PanicHookInfo<'_>, watch: &Watch, surroundings: &Surroundings) -> Panic {
    let thread = std::thread::current();
    let thread = match thread.name() {
        Some("main") => Thread::Main,
        Some(_) => Thread::Worker,
        None => Thread::Other,
    };
    let own = |location: &std::panic::Location<'_>| {
        place::own(location.file(), location.line(), location.column())
    };
    Panic {
        location: info.location().and_then(own),
        message_head: scrub::scrub(message(info), &scrub::Secrets::of(surroundings)),
        thread,
        frames: frames::own(&std::backtrace::Backtrace::force_capture().to_string(), watch.own),
        entered: entered::here(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_broken_output_is_not_a_fault_of_the_program() {
        let unwrapped = |error: &dyn std::fmt::Debug| {
            format!("called `Result::unwrap()` on an `Err` value: {error:?}")
        };
        for message in [
            "failed printing to stdout: Broken pipe (os error 32)".to_owned(),
            "failed printing to stderr: No space left on device (os error 28)".to_owned(),
            unwrapped(&io::Error::new(io::ErrorKind::BrokenPipe, "x")),
            unwrapped(&io::Error::from(io::ErrorKind::BrokenPipe)),
        ] {
            assert!(is_broken_output(&message), "{message}");
        }
        for message in ["", "Broken pipe", "cannot print: failed printing to stdout: x"] {
            assert!(!is_broken_output(message), "{message}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_system_s_own_error_is_known_too() {
        let error = io::Error::from_raw_os_error(libc::EPIPE);
        assert!(is_broken_output(&format!("cannot write: {error:?}")), "{error:?}");
    }
}
