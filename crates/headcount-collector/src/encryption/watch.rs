//! Looks at the files of the certificate, on a thread of its own, while a
//! collector runs.

use std::io;
use std::sync::Arc;

use super::own_certificate::OwnCertificate;
use crate::health::{LifeSign, WatchedPart};
use crate::limits;
use crate::operator_log::LogPart;
use crate::repeated_task::{Pauses, RepeatedTask};

/// The files of a certificate that are to be watched.
pub(crate) struct CertificateWatch {
    certificate: Arc<OwnCertificate>,
    life_sign: LifeSign,
}

impl CertificateWatch {
    pub(crate) fn of(certificate: &Arc<OwnCertificate>) -> Self {
        Self { certificate: Arc::clone(certificate), life_sign: LifeSign::default() }
    }

    /// The thread, as a part of the collector.
    pub(crate) fn part(&self) -> WatchedPart {
        self.life_sign.part("the watch of the certificate")
    }

    /// Starts the thread.
    pub(crate) fn start(self) -> io::Result<RepeatedTask> {
        let Self { certificate, life_sign } = self;
        let interval = limits::CERTIFICATE_INTERVAL;
        let pauses = Pauses { first: interval, every: interval };
        let log = certificate.log().clone();
        let tell = move |looked: std::thread::Result<()>| {
            if looked.is_err() {
                log.error(
                    LogPart::Encryption,
                    "a look at the files of the certificate panicked, and another one follows; this \
                     is a bug in Headcount: please report it",
                );
            }
        };
        let look = move || certificate.look();
        RepeatedTask::start("headcount-certificate", pauses, life_sign, look, tell)
    }
}
