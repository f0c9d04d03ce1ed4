//! Asks Windows for the access list of a file, and gives a new file one of its
//! own.
//!
//! A new file is created with its list, in one call; an existing one costs
//! nothing.

use std::ffi::c_void;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::os::windows::fs::OpenOptionsExt as _;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _};
use std::path::{Component, Path, Prefix};
use std::ptr;
use std::sync::OnceLock;

use windows_sys::Win32::Foundation::{
    ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, FALSE, GENERIC_READ,
    GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetKernelObjectSecurity, GetTokenInformation,
    OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION, SECURITY_ATTRIBUTES,
    SetKernelObjectSecurity, TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_FLAG_BACKUP_SEMANTICS,
    FILE_FLAG_OPEN_REPARSE_POINT, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
    GetVolumeInformationByHandleW, READ_CONTROL, WRITE_DAC,
};
use windows_sys::Win32::System::SystemServices::FILE_PERSISTENT_ACLS;

use crate::access_list::{AccessList, Kind, Sid, judge, private};

/// Bytes of a security descriptor that are asked for at first: that of a file
/// in a profile has about 150.
const USUAL_BYTES: usize = 512;
/// Most bytes of one: an access list has 64 KiB at most.
const MOST_BYTES: usize = 2 * 64 * 1024;
/// Bytes of a pointer, a number and the longest SID (68 bytes).
const USER_BYTES: u32 = 128;
/// The token of this process (`GetCurrentProcessToken` of the header).
const TOKEN: HANDLE = -4_isize as HANDLE;

/// Returns who may read and write an open file or folder, and whether it is
/// another user's. A file system without access lists, such as FAT, keeps
/// nobody out, and nothing there is another user's.
///
/// # Errors
///
/// Returns the error of the system if the file was not opened with the right to
/// ask (`READ_CONTROL`, which reading, writing and appending include).
pub fn access_list_of(file: &File) -> io::Result<AccessList> {
    let user = user()?;
    let descriptor = match descriptor(file) {
        Err(error) if is(&error, &[ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED]) => {
            return Ok(AccessList::NONE);
        }
        descriptor => descriptor?,
    };
    let list = judge(&descriptor, user).ok_or(io::ErrorKind::InvalidData)?;
    // The system makes a list up for a file system that has none.
    if (list.is_of_another_user || !list.is_private()) && !has_lists(file) {
        return Ok(AccessList::NONE);
    }
    Ok(list)
}

/// Creates a file that only the user, the system and its administrators may
/// use. Nothing may have its name.
///
/// # Errors
///
/// Returns the error of the system if the file cannot be created. On a file
/// system without access lists it is as private as everything there.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut descriptor = private(user()?, Kind::File);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: descriptor.as_mut_ptr().cast::<c_void>(),
        bInheritHandle: FALSE,
    };
    let path = wide(path)?;
    // SAFETY: the path ends with a zero. `attributes` says its own length, and
    // has an aligned security descriptor in one piece, whose places and lengths
    // lie within it; the call only reads both, and they outlive it. The null
    // handle names no file to take attributes from.
    #[expect(unsafe_code, reason = "std cannot create a file with an access list")]
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_READ | GENERIC_WRITE,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            ptr::null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has succeeded, so this is a new handle, and nobody else
    // has it.
    #[expect(unsafe_code, reason = "std did not open it")]
    let file = unsafe { File::from_raw_handle(handle) };
    Ok(file)
}

/// A path as the system reads it, with a zero at the end: from 248 units on in
/// the form that has no limit, as std writes it.
fn wide(path: &Path) -> io::Result<Vec<u16>> {
    const SHORT: usize = 248;
    let path = std::path::absolute(path)?;
    let mut units: Vec<u16> = path.as_os_str().encode_wide().collect();
    if units.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    if units.len() >= SHORT {
        let prefix = match path.components().next() {
            Some(Component::Prefix(prefix)) => prefix.kind(),
            _ => return Err(io::ErrorKind::InvalidInput.into()),
        };
        units = match prefix {
            Prefix::Disk(_) => [r"\\?\".encode_utf16().collect(), units].concat(),
            // `\\server` becomes `\\?\UNC\server`.
            Prefix::UNC(..) => [r"\\?\UNC".encode_utf16().collect(), units[1..].to_vec()].concat(),
            _ => units,
        };
    }
    units.push(0);
    Ok(units)
}

/// Makes a folder that was just created the user's alone, with all that will be
/// created in it. Where that is refused, it stays as it is.
pub(crate) fn make_folder_private(path: &Path) {
    let mut options = OpenOptions::new();
    options.access_mode(READ_CONTROL | WRITE_DAC);
    options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT);
    let (Ok(user), Ok(folder)) = (user(), options.open(path)) else { return };
    if access_list_of(&folder).is_ok_and(AccessList::is_private) {
        return;
    }
    let descriptor = private(user, Kind::Folder);
    // SAFETY: the handle is open while `folder` is borrowed. `descriptor` is an
    // aligned security descriptor in one piece, whose places and lengths lie
    // within it, and the call only reads it.
    #[expect(unsafe_code, reason = "std cannot set an access list")]
    let _refused = unsafe {
        SetKernelObjectSecurity(
            folder.as_raw_handle(),
            DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
            descriptor.as_ptr().cast::<c_void>().cast_mut(),
        )
    };
}

