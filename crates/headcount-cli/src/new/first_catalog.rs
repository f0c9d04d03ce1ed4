//! What `headcount infer` and `headcount import` are told of the catalog that
//! they write.

use std::path::PathBuf;

use super::{NO_COLLECTOR, NewDefault, Wanted, check_product, head, sentence, written};
use crate::print;

/// The arguments of a first catalog that is made of events.
#[derive(Debug, clap::Args)]
pub(crate) struct FirstCatalog {
    /// The program, as people type it
    #[arg(long, value_name = "NAME")]
    pub(crate) product: String,
    /// Whether telemetry is on before a person has decided
    #[arg(long, value_enum, value_name = "DEFAULT", default_value = "ask")]
    pub(crate) default: NewDefault,
    /// The collector's address, which ends in /api/v1/events
    #[arg(long, value_name = "URL", default_value = NO_COLLECTOR)]
    pub(crate) endpoint: String,
    /// Where to write the catalog [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

impl FirstCatalog {
    /// Everything of the catalog but its events.
    ///
    /// # Errors
    ///
    /// Returns a code and a sentence if no product can have the name.
    pub(crate) fn head(&self) -> Result<String, (u8, String)> {
        check_product(&self.product).map_err(|sentence| (2, sentence))?;
        Ok(head(&Wanted {
            product: self.product.clone(),
            default: self.default,
            endpoint: self.endpoint.clone(),
        }))
    }

    /// Writes the catalog to where it is wanted.
    ///
    /// # Errors
    ///
    /// Returns a code and a sentence if it cannot be written.
    pub(crate) fn write(&self, catalog: &str) -> Result<(), (u8, String)> {
        let Some(path) = &self.output else {
            print::out(catalog);
            return Ok(());
        };
        written(path, catalog).map_err(|error| (1, sentence(path, &error)))
    }
}
