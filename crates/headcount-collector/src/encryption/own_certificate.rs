//! The certificate that a collector shows now, and what becomes of it when its
//! files change.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use headcount_catalog::{Day, Grain, Time};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use super::certificate::{Certificate, listed};
use super::validity::Validity;
use crate::config::{HostName, TimeSource, TlsFiles};
use crate::file_stamp::FileStamp;
use crate::limits;
use crate::operator_log::{LogLevel, LogPart, LogRecord, OperatorLog, Sentence};

/// The certificate of a running collector.
pub(crate) struct OwnCertificate {
    files: TlsFiles,
    hosts: Vec<HostName>,
    clock: TimeSource,
    log: OperatorLog,
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
    /// Held while the files are read, so that two who reload do it one after
    /// the other.
    seen: Mutex<Seen>,
}

/// What new connections are shown.
#[derive(Debug)]
struct Shown(RwLock<(Arc<CertifiedKey>, Validity)>);

/// The files, as they were.
type Stamps = [Option<FileStamp>; 2];

struct Seen {
    /// When what is shown was read.
    loaded: Stamps,
    /// At the last look, which is not yet read.
    latest: Option<Stamps>,
    /// What is wrong with the files, as the operator was told.
    told: Option<String>,
    /// The day on which the operator was last told that time runs out.
    told_of_expiry: Option<Day>,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.now().0))
    }
}

impl Shown {
    fn now(&self) -> (Arc<CertifiedKey>, Validity) {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl OwnCertificate {
    /// Reads and checks both files.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what is wrong, where, and what to do.
    pub(crate) fn open(
        files: &TlsFiles,
        hosts: &[HostName],
        clock: TimeSource,
        log: OperatorLog,
    ) -> Result<Self, String> {
        let loaded = stamps(files);
        let certificate = Certificate::load(files, hosts, clock())?;
        tell_missing(&certificate, &log);
        let shown = RwLock::new((certificate.signing, certificate.validity));
        let shown = Arc::new(Shown(shown));
        let acceptor = acceptor(&shown)?;
        let seen = Seen { loaded, latest: None, told: None, told_of_expiry: None };
        let own = Self {
            files: files.clone(),
            hosts: hosts.to_vec(),
            clock,
            log,
            shown,
            acceptor,
            seen: Mutex::new(seen),
        };
        own.tell_of_expiry(&mut own.seen());
        Ok(own)
    }

    /// What makes connections encrypted ones.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }

    /// Until when the certificate is valid that is shown now.
    pub(crate) fn expiry(&self) -> Time {
        self.shown.now().1.not_after
    }

    /// Reads the files again, and tells the operator what came of it. Returns
    /// the same sentence, as an error if the certificate before stays.
    pub(crate) fn reload(&self) -> Result<String, String> {
        let mut seen = self.seen();
        seen.told = None;
        self.read_again(&mut seen)
    }

    /// Reads the files again if they have changed, and have not changed since
    /// the last look. What cannot be used is tried again at every second look:
    /// its mode or the clock may have been wrong, which no stamp tells.
    pub(super) fn look(&self) {
        let mut seen = self.seen();
        let now = stamps(&self.files);
        let is_new = now != seen.loaded || seen.told.is_some();
        let is_settled = is_new && seen.latest.as_ref() == Some(&now);
        seen.latest = (is_new && !is_settled).then_some(now);
        if is_settled {
            let _ = self.read_again(&mut seen);
        }
        self.tell_of_expiry(&mut seen);
    }

    fn read_again(&self, seen: &mut Seen) -> Result<String, String> {
        let stamps = stamps(&self.files);
        seen.latest = None;
        match Certificate::load(&self.files, &self.hosts, (self.clock)()) {
            Ok(certificate) => {
                tell_missing(&certificate, &self.log);
                let until = certificate.validity.not_after.format(Grain::Second);
                let sentence = format!(
                    "loaded the certificate {}, which is valid until {until}",
                    self.files.certificate.display()
                );
                let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
                *shown = (certificate.signing, certificate.validity);
                drop(shown);
                (seen.loaded, seen.told, seen.told_of_expiry) = (stamps, None, None);
                tell(&self.log, LogLevel::Info, &sentence);
                Ok(sentence)
            }
            Err(told) => {
                let until = self.expiry().format(Grain::Second);
                let sentence = format!(
                    "{told}; until then the certificate from before stays in use, valid until {until}"
                );
                if seen.told.as_ref() != Some(&sentence) {
                    tell(&self.log, LogLevel::Error, &sentence);
                    seen.told = Some(sentence.clone());
                }
                Err(sentence)
            }
        }
    }

    /// Once a day, when little of the certificate's time is left.
    fn tell_of_expiry(&self, seen: &mut Seen) {
        let (now, validity) = ((self.clock)(), self.shown.now().1);
        let lasts = validity.not_after.seconds().saturating_sub(validity.not_before.seconds());
        let notice = (limits::EXPIRY_NOTICE_DAYS * 86_400).min(lasts / limits::EXPIRY_NOTICE_PART);
        let left = validity.not_after.seconds().saturating_sub(now.seconds());
        if left > notice || seen.told_of_expiry == Some(now.day()) {
            return;
        }
        seen.told_of_expiry = Some(now.day());
        let (file, until) =
            (self.files.certificate.display(), validity.not_after.format(Grain::Second));
        let sentence = if left < 0 {
            format!(
                "the certificate {file} has expired at {until}, and clients refuse it: renew it; the \
                 collector takes the new one up by itself"
            )
        } else {
            format!(
                "the certificate {file} expires at {until} and is not renewed yet: look why; the \
                 collector takes the new one up by itself"
            )
        };
        tell(&self.log, if left < 0 { LogLevel::Error } else { LogLevel::Warn }, &sentence);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamps(files: &TlsFiles) -> Stamps {
    [&files.certificate, &files.key].map(|file| FileStamp::of(file))
}

/// Tells something of the files of the certificate.
fn tell(log: &OperatorLog, level: LogLevel, sentence: &str) {
    let sentence = Sentence::of_files(sentence);
    log.tell(&LogRecord::new(level, LogPart::Encryption, sentence));
}

fn tell_missing(certificate: &Certificate, log: &OperatorLog) {
    if !certificate.missing.is_empty() {
        let names = listed(&certificate.missing);
        let sentence = format!(
            "the certificate is not for {names}, so clients that use this name refuse it: get one with \
             every name of --host"
        );
        tell(log, LogLevel::Warn, &sentence);
    }
}

fn acceptor(shown: &Arc<Shown>) -> Result<TlsAcceptor, String> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_no_client_auth()
        .with_cert_resolver(Arc::clone(shown) as Arc<dyn ResolvesServerCert>);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A session that is resumed tells everybody on the way that two connections
    // are of one client.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

impl fmt::Debug for OwnCertificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OwnCertificate").field("files", &self.files).finish_non_exhaustive()
    }
}
