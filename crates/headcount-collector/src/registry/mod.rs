//! The catalogs that a collector has loaded, by product and version.

mod error;
mod product;
mod load;

use headcount_catalog::{Catalog, Dialect};

use error::CatalogMistake;

pub use error::RegistryError;
pub(crate) use product::LoadedProduct;

/// Every loaded catalog. Each product is in it once, with all versions of its
/// catalog.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Sorted by name.
    products: Vec<LoadedProduct>,
}

impl Registry {
    /// Makes a registry of catalogs, such as those that are built into a
    /// binary. There may be several versions of one product's catalog.
    ///
    /// # Errors
    ///
    /// Returns every mistake:
    /// - there is no catalog;
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
        self.products.iter().map(LoadedProduct::name)
    }

    pub(crate) fn products(&self) -> &[LoadedProduct] {
        &self.products
    }

    pub(crate) fn product(&self, name: &str) -> Option<&LoadedProduct> {
        self.products.iter().find(|product| product.name() == name)
    }

    /// The product that has this public key in its catalog.
    pub(crate) fn product_of_key(&self, key: &str) -> Option<&LoadedProduct> {
        self.products.iter().find(|product| product.keys().any(|own| own == key))
    }

    /// The products whose catalogs name a path, with the dialect that each
    /// speaks there.
    pub(crate) fn at(&self, path: &str) -> impl Iterator<Item = (&LoadedProduct, Dialect)> {
        self.products.iter().filter_map(move |product| Some((product, product.dialect_at(path)?)))
    }

    /// The names of the products, separated by commas.
    pub(crate) fn name_list(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }

    /// Builds a registry of catalogs, each with the name that messages give it.
    fn build(catalogs: impl IntoIterator<Item = (String, Catalog)>) -> Result<Self, RegistryError> {
        let mut products: Vec<NamedProduct> = Vec::new();
        let mut mistakes: Vec<CatalogMistake> = Vec::new();
        for (place, catalog) in catalogs {
            let (name, version) = (catalog.product.name, catalog.version);
            match products.iter_mut().find(|known| known.product.name() == name) {
                None => products.push(NamedProduct { product: LoadedProduct::new(catalog), place }),
                Some(known) => {
                    if !known.product.add(catalog) {
                        mistakes.push(
                            format!(
                                "{place}: another catalog with `catalog = {version}` of `{name}` has \
                                 other contents ({}): raise the number in the newer one, or remove \
                                 one of them",
                                known.place
                            )
                            .into(),
                        );
                    }
                }
            }
        }
        products.sort_by_key(|known| known.product.name());
        for (at, NamedProduct { product, place }) in products.iter().enumerate() {
            if let Some(other) =
                products[..at].iter().find(|other| other.product.shares_key(product))
            {
                mistakes.push(
                    format!(
                        "{place}: `{}` has the same public key as `{}`, so the collector cannot tell \
                         their events apart: give each its own key",
                        product.name(),
                        other.product.name()
                    )
                    .into(),
                );
            }
        }
        if products.is_empty() && mistakes.is_empty() {
            mistakes.push("there is no catalog: a collector needs at least one".to_owned().into());
        }
        if !mistakes.is_empty() {
            return Err(RegistryError::of(mistakes));
        }
        Ok(Self { products: products.into_iter().map(|known| known.product).collect() })
    }
}

/// A product, and how messages name its first catalog.
struct NamedProduct {
    product: LoadedProduct,
    place: String,
}
