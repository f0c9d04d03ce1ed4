//! `headcount serve`: the collector, until it is told to stop.

use std::sync::Arc;
use std::time::SystemTime;

use headcount::signals;
use headcount_catalog::Time;
use headcount_collector::{Access, Collector, Config, Registry, limits};

use crate::args::Serve;
use crate::hangup::Hangups;
use crate::print;

/// Serves until SIGINT or SIGTERM. 2 where a catalog has mistakes, 1 where it
/// cannot start.
pub(crate) fn run(serve: &Serve) -> u8 {
    if !serve.development {
        print::err(
            "headcount serve: write keys and sign-in are not there yet, so anybody who reaches the collector could write and read. \
             Start it with --development, which listens on loopback only.\n",
        );
        return 1;
    }
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
        access: Access::Development,
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
            if let Some(Err(error)) =
                running.catalog_reloader().map(|reloader| hangups.reload(reloader))
            {
                print::err(format_args!("headcount serve: cannot start a thread: {error}\n"));
            }
            print::out(format_args!("listening on {}\n", running.url()));
            waiting.wait();
            running.stop();
            0
        }
        Err(error) => {
            print::err(format_args!("headcount serve: {error}\n"));
            1
        }
    }
}
