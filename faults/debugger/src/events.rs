//! The loop: starts a program under the plan, and waits for it and for every
//! process that it starts.

use std::collections::HashMap;
use std::io;
use std::os::windows::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{
    CloseHandle, DBG_CONTINUE, DBG_EXCEPTION_NOT_HANDLED, EXCEPTION_BREAKPOINT, HANDLE,
};
use windows_sys::Win32::System::Diagnostics::Debug::{
    CREATE_PROCESS_DEBUG_EVENT, CREATE_THREAD_DEBUG_EVENT, ContinueDebugEvent, DEBUG_EVENT,
    EXCEPTION_DEBUG_EVENT, EXIT_PROCESS_DEBUG_EVENT, EXIT_THREAD_DEBUG_EVENT, LOAD_DLL_DEBUG_EVENT,
    WaitForDebugEvent,
};
use windows_sys::Win32::System::Threading::DEBUG_PROCESS;

use crate::breakpoints::{self, FIRST};
use crate::calls;
use crate::debuggee::{self, Process, Registers};
use crate::functions::{Function, WRITE_LENGTH};
use crate::output::{Ran, gather, text};
use crate::plan::{Fate, KILLED, Plan, STEP, is_step};

/// How long those that a program started may live longer than itself: a
/// shipper has 10 seconds.
pub(crate) const LATER: Duration = Duration::from_secs(15);
/// How long an event is waited for before the time is looked at.
const WATCH_MS: u32 = 100;

/// One process that is debugged.
#[derive(Debug)]
struct Debuggee {
    process: Process,
    threads: HashMap<u32, HANDLE>,
    /// Whether the system's own first breakpoint was met.
    has_begun: bool,
    /// How many calls of the chosen kind it made.
    met: u64,
}

struct Debugger<'a> {
    plan: &'a Plan,
    functions: Vec<(u64, &'static Function)>,
    processes: HashMap<u32, Debuggee>,
    met: String,
    failed: bool,
}

/// Runs a program under a plan, and ends it after the limit.
///
/// # Errors
///
/// Returns an error if the program cannot be started, or if this system's
/// functions do not begin as expected.
pub fn run(command: &mut Command, plan: &Plan, limit: Duration) -> io::Result<Ran> {
    command.creation_flags(DEBUG_PROCESS).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (out, err) = (gather(child.stdout.take()), gather(child.stderr.take()));
    let mut debugger = Debugger {
        plan,
        functions: breakpoints::functions(plan)?,
        processes: HashMap::new(),
        met: String::new(),
        failed: false,
    };
    let in_time = debugger.debug(child.id(), Instant::now() + limit)?;
    let code = child.wait()?.code();
    // A crash ends a process with the exception as its code.
    let code = code.filter(|code| in_time && *code >= 0);
    Ok(Ran { code, out: text(out), err: text(err), met: debugger.met })
}

