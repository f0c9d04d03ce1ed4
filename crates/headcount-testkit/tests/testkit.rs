//! The test kit seen from outside: sockets and processes, as every other test uses them.

// `cfg(test)` is always true here; with it clippy takes the functions beside the tests for tests.
#[cfg(test)]
#[path = "testkit/capture.rs"]
mod capture;
#[cfg(test)]
#[path = "testkit/program.rs"]
mod program;
