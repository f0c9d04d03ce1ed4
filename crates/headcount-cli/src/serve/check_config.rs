//! `headcount serve --check-config`: what would hold, and whether a collector
//! could start with it. Nothing is started and nothing is written.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use headcount::person::visible;
use headcount_collector::{Collector, Config, LogLevel, OperatorLog, Registry, StoreConfig};

use super::settings::ServeSettings;
use crate::print;

/// What was found out about one thing.
enum Checked {
    Right(String),
    /// It may be as it should be.
    Note(String),
    Wrong(String),
}

/// Prints the settings and what was found; `config` is what a collector would
/// be given. 1 if a collector would not start, 2 if a catalog has mistakes.
pub(super) fn run(settings: &ServeSettings, config: impl FnOnce(Registry) -> Config) -> u8 {
    for (key, text, source) in &settings.shown {
        let source = source.to_string();
        print::out(format_args!("{} = {} ({})\n", key.name(), visible(text), visible(&source)));
    }
    let code = match Registry::load(&settings.catalogs) {
        Ok(registry) => {
            let names: Vec<_> = registry.names().collect();
            let sentence = format!("the catalogs can be used: {}", names.join(", "));
            tell(&Checked::Right(sentence));
            let wrong = alerts(settings, &registry).max(reports(settings, &registry));
            let log = OperatorLog::new(|record| {
                if record.level != LogLevel::Info {
                    tell(&Checked::Note(record.sentence.to_string()));
                }
            });
            let config = Config { log, ..config(registry) };
            collector(&config).max(wrong)
        }
        Err(error) => {
            // Each mistake is a line.
            print::err("wrong: ");
            for line in error.to_string().lines() {
                print::err(format_args!("{}\n", visible(line)));
            }
            let rest =
                "certificate, keys and data folder are looked at once the catalogs can be used";
            tell(&Checked::Note(rest.to_owned()));
            2
        }
    };
    code.max(tell(&address(settings.listen)))
}

/// Whether each alert is about something that the catalogs have. 2 if one is
/// not.
fn alerts(settings: &ServeSettings, registry: &Registry) -> u8 {
    let mut code = 0;
    for alert in &settings.alerts {
        if let Some(mistake) = alert.rule.mistake(registry) {
            let (place, name) = (&alert.line, &alert.rule.name);
            code = 2;
            tell(&Checked::Wrong(format!("{place}: the alert `{name}`: {mistake}")));
        }
    }
    let names: Vec<&str> = settings.alerts.iter().map(|alert| alert.rule.name.as_str()).collect();
    if code == 0 && !names.is_empty() {
        tell(&Checked::Right(format!("the alerts can be used: {}", names.join(", "))));
    }
    code
}

/// Whether the catalogs have each product of the reports. 2 if one is missing.
fn reports(settings: &ServeSettings, registry: &Registry) -> u8 {
    let mut code = 0;
    for report in &settings.reports {
        if let Some(mistake) = report.rule.mistake(registry) {
            let (place, name) = (&report.line, &report.rule.name);
            code = 2;
            tell(&Checked::Wrong(format!("{place}: the report `{name}`: {mistake}")));
        }
    }
    let names: Vec<&str> =
        settings.reports.iter().map(|report| report.rule.name.as_str()).collect();
    if code == 0 && !names.is_empty() {
        tell(&Checked::Right(format!("the reports can be sent: {}", names.join(", "))));
    }
    code
}

/// Prints what was found. 1 if it is wrong.
fn tell(checked: &Checked) -> u8 {
    match checked {
        Checked::Right(sentence) => print::out(format_args!("right: {}\n", visible(sentence))),
        Checked::Note(sentence) => print::out(format_args!("note: {}\n", visible(sentence))),
        Checked::Wrong(sentence) => {
            print::err(format_args!("wrong: {}\n", visible(sentence)));
            return 1;
        }
    }
    0
}

/// What a start would say. 1 if it would refuse.
fn collector(config: &Config) -> u8 {
    let mut code = 0;
    for error in Collector::check(config) {
        let checked = if error.is_busy() {
            // The advice at its end is to stop what holds the folder.
            let text = error.to_string();
            let fact = text.rsplit_once("; ").map_or(&*text, |(fact, _)| fact);
            Checked::Note(format!("{fact}: right if that is the collector that runs now"))
        } else {
            Checked::Wrong(error.to_string())
        };
        code = code.max(tell(&checked));
    }
    if code == 0 {
        tell(&data(&config.data));
        if let StoreConfig::ClickHouse(settings) = &config.store {
            tell(&Checked::Right(format!("{} answers, and has no newer tables", settings.address)));
        }
    }
    code
}

/// What is there of a data folder that can be used.
fn data(folder: &Path) -> Checked {
    let shown = folder.display();
    if folder.is_dir() {
        Checked::Right(format!("the data folder {shown} is there"))
    } else {
        Checked::Note(format!("the data folder {shown} is not there yet: it would be made"))
    }
}

/// Whether the address can be listened on: it is tried for a moment.
fn address(address: SocketAddr) -> Checked {
    match TcpListener::bind(address) {
        Ok(_) => Checked::Right(format!("{address} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Checked::Note(format!(
            "{address} is in use: right if that is the collector that runs now"
        )),
        Err(error) => Checked::Wrong(format!(
            "cannot listen on {address}: {error}; choose another address with --listen"
        )),
    }
}
