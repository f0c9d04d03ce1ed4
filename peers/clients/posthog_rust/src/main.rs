//! PostHog's client for Rust. Reads what to send from standard input; see
//! peers/README.md.

use posthog_rs::{CaptureCompression, ClientOptionsBuilder, Event};
use serde_json::Value;

fn main() {
    let task: Value = serde_json::from_reader(std::io::stdin()).expect("the suite writes JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut options = ClientOptionsBuilder::default();
    options.api_key(text(&task["key"])).host(text(&task["url"])).flush_at(20);
    match task["encoding"].as_str() {
        Some("gzip") => drop(options.capture_compression(CaptureCompression::Gzip)),
        Some("deflate") => drop(options.capture_compression(CaptureCompression::Deflate)),
        Some("zstd") => drop(options.capture_compression(CaptureCompression::Zstd)),
        _ => {}
    }
    let client = posthog_rs::client(options.build().expect("the options are whole"));
    let planted = &task["planted"];
    for sent in task["events"].as_array().expect("a list") {
        let mut event = Event::new(text(&task["name"]), text(&sent["device"]));
        for (name, value) in sent["properties"].as_object().expect("an object") {
            event.insert_prop(name, value).expect("JSON");
        }
        for (name, value) in [
            ("$ip", &planted["address"]),
            ("$current_url", &planted["url"]),
            ("$session_id", &planted["word"]),
            ("hostname", &planted["host"]),
            ("cwd", &planted["path"]),
            ("$set", planted),
        ] {
            event.insert_prop(name, value).expect("JSON");
        }
        event.add_group("company", planted["company"].as_str().expect("a text"));
        client.capture(event);
    }
    client.shutdown();
}
