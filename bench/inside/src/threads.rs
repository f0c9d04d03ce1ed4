//! Threads of one host that record at once through one session.

use std::io;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Opens telemetry, waits until a moment, in milliseconds since 1970, and then
/// records `events` events in each of `threads` threads. Prints when the first
/// began and the last ended, in nanoseconds since 1970.
///
/// The moment is more than a second after the start, so that the session's
/// decision is too old by then, and threads find that out together.
pub(crate) fn at_once(threads: u32, events: u32, moment_ms: u64) -> io::Result<()> {
    let session = crate::session();
    let event = crate::event(1);
    let moment = UNIX_EPOCH + Duration::from_millis(moment_ms);
    thread::scope(|scope| {
        let record = || {
            if let Ok(early) = moment.duration_since(SystemTime::now()) {
                thread::sleep(early);
            }
            let began = SystemTime::now();
            let taken = (0..events).filter(|_| session.try_record(&event).is_ok()).count();
            (began, SystemTime::now(), taken)
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(record)).collect();
        for thread in running {
            let ended = thread.join().map_err(|_| io::Error::other("a thread panicked"))?;
            let (began, ended, taken) = ended;
            if taken != events as usize {
                return Err(io::Error::other(format!("{taken} of {events} events were taken")));
            }
            println!("{} {}", since_1970_ns(began), since_1970_ns(ended));
        }
        Ok(())
    })
}

fn since_1970_ns(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}
