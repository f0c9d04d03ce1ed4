//! A certificate with its key, read from its files and checked: whether they
//! belong together, whether it is valid now, and whether it has the collector's
//! names.

use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use headcount_catalog::{Grain, Time};
use rustls::client::verify_server_name;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;

use super::validity::Validity;
use crate::config::{HostName, TlsFiles};
use crate::limits;
use crate::private_file::{self, Links, Others};

/// A certificate that can be used.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) signing: Arc<CertifiedKey>,
    pub(super) validity: Validity,
    /// Names of the collector that it does not have, while it has others.
    pub(super) missing: Vec<HostName>,
}

impl Certificate {
    /// Reads and checks both files.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what is wrong, where, and what to do.
    pub(super) fn load(files: &TlsFiles, hosts: &[HostName], now: Time) -> Result<Self, String> {
        let chain = chain(&files.certificate)?;
        let key = key(&files.key)?;
        let (certificate, key_file) = (files.certificate.display(), files.key.display());
        let signer = any_supported_type(&key).map_err(|_| {
            format!(
                "the key {key_file} is of a kind that TLS here does not use: take one of ECDSA \
                 (P-256 or P-384), Ed25519 or RSA (2048 to 8192 bits)"
            )
        })?;
        let first = chain[0].clone();
        let not_one = || format!("the certificate {certificate} {NOT_A_CERTIFICATE}");
        let validity = Validity::of(&first).ok_or_else(not_one)?;
        let parsed = ParsedCertificate::try_from(&first).map_err(|_| not_one())?;
        let signing = CertifiedKey::new(chain, signer);
        if signing.keys_match().is_err() {
            return Err(format!(
                "the certificate {certificate} is not of the key {key_file}: give both files of one \
                 issue, with the collector's own certificate first"
            ));
        }
        check_time(validity, now)
            .map_err(|told| format!("the certificate {certificate} {told}"))?;
        let missing: Vec<_> =
            hosts.iter().filter(|host| !has_name(&parsed, host)).cloned().collect();
        if !hosts.is_empty() && missing.len() == hosts.len() {
            return Err(format!(
                "the certificate {certificate} is not for {}: give the certificate of this name, or \
                 the name of the certificate with --host",
                listed(hosts)
            ));
        }
        Ok(Self { signing: Arc::new(signing), validity, missing })
    }
}

const NOT_A_CERTIFICATE: &str = "is not one in PEM (`BEGIN CERTIFICATE`): give the file with the whole chain, such as \
     fullchain.pem";

fn check_time(validity: Validity, now: Time) -> Result<(), String> {
    if now < validity.not_before {
        let from = validity.not_before.format(Grain::Second);
        Err(format!(
            "is not valid before {from}, and this machine's clock says {}: set the clock, or give a \
             certificate that is valid now",
            now.format(Grain::Second)
        ))
    } else if now > validity.not_after {
        let until = validity.not_after.format(Grain::Second);
        Err(format!("has expired at {until}, and clients refuse it: renew it"))
    } else {
        Ok(())
    }
}

/// Names with commas between them.
pub(super) fn listed(hosts: &[HostName]) -> String {
    let names: Vec<_> = hosts.iter().map(ToString::to_string).collect();
    names.join(", ")
}

fn has_name(certificate: &ParsedCertificate<'_>, host: &HostName) -> bool {
    let name = match host.address() {
        Some(address) => Ok(ServerName::from(address)),
        None => ServerName::try_from(host.to_string()),
    };
    name.is_ok_and(|name| verify_server_name(certificate, &name).is_ok())
}

fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let name = file.display();
    let bytes = read(file, "certificate", |_| Ok(()))?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err(format!("the certificate {name} {NOT_A_CERTIFICATE}")),
    }
}

fn key(file: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let name = file.display();
    let bytes = read(file, "key", |others| match others {
        Others::Nobody => Ok(()),
        Others::Owner => Err(OF_ANOTHER_USER),
        Others::Writers => Err(WRITABLE),
        Others::Readers => Err(READABLE),
    })?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| {
        let is_encrypted = bytes.windows(9).any(|word| word == b"ENCRYPTED");
        match error {
            pem::Error::NoItemsFound if is_encrypted => format!(
                "the key {name} is encrypted with a password, and nobody is there to type it: write it \
                 without one, as in `openssl pkey -in OLD -out NEW`, with mode 600"
            ),
            _ => format!(
                "the key {name} is not one in PEM (`BEGIN PRIVATE KEY`): give the key of \
                 the certificate, such as privkey.pem"
            ),
        }
    })
}

const OF_ANOTHER_USER: &str = "belongs to another user, who may know it or change it: make root or \
                               the user that the collector runs as its owner";

const WRITABLE: &str = "can be written by other users: set its mode to 600, or to 640 for a group that \
                        may read it, and get a new key if one of them may have changed it";

const READABLE: &str = "can be read by everybody on this machine: set its mode to 600, or to 640 for a \
                        group that may read it, and get a new key if somebody may have read it";

/// Reads a file that may be a link, as those of certbot are.
fn read(
    file: &Path,
    what: &str,
    check: fn(Others) -> Result<(), &'static str>,
) -> Result<Vec<u8>, String> {
    let name = file.display();
    let unreadable = |error: io::Error| match error.kind() {
        _ if private_file::is_irregular(&error) => {
            format!("the {what} {name} is not a regular file: give the file itself")
        }
        io::ErrorKind::NotFound => format!("there is no {what} {name}: check the path"),
        _ => format!(
            "cannot read the {what} {name}: {error}; make it readable for the user that the collector \
             runs as, for example through a group with mode 640"
        ),
    };
    let mut open = private_file::open(file, Links::Followed).map_err(unreadable)?;
    let metadata = open.metadata().map_err(unreadable)?;
    check(private_file::others_beside_the_group(&metadata))
        .map_err(|told| format!("the {what} {name} {told}"))?;
    let mut bytes = Vec::new();
    (&mut open).take(limits::CERTIFICATE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limits::CERTIFICATE_BYTES {
        let most = limits::CERTIFICATE_BYTES / 1024 / 1024;
        return Err(format!("the {what} {name} is longer than {most} MiB: check the path"));
    }
    Ok(bytes)
}
