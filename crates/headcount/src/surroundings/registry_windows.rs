//! Reads single values of the registry, and where Windows itself is. The
//! environment can change neither.

use std::ffi::{OsStr, OsString};
use std::os::windows::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Component, PathBuf};

use windows_sys::Win32::Foundation::ERROR_SUCCESS;
use windows_sys::Win32::System::Registry::{
    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, REG_ROUTINE_FLAGS, RRF_NOEXPAND, RRF_RT_REG_DWORD,
    RRF_RT_REG_EXPAND_SZ, RRF_RT_REG_SZ, RegGetValueW,
};
use windows_sys::Win32::System::SystemInformation::{
    GetSystemDirectoryW, GetSystemWindowsDirectoryW,
};

/// The longest value that is read, in UTF-16 units. A path of Windows has
/// 32,767 at most, a list of proxies rarely more than a few hundred.
const TEXT_UNITS: usize = 32_768;

/// A part of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hive {
    /// The user of this process.
    User,
    /// The machine, where only administrators write.
    Machine,
}

/// A text, with the variables in it as they are written.
pub(crate) fn text(hive: Hive, key: &str, name: &str) -> Option<OsString> {
    let mut units = vec![0u16; 512];
    loop {
        let types = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND;
        // In bytes, as the registry counts.
        if let Some(bytes) = value(hive, key, name, types, &mut units) {
            units.truncate(bytes / 2);
            let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
            return Some(OsString::from_wide(&units[..end]));
        }
        if units.len() >= TEXT_UNITS {
            return None;
        }
        units = vec![0; TEXT_UNITS];
    }
}

/// A number.
pub(crate) fn number(hive: Hive, key: &str, name: &str) -> Option<u32> {
    let mut units = [0u16; 2];
    let bytes = value(hive, key, name, RRF_RT_REG_DWORD, &mut units)?;
    (bytes == 4).then(|| u32::from(units[0]) | (u32::from(units[1]) << 16))
}

/// Reads a value of one of these types into `into`; how many bytes it has, or
/// `None` if there is no such value or it is longer.
fn value(
    hive: Hive,
    key: &str,
    name: &str,
    types: REG_ROUTINE_FLAGS,
    into: &mut [u16],
) -> Option<usize> {
    let root = match hive {
        Hive::User => HKEY_CURRENT_USER,
        Hive::Machine => HKEY_LOCAL_MACHINE,
    };
    let wide = |text: &str| -> Vec<u16> { OsStr::new(text).encode_wide().chain([0]).collect() };
    let (key, name) = (wide(key), wide(name));
    let mut bytes = u32::try_from(size_of_val(into)).ok()?;
    // SAFETY: both names end with a zero and live until the call returns; the
    // root is one of the predefined keys, which are always open; at most
    // `bytes` bytes are written to `into`, which is as long, and the length
    // that was written to `bytes`; the type is not asked for, which is allowed.
    #[expect(unsafe_code, reason = "std has no way to read the registry")]
    let result = unsafe {
        RegGetValueW(
            root,
            key.as_ptr(),
            name.as_ptr(),
            types,
            std::ptr::null_mut(),
            into.as_mut_ptr().cast(),
            &raw mut bytes,
        )
    };
    (result == ERROR_SUCCESS).then_some(bytes as usize)
}

/// The drive that Windows is on: `C:\`.
pub(crate) fn system_drive() -> Option<PathBuf> {
    let windows = folder(|into, units| {
        // SAFETY: at most `units` units are written to `into`, which is as
        // long.
        #[expect(unsafe_code, reason = "std has no way to ask for it")]
        let written = unsafe { GetSystemWindowsDirectoryW(into, units) };
        written
    })?;
    let drive = windows.components().take_while(|part| !matches!(part, Component::Normal(_)));
    Some(drive.collect())
}

/// The folder of the system's own programs: `C:\Windows\System32`.
#[cfg(feature = "curl")]
pub(crate) fn system_folder() -> Option<PathBuf> {
    folder(|into, units| {
        // SAFETY: at most `units` units are written to `into`, which is as
        // long.
        #[expect(unsafe_code, reason = "std has no way to ask for it")]
        let written = unsafe { GetSystemDirectoryW(into, units) };
        written
    })
}

/// A folder that the system writes into a buffer; it answers with the length.
fn folder(ask: impl Fn(*mut u16, u32) -> u32) -> Option<PathBuf> {
    let mut units = [0u16; 512];
    let written = ask(units.as_mut_ptr(), u32::try_from(units.len()).ok()?) as usize;
    let path = units.get(..written).filter(|path| !path.is_empty())?;
    Some(PathBuf::from(OsString::from_wide(path)))
}
