//! Memory, registers and handles of a process that is debugged.
#![expect(unsafe_code, reason = "std has no functions for other processes")]

use std::ffi::c_void;
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{
    CloseHandle, DUPLICATE_SAME_ACCESS, DuplicateHandle, HANDLE, WAIT_OBJECT_0,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_TYPE_DISK, GetFileType, GetFinalPathNameByHandleW,
};
use windows_sys::Win32::System::Diagnostics::Debug::{
    CONTEXT, FlushInstructionCache, GetThreadContext, ReadProcessMemory, SetThreadContext,
    WriteProcessMemory,
};
use windows_sys::Win32::System::Memory::{PAGE_EXECUTE_READWRITE, VirtualProtectEx};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, TerminateProcess, WaitForSingleObject,
};

/// `CONTEXT_AMD64 | CONTEXT_CONTROL | CONTEXT_INTEGER` of winnt.h.
const REGISTERS: u32 = 0x0010_0000 | 0x1 | 0x2;

/// The first four arguments are in registers; the fifth is behind the return
/// address and room for those four.
const IN_REGISTERS: usize = 4;
const FIRST_ON_STACK: usize = 5;
/// So much of the stack is read that all nine arguments of `NtLockFile` are in.
const STACK: usize = FIRST_ON_STACK + 5;

/// Longest path that Windows has, in units of UTF-16.
const PATH_UNITS: usize = 32_768;

/// A process. Its handles belong to the system's debugging, which closes them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(pub(crate) HANDLE);

/// The registers of a thread that stands at the start of a function.
#[repr(C, align(16))]
pub(crate) struct Registers {
    context: CONTEXT,
    stack: [u64; STACK],
}

/// Whether a process or a thread has ended.
pub(crate) fn has_ended(handle: HANDLE) -> bool {
    // SAFETY: it takes a handle and a number; a handle that is closed is
    // refused.
    unsafe { WaitForSingleObject(handle, 0) == WAIT_OBJECT_0 }
}

