//! `posix_spawn`, whose cost does not depend on the size of the host, and with
//! which a process inherits nothing. std's inherits every descriptor that the
//! host did not mark, such as the one on which `flock` holds a lock.

use std::ffi::{CString, OsStr};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd as _, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt as _;
use std::ptr;

use crate::ship::process::launch::Launch;

/// Starts a process with `input` as its standard input and `nothing` as both
/// outputs. It has none of the descriptors in `inherited`.
///
/// # Errors
///
/// Returns the system's error, or one about a zero byte in an argument.
pub(super) fn spawn(
    launch: &Launch,
    input: &OwnedFd,
    nothing: &OwnedFd,
    inherited: &[RawFd],
) -> io::Result<libc::pid_t> {
    let file = text(launch.file.as_os_str())?;
    let folder = text(launch.folder.as_os_str())?;
    let arguments = launch.arguments.iter().map(|argument| text(argument));
    let arguments: Vec<CString> =
        std::iter::once(text(&launch.name)).chain(arguments).collect::<io::Result<_>>()?;
    let environment: Vec<CString> =
        launch.environment.iter().map(variable).collect::<io::Result<_>>()?;

    let mut actions = Actions::new()?;
    actions.change_folder(&folder)?;
    actions.put(input, libc::STDIN_FILENO)?;
    actions.put(nothing, libc::STDOUT_FILENO)?;
    actions.put(nothing, libc::STDERR_FILENO)?;
    // Apple's system closes everything else itself.
    if cfg!(not(target_vendor = "apple")) {
        inherited.iter().try_for_each(|number| actions.close(*number))?;
    }
    let attributes = Attributes::new()?;
    let (arguments, environment) = (pointers(&arguments), pointers(&environment));
    let mut child = 0;
    // SAFETY: every pointer is to a value that lives until the call returns:
    // the strings end with a zero byte, both lists end with a null pointer, and
    // actions and attributes were initialised. The call changes none of them
    // but `child`.
    #[expect(unsafe_code, reason = "std's posix_spawn cannot close descriptors in the child")]
    let code = unsafe {
        libc::posix_spawn(
            &raw mut child,
            file.as_ptr(),
            &raw const actions.0,
            &raw const attributes.0,
            arguments.as_ptr(),
            environment.as_ptr(),
        )
    };
    done(code).map(|()| child)
}

fn text(text: &OsStr) -> io::Result<CString> {
    Ok(CString::new(text.as_bytes())?)
}

fn variable((name, value): &(std::ffi::OsString, std::ffi::OsString)) -> io::Result<CString> {
    Ok(CString::new([name.as_bytes(), b"=", value.as_bytes()].concat())?)
}

/// Pointers to the strings, and a null pointer at the end.
fn pointers(texts: &[CString]) -> Vec<*mut libc::c_char> {
    texts.iter().map(|text| text.as_ptr().cast_mut()).chain([ptr::null_mut()]).collect()
}

/// The functions of this family return the number of an error, or 0.
fn done(code: libc::c_int) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
}

