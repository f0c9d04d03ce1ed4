//! Reads again what an operator changes while a collector runs.

use std::fmt;
use std::sync::Arc;

use crate::access::Gate;
use crate::encryption::OwnCertificate;
use crate::registry::{CatalogReload, CurrentCatalogs};

/// Reads catalogs, credentials and certificate of a running collector again.
#[derive(Clone)]
pub struct Reloader {
    pub(crate) catalogs: Arc<CurrentCatalogs>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) certificate: Option<Arc<OwnCertificate>>,
}

impl Reloader {
    /// Reads the folder of catalogs again: new versions and products are added,
    /// and everything that was loaded stays. Reads the credentials and the
    /// certificate again. The operator's log says what
    /// came of it.
    pub fn reload(&self) -> CatalogReload {
        self.gate.reload();
        // What came of it is in the log.
        let _ = self.certificate.as_ref().map(|own| own.reload());
        self.catalogs.reload()
    }
}

impl fmt::Debug for Reloader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reloader").finish_non_exhaustive()
    }
}