fn done(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

impl Process {
    pub(crate) fn read<const BYTES: usize>(self, address: u64) -> io::Result<[u8; BYTES]> {
        let mut bytes = [0; BYTES];
        self.read_into(address, &mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn read_into(self, address: u64, into: &mut [u8]) -> io::Result<()> {
        // SAFETY: the system writes at most as many bytes as the slice has;
        // that the address is not one of ours is checked by the system.
        done(unsafe {
            let from = address as *const c_void;
            ReadProcessMemory(self.0, from, into.as_mut_ptr().cast(), into.len(), null_mut())
        })
    }

    /// Numbers of eight bytes that follow each other.
    pub(crate) fn numbers<const COUNT: usize>(self, address: u64) -> io::Result<[u64; COUNT]> {
        let mut bytes = [[0; 8]; COUNT];
        self.read_into(address, bytes.as_flattened_mut())?;
        Ok(bytes.map(u64::from_le_bytes))
    }

    pub(crate) fn write(self, address: u64, bytes: &[u8]) -> io::Result<()> {
        // SAFETY: the system reads as many bytes as the slice has, and writes
        // them to the other process alone.
        done(unsafe {
            let to = address as *const c_void;
            WriteProcessMemory(self.0, to, bytes.as_ptr().cast(), bytes.len(), null_mut())
        })
    }

    /// Writes over code.
    pub(crate) fn write_code(self, address: u64, bytes: &[u8]) -> io::Result<()> {
        let mut before = 0;
        let code = address as *const c_void;
        // SAFETY: it changes the other process alone, and writes one number to
        // `before`.
        done(unsafe {
            VirtualProtectEx(self.0, code, bytes.len(), PAGE_EXECUTE_READWRITE, &raw mut before)
        })?;
        self.write(address, bytes)?;
        // SAFETY: as above.
        done(unsafe { VirtualProtectEx(self.0, code, bytes.len(), before, &raw mut before) })?;
        // SAFETY: it takes an address of the other process and reads nothing.
        done(unsafe { FlushInstructionCache(self.0, code, bytes.len()) })
    }

    /// Ends it, as the task manager does.
    pub(crate) fn end(self, code: i32) {
        // SAFETY: it takes a handle and a number. A process that has ended
        // already is refused.
        unsafe { TerminateProcess(self.0, code.cast_unsigned()) };
    }

    /// The path of a file that the process has open; `None` if the handle is
    /// one of something else.
    pub(crate) fn path_of(self, handle: u64) -> Option<Vec<u16>> {
        let mut ours: HANDLE = null_mut();
        // SAFETY: the copy is written to `ours`. The handle is the other
        // process's; the system checks it.
        let copied = unsafe {
            let theirs = handle as HANDLE;
            let here = GetCurrentProcess();
            DuplicateHandle(self.0, theirs, here, &raw mut ours, 0, 0, DUPLICATE_SAME_ACCESS)
        };
        if copied == 0 {
            return None;
        }
        // A pipe is not asked for its name: that waits for its reader.
        // SAFETY: `ours` is open until it is closed below.
        let is_file = unsafe { GetFileType(ours) } == FILE_TYPE_DISK;
        let mut path = vec![0; PATH_UNITS];
        let units = if is_file {
            // SAFETY: as above; at most as many units are written as there are.
            unsafe { GetFinalPathNameByHandleW(ours, path.as_mut_ptr(), PATH_UNITS as u32, 0) }
        } else {
            0
        };
        // SAFETY: the copy is closed once, here.
        unsafe { CloseHandle(ours) };
        path.truncate(units as usize);
        (units > 0).then_some(path)
    }
}

impl Registers {
    pub(crate) fn of(thread: HANDLE, process: Process) -> io::Result<Self> {
        // SAFETY: numbers and arrays of numbers, for which zero is a value.
        let mut registers = unsafe { MaybeUninit::<Self>::zeroed().assume_init() };
        registers.context.ContextFlags = REGISTERS;
        // SAFETY: the thread is stopped, and the structure is aligned as the
        // system wants it.
        done(unsafe { GetThreadContext(thread, &raw mut registers.context) })?;
        registers.stack = process.numbers(registers.context.Rsp)?;
        Ok(registers)
    }

    fn set(&self, thread: HANDLE) -> io::Result<()> {
        // SAFETY: the thread is stopped, and the structure is one that the
        // system filled.
        done(unsafe { SetThreadContext(thread, &raw const self.context) })
    }

    /// An argument of the function that begins here, from 0.
    pub(crate) fn argument(&self, number: usize) -> u64 {
        match number {
            0 => self.context.Rcx,
            1 => self.context.Rdx,
            2 => self.context.R8,
            3 => self.context.R9,
            _ => self.stack[FIRST_ON_STACK + number - IN_REGISTERS],
        }
    }

    /// One that has four bytes: its upper half is not set.
    pub(crate) fn short_argument(&self, number: usize) -> u64 {
        self.argument(number) & u64::from(u32::MAX)
    }

    /// Where an argument is that is not in a register.
    pub(crate) fn on_stack(&self, number: usize) -> u64 {
        self.context.Rsp + 8 * (FIRST_ON_STACK + number - IN_REGISTERS) as u64
    }

    /// Lets the function go on, behind the instruction that the breakpoint
    /// stands on.
    pub(crate) fn go_on(mut self, thread: HANDLE, behind: u64) -> io::Result<()> {
        self.context.R10 = self.context.Rcx;
        self.context.Rip = behind;
        self.set(thread)
    }

    /// Lets the function return.
    pub(crate) fn give_back(mut self, thread: HANDLE, status: i32) -> io::Result<()> {
        self.context.Rax = u64::from(status.cast_unsigned());
        self.context.Rip = self.stack[0];
        self.context.Rsp += 8;
        self.set(thread)
    }
}
