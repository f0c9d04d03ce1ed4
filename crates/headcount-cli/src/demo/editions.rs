//! The catalogs' versions: what a release of a product brought to what it
//! reports, as changes of the carried text.

use headcount_catalog::{Catalog, parse};

/// One version of a product's catalog.
#[derive(Debug)]
pub(super) struct Edition {
    pub(super) product: &'static str,
    /// The number in it.
    pub(super) catalog: u32,
    /// Whether the collector has it.
    pub(super) is_loaded: bool,
    /// What is another in the carried text, each of it there once.
    changes: &'static [(&'static str, &'static str)],
}

const fn edition(
    product: &'static str,
    catalog: u32,
    changes: &'static [(&'static str, &'static str)],
) -> Edition {
    Edition { product, catalog, is_loaded: true, changes }
}

/// By product, then by number.
pub(super) const ALL: [Edition; 7] = [
    // A dozen people: nearly all of its public page is withheld.
    edition("archon", 1, &[("title = \"Archon\"\n", "title = \"Archon\"\npublic = true\n")]),
    // The first one was retired: the collector has it no more, so that what an
    // old program still reports is dropped or rejected.
    Edition {
        product: "assembly",
        catalog: 1,
        is_loaded: false,
        changes: &[
            (
                "exit_code = \"exit-code\"\n",
                "exit_code = \"exit-code\"\n\
                 shell = { choice = [\"bash\", \"fish\", \"powershell\", \"zsh\"], other = \"other\" }\n",
            ),
            (
                "# \"Command integration\"",
                "[event.command_started]\nwhy = \"Are commands started that never end?\"\n\
                 owner = \"cli team\"\n\n# \"Command integration\"",
            ),
        ],
    },
    edition(
        "assembly",
        2,
        &[
            ("title = \"AssemblyAI CLI\"\n", "title = \"AssemblyAI CLI\"\npublic = true\n"),
            ("ci = \"ci\"\n", "ci = \"ci\"\nagent = \"agent\"\n"),
        ],
    ),
    edition("atomcode", 1, &[]),
    edition(
        "atomcode",
        2,
        &[
            ("    \"/model\",\n", "    \"/model\",\n    \"/plan\",\n"),
            ("    \"/telemetry\",\n    \"/undo\",\n", "    \"/telemetry\",\n"),
            (
                "why = \"Tokens of the input that the provider had cached.\" }\n",
                "why = \"Tokens of the input that the provider had cached.\" }\n\
                 planned = { is = \"flag\", optional = \"omit\", why = \"Are plans made before turns?\" }\n",
            ),
        ],
    ),
    edition("atomic", 1, &[]),
    edition("clacky", 1, &[]),
];

/// Whether the collector lacks a catalog of the product, so that events of old
/// programs are rejected.
pub(super) fn has_retired(product: &str) -> bool {
    ALL.iter().any(|edition| edition.product == product && !edition.is_loaded)
}

impl Edition {
    /// Its text.
    pub(super) fn text(&self, carried: &str) -> String {
        let number = format!("catalog = {}\n", self.catalog);
        let text = carried.replacen("catalog = 1\n", &number, 1);
        self.changes.iter().fold(text, |text, (from, to)| text.replacen(from, to, 1))
    }

    /// The catalog.
    ///
    /// # Errors
    ///
    /// Returns its mistakes. A test makes sure that there are none.
    pub(super) fn read(&self, carried: &str) -> Result<Catalog, String> {
        parse(&self.text(carried)).map_err(|mistakes| {
            format!("catalog {} of {} has mistakes:\n{mistakes}", self.catalog, self.product)
        })
    }

    /// The name of its file: the newest one has the product's name alone.
    pub(super) fn file(&self) -> String {
        let newer = |other: &Edition| other.product == self.product && other.catalog > self.catalog;
        if ALL.iter().any(newer) {
            format!("{}-{}.toml", self.product, self.catalog)
        } else {
            format!("{}.toml", self.product)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::catalogs;

    #[test]
    fn every_change_is_one_of_the_carried_text() {
        for edition in &ALL {
            let carried = catalogs::carried(edition.product).unwrap();
            for (from, to) in edition.changes {
                assert_eq!(carried.matches(from).count(), 1, "{}: {from}", edition.product);
                assert!(edition.text(carried).contains(to), "{}: {to}", edition.product);
            }
            let catalog = edition.read(carried).unwrap();
            assert_eq!((catalog.product.name, catalog.version), (edition.product, edition.catalog));
        }
    }

    #[test]
    fn the_newest_has_the_products_name_alone() {
        let files: Vec<String> = ALL.iter().map(Edition::file).collect();
        assert_eq!(
            files,
            [
                "archon.toml",
                "assembly-1.toml",
                "assembly.toml",
                "atomcode-1.toml",
                "atomcode.toml",
                "atomic.toml",
                "clacky.toml"
            ]
        );
    }
}
