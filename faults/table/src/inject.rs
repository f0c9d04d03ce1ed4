//! How a call is made to fail: one way on each system, with the same functions.

#[cfg(unix)]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use linux::Injector;
#[cfg(windows)]
pub(crate) use windows::Injector;
