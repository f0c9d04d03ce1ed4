//! `headcount serve`: the collector, until it is told to stop.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::SystemTime;

use headcount::signals;
use headcount_catalog::Time;
use headcount_collector::{
    Access, Collector, Config, FailureWatch, Registry, Reloader, Running, limits,
};

use crate::args::Serve;
use crate::hangup::Hangups;
use crate::print;

/// Serves until SIGINT or SIGTERM, or until a part of the collector has ended
/// by itself: then 1, so that a supervisor starts it again. 2 for wrong usage
/// or where a catalog has mistakes, 1 where it cannot start.
pub(crate) fn run(serve: &Serve) -> u8 {
    let encryption = match serve.door.encryption(serve.development) {
        Ok(encryption) => encryption,
        Err(sentence) => {
            print::err(format_args!("headcount serve: {sentence}\n"));
            return 2;
        }
    };
    let registry = match Registry::load(&serve.catalogs) {
        Ok(registry) => registry.watched_every(limits::CATALOGS_INTERVAL),
        Err(error) => {
            print::err(format_args!("{error}\n"));
            return 2;
        }
    };
    let config = Config {
        listen: serve.listen,
        data: serve.data.clone(),
        registry,
        access: if serve.development { Access::Development } else { Access::Credentials },
        encryption,
        hosts: serve.door.hosts.clone(),
        clock: Arc::new(|| Time::from_system(SystemTime::now())),
        error_log: Arc::new(|sentence| print::err(format_args!("headcount serve: {sentence}\n"))),
    };
    // Listened for before the address is told: whoever reads it may already end
    // us.
    let listening = signals::listen().and_then(|waiting| Ok((waiting, Hangups::listen()?)));
    let (waiting, hangups) = match listening {
        Ok(listening) => listening,
        Err(error) => {
            print::err(format_args!(
                "headcount serve: the system's signals cannot be listened for: {error}\n"
            ));
            return 1;
        }
    };
    match Collector::start(config) {
        Ok(running) => {
            if let Err(error) = reload_at(hangups, &running) {
                print::err(format_args!("headcount serve: cannot start a thread: {error}\n"));
            }
            print::out(format_args!("listening on {}\n", running.url()));
            let end = first_end(waiting, running.failure_watch());
            running.stop();
            end.exit_code()
        }
        Err(error) => {
            print::err(format_args!("headcount serve: {error}\n"));
            1
        }
    }
}

/// Loads catalogs, credentials and certificate again at each hangup. The
/// operator's log says what came of it.
fn reload_at(hangups: Hangups, running: &Running) -> std::io::Result<()> {
    let reloader = running.reloader();
    hangups.at_each(move || {
        let _ = reloader.as_ref().map(Reloader::reload);
    })
}

/// Why serving ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EndOfService {
    /// It was told to stop.
    Signal,
    /// A part of the collector has ended by itself, which it has told.
    Failure,
}

impl EndOfService {
    fn exit_code(self) -> u8 {
        match self {
            Self::Signal => 0,
            Self::Failure => 1,
        }
    }
}

/// Waits for whichever comes first. A supervisor starts a process again that
/// has ended, and not one that answers 503 for ever.
fn first_end(signal: signals::Stop, failure: FailureWatch) -> EndOfService {
    let (first, end) = mpsc::channel();
    let second = first.clone();
    thread::spawn(move || {
        signal.wait();
        // Nobody listens if the other one was first.
        let _ = first.send(EndOfService::Signal);
    });
    thread::spawn(move || {
        if failure.wait().is_some() {
            let _ = second.send(EndOfService::Failure);
        }
    });
    end.recv().unwrap_or(EndOfService::Failure)
}
