//! Keeps a transport's panic from the host: it is a request that failed.

use std::cell::Cell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::{Gate, Request, Response, Transport, TransportError, TransportErrorKind};

thread_local! {
    /// How many guards stand around what this thread does.
    static GUARDS: Cell<usize> = const { Cell::new(0) };
}

/// Runs what may panic, and stops the panic: `None` then.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outside = GUARDS.get();
    GUARDS.set(outside + 1);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDS.set(outside);
    // What it panicked with may panic again when it is dropped.
    result.map_err(mem::forget).ok()
}

/// Whether a panic of this thread ends here, at `guarded`: then it is not a
/// crash of the host. Where a panic ends the process, it is.
pub(crate) fn is_guarded() -> bool {
    cfg!(panic = "unwind") && GUARDS.get() > 0
}

/// Sends a request through a gate. A panic is an error of the request.
pub(super) fn through<'g>(
    gate: &mut Gate<'g>,
    send: impl FnOnce(&mut Gate<'g>) -> Result<Response, TransportError>,
) -> Result<Response, TransportError> {
    guarded(|| send(gate)).unwrap_or_else(|| {
        let kind = match gate.was_asked() {
            true => TransportErrorKind::BrokenOff,
            false => TransportErrorKind::NotRun,
        };
        // What it panicked with is not told: it could say anything.
        Err(TransportError::new(kind, "the transport panicked"))
    })
}

/// A transport of the host's own, whose panic is an error of its request. It is
/// used again: the next request may not meet the same fault.
pub(crate) struct Guarded<T>(pub(crate) T);

impl<T: Transport> Transport for Guarded<T> {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        self.send_through(request, limit, &mut Gate::new(&mut || true))
    }

    fn send_through(
        &self,
        request: &Request,
        limit: Duration,
        gate: &mut Gate<'_>,
    ) -> Result<Response, TransportError> {
        through(gate, |gate| self.0.send_through(request, limit, gate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ship::transport::Compression;

    /// Panics before the gate, or after it.
    struct Broken {
        is_behind: bool,
    }

    impl Transport for Broken {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            panic!("a transport of the test's own is broken")
        }

        fn send_through(
            &self,
            request: &Request,
            limit: Duration,
            gate: &mut Gate<'_>,
        ) -> Result<Response, TransportError> {
            if self.is_behind {
                gate.pass()?;
            }
            assert!(is_guarded(), "a hook would take it for the host's");
            self.send(request, limit)
        }
    }

    #[test]
    fn a_panic_is_an_error_of_its_request_and_of_nothing_else() {
        let request = Request {
            method: "POST",
            url: "http://127.0.0.1:9".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            compression: Compression::None,
        };
        for (is_behind, kind) in
            [(false, TransportErrorKind::NotRun), (true, TransportErrorKind::BrokenOff)]
        {
            let mut open = || true;
            let mut gate = Gate::new(&mut open);
            let transport = Guarded(Broken { is_behind });
            let answer = transport.send_through(&request, Duration::ZERO, &mut gate);
            assert_eq!(answer.map_err(|error| error.kind()), Err(kind));
            let answer = transport.send(&request, Duration::ZERO);
            assert_eq!(answer.map_err(|error| error.kind()), Err(kind));
            assert!(!is_guarded());
        }
    }

    #[test]
    fn what_it_panicked_with_is_not_dropped() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                std::process::abort();
            }
        }
        assert_eq!(guarded(|| std::panic::panic_any(Bomb)), None::<()>);
    }
}
