//! The catalogs that a collector has loaded, by product and version.
//!
//! ```text
//! folder of catalogs --load--> Registry --open--> CurrentCatalogs --> a snapshot a request
//!        |                                             ^   |
//!        +---- watch, SIGHUP: read again --------------+   +--> DATA/catalogs, every version
//! ```
//!
//! A registry never changes. What is new makes another one, and a request uses
//! the one that was current when it came.

mod error;
mod product;
mod catalog_file;
mod texts;
mod origin;
mod loaded;
mod load;
mod kept;
mod current;
mod watch;

pub use current::CatalogReload;
pub(crate) use current::{CurrentCatalogs, check_kept, kept_registry};
pub(crate) use error::CatalogMistake;
pub use error::RegistryError;
pub(crate) use kept::KeptCatalogs;
pub use loaded::Registry;
pub(crate) use product::LoadedProduct;
pub(crate) use watch::watch;
