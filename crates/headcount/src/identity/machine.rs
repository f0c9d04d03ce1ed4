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

fn user_name(surroundings: &Surroundings) -> Result<String, &'static str> {
    // On Windows the system sets the last one, and some shells the first.
    let names = ["USER", "LOGNAME", "USERNAME"];
    let names = if cfg!(windows) { ["USERNAME", "USER", "LOGNAME"] } else { names };
    names
        .into_iter()
        .filter_map(|name| surroundings.variable(name))
        .find(|user| !user.is_empty())
        .ok_or("the environment has no user name: set USER and try again")
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

    #[cfg(target_os = "linux")]
    #[test]
    fn the_host_is_what_the_kernel_calls_it() {
        let kernels = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
        assert_eq!(of_the_system().as_deref(), Some(kernels.trim()));
    }
}
