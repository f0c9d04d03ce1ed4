//! How a request leaves the machine: the request itself, the port, and an adapter a file.

mod compress;
mod request;
mod error;
mod gate;
mod port;

mod built_in;
#[cfg(feature = "curl")]
mod over_curl;
#[cfg(feature = "ureq")]
mod over_ureq;
#[cfg(feature = "ureq")]
mod proxy;
#[cfg(feature = "ureq")]
mod trust;

pub use built_in::built_in;
pub use compress::Compression;
pub use error::{TransportError, TransportErrorKind};
pub use gate::Gate;
#[cfg(feature = "curl")]
pub use over_curl::Curl;
#[cfg(feature = "ureq")]
pub use over_ureq::Ureq;
pub use port::{Response, Transport};
pub use request::{Request, request};
