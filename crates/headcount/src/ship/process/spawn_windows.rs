//! Starting a process that inherits the handles that it is given, and no
//! others. Which those are is a list of this one start: no flag of the host's
//! own handles changes, so no other thread of the host meets another value.

use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::os::windows::io::{AsHandle, AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::{DUPLICATE_SAME_ACCESS, DuplicateHandle, HANDLE, TRUE};
use windows_sys::Win32::System::Threading::{
    CREATE_UNICODE_ENVIRONMENT, CreateProcessW, DeleteProcThreadAttributeList,
    EXTENDED_STARTUPINFO_PRESENT, GetCurrentProcess, InitializeProcThreadAttributeList,
    LPPROC_THREAD_ATTRIBUTE_LIST, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PROCESS_CREATION_FLAGS,
    PROCESS_INFORMATION, STARTF_FORCEOFFFEEDBACK, STARTF_USESTDHANDLES, STARTUPINFOEXW,
    UpdateProcThreadAttribute,
};

/// A process to be started, in the system's own form.
#[derive(Debug)]
pub(super) struct Order {
    /// The program's path, which ends with a zero.
    pub(super) program: Vec<u16>,
    /// The command line, which ends with a zero.
    pub(super) line: Vec<u16>,
    /// The block of variables, which ends with two zeros.
    pub(super) environment: Vec<u16>,
    /// The working directory, which ends with a zero.
    pub(super) folder: Vec<u16>,
}

/// The standard streams of a process.
#[derive(Debug)]
pub(super) struct Streams {
    input: OwnedHandle,
    outputs: OwnedHandle,
}

impl Streams {
    /// Standard input from one handle, and both outputs to another.
    ///
    /// # Errors
    ///
    /// Returns an error if the process has too many handles.
    pub(super) fn new(input: &impl AsHandle, outputs: &File) -> io::Result<Self> {
        Ok(Self { input: inheritable(input)?, outputs: inheritable(outputs)? })
    }
}

/// A copy of a handle that may be inherited. Until it is closed, a process that
/// another thread of the host starts with std inherits it too: the null device,
/// or a pipe whose writer is closed already, which keeps nobody waiting.
fn inheritable(handle: &impl AsHandle) -> io::Result<OwnedHandle> {
    let mut copy: HANDLE = ptr::null_mut();
    let handle = handle.as_handle().as_raw_handle();
    // SAFETY: the first handle is borrowed, and so open; the pseudo handle of
    // this process always is; the call writes one handle to `copy`.
    #[expect(unsafe_code, reason = "std makes no handle that can be inherited")]
    let done = unsafe {
        let this = GetCurrentProcess();
        DuplicateHandle(this, handle, this, &raw mut copy, 0, TRUE, DUPLICATE_SAME_ACCESS)
    };
    succeeded(done)?;
    // SAFETY: the call has succeeded, so this is a new handle, and nobody else
    // has it.
    #[expect(unsafe_code, reason = "std did not open it")]
    let copy = unsafe { OwnedHandle::from_raw_handle(copy) };
    Ok(copy)
}

fn succeeded(done: i32) -> io::Result<()> {
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Starts a process, and closes its handles: nothing of it is left here when it
/// has ended.
///
/// # Errors
///
/// Returns the system's error if the process cannot be started.
pub(super) fn spawn(
    order: &Order,
    streams: &Streams,
    flags: PROCESS_CREATION_FLAGS,
) -> io::Result<()> {
    let (input, outputs) = (streams.input.as_raw_handle(), streams.outputs.as_raw_handle());
    let handles = [input, outputs];
    let attributes = Attributes::inherited(&handles)?;
    let mut start = STARTUPINFOEXW::default();
    start.StartupInfo.cb = size_of::<STARTUPINFOEXW>() as u32;
    // The pointer does not become an hourglass over a program with windows.
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES | STARTF_FORCEOFFFEEDBACK;
    start.StartupInfo.hStdInput = input;
    start.StartupInfo.hStdOutput = outputs;
    start.StartupInfo.hStdError = outputs;
    start.lpAttributeList = attributes.list;
    // The system may write into it.
    let mut line = order.line.clone();
    let mut process = PROCESS_INFORMATION::default();
    // SAFETY: the program, the line and the folder end with a zero, and the
    // block with two; the line is ours to be written into. `start` says its
    // length, and is the larger structure, as the flag says; its list is
    // initialised, and like its handles it lives until the call returns. The
    // two null pointers ask for no special rights. The call fills `process`.
    #[expect(unsafe_code, reason = "std cannot say which handles are inherited")]
    let done = unsafe {
        CreateProcessW(
            order.program.as_ptr(),
            line.as_mut_ptr(),
            ptr::null(),
            ptr::null(),
            TRUE,
            flags | EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT,
            order.environment.as_ptr().cast(),
            order.folder.as_ptr(),
            (&raw const start).cast(),
            &raw mut process,
        )
    };
    succeeded(done)?;
    // SAFETY: the call has succeeded, so both are new handles, and nobody else
    // has them; each is closed once.
    #[expect(unsafe_code, reason = "std did not open them")]
    unsafe {
        drop(OwnedHandle::from_raw_handle(process.hProcess));
        drop(OwnedHandle::from_raw_handle(process.hThread));
    }
    Ok(())
}

/// The attributes of a start: one, the list of the handles that are inherited.
struct Attributes<'a> {
    list: LPPROC_THREAD_ATTRIBUTE_LIST,
    /// Where the list is. Words, so that a pointer in it is aligned.
    _memory: Vec<usize>,
    /// The list has a pointer to them.
    _handles: PhantomData<&'a [HANDLE]>,
}

impl<'a> Attributes<'a> {
    /// The handles must be inheritable, and each may be named once.
    fn inherited(handles: &'a [HANDLE]) -> io::Result<Self> {
        let mut bytes = 0;
        // SAFETY: without a list, the call writes the length of one to `bytes`
        // and fails.
        #[expect(unsafe_code, reason = "std has no attributes")]
        unsafe {
            InitializeProcThreadAttributeList(ptr::null_mut(), 1, 0, &raw mut bytes);
        }
        let mut memory = vec![0_usize; bytes.div_ceil(size_of::<usize>())];
        let list: LPPROC_THREAD_ATTRIBUTE_LIST = memory.as_mut_ptr().cast();
        // SAFETY: the memory has the length that the system has asked for, and
        // moving the vector does not move it.
        #[expect(unsafe_code, reason = "std has no attributes")]
        let done = unsafe { InitializeProcThreadAttributeList(list, 1, 0, &raw mut bytes) };
        succeeded(done)?;
        let attributes = Self { list, _memory: memory, _handles: PhantomData };
        // SAFETY: the list is initialised for one attribute; the pointer and
        // the length are those of `handles`, which outlive the list; nothing is
        // asked back.
        #[expect(unsafe_code, reason = "std has no attributes")]
        let done = unsafe {
            UpdateProcThreadAttribute(
                list,
                0,
                PROC_THREAD_ATTRIBUTE_HANDLE_LIST as usize,
                handles.as_ptr().cast(),
                size_of_val(handles),
                ptr::null_mut(),
                ptr::null(),
            )
        };
        succeeded(done)?;
        Ok(attributes)
    }
}

impl Drop for Attributes<'_> {
    fn drop(&mut self) {
        // SAFETY: the list is initialised, and its memory lives until after
        // this.
        #[expect(unsafe_code, reason = "std has no attributes")]
        unsafe {
            DeleteProcThreadAttributeList(self.list);
        }
    }
}
