//! The host that starts a detached process that does nothing: the floor of
//! starting a shipper.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

fn main() {
    println!("Hello.");
    // A process that could not be started is no reason to end otherwise.
    let _ = Command::new("/bin/true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
}
