//! The part of a made-up catalog that is the same in every test: product,
//! consent, files.

/// A product that tests make up. [`with`](CatalogHead::with) makes a catalog's
/// text of it.
#[derive(Debug, Clone, Copy)]
pub struct CatalogHead {
    /// Its name, in lower case; its folder is `~/.NAME`, the prefix of its
    /// variables `NAME`.
    pub name: &'static str,
    /// `ask`, `off` or `on`.
    pub default: &'static str,
    /// The settings file, and the key that has the answer.
    pub settings: (&'static str, &'static str),
    /// The queue's open segment.
    pub queue: &'static str,
}

impl CatalogHead {
    /// The text of a catalog: this head, then the sections `rest`.
    #[must_use]
    pub fn with(self, rest: &str) -> String {
        let Self { name, default, settings: (file, key), queue } = self;
        let prefix = name.to_ascii_uppercase();
        let title = format!("{}{}", &prefix[..1], &name[1..]);
        format!(
            "grammar = 1\ncatalog = 1\n\n\
             [product]\nname = \"{name}\"\nprefix = \"{prefix}\"\ntitle = \"{title}\"\n\n\
             [consent]\ndefault = \"{default}\"\n\
             order = [\"environment\", \"do-not-track\", \"flag\", \"settings\"]\n\
             variables = [{{ name = \"{prefix}_TELEMETRY\", refuses = \"0\" }}]\n\n\
             [files]\nfolder = \"~/.{name}\"\n\
             settings = {{ file = \"{file}\", enabled = \"{key}\" }}\nqueue = \"{queue}\"\n{rest}"
        )
    }
}
