//! The program that this example's README.md prints, exactly as it is printed.

include!(concat!(env!("OUT_DIR"), "/printed.rs"));
