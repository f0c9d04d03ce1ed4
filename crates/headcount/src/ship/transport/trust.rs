//! The certificate authorities to trust: those of the machine, so a company's
//! own authorities count too.
//!
//! On Windows and Apple's systems the system verifies certificates. Elsewhere
//! the store is a file of the system, or the one that `SSL_CERT_FILE` or
//! `SSL_CERT_DIR` names. A machine without a store, such as a bare container,
//! gets Mozilla's list from the time of the build.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

#[cfg(not(any(windows, target_vendor = "apple")))]
use super::via::SYSTEM_FILES;
use crate::limits;

/// Returns the certificate authorities to trust in this environment: those that
/// `SSL_CERT_FILE` or `SSL_CERT_DIR` names, or else the machine's own.
pub fn roots(variable: impl Fn(&str) -> Option<PathBuf>) -> RootCerts {
    let named = named(variable);
    if named.is_empty() { system() } else { RootCerts::from(named) }
}

/// The authorities that the environment names.
fn named(variable: impl Fn(&str) -> Option<PathBuf>) -> Vec<Certificate<'static>> {
    let file = variable("SSL_CERT_FILE").map(|path| in_file(&path));
    let folder = variable("SSL_CERT_DIR").map(|path| in_folder(&path));
    [file, folder].into_iter().flatten().flatten().collect()
}

#[cfg(any(windows, target_vendor = "apple"))]
fn system() -> RootCerts {
    RootCerts::PlatformVerifier
}

#[cfg(not(any(windows, target_vendor = "apple")))]
fn system() -> RootCerts {
    let found =
        SYSTEM_FILES.iter().map(|file| in_file(Path::new(file))).find(|found| !found.is_empty());
    found.map_or(RootCerts::WebPki, RootCerts::from)
}

/// The certificates of a file; none if it cannot be read.
fn in_file(path: &Path) -> Vec<Certificate<'static>> {
    let Ok(bytes) = read(path) else { return Vec::new() };
    let items = parse_pem(&bytes).filter_map(Result::ok);
    let certificates = items.filter_map(|item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    certificates.collect()
}

/// The bytes of a regular file, up to a limit. Anything else could block for
/// ever.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC);
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(limits::AUTHORITIES_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn in_folder(path: &Path) -> Vec<Certificate<'static>> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let files = entries.filter_map(Result::ok).map(|entry| entry.path());
    let files = files.filter(|file| file.is_file()).take(limits::AUTHORITIES_FILES);
    files.flat_map(|file| in_file(&file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    const AUTHORITY: &[u8] = include_bytes!("../../../tests/ship/tls/authority.pem");

    fn found(file: Option<&Path>, folder: Option<&Path>) -> usize {
        let variable = |name: &str| match name {
            "SSL_CERT_FILE" => file.map(Path::to_path_buf),
            _ => folder.map(Path::to_path_buf),
        };
        named(variable).len()
    }

    #[test]
    fn a_file_and_a_folder_are_read_and_what_is_none_is_nothing() {
        let home = Home::new();
        let file = home.write("folder/one.pem", AUTHORITY);
        let folder = home.path().join("folder");
        assert_eq!((found(Some(&file), None), found(None, Some(&folder))), (1, 1));
        home.write("folder/two.pem", [AUTHORITY, b"\nnot a certificate\n", AUTHORITY].concat());
        assert_eq!(found(Some(&file), Some(&folder)), 4);
        let text = home.write("text", "nothing of the kind");
        for none in [text.as_path(), folder.as_path(), &home.path().join("nowhere")] {
            assert_eq!(found(Some(none), None), 0, "{}", none.display());
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_pipe_that_nobody_writes_to_keeps_nobody_waiting() {
        let home = Home::new();
        let pipe = home.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert_eq!((found(Some(&pipe), None), found(None, Some(home.path()))), (0, 0));
    }
}
