//! How a request leaves the machine: `request` builds it, `port` is the trait
//! that sends it, and each adapter has its own file: `over_ureq` (with `trust`
//! and `lookup`) and `over_curl`. `guarded` keeps their panics from the host.
//! `proxy` finds the proxy of the environment, and `via` tells a person what
//! stands between. `built_in` selects one, `compress` shrinks bodies, `gate`
//! asks once more before a body leaves, and `error` says why no answer came.

mod compress;
mod request;
mod error;
mod gate;
mod guarded;
mod port;

mod built_in;
#[cfg(feature = "ureq")]
mod lookup;
#[cfg(feature = "curl")]
mod over_curl;
#[cfg(feature = "ureq")]
mod over_ureq;
mod proxy;
#[cfg(feature = "ureq")]
mod trust;
mod via;

pub use built_in::built_in;
pub use compress::Compression;
pub use error::{TransportError, TransportErrorKind};
pub use gate::Gate;
pub(crate) use guarded::{Guarded, guarded, is_guarded};
#[cfg(feature = "curl")]
pub use over_curl::Curl;
#[cfg(feature = "ureq")]
pub use over_ureq::Ureq;
pub use port::{Response, Transport};
pub(crate) use request::USER_AGENT;
pub use request::{Request, request};
#[cfg(feature = "ureq")]
pub use trust::roots;
pub(crate) use via::Via;
