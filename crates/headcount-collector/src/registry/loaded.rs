//! Every loaded catalog, by product and version.

use std::path::Path;
use std::sync::Arc;

use headcount_catalog::{Catalog, Dialect};

use super::error::{CatalogMistake, RegistryError};
use super::origin::Origin;
use super::product::LoadedProduct;
use super::texts::ReadCatalog;

/// Every loaded catalog. Each product is in it once, with all versions of its
/// catalog.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Sorted by name. A product stays the same one in the next registry while
    /// its catalogs do.
    pub(super) products: Vec<Arc<LoadedProduct>>,
    /// Where each catalog is from, for messages.
    pub(super) places: Vec<Place>,
    /// The catalogs that were read from files.
    pub(super) texts: Vec<ReadCatalog>,
    /// `None` if the catalogs are built in.
    pub(super) origin: Option<Origin>,
}

/// Where a catalog is from.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) product: &'static str,
    pub(super) version: u32,
    pub(super) place: String,
}

/// Whether a catalog was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inserted {
    New,
    Known,
}

impl Registry {
    /// Makes a registry of catalogs, such as those that are built into a
    /// binary. There may be several versions of one product's catalog.
    ///
    /// # Errors
    ///
    /// Returns every mistake:
    /// - no catalog was given;
    /// - two catalogs of a product have one version and different contents;
    /// - two products have the same public key.
    pub fn of(catalogs: Vec<Catalog>) -> Result<Self, RegistryError> {
        Self::build(
            catalogs
                .into_iter()
                .map(|catalog| (format!("the catalog of `{}`", catalog.product.name), catalog)),
        )
    }

    /// The names of the products, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.products.iter().map(|product| product.name())
    }

    pub(crate) fn products(&self) -> &[Arc<LoadedProduct>] {
        &self.products
    }

    pub(crate) fn product(&self, name: &str) -> Option<&LoadedProduct> {
        self.products.iter().find(|product| product.name() == name).map(Arc::as_ref)
    }

    /// The product whose program calls itself by this `service.name`.
    pub(crate) fn service(&self, name: &str) -> Option<&LoadedProduct> {
        let mut products = self.products.iter().map(Arc::as_ref);
        self.product(name).or_else(|| products.find(|product| product.is_service(name)))
    }

    /// Whether there is a product whose program is somebody else's.
    pub(crate) fn has_observed(&self) -> bool {
        self.products.iter().any(|product| product.is_observed())
    }

    /// The product that has this public key in its catalog.
    pub(crate) fn product_of_key(&self, key: &str) -> Option<&LoadedProduct> {
        let mut products = self.products.iter().map(Arc::as_ref);
        products.find(|product| product.keys().any(|own| own == key))
    }

    /// The products whose catalogs name a path, with the dialect that each
    /// speaks there.
    pub(crate) fn at(&self, path: &str) -> impl Iterator<Item = (&LoadedProduct, Dialect)> {
        let products = self.products.iter().map(Arc::as_ref);
        products.filter_map(move |product| Some((product, product.dialect_at(path)?)))
    }

    /// The names of the products, separated by commas.
    pub(crate) fn name_list(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }

    /// Builds a registry of catalogs, each with the name that messages give it.
    pub(super) fn build(
        catalogs: impl IntoIterator<Item = (String, Catalog)>,
    ) -> Result<Self, RegistryError> {
        let mut registry =
            Self { products: Vec::new(), places: Vec::new(), texts: Vec::new(), origin: None };
        let mut mistakes: Vec<CatalogMistake> = Vec::new();
        for (place, catalog) in catalogs {
            if let Err(mistake) = registry.insert(place, catalog) {
                mistakes.push(mistake);
            }
        }
        if registry.products.is_empty() && mistakes.is_empty() {
            mistakes.push("there is no catalog: a collector needs at least one".to_owned().into());
        }
        if mistakes.is_empty() { Ok(registry) } else { Err(RegistryError::of(mistakes)) }
    }

    /// Adds a catalog, which messages call `place`. After a mistake everything
    /// is as before.
    pub(super) fn insert(
        &mut self,
        place: String,
        catalog: Catalog,
    ) -> Result<Inserted, CatalogMistake> {
        let (name, version) = (catalog.product.name, catalog.version);
        let found = self.products.binary_search_by_key(&name, |product| product.name());
        let product = match found {
            Err(_) => LoadedProduct::new(catalog),
            Ok(at) => match self.products[at].with(catalog) {
                Some(product) => product,
                None if self.products[at].has(&catalog) => return Ok(Inserted::Known),
                None => {
                    let known = self.place(name, version);
                    return Err(other_contents(&place, (name, version), known));
                }
            },
        };
        let mut others = self.products.iter().filter(|other| other.name() != name);
        if let Some(other) = others.find(|other| other.shares_key(&product)) {
            let mistake = format!(
                "{place}: `{name}` has the same public key as `{}`, so the collector cannot tell \
                 their events apart: give each its own key",
                other.name()
            );
            return Err(mistake.into());
        }
        match found {
            Ok(at) => self.products[at] = Arc::new(product),
            Err(at) => self.products.insert(at, Arc::new(product)),
        }
        self.places.push(Place { product: name, version, place });
        Ok(Inserted::New)
    }

    /// Takes a version out, whose other contents are to be added.
    pub(super) fn remove(&mut self, catalog: &Catalog) {
        let (name, version) = (catalog.product.name, catalog.version);
        let Ok(at) = self.products.binary_search_by_key(&name, |product| product.name()) else {
            return;
        };
        match self.products[at].without(version) {
            Some(product) => self.products[at] = Arc::new(product),
            None => drop(self.products.remove(at)),
        }
        self.places.retain(|place| (place.product, place.version) != (name, version));
    }

    /// Has messages call the catalog of this version by where it is kept.
    pub(super) fn moved(&mut self, catalog: &Catalog, kept: &Path) {
        for place in &mut self.places {
            if (place.product, place.version) == (catalog.product.name, catalog.version) {
                place.place = kept.display().to_string();
            }
        }
    }

    /// What messages call the catalog of this version.
    pub(super) fn place(&self, product: &str, version: u32) -> &str {
        let mut places = self.places.iter();
        let found = places.find(|place| place.product == product && place.version == version);
        found.map_or("loaded before", |found| found.place.as_str())
    }
}

/// One version of a product's catalog has two contents, in these two places.
pub(super) fn other_contents(
    place: &str,
    (product, version): (&str, u32),
    known: &str,
) -> CatalogMistake {
    let mistake = format!(
        "{place}: another catalog with `catalog = {version}` of `{product}` has other contents \
         ({known}): raise the number in the newer one, or remove one of them"
    );
    mistake.into()
}
