//! `headcount serve --check-config`: what would hold, and whether a collector
//! could start with it. Nothing is started and nothing is written.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use headcount_collector::Registry;

use super::settings::ServeSettings;
use crate::print;

/// What was found out about one thing.
enum Checked {
    Right(String),
    /// It may be as it should be.
    Note(String),
    Wrong(String),
}

/// Prints the settings and what was found. 1 if a collector would not start,
/// 2 if a catalog has mistakes.
pub(super) fn run(settings: &ServeSettings) -> u8 {
    for (key, text, source) in &settings.shown {
        print::out(format_args!("{} = {text} ({source})\n", key.name()));
    }
    let (catalogs, code) = catalogs(&settings.catalogs);
    let mut code = code;
    for checked in [catalogs, data(&settings.data), address(settings.listen)] {
        match checked {
            Checked::Right(sentence) => print::out(format_args!("right: {sentence}\n")),
            Checked::Note(sentence) => print::out(format_args!("note: {sentence}\n")),
            Checked::Wrong(sentence) => {
                print::err(format_args!("wrong: {sentence}\n"));
                code = code.max(1);
            }
        }
    }
    code
}

fn catalogs(folder: &Path) -> (Checked, u8) {
    match Registry::load(folder) {
        Ok(registry) => {
            let names: Vec<_> = registry.names().collect();
            let sentence = format!("the catalogs can be used: {}", names.join(", "));
            (Checked::Right(sentence), 0)
        }
        Err(error) => (Checked::Wrong(error.to_string()), 2),
    }
}

fn data(folder: &Path) -> Checked {
    let shown = folder.display();
    match fs::metadata(folder) {
        Ok(metadata) if !metadata.is_dir() => {
            Checked::Wrong(format!("the data folder {shown} is not a folder: name another one"))
        }
        Ok(_) => match fs::read_dir(folder) {
            Ok(_) => Checked::Right(format!("the data folder {shown} is there")),
            Err(error) => Checked::Wrong(format!("cannot read the data folder {shown}: {error}")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Checked::Note(format!("the data folder {shown} is not there yet: it would be made"))
        }
        Err(error) => Checked::Wrong(format!("cannot look at the data folder {shown}: {error}")),
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
