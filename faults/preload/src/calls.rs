//! The functions of the C library that this one stands before: those that the
//! binaries import for files (`nm -D --undefined-only`), and their siblings.
//!
//! `open` and `openat` have a variable number of arguments in C. On the
//! machines that Rust calls x86_64 and aarch64 with Linux, the third or fourth
//! argument is passed in the same register either way, and it is only used
//! where the caller gave one.
#![expect(unsafe_code, reason = "these are functions of the C library")]

use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_void};

use crate::plan::{Fate, at_file, at_path};
use crate::system;

/// The bytes of a path; empty for a null pointer.
///
/// # Safety
///
/// As for the C library: `path` is null or a C string.
unsafe fn bytes<'a>(path: *const c_char) -> &'a [u8] {
    if path.is_null() {
        return b"";
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(path) }.to_bytes()
}

/// Carries out a call, or lets it fail.
fn meet(fate: Fate, call: impl FnOnce() -> c_long) -> c_long {
    match fate {
        Fate::Passes | Fate::IsCutShort => call(),
        Fate::Fails(error) => {
            system::set_error(error);
            -1
        }
    }
}

/// Functions with a path: the kind of call, the folder that the path is
/// relative to, the path, and what the system is asked for.
macro_rules! by_path {
    ($(fn $name:ident($($argument:ident: $kind:ty),*) is $call:expr, $folder:expr, $path:ident => $number:ident($($given:expr),*);)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($argument: $kind),*) -> c_int {
            // SAFETY: the arguments are the caller's, as the C library has
            // them.
            let fate = at_path($call, $folder, unsafe { bytes($path) });
            // SAFETY: as above; the system checks every pointer.
            meet(fate, || unsafe { libc::syscall(libc::$number, $($given),*) }) as c_int
        }
    )*};
}

/// Functions with an open file.
macro_rules! by_file {
    ($(fn $name:ident($file:ident: c_int $(, $argument:ident: $kind:ty)*) -> $result:ty as $call:literal => $number:ident;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($file: c_int $(, $argument: $kind)*) -> $result {
            let fate = at_file($call, $file);
            // SAFETY: the arguments are the caller's; the system checks them.
            meet(fate, || unsafe { libc::syscall(libc::$number, $file $(, $argument)*) }) as $result
        }
    )*};
}

const HERE: c_int = libc::AT_FDCWD;

by_path! {
    fn open(path: *const c_char, flags: c_int, mode: c_uint) is "open", HERE, path => SYS_openat(HERE, path, flags, mode);
    fn open64(path: *const c_char, flags: c_int, mode: c_uint) is "open", HERE, path => SYS_openat(HERE, path, flags, mode);
    fn openat(at: c_int, path: *const c_char, flags: c_int, mode: c_uint) is "open", at, path => SYS_openat(at, path, flags, mode);
    fn openat64(at: c_int, path: *const c_char, flags: c_int, mode: c_uint) is "open", at, path => SYS_openat(at, path, flags, mode);
    fn creat64(path: *const c_char, mode: c_uint) is "open", HERE, path => SYS_openat(HERE, path, libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC, mode);
    fn rename(from: *const c_char, to: *const c_char) is "rename", HERE, from => SYS_renameat2(HERE, from, HERE, to, 0);
    fn renameat(at: c_int, from: *const c_char, beside: c_int, to: *const c_char) is "rename", at, from => SYS_renameat2(at, from, beside, to, 0);
    fn renameat2(at: c_int, from: *const c_char, beside: c_int, to: *const c_char, flags: c_uint) is "rename", at, from => SYS_renameat2(at, from, beside, to, flags);
    fn chmod(path: *const c_char, mode: c_uint) is "chmod", HERE, path => SYS_fchmodat(HERE, path, mode);
    fn fchmodat(at: c_int, path: *const c_char, mode: c_uint, _flags: c_int) is "chmod", at, path => SYS_fchmodat(at, path, mode);
    fn link(from: *const c_char, to: *const c_char) is "link", HERE, to => SYS_linkat(HERE, from, HERE, to, 0);
    fn linkat(at: c_int, from: *const c_char, beside: c_int, to: *const c_char, flags: c_int) is "link", beside, to => SYS_linkat(at, from, beside, to, flags);
    fn rmdir(path: *const c_char) is "rmdir", HERE, path => SYS_unlinkat(HERE, path, libc::AT_REMOVEDIR);
    fn mkdir(path: *const c_char, mode: c_uint) is "mkdir", HERE, path => SYS_mkdirat(HERE, path, mode);
    fn mkdirat(at: c_int, path: *const c_char, mode: c_uint) is "mkdir", at, path => SYS_mkdirat(at, path, mode);
    fn statx(at: c_int, path: *const c_char, flags: c_int, mask: c_uint, into: *mut c_void) is "stat", at, path => SYS_statx(at, path, flags, mask, into);
}

