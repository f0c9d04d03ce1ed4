//! The fingerprint of a catalog: a number by which a host remembers the
//! catalogs that were agreed to, and told of.
//!
//! What the grammar has got since is hashed only where a catalog uses it, after
//! everything else: a release with a newer grammar and the same catalog is not
//! another version of it.

use std::hash::{Hash, Hasher};

use crate::{Catalog, Event, Identity, Product, Property, Purpose};

impl Catalog {
    /// Returns a number that changes if anything in the catalog changes. It may
    /// also differ between builds, so a difference only means that the scopes
    /// must be compared.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        self.hash(&mut hasher);
        hasher.finish()
    }
}

impl Hash for Catalog {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self {
            version,
            product,
            consent,
            files,
            identity,
            envelope,
            destinations,
            shipping,
            retention,
            purposes,
            events,
            observed,
        } = self;
        (version, product, consent, files).hash(hasher);
        (identity, envelope, destinations, shipping, retention, events).hash(hasher);
        if !purposes.is_empty() {
            purposes.hash(hasher);
        }
        if let Some(observed) = observed {
            observed.hash(hasher);
        }
    }
}

impl Hash for Product {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        // A page of numbers changes nothing that is collected.
        let Self { name, prefix, title, policy, contact, is_public: _ } = self;
        (name, prefix, title, policy).hash(hasher);
        if contact.is_some() {
            contact.hash(hasher);
        }
    }
}

impl Hash for Identity {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self { scheme, rotation, place, count } = self;
        (scheme, rotation, place).hash(hasher);
        if !count.is_empty() {
            count.hash(hasher);
        }
    }
}

impl Hash for Event {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        // What is counted together changes nothing that is collected.
        let Self {
            name,
            why,
            owner,
            purpose,
            expires,
            id,
            path,
            restated,
            across: _,
            hook: _,
            properties,
        } = self;
        (name, why, owner, id, path, restated, properties).hash(hasher);
        if *purpose != Purpose::USAGE.name {
            purpose.hash(hasher);
        }
        if let Some(day) = expires {
            day.hash(hasher);
        }
    }
}

impl Hash for Property {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        // What a failure is changes nothing that is collected.
        let Self { name, kind, optional, why, expires, failure: _ } = self;
        (name, kind, optional, why).hash(hasher);
        if let Some(day) = expires {
            day.hash(hasher);
        }
    }
}

/// The 64-bit FNV-1a hash: not secret, and the same in every run.
struct Fnv(u64);

impl Hasher for Fnv {
    // Once, and not in the hash of every field: that is 20 KB in every host.
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
