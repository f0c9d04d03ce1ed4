//! The calls of Windows by what they do, and the errors that a file system, a
//! filter above it (a virus scanner, OneDrive) or a server can give for each;
//! the names are those of ntstatus.h, and the first ones of each list are met
//! every day. Windows documents no whole list.

use windows_sys::Win32::Foundation::{
    STATUS_ACCESS_DENIED, STATUS_CANNOT_DELETE, STATUS_CLOUD_FILE_PROVIDER_NOT_RUNNING,
    STATUS_DATA_ERROR, STATUS_DELETE_PENDING, STATUS_DIRECTORY_NOT_EMPTY, STATUS_DISK_FULL,
    STATUS_FILE_CORRUPT_ERROR, STATUS_FILE_IS_A_DIRECTORY, STATUS_FILE_LOCK_CONFLICT,
    STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_INFO_CLASS,
    STATUS_INVALID_OWNER, STATUS_INVALID_PARAMETER, STATUS_IO_DEVICE_ERROR,
    STATUS_LOCK_NOT_GRANTED, STATUS_MEDIA_WRITE_PROTECTED, STATUS_NETWORK_NAME_DELETED,
    STATUS_NOT_A_DIRECTORY, STATUS_NOT_SAME_DEVICE, STATUS_OBJECT_NAME_COLLISION,
    STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_NOT_FOUND, STATUS_PRIVILEGE_NOT_HELD,
    STATUS_QUOTA_EXCEEDED, STATUS_SHARING_VIOLATION, STATUS_TOO_MANY_OPENED_FILES,
    STATUS_USER_MAPPED_FILE, STATUS_VIRUS_INFECTED,
};

use super::{Call, Fault};

/// How many of [`CALLS`] are the table's own.
pub(super) const OWN_CALLS: usize = 10;

/// No call of a file is interrupted.
pub(super) const INTERRUPTED: Option<i32> = None;

/// The errors that are tried with every program.
pub(super) const COMMON: [i32; 5] = [
    STATUS_ACCESS_DENIED,
    STATUS_SHARING_VIOLATION,
    STATUS_DISK_FULL,
    STATUS_IO_DEVICE_ERROR,
    STATUS_FILE_LOCK_CONFLICT,
];

/// The errors that are told apart.
pub(super) const TOLD_APART: [i32; 13] = [
    STATUS_ACCESS_DENIED,
    STATUS_SHARING_VIOLATION,
    STATUS_DISK_FULL,
    STATUS_IO_DEVICE_ERROR,
    STATUS_FILE_LOCK_CONFLICT,
    STATUS_DELETE_PENDING,
    STATUS_OBJECT_NAME_NOT_FOUND,
    STATUS_OBJECT_PATH_NOT_FOUND,
    STATUS_OBJECT_NAME_COLLISION,
    STATUS_USER_MAPPED_FILE,
    STATUS_INVALID_PARAMETER,
    STATUS_MEDIA_WRITE_PROTECTED,
    STATUS_DIRECTORY_NOT_EMPTY,
];

macro_rules! faults {
    ($($name:ident)*) => { &[$(Fault { name: stringify!($name), number: Some($name) }),*] };
}

/// A write has two failures that are not errors.
macro_rules! write_faults {
    ($($name:ident)*) => { &[
        $(Fault { name: stringify!($name), number: Some($name) },)*
        Fault::named("short"),
        Fault::named("full"),
    ] };
}

