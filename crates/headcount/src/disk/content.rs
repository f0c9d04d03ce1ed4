//! What becomes of a file of ours that cannot be read, decided in one place.
//! Only what is damaged may be removed or replaced. A system that is out of
//! files, or a disk that fails for a moment, says nothing of what is in a file.

use std::io;
use std::path::Path;

use super::error::DiskError;
use super::{link, private_file};

/// What reading a file has shown.
#[derive(Debug)]
pub(crate) enum Content {
    Text(String),
    Missing,
    /// Nobody can make anything of it, neither now nor later. The error says
    /// why.
    Useless(DiskError),
}

/// What a file is that this process may not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// It may be sound, and somebody has to look at it.
    MayBeSound,
    /// Useless: nobody can tell whether what is in it has to go by now.
    IsUseless,
}

/// Reads a file that is to be changed, or removed if it is useless.
///
/// # Errors
///
/// Returns an error if the file could not be read at this moment. It has to be
/// left as it is.
pub(crate) fn read(path: &Path, denied: Denied) -> Result<Content, DiskError> {
    match private_file::read(path) {
        Ok(Some(text)) => Ok(Content::Text(text)),
        Ok(None) => Ok(Content::Missing),
        Err(error) if is_useless(path, &error, denied) => Ok(Content::Useless(error)),
        Err(error) => Err(error),
    }
}

fn is_useless(path: &Path, error: &DiskError, denied: Denied) -> bool {
    let is_denied = error.kind() == Some(io::ErrorKind::PermissionDenied);
    error.is_damaged()
        || denied == Denied::IsUseless && is_denied
        // A circle of links.
        || link::leads_nowhere(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn what_is_damaged_is_useless_and_what_cannot_be_read_now_is_not() {
        let home = Home::new();
        let path = home.path().join("file");
        let read = || read(&path, Denied::IsUseless);
        assert!(matches!(read(), Ok(Content::Missing)));
        fs::write(&path, "text").unwrap();
        assert!(matches!(read(), Ok(Content::Text(text)) if text == "text"));
        fs::write(&path, [0xff]).unwrap();
        assert!(matches!(read(), Ok(Content::Useless(error)) if error.is_damaged()));
        for (kind, is_denied) in [
            (io::ErrorKind::PermissionDenied, true),
            (io::ErrorKind::TimedOut, false),
            (io::ErrorKind::Other, false),
        ] {
            let error = DiskError::new(&path, io::Error::from(kind));
            assert_eq!(is_useless(&path, &error, Denied::IsUseless), is_denied, "{kind}");
            assert!(!is_useless(&path, &error, Denied::MayBeSound), "{kind}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_circle_of_links_is_useless() {
        let home = Home::new();
        let path = home.path().join("file");
        std::os::unix::fs::symlink(&path, &path).unwrap();
        assert!(matches!(read(&path, Denied::MayBeSound), Ok(Content::Useless(_))));
    }
}
