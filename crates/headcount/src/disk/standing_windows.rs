//! What std does not tell of an open file on Windows: how many names it has,
//! and whether it is about to go.

use std::ffi::c_void;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::os::windows::io::AsRawHandle as _;
use std::path::Path;

use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_STANDARD_INFO, FileStandardInfo,
    GetFileInformationByHandleEx, READ_CONTROL,
};

/// Opens a file, folder or link to ask about it.
pub(super) fn itself(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.access_mode(READ_CONTROL);
    options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT);
    options.open(path)
}

/// The names of an open file.
#[derive(Debug)]
pub(super) struct Standing {
    /// How many there are.
    pub(super) names: u64,
    /// Whether the file goes as soon as it is closed by everybody.
    pub(super) is_removed: bool,
}

/// Asks for the names of an open file.
pub(super) fn standing(file: &File) -> io::Result<Standing> {
    let mut info = FILE_STANDARD_INFO::default();
    let bytes = u32::try_from(size_of::<FILE_STANDARD_INFO>()).map_err(io::Error::other)?;
    // SAFETY: the handle is open while `file` is borrowed, and `info` is the
    // structure that the class stands for, with its size.
    #[expect(unsafe_code, reason = "std does not tell how many names a file has")]
    let is_told = unsafe {
        GetFileInformationByHandleEx(
            file.as_raw_handle(),
            FileStandardInfo,
            (&raw mut info).cast::<c_void>(),
            bytes,
        )
    };
    if is_told == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Standing { names: u64::from(info.NumberOfLinks), is_removed: info.DeletePending })
}

/// Whether an open file still has a name. A removed file locks nobody out.
pub(crate) fn is_linked(file: &File, _path: &Path) -> io::Result<bool> {
    let standing = standing(file)?;
    Ok(standing.names > 0 && !standing.is_removed)
}
