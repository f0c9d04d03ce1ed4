//! Tests the test kit from outside, with sockets and processes.

// `cfg(test)` is always true here. It tells clippy that helper functions belong
// to tests.
#[cfg(test)]
#[path = "testkit/capture.rs"]
mod capture;
#[cfg(test)]
#[path = "testkit/program.rs"]
mod program;
