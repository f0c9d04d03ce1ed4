//! The catalogs a collector knows, by product and version.

mod load;
mod product;

use std::fmt;

use headcount_catalog::{Catalog, Dialect};

pub(crate) use product::Product;

/// Every catalog that events may arrive under. A product is here at most once, with each of its
/// versions.
#[derive(Debug, Clone)]
pub struct Registry {
    /// By name.
    products: Vec<Product>,
}

impl Registry {
    /// Of catalogs that are at hand, such as those a binary carries. Several versions of one
    /// product stand side by side.
    ///
    /// # Errors
    /// Where there is none, where two say different things under one version, or where two products
    /// ship under the same key.
    pub fn of(catalogs: Vec<Catalog>) -> Result<Self, RegistryError> {
        Self::build(
            catalogs
                .into_iter()
                .map(|catalog| (format!("the catalog of `{}`", catalog.product.name), catalog)),
        )
    }

    /// The names of the products, in their order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.products.iter().map(Product::name)
    }

    pub(crate) fn products(&self) -> &[Product] {
        &self.products
    }

    pub(crate) fn product(&self, name: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.name() == name)
    }

    /// The product that ships under a public key of its catalog.
    pub(crate) fn product_of_key(&self, key: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.keys().any(|own| own == key))
    }

    /// Whose catalogs name a path, and what is spoken there.
    pub(crate) fn at(&self, path: &str) -> impl Iterator<Item = (&Product, Dialect)> {
        self.products.iter().filter_map(move |it| it.spoken_at(path).map(|dialect| (it, dialect)))
    }

    /// The names as a sentence lists them.
    pub(crate) fn listed(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }

    /// Each catalog with what messages call it.
    fn build(catalogs: impl IntoIterator<Item = (String, Catalog)>) -> Result<Self, RegistryError> {
        let mut products: Vec<(Product, String)> = Vec::new();
        let mut mistakes = Vec::new();
        for (place, catalog) in catalogs {
            let name = catalog.product.name;
            match products.iter_mut().find(|(product, _)| product.name() == name) {
                None => products.push((Product::new(catalog), place)),
                Some((product, first)) => {
                    if !product.add(catalog) {
                        mistakes.push(format!(
                            "{place}: {first} says something else under the same `catalog = {}` of \
                             `{name}`: raise the number in the newer one, or remove one of them",
                            catalog.version
                        ));
                    }
                }
            }
        }
        products.sort_by_key(|(product, _)| product.name());
        for (at, (product, place)) in products.iter().enumerate() {
            let others = &products[..at];
            if let Some((other, _)) = others.iter().find(|(other, _)| other.shares_key(product)) {
                mistakes.push(format!(
                    "{place}: `{}` ships under the same key as `{}`, so that nobody could tell \
                     their events apart: give each a key of its own",
                    product.name(),
                    other.name()
                ));
            }
        }
        if products.is_empty() && mistakes.is_empty() {
            mistakes.push("there is no catalog: a collector needs at least one".to_owned());
        }
        if !mistakes.is_empty() {
            return Err(RegistryError { mistakes });
        }
        Ok(Self { products: products.into_iter().map(|(product, _)| product).collect() })
    }
}

/// Everything that keeps catalogs from being taken, all at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError {
    mistakes: Vec<String>,
}

impl RegistryError {
    /// A sentence each, with its file, line and column where it has them.
    #[must_use]
    pub fn all(&self) -> &[String] {
        &self.mistakes
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.mistakes.join("\n"))
    }
}

impl std::error::Error for RegistryError {}
