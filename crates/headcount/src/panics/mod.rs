//! Panics: the place, the head of the message and the host's own top frames,
//! scrubbed, written to the queue before the process dies.
//!
//! [`Telemetry::watch_panics`] chains with whatever hook the host has and works with
//! `panic = "abort"`: everything is done inside the hook. The first
//! symbolisation of a backtrace costs tens of milliseconds; a dying process can
//! afford them, and no other does.

mod frames;
mod place;
mod scrub;

use std::panic::PanicHookInfo;

use headcount_catalog::Value;

use crate::built::BUILT;
use crate::{Context, Surroundings, Telemetry, TypedEvent};

/// What a panic tells, all of it harmless by shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// Where in the host's own source: `src/main.rs:12:5`.
    pub location: Option<String>,
    /// The head of its message without paths, names, quotations and numbers.
    pub message_head: String,
    /// Which thread.
    pub thread: Thread,
    /// The host's own functions, the innermost first.
    pub frames: Vec<String>,
}

/// A kind of thread; names of threads can be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thread {
    /// The main thread.
    Main,
    /// One with a name.
    Worker,
    /// Any other.
    Other,
}

/// What the hook needs to know of the host's own code.
#[derive(Debug, Clone)]
pub struct Watch {
    own: &'static [&'static str],
    /// Taken when the watch began.
    context: Vec<(usize, Value)>,
}

impl Watch {
    /// A watch for a host; `own` names the crates whose source is its own.
    #[must_use]
    pub fn new(own: &'static [&'static str]) -> Self {
        Self { own, context: Vec::new() }
    }

    /// The same with the host's part of the envelope, without which a catalog that requires one
    /// takes no event.
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
    /// Installs a hook that records what `event` makes of a panic, and then calls the hook that was
    /// there.
    ///
    /// The decision is taken when the panic comes, so that an `off` meanwhile counts.
    pub fn watch_panics(
        &self,
        watch: Watch,
        event: impl Fn(&Panic) -> Option<Box<dyn TypedEvent>> + Send + Sync + 'static,
    ) {
        if !BUILT {
            return;
        }
        let telemetry = self.clone();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let mut session = telemetry.open();
            session.describe(&watch);
            if session.is_recording()
                && let Some(event) = event(&told(info, &watch, telemetry.surroundings()))
            {
                session.record(event.as_ref());
            }
            // What is not kept on disk is handed over with the session's end; the hook before may
            // be the end of the process.
            drop(session);
            before(info);
        }));
    }
}

fn told(info: &PanicHookInfo<'_>, watch: &Watch, surroundings: &Surroundings) -> Panic {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("");
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
        message_head: scrub::scrub(message, &scrub::Secrets::of(surroundings)),
        thread,
        frames: frames::own(&std::backtrace::Backtrace::force_capture().to_string(), watch.own),
    }
}
