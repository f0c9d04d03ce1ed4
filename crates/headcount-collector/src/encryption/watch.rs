//! The files of the certificate, as they are looked at while a collector runs.

use std::sync::Arc;

use super::own_certificate::OwnCertificate;
use crate::file_watch::{FileWatch, WatchedFiles};
use crate::limits;
use crate::operator_log::LogPart;

const FILES: WatchedFiles = WatchedFiles {
    thread: "headcount-certificate",
    part: "the watch of the certificate",
    log_part: LogPart::Encryption,
    panicked: "a look at the files of the certificate panicked, and another one follows; this is a \
               bug in Headcount: please report it",
};

/// Looks at the files of the certificate.
pub(crate) fn watch(certificate: &Arc<OwnCertificate>) -> FileWatch {
    let certificate = Arc::clone(certificate);
    FileWatch::new(FILES, limits::CERTIFICATE_INTERVAL, move || certificate.look())
}
