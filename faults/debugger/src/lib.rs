//! A small debugger for Windows that makes calls of the file system fail, as a
//! full disk, a virus scanner or a program that holds a file would.
//!
//! [`run`] starts a program and every process that it starts, and waits for
//! them all. A breakpoint stands at each function of `ntdll.dll` that goes to
//! the kernel for a file. Only what is below one folder is counted, per
//! process, and only one kind of call fails: the third, say, or every one. At
//! the third, the process can also be ended, as the task manager does it.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `plan.rs` | which call fails, and how; without effects |
//! | `functions.rs` | the functions, and where their arguments are |
//! | `breakpoints.rs` | where they are, and the breakpoints at them |
//! | `calls.rs` | from a stopped thread to the kind of its call and its file |
//! | `debuggee.rs` | memory, registers and handles of a process |
//! | `events.rs` | the loop |
//! | `plain.rs` | running a program without a breakpoint |
//!
//! It works on Windows for x86-64, and in Wine; elsewhere the library is empty.
//! A function of the kernel begins with `mov r10, rcx` there, which is carried
//! out here: so a breakpoint never has to be taken away and set again, and no
//! other thread slips past it.

#![cfg(all(windows, target_arch = "x86_64"))]

mod breakpoints;
mod calls;
mod debuggee;
mod events;
mod functions;
mod output;
mod plain;
mod plan;

pub use events::run;
pub use output::Ran;
pub use plain::Job;
pub use plan::{Chosen, Fault, KILLED, Plan, STEP};
