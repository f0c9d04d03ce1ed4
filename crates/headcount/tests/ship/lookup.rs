//! Looking a host name up ends a request at most, and never the process.

use headcount_testkit::{CaptureServer, Home};

use crate::{scene, secure};

/// As at a container's limit: no thread is as large as is asked for here.
#[test]
fn where_no_thread_can_be_started_a_request_fails_and_nothing_ends() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let none = [("RUST_MIN_STACK", "1152921504606846976")];
    let told = |url: &str| secure::told(&Home::new(), "secure::through_ureq", url, &none);
    let address = server.url();
    assert_eq!(told(&address.replace("127.0.0.1", "localhost")), "not-run");
    assert_eq!(server.connections(), 0);
    assert_eq!(told(&address), "200", "an address needs no thread");
}

#[test]
fn a_name_that_does_not_exist_is_unresolved() {
    // A label has 63 bytes at most (RFC 1035, section 2.3.4).
    let url = format!("http://{}/e", "a".repeat(64));
    assert_eq!(secure::told(&Home::new(), "secure::through_ureq", &url, &[]), "unresolved");
}
