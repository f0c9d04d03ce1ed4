//! A library for `LD_PRELOAD` that makes calls of the C library fail, as a full
//! disk or a read-only folder would.
//!
//! It stands before the functions that Rust's standard library calls for files.
//! Only what is below one folder is counted, and only one kind of call fails:
//! the third, say, or every one. Everything else goes to the system as it is.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `FAULTS_BELOW` | the folder, absolute |
//! | `FAULTS_CALL` | the kind of call, such as `open`; missing: none fails |
//! | `FAULTS_AT` | which one fails, from 1; `all`: every one |
//! | `FAULTS_ERROR` | the number of the error; `short`: half is written; `full`: half, and then no space |
//! | `FAULTS_LOG` | a file outside that folder, which gets a line for each failure, or for each call where none fails |
//!
//! A call goes to the system by its number, so nothing here calls what it
//! stands before. A file descriptor is looked up in `/proc/self/fd`, so this
//! works on Linux only; elsewhere the library is empty.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod plan;
#[cfg(target_os = "linux")]
mod system;
