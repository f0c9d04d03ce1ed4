//! `headcount serve`: the collector, until it is told to stop.

mod file_place;
mod config_table;
mod rule_tables;
mod alert_tables;
mod report_tables;
mod alert_config;
mod check_config;
mod config_file;
mod ending;
mod hangup;
mod log;
mod setting;
mod settings;
mod store_setting;

use std::sync::Arc;
use std::time::SystemTime;

use headcount::person::visible;
use headcount::signals;
use headcount_catalog::Time;
use headcount_collector::{
    Access, AlertRule, Collector, Config, Encryption, LogPart, OperatorLog, PassedTime, Registry,
    Reloader, ReportRule, Running, Sentence, TimeSource, limits,
};

use crate::args::Serve;
use crate::print;
use ending::Ending;
use hangup::Hangups;
use log::LineForm;
use settings::ServeSettings;

pub(crate) use alert_config::AlertConfig;

/// Serves until SIGINT or SIGTERM, or until a part of the collector has ended
/// by itself: then 1, so that a supervisor starts it again. 2 for wrong usage
/// or where a catalog has mistakes, 1 where it cannot start.
pub(crate) fn run(serve: &Serve) -> u8 {
    let settings = ServeSettings::resolve(serve, &|name| std::env::var_os(name));
    let settings = match settings {
        Ok(settings) => settings,
        Err(sentence) => return failed(2, &sentence),
    };
    let encryption = match settings.door.encryption(settings.development) {
        Ok(encryption) => encryption,
        Err(sentence) => return failed(2, sentence),
    };
    if serve.check_config {
        return check_config::run(&settings, |registry| config(&settings, registry, encryption));
    }
    let registry = match Registry::load(&settings.catalogs) {
        Ok(registry) => registry.watched_every(limits::CATALOGS_INTERVAL),
        Err(error) => {
            print::err(format_args!("{error}\n"));
            return 2;
        }
    };
    let config = config(&settings, registry, encryption);
    // Listened for before the address is told: whoever reads it may already end
    // us.
    match signals::listen().and_then(|waiting| Ok((waiting, Hangups::listen()?))) {
        Ok((waiting, hangups)) => {
            let rules = (settings.rules(), settings.report_rules());
            start(config, rules, waiting, hangups)
        }
        Err(error) => failed(1, &format!("the system's signals cannot be listened for: {error}")),
    }
}

/// Says why nothing is served.
fn failed(code: u8, sentence: &str) -> u8 {
    // A mistake in the file is shown on lines of its own.
    let lines: Vec<_> = sentence.split('\n').map(visible).collect();
    print::err(format_args!("headcount serve: {}\n", lines.join("\n")));
    code
}

fn config(settings: &ServeSettings, registry: Registry, encryption: Encryption) -> Config {
    let clock: TimeSource = Arc::new(|| Time::from_system(SystemTime::now()));
    let stream = std::env::var("JOURNAL_STREAM").ok();
    let form = LineForm::of(settings.log, log::is_journal(stream.as_deref()));
    Config {
        listen: settings.listen,
        data: settings.data.clone(),
        registry,
        access: if settings.development { Access::Development } else { Access::Credentials },
        encryption,
        hosts: settings.door.hosts.clone(),
        clock: Arc::clone(&clock),
        passed: PassedTime::Measured,
        log: log::on_standard_error(form, settings.log_level, clock),
        store: settings.store.clone(),
    }
}

fn start(
    config: Config,
    (alerts, reports): (Vec<AlertRule>, Vec<ReportRule>),
    waiting: signals::Stop,
    hangups: Hangups,
) -> u8 {
    let log = config.log.clone();
    match Collector::start(config) {
        Ok(mut running) => {
            if !(alerts.is_empty() && reports.is_empty())
                && let Err(error) = running.watch_alerts(alerts, reports)
            {
                let sentence =
                    Sentence::from("no thread starts for alerts and reports: ").and(&error);
                return failed(1, &sentence);
            }
            if let Err(error) = reload_at(hangups, &running) {
                let sentence =
                    Sentence::from("SIGHUP loads nothing, because no thread starts: ").and(&error);
                log.warn(LogPart::Process, sentence);
            }
            print::out(format_args!("listening on {}\n", running.url()));
            let version = env!("CARGO_PKG_VERSION");
            log.info(LogPart::Process, Sentence::from("started version ").and(&version));
            serve(running, waiting, &log)
        }
        Err(error) => failed(1, &error.to_string()),
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

fn serve(running: Running, waiting: signals::Stop, log: &OperatorLog) -> u8 {
    let ending = Ending::wait(waiting, running.failure_watch(), log);
    if ending == Ending::Signal {
        log.info(
            LogPart::Process,
            "stopping: requests that have started are answered; another signal ends it at once",
        );
    }
    running.stop();
    log.info(LogPart::Process, "stopped");
    ending.exit_code()
}
