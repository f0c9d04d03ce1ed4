//! Where the functions are, and the breakpoints at them.

use std::io;

use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress};
use windows_sys::w;

use crate::debuggee::Process;
use crate::functions::{FUNCTIONS, Function};
use crate::plan::Plan;

/// `mov r10, rcx`, with which every function of the kernel begins.
pub(crate) const FIRST: [u8; 3] = [0x4C, 0x8B, 0xD1];
/// `int3`
const BREAKPOINT: [u8; 1] = [0xCC];

/// The functions that calls of the plan go through, and where they are: at the
/// same place in every process until Windows is started again.
#[expect(unsafe_code, reason = "std has no function for an export of a library")]
pub(crate) fn functions(plan: &Plan) -> io::Result<Vec<(u64, &'static Function)>> {
    // SAFETY: the name is a string of the form that the function wants.
    let library = unsafe { GetModuleHandleW(w!("ntdll.dll")) };
    let mut found = Vec::new();
    for function in &FUNCTIONS {
        if !function.kind.all().iter().any(|kind| plan.is_about(kind)) {
            continue;
        }
        // SAFETY: the library is never unloaded, and the name ends with a zero.
        let address = unsafe { GetProcAddress(library, function.name.as_ptr()) };
        // An older Windows does not have each of them.
        let Some(address) = address else { continue };
        // SAFETY: a function has at least as many bytes.
        let first = unsafe { *(address as *const [u8; FIRST.len()]) };
        let name = String::from_utf8_lossy(function.name);
        if first != FIRST {
            let name = name.trim_end_matches('\0');
            return Err(io::Error::other(format!(
                "{name} begins with {first:02x?}, not with `mov r10, rcx`: some program stands \
                 before it here, or this Windows has another one"
            )));
        }
        found.push((address as usize as u64, function));
    }
    Ok(found)
}

/// Sets a breakpoint at a function.
pub(crate) fn set(process: Process, address: u64, function: &Function) -> io::Result<()> {
    if process.read(address)? != FIRST {
        let name = String::from_utf8_lossy(function.name);
        let name = name.trim_end_matches('\0');
        return Err(io::Error::other(format!("{name} is somewhere else in that process")));
    }
    process.write_code(address, &BREAKPOINT)
}
