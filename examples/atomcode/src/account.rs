//! Logging in and out. The service is a pretended one, which knows two codes
//! and one account; who is logged in is a file beside the device's id.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::telemetry::Account;

/// The file with the account's id, below the home.
const FILE: &str = ".atomcode/account";

/// Most bytes of it that are read: an id of at most 64, and more than that.
const FILE_BYTES: u64 = 256;

/// Where a person is told to get a code.
pub(crate) const PAGE: &str = "https://atomcode.example/login";

/// The code that logs in and has a coding plan, and the one that has none.
const CODE: &str = "1234";
const CODE_WITHOUT_PLAN: &str = "1235";

/// The account of both.
const ACCOUNT: &str = "atomgit-10001";

/// Whether a login came with a coding plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// It did.
    Taken,
    /// It did not.
    NotTaken,
}

/// Why nobody is logged in.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The service does not know the code.
    Code,
    /// The login cannot be kept.
    Unkept(PathBuf, io::Error),
}

impl Refused {
    /// The message for the person.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Code => format!("this code is not valid: get another one at {PAGE}"),
            Self::Unkept(path, error) => {
                format!("the login cannot be kept in {}: {error}", path.display())
            }
        }
    }
}

/// Asks the service with a code, and keeps who is logged in.
///
/// # Errors
///
/// Returns why nobody is logged in.
pub(crate) fn log_in(home: Option<&Path>, code: &str) -> Result<Plan, Refused> {
    let plan = match code.trim() {
        CODE => Plan::Taken,
        CODE_WITHOUT_PLAN => Plan::NotTaken,
        _ => return Err(Refused::Code),
    };
    let Some(home) = home else {
        let error = io::Error::new(ErrorKind::NotFound, "there is no home folder");
        return Err(Refused::Unkept(PathBuf::from(FILE), error));
    };
    let path = home.join(FILE);
    match keep(&path) {
        Ok(()) => Ok(plan),
        Err(error) => Err(Refused::Unkept(path, error)),
    }
}

fn keep(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(format!("{ACCOUNT}\n").as_bytes())
}

/// Logs out. Returns whether somebody was logged in.
///
/// # Errors
///
/// Returns an error if the login cannot be removed.
pub(crate) fn log_out(home: Option<&Path>) -> io::Result<bool> {
    let Some(path) = home.map(|home| home.join(FILE)) else { return Ok(false) };
    // On a read-only disk nothing can be removed, not even what is not there.
    if fs::symlink_metadata(&path).is_err() {
        return Ok(false);
    }
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The account that is logged in.
pub(crate) fn current(home: Option<&Path>) -> Option<Account> {
    let path = home?.join(FILE);
    // Opening a pipe would wait for somebody who writes to it.
    if !fs::metadata(&path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(FILE_BYTES).read_to_string(&mut text).ok()?;
    Account::new(text.trim()).ok()
}