by_file! {
    fn writev(file: c_int, parts: *const c_void, count: c_int) -> isize as "write" => SYS_writev;
    fn fsync(file: c_int) -> c_int as "fsync" => SYS_fsync;
    fn fdatasync(file: c_int) -> c_int as "fsync" => SYS_fdatasync;
    fn fchmod(file: c_int, mode: c_uint) -> c_int as "chmod" => SYS_fchmod;
    fn flock(file: c_int, how: c_int) -> c_int as "flock" => SYS_flock;
    fn ftruncate(file: c_int, bytes: i64) -> c_int as "ftruncate" => SYS_ftruncate;
    fn ftruncate64(file: c_int, bytes: i64) -> c_int as "ftruncate" => SYS_ftruncate;
    fn read(file: c_int, into: *mut c_void, bytes: usize) -> isize as "read" => SYS_read;
    fn pread64(file: c_int, into: *mut c_void, bytes: usize, at: i64) -> isize as "read" => SYS_pread64;
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: the argument is the caller's.
    unsafe { unlinkat(HERE, path, 0) }
}

/// The system says that a name is not there only if it is not: another process
/// was first, and here this library is that.
#[unsafe(no_mangle)]
unsafe extern "C" fn unlinkat(at: c_int, path: *const c_char, flags: c_int) -> c_int {
    let call = if flags & libc::AT_REMOVEDIR == 0 { "unlink" } else { "rmdir" };
    // SAFETY: the arguments are the caller's, as the C library has them.
    let fate = at_path(call, at, unsafe { bytes(path) });
    // SAFETY: as above; the system checks every pointer.
    let remove = || unsafe { libc::syscall(libc::SYS_unlinkat, at, path, flags) };
    if fate == Fate::Fails(libc::ENOENT) {
        remove();
    }
    meet(fate, remove) as c_int
}

/// Half of the bytes of a write that is cut short, and one at least.
fn taken(fate: Fate, bytes: usize) -> usize {
    if fate == Fate::IsCutShort { bytes.div_ceil(2) } else { bytes }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: c_int, from: *const c_void, bytes: usize) -> isize {
    let fate = at_file("write", file);
    let bytes = taken(fate, bytes);
    // SAFETY: the arguments are the caller's; the system checks them.
    meet(fate, || unsafe { libc::syscall(libc::SYS_write, file, from, bytes) }) as isize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(file: c_int, from: *const c_void, bytes: usize, at: i64) -> isize {
    let fate = at_file("write", file);
    let bytes = taken(fate, bytes);
    // SAFETY: the arguments are the caller's; the system checks them.
    meet(fate, || unsafe { libc::syscall(libc::SYS_pwrite64, file, from, bytes, at) }) as isize
}

/// A listing begins with an open folder. It has no number of its own, so the
/// next function of this name is asked for.
#[unsafe(no_mangle)]
unsafe extern "C" fn opendir(path: *const c_char) -> *mut c_void {
    // SAFETY: the argument is the caller's, as the C library has it.
    if let Fate::Fails(error) = at_path("open", HERE, unsafe { bytes(path) }) {
        system::set_error(error);
        return std::ptr::null_mut();
    }
    // SAFETY: the C library has this function, of this type.
    unsafe {
        let next = libc::dlsym(libc::RTLD_NEXT, c"opendir".as_ptr());
        if next.is_null() {
            system::set_error(libc::ENOSYS);
            return std::ptr::null_mut();
        }
        let next: unsafe extern "C" fn(*const c_char) -> *mut c_void = std::mem::transmute(next);
        next(path)
    }
}
