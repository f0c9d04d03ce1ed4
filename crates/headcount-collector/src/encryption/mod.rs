//! What keeps others from reading along: TLS of the collector's own, or a proxy
//! in front that says that it speaks TLS.

mod certificate;
mod own_certificate;
mod proxy;
mod validity;
mod watch;

pub(crate) use own_certificate::OwnCertificate;
pub(crate) use proxy::{ForwardedScheme, ProxyInFront};
pub(crate) use watch::watch;