impl Debugger<'_> {
    /// Until every process has ended. Tells whether the first one ended in
    /// time.
    fn debug(&mut self, first: u32, mut until: Instant) -> io::Result<bool> {
        let (mut in_time, mut first_runs, mut problem) = (true, true, None);
        loop {
            let mut event = DEBUG_EVENT::default();
            // SAFETY: one event is written to `event`.
            #[expect(unsafe_code, reason = "std does not debug")]
            let met = unsafe { WaitForDebugEvent(&raw mut event, WATCH_MS) } != 0;
            if Instant::now() > until {
                in_time &= !first_runs;
                self.processes.values().for_each(|debuggee| debuggee.process.end(KILLED));
            }
            if !met {
                continue;
            }
            let answer = self.take_in(&event);
            let (process, thread) = (event.dwProcessId, event.dwThreadId);
            // SAFETY: it takes numbers.
            #[expect(unsafe_code, reason = "std does not debug")]
            unsafe {
                ContinueDebugEvent(process, thread, *answer.as_ref().unwrap_or(&DBG_CONTINUE))
            };
            if let Err(error) = answer {
                self.processes.values().for_each(|debuggee| debuggee.process.end(KILLED));
                problem.get_or_insert(error);
            }
            if event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT {
                if event.dwProcessId == first {
                    first_runs = false;
                    until = Instant::now() + LATER;
                }
                self.processes.remove(&event.dwProcessId);
                if self.processes.is_empty() {
                    return problem.map_or(Ok(in_time), Err);
                }
            }
        }
    }

    /// Takes in one event, and tells what the thread is answered.
    #[expect(unsafe_code, reason = "the event's code says which field is there")]
    fn take_in(&mut self, event: &DEBUG_EVENT) -> io::Result<i32> {
        let thread = event.dwThreadId;
        match event.dwDebugEventCode {
            CREATE_PROCESS_DEBUG_EVENT => {
                // SAFETY: this code comes with this field.
                let about = unsafe { event.u.CreateProcessInfo };
                close(about.hFile);
                let debuggee = Debuggee {
                    process: Process(about.hProcess),
                    threads: HashMap::from([(thread, about.hThread)]),
                    has_begun: false,
                    met: 0,
                };
                self.processes.insert(event.dwProcessId, debuggee);
            }
            CREATE_THREAD_DEBUG_EVENT => {
                // SAFETY: as above.
                let handle = unsafe { event.u.CreateThread }.hThread;
                if let Some(debuggee) = self.processes.get_mut(&event.dwProcessId) {
                    debuggee.threads.insert(thread, handle);
                }
            }
            EXIT_THREAD_DEBUG_EVENT => {
                if let Some(debuggee) = self.processes.get_mut(&event.dwProcessId) {
                    debuggee.threads.remove(&thread);
                }
            }
            // SAFETY: as above.
            LOAD_DLL_DEBUG_EVENT => close(unsafe { event.u.LoadDll }.hFile),
            EXCEPTION_DEBUG_EVENT => {
                // SAFETY: as above.
                let record = unsafe { event.u.Exception }.ExceptionRecord;
                if record.ExceptionCode == EXCEPTION_BREAKPOINT {
                    let address = record.ExceptionAddress as usize as u64;
                    let stopped = self.stop(event.dwProcessId, thread, address);
                    // The process may end meanwhile, by another thread.
                    return stopped.or_else(|error| {
                        let is_over = self.has_ended(event.dwProcessId, thread);
                        if is_over { Ok(DBG_CONTINUE) } else { Err(error) }
                    });
                }
                return Ok(DBG_EXCEPTION_NOT_HANDLED);
            }
            _ => {}
        }
        Ok(DBG_CONTINUE)
    }

    /// Whether a thread runs no more.
    fn has_ended(&self, process: u32, thread: u32) -> bool {
        let debuggee = self.processes.get(&process);
        let handle = debuggee.and_then(|debuggee| debuggee.threads.get(&thread));
        handle.is_none_or(|handle| debuggee::has_ended(*handle))
    }

    /// A thread stands at a breakpoint: at one of ours, or at the one at which
    /// every process begins.
    fn stop(&mut self, process: u32, thread: u32, address: u64) -> io::Result<i32> {
        let Some(debuggee) = self.processes.get_mut(&process) else { return Ok(DBG_CONTINUE) };
        if !debuggee.has_begun {
            debuggee.has_begun = true;
            for (address, function) in &self.functions {
                breakpoints::set(debuggee.process, *address, function)?;
            }
            return Ok(DBG_CONTINUE);
        }
        let found = self.functions.iter().find(|(known, _)| *known == address).copied();
        let (Some((_, function)), Some(&thread)) = (found, debuggee.threads.get(&thread)) else {
            return Ok(DBG_EXCEPTION_NOT_HANDLED);
        };
        let process = debuggee.process;
        let registers = Registers::of(thread, process)?;
        let kind = calls::kind(function, &registers);
        let behind = address + FIRST.len() as u64;
        let path = self.plan.is_about(kind).then(|| calls::path(function, process, &registers));
        let path = path.flatten().filter(|path| calls::is_below(path, &self.plan.below));
        let Some(path) = path else {
            registers.go_on(thread, behind)?;
            return Ok(DBG_CONTINUE);
        };
        debuggee.met += 1;
        let fate = self.plan.fate(debuggee.met);
        self.note(fate, kind, &path);
        meet(fate, process, thread, function, registers, behind)?;
        Ok(DBG_CONTINUE)
    }

    /// Notes each call where none fails, else the first failure.
    fn note(&mut self, fate: Fate, kind: &str, path: &str) {
        if self.plan.chosen.is_none() {
            self.met.push_str(&format!("{kind} {path}\n"));
            if is_step(kind) {
                self.met.push_str(&format!("{STEP} {path}\n"));
            }
        } else if fate != Fate::Passes && !self.failed {
            self.failed = true;
            self.met.push_str(&format!("{kind} {path}\n"));
        }
    }
}

/// Lets a call go on, or answers it.
fn meet(
    fate: Fate,
    process: Process,
    thread: HANDLE,
    function: &Function,
    registers: Registers,
    behind: u64,
) -> io::Result<()> {
    match fate {
        Fate::Passes => registers.go_on(thread, behind)?,
        Fate::IsCutShort => {
            let length = registers.short_argument(WRITE_LENGTH);
            process.write(registers.on_stack(WRITE_LENGTH), &length.div_ceil(2).to_le_bytes())?;
            registers.go_on(thread, behind)?;
        }
        Fate::Ends => process.end(KILLED),
        Fate::Fails(status) => {
            let block = function.status_block.map(|at| registers.argument(at));
            // Locking does without one.
            if let Some(block) = block.filter(|block| *block != 0) {
                process.write(block, &u64::from(status.cast_unsigned()).to_le_bytes())?;
                process.write(block + 8, &0_u64.to_le_bytes())?;
            }
            registers.give_back(thread, status)?;
        }
    }
    Ok(())
}

/// The handle of a program's or a library's file is ours to close.
fn close(file: HANDLE) {
    if !file.is_null() {
        // SAFETY: the system gave it with this event, and nobody else has it.
        #[expect(unsafe_code, reason = "std has no owner for it")]
        unsafe {
            CloseHandle(file)
        };
    }
}
