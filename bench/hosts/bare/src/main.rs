//! The host without any telemetry: what every other host is compared with.

fn main() {
    println!("Hello.");
}