/// The ten kinds of call that change something or read an answer, and behind
/// them those that only look.
pub(crate) const CALLS: [Call; 18] = [
    // Each call that changes something, of whatever kind: the process is ended
    // before it.
    Call { name: "step", errors: &[Fault::named("killed")] },
    // Opening what is there: to read, to write, to list, to rename, to remove.
    Call {
        name: "open",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_SHARING_VIOLATION STATUS_DELETE_PENDING
            STATUS_OBJECT_NAME_NOT_FOUND STATUS_OBJECT_PATH_NOT_FOUND STATUS_IO_DEVICE_ERROR
            STATUS_MEDIA_WRITE_PROTECTED STATUS_FILE_IS_A_DIRECTORY STATUS_NOT_A_DIRECTORY
            STATUS_FILE_CORRUPT_ERROR STATUS_INSUFFICIENT_RESOURCES STATUS_PRIVILEGE_NOT_HELD
            STATUS_TOO_MANY_OPENED_FILES STATUS_VIRUS_INFECTED STATUS_NETWORK_NAME_DELETED
            STATUS_CLOUD_FILE_PROVIDER_NOT_RUNNING),
    },
    // Opening what may be made by that.
    Call {
        name: "create",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_SHARING_VIOLATION STATUS_DISK_FULL
            STATUS_IO_DEVICE_ERROR STATUS_DELETE_PENDING STATUS_OBJECT_NAME_COLLISION
            STATUS_OBJECT_PATH_NOT_FOUND STATUS_MEDIA_WRITE_PROTECTED STATUS_QUOTA_EXCEEDED
            STATUS_FILE_IS_A_DIRECTORY STATUS_NOT_A_DIRECTORY STATUS_INSUFFICIENT_RESOURCES
            STATUS_TOO_MANY_OPENED_FILES STATUS_VIRUS_INFECTED STATUS_NETWORK_NAME_DELETED),
    },
    Call {
        name: "write",
        errors: write_faults!(STATUS_ACCESS_DENIED STATUS_DISK_FULL STATUS_IO_DEVICE_ERROR
            STATUS_FILE_LOCK_CONFLICT STATUS_QUOTA_EXCEEDED STATUS_MEDIA_WRITE_PROTECTED
            STATUS_INSUFFICIENT_RESOURCES STATUS_NETWORK_NAME_DELETED),
    },
    Call {
        name: "flush",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_DISK_FULL STATUS_IO_DEVICE_ERROR
            STATUS_MEDIA_WRITE_PROTECTED STATUS_NETWORK_NAME_DELETED),
    },
    Call {
        name: "rename",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_SHARING_VIOLATION STATUS_DISK_FULL
            STATUS_IO_DEVICE_ERROR STATUS_OBJECT_NAME_COLLISION STATUS_OBJECT_PATH_NOT_FOUND
            STATUS_DELETE_PENDING STATUS_USER_MAPPED_FILE STATUS_INVALID_PARAMETER
            STATUS_INVALID_INFO_CLASS STATUS_MEDIA_WRITE_PROTECTED STATUS_NOT_SAME_DEVICE
            STATUS_NETWORK_NAME_DELETED),
    },
    Call {
        name: "delete",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_SHARING_VIOLATION STATUS_IO_DEVICE_ERROR
            STATUS_DELETE_PENDING STATUS_DIRECTORY_NOT_EMPTY STATUS_USER_MAPPED_FILE
            STATUS_INVALID_PARAMETER STATUS_CANNOT_DELETE STATUS_MEDIA_WRITE_PROTECTED
            STATUS_NETWORK_NAME_DELETED),
    },
    Call {
        name: "mkdir",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_DISK_FULL STATUS_IO_DEVICE_ERROR
            STATUS_SHARING_VIOLATION STATUS_DELETE_PENDING STATUS_OBJECT_NAME_COLLISION
            STATUS_OBJECT_PATH_NOT_FOUND STATUS_MEDIA_WRITE_PROTECTED STATUS_QUOTA_EXCEEDED
            STATUS_NOT_A_DIRECTORY),
    },
    Call {
        name: "lock",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_FILE_LOCK_CONFLICT STATUS_IO_DEVICE_ERROR
            STATUS_LOCK_NOT_GRANTED STATUS_INVALID_DEVICE_REQUEST STATUS_INSUFFICIENT_RESOURCES),
    },
    Call {
        name: "read",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_FILE_LOCK_CONFLICT STATUS_IO_DEVICE_ERROR
            STATUS_DATA_ERROR STATUS_INSUFFICIENT_RESOURCES STATUS_NETWORK_NAME_DELETED),
    },
    Call {
        name: "link",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_DISK_FULL STATUS_IO_DEVICE_ERROR
            STATUS_OBJECT_NAME_COLLISION STATUS_INVALID_PARAMETER STATUS_INVALID_DEVICE_REQUEST
            STATUS_NOT_SAME_DEVICE),
    },
    Call {
        name: "truncate",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_DISK_FULL STATUS_IO_DEVICE_ERROR
            STATUS_FILE_LOCK_CONFLICT STATUS_USER_MAPPED_FILE STATUS_MEDIA_WRITE_PROTECTED),
    },
    Call {
        name: "attributes",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_IO_DEVICE_ERROR STATUS_MEDIA_WRITE_PROTECTED),
    },
    // Who may use a file.
    Call {
        name: "protect",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_IO_DEVICE_ERROR STATUS_INVALID_OWNER
            STATUS_INVALID_DEVICE_REQUEST),
    },
    Call {
        name: "owner",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_IO_DEVICE_ERROR STATUS_INVALID_DEVICE_REQUEST),
    },
    // Of a file that is open: who opened it may look at it.
    Call {
        name: "query",
        errors: faults!(STATUS_IO_DEVICE_ERROR STATUS_INSUFFICIENT_RESOURCES
            STATUS_NETWORK_NAME_DELETED),
    },
    // Without those that say that a file is missing: no system says it of a
    // name that is there, and nothing but this call could tell.
    Call {
        name: "stat",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_IO_DEVICE_ERROR STATUS_DELETE_PENDING
            STATUS_INSUFFICIENT_RESOURCES),
    },
    Call {
        name: "list",
        errors: faults!(STATUS_ACCESS_DENIED STATUS_IO_DEVICE_ERROR STATUS_FILE_CORRUPT_ERROR
            STATUS_INSUFFICIENT_RESOURCES),
    },
];