/// What happens to descriptors and folder between fork and exec.
struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    fn new() -> io::Result<Self> {
        let mut actions = MaybeUninit::uninit();
        // SAFETY: the call initialises what the pointer is to, unless it
        // returns an error; then nothing uses it.
        #[expect(unsafe_code, reason = "see `spawn`")]
        unsafe {
            done(libc::posix_spawn_file_actions_init(actions.as_mut_ptr()))?;
            Ok(Self(actions.assume_init()))
        }
    }

    /// Makes a descriptor of ours the child's `number`.
    fn put(&mut self, descriptor: &OwnedFd, number: RawFd) -> io::Result<()> {
        // SAFETY: the actions were initialised.
        #[expect(unsafe_code, reason = "see `spawn`")]
        done(unsafe {
            libc::posix_spawn_file_actions_adddup2(&raw mut self.0, descriptor.as_raw_fd(), number)
        })
    }

    /// Closes a descriptor in the child. It is not an error there if the host
    /// has closed it meanwhile. glibc refuses a number that is not under the
    /// limit of descriptors, which may have been lowered since that one was
    /// opened; the child then closes it itself.
    fn close(&mut self, number: RawFd) -> io::Result<()> {
        // SAFETY: the actions were initialised.
        #[expect(unsafe_code, reason = "see `spawn`")]
        let code = unsafe { libc::posix_spawn_file_actions_addclose(&raw mut self.0, number) };
        if code == libc::EBADF { Ok(()) } else { done(code) }
    }

    /// Changes the child's folder, where the system can do that: glibc since
    /// 2.29, musl since 1.1.24, macOS since 10.15. Elsewhere the child does it
    /// itself.
    fn change_folder(&mut self, folder: &CString) -> io::Result<()> {
        type AddFolder = unsafe extern "C" fn(
            *mut libc::posix_spawn_file_actions_t,
            *const libc::c_char,
        ) -> libc::c_int;
        // SAFETY: dlsym(3) reads a string that ends with a zero byte.
        #[expect(unsafe_code, reason = "linking it would need a newer system than std does")]
        let address = unsafe {
            libc::dlsym(libc::RTLD_DEFAULT, c"posix_spawn_file_actions_addchdir_np".as_ptr())
        };
        if address.is_null() {
            return Ok(());
        }
        // SAFETY: every system that has a function of this name declares it
        // like this; it copies the string, and the actions were initialised.
        #[expect(unsafe_code, reason = "as above")]
        unsafe {
            let add_folder = std::mem::transmute::<*mut libc::c_void, AddFolder>(address);
            done(add_folder(&raw mut self.0, folder.as_ptr()))
        }
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: initialised, and not used afterwards.
        #[expect(unsafe_code, reason = "see `spawn`")]
        let _ = unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

/// A process group of its own, no blocked signal, and none that is ignored
/// because the host ignores it, as Rust does SIGPIPE. Without SIGCHLD nobody
/// could say how a child of the shipper's ended. SIGXFSZ stays as it is: where
/// it is ignored, a file that may not grow is an error, and else the end.
struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    fn new() -> io::Result<Self> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the call initialises what the pointer is to, unless it
        // returns an error; then nothing uses it.
        #[expect(unsafe_code, reason = "see `spawn`")]
        let mut own = unsafe {
            done(libc::posix_spawnattr_init(attributes.as_mut_ptr()))?;
            Self(attributes.assume_init())
        };
        #[cfg(target_vendor = "apple")]
        let nothing_else = libc::POSIX_SPAWN_CLOEXEC_DEFAULT;
        #[cfg(not(target_vendor = "apple"))]
        let nothing_else = 0;
        let flags = libc::POSIX_SPAWN_SETPGROUP
            | libc::POSIX_SPAWN_SETSIGMASK
            | libc::POSIX_SPAWN_SETSIGDEF
            | nothing_else;
        let mut signals = MaybeUninit::<libc::sigset_t>::uninit();
        // SAFETY: the attributes were initialised, and so is the set before it
        // is read; the calls copy it. The flags fit: none is over 0x4000.
        #[expect(unsafe_code, reason = "see `spawn`")]
        unsafe {
            libc::sigemptyset(signals.as_mut_ptr());
            done(libc::posix_spawnattr_setsigmask(&raw mut own.0, signals.as_ptr()))?;
            libc::sigfillset(signals.as_mut_ptr());
            libc::sigdelset(signals.as_mut_ptr(), libc::SIGXFSZ);
            done(libc::posix_spawnattr_setsigdefault(&raw mut own.0, signals.as_ptr()))?;
            done(libc::posix_spawnattr_setpgroup(&raw mut own.0, 0))?;
            done(libc::posix_spawnattr_setflags(&raw mut own.0, flags as libc::c_short))?;
        }
        Ok(own)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: initialised, and not used afterwards.
        #[expect(unsafe_code, reason = "see `spawn`")]
        let _ = unsafe { libc::posix_spawnattr_destroy(&raw mut self.0) };
    }
}
