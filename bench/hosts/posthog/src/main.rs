//! The host with posthog-rs: one event a run, and the client shut down before
//! it ends.

use posthog_rs::{ClientOptionsBuilder, Event};

fn main() {
    println!("Hello.");
    let Ok(endpoint) = std::env::var("PROOF_ENDPOINT") else { return };
    let mut options = ClientOptionsBuilder::default();
    let options = options.api_key("phc_proof".to_owned()).host(endpoint).build();
    let Ok(options) = options else { return };
    let client = posthog_rs::client(options);
    let mut event = Event::new("command", "d5a9");
    // These four cannot fail: they are plain values.
    let _ = event.insert_prop("command", "hello");
    let _ = event.insert_prop("success", true);
    let _ = event.insert_prop("version", env!("CARGO_PKG_VERSION"));
    let _ = event.insert_prop("os", std::env::consts::OS);
    client.capture(event);
    client.shutdown();
}
