//! Whether an error says that a file does not exist, rather than that nobody
//! can tell: a no may be in what cannot be reached.

use std::io;

/// Whether nothing has this name.
///
/// std calls it "not found" too if a network drive or its server cannot be
/// reached (ERROR_INVALID_DRIVE, ERROR_BAD_NETPATH, ERROR_BAD_NET_NAME).
pub(crate) fn is_missing(error: &io::Error) -> bool {
    /// ERROR_FILE_NOT_FOUND and ERROR_PATH_NOT_FOUND of winerror.h.
    const NOT_FOUND: [i32; 2] = [2, 3];

    error.kind() == io::ErrorKind::NotFound
        && (cfg!(not(windows)) || error.raw_os_error().is_none_or(|code| NOT_FOUND.contains(&code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_cannot_be_reached_is_not_a_missing_file() {
        assert!(is_missing(&io::ErrorKind::NotFound.into()));
        assert!(!is_missing(&io::ErrorKind::PermissionDenied.into()));
        let system = |code| is_missing(&io::Error::from_raw_os_error(code));
        assert!(system(2));
        if cfg!(windows) {
            assert!(system(3));
            for unreachable in [15, 53, 67, 1_231] {
                assert!(!system(unreachable), "{unreachable}");
            }
        }
    }
}
