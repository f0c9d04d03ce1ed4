//! The host with Headcount: one event a run, as any product would report it.

use headcount::{Host, Surroundings, Telemetry, person};

/// What it may report, made of its catalog while it compiles.
mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() {
    let host = Host::new(env!("CARGO_PKG_VERSION"));
    let session = Telemetry::new(&telemetry::CATALOG, host, Surroundings::of_this_process()).open();
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        // How the shipper is started, and how a person turns it on.
        Some((first, rest)) if first == "telemetry" => {
            print!("{}", person::run(&session, rest).out);
        }
        _ => {
            println!("Hello.");
            session.record(&telemetry::Run {
                command: telemetry::Command::Hello,
                agent: None,
                success: true,
                number: 0,
            });
            session.finish();
        }
    }
}
