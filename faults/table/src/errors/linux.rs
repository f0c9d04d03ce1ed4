//! The calls of Linux, and the errors that the manual names for each (section 2
//! of Linux man-pages 6.03; each list is the whole of a page's ERRORS, for the
//! call and for its sibling that takes a folder).

use super::{Call, Fault};

/// How many of [`CALLS`] are the table's own.
pub(super) const OWN_CALLS: usize = 9;

/// The error that is repeated.
pub(super) const INTERRUPTED: Option<i32> = Some(libc::EINTR);

/// The errors that are tried with every program.
pub(super) const COMMON: [i32; 5] =
    [libc::EACCES, libc::ENOENT, libc::ENOSPC, libc::EIO, libc::ENOLCK];

/// The errors that are told apart.
pub(super) const TOLD_APART: [i32; 10] = [
    libc::ENOENT,
    libc::EEXIST,
    libc::EACCES,
    libc::EPERM,
    libc::EINTR,
    libc::EAGAIN,
    libc::EBUSY,
    libc::ELOOP,
    libc::ENOSPC,
    libc::EIO,
];

macro_rules! faults {
    ($($name:ident)*) => { &[$(Fault { name: stringify!($name), number: Some(libc::$name) }),*] };
}

/// A write has two failures that are not errors.
macro_rules! write_faults {
    ($($name:ident)*) => { &[
        $(Fault { name: stringify!($name), number: Some(libc::$name) },)*
        Fault::named("short"),
        Fault::named("full"),
    ] };
}

/// The nine calls of the table, and behind them four that the same commands
/// make.
pub(crate) const CALLS: [Call; 13] = [
    // open(2). EWOULDBLOCK is EAGAIN here.
    Call {
        name: "open",
        errors: faults!(EACCES EAGAIN EBADF EBUSY EDQUOT EEXIST EFAULT EFBIG EINTR EINVAL EISDIR
            ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EOPNOTSUPP
            EOVERFLOW EPERM EROFS ETXTBSY),
    },
    // write(2), and two that it describes under RETURN VALUE: fewer bytes than
    // were given, and that before a disk is full.
    Call {
        name: "write",
        errors: write_faults!(EAGAIN EBADF EDESTADDRREQ EDQUOT EFAULT EFBIG EINTR EINVAL EIO
            ENOSPC EPERM EPIPE),
    },
    // fsync(2)
    Call { name: "fsync", errors: faults!(EBADF EDQUOT EINTR EINVAL EIO ENOSPC EROFS) },
    // rename(2)
    Call {
        name: "rename",
        errors: faults!(EACCES EBADF EBUSY EDQUOT EEXIST EFAULT EINVAL EISDIR ELOOP EMLINK
            ENAMETOOLONG ENOENT ENOMEM ENOSPC ENOTDIR ENOTEMPTY EPERM EROFS EXDEV),
    },
    // chmod(2)
    Call {
        name: "chmod",
        errors: faults!(EACCES EBADF EFAULT EINVAL EIO ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR
            ENOTSUP EPERM EROFS),
    },
    // flock(2)
    Call { name: "flock", errors: faults!(EBADF EINTR EINVAL ENOLCK EWOULDBLOCK) },
    // link(2)
    Call {
        name: "link",
        errors: faults!(EACCES EBADF EDQUOT EEXIST EFAULT EINVAL EIO ELOOP EMLINK ENAMETOOLONG
            ENOENT ENOMEM ENOSPC ENOTDIR EPERM EROFS EXDEV),
    },
    // unlink(2)
    Call {
        name: "unlink",
        errors: faults!(EACCES EBADF EBUSY EFAULT EINVAL EIO EISDIR ELOOP ENAMETOOLONG ENOENT
            ENOMEM ENOTDIR EPERM EROFS),
    },
    // mkdir(2)
    Call {
        name: "mkdir",
        errors: faults!(EACCES EBADF EDQUOT EEXIST EFAULT EINVAL ELOOP EMLINK ENAMETOOLONG ENOENT
            ENOMEM ENOSPC ENOTDIR EPERM EROFS),
    },
    // rmdir(2)
    Call {
        name: "rmdir",
        errors: faults!(EACCES EBUSY EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR
            ENOTEMPTY EPERM EROFS),
    },
    // truncate(2), ftruncate's part
    Call {
        name: "ftruncate",
        errors: faults!(EACCES EBADF EFBIG EINTR EINVAL EIO EPERM EROFS ETXTBSY),
    },
    // read(2)
    Call { name: "read", errors: faults!(EAGAIN EBADF EFAULT EINTR EINVAL EIO EISDIR) },
    // statx(2), without ENOENT: no system says it of a name that is there, and
    // nothing but this call could tell.
    Call {
        name: "stat",
        errors: faults!(EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOMEM ENOTDIR),
    },
];
