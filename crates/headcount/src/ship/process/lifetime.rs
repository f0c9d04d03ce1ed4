//! Limits the lifetime of a process that was started to ship.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::child;
use crate::{Telemetry, limits};

/// Runs a shipment. A process that was started for it ends
/// after ten seconds, even if a transport or a disk blocks; the next
/// one finds its events on disk. A host that ships by itself and a person who
/// runs the command by hand are not limited.
pub(crate) fn bounded<T>(telemetry: &Telemetry, shipment: impl FnOnce() -> T) -> T {
    if !child::is_marked(telemetry) {
        return shipment();
    }
    // The host is about to end, and the system may run both on one processor
    // although another is idle: then the person would wait for the shipper.
    thread::sleep(limits::HOST_FIRST);
    watched(limits::LIFETIME, shipment)
}

/// Runs a shipment, and exits the process when the time is over.
fn watched<T>(lifetime: Duration, shipment: impl FnOnce() -> T) -> T {
    let done = Arc::new(AtomicBool::new(false));
    let (started, ended) = (Instant::now(), Arc::clone(&done));
    let watch = move || {
        while !ended.load(Ordering::Acquire) {
            match lifetime.checked_sub(started.elapsed()) {
                Some(remaining) => thread::park_timeout(remaining),
                None => std::process::exit(0),
            }
        }
    };
    // Without this thread the shipment still limits itself as far as it can.
    let watching = thread::Builder::new().name("headcount-watch".to_owned()).spawn(watch);
    let result = shipment();
    done.store(true, Ordering::Release);
    if let Ok(watching) = watching {
        watching.thread().unpark();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::{Home, TestProgram};

    /// Not a test: what a child of the test below does.
    #[test]
    fn hang() {
        if std::env::var_os("HEADCOUNT_HANG").is_some() {
            watched(Duration::from_millis(50), || {
                loop {
                    thread::park();
                }
            });
        }
    }

    #[test]
    fn a_process_ends_whatever_its_transport_is_waiting_for() {
        let home = Home::new();
        let program = TestProgram::new(std::env::current_exe().unwrap(), &home);
        let program =
            program.args(["--exact", "ship::process::lifetime::tests::hang", "--nocapture"]);
        let output = program.env("HEADCOUNT_HANG", "1").run();
        assert_eq!(output.code(), Some(0), "{}", output.stdout_text());
        assert!(!output.stdout_text().contains("test result"), "it was ended, it did not end");
    }

    #[test]
    fn a_shipment_in_time_is_left_alone() {
        assert_eq!(watched(Duration::from_secs(3_600), || 7), 7);
    }
}
