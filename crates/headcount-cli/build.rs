//! How the binary is linked on Linux: at a fixed address.
//!
//! An agent waits for `headcount hook`, and of its two milliseconds a third
//! would go to writing 18,000 addresses into 74 pages, which a program that can
//! lie anywhere needs before it begins. Its stack, its heap and the libraries
//! still lie where the system likes; `HEADCOUNT_PIE=1` builds a program that
//! lies anywhere, too.

use std::env;

fn main() {
    println!("cargo::rerun-if-env-changed=HEADCOUNT_PIE");
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let is_wanted_anywhere = env::var_os("HEADCOUNT_PIE").is_some();
    // Other C libraries link statically, with start files of their own.
    let can_be_fixed = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if can_be_fixed && !is_wanted_anywhere {
        println!("cargo::rustc-link-arg-bin=headcount=-no-pie");
    }
}