/// The owner and the access list of a file.
fn descriptor(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; USUAL_BYTES];
    loop {
        let room = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let mut needed = 0;
        // SAFETY: the handle is open while `file` is borrowed, `bytes` has
        // `room` bytes to write to, and `needed` outlives the call.
        #[expect(unsafe_code, reason = "std cannot ask for an access list")]
        let is_done = unsafe {
            GetKernelObjectSecurity(
                file.as_raw_handle(),
                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                bytes.as_mut_ptr().cast::<c_void>(),
                room,
                &raw mut needed,
            )
        };
        if is_done != 0 {
            return Ok(bytes);
        }
        let error = io::Error::last_os_error();
        let needed = usize::try_from(needed).unwrap_or(usize::MAX);
        let is_short = is(&error, &[ERROR_INSUFFICIENT_BUFFER]);
        if !is_short || needed <= bytes.len() || needed > MOST_BYTES {
            return Err(error);
        }
        bytes = vec![0; needed];
    }
}

/// Whether the file system keeps access lists.
fn has_lists(file: &File) -> bool {
    let mut flags = 0;
    // SAFETY: the handle is open while `file` is borrowed, and `flags` outlives
    // the call. The other results are not asked for: their pointers are null
    // and their lengths zero, which the call allows.
    #[expect(unsafe_code, reason = "std cannot ask what a file system has")]
    let is_known = unsafe {
        GetVolumeInformationByHandleW(
            file.as_raw_handle(),
            ptr::null_mut(),
            0,
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut flags,
            ptr::null_mut(),
            0,
        )
    };
    is_known == 0 || flags & FILE_PERSISTENT_ACLS != 0
}

/// The user of this process.
fn user() -> io::Result<&'static Sid> {
    static USER: OnceLock<Option<Sid>> = OnceLock::new();
    USER.get_or_init(ask_for_user)
        .as_ref()
        .ok_or_else(|| io::Error::other("Windows does not tell the user of this process"))
}

fn ask_for_user() -> Option<Sid> {
    let mut bytes = [0_u64; USER_BYTES as usize / 8];
    let mut length = 0;
    // SAFETY: the constant is the handle of this process's token, which is
    // never closed; `bytes` is aligned for a pointer and has `USER_BYTES` bytes
    // to write to; `length` outlives the call.
    #[expect(unsafe_code, reason = "std cannot ask for the user")]
    let is_done = unsafe {
        GetTokenInformation(
            TOKEN,
            TokenUser,
            bytes.as_mut_ptr().cast::<c_void>(),
            USER_BYTES,
            &raw mut length,
        )
    };
    if is_done == 0 {
        return None;
    }
    // A TOKEN_USER starts with a pointer to the SID, which is in the same
    // bytes.
    let here = bytes.as_ptr().addr();
    let bytes: Vec<u8> = bytes.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let pointer = usize::from_ne_bytes(bytes.get(..size_of::<usize>())?.try_into().ok()?);
    let start = pointer.checked_sub(here)?;
    Sid::read(bytes.get(start..usize::try_from(length).ok()?)?)
}

fn is(error: &io::Error, codes: &[u32]) -> bool {
    let code = error.raw_os_error().and_then(|code| u32::try_from(code).ok());
    code.is_some_and(|code| codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_the_users_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let file = create_private(&path).unwrap();
        assert!(File::open(&path).is_ok(), "nobody is kept waiting");
        drop(file);
        let list = access_list_of(&File::open(&path).unwrap()).unwrap();
        assert_eq!(list, AccessList::NONE);
        assert!(create_private(&path).is_err());
    }

    #[test]
    fn what_is_created_in_a_private_folder_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        make_folder_private(&inner);
        std::fs::write(inner.join("file"), "text").unwrap();
        let mut options = OpenOptions::new();
        options.access_mode(READ_CONTROL).custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
        assert_eq!(access_list_of(&options.open(&inner).unwrap()).unwrap(), AccessList::NONE);
        // In Wine a folder hands nothing down.
        if !Path::new("C:\\windows\\system32\\winecfg.exe").exists() {
            let file = File::open(inner.join("file")).unwrap();
            assert_eq!(access_list_of(&file).unwrap(), AccessList::NONE);
        }
    }
}
