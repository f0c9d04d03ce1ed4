//! Limits of the house's own files, in lines.

/// Lines of code in a Rust file: neither blank, nor comment, nor the tests at its end. In the Rust
/// projects that are a pleasure to read, nine files of ten have at most that many, and the rest is
/// where reading stops being one.
pub(crate) const CODE_LINES: usize = 400;

/// Lines of a Rust file, whatever they hold: half as much again as the code may have, for its
/// comments and tests.
pub(crate) const RAW_LINES: usize = 600;
