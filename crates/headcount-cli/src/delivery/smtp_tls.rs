//! TLS with a relay.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use ureq::tls::RootCerts;

use super::limits;
use crate::authorities;

/// Begins TLS over a connection. The handshake is done with the first bytes.
pub(super) fn over(
    stream: TcpStream,
    host: &str,
    authorities: Option<&Path>,
) -> Result<StreamOwned<ClientConnection, TcpStream>, String> {
    let roots = roots(authorities)?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let connection =
        ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    Ok(StreamOwned::new(connection, stream))
}

/// Those of the file, or else those of the system as far as they are in one.
fn roots(file: Option<&Path>) -> Result<RootCertStore, String> {
    const NONE: &str = "the system's certificate authorities are not in a file: name one with `ca`";
    let certificates = match file {
        Some(file) => {
            let told = |why| format!("`ca` {}: {why}", file.display());
            authorities::in_file(file, limits::AUTHORITIES_BYTES).map_err(told)?
        }
        None => match headcount::ship::roots(|name| std::env::var_os(name).map(PathBuf::from)) {
            RootCerts::Specific(certificates) => certificates.to_vec(),
            _ => return Err(NONE.to_owned()),
        },
    };
    let mut store = RootCertStore::empty();
    let all = certificates.iter().map(|one| CertificateDer::from(one.der().to_vec()));
    // A system has some that are too odd to be used.
    let (good, _) = store.add_parsable_certificates(all);
    if good == 0 { Err(NONE.to_owned()) } else { Ok(store) }
}
