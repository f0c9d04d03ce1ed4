//! The `machine-hash` scheme, as the OpenClacky seed has it: SHA-256 of
//! `hostname:user:platform`, in lower-case hexadecimal. Linkable: everybody who
//! knows the three can compute it.

use headcount_catalog::Words;

use crate::random::hex;
use crate::{Machine, Surroundings};

/// Returns the hash for these surroundings.
///
/// # Errors
///
/// Returns an error if the host name or the user name is unknown.
pub(super) fn hash(surroundings: &Surroundings) -> Result<String, &'static str> {
    let (host, user) = match &surroundings.machine {
        Machine::Given { host, user } => (host.clone(), user.clone()),
        Machine::System => (host_name(surroundings)?, user_name(surroundings)?),
    };
    let platform = surroundings.platform.word(Words::Ruby);
    Ok(hex(&hmac_sha256::Hash::hash(format!("{host}:{user}:{platform}").as_bytes())))
}

/// The user name: of the environment, else of the system. Services, scheduled
/// jobs and containers have none in their environment.
fn user_name(surroundings: &Surroundings) -> Result<String, &'static str> {
    // On Windows the system sets the last one, and some shells the first.
    let names = ["USER", "LOGNAME", "USERNAME"];
    let names = if cfg!(windows) { ["USERNAME", "USER", "LOGNAME"] } else { names };
    names
        .into_iter()
        .filter_map(|name| surroundings.variable(name))
        .find(|user| !user.is_empty())
        .or_else(user_of_the_system)
        .ok_or("the environment has no user name: set USERNAME and try again")
}

/// The name of the process's user in the account database; its number if it has
/// none there, as in a container that was started with `--user 1234`.
#[cfg(unix)]
fn user_of_the_system() -> Option<String> {
    let user = crate::surroundings::effective_user();
    Some(account_name(user).unwrap_or_else(|| user.to_string()))
}

#[cfg(unix)]
fn account_name(user: u32) -> Option<String> {
    /// As much as `getconf GETPW_R_SIZE_MAX` says on Linux, four times.
    const BYTES: usize = 4_096;

    let mut strings = [0 as libc::c_char; BYTES];
    // SAFETY: `passwd` is a C struct of numbers and pointers, for which zeros
    // are valid.
    #[expect(unsafe_code, reason = "std does not know the name of a user")]
    let mut account: libc::passwd = unsafe { std::mem::zeroed() };
    let mut found = std::ptr::null_mut();
    // SAFETY: `account` and `found` live as long as the call, which writes its
    // strings to `strings` and is told how many bytes that has.
    #[expect(unsafe_code, reason = "std does not know the name of a user")]
    let done = unsafe {
        libc::getpwuid_r(user, &raw mut account, strings.as_mut_ptr(), BYTES, &raw mut found)
    };
    if done != 0 || found.is_null() || account.pw_name.is_null() {
        return None;
    }
    // SAFETY: after success `pw_name` points to a string within `strings`,
    // which ends with a zero.
    #[expect(unsafe_code, reason = "std does not know the name of a user")]
    let name = unsafe { std::ffi::CStr::from_ptr(account.pw_name) };
    let name = name.to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(windows)]
fn user_of_the_system() -> Option<String> {
    None
}

/// The host name. On Windows the variable comes first, as programs read it
/// there.
fn host_name(surroundings: &Surroundings) -> Result<String, &'static str> {
    let variable = || surroundings.variable("COMPUTERNAME");
    let named = if cfg!(windows) {
        variable().or_else(of_the_system)
    } else {
        of_the_system().or_else(variable)
    };
    named
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .ok_or("the system has no host name: set one and try again")
}

/// What the system calls the machine. No program is run for it: a `hostname` in
/// `PATH` may be anybody's.
#[cfg(unix)]
fn of_the_system() -> Option<String> {
    /// The longest that POSIX allows, and a zero.
    const BYTES: usize = 256;

    let mut name = [0_u8; BYTES];
    // SAFETY: the call writes at most `BYTES` bytes to `name`, which has as
    // many.
    #[expect(unsafe_code, reason = "std does not know the name of a machine")]
    let done = unsafe { libc::gethostname(name.as_mut_ptr().cast(), BYTES) };
    let name = name.split(|byte| *byte == 0).next()?;
    (done == 0).then(|| String::from_utf8_lossy(name).into_owned())
}

#[cfg(windows)]
fn of_the_system() -> Option<String> {
    use windows_sys::Win32::System::WindowsProgramming::GetComputerNameW;

    /// MAX_COMPUTERNAME_LENGTH and a zero.
    const UNITS: u32 = 16;

    let (mut name, mut length) = ([0; UNITS as usize], UNITS);
    // SAFETY: the call writes at most `length` units to `name`, which has as
    // many, and how many it wrote to `length`.
    #[expect(unsafe_code, reason = "std does not know the name of a machine")]
    let done = unsafe { GetComputerNameW(name.as_mut_ptr(), &raw mut length) };
    (done != 0).then(|| String::from_utf16_lossy(name.get(..length as usize).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use headcount_catalog::{Platform, Time};

    use super::*;

    #[test]
    fn the_hash_is_the_one_of_the_seed() {
        let mut surroundings =
            Surroundings::given(Path::new("/home"), HashMap::new(), Time::from_seconds(0));
        surroundings.platform = Platform::Linux;
        surroundings.machine = Machine::Given { host: "box".into(), user: "me".into() };
        // printf 'box:me:linux' | sha256sum
        let expected = "f584a499c94bf76d543381aa076848413921fdcf21dacd6a357f4e329e0e3944";
        let hash = hash(&surroundings).expect("a hash");
        assert_eq!(hash, expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_user_without_variables_has_a_name_all_the_same() {
        assert_eq!(account_name(0).as_deref(), Some("root"));
        assert_eq!(account_name(3_999_999_999), None);
        let surroundings =
            Surroundings::given(Path::new("/home"), HashMap::new(), Time::from_seconds(0));
        assert!(!user_name(&surroundings).expect("a name").is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_host_is_what_the_kernel_calls_it() {
        let kernels = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
        assert_eq!(of_the_system().as_deref(), Some(kernels.trim()));
    }
}
